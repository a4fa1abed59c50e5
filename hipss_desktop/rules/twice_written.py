"""One consultation that two laptops wrote up: which of the records counts, and which others may be the same.

Both records stay and are read. One says that it is the same as the other, and counts and lists pass over it.
"""

from collections.abc import Callable

from hipss_desktop.kinds.consultation import CASE, CHILD, CONSULTATION, THEME, Consultation, was_held
from hipss_desktop.records.folding import folded
from hipss_desktop.rules import same
from hipss_desktop.rules.missing import Withdrawable

Find = Callable[[str], Withdrawable | None]
"""Gives a record by its identifier, None when it is not here."""


def goes_on_as(record: Withdrawable, find: Find) -> str:
    """The record that counts for a consultation: itself, or the one that it says it is the same as.

    A record that is not here, was withdrawn or is of another kind takes nobody's place.
    """
    return same.goes_on_as(record.record, lambda one: _others(record if one == record.record else find(one), find))


def is_passed_over(record: Withdrawable, find: Find) -> bool:
    """Whether another record of the same consultation counts in place of this one."""
    return goes_on_as(record, find) != record.record


def may_be_one(first: Consultation, second: Consultation) -> bool:
    """Whether two records look like one consultation: held on one day for one team, about the same child, case or theme.

    Rows of a sheet say too little to tell: those that are alike are as many consultations.
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
    """What a consultation is about, and which child, case or theme that is; '' where it is not said."""
    named = {CHILD: consultation.child, CASE: consultation.case, THEME: folded(consultation.theme)}
    return consultation.about, named.get(consultation.about, "")


def _others(record: Withdrawable | None, find: Find) -> list[str]:
    """The consultations that one says it is the same as, which are here and stand."""
    if record is None:
        return []
    others = (find(row.consultation) for row in CONSULTATION.of(record).same_as)
    return [
        other.record
        for other in others
        if other is not None and other.kind == CONSULTATION.name and not other.withdrawn
    ]
