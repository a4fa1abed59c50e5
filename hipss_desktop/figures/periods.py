"""The periods of figures: a quarter of the financial year from 1 April, or a range of days, both ends included."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from hipss_desktop import times
from hipss_desktop.errors import UserError

FIRST_MONTHS = (4, 7, 10, 1)
"""The first month of each quarter of a financial year."""
QUARTERS = ("first", "second", "third", "fourth")
WRITTEN = re.compile(r"((?:19|20|21)\d\d)/(\d\d)-([1-4])", re.ASCII)
"""A typed quarter: the year in which a financial year begins, the one in which it ends, and the quarter; 1900 to 2199."""


@dataclass(frozen=True)
class Period:
    """A first and a last day; ``name`` is a quarter's name, '' for other periods."""

    first: date
    last: date
    name: str = ""

    @property
    def words(self) -> str:
        """The period in words for a page: "January to March 2017 (fourth quarter of 2016/17)"."""
        return self.name or f"{times.long_day(self.first)} to {times.long_day(self.last)}"

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


def quarter(text: str) -> Period:
    """Read a typed quarter, "2016/17-4"; raises UserError if it is written differently."""
    written = WRITTEN.fullmatch(text.strip())
    if written is None or (int(written[1]) + 1) % 100 != int(written[2]):
        raise UserError("Write a quarter as 2016/17-4: the financial year, and which of its quarters from April.")
    begins, number = int(written[1]), int(written[3])
    month = FIRST_MONTHS[number - 1]
    first = date(begins + (month == 1), month, 1)
    last = times.months_later(first, 3) - timedelta(days=1)
    months = f"{times.MONTHS[first.month - 1]} to {times.MONTHS[last.month - 1]} {last.year}"
    called = f"{months} ({QUARTERS[number - 1]} quarter of {written[1]}/{written[2]})"
    return Period(first, last, called)


def between(first: date, last: date) -> Period:
    """The period between two days; raises UserError if the last is before the first."""
    if last < first:
        raise UserError("Enter a last day that is not before the first.")
    return Period(first, last)
