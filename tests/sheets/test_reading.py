"""A sheet is read row by row: good rows come through, bad ones are reported by line with the reason."""

from datetime import UTC, datetime

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.sheets.import_plan import Plan, plan
from hipss_desktop.sheets.names import Held, Names
from hipss_desktop.sheets.problems import LineProblem

NOW = datetime(2017, 3, 14, 12, 0, tzinfo=UTC)
KAI = {"given_name": "Kai", "family_name": "Morgan", "known_as": ["K"], "local_id": "HIPSS-017", "born": "2002-09-30"}
PREECE = {
    "members": [
        {"id": "01", "given_name": "Joanna", "known_as": "Jo", "family_name": "Preece", "relation": "carer"},
        {"id": "02", "given_name": "Martin", "family_name": "Preece", "relation": "second_carer"},
    ]
}
HEADER = "Ref,Call time,Caller,Child,Concerns,What happened,Advice,Risk,Who needs to know"
GOOD = "1,13/03/2017 21:52,Jo Preece,Kai M.,Missing or back,Went out,Ring 101,High,Police; EDT"


@pytest.fixture
def names() -> Names:
    known = Names()
    known.add(KINDS["child"], "child-kai", KAI)
    known.add(KINDS["carer"], "carer-preece", PREECE)
    return known


def contacts(names: Names, *lines: str, now: datetime = NOW) -> Plan[Held]:
    return plan(KINDS["contact"], "\n".join(lines), names=names, held=(), now=now)


def test_a_row_of_the_old_log_becomes_the_fields_of_a_contact(names: Names) -> None:
    sheet = contacts(names, HEADER, GOOD)
    assert sheet.problems == []
    assert sheet.new[0].line == 2
    assert sheet.new[0].fields == {
        "caller": "carer-preece",
        "caller_name": "Jo Preece",
        "caller_role": "carer",
        "children": ["child-kai"],
        "concerns": ["missing"],
        "happening": "Went out",
        "advice": "Ring 101",
        "risk": "high",
        "needs_to_know": ["police", "edt"],
        "told": "2017-03-13T21:52:00+00:00",
        "log_line": "1",
    }


@pytest.mark.parametrize("name", ["HIPSS-017", "kai m.", "Kai  Morgan", "K Morgan", "child-kai"])
def test_a_child_is_found_by_number_names_and_identifier(names: Names, name: str) -> None:
    sheet = contacts(names, HEADER, GOOD.replace("Kai M.", name))
    assert sheet.new[0].fields["children"] == ["child-kai"]


@pytest.mark.parametrize("name", ["Jo & Martin Preece", "joanna preece", "MARTIN PREECE"])
def test_a_household_is_found_by_its_name_and_by_its_members(names: Names, name: str) -> None:
    fields = contacts(names, HEADER, GOOD.replace("Jo Preece", name)).new[0].fields
    assert (fields["caller"], fields["caller_name"], fields["caller_role"]) == ("carer-preece", name, "carer")


def test_a_caller_who_is_not_a_carer_is_kept_as_a_name(names: Names) -> None:
    fields = contacts(names, HEADER, GOOD.replace("Jo Preece", "PC Ahmed")).new[0].fields
    assert fields["caller_name"] == "PC Ahmed"
    assert "caller" not in fields
    assert "caller_role" not in fields


def test_two_of_one_name_are_never_guessed_between(names: Names) -> None:
    names.add(KINDS["child"], "child-other", {**KAI, "local_id": "HIPSS-018", "family_name": "Mills"})
    sheet = contacts(names, HEADER, GOOD, GOOD.replace("1,", "2,", 1).replace("Kai M.", "HIPSS-018"))
    assert [problem.message for problem in sheet.problems] == [
        "More than one child is called that here. Write a fuller name."
    ]
    assert sheet.new[0].fields["children"] == ["child-other"]


def test_every_problem_of_a_row_is_reported_by_line_and_the_good_rows_still_come(names: Names) -> None:
    bad = "2,31/02/2017 21:52,Jo Preece,Nobody Known,Missing; Storm,,Ring 101,Severe,"
    sheet = contacts(names, HEADER, GOOD, bad, GOOD.replace("1,", "3,", 1))
    assert [row.line for row in sheet.new] == [2, 4]
    assert {problem.line for problem in sheet.problems} == {3}
    assert {problem.column: problem.message for problem in sheet.problems} == {
        "Children": "No child is called that here",
        "What is it about?": "This is no choice for this column. Use one of: Missing or back, Drink or drugs, "
        "Injury or health, Carer needs support, Self-harm, Violence, Exploitation worry, Family time, School, Other.",
        "What is happening?": "Enter what is happening",
        "Risk now": "This is no choice for this column. Use one of: Low, Medium, High, Emergency.",
        "Who needs to know": "Choose who needs to know",
        "When you were told": "There is no such day. Enter a date like 14/03/2017",
    }


