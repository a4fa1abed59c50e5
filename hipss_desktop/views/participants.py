"""Who may be put into a list of people, completed from what is known: members of households, colleagues, and who came before.

Who came before stands in earlier training sessions and consultations. Must not write, nor decide who came.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from hipss_desktop.kinds.carer import CARER, Carer, Member, carers, household_name, legal_name, member_name
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.kinds.training import TRAINING
from hipss_desktop.records.folding import folded
from hipss_desktop.records.kind import Kind
from hipss_desktop.services.people import People, Person
from hipss_desktop.services.ports import Store

CARER_ROLE, CARERS_OF = "Foster carer", "HIPSS carers"
LISTS: Mapping[str, tuple[Kind[Any], str]] = {
    TRAINING.name: (TRAINING, "people"),
    CONSULTATION.name: (CONSULTATION, "attendees"),
}
"""The kinds of record that list people, and their lists."""
MOST_RECORDS = 200
"""So many of the newest records of each kind are looked through for those who came before."""
MOST_FORMER = 5
OF_ONE_RECORD = ("id", "was", "minutes")
"""What a row says of somebody for its own record alone."""


@dataclass(frozen=True)
class Known:
    """Somebody who can be put into a list: what they are called, what is said beside it, and the answers of their row."""

    name: str
    beside: str
    answers: Mapping[str, str]


class Participants:
    """Finds them, for one open store."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people

    def former(self, kind: str) -> tuple[Known, ...]:
        """Those whom earlier sessions and consultations name, each once: those of a ``kind`` first, the newest first."""
        known: dict[tuple[str, str], Known] = {}
        for name in sorted(LISTS, key=lambda name: name != kind):
            for row in self._rows(name):
                known.setdefault((folded(row.name), folded(row.organisation)), _former(row))
        return tuple(known.values())

    def _rows(self, kind: str) -> Iterator[Any]:
        """The rows with a name in the newest records of a kind."""
        described, listed = LISTS[kind]
        for record in self._store.records_of(kind, limit=MOST_RECORDS):
            if not record.withdrawn:
                yield from (row for row in getattr(described.of(record), listed) if row.name.strip())

    def found(self, typed: str, former: Sequence[Known]) -> tuple[list[Known], list[Known]]:
        """Whom the typed letters mean, and who has a name that is like them.

        Returns:
            Those of whom a name begins so, households and colleagues first; then those who came before and whose role or
            organisation begins so. And the households and colleagues with a name that is only like what was typed.
        """
        plain = folded(typed)
        if not plain:
            return list(former), []
        begin: list[Known] = []
        alike: list[Known] = []
        for person in self._people.find(typed, kinds=(CARER.name, PRACTITIONER.name)):
            if (answer := self._known(person)) is not None:
                (begin if any(_begins(name, plain) for name in person.found_by) else alike).append(answer)
        listed = {folded(one.name) for one in (*begin, *alike)}
        others = [one for one in former if not (_is_linked(one) and folded(one.name) in listed)]
        named = [one for one in others if _begins(one.name, plain)]
        beside = [one for one in others if one not in named and _begins(one.beside, plain)]
        return [*begin, *[*named, *beside][:MOST_FORMER]], alike

    def _known(self, person: Person) -> Known | None:
        record = self._people.record(person.record)
        if record is None:
            return None
        if record.kind == PRACTITIONER.name:
            name = self._people.name(person.record)
            return Known(name, person.what, {"name": name, "role": person.what, "colleague": person.record})
        household = CARER.of(record)
        member = _member(household, person.found_by)
        if member is None:
            return None
        name = member_name(member)
        answers = {
            "name": name,
            "role": CARER_ROLE,
            "organisation": CARERS_OF,
            "carer": person.record,
            "member": member.id,
        }
        return Known(name, household_name(household), answers)


def _member(household: Carer, found_by: Iterable[str]) -> Member | None:
    names = set(found_by)
    return next((one for one in carers(household) if names & {folded(member_name(one)), folded(legal_name(one))}), None)


def _former(row: Any) -> Known:
    """Somebody as a row of an earlier record names them."""
    given = {name: words.strip() for name, words in msgspec.to_builtins(row).items() if isinstance(words, str)}
    answers = {name: words for name, words in given.items() if words and name not in OF_ONE_RECORD}
    return Known(given["name"], ", ".join(filter(None, (given["role"], given["organisation"]))), answers)


def _is_linked(known: Known) -> bool:
    """Whether somebody is of a household or a colleague, whom the register knows as well."""
    return bool(known.answers.get("carer") or known.answers.get("colleague"))


def _begins(name: str, plain: str) -> bool:
    called = folded(name)
    return called.startswith(plain) or any(word.startswith(plain) for word in called.split())
