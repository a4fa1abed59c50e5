"""A row of a current record, and the record that it is. Must not ask the store for anything."""

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
"""Whether a current record waits for a person to decide; the index of those is by these words."""
REMEMBERED = 4096
"""So many records are remembered as they were read last: what a few screens show of 100,000."""


def state_of(row: CurrentRow, sent: int, sending: int, held: Collection[str], behind: Collection[str]) -> SyncState:
    """How a record stands with the council, from its row."""
    if row.record in held or row.conflicts != "{}" or row.disputed:
        return "needs_you"
    if row.own_number > sent:
        return "sending" if row.own_number <= sending else "waiting"
    return "waiting" if row.record in behind else "sent"


@lru_cache(maxsize=REMEMBERED)
def record_of(row: CurrentRow, state: SyncState) -> Record:
    """The record of a row; the same row gives the same record, so that screens decode and read it once.

    The row holds all that the record is made of, so nothing has to be forgotten when a record changes.
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
    """A list as one parameter of a statement, for ``json_each``."""
    return msgspec.json.encode(list(values)).decode()