def test_no_problem_repeats_what_stood_in_a_cell(names: Names) -> None:
    secret = "Zebedee"
    cells = dict.fromkeys(range(len(HEADER.split(","))), secret) | {0: "9"}
    sheet = contacts(names, HEADER, ",".join(cells.values()))
    assert sheet.problems
    assert not any(secret in problem.message + problem.column for problem in sheet.problems)


def test_a_file_without_a_header_is_refused_without_repeating_its_first_line(names: Names) -> None:
    sheet = contacts(names, GOOD.replace("Missing or back", "Violence"))
    assert sheet.new == []
    assert sheet.problems == [LineProblem(1, "", "The first line names no column of on-call contacts.")]
    by_chance = contacts(names, GOOD)
    assert by_chance.new == []
    assert not any("Preece" in problem.column + problem.message for problem in by_chance.problems)


def test_lines_are_those_of_the_file_where_cells_hold_line_breaks_and_rows_are_empty(names: Names) -> None:
    long = GOOD.replace("Went out", '"Went out\nand did not\ncome back"')
    sheet = contacts(
        names, "", HEADER, long, ",,,,,,,,", "", GOOD.replace("1,", "2,", 1).replace("High", "x"), ",,", ""
    )
    assert sheet.new[0].line == 3
    assert sheet.new[0].fields["happening"] == "Went out\nand did not\ncome back"
    assert [problem.line for problem in sheet.problems] == [8]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_what_spreadsheets_save_is_read(names: Names, separator: str, ending: str) -> None:
    lines = (HEADER, GOOD.replace("Police; EDT", '"Police; EDT"'))
    text = "\ufeff" + "".join(line.replace(",", separator) + ending for line in lines)
    sheet = contacts(names, text)
    assert sheet.problems == []
    assert sheet.new[0].fields["needs_to_know"] == ["police", "edt"]


def test_unknown_and_doubled_columns_are_reported_once(names: Names) -> None:
    tail = ",Weather,Advice"
    sheet = contacts(names, HEADER + tail, GOOD + ",Rain,Other", GOOD.replace("1,", "2,", 1) + ",Sun,")
    assert len(sheet.new) == 2
    assert sheet.new[0].fields["advice"] == "Ring 101"
    assert sheet.problems == [
        LineProblem(1, "column J", "On-call contacts have no such column. It is left out."),
        LineProblem(1, "column K", "This column is there twice. The first one is read."),
    ]


def test_a_stray_separator_and_an_open_quotation_mark_are_reported(names: Names) -> None:
    sheet = contacts(names, HEADER, GOOD + ",more", GOOD.replace("1,", "2,", 1), GOOD.replace("Went", '"Went'))
    assert [row.line for row in sheet.new] == [3]
    assert sheet.problems == [
        LineProblem(
            2, "", "This row goes on after the last heading. Look for a stray separator, or give the column a heading."
        ),
        LineProblem(4, "", "This line cannot be read. Look for a quotation mark left open."),
    ]


def test_text_below_no_heading_is_never_left_out_in_silence(names: Names) -> None:
    middle = contacts(
        names,
        f"Ref,{HEADER.removeprefix('Ref')},,",
        GOOD.replace("1,", "1,,", 1) + ",,",
        GOOD.replace("1,", "2,hm,", 1),
    )
    assert [row.line for row in middle.new] == [2, 3]
    assert middle.problems == [LineProblem(3, "column B", "This column has no heading. It is left out.")]
    assert middle.problems[0].value == "hm"
    after = contacts(
        names, HEADER + ",,", GOOD + ",,", GOOD.replace("1,", "2,", 1).replace("Went out", "Went out, alone") + ","
    )
    assert [row.line for row in after.new] == [2]
    assert any("goes on after the last heading" in problem.message for problem in after.problems if problem.line == 3)


def test_of_very_many_unknown_columns_the_first_are_named_and_the_others_counted(names: Names) -> None:
    sheet = contacts(names, HEADER + "".join(f",Odd {number}" for number in range(1025)), GOOD)
    assert len(sheet.new) == 1
    assert len(sheet.problems) == 26
    assert sheet.problems[-1] == LineProblem(1, "", "There are 1,000 more such columns. They are left out.")


def test_the_rules_of_finishing_hold_for_rows(names: Names) -> None:
    sheet = contacts(names, HEADER, GOOD.replace("13/03/2017", "15/03/2017"))
    words = "Tomorrow 21:52 is in the future. Enter a time that is not in the future"
    assert sheet.problems == [LineProblem(2, "When you were told", words)]


def test_a_problem_inside_a_list_names_its_entry(names: Names) -> None:
    sheet = contacts(names, HEADER + ",Follow-ups", GOOD + ",|Day team|14/03/2017 09:00")
    assert sheet.problems == [LineProblem(2, "Follow-ups", "Enter what is to be done (entry 1)")]
    sheet = contacts(names, HEADER + ",Follow-ups", GOOD + ",Ring|Day team|soon")
    assert sheet.problems[0].message == "Entry 1, due: Enter a date and time like 14/03/2017 02:14"


