"""A child's page: who they are, and a line for every record about them. Must not write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from hipss_desktop import times
from hipss_desktop.kinds.case import CASE, MOST_CASES, SAME_AS
from hipss_desktop.kinds.catalogue import KINDS, may_read
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.records.changes import unit_label
from hipss_desktop.records.kind import Kind
from hipss_desktop.rules.twice_written import is_passed_over
from hipss_desktop.services.people import People, with_age
from hipss_desktop.services.ports import Record, Store, SyncState
from hipss_desktop.services.records import Records
from hipss_desktop.views import names
from hipss_desktop.views.child_card import warnings_of
from hipss_desktop.views.concern import Concerns
from hipss_desktop.views.consultations import COUNTED_ONCE
from hipss_desktop.views.names import Names
from hipss_desktop.views.tags import Tag, former_name_tags

WORST_FIRST: Sequence[SyncState] = ("needs_you", "waiting", "sending", "sent")


@dataclass(frozen=True)
class Header:
    """The top of a child's page: what matters now, the warnings, and the worst sync state of its records.

    ``undecided`` are the labels of the child's own answers that have two versions.
    """

    record: str
    name: str
    local_id: str
    tags: tuple[Tag, ...]
    placed: str
    state: SyncState
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True)
class Period:
    """A period from ``since`` until just before ``until``, in milliseconds since 1970 UTC; None for no end."""

    since: int = 0
    until: int | None = None


EVER = Period()


def between(first: date | None, last: date | None) -> Period:
    """The period from the beginning of a day to the end of another, in United Kingdom time; None for no limit."""
    after = last + timedelta(days=1) if last is not None and last < date.max else None
    return Period(
        times.ms(times.begins(first)) if first is not None else 0,
        times.ms(times.begins(after)) if after is not None else None,
    )


class Entry(msgspec.Struct, frozen=True):
    """One row of a timeline. ``day`` groups rows ("Tuesday 14 March 2017"), ``id`` is for paging, ``at`` is in milliseconds."""

    id: int
    at: int
    record: str
    kind: str
    day: str
    time: str
    title: str
    summary: str
    author: str
    tags: tuple[Tag, ...]
    state: SyncState
    withdrawn: bool


class Timelines:
    """Reads timelines for one open store."""

    def __init__(
        self, store: Store, records: Records, people: People, named: Names, concerns: Concerns, clock: times.Clock
    ) -> None:
        self._store = store
        self._records = records
        self._people = people
        self._names = named
        self._concerns = concerns
        self._clock = clock

    def header(self, record: str) -> Header | None:
        """The top of a child's page, None if the child is not here."""
        child_record = self._store.get(record)
        if child_record is None or child_record.kind != CHILD.name:
            return None
        child, today = CHILD.of(child_record), times.local_day(self._clock())
        placed = self._people.placement_of(record, times.tonight(self._clock()))
        words = "Not placed with a carer of the service"
        if placed is not None:
            days = (today - placed.start).days
            words = f"Placed with {self._people.name(placed.carer)}, {days} {'day' if days == 1 else 'days'}"
        return Header(
            record=record,
            name=with_age(child, today),
            local_id=child.local_id,
            tags=(*self._concerns.tags([record]).values(), *warnings_of(child_record), *former_name_tags(child)),
            placed=words,
            state=self.worst_state(record),
            undecided=tuple(dict.fromkeys(unit_label(CHILD, unit) for unit in sorted(child_record.conflicts))),
        )

    def worst_state(self, record: str) -> SyncState:
        """The worst sync state of a child's own record and its newest 200: needs you, waiting, sending, sent."""
        return self.worst_states([record])[record]

    def worst_states(self, records: Sequence[str]) -> dict[str, SyncState]:
        """The worst sync state for each of many children, see ``worst_state``."""
        cases = self.cases_of(records)
        states = self._store.worst_about(
            [*records, *(case for cases_of_child in cases.values() for case in cases_of_child)], newest=200
        )
        return {
            record: min((states[subject] for subject in (record, *cases.get(record, ()))), key=WORST_FIRST.index)
            for record in records
        }

    def cases_of(self, records: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """The valid cases of other teams that are the same as each child, for people who may read cases.

        Records about such a case are about the child. They are looked up here, because a record's links come from its own
        revisions.
        """
        if not may_read(self._store.seat.role, CASE.name):
            return {}
        named = self._store.newest_about(records, role=f"{SAME_AS}/child", kind=CASE.name, most=MOST_CASES)
        return {child: [case.record for case in cases] for child, cases in named.items()}

    def entries(self, record: str, *, kind: str = "", limit: int = 60) -> list[Entry]:
        """The newest records about a person."""
        return self.page(record, kind=kind, limit=limit)[0]

    def page(
        self,
        record: str,
        *,
        kind: str = "",
        before: int | None = None,
        period: Period = EVER,
        limit: int = 60,
    ) -> tuple[list[Entry], bool]:
        """The records about a person dated in a period, newest first, a page at a time; and whether this page is the last."""
        records = self._store.records_about(
            record, also=self._cases_of(record), kind=kind, before=before, until=period.until, limit=limit
        )
        dated = [record for record in records if record.at >= period.since]
        return self._entries(dated), len(dated) < len(records) or len(records) < limit

    def count(self, record: str, *, period: Period = EVER) -> int:
        """The number of records about a person dated in a period; a consultation that was written twice counts once."""
        also = self._cases_of(record)
        count = self._store.count_about(record, also=also, since=period.since, until=period.until)
        named = self._store.records_about(record, also=also, kind=CONSULTATION.name, until=period.until)
        return count - sum(
            consultation.at >= period.since and is_passed_over(consultation, self._store.get) for consultation in named
        )

    def of_kind(self, kind: str, *, before: int | None = None, limit: int = 100) -> list[Entry]:
        """All records of a kind, newest first, a page at a time."""
        return self._entries(self._store.records_of(kind, before=before, limit=limit))

    def search(
        self, words: str, *, kind: str = "", about: str = "", period: Period = EVER, limit: int = 50
    ) -> list[Entry]:
        """The records that contain the words (of a kind, about a person, dated in a period), newest first."""
        also = self._cases_of(about) if about else ()
        return self._entries(
            self._store.search(
                words, kind=kind, about=about, also=also, since=period.since, until=period.until, limit=limit
            )
        )

    def kinds(self, record: str) -> list[str]:
        """The kinds of the records about a person, the most frequent first."""
        return list(self._store.kinds_about(record, also=self._cases_of(record)))

    def _cases_of(self, record: str) -> Sequence[str]:
        return self.cases_of([record]).get(record, ())

    def _entries(self, records: Sequence[Record]) -> list[Entry]:
        authors = {author: self._records.name_of(author) for author in {record.author for record in records}}
        return [self._entry(record, authors[record.author]) for record in records]

    def _entry(self, record: Record, author: str) -> Entry:
        kind, when = KINDS.get(record.kind), names.moment(record)
        title = names.title(record)
        alerts = names.tags(kind, record, kind.alerts, risk_only=True) if kind else []
        return Entry(
            id=record.id,
            at=record.at,
            record=record.record,
            kind=record.kind,
            day=times.full_day(times.local_day(when.at)),
            time="" if when.day_only else times.clock_time(when.at),
            title=f"{kind.short_label}: {title}" if kind and kind.short_label else title,
            summary=self._names.answers(kind, record.fields, _said_of(kind, record)) if kind else "",
            author=author,
            tags=(*names.standing(record), *self._counted_once(record), *alerts),
            state=record.state,
            withdrawn=record.withdrawn,
        )

    def _counted_once(self, record: Record) -> list[Tag]:
        """The tag that another record of the same consultation counts in place of this one."""
        passed_over = record.kind == CONSULTATION.name and is_passed_over(record, self._store.get)
        return [Tag(COUNTED_ONCE, "neutral", "merge")] if passed_over else []


def _said_of(kind: Kind, record: Record) -> list[str]:
    """The fields of a record's one line; without the stage if the record is withdrawn."""
    return [name for name in kind.summary if not record.withdrawn or name != kind.stage]
