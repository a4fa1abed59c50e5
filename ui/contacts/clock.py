"""A time of day that means a moment: the last such time before now, or the next one after it.

A time alone is how people say it ("back at 02:05"); the day follows from now, and is said beside the field where it is not
today. A day before the time says it outright ("yesterday 0700"). In the hour that came twice BST or GMT is asked for, and
a time that the clocks jumped over is said so. Must not read the machine's clock itself.
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
    """The moment that a time alone means.

    Of what has happened it is the latest such time that lies at most 18 hours back, measured in hours that really passed;
    where there is none it is the next such time, which lies in the future and is refused as such. Of what is to come
    (``ahead``) it is the next such time, the present minute included.

    Args:
        at: local time of day.
        now: the present, with its offset.
        ahead: look forward instead of back.
        which: which of the two, in the hour that came twice.

    Raises:
        UserError: the time did not happen that day, or came twice and ``which`` was not said.
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
    """The moments at which clocks showed a time on a day; for a time that they jumped over, the moment of the jump."""
    wall = datetime.combine(day, at, times.UNITED_KINGDOM)
    for fold, zone in enumerate(ZONES if times.came_twice(day, at) else ZONES[:1]):
        moment = wall.replace(fold=fold).astimezone(UTC)
        jumped = times.local(moment).time() != at
        yield zone, moment.replace(minute=0, second=0) if jumped else moment  # clocks jump on the hour


def typed_moment(text: str, now: datetime, *, ahead: bool = False, which: times.Zone | None = None) -> datetime | None:
    """The moment that typed text means, a time alone or a day and a time; None where it cannot be read. See ``moment_of``."""
    alone = read_time(text)
    if alone is not None:
        return moment_of(alone, now, ahead=ahead, which=which)
    day_words, _, time_words = text.strip().rpartition(" ")
    day, at = read_date(day_words.rstrip(","), times.local_day(now)), read_time(time_words)
    return times.at_local(day, at, which) if day is not None and at is not None else None


def _day_problem(typed: str) -> str:
    """Why the day before a time names none, '' where it is not the day's fault."""
    day_words, _, time_words = typed.rpartition(" ")
    return year_asked(day_words.rstrip(",")) if read_time(time_words) is not None else ""


class ClockTime(QWidget):
    """A time field whose ``value()`` is a kept instant, or what was typed where that names no moment yet.

    ``problem()`` says why it names none; ``day_meant()`` which day it means. ``changed`` comes when a person changed it.
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
        """What Tab stops at inside, in reading order, shown or not."""
        return self.box, self.which

    def value(self) -> str:
        """The kept instant, or the text as typed; '' for nothing."""
        return self._held

    def problem(self) -> str:
        """Why what is typed names no moment, '' when it does or nothing is typed."""
        return self._problem

    def day_meant(self) -> str:
        """The time with its day, "tomorrow 01:00", where it is not today; '' else."""
        moment, now = times.instant_or_none(self._held), self._clock()
        if moment is None or times.local_day(moment) == times.local_day(now):
            return ""
        return times.on_its_day(moment, now)

    def set_value(self, text: str) -> None:
        """Show a kept instant, or text that names none; no signal."""
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
        """Mark the field and say the error to a screen reader; '' takes it away."""
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
        said = day.removesuffix(times.clock_time(moment)).rstrip() if moment is not None else ""
        self.zone.setText(said or zone)
        self.zone.setVisible(self._zoned and (bool(day) or not twice))
        error = f"Error: {self._error.rstrip('.')}." if self._error else ""
        self.box.setAccessibleDescription(" ".join(filter(None, (error, day))))
