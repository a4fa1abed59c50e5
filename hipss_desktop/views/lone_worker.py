"""The people who are out on a visit at night, in words for the board. Must not write."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from hipss_desktop import times
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.records import telephone
from hipss_desktop.rules import lone_worker
from hipss_desktop.rules.lone_worker import Visit
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.records import Records
from hipss_desktop.services.rota import Rota

TONES = {"out": "accent", "amber": "amber", "red": "risk"}


@dataclass(frozen=True)
class OutNow:
    """A person who is out: the contact that records it, their name, and the time they have; ``tone`` is that of the words."""

    record: str
    name: str
    words: str
    tone: str

    @property
    def is_late(self) -> bool:
        """Whether they are past the time at which they are due back."""
        return self.tone != TONES["out"]


class LoneWorkers:
    """Reads who is out, from one open store."""

    def __init__(self, store: Store, records: Records, people: People, rota: Rota, clock: times.Clock) -> None:
        self._store = store
        self._records = records
        self._people = people
        self._rota = rota
        self._clock = clock

    def out(self, recent: Iterable[Record] | None = None) -> tuple[OutNow, ...]:
        """The people who are out now and whom this person must watch, first due first.

        ``recent`` are the contacts of the last day, if they were read already.
        """
        now = self._clock()
        if recent is None:
            recent = self._store.records_of(CONTACT.name, since=times.ms(now - lone_worker.RUNS))
        running = [
            (visit, record)
            for record in recent
            if not record.withdrawn and (visit := lone_worker.visit(CONTACT.of(record), now)) is not None
        ]
        watched = self._watches() if running else None
        return tuple(
            self._out(record, visit, worker)
            for visit, record in sorted(running, key=lambda pair: pair[0].due)
            if watched is not None and watched(worker := self._worker(record))
        )

    def _watches(self) -> Callable[[str], bool]:
        """Return a function that says whether this person must watch the visit of a worker now, by the worker's identifier."""
        seat, on = self._store.seat, self._rota.on_call_at(self._clock())
        backup = self._people.record(on.backup) if on is not None and on.backup else None
        is_backup = backup is not None and seat.name == PRACTITIONER.of(backup).name
        return lambda worker: lone_worker.is_shown(
            is_own=worker == seat.person, is_backup=is_backup, has_backup=backup is not None, role=seat.role
        )

    def _worker(self, record: Record) -> str:
        """The worker who left for the visit: the first author of the contact."""
        return next((revision.envelope.author for revision in self._store.revisions(record.record)), record.author)

    def _out(self, record: Record, visit: Visit, worker: str) -> OutNow:
        now, contact = self._clock(), CONTACT.of(record)
        name = self._people.name(worker) or self._records.name_of(worker)
        known = self._people.record(worker)
        number = telephone.grouped(PRACTITIONER.of(known).phone) if known and known.kind == PRACTITIONER.name else ""
        to = f" to {contact.caller_name}" if contact.caller_name.strip() else ""
        departure = f"Left {times.since(visit.left_at, now)}{to}"
        due = f"expected back by {times.since(visit.due, now)}" if visit.is_said else "did not say until when"
        late = timedelta(milliseconds=times.ms(now) - times.ms(visit.due))
        span = f"overdue {times.duration(late)}" if late >= timedelta() else f"{times.duration(-late)} left"
        ring = f" Ring {number}." if number and late >= timedelta() else ""
        return OutNow(record.record, name, f"{departure}, {due}, {span}.{ring}", TONES[visit.level])
