"""Until when somebody must be told: a table worked by hand, and what holds whenever something happened.

The table is ``due_times.csv``. Its times were worked out from the calendar and not from the program.
"""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipss_desktop import times
from hipss_desktop.kinds.incident import Incident, Returned
from hipss_desktop.kinds.recipient import Recipient
from hipss_desktop.kinds.restraint import Restraint
from hipss_desktop.kinds.value import WORKING_DAY_ENDS, Value
from hipss_desktop.rules.clocks import Clock, Council
from hipss_desktop.rules.incident_clocks import of_incident, of_restraint
from hipss_desktop.rules.notification_rules import Rule, shipped
from hipss_desktop.rules.working_time import WorkingTime

CASES = list(csv.DictReader((Path(__file__).parent / "due_times.csv").read_text(encoding="utf-8").splitlines()))
NURSE = Recipient(name="Designated nurse", events=["S7-03"], unit="working_days", within=1, starts=date(2010, 1, 1))


def moment(words: str) -> datetime:
    """A moment as the table writes it: "Friday 17 March 2017 18:40 GMT"."""
    weekday, day, clock, zone = words.split(" ", 1)[0], *words.split(" ", 1)[1].rsplit(" ", 2)
    on = times.typed_day(day)
    assert times.WEEKDAYS[on.weekday()] == weekday, words
    shown = times.at_local(on, times.typed_time(clock), "BST" if zone == "BST" else "GMT")
    assert times.zone(shown) == zone, words
    return shown


def council(case: dict[str, str]) -> Council:
    closed = [times.typed_day(case["closed besides"])] if case["closed besides"] else []
    chosen = (Value(WORKING_DAY_ENDS, case["setting"], date(2010, 1, 1)),) if case["setting"] else ()
    return Council(shipped().with_own([("nurse", NURSE)]), frozenset(closed), chosen)


def clocks_of(case: dict[str, str]) -> list[Clock]:
    told_at = moment(case["told at"])
    at = told_at.astimezone(UTC) + timedelta(minutes=1)
    if case["what"] == "restraint":
        return of_restraint(Restraint(child="kai", ended=told_at), council(case), at)
    if case["what"] == "back":
        gone_at = told_at.astimezone(UTC) - timedelta(hours=5)
        back = Incident(types=["missing"], children=["kai"], aware=gone_at, returned=[Returned("back", at=told_at)])
        return of_incident(back, council(case), at)
    incident = {
        "allegation": Incident(types=["allegation"], alleged_against="carer"),
        "serious harm": Incident(types=["illness_accident"], abuse_suspected="yes"),
        "nurse": Incident(types=["illness_accident"]),
        "missing": Incident(types=["missing"]),
    }[case["what"]]
    incident.aware = told_at
    return of_incident(incident, council(case), at)


@pytest.mark.parametrize("case", CASES, ids=[f"{case['who']}, {case['told at']}" for case in CASES])
def test_it_is_due_when_the_table_says(case: dict[str, str]) -> None:
    [clock] = [clock for clock in clocks_of(case) if clock.name == case["who"] and clock.due is not None]
    assert clock.due is not None
    assert times.stamp(clock.due) == times.stamp(moment(case["due"])), case["worked out by hand"]


@pytest.mark.parametrize(
    ("told_at", "gone", "new"),
    [
        (
            "Thursday 28 June 2018 10:00 BST",
            "Child Safeguarding Practice Review Panel",
            "Local safeguarding children board",
        ),
        (
            "Friday 29 June 2018 10:00 BST",
            "Local safeguarding children board",
            "Child Safeguarding Practice Review Panel",
        ),
        ("Sunday 31 March 2013 10:00 BST", "Clinical commissioning group", "Primary care trust"),
        ("Monday 1 April 2013 10:00 BST", "Primary care trust", "Clinical commissioning group"),
        ("Thursday 30 June 2022 23:59 BST", "Integrated care board", "Clinical commissioning group"),
        ("Friday 1 July 2022 00:01 BST", "Clinical commissioning group", "Integrated care board"),
    ],
)
def test_the_rules_of_the_day_decide_who_is_told(told_at: str, gone: str, new: str) -> None:
    at = moment(told_at)
    incident = Incident(types=["death"], abuse_suspected="yes", aware=at)
    names = {clock.name for clock in of_incident(incident, Council(shipped()), at)}
    assert new in names
    assert gone not in names


@pytest.mark.parametrize(
    ("told_on", "criteria"), [("8 December 2020", "three criteria"), ("9 December 2020", "four criteria")]
)
def test_the_fourth_criterion_of_the_lado_has_its_date(told_on: str, criteria: str) -> None:
    at = times.at_local(times.typed_day(told_on), time(10))
    [lado] = [
        clock
        for clock in of_incident(Incident(types=["allegation"], aware=at), Council(shipped()), at)
        if clock.recipients == ("lado",)
    ]
    assert criteria in lado.rule.source


# --- whenever it happened ---

TURNS = [
    datetime(2016, 10, 30, 1, tzinfo=UTC),
    datetime(2017, 3, 26, 1, tzinfo=UTC),
    datetime(2016, 10, 25, 1, tzinfo=UTC),
    datetime(2017, 3, 21, 1, tzinfo=UTC),
    datetime(2016, 12, 25, tzinfo=UTC),
    datetime(2017, 4, 14, tzinfo=UTC),
    datetime(2022, 9, 19, tzinfo=UTC),
]
"""Clock changes, five days before them, Christmas, Easter and a proclaimed holiday: where a rule goes wrong first."""
MOMENTS = st.one_of(
    st.datetimes(datetime(2008, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001  bounds are naive
    st.builds(
        lambda turn, minutes: turn + timedelta(minutes=minutes), st.sampled_from(TURNS), st.integers(-6000, 6000)
    ),
)
RULES = st.sampled_from(shipped().rules)
OFFICES = st.builds(
    WorkingTime,
    st.frozensets(st.dates(date(2016, 12, 20), date(2017, 1, 10)), max_size=4),
    st.booleans(),
)


@given(RULES, OFFICES, MOMENTS, st.integers(0, 3 * 24 * 60))
def test_what_happens_later_is_never_due_earlier(
    rule: Rule, office: WorkingTime, earlier: datetime, minutes: int
) -> None:
    later = earlier + timedelta(minutes=minutes)
    assert rule.due(earlier, office).astimezone(UTC) <= rule.due(later, office).astimezone(UTC)


@given(OFFICES, MOMENTS, st.integers(1, 7))
def test_no_working_day_ends_on_a_day_on_which_nobody_works(office: WorkingTime, told_at: datetime, days: int) -> None:
    due = office.due(told_at, days)
    assert office.is_working_day(times.local_day(due))
    assert time(9) <= times.local(due).time() <= time(17)
    assert due.astimezone(UTC) > told_at


@given(RULES, OFFICES, MOMENTS)
def test_nothing_is_due_before_it_happened(rule: Rule, office: WorkingTime, told_at: datetime) -> None:
    assert rule.due(told_at, office).astimezone(UTC) >= told_at
