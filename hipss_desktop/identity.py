"""Names for records and rows: made on the laptop, never twice the same, in the order of their making.

Must not hold anything about a person: an identifier says when it was made and nothing else.
"""

import uuid_utils


def record_id() -> str:
    """A new record's name, a UUIDv7 (RFC 9562 section 5.7) in lower-case hexadecimal with hyphens."""
    return str(uuid_utils.uuid7())


def row_id() -> str:
    """A name for a row inside a record's list: sorts by the time of its making."""
    return uuid_utils.uuid7().hex


def reference(prefix: str, record: str, year: int) -> str:
    """A short reference that people can read out, from the random end of the record's name: "C-2017-9F3A41"."""
    return f"{prefix}-{year}-{record.replace('-', '')[-6:].upper()}"
