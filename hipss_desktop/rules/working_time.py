"""Working time in England: office hours, working days and bank holidays, for all rules that count in them.

Rules: domain notes section h, 1 to 3. Bank holidays come from the ``holidays`` package, offline. Further days on which the
council is closed are records; the caller passes these days if a rule counts them. Must not read a clock, a record or a setting.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from hipss_desktop import times

OPENS, CLOSES = time(9), time(17)
"""Office hours: 09:00 is inside them, 17:00 is outside."""
SATURDAY = 5
"""The first weekday (Monday is 0) on which no office is open."""


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays in a year, including days in lieu and proclaimed ones."""
    import holidays  # imported on first use, as it takes 80 ms

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year, expand=False))


@dataclass(frozen=True)
class WorkingTime:
    """The hours in which the office is open.

    Attributes:
        closed: days on which it is closed in addition to weekends and bank holidays.
        by_close: whether a period always ends at the close of the office, and not at the time of day at which it began.
    """

    closed: frozenset[date] = frozenset()
    by_close: bool = False

    def is_working_day(self, day: date) -> bool:
        """Whether the office opens on a day."""
        return day.weekday() < SATURDAY and day not in self.closed and day not in bank_holidays(day.year)

    def is_open(self, moment: datetime) -> bool:
        """Whether a moment is inside office hours."""
        at = times.local(moment)
        return OPENS <= at.time() < CLOSES and self.is_working_day(at.date())

    def due(self, moment: datetime, days: int) -> datetime:
        """The end of a number of working days after a moment, in local time.

        From a moment inside office hours, it is the same time of day on the last of the working days. From a moment outside,
        it is the close of the office on the last of them; before 09:00 on a working day, that day is the first. With
        ``by_close`` it is the close of the office on the last of them, and the first is always a later day than the moment's.
        """
        at = times.local(moment)
        is_open = self.is_open(moment)
        opens_today = not is_open and not self.by_close and at.time() < OPENS
        day = self._working_day(at.date() - timedelta(days=1) if opens_today else at.date(), days)
        return datetime.combine(day, at.time() if is_open and not self.by_close else CLOSES, times.UNITED_KINGDOM)

    def _working_day(self, day: date, count: int) -> date:
        """The working day that is the ``count``-th after a day."""
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day
