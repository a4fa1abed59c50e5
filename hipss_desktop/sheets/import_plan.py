"""The import plan: what importing a sheet would do, the same for laptop, command line and council.

A row matches a record with the same key, or a record that an earlier import made from the same key: that record's identifier
was derived from the key, with this store's secret or, in old imports, without one. Answers that a sheet does not have are
never compared, cleared or filled in. An import makes no follow-up records. Must not write: the laptop and the council each save
the records in their own way.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic

from typing_extensions import TypeVar

from hipss_desktop import identity, times
from hipss_desktop.records.bounds import too_long
from hipss_desktop.records.changes import changed_units
from hipss_desktop.records.doubts import doubts_of
from hipss_desktop.records.fields import Field, Fields, is_nothing
from hipss_desktop.records.kind import Kind, Role
from hipss_desktop.records.paragraphs import PLACE, placed
from hipss_desktop.sheets import cells
from hipss_desktop.sheets.content import Content
from hipss_desktop.sheets.keys import Identify, identifier_before, key_of, name_of, tells_apart
from hipss_desktop.sheets.names import Held, Names
from hipss_desktop.sheets.problems import LineProblem
from hipss_desktop.sheets.reading import Row, read_sheet
from hipss_desktop.sheets.rows_named import identified, ids_of

H = TypeVar("H", bound=Held, default=Held)

WITHDRAWN = "This record was withdrawn, and the row has other answers. The row is not imported."
UNDECIDED = "One person withdrew this record and another amended it. Decide which is right, then import the row again."
INCOMPLETE = "Part of this record’s text is not here. Sync first, then import the row again."
MORE_THAN_ONE = "More than one record here has this row’s key. Withdraw all but one, or amend the right one by hand."
LOOKS_LIKE = (
    "{row} looks like {record} ({reference}), who is here already: {same}. Amend that record instead. If they are two, "
    "import again with --add-alike."
)
LOOKS_LIKE_ROW = (
    "{row} looks like {other} on line {line}: {same}. Take one of the two rows out. If they are two people, import again "
    "with --add-alike."
)
CLEANED = "Invisible marks were taken off this. It tells whether a row has been read before."
KEY_AMENDED = "The key of this row’s record was amended. Enter the present key in the row."


@dataclass(frozen=True)
class NewRow:
    """A row without a record here: the line, the identifier of its new record, its answers."""

    line: int
    record: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class ChangedRow(Generic[H]):
    """A row that differs from its record.

    Attributes:
        line: the line of the file.
        held: the record.
        fields: the record's answers with the row's changes.
        columns, value: the columns that differ, and what the cell says if only one does.
    """

    line: int
    held: H
    fields: dict[str, Any]
    columns: str
    value: str


@dataclass(frozen=True)
class Plan(Generic[H]):
    """What importing a sheet would do: rows to add, rows that differ, the number of rows known already, and every problem.

    ``doubts`` are said of rows that are added all the same.
    """

    new: list[NewRow]
    changed: list[ChangedRow[H]]
    known: int
    problems: list[LineProblem]
    doubts: list[LineProblem]


def plan(
    kind: Kind,
    content: Content,
    *,
    names: Names,
    held: Iterable[H],
    now: datetime,
    role: Role | None = None,
    identify: Identify = lambda name: identity.record_id(),
    add_alike: bool = False,
) -> Plan[H]:
    """Plan the import of a sheet.

    Args:
        kind: the kind of each row.
        content: the file's text, or the sheet of a workbook.
        names: the names of the records that the rows refer to.
        held: all records of the kind that are here; they are read once.
        now: the present moment, for times that may not be in the future.
        role: the role of the person who imports, for stages that not everybody may set; None if they may set any.
        add_alike: also add new rows that look like a record that is here under another key; else they are problems.
        identify: gives new records their identifiers (``keys.identify_under``); by default random ones, for a sheet
            that is imported only once.

    Returns:
        The results for valid rows, in file order, and all problems of other rows by line.

    Raises:
        UserError: the kind has no sheet.
    """
    sheet = read_sheet(kind, content, names)
    rows = [_without_mark(kind, row) for row in sheet.rows]
    numbered, problems = _numbered(kind, rows, identify)
    bad = [row for row in rows if row.wrong or key_of(kind, row.fields) is None]
    records_here = _RecordsHere(kind, numbered, bad, held, identify)
    new: list[NewRow] = []
    changed: list[ChangedRow[H]] = []
    known = 0
    for sheet_row, record, match in records_here.matches():
        row = sheet_row if isinstance(match, str) else _with_row_ids(kind, sheet_row, match.fields if match else {})
        if isinstance(match, str):
            problems.append(_problem(kind, row, kind.sheet.key[0], match))
        elif match is None:
            fields = _marked(kind, row, now)
            row_problems = _unfinished(kind, row, fields, now) or _stage_refused(kind, row, fields, row.fields, role)
            alike = "" if row_problems or add_alike else records_here.looks_like(fields)
            row_problems += [LineProblem(row.line, "", alike)] if alike else []
            problems += row_problems
            if not row_problems:
                new.append(NewRow(row.line, record, fields))
        elif differing := _differing(kind, row, match.fields):
            fields = kind.amended(match.fields, _taken_over(kind, row, match.fields, differing), times.local_day(now))
            blocked = _blocked(match)
            row_problems = [LineProblem(row.line, "", blocked)] if blocked else _unfinished(kind, row, fields, now)
            row_problems = row_problems or _stage_refused(kind, row, fields, differing, role)
            problems += row_problems
            if not row_problems:
                labels = ", ".join(kind.by_name[name].label for name in differing)
                value = row.cells.get(differing[0], "") if len(differing) == 1 else ""
                changed.append(ChangedRow(row.line, match, fields, labels, value))
        else:
            known += 1
    for row in bad:
        mark = {kind.sheet.marks: True} if kind.sheet.marks else {}  # the mark excuses what an old sheet lacks
        problems += _unfinished(kind, row, {**records_here.fields_of(row), **row.fields, **mark}, now)
    if not add_alike:
        new, alike_rows = _without_alike(kind, sorted(new, key=lambda row: row.line))
        problems += alike_rows
    by_line = sorted([*sheet.problems, *problems], key=lambda problem: problem.line)
    doubts = _doubts(kind, records_here.live, new, changed)
    doubts += [
        LineProblem(row.line, kind.by_name[name].label, CLEANED)
        for row in rows
        if row.line in {known_row.line for known_row in new}
        for name in row.cleaned
    ]
    doubts.sort(key=lambda doubt: doubt.line)
    return Plan(
        sorted(new, key=lambda row: row.line), sorted(changed, key=lambda row: row.line), known, by_line, doubts
    )


def _doubts(
    kind: Kind, live: Mapping[str, Fields], new: Iterable[NewRow], changed: Iterable[ChangedRow[Any]]
) -> list[LineProblem]:
    """What is doubtful of the rows that are added or differ, read together with the records here, by line."""
    lines = {row.record: row.line for row in new} | {row.held.record: row.line for row in changed}
    bodies = {**live, **{row.record: row.fields for row in new}, **{row.held.record: row.fields for row in changed}}
    doubts = [
        LineProblem(max(concerned), "", doubt.words)
        for doubt in doubts_of(kind, bodies.items())
        if (concerned := [lines[record] for record in doubt.records if record in lines])
    ]
    return sorted(doubts, key=lambda doubt: doubt.line)


# --- the rows of one key ---


@dataclass(frozen=True)
class _Numbered:
    """A valid row, with its key and the identifiers that follow from the key and its number among equal rows.

    ``record`` is the identifier of a new record; ``before`` is the one that old imports derived without a secret.
    """

    row: Row
    key: tuple[Any, ...]
    record: str
    before: str

    def find_in(self, records: Mapping[str, H]) -> H | None:
        """The record with its identifier, the present or the earlier one."""
        return records.get(self.record) or records.get(self.before)


def _numbered(kind: Kind, rows: Iterable[Row], identify: Identify) -> tuple[list[_Numbered], list[LineProblem]]:
    """Number the rows that are equal in every column.

    A different row with the same key is a problem if the key identifies records. Otherwise it is a
    separate record: an old sheet may give only the date and the team of two consultations.
    """
    good: list[_Numbered] = []
    problems: list[LineProblem] = []
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        key = None if row.wrong else key_of(kind, row.fields)
        if key is not None:
            groups[key].append(row)
    for key, group in groups.items():
        alike: list[list[Row]] = []
        for row in group:
            same = next((rows for rows in alike if _content(rows[0]) == _content(row)), None)
            if same is not None:
                same.append(row)
            elif not alike or not tells_apart(kind):
                alike.append([row])
            else:
                words = f"This is the same {kind.label.lower()} as on line {group[0].line}."
                problems.append(_problem(kind, row, kind.sheet.key[0], words))
        for rows_alike in alike:
            for number, row in enumerate(rows_alike, 1):
                name = name_of(kind, row.fields, number, by_all=len(alike) > 1)
                assert name is not None, "every row here has a key"
                good.append(_Numbered(row, key, identify(name), identifier_before(name)))
    return good, problems


def _content(row: Row) -> tuple[Fields, frozenset[str]]:
    """A row's answers, and its references that name no known record."""
    return row.fields, row.unnamed


