"""Who made an invitation, or looked at a deposited recovery key, stands in the council's own chain, for managers alone."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from hipss_desktop.errors import UserError
from sync.council import tables as t
from sync.council.acts import acts, confirm, invite, mend, recovery_key
from sync.wire import codes
from sync.wire.messages import from_wire
from tests.helpers.council_client import Laptop
from tests.helpers.council_fixtures import CouncilServer
from tests.sync.council.test_council_put_back import put_back_store

RECOVERY = "ABCDE-FGHJK"


def texts(laptop: Laptop) -> list[str]:
    """The texts of the acts that a laptop is given."""
    came = [revision for revision in map(from_wire, laptop.pull_all()) if revision.envelope.kind == "council_act"]
    assert came
    return [revision.body.decode("utf-8") for revision in came if revision.body is not None]


def test_both_are_written_by_identifiers_alone_and_managers_alone_read_them(council_server: CouncilServer) -> None:
    manager, worker = council_server.laptop("L. Okafor", "manager"), council_server.laptop("C. Powell")
    invited = council_server.json("invite", "--name", "C. Powell", "--role", "lead", "--by", "L. Okafor")
    shown = council_server.json("device", "recovery", worker.seat, "--by", manager.person)
    assert shown["recovery"] == RECOVERY
    assert texts(worker) == []
    written = "".join(texts(manager))
    for hidden in (codes.read(invited["code"])[0], invited["code"], RECOVERY, "Powell", "Okafor"):
        assert hidden not in written
    assert [
        (written_act.act.what, written_act.act.by, written_act.by, written_act.act.person, written_act.act.seat)
        for written_act in acts(council_server.admin)
    ] == [
        ("invited", manager.person, "L. Okafor", worker.person, ""),
        ("recovery_shown", manager.person, "L. Okafor", "", worker.seat),
    ]
    council_server.run("chain", "confirm", "--by", manager.person)
    lines = council_server.run("acts").splitlines()
    assert "L. Okafor: Said that the council was not put back" in lines[2]
    assert "L. Okafor: Made an invitation, as Lead practitioner, for C. Powell" in lines[0]
    assert f"L. Okafor: Looked at a deposited recovery key, of laptop {worker.seat}" in lines[1]
    assert council_server.json("doctor")["findings"] == []


def test_the_first_invitation_is_made_by_somebody_whom_the_council_does_not_know_yet(
    council_folder: CouncilServer,
) -> None:
    council_folder.run("invite", "--name", "L. Okafor", "--role", "manager")
    assert [(written_act.act.what, written_act.act.by) for written_act in acts(council_folder.admin)] == [
        ("invited", "")
    ]
    assert "Nobody known: Made an invitation" in council_folder.run("acts")


@pytest.mark.parametrize("by", ["", "N. Obody"])
def test_nothing_is_made_or_shown_where_it_is_not_said_who_does_it(council_server: CouncilServer, by: str) -> None:
    laptop, council = council_server.laptop(), council_server.admin
    with council.store.reading() as connection:
        before = connection.execute(sa.select(t.invite)).all()
    with pytest.raises(UserError, match="Say who you are"):
        invite(council, by, "C. Powell", "lead")
    with pytest.raises(UserError, match="Say who you are"):
        recovery_key(council, by, laptop.seat, "")
    for act in (confirm, mend):
        with pytest.raises(UserError, match="Say who you are"):
            act(council, by)
    with council.store.reading() as connection:
        assert connection.execute(sa.select(t.invite)).all() == before
    assert acts(council) == []


def test_a_store_that_was_put_back_gives_nobody_more_of_them(council_server: CouncilServer, tmp_path: Path) -> None:
    manager, worker = council_server.laptop("L. Okafor", "manager"), council_server.laptop("C. Powell")
    invite(council_server.admin, manager.person, "C. Powell", "lead")
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    council_server.start()
    council_server.laptop("N. Newcomer")
    council_server.stop()
    robbed = put_back_store(council_server, backup)
    robbed.start(confirmed=False)
    try:
        for laptop in (manager, worker):
            laptop.url = robbed.url
            laptop.ask_token()
        assert len(texts(manager)) == 1
        assert texts(worker) == []
        refused = robbed.run(
            "chain", "confirm", "--by", manager.person, expect=1
        )  # it was put back, whatever anybody says
        assert "older than its folder" in refused
    finally:
        robbed.stop()


def test_neither_goes_on_while_it_could_not_be_written_down(council_server: CouncilServer) -> None:
    laptop = council_server.laptop()
    council_server.stop()
    council_server.start(confirmed=False)
    for command in (
        ("invite", "--name", "C. Powell", "--role", "lead", "--by", laptop.person),
        ("device", "recovery", laptop.seat, "--by", laptop.person),
    ):
        words = council_server.run(*command, expect=1)
        assert "hipss-council chain confirm" in words
        assert RECOVERY not in words
