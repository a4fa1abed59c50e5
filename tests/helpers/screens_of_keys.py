"""The screens of a change of passphrase and of a recovery key that nobody has; no real keys are changed."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.helpers.demo_laptop import DemoLaptop, DrawnKeys, key, settle, shown, write
from ui.base.session import KeyAct
from ui.entry.change_keys import KeysWindow

NOON = datetime(2017, 3, 14, 12, 4, tzinfo=UTC)


def key_not_seen(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the window by day, on a laptop whose recovery key nobody has."""
    demo.clock.now = NOON
    return shown(demo, demo.window(key_waits=True), size)


def change_passphrase(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the change of passphrase, with the new passphrase typed once."""
    window = _keys(demo, size, "passphrase")
    write(window, "kettle marble otter Thursday")
    for words in ("walnut trumpet seventeen gravel", "walnut trumpet"):
        key(window, Qt.Key.Key_Tab)
        key(window, Qt.Key.Key_Tab)
        write(window, words)
    settle(window)
    return window


def passphrase_changed(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the change of passphrase after it is done."""
    window = change_passphrase(demo, size)
    write(window, " seventeen gravel")
    key(window, Qt.Key.Key_Return)
    settle(window)
    return window


def new_recovery_key(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the screen that shows a new recovery key to be written down."""
    window = _keys(demo, size, "recovery_key")
    write(window, "kettle marble otter Thursday")
    key(window, Qt.Key.Key_Return)
    settle(window)
    key(window, Qt.Key.Key_Space)
    settle(window)
    return window


def _keys(demo: DemoLaptop, size: tuple[int, int], act: KeyAct) -> KeysWindow:
    window = KeysWindow(DrawnKeys(), act, lambda: None)
    demo.keep(window)
    shown(demo, window, size)
    return window
