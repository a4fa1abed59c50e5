"""Waiting and what is due of a consultation, against tables worked by hand."""

from datetime import date
from typing import Any

import pytest

from hipss_desktop.kinds.consultation import CONSULTATION, Consultation, may_owe
from hipss_desktop.kinds.value import CONSULTATION_PAGE_DAYS, Value
from hipss_desktop.rules.consultations import DO_PLAN, GIVE_PAGE, SAY_WHETHER_HELD, TELL, Due, Setting, days_waited, due

SENT = [{"id": "s", "to": "F. Doyle", "how": "hand", "at": "2017-03-09T10:00:00+00:00"}]
TOLD = [{"id": "t", "to": "EDT", "at": "2017-03-08T16:00:00+00:00"}]
CARD = {"id": "r1", "what": "Countdown card", "owner": "J. Tranter", "by": "2017-03-17"}


def read(**fields: Any) -> Consultation:
    return CONSULTATION.read({"team": "edge_of_care", "about": "theme", "theme": "Endings", **fields})


def held(**fields: Any) -> Consultation:
    """A consultation of Wednesday 8 March 2017, of which everything is done."""
    return read(**{"stage": "held", "held_on": "2017-03-08", "safeguarding": "nothing_new", "sent": SENT, **fields})


WAITING = [
    # stage, asked on, held on, today, days
    ("held", "2017-02-20", "2017-03-08", date(2017, 4, 1), 16),
    ("held", "2017-03-08", "2017-03-08", date(2017, 3, 8), 0),
    ("asked", "2017-03-01", "", date(2017, 3, 14), 13),
    ("planned", "2017-03-01", "", date(2017, 3, 31), 30),
    # the clocks go forward on 26 March 2017 and back on 29 October: a day is a day
    ("held", "2017-03-25", "2017-03-27", date(2017, 4, 1), 2),
    ("asked", "2017-10-28", "", date(2017, 10, 30), 2),
    # 2016 has a 29 February, 2017 has none
    ("held", "2016-02-28", "2016-03-01", date(2016, 3, 2), 2),
    ("held", "2017-02-28", "2017-03-01", date(2017, 3, 2), 1),
    ("planned", "2016-02-29", "", date(2017, 2, 28), 365),
    # nobody waits any more
    ("cancelled", "2017-03-01", "", date(2017, 3, 14), None),
    ("nobody_came", "2017-03-01", "", date(2017, 3, 14), None),
    # a day is not known, or comes before the asking
    ("held", "", "2017-03-08", date(2017, 3, 14), None),
    ("held", "2017-03-01", "", date(2017, 3, 14), None),
    ("planned", "2017-03-15", "", date(2017, 3, 14), None),
    # a row of a sheet has no stage, and was held
    ("", "2016-03-01", "2016-03-11", date(2017, 3, 14), 10),
]


@pytest.mark.parametrize(("stage", "asked_on", "held_on", "today", "days"), WAITING)
def test_a_team_waits_from_the_asking_until_it_is_held(
    stage: str, asked_on: str, held_on: str, today: date, days: int | None
) -> None:
    assert days_waited(read(stage=stage, asked_on=asked_on, held_on=held_on), today) == days


def test_one_that_was_cancelled_and_is_planned_anew_is_waited_for_since_it_was_asked_for() -> None:
    request: dict[str, Any] = {"asked_on": "2017-02-01", "planned_for": "2017-03-01T10:00:00+00:00"}
    cancelled = {**request, "cancelled_by": "F. Doyle", "cancelled_why": "Ill"}
    assert days_waited(read(stage="cancelled", **cancelled), date(2017, 3, 3)) is None
    planned_anew = {**cancelled, "planned_for": "2017-03-15T10:00:00+00:00"}
    assert days_waited(read(stage="planned", **planned_anew), date(2017, 3, 3)) == 30
    assert days_waited(read(stage="held", held_on="2017-03-15", **planned_anew), date(2017, 4, 1)) == 42


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2017, 3, 8), []),
        (date(2017, 3, 9), [Due(SAY_WHETHER_HELD, date(2017, 3, 8))]),
        (date(2017, 3, 11), [Due(SAY_WHETHER_HELD, date(2017, 3, 8))]),
    ],
)
def test_whether_a_planned_one_was_held_is_to_be_said_once_its_day_is_past(today: date, expected: list[Due]) -> None:
    planned = read(stage="planned", planned_for="2017-03-08T13:30:00+00:00")
    assert due(planned, Setting(), today) == expected


def test_the_day_of_a_late_evening_is_the_local_one() -> None:
    """23:30 UTC on 29 June is half past midnight on 30 June."""
    planned = read(stage="planned", planned_for="2017-06-29T23:30:00+00:00")
    assert due(planned, Setting(), date(2017, 6, 30)) == []
    assert due(planned, Setting(), date(2017, 7, 1)) == [Due(SAY_WHETHER_HELD, date(2017, 6, 30))]


@pytest.mark.parametrize("stage", ["asked", "cancelled", "nobody_came"])
def test_nothing_is_due_of_one_that_is_asked_for_was_cancelled_or_to_which_nobody_came(stage: str) -> None:
    consultation = read(stage=stage, planned_for="2017-03-01T10:00:00+00:00", plan=[CARD], safeguarding="to_tell")
    assert due(consultation, Setting(), date(2017, 4, 1)) == []
    assert not may_owe(consultation)


