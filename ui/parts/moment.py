"""Dates and times as people type them: '14 March 2017', '14/3', '0205', '2:05'.

A field leaves typed text unchanged until it can be read. On leaving the field, the value is then written out in full.
The page gives a callback that says which hours come twice. Must not know time zones' rules.
"""

import re
from collections.abc import Callable
from datetime import date, time, timedelta

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QTextCharFormat
from PySide6.QtWidgets import QBoxLayout, QCalendarWidget, QToolButton, QVBoxLayout, QWidget

from hipss_desktop import times
from ui.parts import paint
from ui.parts.cards import RadioCards
from ui.parts.field import spoken_label
from ui.parts.inputs import LineEdit
from ui.parts.words import label
from ui.theme import icons, theme_of

NEAR = timedelta(days=31)
"""A date typed without its year is read only if it lies at most this far from today."""


def read_time(typed: str) -> time | None:
    """The time that ``typed`` means ('0205', '2:05', '2.05', '02 05', '9'), or None."""
    match = re.fullmatch(r"\s*(\d{1,2})(?:\s*[:.h ]\s*(\d{2})|(\d{2}))?\s*", typed)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or match[3] or 0)
    if match[3] is not None and len(match[1]) + len(match[3]) == 3:  # '205' is five past two
        hour, minute = int(typed.strip()[0]), int(typed.strip()[1:])
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_date(typed: str, today: date) -> date | None:
    """The date that ``typed`` means, or None. Typed text has the day before the month.

    A date without a year must be within 31 days of ``today``. The year of any other date is not guessed.
    """
    named = _named_day(typed, today)
    parts = _day_month_year(typed)
    if named is not None or parts is None:
        return named
    day, month, year = parts
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    years = (today.year - 1, today.year, today.year + 1)
    candidates = (_date(candidate, month, day) for candidate in years)
    return next((candidate for candidate in candidates if candidate and abs(candidate - today) <= NEAR), None)


def read_dated(typed: str, today: date) -> date | None:
    """The date that ``typed`` means, or None if it lacks a four-digit year, as for a date of birth."""
    parts = _day_month_year(typed)
    if parts is not None and len(parts[2]) < 4:
        return None
    return read_date(typed, today)


def year_asked(typed: str) -> str:
    """The sentence that asks for a whole year, if ``typed`` is a date without one; else ''."""
    day, month, year = _day_month_year(typed) or (0, 0, "")
    if not day or _date(2000, month, day) is None or len(year) == 4:
        return ""
    return "Enter the year in full, like 2017" if year else "Enter the year too"


def _named_day(typed: str, today: date) -> date | None:
    days = {"today": 0, "yesterday": -1, "tomorrow": 1}.get(typed.strip().casefold())
    return None if days is None else today + timedelta(days=days)


def _day_month_year(typed: str) -> tuple[int, int, str] | None:
    """Day, month, and the year as typed ('' without one), or None if ``typed`` does not look like a date."""
    words = typed.strip().casefold()
    match = re.fullmatch(r"(?:[a-z]+,?\s+)?(\d{1,2})[\s/.-]+([a-z]+|\d{1,2})(?:[\s/.,-]+(\d{4}|\d{2}))?", words)
    month = _month(match[2]) if match is not None else None
    return (int(match[1]), month, match[3] or "") if match is not None and month is not None else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(word: str) -> int | None:
    if word.isdigit():
        return int(word) if 1 <= int(word) <= 12 else None
    months = [n for n, name in enumerate(times.MONTHS, 1) if len(word) >= 3 and name.casefold().startswith(word)]
    return months[0] if months else None


class TimeField(LineEdit):
    """A time of day on the 24-hour clock. It emits ``changed()`` when the time that the text means changes."""

    changed = Signal()

    def __init__(self, value: time | None = None, *, name: str = "Time", parent: QWidget | None = None) -> None:
        super().__init__(name=name, placeholder="hh:mm", parent=parent)
        self._last: time | None = None
        self.set_value(value)
        self.textChanged.connect(self._look)
        self.fit()

    def value(self) -> time | None:
        """The time typed, or None when empty or not yet a time."""
        return read_time(self.text())

    def set_value(self, value: time | None) -> None:
        """Writes ``value`` into the field."""
        self.setText(value.strftime("%H:%M") if value else "")

    def fit(self) -> None:
        super().fit()
        font = theme_of(self).font()
        self.setFixedWidth(max(paint.advance(words, font) for words in ("00:00", self.placeholderText())) + 23)

    def _look(self) -> None:
        if self.value() != self._last:
            self._last = self.value()
            self.changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self.value() is not None:
            self.set_value(self.value())
        super().focusOutEvent(event)


