"""Keys: the fields that identify the records of a sheet, and the identifier that an imported row gets from them.

Each laptop, and the council, has a secret, and under it the same row always gets the same identifier. Nobody else can
compute the identifier of a record that is to be imported, and use it first. Must not look a record up.
"""

import hashlib
import hmac
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from hipss_desktop import times
from hipss_desktop.records.fields import UNREADABLE, Field, Fields, as_text, is_nothing
from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets.names import named, plain

IMPORTED = uuid.UUID("3f6a1c1e-52c5-5d0b-9a44-6f0b7b2f8d10")
"""The namespace (RFC 9562, version 5) of the identifiers that old imports derived without a secret; never changed."""

Spelled = Callable[[str], str]
"""A function that gives the form in which texts are compared. Identifiers stay as they were: their form never changes."""

Identify = Callable[[str], str]
"""A function from the name that a row's key gives it to the identifier of its new record."""


def key_of(kind: Kind, fields: Fields) -> tuple[Any, ...] | None:
    """The key that identifies this record in its kind, however it is spelled; None if a required part is empty or unreadable."""
    return _key(kind, fields, named)


def _key(kind: Kind, fields: Fields, spelled: Spelled) -> tuple[Any, ...] | None:
    parts = [_part(kind, kind.by_name[name], fields.get(name), spelled) for name in kind.sheet.key]
    needed = [name not in kind.sheet.optional_key for name in kind.sheet.key]
    if all(part is None for part in parts) or any(
        part is None and is_needed for part, is_needed in zip(parts, needed, strict=True)
    ):
        return None
    return tuple(parts)


def tells_apart(kind: Kind) -> bool:
    """Whether a kind's key identifies its records; a key whose parts may all be empty does not."""
    return not set(kind.sheet.key) <= set(kind.sheet.optional_key)


def identify_under(secret: bytes) -> Identify:
    """Return a function for identifiers that only the owner of this secret can compute: UUIDs of version 8 (RFC 9562, 5.8)."""

    def identify(name: str) -> str:
        digest = hmac.digest(secret, name.encode("utf-8", "surrogatepass"), hashlib.sha256)
        number = int.from_bytes(digest[:16], "big") & ~(0xF000 << 64) & ~(0xC000 << 48)
        return str(uuid.UUID(int=number | 8 << 76 | 2 << 62))

    return identify


def is_imported(record: str) -> bool:
    """Whether an import gave this identifier, under anybody's secret: only imports give identifiers of version 8."""
    try:
        return uuid.UUID(record).version == 8
    except ValueError:
        return False


def identifier_before(name: str) -> str:
    """The identifier that old imports derived from this name without a secret, the same on every laptop."""
    return str(uuid.uuid5(IMPORTED, name))


def name_of(kind: Kind, fields: Fields, number: int = 1, *, by_all: bool = False) -> str | None:
    """The name of an imported row, from its key; None if the key is empty.

    Args:
        kind, fields: the row's kind and answers.
        number: the number of the row among rows that are equal in every column.
        by_all: whether all answers are part of the name, because the sheet has other rows with this key.
    """
    key = _key(kind, fields, plain)
    if key is None:
        return None
    name = [kind.name, *key]
    if by_all:
        name.append(hashlib.sha256(msgspec.json.encode(fields, order="deterministic")).hexdigest())
    if number > 1:
        name.append(number)
    return msgspec.json.encode(name).decode()


def _part(kind: Kind, field: Field, value: Any, spelled: Spelled) -> Any:
    """The part of a key field that identifies a record: for a list of rows, the named fields of its first row."""
    if is_nothing(value) or field.read(value) is UNREADABLE:
        return None
    if field.type == "rows":
        first: Mapping[str, Any] = next((row for row in value if isinstance(row, Mapping)), {})
        return tuple(spelled(as_text(first.get(name))) for name in kind.sheet.key_of_rows[field.name])
    if field.type == "instant":
        return times.epoch_ms(value)
    if isinstance(value, str):
        return spelled(value)
    return tuple(map(as_text, value)) if isinstance(value, list) else value
