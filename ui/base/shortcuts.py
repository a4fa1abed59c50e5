"""Binds the shortcuts of the window and of pages.

Alt with a digit of the number pad must not trigger a shortcut, because that is how accents are typed by their codes.
"""

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

FINISHES = ("Return", "Enter")


def bind(owner: QWidget, keys: str, does: Callable[[], object]) -> None:
    """Call ``does`` when keys are pressed, wherever the focus is in the owner's window.

    Qt treats a digit of the number pad like that digit of the main keys, unless it has a shortcut of its own. So Alt with a
    digit of the number pad gets a shortcut that does nothing. A shortcut in ``FINISHES`` does not repeat while it is held.
    """
    modifiers, _, key = keys.rpartition("+")
    shortcut = QShortcut(QKeySequence(keys), owner)
    shortcut.setAutoRepeat(key not in FINISHES)
    shortcut.activated.connect(does)
    if modifiers == "Alt" and key.isdecimal():
        QShortcut(QKeySequence(f"Alt+Num+{key}"), owner)
