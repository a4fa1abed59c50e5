"""Cells: one value of a record as a person types it into a spreadsheet, read and written by its field's type.

Times are United Kingdom local time; only the hour that is repeated in October needs BST or GMT. A cell that cannot be read
is refused with a sentence that never quotes it. Any value can be written: if no plain cell reads back to the same answer,
the value is written as JSON after ``json:``. Must not know files, columns or the names of records.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from typing import Any, Protocol, cast

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records import paragraphs, telephone
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import UNREADABLE, Field, Misfit
from hipss_desktop.records.unseen import on_one_line, without_unseen

Find = Callable[[str, str], str | None]
"""A function from a kind's name and a text to the identifier of the record so named, or None; UserError if two are."""


class NamesRecords(Protocol):
    """The names of records (``sheets.names.Names``)."""

    def find(self, kind: str, text: str) -> str | None:
        """The identifier of the record with that name, None if there is none; raises UserError if there are two."""
        ...

    def text(self, kind: str, record: str) -> str:
        """A text from which ``find`` returns this record, else its identifier."""
        ...


JSON = "json:"
"""The beginning of a value that is written as JSON."""
FORMULA = ("=", "+", "-", "@")
"""Signs that start a formula in a spreadsheet, also after white space and in their wide forms."""
TEXT_FORMULA = re.compile(r'\s*="(?P<text>(?:[^"]|"")*)"\s*')
"""A formula that is a text, by which people keep a spreadsheet from reading a number: ="07700900123"."""
APOSTROPHE = "'"
"""The sign that makes such a cell harmless; it is removed when the cell is read."""

LOST_DIGITS = (
    "A spreadsheet shortened this number and digits are lost. Format the column as text and write the whole number."
)
"""The sentence for a number of which nobody can tell the digits."""

YES = ("yes", "y", "1", "x", "true")
NO = ("no", "n", "0", "false")
INSTANT = re.compile(r"(?P<day>.+?)[ T]+(?P<time>\d{1,2}[:.]?\d{2})(:(?P<seconds>[0-5]\d))?( (?P<zone>GMT|BST))?", re.I)
LONGEST_LABEL = 48
MANY_CHOICES = 12


# --- reading ---


def read(field: Field, cell: str, find: Find) -> Any:
    """Read a cell by its field's type; raises UserError with the reason if it cannot be read."""
    text = cell.strip()
    if is_json(text):
        return _json(text)
    if field.is_exact:
        cell = without_unseen(cell)
        text = on_one_line(cell.strip())
    match field.type:
        case "code":
            return _code(field, text)
        case "codes":
            whole = field.choices.read(text)
            return [whole] if whole else [_code(field, part) for part in _parts(cell)]
        case "reference":
            return _reference(field, text, find)
        case "references":
            return [_reference(field, part, find) for part in _parts(cell)]
        case "instant":
            return times.stamp(moment(text))
        case "day":
            return _day(text).isoformat()
        case "phone":
            return phone(text)
        case "tick" | "yes_no":
            return _flag(field, text)
        case "number":
            if not (number := re.fullmatch(r"'?(-?\d{1,9})(\.0+)?", text)):
                raise UserError(f"Enter {field.label.lower()} as a whole number")
            return int(number[1])
        case "lines":
            return _parts(cell)
        case "rows" if field.by_paragraph:
            return _paragraphs(field, cell, find)
        case "rows":
            return [_row(field, number, part, find) for number, part in enumerate(_parts(cell), 1)]
    return text


def phone(text: str) -> str:
    """A telephone number as it was before a spreadsheet changed it; raises UserError if its digits are lost.

    Other text is returned unchanged.
    """
    if telephone.has_lost_digits(text):
        raise UserError(LOST_DIGITS)
    return telephone.mended(text)


def is_json(cell: str) -> bool:
    """Whether the cell contains a value as JSON."""
    return cell.lstrip().startswith(JSON)


def _json(text: str) -> Any:
    try:
        value = json.loads(text.removeprefix(JSON))
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()  # no body holds half a surrogate pair, or NaN
    except (ValueError, RecursionError):
        raise UserError(f"What stands after {JSON} is not JSON. Write the answer without {JSON}") from None
    return value


def _parts(cell: str) -> list[str]:
    """The entries of a list: one per line if the cell has line breaks, else separated by semicolons."""
    return [part.strip() for part in cell.split("\n" if "\n" in cell else ";") if part.strip()]


def _code(field: Field, text: str) -> str:
    code = field.choices.read(text)
    if code is None:
        raise UserError(f"This is no choice for this column. {_choice_words(field)}")
    return code


