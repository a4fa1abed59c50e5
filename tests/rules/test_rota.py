"""The rota by tables: gaps, real hours, hours in a row, who is on now, and swaps. The nights are those of March 2017."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest

from hipss_desktop import times
from hipss_desktop.kinds.shift import Shift, WorkedTime
from hipss_desktop.rules import rota
from hipss_desktop.rules.rota import Duty, Step
from hipss_desktop.rules.working_time import WorkingTime

BEVAN, ADEYEMI, PENN, LLOYD, OSEI = "A. Bevan", "K. Adeyemi", "R. Penn", "S. Lloyd", "M. Osei"
OFFICE_DAY = WorkingTime(closed=frozenset({date(2017, 6, 9)})).is_working_day


def at(words: str) -> datetime:
    """A moment as a rota says it, "23 Mar 17:30"; in 2017, and the first of two where the clocks go back."""
    day = datetime.strptime(" ".join(words.split()[:2]) + " 2017", "%d %b %Y").date()  # noqa: DTZ007  a day has no zone
    hour, minute = words.split()[2].split(":")
    return times.at_local(day, time(int(hour), int(minute)), "BST" if times.came_twice(day, time(int(hour))) else None)


def duty(record: str, who: str, start: str, end: str, *steps: Step, worked: Sequence[WorkedTime] = ()) -> Duty:
    shift = Shift(on_call=who, backup=LLOYD, planned_start=at(start), planned_end=at(end), worked=list(worked))
    return Duty(record, shift, steps)


def night(who: str, evening: int, *steps: Step, worked: Sequence[WorkedTime] = ()) -> Duty:
    """The night on call that begins on a day of March."""
    return duty(f"night {evening}", who, f"{evening} Mar 17:30", f"{evening + 1} Mar 08:30", *steps, worked=worked)


def work(who: str, start: str, end: str = "") -> WorkedTime:
    return WorkedTime(id=start, colleague=who, start=at(start), end=at(end) if end else None)


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [
        ("13 Mar 17:30", "14 Mar 08:30", 15),
        ("25 Mar 17:30", "26 Mar 08:30", 14),  # the clocks go forward at 01:00
        ("28 Oct 17:30", "29 Oct 08:30", 16),  # the clocks go back at 02:00
        ("25 Mar 08:30", "25 Mar 17:30", 9),
    ],
)
def test_hours_are_those_that_really_pass(begins: str, ends: str, hours: int) -> None:
    assert rota.real(at(begins), at(ends)) == timedelta(hours=hours)
    shift = duty("s", BEVAN, begins, ends)
    assert [entry.time for entry in rota.hours([shift], rota.holders([shift]))] == [timedelta(hours=hours)]


ALL_NIGHTS = [night(BEVAN, day) for day in range(20, 24)]
"""Monday 20 to Thursday 23 March."""


@pytest.mark.parametrize(
    ("planned", "now", "gaps"),
    [
        (ALL_NIGHTS, "16 Mar 18:05", []),
        (ALL_NIGHTS[:3], "16 Mar 18:05", ["23 Mar 17:30 to 24 Mar 08:30, amber"]),
        (ALL_NIGHTS[:3], "22 Mar 16:59", ["23 Mar 17:30 to 24 Mar 08:30, amber"]),
        (ALL_NIGHTS[:3], "22 Mar 17:00", ["23 Mar 17:30 to 24 Mar 08:30, red"]),
        (ALL_NIGHTS[:3], "24 Mar 02:00", ["23 Mar 17:30 to 24 Mar 08:30, red"]),
        (ALL_NIGHTS[:3], "24 Mar 08:30", []),
        # A shift without anybody is a gap, and so is the part of a night that no shift covers.
        ([*ALL_NIGHTS[:3], night("", 23)], "16 Mar 18:05", ["23 Mar 17:30 to 24 Mar 08:30, amber"]),
        (
            [*ALL_NIGHTS[:3], duty("s", PENN, "23 Mar 17:30", "24 Mar 06:00")],
            "16 Mar 18:05",
            ["24 Mar 06:00 to 24 Mar 08:30, amber"],
        ),
        (
            [*ALL_NIGHTS[:3], duty("s", PENN, "23 Mar 20:00", "24 Mar 06:00")],
            "16 Mar 18:05",
            ["23 Mar 17:30 to 23 Mar 20:00, amber", "24 Mar 06:00 to 24 Mar 08:30, amber"],
        ),
        (
            [
                *ALL_NIGHTS[:3],
                duty("s", PENN, "23 Mar 17:30", "24 Mar 01:00"),
                duty("t", BEVAN, "24 Mar 01:00", "24 Mar 12:00"),
            ],
            "16 Mar 18:05",
            [],
        ),
    ],
)
def test_a_night_without_anybody_is_a_gap_and_red_from_17_00_on_the_day_before(
    planned: list[Duty], now: str, gaps: list[str]
) -> None:
    def words(moment: datetime) -> str:
        return f"{times.local(moment):%d %b %H:%M}"

    uncovered = rota.gaps(planned, date(2017, 3, 20), date(2017, 3, 23), at(now), OFFICE_DAY)
    assert [f"{words(gap.start)} to {words(gap.end)}, {gap.level}" for gap in uncovered] == gaps


@pytest.mark.parametrize(
    ("day", "parts"),
    [
        (date(2017, 4, 13), ["night"]),  # the Thursday before Easter
        (date(2017, 4, 14), ["day", "night"]),  # Good Friday
        (date(2017, 4, 15), ["day", "night"]),  # Saturday
        (date(2017, 4, 16), ["day", "night"]),  # Easter Sunday
        (date(2017, 4, 17), ["day", "night"]),  # Easter Monday
        (date(2017, 4, 18), ["night"]),
        (date(2017, 6, 9), ["day", "night"]),  # a Friday on which the council is closed
    ],
)
def test_somebody_is_on_call_by_day_too_where_the_office_is_closed(day: date, parts: list[str]) -> None:
    assert [slot.part for slot in rota.slots(day, day, OFFICE_DAY)] == parts
    assert [gap.slot.part for gap in rota.gaps([], day, day, at("1 Apr 09:00"), OFFICE_DAY)] == parts


WEEK = [night(BEVAN, 20), night(ADEYEMI, 21), night(PENN, 22), night(PENN, 24), night(BEVAN, 25)]
"""Nobody has the night of Thursday 23 March."""
SATURDAY = duty("saturday", ADEYEMI, "25 Mar 08:30", "25 Mar 17:30")


@pytest.mark.parametrize(
    ("planned", "free"),
    [
        (WEEK, [OSEI, ADEYEMI, BEVAN, PENN]),  # the one with the fewest hours first
        ([*WEEK, SATURDAY], [OSEI, ADEYEMI, BEVAN, PENN]),
        # Who worked in a shift of that time that nobody has in the plan.
        ([*WEEK, duty("s", "", "24 Mar 07:00", "24 Mar 09:00", worked=[work(OSEI, "24 Mar 08:00")])],
         [ADEYEMI, BEVAN, PENN]),
        # Day and night and day would be longer than 24 hours in a row.
        ([*WEEK, duty("s", ADEYEMI, "23 Mar 08:30", "23 Mar 17:30")], [OSEI, ADEYEMI, BEVAN, PENN]),
        ([*WEEK, duty("s", ADEYEMI, "23 Mar 08:00", "23 Mar 17:30")], [OSEI, BEVAN, PENN]),
        ([], [BEVAN, ADEYEMI, OSEI, PENN]),
    ],
)  # fmt: skip  # one case a line
def test_who_is_free_for_a_gap_has_no_shift_then_and_would_not_work_too_long(
    planned: list[Duty], free: list[str]
) -> None:
    uncovered = rota.gaps(planned, date(2017, 3, 23), date(2017, 3, 23), at("16 Mar 18:05"), OFFICE_DAY)
    gap = next(gap for gap in uncovered if gap.slot.part == "night")
    assert rota.free_for(gap, planned, [BEVAN, ADEYEMI, OSEI, PENN]) == free
    assert LLOYD not in rota.free_for(gap, [*planned, night(BEVAN, 23)], [LLOYD]), "who backs somebody up is not free"


@pytest.mark.parametrize(
    ("planned", "in_a_row", "too_long"),
    [
        ([night(ADEYEMI, 17)], [15], False),
        ([night(ADEYEMI, 17), night(ADEYEMI, 18)], [15, 15], False),
        # Friday night, Saturday and Saturday night without a break.
        ([night(ADEYEMI, 17), duty("day", ADEYEMI, "18 Mar 08:30", "18 Mar 17:30"), night(ADEYEMI, 18)], [39], True),
        (
            [night(ADEYEMI, 17), duty("day", PENN, "18 Mar 08:30", "18 Mar 17:30"), night(ADEYEMI, 18)],
            [15, 15, 9],
            False,
        ),
        # Exactly 24 hours are not too long: a Saturday with its night, and one hour less where the clocks go forward.
        ([duty("day", ADEYEMI, "18 Mar 08:30", "18 Mar 17:30"), night(ADEYEMI, 18)], [24], False),
        ([duty("day", ADEYEMI, "25 Mar 08:30", "25 Mar 17:30"), night(ADEYEMI, 25)], [23], False),
        (
            [
                duty("day", ADEYEMI, "28 Oct 08:30", "28 Oct 17:30"),
                duty("night", ADEYEMI, "28 Oct 17:30", "29 Oct 08:30"),
            ],
            [25],
            True,
        ),
        # A person who stayed on until the next shift worked both in a row.
        ([night(ADEYEMI, 17, worked=[work(ADEYEMI, "17 Mar 17:30", "18 Mar 17:30")]), night(ADEYEMI, 18)], [39], True),
    ],
)
def test_shifts_that_follow_on_each_other_are_hours_in_a_row(
    planned: list[Duty], in_a_row: list[int], too_long: bool
) -> None:
    runs = rota.runs(planned)
    assert [rota.real(run.start, run.end) / timedelta(hours=1) for run in runs] == in_a_row
    assert any(run.is_too_long for run in runs) is too_long


@pytest.mark.parametrize(
    ("worked", "now", "person"),
    [
        ([], "16 Mar 17:29", ""),
        ([], "16 Mar 17:30", BEVAN),
        ([], "17 Mar 08:29", BEVAN),
        ([], "17 Mar 08:30", ""),
        # What was worked says who is on, without changing what was planned.
        ([work("", "16 Mar 17:30", "17 Mar 09:05")], "17 Mar 09:00", BEVAN),
        ([work("", "16 Mar 17:10")], "16 Mar 17:15", BEVAN),
        ([work("", "16 Mar 17:30", "16 Mar 23:10"), work(PENN, "16 Mar 23:10")], "16 Mar 23:00", BEVAN),
        ([work("", "16 Mar 17:30", "16 Mar 23:10"), work(PENN, "16 Mar 23:10")], "17 Mar 02:00", PENN),
        ([work(PENN, "16 Mar 23:10")], "17 Mar 02:00", PENN),
        ([work("", "16 Mar 17:30", "17 Mar 06:00")], "17 Mar 07:00", ""),
    ],
)
def test_on_now_is_the_one_who_works_else_the_one_who_is_planned(
    worked: list[WorkedTime], now: str, person: str
) -> None:
    on = rota.on_now([night(BEVAN, 16, worked=worked), night(PENN, 17)], at(now))
    assert (on.person if on else "") == person
    assert on is None or on.backup == LLOYD


def test_times_worked_that_an_older_program_wrote_into_the_shift_are_read() -> None:
    shift = Shift(
        on_call=BEVAN,
        planned_start=at("16 Mar 17:30"),
        planned_end=at("17 Mar 08:30"),
        worked_start=at("16 Mar 17:30"),
        worked_end=at("17 Mar 09:05"),
    )
    on = rota.on_now([Duty("night", shift)], at("17 Mar 09:00"))
    assert on is not None
    assert (on.person, on.until) == (BEVAN, at("17 Mar 09:05"))


def asked_step(who: str, in_return: str = "") -> Step:
    return Step("asked", who, "on_call", at("16 Mar 10:00"), in_return)


def step(code: str, who: str, clock: str, role: str = "on_call") -> Step:
    return Step(code, who, role, at(f"16 Mar {clock}"))


AGAINST_SATURDAY = asked_step(PENN, "night 25")
TAKES, AGREES = step("taken", BEVAN, "11:00"), step("agreed", LLOYD, "12:00", "manager")


@pytest.mark.parametrize(
    ("steps", "state", "friday", "saturday"),
    [
        # R. Penn has the night of Friday 24, A. Bevan that of Saturday 25.
        ([], None, PENN, BEVAN),
        ([AGAINST_SATURDAY], "asked", PENN, BEVAN),
        ([AGAINST_SATURDAY, TAKES], "taken", PENN, BEVAN),
        ([AGAINST_SATURDAY, TAKES, AGREES], "agreed", BEVAN, PENN),
        ([AGREES, TAKES, AGAINST_SATURDAY], "agreed", BEVAN, PENN),  # rows come in any order
        ([asked_step(PENN), TAKES, AGREES], "agreed", BEVAN, BEVAN),  # taken without anything in return
        # It needs all three, and each as themselves.
        ([AGAINST_SATURDAY, AGREES], "asked", PENN, BEVAN),
        ([TAKES, AGREES], None, PENN, BEVAN),
        ([asked_step(BEVAN, "night 25"), TAKES, AGREES], None, PENN, BEVAN),
        ([AGAINST_SATURDAY, step("taken", ADEYEMI, "11:00"), AGREES], "asked", PENN, BEVAN),
        ([asked_step(PENN), step("taken", PENN, "11:00"), AGREES], "asked", PENN, BEVAN),
        ([AGAINST_SATURDAY, TAKES, step("agreed", ADEYEMI, "12:00")], "taken", PENN, BEVAN),
        ([AGAINST_SATURDAY, TAKES, step("agreed", BEVAN, "12:00", "manager")], "taken", PENN, BEVAN),
        # Any of the three may say no; then it can be asked again. What was agreed stays.
        ([AGAINST_SATURDAY, step("refused", BEVAN, "11:00")], "refused", PENN, BEVAN),
        ([AGAINST_SATURDAY, TAKES, step("refused", LLOYD, "12:00", "manager")], "refused", PENN, BEVAN),
        ([AGAINST_SATURDAY, step("refused", ADEYEMI, "11:00")], "asked", PENN, BEVAN),
        (
            [AGAINST_SATURDAY, step("refused", BEVAN, "10:30"), step("asked", PENN, "10:45"), TAKES],
            "taken",
            PENN,
            BEVAN,
        ),
        ([AGAINST_SATURDAY, TAKES, AGREES, step("refused", BEVAN, "13:00")], "agreed", BEVAN, PENN),
    ],
)
def test_a_swap_needs_the_one_who_asks_the_one_who_takes_and_a_manager(
    steps: list[Step], state: str | None, friday: str, saturday: str
) -> None:
    duties = [night(PENN, 24, *steps), night(BEVAN, 25)]
    current = rota.swap(duties[0], {duty.record: duty for duty in duties})
    assert (current.state if current else None) == state
    assert rota.holders(duties) == {"night 24": friday, "night 25": saturday}
    on = rota.on_now(duties, at("24 Mar 20:00"))
    assert on is not None
    assert on.person == friday
    assert {entry.person: entry.nights for entry in rota.hours(duties, rota.holders(duties))} == (
        {BEVAN: 2} if friday == saturday == BEVAN else {PENN: 1, BEVAN: 1}
    )
