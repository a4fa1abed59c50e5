"""What opens a laptop's records lies at the council so that a thief of its database, or of its folder, opens nothing."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from hipss_desktop.errors import Tampered, UserError
from sync.council import deposits
from sync.council import tables as t
from sync.wire.messages import DEPOSIT_PATH, Deposit, Deposited
from tests.helpers.council_client import Refused
from tests.helpers.council_fixtures import CouncilServer

RECOVERY, PASSPHRASE = "ABCDE-FGHJK", "four red kites overhead"


def deposited_texts(council: CouncilServer) -> dict[str, str]:
    with council.admin.store.reading() as connection:
        return dict(connection.execute(sa.select(t.deposit.c.seat, t.deposit.c.recovery)).all())


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return file


def test_no_deposit_is_stored_in_the_clear_and_older_ones_are_encrypted_at_the_next_start(
    council_server: CouncilServer,
) -> None:
    laptop, other = council_server.laptop(), council_server.laptop("C. Powell")
    assert not any(RECOVERY in text for text in deposited_texts(council_server).values())
    with council_server.admin.store.writing() as connection:
        connection.execute(sa.update(t.deposit).where(t.deposit.c.seat == other.seat).values(recovery=RECOVERY))
    assert council_server.json("device", "recovery", other.seat, "--by", other.person)["recovery"] == RECOVERY
    council_server.stop()
    council_server.start()
    assert not any(RECOVERY in text for text in deposited_texts(council_server).values())
    for seat in (laptop.seat, other.seat):
        assert council_server.json("device", "recovery", seat, "--by", other.person)["recovery"] == RECOVERY


def test_with_an_officer_only_the_passphrase_opens_them_the_councils_own_keys_do_not(
    council_server: CouncilServer, passphrase_file: Path
) -> None:
    before = council_server.laptop()
    assert council_server.json("officer", "--passphrase-file", str(passphrase_file)) == {"sealed": 1}
    after = council_server.laptop("C. Powell")
    wrong = passphrase_file.with_name("wrong")
    wrong.write_text("four red kites underhead\n", encoding="utf-8")
    for laptop in (before, after):
        command = ("device", "recovery", laptop.seat, "--by", laptop.person, "--passphrase-file")
        assert council_server.json(*command, str(passphrase_file))["recovery"] == RECOVERY
        assert "not right" in council_server.run(*command, str(wrong), expect=1)
    assert all(text.startswith(deposits.OFFICER) for text in deposited_texts(council_server).values())
    assert "already" in council_server.run("officer", "--passphrase-file", str(passphrase_file), expect=1)
    (council_server.folder / "officer.json").unlink()
    with pytest.raises(Tampered, match=r"officer\.json"):
        deposits.recovery_key(council_server.admin, before.seat, PASSPHRASE)


def test_a_deposit_opens_as_no_other_seats(council_server: CouncilServer, passphrase_file: Path) -> None:
    bevan, powell = council_server.laptop(), council_server.laptop("C. Powell")
    for officer in (False, True):
        if officer:
            deposits.make_officer(council_server.admin, PASSPHRASE)
        theirs = deposited_texts(council_server)
        with council_server.admin.store.writing() as connection:
            connection.execute(
                sa.update(t.deposit).where(t.deposit.c.seat == bevan.seat).values(recovery=theirs[powell.seat])
            )
        with pytest.raises(Tampered):
            deposits.recovery_key(council_server.admin, bevan.seat, PASSPHRASE)
        with council_server.admin.store.writing() as connection:
            connection.execute(
                sa.update(t.deposit).where(t.deposit.c.seat == bevan.seat).values(recovery=theirs[bevan.seat])
            )


def test_a_short_passphrase_makes_no_officer(council_folder: CouncilServer) -> None:
    with pytest.raises(UserError, match="12 characters"):
        deposits.make_officer(council_folder.admin, "kites")
    assert not deposits.has_officer(council_folder.admin)


def test_a_new_deposit_takes_the_place_of_the_one_before_and_of_those_of_former_seats(
    council_server: CouncilServer, passphrase_file: Path
) -> None:
    former = council_server.laptop()
    laptop = council_server.laptop(person=former.person, continues=former.seat)
    other = council_server.laptop("C. Powell")
    council_server.json("officer", "--passphrase-file", str(passphrase_file))
    for new in ("KMNPQ-RSTVW", "XYZ01-23456"):
        assert laptop.post(DEPOSIT_PATH, Deposit(new), Deposited) == Deposited(laptop.seat)
        assert set(deposited_texts(council_server)) == {laptop.seat, other.seat}
        assert deposits.recovery_key(council_server.admin, laptop.seat, PASSPHRASE) == new
    assert deposits.recovery_key(council_server.admin, other.seat, PASSPHRASE) == RECOVERY
    assert all(text.startswith(deposits.OFFICER) for text in deposited_texts(council_server).values())


@pytest.mark.parametrize("recovery", ["A" * 201, "a\nb", "a\0b"])
def test_an_invalid_recovery_key_and_a_deposit_without_a_token_are_refused(
    council_server: CouncilServer, recovery: str
) -> None:
    laptop = council_server.laptop()
    with pytest.raises(Refused) as refused:
        laptop.post(DEPOSIT_PATH, Deposit(recovery), Deposited)
    assert refused.value.status == 400
    laptop.token = ""
    with pytest.raises(Refused) as refused:
        laptop.post(DEPOSIT_PATH, Deposit("KMNPQ-RSTVW"), Deposited)
    assert refused.value.status == 401
    assert deposits.recovery_key(council_server.admin, laptop.seat, "") == RECOVERY
