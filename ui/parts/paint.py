"""Paints what parts consist of: a frame, words, a keycap, a radio dot, a tick box.

Pure drawing from a theme. Must not know a widget.
"""

import re
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from ui.theme import Theme, icons

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TOP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop

MOST = 10_000
"""How many widths and heights are remembered."""


def frame(
    painter: QPainter,
    rect: QRectF,
    *,
    fill: QColor | None = None,
    edge: QColor | None = None,
    width: float = 1,
    radius: float = 4,
    bar: QColor | None = None,
) -> None:
    """Paint a rounded box in ``rect``: its fill, an edge of ``width`` inside it, and a bar of 4 pixels at the left."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if fill is not None:
        painter.setBrush(fill)
        painter.drawRoundedRect(rect, radius, radius)
    if bar is not None:
        clip = QPainterPath()
        clip.addRoundedRect(rect, radius, radius)
        painter.setClipPath(clip)
        painter.fillRect(QRectF(rect.x(), rect.y(), 4, rect.height()), bar)
        painter.setClipping(False)
    if edge is not None:
        half = width / 2
        painter.setPen(QPen(edge, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), max(radius - half, 0), max(radius - half, 0))
    painter.restore()


def words(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    colour: QColor,
    *,
    align: Qt.AlignmentFlag = LEFT,
    wrap: bool = False,
) -> None:
    """Write ``text`` into ``rect``: on one line, cut with an ellipsis if it is too long, or wrapped."""
    painter.setFont(font)
    painter.setPen(colour)
    if wrap:
        painter.drawText(rect, int(align) | int(Qt.TextFlag.TextWordWrap), text)
    else:
        painter.drawText(rect, int(align) | int(Qt.TextFlag.TextSingleLine), _cut(text, font, rect.width() + 0.5))


class _Measures(dict[tuple[int, int, float, QFont], float]):
    """Measured texts, because a layout asks for the same ones again and again.

    A key has the hash of a text, not the text: a locked laptop must not hold words of a record here.
    """

    def of(self, text: str, font: QFont, room: float, measure: Callable[[], float]) -> float:
        """Return what was measured before, else measure. ``room`` is the width in which a text was wrapped, or -1."""
        length = self.get((hash(text), len(text), room, font))
        if length is None:
            if len(self) >= MOST:
                self.clear()
            length = self[hash(text), len(text), room, QFont(font)] = measure()
        return length


_measures = _Measures()


def _width(text: str, font: QFont) -> float:
    """The width that ``text`` needs on one line."""
    return _measures.of(text, font, -1, lambda: QFontMetricsF(font).horizontalAdvance(text))


def _cut(text: str, font: QFont, room: float) -> str:
    """The text on one line, cut with an ellipsis if it is wider than ``room``."""
    if _width(text, font) <= room and "\n" not in text:
        return text
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)


def advance(text: str, font: QFont) -> int:
    """The width in whole pixels that ``text`` needs on one line."""
    width = _width(text, font)
    return int(width) + (width > int(width))


def lines(text: str, font: QFont, room: float, most: int) -> list[str]:
    """The text broken into at most ``most`` lines of ``room`` pixels. A line that is too long is cut with an ellipsis."""
    words_left = re.split("[ \\t\\n]+", text.strip())  # not at no-break spaces, which keep a number on one line
    broken: list[str] = []
    while words_left and len(broken) < most - 1:
        line = words_left.pop(0)
        while words_left and _width(f"{line} {words_left[0]}", font) <= room:
            line = f"{line} {words_left.pop(0)}"
        broken.append(_cut(line, font, room))
    if words_left or not broken:
        broken.append(_cut(" ".join(words_left), font, room))
    return broken


def wrapped_height(text: str, font: QFont, width: float) -> int:
    """The height in pixels of ``text`` wrapped to ``width``."""

    def measured() -> float:
        box = QRectF(0, 0, width, 10_000)
        return QFontMetricsF(font).boundingRect(box, int(Qt.TextFlag.TextWordWrap), text).height()

    return int(_measures.of(text, font, max(width, 0), measured) + 0.999)


def keycap_size(text: str, theme: Theme) -> QSize:
    """The size of a keycap with ``text``."""
    return QSize(advance(text, theme.font("caption")) + 12, theme.px(18) + 1)


def keycap(painter: QPainter, rect: QRectF, text: str, theme: Theme, *, on: QColor | None = None) -> None:
    """Paint a key of a keyboard: in the colours of the page, or in the colour ``on`` upon a filled button."""
    edge = on or theme.line
    fill = None if on else theme.canvas
    frame(painter, rect, fill=fill, edge=edge, radius=3)
    painter.fillRect(QRectF(rect.x() + 2, rect.bottom() - 2, rect.width() - 4, 1), edge)
    words(painter, rect.adjusted(0, 0, 0, -1), text, theme.font("caption"), on or theme.muted, align=CENTRE)


def radio_dot(painter: QPainter, rect: QRectF, theme: Theme, *, on: bool, colour: QColor, edge: QColor) -> None:
    """Paint a radio button's circle in ``rect``, with a dot in ``colour`` if ``on``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.surface)
    painter.setPen(QPen(edge, 1))
    painter.drawEllipse(rect.adjusted(0.5, 0.5, -0.5, -0.5))
    if on:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        gap = rect.width() / 4
        painter.drawEllipse(rect.adjusted(gap, gap, -gap, -gap))
    painter.restore()


def tick_box(painter: QPainter, rect: QRectF, theme: Theme, *, on: bool, edge: QColor, enabled: bool = True) -> None:
    """Paint a check box's square in ``rect``, filled and ticked if ``on``."""
    if on and enabled:
        frame(painter, rect, fill=theme.fill, edge=theme.fill_line, radius=3)
    else:
        frame(painter, rect, fill=theme.surface if enabled else None, edge=edge, radius=3)
    if on:
        side = round(rect.width() * 0.8)
        inset = (rect.width() - side) / 2
        colour = theme.on_fill if enabled else theme.faint
        icons.paint(painter, rect.topLeft() + QPointF(inset, inset), "check", colour, side)
