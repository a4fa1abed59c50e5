"""Turn a row of the table ``current`` into a record. Must not read the store."""

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

import msgspec

from db import projections
from hipss_desktop.services.ports import Record, SyncState


class CurrentRow(NamedTuple):
    """A row of the table ``current``, in the order of its columns."""

    id: int
    record: str
    kind: str
    fields: str
    heads: str
    conflicts: str
    withdrawn: int
    disputed: int
    incomplete: int
    own_number: int
    versions: int
    author: str
    clock: str


CURRENT = ", ".join(f"current.{name}" for name in CurrentRow._fields)
COLUMNS = len(CurrentRow._fields)
UNDECIDED = "(disputed OR conflicts <> '{}')"
"""The condition that a current record waits for a person's decision; the partial index ``current_undecided`` needs this text."""
REMEMBERED = 4096
"""How many decoded records are cached: as many as a few screens show, of 100,000."""


def state_of(row: CurrentRow, sent: int, sending: int, held: Collection[str], behind: Collection[str]) -> SyncState:
    """Return a record's sync state from its row: sent, sending, waiting, or in need of a decision."""
    if row.record in held or row.conflicts != "{}" or row.disputed:
        return "needs_you"
    if row.own_number > sent:
        return "sending" if row.own_number <= sending else "waiting"
    return "waiting" if row.record in behind else "sent"


@lru_cache(maxsize=REMEMBERED)
def record_of(row: CurrentRow, state: SyncState) -> Record:
    """Return the record of a row; the same row gives the same object, so that screens decode it once.

    The row contains everything in the record, so a changed record has another row and the cache is never wrong.
    """
    return Record(
        id=row.id,
        record=row.record,
        kind=row.kind,
        fields=msgspec.json.decode(row.fields),
        at=projections.row_at(row.id),
        heads=tuple(msgspec.json.decode(row.heads)),
        conflicts=projections.sides(row.conflicts) if row.conflicts != "{}" else {},
        withdrawn=bool(row.withdrawn),
        disputed=bool(row.disputed),
        incomplete=bool(row.incomplete),
        own_number=row.own_number,
        versions=row.versions,
        author=row.author,
        clock=row.clock,
        state=state,
    )


def as_json(values: Collection[str]) -> str:
    """Return values as JSON, which is one parameter of a statement for ``json_each``."""
    return msgspec.json.encode(list(values)).decode()
