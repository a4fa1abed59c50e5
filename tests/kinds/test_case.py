"""A case of another team: who it is, how old, and that it is found among cases alone."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from hipss_desktop.kinds.case import CASE, age
from hipss_desktop.services.calls import CALLERS

NOW = datetime(2017, 3, 14, 14, 2, tzinfo=UTC)
S: dict[str, Any] = {"name": "S.", "number": "EOC-2231", "team": "edge_of_care"}


@pytest.mark.parametrize(
    ("month", "year", "on", "years"),
    [
        (3, 2006, date(2017, 3, 31), 10),
        (3, 2006, date(2017, 4, 1), 11),
        (12, 2005, date(2016, 12, 31), 10),
        (12, 2005, date(2017, 1, 1), 11),
        (None, 2005, date(2017, 12, 31), 11),
        (2, 2004, date(2017, 2, 28), 12),
        (3, None, date(2017, 4, 1), None),
        (3, 2017, date(2017, 3, 31), None),  # not yet born, or this month
        (2, 2017, date(2017, 3, 31), 0),
        (None, 2017, date(2017, 3, 31), None),
        (5, 2030, date(2017, 3, 31), None),
    ],
)
def test_an_age_by_month_is_never_said_too_high(
    month: int | None, year: int | None, on: date, years: int | None
) -> None:
    assert age(CASE.read({**S, "born_month": month, "born_year": year}), on) == years


def test_a_case_needs_initials_the_teams_number_and_the_team_and_a_month_is_one_of_twelve() -> None:
    assert CASE.problems(S, NOW) == []
    assert [problem.field for problem in CASE.problems({}, NOW)] == ["name", "number", "team"]
    assert [problem.field for problem in CASE.problems({**S, "born_month": 13, "born_year": 11}, NOW)] == [
        "born_month",
        "born_year",
    ]


def test_only_those_who_give_consultations_have_it_and_no_caller_is_looked_for_among_cases() -> None:
    assert {"on_call", "supervising", "administrator", "commissioner"}.isdisjoint(CASE.readers | CASE.writers)
    assert CASE.name not in CALLERS
