"""Finding the records that a record refers to, in its fields and rows, for links, words, import, export and history.

Must not look a record up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hipss_desktop.records.fields import Field


@dataclass(frozen=True)
class Reference:
    """A reference from one record to another.

    Attributes:
        field: the field with the reference.
        path: the place of the field: "children", or "attendees/<row id>/colleague" inside a row.
        record: the identifier of the record referred to.
    """

    field: Field
    path: str
    record: str

    @property
    def role(self) -> str:
        """The path without the row's identifier: "attendees/colleague"."""
        name, _, inner = self.path.partition("/")
        return f"{name}/{inner.rpartition('/')[2]}" if inner else name


def references(fields: Iterable[Field], record: Any, prefix: str = "") -> Iterator[Reference]:
    """All references of a record (or a row) as read, in the order of its description."""
    for field in fields:
        if not field.refers:
            continue
        value = getattr(record, field.name)
        path = prefix + field.name
        if field.type == "rows":
            for row in value:
                yield from references(field.rows, row, f"{path}/{row.id}/")
        else:
            for named in referred(field, value):
                yield Reference(field, path, named)


def referred(field: Field, value: Any) -> list[str]:
    """The records that one answer refers to, from a body or a record as read; a value that does not fit refers to none."""
    if not field.options.refers_to:
        return []
    several = value if isinstance(value, list) else []
    return [
        target for target in (several if field.type == "references" else [value]) if isinstance(target, str) and target
    ]
