"""The consultations of a period by subject and team, on tables worked by hand."""

from datetime import date
from typing import Any

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.figures.consultations import Consultations, consultations_of
from hipss_desktop.figures.periods import Period, between, quarter
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.kinds.direct_work import DIRECT_WORK
from hipss_desktop.views.figures import beside, rows

MARCH = between(date(2017, 3, 1), date(2017, 3, 31))
HELD = {"held_on": "2017-03-09", "team": "edge_of_care", "about": "child", "form": "one_off"}


def figures(*consultations: dict[str, Any], work: tuple[str, ...] = (), period: Period = MARCH) -> Consultations:
    """The figures of these."""
    return consultations_of(
        map(CONSULTATION.read, consultations), [DIRECT_WORK.read({"on": day}) for day in work], period
    )


@pytest.mark.parametrize(
    ("typed", "first", "last", "words"),
    [
        ("2016/17-1", "2016-04-01", "2016-06-30", "April to June 2016 (first quarter of 2016/17)"),
        ("2016/17-3", "2016-10-01", "2016-12-31", "October to December 2016 (third quarter of 2016/17)"),
        ("2016/17-4", "2017-01-01", "2017-03-31", "January to March 2017 (fourth quarter of 2016/17)"),
        ("1999/00-4", "2000-01-01", "2000-03-31", "January to March 2000 (fourth quarter of 1999/00)"),
    ],
)
def test_a_quarter_is_one_of_the_financial_year(typed: str, first: str, last: str, words: str) -> None:
    period = quarter(typed)
    assert (period.first.isoformat(), period.last.isoformat(), period.words) == (first, last, words)


NO_QUARTERS = (
    "",
    "Q1",
    "2017-1",
    "2016/17",
    "2016/17-5",
    "2016/18-1",
    "16/17-1",
    "0000/01-1",
    "9999/00-3",
    "9999/00-4",
    "٢٠١٦/١٧-٤",
)  # fmt: skip  a row of what is typed


@pytest.mark.parametrize("typed", NO_QUARTERS)
def test_an_invalid_quarter_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        quarter(typed)


def test_subject_and_team_are_counted_apart_and_what_is_not_recorded_is_a_row_and_a_column() -> None:
    table = figures(
        HELD,
        {**HELD, "about": "case"},
        {**HELD, "about": "theme", "team": "sixteen_plus"},
        {**HELD, "about": "", "team": ""},
        {**HELD, "stage": "held", "team": "choir"},
    )
    assert rows(table) == [
        ("About", "Edge of Care", "16+", "choir", "Not recorded", "Total"),
        ("A child placed with HIPSS", "1", "0", "1", "0", "2"),
        ("A child or family of another team", "1", "0", "0", "0", "1"),
        ("A theme, without a child", "0", "1", "0", "0", "1"),
        ("Not recorded", "0", "0", "0", "1", "1"),
        ("Total", "2", "1", "1", "1", "5"),
    ]


def test_only_held_consultations_count_and_the_others_are_shown_beside_them_on_their_own_day() -> None:
    planned = "2017-03-20T10:00:00+00:00"
    table = figures(
        HELD,
        {**HELD, "stage": "planned", "planned_for": planned, "held_on": "2017-03-09"},
        {**HELD, "stage": "cancelled", "planned_for": planned},
        {**HELD, "stage": "cancelled", "asked_on": "2017-03-02"},
        {**HELD, "stage": "nobody_came", "planned_for": planned},
        {**HELD, "stage": "asked", "asked_on": "2017-03-02", "planned_for": "2017-05-02T10:00:00+01:00"},
        {**HELD, "stage": "planned", "planned_for": "2017-03-31T23:30:00+00:00"},  # 00:30 on 1 April by the wall
        work=("2017-03-31", "2017-04-01"),
    )
    assert (table.total, dict(table.not_held)) == (1, {"asked": 1, "planned": 1, "cancelled": 2, "nobody_came": 1})
    assert table.direct_work == 1


def test_before_a_referral_stands_apart_and_without_a_form_is_tiss() -> None:
    table = figures(HELD, {**HELD, "form": ""}, {**HELD, "form": "before_referral"}, {**HELD, "form": "drop_in"})
    assert (table.total, table.form_not_recorded, table.before_referral, table.both) == (3, 1, 1, 4)
    assert list(beside(table))[:2] == [
        "TISS 3, of them form not recorded 1.",
        "Before a HIPSS referral 1. Both together 4.",
    ]


def test_the_first_and_the_last_day_count_and_no_day_is_in_no_period() -> None:
    days = ("2017-02-28", "2017-03-01", "2017-03-31", "2017-04-01", None)
    table = figures(*({**HELD, "held_on": day} for day in days))
    assert (table.total, table.undated) == (2, 1)
