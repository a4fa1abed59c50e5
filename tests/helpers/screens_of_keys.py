"""A change of passphrase, and a recovery key that nobody has: drawn, not made."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.helpers.demo_laptop import DrawnKeys, Stage, key, settle, shown, write
from ui.base.session import KeyAct
from ui.entry.change_keys import KeysWindow

NOON = datetime(2017, 3, 14, 12, 4, tzinfo=UTC)


def key_not_seen(stage: Stage, size: tuple[int, int]) -> QWidget:
    """The window by day, on a laptop whose recovery key nobody has."""
    stage.clock.now = NOON
    return shown(stage, stage.window(key_waits=True), size)


def change_passphrase(stage: Stage, size: tuple[int, int]) -> QWidget:
    """A new passphrase, typed once."""
    window = _keys(stage, size, "passphrase")
    write(window, "kettle marble otter Thursday")
    for words in ("walnut trumpet seventeen gravel", "walnut trumpet"):
        key(window, Qt.Key.Key_Tab)
        key(window, Qt.Key.Key_Tab)
        write(window, words)
    settle(window)
    return window


def passphrase_changed(stage: Stage, size: tuple[int, int]) -> QWidget:
    """The new passphrase opens the laptop."""
    window = change_passphrase(stage, size)
    write(window, " seventeen gravel")
    key(window, Qt.Key.Key_Return)
    settle(window)
    return window


def new_recovery_key(stage: Stage, size: tuple[int, int]) -> QWidget:
    """A new recovery key, shown to be written down."""
    window = _keys(stage, size, "recovery_key")
    write(window, "kettle marble otter Thursday")
    key(window, Qt.Key.Key_Return)
    settle(window)
    key(window, Qt.Key.Key_Space)
    settle(window)
    return window


def _keys(stage: Stage, size: tuple[int, int], act: KeyAct) -> KeysWindow:
    window = KeysWindow(DrawnKeys(), act, lambda: None)
    stage.keep(window)
    shown(stage, window, size)
    return window
