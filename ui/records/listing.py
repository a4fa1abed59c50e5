"""What a list shows of each record, read a page at a time: the list that is made from a kind's description.

Its columns, chips and words are those of the kind; a list arranged by hand is in ``ui.records.listings_by_hand``. Runs on a
reader thread; must not draw anything.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fields import Field, FieldType, every_field
from hipss_desktop.records.folding import folded
from hipss_desktop.records.kind import Kind
from hipss_desktop.services.people import findable_kinds
from hipss_desktop.services.ports import Record, SyncState, unique
from hipss_desktop.views.services import Services
from hipss_desktop.views.tags import coded_tag
from ui.base.sync_words import SYNC_WORDS
from ui.parts import Cell
from ui.records.timeline import spec

PAGE = 60
"""Rows fetched at a time."""
MOST_FOUND = 100
"""The most that a filter shows; more words find fewer."""
ALL = "all"
"""The choice that leaves nothing out."""


class ListRow(msgspec.Struct, frozen=True):
    """One row: the record it opens, what the next page is asked for after, and its cells."""

    record: str
    after: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in pixels at 100 % text size (0 takes what is left), and how soon it goes.

    Where there is no room for all, the columns with the highest ``goes`` go first; 0 stays.
    """

    heading: str
    width: int
    goes: int = 0


Fetch = Callable[[Services, str, str, int | None], Sequence[ListRow]]
"""From the words typed, the choice made and the last row's ``after`` (None for the first page) to the next rows."""
FetchAll = Callable[[Services, str, str, Sequence[str]], Sequence[ListRow]]
"""From the words typed, the choice made and what each narrowing is set to ('' for all) to all rows."""


