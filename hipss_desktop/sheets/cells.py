"""Cells: one value of a record as a person types it into a spreadsheet, read and written by the field's shape.

Times are UK local time; only the hour that comes twice in October needs BST or GMT. What cannot be read is refused with
a sentence that never repeats the cell. Whatever is written reads back as the same value. Must not know files or rows.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Any, cast

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import Field, Misfit, as_text, is_nothing

Find = Callable[[str, str], str | None]
"""From a kind's name and a text to the identifier of the record called that; None when none is; UserError when two are."""

FORMULA = ("=", "+", "-", "@", "\t")
"""What a spreadsheet takes for the start of a formula; such a cell is written with an apostrophe before it."""

YES = ("yes", "y", "1", "x", "true")
NO = ("no", "n", "0", "false")
INSTANT = re.compile(r"(?P<day>.+?)[ T]+(?P<time>\d{1,2}[:.]?\d{2})(:(?P<seconds>[0-5]\d))?( (?P<zone>GMT|BST))?", re.I)
LONGEST_LABEL = 48
MANY_CHOICES = 12


def read(each: Field, cell: str, find: Find) -> Any:
    """A cell read as its field's shape; raises UserError with the reason when it cannot be."""
    text = cell.strip()
    match each.type:
        case "code":
            return _code(each, text)
        case "codes":
            whole = each.choices.read(text)
            return [whole] if whole else [_code(each, part) for part in _parts(cell)]
        case "reference":
            return _reference(each, text, find)
        case "references":
            return [_reference(each, part, find) for part in _parts(cell)]
        case "instant":
            return times.stamp(_instant(text))
        case "day":
            return _day(text).isoformat()
        case "phone":
            return f"0{text}" if re.fullmatch(r"[1-9]\d{9}", text) else text
        case "tick" | "yes_no":
            return _flag(each, text)
        case "number":
            if not re.fullmatch(r"-?\d{1,9}", text):
                raise UserError(f"Enter {each.label.lower()} as a whole number")
            return int(text)
        case "lines":
            return _parts(cell)
        case "rows":
            return [_entry(each, number, part, find) for number, part in enumerate(_parts(cell), 1)]
    return text


def _parts(cell: str) -> list[str]:
    """The entries of a list: one a line where the cell has line breaks, else between semicolons."""
    return [part.strip() for part in cell.split("\n" if "\n" in cell else ";") if part.strip()]


def _code(each: Field, text: str) -> str:
    code = each.choices.read(text)
    if code is None:
        raise UserError(f"This is no choice for this column. {_choice_words(each)}")
    return code


def _reference(each: Field, text: str, find: Find) -> str:
    found = find(each.options.refers_to, text)
    if found is None:
        raise UserError(f"No {KINDS[each.options.refers_to].label.lower()} is called that here")
    return found


