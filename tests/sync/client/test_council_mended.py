"""A council that was put back, folder and store together, and written on: both ways are named, and there is a way back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from hipss_desktop.kinds.council import MENDING
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_status import TWO_STORIES
from sync.council.administration import erase, quarantine, revision, revoke
from sync.council.chain import own_chain
from sync.council.mending import OTHER_WAY
from sync.wire.messages import from_wire
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.cut_proxy import CutProxy
from tests.helpers.stations import Station, council_seats, told_true, write_anyway
from tests.sync.client.conftest import MakeStation
from tests.sync.council.test_one_fills_no_store import join_by_voucher, successor

BY = ("--by", "A. Bevan")


@contextmanager
def put_back(council: CouncilServer, backup: CouncilServer, proxy: CutProxy) -> Iterator[CouncilServer]:
    """The backup in the council's place; its people say, wrongly, that nothing was put back."""
    council.stop()
    backup.start()
    proxy.target = backup.url
    proxy.hang_up()
    try:
        yield backup
    finally:
        backup.stop()


def backed_up(council: CouncilServer, folder: Path, proxy: CutProxy) -> CouncilServer:
    """A backup of a council that goes on."""
    council.stop()
    backup = council.copy(folder)
    council.start()
    proxy.target = council.url
    proxy.hang_up()
    return backup


def agree(council: CouncilServer, *laptops: Station) -> None:
    """All hold all, in the end, and nobody finds anything."""
    for _ in range(2):
        for laptop in laptops:
            laptop.sync()
    whole = council_seats(council)
    for laptop in laptops:
        assert laptop.sync().problems == []
        assert laptop.seats() == whole
        assert laptop.findings() == []
        assert laptop.opened.store.setting(StoreSetting.COUNCIL_SPLIT) == ""
        told_true(laptop, council)
    assert len({str(laptop.states()) for laptop in laptops}) == 1
    assert council.json("doctor")["findings"] == []


def other_ways_found(council: CouncilServer) -> list[str]:
    return [finding["what"] for finding in council.json("doctor", expect=1)["findings"] if finding["what"] == OTHER_WAY]


@pytest.mark.parametrize("more", [0, 4], ids=["the laptops' way is longer", "the council's way is longer"])
def test_both_ways_are_named_and_after_mending_all_laptops_and_the_council_hold_the_same(
    council_server: CouncilServer, tmp_path: Path, station: MakeStation, more: int
) -> None:
    with CutProxy(council_server.url) as proxy:
        bevan, powell = station().join(council_server, proxy.url), station("C. Powell").join(council_server, proxy.url)
        before = bevan.write("Before the backup.").envelope.record
        for laptop in (bevan, powell, bevan):
            laptop.sync()
        backup = backed_up(council_server, tmp_path / "backup", proxy)
        late = station("D. Hughes").join(council_server, proxy.url)
        saved = {late.write("From a laptop that the backup does not know.").envelope.record}
        lost = council_server.laptop("L. Lost")
        revoke(council_server.admin, lost.seat, "Lost.")
        for laptop in (late, bevan):
            laptop.sync()
        with put_back(council_server, backup, proxy) as council:
            new = station("E. Morgan").join(council, proxy.url)
            for number in range(more):
                council.laptop(f"N. {number}")
            gone = powell.write("Written, and erased on the council's own way.")
            saved |= {gone.envelope.record}
            powell.sync()
            erase(council.admin, [gone.digest], "Article 17(1)(d)")
            saved |= {powell.amend(before, advice="Changed on the other way.").envelope.record}
            held = write_anyway(new, "release", {"digest": "x"})
            for laptop in (new, powell):
                assert laptop.sync().problems == []
            assert TWO_STORIES in bevan.sync().problems
            assert TWO_STORIES in bevan.findings()
            assert other_ways_found(council) == [OTHER_WAY]
            assert bevan.sync().problems  # once more, and nothing is brought twice
            assert len(other_ways_found(council)) == 1
            mended = council.json("chain", "mend", *BY)
            assert mended["alike"] == 4
            agree(council, bevan, powell, late, new)
            assert saved <= set(bevan.states()) | {gone.envelope.record}
            assert bevan.get(before).fields["advice"] == "Changed on the other way."
            for laptop in (bevan, powell):
                erased = laptop.opened.store.revision(gone.digest)
                assert erased is not None
                assert erased.body is None
            assert held.digest in {one_of.digest for one_of in quarantine(council.admin)}
            lost.url = council.url
            with pytest.raises(Refused) as refused:
                lost.ask_token()
            assert refused.value.refusal.code == "revoked"
            certified = {certificate.name for certificate in bevan.opened.store.certificates().values()}
            assert {"D. Hughes", "E. Morgan"} <= certified
            assert "No laptop has brought" in council.run("chain", "mend", *BY, expect=1)


