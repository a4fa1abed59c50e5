"""A long text as paragraphs in reading order, each with its mark and the further answers of its kind.

Must not read the store.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from hipss_desktop.records.changes import unit_label
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import Field, Fields, Namer, as_text, is_nothing
from hipss_desktop.records.fold import row_id
from hipss_desktop.records.paragraphs import MARK, MARKS, PLACE, TEXT, mark_words, rows_in_order

UNKNOWN_ICON = "help"
"""The icon of a mark that this program does not know."""


@dataclass(frozen=True)
class ParagraphView:
    """One paragraph as it is shown.

    Attributes:
        id: the identifier of its row, '' if the row has none.
        number: its place among the paragraphs, counted from 1.
        mark: its code, '' for none; ``label`` is the mark in words, ``icon`` the name of its icon.
        over: the heading over it and the paragraphs that follow, '' if it is under the heading of the one before.
        words: its text, with its line breaks.
        more: the further answers of its row, in words; '' if there are none.
        changed: whether the newest amendment wrote it.
        unreadable: whether part of it cannot be read, and is shown unchanged.
    """

    id: str
    number: int
    mark: str
    label: str
    icon: str
    words: str
    more: str = ""
    changed: bool = False
    unreadable: bool = False
    over: str = ""

    @property
    def name(self) -> str:
        """Its name for a screen reader: "Paragraph 5, opinion"."""
        return f"Paragraph {self.number}{f', {self.label.lower()}' if self.label else ''}"

    @property
    def spoken(self) -> str:
        """The whole of it for a screen reader: "Paragraph 5, opinion. He was probably with the older boys again."."""
        return f"{self.name}. {self.words}"


def mark_icon(mark: str) -> str:
    """The name of a mark's icon, '' for no mark."""
    code = code_list(MARKS).get(mark) if mark else None
    return code.more.get("icon", UNKNOWN_ICON) if code is not None else UNKNOWN_ICON if mark else ""


def paragraph_views(
    field: Field,
    value: Any,
    name: Namer | None = None,
    *,
    unread: Set[str] = frozenset(),
    before: Mapping[str, Fields] | None = None,
    over: Mapping[str, str] | None = None,
) -> tuple[ParagraphView, ...] | None:
    """The paragraphs of a text in order, without blank ones; None if the value contains anything but rows.

    Args:
        field: the field of the text.
        value: the text in a body.
        name: gives the name of a record that a paragraph refers to.
        unread: the paths of answers that do not fit.
        before: the rows that the newest amendment changed, by their unit, as its author saw them.
        over: the heading of each, in reading order; None if they are in the order of their places.
    """
    rows = rows_in_order(value)
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in rows):
        return None
    places = {row: place for place, row in enumerate(over or ())}
    rows = sorted(rows, key=lambda row: places.get(row_id(row), len(places)))
    written = [row for row in rows if not field.is_blank(row)]
    heads = [(over or {}).get(row_id(row), "") for row in written]
    changed = before or {}
    return tuple(
        ParagraphView(
            id=row_id(row),
            number=number,
            mark=as_text(row.get(MARK)),
            label=mark_words(as_text(row.get(MARK))),
            icon=mark_icon(as_text(row.get(MARK))),
            words=as_text(row.get(TEXT)).strip(),
            more=_more(field, row, name, has_heading=over is not None),
            changed=(unit := f"{field.name}/{row.get('id')}") in changed and _says_other(row, changed[unit]),
            unreadable=any(path.startswith(f"{unit}/") for path in unread),
            over=heads[number - 1] if number == 1 or heads[number - 1] != heads[number - 2] else "",
        )
        for number, row in enumerate(written, start=1)
    )


def _says_other(row: Fields, before: Fields) -> bool:
    return any(row.get(part) != before.get(part) for part in (MARK, TEXT))


def _more(field: Field, row: Fields, name: Namer | None, *, has_heading: bool) -> str:
    """The further answers of a row: the fields of its own kind that are asked for, then fields unknown to this version.

    Answers that are shown in the heading (``has_heading``) are left out.
    """
    read = next(iter(field.read([row]) or ()), None)
    described = [inner for inner in field.rows if inner.name not in (PLACE, MARK, TEXT)]
    described = [inner for inner in described if read is None or inner.shown(read)]
    described = [inner for inner in described if not (has_heading and inner.type in ("code", "reference"))]
    answers = [(inner.label, inner.words(row.get(inner.name), name)) for inner in described]
    known = {"id", *(inner.name for inner in field.rows)}
    answers += [
        (unit_label(None, name), as_text(row[name])) for name in sorted(set(row) - known) if not is_nothing(row[name])
    ]
    return "; ".join(label if words == "Yes" else f"{label}: {words}" for label, words in answers if words)


def counted(paragraphs: Sequence[ParagraphView]) -> str:
    """The number of paragraphs with each mark: "2 fact, 1 said, 1 opinion, 2 of 6 not marked"."""
    marks: dict[str, int] = {}
    for paragraph in paragraphs:
        if paragraph.mark:
            marks[paragraph.label] = marks.get(paragraph.label, 0) + 1
    counts = [f"{count} {label.lower()}" for label, count in marks.items()]
    unmarked_count = sum(not paragraph.mark for paragraph in paragraphs)
    return ", ".join([*counts, *([f"{unmarked_count} of {len(paragraphs)} not marked"] if unmarked_count else [])])
