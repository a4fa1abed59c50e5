"""The screens in the pictures from before unlock; they are drawn without a real vault."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.helpers.demo_laptop import EVENING, DemoLaptop, DrawnFirstRun, DrawnUnlocker, key, settle, shown, write
from tests.helpers.store_fixtures import SetClock
from ui.parts import PassphraseEdit


def unlock(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the unlock screen with a typed passphrase."""
    from ui.entry.unlock import UnlockWindow

    window = UnlockWindow(DrawnUnlocker(), lambda services: None, lambda: None, clock=SetClock(EVENING))
    shown(demo, demo.keep(window), size)
    write(window, "kettle marble")
    return window


def locked(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the lock screen of a laptop that was locked during a call."""
    from ui.entry.unlock import UnlockWindow

    unlocker = DrawnUnlocker(
        locked_user=f"{0:032x}",
        call_started=datetime(2017, 3, 14, 2, 14, tzinfo=UTC),
        notes_saved=datetime(2017, 3, 14, 2, 19, 2, tzinfo=UTC),
        sync_words="4 waiting",
    )
    clock = SetClock(datetime(2017, 3, 14, 2, 19, 2, tzinfo=UTC))
    return shown(demo, demo.keep(UnlockWindow(unlocker, lambda services: None, lambda: None, clock=clock)), size)


def first_run(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the second step of the first run."""
    from ui.entry.first_run import FirstRunWindow

    window = FirstRunWindow(DrawnFirstRun(), lambda services: None, unlocker=DrawnUnlocker())
    shown(demo, demo.keep(window), size)
    write(window, "https://hipss.council.example")
    key(window, Qt.Key.Key_Tab)
    write(window, "7KQ40M2X91TD5F8GHJKMNPQR")
    key(window, Qt.Key.Key_Tab)
    write(window, "HIPSS-LT-04")
    key(window, Qt.Key.Key_Return)
    settle(window)
    write(window, "kettle marble otter Thursday")
    focused = QApplication.focusWidget()
    assert isinstance(focused, PassphraseEdit)
    focused.toggle.click()
    focused.setFocus()
    settle(window)
    return window
