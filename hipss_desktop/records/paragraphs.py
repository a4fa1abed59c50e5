"""Long text in paragraphs: a list of rows, each with its place, its mark and its words.

A mark says what kind of statement the words are: fact, said, opinion, third party, decision (national minimum standard
26.5: entries distinguish fact, opinion and third-party information). It is part of the row, so it stays with its words in
every amendment. The fold sorts rows by identifier, so each row has a place: a fraction between those of its neighbours. A
body may contain anything instead of rows; that is shown unchanged. Must not know any kind.
"""

import bisect
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import msgspec

from hipss_desktop import identity
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.describing import field

MARKS = "paragraph_mark"
"""The code list of the marks."""
PLACE, MARK, TEXT = "place", "mark", "text"
"""The fields of a paragraph; further fields of a row derived from it belong to its kind."""


class Paragraph(msgspec.Struct):
    """One paragraph. A kind that needs more fields derives its own row from this one."""

    id: str
    place: Annotated[str, field("Place", searchable=False)] = ""
    mark: Annotated[str, field("Mark", choices=MARKS)] = ""
    text: Annotated[str, field("Text", lines=3)] = ""


P = TypeVar("P", bound=Paragraph)

_BASE = 10
WHOLE = "whole"
"""The identifier of the paragraph that an older plain text is read as. It is the same on every laptop.

So amendments of that paragraph on two laptops are amendments of one paragraph.
"""
FIRST_PLACE = "5"


def in_order(paragraphs: Iterable[P]) -> list[P]:
    """The paragraphs in reading order: by place, and at one place by identifier, so that all laptops agree."""
    return sorted(paragraphs, key=lambda paragraph: (paragraph.place, paragraph.id))


def rows_in_order(value: Any) -> list[Any]:
    """The entries of a list in a body, in reading order; entries that are not rows come last."""
    entries = value if isinstance(value, list) else []
    rows = [entry for entry in entries if isinstance(entry, Mapping)]
    return [*sorted(rows, key=_order), *(entry for entry in entries if not isinstance(entry, Mapping))]


def _order(row: Mapping[str, Any]) -> tuple[str, str]:
    place, name = row.get(PLACE), row.get("id")
    return place if isinstance(place, str) else "", name if isinstance(name, str) else ""


def mark_words(mark: str) -> str:
    """A mark in words, "Third party"; '' for none, an unknown mark unchanged."""
    return code_list(MARKS).label(mark) if mark else ""


def marked(mark: str, text: str) -> str:
    """A paragraph in words, its mark before it: "Opinion: He was probably with the older boys again."."""
    return f"{mark_words(mark)}: {text}" if mark else text


def text_of(paragraphs: Iterable[Paragraph]) -> str:
    """The words of a text, one paragraph a line, each with its mark; '' if nothing is written."""
    return "\n".join(marked(row.mark, row.text.strip()) for row in in_order(paragraphs) if row.text.strip())


def one_paragraph(text: str) -> list[dict[str, str]]:
    """An older plain text as rows: one paragraph, whatever lines it has; no rows for a blank text.

    Raises:
        TypeError: the value is not a text. The caller then leaves it unchanged.
    """
    if not isinstance(text, str):
        raise TypeError("what is read as a paragraph is no text")
    return [{"id": WHOLE, PLACE: FIRST_PLACE, TEXT: text}] if text.strip() else []


def written(value: Any, before: Any = None) -> Any:
    """Rows with identifiers and places, from a text that a person wrote in one go, or from rows.

    Args:
        value: a plain text, of which each line that is not blank is a paragraph; or rows, which are taken to be in reading order
            if one of them has no place.
        before: the earlier rows. A line with the same words as one of them remains that row, with its mark.

    Any other value, or a list with an entry that is not a row, is returned unchanged.
    """
    if isinstance(value, str):
        unmatched_rows = [row for row in rows_in_order(before) if isinstance(row, Mapping)]
        rows = [_same(line.strip(), unmatched_rows) for line in value.splitlines() if line.strip()]
    elif isinstance(value, list) and all(isinstance(row, Mapping) and row for row in value):
        rows = [{"id": identity.row_id(), **row} for row in value]
        if all(PLACE in row for row in rows):
            return rows
    else:
        return value
    places = placed([place if isinstance(place := row.get(PLACE), str) else "" for row in rows])
    return [{**row, PLACE: place} for row, place in zip(rows, places, strict=True)]


def _same(line: str, unmatched_rows: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The row with these words, removed from the rows that are left; a new row if there is none."""
    same_row = next((row for row in unmatched_rows if str(row.get(TEXT, "")).strip() == line), None)
    if same_row is None:
        return {"id": identity.row_id(), TEXT: line}
    unmatched_rows.remove(same_row)
    return same_row


# --- places ---


def place_between(before: str, after: str) -> str:
    """A place between two others: decimals of a fraction below one, without trailing zeros, compared as text.

    Args:
        before: the place of the paragraph above, '' at the beginning.
        after: the place of the paragraph below, '' at the end.

    If both are equal, or not decimals in order (written by an older or another program), the place is right after
    ``before``.
    """
    if not is_place(before) or not is_place(after) or (after and before >= after):
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


def is_place(place: str) -> bool:
    """Whether a place is decimals of a fraction without trailing zeros, or '' for the beginning or the end."""
    return not place or (place.isascii() and place.isdigit() and not place.endswith("0"))


def placed(places: Sequence[str]) -> list[str]:
    """The places of paragraphs in this order, with as few changed as possible.

    Args:
        places: each paragraph's present place, '' for a new one.

    Returns:
        Places in rising order. If a paragraph was moved, only its own place is new.
    """
    unmoved_indexes = _rising(places)
    new_places = list(places)
    first = 0
    for end in [*sorted(unmoved_indexes), len(places)]:
        before, after = (new_places[first - 1] if first else ""), (new_places[end] if end < len(places) else "")
        _spread(new_places, first, end, before, after)
        first = end + 1
    return new_places


def _spread(places: list[str], first: int, end: int, before: str, after: str) -> None:
    """Give the paragraphs from ``first`` to ``end`` places between two others, the middle one first to keep places short."""
    if first < end:
        middle = (first + end) // 2
        places[middle] = place_between(before, after)
        _spread(places, first, middle, before, places[middle])
        _spread(places, middle + 1, end, places[middle], after)


def _rising(places: Sequence[str]) -> set[int]:
    """The indexes of the paragraphs that keep their places: the longest rising subsequence of valid places."""
    ends: list[int] = []
    before: dict[int, int] = {}
    for at, place in enumerate(places):
        if not place or not is_place(place):
            continue
        low = bisect.bisect_left(ends, place, key=lambda end: places[end])
        before[at] = ends[low - 1] if low else -1
        ends[low : low + 1] = [at]
    indexes, at = set[int](), ends[-1] if ends else -1
    while at >= 0:
        indexes.add(at)
        at = before[at]
    return indexes
