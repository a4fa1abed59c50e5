"""Rows, columns, and a layout that flows words and chips onto as many lines as they need.

Promises a true height for width, so that a flow inside a scroll area or a card is never cut.
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
Given = ParamSpec("Given")
ROUNDS = 3
"""How often a widget is arranged anew when each arrangement asks for another: two widths can ask for each other for ever."""
Item = QWidget | QLayout | int | None
"""What rows and columns take: a widget, a layout, a number of pixels left free, or None for 'stretch here'."""


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
    """A horizontal layout of ``items``, ``gap`` apart; margins are left, top, right, bottom."""
    box = QHBoxLayout()
    _filled(box, items, gap, margins)
    return box


def column(*items: Item, gap: int = 8, margins: Sequence[int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """A vertical layout of ``items``, ``gap`` apart; margins are left, top, right, bottom."""
    box = QVBoxLayout()
    _filled(box, items, gap, margins)
    return box


def turn(columns: QBoxLayout, *, beside: bool) -> None:
    """Put what a layout holds beside each other, or below each other."""
    columns.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)


def grows(widget: QWidget, across: QSizePolicy.Policy = QSizePolicy.Policy.Preferred) -> None:
    """Has ``widget`` be as high as what it holds needs at the width it gets; ``across`` is how it takes width."""
    policy = QSizePolicy(across, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    widget.setSizePolicy(policy)


def arranged_once_at_a_time(
    arrange: Callable[Concatenate[Arranged, Given], None],
) -> Callable[Concatenate[Arranged, Given], None]:
    """Arranges a widget's parts again after an arrangement that is under way, never inside it.

    Qt lays the window out at the moment a part is shown. The widget's new width then asks for another arrangement while
    the first has placed some parts only, and the first would go on with the width of before.
    """
    asked_again: dict[int, bool] = {}

    @wraps(arrange)
    def once_at_a_time(widget: Arranged, /, *args: Given.args, **named: Given.kwargs) -> None:
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
    """What an item asks for: words that may wrap all on one line, of which Qt would make a narrow block."""
    words, hint = item.widget(), item.sizeHint()
    if not isinstance(words, QLabel) or not words.wordWrap() or words.textFormat() != Qt.TextFormat.PlainText:
        return hint
    longest = max(words.text().splitlines(), key=len, default="")
    width = paint.advance(longest, words.font()) + 2 * words.margin() + 1
    return QSize(max(width, hint.width()), words.heightForWidth(max(width, hint.width())))


class FlowLayout(QLayout):
    """Lays widgets out like words: left to right, then onto the next line, each in the middle of its line,
    at its top where it is aligned so.

    ``gap`` across, ``line_gap`` down.
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
        """The height at a width; Qt asks for the same one some twenty times before anything has changed."""
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
        """All on one line; a layout that gives less width asks ``heightForWidth``."""
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
        """Breaks the items into lines, puts them there where they are ``moving``, and says how high all of it is."""
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
        """Puts the items of one line beside each other, each in its middle."""
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
"""Pixels above and below what is scrolled to, for its ring and the end of its neighbour."""


def taken_apart(box: QLayout) -> None:
    """Take the widgets out of a layout that are to be laid out anew; they live on, hidden or shown as they are.

    Never ``takeAt`` for that: the item lives on in Python, the widget tells it instead of its new item that its height
    has changed, and the layout goes on with the height of before.
    """
    items = [box.itemAt(place) for place in range(box.count())]
    for widget in [item.widget() for item in items if item is not None]:
        if widget is not None:
            box.removeWidget(widget)


def emptied(box: QLayout) -> None:
    """Take everything out of a layout, and delete it."""
    while (item := box.takeAt(0)) is not None:
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            emptied(inner)
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def reveal(area: QScrollArea, widget: QWidget, *, above: Callable[[], int] = nothing_above) -> None:
    """Scrolls until the whole of ``widget`` can be seen, or its top where it is higher than the area, and keeps it so.

    ``above`` says how many pixels of what stands above it are to be seen too, where there is room for both.
    """
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    keep_in_sight(area, widget, room=ROOM, above=above)


def reveal_inside(widget: QWidget, *, above: Callable[[], int] = nothing_above) -> None:
    """Scrolls the area that ``widget`` is in, where it is in one, until the whole of it can be seen; see ``reveal``."""
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    if area is not None:
        reveal(area, widget, above=above)
