"""Actions on the command line: each verb says what was done, and asks for what is missing."""

import pytest

from tests.helpers.command_line import Hipss
from tests.whole.test_commands import assert_like, examples


@pytest.fixture
def action(home: Hipss) -> str:
    """An open action."""
    fields = {"what": "Ring Jo Preece back", "due": "2017-03-14T02:00:00+00:00", "state": "open", "owner": "A. Bevan"}
    return str(home.add(fields, "action")["record"])


def fields(home: Hipss, record: str) -> dict[str, object]:
    record_fields = home.json("record", "show", record)["fields"]
    assert isinstance(record_fields, dict)
    return record_fields


def test_done_says_what_was_done_and_keeps_whom_one_spoke_to(home: Hipss, action: str) -> None:
    at = "2017-03-14T02:17:00+00:00"
    reply = home.say("action", "done", action, "--spoke-to", "Jo", "--at", at, "--note", "Asleep")
    assert (reply.code, reply.err) == (0, "")
    assert reply.out.startswith("Ring Jo Preece back: done ")
    assert reply.out.endswith("Saved on this laptop, waiting.\n")
    answers = fields(home, action)
    assert [answers[name] for name in ("state", "spoke_to", "closed_at", "closing_note")] == [
        "done",
        "Jo",
        at,
        "Asleep",
    ]


def test_done_of_what_tells_somebody_asks_for_a_name_or_the_log_number(home: Hipss) -> None:
    tells = {"what": "Tell the police", "due": "2017-03-14T02:00:00+00:00", "state": "open", "tells": "police"}
    action = str(home.add(tells, "action")["record"])
    reply = home.say("action", "done", action, "--note", "Rang")
    assert (reply.code, reply.out) == (1, "")
    assert "spoke_to: Enter who you spoke to, or the log number" in reply.err
    assert fields(home, action)["state"] == "open"
    assert home.say("action", "done", action, "--log-number", "0612").code == 0
    assert fields(home, action)["log_number"] == "0612"


def test_each_verb_answers_in_the_shape_that_is_documented(home: Hipss, action: str) -> None:
    for verb, more in (
        ("hand-over", ["Day team"]),
        ("done", []),
        ("reopen", ["--why", "The wrong one"]),
        ("not-needed", ["--why", "She rang"]),
    ):
        answer = home.json("action", verb, action, *more)
        assert_like(answer, examples(f"hipss action {verb}")[0], verb)
    answers = fields(home, action)
    assert answers["state"] == "not_needed"
    assert [row["name"] for row in answers["handed_over"]] == ["Day team"]  # type: ignore[attr-defined]  # body rows


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (("not-needed",), "Why is it not needed? Enter the reason."),
        (("hand-over",), "Enter who takes it over"),
        (("reopen", "--why", "x"), "This is open already. Nothing was changed."),
        (("done", "--at", "quarter past"), "Enter a time like 02:05"),
        (("done", "--at", "2999-03-14T02:17:00+00:00"), "closed_at: Enter a time that is not in the future"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_changed(
    home: Hipss, action: str, call: tuple[str, ...], words: str
) -> None:
    verb, *more = call
    reply = home.say("action", verb, action, *more)
    assert (reply.code, reply.out) == (1, "")
    assert words in reply.err
    assert fields(home, action)["state"] == "open"


def test_a_record_that_is_not_an_action_is_refused(home: Hipss) -> None:
    reply = home.say("action", "done", "nosuch")
    assert (reply.code, reply.err) == (1, "This record is not on this laptop.\n")
