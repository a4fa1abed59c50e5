"""What a consultation needs at each stage, what is refused, and which actions follow from its plan."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hipss_desktop.kinds.consultation import CONSULTATION, Consultation, is_open, minutes_of, over
from hipss_desktop.records.kind import Author, Finish

NOW = datetime(2017, 3, 14, 14, 2, tzinfo=UTC)
FINISH = Finish("tiss-1", Author("whitcombe", "L. Whitcombe"), NOW)
CAME = [{"id": "a", "name": "F. Doyle", "role": "social worker", "was": "came"}]
QUESTION = [{"id": "q", "section": "question", "text": "How do we keep S. in school?"}]
HELD: dict[str, Any] = {
    "stage": "held",
    "about": "case",
    "case": "s",
    "team": "edge_of_care",
    "held_on": "2017-03-08",
    "form": "one_off",
    "attendees": CAME,
    "text": QUESTION,
    "safeguarding": "nothing_new",
}  # fmt: skip  the answers as a form has them


def messages(**fields: Any) -> dict[str, str]:
    """What keeps a consultation from being finished, by field."""
    return {problem.field: problem.message for problem in CONSULTATION.problems(fields, NOW)}


def read(**fields: Any) -> Consultation:
    """A consultation that was held, with these answers besides."""
    return CONSULTATION.read({**HELD, **fields})


def test_a_consultation_that_was_held_needs_its_day_team_subject_form_question_and_whether_anything_is_new() -> None:
    assert messages(**HELD) == {}
    assert messages(stage="held") == {
        "about": "Choose what it is about",
        "team": "Choose the team",
        "held_on": "Enter the day it was held",
        "form": "Choose the form",
        "attendees": "Enter who came",
        "text": "Enter the question that was brought",
        "safeguarding": "Choose whether anything is new for the child’s safety",
    }


@pytest.mark.parametrize(
    ("about", "field"), [("child", "child"), ("case", "case"), ("theme", "theme")]
)  # fmt: skip  one line for each subject
def test_the_subject_that_was_chosen_is_named(about: str, field: str) -> None:
    assert set(messages(**{**HELD, "case": "", "about": about})) == {field}


@pytest.mark.parametrize(
    ("stage", "needed"),
    [
        ("asked", {"asked_on", "asked_by"}),
        ("planned", {"planned_for"}),
        ("cancelled", {"cancelled_by", "cancelled_why"}),
        ("nobody_came", {"planned_for"}),
    ],
)
def test_each_earlier_stage_needs_what_says_when_and_by_whom(stage: str, needed: set[str]) -> None:
    assert set(messages(stage=stage, about="theme", theme="Endings", team="sixteen_plus")) == needed


def test_a_row_of_an_old_sheet_is_whole_with_its_day_its_team_and_that_it_is_about_a_child() -> None:
    row = {"held_on": "2016-05-04", "team": "edge_of_care", "about": "child"}
    assert messages(**row, from_sheet=True) == {}
    assert "attendees" in messages(**row)
    assert set(messages(team="edge_of_care", about="child", from_sheet=True)) == {"held_on"}


def test_another_team_has_a_name() -> None:
    assert messages(**{**HELD, "team": "other"}) == {"team_name": "Enter the team’s name"}


def test_it_is_held_after_it_was_asked_for_and_begins_on_its_day_and_ends_after_it_began() -> None:
    assert set(messages(**HELD, asked_on="2017-03-09")) == {"held_on"}
    assert set(messages(**HELD, began="2017-03-07T13:30:00+00:00")) == {"began"}
    began = "2017-03-08T13:30:00+00:00"
    assert set(messages(**HELD, began=began, ended=began)) == {"ended"}
    assert messages(**HELD, began=began, ended="2017-03-08T15:00:00+00:00") == {}


@pytest.mark.parametrize("name", ["minutes", "preparation", "travel"])
def test_minutes_are_not_below_nought_and_fit_into_a_day(name: str) -> None:
    assert messages(**HELD, **{name: -1}) == {name: "Enter a number from 0 to 1440"}
    assert messages(**HELD, **{name: 1441}) == {name: "Enter a number from 0 to 1440"}
    assert messages(**HELD, **{name: 1440}) == {}


def test_a_colleague_who_came_has_not_sent_apologies_under_another_name() -> None:
    rows = [{"id": "a", "name": "K. Adeyemi", "was": "came", "colleague": "p"}]
    second_row = {"id": "b", "name": "Kemi Adeyemi", "was": "apologies", "colleague": "p"}
    assert "attendees/b/name" in messages(**{**HELD, "attendees": [*rows, second_row]})
    assert messages(**{**HELD, "attendees": [*rows, {**second_row, "colleague": "q"}]}) == {}


def test_somebody_who_came_has_not_sent_apologies_as_well() -> None:
    doyle = {"id": "b", "name": "f. doyle", "was": "apologies"}
    assert set(messages(**{**HELD, "attendees": [*CAME, doyle]})) == {"attendees/b/name"}
    elsewhere = {**doyle, "organisation": "Lugg Bridge School"}
    assert messages(**{**HELD, "attendees": [*CAME, elsewhere]}) == {}


def test_sixty_people_may_come() -> None:
    people = [{"id": f"p{number}", "name": f"Person {number}", "was": "came"} for number in range(60)]
    assert messages(**{**HELD, "attendees": people}) == {}


def test_a_plan_row_has_an_owner_and_a_day() -> None:
    assert messages(**HELD, plan=[{"id": "r", "what": "Countdown card"}]) == {
        "plan/r/owner": "Enter who does it",
        "plan/r/by": "Enter by when",
    }


def test_only_a_row_of_a_colleague_becomes_an_action_and_in_the_words_written_for_it() -> None:
    outside = {"id": "r1", "what": "Countdown card for S.", "owner": "J. Tranter", "by": "2017-03-17"}
    inside = {**outside, "id": "r2", "owner": "L. Whitcombe", "colleague": "whitcombe"}
    assert set(messages(**HELD, plan=[inside])) == {"plan/r2/action"}
    makes = CONSULTATION.makes
    assert makes is not None
    new = list(makes(read(plan=[outside, {**inside, "action": "Send the card template to the school"}]), FINISH))
    assert [(action.kind, action.key, action.fields["what"]) for action in new] == [
        ("action", "r2", "Send the card template to the school")
    ]
    assert new[0].fields["due"] == "2017-03-17T23:59:00+00:00"
    assert not any("S." in str(value) or value == "s" for value in new[0].fields.values())


def test_a_row_of_the_plan_stays_open_until_it_is_done_or_not_needed() -> None:
    plan = [{"id": "r", "what": "Card", "owner": "J. Tranter", "by": "2017-03-17"}]
    assert is_open(read(plan=plan), "r")
    not_done = {"id": "1", "plan": "r", "asked_on": "2017-03-18", "answer": "not_done", "because": "The school closed"}
    done = {"id": "0", "plan": "r", "asked_on": "2017-03-25", "answer": "done"}
    assert is_open(read(plan=plan, plan_answers=[not_done]), "r")
    assert not is_open(read(plan=plan, plan_answers=[not_done, done]), "r")
    assert not is_open(read(plan=plan, plan_answers=[{**not_done, "answer": "not_needed"}]), "r")


def test_an_answer_to_the_plan_is_to_a_row_of_it_and_says_why_it_was_not_done() -> None:
    answer = {"id": "1", "plan": "x", "asked_on": "2017-03-10", "answer": "not_done"}
    assert set(messages(**HELD, plan_answers=[answer])) == {"plan_answers/1/because", "plan_answers/1/answer"}


def test_its_length_follows_from_its_start_and_end_else_from_what_was_typed() -> None:
    assert minutes_of(read(minutes=90)) == 90
    span = {"began": "2017-03-08T13:30:00+00:00", "ended": "2017-03-08T15:00:00+00:00"}
    assert minutes_of(read(minutes=5, **span)) == 90
    assert minutes_of(read()) is None


def test_the_text_is_read_by_its_sections_whatever_the_order_it_was_written_in() -> None:
    text = [
        {"id": "1", "place": "5", "section": "guess", "text": "Leaving first feels safer"},
        {"id": "2", "place": "6", "section": "question", "text": "How do we keep S. in school?"},
        {"id": "3", "place": "7", "section": "of_a_newer_version", "text": "x"},
    ]
    assert over(read(text=text), str) == {
        "2": "The question brought",
        "1": "Our best guess",
        "3": "of_a_newer_version",
    }  # fmt: skip  in the order of reading


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({}, "Edge of Care"),
        ({"team": "other", "team_name": "Youth justice"}, "Youth justice"),
        ({"about": "theme", "theme": "Endings"}, "Edge of Care: Endings"),
        ({"stage": "nobody_came"}, "Edge of Care, nobody came"),
        ({"team": ""}, "Consultation with no team yet"),
    ],
)
def test_its_title_says_team_theme_and_stage(fields: dict[str, Any], title: str) -> None:
    assert CONSULTATION.title({**HELD, **fields}) == title


def test_a_day_that_is_past_is_not_planned_but_stays_where_it_was_planned_before() -> None:
    planned = {"stage": "planned", "about": "theme", "theme": "Endings", "team": "lac", "planned_for": NOW.isoformat()}
    stage = CONSULTATION.stage_named("planned")
    assert stage is not None
    (check,) = stage.checks
    past = CONSULTATION.read({**planned, "planned_for": "2017-03-13T10:00:00+00:00"})
    assert [problem.field for problem in check(past, NOW)] == ["planned_for"]
    assert list(check(CONSULTATION.read(planned), NOW)) == []
    assert messages(**{**planned, "planned_for": "2017-03-13T10:00:00+00:00"}) == {}
