"""How much is due, in numbers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hipss_desktop import times
from hipss_desktop.records.paragraphs import one_paragraph
from hipss_desktop.views.due_now import DueNow
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock
from tests.views.test_caller_card import finish


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (DueNow(), "Nothing is due"),
        (DueNow(2, 1), "2 due now, 1 overdue"),
        (DueNow(1), "1 due now"),
        (DueNow(0, 3), "3 overdue"),
        (
            DueNow(2, supervision_overdue=1, supervision_soon=2),
            "2 due now. Supervision: 1 household overdue, 2 households due soon",
        ),
        (DueNow(supervision_soon=1), "Supervision: 1 household due soon"),
    ],
)
def test_the_words_are_numbers(due: DueNow, words: str) -> None:
    assert due.words == words


HOUSEHOLDS = 6
"""Of the demonstration, which holds no visits: a manager is told of each."""


def now(services: Services, due: int, overdue: int) -> bool:
    """Whether this much is due, beside the households that nobody has visited."""
    return services.due_counts.now() == DueNow(due, overdue, supervision_overdue=HOUSEHOLDS)


def test_actions_calls_about_a_missing_child_and_visits_are_counted(mine: Services, clock: SetClock) -> None:
    before = mine.due_counts.now()
    assert before == DueNow(0, 1, supervision_overdue=HOUSEHOLDS)  # 02:00 Ring Jo Preece back
    clock.pass_time(minutes=11)
    assert now(mine, 1, 1)  # at 02:25 the news of 02:30 is near
    clock.pass_time(minutes=6)
    assert now(mine, 0, 2)
    at = clock()
    finish(
        mine,
        "contact",
        type="call",
        caller_name="Jo Preece",
        concerns=["school"],
        happening="Out",
        no_advice=True,
        risk="low",
        needs_to_know=["nobody"],
        visit_out=times.stamp(at),
        back_by=times.stamp(at + timedelta(minutes=9)),
    )
    assert now(mine, 0, 2)
    clock.pass_time(minutes=9)
    assert now(mine, 1, 2)
    clock.pass_time(minutes=30)
    assert now(mine, 0, 3)


def test_the_next_call_of_a_guide_is_counted_until_the_child_is_back(mine: Services, clock: SetClock) -> None:
    before = mine.due_counts.now()
    mine.missing.begin(mine.missing.draft(child_named(mine, "Kai")))
    clock.pass_time(minutes=2)
    assert now(mine, before.due, before.overdue + 1)


def test_the_clocks_of_an_incident_are_counted_until_somebody_was_told(mine: Services, clock: SetClock) -> None:
    before = mine.due_counts.now()
    record = finish(
        mine,
        "incident",
        types=["missing"],
        children=[child_named(mine, "Kai")],
        aware=times.stamp(clock()),
        happening=one_paragraph("Gone"),
    )
    assert mine.due_counts.now() == replace(before, due=before.due + 1, clocks=before.clocks + 1)  # the police, at once
    clock.pass_time(minutes=61)
    late = mine.due_counts.now()
    assert late.clocks == before.clocks + 1
    assert late.overdue >= before.overdue + 1
    mine.records.add_row(record, "notified", {"recipient": "police", "at": times.stamp(clock())})
    counts_after = mine.due_counts.now()
    assert (counts_after.overdue, counts_after.clocks) == (late.overdue - 1, before.clocks)
