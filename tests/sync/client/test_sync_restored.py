"""A council put back from a copy an hour old is whole again after each laptop has synced once."""

from pathlib import Path

from hipss_desktop.services.sync_cycle import SyncCycle
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.cut_proxy import CutProxy
from tests.helpers.stations import council_seats, council_well, told_true
from tests.sync.client.conftest import MakeStation


def test_receipts_are_taken_back_and_given_again_and_nothing_is_lost(
    council_server: CouncilServer, tmp_path: Path, station: MakeStation
) -> None:
    with CutProxy(council_server.url) as proxy:
        one = station().join(council_server, proxy.url)
        two = station("C. Powell").join(council_server, proxy.url)
        before = one.write("Before the copy.").envelope.record
        one.sync()
        two.sync()
        council_server.stop()
        backup = council_server.copy(tmp_path / "hour_old")
        council_server.start()
        proxy.target = council_server.url
        late = station("D. Hughes").join(council_server, proxy.url)
        after = [one.write("After the copy.").envelope.record, one.amend(before, advice="Changed.").envelope.record]
        theirs = [late.write("From a laptop that the copy does not know.").envelope.record]
        for laptop in (one, late, two):
            laptop.sync()
        assert one.get(after[0]).state == "sent"
        whole = council_seats(council_server)
        council_server.stop()

        backup.start()
        proxy.target = backup.url
        try:
            cycle = SyncCycle(two.opened.store, two.opened.council(), two.clock)
            cycle._note(two.opened.council().have())
            cycle = SyncCycle(one.opened.store, one.opened.council(), one.clock)
            cycle._note(one.opened.council().have())
            assert one.get(after[0]).state == "waiting"
            assert one.opened.store.receipt(one.get(after[0]).heads[0]) == ""
            for laptop in (one, two, late):
                laptop.sync()
            assert council_seats(backup) == whole
            for laptop in (one, two, late):
                laptop.sync()
                assert laptop.seats() == whole
                assert laptop.findings() == []
                told_true(laptop, backup)
            assert one.get(after[0]).state == "sent"
            assert late.get(theirs[0]).state == "sent"
            council_well(backup)
            assert one.states() == two.states() == late.states()
        finally:
            backup.stop()


def test_a_laptop_that_the_copy_does_not_know_shows_its_certificate_at_once(
    council_server: CouncilServer, tmp_path: Path, station: MakeStation
) -> None:
    """Its access token is still good, and says nothing of who it is."""
    with CutProxy(council_server.url) as proxy:
        council_server.stop()
        backup = council_server.copy(tmp_path / "hour_old")
        council_server.start()
        proxy.target = council_server.url
        late = station("D. Hughes").join(council_server, proxy.url)
        written = late.write("From a laptop that the copy does not know.").envelope.record
        late.sync()
        council_server.stop()
        backup.start()
        proxy.target = backup.url
        try:
            late.sync()
            assert late.get(written).state == "sent"
            told_true(late, backup)
            council_well(backup)
        finally:
            backup.stop()
