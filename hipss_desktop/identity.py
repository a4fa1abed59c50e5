"""Makes identifiers for records and rows on the laptop: each is unique, and they sort by the time when they were made.

An identifier must not say anything about a person: it says when it was made and nothing else.
"""

import hashlib
import uuid
from datetime import date

import uuid_utils


def record_id() -> str:
    """A new record's identifier, a UUIDv7 (RFC 9562 section 5.7) in lower-case hexadecimal with hyphens."""
    return str(uuid_utils.uuid7())


def row_id() -> str:
    """A new identifier for a row of a record's list. It sorts by the time when it was made."""
    return uuid_utils.uuid7().hex


MADE = uuid.UUID("5b0e6d0a-8a3c-5f7b-9d55-2f6f1f0c7d41")
"""The namespace (RFC 9562, version 5) for the identifiers of records that follow from others. It must never change."""


def made_record_id(record: str, kind: str, key: str) -> str:
    """The identifier of a record that follows from another one. ``key`` is the row or code; every laptop computes the same."""
    return str(uuid.uuid5(MADE, "\n".join((record, kind, key))))


def dated_row_id(on: date, text: str) -> str:
    """The identifier of a row for a text as it was on a day. It sorts by the day and is the same on every laptop."""
    return f"{on:%Y%m%d}{uuid.uuid5(MADE, text).hex}"


CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 without the letters that are misread (Crockford): no I, L, O and U."""
REFERENCE_LENGTH = 7
LONGEST_PREFIX = 4


def reference(prefix: str, record: str) -> str:
    """A short reference that people can read out, "C-7K3M9QX": computed from the identifier, the same on every laptop."""
    return f"{prefix}-{reference_characters(record)}"


def reference_characters(record: str) -> str:
    """The seven characters of a record's reference, from a digest of its identifier."""
    number = int.from_bytes(hashlib.sha256(record.encode()).digest()[:5], "big") >> (40 - 5 * REFERENCE_LENGTH)
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(REFERENCE_LENGTH)))


MISREAD = str.maketrans("ILOU", "110V")


def typed_reference(text: str) -> tuple[str, str]:
    """A typed reference as prefix and seven characters, "c 7k3 m9qx" as ("C", "7K3M9QX"); ("", "") for other text.

    The prefix may be left out. Letters that are easily misread count as what they look like (I and L as 1, O as 0, U as V).
    Spaces and dashes do not matter.
    """
    plain = "".join(character for character in text.upper() if character.isalnum())
    prefix, characters = plain[:-REFERENCE_LENGTH], plain[-REFERENCE_LENGTH:].translate(MISREAD)
    fits = len(characters) == REFERENCE_LENGTH and all(character in CROCKFORD for character in characters)
    may_begin = not prefix or (prefix.isalpha() and len(prefix) <= LONGEST_PREFIX)
    return (prefix, characters) if fits and may_begin else ("", "")
