"""The four running times of the guide: the clock time first, then how long ago, then a note.

They are never announced, but a screen reader finds them as a list. Must not count time: the guide's view does.
"""

from collections.abc import Sequence

from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from hipss_desktop.views.missing_guide import RunningTime
from ui.base.access import spoken_as
from ui.parts import Card, IconLabel, column, grows, label
from ui.theme import theme_of

BESIDE = 860
"""From this width on (pixels at 100 % text size) the four are side by side, else in two rows."""


class TimeCell(QWidget):
    """One running time."""

    def __init__(self) -> None:
        super().__init__()
        spoken_as(self, QAccessible.Role.ListItem, whole=True)
        self._label = label("", "caption", "muted", wrap=True)
        self._words = label("", "title", wrap=True)
        self._late = IconLabel("clock", "", "title", "amber")
        self._late.setWordWrap(True)
        self._late.hide()
        self._note = label("", "small", "", wrap=True)
        self.setLayout(column(self._label, self._words, self._late, self._note, None, gap=2, margins=(16, 8, 12, 8)))
        grows(self)

    def show_time(self, time: RunningTime) -> None:
        """Show the present state of a running time."""
        self._label.setText(time.label)
        self._words.setText(time.words)
        self._late.set_look("clock", time.words, time.tone or "ink")
        self._words.setVisible(not time.tone)
        self._late.setVisible(bool(time.tone))
        self._note.setText(time.note)
        name = f"{time.label}, {time.words}. {time.note}".rstrip(". ")
        self.setAccessibleName(name)


class RunningTimes(Card):
    """The running times side by side, or in two rows if there is no room."""

    def __init__(self) -> None:
        super().__init__()
        spoken_as(self, QAccessible.Role.List, "Running times")
        self.cells = [TimeCell() for _ in range(4)]
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self.box.addLayout(self._grid)
        self._arrange()

    def show_times(self, times: Sequence[RunningTime]) -> None:
        """Show the times in their order; hide cells without a time."""
        for place, cell in enumerate(self.cells):
            cell.setVisible(place < len(times))
            if place < len(times):
                cell.show_time(times[place])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = 4 if self.width() >= theme_of(self).px(BESIDE) else 2
        if columns == self._columns:
            return
        self._columns = columns
        for cell in self.cells:
            self._grid.removeWidget(cell)
        for place, cell in enumerate(self.cells):
            self._grid.addWidget(cell, place // columns, place % columns)
        for column_number in range(4):
            self._grid.setColumnStretch(column_number, int(column_number < columns))
