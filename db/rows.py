"""A row of a current record, and the record that it is. Must not ask the store for anything."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

import msgspec

from db import projections
from hipss_desktop.services.ports import Record, SyncState

NAMES = (
    "id", "record", "kind", "fields", "heads", "conflicts", "withdrawn", "disputed", "incomplete", "own_number", "versions",
    "author", "clock",
)  # fmt: skip  # the columns in their order
CURRENT = ", ".join(f"current.{name}" for name in NAMES)
COLUMNS = len(NAMES)
UNDECIDED = "(disputed OR conflicts <> '{}')"
"""Whether a current record waits for a person to decide; the index of those is by these words."""
REMEMBERED = 4096
"""So many records are remembered as they were read last: what a few screens show of 100,000."""


def state_of(row: Any, sent: int, sending: int, held: Collection[str], behind: Collection[str]) -> SyncState:
    """How a record stands with the council, from its row."""
    record, conflicts, disputed, own_number = row[1], row[5], row[7], row[9]
    if record in held or conflicts != "{}" or disputed:
        return "needs_you"
    if own_number > sent:
        return "sending" if own_number <= sending else "waiting"
    return "waiting" if record in behind else "sent"


@lru_cache(maxsize=REMEMBERED)
def record_of(row: tuple[Any, ...], state: SyncState) -> Record:
    """The record of a row; the same row gives the same record, so that screens decode and read it once.

    The row holds all that the record is made of, so nothing has to be forgotten when a record changes.
    """
    return Record(
        id=row[0],
        record=row[1],
        kind=row[2],
        fields=msgspec.json.decode(row[3]),
        at=projections.row_at(row[0]),
        heads=tuple(msgspec.json.decode(row[4])),
        conflicts=projections.sides(row[5]) if row[5] != "{}" else {},
        withdrawn=bool(row[6]),
        disputed=bool(row[7]),
        incomplete=bool(row[8]),
        own_number=row[9],
        versions=row[10],
        author=row[11],
        clock=row[12],
        state=state,
    )


def as_json(values: Collection[str]) -> str:
    """A list as one parameter of a statement, for ``json_each``."""
    return msgspec.json.encode(list(values)).decode()
