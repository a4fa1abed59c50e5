"""Reads the text of a sheet into rows, as a service has used it in a spreadsheet until now.

The columns, their words and the way to read them come from the kind's description. Every row lists what is wrong with its cells.
``import_plan`` decides whether the row can be finished and whether its record is here already. The sentence of a problem never
repeats the text of a cell. Must not know where records are stored: ``names`` finds the record that a name means.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from hipss_desktop.errors import UserError
from hipss_desktop.records import telephone
from hipss_desktop.records.fields import Field, is_nothing
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.unseen import without_unseen
from hipss_desktop.sheets import cells
from hipss_desktop.sheets.content import Content
from hipss_desktop.sheets.keys import key_of
from hipss_desktop.sheets.names import Names, header
from hipss_desktop.sheets.problems import LineProblem, shortened

SEPARATORS = (",", ";", "\t")
LONGEST_CELL = 2**26
"""Characters: more than a record may have. The csv module's own limit would refuse a long list."""
csv.field_size_limit(LONGEST_CELL)
SEP_LINE = re.compile(r"""[ "]*sep=(?P<separator>\t|[^\w\s"'])"?[,;\t]*(\r\n|\r|\n|$)""", re.I)
"""A first line by which a spreadsheet is told the separator."""
CUT = (32_767, 65_535)
"""The numbers of characters after which spreadsheets cut a cell."""

MOST_COLUMNS = 25
"""The columns that are named one by one if a sheet has very many that cannot be read."""
NO_HEADING = "This column has no heading. It is left out."
GOES_ON = "This row goes on after the last heading. Look for a stray separator, or give the column a heading."


@dataclass(frozen=True)
class Column:
    """One column: the field, the header, what to write in it, whether it is needed, further headers it is known by."""

    name: str
    label: str
    words: str
    needed: bool
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row of a sheet, with its answers and its problems.

    Attributes:
        line: the line of the file on which it starts.
        fields: the answers that its cells hold, and those that follow from them (``implied``).
        implied: the answers that follow from a name in a cell and have no cell of their own, by the field of that cell.
        unnamed: the references whose cell has a text that names no known record.
        wrong: what is wrong with its cells, by field; '' for the row as a whole.
        cells: what its cells hold, by field, as a problem shows it.
        cleaned: the fields of the key from whose cells invisible marks were taken.
    """

    line: int
    fields: Mapping[str, Any]
    implied: Mapping[str, Mapping[str, Any]]
    unnamed: frozenset[str]
    wrong: Mapping[str, tuple[str, ...]]
    cells: Mapping[str, str]
    cleaned: tuple[str, ...] = ()

    @property
    def own_answers(self) -> dict[str, Any]:
        """The answers that have a cell of their own."""
        implied = {name for answers in self.implied.values() for name in answers}
        return {name: value for name, value in self.fields.items() if name not in implied}


@dataclass(frozen=True)
class Sheet:
    """The content of a file: its rows in file order, and the problems of its lines and columns."""

    rows: list[Row]
    problems: list[LineProblem]


def columns(kind: Kind) -> list[Column]:
    """The columns of a kind, in the order of its description.

    Raises:
        UserError: the kind has no sheet (it has no key).
    """
    if not kind.sheet.key:
        raise UserError(f"{kind.plural} have no sheet. They are not imported or exported.")
    others: dict[str, list[str]] = defaultdict(list)
    for other, name in kind.sheet.headers.items():
        others[name].append(other.capitalize())
    always = {*needed_key(kind), kind.dated_by}
    return [
        Column(
            name=field.name,
            label=field.label,
            words=cells.words(field),
            needed=bool(field.options.required) or field.name in always,
            others=tuple(others[field.name]),
        )
        for field in kind.fields
    ]


def needed_key(kind: Kind) -> tuple[str, ...]:
    """The fields of a kind's key that may not be empty."""
    return tuple(name for name in kind.sheet.key if name not in kind.sheet.optional_key)


