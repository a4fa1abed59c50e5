"""An offer of support: who was offered what, what it needs to be finished, and what came of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hipss_desktop.kinds.support_offer import SUPPORT_OFFER
from hipss_desktop.records.kind import Author, Finish

NOW = datetime(2017, 3, 16, 10, 6, tzinfo=UTC)


def answer(answer_code: str, at: str, **more: str) -> dict[str, str]:
    """A row of what came of it."""
    return {"id": at, "answer": answer_code, "at": f"2017-03-{at}:00+00:00", "by": "Jo Preece", **more}


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"child": "c", "what": "visit"}, []),
        ({"carer": "h", "what": "respite"}, []),
        ({"what": "visit"}, ["carer"]),
        ({"carer": "h"}, ["what"]),
        ({"carer": "h", "what": "other"}, ["words"]),
        ({"carer": "h", "what": "other", "words": "A lock for the shed"}, []),
        ({"carer": "h", "what": "visit", "offered_on": "2017-03-17"}, ["offered_on"]),
        ({"carer": "h", "what": "visit", "answers": [answer("declined", "16T09:00")]}, ["answers/16T09:00/why"]),
        ({"carer": "h", "what": "visit", "answers": [answer("declined", "16T09:00", why="Too busy")]}, []),
        ({"carer": "h", "what": "visit", "answers": [answer("not_yet", "16T09:00")]}, []),
        ({"carer": "h", "what": "visit", "answers": [answer("taken_up", "16T11:00")]}, ["answers/16T11:00/at"]),
    ],
)
def test_it_is_finished_when_somebody_was_offered_something(fields: dict[str, Any], missing: list[str]) -> None:
    assert [problem.field for problem in SUPPORT_OFFER.problems(fields, NOW)] == missing


def test_its_title_says_the_last_answer_by_its_time_in_whatever_order_the_answers_came() -> None:
    first, last = answer("not_yet", "14T09:00"), answer("taken_up", "16T09:00")
    for answers, title in (
        ([], "Support visit offered"),
        ([first], "Support visit offered, not yet"),
        ([last, first], "Support visit offered, taken up"),
    ):
        assert SUPPORT_OFFER.title({"what": "visit", "answers": answers}) == title


def test_without_a_day_it_is_offered_on_the_day_it_is_written() -> None:
    fills_in = SUPPORT_OFFER.fills_in
    assert fills_in is not None
    finish = Finish("su", Author("p", "D. Marsh"), datetime(2017, 7, 1, 23, 30, tzinfo=UTC))
    assert fills_in(SUPPORT_OFFER.read({}), finish) == {"offered_on": "2017-07-02"}  # half past midnight by the wall
    assert fills_in(SUPPORT_OFFER.read({"offered_on": "2017-06-30"}), finish) == {}
