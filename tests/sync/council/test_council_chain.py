"""The council's own chain holds only what every laptop can take."""

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.records.revision import LARGEST_BODY
from sync.council.administration import devices, erase, revoke
from sync.council.chain import last_link
from tests.helpers.council_fixtures import CouncilServer


def test_an_order_too_large_for_the_wire_is_refused_and_nothing_changes(shared_council: CouncilServer) -> None:
    laptop, council = shared_council.laptop(), shared_council.admin
    written = laptop.write()
    laptop.push(written)
    with council.store.reading() as connection:
        before = last_link(connection, council.seat)
    with pytest.raises(UserError, match="too long to send"):
        erase(council, [written.digest], "x" * LARGEST_BODY)
    with pytest.raises(UserError, match="characters at most"):
        revoke(council, laptop.seat, "x" * LARGEST_BODY)
    with council.store.reading() as connection:
        assert last_link(connection, council.seat) == before
    assert {device.seat: device.revoked_after for device in devices(council)}[laptop.seat] is None
    revoke(council, laptop.seat, "The laptop was lost.")
    assert {device.seat: device.revoked_after for device in devices(council)}[laptop.seat] == 1
