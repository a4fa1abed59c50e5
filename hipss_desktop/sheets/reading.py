"""Sheets: a kind of record as CSV, the way a service has kept it in a spreadsheet until today.

Columns, their words and their reading come from the kind's description; nothing is retyped. Reading a sheet returns
every good row and every problem by line, and changes nothing: whoever imports decides what to do with them. A row
names its record by its key, so the same file gives the same identifiers on any laptop. Problems never repeat what stood
in a cell. Must not know where records are kept: who is called what is asked of ``find``.
"""

import csv
import io
import re
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fields import Field, Fields, is_nothing
from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets import cells
from hipss_desktop.sheets.cells import Find

IMPORTED = uuid.UUID("3f6a1c1e-52c5-5d0b-9a44-6f0b7b2f8d10")
"""The namespace (RFC 9562, version 5) in which imported rows get their identifiers; never changed."""

SEPARATORS = (",", ";", "\t")


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
    """A good row: the line of the file on which it starts, the record it names, and the record's fields."""

    line: int
    record: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class LineProblem:
    """Why a row, or a column, cannot be used: line, column ('' for the whole line), a sentence."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class Sheet:
    """What a file holds: its good rows, and every problem of the others, in the order of the lines."""

    rows: list[Row]
    problems: list[LineProblem]


class Names:
    """Who is called what among records already held; ``find`` matches in any case and spacing."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], set[str]] = defaultdict(set)

    def add(self, kind: Kind, record: str, fields: Fields) -> None:
        """Hold a record's identifier and every text that names it."""
        called = kind.sheet.names
        for text in (record, *(called(kind.read(fields)) if called else (kind.title(fields),))):
            if _plain(text):
                self._records[kind.name, _plain(text)].add(record)

    def find(self, kind: str, text: str) -> str | None:
        """The identifier of the record called that, or None; raises UserError when more than one is."""
        found = self._records.get((kind, _plain(text)), set())
        if len(found) > 1:
            raise UserError(f"More than one {KINDS[kind].label.lower()} is called that here. Write a fuller name.")
        return next(iter(found), None)


def decode(content: bytes) -> str:
    """The text of a file as spreadsheets save it: UTF-8 with or without mark, UTF-16 with mark, or Windows-1252.

    Raises:
        UserError: it is none of these.
    """
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp1252"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError("This file cannot be read as text. Save it from the spreadsheet as CSV UTF-8.")


def columns(kind: Kind) -> list[Column]:
    """The columns of a kind, in the order of its description.

    Raises:
        UserError: the kind is none that is imported (it has no key).
    """
    if not kind.sheet.key:
        raise UserError(f"{kind.plural} are not read from a sheet.")
    others: dict[str, list[str]] = defaultdict(list)
    for header, name in kind.sheet.headers.items():
        others[name].append(header.capitalize())
    always = {*kind.sheet.key, kind.dated_by}
    return [
        Column(
            name=each.name,
            label=each.label,
            words=cells.words(each),
            needed=bool(each.options.required) or each.name in always,
            others=tuple(others[each.name]),
        )
        for each in kind.fields
    ]


def read_sheet(kind: Kind, text: str, *, find: Find, now: datetime) -> Sheet:
    """Read a sheet of one kind.

    Args:
        kind: what each row is.
        text: the file's text; commas, semicolons or tabs separate, quoted cells may hold line breaks.
        find: who is called what (``Names.find``).
        now: the present moment, for times that may not lie ahead.

    Returns:
        The rows that can be finished as they stand, in file order, and all problems of the others by line. An unknown
        column is reported once and left out.

    Raises:
        UserError: the kind is none that is imported.
    """
    columns(kind)
    lines, problems = _lines(kind, text.removeprefix("\ufeff"))
    if not lines:
        return Sheet([], [*problems, LineProblem(1, "", "This file holds no rows.")])
    (top, headers), *below = lines
    places, wrong = _places(kind, top, headers)
    problems += wrong
    keys = [kind.by_name[name] for name in kind.sheet.key if name not in places.values()]
    if keys:
        if places:
            problems += [LineProblem(top, each.label, f"{_key_needed(each)} Add the column.") for each in keys]
        return Sheet([], problems)
    reader = _Reader(kind, places, len(headers), find, now)
    rows: list[Row] = []
    first: dict[str, int] = {}
    for line, row_cells in below:
        row, found = reader.row(line, row_cells)
        problems += found
        if row is not None and row.record in first:
            same = f"This is the same {kind.label.lower()} as on line {first[row.record]}."
            problems.append(LineProblem(line, kind.by_name[kind.sheet.key[0]].label, same))
        elif row is not None:
            first[row.record] = line
            rows.append(row)
    return Sheet(rows, sorted(problems, key=lambda each: each.line))


