"""The rota in words, over the demonstration's shifts; it is 02:14 on 14 March 2017."""

from datetime import date
from typing import Any

import pytest

from db.store import LaptopStore
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.rota import ShiftLine
from hipss_desktop.views.services import Services
from tests.helpers.store_fixtures import SetClock


def night(services: Services, day: date, first: date | None = None) -> ShiftLine:
    rota = services.rota_views.fortnight(first)
    return next(shift for shift in rota.shifts if shift.start.date() == day and shift.part == "night")


def person(services: Services, name: str) -> str:
    return next(record.record for record in services.people.of_kind("practitioner") if record.fields["name"] == name)


def plan(services: Services, who: str, start: str, end: str, **more: Any) -> str:
    """Plan a shift; gives its record."""
    fields = {"on_call": person(services, who), "planned_start": start, "planned_end": end, **more}
    return services.records.finish(services.records.new_draft("shift", fields)).envelope.record


def test_the_fortnight_begins_on_monday_and_says_who_is_on_now(services: Services) -> None:
    rota = services.rota_views.fortnight()
    assert (rota.first, rota.last) == (date(2017, 3, 13), date(2017, 3, 26))
    assert rota.on_now is not None
    assert (rota.on_now.on_call.name, rota.on_now.on_call.number) == ("A. Bevan", "07700 900184")
    assert rota.on_now.backup.name == "S. Lloyd"
    assert services.rota_views.fortnight(date(2017, 3, 8)).first == date(2017, 3, 8)


def test_gaps_say_when_and_how_far_away_they_are(services: Services) -> None:
    gaps = services.rota_views.fortnight().gaps
    assert [(gap.words, gap.away, gap.level, gap.hours) for gap in gaps] == [
        ("Nobody, night of Thu 23", "9 days away", "amber", 15.0)
    ]
    (gap,) = services.rota_views.fortnight().gaps
    assert gap.detail == "9 days away. Free: M. Osei, A. Bevan, R. Penn, K. Adeyemi."
    gaps = services.rota_views.fortnight(date(2017, 3, 27)).gaps
    assert [gap.words for gap in gaps if "day of" in gap.words][:2] == ["Nobody, day of Sat 1", "Nobody, day of Sun 2"]


def test_a_gap_of_a_part_of_a_night_says_its_hours(services: Services) -> None:
    plan(services, "R. Penn", "2017-03-23T17:30:00+00:00", "2017-03-24T06:00:00+00:00")
    assert services.rota_views.fortnight().gaps[0].words == "Nobody, night of Thu 23, 06:00 to 08:30"


def test_a_person_who_works_longer_than_a_day_is_named(services: Services) -> None:
    [long] = services.rota_views.fortnight().too_long
    assert (long.words, long.detail) == ("K. Adeyemi, 39 h in a row", "17:30 Fri to 08:30 Sun. Limit 24 h.")


def test_hours_are_counted_for_each_person(services: Services) -> None:
    entries = services.rota_views.fortnight(date(2017, 3, 13)).hours
    assert [(entry.who, entry.words) for entry in entries] == [
        ("K. Adeyemi", "5 nights, 2 days, 93 h"),
        ("R. Penn", "4 nights, 1 day, 69 h"),
        ("A. Bevan", "4 nights, 1 day, 68 h"),
    ]


def test_on_a_bank_holiday_and_a_closing_day_of_the_council_somebody_is_to_be_on_call_by_day(
    services: Services, store: LaptopStore
) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, "manager")
    services.records.finish(
        services.records.new_draft("closing_day", {"day": "2017-04-12", "why": "Move of the office"})
    )
    rota = services.rota_views.fortnight(date(2017, 4, 10))
    by_day = [gap.day for gap in rota.gaps if gap.part == "day"]
    closed = [12, 14, 15, 16, 17, 22, 23]  # the closing day, Good Friday to Easter Monday, the weekend after
    assert by_day == [date(2017, 4, day) for day in closed]
    assert {day.day for day in rota.office_days} == set(range(10, 24)) - set(closed)


@pytest.mark.parametrize(
    ("worked", "note"),
    [
        ([], ""),
        ([{"start": "2017-03-23T17:30:00+00:00", "end": "2017-03-24T08:30:00+00:00"}], "as planned"),
        ([{"start": "2017-03-23T17:30:00+00:00", "end": "2017-03-24T09:05:00+00:00"}], "to 09:05"),
        ([{"start": "2017-03-23T18:10:00+00:00", "end": "2017-03-24T08:30:00+00:00"}], "from 18:10"),
    ],
)
def test_worked_hours_are_shown_under_the_name_if_they_differ(
    services: Services, worked: list[dict[str, Any]], note: str
) -> None:
    record = plan(services, "R. Penn", "2017-03-23T17:30:00+00:00", "2017-03-24T08:30:00+00:00")
    for row in worked:
        services.records.add_row(record, "worked", row)
    shift = night(services, date(2017, 3, 23))
    assert (shift.note, shift.on_call, shift.hours) == (note, "R. Penn", 15.0)


def test_a_colleague_who_took_over_is_named_with_the_time(services: Services) -> None:
    record = plan(services, "R. Penn", "2017-03-23T17:30:00+00:00", "2017-03-24T08:30:00+00:00")
    osei = person(services, "M. Osei")
    services.records.add_row(record, "worked", {"colleague": osei, "start": "2017-03-23T23:10:00+00:00"})
    shift = night(services, date(2017, 3, 23))
    assert (shift.note, shift.on_call) == ("M. Osei 23:10", "R. Penn")


def test_the_night_of_a_clock_change_says_how_long_it_is(services: Services) -> None:
    shift = night(services, date(2017, 3, 25))
    assert (shift.note, shift.hours) == ("14 h, not 15", 14.0)
    plan(services, "A. Bevan", "2017-10-28T17:30:00+01:00", "2017-10-29T08:30:00+00:00")
    shift = night(services, date(2017, 10, 28), date(2017, 10, 23))
    assert (shift.note, shift.hours) == ("16 h, not 15", 16.0)


def test_a_swap_is_asked_for_once_and_of_ones_own_shift_that_is_ahead(
    services: Services, store: LaptopStore, clock: SetClock
) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.PERSON, person(services, "A. Bevan"))
    first = date(2017, 3, 6)
    own = [night(services, date(2017, 3, day), first).may_ask for day in (8, 13, 16)]  # worked, running, ahead
    assert own == [False, False, True]
    assert not night(services, date(2017, 3, 15), first).may_ask  # R. Penn's
    services.rota.step(night(services, date(2017, 3, 16)).record, "asked")
    clock.pass_time(minutes=1)
    assert not night(services, date(2017, 3, 16)).may_ask
    services.rota.step(night(services, date(2017, 3, 16)).record, "refused")
    assert night(services, date(2017, 3, 16)).may_ask
