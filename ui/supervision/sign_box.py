"""The box for signing with a finger, a pen or the mouse; it also shows a signature again at any size.

Each stroke has points with times (``records.strokes``). Must not decide whether somebody may sign.
"""

import time

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QMouseEvent, QPainter, QPaintEvent, QPen, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hipss_desktop.records.strokes import LONGEST, MOST_STROKES, WIDE, Point, Stroke, words, written
from ui.base.access import spoken_as
from ui.parts import paint
from ui.parts.strokes import PEN, paint_strokes
from ui.theme import icons, theme_of

HIGH = 96
"""The height of the box in pixels at 100 % text size."""
LINE = 30
"""Pixels from the bottom of the box to the line for the signature."""
_CHARACTERS = 16
"""The most characters that a stored point needs."""


class SignBox(QWidget):
    """A box to sign in. Signal: ``drawn()`` after every stroke, and after clearing."""

    drawn = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._strokes: list[list[Point]] = []
        self._under_way = False
        self._began = 0.0
        self._last: tuple[int, int] | None = None
        self.shows_only = False
        """Whether it only shows a finished signature, which cannot be changed."""
        self.typed = ""
        """A typed name to show instead of a drawing, '' for none."""
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        spoken_as(self, QAccessible.Role.Graphic, whole=True)
        self._say()

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """The strokes drawn so far."""
        return tuple(tuple(stroke) for stroke in self._strokes)

    def text(self) -> str:
        """The strokes as stored text, '' if there are none."""
        return written(self.strokes)

    def show_strokes(self, strokes: tuple[Stroke, ...]) -> None:
        """Show earlier strokes."""
        self._strokes = [list(stroke) for stroke in strokes]
        self._under_way = False
        self._began = time.monotonic() - (strokes[-1][-1].time / 1000 if strokes else 0)
        self._say()
        self.update()

    def clear(self) -> None:
        """Remove all strokes."""
        self.show_strokes(())
        self.drawn.emit()

    def _say(self) -> None:
        words_now = words(self.strokes) if self._strokes else self.typed or "Empty"
        self.setAccessibleName(f"{self._name}. {words_now}")

    # Strokes

    def _may_draw(self) -> bool:
        return self.isEnabled() and not self.shows_only

    def begin(self, place: QPointF) -> None:
        """Begin a stroke where the pen touches the box."""
        if not self._may_draw() or len(self._strokes) >= MOST_STROKES:
            return
        if not self._strokes:
            self._began = time.monotonic()
        self._strokes.append([])
        self._under_way, self._last = True, None
        self._add(place)

    def go_on(self, place: QPointF) -> None:
        """Add a point to the present stroke."""
        if self._under_way and self._may_draw():
            self._add(place)

    def end(self) -> None:
        """End the present stroke when the pen is lifted."""
        if self._under_way:
            self._under_way = False
            self._say()
            self.drawn.emit()

    def _add(self, place: QPointF) -> None:
        unit = WIDE / max(self.width(), 1)
        x, y = round(place.x() * unit), round(place.y() * unit)
        across, down = min(max(x, 0), WIDE), min(max(y, 0), WIDE, round(self.height() * unit))
        full = sum(map(len, self._strokes)) * _CHARACTERS >= LONGEST - _CHARACTERS
        if (across, down) == self._last or full:
            return
        self._last = (across, down)
        self._strokes[-1].append(Point(across, down, round((time.monotonic() - self._began) * 1000)))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.go_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Handle a pen; accepting the event keeps Qt from turning it into mouse events."""
        if event.type() == QEvent.Type.TabletPress:
            self.begin(event.position())
        elif event.type() == QEvent.Type.TabletMove:
            self.go_on(event.position())
        elif event.type() == QEvent.Type.TabletRelease:
            self.end()
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Handle one finger; ignore further fingers and the palm."""
        if isinstance(event, QTouchEvent):
            points = event.points()
            place = points[0].position() if points else QPointF()
            if event.type() == QEvent.Type.TouchBegin:
                self.begin(place)
            elif event.type() == QEvent.Type.TouchUpdate:
                self.go_on(place)
            else:
                self.end()
            event.accept()
            return True
        return super().event(event)

    # The look

    def sizeHint(self) -> QSize:
        return QSize(320, theme_of(self).px(HIGH))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, theme_of(self).px(HIGH))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter, box = theme_of(self), QPainter(self), QRectF(self.rect())
        open_to_sign = self._may_draw()
        paint.frame(
            painter,
            box,
            fill=theme.surface if open_to_sign or self.shows_only else theme.canvas,
            edge=theme.control if open_to_sign else theme.line,
        )
        line = box.height() - theme.px(LINE) + 4
        painter.setPen(QPen(theme.line, 1))
        painter.drawLine(QPointF(16, line), QPointF(box.width() - 16, line))
        if self._strokes:
            paint_strokes(painter, box, self.strokes, QPen(theme.ink, PEN * theme.scale))
        elif self.typed:
            place = QRectF(20, 0, box.width() - 40, line)
            paint.words(painter, place, self.typed, theme.font("display", weight=400), theme.ink)
        elif open_to_sign:
            hint, side = "Finger, pen or mouse", theme.size("icon")
            wide = paint.advance(hint, theme.font("body"))
            left = (box.width() - wide - side - 8) / 2
            middle = QRectF(left + side + 8, 0, wide + 1, line)
            icons.paint(painter, QPointF(left, (line - side) / 2), "pen", theme.muted, side)
            paint.words(painter, middle, hint, theme.font("body"), theme.muted)
        painter.end()
