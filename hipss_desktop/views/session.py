"""A training session in words: who came by role and organisation, each person, the carers, and what was covered.

Numbers and hours are computed from the rows, never typed. Must not write.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.training import (
    APOLOGIES,
    CAME,
    DID_NOT_COME,
    PLANNED,
    TRAINING,
    Participant,
    Training,
    is_of,
    length,
    time_of,
    topic_words,
    was_held,
)
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.records.folding import folded
from hipss_desktop.rules.training import hours_words
from hipss_desktop.services.attendance import has_begun
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Store
from hipss_desktop.views.series import SeriesViews

NOT_KNOWN = "not known"


@dataclass(frozen=True)
class GroupRow:
    """The people of one role, or all of them: how many were invited, how many came, and their hours."""

    role: str
    organisation: str
    invited: int
    came: int
    hours: str


@dataclass(frozen=True)
class PersonRow:
    """A person who was invited, by the row of the session; ``carer`` is the household, '' for anybody else.

    ``named`` is whether their name is known, so that a certificate can be made for them.
    """

    row: str
    name: str
    role: str
    organisation: str
    presence: str
    hours: str
    came: bool
    carer: str
    named: bool


@dataclass(frozen=True)
class SessionView:
    """A session as its page shows it.

    Attributes:
        when: "15 March 2017, 09:30 to 12:00 · Friars Hall, Hereford · 2.5 hours".
        about: "Led by K. Adeyemi · Topic: going missing".
        came_words: "14 of 18 came", "18 invited" while it is planned.
        groups: the groups by role; ``total`` is the row for all.
        may_mark: whether this person may record who came.
        may_hold: whether it is planned and has begun, so that it can be recorded as held.
        held: whether it was held; ``stands`` is whether it is not withdrawn and nothing of it is undecided.
    """

    record: str
    title: str
    when: str
    about: str
    standards: tuple[str, ...]
    series: str
    came_words: str
    groups: tuple[GroupRow, ...]
    total: GroupRow
    people: tuple[PersonRow, ...]
    covered: str
    handouts: tuple[str, ...]
    may_mark: bool
    may_hold: bool
    held: bool
    stands: bool


class SessionViews:
    """Puts training sessions into words, for one open store."""

    def __init__(self, store: Store, people: People, series: SeriesViews, clock: times.Clock) -> None:
        self._store = store
        self._people = people
        self._series = series
        self._clock = clock

    def view(self, record: str) -> SessionView | None:
        """A session as it is now, None if it is not on this laptop."""
        session_record = self._store.get(record)
        if session_record is None or session_record.kind != TRAINING.name:
            return None
        session = TRAINING.of(session_record)
        stands = not session_record.withdrawn and not session_record.needs_decision
        begun = stands and has_begun(session, self._clock())
        writes = may_write(self._store.seat.role, TRAINING.name)
        planned = TRAINING.stage_of(session) == PLANNED
        led = ", ".join(_names([row.name.strip() or self._people.name(row.colleague) for row in session.trainers]))
        topic = topic_words(session)
        about = (f"Led by {led}" if led else "", f"Topic: {within(topic)}" if topic else "")
        return SessionView(
            record=record,
            title=TRAINING.title(session_record.fields),
            when=when_words(session),
            about=" · ".join(part for part in about if part),
            standards=tuple(code_list("tsds_standard").label(code) for code in session.standards),
            series=self._series.words(session.series) if session.series else "",
            came_words=came_words(session),
            groups=tuple(groups(session)),
            total=_group("All", "", session, session.people),
            people=tuple(self._person(session, row) for row in session.people),
            covered=session.covered.strip(),
            handouts=tuple(name.strip() for name in session.handouts if name.strip()),
            may_mark=begun and writes,
            may_hold=begun and writes and planned,
            held=was_held(session),
            stands=stands,
        )

    def counts(self) -> str:
        """What was held in the present quarter: "4 this quarter, 61 people, 9 hours", and how many have no known length."""
        quarter = times.quarter_of(times.local_day(self._clock()))
        year, number = map(int, quarter.split("-"))
        since = times.ms(times.begins(date(year, number * 3 - 2, 1)))
        records = self._store.records_of(TRAINING.name, since=since)
        sessions = [TRAINING.of(record) for record in records if not record.withdrawn]
        held = [session for session in sessions if was_held(session) and is_of(session, quarter=quarter)]
        came = sum(row.was == CAME for session in held for row in session.people)
        known = [lasted for session in held if (lasted := length(session)) is not None]
        unknown = f", {len(held) - len(known)} {NOT_KNOWN}" if len(held) > len(known) else ""
        people = "person" if came == 1 else "people"
        return f"{len(held)} this quarter, {came} {people}, {hours_words(sum(known, timedelta()))}{unknown}"

    def _person(self, session: Training, row: Participant) -> PersonRow:
        name = row.name.strip() or self._people.name(row.colleague) or self._people.name(row.carer)
        return PersonRow(
            row=row.id,
            name=name or f"{row.role.strip() or 'Somebody'}, no name",
            role=row.role.strip(),
            organisation=row.organisation.strip(),
            presence=within(code_list("attendance").label(row.was)) if row.was else "",
            hours=_hours(session, [row]) if row.was == CAME else "",
            came=row.was == CAME,
            carer=row.carer,
            named=bool(row.name.strip() or self._people.name(row.colleague)),
        )


def when_words(session: Training) -> str:
    """When, where and how long: "15 March 2017, 09:30 to 12:00 · Friars Hall, Hereford · 2.5 hours"."""
    lasted = length(session)
    parts = (moment_words(session), session.place.strip(), hours_words(lasted) if lasted else "")
    return " · ".join(part for part in parts if part)


def moment_words(session: Training) -> str:
    """The day, start and end of a session, with the day of the end if it differs; '' if the start is not known."""
    if session.began is None:
        return ""
    day = times.local_day(session.began)
    words = f"{times.long_day(day)}, {times.clock_time(session.began)}"
    if session.ended is None:
        return words
    last = times.local_day(session.ended)
    return f"{words} to {f'{times.long_day(last)}, ' if last != day else ''}{times.clock_time(session.ended)}"


def came_words(session: Training) -> str:
    """How many of those invited came; how many are invited if it was not held."""
    invited = len(session.people)
    if not was_held(session):
        return f"{invited} invited"
    marked = any(row.was in (CAME, APOLOGIES, DID_NOT_COME) for row in session.people)
    if invited and not marked:
        return f"{invited} invited, nobody is marked yet"
    return f"{sum(row.was == CAME for row in session.people)} of {invited} came"


def groups(session: Training) -> list[GroupRow]:
    """The people of each role, in the order of the session, with all their organisations."""
    people_by_role: dict[str, list[Participant]] = {}
    for row in session.people:
        people_by_role.setdefault(folded(row.role), []).append(row)
    return [
        _group(
            rows[0].role.strip() or "Role not recorded",
            "; ".join(_names([row.organisation for row in rows])),
            session,
            rows,
        )
        for rows in people_by_role.values()
    ]


def _group(role: str, organisation: str, session: Training, rows: Sequence[Participant]) -> GroupRow:
    came = [row for row in rows if row.was == CAME]
    return GroupRow(role, organisation, len(rows), len(came) if was_held(session) else 0, _hours(session, came))


def _hours(session: Training, rows: Sequence[Participant]) -> str:
    """The hours of those who came, and for how many they are not known; '' if the session was not held."""
    if not was_held(session):
        return ""
    known = [time for row in rows if (time := time_of(session, row)) is not None]
    words = hours_words(sum(known, timedelta())).partition(" ")[0]
    return words if len(known) == len(rows) else f"{words}, {len(rows) - len(known)} {NOT_KNOWN}"


def _names(names: Sequence[str]) -> list[str]:
    return list({folded(name): name.strip() for name in names if name.strip()}.values())
