"""A time of day that means a moment: the last such time before now, or the next one after it.

A time alone is how people say it ("back at 02:05"); the day follows from now. In the hour that came twice BST or GMT is
asked for, and a time that the clocks jumped over is said so. Must not read the machine's clock itself.
"""

from datetime import UTC, datetime, time, timedelta
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from hipss_desktop import times
from hipss_desktop.errors import UserError
from ui.parts import ComboBox, TimeField, label, row, spoken_label

ZONES: tuple[times.Zone, ...] = ("BST", "GMT")
A_MOMENT = timedelta(minutes=1)


def moment_of(at: time, now: datetime, *, ahead: bool = False, which: times.Zone | None = None) -> datetime:
    """The last moment not after ``now`` at which clocks in the United Kingdom showed ``at``; ``ahead``: the next.

    Args:
        at: local time of day.
        now: the present, with its offset.
        ahead: look forward instead of back.
        which: which of the two, in the hour that came twice.

    Raises:
        UserError: the time did not happen that day, or came twice and ``which`` was not said.
    """
    today, step = times.local_day(now), timedelta(days=1 if ahead else -1)
    wall = times.local(now).time()
    for day in (today, today + step):
        on_the_way = day != today or (at >= wall if ahead else at <= wall)
        try:
            both = {times.at_local(day, at, zone).astimezone(UTC) for zone in ZONES}
        except UserError:
            if on_the_way:
                raise
            continue
        fitting = sorted(each for each in both if (each >= now if ahead else each <= now + A_MOMENT))
        if len(fitting) == 1:
            return times.local(fitting[0])
        if fitting:
            return times.at_local(day, at, which)
    return times.at_local(today, at, which)


class ClockTime(QWidget):
    """A time field whose ``value()`` is a kept instant, or what was typed where that names no moment yet.

    ``problem()`` says why it names none. ``changed`` comes when a person changed it.
    """

    changed = Signal()

    def __init__(self, clock: times.Clock, *, name: str, ahead: bool = False, zoned: bool = True) -> None:
        super().__init__()
        self._clock, self._ahead, self._zoned = clock, ahead, zoned
        self._held = ""
        self._problem = ""
        self.box = TimeField(name=name)
        self.box.textEdited.connect(self._edited)
        self.which = ComboBox([("BST", "BST"), ("GMT", "GMT")], name=f"{name}, BST or GMT", placeholder="BST or GMT")
        self.which.picked.connect(self._edited)
        spoken_label(name, self.box)
        spoken_label(self.which.accessibleName(), self.which)
        self.zone = label("", "body", "muted")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setLayout(row(self.box, self.which, self.zone, gap=16 if zoned else 8))
        self.setFocusProxy(self.box)
        self._look()

    def value(self) -> str:
        """The kept instant, or the text as typed; '' for nothing."""
        return self._held

    def problem(self) -> str:
        """Why what is typed names no moment, '' when it does or nothing is typed."""
        return self._problem

    def set_value(self, text: str) -> None:
        """Show a kept instant, or text that names none; no signal."""
        if text == self._held:
            return
        self._held, self._problem = text, ""
        try:
            moment = times.instant(text)
        except ValueError:
            self.box.setText(text)
            if text:
                self._resolve()
        else:
            self.box.setText(times.clock_time(moment))
            self.which.choose(times.zone(moment))
        self._look()

    def _edited(self) -> None:
        self._resolve()
        self._look()
        self.changed.emit()

    def _resolve(self) -> None:
        at, typed = self.box.value(), self.box.text().strip()
        self._held, self._problem = typed, ""
        if at is None:
            self._problem = "Enter a time like 02:05" if typed else ""
            return
        which = cast(times.Zone, self.which.chosen()) if self.which.chosen() else None
        try:
            self._held = times.stamp(moment_of(at, self._clock(), ahead=self._ahead, which=which))
        except UserError as unclear:
            self._problem = str(unclear)

    def _came_twice(self) -> bool:
        at = self.box.value()
        if at is None:
            return False
        try:
            moment_of(at, self._clock(), ahead=self._ahead)
        except UserError as unclear:
            return "twice" in str(unclear)
        return False

    def _look(self) -> None:
        twice = self._came_twice()
        self.which.setVisible(twice)
        if not twice:
            self.which.choose("")
        self.zone.setVisible(self._zoned and not twice)
        try:
            moment = times.instant(self._held)
        except ValueError:
            moment = self._clock()
        self.zone.setText(times.zone(moment))
