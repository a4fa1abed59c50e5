"""Consultations that were written up twice: finding records that may be the same one, and recording that two are."""

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.consultation import BY_THEME, CONSULTATION, SAME_AS, THEME, of_theme
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules import twice_written
from hipss_desktop.services.ports import Record
from hipss_desktop.services.records import Records

MOST_ABOUT = 200
"""The most records about a child, case or theme that are read, newest first."""


class TwiceWritten:
    """Finds and marks consultations that were written up twice, for one open store."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._store = records.store

    def may_be(self, record: Record) -> list[Record]:
        """Other records that look like the same consultation and were not yet marked as the same, first written first."""
        consultation = CONSULTATION.of(record)
        about, subject = twice_written.subject_of(consultation)
        if record.withdrawn or not subject or consultation.held_on is None or self.is_passed_over(record):
            return []
        role = BY_THEME if about == THEME else about
        named = of_theme(consultation.team, consultation.theme) if about == THEME else subject
        after = times.ms(times.begins(consultation.held_on))
        newest = self._store.newest_about([named], role=role, kind=CONSULTATION.name, since=after, most=MOST_ABOUT)
        others = [
            other
            for other in newest[named]
            if other.record != record.record
            and not other.withdrawn
            and twice_written.may_be_one(consultation, CONSULTATION.of(other))
            and not self.is_passed_over(other)
        ]
        return sorted(others, key=lambda other: other.record)

    def counts_as(self, record: Record) -> str:
        """The record that counts for a consultation: itself, or the first begun of those that are the same."""
        return twice_written.goes_on_as(record, self._store.get)

    def is_passed_over(self, record: Record) -> bool:
        """Whether another record counts in place of this one."""
        return twice_written.is_passed_over(record, self._store.get)

    def same(self, record: str, other: str) -> Revision:
        """Record that two records are one consultation: the one begun first counts, whichever laptop records it.

        Returns:
            The revision of the record that no longer counts.

        Raises:
            UserError: one of them is not here, or is passed over already, or this person may not write consultations.
        """
        first, second = sorted((record, other))
        records = [self._consultation(identifier) for identifier in (first, second)]
        if first == second or any(map(self.is_passed_over, records)):
            raise UserError("Choose the other record, the one that counts.")
        return self._records.add_row(second, SAME_AS, {"consultation": first})

    def _consultation(self, record: str) -> Record:
        current = self._store.get(record)
        if current is None or current.kind != CONSULTATION.name:
            raise UserError("This consultation is not on this laptop.")
        return current
