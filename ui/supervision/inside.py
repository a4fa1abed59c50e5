"""Text boxes for the turned screen: nothing can be pasted from outside or copied to the outside.

Copied text stays in the window and can be pasted only there, because the system's clipboard or selection may contain words
about another household. The window blocks dropping and menus. Must not read the clipboard.
"""

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from ui.parts import PassphraseEdit, TextArea
from ui.theme import styled, theme_of

TARGET = 44
"""The least height and width of a control for fingers, in pixels at 100 % text size."""
_COPY, _CUT, _PASTE = QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut, QKeySequence.StandardKey.Paste
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Copied:
    """The text that was copied inside since the screen was turned."""

    def __init__(self) -> None:
        self.words = ""


class InsideText(TextArea):
    """A text area; with ``one_line`` a single line, in which Enter adds nothing."""

    def __init__(self, copied: Copied, *, lines: int = 2, one_line: bool = False) -> None:
        super().__init__(lines=lines, most=1 if one_line else 6)
        self._copied, self._one_line = copied, one_line
        styled(self, "title", weight=400)
        if one_line:
            self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(0, theme_of(self).px(TARGET)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(_COPY) or event.matches(_CUT):
            cursor = self.textCursor()
            if cursor.hasSelection():
                self._copied.words = cursor.selectedText().replace("\u2029", "\n")
                if event.matches(_CUT):
                    cursor.removeSelectedText()
            return
        if event.matches(_PASTE):
            words = self._copied.words
            self.insertPlainText(" ".join(words.split()) if self._one_line else words)
            return
        if self._one_line and event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return
        super().keyPressEvent(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Return no data, so that selected or dragged text leaves the box only by its own keys."""
        return QMimeData()

    def canInsertFromMimeData(self, source: QMimeData, /) -> bool:
        return False

    def insertFromMimeData(self, source: QMimeData, /) -> None:
        """Insert nothing, because the data would come from outside."""


class InsidePassphrase(PassphraseEdit):
    """The field of the worker's passphrase, without pasting, because pasted text could be shown to a person who looks on."""

    def __init__(self) -> None:
        super().__init__()
        self.toggle.size_px = TARGET

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(0, theme_of(self).px(TARGET + 4)))

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(0, theme_of(self).px(TARGET + 4)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(_COPY) or event.matches(_CUT) or event.matches(_PASTE):
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ignore the middle button, which would paste what was selected anywhere on the screen."""
        if event.button() != Qt.MouseButton.MiddleButton:
            super().mouseReleaseEvent(event)
