"""The law: laptops and a council that stop talking and start again, however often and wherever cut, end equal.

Each run is a seed: people write, amend, withdraw and decide at random, exchanges are cut at random bytes, receipts are
lost, batches come twice, the council is restarted. In the end all hold the same, once, and nothing is left to send.
"""

from collections.abc import Iterator

import pytest

from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.stations import council_seats, council_well, told_true
from tests.helpers.worlds import World
from tests.sync.client.conftest import MakeStation


@pytest.fixture
def worlds() -> Iterator[list[World]]:
    """Those that were made are closed in the end."""
    open_worlds: list[World] = []
    yield open_worlds
    for world in open_worlds:
        world.close()


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
    for person in world.people:
        assert person.seats() == truth
        assert person.states() == states
        assert person.opened.store.waiting().waiting == 0
        assert person.findings() == []
        told_true(person, council)
    own = sum(truth[person.opened.store.seat.seat][0] for person in world.people)
    store = world.people[0].opened.store
    actions_of_calls = [
        action.record for action in store.records_of("action") if action.fields["from_contact"] in world.written
    ]
    written = [*world.written, *actions_of_calls]
    revisions = {revision.digest for record in written for revision in store.revisions(record)}
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