@dataclass(frozen=True)
class Narrowing:
    """A drop-down list above a list: its name, the words of its first choice, which leaves nothing out, and the others."""

    name: str
    every: str
    options: Callable[[Services], Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Listing:
    """A list: its columns, its pages, and the stages to choose from, the first of which is chosen when it opens.

    ``counts`` are the words beside its title where they say more than how many there are. ``narrowed`` fetches what the
    ``narrowings`` leave: of few records, so that all come at once.
    """

    columns: tuple[Column, ...]
    fetch: Fetch
    choices: tuple[tuple[str, str], ...] = ()
    new_icon: str = "plus"
    counts: Callable[[Services], str] | None = None
    narrowings: tuple[Narrowing, ...] = ()
    narrowed: FetchAll | None = None


def sync_cell(state: SyncState) -> Cell:
    """How a record stands with the council."""
    needs = state == "needs_you"
    return Cell(SYNC_WORDS[state].row, strong=needs, tone="amber" if needs else "muted", icon="alert" if needs else "")


def people_page(services: Services, kind: str, typed: str, stage: str, before: int | None) -> list[tuple[int, Record]]:
    """The next people of a kind by name, numbered by their place; people are few and held in memory."""
    found = services.people.of_kind(kind)
    if typed.strip():
        order = list(
            dict.fromkeys(person.record for person in services.people.find(typed, kinds=(kind,), limit=MOST_FOUND))
        )
        found = [person for record in order if (person := services.people.record(record)) is not None]
    if stage:
        found = [record for record in found if KINDS[kind].stage_of(KINDS[kind].of(record)) == stage]
    start = 0 if before is None else before + 1
    return list(enumerate(found))[start : start + PAGE]


def records_page(services: Services, kind: Kind, typed: str, stage: str, before: int | None) -> list[Record]:
    """The next records of a kind, newest first; what words find comes whole, with the first page."""
    if not typed.strip():
        return services.store.records_of(kind.name, stage=stage, before=before, limit=PAGE)
    return found_by_words(services, kind, typed, stage) if before is None else []


def found_by_words(services: Services, kind: Kind, typed: str, stage: str = "") -> list[Record]:
    """The records of a kind in which the words occur, and those about somebody whose name begins so."""
    plain = folded(typed)
    found = services.store.search(typed, kind=kind.name, stage=stage, limit=MOST_FOUND)
    named = {field.options.refers_to for field in every_field(kind.fields)} & set(findable_kinds())
    for person in services.people.find(typed, kinds=tuple(named), limit=3) if named else ():
        if any(word.startswith(plain) for name in person.found_by for word in (name, *name.split())):
            about = services.store.records_about(person.record, kind=kind.name, limit=MOST_FOUND)
            found += [record for record in about if stage in ("", kind.stage_of(kind.of(record)))]
    return sorted(unique(found), key=lambda record: -record.id)[:MOST_FOUND]


# --- the list of a kind ---


WIDTHS: dict[FieldType, int] = {
    "instant": 214, "day": 164, "code": 180, "codes": 180, "reference": 170, "references": 180, "phone": 140,
    "number": 100, "tick": 100, "yes_no": 100, "rows": 110, "lines": 180, "text": 180, "strokes": 180,
}  # fmt: skip
"""Pixels at 100 % text size."""
WIDEST_FIRST: tuple[FieldType, ...] = ("text", "reference", "references", "lines", "codes", "rows")
"""The first column of the first of these types takes the room that is left; one of several lines goes before them."""
DATED: tuple[FieldType, ...] = ("day", "instant")
MOST_SHOWN = 200
"""Characters: more of a long text is never seen in a row."""
STAYS, STAGE_GOES, FIRST_GOES, OTHERS_GO = 0, 1, 2, 3
"""How soon columns go: the widest never, the stage last, then the first, then the others from the right."""


def made_from(kind: Kind) -> Listing:
    """The list of a kind, from its columns and its stage."""
    shown = [kind.by_name[name] for name in kind.columns]
    widest = _widest(shown)
    strong = next((field for field in shown if field.type not in DATED), widest)
    columns = [
        Column(
            field.label,
            0 if field is widest else WIDTHS["text" if field.by_paragraph else field.type],
            _goes(kind, field, at, widest),
        )
        for at, field in enumerate(shown)
    ]
    rows_of = partial(_rows, kind, shown, widest, strong)
    choices = ((ALL, "All"), *stage_choices(kind)) if kind.stage else ()
    return Listing((*columns, Column("Sent", 104, OTHERS_GO + len(shown))), rows_of, choices)


def stage_choices(kind: Kind) -> list[tuple[str, str]]:
    """The stages of a kind: those it describes, else the codes of its stage field."""
    codes = [stage.code for stage in kind.stages] or [code.code for code in kind.by_name[kind.stage].choices.codes]
    return [(code, kind.stage_label(code)) for code in codes]


def _widest(shown: Sequence[Field]) -> Field:
    long = (field for field in shown if field.options.lines > 1)
    typed = (field for type_ in WIDEST_FIRST for field in shown if field.type == type_)
    return next(long, None) or next(typed, shown[-1])


def _goes(kind: Kind, field: Field, at: int, widest: Field) -> int:
    if field is widest:
        return STAYS
    if field.name == kind.stage:
        return STAGE_GOES
    return FIRST_GOES if at == 0 else OTHERS_GO + at


def _rows(
    kind: Kind, shown: Sequence[Field], widest: Field, strong: Field, services: Services, typed: str, choice: str,
    before: int | None,
) -> list[ListRow]:  # fmt: skip
    stage = "" if choice == ALL else choice
    found: Iterable[tuple[int, Record]]
    if kind.findable:
        found = people_page(services, kind.name, typed, stage, before)
    else:
        found = ((record.id, record) for record in records_page(services, kind, typed, stage, before))
    return [
        ListRow(
            record.record,
            after,
            (
                *(
                    _cell(services, kind, record, field, strong=field is strong, widest=field is widest)
                    for field in shown
                ),
                sync_cell(record.state),
            ),
        )
        for after, record in found
    ]


def _cell(services: Services, kind: Kind, record: Record, field: Field, *, strong: bool, widest: bool) -> Cell:
    """One answer in a row; where the record was withdrawn, the widest cell says so, as that one is always seen."""
    value = record.fields.get(field.name)
    if record.withdrawn:
        words = _words(services, kind, record, field, value)
        if widest:
            return Cell(f"Withdrawn. {words}".strip(), tone="muted", icon="xc")
        return Cell(words, tone="muted")
    code = field.choices.get(value) if field.type == "code" and isinstance(value, str) else None
    if code is not None and code.more.get("tone") in ("risk", "amber"):
        return Cell(tags=(spec(coded_tag(code)),))
    words = _words(services, kind, record, field, value)
    spoken = (
        f"{words} {field.label.lower()}"
        if field.type == "rows" and not field.by_paragraph and words.isdecimal()
        else ""
    )
    return Cell(words, strong=strong, spoken=spoken)


def _words(services: Services, kind: Kind, record: Record, field: Field, value: Any) -> str:
    if field.name == kind.stage:
        return kind.stage_label(kind.stage_of(kind.of(record)))
    if field.type == "rows" and isinstance(value, list) and not field.by_paragraph:
        return str(len(value)) if value else ""
    if field.type == "instant" and isinstance(moment := getattr(kind.of(record), field.name), datetime):
        return f"{times.long_day(times.local_day(moment))}, {times.clock_time(moment)}"
    return " ".join(field.words(value, services.names.name)[:MOST_SHOWN].split())