def record_for(kind: Kind, fields: Fields) -> str | None:
    """The identifier that an imported row gets from its key, the same on every laptop; None where the key is empty."""
    if not kind.sheet.key or any(is_nothing(fields.get(name)) for name in kind.sheet.key):
        return None
    key = [kind.name, *(_key_part(kind.by_name[name], fields[name]) for name in kind.sheet.key)]
    return str(uuid.uuid5(IMPORTED, msgspec.json.encode(key).decode()))


def write_sheet(kind: Kind, rows: Iterable[Fields], only: Sequence[str] = ()) -> str:
    """The sheet of these records' fields; references are written as they stand (``only``: just these fields)."""
    return "".join(write_lines(kind, rows, only))


def write_lines(kind: Kind, rows: Iterable[Fields], only: Sequence[str] = ()) -> Iterator[str]:
    """The same as a stream: the header, then each row as one piece of text."""
    fields = [each for each in kind.fields if not only or each.name in only]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([each.label for each in fields])
    for row in rows:
        yield _taken(out)
        writer.writerow([cells.guarded(cells.write(each, row.get(each.name))) for each in fields])
    yield _taken(out)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def document(text: str) -> str:
    """A Markdown text with the tables between its ``<!-- columns: KIND -->`` and ``<!-- end -->`` marks made anew."""
    marked = re.compile(r"(<!-- columns: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
    return marked.sub(lambda found: f"{found[1]}{_table(KINDS[found[2]])}{found[3]}", text)


def _table(kind: Kind) -> str:
    lines = ["| Column | Name | What to write | Needed |", "| --- | --- | --- | --- |"]
    for each in columns(kind):
        header = ", or ".join((each.label, *each.others))
        row = (header, f"`{each.name}`", each.words, "yes" if each.needed else "")
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |")
    return "\n".join(lines) + "\n"


# --- the file: lines, separators, headers ---


def _lines(kind: Kind, text: str) -> tuple[list[tuple[int, list[str]]], list[LineProblem]]:
    """The lines that hold anything, each with the number of the file's line on which it starts."""
    known = _headers(kind.name)
    top = text.lstrip("\r\n").partition("\n")[0].replace("\0", "")
    counts = {each: sum(_plain(cell) in known for cell in _split(top, each)) for each in SEPARATORS}
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=lambda each: counts[each]), strict=True
    )
    lines: list[tuple[int, list[str]]] = []
    problems: list[LineProblem] = []
    while True:
        start = reader.line_num + 1
        try:
            row = [cells.unguarded(cell.replace("\r\n", "\n").replace("\r", "\n")) for cell in next(reader)]
        except StopIteration:
            return lines, problems
        except csv.Error:
            problems.append(LineProblem(start, "", "This line cannot be read. Look for a quotation mark left open."))
            continue
        if any(cell.strip() for cell in row):
            lines.append((start, row))


def _split(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


@cache
def _headers(name: str) -> Mapping[str, str]:
    """Every header by which a column of the kind is known, in plain form, and its field."""
    kind = KINDS[name]
    labels = {_plain(each.label): each.name for each in kind.fields}
    return {**kind.sheet.headers, **labels, **{_plain(each.name): each.name for each in kind.fields}}


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).rstrip("?:* ").casefold()


