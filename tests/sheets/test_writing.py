"""A whole sheet reads back to the same answers, and a person it refers to stands there by a name that leads back."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.bounds import MOST_ROWS
from hipss_desktop.records.kind import Kind
from hipss_desktop.sheets.import_plan import plan
from hipss_desktop.sheets.keys import identifier_before
from hipss_desktop.sheets.names import Names
from hipss_desktop.sheets.reading import columns
from hipss_desktop.sheets.writing import export, write_sheet
from tests.helpers.imported import record_for
from tests.helpers.kinds_known import also_known
from tests.helpers.sheet_kinds import MEETING, MINUTES, HeldRecord
from tests.helpers.wrong_values import SURROGATE
from tests.sheets.test_cells import WRONG, value

NOW = datetime(2030, 1, 1, tzinfo=UTC)
IMPORTED = [kind for kind in KINDS.values() if kind.sheet.key]
KAI = {"given_name": "Kai", "family_name": "Morgan", "local_id": "HIPSS-017"}
PREECE = {"members": [{"id": "01", "given_name": "Jo", "family_name": "Preece"}]}


def finished(kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    needed = {field.name: value(field) for field in kind.fields if field.options.required}
    answers = st.fixed_dictionaries(
        needed, optional={field.name: value(field) for field in kind.fields if field.name not in needed}
    )
    return answers.filter(lambda fields: not any("/" in problem.field for problem in kind.problems(fields, NOW)))


@pytest.mark.parametrize("kind", [KINDS["directory"], KINDS["practitioner"]], ids=lambda kind: kind.name)
@settings(max_examples=50)
@given(data=st.data())
def test_a_whole_sheet_reads_back_and_nothing_is_filled_in(kind: Kind, data: st.DataObject) -> None:
    rows = data.draw(
        st.lists(finished(kind), max_size=4, unique_by=lambda fields: record_for(kind, fields)),
    )
    text = write_sheet(kind, rows)
    import_plan = plan(kind, text, names=Names(), held=(), now=NOW, identify=identifier_before)
    assert import_plan.problems == []
    assert [row.fields for row in import_plan.new] == rows
    assert [row.record for row in import_plan.new] == [record_for(kind, row) for row in rows]


@pytest.mark.parametrize("kind", IMPORTED, ids=lambda kind: kind.name)
def test_a_template_names_every_column_and_labels_and_names_never_clash(kind: Kind) -> None:
    headers = next(csv.reader(io.StringIO(write_sheet(kind, []))))
    assert headers == [column.label for column in columns(kind)]
    meanings: dict[str, set[str]] = {}
    for column in columns(kind):
        for header in (column.label, column.name, *column.others):
            meanings.setdefault(header.casefold().replace("_", " ").rstrip("?"), set()).add(column.name)
    assert [header for header, fields in meanings.items() if len(fields) > 1] == []
    import_plan = plan(kind, write_sheet(kind, []), names=Names(), held=(), now=NOW)
    assert (import_plan.new, import_plan.changed, import_plan.known, import_plan.problems) == ([], [], 0, [])


@pytest.fixture
def names() -> Names:
    known = Names()
    known.add(KINDS["child"], "kai", KAI)
    known.add(KINDS["carer"], "preece", PREECE)
    known.add(KINDS["practitioner"], "bevan", {"name": "A. Bevan; on call"})
    known.add(KINDS["practitioner"], "lloyd-1", {"name": "S. Lloyd"})
    known.add(KINDS["practitioner"], "lloyd-2", {"name": "S. Lloyd"})
    return known


def cells_of(text: str) -> dict[str, str]:
    return next(csv.DictReader(io.StringIO(text, newline="")))


def test_references_go_out_as_names_also_inside_rows_and_read_back_to_the_same_records(names: Names) -> None:
    body: dict[str, Any] = {
        "held_on": "2017-03-14",
        "attendees": [
            {"id": "01", "colleague": "bevan", "children": ["kai"], "note": "a; b | c"},
            {"id": "02", "colleague": "lloyd-2", "note": "x"},
        ],
    }
    with also_known(MEETING, MINUTES):
        text = write_sheet(MEETING, [body], names=names)
        assert cells_of(text)["Who came"] == "A. Bevan; on call|HIPSS-017|a; b \\| c\nlloyd-2||x"
        import_plan = plan(MEETING, text, names=names, held=(), now=NOW)
    assert (import_plan.problems, [row.fields for row in import_plan.new]) == ([], [body])


def test_a_record_that_is_not_here_goes_out_as_its_identifier_and_is_reported_where_it_is_read(names: Names) -> None:
    body = {"what": "Ring", "due": "2017-03-14T09:00:00+00:00", "child": "nowhere"}
    text = write_sheet(KINDS["action"], [body], names=names)
    assert cells_of(text)["Child"] == "nowhere"
    import_plan = plan(KINDS["action"], text, names=names, held=(), now=NOW)
    assert [problem.message for problem in import_plan.problems] == ["No child is called that here"]


CALL = {
    "log_line": "1", "told": "2017-03-13T21:52:00+00:00", "concerns": ["school"], "risk": "low", "happening": "Rang",
    "no_advice": True, "needs_to_know": ["nobody"], "children": ["kai"],
}  # fmt: skip


@pytest.mark.parametrize(
    "caller",
    [
        {"caller": "preece", "caller_name": "Jo Preece", "caller_role": "carer"},
        {"caller": "preece", "caller_name": "Jo Preece", "caller_role": "family"},
        {"caller": "preece", "caller_role": "carer"},
        {"caller": "preece", "caller_name": "Jo Preece"},
        {"caller": "preece"},
        {"caller_name": "PC Ahmed"},
        {"caller_name": "Jo Preece"},
        {"caller": "nowhere", "caller_name": "Jo Preece", "caller_role": "carer"},
        {"caller": "nowhere"},
    ],
)
def test_a_caller_reads_back_without_anything_that_the_record_does_not_say(
    names: Names, caller: dict[str, str]
) -> None:
    text = write_sheet(KINDS["contact"], [{**CALL, **caller}], names=names)
    import_plan = plan(KINDS["contact"], text, names=names, held=(), now=NOW)
    assert (import_plan.problems, [row.fields for row in import_plan.new]) == ([], [{**CALL, **caller}])


def test_no_cell_of_a_sheet_is_one_that_a_spreadsheet_would_run(names: Names) -> None:
    body = {
        "given_name": "=1+1",
        "family_name": " @SUM(A1)",
        "known_as": ["-x", "＝y"],
        "local_id": "'+1",
        "gp": "it's",
    }
    text = write_sheet(KINDS["child"], [{**body, "born": "2002-09-30"}], names=names)
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "＝")) for cell in cells_of(text).values())
    import_plan = plan(KINDS["child"], text, names=names, held=(), now=NOW)
    assert [row.fields for row in import_plan.new] == [{**body, "family_name": "@SUM(A1)", "born": "2002-09-30"}]


def test_withdrawn_records_and_those_without_an_answer_are_left_out_and_counted(names: Names) -> None:
    held = [
        HeldRecord("a", {**KAI, "born": "2002-09-30"}),
        HeldRecord("b", {**KAI, "local_id": "HIPSS-018"}, withdrawn=True),
        HeldRecord("c", {}, incomplete=True),
        HeldRecord("d", {"given_name": "Ann", "local_id": "HIPSS-001"}, needs_decision=True),
    ]
    sheet = export(KINDS["child"], held, names)
    assert (sheet.records, sheet.withdrawn, sheet.empty, sheet.undecided) == (2, 1, 1, 1)
    rows = list(csv.DictReader(io.StringIO("".join(sheet.lines), newline="")))
    assert [row["First name"] for row in rows] == ["Ann", "Kai"]


def test_records_that_are_dated_go_out_oldest_first_and_others_by_title(names: Names) -> None:
    dues = ["2017-03-14T09:00:00+00:00", "2016-03-14T09:00:00+00:00", "2017-03-14T08:00:00+00:00", "soon"]
    held = [HeldRecord(str(number), {"what": str(number), "due": due}) for number, due in enumerate(dues)]
    rows = csv.DictReader(io.StringIO("".join(export(KINDS["action"], held, names).lines), newline=""))
    assert [row["What is to be done"] for row in rows] == ["3", "1", "2", "0"]


@pytest.mark.parametrize("kind", IMPORTED, ids=lambda kind: kind.name)
def test_a_body_with_any_wrong_value_is_exported_and_reading_it_again_changes_nothing(kind: Kind, names: Names) -> None:
    with also_known(MEETING, MINUTES):
        for field in kind.fields:
            for wrong in WRONG:
                if wrong == SURROGATE:
                    continue  # no body that can be read holds one
                held = HeldRecord("r", {"unknown": wrong, field.name: wrong})
                text = "".join(export(kind, [held], names).lines)
                text.encode()
                assert plan(kind, text, names=names, held=[held], now=NOW).changed == []


def test_a_record_with_as_many_rows_as_may_travel_reads_back(names: Names) -> None:
    rows = [
        {"id": f"{number:02}", "who": f"Somebody {number}", "number": "01632 960174"}
        for number in range(1, MOST_ROWS + 1)
    ]
    body = {**KAI, "born": "2002-09-30", "who_to_call": rows}
    import_plan = plan(KINDS["child"], write_sheet(KINDS["child"], [body], names=names), names=names, held=(), now=NOW)
    assert (import_plan.problems, [row.fields for row in import_plan.new]) == ([], [body])
    held = HeldRecord("r", {**body, "who_to_call": [{**row, "id": f"x{row['id']}"} for row in rows]})
    text = write_sheet(KINDS["child"], [{**body, "who_to_call": rows[::-1]}], names=names)
    changed = plan(KINDS["child"], text, names=names, held=[held], now=NOW).changed
    assert changed[0].fields["who_to_call"] == held.fields["who_to_call"][::-1]


def test_a_kind_without_a_sheet_says_so(names: Names) -> None:
    with pytest.raises(UserError, match="Laptop certificates have no sheet"):
        export(KINDS["certificate"], [], names)
