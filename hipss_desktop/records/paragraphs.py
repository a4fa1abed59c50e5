"""Long text that is weighed paragraph by paragraph: a list of rows, each with its place, its mark and its words.

A mark says how the words are to be read: fact, said, opinion, third party, decision (national minimum standard 26.5: entries
distinguish fact, opinion and third-party information). It stands in the row, so it stays with its words whatever is amended.
Rows come from the fold in the order of their identifiers, so each has a place: a fraction between those of its neighbours.
Must not know any kind.
"""

from collections.abc import Iterable
from typing import Annotated, TypeVar

import msgspec

from hipss_desktop.records.fields import field

MARKS = "paragraph_mark"
"""The code list of the marks."""


class Paragraph(msgspec.Struct):
    """One paragraph. A kind that asks more of each derives its own row from this one."""

    id: str
    place: Annotated[str, field("Place", searchable=False)] = ""
    mark: Annotated[str, field("Mark", choices=MARKS)] = ""
    text: Annotated[str, field("Text", lines=3)] = ""


P = TypeVar("P", bound=Paragraph)

_BASE = 10


def in_order(paragraphs: Iterable[P]) -> list[P]:
    """The paragraphs in the order in which they are read: by place; those of one place by identifier, on every laptop alike."""
    return sorted(paragraphs, key=lambda paragraph: (paragraph.place, paragraph.id))


def place_between(before: str, after: str) -> str:
    """A place between two others: the decimals of a fraction of one, without trailing noughts, compared as text.

    Args:
        before: the place of the paragraph above, '' at the beginning.
        after: the place of the paragraph below, '' at the end.

    Where both are alike, or are not decimals in order, as an older program or a stranger may have written them, the place is
    one right after ``before``.
    """
    if not _is_place(before) or not _is_place(after) or (after and before >= after):
        return f"{before}5"
    decimals: list[str] = []
    position, below_after = 0, bool(after)
    while True:
        low = int(before[position]) if position < len(before) else 0
        high = int(after[position]) if below_after and position < len(after) else _BASE
        if high - low > 1:
            return "".join([*decimals, str((low + high) // 2)])
        decimals.append(str(low))
        below_after = below_after and high == low
        position += 1


def _is_place(place: str) -> bool:
    return not place or (place.isascii() and place.isdigit() and not place.endswith("0"))
