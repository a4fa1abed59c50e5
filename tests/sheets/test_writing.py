"""What is written reads back as the same fields, and a spreadsheet takes none of it for a formula."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fields import Field, is_nothing
from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets import cells
from hipss_desktop.sheets.import_plan import plan
from hipss_desktop.sheets.keys import record_for
from hipss_desktop.sheets.names import Names
from hipss_desktop.sheets.reading import columns
from hipss_desktop.sheets.writing import write_sheet

NOW = datetime(2030, 1, 1, tzinfo=UTC)
IMPORTED = [each for each in KINDS.values() if each.sheet.key]
CHARACTERS = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]) | st.sampled_from(" ;|'=+-@,\"\\#\t")
TEXT = st.text(CHARACTERS, max_size=12)
LINE = TEXT.map(lambda text: " ".join(text.split())).filter(bool)


def value(each: Field) -> st.SearchStrategy[Any]:
    """Any value that a field may hold once it has been cleaned as a sheet cleans it."""
    codes = st.sampled_from([code.code for code in each.choices.codes]) if each.options.choices else st.nothing()
    return {
        "text": st.lists(LINE, min_size=1, max_size=3).map("\n".join),
        "code": codes,
        "codes": st.lists(codes, min_size=1, max_size=3),
        "reference": LINE,
        "references": st.lists(LINE, min_size=1, max_size=3),
        "instant": st.datetimes(datetime(1950, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
            lambda moment: times.stamp(moment.replace(microsecond=0))
        ),
        "day": st.dates(date(1920, 1, 1), date(2100, 1, 1)).map(date.isoformat),
        "phone": st.from_regex(r"(0|\+44 )\d{4} \d{6}", fullmatch=True),
        "tick": st.sampled_from([True]),
        "yes_no": st.booleans(),
        "number": st.integers(-99, 9999),
        "lines": st.lists(LINE, min_size=1, max_size=3),
        "rows": st.lists(entry(each), min_size=1, max_size=3).map(numbered),
    }[each.type]


def entry(each: Field) -> st.SearchStrategy[dict[str, Any]]:
    one_line = {inner.name: value(inner).map(flat) for inner in each.rows}
    return st.fixed_dictionaries({}, optional=one_line).filter(
        lambda row: not all(is_nothing(cell) for cell in row.values())
    )


def flat(cell: Any) -> Any:
    return " ".join(cell.split()) if isinstance(cell, str) else cell


def numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": f"{number:02}", **row} for number, row in enumerate(rows, 1)]


FIELDS = [pytest.param(each, id=f"{kind.name}-{each.name}") for kind in IMPORTED for each in kind.fields]


@pytest.mark.parametrize("each", FIELDS)
@settings(max_examples=20)
@given(data=st.data())
def test_every_field_reads_back_what_was_written(each: Field, data: st.DataObject) -> None:
    held = data.draw(value(each))
    out = io.StringIO()
    csv.writer(out).writerow([cells.guarded(cells.write(each, held))])
    cell = next(csv.reader(io.StringIO(out.getvalue(), newline="")))[0]
    assert cells.read(each, cells.unguarded(cell), lambda kind, text: text) == held


def finished(kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    needed = {each.name: value(each) for each in kind.fields if each.options.required}
    return st.fixed_dictionaries(
        needed, optional={each.name: value(each) for each in kind.fields if each.name not in needed}
    )


@pytest.mark.parametrize("kind", [KINDS["directory"], KINDS["practitioner"]], ids=lambda kind: kind.name)
@settings(max_examples=50)
@given(data=st.data())
def test_a_whole_sheet_reads_back_and_nothing_is_filled_in(kind: Kind, data: st.DataObject) -> None:
    rows = data.draw(
        st.lists(finished(kind), max_size=4, unique_by=lambda fields: record_for(kind, fields)),
    )
    text = write_sheet(kind, rows)
    found = plan(kind, text, names=Names(), held=(), now=NOW)
    assert found.problems == []
    assert [each.fields for each in found.new] == rows
    assert [each.record for each in found.new] == [record_for(kind, row) for row in rows]


@pytest.mark.parametrize("text", ["=1+1", "+44 7700 900111", "-2", "@SUM(A1)", "'=x", "\t=x"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_kept_from_it(text: str) -> None:
    assert cells.guarded(text) == f"'{text}"
    assert cells.unguarded(cells.guarded(text)) == text


@pytest.mark.parametrize("text", ["it's", "'quoted'", "01632 960174", "a = b", ""])
def test_other_text_is_written_as_it_stands(text: str) -> None:
    assert cells.guarded(text) == text == cells.unguarded(text)


@given(TEXT)
def test_no_written_cell_starts_a_formula(text: str) -> None:
    assert not cells.guarded(text).startswith(("=", "+", "-", "@", "\t"))
    assert cells.unguarded(cells.guarded(text)) == text


@pytest.mark.parametrize("kind", IMPORTED, ids=lambda kind: kind.name)
def test_a_template_names_every_column_and_labels_and_names_never_clash(kind: Kind) -> None:
    headers = next(csv.reader(io.StringIO(write_sheet(kind, []))))
    assert headers == [each.label for each in columns(kind)]
    meanings: dict[str, set[str]] = {}
    for each in columns(kind):
        for header in (each.label, each.name, *each.others):
            meanings.setdefault(header.casefold().replace("_", " ").rstrip("?"), set()).add(each.name)
    assert [header for header, fields in meanings.items() if len(fields) > 1] == []
    found = plan(kind, write_sheet(kind, []), names=Names(), held=(), now=NOW)
    assert (found.new, found.changed, found.known, found.problems) == ([], [], 0, [])


DUE = KINDS["action"].by_name["due"]


def due(text: str) -> str:
    read: str = cells.read(DUE, text, lambda kind, name: None)
    return read


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("14/03/2017 02:14", "2017-03-14T02:14:00+00:00"),
        ("14/3/2017 2:14", "2017-03-14T02:14:00+00:00"),
        ("14 March 2017 0214", "2017-03-14T02:14:00+00:00"),
        ("01/07/2016 23:59:58", "2016-07-01T23:59:58+01:00"),
        ("01/07/2016 23:59 bst", "2016-07-01T23:59:00+01:00"),
        ("30/10/2016 01:30 BST", "2016-10-30T01:30:00+01:00"),
        ("30/10/2016 01:30 GMT", "2016-10-30T01:30:00+00:00"),
        ("30/10/2016 00:59", "2016-10-30T00:59:00+01:00"),
        ("30/10/2016 02:00", "2016-10-30T02:00:00+00:00"),
        ("27/03/2016 00:59", "2016-03-27T00:59:00+00:00"),
        ("27/03/2016 02:00", "2016-03-27T02:00:00+01:00"),
        ("2017-03-14T02:14:00+00:00", "2017-03-14T02:14:00+00:00"),
    ],
)
def test_times_are_those_of_the_clock_on_the_wall(typed: str, kept: str) -> None:
    assert due(typed) == kept


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("30/10/2016 01:30", "The clocks went back, so 01:30 came twice. Write BST or GMT after it."),
        ("27/03/2016 01:30", "01:30 did not happen on 27 March 2016. The clocks went forward."),
        ("01/07/2016 01:30 GMT", "The clocks showed BST that day, not GMT."),
        ("14/03/17 02:14", "Enter a date like 14/03/2017"),
        ("14/03/0017 02:14", "Enter a date like 14/03/2017"),
        ("14/03/2017", "Enter a date and time like 14/03/2017 02:14"),
        ("14/03/2017 25:14", "Enter a time like 02:05"),
        ("0001-01-01T00:00:00+00:00", "Enter a date and time like 14/03/2017 02:14"),
    ],
)
def test_a_time_that_cannot_be_is_refused_in_words(typed: str, message: str) -> None:
    with pytest.raises(UserError, match="^" + message.replace(".", r"\.") + "$"):
        due(typed)


def test_a_number_that_lost_its_nought_in_a_spreadsheet_gets_it_back() -> None:
    number = KINDS["directory"].by_name["number"]
    assert cells.read(number, "7700900184", lambda kind, name: None) == "07700900184"
    assert cells.read(number, "999", lambda kind, name: None) == "999"


@pytest.mark.parametrize(("text", "held"), [("Yes", True), ("x", True), ("1", True), ("no", False), ("0", False)])
def test_flags_are_yes_or_no(text: str, held: bool) -> None:
    assert cells.read(KINDS["contact"].by_name["handover"], text, lambda kind, name: None) is held