def _places(kind: Kind, line: int, headers: list[str]) -> tuple[dict[int, str], list[LineProblem]]:
    """Which field each column holds, by its place. A column that is not read is named by its letter, as the spreadsheet
    shows it: where a file has no header, its first line holds people's names."""
    places: dict[int, str] = {}
    problems: list[LineProblem] = []
    known = _headers(kind.name)
    if not any(_plain(each) in known for each in headers):
        return {}, [LineProblem(line, "", f"The first line names no column of {kind.plural.lower()}.")]
    for place, header in enumerate(headers):
        name = known.get(_plain(header))
        if name in places.values():
            problems.append(LineProblem(line, _letters(place), "This column is there twice. The first one is read."))
        elif name is not None:
            places[place] = name
        elif header.strip():
            problems.append(LineProblem(line, _letters(place), f"{kind.plural} have no such column. It is left out."))
    return places, problems


def _letters(place: int) -> str:
    """A column as spreadsheets name it: 0 is "column A", 26 is "column AA"."""
    before, here = divmod(place, 26)
    return (_letters(before - 1) if before else "column ") + chr(ord("A") + here)


# --- one row ---


@dataclass(frozen=True)
class _Reader:
    """Reads rows under one header."""

    kind: Kind
    places: Mapping[int, str]
    width: int
    find: Find
    now: datetime

    def row(self, line: int, row: list[str]) -> tuple[Row | None, list[LineProblem]]:
        """A good row, or everything that is wrong with it."""
        kind = self.kind
        wrong: dict[str, list[str]] = defaultdict(list)
        fields = self._fields({name: row[at] for at, name in self.places.items() if at < len(row)}, wrong)
        unread = frozenset(wrong)
        for problem in kind.problems(fields, self.now):
            name, _, inner = problem.field.partition("/")
            if name not in unread:
                wrong[name].append(problem.message + (f" (entry {int(inner.partition('/')[0])})" if inner else ""))
        if kind.dated_by and is_nothing(fields.get(kind.dated_by)) and kind.dated_by not in wrong:
            wrong[kind.dated_by].append(f"Enter {kind.by_name[kind.dated_by].label.lower()}")
        for name in kind.sheet.key:
            if is_nothing(fields.get(name)) and name not in wrong:
                wrong[name].append(_key_needed(kind.by_name[name]))
        found = [LineProblem(line, each.label, message) for each in kind.fields for message in wrong.get(each.name, [])]
        if any(cell.strip() for cell in row[self.width :]):
            found.append(LineProblem(line, "", "This row has more cells than the header. Look for a stray separator."))
        record = record_for(kind, fields)
        return (Row(line, record, fields), []) if record and not found else (None, found)

    def _fields(self, row: Mapping[str, str], wrong: dict[str, list[str]]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        implied: dict[str, Any] = {}
        for name, cell in row.items():
            if not cell.strip():
                continue
            each, spoken = self.kind.by_name[name], self.kind.sheet.named.get(name)
            try:
                if spoken is None:
                    fields[name] = cells.read(each, cell, self.find)
                    continue
                text = cell.strip()
                record = self.find(each.options.refers_to, text)
            except UserError as problem:
                wrong[name].append(str(problem))
                continue
            if record is not None:
                fields[name] = record
                implied.update(spoken.found)
            if record != text:
                implied[spoken.name] = text
        return {**implied, **fields}


def _key_needed(each: Field) -> str:
    return f"Enter {each.label.lower()}. It tells whether a row has been read before."


def _key_part(each: Field, value: Any) -> Any:
    """What of a key field tells records apart: of a list of rows, what its first row cannot be without."""
    if each.type == "rows":
        return [_plain(str(value[0].get(inner.name, ""))) for inner in each.rows if inner.options.required]
    if each.type == "instant":
        return times.epoch_ms(value)
    return _plain(value) if isinstance(value, str) else value


def main(paths: list[str]) -> None:
    """Make the tables of these Markdown files anew."""
    for path in map(Path, paths):
        path.write_text(document(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