def test_a_backup_of_both_ways_that_is_put_back_after_the_mending_is_mended_to_the_same(
    council_server: CouncilServer, tmp_path: Path, station: MakeStation
) -> None:
    with CutProxy(council_server.url) as proxy:
        # The acts of the council's people are sent to a manager.
        bevan = station().join(council_server, proxy.url, "manager")
        powell = station("C. Powell").join(council_server, proxy.url)
        for laptop in (bevan, powell, bevan):
            laptop.sync()
        backup = backed_up(council_server, tmp_path / "backup", proxy)
        council_server.laptop("N. First")
        bevan.sync()
        with put_back(council_server, backup, proxy) as council:
            new = station("E. Morgan").join(council, proxy.url)
            gone = powell.write("The heron stood in the kitchen.")
            powell.sync()
            erase(council.admin, [gone.digest], "Article 17(1)(d)")
            new.sync()
            assert TWO_STORIES in bevan.sync().problems
            split = backed_up(council, tmp_path / "split", proxy)
            first = council.json("chain", "mend", *BY)
            assert first["again"] > 0
            agree(council, bevan, powell, new)
            before = council_seats(council)
            with put_back(council, split, proxy) as council_again:
                assert TWO_STORIES in bevan.sync().problems
                assert council_again.json("chain", "mend", *BY)["again"] == 0
                agree(council_again, bevan, powell, new)
                own = council_again.admin.seat
                assert {seat: row for seat, row in council_seats(council_again).items() if seat != own} == {
                    seat: row for seat, row in before.items() if seat != own
                }


@pytest.mark.parametrize("more", [0, 4], ids=["the laptops' way is longer", "the council's way is longer"])
def test_a_laptop_whose_text_was_erased_by_an_order_that_the_council_lost_goes_on_sending(
    council_server: CouncilServer, tmp_path: Path, station: MakeStation, more: int
) -> None:
    with CutProxy(council_server.url) as proxy:
        bevan = station().join(council_server, proxy.url)
        bevan.sync()
        backup = backed_up(council_server, tmp_path / "backup", proxy)
        gone = bevan.write("The heron stood in the kitchen.")
        bevan.sync()
        erase(council_server.admin, [gone.digest], "Article 17(1)(d)")
        bevan.sync()
        with put_back(council_server, backup, proxy) as council:
            for number in range(1 + more):
                council.laptop(f"N. {number}")
            later = bevan.write("Written afterwards.")
            assert TWO_STORIES in bevan.sync().problems
            assert bevan.opened.store.receipt(later.digest)
            council.json("chain", "mend", *BY)
            agree(council, bevan)
            assert revision(council.admin, gone.digest).body is None
            assert revision(council.admin, later.digest).body == later.body


def test_a_laptop_that_brings_a_still_longer_way_afterwards_is_named_and_mended_like_the_first(
    council_server: CouncilServer, tmp_path: Path, station: MakeStation
) -> None:
    with CutProxy(council_server.url) as proxy:
        bevan, powell = station().join(council_server, proxy.url), station("C. Powell").join(council_server, proxy.url)
        for laptop in (bevan, powell):
            laptop.sync()
        backup = backed_up(council_server, tmp_path / "backup", proxy)
        council_server.laptop("N. First")
        bevan.sync()
        council_server.laptop("N. Second")
        powell.sync()
        with put_back(council_server, backup, proxy) as council:
            new = station("E. Morgan").join(council, proxy.url)
            new.write("Written on the council's own way.")
            for laptop in (new, bevan):
                laptop.sync()
            council.run("chain", "mend", *BY)
            for laptop in (new, bevan):
                laptop.sync()
            assert TWO_STORIES in powell.sync().problems
            assert other_ways_found(council) == [OTHER_WAY]
            council.run("chain", "mend", *BY)
            agree(council, bevan, powell, new)


