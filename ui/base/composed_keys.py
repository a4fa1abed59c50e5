"""Keeps the keys by which a character is composed from setting off anything else.

On Windows an accent is typed by its code: Alt is held while the figures are pressed on the number pad. Qt takes such a figure for
Alt with a figure of the main keys and, without Num Lock, for Alt with an arrow. The system composes the character by itself.
Must not know which shortcuts there are.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

_COMPOSES = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.KeypadModifier


class ComposedKeys(QObject):
    """Drops every key of the number pad with Alt before the focused widget gets it, in every window.

    A shortcut gets no key either, because the widget has the first choice of each.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.focusChanged.connect(self._moved)

    def _moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and isValid(old):
            old.removeEventFilter(self)
        if new is not None:
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        if not isinstance(event, QKeyEvent) or event.modifiers() & _COMPOSES != _COMPOSES:
            return False
        event.accept()
        return True


def install(app: QApplication) -> ComposedKeys:
    """Start dropping the keys; calling it again returns the same object."""
    dropping = app.findChild(ComposedKeys)
    return dropping if isinstance(dropping, ComposedKeys) else ComposedKeys(app)
