"""Times in words: as few as tell one from others, with the hour of what is still to come."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from hipss_desktop import times
from hipss_desktop.errors import UserError

NOW = datetime(2017, 3, 14, 2, 39, tzinfo=UTC)


def at(day: int, hour: int, *, month: int = 3, year: int = 2017) -> datetime:
    return datetime(year, month, day, hour, tzinfo=times.UNITED_KINGDOM)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(14, 1), "01:00"),
        (at(13, 23), "23:00"),
        (at(12, 19), "Sun 19:00"),
        (at(1, 9), "1 March"),
        (at(14, 9, month=11, year=2016), "14 November 2016"),
        (at(14, 9), "09:00"),
        (at(15, 1), "Wed 01:00"),
        (at(20, 9), "Mon 09:00"),
        (at(21, 9), "21 March, 09:00"),
    ],
)
def test_a_time_is_told_from_others_and_one_to_come_has_its_hour(moment: datetime, words: str) -> None:
    assert times.since(moment, NOW) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(14, 1), "01:00"),
        (at(13, 23), "yesterday 23:00"),
        (at(15, 1), "tomorrow 01:00"),
        (at(17, 9), "Fri 17 March 09:00"),
        (at(12, 9), "Sun 12 March 09:00"),
        (at(12, 9, month=11, year=2016), "Sat 12 November 09:00"),
        (at(12, 9, month=3, year=2016), "Sat 12 March 2016 09:00"),
    ],
)
def test_a_time_that_is_not_today_is_said_with_its_day(moment: datetime, words: str) -> None:
    assert times.on_its_day(moment, NOW) == words


@pytest.mark.parametrize(
    ("now", "typed", "day"),
    [
        (datetime(2017, 3, 16, 10, 26, tzinfo=UTC), time(10, 30), date(2017, 3, 16)),
        (datetime(2017, 3, 16, 10, 26, tzinfo=UTC), time(10, 20), date(2017, 3, 16)),
        (datetime(2017, 3, 16, 10, 26, tzinfo=UTC), time(17, 0), date(2017, 3, 15)),
        (datetime(2017, 3, 14, 2, 18, tzinfo=UTC), time(23, 10), date(2017, 3, 13)),
        (datetime(2017, 3, 14, 2, 18, tzinfo=UTC), time(4, 59), date(2017, 3, 14)),
        (datetime(2017, 3, 14, 23, 0, tzinfo=UTC), time(4, 0), date(2017, 3, 14)),
    ],
)
def test_a_time_alone_of_what_happened_is_yesterdays_only_where_that_is_at_most_eighteen_hours_back(
    now: datetime, typed: time, day: date
) -> None:
    assert times.day_of_past_time(typed, now) == day


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (datetime(2017, 3, 10, 23, 59, tzinfo=UTC), "Fri 10 March"),
        (datetime(2017, 3, 13, 23, 59, tzinfo=UTC), "yesterday"),
        (datetime(2017, 3, 14, 23, 59, tzinfo=UTC), "today"),
        (datetime(2017, 3, 31, 22, 59, tzinfo=UTC), "Fri 31 March"),
        (datetime(2016, 3, 10, 23, 59, tzinfo=UTC), "10 March 2016"),
        (datetime(2017, 3, 10, 23, 58, tzinfo=UTC), "Fri 23:58"),
    ],
)
def test_what_is_due_on_a_day_is_said_without_an_hour(due: datetime, words: str) -> None:
    assert times.due_since(due, NOW) == words


@pytest.mark.parametrize(
    ("moment", "hours", "days", "after"),
    [
        ("2017-03-25T18:40:00+00:00", 24, 0, "2017-03-26T19:40:00+01:00"),
        ("2016-10-29T18:40:00+01:00", 24, 0, "2016-10-30T17:40:00+00:00"),
        ("2017-03-21T18:40:00+00:00", 0, 5, "2017-03-26T18:40:00+01:00"),
        ("2017-03-21T01:30:00+00:00", 0, 5, "2017-03-26T02:00:00+01:00"),
        ("2016-10-25T01:30:00+01:00", 0, 5, "2016-10-30T01:30:00+01:00"),
        ("2016-10-30T01:30:00+01:00", 0, 5, "2016-11-04T01:00:00+00:00"),
        ("2016-10-30T01:30:00+00:00", 0, 5, "2016-11-04T01:30:00+00:00"),
    ],
)
def test_hours_are_real_hours_and_days_keep_the_time_on_the_wall(
    moment: str, hours: int, days: int, after: str
) -> None:
    instant = times.instant(moment)
    assert times.stamp(times.hours_after(instant, hours) if hours else times.days_after(instant, days)) == after


def test_a_demonstration_moves_its_clock_on_while_the_program_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / times.DEMONSTRATION).touch()
    assert times.program_clock(tmp_path) is times.system_clock
    monkeypatch.setenv(times.CLOCK_OFFSET, "3600")
    clock = times.program_clock(tmp_path)
    before = clock()
    monkeypatch.setenv(times.CLOCK_OFFSET, str(2 * 24 * 3600))
    assert clock() - before > timedelta(days=1)


@pytest.mark.parametrize("offset", ["abc", "1e20", "nan", "-1e12", "inf"])
def test_an_offset_that_leads_nowhere_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, offset: str
) -> None:
    (tmp_path / times.DEMONSTRATION).touch()
    monkeypatch.setenv(times.CLOCK_OFFSET, offset)
    with pytest.raises(UserError, match="must be a number of seconds"):
        times.program_clock(tmp_path)


def test_a_clock_is_moved_in_the_home_of_a_demonstration_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(times.CLOCK_OFFSET, "1000")
    with pytest.raises(UserError, match="moves the clock of a demonstration alone"):
        times.program_clock(tmp_path)


@pytest.mark.parametrize("typed", ["29/02/2013", "31/4/2017", "00/03/2017", "03/25/2017", "2017-02-30", " 29/02/1900 "])
def test_a_day_that_is_in_no_calendar_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(UserError, match=r"^There is no such day\. Enter a date like 14/03/2017$"):
        times.typed_day(typed)


@pytest.mark.parametrize("typed", ["soon", "14/03/17", "14.03.2017", "", "14/03/2017 02:14", "March 2017"])
def test_what_is_no_whole_day_is_asked_for_as_a_day(typed: str) -> None:
    with pytest.raises(UserError, match=r"^Enter a date like 14/03/2017$"):
        times.typed_day(typed)