def read_sheet(kind: Kind, content: Content, names: Names) -> Sheet:
    """Read a sheet of one kind.

    Args:
        kind: what each row is.
        content: the file's text (commas, semicolons or tabs separate, quoted cells may hold line breaks), or a workbook's
            sheet.
        names: finds the record that a name means.

    Returns:
        Every row with what is wrong with its cells. An unknown column is reported once and left out.

    Raises:
        UserError: the kind has no sheet.
    """
    columns(kind)
    lines, problems, unusable = _lines(kind, content)
    if not lines:
        return Sheet([], [*problems, LineProblem(1, "", "This file holds no rows.")])
    (top, headers), *below = lines
    places, wrong = _places(kind, top, headers)
    problems += wrong
    missing = [kind.by_name[name] for name in needed_key(kind) if name not in places.values()]
    if missing:
        if places:
            problems += [LineProblem(top, field.label, f"{key_needed(field)} Add the column.") for field in missing]
        return Sheet([], problems)
    problems += _without_heading(headers, below)
    reader = _Reader(kind, places, _width(headers), names, unusable)
    return Sheet([reader.row(line, row_cells) for line, row_cells in below], problems)


def key_needed(field: Field) -> str:
    """The sentence for a row whose key is empty."""
    return f"Enter {field.label.lower()}. It tells whether a row has been read before."


# --- the file: lines, separators, headers ---


Lines = list[tuple[int, list[str]]]
"""The lines that are not empty, each with the number of its first line in the file, and its cells."""
Unusable = Mapping[tuple[int, int], str]
"""Why a cell cannot be used, by its line and place."""


def _lines(kind: Kind, content: Content) -> tuple[Lines, list[LineProblem], Unusable]:
    """The lines of a file, the lines that cannot be read, and the cells that cannot be used."""
    if isinstance(content, str):
        lines, problems = _lines_of_text(kind, content.removeprefix("\ufeff"))
        return lines, problems, {}
    return [(line, [cells.unguarded(cell) for cell in row]) for line, row in content.lines], [], content.wrong


def _lines_of_text(kind: Kind, text: str) -> tuple[Lines, list[LineProblem]]:
    named = SEP_LINE.match(text)
    above, text = (1, text[named.end() :]) if named else (0, text)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=named["separator"] if named else _separator(kind, text),
        strict=True,
    )
    lines: Lines = []
    problems: list[LineProblem] = []
    while True:
        start = above + reader.line_num + 1
        try:
            row = [cells.unguarded(cell.replace("\r\n", "\n").replace("\r", "\n")) for cell in next(reader)]
        except StopIteration:
            return lines, problems
        except csv.Error:
            end = above + reader.line_num
            which = "This line" if end == start else f"Everything from here to line {end}"
            problems.append(LineProblem(start, "", f"{which} cannot be read. Look for a quotation mark left open."))
            continue
        if any(cell.strip() for cell in row):
            lines.append((start, row))


def _separator(kind: Kind, text: str) -> str:
    """The separator with which the first line names most columns of the kind."""
    known = _headers(kind)
    return max(SEPARATORS, key=lambda separator: sum(header(cell) in known for cell in _first_row(text, separator)))


def _first_row(text: str, separator: str) -> list[str]:
    """The cells of the first line that is not empty, however the file ends its lines."""
    try:
        return next(filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=separator)), [])
    except csv.Error:
        return []


@cache
def _headers(kind: Kind) -> Mapping[str, str]:
    """The field of each known header of the kind, by the header in plain form."""
    others = {header(other): name for other, name in kind.sheet.headers.items()}
    labels = {header(field.label): field.name for field in kind.fields}
    return {**others, **labels, **{header(field.name): field.name for field in kind.fields}}


def _places(kind: Kind, line: int, headers: list[str]) -> tuple[dict[int, str], list[LineProblem]]:
    """The field of each column, by its place, and the problems of the columns.

    A problem names its column by its letter, as the spreadsheet shows it. The first line of a file without headers may be
    people's names.
    """
    places: dict[int, str] = {}
    problems: list[LineProblem] = []
    known = _headers(kind)
    if not any(header(top) in known for top in headers):
        return {}, [LineProblem(line, "", f"The first line names no column of {kind.plural.lower()}.")]
    for place, top in enumerate(headers):
        name = known.get(header(top))
        if name in places.values():
            message = "This column is there twice. The first one is read."
            problems.append(LineProblem(line, _letters(place), message, shortened(top)))
        elif name is not None:
            places[place] = name
        elif top.strip():
            message = f"{kind.plural} have no such column. It is left out."
            problems.append(LineProblem(line, _letters(place), message, shortened(top)))
    if more := len(problems[MOST_COLUMNS:]):
        problems[MOST_COLUMNS:] = [LineProblem(line, "", f"There are {more:,} more such columns. They are left out.")]
    return places, problems


