"""The rota of a fortnight in words: who is on call, what was worked if it differs, and what needs attention.

Must not write, and must not work out what follows from a rota: ``rules.rota`` does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.rules import rota
from hipss_desktop.rules.rota import Duty, Gap, Hours, Level, OfficeDay, Part, Period, Run, SwapState
from hipss_desktop.services.clocks import Clocks
from hipss_desktop.services.people import People
from hipss_desktop.services.rota import Rota
from hipss_desktop.views.names import NOT_HERE

DAYS = 14
AROUND = timedelta(days=2)
"""How far before and after the fortnight shifts are read, as hours in a row may cross its ends."""
NOBODY = "Nobody"
MOST_FREE = 4
"""The most people named who could take a gap."""
TAKE_CALLS = ("on_call", "lead")
"""The roles (``role``) whose people are asked to take a shift."""
_REST_OF_DAY = time(23, 59)


@dataclass(frozen=True)
class Colleague:
    """A member of the service: the record, the name, the number to ring."""

    record: str
    name: str
    number: str


@dataclass(frozen=True)
class WorkedLine:
    """Who worked, and from when to when."""

    who: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class SwapLine:
    """A swap with names and words: "R. Penn asked, A. Bevan said yes"; ``answers`` are the steps open to this person."""

    state: SwapState
    asker: str
    taker: str
    manager: str
    in_return: str
    words: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class ShiftLine:
    """One shift: ``on_call`` after agreed swaps, ``worked`` as worked.

    Attributes:
        note: the words under the name: "as planned", "to 09:05", "14 h, not 15", '' before it is worked.
        is_own, may_ask: whether it is this person's, and whether they can ask for a swap of it.
    """

    record: str
    part: Part
    start: datetime
    end: datetime
    on_call: str
    backup: str
    hours: float
    worked: tuple[WorkedLine, ...]
    note: str
    swap: SwapLine | None
    is_own: bool
    may_ask: bool


@dataclass(frozen=True)
class GapLine:
    """A time without anybody on call, and its day or night: "Nobody, night of Thu 23", "7 days away".

    ``free`` are the names of people who have no shift then, the one with the fewest hours first.
    """

    day: date
    part: Part
    start: datetime
    end: datetime
    hours: float
    level: Level
    words: str
    away: str
    free: tuple[str, ...] = ()

    @property
    def detail(self) -> str:
        """How far away the gap is, and who could take it: "7 days away. Free: M. Osei, A. Bevan."."""
        more = len(self.free) - MOST_FREE
        named = ", ".join(self.free[:MOST_FREE]) + (f" and {more} more" if more > 0 else "")
        return f"{self.away}. Free: {named}." if named else f"{self.away}. Nobody is free then."


@dataclass(frozen=True)
class RunLine:
    """A person who works too long in a row: "K. Adeyemi, 39 h in a row", "17:30 Fri to 08:30 Sun. Limit 24 h."."""

    who: str
    start: datetime
    end: datetime
    hours: float
    words: str
    detail: str


@dataclass(frozen=True)
class HoursLine:
    """How much a person is planned for: "4 nights, 1 day, 68 h"."""

    who: str
    nights: int
    days: int
    hours: float
    words: str


@dataclass(frozen=True)
class OnNowLine:
    """Who is on call at this moment, and their backup."""

    record: str
    on_call: Colleague
    backup: Colleague
    until: datetime


@dataclass(frozen=True)
class RotaView:
    """A rota from one day to another, both included; on ``office_days`` the office takes the calls by day."""

    now: datetime
    first: date
    last: date
    on_now: OnNowLine | None
    shifts: tuple[ShiftLine, ...]
    gaps: tuple[GapLine, ...]
    too_long: tuple[RunLine, ...]
    hours: tuple[HoursLine, ...]
    office_days: frozenset[date]


class RotaViews:
    """Puts a rota of one open store into words."""

    def __init__(self, rota: Rota, people: People, clocks: Clocks, clock: times.Clock) -> None:
        self._rota, self._people, self._clocks, self._clock = rota, people, clocks, clock

    def fortnight(self, first: date | None = None) -> RotaView:
        """The fortnight that begins on a day, by default on this week's Monday."""
        now = self._clock()
        today = times.local_day(now)
        first = first or today - timedelta(days=today.weekday())
        last = first + timedelta(days=DAYS - 1)
        begins, ends = times.begins(first), times.at_local(last, _REST_OF_DAY)
        around = self._rota.duties(begins - AROUND, ends + AROUND)
        is_office_day = self._clocks.is_office_day()
        inside = [duty for duty in around if (start := duty.shift.planned_start) and begins <= start <= ends]
        return RotaView(
            now=now,
            first=first,
            last=last,
            on_now=self._on_now(now),
            shifts=tuple(self._shifts(inside, around)),
            gaps=tuple(self._gaps(around, first, last, now, is_office_day)),
            too_long=tuple(
                self._run(run)
                for run in rota.runs(around)
                if run.is_too_long and begins <= run.end and run.start <= ends
            ),
            hours=tuple(self._hours(inside, around)),
            office_days=frozenset(filter(is_office_day, (first + timedelta(days=at) for at in range(DAYS)))),
        )

    def _gaps(
        self, around: Sequence[Duty], first: date, last: date, now: datetime, is_office_day: OfficeDay
    ) -> Iterable[GapLine]:
        uncovered = rota.gaps(around, first, last, now, is_office_day)
        people = self._who_takes_calls(around) if uncovered else []
        for gap in uncovered:
            free = rota.free_for(gap, around, people)
            yield replace(_gap(gap, now), free=tuple(map(self._name, free)))

    def _who_takes_calls(self, around: Iterable[Duty]) -> list[str]:
        """The people who work here in a role that takes calls or are on call in this rota, sorted by name."""
        colleagues = {record.record: PRACTITIONER.of(record) for record in self._people.of_kind(PRACTITIONER.name)}
        planned = {duty.shift.on_call for duty in around}
        return [
            person
            for person, practitioner in colleagues.items()
            if practitioner.active is not False and (practitioner.role in TAKE_CALLS or person in planned)
        ]

    def _on_now(self, now: datetime) -> OnNowLine | None:
        on = rota.on_now(self._rota.duties(now - AROUND, now + AROUND), now)
        if on is None:
            return None
        return OnNowLine(on.record, self._colleague(on.person), self._colleague(on.backup), on.until)

    def _colleague(self, person: str) -> Colleague:
        record = self._people.record(person)
        known = record is not None and record.kind == PRACTITIONER.name
        return Colleague(person, self._name(person), PRACTITIONER.of(record).phone if record and known else "")

    def _name(self, person: str) -> str:
        return (self._people.name(person) or NOT_HERE) if person else ""

    def _shifts(self, inside: Iterable[Duty], around: Sequence[Duty]) -> Iterable[ShiftLine]:
        on_call, by_record = rota.holders(around), {duty.record: duty for duty in around}
        for duty in inside:
            plan = rota.planned(duty, on_call[duty.record])
            if plan is None:
                continue
            worked = rota.worked(duty, plan.person)
            yield ShiftLine(
                record=duty.record,
                part=rota.part_of(plan),
                start=plan.start,
                end=plan.end,
                on_call=self._name(plan.person) or NOBODY,
                backup=self._name(duty.shift.backup),
                hours=_in_hours(rota.real(plan.start, plan.end)),
                worked=tuple(WorkedLine(self._name(period.person), period.start, period.end) for period in worked),
                note=self._note(plan, worked),
                swap=self._swap(duty, by_record),
                is_own=self._rota.is_own(plan.person),
                may_ask=self._rota.may_ask(duty, by_record),
            )

    def _note(self, plan: Period, worked: Sequence[Period]) -> str:
        """The words under the name: what was worked if it differs from the plan, else an unusual length of the night."""
        others = [period for period in worked if period.person != plan.person]
        if others:
            return ", ".join(f"{self._name(period.person)} {times.clock_time(period.start)}" for period in others)
        if worked:
            parts = [f"from {times.clock_time(worked[0].start)}"] if worked[0].start != plan.start else []
            parts += [f"to {times.clock_time(worked[-1].end)}"] if worked[-1].end != plan.end else []
            return " ".join(parts) or "as planned"
        real, shown = rota.real(plan.start, plan.end), _on_the_wall(plan)
        return f"{times.duration(real)}, not {times.duration(shown).removesuffix(' h')}" if real != shown else ""

    def _swap(self, duty: Duty, by_record: dict[str, Duty]) -> SwapLine | None:
        current = rota.swap(duty, by_record)
        if current is None:
            return None
        asker, taker, manager = map(self._name, (current.asker, current.taker, current.manager))
        words = {
            "asked": f"{asker} asked",
            "taken": f"{asker} asked, {taker} said yes",
            "agreed": f"{asker} asked, {taker} said yes, {manager} agreed",
            "refused": f"{asker} asked, and was told no",
        }[current.state]
        answers = self._rota.answers(duty, by_record)
        return SwapLine(current.state, asker, taker, manager, current.in_return, words, answers)

    def _run(self, run: Run) -> RunLine:
        who, span = self._name(run.person), rota.real(run.start, run.end)
        return RunLine(
            who,
            run.start,
            run.end,
            _in_hours(span),
            words=f"{who}, {_whole_hours(span)} in a row",
            detail=f"{_clock_and_day(run.start)} to {_clock_and_day(run.end)}. "
            f"Limit {_whole_hours(rota.LONGEST_IN_A_ROW)}.",
        )

    def _hours(self, inside: Sequence[Duty], around: Sequence[Duty]) -> Iterable[HoursLine]:
        on_call = rota.holders(around)
        for entry in rota.hours(inside, on_call):
            yield HoursLine(self._name(entry.person), entry.nights, entry.days, _in_hours(entry.time), _amount(entry))


