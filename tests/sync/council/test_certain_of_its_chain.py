"""A council that starts writes its own chain only once it is certain to hold all of it: it may have been put back."""

from pathlib import Path

import pytest

from hipss_desktop.errors import Unavailable
from hipss_desktop.records.chain import Link
from sync.council.administration import devices, erase, quarantine, release, revoke
from sync.council.running import FILE
from sync.wire.messages import from_wire, to_wire
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.cut_proxy import CutProxy
from tests.helpers.stations import Station, write_anyway
from tests.sync.council.test_council_restore import heal, newest


def enrols(council: CouncilServer) -> bool:
    """Whether somebody new can join now; one who cannot is told to wait."""
    joining = Laptop(council.url)
    try:
        joining.enrol(council.invite("N. Newcomer"))
    except Refused as refused:
        return (refused.status, "no laptop has shown" in refused.refusal.detail) != (503, True)
    return True


def restart(council: CouncilServer, *laptops: Laptop) -> None:
    """Stop and start, and nobody says anything."""
    council.stop()
    council.start(confirmed=False)
    for laptop in laptops:
        laptop.url = council.url
        laptop.ask_token()


def test_folder_and_store_put_back_together_write_nothing_until_a_laptop_has_brought_the_rest_back(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    laptop = council_server.laptop()
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    council_server.start()
    laptop.url = council_server.url
    council_server.laptop("C. Powell")
    everything = laptop.pull_all()
    council_server.stop()
    backup.start(confirmed=False)
    try:
        assert not enrols(backup)
        laptop.url = backup.url
        laptop.ask_token()
        laptop.have(newest(laptop, everything))  # it says that it holds more, and was cut off then
        assert not enrols(backup)
        heal(laptop, backup.url, everything)
        laptop.have(newest(laptop, everything))
        assert enrols(backup)
        assert newest(laptop, laptop.pull_all()).number == newest(laptop, everything).number + 2
        assert backup.json("doctor")["findings"] == []
    finally:
        backup.stop()


def test_one_that_was_merely_started_again_goes_on_at_the_first_exchange_of_a_laptop_that_was_not_behind(
    council_server: CouncilServer,
) -> None:
    behind, knowing = council_server.laptop(), council_server.laptop("C. Powell")
    everything = knowing.pull_all()
    restart(council_server, behind, knowing)
    assert not enrols(council_server)
    behind.have()
    behind.have(newest(behind, behind.pull_all()))  # which this council has just given it
    assert not enrols(council_server)
    restart(council_server, behind, knowing)
    behind.have(newest(behind, behind.pull_all()))
    assert not enrols(council_server)
    knowing.have(newest(knowing, everything))
    assert enrols(council_server)
    assert enrols(council_server)


def test_a_laptop_that_holds_another_link_under_the_same_number_makes_it_certain_of_nothing(
    council_server: CouncilServer,
) -> None:
    laptop = council_server.laptop()
    last = newest(laptop, laptop.pull_all())
    restart(council_server, laptop)
    laptop.have(Link(last.number, "0" * 64))
    assert not enrols(council_server)


def test_a_process_that_starts_beside_another_goes_on_and_a_copy_of_what_they_know_says_nothing(
    council_folder: CouncilServer, tmp_path: Path
) -> None:
    council_folder.start("--workers", "2", confirmed=False)
    laptop = council_folder.laptop()
    beside = CouncilServer(council_folder.folder, council_folder.database_url)
    beside.start(confirmed=False)
    council_folder.stop()
    try:
        assert enrols(beside)
        known = (beside.folder / FILE).read_bytes()
        assert known
        revoke(beside.admin, laptop.seat, "Lost.")
    finally:
        beside.stop()
    (beside.folder / FILE).write_bytes(known)  # as a backup holds it that was made while it served
    with pytest.raises(Unavailable, match="no laptop has shown"):
        erase(beside.admin, ["0" * 64], "Article 17(1)(d)")
    beside.start(confirmed=False)
    try:
        assert not enrols(beside)
    finally:
        beside.stop()


def test_a_council_that_never_certified_a_seat_asks_nobody(council_folder: CouncilServer) -> None:
    for _ in range(2):
        council_folder.start(confirmed=False)
        council_folder.stop()
    council_folder.start(confirmed=False)
    assert enrols(council_folder)
    assert enrols(council_folder)


def test_its_people_may_say_that_nothing_was_put_back_for_as_long_as_it_serves_or_for_an_hour(
    council_server: CouncilServer,
) -> None:
    laptop = council_server.laptop()
    held, written = laptop.write("certificate", {"seat": "x"}), laptop.write()
    laptop.push(held, written)
    restart(council_server, laptop)
    words = council_server.run("release", held.digest, "--why", "Looked at.", expect=1)
    assert "hipss-council chain confirm" in words
    assert council_server.json("chain", "confirm", "--by", laptop.person) == {"serves": True}
    assert enrols(council_server)
    council_server.run("release", held.digest, "--why", "Looked at.")
    council_server.stop()
    assert "chain confirm" in council_server.run("erase", written.digest, "--basis", "Article 17", expect=1)
    assert "60 minutes" in council_server.run("chain", "confirm", "--by", laptop.person)
    council_server.run("erase", written.digest, "--basis", "Article 17(1)(d)")
    council_server.start(confirmed=False)
    assert not enrols(council_server)


def test_a_stolen_laptop_is_kept_out_at_once_and_its_order_is_written_when_the_council_is_certain(
    council_server: CouncilServer,
) -> None:
    lost, knowing = council_server.laptop(), council_server.laptop("C. Powell")
    lost.push(lost.write())
    everything = knowing.pull_all()
    restart(council_server, lost, knowing)
    lost.push(lost.write())
    assert council_server.json("device", "revoke", lost.seat, "--why", "Stolen.")["digest"] == ""
    for ask in (lost.have, lost.ask_token):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.refusal.code == "revoked"
    assert "its order waits" in council_server.run("device", "list")
    [finding] = council_server.json("doctor", expect=1)["findings"]
    assert (finding["seat"], "has no order yet" in finding["what"]) == (lost.seat, True)
    assert newest(knowing, knowing.pull_all()) == newest(knowing, everything)
    knowing.have(newest(knowing, everything))
    assert "its order waits" not in council_server.run("device", "list")
    [order] = [revision for revision in map(from_wire, knowing.pull_all()) if revision.envelope.kind == "revocation"]
    content = order.content()
    assert content is not None
    assert content.fields.keys() == {"seat", "after", "why", "since"}  # since it was kept out, and not since the order
    assert (content.fields["seat"], content.fields["after"], content.fields["why"]) == (lost.seat, 2, "Stolen.")
    assert "already" in council_server.run("device", "revoke", lost.seat, "--why", "Again.", expect=1)
    assert council_server.json("doctor")["findings"] == []


def test_what_somebody_else_brings_of_a_stolen_laptop_while_its_order_waits_is_held_back(
    council_server: CouncilServer,
) -> None:
    lost, knowing = council_server.laptop(), council_server.laptop("C. Powell")
    before = lost.write()
    lost.push(before)
    everything = knowing.pull_all()
    restart(council_server, lost, knowing)
    assert revoke(council_server.admin, lost.seat, "Stolen.") == ""
    late = lost.write()
    knowing.push_wired([to_wire(late)], lost.seat)
    knowing.have(newest(knowing, everything))
    assert [seat.revoked_after for seat in devices(council_server.admin) if seat.seat == lost.seat] == [1]
    assert [held.digest for held in quarantine(council_server.admin)] == [late.digest]
    came = {revision.digest: revision.body for revision in map(from_wire, knowing.pull_all())}
    assert came[before.digest] is not None
    assert came[late.digest] is None
    assert council_server.json("doctor")["findings"] == []


def test_a_stolen_laptop_that_the_store_does_not_know_yet_is_kept_out_and_revoked_when_its_certificate_comes_back(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    knowing = council_server.laptop("C. Powell")
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    council_server.start()
    knowing.url = council_server.url
    lost = council_server.laptop()
    everything = knowing.pull_all()
    council_server.stop()
    backup.start(confirmed=False)
    try:
        assert "no such laptop" in backup.run("device", "revoke", "no seat", "--why", "Stolen.", expect=1)
        assert revoke(backup.admin, lost.seat, "Stolen.") == ""
        lost.url = backup.url
        assert lost.certificate is not None
        heal(knowing, backup.url, everything)
        knowing.have(newest(knowing, everything))
        with pytest.raises(Refused) as refused:
            lost.ask_token()
        assert refused.value.refusal.code == "revoked"
        assert [seat["seat"] for seat in backup.json("device", "list") if seat["revoked_after"] == 0] == [lost.seat]
    finally:
        backup.stop()


def test_what_is_held_back_waits_and_goes_to_nobody_until_it_has_its_order(council_server: CouncilServer) -> None:
    author, knowing = council_server.laptop(), council_server.laptop("C. Powell")
    everything = knowing.pull_all()
    restart(council_server, author, knowing)
    bad = author.write("certificate", {"seat": "x"})
    assert author.push(bad).results[0].outcome == "held"
    assert bad.digest not in {revision.digest for revision in map(from_wire, knowing.pull_all())}
    knowing.have(newest(knowing, everything))
    came = {revision.digest: revision for revision in map(from_wire, knowing.pull_all())}
    assert bad.digest in came
    assert [revision.envelope.kind for revision in came.values()].count("hold") == 1
    assert [held.digest for held in quarantine(council_server.admin)] == [bad.digest]
    release(council_server.admin, bad.digest, "Looked at.")
    assert council_server.json("doctor")["findings"] == []


def test_what_waits_for_its_order_is_no_record_that_the_council_has_and_does_not_give(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    author, reader = Station(tmp_path / "author"), Station(tmp_path / "reader", name="C. Powell")
    with CutProxy(council_server.url) as proxy:
        for laptop in (author, reader):
            laptop.join(council_server, proxy.url)
        for _ in range(3):
            council_server.laptop("N. Newcomer")  # so that both are behind, and make it certain of nothing
        council_server.stop()
        council_server.start(confirmed=False)
        proxy.target = council_server.url
        proxy.hang_up()
        bad = write_anyway(author, "certificate", {"seat": "x"})
        assert author.sync().problems == []
        assert author.opened.store.waiting().waiting == 0
        assert reader.sync().problems == []
        assert reader.opened.store.revision(bad.digest) is None
        council_server.run("chain", "confirm", "--by", "C. Powell")
        assert reader.sync().problems == []
        assert reader.opened.store.revision(bad.digest) is not None
    author.close()
    reader.close()
