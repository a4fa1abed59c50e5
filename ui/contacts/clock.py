"""A field for a time of day that means a moment: the last such time before now, or the next one after it.

People usually say a time alone ("back at 02:05"). The day then follows from the present, and is shown beside the field if it
is not today. A day may be typed before the time ("yesterday 0700"). In the hour that came twice the field asks for BST or
GMT. It reports a time that the clocks jumped over. Must not read the machine's clock itself.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from hipss_desktop import times
from hipss_desktop.errors import UserError
from ui.parts import ComboBox, TimeField, label, read_date, read_time, row, spoken_label, year_asked
from ui.theme import set_state

ZONES: tuple[times.Zone, ...] = ("BST", "GMT")
A_MOMENT = timedelta(minutes=1)


def moment_of(at: time, now: datetime, *, ahead: bool = False, which: times.Zone | None = None) -> datetime:
    """Return the moment that a time alone means.

    For a past event this is the latest such time at most 18 hours ago, in hours that really passed. If there is none, it is
    the next such time, which the form then refuses as a future time. For a coming event (``ahead``) it is the next such time,
    the present minute included.

    Args:
        at: local time of day.
        now: the present, with its offset.
        ahead: look forward instead of back.
        which: BST or GMT, for a time in the hour that came twice.

    Raises:
        UserError: the time did not happen that day, or came twice and ``which`` is None.
    """
    today = times.local_day(now)
    if not ahead:
        for day in (today, today - timedelta(days=1)):
            fitting = [zone for zone, moment in _moments(day, at) if now - times.REACH <= moment <= now + A_MOMENT]
            if fitting:
                return times.at_local(day, at, which if len(fitting) > 1 else fitting[0])
    minute = now.replace(second=0, microsecond=0)
    for day in (today, today + timedelta(days=1)):
        fitting = [zone for zone, moment in _moments(day, at) if moment >= minute]
        if fitting:
            return times.at_local(day, at, which if len(fitting) > 1 else fitting[0])
    return times.at_local(today, at, which)


def _moments(day: date, at: time) -> Iterator[tuple[times.Zone, datetime]]:
    """Yield the moments at which clocks showed a time on a day; for a time that they jumped over, the moment of the jump."""
    wall = datetime.combine(day, at, times.UNITED_KINGDOM)
    for fold, zone in enumerate(ZONES if times.came_twice(day, at) else ZONES[:1]):
        moment = wall.replace(fold=fold).astimezone(UTC)
        jumped = times.local(moment).time() != at
        yield zone, moment.replace(minute=0, second=0) if jumped else moment  # clocks jump on the hour


def typed_moment(text: str, now: datetime, *, ahead: bool = False, which: times.Zone | None = None) -> datetime | None:
    """The moment of a typed time, or day and time; None if the text cannot be read. See ``moment_of``."""
    alone = read_time(text)
    if alone is not None:
        return moment_of(alone, now, ahead=ahead, which=which)
    day_words, _, time_words = text.strip().rpartition(" ")
    day, at = read_date(day_words.rstrip(","), times.local_day(now)), read_time(time_words)
    return times.at_local(day, at, which) if day is not None and at is not None else None


def _day_problem(typed: str) -> str:
    """Why the day before a typed time cannot be read, '' if the day is not the problem."""
    day_words, _, time_words = typed.rpartition(" ")
    return year_asked(day_words.rstrip(",")) if read_time(time_words) is not None else ""


class ClockTime(QWidget):
    """A time field whose ``value()`` is a stored instant, or the typed text if that is no moment yet.

    ``problem()`` says why the text is no moment, and ``day_meant()`` which day it means. The signal ``changed`` reports a
    change by the user.
    """

    changed = Signal()

    def __init__(self, clock: times.Clock, *, name: str, ahead: bool = False, zoned: bool = True) -> None:
        super().__init__()
        self._clock, self._ahead, self._zoned = clock, ahead, zoned
        self._held = ""
        self._problem = self._error = ""
        self.box = TimeField(name=name)
        self.box.textEdited.connect(self._edited)
        self.which = ComboBox([("BST", "BST"), ("GMT", "GMT")], name=f"{name}, BST or GMT", placeholder="BST or GMT")
        self.which.picked.connect(self._edited)
        spoken_label(name, self.box)
        spoken_label(self.which.accessibleName(), self.which)
        self.zone = label("", "body", "muted")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setLayout(row(self.box, self.which, self.zone, gap=8))
        self._look()

    def focus_target(self) -> QWidget:
        """The widget that takes the focus."""
        return self.box

    def stops(self) -> tuple[QWidget, ...]:
        """The widgets inside that Tab stops at, in reading order, including hidden ones."""
        return self.box, self.which

    def value(self) -> str:
        """The stored instant, or the text as typed; '' if it is empty."""
        return self._held

    def problem(self) -> str:
        """Why the typed text is no moment, '' if it is one or the field is empty."""
        return self._problem

    def day_meant(self) -> str:
        """The time with its day ("tomorrow 01:00") if it is not today, else ''."""
        moment, now = times.instant_or_none(self._held), self._clock()
        if moment is None or times.local_day(moment) == times.local_day(now):
            return ""
        return times.on_its_day(moment, now)

    def set_value(self, text: str) -> None:
        """Show a stored instant, or a text that is no moment, without a signal."""
        if text != self._held:
            self._held, self._problem = text, ""
            moment = times.instant_or_none(text)
            if moment is None:
                self.box.setText(text)
                if text:
                    self._resolve()
            else:
                self.box.setText(times.clock_time(moment))
                self.which.choose(times.zone(moment))
        self._look()

    def set_error(self, words: str) -> None:
        """Mark the field as wrong and give a screen reader the error; '' removes the error."""
        self._error = words
        set_state(self.box, "problem", "true" if words else None)
        self._look()

    def _edited(self) -> None:
        self._resolve()
        self._look()
        self.changed.emit()

    def _resolve(self) -> None:
        typed = self.box.text().strip()
        self._held, self._problem = typed, ""
        which = cast(times.Zone, self.which.chosen()) if self.which.chosen() else None
        try:
            moment = typed_moment(typed, self._clock(), ahead=self._ahead, which=which)
        except UserError as unclear:
            self._problem = str(unclear)
            return
        if moment is not None:
            self._held = times.stamp(moment)
        elif typed:
            self._problem = _day_problem(typed) or "Enter a time like 02:05"

    def _came_twice(self) -> bool:
        try:
            typed_moment(self.box.text(), self._clock(), ahead=self._ahead)
        except UserError as unclear:
            return "twice" in str(unclear)
        return False

    def _look(self) -> None:
        twice = self._came_twice()
        self.which.setVisible(twice)
        if not twice:
            self.which.choose("")
        moment, day = times.instant_or_none(self._held), self.day_meant()
        zone = times.zone(moment or self._clock())
        day_text = day.removesuffix(times.clock_time(moment)).rstrip() if moment is not None else ""
        self.zone.setText(day_text or zone)
        self.zone.setVisible(self._zoned and (bool(day) or not twice))
        error = f"Error: {self._error.rstrip('.')}." if self._error else ""
        self.box.setAccessibleDescription(" ".join(filter(None, (error, day))))
