"""Whatever a field may hold is written as a cell that reads back as it was, and a spreadsheet runs none of it."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fields import Field, is_nothing
from hipss_desktop.sheets import cells
from tests.helpers import wrong_values

NOW = datetime(2030, 1, 1, tzinfo=UTC)
IMPORTED = [kind for kind in KINDS.values() if kind.sheet.key]
CHARACTERS = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]) | st.sampled_from(" ;|'=+-@,\"\\#\t")
TEXT = st.text(CHARACTERS, max_size=12)
LINE = TEXT.map(lambda text: " ".join(text.split())).filter(bool)


def value(field: Field) -> st.SearchStrategy[Any]:
    """Any value that a field may hold once it has been cleaned as a sheet cleans it."""
    codes = st.sampled_from([code.code for code in field.choices.codes]) if field.options.choices else st.nothing()
    return {
        "text": st.lists(LINE, min_size=1, max_size=3).map("\n".join),
        "code": codes,
        "codes": st.lists(codes, min_size=1, max_size=3),
        "reference": LINE,
        "references": st.lists(LINE, min_size=1, max_size=3),
        "instant": st.datetimes(datetime(1950, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001  hypothesis adds the zone
            lambda moment: times.stamp(moment.replace(microsecond=0))
        ),
        "day": st.dates(date(1920, 1, 1), date(2100, 1, 1)).map(date.isoformat),
        "phone": st.from_regex(r"(0|\+44 )\d{4} \d{6}", fullmatch=True),
        "tick": st.sampled_from([True]),
        "yes_no": st.booleans(),
        "number": st.integers(-99, 9999),
        "lines": st.lists(LINE, min_size=1, max_size=3),
        "rows": st.lists(entry(field), min_size=1, max_size=3).map(numbered),
    }[field.type]


def entry(field: Field) -> st.SearchStrategy[dict[str, Any]]:
    one_line = {inner.name: value(inner).map(flat) for inner in field.rows}
    return st.fixed_dictionaries({}, optional=one_line).filter(
        lambda row: (
            not all(is_nothing(cell) for cell in row.values())
            and not (
                field.by_paragraph and field.is_blank({"id": "r", **row})
            )  # a paragraph without words says nothing
        )
    )


def flat(cell: Any) -> Any:
    return " ".join(cell.split()) if isinstance(cell, str) else cell


def numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": f"{number:02}", **row} for number, row in enumerate(rows, 1)]


FIELDS = [pytest.param(field, id=f"{kind.name}-{field.name}") for kind in IMPORTED for field in kind.fields]
WRONG: list[Any] = [
    *wrong_values.WRONG.values(), wrong_values.SURROGATE, "json: 1", "a\rb", [""], ["a;b"], ["a\nb", " c "],
    "2017-03-14T02:14:00.250+00:00", [{"id": "r1", "what": 5, "unknown": [1]}],
]  # fmt: skip


def through_a_file(cell: str) -> str:
    """The cell as it is read again from a file of text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([cells.guarded(cell), "x"])
    file_text = out.getvalue().encode("utf-8-sig").decode("utf-8-sig")
    read: str = next(csv.reader(io.StringIO(file_text, newline="")))[0].replace("\r\n", "\n").replace("\r", "\n")
    return cells.unguarded(read)


def as_it_stands(kind: str, text: str) -> str:
    return text


@pytest.mark.parametrize("field", FIELDS)
@settings(max_examples=20)
@given(data=st.data())
def test_every_field_reads_back_what_was_written(field: Field, data: st.DataObject) -> None:
    held = data.draw(value(field))
    read_value = cells.read(field, through_a_file(cells.write(field, held)), as_it_stands)
    if field.by_paragraph:  # which get their places from the order of their lines
        assert cells.alike(field, read_value, held)
    else:
        assert read_value == held