class _RecordsHere(Generic[H]):
    """The existing records that the rows of a sheet may match, found in one pass over all records."""

    def __init__(
        self, kind: Kind, good: Iterable[_Numbered], bad: Iterable[Row], held: Iterable[H], identify: Identify
    ) -> None:
        self._kind = kind
        self._groups: dict[tuple[Any, ...], list[_Numbered]] = defaultdict(list)
        for numbered in good:
            self._groups[numbered.key].append(numbered)
        key_by_record = {
            record: key
            for key, group in self._groups.items()
            for numbered in group
            for record in (numbered.record, numbered.before)
        }
        for row in bad:
            if (key := key_of(kind, row.fields)) is not None:
                self._groups.setdefault(key, [])
                name = name_of(kind, row.fields) or ""
                for record in (identify(name), identifier_before(name)):
                    key_by_record.setdefault(record, key)
        self._taken: set[str] = set()
        self._by_key: dict[tuple[Any, ...], list[H]] = defaultdict(list)
        self._by_likeness: dict[tuple[str, Any], H] = {}
        self.live: dict[str, Fields] = {}
        for existing in held:
            if kind.doubts is not None and not existing.withdrawn:
                self.live[existing.record] = existing.fields
            for likeness in _likenesses(kind, existing.fields) if not existing.withdrawn else ():
                self._by_likeness.setdefault(likeness, existing)
            if existing.record in key_by_record:
                self._taken.add(existing.record)
            key = None if existing.withdrawn else key_of(kind, existing.fields)
            if key not in self._groups:
                key = key_by_record.get(existing.record)
            if key is not None:
                self._by_key[key].append(existing)

    def matches(self) -> Iterator[tuple[Row, str, H | str | None]]:
        """Yield each row, its identifier, and its match: a record, None for a new row, or why no match can be chosen.

        In order of preference a row matches: the record with its identifier and equal answers, any record with equal
        answers, the record with its identifier, the only record left. Rows with the most answers are matched
        first, because a row with few answers may equal several records.
        """
        for key, group in self._groups.items():
            candidates = self._by_key.get(key, [])
            live = {
                record.record: record
                for record in sorted(candidates, key=lambda record: record.record)
                if not record.withdrawn
            }
            withdrawn = {candidate.record: candidate for candidate in candidates if candidate.withdrawn}
            rest = sorted(group, key=lambda numbered: len(numbered.row.own_answers), reverse=True)
            for match_of in (self._by_identifier_and_answers, self._by_answers, self._by_identifier):
                unmatched = []
                for numbered in rest:
                    match = match_of(numbered, live)
                    if match is not None:
                        yield numbered.row, numbered.record, live.pop(match.record)
                    else:
                        unmatched.append(numbered)
                rest = unmatched
            for numbered in rest:
                row, record = numbered.row, numbered.record
                if len(live) == 1:
                    yield row, record, live.popitem()[1]
                elif live:
                    yield row, record, MORE_THAN_ONE
                elif (withdrawn_match := numbered.find_in(withdrawn)) is None and self._is_taken(numbered):
                    yield row, record, KEY_AMENDED
                else:
                    yield row, record, withdrawn_match

    def _is_taken(self, numbered: _Numbered) -> bool:
        return not self._taken.isdisjoint((numbered.record, numbered.before))

    def _by_identifier_and_answers(self, numbered: _Numbered, live: Mapping[str, H]) -> H | None:
        match = numbered.find_in(live)
        return match if match is not None and self._is_same(numbered, match) else None

    def _by_answers(self, numbered: _Numbered, live: Mapping[str, H]) -> H | None:
        return next((record for record in live.values() if self._is_same(numbered, record)), None)

    def _by_identifier(self, numbered: _Numbered, live: Mapping[str, H]) -> H | None:
        return numbered.find_in(live)

    def _is_same(self, numbered: _Numbered, held: H) -> bool:
        row = numbered.row
        return not _differing(self._kind, _with_row_ids(self._kind, row, held.fields), held.fields)

    def looks_like(self, fields: Fields) -> str:
        """The sentence for a new row that looks like a record here, naming both and what is the same; '' if none does."""
        alike = [likeness for likeness in _likenesses(self._kind, fields) if likeness in self._by_likeness]
        if not alike:
            return ""
        record = self._by_likeness[alike[0]]
        same = [name for name, value in alike if self._by_likeness[name, value] is record]
        return LOOKS_LIKE.format(
            row=self._kind.title(fields),
            record=self._kind.title(record.fields),
            reference=identity.reference(self._kind.reference_prefix, record.record),
            same=" and ".join(dict.fromkeys(same)),
        )

    def fields_of(self, row: Row) -> Fields:
        """The answers of the record of an invalid row, so that only the row's own mistakes are reported."""
        held = self._by_key.get(key_of(self._kind, row.fields) or (), ())
        return next((record.fields for record in held), {})


