"""The command line says who must be told until when, as the document gives its shape."""

from typing import Any

import pytest

from hipss_desktop.rules.notification_rules import read_table
from hipss_desktop.services import clocks
from tests.helpers.command_line import Hipss
from tests.rules.test_notification_rules import with_cell
from tests.whole.test_commands import assert_like, examples

AWARE = "2017-03-17T18:40:00+00:00"


@pytest.fixture(scope="module")
def child(home: Hipss) -> str:
    fields = {"given_name": "Kai", "family_name": "Merrick", "local_id": "HIPSS-017", "born": "2003-02-01"}
    return str(home.add(fields, "child")["record"])


@pytest.fixture(scope="module")
def incident(home: Hipss, child: str) -> str:
    fields = {
        "types": ["missing", "allegation"],
        "children": [child],
        "aware": AWARE,
        "happening": "He went out",
        "alleged_against": "carer",
        "abuse_suspected": "no",
        "notified": [
            {"recipient": "police", "at": "2017-03-17T18:50:00+00:00", "reference": "0612", "grade": "Medium"}
        ],
    }
    return str(home.add(fields, "incident")["record"])


def due(rows: list[dict[str, Any]]) -> dict[str, str | None]:
    return {row["recipient"]: row["due"] for row in rows}


def test_the_answer_is_of_the_shape_in_the_document(home: Hipss, incident: str) -> None:
    rows = home.json("clocks", incident, "--at", "2017-03-18T02:14:00+00:00")
    answer, done = examples("hipss clocks")
    assert_like(rows, answer, "clocks")
    assert_like([row["told"] for row in rows if row["told"]], [done], "told")
    assert due(rows) == {
        "Police": AWARE,
        "Responsible authority": "2017-03-18T18:40:00+00:00",
        "Ofsted": "2017-03-18T18:40:00+00:00",
        "LADO": "2017-03-20T17:00:00+00:00",
        "Return home interview": None,
    }
    assert [row["due_reason"] for row in rows if row["due"] is None] == [
        "Counts from the return, which is not recorded yet."
    ]


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2017-03-17T18:45:00+00:00", "overdue"),
        ("2017-03-17T18:50:00+00:00", "told"),
        ("2017-03-17T18:45", "overdue"),
        ("2017-03-18 02:14", "told"),
        ("18/03/2017 02:14", "told"),
        ("2017-10-29T01:30 GMT", "told"),
    ],
)
def test_a_time_that_is_named_knows_what_was_done_by_then(home: Hipss, incident: str, at: str, state: str) -> None:
    rows = home.json("clocks", incident, "--at", at)
    assert [row["state"] for row in rows if row["recipient"] == "Police"] == [state]


def test_a_restraint_answers_in_the_same_shape(home: Hipss, child: str) -> None:
    fields = {
        "child": child,
        "held_by": "Carol Yeo",
        "began": "2017-03-15T18:40:00+00:00",
        "ended": "2017-03-15T18:40:00+00:00",
        "where": "His room",
        "led_to_it": "The wifi went off",
        "tried_first": "Asked him in",
        "hold_words": "By the forearm",
        "why_needed": "To stop him falling",
    }
    rows = home.json("clocks", home.add(fields, "restraint")["record"], "--at", "2017-03-16T09:20:00+00:00")
    assert_like(rows, examples("hipss clocks")[0], "clocks")
    assert due(rows) == {
        "Record of the restraint is written": "2017-03-16T18:40:00+00:00",
        "Manager speaks to the carer and signs": "2017-03-17T18:40:00+00:00",
        "Somebody speaks to the child": "2017-03-20T18:40:00+00:00",
    }


def test_a_childs_clocks_and_all_that_are_open_name_their_records(home: Hipss, child: str, incident: str) -> None:
    about = home.json("clocks", "--child", child)
    assert incident in {row["record"] for row in about}
    still_open = home.json("clocks")
    assert "Police" not in {row["recipient"] for row in still_open if row["record"] == incident}


def test_in_words_each_clock_is_a_line_with_time_state_basis_and_source(home: Hipss, incident: str) -> None:
    lines = home.say("clocks", incident, "--at", "2017-03-18T02:14:00+00:00").out.splitlines()
    assert lines[0].startswith("Police: Told. 18:40 Friday 17 March 2017. Local policy. ")
    assert lines[0].endswith("told by A. Bevan, 18:50 17 March 2017, 0612, Medium.")
    assert any(
        line.startswith("LADO: Not yet due. 17:00 Monday 20 March 2017, 2 days left. Statutory guidance. ")
        for line in lines
    )


def test_a_wrong_call_is_a_sentence(home: Hipss, child: str, incident: str) -> None:
    for call, words in (
        ((incident, "--child", child), "Name a record or a child, not both."),
        (
            (child,),
            "Nobody has to be told of this record by a time. Name an incident, a restraint or a missing episode.",
        ),
        ((incident, "--at", "soon"), "Enter a time like 02:05"),
        ((incident, "--at", "9999-12-31T23:59:59+00:00"), "Enter a date and time like 14/03/2017 02:14"),
        ((incident, "--at", "0001-01-01T00:00"), "Enter a date like 14/03/2017"),
        (
            (incident, "--at", "2017-10-29T01:30"),
            "The clocks went back, so 01:30 came twice. Write BST or GMT after it.",
        ),
        ((incident, "--at", "2017-03-26 01:30"), "01:30 did not happen on 26 March 2017. The clocks went forward."),
    ):
        answer = home.say("clocks", *call)
        assert (answer.code, answer.err) == (1, f"{words}\n")


def test_a_bad_row_of_the_table_is_a_sentence_and_the_other_rows_answer(
    home: Hipss, incident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = read_table(with_cell("within", "soon"))
    monkeypatch.setattr(clocks, "shipped", lambda: table)
    answer = home.say("clocks", incident)
    assert answer.code == 0
    assert answer.err == (
        "Line 4 of the table of who must be told cannot be used: its column ‘within’ cannot be read. The duty is not shown.\n"
    )
    assert "LADO" in answer.out


def test_the_clocks_of_a_withdrawn_record_say_so_and_what_was_told_stays(home: Hipss, child: str) -> None:
    body = {"types": ["missing"], "children": [child], "aware": AWARE, "happening": "He went out"}
    police_notice = {"recipient": "police", "at": "2017-03-17T18:50:00+00:00", "reference": "0612"}
    record = str(home.add({**body, "notified": [police_notice]}, "incident")["record"])
    home.json("record", "withdraw", record, "--why", "Written twice")
    rows = home.json("clocks", record)
    assert_like(rows, examples("hipss clocks")[0], "clocks")
    assert {(row["state"], row["reason"]) for row in rows} == {
        ("no_longer_required", "the record was withdrawn. Written twice")
    }
    assert [row["told"]["reference"] for row in rows if row["told"]] == ["0612"]
    reply = home.say("clocks", record)
    assert reply.err == "This record was withdrawn.\n"
    assert "No longer required, because: the record was withdrawn. Written twice" in reply.out
