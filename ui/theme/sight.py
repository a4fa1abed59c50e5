"""Keeps a widget in sight inside what scrolls it, also while that still takes its shape.

A part that opens is laid out after it is shown, and what scrolls it learns its height later still. So what was asked for is
asked again whenever the height changes, until somebody scrolls or something else is asked for. Must not move the focus.
"""

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid


class _Sight(QObject):
    """What one scroll area keeps in sight: a widget with ``room`` above and below it, or a place it was scrolled to."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self.setObjectName("sight")
        self._area = area
        self._goal: QWidget | int | None = None
        self._room = 0
        self._scrolling = False
        area.verticalScrollBar().rangeChanged.connect(lambda *_: self._show(again=True))
        area.verticalScrollBar().valueChanged.connect(lambda _: self._scrolled())

    def keep(self, goal: QWidget | int, room: int) -> None:
        """Show this now and after each change of height."""
        self._goal, self._room = goal, room
        self._show(again=False)

    def _scrolled(self) -> None:
        if not self._scrolling:
            self._goal = None

    def _show(self, *, again: bool) -> None:
        goal, inside, bar = self._goal, self._area.widget(), self._area.verticalScrollBar()
        if goal is None or inside is None:
            return
        self._scrolling = True
        if isinstance(goal, int):
            bar.setValue(goal)
        elif not isValid(goal) or not inside.isAncestorOf(goal):
            self._goal = None
        elif not again or goal.height() + 2 * self._room <= self._area.viewport().height():
            corner = goal.mapTo(inside, QPoint(0, 0))
            across, top = (
                corner.x() + goal.width() // 2,
                corner.y(),
            )  # ensureWidgetVisible would ask for the caret alone
            self._area.ensureVisible(across, top + goal.height() + self._room, 0, 0)
            self._area.ensureVisible(across, max(top - self._room, 0), 0, 0)
        self._scrolling = False


def _sight_of(area: QScrollArea) -> _Sight:
    for child in area.children():
        if isinstance(child, _Sight):
            return child
    return _Sight(area)


def keep_in_sight(area: QScrollArea, widget: QWidget, *, room: int) -> None:
    """Scroll until the whole of a widget can be seen, or its top where it is higher than the area; and keep it so."""
    _sight_of(area).keep(widget, room)


def keep_at(area: QScrollArea, place: int) -> None:
    """Scroll to where the area stood before, as soon as what it scrolls is high enough."""
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    _sight_of(area).keep(place, 0)