def _reference(field: Field, text: str, find: Find) -> str:
    record = find(field.options.refers_to, text)
    if record is None:
        raise UserError(f"No {KINDS[field.options.refers_to].label.lower()} is called that here")
    return record


def _flag(field: Field, text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise UserError(f"Answer {field.label.lower()} with Yes or No")


def _row(field: Field, number: int, line: str, find: Find) -> dict[str, Any]:
    parts = next(csv.reader([line], delimiter="|", quoting=csv.QUOTE_NONE, escapechar="\\"), [])
    if len(parts) > len(field.rows):
        raise UserError(f"Entry {number} has more parts than {' | '.join(inner.label for inner in field.rows)}")
    row: dict[str, Any] = {"id": row_id(number)}
    for inner, part in zip(field.rows, parts, strict=False):
        if part.strip():
            try:
                row[inner.name] = read(inner, part, find)
            except UserError as wrong:
                raise UserError(f"Entry {number}, {inner.label.lower()}: {wrong}") from None
    return row


BRACKET = re.compile(r"\[(?P<bracket>[^\]\n]*)\] *(?P<words>.*)", re.S)
GOES_ON = "\\"
"""The end of a line whose paragraph continues in the next line."""


def _paragraphs(field: Field, cell: str, find: Find) -> list[dict[str, Any]]:
    """Read a text by paragraph: a line for each paragraph, with its mark in square brackets before it."""
    written: list[str] = []
    goes_on = False
    for line in cell.split("\n"):
        if goes_on:
            written[-1] = f"{written[-1].removesuffix(GOES_ON)}\n{line}"
        elif line.strip():
            written.append(line)
        goes_on = bool(written) and bool(line.strip()) and line.endswith(GOES_ON)
    places = paragraphs.placed([""] * len(written))
    return [
        {"id": row_id(number), paragraphs.PLACE: place, **_paragraph(field, number, line, find)}
        for number, (place, line) in enumerate(zip(places, written, strict=True), 1)
    ]


def _paragraph(field: Field, number: int, line: str, find: Find) -> dict[str, Any]:
    match = BRACKET.fullmatch(line)
    if match is None:
        return {paragraphs.TEXT: line.strip()}
    bracket_field = _before_the_words(field)
    try:
        bracket_row = _row(bracket_field, number, match["bracket"], find)
    except UserError:
        if len(bracket_field.rows) > 1:
            raise
        return {paragraphs.TEXT: line.strip()}  # words that begin with a bracket, such as [sic]
    del bracket_row["id"]
    return {**bracket_row, paragraphs.TEXT: match["words"].strip()}


@cache
def _before_the_words(field: Field) -> Field:
    """The fields of a paragraph written in its square brackets: the mark, then the further fields of its kind."""
    others = (inner for inner in field.rows if inner.name not in (paragraphs.PLACE, paragraphs.MARK, paragraphs.TEXT))
    mark = next(inner for inner in field.rows if inner.name == paragraphs.MARK)
    return replace(field, rows=(mark, *others))


def _paragraph_line(field: Field, row: Mapping[str, Any], names: NamesRecords | None) -> str:
    bracket_text = _row_line(_before_the_words(field), row, names)
    words = str(row.get(paragraphs.TEXT) or "").strip().replace("\n", f"{GOES_ON}\n")
    return f"[{bracket_text}] {words}" if bracket_text else words


def row_id(number: int) -> str:
    """The identifier of the row at this place in a cell, counted from 1."""
    return f"{number:02}"


def _day(text: str) -> date:
    """Read a typed day of a plausible year; a year with a missing digit is a typing error."""
    day = times.typed_day(text)
    if not 1900 <= day.year <= 2200:
        raise UserError("Enter a date like 14/03/2017")
    return day


def moment(text: str) -> datetime:
    """Read a typed moment in UK local time; the zone is needed only in the repeated hour. Raises UserError."""
    match = INSTANT.fullmatch(" ".join(text.split()))
    if match is None:
        try:
            moment = times.instant(text)
            _day(moment.date().isoformat())
        except ValueError:
            raise UserError("Enter a date and time like 14/03/2017 02:14") from None
        return moment
    day, clock = _day(match["day"]), times.typed_time(match["time"])
    at = time(clock.hour, clock.minute, int(match["seconds"] or 0))
    which = cast("times.Zone | None", match["zone"].upper()) if match["zone"] else None
    moment = times.at_local(day, at, which or "BST")
    if which is None and _came_twice(moment):
        words = at.strftime("%H:%M")
        raise UserError(f"The clocks went back, so {words} came twice. Write BST or GMT after it.")
    if which is not None and times.zone(moment) != which:
        raise UserError(f"The clocks showed {times.zone(moment)} that day, not {which}.")
    return moment


def _came_twice(moment: datetime) -> bool:
    """Whether the local time occurred twice, an hour apart."""
    wall = times.local(moment)
    return times.came_twice(wall.date(), wall.time())


# --- writing ---


def write(field: Field, value: Any, names: NamesRecords | None = None) -> str:
    """Write any value as a cell that reads back as the same answer: in words if possible, else as JSON. Never raises.

    Args:
        field: the field of the value.
        value: the value in a body, whether it fits or not.
        names: gives the names of records that it refers to; without it identifiers are written.
    """
    if field.is_empty(value):
        return ""
    if fits(field, value):
        cell = _words(field, value, names)
        if _is_plain_text(cell) and _reads_back(field, cell, value, names):
            return cell
    return as_json(value)


def as_json(value: Any) -> str:
    """A value as a cell that reads back as exactly this value in any column."""
    return JSON + json.dumps(value)


def fits(field: Field, value: Any) -> bool:
    """Whether all parts of a value fit its field."""
    misfits: list[Misfit] = []
    return field.read(value, misfits) is not UNREADABLE and not misfits


def alike(field: Field, left: Any, right: Any) -> bool:
    """Whether two values mean the same; outer white space, number formats and row identifiers do not matter."""
    if field.is_empty(left) or field.is_empty(right):
        return field.is_empty(left) and field.is_empty(right)
    if not (fits(field, left) and fits(field, right)):
        return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)
    if field.type == "rows":
        compared = field.rows
        if field.by_paragraph:  # the same order is enough, whatever the places are
            compared = tuple(inner for inner in field.rows if inner.name != paragraphs.PLACE)
            left, right = (
                [row for row in paragraphs.rows_in_order(value) if not field.is_blank(row)] for value in (left, right)
            )
        return len(left) == len(right) and all(
            alike(inner, left_row.get(inner.name), right_row.get(inner.name))
            for left_row, right_row in zip(left, right, strict=True)
            for inner in compared
        )
    if field.type == "phone" and (number := telephone.dialled(left)):
        return number == telephone.dialled(right)
    if field.is_exact and field.type == "text":
        left, right = on_one_line(left), on_one_line(right)
    if field.type in ("text", "phone"):
        return composed(left.strip()) == composed(right.strip())
    if field.type == "lines":
        return list(map(composed, left)) == list(map(composed, right))
    return bool(field.read(left) == field.read(right))