def _likenesses(kind: Kind, fields: Fields) -> Iterable[tuple[str, Any]]:
    """The facts by which a row would look like a record."""
    return kind.sheet.resembles(kind.read(fields)) if kind.sheet.resembles is not None else ()


def _without_alike(kind: Kind, new: Iterable[NewRow]) -> tuple[list[NewRow], list[LineProblem]]:
    """The new rows without those that look like an earlier one of the sheet, and the problems of these."""
    first_rows: dict[tuple[str, Any], NewRow] = {}
    unlike: list[NewRow] = []
    problems: list[LineProblem] = []
    for row in new:
        likenesses = list(_likenesses(kind, row.fields))
        earlier = next((first_rows[likeness] for likeness in likenesses if likeness in first_rows), None)
        if earlier is None:
            unlike.append(row)
            first_rows |= dict.fromkeys(likenesses, row)
            continue
        same = dict.fromkeys(likeness[0] for likeness in likenesses if first_rows.get(likeness) is earlier)
        titles = {"row": kind.title(row.fields), "other": kind.title(earlier.fields)}
        message = LOOKS_LIKE_ROW.format(**titles, line=earlier.line, same=" and ".join(same))
        problems.append(LineProblem(row.line, "", message))
    return unlike, problems


def _blocked(held: Held) -> str:
    """The reason why a record cannot be amended, '' if it can."""
    if held.withdrawn:
        return WITHDRAWN
    if held.disputed:
        return UNDECIDED
    return INCOMPLETE if held.incomplete else ""


