"""What each household attended in the training sessions of an open store, cached between readings.

There are a few hundred sessions in ten years, so they are read once, and changed ones again. A household's attendance stays
the same tuple object until it changes, so that a reader can compare by identity. May be called from any thread. Must not
write.
"""

import threading
from collections.abc import Iterable
from typing import Any

from hipss_desktop.kinds.council import ERASURE
from hipss_desktop.kinds.training import TRAINING
from hipss_desktop.records.fields import Fields
from hipss_desktop.rules.due import Attended
from hipss_desktop.rules.training import attended
from hipss_desktop.services.ports import ChangeSet, Record, Store

MANY = 100
"""The number of changed records above which everything is read again."""


class Trainings:
    """Caches what each household attended, for one open store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sessions: dict[str, tuple[tuple[str, Attended], ...]] = {}
        self._households: dict[str, tuple[Attended, ...]] = {}
        self._changed: ChangeSet | None = None
        self._noting, self._reading = threading.Lock(), threading.Lock()
        store.subscribe(self._note)

    def _note(self, changes: ChangeSet) -> None:
        if changes.kinds & {TRAINING.name, ERASURE.name}:
            with self._noting:
                if self._changed is not None:
                    noted = self._changed
                    self._changed = ChangeSet(noted.kinds | changes.kinds, noted.records | changes.records)

    def attended(self, household: str) -> tuple[Attended, ...]:
        """What the members of a household attended, in no particular order."""
        with self._reading:
            self._read_what_changed()
            return self._households.get(household, ())

    def _read_what_changed(self) -> None:
        with self._noting:
            changes, self._changed = self._changed, ChangeSet()
        if changes is None or ERASURE.name in changes.kinds or len(changes.records) > MANY:
            self._sessions, self._households = {}, {}
            self._put(self._store.records_of(TRAINING.name))
        elif changes.records:
            before = {record: self._sessions.pop(record, ()) for record in changes.records}
            named = {household for rows in before.values() for household, _ in rows}
            self._put(self._store.records_named(changes.records), named)

    def _put(self, records: Iterable[Record], changed: Iterable[str] = ()) -> None:
        """Add sessions to the cache; ``changed`` are households that the sessions named before."""
        named = set(changed)
        for record in records:
            if record.kind == TRAINING.name and not record.withdrawn:
                rows = tuple(attended(record.record, TRAINING.read(_of_carers(record.fields))))
                self._sessions[record.record] = rows
                named |= {household for household, _ in rows}
        of_household: dict[str, list[Attended]] = {household: [] for household in named}
        for rows in self._sessions.values():
            for household, row in rows:
                if household in of_household:
                    of_household[household].append(row)
        for household, attended_rows in of_household.items():
            if set(attended_rows) != set(self._households.get(household, ())):
                self._households[household] = tuple(attended_rows)


def _of_carers(body: Fields) -> dict[str, Any]:
    """A session with only the people of households: most others are not, and reading a row takes time."""
    listed = body.get("people")
    people = [row for row in listed if isinstance(row, dict) and row.get("carer")] if isinstance(listed, list) else []
    return {**body, "people": people}
