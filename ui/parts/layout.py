"""Rows, columns, and a layout that puts words and chips onto as many lines as they need.

The layout reports a correct height for its width, so that a scroll area or card never cuts it.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QEvent, QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from ui.parts import paint
from ui.theme.sight import keep_in_sight, nothing_above

Arranged = TypeVar("Arranged", bound=QWidget)
Arguments = ParamSpec("Arguments")
ROUNDS = 3
"""The number of arrangements in a row at most. Without a limit, two widths could alternate for ever."""
Item = QWidget | QLayout | int | None
"""An item of a row or column: a widget, a layout, a number of free pixels, or None for a stretch."""


def _filled(box: QBoxLayout, items: Sequence[Item], gap: int, margins: Sequence[int]) -> None:
    box.setSpacing(gap)
    box.setContentsMargins(QMargins(*margins))
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(item)
        elif isinstance(item, QWidget):
            box.addWidget(item)
        else:
            box.addLayout(item)


def row(*items: Item, gap: int = 8, margins: Sequence[int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Return a horizontal layout of ``items``, ``gap`` pixels apart; margins are left, top, right, bottom."""
    box = QHBoxLayout()
    _filled(box, items, gap, margins)
    return box


def column(*items: Item, gap: int = 8, margins: Sequence[int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Return a vertical layout of ``items``, ``gap`` pixels apart; margins are left, top, right, bottom."""
    box = QVBoxLayout()
    _filled(box, items, gap, margins)
    return box


def turn(columns: QBoxLayout, *, beside: bool) -> None:
    """Arrange a layout's items side by side or below each other."""
    columns.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)


def grows(widget: QWidget, across: QSizePolicy.Policy = QSizePolicy.Policy.Preferred) -> None:
    """Make ``widget`` as high as its contents need at its width; ``across`` is its horizontal size policy."""
    policy = QSizePolicy(across, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    widget.setSizePolicy(policy)


def arranged_once_at_a_time(
    arrange: Callable[Concatenate[Arranged, Arguments], None],
) -> Callable[Concatenate[Arranged, Arguments], None]:
    """Decorate a method that arranges a widget's parts: a nested call runs after the present one, never inside it.

    Qt lays out the window when a part becomes visible. The widget's new width then triggers a second arrangement before the
    first has placed all parts, and the first would continue with the old width.
    """
    asked_again: dict[int, bool] = {}

    @wraps(arrange)
    def once_at_a_time(widget: Arranged, /, *args: Arguments.args, **named: Arguments.kwargs) -> None:
        me = id(widget)
        if me in asked_again:
            asked_again[me] = True
            return
        try:
            for _ in range(ROUNDS):
                asked_again[me] = False
                arrange(widget, *args, **named)
                if not asked_again[me]:
                    break
        finally:
            del asked_again[me]

    return once_at_a_time


def _on_one_line(item: QLayoutItem) -> QSize:
    """The size that an item needs; words that may wrap are measured on one line, where Qt's own hint is a narrow block."""
    words, hint = item.widget(), item.sizeHint()
    if not isinstance(words, QLabel) or not words.wordWrap() or words.textFormat() != Qt.TextFormat.PlainText:
        return hint
    longest = max(words.text().splitlines(), key=len, default="")
    width = paint.advance(longest, words.font()) + 2 * words.margin() + 1
    return QSize(max(width, hint.width()), words.heightForWidth(max(width, hint.width())))


class FlowLayout(QLayout):
    """A layout that places widgets like words, from left to right and then on the next line.

    Each widget is vertically centred in its line, unless it is aligned to the top. ``gap`` is the distance across,
    ``line_gap`` the distance down, in pixels.
    """

    def __init__(self, parent: QWidget | None = None, *, gap: int = 8, line_gap: int = 8) -> None:
        super().__init__(parent) if parent is not None else super().__init__()
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        self._gap, self._line_gap = gap, line_gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """The height at a width. It is cached, because Qt asks for the same width some twenty times."""
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), moving=False)
        return self._heights[width]

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, moving=True)

    def sizeHint(self) -> QSize:
        """The size of all items on one line; a parent with less width asks ``heightForWidth``."""
        shown = [_on_one_line(item) for item in self._items if not item.isEmpty()]
        margins = self.contentsMargins()
        width = sum(size.width() for size in shown) + self._gap * max(len(shown) - 1, 0)
        height = max((size.height() for size in shown), default=0)
        return QSize(
            width + margins.left() + margins.right(),
            height + margins.top() + margins.bottom(),
        )

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, *, moving: bool) -> int:
        """Break the items into lines, place them if ``moving`` is set, and return the height of all lines."""
        inner = rect.marginsRemoved(self.contentsMargins())
        lines: list[list[tuple[QLayoutItem, QSize]]] = [[]]
        x = inner.x()
        for item in self._items:
            if item.isEmpty():
                continue
            hint = _on_one_line(item)
            if lines[-1] and x + hint.width() > inner.right() + 1:
                lines.append([])
                x = inner.x()
            size = QSize(min(hint.width(), max(inner.width(), 0)), hint.height())
            if size.width() < hint.width() and item.hasHeightForWidth():
                size.setHeight(item.heightForWidth(size.width()))
            lines[-1].append((item, size))
            x += size.width() + self._gap
        y = inner.y()
        for line in lines:
            tall = max((size.height() for _, size in line), default=0)
            if moving:
                self._put(line, inner, y, tall)
            y += tall + self._line_gap
        return y - self._line_gap - rect.y() + self.contentsMargins().bottom()

    def _put(self, line: Sequence[tuple[QLayoutItem, QSize]], inner: QRect, y: int, tall: int) -> None:
        """Place the items of one line side by side, vertically centred or aligned to the top."""
        x = inner.x()
        for item, size in line:
            above = 0 if item.alignment() & Qt.AlignmentFlag.AlignTop else (tall - size.height()) // 2
            place = QRect(QPoint(x, y + above), size)
            item.setGeometry(QStyle.visualRect(_direction(self), inner, place))
            x += size.width() + self._gap


def _direction(layout: QLayout) -> Qt.LayoutDirection:
    owner = layout.parentWidget()
    return owner.layoutDirection() if owner is not None else Qt.LayoutDirection.LeftToRight


ROOM = 24
"""Pixels to show above and below a widget that is scrolled to, for its focus ring and the edge of its neighbour."""


def taken_apart(box: QLayout) -> None:
    """Remove the widgets from a layout, so that they can be laid out again; they remain hidden or visible as they are.

    Never use ``takeAt`` for that, because Python keeps the removed item alive. The widget would then report a new height to the
    removed item, and the new layout would use the old height.
    """
    items = [box.itemAt(place) for place in range(box.count())]
    for widget in [item.widget() for item in items if item is not None]:
        if widget is not None:
            box.removeWidget(widget)


def emptied(box: QLayout) -> None:
    """Remove and delete everything in a layout."""
    while (item := box.takeAt(0)) is not None:
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            emptied(inner)
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def reveal(area: QScrollArea, widget: QWidget, *, above: Callable[[], int] = nothing_above) -> None:
    """Scroll until all of ``widget`` is visible, or its top if it is higher than the area, and keep it visible.

    ``above`` returns how many pixels above the widget to show too, if there is room.
    """
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    keep_in_sight(area, widget, room=ROOM, above=above)


def reveal_inside(widget: QWidget, *, above: Callable[[], int] = nothing_above) -> None:
    """Scroll the area that contains ``widget``, if there is one, until all of it is visible; see ``reveal``."""
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    if area is not None:
        reveal(area, widget, above=above)
