"""The table of who must be told: it reads whole, and a row that cannot be used costs that row and says so."""

import csv
import io
from datetime import date
from importlib.resources import files

import pytest

from hipss_desktop.kinds.recipient import Recipient
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.notification_rules import UNREADABLE_TABLE, counted_from, read_table, shipped

TEXT = files("resources").joinpath("codes", "notification_rules.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(TEXT.splitlines()))


def with_cell(column: str, value: str) -> str:
    """The table with something else in one column of its third row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(ROWS[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows([{**row, column: value} if place == 2 else row for place, row in enumerate(ROWS)])
    return text.getvalue()


def test_the_table_that_the_program_brings_has_no_bad_row_and_no_two_rows_of_one_name() -> None:
    assert shipped().problems == ()
    assert len(shipped().rules) == len(ROWS) == len({rule.code for rule in shipped().rules})


def test_each_rule_has_a_source_and_the_day_on_which_that_was_read() -> None:
    assert [rule.code for rule in shipped().rules if not rule.source or rule.last_checked is None] == []


def test_each_rule_counts_from_what_its_event_counts_from() -> None:
    assert [rule.code for rule in shipped().rules if rule.counted_from != counted_from(rule.event)] == []


def test_every_event_that_a_type_or_question_leads_to_has_a_rule_or_a_return_that_has_one() -> None:
    leading = [*code_list("incident_type").codes, *code_list("incident_question").codes]
    events = {event for code in leading for event in code.more["events"].split()}
    assert events <= {code.code for code in code_list("notification_event").codes}
    assert events - {rule.event for rule in shipped().rules} == {"away"}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("code", ""),
        ("event", "S7-99"),
        ("recipient", "the mayor"),
        ("within", "soon"),
        ("within", "0"),
        ("within", "²"),
        ("unit", "fortnights"),
        ("basis", "custom"),
        ("source", " "),
        ("in_force_from", "last year"),
        ("in_force_to", "2017-02-29"),
        ("last_checked", "1/3/2017"),
        ("warn_hours", "-1"),
    ],
)
def test_a_bad_row_is_reported_in_a_sentence_and_the_others_are_used(column: str, value: str) -> None:
    table = read_table(with_cell(column, value))
    assert table.problems == (
        f"Line 4 of the table of who must be told cannot be used: its column ‘{column}’ cannot be read. The duty is not shown.",
    )
    assert len(table.rules) == len(ROWS) - 1


def test_a_table_without_a_column_names_it_on_each_line() -> None:
    table = read_table(TEXT.replace(",unit,", ",units,", 1))
    assert table.rules == ()
    assert len(table.problems) == len(ROWS)
    assert "its column ‘unit’ is not there" in table.problems[0]


@pytest.mark.parametrize("text", ["", "\n", "\x00\x00", 'code,label\n"unclosed'])
def test_a_file_that_is_not_a_table_is_reported_in_one_sentence(text: str) -> None:
    table = read_table(text)
    assert table.rules == ()
    assert len(table.problems) == 1


def test_no_line_at_all_is_said() -> None:
    assert read_table("").problems == (UNREADABLE_TABLE,)


def test_the_councils_own_recipients_add_rules_and_take_none_away() -> None:
    nurse = Recipient(
        name="Designated nurse", events=["S7-03", "S7-01"], unit="hours", within=4, starts=date(2017, 1, 1)
    )
    table = shipped().with_own([("record", nurse)])
    assert table.rules[: len(ROWS)] == shipped().rules
    assert [(rule.event, rule.name, rule.basis) for rule in table.rules[len(ROWS) :]] == [
        ("S7-03", "Designated nurse", "local_policy"),
        ("S7-01", "Designated nurse", "local_policy"),
    ]
    assert "Designated nurse" not in [rule.name for rule in table.of("S7-03", date(2016, 12, 31))]


def test_a_recipient_whose_time_cannot_be_read_adds_nothing() -> None:
    assert shipped().with_own([("record", Recipient(name="Nurse", events=["S7-03"], unit="hours"))]) == shipped()
