"""Where a long text is written paragraph by paragraph: one box, in which Enter begins a new paragraph and F9 marks one.

F9 gives the paragraph at the caret, or all that are selected, the next mark: fact, said, opinion, third party, decision, none;
Shift+F9 the one before. The mark stands at the left of its words, and is a menu to whoever points at it. Shift+Enter breaks a
line inside a paragraph. ``rows`` gives the rows as they were given but for what a person changed: what else they hold, and a
mark that this program does not know, ride along untouched. Must not save anything.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QTextEdit, QWidget

from hipss_desktop.records.paragraphs import mark_words
from hipss_desktop.views.paragraphs import mark_icon
from ui.base.announce import announce
from ui.parts import paint
from ui.parts.tags import TagSpec, paint_tag, tag_size
from ui.records.paragraph_blocks import ParagraphBlocks
from ui.theme import icons, set_state, styled, theme_of

NO_MARK = "No mark"
HINT = "F9 marks it"
GAP, ACROSS = 10, 12
"""Pixels between two paragraphs, and between the marks and the words."""
FINGER = 44
"""Pixels that a paragraph is high at least where fingers hit it."""
LEAST_LINE = 16
"""Pixels that a line of text is high at least, at any text size."""
NARROW = 380
"""Pixels at 100 % text size: a narrower box shows its marks as icons."""
FRAME = 12
"""Pixels of the box's edges and padding, above and below."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class ParagraphEdit(QTextEdit):
    """The box. ``edited`` when a person changed words or a mark; ``left`` on leaving it.

    Args:
        name: what a screen reader calls it.
        lines, most: how many lines it is high, and beyond how many it scrolls.
        new: what the row of a new paragraph gets beside its own: {"section": "health"}.
        touch: whether fingers write here: each paragraph is high enough to be hit, and has a mark to press.
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
        super().__init__(parent)
        self._least, self._most, self._touch = lines, most, touch
        self._loading = False
        self._said = -1
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        styled(self, "body")
        self.setProperty("paints", "true")  # told again when the text size changes
        self._gap = FINGER - LEAST_LINE if touch else GAP
        self.blocks = ParagraphBlocks(self.document(), new or {}, self._gap)
        self.margin = _Margin(self)
        self.blocks.load(())
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self.updateGeometry())
        self.textChanged.connect(self._changed)
        self.cursorPositionChanged.connect(self._moved)
        self.verticalScrollBar().valueChanged.connect(lambda _: self.margin.update())
        self.fit()

    # --- its rows ---

    def set_rows(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Show these rows; no signal."""
        self._loading = True
        self.blocks.load(rows)
        self._loading = False
        self._said = -1
        self.fit()
        self.updateGeometry()

    def rows(self) -> list[dict[str, Any]]:
        """The rows as they stand, in the order in which they are read."""
        return self.blocks.rows()

    def mark(self, code: str) -> None:
        """Give the paragraph at the caret, or all that are selected, a mark, '' for none; said to a screen reader."""
        if self.isReadOnly():
            return
        self.blocks.set_mark(self.textCursor(), code)
        self._said = -1
        self._say()

    def step_mark(self, by: int) -> None:
        """Give it the next mark (1) or the one before (-1)."""
        offered = self.blocks.offered()
        block = self.document().findBlock(self.textCursor().selectionStart())
        self.mark(offered[(offered.index(self.blocks.mark_of(block)) + by) % len(offered)])

    def paragraph_words(self, block: QTextBlock) -> str:
        """What a paragraph is called aloud: "Paragraph 5, opinion"."""
        mark = mark_words(self.blocks.mark_of(block)) or NO_MARK
        return f"Paragraph {block.blockNumber() + 1}, {mark.lower()}"

    # --- how it looks ---

    def has_margin(self) -> bool:
        """Whether the marks have their column: once there is one, and always for fingers."""
        return bool(self._touch or self.blocks.marks())

    def is_narrow(self) -> bool:
        """Whether there is room for the icons of the marks alone."""
        return self.width() < theme_of(self).px(NARROW)

    def block_place(self, block: QTextBlock) -> QRectF:
        """Where a paragraph stands with the gap below it, in pixels of what is seen."""
        place = self.document().documentLayout().blockBoundingRect(block).adjusted(0, 0, 0, self._gap)
        return place.translated(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())

    def offers_hint(self) -> bool:
        """Whether the key is said: nobody marked anything here yet, and somebody writes."""
        return self.hasFocus() and not self.isReadOnly() and not self.has_margin()

    def fit(self) -> None:
        """Give the marks their room, at the text size of now."""
        theme = theme_of(self)
        wide = 0
        if self.has_margin():
            specs = [spec_of(mark, short=self.is_narrow()) for mark in self.blocks.offered() if mark or self._touch]
            wide = max(tag_size(theme, spec).width() for spec in specs) + ACROSS
        if self.viewportMargins().left() != wide:
            self.setViewportMargins(wide, 0, 0, 0)
        self._place_margin()

    def _place_margin(self) -> None:
        seen = self.viewport().geometry()
        wide = self.viewportMargins().left()
        self.margin.setGeometry(seen.x() - wide, seen.y(), wide, seen.height())
        self.margin.setVisible(wide > 0)
        self.margin.update()

    def sizeHint(self) -> QSize:
        theme = theme_of(self)
        line = theme.line_height("body")
        inside = round(self.document().size().height()) + FRAME
        least, most = (
            count * line + FRAME + 2 * round(self.document().documentMargin()) for count in (self._least, self._most)
        )
        return QSize(320, max(min(max(inside, least), most), theme.size("control")))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange) and hasattr(self, "margin"):
            self.fit()
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.offers_hint():
            self._paint_hint()

    def _paint_hint(self) -> None:
        """The key, in the corner that no words reach."""
        theme, font = theme_of(self), theme_of(self).font("caption")
        seen = QRectF(self.viewport().rect())
        wide = paint.advance(HINT, font) + 8
        place = QRectF(
            seen.right() - wide, seen.bottom() - theme.line_height("caption") - 2, wide, theme.line_height("caption")
        )
        if self.document().size().height() - self.verticalScrollBar().value() <= place.top():
            painter = QPainter(self.viewport())
            paint.words(painter, place, HINT, font, theme.faint)
            painter.end()

    # --- what is typed ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter is the screen's main action, so it is passed on rather than written as a line."""
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
        """Also what is dropped; a paragraph for each line."""
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
        """Open the menu of the marks for a paragraph, at a place of the screen."""
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
        if self._touch:
            set_state(menu, "touch", "true")
        for code in self.blocks.offered():
            action = menu.addAction(mark_words(code) or NO_MARK)
            if code:
                action.setIcon(icons.icon(mark_icon(code), theme=theme))
            action.setCheckable(True)
            action.setChecked(code == now)
            action.triggered.connect(lambda _=False, code=code: self.mark(code))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._said = self.textCursor().blockNumber()
        self.margin.update()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.margin.update()
        self.viewport().update()
        self.left.emit()

    def _changed(self) -> None:
        self.fit()
        if not self._loading:
            self.edited.emit()

    def _moved(self) -> None:
        self.margin.update()
        if self.hasFocus() and not self._loading and self.blocks.marks():
            self._say()

    def _say(self) -> None:
        """Say which paragraph the caret is in, once for each that it comes to."""
        block = self.textCursor().block()
        if block.blockNumber() != self._said:
            self._said = block.blockNumber()
            announce(self, self.paragraph_words(block))