# --- what a row changes ---


def _with_row_ids(kind: Kind, row: Row, held: Fields) -> Row:
    """A sheet's row with its references to its own lists changed from row numbers to the record's row identifiers."""

    def rows_of(name: str) -> list[str]:
        if name not in row.fields:
            return ids_of(held.get(name))
        return ids_of(_rows_kept(kind.by_name[name], held.get(name), row.fields[name]))

    fields = {name: identified(kind.by_name[name], value, rows_of) for name, value in row.fields.items()}
    return replace(row, fields=fields)


def _differing(kind: Kind, row: Row, held: Fields) -> list[str]:
    """The answers in the row's cells that differ from the record's."""
    return [
        name for name, value in row.own_answers.items() if not cells.alike(kind.by_name[name], value, held.get(name))
    ]


def _taken_over(kind: Kind, row: Row, held: Fields, differing: Iterable[str]) -> dict[str, Any]:
    """A record's answers with the differing ones replaced by the row's, and the answers that a changed reference implies."""
    fields = dict(held)
    for name in differing:
        field = kind.by_name[name]
        fields[name] = _rows_kept(field, held.get(name), row.fields[name]) if field.type == "rows" else row.fields[name]
        fields |= row.implied.get(name, {})
    for name in row.unnamed:
        if kind.sheet.named[name].name in differing:
            fields.pop(name, None)
    return fields


