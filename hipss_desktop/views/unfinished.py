"""Unfinished work in words: drafts on other laptops about a person, and drafts that are too old.

"Contact, A. Bevan, begun 02:14, not finished". Its author and the managers are told of a draft that is older than the
council allows (a ``value``, by default 24 hours). Must not know a word of what was typed.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.value import UNFINISHED_HOURS, VALUE, in_force
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Store
from hipss_desktop.services.unfinished import work_elsewhere
from sync.wire.messages import UnfinishedReport, UnfinishedWork

USUAL_HOURS = 24
"""The hours after which a draft is too old, if the council set no other number."""
LONGEST_HOURS = 4
"""The most digits in the council's number of hours: about a year."""
NOT_SEEN = timedelta(hours=24)
"""The time without a report after which a laptop's drafts may have changed since."""
MANAGER = "manager"


@dataclass(frozen=True)
class UnfinishedLine:
    """One draft on another laptop: what it is, whose, and how old.

    Attributes:
        words: "Contact, A. Bevan, begun 02:14, not finished".
        laptop: the laptop's name.
        about: the names of the people it is about.
        seen: since when the laptop was not seen, '' if it was seen recently.
        old: whether it is older than the council allows.
    """

    words: str
    laptop: str
    about: str
    seen: str
    old: bool
    began: datetime


class UnfinishedViews:
    """Reads unfinished drafts, for one open store."""

    def __init__(self, store: Store, people: People, clock: times.Clock) -> None:
        self._store = store
        self._people = people
        self._clock = clock

    def about(self, person: str, *, also: Collection[str] = ()) -> list[UnfinishedLine]:
        """The drafts on other laptops about a child, household or colleague, or one of ``also``, oldest first."""
        now, allowed, who = self._clock(), self._allowed(), {person, *also}
        lines = (
            self._line(report, work, now, allowed)
            for report, work in self._elsewhere()
            if not who.isdisjoint(work.people)
        )
        return sorted(lines, key=lambda line: line.began)

    def elsewhere(self) -> list[UnfinishedLine]:
        """The drafts on other laptops of which this person is told: their own; for managers also those that are too old."""
        now, allowed = self._clock(), self._allowed()
        seat = self._store.seat
        lines = [
            line
            for report, work in self._elsewhere()
            if ((line := self._line(report, work, now, allowed)).old and seat.role == MANAGER)
            or report.person == seat.person
        ]
        return sorted(lines, key=lambda line: line.began)

    def old_here(self) -> set[str]:
        """The records of the drafts on this laptop that are older than the council allows."""
        now, allowed = self._clock(), self._allowed()
        return {
            draft.record
            for draft in self._store.drafts()
            if not draft.question and now - times.instant(draft.began) >= allowed
        }

    def too_old(self) -> int:
        """The number of drafts older than the council allows of which this person is told."""
        return len(self.old_here()) + sum(line.old for line in self.elsewhere())

    def _allowed(self) -> timedelta:
        values = [VALUE.of(record) for record in self._store.records_of(VALUE.name) if not record.withdrawn]
        hours = in_force(reversed(values), UNFINISHED_HOURS, times.local_day(self._clock()))
        fits = hours.isdecimal() and len(hours) <= LONGEST_HOURS
        return timedelta(hours=int(hours) if fits else USUAL_HOURS)

    def _elsewhere(self) -> Iterator[tuple[UnfinishedReport, UnfinishedWork]]:
        for report in work_elsewhere(self._store):
            for work in report.drafts:
                yield report, work

    def _line(
        self, report: UnfinishedReport, work: UnfinishedWork, now: datetime, allowed: timedelta
    ) -> UnfinishedLine:
        kind, began, reported = KINDS.get(work.kind), times.instant(work.began), times.instant(report.at)
        label = (kind.short_label or kind.label) if kind is not None else "Record"
        names = (name for person in work.people if (name := self._people.name(person)))
        return UnfinishedLine(
            words=f"{label}, {report.name}, begun {times.since(began, now)}, not finished",
            laptop=report.laptop,
            about=", ".join(names),
            seen=f"{report.laptop or 'The laptop'} not seen since {times.since(reported, now)}"
            if now - reported >= NOT_SEEN
            else "",
            old=now - began >= allowed,
            began=began,
        )
