"""Who must countersign what, whatever the order: an oracle of who wrote and who saw what says it apart from the program.

Three people: a worker, a manager, and the same worker again on another laptop as a manager. A commissioner writes what is
held back. They write, add rows, countersign, withdraw and sync in any order, on laptops and a council in one process.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from db.doctor import examine
from db.store import LaptopStore
from hipss_desktop.identity import row_id
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.records.fold import fold
from hipss_desktop.records.kind import Role
from hipss_desktop.records.revision import Action, Revision
from hipss_desktop.times import system_clock
from hipss_desktop.views.services import Services
from sync.council import doctor
from sync.council.administration import quarantine, release
from sync.council.chain import Council, state_of
from sync.council.receive import push
from sync.wire.messages import Push, to_wire
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.council_in_process import CouncilInProcess
from tests.helpers.store_fixtures import make_store, sign_in_as

WRITES = ("finish", "amend", "withdraw")


@dataclass(frozen=True)
class Act:
    """What somebody did to a record, having seen all that was done to it before on their laptop."""

    digest: str
    person: str
    role: str
    step: str
    seen: frozenset["Act"]

    @property
    def held(self) -> bool:
        """Whether the council must hold it back."""
        if self.step == "countersign":
            own = any(act.person == self.person for act in self.seen if act.writes)
            return self.role != "manager" or own
        return self.role == "commissioner"

    @property
    def writes(self) -> bool:
        """Whether it makes what the record says."""
        return self.step in WRITES and not self.held


def countersigned(acts: frozenset[Act]) -> bool:
    """Whether a record waits for no countersignature: somebody who wrote none of it saw all that was written, and signed."""
    written = {act for act in acts if act.writes}
    return any(act.step == "countersign" and not act.held and act.seen >= written for act in acts)


@dataclass
class Laptop:
    """A person's laptop, and what the oracle says is on it."""

    joined: CouncilInProcess
    role: Role
    known: dict[str, frozenset[Act]] = field(default_factory=dict)
    unsent: list[tuple[str, Act]] = field(default_factory=list)

    @property
    def store(self) -> LaptopStore:
        assert isinstance(self.joined.services.store, LaptopStore)
        return self.joined.services.store

    def act(self, record: str, step: str) -> None:
        current = self.store.get(record)
        heads = current.heads if current is not None else ()
        row = {"id": row_id()}
        action: Action = "amend" if step == "grow" else step  # type: ignore[assignment]  # the actions by their names
        with self.store.write() as unit:
            revision = unit.append(
                record=record,
                kind=INCIDENT.name,
                action=action,
                fields={"notified": [row]} if step == "grow" else {"happening": f"{step} {row['id']}"},
                changed={"grow": [f"notified/{row['id']}"], "countersign": [], "withdraw": []}.get(step, ["happening"]),
                parents=heads,
                why="" if step in ("grow", "finish") else "Because.",
            )
        act = Act(revision.digest, self.store.seat.person, self.role, step, self.known.get(record, frozenset()))
        self.known[record] = self.known.get(record, frozenset()) | {act}
        self.unsent.append((record, act))

    def sync(self, held_there: dict[str, frozenset[Act]]) -> None:
        assert self.joined.exchange().problems == []
        for record, act in self.unsent:
            held_there[record] = held_there.get(record, frozenset()) | {act}
        self.unsent.clear()
        self.known = dict(held_there)

    def check(self) -> None:
        for record, acts in self.known.items():
            without = self.store.without_effect(record)
            state = fold(self.store.all_revisions(record), INCIDENT, without)
            if self.role in INCIDENT.readers:  # without its text nobody can tell a row that was added from an amendment
                assert bool(state.countersigned) == countersigned(acts), (self.role, acts)
            assert set(without) == {act.digest for act in acts if act.held}


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    server = CouncilServer(tmp_path / "council")
    server.init()
    yield server.in_process()
    server.stop()