def test_a_revoked_laptop_that_the_put_back_council_let_in_again_on_its_own_word_is_revoked_by_the_mending(
    council_server: CouncilServer, tmp_path: Path, station: MakeStation
) -> None:
    with CutProxy(council_server.url) as proxy:
        bevan = station().join(council_server, proxy.url)
        lost = council_server.laptop("L. Lost")
        backup = backed_up(council_server, tmp_path / "backup", proxy)
        revoke(council_server.admin, lost.seat, "Stolen.")
        bevan.sync()
        with put_back(council_server, backup, proxy) as council:
            lost.url = council.url
            lost.ask_token()
            successor_laptop = successor(lost)
            join_by_voucher(lost, successor_laptop)
            successor_laptop.ask_token()
            late = [successor_laptop.write(), lost.write()]
            successor_laptop.push(late[0])
            lost.push(late[1])
            bevan.sync()
            council.run("chain", "mend", *BY)
            for laptop in (lost, successor_laptop):
                with pytest.raises(Refused) as refused:
                    laptop.ask_token()
                assert refused.value.refusal.code == "revoked"
            assert {one_of.digest for one_of in quarantine(council.admin)} == {one_of.digest for one_of in late}
            agree(council, bevan)


def test_a_mending_order_takes_back_nothing_that_does_not_stand_again(
    council_server: CouncilServer, tmp_path: Path, station: MakeStation
) -> None:
    with CutProxy(council_server.url) as proxy:
        bevan = station().join(council_server, proxy.url)
        bevan.sync()
        lost = council_server.laptop("L. Lost")
        backup = backed_up(council_server, tmp_path / "backup", proxy)
        revoke(council_server.admin, lost.seat, "Stolen.")
        bevan.sync()
        before = bevan.opened.store.have()[council_server.admin.seat]
        with put_back(council_server, backup, proxy) as council:
            with own_chain(council.admin) as chain:
                chain.append(MENDING, {"revisions": [{"id": before.digest, "became": ""}]})
            assert TWO_STORIES in bevan.sync().problems
            assert bevan.opened.store.have()[council.admin.seat] == before
            assert TWO_STORIES in bevan.findings()


def test_nobody_but_the_council_brings_it_another_way_of_its_chain(council_server: CouncilServer) -> None:
    laptop = council_server.laptop()
    forged = Laptop(council_server.url)
    forged.seat = forged.person = forged.device = council_server.admin.seat
    first, second = forged.write("certificate", {"seat": "x"}), forged.write("release", {"digest": "x"})
    for batch, code in (((first, second), "not_authentic"), ((first, first), "bad_request")):
        with pytest.raises(Refused) as refused:
            laptop.push(*batch, seat=council_server.admin.seat)
        assert refused.value.refusal.code == code
    forged.chain.pop()
    astray = forged.write("release", {"digest": "y"}, change=lambda envelope: replace(envelope, previous="0" * 64))
    with pytest.raises(Refused) as refused:
        laptop.push(first, astray, seat=council_server.admin.seat)
    assert refused.value.refusal.code == "forked"
    findings = council_server.json("doctor", expect=1)["findings"]
    assert OTHER_WAY not in {finding["what"] for finding in findings}
    # The council's own revisions have no bound.
    assert astray.digest not in {finding.get("digest") for finding in findings}
    assert "No laptop has brought" in council_server.run("chain", "mend", *BY, expect=1)


def test_a_way_that_comes_in_pieces_is_taken_whole(council_server: CouncilServer, tmp_path: Path) -> None:
    laptop = council_server.laptop()
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    council_server.start()
    laptop.url = council_server.url
    for number in range(2):
        council_server.laptop(f"N. {number}")
    own = [
        wire_revision
        for wire_revision in laptop.pull_all()
        if from_wire(wire_revision).envelope.seat == council_server.admin.seat
    ]
    council_server.stop()
    backup.start()
    try:
        backup.laptop("E. Morgan")
        laptop.url = backup.url
        laptop.ask_token()
        for piece in own[2:]:
            with pytest.raises(Refused) as refused:
                laptop.push_wired([piece], backup.admin.seat)
            assert refused.value.refusal.code == "forked"
        assert backup.json("chain", "mend", *BY) == {"alike": 2, "taken": 4, "again": 2}
        assert "A. Bevan: Mended the council’s own record of orders" in backup.run("acts")
        assert backup.json("doctor")["findings"] == []
    finally:
        backup.stop()
