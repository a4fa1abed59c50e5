"""Office hours and working days in England."""

from datetime import date, time

import pytest

from hipss_desktop import times
from hipss_desktop.rules.working_time import WorkingTime, bank_holidays


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2016, ["1 January", "25 March", "28 March", "2 May", "30 May", "29 August", "26 December", "27 December"]),
        (2017, ["2 January", "14 April", "17 April", "1 May", "29 May", "28 August", "25 December", "26 December"]),
        (
            2022,
            [
                "3 January",
                "15 April",
                "18 April",
                "2 May",
                "2 June",
                "3 June",
                "29 August",
                "19 September",
                "26 December",
                "27 December",
            ],
        ),
        (
            2023,
            ["2 January", "7 April", "10 April", "1 May", "8 May", "29 May", "28 August", "25 December", "26 December"],
        ),
    ],
)
def test_the_office_is_closed_on_the_bank_holidays_of_england_and_open_on_every_other_weekday(
    year: int, days: list[str]
) -> None:
    closed = {times.typed_day(f"{day} {year}") for day in days}
    assert {day for day in bank_holidays(year) if day.weekday() < 5} == closed


@pytest.mark.parametrize(("clock", "is_open"), [("08:59", False), ("09:00", True), ("16:59", True), ("17:00", False)])
def test_nine_is_inside_office_hours_and_five_is_outside(clock: str, is_open: bool) -> None:
    moment = times.at_local(date(2017, 3, 14), time.fromisoformat(clock))
    assert WorkingTime().is_open(moment) is is_open


def test_scotlands_holidays_are_working_days_here() -> None:
    assert WorkingTime().is_working_day(date(2018, 1, 2))
    assert WorkingTime().is_working_day(date(2017, 11, 30))


def test_a_closing_day_is_not_a_working_day() -> None:
    assert not WorkingTime(frozenset({date(2017, 3, 14)})).is_working_day(date(2017, 3, 14))
