"""Labels: words in a type style, words that are cut with the full text as tooltip, rules, keycaps and the brand."""

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QSizePolicy, QWidget

from ui.parts import paint
from ui.theme import icons, styled, theme_of


def whole_words(text: str) -> str:
    """Return a text with "&" doubled, for a widget that would treat "&" as the mark of a shortcut."""
    return text.replace("&", "&&")


class PlainWords(QAbstractButton if TYPE_CHECKING else object):  # type: ignore[misc]  # only mypy needs the base
    """A mixin for buttons, so that "&" in their words is shown and spoken."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(whole_words(text), parent)

    def setText(self, text: str) -> None:
        """Show other words."""
        super().setText(whole_words(text))

    def text(self) -> str:
        """The words, as they were given."""
        words: str = super().text()
        return words.replace("&&", "&")


def label(text: str, style: str = "body", tone: str = "", *, wrap: bool = False, ids: bool = False) -> QLabel:
    """Return a label of plain text in a type style and a text colour token; ``ids`` is for record numbers and codes."""
    text_label = QLabel(text)
    text_label.setTextFormat(Qt.TextFormat.PlainText)
    text_label.setWordWrap(wrap)
    if wrap:
        text_label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return styled(text_label, style, tone, ids=ids)


def rich_label(parts: Sequence[tuple[str, str]], style: str = "body", *, wrap: bool = True) -> QLabel:
    """Return a label of (words, weight) pieces, weight '' or 'strong'; a screen reader says them as one phrase."""
    pieces = [
        f'<span style="font-weight:600">{html.escape(words)}</span>' if weight == "strong" else html.escape(words)
        for words, weight in parts
    ]
    text_label = label("", style, wrap=wrap)
    text_label.setTextFormat(Qt.TextFormat.RichText)
    text_label.setText(" ".join(pieces))
    text_label.setAccessibleName(" ".join(words for words, _ in parts))
    return text_label


class ElidedLabel(QLabel):
    """One line that is cut with an ellipsis if it is too long; the full text is the tooltip and accessible name."""

    def __init__(self, text: str, style: str = "body", tone: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        styled(self, style, tone)
        self._whole = ""
        self.set_whole(text)

    def set_whole(self, text: str) -> None:
        """Change the text; use this rather than setText."""
        self._whole = text
        self.setAccessibleName(text)
        self._cut()
        self.updateGeometry()

    def whole(self) -> str:
        """The text before any cutting."""
        return self._whole

    def sizeHint(self) -> QSize:
        return QSize(paint.advance(self._whole, self.font()) + 1, max(super().sizeHint().height(), 16))

    def minimumSizeHint(self) -> QSize:
        return QSize(paint.advance("……", self.font()), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 1))
        self.setToolTip(self._whole if shown != self._whole else "")
        self.setText(shown)


class IconLabel(QLabel):
    """An icon and words on one line, both in the text colour ``tone``; the icon may have its own ``icon_tone``."""

    def __init__(
        self,
        icon: str,
        text: str,
        style: str = "small",
        tone: str = "muted",
        *,
        icon_tone: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.icon_name, self.tone, self.icon_tone, self.words_style = icon, tone, icon_tone or tone, style
        styled(self, style, tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def set_look(self, icon: str, text: str, tone: str) -> None:
        """Change icon, words and colour together."""
        self.icon_name, self.tone, self.icon_tone = icon, tone, tone
        self.setText(text)
        self.update()

    def _indent(self) -> int:
        return theme_of(self).size("icon") + 7

    def hasHeightForWidth(self) -> bool:
        return self.wordWrap()

    def heightForWidth(self, width: int) -> int:
        line = theme_of(self).line_height(self.words_style)
        if not self.wordWrap():
            return line
        return max(paint.wrapped_height(self.text(), self.font(), width - self._indent()), line)

    def sizeHint(self) -> QSize:
        words = paint.advance(self.text(), self.font()) + 1 + self._indent()
        width = words if self.text() else theme_of(self).size("icon")
        return QSize(width, theme_of(self).line_height(self.words_style))

    def minimumSizeHint(self) -> QSize:
        if not self.wordWrap():
            return self.sizeHint()
        longest = max(self.text().split() or [""], key=len)
        return QSize(paint.advance(longest, self.font()) + self._indent(), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        box = QRectF(self.rect())
        side = theme.size("icon")
        first = min(float(theme.line_height(self.words_style)), box.height()) if self.wordWrap() else box.height()
        corner = QRectF(0, (first - side) / 2, side, side).topLeft()
        icons.paint(painter, corner, self.icon_name, theme.color(self.icon_tone), side)
        place = box.adjusted(self._indent(), 0, 0, 0)
        paint.words(
            painter, place, self.text(), self.font(), theme.color(self.tone), align=paint.LEFT, wrap=self.wordWrap()
        )
        painter.end()


class Rule(QFrame):
    """A one-pixel line between widgets, vertical if ``upright`` is set. Decoration only."""

    def __init__(self, *, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._upright = upright
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme_of(self).color("line"))
        painter.end()


class Keycap(QLabel):
    """A key's name drawn as a key ('Ctrl+K')."""

    def __init__(self, text: str, *, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        styled(self, "caption")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return paint.keycap_size(self.text(), theme_of(self))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.keycap(painter, QRectF(self.rect()), self.text(), theme_of(self))
        painter.end()


class Brand(QLabel):
    """The brand mark, ``side`` pixels square at 100% text size; a screen reader says 'HIPSS Desktop'."""

    def __init__(self, side: int = 24, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self.setAccessibleName("HIPSS Desktop")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = theme_of(self).px(self._side)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint_brand(painter, QRectF(self.rect()), theme_of(self))
        painter.end()
