"""Binds the shortcuts of the window and of pages. ``ui.base.composed_keys`` keeps composed characters from them."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

FINISHES = ("Return", "Enter")


def bind(
    owner: QWidget,
    keys: str,
    does: Callable[[], object],
    within: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
) -> None:
    """Call ``does`` when keys are pressed, wherever the focus is in the owner's window or ``within`` a part of it.

    A shortcut in ``FINISHES`` does not repeat while it is held.
    """
    shortcut = QShortcut(QKeySequence(keys), owner)
    shortcut.setContext(within)
    shortcut.setAutoRepeat(keys.rpartition("+")[2] not in FINISHES)
    shortcut.activated.connect(does)
