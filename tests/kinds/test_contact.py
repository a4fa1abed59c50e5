"""What keeps a contact from being finished, in sentences that a tired person can act on."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hipss_desktop.kinds.contact import CONTACT

NOW = datetime(2017, 3, 14, 2, 18, tzinfo=UTC)
WHOLE: dict[str, Any] = {
    "type": "call", "caller_name": "Jo Preece", "concerns": ["missing"], "missing": "still",
    "missing_since": "2017-03-13T21:40:00+00:00", "happening": "Not in his bed.", "advice": "Ring the police.",
    "risk": "high", "needs_to_know": ["police"],
}  # fmt: skip
FUTURE = "Enter a time that is not in the future"


@pytest.mark.parametrize(
    ("answers", "problems"),
    [
        ({}, []),
        ({"missing": ""}, [("missing", "Choose Still missing or Back at")]),
        ({"concerns": ["school"], "missing": ""}, []),
        ({"missing_since": None},
         [("missing_since", "Enter when the child was last seen, or choose ‘Not known’")]),
        ({"missing_since": None, "last_seen_not_known": True}, []),
        ({"missing": "", "missing_since": None, "log_line": "2016/389"}, []),
        ({"children": ["kai", "tyler"]}, [("children", "Log one contact for each child who is missing or back")]),
        ({"children": ["kai", "tyler"], "concerns": ["school"]}, []),
        ({"children": ["kai", "tyler"], "log_line": "2016/389"}, []),
        ({"missing": "back"}, [("back_at", "Enter when the child came back")]),
        ({"missing": "back", "missing_since": None, "back_at": "2017-03-14T02:05:00+00:00"}, []),
        ({"missing": "back", "back_at": "2017-03-13T20:05:00+00:00"},
         [("back_at", "The child was missing from 21:40. Enter a later time for coming back.")]),
        ({"missing": "back", "back_at": "2017-03-14T04:59:00+00:00"},
         [("back_at", f"04:59 is in the future. {FUTURE}")]),
        ({"missing_since": "2017-03-15T01:00:00+00:00"},
         [("missing_since", f"Tomorrow 01:00 is in the future. {FUTURE}")]),
        ({"told_others": [{"id": "t", "who": "police", "at": "2017-03-14T02:50:00+00:00"}]},
         [("told_others/t/at", f"02:50 is in the future. {FUTURE}")]),
        ({"visit_out": "2017-03-14T03:00:00+00:00"}, [("visit_out", f"03:00 is in the future. {FUTURE}")]),
        ({"caller_name": ""}, [("caller", "Enter who is calling, or choose ‘Not known’")]),
    ],
)  # fmt: skip
def test_what_is_missing_or_cannot_be_is_named(answers: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    body = {name: value for name, value in {**WHOLE, **answers}.items() if value is not None}
    assert [(problem.field, problem.message) for problem in CONTACT.problems(body, NOW)] == problems


def test_a_draft_in_which_nobody_was_entered_does_not_say_that_the_caller_is_not_known() -> None:
    assert CONTACT.title({"risk": "low"}) == "No caller yet"
    assert CONTACT.title({"caller_not_known": True}) == "Caller not known"
