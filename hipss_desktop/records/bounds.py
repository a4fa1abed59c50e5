"""Limits on the size of one revision, so that none can slow down or stop everybody who reads it.

People write far less than these limits. A larger revision is refused before it is signed, and reported with its line if it
is in a sheet. If another program signed it, the council holds it back. Must not look at a kind.
"""

from collections.abc import Collection

from hipss_desktop.records.fields import Fields
from hipss_desktop.records.revision import LARGEST_BODY, body_bytes

MOST_ROWS = 2_000
"""The most rows in all lists of one body together."""
MOST_CHANGED = 4_000
"""The most units that one revision may change: fields, and rows of lists."""
MOST_PARENTS = 1_000
"""The most revisions that one revision may have as parents."""
TOO_LONG = "This record is too long to send. Shorten it, or put part of it in a second record."


def beyond_bounds(fields: Fields, changed: Collection[str], parents: Collection[str] = ()) -> str:
    """The reason why a revision is too large, with what to do about it; '' if it is not."""
    rows = sum(len(value) for value in fields.values() if isinstance(value, list))
    if rows > MOST_ROWS or len(changed) > MOST_CHANGED:
        return f"This record has more than {MOST_ROWS:,} entries in its lists. Put part of them in a second record."
    if len(parents) > MOST_PARENTS:
        return "This record was changed on too many laptops at once. Sync, open it again, then change it."
    return ""


def too_long(fields: Fields, changed: Collection[str]) -> str:
    """The reason why a body is too large, as ``beyond_bounds``, including the length of the signed text."""
    return beyond_bounds(fields, changed) or (
        TOO_LONG if len(body_bytes(fields, list(changed), "")) > LARGEST_BODY else ""
    )
