"""Telephone numbers for screens and commands: in the usual grouping, with who answers, in all undecided versions.

Numbers are stored and exported as they were typed. Must not write.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hipss_desktop.kinds.carer import CARER, carers, household_name, main_phone, member_name
from hipss_desktop.records import telephone
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Record
from hipss_desktop.views.undecided import UndecidedAnswers, readings


@dataclass(frozen=True)
class Number:
    """A number to ring and who answers; ``author`` is its writer if there is another version of it.

    However it was typed, ``number`` is in the usual form: "01632960174" becomes "01632 960174".
    """

    label: str
    number: str
    author: str = ""

    def __post_init__(self) -> None:
        """Group the number here, so that no screen can show it in another form."""
        object.__setattr__(self, "number", telephone.grouped(self.number))


def one_or_other(numbers: Iterable[Number]) -> str:
    """The number, or its versions: "01632 960175 or 01632 960176"; '' if there is none."""
    return " or ".join(phone.number for phone in numbers)


def shown_locked(people: People) -> list[Number]:
    """The numbers of the phone directory that are shown while the laptop is locked."""
    return [Number(entry.label, entry.number) for entry in people.shown_locked()]


class HouseholdNumbers:
    """Reads the numbers of households for one open store."""

    def __init__(self, undecided: UndecidedAnswers) -> None:
        self._undecided = undecided

    def shared(self, household: Record) -> list[tuple[str, Number]]:
        """The numbers of the house, each with its label, in all undecided versions."""
        name, rows = household_name(CARER.of(household)), self._undecided.rows(household, "phones")
        return [(row.label, Number(name, row.number, author)) for row, author in rows]

    def every(self, household: Record) -> list[Number]:
        """The numbers of the house, then each carer's, in all undecided versions."""
        shared = [
            Number(called or "Home", shared_number.number, shared_number.author)
            for called, shared_number in self.shared(household)
        ]
        members = self._undecided.rows(household, "members")
        caring = {member.id for member in carers(CARER.of(household))}
        own = [Number(member_name(row), row.phone, author) for row, author in members if row.id in caring and row.phone]
        return [*shared, *own]

    def first(self, household: Record) -> tuple[Number, ...]:
        """The number to ring first; if it has two versions both, with their authors, this person's own version first."""
        name = household_name(CARER.of(household))
        typed = [main_phone(CARER.of(household))]
        if household.conflicts:
            typed = [main_phone(CARER.read(body)) for body in readings(household)]
        versions = dict.fromkeys(Number(name, number) for number in typed if number)
        if len(versions) < 2:
            return tuple(versions)
        authors = {phone.number: phone.author for phone in reversed(self.every(household))}
        order = [*reversed(authors), *(phone.number for phone in versions)]
        shown = (Number(name, phone.number, authors.get(phone.number, "")) for phone in versions)
        return tuple(sorted(shown, key=lambda phone: order.index(phone.number)))