def _rows_kept(field: Field, held: Any, rows: Any) -> Any:
    """The rows of a cell; a row with the same words as a row of the record keeps that row's identifier."""
    if not cells.fits(field, rows):
        return rows
    before: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in held if isinstance(held, list) and cells.fits(field, held) else ():
        before[_row_words(field, row)].append(row)
    earlier_rows = [same_rows.pop(0) if (same_rows := before[_row_words(field, row)]) else None for row in rows]
    used = {row["id"] for row in earlier_rows if row is not None}
    result = []
    for row, same in zip(rows, earlier_rows, strict=True):
        if same is not None:
            result.append(same)
            continue
        identifier, number = row["id"], len(rows)
        while identifier in used:
            number += 1
            identifier = cells.row_id(number)
        used.add(identifier)
        result.append({**row, "id": identifier, **({PLACE: ""} if field.by_paragraph else {})})
    if field.by_paragraph:
        places = placed([row.get(PLACE, "") for row in result])
        result = [{**row, PLACE: place} for row, place in zip(result, places, strict=True)]
    return result


def _row_words(field: Field, row: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of a row, without the place of a paragraph."""
    worded_fields = (inner for inner in field.rows if not (field.by_paragraph and inner.name == PLACE))
    return tuple(cells.write(inner, row.get(inner.name)) for inner in worded_fields)


# --- what keeps a row from being finished ---


def _without_mark(kind: Kind, row: Row) -> Row:
    """A row without the kind's import mark: a cell cannot set it."""
    if kind.sheet.marks not in row.fields:
        return row
    return replace(row, fields={name: value for name, value in row.fields.items() if name != kind.sheet.marks})


def _marked(kind: Kind, row: Row, now: datetime) -> dict[str, Any]:
    """A new row's answers, with the kind's import mark if they could not be finished without it."""
    fields = dict(row.fields)
    if kind.sheet.marks and _unfinished(kind, row, fields, now):
        fields[kind.sheet.marks] = True
    return fields


def _unfinished(kind: Kind, row: Row, fields: Fields, now: datetime) -> list[LineProblem]:
    """All problems of a row's cells, and of answers that could not be finished, in field order."""
    wrong: dict[str, list[str]] = defaultdict(list)
    for name, messages in row.wrong.items():
        wrong[name] += messages
    places = {
        name: {str(row.get("id")): place for place, row in enumerate(value, 1) if isinstance(row, Mapping)}
        for name, value in fields.items()
        if isinstance(value, list)
    }
    # The signed text names the changed fields. This is its greatest length: every field of the row has changed.
    if too_large := too_long(fields, changed_units(kind, {}, fields)):
        wrong[""].append(too_large)
    for problem in kind.problems(fields, now):
        name, _, inner = problem.field.partition("/")
        if name not in row.wrong:
            place = places.get(name, {}).get(inner.partition("/")[0])
            wrong[name].append(problem.message + (f" (entry {place})" if place else ""))
    dated = kind.by_name.get(kind.dated_by)
    shown = dated.options.shown_if if dated is not None else None
    if (
        dated is not None
        and is_nothing(fields.get(dated.name))
        and dated.name not in wrong
        and (shown is None or shown(kind.read(fields)))  # a planned event has no date yet
    ):
        wrong[kind.dated_by].append(f"Enter {kind.by_name[kind.dated_by].label.lower()}")
    names = [*(field.name for field in kind.fields), ""]
    return [_problem(kind, row, name, message) for name in names for message in wrong.get(name, [])]


def _problem(kind: Kind, row: Row, name: str, message: str) -> LineProblem:
    """A problem of the cell of a field, or of the row as a whole if the field's name is ''."""
    return LineProblem(row.line, kind.by_name[name].label if name else "", message, row.cells.get(name, ""))


def _stage_refused(
    kind: Kind, row: Row, fields: Fields, changed: Iterable[str], role: Role | None
) -> list[LineProblem]:
    """The problem of a row that moves a record to a stage that this role may not set."""
    stage = kind.moved_to(fields, changed) if role is not None else None
    if stage is None or role in stage.movers:
        return []
    sentence = f"Your role may not set this to '{kind.stage_label(stage.code)}'. Ask your manager."
    return [_problem(kind, row, kind.stage, sentence)]