def _amount(entry: Hours) -> str:
    parts = [f"{entry.nights} {'night' if entry.nights == 1 else 'nights'}"] if entry.nights else []
    parts += [f"{entry.days} {'day' if entry.days == 1 else 'days'}"] if entry.days else []
    return ", ".join([*parts, _whole_hours(entry.time)])


def _gap(gap: Gap, now: datetime) -> GapLine:
    day, days = gap.slot.day, (gap.slot.day - times.local_day(now)).days
    named = f"{times.WEEKDAYS[day.weekday()][:3]} {day.day}"
    part = f"night of {named}" if gap.slot.part == "night" else f"day of {named}"
    whole = (gap.start, gap.end) == (gap.slot.start, gap.slot.end)
    when = "" if whole else f", {times.clock_time(gap.start)} to {times.clock_time(gap.end)}"
    away = "Now" if gap.start <= now else {0: "Today", 1: "Tomorrow"}.get(days, f"{days} days away")
    span = rota.real(gap.start, gap.end)
    return GapLine(day, gap.slot.part, gap.start, gap.end, _in_hours(span), gap.level, f"{NOBODY}, {part}{when}", away)


def _on_the_wall(plan: Period) -> timedelta:
    """The length of a shift by local clock time."""
    return times.local(plan.end).replace(tzinfo=None) - times.local(plan.start).replace(tzinfo=None)


def _in_hours(span: timedelta) -> float:
    return span / timedelta(hours=1)


def _whole_hours(span: timedelta) -> str:
    """A span in hours and minutes, however long it is: "39 h", "14 h 30 min"."""
    hours, minutes = divmod(int(span.total_seconds() // 60), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _clock_and_day(moment: datetime) -> str:
    return f"{times.clock_time(moment)} {times.WEEKDAYS[times.local(moment).weekday()][:3]}"