@pytest.mark.parametrize("field", FIELDS)
def test_what_does_not_fit_a_field_reads_back_as_it_was(field: Field) -> None:
    for wrong in WRONG:
        cell = through_a_file(cells.write(field, wrong))
        if field.is_empty(wrong):
            assert cell == ""
        elif "\\udc80" in cell:
            with pytest.raises(UserError, match="is not JSON"):
                cells.read(field, cell, as_it_stands)
        else:
            back = cells.read(field, cell, as_it_stands)
            assert cells.alike(field, back, wrong), wrong
            if not cells.fits(field, wrong):
                assert json.dumps(back) == json.dumps(wrong)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("field", FIELDS[:: len(FIELDS) // 20])
@settings(max_examples=50)
@given(held=JSON_VALUES)
def test_any_json_that_a_body_may_hold_is_written_and_reads_back(field: Field, held: Any) -> None:
    cell = through_a_file(cells.write(field, held))
    back = cells.read(field, cell, as_it_stands) if cell else None
    assert cells.alike(field, back, held)


@pytest.mark.parametrize(
    ("kind", "name", "held", "cell"),
    [
        ("contact", "happening", "Went out.\nCame back.", "Went out.\nCame back."),
        ("contact", "concerns", ["missing", "school"], "Missing or back; School"),
        ("contact", "handover", True, "Yes"),
        ("contact", "handover", False, ""),
        ("practitioner", "active", False, "No"),
        ("child", "born", "2002-09-30", "30/09/2002"),
        ("child", "born", "soon", 'json:"soon"'),
        ("child", "risks", ["Runs; hides"], "Runs; hides\n"),
        ("contact", "risk", "purple", 'json:"purple"'),
        ("carer", "places", 2, "2"),
        ("carer", "places", "2", 'json:"2"'),
        ("carer", "phones", [{"id": "k", "label": "Home|work", "number": "01632 960174"}], "Home\\|work|01632 960174"),
    ],
)
def test_an_answer_is_written_as_a_person_would_and_as_json_only_where_it_must_be(
    kind: str, name: str, held: Any, cell: str
) -> None:
    assert cells.write(KINDS[kind].by_name[name], held) == cell


def test_a_line_break_inside_a_row_is_kept() -> None:
    phones = KINDS["carer"].by_name["phones"]
    held = [{"id": "k", "label": "Home\nafter six", "number": "01632 960174"}]
    assert cells.read(phones, cells.write(phones, held), as_it_stands) == held


@pytest.mark.parametrize("cell", ["json:", "json:{", "json:nan", 'json:"\\ud800"', "json:" + "[" * 100_000])
def test_a_cell_of_malformed_json_is_refused_with_a_message(cell: str) -> None:
    with pytest.raises(UserError, match="What stands after json: is not JSON"):
        cells.read(KINDS["child"].by_name["gp"], cell, as_it_stands)


@pytest.mark.parametrize("field", FIELDS)
def test_what_rows_are_called_by_and_outer_white_space_say_nothing(field: Field) -> None:
    if field.type == "text":
        assert cells.alike(field, " Went out\n", "Went out")
    if field.type == "rows":
        texts = [inner.name for inner in field.rows if inner.type == "text"]
        for text in ["text"] if field.by_paragraph else texts:  # a place alone says nothing
            assert cells.alike(field, [{"id": "a", text: "x"}], [{"id": "b", text: "x "}])
            assert not cells.alike(field, [{"id": "a", text: "x"}], [{"id": "a", text: "y"}])


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 7700 900111",
        "-2",
        "@SUM(A1)",
        "'=x",
        "''=x",
        "\t=x",
        " =x",
        "\u00a0=x",
        "\u200b=x",
        "\n=x",
        "\r=x",
        "' '=x",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "﹦1",
    ],
)
def test_what_a_spreadsheet_would_take_for_a_formula_is_kept_from_it(text: str) -> None:
    assert cells.guarded(text) == f"'{text}"
    assert cells.unguarded(cells.guarded(text)) == text


@pytest.mark.parametrize("text", ["it's", "'quoted'", "'", "01632 960174", "a = b", "", "– a dash"])
def test_other_text_is_written_unchanged(text: str) -> None:
    assert cells.guarded(text) == text == cells.unguarded(text)


@given(st.text(CHARACTERS | st.sampled_from("'= \t\u200b＝"), max_size=6))
def test_no_written_cell_starts_a_formula(text: str) -> None:
    assert not cells.guarded(text).strip(" \t\n\u200b").startswith(("=", "+", "-", "@", "＝"))
    assert cells.unguarded(cells.guarded(text)) == text


DUE = KINDS["action"].by_name["due"]


def due(text: str) -> str:
    read: str = cells.read(DUE, text, lambda kind, name: None)
    return read


@pytest.mark.parametrize(
    ("typed", "stored_time"),
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
def test_times_are_those_of_the_clock_on_the_wall(typed: str, stored_time: str) -> None:
    assert due(typed) == stored_time


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
def test_an_impossible_time_is_refused_with_a_message(typed: str, message: str) -> None:
    with pytest.raises(UserError, match="^" + message.replace(".", r"\.") + "$"):
        due(typed)


def test_a_number_that_lost_its_nought_in_a_spreadsheet_gets_it_back() -> None:
    number = KINDS["directory"].by_name["number"]
    assert cells.read(number, "7700900184", lambda kind, name: None) == "07700900184"
    assert cells.read(number, "999", lambda kind, name: None) == "999"


@pytest.mark.parametrize(("text", "held"), [("Yes", True), ("x", True), ("1", True), ("no", False), ("0", False)])
def test_flags_are_yes_or_no(text: str, held: bool) -> None:
    assert cells.read(KINDS["contact"].by_name["handover"], text, lambda kind, name: None) is held
