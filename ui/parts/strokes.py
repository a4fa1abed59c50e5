"""A drawing by hand at any size: smooth lines through the points of its strokes.

Must not record strokes: ``ui.supervision.sign_box`` does.
"""

import itertools

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hipss_desktop.records.strokes import WIDE, Stroke
from ui.base.access import spoken_as
from ui.theme import theme_of

PEN = 2.4
"""The width of a line in pixels at 100 % text size."""
SIZE = QSize(300, 90)


def path_of(stroke: Stroke, scale: float) -> QPainterPath:
    """Return a smooth line through the points of a stroke, or a dot for one point."""
    places = [QPointF(point.across * scale, point.down * scale) for point in stroke]
    path = QPainterPath(places[0])
    if len(places) == 1:
        path.lineTo(places[0] + QPointF(0.1, 0.1))
        return path
    for before, place in itertools.pairwise(places):
        path.quadTo(before, (before + place) / 2)
    path.lineTo(places[-1])
    return path


def paint_strokes(painter: QPainter, box: QRectF, strokes: tuple[Stroke, ...], pen: QPen) -> None:
    """Draw strokes as wide as a box, or smaller if they would be higher than the box."""
    lowest = max((point.down for stroke in strokes for point in stroke), default=0)
    scale = box.width() / WIDE
    if lowest * scale > box.height():
        scale = box.height() / lowest
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    for stroke in strokes:
        painter.drawPath(path_of(stroke, scale))
    painter.restore()


class DrawnStrokes(QWidget):
    """A view of a drawing; a screen reader says ``words`` for it."""

    def __init__(self, strokes: tuple[Stroke, ...], words: str) -> None:
        super().__init__()
        self._strokes = strokes
        spoken_as(self, QAccessible.Role.Graphic, words, whole=True)
        self.setToolTip(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return SIZE * theme_of(self).scale

    def minimumSizeHint(self) -> QSize:
        return SIZE / 2 * theme_of(self).scale

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = theme_of(self), QPainter(self)
        paint_strokes(
            painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), self._strokes, QPen(theme.ink, PEN * theme.scale)
        )
        painter.end()
