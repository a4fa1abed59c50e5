"""Rows of a sheet that exist twice: two laptops, or one and the council, imported the sheet before they had exchanged records.

Each importer gave the rows its own identifiers (``sheets.keys``), so each row is two records. Nobody merges them: a person
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
"""The setting that names the kinds with rows imported twice until the person has read of it; '' if there are none."""

MOST_NAMED = 3


def kinds_imported_twice(store: Store, came: Iterable[Revision]) -> list[str]:
    """The kinds, among those this person may write, for which a record was received whose row is here already."""
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
    """Groups of records of a kind that come from one row, at least one of them imported, newest first, without withdrawn ones.

    If the key of a kind does not identify a row, records are grouped if all answers are equal and more than one seat wrote
    them: one sheet may contain the same row several times.
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
    several = [alike for alike in by_row.values() if len(alike) > 1 and any(is_imported(row.record) for row in alike)]
    return [alike for alike in several if tells_apart(kind) or len(_first_seats(store, alike)) > 1]


def _first_seats(store: Store, records: Iterable[Record]) -> set[str]:
    return {store.revisions(record.record)[0].envelope.seat for record in records}


def words_for(kind: Kind, twice: Sequence[Sequence[Record]]) -> str:
    """A sentence that names some of the records that exist twice, and says what to do."""
    named = ", ".join(kind.title(alike[0].fields) for alike in twice[:MOST_NAMED])
    more = f" and {len(twice) - MOST_NAMED} more" if len(twice) > MOST_NAMED else ""
    return f"A sheet was imported on two laptops. Withdraw one of each two: {named}{more}"