def _width(headers: list[str]) -> int:
    """The number of columns up to the last that has a heading: spreadsheets save empty columns after it."""
    return max((place for place, top in enumerate(headers, 1) if top.strip()), default=0)


def _without_heading(headers: list[str], lines: Lines) -> list[LineProblem]:
    """A problem for each column between others that has no heading but text, at the first row with text in it."""
    bare = [place for place, top in enumerate(headers[: _width(headers)]) if not top.strip()]
    problems = []
    for place in bare[:MOST_COLUMNS]:
        texts = ((line, row[place]) for line, row in lines if place < len(row) and row[place].strip())
        if first := next(texts, None):
            problems.append(LineProblem(first[0], _letters(place), NO_HEADING, shortened(first[1])))
    return problems


def _letters(place: int) -> str:
    """A column as spreadsheets name it: 0 is "column A", 26 is "column AA"."""
    before, letter = divmod(place, 26)
    return (_letters(before - 1) if before else "column ") + chr(ord("A") + letter)


def _cut(cell: str) -> str:
    """A sentence about a cell that a spreadsheet has probably cut, '' for any other."""
    if len(cell) not in CUT:
        return ""
    return f"This cell has {len(cell):,} characters, after which spreadsheets cut a text. Make it shorter, or split it"


# --- one row ---


@dataclass(frozen=True)
class _Reader:
    """Reads rows under one header."""

    kind: Kind
    places: Mapping[int, str]
    width: int
    names: Names
    unusable: Unusable

    def row(self, line: int, row_cells: list[str]) -> Row:
        """A row, with everything that is wrong with its cells."""
        answers: dict[str, Any] = {}
        implied: dict[str, Mapping[str, Any]] = {}
        unnamed: set[str] = set()
        wrong: dict[str, list[str]] = defaultdict(list)
        texts: dict[str, str] = {}
        cleaned: list[str] = []
        for at, name in self.places.items():
            cell = row_cells[at] if at < len(row_cells) else ""
            if not cell.strip() and (line, at) not in self.unusable:
                continue
            texts[name] = shortened(cell)
            if (reason := self.unusable.get((line, at))) is not None or (reason := _cut(cell)):
                wrong[name].append(reason)
                continue
            if name in self.kind.sheet.key and self.kind.by_name[name].is_exact and without_unseen(cell) != cell:
                cleaned.append(name)
            try:
                if name in self.kind.sheet.named and not cells.is_json(cell):
                    self._named(name, cell.strip(), answers, implied, unnamed)
                else:
                    answers[name] = cells.read(self.kind.by_name[name], cell, self.names.find)
            except UserError as problem:
                wrong[name].append(str(problem))
        if beyond := next(filter(str.strip, row_cells[self.width :]), ""):
            texts[""] = shortened(beyond)
            wrong[""].append(GOES_ON)
        answers = {name: value for name, value in answers.items() if not is_nothing(value)}
        implied = {
            name: {beside: value for beside, value in follows.items() if beside not in answers}
            for name, follows in implied.items()
        }
        fields = {name: value for follows in implied.values() for name, value in follows.items()} | answers
        if key_of(self.kind, fields) is None:
            for name in needed_key(self.kind) or self.kind.sheet.key[:1]:
                if is_nothing(fields.get(name)) and name not in wrong:
                    wrong[name].append(key_needed(self.kind.by_name[name]))
        problems = {name: tuple(messages) for name, messages in wrong.items()}
        return Row(line, fields, implied, frozenset(unnamed), problems, texts, tuple(cleaned))

    def _named(
        self,
        name: str,
        text: str,
        answers: dict[str, Any],
        implied: dict[str, Mapping[str, Any]],
        unnamed: set[str],
    ) -> None:
        """Read a reference that is written as a name or a telephone number. A number is never saved as a name.

        The text is saved beside the reference. If no record is found, the text alone is saved.
        """
        named, kind = self.kind.sheet.named[name], self.kind.by_name[name].options.refers_to
        if named.number:
            text = cells.phone(text)
        record = self.names.find(kind, text)
        is_number = bool(named.number) and telephone.is_number(text)
        if record is None:
            unnamed.add(name)
            answers.setdefault(named.number if is_number else named.name, text)
            implied[name] = named.unknown if is_number else {}
            return
        answers[name] = record
        beside = {named.number: text, named.name: self.names.name(record)} if is_number else {named.name: text}
        implied[name] = {**(beside if record != text else {}), **named.fields_if_found}
