"""A council of which only the store was put back: it knows less than its folder, and tells nobody what it should not."""

from pathlib import Path

import pytest

from hipss_desktop.errors import Unavailable
from sync.council.administration import erase, quarantine, revoke
from sync.wire.messages import from_wire, to_wire
from tests.helpers.council_client import Refused
from tests.helpers.council_fixtures import CouncilServer
from tests.sync.council.test_council_restore import heal
from tests.sync.council.test_one_fills_no_store import join_by_voucher, successor


def put_back_store(council: CouncilServer, backup: CouncilServer) -> CouncilServer:
    """The council's own folder beside the store of a backup."""
    for file in council.folder.iterdir():
        if not file.name.startswith("council.db") and file.name != "server.log":
            (backup.folder / file.name).write_bytes(file.read_bytes())
    return backup


def test_a_revoked_laptop_stays_out_and_nobody_gets_texts_until_the_chain_is_whole(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    lost, reader = council_server.laptop(), council_server.laptop("C. Powell")
    written, erased = lost.write(), lost.write(fields={"happening": "The heron stood in the kitchen."})
    lost.push(written, erased)
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    council_server.start()
    reader.url = lost.url = council_server.url
    revoke(council_server.admin, lost.seat, "Stolen.")
    erase(council_server.admin, [erased.digest], "Article 17(1)(d)")
    everything = reader.pull_all()
    council_server.stop()
    robbed = put_back_store(council_server, backup)
    robbed.start()
    try:
        lost.url = reader.url = robbed.url
        for ask in (lost.ask_token, lost.have, lost.pull):
            with pytest.raises(Refused) as refused:
                ask()
            assert refused.value.refusal.code == "revoked"
        with pytest.raises(Refused) as refused:
            join_by_voucher(lost, successor(lost))
        assert refused.value.refusal.code == "revoked"
        reader.ask_token()
        bare = {revision.digest: revision for revision in map(from_wire, reader.pull_all())}
        assert bare[written.digest].body is None
        assert bare[erased.digest].body is None
        orders = [revision for revision in bare.values() if revision.envelope.kind == "certificate"]
        assert len(orders) == 2
        assert all(order.body is not None for order in orders)
        assert reader.pull({}, bodies=[written.digest, erased.digest]).bodies == {}
        own = reader.write()
        assert reader.push(own).results[0].outcome == "stored"  # what is written meanwhile is taken
        heal(reader, robbed.url, everything)
        came = reader.pull({}, bodies=[written.digest, erased.digest]).bodies
        assert set(came) == {written.digest}
        with pytest.raises(Refused) as refused:
            lost.ask_token()
        assert refused.value.refusal.code == "revoked"
        assert robbed.json("doctor")["findings"] == []
    finally:
        robbed.stop()


def test_a_list_of_revoked_laptops_that_cannot_be_read_lets_nobody_in(council_server: CouncilServer) -> None:
    laptop = council_server.laptop()
    (council_server.folder / "revoked.json").write_text("no list")
    with pytest.raises(Refused) as refused:
        laptop.ask_token()
    assert refused.value.status == 500
    assert "revoked.json" in council_server.run("device", "revoke", laptop.seat, "--why", "Lost", expect=1)


def test_a_chain_that_laptops_brought_back_counts_for_the_next_time_the_store_is_put_back(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    """Folder and store together first, and after that the store alone: the folder knows what came back in between."""
    lost, reader = council_server.laptop(), council_server.laptop("C. Powell")
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    council_server.start()
    lost.url = reader.url = council_server.url
    revoke(council_server.admin, lost.seat, "Stolen.")
    everything = reader.pull_all()
    council_server.stop()
    second_backup = backup.copy(tmp_path / "again")
    backup.start()
    heal(reader, backup.url, everything)
    backup.stop()
    robbed = put_back_store(backup, second_backup)
    robbed.start()
    try:
        lost.url = reader.url = robbed.url
        with pytest.raises(Refused) as refused:
            lost.ask_token()
        assert refused.value.refusal.code == "revoked"
        with pytest.raises(Unavailable):  # it would write another story under numbers that laptops hold
            erase(robbed.admin, ["0" * 64], "Article 17(1)(d)")
        heal(reader, robbed.url, everything)
        assert robbed.json("doctor")["findings"] == []
    finally:
        robbed.stop()


def test_what_a_revoked_laptop_wrote_is_held_back_though_it_came_before_the_revocation_came_back(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    lost, reader = council_server.laptop(), council_server.laptop("C. Powell")
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    council_server.start()
    lost.url = reader.url = council_server.url
    revoke(council_server.admin, lost.seat, "Stolen.")
    everything = reader.pull_all()
    council_server.stop()
    robbed = put_back_store(council_server, backup)
    robbed.start()
    try:
        reader.url = robbed.url
        reader.ask_token()
        late = lost.write()
        reader.push_wired([to_wire(late)], lost.seat)
        heal(reader, robbed.url, everything)
        assert [held.digest for held in quarantine(robbed.admin)] == [late.digest]
        came = [revision for revision in map(from_wire, reader.pull_all()) if revision.digest == late.digest]
        assert [revision.body for revision in came] == [None]
        assert robbed.json("doctor")["findings"] == []
    finally:
        robbed.stop()
