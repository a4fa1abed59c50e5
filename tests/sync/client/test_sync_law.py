"""The law: laptops and a council that stop talking and start again, however often and wherever cut, end equal.

Each run is a seed: people write, amend, withdraw and decide at random, exchanges are cut at random bytes, receipts are
lost, batches come twice, the council is restarted. In the end all hold the same, once, and nothing is left to send.
"""

import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.services.enrolment import Unreachable
from hipss_desktop.services.ports import Record
from sync.wire.messages import Push, travelling
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.cut_proxy import CutProxy, Direction, Fault
from tests.helpers.stations import Station, council_seats, council_well, told_true
from tests.sync.client.conftest import MakeStation

NAMES = ("A. Bevan", "C. Powell", "D. Hughes")
FIELDS = ("advice", "outcome", "happening", "where_now", "risk", "risk_why", "follow_ups", "concerns")


class World:
    """Three people, a council, and a chance that is the same for the same seed."""

    def __init__(self, seed: int, council: CouncilServer, station: MakeStation) -> None:
        self.chance = random.Random(seed)
        self.council = council
        self.proxies = [CutProxy(council.url) for _ in NAMES]
        self.people = [
            station(name, folder=f"{seed}-{name}").join(council, proxy.url)
            for name, proxy in zip(NAMES, self.proxies, strict=True)
        ]
        self.written: list[str] = []
        self.cut = 0

    def close(self) -> None:
        for each in self.proxies:
            each.close()

    def step(self) -> None:
        place = self.chance.randrange(len(self.people))
        person, proxy = self.people[place], self.proxies[place]
        acts = (
            (self.write, 4), (self.amend, 8), (self.withdraw, 1), (self.decide, 3), (self.exchange, 5),
            (self.cut_exchange, 6), (self.send_again, 1), (self.lock, 1),
        )  # fmt: skip
        act = self.chance.choices([each for each, _ in acts], [weight for _, weight in acts])[0]
        act(person, proxy)

    def write(self, person: Station, proxy: CutProxy) -> None:
        self.written.append(person.write(f"Rang, number {self.chance.random()}.").envelope.record)

    def some(self, person: Station) -> Record | None:
        """One of this run's records that the person has and that is not withdrawn."""
        here = [found for each in self.written if (found := person.opened.store.get(each)) and not found.withdrawn]
        return self.chance.choice(here) if here else None

    def value(self, field: str) -> Any:
        if field == "risk":
            return self.chance.choice(["low", "medium", "high"])
        if field == "outcome":
            return self.chance.choice(["advice", "follow_up", "escalated"])
        if field == "concerns":
            return self.chance.sample(["school", "injury", "violence", "other"], 2)
        if field == "follow_ups":
            rows = self.chance.sample(["01", "02", "03"], self.chance.randrange(1, 4))
            due = "2017-03-15T09:00+00:00"
            return [{"id": each, "what": f"Do {self.chance.randrange(9)}", "due": due} for each in sorted(rows)]
        return f"Words {self.chance.randrange(1000)}."

    def amend(self, person: Station, proxy: CutProxy) -> None:
        found = self.some(person)
        if found is None or found.needs_decision:
            return
        changed = {each: self.value(each) for each in self.chance.sample(FIELDS, self.chance.randrange(1, 3))}
        with suppress(UserError):  # by chance the same value once more
            person.amend(found.record, **changed)

    def withdraw(self, person: Station, proxy: CutProxy) -> None:
        found = self.some(person)
        if found is not None:
            person.opened.desk.records.withdraw(found.record, "Written twice.")

    def decide(self, person: Station, proxy: CutProxy) -> None:
        for found in person.opened.store.undecided():
            if found.record in self.written:
                chosen = {unit: self.chance.choice(sides).value for unit, sides in found.conflicts.items()}
                keep = self.chance.random() < 0.5 if found.disputed else None
                person.opened.desk.records.decide(found.record, chosen, "Asked both.", keep=keep)
                return

    def exchange(self, person: Station, proxy: CutProxy) -> None:
        person.sync()

    def cut_exchange(self, person: Station, proxy: CutProxy) -> None:
        ways: tuple[Direction, ...] = ("request", "answer")
        direction = self.chance.choice(ways)
        most = 10 ** self.chance.uniform(1, 4.7)
        proxy.arm(Fault("cut", direction, at=self.chance.randrange(int(most))))
        try:
            person.sync()
        except Unreachable:
            self.cut += 1
        proxy.heal()
        told_true(person, self.council)

    def send_again(self, person: Station, proxy: CutProxy) -> None:
        store = person.opened.store
        known = council_seats(self.council).get(store.seat.seat, (0, ""))[0]
        if known:
            after = self.chance.randrange(known)
            links = store.chain(store.seat.seat, after=after, limit=known - after)
            answer = person.opened.council().push(Push(store.seat.seat, [travelling(each) for each in links]))
            assert {each.outcome for each in answer.fates} == {"known"}

    def lock(self, person: Station, proxy: CutProxy) -> None:
        person.close()

    def restart(self) -> None:
        self.council.stop()
        self.council.start()
        for each in self.proxies:
            each.target = self.council.url
            each.hang_up()

    def settle(self) -> None:
        for _ in range(2):
            for each in self.people:
                each.sync()


@pytest.fixture
def worlds() -> Iterator[list[World]]:
    """Those that were made are closed in the end."""
    made: list[World] = []
    yield made
    for each in made:
        each.close()


def live(seed: int, steps: int, council: CouncilServer, station: MakeStation, worlds: list[World]) -> None:
    """One run, and what must hold at its end."""
    world = World(seed, council, station)
    worlds.append(world)
    for step in range(steps):
        if step == steps // 2:
            world.restart()
        world.step()
    world.settle()
    truth, states = council_seats(council), world.people[0].states()
    for each in world.people:
        assert each.seats() == truth
        assert each.states() == states
        assert each.opened.store.waiting().waiting == 0
        assert each.findings() == []
        told_true(each, council)
    own = sum(truth[each.opened.store.seat.seat][0] for each in world.people)
    store = world.people[0].opened.store
    made = [each.record for each in store.records_of("action") if each.fields["from_contact"] in world.written]
    written = [*world.written, *made]
    revisions = {each.digest for record in written for each in store.revisions(record)}
    assert len(revisions) == own
    council_well(council)
    assert world.cut > 0
    while world.people[0].opened.store.undecided():
        before = len(world.people[0].opened.store.undecided())
        world.decide(world.people[0], world.proxies[0])
        if len(world.people[0].opened.store.undecided()) == before:
            break
    world.settle()
    assert world.people[1].states() == world.people[0].states()
    for record in world.written:
        assert not world.people[2].get(record).needs_decision


@pytest.mark.parametrize("seed", [1, 2])
def test_all_end_equal_however_the_line_behaved(
    council: CouncilServer, station: MakeStation, worlds: list[World], seed: int
) -> None:
    live(seed, 60, council, station, worlds)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 112))
def test_all_end_equal_however_the_line_behaved_for_a_long_time(
    council: CouncilServer, station: MakeStation, worlds: list[World], seed: int
) -> None:
    live(seed, 200, council, station, worlds)
