"""A series in words: for whom, how often, until when, and how many were held, counted from the records that refer to it.

Readers who may not read consultations are told that the count only includes what they may see. Must not write.
"""

from datetime import date

from hipss_desktop import times
from hipss_desktop.kinds.case import team_words
from hipss_desktop.kinds.catalogue import may_read
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.kinds.consultation import was_held as consultation_was_held
from hipss_desktop.kinds.series import SERIES, Series
from hipss_desktop.kinds.training import TRAINING, was_held
from hipss_desktop.rules.twice_written import is_passed_over
from hipss_desktop.services.ports import Record, Store

OF_WHAT_YOU_SEE = "of what you may see"
NUMBERS = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class SeriesViews:
    """Puts series into words, for one open store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def words(self, record: str) -> str:
        """A series in one line: "16+, every six weeks, until March 2018, 3 of 8 held"; '' if it is not on this laptop."""
        series_record = self._store.get(record)
        if series_record is None or series_record.kind != SERIES.name:
            return ""
        series = SERIES.of(series_record)
        team = team_words(series.team, series.team_name)
        until = f"until {_month(series.ends)}" if series.ends is not None else ""
        sees = may_read(self._store.seat.role, CONSULTATION.name)
        held = self.held(record)
        count = f"{held} of {series.sessions} held" if series.sessions is not None else f"{held} held"
        return ", ".join(part for part in (team, _every(series), until, count, "" if sees else OF_WHAT_YOU_SEE) if part)

    def held(self, record: str) -> int:
        """The number of held consultations and sessions of a series, among those that this person may read."""
        return sum(map(self._counts, self._store.records_about(record, role="series")))

    def _counts(self, record: Record) -> bool:
        """Whether a record is a held session or consultation; one that was written twice counts once."""
        if record.withdrawn:
            return False
        if record.kind == TRAINING.name:
            return was_held(TRAINING.of(record))
        if record.kind != CONSULTATION.name:
            return False
        return consultation_was_held(CONSULTATION.of(record)) and not is_passed_over(record, self._store.get)


def _every(series: Series) -> str:
    if series.every is None:
        return ""
    if series.every == 1:
        return "every week"
    return f"every {NUMBERS[series.every] if 1 < series.every < len(NUMBERS) else series.every} weeks"


def _month(day: date) -> str:
    return times.long_day(day).partition(" ")[2]