def _flag(each: Field, text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise UserError(f"Answer {each.label.lower()} with Yes or No")


def _entry(each: Field, number: int, line: str, find: Find) -> dict[str, Any]:
    cells = next(csv.reader([line], delimiter="|", quoting=csv.QUOTE_NONE, escapechar="\\"), [])
    if len(cells) > len(each.rows):
        raise UserError(f"Entry {number} has more parts than {' | '.join(inner.label for inner in each.rows)}")
    entry: dict[str, Any] = {"id": f"{number:02}"}
    for inner, cell in zip(each.rows, cells, strict=False):
        if cell.strip():
            try:
                entry[inner.name] = read(inner, cell, find)
            except UserError as wrong:
                raise UserError(f"Entry {number}, {inner.label.lower()}: {wrong}") from None
    return entry


def _day(text: str) -> date:
    """A typed day within living memory; a year with a missing digit is a slip."""
    day = times.typed_day(text)
    if not 1900 <= day.year <= 2200:
        raise UserError("Enter a date like 14/03/2017")
    return day


def _instant(text: str) -> datetime:
    """A typed moment, UK local time; the zone is needed only in the hour that came twice."""
    found = INSTANT.fullmatch(" ".join(text.split()))
    if found is None:
        try:
            moment = times.instant(text)
            _day(moment.date().isoformat())
        except ValueError:
            raise UserError("Enter a date and time like 14/03/2017 02:14") from None
        return moment
    day, clock = _day(found["day"]), times.typed_time(found["time"])
    at = time(clock.hour, clock.minute, int(found["seconds"] or 0))
    which = cast("times.Zone | None", found["zone"].upper()) if found["zone"] else None
    moment = times.at_local(day, at, which or "BST")
    if which is None and _came_twice(moment):
        words = at.strftime("%H:%M")
        raise UserError(f"The clocks went back, so {words} came twice. Write BST or GMT after it.")
    if which is not None and times.zone(moment) != which:
        raise UserError(f"The clocks showed {times.zone(moment)} that day, not {which}.")
    return moment


def _came_twice(moment: datetime) -> bool:
    """Whether the wall clock showed the same time an hour before or after."""
    wall = times.local(moment)
    return times.came_twice(wall.date(), wall.time())


def write(each: Field, value: Any) -> str:
    """A value as a cell that reads back as the same value; one that does not fit its field as it stands, or as JSON."""
    if is_nothing(value):
        return ""
    misfits: list[Misfit] = []
    each.read(value, misfits)
    if misfits:
        return as_text(value)
    match each.type:
        case "code":
            return _choice(each.options.choices, str(value))
        case "codes":
            return "; ".join(_choice(each.options.choices, str(code)) for code in value)
        case "references":
            return _joined(value)
        case "instant":
            moment = times.instant(value)
            at = times.local(moment).strftime("%d/%m/%Y ") + times.clock_time(moment, seconds=moment.second != 0)
            return f"{at} {times.zone(moment)}" if _came_twice(moment) else at
        case "day":
            return times.day(value).strftime("%d/%m/%Y")
        case "tick" | "yes_no":
            return "Yes" if value is True else "No" if each.type == "yes_no" else ""
        case "lines":
            return _joined(value)
        case "rows":
            return _joined([_entry_line(each, entry) for entry in value])
    return str(value)


@cache
def _choice(choices: str, code: str) -> str:
    """The label, where it is short and leads back to the code; else the code."""
    codes = code_list(choices)
    label = codes.label(code)
    plain = len(label) <= LONGEST_LABEL and not set(label) & set(";|\n")
    return label if plain and codes.read(label) == code else code


def _joined(parts: Sequence[str]) -> str:
    """One a line; a single one that holds a semicolon ends with a line break, so that it is not taken for two."""
    return parts[0] + ("\n" if ";" in parts[0] else "") if len(parts) == 1 else "\n".join(parts)


def _entry_line(each: Field, entry: Mapping[str, Any]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter="|", quoting=csv.QUOTE_NONE, quotechar=None, escapechar="\\", lineterminator="")
    cells = [" ".join(write(inner, entry.get(inner.name)).split()) for inner in each.rows]
    while cells and not cells[-1]:
        cells.pop()
    if cells:
        writer.writerow(cells)
    return out.getvalue()


def guarded(cell: str) -> str:
    """The cell as it is safe in a spreadsheet: with an apostrophe before what would be a formula."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def unguarded(cell: str) -> str:
    """The cell without the apostrophe that ``guarded`` put there."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def _choice_words(each: Field) -> str:
    codes = each.choices.codes
    if len(codes) > MANY_CHOICES:
        return f"Use a code or label of the list {each.options.choices}."
    return f"Use one of: {', '.join(code.label for code in codes)}."


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def words(each: Field) -> str:
    """What is to be written in a cell of this field."""
    several = "Several are separated by ';' or stand on lines of their own."
    hint = f"{each.hint}. " if each.hint else ""
    refers = (
        f"The name or number of {_a(KINDS[each.options.refers_to].label.lower())}." if each.options.refers_to else ""
    )
    shapes = {
        "text": f"{hint}Text." if each.options.lines == 1 else f"{hint}Text of any length.",
        "code": _choice_words(each) if each.options.choices else "",
        "codes": f"{_choice_words(each)} {several}" if each.options.choices else "",
        "reference": refers,
        "references": f"{refers} {several}",
        "instant": "Date and time, dd/mm/yyyy hh:mm.",
        "day": f"{hint}Date, dd/mm/yyyy.",
        "phone": "Telephone number.",
        "tick": "Yes or No.",
        "yes_no": "Yes or No.",
        "number": "A whole number.",
        "lines": f"{hint}{several}",
        "rows": f"{' | '.join(inner.label for inner in each.rows)}. {several}",
    }
    return shapes[each.type]
