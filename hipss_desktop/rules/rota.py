"""The rota: who is on call, gaps without anybody on call, how long somebody works in a row, and the state of a swap.

Pure functions of shifts and a time. Hours are elapsed ones: the night on which the clocks go forward has 14, the one on
which they go back has 16 (domain notes, section h and figures 20 and 23). On days without office hours somebody is on call
by day too. The hours worked never change the plan. Must not read a store, a setting or a clock.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from hipss_desktop import times
from hipss_desktop.kinds.shift import AGREED, ASKED, REFUSED, TAKEN, Shift

NIGHT_STARTS, NIGHT_STOPS = time(17, 30), time(8, 30)
"""The local times of a night on call, as the service plans them; the day is the rest."""
RED_FROM = time(17)
"""The local time on the day before from which a gap is red: the office is closed and nobody can be asked."""
LONGEST_IN_A_ROW = timedelta(hours=24)
MANAGER = "manager"
"""The role (``role``) that agrees to a swap."""

Part = Literal["day", "night"]
SwapState = Literal["asked", "taken", "agreed", "refused"]
Level = Literal["amber", "red"]
OfficeDay = Callable[[date], bool]
"""A function that says whether the office is open on a day, so that nobody is on call by day."""


@dataclass(frozen=True)
class Step:
    """One step of a swap, with the person who signed it and their role; ``in_return`` is the shift they offer to take."""

    code: str
    person: str
    role: str
    at: datetime
    in_return: str = ""


@dataclass(frozen=True)
class Duty:
    """A shift of the rota with the steps of its swap."""

    record: str
    shift: Shift
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Swap:
    """The state of a swap. ``taker`` and ``manager`` are '' until they have agreed; ``at`` is the time of the last step."""

    state: SwapState
    asker: str
    at: datetime
    taker: str = ""
    manager: str = ""
    in_return: str = ""


@dataclass(frozen=True)
class Period:
    """The time in which somebody is or was on call, and the shift."""

    person: str
    start: datetime
    end: datetime
    record: str


@dataclass(frozen=True)
class OnNow:
    """Who is on call at a moment, their backup, and until when."""

    record: str
    person: str
    backup: str
    until: datetime


@dataclass(frozen=True)
class Slot:
    """A day or night on which somebody must be on call; a night belongs to the day on which it begins."""

    day: date
    part: Part
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Gap:
    """A time without anybody on call, and the day or night that it belongs to."""

    slot: Slot
    start: datetime
    end: datetime
    level: Level


@dataclass(frozen=True)
class Run:
    """Shifts of one person that follow each other without a break."""

    person: str
    start: datetime
    end: datetime

    @property
    def is_too_long(self) -> bool:
        """Whether it is longer than anybody should work in a row."""
        return real(self.start, self.end) > LONGEST_IN_A_ROW


@dataclass(frozen=True)
class Hours:
    """How much one person is planned for in a rota."""

    person: str
    nights: int
    days: int
    time: timedelta


def real(start: datetime, end: datetime) -> timedelta:
    """The time that elapses between two moments, also if the clocks change between them."""
    return timedelta(milliseconds=times.ms(end) - times.ms(start))


def swap(duty: Duty, rota: Mapping[str, Duty]) -> Swap | None:
    """The state of a shift's swap, None if no swap was asked for.

    The person on call asks. A colleague takes the shift; in a swap for another shift, this is the person on call there. A
    manager who is neither of the two agrees. A step signed by anybody else has no effect.
    """
    current: Swap | None = None
    for step in sorted(duty.steps, key=lambda step: step.at):
        if step.code == ASKED:
            if step.person == duty.shift.on_call and (current is None or current.state != "agreed"):
                current = Swap("asked", step.person, step.at, in_return=step.in_return)
        elif current is not None:
            current = _after(current, step, rota)
    return current


def _after(current: Swap, step: Step, rota: Mapping[str, Duty]) -> Swap:
    """A swap after one more step; unchanged if the step is not for that person to take."""
    colleague = _asked_colleague(current, rota)
    if step.code == TAKEN and current.state == "asked":
        is_theirs = step.person == colleague if current.in_return else step.person != current.asker
        return replace(current, state="taken", taker=step.person, at=step.at) if is_theirs else current
    manages = step.role == MANAGER and step.person not in (current.asker, current.taker)
    if step.code == AGREED and current.state == "taken":
        return replace(current, state="agreed", manager=step.person, at=step.at) if manages else current
    if step.code == REFUSED and current.state in ("asked", "taken"):
        is_theirs = manages or step.person in (current.asker, current.taker, colleague)
        return replace(current, state="refused", at=step.at) if is_theirs else current
    return current


def _asked_colleague(current: Swap, rota: Mapping[str, Duty]) -> str:
    other = rota.get(current.in_return)
    return other.shift.on_call if other is not None else ""


def holders(duties: Iterable[Duty]) -> dict[str, str]:
    """The person on call in each shift, by its record: as planned, or as changed by an agreed swap."""
    rota = {duty.record: duty for duty in duties}
    on_call = {record: duty.shift.on_call for record, duty in rota.items()}
    swaps = [(record, current) for record, duty in rota.items() if (current := swap(duty, rota)) is not None]
    agreed_swaps = [(record, current) for record, current in swaps if current.state == "agreed"]
    for record, agreed in sorted(agreed_swaps, key=lambda pair: pair[1].at):
        on_call[record] = agreed.taker
        if agreed.in_return in on_call:
            on_call[agreed.in_return] = agreed.asker
    return on_call


def worked(duty: Duty, holder: str) -> list[Period]:
    """The periods worked of a shift, in order of time; a period without an end lasts to the planned end."""
    shift = duty.shift
    spans = [(row.colleague or holder, row.start, row.end) for row in shift.worked]
    if not spans and shift.worked_start:
        spans = [(holder, shift.worked_start, shift.worked_end)]  # as older programs, without the list, wrote it
    periods = [
        Period(person, start, until, duty.record)
        for person, start, end in spans
        if start is not None and (until := end or shift.planned_end) is not None and until > start
    ]
    return sorted(periods, key=lambda period: period.start)


def planned(duty: Duty, holder: str) -> Period | None:
    """The planned period of a shift, None if it was not entered."""
    start, end = duty.shift.planned_start, duty.shift.planned_end
    return Period(holder, start, end, duty.record) if start and end and start < end else None


def on_now(duties: Sequence[Duty], now: datetime) -> OnNow | None:
    """Who is on call at a moment: a person who is working, else one who is planned and did not stop earlier."""
    on_call = holders(duties)
    working, due = [], []
    for duty in duties:
        periods, plan = worked(duty, on_call[duty.record]), planned(duty, on_call[duty.record])
        working += [(period, duty) for period in periods if period.start <= now < period.end]
        stopped = bool(periods) and all(period.end <= now for period in periods)
        if plan is not None and plan.start <= now < plan.end and not stopped:
            due.append((plan, duty))
    for period, duty in sorted(working or due, key=lambda pair: pair[0].start, reverse=True):
        return OnNow(duty.record, period.person, duty.shift.backup, period.end)
    return None


def slots(first: date, last: date, office_day: OfficeDay) -> Iterator[Slot]:
    """The days and nights in a range of days on which somebody must be on call."""
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        begins = times.at_local(day, NIGHT_STARTS)
        if not office_day(day):
            yield Slot(day, "day", times.at_local(day, NIGHT_STOPS), begins)
        yield Slot(day, "night", begins, times.at_local(day + timedelta(days=1), NIGHT_STOPS))


def gaps(duties: Iterable[Duty], first: date, last: date, now: datetime, office_day: OfficeDay) -> list[Gap]:
    """The times in a range of days for which nobody is planned, without those that are over.

    A gap is amber, and red from 17:00 on the day before its day or night.
    """
    plans = [planned(duty, duty.shift.on_call) for duty in duties]
    covered = sorted((plan.start, plan.end) for plan in plans if plan is not None and plan.person)
    uncovered = []
    for slot in slots(first, last, office_day):
        level: Level = "red" if now >= times.at_local(slot.day - timedelta(days=1), RED_FROM) else "amber"
        at = slot.start
        for start, end in [*covered, (slot.end, slot.end)]:
            until = min(start, slot.end)
            if until > at and until > now:
                uncovered.append(Gap(slot, at, until, level))
            at = max(at, end)
    return uncovered


def free_for(gap: Gap, duties: Sequence[Duty], people: Iterable[str]) -> list[str]:
    """The people who could take a gap, the one with the fewest hours in this rota first.

    A person is free who has no shift then, on call or as backup, and would not work too long in a row.
    """
    on_call = holders(duties)
    total = {entry.person: entry.time for entry in hours(duties, on_call)}
    free = [person for person in people if not _is_busy(person, gap, duties, on_call)]
    shift = {person: Shift(on_call=person, planned_start=gap.start, planned_end=gap.end) for person in free}
    rested = [
        person
        for person in free
        if not any(
            run.is_too_long
            for run in runs([*duties, Duty("", shift[person])])
            if run.person == person and run.start <= gap.start and gap.end <= run.end
        )
    ]
    return sorted(rested, key=lambda person: total.get(person, timedelta()))


def _is_busy(person: str, gap: Gap, duties: Iterable[Duty], on_call: Mapping[str, str]) -> bool:
    """Whether somebody is on call, is backup or worked during a gap."""
    for duty in duties:
        holder, plan = on_call[duty.record], planned(duty, on_call[duty.record])
        periods = [period for period in worked(duty, holder) if period.person == person]
        if plan is not None and person in (holder, duty.shift.backup):
            periods.append(plan)
        if any(period.start < gap.end and gap.start < period.end for period in periods):
            return True
    return False


def runs(duties: Sequence[Duty]) -> list[Run]:
    """Each person's shifts, joined if they follow each other: as worked if that is known, else as planned."""
    on_call = holders(duties)
    periods = []
    for duty in duties:
        plan = planned(duty, on_call[duty.record])
        periods += worked(duty, on_call[duty.record]) or ([plan] if plan is not None else [])
    joined: list[Run] = []
    for period in sorted(periods, key=lambda period: (period.person, period.start)):
        before = joined[-1] if joined else None
        if before is not None and before.person == period.person and period.start <= before.end:
            joined[-1] = replace(before, end=max(before.end, period.end))
        else:
            joined.append(Run(period.person, period.start, period.end))
    return [run for run in joined if run.person]


def part_of(period: Period) -> Part:
    """Whether a shift is by day or night: a night ends on a later day than it begins."""
    return "night" if times.local_day(period.end) > times.local_day(period.start) else "day"


def hours(duties: Iterable[Duty], on_call: Mapping[str, str]) -> list[Hours]:
    """How much each person is planned for, most first; ``on_call`` is the result of ``holders``."""
    plans = [plan for duty in duties if (plan := planned(duty, on_call[duty.record])) is not None]
    entries = []
    for person in dict.fromkeys(plan.person for plan in plans if plan.person):
        own = [plan for plan in plans if plan.person == person]
        nights = sum(part_of(plan) == "night" for plan in own)
        total = sum((real(plan.start, plan.end) for plan in own), timedelta())
        entries.append(Hours(person, nights, len(own) - nights, total))
    return sorted(entries, key=lambda entry: entry.time, reverse=True)
