"""A laptop that was in other hands for a while before it is revoked: what the council received in that time acts nowhere."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.records.revision import Revision
from sync.council import tables as t
from sync.council.administration import devices, quarantine, release, revoke
from sync.council.chain import state_of
from sync.council.doctor import examine
from sync.wire.messages import from_wire
from tests.helpers.council_client import Laptop
from tests.helpers.council_fixtures import CouncilServer


def received(council: CouncilServer, revision: Revision) -> datetime:
    """When the council received a revision."""
    query = sa.select(t.envelope.c.at).where(t.envelope.c.digest == revision.digest)
    with council.admin.store.reading() as connection:
        return times.instant(connection.execute(query).scalar_one())


def held_by_orders(laptop: Laptop) -> set[str]:
    """What another laptop hears that it leaves out."""
    came = [from_wire(revision) for revision in laptop.pull_all()]
    orders = [content for order in came if order.envelope.kind == "hold" and (content := order.content())]
    return {row["id"] for order in orders for row in order.fields["revisions"]}


def last_taken(council: CouncilServer, laptop: Laptop) -> int | None:
    return next(seat.revoked_after for seat in devices(council.admin) if seat.seat == laptop.seat)


@pytest.fixture
def written(council_server: CouncilServer) -> tuple[Laptop, list[Revision]]:
    """A laptop that sent three contacts, one after the other, all written at one time by its own clock."""
    laptop = council_server.laptop()
    contacts = [laptop.write() for _ in range(3)]
    for contact in contacts:
        laptop.push(contact)
    return laptop, contacts


def test_what_was_received_since_a_laptop_was_in_other_hands_acts_nowhere(
    council_server: CouncilServer, written: tuple[Laptop, list[Revision]]
) -> None:
    laptop, (before, second, third) = written
    other = council_server.laptop("C. Powell")
    revoke(council_server.admin, laptop.seat, "Stolen.", received(council_server, second))
    assert last_taken(council_server, laptop) == 1
    assert {held.digest for held in quarantine(council_server.admin)} == {second.digest, third.digest}
    with council_server.admin.store.reading() as connection:
        acting = [state_of(connection, "contact", contact.envelope.record) for contact in (before, second, third)]
    assert [state is not None for state in acting] == [True, False, False]
    assert held_by_orders(other) == {second.digest, third.digest}
    assert examine(council_server.admin).findings == []
    release(council_server.admin, third.digest, "Read by a manager.")
    with council_server.admin.store.reading() as connection:
        assert state_of(connection, "contact", third.envelope.record) is not None


def test_a_laptop_is_revoked_once_more_since_an_earlier_time_and_never_a_later_one(
    council_server: CouncilServer, written: tuple[Laptop, list[Revision]]
) -> None:
    laptop, (first, second, third) = written
    admin = council_server.admin
    revoke(admin, laptop.seat, "Lost.")
    assert last_taken(council_server, laptop) == 3
    revoke(admin, laptop.seat, "It was gone before.", received(council_server, third))
    assert last_taken(council_server, laptop) == 2
    release(admin, third.digest, "Read by a manager.")
    revoke(admin, laptop.seat, "It was gone for longer.", received(council_server, first))
    assert last_taken(council_server, laptop) == 0
    assert {held.digest for held in quarantine(admin)} == {first.digest, second.digest}
    for since in (None, received(council_server, second)):
        with pytest.raises(UserError, match="revoked already"):
            revoke(admin, laptop.seat, "Again.", since)
    assert examine(admin).findings == []


def test_a_time_in_the_future_or_that_cannot_be_read_revokes_nobody(
    council_server: CouncilServer, written: tuple[Laptop, list[Revision]]
) -> None:
    laptop, _ = written
    with pytest.raises(UserError, match="has not come yet"):
        revoke(council_server.admin, laptop.seat, "Stolen.", council_server.admin.clock() + timedelta(hours=1))
    output = council_server.run("device", "revoke", laptop.seat, "--why", "Stolen.", "--since", "yesterday", expect=1)
    assert output.strip() == "Enter a date and time like 14/03/2017 02:14"
    assert last_taken(council_server, laptop) is None
    council_server.run("device", "revoke", laptop.seat, "--why", "Stolen.", "--since", "14/03/2017 02:14")
    assert last_taken(council_server, laptop) == 0
