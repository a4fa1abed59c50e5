"""A workbook is read as a person would type it, cell by cell, and what has no such words makes its row unusable."""

import io
import zipfile
from datetime import UTC, date, datetime, time
from typing import Any

import openpyxl
import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.sheets.content import sheet_in
from hipss_desktop.sheets.import_plan import Plan, plan
from hipss_desktop.sheets.names import Held, Names
from hipss_desktop.sheets.workbooks import read_workbook

NOW = datetime(2025, 3, 15, 12, 0, tzinfo=UTC)


def clock(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of March 2017 as a spreadsheet has it, without a zone."""
    return datetime(2017, 3, day, hour, minute)  # noqa: DTZ001 - a spreadsheet's times have no zone


HEADER = ["Ref", "Call time", "Caller’s name", "Call-back number", "Kind of contact", "What is it about?"]
HEADER += ["What happened", "Advice given", "Risk now", "Who needs to know"]
ROW = ["D1", clock(14, 2, 10), "Mo Preece", 7700900301, "Call about a child or carer", "School"]
ROW += ["Would not go in", "Leave it", "Low", "Nobody"]


def workbook(sheets: dict[str, list[list[Any]]]) -> Any:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    return book


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def contacts(content: bytes, page: str = "") -> Plan[Held]:
    kind = KINDS["contact"]
    return plan(kind, sheet_in(content, kind, page=page).content, names=Names(), held=(), now=NOW)


def only_cells(*values: Any) -> list[str]:
    return read_workbook(saved(workbook({"Sheet1": [list(values)]})))[0].lines[0][1]


def test_dates_numbers_and_texts_become_what_a_person_would_type() -> None:
    cells = only_cells("Zoë\nsaid “no”", 7, 7.0, 2.5, bool(1), date(2017, 3, 14), clock(14, 2, 14), time(2, 14))
    assert cells == ["Zoë\nsaid “no”", "7", "7", "2.5", "Yes", "14/03/2017", "14/03/2017 02:14", "02:14"]


def test_a_time_at_midnight_stays_a_time_and_the_noughts_of_a_format_belong_to_the_number() -> None:
    book = workbook({"Sheet1": [[clock(14), clock(14), 1632960301]]})
    page = book.worksheets[0]
    page["A1"].number_format, page["B1"].number_format = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
    page["C1"].number_format = "00000000000"
    assert read_workbook(saved(book))[0].lines == [(1, ["14/03/2017", "14/03/2017 00:00", "01632960301"])]


@pytest.mark.parametrize(
    ("number_format", "text"),
    [
        ("mmm yyyy", "March 2017"), ("mmm-yy", "March 2017"), ("[$-809]mmmm yyyy;@", "March 2017"), ("yyyy", "2017"),
        ('mm" of "yyyy', "March 2017"), ("dd mmm yyyy", "14/03/2017"), ("d-mmm", "14/03/2017"), ("m/d/yy h:mm", "14/03/2017 00:00"),
        ("hh:mm", "14/03/2017 00:00"),
    ],
)  # fmt: skip  # a table, read line by line
def test_a_date_of_which_the_sheet_shows_no_day_is_never_read_as_a_whole_day(number_format: str, text: str) -> None:
    book = workbook({"Sheet1": [[clock(14)]]})
    book.worksheets[0]["A1"].number_format = number_format
    assert read_workbook(saved(book))[0].lines == [(1, [text])]


def test_a_row_of_a_workbook_is_imported_as_that_of_a_text() -> None:
    planned = contacts(saved(workbook({"Sheet1": [HEADER, ROW]})))
    assert planned.problems == []
    fields = planned.new[0].fields
    assert (planned.new[0].line, fields["told"], fields["caller_name"]) == (2, "2017-03-14T02:10:00+00:00", "Mo Preece")
    assert fields["call_back"] == "07700900301"


def test_lines_are_those_that_the_spreadsheet_shows() -> None:
    planned = contacts(saved(workbook({"Sheet1": [[], HEADER, [], ROW, [*ROW[:8], "Severe", ROW[9]]]})))
    assert [row.line for row in planned.new] == [4]
    assert planned.problems[0].words.startswith("line 5, Risk now, “Severe”: This is no choice for this column.")


def test_a_formula_without_its_value_and_an_error_make_their_row_unusable() -> None:
    planned = contacts(
        saved(workbook({"Sheet1": [HEADER, [*ROW[:6], "=A2", *ROW[7:]], [*ROW[:6], "#REF!", *ROW[7:]]]}))
    )
    assert planned.new == []
    assert [problem.words for problem in planned.problems] == [
        "line 2, What is happening?, “=A2”: The value of this formula is not in the file. Open the workbook in the "
        "spreadsheet and save it again",
        "line 3, What is happening?, “#REF!”: The spreadsheet shows an error in this cell. Mend it there",
    ]


def test_the_sheet_that_is_called_like_the_kind_is_read_and_the_others_are_named() -> None:
    content = saved(workbook({"Notes": [["Remember"]], "On-call contacts": [HEADER, ROW], "Empty": []}))
    kind = KINDS["contact"]
    assert sheet_in(content, kind).notes == ("Only the sheet “On-call contacts” was read, not: “Notes”.",)
    assert len(contacts(content).new) == 1


def test_of_several_sheets_one_must_be_named() -> None:
    content = saved(workbook({"2023": [HEADER], "2024": [HEADER, ROW]}))
    with pytest.raises(UserError, match="Say one with --sheet: “2023”, “2024”"):
        contacts(content)
    with pytest.raises(UserError, match="no such sheet"):
        contacts(content, "2022")
    assert len(contacts(content, "2024").new) == 1


def test_a_hidden_sheet_is_not_chosen_and_an_empty_workbook_says_so() -> None:
    book = workbook({"Sheet1": [HEADER, ROW], "Lists": [["Low", "High"]]})
    book["Lists"].sheet_state = "hidden"
    assert len(contacts(saved(book)).new) == 1
    with pytest.raises(UserError, match="This workbook is empty"):
        contacts(saved(workbook({"Sheet1": []})))


def test_a_damaged_workbook_says_so() -> None:
    whole, out = io.BytesIO(saved(workbook({"Sheet1": [HEADER, ROW]}))), io.BytesIO()
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(out, "w") as damaged:
        for part in archive.namelist():
            text = archive.read(part)
            damaged.writestr(part, text[: len(text) // 2] if "worksheets" in part else text)
    with pytest.raises(UserError, match="damaged"):
        contacts(out.getvalue())
