"""Doubts: what several records of a kind, read together, cannot all mean, such as two main placements of one child at once.

A doubt stops nothing: import and doctor name it, and a person amends one of the records. Must not know any kind.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hipss_desktop.records.fields import Fields
from hipss_desktop.records.kind import Kind


@dataclass(frozen=True)
class Doubt:
    """The records, earliest first, and a sentence that names them by reference and says what to do."""

    records: tuple[str, ...]
    words: str


def doubts_of(kind: Kind, bodies: Iterable[tuple[str, Fields]]) -> Iterator[Doubt]:
    """The doubts about all records of a kind that count, each given with its identifier."""
    if kind.doubts is not None:
        read: dict[str, Any] = {record: kind.read(body) for record, body in bodies}
        for records, words in kind.doubts(read):
            yield Doubt(records, words)
