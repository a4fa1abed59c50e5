"""The head of the on-call screen: the clock, the shift, who answers which number, and 'Log a contact'.

The numbers matter most: each is large, beside the name of the person who answers. Must not announce the clock's ticks.
"""

from datetime import datetime

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.views.board import Board
from ui.parts import Bar, FlowLayout, Heading, PrimaryButton, Rule, grows, label, row

GAP = 12


class ShiftHeader(QWidget):
    """Shows a board's shift and numbers; ``button`` is the screen's main action.

    Clock, numbers and button are on one line if there is room, else the numbers are below the clock, or the button below the
    numbers too. Without ``may_log`` the button does not offer to log a call.
    """

    def __init__(self, *, may_log: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._may_log = may_log
        self.clock = label("", "display")
        self.zone = label("", "small", "muted")
        self.date = Heading("", 1, style="heading")
        self.shift = label("", "small", "muted", wrap=True)
        self.progress = Bar("Shift")
        self.button = PrimaryButton("Log a contact", icon="phonecall", keycap="Ctrl+N", size=44)
        if not may_log:
            self.button.hide()
        self.on_call = _Answers("On call")
        self.backup = _Answers("Backup manager")
        self.duty = _Answers("Emergency duty team")
        self.police = _Answers("Police")
        self.police.add_number("In danger", "999")
        self.police.add_number("Not urgent", "101")
        self._when = QWidget()
        words = self._words = QVBoxLayout(self._when)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(5)
        words.addLayout(row(self.clock, self.zone, self.date, None, gap=12))
        words.addWidget(self.shift)
        words.addWidget(self.progress)
        words.addStretch(1)
        self.shift.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._numbers = QWidget()
        flow = FlowLayout(self._numbers, gap=10, line_gap=8)
        for number in (self.on_call, self.backup, self.duty, self.police):
            flow.addWidget(number)
            flow.setAlignment(number, Qt.AlignmentFlag.AlignTop)
        grows(self._numbers, QSizePolicy.Policy.Expanding)
        self._lines = 0
        self._day = ("", "")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(12)
        self._arrange()

    def show_board(self, board: Board) -> None:
        """Show the running shift, or say that no shift is entered; show the backup and EDT numbers in both cases."""
        shift = board.shift
        self.show_time(board.now)
        self.progress.setVisible(shift is not None)
        self.on_call.setVisible(shift is not None)
        if shift is None:
            more = " Calls can be logged all the same." if self._may_log else ""
            none = f"The last shift ended at {board.last_ended}" if board.last_ended else "No shift is entered for now"
            self.shift.setText(f"{none}.{more}")
        else:
            self.shift.setText(shift.words)
            self.progress.set_value(round(shift.done * 100))
            self.on_call.show_one(shift.on_call, shift.on_call_number)
        for place, answers in ((self.backup, board.backup), (self.duty, board.edt)):
            place.setVisible(answers is not None)
            if answers is not None:
                place.show_one(answers.label, answers.number)
        self._arrange()

    def show_time(self, now: datetime) -> None:
        """Show a time on the clock, with its day and time zone."""
        day = times.local_day(now)
        full = times.full_day(day)
        self._day = (full, f"{times.WEEKDAYS[day.weekday()][:3]} {times.long_day(day)}")
        self.clock.setText(times.clock_time(now))
        self.zone.setText(times.zone(now))
        self.date.setText(full)
        self.date.setAccessibleName(f"On call, {full}")
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """No minimum width, because the parts go onto more lines in a narrow window."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange) and hasattr(self, "_grid"):
            self._arrange()

    def _arrange(self) -> None:
        """Put clock, numbers and button on one, two or three lines; shorten the weekday if that makes one line enough."""
        lines = 3
        for day in dict.fromkeys(self._day):
            self.date.setText(day)
            lines = self._lines_needed()
            if lines == 1:
                break
        if lines > 1:
            self.date.setText(self._day[0])
            lines = self._lines_needed()
        if lines == self._lines:
            return
        self._lines = lines
        for widget in (self._when, self._numbers, self.button):
            self._grid.removeWidget(widget)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(self._when, 0, 0)
        if lines == 1:
            self._grid.addWidget(self._numbers, 0, 1)
            self._grid.addWidget(self.button, 0, 2, right)
        elif lines == 2:
            self._grid.addWidget(self.button, 0, 2, right)
            self._grid.addWidget(self._numbers, 1, 0, 1, 3)
        else:
            self._grid.addWidget(self.button, 1, 0, Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(self._numbers, 2, 0, 1, 3)
        self._grid.setColumnStretch(1, 1)

    def _lines_needed(self) -> int:
        self._words.invalidate()
        when = self._when.sizeHint().width()
        button = self.button.sizeHint().width() if self._may_log else 0
        space = self._grid.horizontalSpacing()
        if when + self._numbers.sizeHint().width() + button + 2 * space <= self.width():
            return 1
        return 2 if when + button + space <= self.width() else 3


class _Answers(QWidget):
    """A vertical rule, then a title ("Backup manager"), the name of who answers and their number."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._name = label("")
        self._number = label("", "phone")
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(0, 2, 0, 2)
        self._lines.setSpacing(1)
        self._lines.addWidget(label(title, "caption", "muted"))
        self.setLayout(row(Rule(upright=True), self._lines, gap=GAP))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_one(self, name: str, number: str) -> None:
        """Show who answers, and their number if there is one."""
        if self._name.parent() is None:
            self._lines.addWidget(self._name)
            self._lines.addWidget(self._number)
        self._name.setText(name)
        self._number.setText(number)
        self._number.setVisible(bool(number))

    def add_number(self, words: str, number: str) -> None:
        """Add a line with words and a number."""
        shown: QLabel = label(number, "phone")
        shown.setAccessibleName(f"{words} {number}")
        self._lines.addLayout(row(label(words), shown, None, gap=6))
