"""A consultation that two laptops wrote up: which of the records counts, and which others may be the same.

Both records are kept and shown. One refers to the other as the same, and counts and lists leave it out.
"""

from collections.abc import Callable

from hipss_desktop.kinds.consultation import CASE, CHILD, CONSULTATION, THEME, Consultation, was_held
from hipss_desktop.records.folding import folded
from hipss_desktop.rules import same
from hipss_desktop.rules.missing import Withdrawable

Find = Callable[[str], Withdrawable | None]
"""A function that returns a record by its identifier, None if it is not here."""


def goes_on_as(record: Withdrawable, find: Find) -> str:
    """The record that counts for a consultation: itself, or the one that it is recorded to be the same as.

    A reference to a record that is not here, was withdrawn or is of another kind has no effect.
    """
    return same.goes_on_as(
        record.record, lambda identifier: _others(record if identifier == record.record else find(identifier), find)
    )


def is_passed_over(record: Withdrawable, find: Find) -> bool:
    """Whether another record of the same consultation counts instead of this one."""
    return goes_on_as(record, find) != record.record


def may_be_one(first: Consultation, second: Consultation) -> bool:
    """Whether two records look like one consultation: held on one day for one team, about the same child, case or theme.

    Rows of a sheet say too little to tell: equal rows are separate consultations.
    """
    if first.from_sheet or second.from_sheet or not (was_held(first) and was_held(second)):
        return False
    subject = subject_of(first)
    return bool(
        first.held_on is not None
        and (first.held_on, first.team, subject) == (second.held_on, second.team, subject_of(second))
        and subject[1]
    )


def subject_of(consultation: Consultation) -> tuple[str, str]:
    """What a consultation is about, and which child, case or theme that is; '' if it is not said."""
    named = {CHILD: consultation.child, CASE: consultation.case, THEME: folded(consultation.theme)}
    return consultation.about, named.get(consultation.about, "")


def _others(record: Withdrawable | None, find: Find) -> list[str]:
    """The records, here and not withdrawn, that a consultation is recorded to be the same as."""
    if record is None:
        return []
    others = (find(row.consultation) for row in CONSULTATION.of(record).same_as)
    return [
        other.record
        for other in others
        if other is not None and other.kind == CONSULTATION.name and not other.withdrawn
    ]
