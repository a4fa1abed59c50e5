"""Rows of a sheet that are here twice: two laptops, or one and the council, imported it and had not heard of each other.

Each gave the rows identifiers of its own (``sheets.keys``), so each row is two records. Nobody merges them: a person
withdraws one of the two. Must not write.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from hipss_desktop.kinds.catalogue import KINDS, may_write
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.sheets.keys import is_imported, key_of, tells_apart

IMPORTED_TWICE = "imported_twice"
"""The setting that names the kinds of which rows came in twice, until the person has read it; '' when none did."""

MOST_NAMED = 3


def kinds_imported_twice(store: Store, came: Iterable[Revision]) -> list[str]:
    """The kinds, as far as this person may write them, of which an imported record came that is here already."""
    imported: dict[str, set[str]] = defaultdict(set)
    for link in (revision.envelope for revision in came):
        if is_imported(link.record):
            imported[link.kind].add(link.record)
    return sorted(
        kind
        for kind, records in imported.items()
        if may_write(store.seat.role, kind)
        and any(not records.isdisjoint(record.record for record in alike) for alike in records_twice(store, kind))
    )


def records_twice(store: Store, kind_name: str) -> list[list[Record]]:
    """The records of a kind that came of one row, at least one of them imported, the newest first; none withdrawn.

    Where the key of a kind does not tell its records apart, those are taken for one that are alike in every answer and that
    more than one seat wrote: one sheet may hold the same row several times.
    """
    kind = KINDS.get(kind_name)
    if kind is None or not kind.sheet.key:
        return []
    by_row: dict[Any, list[Record]] = defaultdict(list)
    for record in store.records_of(kind_name):
        key = None if record.withdrawn else key_of(kind, record.fields)
        if key is not None:
            whole = b"" if tells_apart(kind) else msgspec.json.encode(record.fields, order="deterministic")
            by_row[key, whole].append(record)
    several = [alike for alike in by_row.values() if len(alike) > 1 and any(is_imported(one.record) for one in alike)]
    return [alike for alike in several if tells_apart(kind) or len(_first_seats(store, alike)) > 1]


def _first_seats(store: Store, records: Iterable[Record]) -> set[str]:
    return {store.revisions(record.record)[0].envelope.seat for record in records}


def words_for(kind: Kind, twice: Sequence[Sequence[Record]]) -> str:
    """Which records are here twice, by name as far as there is room, and what to do."""
    named = ", ".join(kind.title(alike[0].fields) for alike in twice[:MOST_NAMED])
    more = f" and {len(twice) - MOST_NAMED} more" if len(twice) > MOST_NAMED else ""
    return f"A sheet was imported on two laptops. Withdraw one of each two: {named}{more}"
