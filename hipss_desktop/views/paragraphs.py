"""A long text as its paragraphs are read: in their order, each with its mark, and what else its kind asks of it.

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
    """One paragraph as it reads.

    Attributes:
        id: of its row, '' of one that has none.
        number: its place among the paragraphs, counted from 1.
        mark: its code, '' for none; ``label`` is it in words, ``icon`` the name of its icon.
        over: what stands over it and those that follow, '' where that is what stands over the one before.
        words: what is written, with its line breaks.
        more: what else its row says, in words; '' for nothing.
        changed: the newest amendment wrote it.
        unreadable: part of it does not fit, and is shown as it stands.
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
        """What it is called aloud: "Paragraph 5, opinion"."""
        return f"Paragraph {self.number}{f', {self.label.lower()}' if self.label else ''}"

    @property
    def spoken(self) -> str:
        """The whole of it aloud: "Paragraph 5, opinion. He was probably with the older boys again."."""
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
    """The paragraphs of a text in their order, without those that are blank; None where the value holds what is no row.

    Args:
        field: the field that holds the text.
        value: it as it stands in a body.
        name: says what a record is called that a paragraph refers to.
        unread: the paths of answers that do not fit.
        before: the rows that the newest amendment changed, by their unit, as its author saw them.
        over: what stands over each, in the order in which they are read; None where they are read by their places.
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
            more=_more(field, row, name, told=over is not None),
            changed=(unit := f"{field.name}/{row.get('id')}") in changed and _says_other(row, changed[unit]),
            unreadable=any(path.startswith(f"{unit}/") for path in unread),
            over=heads[number - 1] if number == 1 or heads[number - 1] != heads[number - 2] else "",
        )
        for number, row in enumerate(written, start=1)
    )


def _says_other(row: Fields, before: Fields) -> bool:
    return any(row.get(part) != before.get(part) for part in (MARK, TEXT))


def _more(field: Field, row: Fields, name: Namer | None, *, told: bool) -> str:
    """What a row says beside its words: the fields of its own kind that are asked of it, then what this version does not know.

    What it stands under is ``told`` over it, where a kind says that.
    """
    read = next(iter(field.read([row]) or ()), None)
    described = [inner for inner in field.rows if inner.name not in (PLACE, MARK, TEXT)]
    described = [inner for inner in described if read is None or inner.shown(read)]
    described = [inner for inner in described if not (told and inner.type in ("code", "reference"))]
    found = [(inner.label, inner.words(row.get(inner.name), name)) for inner in described]
    known = {"id", *(inner.name for inner in field.rows)}
    found += [
        (unit_label(None, name), as_text(row[name])) for name in sorted(set(row) - known) if not is_nothing(row[name])
    ]
    return "; ".join(label if words == "Yes" else f"{label}: {words}" for label, words in found if words)


def counted(paragraphs: Sequence[ParagraphView]) -> str:
    """How many paragraphs have which mark: "2 fact, 1 said, 1 opinion, 2 of 6 not marked"."""
    marks: dict[str, int] = {}
    for paragraph in paragraphs:
        if paragraph.mark:
            marks[paragraph.label] = marks.get(paragraph.label, 0) + 1
    found = [f"{count} {label.lower()}" for label, count in marks.items()]
    left = sum(not paragraph.mark for paragraph in paragraphs)
    return ", ".join([*found, *([f"{left} of {len(paragraphs)} not marked"] if left else [])])
