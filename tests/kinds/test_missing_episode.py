"""A missing episode: what keeps a step from being written, when it began and ended, and what follows from the return."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, began, due, interview_due, is_open, next_call
from hipss_desktop.records.kind import Author, Finish

NOW = datetime(2017, 3, 14, 9, 0, tzinfo=UTC)
FINISH = Finish("01", Author("02", "A. Bevan"), NOW)


def at(clock: str) -> str:
    """A time of the night of 13 to 14 March 2017."""
    return f"2017-03-{'13' if clock > '12' else '14'}T{clock}:00+00:00"


def body(**more: Any) -> dict[str, Any]:
    return {"child": "03", "last_seen": at("20:15"), "reported": at("21:52"), **more}


def returned(clock: str, row: str = "r1") -> dict[str, Any]:
    return {"id": row, "at": at(clock), "seen_by": "Jo Preece", "injuries": "None seen"}


def interview(step: str, clock: str, **more: Any) -> dict[str, Any]:
    return {"id": f"i-{step}", "step": step, "at": at(clock), **more}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (body(), None),
        (body(last_seen=""), ("last_seen", "Enter when the child was last seen, or choose ‘Not known’")),
        (body(last_seen="", last_seen_not_known=True), None),
        (
            body(returned=[returned("20:15")]),
            ("returned/r1/at", "The child was last seen at 20:15. Enter a later time for coming back."),
        ),
        (
            body(left=at("20:30"), returned=[returned("20:20")]),
            ("returned/r1/at", "The child left at 20:30. Enter a later time for coming back."),
        ),
        (
            body(returned=[returned("02:05"), returned("03:00", "r2")]),
            ("returned/r2/at", "The child came back already. Start a new episode if the child has gone out again."),
        ),
        (body(returned=[{"id": "r1", "at": at("02:05")}]), ("returned/r1/seen_by", "Enter who saw the child")),
        (
            body(interview=[interview("done", "02:00", independent=True)]),
            ("interview/i-done/at", "The child is not back yet. Enter the return first."),
        ),
        (
            body(returned=[returned("02:05")], interview=[interview("done", "02:00", independent=True)]),
            ("interview/i-done/at", "The child came back at 02:05. Enter a later time for the interview."),
        ),
        (
            body(returned=[returned("02:05")], interview=[interview("done", "08:00")]),
            ("interview/i-done/independent", "Choose whether they are independent"),
        ),
        (
            body(returned=[returned("02:05")], interview=[interview("refused", "08:00")]),
            ("interview/i-refused/why", "Enter why it was refused"),
        ),
        (
            body(steps=[{"id": "s1", "step": "edt", "at": at("09:30"), "spoke_to": "P. Shaw"}]),
            ("steps/s1/at", "09:30 is in the future. Enter a time that is not in the future"),
        ),
    ],
)
def test_what_cannot_be_is_said_beside_its_answer(fields: dict[str, Any], problem: tuple[str, str] | None) -> None:
    problems = [(kind_problem.field, kind_problem.message) for kind_problem in MISSING_EPISODE.problems(fields, NOW)]
    assert problems[:1] == ([problem] if problem else [])


def test_an_episode_begins_at_the_later_of_leaving_and_being_seen_and_the_interview_is_due_72_real_hours_after() -> (
    None
):
    away = MISSING_EPISODE.read(body(left=at("20:30")))
    assert began(away) == datetime(2017, 3, 13, 20, 30, tzinfo=UTC)
    assert began(MISSING_EPISODE.read(body(last_seen=""))) is None
    assert interview_due(away) is None
    # The clocks go forward on 26 March 2017: 72 real hours after Friday 02:05 are 03:05 by the wall clock on Monday.
    over_the_change = MISSING_EPISODE.read(body(returned=[returned("02:05") | {"at": "2017-03-24T02:05:00+00:00"}]))
    assert interview_due(over_the_change) == datetime(2017, 3, 27, 2, 5, tzinfo=UTC)


def test_an_open_episode_is_due_when_the_carer_is_to_be_rung_and_a_closed_one_never() -> None:
    touched = [
        {"id": "s1", "step": "in_touch", "at": at("22:10"), "next_call": at("23:30")},
        {"id": "s2", "step": "in_touch", "at": at("23:31"), "next_call": at("00:30")},
    ]
    away = MISSING_EPISODE.read(body(steps=touched))
    assert next_call(away) == due(away) == datetime(2017, 3, 14, 0, 30, tzinfo=UTC)
    assert due(MISSING_EPISODE.read(body())) == datetime(2017, 3, 13, 21, 52, tzinfo=UTC)
    home = MISSING_EPISODE.read(body(steps=touched, returned=[returned("02:05")]))
    assert not is_open(home)
    assert due(home) is None


def test_of_the_return_those_are_told_who_were_told_that_the_child_is_missing() -> None:
    police = {"id": "s1", "step": "police", "at": at("21:40"), "log_number": "0612", "grade": "medium"}
    assert MISSING_EPISODE.makes is not None
    assert not list(MISSING_EPISODE.makes(MISSING_EPISODE.read(body(steps=[police])), FINISH))
    home = MISSING_EPISODE.read(body(steps=[police], returned=[returned("02:05")]))
    made_records = {new.key: new.fields for new in MISSING_EPISODE.makes(home, FINISH)}
    assert set(made_records) == {"incident", "back_police", "interview"}
    assert made_records["back_police"]["tells"] == "police"
    assert made_records["back_police"]["due"] == "2017-03-14T02:05:00+00:00"
    assert made_records["interview"]["due"] == "2017-03-17T02:05:00+00:00"


def test_the_return_makes_an_incident_that_names_the_episode_and_copies_no_word_of_it() -> None:
    edt_step = {"id": "s1", "step": "edt", "at": at("21:55"), "spoke_to": "P. Shaw", "words": "Rang twice"}
    home = MISSING_EPISODE.read(
        body(carer="07", from_contact="08", why_worried="Cold", steps=[edt_step], returned=[returned("02:05")])
    )
    assert MISSING_EPISODE.makes is not None
    new = next(new for new in MISSING_EPISODE.makes(home, FINISH) if new.key == "incident")
    assert new.kind == "incident"
    assert {name: value for name, value in new.fields.items() if value} == {
        "types": ["missing"],
        "children": ["03"],
        "carers": ["07"],
        "happened": "2017-03-13T20:15:00+00:00",
        "aware": "2017-03-13T21:52:00+00:00",
        "from_contact": "08",
        "from_episode": "01",
    }
    away = MISSING_EPISODE.read(body(type="A", returned=[returned("02:05")]))
    assert next(iter(MISSING_EPISODE.makes(away, FINISH))).fields["types"] == ["away"]