def test_somebody_is_told_on_the_same_day() -> None:
    to_tell = held(safeguarding="to_tell")
    assert due(to_tell, Setting(), date(2017, 3, 8)) == [Due(TELL, date(2017, 3, 8))]
    assert [due_row.days_over(date(2017, 3, 8)) for due_row in due(to_tell, Setting(), date(2017, 3, 8))] == [0]
    assert [due_row.days_over(date(2017, 3, 10)) for due_row in due(to_tell, Setting(), date(2017, 3, 10))] == [2]
    assert due(held(safeguarding="to_tell", told=TOLD), Setting(), date(2017, 3, 10)) == []


PAGES = [
    # held on, closed on, days set, by
    ("2017-03-08", (), "", date(2017, 3, 10)),  # Wednesday, Friday
    ("2017-03-09", (), "", date(2017, 3, 13)),  # Thursday, Monday
    ("2017-03-10", (), "", date(2017, 3, 14)),  # Friday, Tuesday
    ("2017-03-11", (), "", date(2017, 3, 14)),  # Saturday, Tuesday
    ("2017-04-12", (), "", date(2017, 4, 18)),  # Wednesday before Easter: Thursday, then Tuesday
    ("2017-03-08", (date(2017, 3, 9),), "", date(2017, 3, 13)),  # the council is closed on Thursday
    ("2016-02-26", (), "", date(2016, 3, 1)),  # Friday: Monday 29 February, Tuesday
    ("2017-03-24", (), "", date(2017, 3, 28)),  # the clocks go forward on Sunday
    ("2017-03-08", (), "5", date(2017, 3, 15)),
    ("2017-03-08", (), "soon", date(2017, 3, 10)),  # what is no number sets nothing
]


@pytest.mark.parametrize(("held_on", "closed", "days", "by"), PAGES)
def test_those_who_came_have_the_page_within_two_working_days_or_as_many_as_the_council_set(
    held_on: str, closed: tuple[date, ...], days: str, by: date
) -> None:
    values = (Value(CONSULTATION_PAGE_DAYS, days, date(2015, 1, 1)),) if days else ()
    due_rows = due(held(held_on=held_on, sent=[]), Setting(values, frozenset(closed)), date(2017, 4, 30))
    assert due_rows == [Due(GIVE_PAGE, by)]


def test_a_page_that_was_given_is_not_due() -> None:
    assert due(held(), Setting(), date(2017, 4, 1)) == []
    assert not may_owe(held())


ANSWERS: list[tuple[list[dict[str, str]], bool]] = [
    ([], True),
    ([{"id": "a", "plan": "r1", "asked_on": "2017-03-18", "answer": "not_done", "because": "The school closed"}], True),
    ([{"id": "a", "plan": "r1", "asked_on": "2017-03-18", "answer": "done"}], False),
    ([{"id": "a", "plan": "r1", "asked_on": "2017-03-18", "answer": "not_needed"}], False),
    ([{"id": "a", "plan": "another", "asked_on": "2017-03-18", "answer": "done"}], True),
]


@pytest.mark.parametrize(("answers", "is_due"), ANSWERS)
def test_an_open_row_of_the_plan_is_due_after_its_day(answers: list[dict[str, str]], is_due: bool) -> None:
    consultation = held(plan=[CARD], plan_answers=answers)
    assert due(consultation, Setting(), date(2017, 3, 17)) == []
    after = due(consultation, Setting(), date(2017, 3, 20))
    assert after == ([Due(DO_PLAN, date(2017, 3, 17), "r1")] if is_due else [])
    assert [due_row.days_over(date(2017, 3, 20)) for due_row in after] == [3] * len(after)
    assert may_owe(consultation) is is_due


def test_the_earliest_comes_first() -> None:
    later = {**CARD, "id": "r2", "by": "2017-03-09"}
    due_rows = due(held(sent=[], safeguarding="to_tell", plan=[CARD, later]), Setting(), date(2017, 3, 31))
    assert [(row.due_type, row.by.day) for row in due_rows] == [(TELL, 8), (DO_PLAN, 9), (GIVE_PAGE, 10), (DO_PLAN, 17)]


def test_a_row_of_a_sheet_owes_nothing() -> None:
    row = held(from_sheet=True, stage="", sent=[], safeguarding="to_tell", plan=[CARD])
    assert due(row, Setting(), date(2017, 4, 1)) == []
    assert not may_owe(row)
    planned = read(stage="planned", planned_for="2016-03-08T13:30:00+00:00", from_sheet=True)
    assert due(planned, Setting(), date(2017, 4, 1)) == []


def test_what_is_due_is_found_by_the_index() -> None:
    """Whatever is due is due of a consultation that is found under ``may_owe``."""
    for consultation in (
        read(stage="planned", planned_for="2017-03-01T10:00:00+00:00"),
        held(sent=[]),
        held(safeguarding="to_tell"),
        held(plan=[CARD]),
    ):
        assert due(consultation, Setting(), date(2017, 4, 1))
        assert may_owe(consultation)
