"""Who may be invited to training, completed from what is known: members of households, colleagues, and former participants.

Must not write, nor decide who came.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hipss_desktop.kinds.carer import CARER, Carer, Member, carers, household_name, legal_name, member_name
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.kinds.training import TRAINING, Participant
from hipss_desktop.records.folding import folded
from hipss_desktop.services.people import People, Person
from hipss_desktop.services.ports import Store

CARER_ROLE, CARERS_OF = "Foster carer", "HIPSS carers"
MOST_SESSIONS = 120
"""So many of the newest sessions are looked through for those who came to training before."""
MOST_FORMER = 5


@dataclass(frozen=True)
class Known:
    """Somebody who can be put into a session: what they are called, what is said beside it, and the answers of their row."""

    name: str
    beside: str
    answers: Mapping[str, str]


class Participants:
    """Finds them, for one open store."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people

    def former(self) -> tuple[Known, ...]:
        """Those outside the service whom earlier sessions name, each once, the newest first."""
        found: dict[tuple[str, str], Known] = {}
        for record in self._store.records_of(TRAINING.name, limit=MOST_SESSIONS):
            if not record.withdrawn:
                for row in TRAINING.of(record).people:
                    if row.name.strip() and not row.carer and not row.colleague:
                        found.setdefault((folded(row.name), folded(row.organisation)), _former(row))
        return tuple(found.values())

    def found(self, typed: str, former: Sequence[Known]) -> list[Known]:
        """Whom the typed letters mean: households and colleagues first, then former participants."""
        plain = folded(typed)
        if not plain:
            return []
        people = self._people.find(typed, kinds=(CARER.name, PRACTITIONER.name))
        known = [answer for person in people if (answer := self._known(person)) is not None]
        return [*known, *[one for one in former if _begins(one.name, plain)][:MOST_FORMER]]

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


def _former(row: Participant) -> Known:
    named = {"name": row.name.strip(), "role": row.role.strip(), "organisation": row.organisation.strip()}
    answers = {name: words for name, words in named.items() if words}
    return Known(row.name.strip(), ", ".join(filter(None, (row.role.strip(), row.organisation.strip()))), answers)


def _begins(name: str, plain: str) -> bool:
    called = folded(name)
    return called.startswith(plain) or any(word.startswith(plain) for word in called.split())
