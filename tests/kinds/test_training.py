"""What a training session needs, who may have come and for how long."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hipss_desktop.kinds.training import TRAINING, length, time_of

NOW = datetime(2017, 3, 15, 16, 12, tzinfo=UTC)
SESSION: dict[str, Any] = {
    "stage": "held",
    "name": "Why children run",
    "topic": "going_missing",
    "began": "2017-03-15T09:30:00+00:00",
    "ended": "2017-03-15T12:00:00+00:00",
}  # fmt: skip  the answers as a form has them


def messages(**fields: Any) -> dict[str, str]:
    """What keeps a session from being finished, by field."""
    return {problem.field: problem.message for problem in TRAINING.problems(fields, NOW)}


def person(name: str = "Jo Preece", **fields: Any) -> dict[str, Any]:
    """A row of somebody who was invited."""
    return {"id": name, "name": name, "role": "Foster carer", **fields}


def test_a_session_needs_its_title_topic_start_and_end() -> None:
    assert messages(**SESSION) == {}
    assert set(messages(stage="planned")) == {"name", "topic", "began", "ended"}


def test_it_ends_after_it_begins_and_a_longer_programme_is_a_series() -> None:
    assert set(messages(**{**SESSION, "ended": SESSION["began"]})) == {"ended"}
    assert "series" in messages(**{**SESSION, "ended": "2017-04-15T12:00:00+01:00"})["ended"]


def test_one_that_was_held_is_past_and_nobody_comes_before_it_begins() -> None:
    later = {**SESSION, "began": "2017-04-04T09:30:00+01:00", "ended": "2017-04-04T12:00:00+01:00"}
    assert set(messages(**later)) == {"began"}
    planned = {**later, "stage": "planned"}
    assert messages(**planned, people=[person(was="apologies")]) == {}
    assert set(messages(**planned, people=[person(was="came")])) == {"people/Jo Preece/was"}


def test_nobody_stays_longer_than_the_session_lasts() -> None:
    assert messages(**SESSION, people=[person(was="came", minutes=150)]) == {}
    assert messages(**SESSION, people=[person(was="came", minutes=151)]) == {
        "people/Jo Preece/minutes": "The session lasted 150 minutes. Enter no more than that."
    }
    assert messages(**SESSION, people=[person(was="came", minutes=0)]) == {
        "people/Jo Preece/minutes": "Enter a number that is not below 1"
    }


def test_somebody_who_came_has_not_sent_apologies_as_well_and_those_without_a_name_are_told_apart_by_their_rows() -> (
    None
):
    rows = [person(was="came"), {**person(was="apologies"), "id": "2"}]
    assert set(messages(**SESSION, people=rows)) == {"people/2/name"}
    nameless = [
        {"id": str(number), "role": "SENCO", "was": attendance}
        for number, attendance in enumerate(("came", "apologies"))
    ]
    assert messages(**SESSION, people=nameless) == {}


@pytest.mark.parametrize("known_as", [{"carer": "h", "member": "jo"}, {"colleague": "p"}])
def test_the_same_carer_or_colleague_is_listed_once_whatever_name_was_typed(known_as: dict[str, str]) -> None:
    first, second = person(was="came", **known_as), person("Joanna Preece", was="came", minutes=30, **known_as)
    assert messages(**SESSION, people=[first, second]) == {
        "people/Joanna Preece/name": "This person is listed twice. Take one of the two rows out."
    }
    absent = {**second, "was": "apologies", "minutes": None}
    assert "having come and as not" in messages(**SESSION, people=[first, absent])["people/Joanna Preece/name"]
    other = {**second, **dict.fromkeys(known_as, "another")}
    assert messages(**SESSION, people=[first, other]) == {}
    namesakes = [{**person(was="came"), "id": str(number)} for number in range(2)]
    assert messages(**SESSION, people=namesakes) == {}, "two people may have one name"


@pytest.mark.parametrize(
    ("row", "minutes"),
    [({"was": "came"}, 150), ({"was": "came", "minutes": 60}, 60), ({"was": "apologies"}, 0), ({}, 0)],
)
def test_hours_are_those_of_who_came_less_where_somebody_left_early(row: dict[str, Any], minutes: int) -> None:
    training = TRAINING.read({**SESSION, "people": [person(**row)]})
    assert time_of(training, training.people[0]) == timedelta(minutes=minutes)


def test_a_session_over_a_clock_change_lasts_the_hours_that_passed() -> None:
    over_the_change = {"began": "2017-03-25T22:00:00+00:00", "ended": "2017-03-26T04:00:00+01:00"}
    assert length(TRAINING.read({**SESSION, **over_the_change})) == timedelta(hours=5)
    assert length(TRAINING.read({**SESSION, "ended": "2017-03-15T09:00:00+00:00"})) is None


def test_a_session_that_was_not_held_gives_nobody_hours() -> None:
    training = TRAINING.read({**SESSION, "stage": "cancelled", "people": [person(was="came")]})
    assert time_of(training, training.people[0]) == timedelta()


def test_a_place_and_another_topic_are_said() -> None:
    assert set(messages(**{**SESSION, "topic": "other"}, capacity=0)) == {"topic_words", "capacity"}
