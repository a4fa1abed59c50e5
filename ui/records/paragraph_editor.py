"""The editor of a long text by paragraph: one box, in which Enter begins a new paragraph and F9 marks one.

F9 gives the paragraph at the caret, or all selected ones, the next mark: fact, said, opinion, third party, decision, none.
Shift+F9 gives the previous mark. The mark is at the left of its words; pressing it with the mouse opens a menu. Shift+Enter
breaks a line inside a paragraph. ``rows`` returns the given rows with only the user's changes: other values and unknown marks
stay unchanged. Must not save anything.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QTextBlock, QTextCursor
from PySide6.QtWidgets import QMenu, QWidget

from hipss_desktop.records.paragraphs import mark_words
from hipss_desktop.views.paragraphs import mark_icon
from ui.base.announce import announce
from ui.records.paragraph_box import NO_MARK, ParagraphBox
from ui.theme import icons, set_state, theme_of

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class ParagraphEdit(ParagraphBox):
    """The box. Signals: ``edited`` when the user changed words or a mark, ``left`` when it lost the focus.

    Args:
        name: its name for a screen reader.
        lines, most: its least height in lines, and the number of lines beyond which it scrolls.
        new: further values of a new paragraph's row: {"section": "health"}.
        touch: whether it is used on a touch screen: each paragraph then is high enough for a finger and has a mark to press.
    """

    edited = Signal()
    left = Signal()

    def __init__(
        self,
        *,
        name: str = "",
        lines: int = 3,
        most: int = 16,
        new: Mapping[str, Any] | None = None,
        touch: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(lines=lines, most=most, new=new or {}, touch=touch, parent=parent)
        self._loading = False
        self._announced_block = -1
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.blocks.load(())
        self.margin.pressed.connect(self.open_marks)
        self.textChanged.connect(self._changed)
        self.cursorPositionChanged.connect(self._moved)
        self.fit()

    # --- The rows ---

    def set_rows(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Show rows without a signal."""
        self._loading = True
        self.blocks.load(rows)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._loading = False
        self._announced_block = -1
        self.fit()
        self.updateGeometry()

    def rows(self) -> list[dict[str, Any]]:
        """The present rows in reading order."""
        return self.blocks.rows()

    def mark(self, code: str) -> None:
        """Give the paragraph at the caret, or all selected ones, a mark ('' for none), and have a screen reader say it."""
        if self.isReadOnly():
            return
        self.blocks.set_mark(self.textCursor(), code)
        self._announced_block = -1
        self._say()

    def step_mark(self, by: int) -> None:
        """Give the paragraph at the caret the next mark (1) or the previous one (-1)."""
        offered = self.blocks.offered(self.marks)
        block = self.document().findBlock(self.textCursor().selectionStart())
        self.mark(offered[(offered.index(self.blocks.mark_of(block)) + by) % len(offered)])

    def paragraph_words(self, block: QTextBlock) -> str:
        """The words of a screen reader for a paragraph: "Paragraph 5, opinion"."""
        mark = mark_words(self.blocks.mark_of(block)) or NO_MARK
        return f"Paragraph {block.blockNumber() + 1}, {mark.lower()}"

    # --- Typing ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle Enter and F9; ignore Ctrl+Enter, which is the screen's main action."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _ENTER and held & _CTRL:
            event.ignore()
        elif event.key() in _ENTER and not held and not self.isReadOnly():
            cursor = self.textCursor()
            self.blocks.begin_new(cursor)
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
        elif event.key() == Qt.Key.Key_F9 and held in (Qt.KeyboardModifier.NoModifier, _SHIFT):
            self.step_mark(-1 if held else 1)
        else:
            super().keyPressEvent(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        mime = QMimeData()
        self.blocks.copied(self.textCursor(), mime)
        return mime

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert pasted or dropped text, one paragraph for each line."""
        cursor = self.textCursor()
        self.blocks.pasted(cursor, source)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu(event.pos())
        if not self.isReadOnly():
            menu.addSeparator()
            self._offer_marks(menu)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def open_marks(self, block: QTextBlock, at: QPoint) -> QMenu:
        """Open the menu of marks for a paragraph at a point of the screen, and return it."""
        cursor = self.textCursor()
        if not cursor.hasSelection() or not cursor.selectionStart() <= block.position() <= cursor.selectionEnd():
            cursor.setPosition(block.position() + block.length() - 1)
            self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("Mark of the paragraph")
        self._offer_marks(menu)
        menu.setActiveAction(next(action for action in menu.actions() if action.isChecked()))
        menu.popup(at)
        return menu

    def _offer_marks(self, menu: QMenu) -> None:
        theme = theme_of(self)
        now = self.blocks.mark_of(self.document().findBlock(self.textCursor().selectionStart()))
        if self.touch:
            set_state(menu, "touch", "true")
        for code in self.blocks.offered(self.marks):
            action = menu.addAction(mark_words(code) or NO_MARK)
            if code:
                action.setIcon(icons.icon(mark_icon(code), theme=theme))
            action.setCheckable(True)
            action.setChecked(code == now)
            action.triggered.connect(lambda _=False, code=code: self.mark(code))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._announced_block = self.textCursor().blockNumber()
        self.margin.update()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.margin.update()
        self.viewport().update()
        self.left.emit()

    def _changed(self) -> None:
        if not self._loading:
            self.fit()
            self.edited.emit()

    def _moved(self) -> None:
        self.margin.update()
        if self.hasFocus() and not self._loading and self.marks:
            self._say()

    def _say(self) -> None:
        """Have a screen reader say the paragraph of the caret, if the caret has moved to another one."""
        block = self.textCursor().block()
        if block.blockNumber() != self._announced_block:
            self._announced_block = block.blockNumber()
            announce(self, self.paragraph_words(block))