def composed(text: str) -> str:
    """A text with each accent joined to its letter: programs write the same text either way."""
    return unicodedata.normalize("NFC", text)


def _reads_back(field: Field, cell: str, value: Any, names: NamesRecords | None) -> bool:
    def find(kind: str, text: str) -> str:
        return (names.find(kind, text) if names is not None else None) or text

    try:
        value_read = read(field, cell, find)
    except UserError:
        return False
    if field.type == "phone" or (field.is_exact and field.type == "text"):
        return bool(value_read == value.strip())  # to the letter: what people typed is what is stored
    return alike(field, value_read, value)


def _is_plain_text(cell: str) -> bool:
    """Whether a text file preserves these characters."""
    if "\r" in cell or "\0" in cell:
        return False
    try:
        cell.encode()
    except UnicodeEncodeError:  # half of a pair of UTF-16 surrogates
        return False
    return True


def _words(field: Field, value: Any, names: NamesRecords | None) -> str:
    """A value that fits, in words, which may not read back to the same value."""

    def called(record: str) -> str:
        return names.text(field.options.refers_to, record) if names is not None else record

    match field.type:
        case "code":
            return _choice(field.options.choices, value)
        case "codes":
            return "; ".join(_choice(field.options.choices, code) for code in value)
        case "reference":
            return called(value)
        case "references":
            return _joined([called(record) for record in value])
        case "instant":
            moment = times.instant(value)
            at = times.local(moment).strftime("%d/%m/%Y ") + times.clock_time(moment, seconds=moment.second != 0)
            return f"{at} {times.zone(moment)}" if _came_twice(moment) else at
        case "day":
            return times.day(value).strftime("%d/%m/%Y")
        case "tick" | "yes_no":
            return "Yes" if value else "No"
        case "lines":
            return _joined(value)
        case "rows" if field.by_paragraph:
            rows = paragraphs.rows_in_order(value)
            return "\n".join(_paragraph_line(field, row, names) for row in rows if not field.is_blank(row))
        case "rows":
            return _joined([_row_line(field, row, names) for row in value])
    return str(value).strip()


