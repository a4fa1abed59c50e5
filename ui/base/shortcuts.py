"""Shortcuts of the window and of pages.

Must not set one off by a figure of the number pad pressed with Alt: that is how an accent is typed by its code.
"""

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def bind(owner: QWidget, keys: str, does: Callable[[], object]) -> None:
    """Have keys do something wherever the focus is in the owner's window.

    Qt takes a figure of the number pad for that of the main keys where nothing else is bound to it. So Alt with a figure is
    bound on the number pad too, to nothing.
    """
    QShortcut(QKeySequence(keys), owner).activated.connect(does)
    modifiers, _, key = keys.rpartition("+")
    if modifiers == "Alt" and key.isdecimal():
        QShortcut(QKeySequence(f"Alt+Num+{key}"), owner)
