"""Keeps a widget visible inside its scroll area, even while the contents are still being laid out.

An opening part is laid out after it is shown, and the scroll area learns its height even later. So the scrolling is repeated
whenever the height changes, until the user scrolls or another request arrives. Must not move the focus.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid


def nothing_above() -> int:
    """Return 0: show nothing above a widget with it."""
    return 0


class _Sight(QObject):
    """The goal that one scroll area keeps visible: a widget with ``room`` around it or ``above`` it, or a scroll position."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self.setObjectName("sight")
        self._area = area
        self._goal: QWidget | int | None = None
        self._room = 0
        self._above = nothing_above
        self._scrolling = False
        area.verticalScrollBar().rangeChanged.connect(lambda *_: self._show(resized=True))
        area.verticalScrollBar().valueChanged.connect(lambda _: self._scrolled())

    def keep(self, goal: QWidget | int, room: int, above: Callable[[], int]) -> None:
        """Scroll to a goal now and after each change of height."""
        self._goal, self._room, self._above = goal, room, above
        self._show(resized=False)

    def _scrolled(self) -> None:
        if not self._scrolling:
            self._goal = None

    def _show(self, *, resized: bool) -> None:
        goal, inside, bar = self._goal, self._area.widget(), self._area.verticalScrollBar()
        if goal is None or inside is None:
            return
        self._scrolling = True
        if isinstance(goal, int):
            bar.setValue(goal)
        elif not isValid(goal) or not inside.isAncestorOf(goal):
            self._goal = None
        elif not resized or goal.height() + 2 * self._room <= self._area.viewport().height():
            over = max(self._room, self._above())
            spare = self._area.viewport().height() - goal.height() - over
            over, under = (over, min(self._room, spare)) if spare >= 0 else (self._room, self._room)
            corner = goal.mapTo(inside, QPoint(0, 0))
            across, top = (
                corner.x() + goal.width() // 2,
                corner.y(),
            )  # ensureWidgetVisible would show only the caret
            self._area.ensureVisible(across, top + goal.height() + under, 0, 0)
            self._area.ensureVisible(across, max(top - over, 0), 0, 0)
        self._scrolling = False


def _sight_of(area: QScrollArea) -> _Sight:
    for child in area.children():
        if isinstance(child, _Sight):
            return child
    return _Sight(area)


def keep_in_sight(area: QScrollArea, widget: QWidget, *, room: int, above: Callable[[], int] = nothing_above) -> None:
    """Scroll until all of a widget is visible, or its top if it is higher than the area, and keep it visible.

    ``above`` returns how many pixels above the widget to show too, if there is room.
    """
    _sight_of(area).keep(widget, room, above)


def keep_at(area: QScrollArea, place: int) -> None:
    """Scroll to an earlier position as soon as the contents are high enough."""
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    _sight_of(area).keep(place, 0, nothing_above)