def spec_of(mark: str, *, short: bool = False) -> TagSpec:
    """How a mark is drawn; ``short`` is its icon alone, and no mark is an outline to press."""
    if not mark:
        return TagSpec("more", "" if short else NO_MARK, "open")
    return TagSpec(mark_icon(mark), "" if short else mark_words(mark), "neutral")


class _Margin(QWidget):
    """The marks beside the words. Pressing one opens the menu; the keys do the same in the box, so it is no stop of Tab."""

    def __init__(self, box: ParagraphEdit) -> None:
        super().__init__(box)
        self._box = box
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _here(self) -> list[tuple[QTextBlock, QRectF]]:
        """The paragraphs that are seen, and where."""
        box, seen = self._box, QRectF(self.rect())
        places = ((block, box.block_place(block)) for block in box.blocks.all())
        wide = [(block, QRectF(0, place.top(), seen.width(), place.height())) for block, place in places]
        return [(block, place) for block, place in wide if place.intersects(seen)]

    def paintEvent(self, event: QPaintEvent) -> None:
        box, theme = self._box, theme_of(self._box)
        painter = QPainter(self)
        writes = box.hasFocus() and not box.isReadOnly()
        for block, place in self._here():
            mark = box.blocks.mark_of(block)
            at_caret = writes and block.blockNumber() == box.textCursor().blockNumber()
            spec = spec_of(mark, short=box.is_narrow())
            line = QRectF(place.left(), place.top(), place.width(), block.layout().lineAt(0).height())
            if mark or box._touch:
                paint_tag(painter, self._tag(line, tag_size(theme, spec)), spec, theme)
            elif at_caret and not box.is_narrow():
                paint.words(painter, line, HINT, theme.font("caption"), theme.faint)
        painter.end()

    @staticmethod
    def _tag(line: QRectF, size: QSize) -> QRectF:
        return QRectF(QPointF(line.left(), line.center().y() - size.height() / 2), size)

    def block_at(self, at: QPointF) -> QTextBlock | None:
        """The paragraph beside a place; the gap below it counts as its own."""
        return next((block for block, place in self._here() if place.top() <= at.y() < place.bottom()), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        block = self.block_at(event.position())
        if block is not None and not self._box.isReadOnly() and event.button() == Qt.MouseButton.LeftButton:
            below = QRect(0, 0, self.width(), round(self._box.block_place(block).top()) + FINGER // 2).bottomLeft()
            self._box.open_marks(block, self.mapToGlobal(below))
