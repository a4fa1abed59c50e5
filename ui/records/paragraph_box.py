"""The box of a text by paragraph: it draws the marks at the left of the words, and is as high as the text.

Must not decide what a key does.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QTextBlock
from PySide6.QtWidgets import QSizePolicy, QTextEdit, QWidget

from hipss_desktop.records.paragraphs import mark_words
from hipss_desktop.views.paragraphs import mark_icon
from ui.parts import paint
from ui.parts.tags import TagSpec, paint_tag, tag_size
from ui.records.paragraph_blocks import ParagraphBlocks
from ui.theme import styled, theme_of

NO_MARK = "No mark"
HINT = "F9 marks it"
GAP, ACROSS = 10, 12
"""Pixels between two paragraphs, and between the marks and the words."""
FINGER = 44
"""The least height in pixels of a paragraph on a touch screen."""
LEAST_LINE = 16
"""The least height in pixels of a line of text, at any text size."""
NARROW = 380
"""Pixels at 100 % text size: a narrower box shows its marks as icons."""
FRAME = 12
"""Pixels of the box's edges and padding, above and below."""


class ParagraphBox(QTextEdit):
    """A box whose blocks are paragraphs (``blocks``), with their marks in its ``margin``.

    Args:
        lines, most: its least height in lines, and the number of lines beyond which it scrolls.
        new: further values of a new paragraph's row.
        touch: whether it is used on a touch screen.
    """

    def __init__(self, *, lines: int, most: int, new: Mapping[str, Any], touch: bool, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._least, self._most, self.touch = lines, most, touch
        self._gap = FINGER - LEAST_LINE if touch else GAP
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        styled(self, "body")
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        self.blocks = ParagraphBlocks(self.document(), new, self._gap)
        self.marks: set[str] = set()
        """The marks used in the text at the last ``fit``."""
        self.margin = Margin(self)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self.updateGeometry())
        self.verticalScrollBar().valueChanged.connect(lambda _: self.margin.update())

    def has_margin(self) -> bool:
        """Whether the column of marks is shown: if there is a mark, and always on a touch screen."""
        return bool(self.touch or self.marks)

    def is_narrow(self) -> bool:
        """Whether there is room only for the icons of the marks."""
        return self.width() < theme_of(self).px(NARROW)

    def block_place(self, block: QTextBlock) -> QRectF:
        """The rectangle of a paragraph and the gap below it, in pixels of the viewport."""
        place = self.document().documentLayout().blockBoundingRect(block).adjusted(0, 0, 0, self._gap)
        return place.translated(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())

    def offers_hint(self) -> bool:
        """Whether the hint about the key is shown: the box has the focus and no marks yet."""
        return self.hasFocus() and not self.isReadOnly() and not self.has_margin()

    def fit(self) -> None:
        """Set the width of the column of marks for the present text size."""
        theme = theme_of(self)
        wide = 0
        self.marks = self.blocks.marks()
        if self.has_margin():
            offered = self.blocks.offered(self.marks)
            specs = [spec_of(mark, short=self.is_narrow()) for mark in offered if mark or self.touch]
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
        """Paint the hint about the key in the lower right corner, if no words are there."""
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


def spec_of(mark: str, *, short: bool = False) -> TagSpec:
    """The tag that shows a mark; ``short`` shows the icon only, and '' gives an outline to press."""
    if not mark:
        return TagSpec("more", "" if short else NO_MARK, "open")
    return TagSpec(mark_icon(mark), "" if short else mark_words(mark), "neutral")


class Margin(QWidget):
    """The marks beside the words. Pressing a mark opens its menu. Tab skips it, because keys in the box do the same.

    Signal: ``pressed`` with the paragraph and the place for its menu, in pixels of the screen.
    """

    pressed = Signal(object, QPoint)

    def __init__(self, box: "ParagraphBox") -> None:
        super().__init__(box)
        self._box = box
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _visible_paragraphs(self) -> list[tuple[QTextBlock, QRectF]]:
        """The visible paragraphs with their rectangles."""
        box, paragraphs = self._box, []
        block = box.cursorForPosition(QPoint(0, 0)).block()
        while block.isValid():
            place = box.block_place(block)
            if place.top() > self.height():
                break
            paragraphs.append((block, QRectF(0, place.top(), self.width(), place.height())))
            block = block.next()
        return paragraphs

    def paintEvent(self, event: QPaintEvent) -> None:
        box, theme = self._box, theme_of(self._box)
        painter = QPainter(self)
        writes = box.hasFocus() and not box.isReadOnly()
        for block, place in self._visible_paragraphs():
            mark = box.blocks.mark_of(block)
            at_caret = writes and block.blockNumber() == box.textCursor().blockNumber()
            spec = spec_of(mark, short=box.is_narrow())
            line = QRectF(place.left(), place.top(), place.width(), block.layout().lineAt(0).height())
            if mark or box.touch:
                paint_tag(painter, self._tag(line, tag_size(theme, spec)), spec, theme)
            elif at_caret and not box.is_narrow():
                paint.words(painter, line, HINT, theme.font("caption"), theme.faint)
        painter.end()

    @staticmethod
    def _tag(line: QRectF, size: QSize) -> QRectF:
        return QRectF(QPointF(line.left(), line.center().y() - size.height() / 2), size)

    def block_at(self, at: QPointF) -> QTextBlock | None:
        """The paragraph beside a point, None if there is none; the gap below a paragraph belongs to it."""
        return next(
            (block for block, place in self._visible_paragraphs() if place.top() <= at.y() < place.bottom()), None
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        block = self.block_at(event.position())
        if block is not None and not self._box.isReadOnly() and event.button() == Qt.MouseButton.LeftButton:
            below = QRect(0, 0, self.width(), round(self._box.block_place(block).top()) + FINGER // 2).bottomLeft()
            self.pressed.emit(block, self.mapToGlobal(below))
