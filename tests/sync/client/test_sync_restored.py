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
        bevan = station().join(council_server, proxy.url)
        powell = station("C. Powell").join(council_server, proxy.url)
        before = bevan.write("Before the copy.").envelope.record
        bevan.sync()
        powell.sync()
        council_server.stop()
        backup = council_server.copy(tmp_path / "hour_old")
        council_server.start()
        proxy.target = council_server.url
        late = station("D. Hughes").join(council_server, proxy.url)
        after = [bevan.write("After the copy.").envelope.record, bevan.amend(before, advice="Changed.").envelope.record]
        theirs = [late.write("From a laptop that the copy does not know.").envelope.record]
        for laptop in (bevan, late, powell):
            laptop.sync()
        assert bevan.get(after[0]).state == "sent"
        whole = council_seats(council_server)
        council_server.stop()

        backup.start()
        proxy.target = backup.url
        try:
            cycle = SyncCycle(powell.opened.store, powell.opened.council(), powell.clock)
            cycle._note(powell.opened.council().have())
            cycle = SyncCycle(bevan.opened.store, bevan.opened.council(), bevan.clock)
            cycle._note(bevan.opened.council().have())
            assert bevan.get(after[0]).state == "waiting"
            assert bevan.opened.store.receipt(bevan.get(after[0]).heads[0]) == ""
            for laptop in (bevan, powell, late):
                laptop.sync()
            assert council_seats(backup) == whole
            for laptop in (bevan, powell, late):
                laptop.sync()
                assert laptop.seats() == whole
                assert laptop.findings() == []
                told_true(laptop, backup)
            assert bevan.get(after[0]).state == "sent"
            assert late.get(theirs[0]).state == "sent"
            council_well(backup)
            assert bevan.states() == powell.states() == late.states()
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
