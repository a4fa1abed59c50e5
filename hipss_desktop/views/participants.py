"""Suggestions for a list of people: members of households, colleagues, and people who came before.

People who came before are those named in earlier training sessions and consultations. Must not write, nor decide who came.
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
"""The most records of each kind, newest first, that are searched for people who came before."""
MOST_FORMER = 5
OF_ONE_RECORD = ("id", "was", "minutes")
"""The fields of a row that say something about its own record only."""


@dataclass(frozen=True)
class Known:
    """A person who can be put into a list: their name, the words beside it, and the answers of their row."""

    name: str
    beside: str
    answers: Mapping[str, str]


class Participants:
    """Finds people for lists, for one open store."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people

    def former(self, kind: str) -> tuple[Known, ...]:
        """The people named in earlier sessions and consultations, each once: those of ``kind`` first, newest first."""
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

    def find(self, typed: str, former: Sequence[Known]) -> tuple[list[Known], list[Known]]:
        """The people whom the typed letters mean, and those with similar names.

        Returns:
            First, people with a name, role or organisation that begins as typed: households and colleagues, then people who
            came before. Second, households and colleagues whose name is only similar.
        """
        plain = folded(typed)
        if not plain:
            return list(former), []
        begin: list[Known] = []
        alike: list[Known] = []
        for person in self._people.find(typed, kinds=(CARER.name, PRACTITIONER.name)):
            if (answer := self._known(person)) is not None:
                (begin if any(_begins(name, plain) for name in person.found_by) else alike).append(answer)
        listed = {folded(known.name) for known in (*begin, *alike)}
        others = [known for known in former if not (_is_linked(known) and folded(known.name) in listed)]
        named = [known for known in others if _begins(known.name, plain)]
        beside = [known for known in others if known not in named and _begins(known.beside, plain)]
        return [*begin, *[*named, *beside][:MOST_FORMER]], alike

    def _known(self, person: Person) -> Known | None:
        record = self._people.record(person.record)
        if record is None:
            return None
        if record.kind == PRACTITIONER.name:
            name = self._people.name(person.record)
            return Known(
                name, person.description, {"name": name, "role": person.description, "colleague": person.record}
            )
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
    return next(
        (member for member in carers(household) if names & {folded(member_name(member)), folded(legal_name(member))}),
        None,
    )


def _former(row: Any) -> Known:
    """A person as a row of an earlier record names them."""
    typed = {name: words.strip() for name, words in msgspec.to_builtins(row).items() if isinstance(words, str)}
    answers = {name: words for name, words in typed.items() if words and name not in OF_ONE_RECORD}
    return Known(typed["name"], ", ".join(filter(None, (typed["role"], typed["organisation"]))), answers)


def _is_linked(known: Known) -> bool:
    """Whether a person is a member of a household or a colleague, whom ``People`` knows as well."""
    return bool(known.answers.get("carer") or known.answers.get("colleague"))


def _begins(name: str, plain: str) -> bool:
    called = folded(name)
    return called.startswith(plain) or any(word.startswith(plain) for word in called.split())
