"""Binds the shortcuts of the window and of pages.

Alt with a digit of the number pad must not trigger a shortcut, because that is how accents are typed by their codes.
"""

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

FINISHES = ("Return", "Enter")


def bind(owner: QWidget, keys: str, does: Callable[[], object]) -> None:
    """Call ``does`` when keys are pressed, wherever the focus is in the owner's window.

    Qt treats a digit of the number pad like that of the main keys unless it has a binding of its own. So Alt with a digit of
    the number pad is bound to nothing. Holding a key that finishes something does not repeat it.
    """
    modifiers, _, key = keys.rpartition("+")
    shortcut = QShortcut(QKeySequence(keys), owner)
    shortcut.setAutoRepeat(key not in FINISHES)
    shortcut.activated.connect(does)
    if modifiers == "Alt" and key.isdecimal():
        QShortcut(QKeySequence(f"Alt+Num+{key}"), owner)
