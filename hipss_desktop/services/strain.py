"""Reads for ``rules.strain`` how strained the placement of a child, or the placements of a household, are on a day.

The answer follows from the records that exist now and are dated up to that day. The answers for many children are remembered,
because a board asks again and again. A commit that may change them, or the end of the process, clears them. Any thread may call
this module. Must not write.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.council import CERTIFICATE, ERASURE
from hipss_desktop.kinds.placement import PLACEMENT, Placement, goes_on
from hipss_desktop.rules import strain
from hipss_desktop.rules.strain import COUNTED, READ, Stay, Strain, changed_on, lives_there, stays
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import ChangeSet, Record, Store, unique

ALL = 1 << 31
"""More records than one person has."""
CHANGE_STRAIN = frozenset({*COUNTED, PLACEMENT.name, CHILD.name, CARER.name, CERTIFICATE.name, ERASURE.name})
"""The kinds from which the strain of a placement follows."""


class Strains:
    """Reads the strain of placements, for one open store."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people
        self._reading, self._noting = threading.Lock(), threading.Lock()
        self._day: date | None = None
        self._remembered: dict[str, Strain | None] = {}
        self._is_stale = False
        store.subscribe(self._note)

    def _note(self, changes: ChangeSet) -> None:
        if changes.kinds & CHANGE_STRAIN:
            with self._noting:
                self._is_stale = True

    def of_children(self, children: Sequence[str], on: date) -> Mapping[str, Strain]:
        """The strain of each child's placement on a day. Children who live with no household of the service are left out."""
        with self._reading:
            with self._noting:
                is_stale, self._is_stale = self._is_stale, False
            if is_stale or self._day != on:
                self._day, self._remembered = on, {}
            unread = [child for child in dict.fromkeys(children) if child not in self._remembered]
            self._remembered |= self._read(unread, on)
            return {child: result for child in children if (result := self._remembered[child]) is not None}

    def _read(self, children: Sequence[str], on: date) -> dict[str, Strain | None]:
        """The strain of each child's placement, by one query for each kind that counts. None if the child is in no household."""
        living = {child: stay for child in children if (stay := self.stay(child, on)) is not None}
        since = min((_since(stay.start, on) for stay in living.values()), default=0)
        about: dict[str, list[Record]] = {child: [] for child in living}
        for kind in COUNTED if living else ():
            for child, records in self._store.newest_about(list(living), kind=kind, most=ALL, since=since).items():
                about[child] += (record for record in records if record.at >= _since(living[child].start, on))
        return dict.fromkeys(children) | {
            child: strain.strain(strain.happenings(about[child]), stay.start, on) for child, stay in living.items()
        }

    def of(self, person: str, on: date) -> Strain | None:
        """The strain of a child's placement, or of the placements of a household, on a day.

        None for a child who lives with no household of the service that day, and for a household without a day to count from.
        """
        record = self._people.record(person)
        if record is None:
            return None
        return self._of_child(person, on) if record.kind == CHILD.name else self._of_household(record, on)

    def placed(self, on: date) -> list[str]:
        """The children who live with a household on a day, and then those households."""
        living = [
            stay for child in self._people.of_kind(CHILD.name) if (stay := self.stay(child.record, on)) is not None
        ]
        return list(dict.fromkeys([*(stay.child for stay in living), *(stay.carer for stay in living if stay.carer)]))

    def stay(self, child: str, on: date) -> Stay | None:
        """Where a child lives on a day, respite left out, or None if the child lives with no household of the service."""
        living = (stay for stay in stays(self._people.placements_with(child)) if lives_there(stay, on))
        return max(living, key=lambda stay: stay.start, default=None)

    def _of_child(self, child: str, on: date) -> Strain | None:
        return self._read([child], on)[child]

    def _of_household(self, household: Record, on: date) -> Strain | None:
        placements = self._people.placements_with(household.record)
        start = changed_on(stays(placements), on) or CARER.of(household).approved_on
        if start is None or start > on:
            return None
        records = self._about([household.record], start, on)
        for child in dict.fromkeys(placement.child for placement in placements if placement.child):
            there = [placement for placement in placements if placement.child == child]
            records += [record for record in self._about([child], start, on) if _there(there, record)]
        return strain.strain(strain.happenings(unique(records)), start, on)

    def _about(self, people: list[str], start: date, on: date) -> list[Record]:
        """The records about some people of the kinds that count, from as far back as the answer for a day looks."""
        since = _since(start, on)
        return [
            record
            for kind in COUNTED
            for records in self._store.newest_about(people, kind=kind, most=ALL, since=since).values()
            for record in records
        ]


def _since(start: date, on: date) -> int:
    """The time (ms) from which records of a placement are read for a day."""
    return times.ms(times.begins(max(start, strain.monday(on) - READ)))


def _there(placements: Iterable[Placement], record: Record) -> bool:
    """Whether a record is from a day of one of these placements. The last day of a placement counts."""
    day = times.local_day(times.of_ms(record.at))
    return any(goes_on(placement, day) or goes_on(placement, day - timedelta(days=1)) for placement in placements)
