"""How the placement of a child, or of the children of a household, stands on a day: what is read for ``rules.strain``.

Must not write, nor keep anything: it follows from what is recorded now, dated up to that day.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.placement import Placement, goes_on
from hipss_desktop.rules import strain
from hipss_desktop.rules.strain import COUNTED, READ, Stay, Strain, changed_on, lives_there, stays
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Record, Store, unique

ALL = 1 << 31
"""More records than one person has."""


class Strains:
    """Reads how placements stand, for one open store."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people

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
        stay = self.stay(child, on)
        if stay is None:
            return None
        return strain.strain(strain.happenings(self._about([child], stay.start, on)), stay.start, on)

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
        since = times.ms(times.begins(max(start, strain.monday(on) - READ)))
        return [
            one
            for kind in COUNTED
            for records in self._store.newest_about(people, kind=kind, most=ALL, since=since).values()
            for one in records
        ]


def _there(placements: Iterable[Placement], record: Record) -> bool:
    """Whether a record is of a day on which the child was placed there, the last one among them."""
    day = times.local_day(times.of_ms(record.at))
    return any(goes_on(placement, day) or goes_on(placement, day - timedelta(days=1)) for placement in placements)
