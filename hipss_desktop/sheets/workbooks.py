"""Workbooks: a sheet of an ``.xlsx`` file as lines of cells, and a new one with the headings of a kind.

Each cell becomes the text that a person would have typed: a date as dd/mm/yyyy, a formula's value, a number without a
decimal point that it does not need. A cell that has no such text makes its row unusable. Must not know kinds.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from hipss_desktop.errors import UserError
from hipss_desktop.times import MONTHS

PAGE_HELP = "The sheet of a workbook to read, by name."
LARGEST = 2**28
"""Bytes that a workbook may have unpacked: far more than a service's log, far less than a laptop's memory."""
LONGEST_ROW = 2000
"""Columns that are read; a sheet of any kind has fewer."""

DAMAGED = (
    "This is a workbook, but it is damaged and cannot be opened. Open it in the spreadsheet and save it again, "
    "or save the sheet as CSV UTF-8."
)
TOO_LARGE = "This workbook is too large. Save the sheet as CSV UTF-8."
AN_ERROR = "The spreadsheet shows an error in this cell. Mend it there"
NO_VALUE = "The value of this formula is not in the file. Open the workbook in the spreadsheet and save it again"
NO_TEXT = "This cell holds something that is neither text, number nor date. Write it as text"


@dataclass(frozen=True)
class Page:
    """A sheet of a workbook: its lines that are not empty, each with its number, and the cells that cannot be used.

    Attributes:
        title: the sheet's name in the workbook.
        lines: the number of each line and its cells.
        wrong: why a cell cannot be used, by line and place.
    """

    title: str
    lines: list[tuple[int, list[str]]]
    wrong: Mapping[tuple[int, int], str] = field(default_factory=dict)


def read_workbook(content: bytes) -> list[Page]:
    """The sheets of a workbook that are shown and not empty.

    Raises:
        UserError: the workbook is damaged or too large.
    """
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST:
                raise UserError(TOO_LARGE)
        with warnings.catch_warnings(action="ignore"):  # what it does not keep, such as pictures, is not read here
            values, formulas = (
                openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)
                for data_only in (True, False)
            )
            pages = [
                _page(sheet, formulas[sheet.title]) for sheet in values.worksheets if sheet.sheet_state == "visible"
            ]
    except UserError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its parser meets in a damaged file
        raise UserError(DAMAGED) from None
    return [page for page in pages if page.lines]


def _page(sheet: Any, formulas: Any) -> Page:
    lines: list[tuple[int, list[str]]] = []
    wrong: dict[tuple[int, int], str] = {}
    for read_only_sheet in (sheet, formulas):
        read_only_sheet.reset_dimensions()  # some programs write too small a size
    for line, (row, written) in enumerate(zip(sheet.iter_rows(), formulas.iter_rows(), strict=True), 1):
        texts = []
        for place, (cell, formula) in enumerate(zip(row[:LONGEST_ROW], written, strict=False)):
            try:
                texts.append(_text(cell, formula))
            except ValueError as unusable:
                wrong[line, place] = str(unusable)
                texts.append(str(formula.value or ""))
        if any(text.strip() for text in texts):
            lines.append((line, texts))
    return Page(sheet.title, lines, wrong)


def _text(cell: Any, formula: Any) -> str:
    """A cell as a person would type it; raises ValueError with the reason if there is no such text."""
    value = cell.value
    if value is None and formula.data_type == "f":
        raise ValueError(NO_VALUE)
    if cell.data_type == "e":
        raise ValueError(AN_ERROR)
    number_format = str(getattr(cell, "number_format", "") or "")
    for of_type, in_words in _WORDS:
        if isinstance(value, of_type):
            return in_words(value, number_format)
    raise ValueError(NO_TEXT)


def _whole_or_not(number: float, number_format: str) -> str:
    """A number without a needless decimal point; the noughts that a format puts before it belong to it."""
    whole = int(number) if number == int(number) else None
    if whole is None:
        return repr(number)
    is_filled = set(number_format) == {"0"} and whole >= 0
    return str(whole).zfill(len(number_format)) if is_filled else str(whole)


_NO_PART_OF_A_DATE = re.compile(r'"[^"]*"|\[(?![hms]+\])[^\]]*\]|\\.|_.')
"""What a number format shows as it stands, and its notes about colour and language."""


def _moment(moment: datetime, number_format: str) -> str:
    shown = _NO_PART_OF_A_DATE.sub("", number_format.lower())
    if "y" in shown and not set("dh") & set(shown):  # the sheet shows a month or a year: nobody entered a day
        return f"{MONTHS[moment.month - 1]} {moment.year}" if "m" in shown else str(moment.year)
    rounded = moment + timedelta(microseconds=500_000)  # a spreadsheet counts in fractions of a day
    rounded = rounded.replace(microsecond=0)
    shows_time = "h" in shown
    if not shows_time and rounded.time() == time():
        return f"{rounded:%d/%m/%Y}"
    return f"{rounded:%d/%m/%Y %H:%M}" + (f":{rounded:%S}" if rounded.second else "")


_WORDS: tuple[tuple[type | tuple[type, ...], Callable[[Any, str], str]], ...] = (
    (type(None), lambda nothing, number_format: ""),
    (str, lambda text, number_format: text.replace("\r\n", "\n").replace("\r", "\n")),
    (bool, lambda truth, number_format: "Yes" if truth else "No"),
    ((int, float), _whole_or_not),
    (datetime, _moment),
    (date, lambda day, number_format: _moment(datetime.combine(day, time()), number_format)),
    (time, lambda at, number_format: f"{at:%H:%M}" + (f":{at:%S}" if at.second else "")),
    (timedelta, lambda length, number_format: str(length)),
)
"""How a value of each type is written; the first that fits is used."""


def new_workbook(title: str, headings: list[tuple[str, str]]) -> bytes:
    """A workbook with one sheet: its headings, each with a note on what to write below it, and cells that stay text.

    A spreadsheet would otherwise turn a telephone number into a figure without its first nought.
    """
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None, "a new workbook has one sheet"
    sheet.title = title[:31]
    for place, (heading, help_text) in enumerate(headings, 1):
        cell = sheet.cell(row=1, column=place, value=heading)
        cell.font = Font(bold=True)
        cell.comment = Comment(help_text, "HIPSS Desktop", height=120, width=320)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(14, min(40, len(heading) + 2))
        sheet.column_dimensions[letter].number_format = "@"
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
