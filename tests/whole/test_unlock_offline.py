"""An unlock while the laptop is on no network is remembered for the night pack check, and no other is."""

import subprocess
import sys
from pathlib import Path

import pytest

from sync.client.network import is_online
from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import ROOT

WITHOUT_NETWORK = ("unshare", "--map-root-user", "--net")
UNLOCK = """
import os, sys
from pathlib import Path
from db.home import Home
from hipss_desktop import times
from hipss_desktop.unlock import LaptopUnlocker, LeftOpen
from hipss_desktop.services.store_settings import StoreSetting

home = Home(Path(sys.argv[1]))
unlocker = LaptopUnlocker(home, times.system_clock, LeftOpen())
unlocker.unlock(home.people()[0].vault_id, os.environ["HIPSS_PASSPHRASE"])
print(bool(unlocker.opened.store.setting(StoreSetting.UNLOCKED_OFFLINE)))
unlocker.opened.close()
"""


@pytest.fixture
def home(tmp_path: Path) -> Hipss:
    """The home of somebody on call."""
    laptop = Hipss(tmp_path / "home")
    assert laptop.say("init", "--name", "A. Bevan", "--role", "on_call").code == 0
    return laptop


def unlock(home: Hipss, *before: str) -> bool:
    """Unlock as the window does, in a process of its own; gives whether an unlock offline is remembered."""
    ran = subprocess.run(
        [*before, sys.executable, "-c", UNLOCK, str(home.home)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=home.environment,
    )
    return ran.stdout == "True\n"


def test_an_unlock_without_a_network_is_remembered(home: Hipss) -> None:
    assert unlock(home, *WITHOUT_NETWORK)
    line = next(line for line in home.json("night-check", expect=1)["lines"] if line["item"] == "unlock")
    assert (line["state"], line["title"]) == ("ready", "Unlock tested offline")


def test_an_unlock_on_a_network_or_by_the_command_line_proves_nothing(home: Hipss) -> None:
    assert unlock(home) is not is_online()
    line = next(line for line in home.json("night-check", expect=1)["lines"] if line["item"] == "unlock")
    assert (line["state"] == "red") is is_online()
