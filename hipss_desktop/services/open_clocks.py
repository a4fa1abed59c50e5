"""Finds the open clocks of all records, and remembers them from one reading to the next.

Which clocks of a record are open follows from records alone. The time only decides how late they are. So they are worked out once,
with a note of the records that were read for them, and again when a commit changes one of those. The memory ends with the process,
and no due time is stored. Any thread may call this module. Must not write.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.closing_day import CLOSING_DAY
from hipss_desktop.kinds.council import CERTIFICATE, ERASURE
from hipss_desktop.kinds.recipient import RECIPIENT
from hipss_desktop.kinds.value import VALUE
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules.clocks import Clock, Council
from hipss_desktop.rules.notification_rules import Table
from hipss_desktop.services.ports import ChangeSet, Record, Store
from hipss_desktop.services.record_clocks import (
    CHANGE_WHAT_NAMES_THE_SAME,
    KINDS_WITH_CLOCKS,
    NAME_WHAT_HAS_CLOCKS,
    RecordClock,
    is_over,
    worked_out,
)
from hipss_desktop.services.records import Records

CHANGE_EVERYTHING = frozenset({RECIPIENT.name, CLOSING_DAY.name, VALUE.name, CERTIFICATE.name, ERASURE.name})
"""The kinds on which the clocks of every record may depend: what the council set, who signed what, what is no longer here."""
MANY = 50
"""Up to this many records are worked out one by one. For more, everything is read at once."""
MOST_CHANGED = 2000
"""Up to this many changed records are looked at one by one. After more changes, everything is worked out again."""


class _Source(Protocol):
    """Reads records: from the store, or from what was read at once."""

    def get(self, record: str) -> Record | None: ...

    def records_about(self, person: str, *, role: str = "", kind: str = "") -> list[Record]: ...


class _Everything:
    """All records from which clocks follow, read by a few queries whatever their number."""

    def __init__(self, store: Store) -> None:
        self._store = store
        by_kind = {kind: store.records_of(kind) for kind in {*KINDS_WITH_CLOCKS, *NAME_WHAT_HAS_CLOCKS}}
        self.with_clocks = [record for kind in KINDS_WITH_CLOCKS for record in by_kind[kind]]
        contacts = {str(record.fields.get("from_contact") or "") for record in self.with_clocks}
        read = [*self.with_clocks, *store.records_of(CHILD.name), *store.records_named(contacts)]
        self._records: dict[str, Record | None] = {record.record: record for record in read}
        self._about: dict[tuple[str, str, str], list[Record]] = {}
        for kind in NAME_WHAT_HAS_CLOCKS:
            roles = [field.name for field in KINDS[kind].fields if field.options.refers_to in KINDS_WITH_CLOCKS]
            for record in by_kind[kind]:
                for role in roles:
                    named = record.fields.get(role)
                    if isinstance(named, str):
                        self._about.setdefault((named, role, kind), []).append(record)

    def get(self, record: str) -> Record | None:
        """A record as it is now, None when it is not here."""
        if record not in self._records:
            self._records[record] = self._store.get(record)
        return self._records[record]

    def records_about(self, person: str, *, role: str = "", kind: str = "") -> list[Record]:
        """The records of a kind whose field ``role`` names a record, newest first."""
        if kind in CHANGE_WHAT_NAMES_THE_SAME:
            return self._store.records_about(person, role=role, kind=kind)
        return self._about.get((person, role, kind), [])


class _Noted:
    """Reads the records from which open clocks follow, and notes which records these are.

    Nobody was told yet for an open clock, and a clock that is no longer required is not open. So an open clock depends neither
    on the author of a row nor on an earlier version of a record, and no revision is read.
    """

    def __init__(self, source: _Source, records: Records) -> None:
        self._source = source
        self._records = records
        self.read = set[str]()
        self.asked_about = set[str]()

    def get(self, record: str) -> Record | None:
        """A record as it is now, None when it is not here."""
        self.read.add(record)
        return self._source.get(record)

    def records_about(self, record: str, *, role: str = "", kind: str = "") -> list[Record]:
        """The records of a kind whose field ``role`` names a record, newest first."""
        records = self._source.records_about(record, role=role, kind=kind)
        self.asked_about.add(record)
        self.read.update(naming.record for naming in records)
        return records

    def revisions(self, record: str) -> list[Revision]:
        """Return no revisions, because open clocks do not depend on them."""
        return []

    def name_of(self, person: str) -> str:
        """The name of somebody of the service."""
        self.read.add(person)
        return self._records.name_of(person)


@dataclass(frozen=True)
class _Remembered:
    """The remembered clocks of a record.

    Attributes:
        place: the sort key: the place of its kind, then the newest record first.
        clocks: its open clocks, as they were when they were worked out.
        same_from: from when on the same clocks are open, or None if other clocks are open at other times.
        read: the records that were read for them. ``asked_about``: the records for which those that name them were read.
    """

    place: tuple[int, int]
    clocks: tuple[RecordClock, ...]
    same_from: datetime | None
    read: frozenset[str]
    asked_about: frozenset[str]

    def holds(self, at: datetime) -> bool:
        """Whether the same clocks are open at a time."""
        return self.same_from is not None and self.same_from <= at

    def follows_from(self, changed: Iterable[str], named: Iterable[str]) -> bool:
        """Whether a changed record was read for these clocks, or now names a record of ``asked_about``."""
        return not (self.read.isdisjoint(changed) and self.asked_about.isdisjoint(named))


class OpenClocks:
    """The open clocks of one open store; ``council`` reads what the council has set."""

    def __init__(self, store: Store, records: Records, council: Callable[[], Council]) -> None:
        self._store = store
        self._records = records
        self._read_council = council
        self._council = Council(Table())
        self._settings: tuple[str, ...] = ()
        self._remembered: dict[str, _Remembered] = {}
        self._unread: set[str] | None = None
        self._changed = ChangeSet()
        self._noting, self._reading = threading.Lock(), threading.Lock()
        store.subscribe(self._note)

    def _note(self, changes: ChangeSet) -> None:
        with self._noting:
            noted = self._changed
            self._changed = ChangeSet(noted.kinds | changes.kinds, noted.records | changes.records)

    def at(self, at: datetime) -> list[RecordClock]:
        """The clocks that are open at a time, in the order in which they are due."""
        with self._reading:
            self._forget_what_changed()
            remembered = self._remember(at)
        in_order = sorted((entry for entry in remembered if entry.clocks), key=lambda entry: entry.place)
        clocks = (_standing(of, at) for entry in in_order for of in entry.clocks)
        return sorted(clocks, key=lambda of: _due_first(of.clock))

    def _forget_what_changed(self) -> None:
        """Forget the clocks that may have changed. ``_unread`` then names the records to read, or is None for all."""
        with self._noting:
            changes, self._changed = self._changed, ChangeSet()
        # If a reading below fails, everything is read the next time, because the note of the changes is gone.
        unread, self._unread = self._unread, None
        seat = self._store.seat
        settings = (seat.person, seat.name, *map(self._store.setting, ("council_seat", "council_name")))
        everything = settings != self._settings or changes.kinds & CHANGE_EVERYTHING
        if unread is None or everything or len(changes.records) > MOST_CHANGED:
            self._settings, self._council, self._remembered = settings, self._read_council(), {}
            return
        stale = self._touched_by(changes.records) if changes.records else set()
        for name in stale:
            self._remembered.pop(name, None)
        self._unread = unread | stale

    def _touched_by(self, changed: frozenset[str]) -> set[str]:
        """The changed records, and those whose clocks follow from one of them."""
        named = {
            reference.record
            for record in self._store.records_named(changed)
            if record.kind in (*NAME_WHAT_HAS_CLOCKS, *CHANGE_WHAT_NAMES_THE_SAME)
            for reference in KINDS[record.kind].references(record.fields)
        }
        return {*changed, *(name for name, entry in self._remembered.items() if entry.follows_from(changed, named))}

    def _remember(self, at: datetime) -> list[_Remembered]:
        """All remembered clocks, for a time. Records that are unread, or that have other clocks at this time, are worked out."""
        unread, differ = self._unread, {name for name, entry in self._remembered.items() if not entry.holds(at)}
        is_whole = unread is None or len(unread) + len(differ) > MANY
        everything = _Everything(self._store) if is_whole else None
        if unread is None and everything is not None:
            unread = {record.record for record in everything.with_clocks}
        for name in differ | (unread or set()):
            entry = self._work_out(name, everything or self._store, at)
            if entry is not None:
                self._remembered[name] = entry
        self._unread = set()
        return list(self._remembered.values())

    def _work_out(self, name: str, source: _Source, at: datetime) -> _Remembered | None:
        """Work out what to remember of a record, or None if the record has no clocks."""
        noted = _Noted(source, self._records)
        record = noted.get(name)
        if record is None or record.kind not in KINDS_WITH_CLOCKS or record.withdrawn or is_over(record):
            return None
        worked = worked_out(record, self._council, at, noted)
        return _Remembered(
            place=(KINDS_WITH_CLOCKS.index(record.kind), -record.id),
            clocks=tuple(RecordClock(name, record.kind, clock) for clock in worked.clocks if clock.is_open),
            same_from=worked.same_from if worked.same_from is not None and worked.same_from <= at else None,
            read=frozenset(noted.read),
            asked_about=frozenset(noted.asked_about),
        )


def _standing(of: RecordClock, at: datetime) -> RecordClock:
    """A clock in its state at a time."""
    clock = of.clock.stands(at)
    return of if clock is of.clock else replace(of, clock=clock)


def _due_first(clock: Clock) -> tuple[bool, float]:
    return clock.due is None, clock.due.timestamp() if clock.due else 0.0
