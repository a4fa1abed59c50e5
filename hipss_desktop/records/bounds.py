"""How much one revision may hold, so that none can slow down or stop everybody who reads it.

The most of what people write is far below. What is beyond is refused before it is signed, named in a sheet by its line, and
held back by the council if it was signed all the same. Must not look at a kind.
"""

from collections.abc import Collection

from hipss_desktop.records.fields import Fields
from hipss_desktop.records.revision import LARGEST_BODY, body_bytes

MOST_ROWS = 2_000
"""Rows in all lists of one body together."""
MOST_CHANGED = 4_000
"""Units that one revision says it changed: fields, and rows of lists."""
MOST_PARENTS = 1_000
"""Revisions that one revision comes directly after."""
TOO_LONG = "This record is too long to send. Shorten it, or put part of it in a second record."


def beyond_bounds(fields: Fields, changed: Collection[str], parents: Collection[str] = ()) -> str:
    """Why a revision of this content is too large, as a sentence that says how to mend it; '' where it is not."""
    rows = sum(len(value) for value in fields.values() if isinstance(value, list))
    if rows > MOST_ROWS or len(changed) > MOST_CHANGED:
        return f"This record has more than {MOST_ROWS:,} entries in its lists. Put part of them in a second record."
    if len(parents) > MOST_PARENTS:
        return "This record was changed on too many laptops at once. Sync, open it again, then change it."
    return ""


def too_long(fields: Fields, changed: Collection[str]) -> str:
    """The same, with the length of the text as it would be signed."""
    return beyond_bounds(fields, changed) or (
        TOO_LONG if len(body_bytes(fields, list(changed), "")) > LARGEST_BODY else ""
    )
