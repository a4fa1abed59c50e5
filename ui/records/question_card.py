"""A question in a card on the page: Enter in one of its fields answers it, Esc closes it.

Must not know what is asked.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.parts import Button, Card, ComboBox, PersonField

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class QuestionCard(Card):
    """The card of a question. Signal: ``closed()`` when the user closes it without an answer."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__(tone="accent")

    def answer(self) -> None:
        """Give the answer, or show what is missing."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def answered_by_enter(self, *fields: QWidget) -> None:
        """Make Enter in any of these fields give the answer, except on a button or in an open list."""
        for field in fields:
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in ENTER:
            choosing = isinstance(watched, Button | ComboBox) or (
                isinstance(watched, PersonField) and watched.list_is_open()
            )
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if not choosing and modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
                if not event.isAutoRepeat():  # holding Enter to open the question must not answer it
                    self.answer()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)