@pytest.fixture
def laptops(council: Council, tmp_path: Path) -> Iterator[list[Laptop]]:
    """The worker, the manager, the worker as a manager, and the commissioner."""
    joined_laptops: list[Laptop] = []
    roles: tuple[Role, ...] = ("supervising", "manager", "manager", "commissioner")
    for number, role in enumerate(roles):
        store = make_store(tmp_path / str(number), system_clock, name=f"Person {number}")
        sign_in_as(
            store, person=joined_laptops[0].store.seat.person if number == 2 else store.seat.person, device=f"d{number}"
        )
        joined = CouncilInProcess(council, Services(store, system_clock))
        joined.join(role)
        joined_laptops.append(Laptop(joined, role))
    yield joined_laptops
    for laptop in joined_laptops:
        laptop.store.close()


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_writing_countersigning_and_withdrawing_is_as_the_oracle_says(
    council: Council, laptops: list[Laptop], seed: int
) -> None:
    chance = random.Random(seed)
    records = [f"incident-{number}" for number in range(30)]
    there: dict[str, frozenset[Act]] = {}
    for _ in range(400):
        laptop, record = chance.choice(laptops), chance.choice(records)
        if chance.random() < 0.12:
            laptop.sync(there)
            laptop.check()
        elif not any(act.writes for act in laptop.known.get(record, ())):
            if laptop.role != "commissioner" and record not in there and chance.random() < 0.5:
                laptop.act(record, "finish")
        else:
            laptop.act(record, chance.choices(["amend", "countersign", "grow", "withdraw"], [4, 6, 3, 1])[0])
    for _ in range(2):
        for laptop in laptops:
            laptop.sync(there)
    for laptop in laptops:
        laptop.check()
        assert examine(laptop.store).findings == []
    with council.store.reading() as connection:
        for record, acts in there.items():
            state = state_of(connection, INCIDENT.name, record)
            assert bool(state and state.countersigned) == countersigned(acts)
    held = {act.digest for acts in there.values() for act in acts if act.held}
    assert {held_back.digest for held_back in quarantine(council)} == held
    assert {held_back.reason for held_back in quarantine(council)} >= {
        "This was countersigned by somebody who wrote or amended it."
    }
    assert any(countersigned(acts) for acts in there.values())
    assert doctor.examine(council).findings == []


def test_a_countersignature_that_comes_before_what_it_names_is_judged_when_that_comes(
    council: Council, laptops: list[Laptop]
) -> None:
    """It counts nowhere until then; here the one who wrote an earlier version signs a later one, which comes last."""
    worker, manager, promoted, _ = laptops

    def push_only(laptop: Laptop, revisions: list[Revision]) -> list[str]:
        seat = revisions[0].envelope.seat
        answer = push(council, laptop.joined._caller(), Push(seat, [to_wire(revision) for revision in revisions]))
        return [result.outcome for result in answer.results]

    worker.act("late", "finish")
    first = worker.store.chain(worker.store.seat.seat, after=0, limit=9)
    with manager.store.write() as unit:
        unit.absorb(first)
    manager.act("late", "amend")
    amended = manager.store.chain(manager.store.seat.seat, after=0, limit=9)
    with promoted.store.write() as unit:
        unit.absorb([*first, *amended])
    promoted.act("late", "countersign")
    signed = promoted.store.chain(promoted.store.seat.seat, after=0, limit=9)
    assert push_only(promoted, signed) == ["stored"]
    with council.store.reading() as connection:
        assert state_of(connection, INCIDENT.name, "late") is None
    assert push_only(manager, amended) == ["stored"]
    with council.store.reading() as connection:
        state = state_of(connection, INCIDENT.name, "late")
        assert state is not None
        assert state.countersigned == (amended[0].digest,)
    assert push_only(worker, first) == ["stored"]
    assert [(held_back.digest, held_back.reason) for held_back in quarantine(council)] == [
        (signed[0].digest, "This was countersigned by somebody who wrote or amended it.")
    ]
    with council.store.reading() as connection:
        state = state_of(connection, INCIDENT.name, "late")
        assert state is not None
        assert state.countersigned == ()
    release(council, signed[0].digest, "There is nobody else.")
    with council.store.reading() as connection:
        state = state_of(connection, INCIDENT.name, "late")
        assert state is not None
        assert state.countersigned == ()
