"""Shortcuts of the window and of pages.

Must not set one off by a figure of the number pad pressed with Alt: that is how an accent is typed by its code.
"""

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

FINISHES = ("Return", "Enter")


def bind(owner: QWidget, keys: str, does: Callable[[], object]) -> None:
    """Have keys do something wherever the focus is in the owner's window.

    Qt takes a figure of the number pad for that of the main keys where nothing else is bound to it. So Alt with a figure is
    bound on the number pad too, to nothing. A key that finishes is never pressed again by being held down.
    """
    modifiers, _, key = keys.rpartition("+")
    shortcut = QShortcut(QKeySequence(keys), owner)
    shortcut.setAutoRepeat(key not in FINISHES)
    shortcut.activated.connect(does)
    if modifiers == "Alt" and key.isdecimal():
        QShortcut(QKeySequence(f"Alt+Num+{key}"), owner)
