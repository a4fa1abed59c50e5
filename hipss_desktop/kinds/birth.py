"""Births of which all is known, a part, or nothing: the words for the date and the age, never more certain than what is known.

Of many children only a year or month is known, or an estimate. Must not know any kind.
"""

from dataclasses import dataclass
from datetime import date

from hipss_desktop import times

FIRST_YEAR, LAST_YEAR = 1980, 2100
MONTHS_OF_A_YEAR, MIDDLE = 12, 6
NOT_KNOWN = "age not known"


@dataclass(frozen=True)
class Birth:
    """What is known of a birth. A whole day counts before a part of it, and both before "not known".

    Attributes:
        day: the whole day, None if it is not known.
        year, month: the part that is known without a day; a month counts only with its year.
        estimated: whether this was estimated.
        not_known: whether it was recorded that nothing is known.
    """

    day: date | None
    year: int | None = None
    month: int | None = None
    estimated: bool = False
    not_known: bool = False

    def age(self, on: date) -> int | None:
        """Whole years on a day, the most likely number if it is not certain; None if it is not known."""
        if self.day is not None:
            return on.year - self.day.year - ((on.month, on.day) < (self.day.month, self.day.day))
        if self.year is None:
            return None
        before_birthday = on.month <= MIDDLE if self.month is None else on.month < self.month
        years = on.year - self.year - before_birthday
        return years if years >= 0 else None

    def age_words(self, on: date) -> str:
        """The age on a day, "14", "about 14", "age not known"; '' if nothing is recorded."""
        years = self.age(on)
        if years is None:
            return NOT_KNOWN if self.not_known else ""
        is_certain = self.day is not None or (self.month is not None and self.month != on.month)
        return str(years) if is_certain and not self.estimated else f"about {years}"

    @property
    def words(self) -> str:
        """The date, "3 June 2002", "June 2002", "2002, estimated"; "not known"; '' if nothing is recorded."""
        known = ""
        if self.day is not None:
            known = times.long_day(self.day)
        elif self.year is not None:
            is_month = self.month is not None and 1 <= self.month <= MONTHS_OF_A_YEAR
            known = f"{times.MONTHS[self.month - 1]} {self.year}" if self.month and is_month else str(self.year)
        if known:
            return f"{known}, estimated" if self.estimated else known
        return "not known" if self.not_known else ""