def test_a_contact_needs_the_time_it_was_told(names: Names) -> None:
    sheet = contacts(names, HEADER, GOOD.replace("13/03/2017 21:52", ""))
    assert sheet.problems == [LineProblem(2, "When you were told", "Enter when you were told")]


def test_a_wrong_number_needs_only_its_type(names: Names) -> None:
    sheet = contacts(names, "Ref,Kind of contact,told", "7,Wrong number,13/03/2017 03:10")
    assert sheet.problems == []
    assert sheet.new[0].fields["type"] == "wrong_number"


def test_a_second_row_of_one_key_in_the_file_is_reported(names: Names) -> None:
    sheet = contacts(names, HEADER, GOOD, GOOD.replace("High", "Low").replace("1,", "1 ,", 1))
    assert [row.line for row in sheet.new] == [2]
    same = "This is the same on-call contact as on line 2."
    assert sheet.problems == [LineProblem(3, "Line in the old log", same)]


def test_a_sheet_or_row_without_its_key_is_refused(names: Names) -> None:
    needed = "Enter line in the old log. It tells whether a row has been read before."
    without = HEADER.removeprefix("Ref,"), GOOD.removeprefix("1,").replace("Missing or back", "School")
    assert contacts(names, *without).problems == [LineProblem(1, "Line in the old log", f"{needed} Add the column.")]
    assert contacts(names, HEADER, "," + without[1]).problems == [LineProblem(2, "Line in the old log", needed)]


def test_an_empty_file_says_so(names: Names) -> None:
    assert contacts(names, "").problems == [LineProblem(1, "", "This file holds no rows.")]


def test_a_kind_that_is_not_imported_says_so(names: Names) -> None:
    with pytest.raises(UserError, match="Laptop certificates have no sheet"):
        plan(KINDS["certificate"], "", names=names, held=(), now=NOW)


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("named", ["sep=;", "sep=;;;;", '"sep=;"', "SEP=;"])
def test_a_first_line_may_name_the_separator_and_counts_as_a_line(names: Names, named: str, ending: str) -> None:
    bad = GOOD.replace("1,", "2,", 1).replace("High", "x").replace("Police; EDT", "Police")
    lines = [line.replace(",", ";") for line in (HEADER, GOOD.replace("Police; EDT", '"Police; EDT"'), bad)]
    sheet = contacts(names, ending.join((named, *lines)))
    assert [row.line for row in sheet.new] == [3]
    assert [(problem.line, problem.column, problem.value) for problem in sheet.problems] == [(4, "Risk now", "x")]


def test_lines_that_end_in_cr_alone_are_counted_also_inside_a_cell(names: Names) -> None:
    long = GOOD.replace("Went out", '"Went out\rand back"')
    sheet = contacts(names, "\r".join((HEADER, long, GOOD.replace("1,", "2,", 1).replace("High", "x"))))
    assert sheet.new[0].fields["happening"] == "Went out\nand back"
    assert [problem.line for problem in sheet.problems] == [4]


@pytest.mark.parametrize(
    "heading", ["Caller’s name", "Callerʼs name", "“Caller’s name”", "«CALLER´S NAME»", "Caller's  name:"]
)
def test_a_heading_may_have_typographic_apostrophes_and_quotation_marks(names: Names, heading: str) -> None:
    fields = (
        contacts(names, f"{HEADER.replace('Caller', heading)}", GOOD.replace("Jo Preece", "Mo Preece")).new[0].fields
    )
    assert fields["caller_name"] == "Mo Preece"


def test_every_problem_of_a_cell_names_its_line_its_column_and_what_it_says(names: Names) -> None:
    sheet = contacts(names, HEADER, GOOD.replace("High", "Severe " * 20).replace("13/03/2017 21:52", "soon"))
    assert [(problem.line, problem.column, problem.value) for problem in sheet.problems] == [
        (2, "Risk now", ("Severe " * 20)[:59] + "…"),
        (2, "When you were told", "soon"),
    ]
    assert sheet.problems[1].words.startswith("line 2, When you were told, “soon”: Enter a date")


def test_a_cell_that_a_spreadsheet_has_cut_is_not_taken_for_the_whole_text(names: Names) -> None:
    whole, cut = "x" * 32_768, "x" * 32_767
    assert contacts(names, HEADER, GOOD.replace("Went out", whole)).new[0].fields["happening"] == whole
    sheet = contacts(names, HEADER, GOOD.replace("Went out", cut))
    assert sheet.new == []
    assert [problem.column for problem in sheet.problems] == ["What is happening?"]
    assert "spreadsheets cut" in sheet.problems[0].message


def test_lines_that_an_open_quotation_mark_swallows_are_counted(names: Names) -> None:
    sheet = contacts(names, HEADER, GOOD.replace("Went", '"Went'), GOOD.replace("1,", "2,", 1), "")
    assert sheet.problems == [
        LineProblem(2, "", "Everything from here to line 3 cannot be read. Look for a quotation mark left open.")
    ]
