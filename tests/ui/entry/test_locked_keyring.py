"""Getting in over the real vault while the desktop's own keyring is locked: each way goes on, or advises another way."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db import vault
from db.home import Home
from hipss_desktop.laptop import NewVault, make_vault
from hipss_desktop.unlock import LOCKED_KEYRING, NO_KEYRING, LaptopFirstRun, LaptopUnlocker, LeftOpen
from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import ROOT, CouncilServer
from tests.helpers.laptop_at_home import OTHER, OWN, floor, focused, press, typed
from tests.helpers.private_keyring import SecretServiceOnPrivateBus
from tests.helpers.stations import PASSPHRASE
from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import clipped_labels
from tests.ui.shell.windows import rest, windows
from ui import theme
from ui.entry.unlock import UnlockWindow

Show = Callable[[], UnlockWindow]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A laptop on which nobody is set up."""
    return Home(tmp_path / "home")


@pytest.fixture
def unlocker(home: Home, clock: SetClock) -> Iterator[LaptopUnlocker]:
    """The real unlocker of that laptop."""
    real = LaptopUnlocker(home, clock, LeftOpen())
    yield real
    if real.opened is not None:
        real.opened.close()


@pytest.fixture
def show(app: QApplication, qtbot: QtBot, unlocker: LaptopUnlocker, clock: SetClock) -> Iterator[Show]:
    """Makes and shows the window before unlock."""
    with windows(lambda: UnlockWindow(unlocker, lambda services: None, lambda: None, clock=clock), qtbot) as show:
        yield show


def set_up(home: Home, clock: SetClock, *, keyring: bool) -> NewVault:
    """A. Bevan's store, closed."""
    new = make_vault(
        home, name="A. Bevan", role="on_call", passphrase=OWN, laptop="LT-1", clock=clock, keyring=keyring, cost=floor
    )
    new.opened.close()
    assert new.keyring_used is keyring
    return new


def forget(qtbot: QtBot, window: UnlockWindow) -> None:
    """Go to the recovery key, by keys."""
    press(Qt.Key.Key_Tab, 3)
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    assert focused() is window.recovery.key.control


def recover(qtbot: QtBot, window: UnlockWindow, key: str) -> None:
    """The recovery key and a new passphrase, by keys."""
    typed(key)
    press(Qt.Key.Key_Tab)
    typed(OTHER)
    press(Qt.Key.Key_Tab, 2)
    typed(OTHER)
    press(Qt.Key.Key_Return)
    rest(qtbot, window)


@pytest.mark.parametrize("used_before", [True, False])
def test_the_right_recovery_key_goes_on_with_the_passphrase_alone(
    show: Show,
    unlocker: LaptopUnlocker,
    home: Home,
    clock: SetClock,
    qtbot: QtBot,
    secret_service: SecretServiceOnPrivateBus,
    used_before: bool,
) -> None:
    new = set_up(home, clock, keyring=used_before)
    secret_service.lock()
    window = show()
    if used_before:
        typed(OWN)
        press(Qt.Key.Key_Return)
        rest(qtbot, window)
        assert window.form.field.error() == (
            "This account’s keyring is locked, and it holds a part of your key. "
            "Unlock the keyring and try again, or use your recovery key."
        )
    forget(qtbot, window)
    assert window.recovery.keyring.isVisible()
    assert window.recovery.keyring.tone == "amber"
    assert LOCKED_KEYRING in window.recovery.keyring.words.accessibleName()
    recover(qtbot, window, new.recovery_key)
    assert not window.recovery.trouble.isVisible()
    assert unlocker.opened is not None
    unlocker.opened.close()
    unlocker.opened = None
    assert vault.unlock(home, new.opened.vault_id, OTHER, clock=clock)


def test_without_a_keyring_the_recovery_key_goes_on_too(
    show: Show,
    unlocker: LaptopUnlocker,
    home: Home,
    clock: SetClock,
    qtbot: QtBot,
    secret_service: SecretServiceOnPrivateBus,
) -> None:
    new = set_up(home, clock, keyring=True)
    secret_service.stop()
    window = show()
    forget(qtbot, window)
    assert NO_KEYRING in window.recovery.keyring.words.accessibleName()
    recover(qtbot, window, new.recovery_key)
    assert unlocker.opened is not None


def test_with_an_open_keyring_nothing_is_weaker_and_nothing_is_said(
    show: Show,
    unlocker: LaptopUnlocker,
    home: Home,
    clock: SetClock,
    qtbot: QtBot,
    secret_service: SecretServiceOnPrivateBus,
) -> None:
    new = set_up(home, clock, keyring=False)
    window = show()
    forget(qtbot, window)
    assert not window.recovery.keyring.isVisible()
    recover(qtbot, window, new.recovery_key)
    assert unlocker.opened is not None
    assert vault.uses_keyring(home, new.opened.vault_id)
    assert f"{new.opened.vault_id}.2" in secret_service.entries()


def test_setting_up_goes_on_too_and_says_beforehand_what_is_weaker(
    home: Home, clock: SetClock, council_folder: CouncilServer, secret_service: SecretServiceOnPrivateBus
) -> None:
    council_folder.start()
    secret_service.lock()
    run = LaptopFirstRun(home, clock)
    run.look(council_folder.url, council_folder.invite("A. Bevan"), "LT-1")
    assert run.keyring_words() == LOCKED_KEYRING
    assert len(run.make_vault(OWN).split("-")) == 8
    assert run.opened is not None
    run.opened.close()
    assert vault.unlock(home, run.opened.vault_id, OWN, clock=clock)


def test_no_words_are_cut_on_the_recovery_form(
    show: Show, home: Home, clock: SetClock, qtbot: QtBot, app: QApplication, secret_service: SecretServiceOnPrivateBus
) -> None:
    set_up(home, clock, keyring=False)
    secret_service.lock()
    theme.apply(app, theme.Theme("day", 1.5))
    window = show()
    window.resize(1024, 640)
    forget(qtbot, window)
    recover(qtbot, window, "00000")
    assert window.recovery.key.error()
    assert clipped_labels(window) == []
    assert focused().visibleRegion().boundingRect() == focused().rect()


def ran(hipss: Hipss, service: SecretServiceOnPrivateBus, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The real program with a keyring in its session."""
    with hipss.quick_keys(arguments) as environment:
        return subprocess.run(
            [sys.executable, "-m", "hipss_desktop.cli", "--home", str(hipss.home), *arguments],
            env={**environment, **service.environment},
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )


ALONE = "The passphrase alone protects this store, because the keyring of this account is missing or locked."


def test_the_command_line_goes_on_with_the_passphrase_alone_and_says_so(
    tmp_path: Path, council_folder: CouncilServer, secret_service: SecretServiceOnPrivateBus
) -> None:
    secret_service.lock()
    council_folder.start()
    hipss = Hipss(tmp_path / "laptop")
    code = council_folder.invite("A. Bevan")
    enrolled = ran(hipss, secret_service, "enrol", "--server", council_folder.url, "--code", code, "--name", "A. Bevan")
    assert (enrolled.returncode, enrolled.stderr) == (0, "")
    assert enrolled.stdout.startswith(f"{ALONE}\nEnrolled. Recovery key: ")
    new = tmp_path / "new"
    new.write_text(f"{PASSPHRASE} again\n")
    changed = ran(hipss, secret_service, "passwd", "--new-passphrase-file", str(new))
    assert (changed.returncode, changed.stdout, changed.stderr) == (0, f"{ALONE}\nChanged.\n", "")


@pytest.fixture
def backend() -> str:
    """One store of the council is enough here."""
    return "sqlite"
