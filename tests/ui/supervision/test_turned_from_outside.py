"""The turned screen as another program finds it on the accessibility bus (AT-SPI): nothing of another household is there.

Needs the bus of at-spi2-core, a display and gdbus (Debian: at-spi2-core xvfb libglib2.0-bin dbus); left out where they are missing.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from db.home import Home
from hipss_desktop import times
from hipss_desktop.laptop import open_store
from hipss_desktop.views.services import Services
from tests.helpers.read_back_visit import KEPT, NIGHTS, NOT_READ, RESPITE, SEEN_ALONE
from tests.helpers.store_fixtures import SetClock
from tests.helpers.words_in_reach import OWN, words, words_of_others
from tests.ui.supervision.conftest import PASSPHRASE

ROOT = Path(__file__).resolve().parents[3]
LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
MISSING = [name for name in ("Xvfb", "gdbus", "dbus-daemon") if shutil.which(name) is None]
MISSING += [] if LAUNCHER.exists() else [LAUNCHER.name]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")

ACCESSIBLE, REGISTRY = "org.a11y.atspi.Accessible", "org.a11y.atspi.Registry"
START = "/org/a11y/atspi/accessible/root"


class Outside:
    """A display and an accessibility bus of their own, and a look at what is on it."""

    def __init__(self, folder: Path) -> None:
        self._ended = ExitStack()
        self._folder = folder
        self.around = dict(os.environ)

    def __enter__(self) -> "Outside":
        self._folder.mkdir()
        display = self._first_line(["Xvfb", "-displayfd", "1", "-screen", "0", "1366x800x24", "-nolisten", "tcp"])
        self.around |= {
            "DISPLAY": f":{display}",
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
            "GSETTINGS_BACKEND": "memory",
            "XDG_CACHE_HOME": str(self._folder),
            "PYTHONPATH": str(ROOT),
        }
        address = self._first_line(["dbus-daemon", "--session", "--nofork", "--print-address=1"])
        self.around["DBUS_SESSION_BUS_ADDRESS"] = address
        self._start([str(LAUNCHER), "--launch-immediately"], subprocess.DEVNULL)
        reply = self._gdbus("--session", "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus.GetAddress")
        self._bus = re.findall(r"'([^']+)'", reply)[0]
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.close()

    def _start(self, command: list[str], out: int) -> "subprocess.Popen[bytes]":
        started = subprocess.Popen(
            command, env=self.around, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT
        )
        self._ended.enter_context(started)  # which waits for it and closes its pipes
        self._ended.callback(started.terminate)
        return started

    def _first_line(self, command: list[str]) -> str:
        started = self._start(command, subprocess.PIPE)
        assert started.stdout is not None
        return started.stdout.readline().decode().strip()

    def program(self, *arguments: str) -> str:
        """Start the program; what it says first."""
        return self._first_line([sys.executable, "-m", "tests.helpers.turned_to_hear", *arguments])

    def _gdbus(self, *where: str) -> str:
        *bus, name, path, method = where[:4]
        command = ["gdbus", "call", *bus, "--dest", name, "--object-path", path, "--method", method, *where[4:]]
        return subprocess.run(command, env=self.around, capture_output=True, text=True, check=False, timeout=20).stdout

    def _ask(self, name: str, path: str, method: str, *arguments: str) -> str:
        command = [
            "gdbus",
            "call",
            "--address",
            self._bus,
            "--dest",
            name,
            "--object-path",
            path,
            "--method",
            method,
            *arguments,
        ]
        return subprocess.run(command, env=self.around, capture_output=True, text=True, check=False, timeout=20).stdout

    def texts(self, name: str = REGISTRY, path: str = START) -> Iterator[str]:
        """The name, description and text of everything on the bus."""
        get = "org.freedesktop.DBus.Properties.Get"
        for of in ("Name", "Description"):
            yield self._ask(name, path, get, ACCESSIBLE, of)
        yield self._ask(name, path, "org.a11y.atspi.Text.GetText", "0", "-1")
        children = self._ask(name, path, f"{ACCESSIBLE}.GetChildren")
        for child, place in re.findall(r"\('([^']+)', (?:objectpath )?'([^']+)'\)", children):
            yield from self.texts(child, place)


@pytest.fixture
def others(home_with_visit: tuple[Path, str, str], tmp_path: Path) -> frozenset[str]:
    folder, vault, _ = home_with_visit
    shutil.copytree(folder, tmp_path / "read")
    opened = open_store(Home(tmp_path / "read"), vault, PASSPHRASE, SetClock(times.system_clock()))
    other_words = words_of_others(Services(opened.store), " ".join((SEEN_ALONE, NIGHTS, RESPITE, OWN)))
    opened.close()
    return other_words


@pytest.mark.parametrize("turned", [False, True], ids=["open", "turned"])
def test_what_another_program_finds_on_the_bus(
    home_with_visit: tuple[Path, str, str], others: frozenset[str], tmp_path: Path, *, turned: bool
) -> None:
    folder, vault, visit = home_with_visit
    shutil.copytree(folder, tmp_path / "home")
    with Outside(tmp_path / "outside") as outside:
        assert outside.program(str(tmp_path / "home"), vault, visit, *([] if turned else ["open"])) == "ready"
        bus_words = "\n".join(outside.texts())
    leaked_words = sorted(others & words(bus_words))
    if not turned:
        assert len(leaked_words) > 3, "the open window is seen from outside, so what is missing below is missing"
        return
    assert "Jo and Martin, this is" in bus_words
    assert "garage" in bus_words
    assert leaked_words == []
    assert NOT_READ not in bus_words
    assert KEPT not in bus_words