class DateField(LineEdit):
    """A date typed in words or figures; Up and Down change the day, Alt+Down or the calendar icon shows a month.

    ``today`` returns the current day, for dates typed without a year. ``whole_year`` requires a four-digit year.
    """

    changed = Signal()

    def __init__(
        self,
        value: date | None = None,
        *,
        today: Callable[[], date] = date.today,
        name: str = "Date",
        whole_year: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name=name, placeholder="14 March 2017", trailing="calendar", parent=parent)
        self._today = today
        self._read = read_dated if whole_year else read_date
        self._last: date | None = None
        self._calendar: QCalendarWidget | None = None
        self.set_value(value)
        self.textChanged.connect(self._look)
        self.fit()

    def value(self) -> date | None:
        """The date typed, or None when empty or not yet a date."""
        return self._read(self.text(), self._today())

    def problem(self) -> str:
        """The sentence that asks for the whole year, or '' if the year is not the problem."""
        return year_asked(self.text()) if self.value() is None else ""

    def set_value(self, value: date | None) -> None:
        """Writes ``value`` into the field in words."""
        self.setText(times.long_day(value) if value else "")
        self.setCursorPosition(0)

    def fit(self) -> None:
        super().fit()
        theme = theme_of(self)
        self.setMinimumWidth(paint.advance("28 October 2017", theme.font()) + theme.size("icon") + 24)

    def open_calendar(self) -> None:
        """Show a month to pick from; Esc closes it."""
        if self._calendar is None:
            self._calendar = QCalendarWidget(self)
            self._calendar.setWindowFlag(Qt.WindowType.Popup)
            self._calendar.setAccessibleName("Calendar")
            self._calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
            self._calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
            self._calendar.activated.connect(self._picked)
            self._calendar.clicked.connect(self._picked)
        self._tint(self._calendar)
        shown = self.value() or self._today()
        self._calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        self._calendar.move(self.mapToGlobal(QPoint(0, self.height() + 6)))
        self._calendar.show()

    def _tint(self, calendar: QCalendarWidget) -> None:
        """Draw weekends in ink, because red means risk here, and the arrows in the current theme."""
        theme = theme_of(self)
        plain = QTextCharFormat()
        plain.setForeground(theme.ink)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(day, plain)
        for part, picture, words in (("prev", "left", "Earlier month"), ("next", "right", "Later month")):
            button = calendar.findChild(QToolButton, f"qt_calendar_{part}month")
            if isinstance(button, QToolButton):
                button.setIcon(icons.icon(picture, theme=theme))
                button.setAccessibleName(words)
                button.setToolTip(words)

    def _picked(self, day: QDate) -> None:
        self.set_value(date(day.year(), day.month(), day.day()))
        if self._calendar is not None:
            self._calendar.close()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _look(self) -> None:
        if self.value() != self._last:
            self._last = self.value()
            self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        up, down = event.key() == Qt.Key.Key_Up, event.key() == Qt.Key.Key_Down
        if down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
        elif up or down:
            self.set_value((self.value() or self._today()) + timedelta(days=1 if up else -1))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.position().x() > self.width() - 36:
            self.open_calendar()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self.value() is not None:
            self.set_value(self.value())
        super().focusOutEvent(event)


class DateTimeField(QWidget):
    """A date and a time, with a choice of BST or GMT for an hour that comes twice.

    It calls ``comes_twice(date, time)`` whenever the date or the time changes. ``value`` returns (date, time, fold):
    fold 0 is the first hour (BST), 1 the second (GMT), None until a needed choice is made.
    """

    changed = Signal()

    def __init__(
        self,
        comes_twice: Callable[[date, time], bool],
        *,
        today: Callable[[], date] = date.today,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._comes_twice = comes_twice
        prefix = f"{name}, " if name else ""
        self.setAccessibleName(name)
        self.day = DateField(today=today, name=f"{prefix}date")
        self.clock = TimeField(name=f"{prefix}time")
        spoken_label(self.clock.accessibleName(), self.clock)
        self.zone = RadioCards("Which of the two hours", [("bst", "BST", "", "neutral"), ("gmt", "GMT", "", "neutral")])
        self.note = label("", "small", "muted", wrap=True)
        line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        line.setSpacing(8)
        for part in (self.day, self.clock, self.zone):
            line.addWidget(part)
        line.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(line)
        box.addWidget(self.note)
        self.day.changed.connect(self._look)
        self.clock.changed.connect(self._look)
        self.zone.changed.connect(self._look)
        self._look()

    def focus_target(self) -> QWidget:
        """The widget that takes the focus. A focus proxy would add its own place to the Tab order."""
        return self.day

    def is_twice(self) -> bool:
        """Whether the typed time comes twice on the typed date."""
        day, clock = self.day.value(), self.clock.value()
        return day is not None and clock is not None and self._comes_twice(day, clock)

    def value(self) -> tuple[date | None, time | None, int | None]:
        """Date, time and fold."""
        fold: int | None = 0
        if self.is_twice():
            fold = {"bst": 0, "gmt": 1}.get(self.zone.chosen())
        return self.day.value(), self.clock.value(), fold

    def set_value(self, day: date | None, clock: time | None, fold: int | None = 0) -> None:
        """Show this date, this time, and the choice for ``fold``."""
        self.day.set_value(day)
        self.clock.set_value(clock)
        self.zone.choose({0: "bst", 1: "gmt"}.get(fold, "") if fold is not None and self.is_twice() else "")
        self._look()

    def _look(self) -> None:
        twice = self.is_twice()
        clock = self.clock.value()
        self.zone.setVisible(twice)
        self.note.setVisible(twice)
        if clock is not None:
            self.note.setText(f"The clocks went back, so {clock:%H:%M} came twice. Choose one.")
        self.changed.emit()