@cache
def _choice(choices: str, code: str) -> str:
    """The label if it is short and reads back to the code, else the code."""
    codes = code_list(choices)
    label = codes.label(code)
    plain = len(label) <= LONGEST_LABEL and not set(label) & set(";|\n")
    return label if plain and codes.read(label) == code else code


def _joined(parts: Sequence[str]) -> str:
    """Entries one per line; a single entry with a semicolon ends with a line break, so that it is not read as two."""
    return parts[0] + ("\n" if ";" in parts[0] else "") if len(parts) == 1 else "\n".join(parts)


def _row_line(field: Field, row: Mapping[str, Any], names: NamesRecords | None) -> str:
    """A row in one line; the entries of a list inside it are separated by semicolons."""
    parts = [write(inner, row.get(inner.name), names).strip().replace("\n", "; ") for inner in field.rows]
    while parts and not parts[-1]:
        parts.pop()
    out = io.StringIO()
    if parts:
        form = csv.writer(
            out, delimiter="|", quoting=csv.QUOTE_NONE, quotechar=None, escapechar="\\", lineterminator=""
        )
        form.writerow(parts)
    return out.getvalue()


# --- what a spreadsheet would run ---


def guarded(cell: str) -> str:
    """The cell made safe for a spreadsheet: with an apostrophe before anything that would be a formula."""
    return APOSTROPHE + cell if _is_formula(cell) else cell


def unguarded(cell: str) -> str:
    """The text of a cell: without the apostrophe that ``guarded`` added, and of a formula that is only a text, that text."""
    if cell.startswith(APOSTROPHE) and _is_formula(cell):
        return cell[1:]
    only_text = TEXT_FORMULA.fullmatch(cell)
    return only_text["text"].replace('""', '"') if only_text is not None else cell


def _is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run the cell, were it not for apostrophes before it.

    Spreadsheets skip white space and invisible characters, and treat wide signs as the plain ones.
    """
    start = next((sign for sign in cell if sign != APOSTROPHE and not _is_unseen(sign)), "")
    return unicodedata.normalize("NFKC", start) in FORMULA


def _is_unseen(sign: str) -> bool:
    """Whether a character is white space, a control or a format character."""
    return sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf")


# --- what to write, for the document ---


def _choice_words(field: Field) -> str:
    codes = field.choices.codes
    if len(codes) > MANY_CHOICES:
        return f"Use a code or label of the list {field.options.choices}."
    return f"Use one of: {', '.join(code.label for code in codes)}."


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def words(field: Field) -> str:
    """The help on what to write in a cell of this field."""
    several = "Several are separated by ';' or stand on lines of their own."
    hint = f"{field.hint}. " if field.hint else ""
    refers = (
        f"The name or number of {_a(KINDS[field.options.refers_to].label.lower())}." if field.options.refers_to else ""
    )
    by_type = {
        "text": f"{hint}Text." if field.options.lines == 1 else f"{hint}Text of any length.",
        "code": _choice_words(field) if field.options.choices else "",
        "codes": f"{_choice_words(field)} {several}" if field.options.choices else "",
        "reference": refers,
        "references": f"{refers} {several}",
        "instant": "Date and time, dd/mm/yyyy hh:mm.",
        "day": f"{hint}Date, dd/mm/yyyy.",
        "phone": "Telephone number.",
        "strokes": "What was drawn by hand, as it was exported.",
        "tick": "Yes or No.",
        "yes_no": "Yes or No.",
        "number": "A whole number.",
        "lines": f"{hint}{several}",
        "rows": f"{' | '.join(inner.label for inner in field.rows)}. {several}",
    }
    return _paragraph_help(field, hint) if field.by_paragraph else by_type[field.type]


def _paragraph_help(field: Field, hint: str) -> str:
    """The help on what to write in a cell of a text by paragraph."""
    marks = ", ".join(code.label for code in _before_the_words(field).rows[0].choices.codes)
    labels = " | ".join(inner.label for inner in _before_the_words(field).rows)
    return (
        f"{hint}A line for each paragraph, before it in square brackets [{labels}] where that is known: "
        f"[Opinion] He was tired. A mark is one of: {marks}. A line that ends with {GOES_ON} goes on in the next one."
    )
