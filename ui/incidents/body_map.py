"""Marks on a body, drawn on a front and a back outline: each mark is a numbered dot with words, which Tab reaches.

Left and right are the child's. An arrow key moves a movable dot by one per cent. Words beside the drawing say what it shows.
Must not know a record.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.base.access import spoken_as
from ui.parts import paint
from ui.theme import theme_of

FRONT, BACK = "front", "back"
SIDES = {FRONT: "Front", BACK: "Back"}
WIDE, HIGH = 130, 190
"""The width and height of one outline in pixels at 100 % text size."""
DOT = 24
"""The width of a mark's dot in pixels at 100 % text size."""
PER_CENT = 100
HALF = (
    (54, 13), (62, 17), (70, 20), (76, 31), (80, 43), (84, 53), (82, 58), (78, 57), (76, 52), (72, 43), (68, 33), (66, 29),
    (64, 42), (67, 52), (66, 66), (64, 78), (62, 92), (64, 97), (54, 97), (55, 92), (54, 78), (52, 61), (50, 55),
)  # fmt: skip  # points along one line, worked out by hand
"""The right half of the outline as the viewer sees it, in per cent of its rectangle; the left half is its mirror image."""
PLACES = {
    "head": (50, 6), "forehead": (50, 3), "left_eye": (53, 6), "right_eye": (47, 6), "nose_mouth": (50, 8),
    "left_cheek": (54, 8), "right_cheek": (46, 8), "left_ear": (57, 7), "right_ear": (43, 7), "neck": (50, 14),
    "left_shoulder": (66, 19), "right_shoulder": (34, 19), "left_upper_arm": (71, 27), "right_upper_arm": (29, 27),
    "left_elbow": (75, 36), "right_elbow": (25, 36), "left_forearm": (77, 44), "right_forearm": (23, 44),
    "left_hand": (81, 54), "right_hand": (19, 54), "chest": (50, 24), "stomach": (50, 38), "groin": (50, 52),
    "upper_back": (50, 24), "lower_back": (50, 40), "bottom": (50, 51), "left_thigh": (59, 61), "right_thigh": (41, 61),
    "left_knee": (59, 72), "right_knee": (41, 72), "left_lower_leg": (59, 82), "right_lower_leg": (41, 82),
    "left_foot": (59, 95), "right_foot": (41, 95),
}  # fmt: skip  # left and right of the body beside each other
"""The point of each ``body_place`` on the front outline, in per cent; the child's left is on the viewer's right."""
BEHIND = frozenset({"upper_back", "lower_back", "bottom"})
"""The places that are only on the back."""


@dataclass(frozen=True)
class BodyMark:
    """One mark: its number, its place, and its words for a screen reader."""

    number: int
    side: str
    across: int
    down: int
    words: str


def middle_of(place: str, side: str) -> tuple[int, int]:
    """The point of a place on an outline, in per cent; on the back, the child's left is on the viewer's left."""
    across, down = PLACES.get(place, (50, 30))
    return (across if side != BACK else PER_CENT - across), down


class MarkDot(QWidget):
    """The dot of one mark.

    Signals:
        moved(int, int): an arrow key moved it by this many per cent across and down.
    """

    moved = Signal(int, int)

    def __init__(self, parent: QWidget, mark: BodyMark, *, movable: bool) -> None:
        super().__init__(parent)
        self.mark, self._movable = mark, movable
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        spoken_as(self, QAccessible.Role.Graphic)
        self.show_mark(mark)

    def show_mark(self, mark: BodyMark) -> None:
        """Show a mark in this dot."""
        self.mark = mark
        self.setAccessibleName(mark.words)
        if self._movable:
            self.setAccessibleDescription("Arrows move it by one per cent")
        self.update()

    def ring_shape(self) -> tuple[QRectF, float]:
        """The shape of the focus ring: a circle round the dot."""
        return QRectF(self.rect()), self.width() / 2

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }.get(Qt.Key(event.key()))
        if self._movable and step is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.moved.emit(*step)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint.frame(painter, box, fill=theme.fill, edge=theme.fill_line, radius=box.width() / 2)
        font = theme.font("caption", weight=600)
        paint.words(painter, box, str(self.mark.number), font, theme.on_fill, align=Qt.AlignmentFlag.AlignCenter)
        painter.end()


class BodyMap(QWidget):
    """Two outlines with the dots of marks; the dots of a ``movable`` map can be moved.

    Signals:
        moved(int, int, int): the number of a mark, and by how many per cent an arrow key moved it across and down.
    """

    moved = Signal(int, int, int)

    def __init__(self, *, movable: bool = False) -> None:
        super().__init__()
        self.dots: list[MarkDot] = []
        self._movable = movable
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_marks(self, marks: Sequence[BodyMark]) -> None:
        """Show marks; a dot that is used again keeps the focus."""
        for mark, dot in zip(marks, self.dots, strict=False):
            dot.show_mark(mark)
        for mark in marks[len(self.dots) :]:
            dot = MarkDot(self, mark, movable=self._movable)
            dot.moved.connect(lambda across, down, of=dot: self.moved.emit(of.mark.number, across, down))
            self.dots.append(dot)
            dot.show()
        for dot in self.dots[len(marks) :]:
            dot.hide()
            dot.deleteLater()
        self.dots = self.dots[: len(marks)]
        self._place()

    def sizeHint(self) -> QSize:
        theme = theme_of(self)
        return QSize(2 * theme.px(WIDE), theme.px(HIGH) + theme.line_height("caption") + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _box(self, side: str) -> QRectF:
        theme = theme_of(self)
        left = theme.px(WIDE) if side == BACK else 0
        return QRectF(left, 0, theme.px(WIDE), theme.px(HIGH))

    def _place(self) -> None:
        edge = theme_of(self).px(DOT)
        for dot in self.dots:
            box = self._box(dot.mark.side)
            x = box.x() + box.width() * dot.mark.across / PER_CENT - edge / 2
            y = box.height() * dot.mark.down / PER_CENT - edge / 2
            room = self.rect().adjusted(0, 0, -edge, -edge)
            dot.setGeometry(min(max(int(x), 0), room.width()), min(max(int(y), 0), room.height()), edge, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.control, 1))
        painter.setBrush(theme.sunken)
        for side, words in SIDES.items():
            box = self._box(side)
            painter.drawPath(_outline(box))
            below = QRectF(box.x(), box.bottom() + 2, box.width(), theme.line_height("caption"))
            paint.words(painter, below, words, theme.font("caption"), theme.muted, align=Qt.AlignmentFlag.AlignCenter)
            painter.setPen(QPen(theme.control, 1))
            painter.setBrush(theme.sunken)
        painter.end()


def _outline(box: QRectF) -> QPainterPath:
    """Return the outline of a body in a rectangle."""

    def at(across: float, down: float) -> QPointF:
        return QPointF(box.x() + box.width() * across / PER_CENT, box.y() + box.height() * down / PER_CENT)

    points = [*HALF, *((PER_CENT - across, down) for across, down in reversed(HALF))]
    body = QPainterPath()
    body.addPolygon(QPolygonF([at(*point) for point in points]))
    body.closeSubpath()
    head = QPainterPath()
    head.addEllipse(at(50, 7), box.width() * 0.085, box.height() * 0.068)
    return body.united(head)
