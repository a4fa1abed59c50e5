"""How the placement of a child, or of the children of a household, stands on a day: what is read for ``rules.strain``.

It follows from what is recorded now, dated up to that day. How the placements of many children stand is remembered until a commit
changes what it may follow from, and ends with the process: a board asks again and again. May be asked from any thread. Must not
write.
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
    """Reads how placements stand, for one open store."""

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
        """How the placements of children stand on a day, of those who live with a household of the service then."""
        with self._reading:
            with self._noting:
                is_stale, self._is_stale = self._is_stale, False
            if is_stale or self._day != on:
                self._day, self._remembered = on, {}
            unread = [child for child in dict.fromkeys(children) if child not in self._remembered]
            self._remembered |= self._read(unread, on)
            return {child: found for child in children if (found := self._remembered[child]) is not None}

    def _read(self, children: Sequence[str], on: date) -> dict[str, Strain | None]:
        """The same, read in one reading for each kind that counts; None for a child who lives with no household."""
        living = {child: stay for child in children if (stay := self.stay(child, on)) is not None}
        since = min((_since(stay.start, on) for stay in living.values()), default=0)
        about: dict[str, list[Record]] = {child: [] for child in living}
        for kind in COUNTED if living else ():
            for child, records in self._store.newest_about(list(living), kind=kind, most=ALL, since=since).items():
                about[child] += (one for one in records if one.at >= _since(living[child].start, on))
        return dict.fromkeys(children) | {
            child: strain.strain(strain.happenings(about[child]), stay.start, on) for child, stay in living.items()
        }

    def of(self, person: str, on: date) -> Strain | None:
        """How the placement of a child or household stands on a day.

        None for a child who lives with no household of the service that day, and for a household of which nothing says since when.
        """
        found = self._people.record(person)
        if found is None:
            return None
        return self._of_child(person, on) if found.kind == CHILD.name else self._of_household(found, on)

    def placed(self, on: date) -> list[str]:
        """The children who live with a household on a day, and then those households."""
        living = [
            stay for child in self._people.of_kind(CHILD.name) if (stay := self.stay(child.record, on)) is not None
        ]
        return list(dict.fromkeys([*(stay.child for stay in living), *(stay.carer for stay in living if stay.carer)]))

    def stay(self, child: str, on: date) -> Stay | None:
        """Where a child lives on a day, respite left out; None for one who lives with no household of the service."""
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
            records += [one for one in self._about([child], start, on) if _there(there, one)]
        return strain.strain(strain.happenings(unique(records)), start, on)

    def _about(self, people: list[str], start: date, on: date) -> list[Record]:
        """The records of the kinds that count about some people, as far back as a day's answer looks."""
        since = _since(start, on)
        return [
            one
            for kind in COUNTED
            for records in self._store.newest_about(people, kind=kind, most=ALL, since=since).values()
            for one in records
        ]


def _since(start: date, on: date) -> int:
    """From when on records of a placement are read for a day (ms)."""
    return times.ms(times.begins(max(start, strain.monday(on) - READ)))


def _there(placements: Iterable[Placement], record: Record) -> bool:
    """Whether a record is of a day on which the child was placed there, the last one among them."""
    day = times.local_day(times.of_ms(record.at))
    return any(goes_on(placement, day) or goes_on(placement, day - timedelta(days=1)) for placement in placements)
