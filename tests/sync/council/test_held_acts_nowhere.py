"""Whatever a role may not do to a kind of record acts on no laptop and at the council not, until it is released.

The table is that of the kinds themselves: ``writers`` and ``countersigned_by``. Council and laptops are in one process here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from db.doctor import examine
from db.store import LaptopStore
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.council import ORDERS
from hipss_desktop.records.chain import Link
from hipss_desktop.records.fold import fold
from hipss_desktop.records.kind import Role
from hipss_desktop.records.revision import Action, Revision
from hipss_desktop.times import system_clock
from hipss_desktop.views.services import Services
from sync.council import doctor
from sync.council.administration import quarantine, release
from sync.council.chain import Council, own_chain, states
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.council_in_process import CouncilInProcess
from tests.helpers.store_fixtures import make_store

ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != "council")
ACTIONS: tuple[Action, ...] = ("finish", "amend", "withdraw", "countersign", "order")


@dataclass
class Pair:
    """Somebody of a role on one laptop, and a manager on another."""

    council: Council
    author: CouncilInProcess
    manager: CouncilInProcess
    heads: dict[tuple[str, Action], tuple[str, ...]] = field(default_factory=dict)
    written: dict[tuple[str, Action], Revision] = field(default_factory=dict)

    @property
    def stores(self) -> tuple[LaptopStore, LaptopStore]:
        both_stores = self.author.services.store, self.manager.services.store
        assert all(isinstance(store, LaptopStore) for store in both_stores)
        return both_stores  # type: ignore[return-value]  # asserted above

    def exchange(self, problems: Sequence[str] = ()) -> None:
        for laptop in (self.author, self.manager):
            assert {*laptop.exchange().problems} <= {*problems}

    def write_everything(self) -> None:
        """Do every action to a record of every kind, each to a record of its own that the council wrote."""
        with own_chain(self.council) as chain:
            before: dict[tuple[str, Action], Revision] = {
                (kind.name, action): chain.append(kind, {"seat": f"{kind.name}-{action}"} if kind in ORDERS else {})
                for kind in KINDS.values()
                for action in ACTIONS
                if action != "finish"
            }
        self.exchange()
        for kind in KINDS.values():
            for action in ACTIONS:
                first = before.get((kind.name, action))
                self.heads[kind.name, action] = (first.digest,) if first else ()
                with self.author.services.store.write() as unit:
                    self.written[kind.name, action] = unit.append(
                        record=first.envelope.record if first else f"new-{kind.name}",
                        kind=kind.name,
                        action=action,
                        fields={},
                        changed=[],
                        parents=[first.digest] if first else [],
                        why="" if action == "finish" else "Tried.",
                    )
        self.exchange()

    def may(self, kind: str, action: Action) -> bool:
        by = KINDS[kind].countersigned_by if action == "countersign" else KINDS[kind].writers
        return self.author.services.store.seat.role in by

    def check(self, *, released: bool = False) -> None:
        """Both laptops and the council take exactly what may be done, or all of it once it is released."""
        with self.council.store.reading() as connection:
            at_council = {kind: states(connection, kind) for kind in KINDS}
        for (kind, action), revision in self.written.items():
            record, acts = revision.envelope.record, released or self.may(kind, action)
            expected_heads = (revision.digest,) if acts and action != "countersign" else self.heads[kind, action]
            for store in self.stores:
                stored_record = store.get(record)
                assert (stored_record.heads if stored_record else ()) == expected_heads, (kind, action)
                assert bool(stored_record and stored_record.withdrawn) == (acts and action == "withdraw"), (
                    kind,
                    action,
                )
                if stored_record is not None:
                    assert stored_record.versions == 1 + (acts and action in ("amend", "withdraw", "order")), (
                        kind,
                        action,
                    )
                state = fold(store.all_revisions(record), KINDS[kind], store.without_effect(record))
                assert state.countersigned == (self.heads[kind, action] if acts and action == "countersign" else ()), (
                    kind,
                    action,
                )
            state_there = at_council[kind].get(record)
            assert (state_there.heads if state_there else ()) == expected_heads, (kind, action)
            assert bool(state_there and state_there.withdrawn) == (acts and action == "withdraw"), (kind, action)
        for store in self.stores:
            assert examine(store).findings == []
        assert doctor.examine(self.council).findings == []


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    server = CouncilServer(tmp_path / "council")
    server.init()
    yield server.in_process()
    server.stop()


@pytest.fixture
def pair(council: Council, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Pair]:
    stores = [make_store(tmp_path / name, system_clock, name=name) for name in ("A. Bevan", "L. Okafor")]
    author, manager = (CouncilInProcess(council, Services(store, system_clock)) for store in stores)
    author.join(request.param)
    manager.join("manager")
    yield Pair(council, author, manager)
    for store in stores:
        store.close()


@pytest.mark.parametrize("pair", ROLES, indirect=True)
def test_what_a_role_may_not_do_acts_nowhere_until_it_is_released(pair: Pair) -> None:
    pair.write_everything()
    held = {revision.digest for revision in quarantine(pair.council)}
    assert held == {revision.digest for (kind, action), revision in pair.written.items() if not pair.may(kind, action)}
    pair.check()
    newest = {digest for finding in examine(pair.stores[0]).held for digest in finding.revisions}
    assert newest == {digest for finding in doctor.examine(pair.council).held for digest in finding.revisions} == held
    assert {revision.digest for revision, _, why in pair.stores[0].held_back() if why} == held
    assert pair.stores[1].held_back() == []
    for digest in held:
        release(pair.council, digest, "The manager agreed.")
    pair.exchange()
    pair.check(released=True)
    assert pair.stores[0].held_back() == []
    assert [examine(store).held for store in pair.stores] == [[], []]


@pytest.mark.parametrize("pair", ["commissioner"], indirect=True)
def test_while_nothing_can_be_ordered_what_is_held_back_is_given_to_nobody(pair: Pair) -> None:
    """A council whose store was put back from a backup waits with its own chain, and takes what comes all the same."""
    council, (author, manager) = pair.council, pair.stores
    with own_chain(council) as chain:
        child = chain.append(KINDS["child"], {"given_name": "Kai"})
    pair.exchange()
    anchor = council.home.folder / "anchor.json"
    true = anchor.read_bytes()
    anchor.write_bytes(msgspec.json.encode(Link(99, "0" * 64)))
    record = child.envelope.record
    with author.write() as unit:
        gone = unit.append(
            record=record, kind="child", action="withdraw", fields={}, changed=[], parents=[child.digest], why="Tried."
        )
    pair.exchange(problems=["1 record is still missing: the council has more than it gave."])
    assert manager.revision(gone.digest) is None
    assert [revision.digest for revision in quarantine(council)] == [gone.digest]
    anchor.write_bytes(true)
    with manager.write() as unit:
        unit.append(record="c", kind="contact", action="finish", fields={}, changed=[], parents=[])
    with author.write() as unit:
        unit.append(record="d", kind="contact", action="finish", fields={}, changed=[], parents=[])
    pair.exchange()
    pair.exchange()
    assert manager.revision(gone.digest) is not None
    for store in pair.stores:
        current = store.get(record)
        assert current is not None
        assert not current.withdrawn
        assert examine(store).findings == []
    assert doctor.examine(council).findings == []
