"""A council's folder beside a store of another time: which keys are wrong is said, and nothing is written under old ones."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hipss_desktop.errors import Unavailable
from sync.council import deposits, rotation
from sync.council.acts import rotate_officer
from sync.council.chain import Council
from sync.wire.messages import DEPOSIT_PATH, Deposit, Deposited, from_wire
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.store_fixtures import SetClock
from tests.sync.council.test_council_put_back import put_back_store
from tests.sync.council.test_deposits import PASSPHRASE, RECOVERY

DAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NEW = "five grey herons asleep"
OLDER = "The council's keys (keys.json) are older than its store."
OFFICER = "The officer's key (officer.json) is of another time than the store, or gone."


def beside(council: CouncilServer, name: str, content: bytes | None) -> bytes:
    """Put another file of keys, or none, in the folder of a council that serves, start it anew, and give the one of before."""
    file = council.folder / name
    before = file.read_bytes()
    council.stop()
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    (council.folder / "server.log").write_text("")
    council.start()
    return before


def says(council: CouncilServer) -> list[str]:
    """What the doctor finds, the first of each kind."""
    return list(dict.fromkeys(finding["what"] for finding in council.json("doctor", expect=1)["findings"]))


def test_under_keys_that_are_older_than_the_store_nothing_is_written_and_all_is_there_once_the_newest_are_back(
    council_server: CouncilServer,
) -> None:
    laptop = council_server.laptop("L. Okafor", "manager")
    first = laptop.write()
    laptop.push(first)
    old = (council_server.folder / "keys.json").read_bytes()
    council_server.run("rotate", "texts")
    newest = beside(council_server, "keys.json", old)
    assert OLDER in council_server.log()
    assert says(council_server)[0] == OLDER
    laptop.url = council_server.url
    laptop.ask_token()
    assert first.digest in {from_wire(revision).digest for revision in laptop.pull_all()}
    signing = (council_server.folder / "signing.key").read_bytes()
    second = laptop.write()
    for ask in (lambda: laptop.push(second), lambda: laptop.post(DEPOSIT_PATH, Deposit("KMNPQ-RSTVW"), Deposited)):
        with pytest.raises(Refused, match=r"keys\.json"):
            ask()
    for command in (
        ("rotate", "texts"),
        ("rotate", "signing"),
        ("invite", "--name", "B. Rees", "--role", "lead", "--by", laptop.person),
        ("device", "recovery", laptop.seat, "--by", laptop.person),
    ):
        assert OLDER in council_server.run(*command, expect=1)
    assert (council_server.folder / "keys.json").read_bytes() == old
    assert (council_server.folder / "signing.key").read_bytes() == signing
    beside(council_server, "keys.json", newest)
    assert "keys.json" not in council_server.log()
    laptop.url = council_server.url
    laptop.ask_token()
    assert [result.outcome for result in laptop.push(first, second).results] == ["known", "stored"]
    assert all(revision.body is not None for revision in laptop.pull_all())
    assert deposits.recovery_key(council_server.admin, laptop.seat, "") == RECOVERY
    assert council_server.json("doctor")["findings"] == []


@pytest.fixture
def robbed(council_server: CouncilServer, tmp_path: Path) -> Iterator[tuple[CouncilServer, Laptop, Laptop]]:
    """A store of before all keys were replaced, beside the folder of today, which serves, and two laptops."""
    okafor, powell = council_server.laptop("L. Okafor", "manager"), council_server.laptop("C. Powell")
    okafor.push(okafor.write())
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    council_server.start()
    council_server.run("rotate", "texts")
    council_server.run("rotate", "signing")
    deposits.make_officer(council_server.admin, PASSPHRASE)
    council_server.stop()
    put_back = put_back_store(council_server, backup)
    put_back.start()
    okafor.url = powell.url = put_back.url
    yield put_back, okafor, powell
    put_back.stop()


def test_a_recovery_key_of_before_the_folders_keys_is_named_stops_nothing_and_is_deposited_again(
    robbed: tuple[CouncilServer, Laptop, Laptop],
) -> None:
    council, okafor, powell = robbed
    closed = "The key of 2 deposited recovery keys is not in the council's folder."
    assert closed in council.log()
    assert closed in says(council)
    with pytest.raises(Unavailable, match="of another time"):
        deposits.recovery_key(council.admin, okafor.seat, PASSPHRASE)
    council.run("rotate", "texts")
    for laptop in (okafor, powell):
        laptop.ask_token()
        laptop.post(DEPOSIT_PATH, Deposit("KMNPQ-RSTVW"), Deposited)
        assert deposits.recovery_key(council.admin, laptop.seat, PASSPHRASE) == "KMNPQ-RSTVW"
    assert not any("recovery key" in sentence for sentence in says(council))


@pytest.mark.parametrize("former", [True, False])
def test_without_the_officers_newest_key_no_recovery_key_is_taken_and_no_code_is_used_up(
    council_server: CouncilServer, *, former: bool
) -> None:
    laptop = council_server.laptop("L. Okafor", "manager")
    deposits.make_officer(council_server.admin, PASSPHRASE)
    old = (council_server.folder / "officer.json").read_bytes()
    rotate_officer(council_server.admin, laptop.person, PASSPHRASE, NEW)
    newest = beside(council_server, "officer.json", old if former else None)
    assert OFFICER in council_server.log()
    assert says(council_server) == [OFFICER]
    laptop.url = council_server.url
    laptop.ask_token()
    late, code = Laptop(council_server.url), council_server.invite("B. Rees")
    for ask in (lambda: late.enrol(code), lambda: laptop.post(DEPOSIT_PATH, Deposit("KMNPQ-RSTVW"), Deposited)):
        with pytest.raises(Refused, match=r"officer\.json"):
            ask()
    assert laptop.push(laptop.write()).results[0].outcome == "stored"
    beside(council_server, "officer.json", newest) if former else (council_server.folder / "officer.json").write_bytes(
        newest
    )
    late.url = council_server.url
    late.enrol(code)
    for seat in (laptop.seat, late.seat):
        assert deposits.recovery_key(council_server.admin, seat, NEW) == RECOVERY
    assert council_server.json("doctor")["findings"] == []


def test_an_officers_key_that_is_lost_is_given_up_only_when_that_is_said(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    laptop = council_server.laptop()
    deposits.make_officer(council_server.admin, PASSPHRASE)
    (council_server.folder / "officer.json").unlink()
    file = tmp_path / "passphrase"
    file.write_text(f"{NEW}\n", encoding="utf-8")
    command = ("officer", "--passphrase-file", str(file))
    assert "--lost" in council_server.run(*command, expect=1)
    assert not (council_server.folder / "officer.json").exists()
    assert council_server.json(*command, "--lost") == {"sealed": 0}
    laptop.post(DEPOSIT_PATH, Deposit("KMNPQ-RSTVW"), Deposited)
    assert deposits.recovery_key(council_server.admin, laptop.seat, NEW) == "KMNPQ-RSTVW"
    assert council_server.json("doctor")["findings"] == []


def test_a_signing_key_of_before_is_named_by_the_doctor_too(council_server: CouncilServer) -> None:
    council_server.laptop()
    file = council_server.folder / "signing.key"
    old = file.read_bytes()
    council_server.run("rotate", "signing")
    newest = file.read_bytes()
    council_server.close()
    file.write_bytes(old)
    assert says(council_server)[0].startswith("The council's signing key (signing.key) is of another time")
    file.write_bytes(newest)
    assert council_server.json("doctor")["findings"] == []


def test_the_key_of_another_store_is_a_sentence(tmp_path: Path) -> None:
    first_council, second_council = CouncilServer(tmp_path / "one"), CouncilServer(tmp_path / "two")
    for council in (first_council, second_council):
        council.init()
        council.close()
    shutil.copyfile(second_council.folder / "store.key", first_council.folder / "store.key")
    for command in ("doctor", "serve"):
        words = first_council.run(command, expect=1)
        assert words.startswith("The council's store (council.db) does not open with its key (store.key).")


def test_texts_of_a_backup_that_rotated_its_keys_apart_are_fetched_again_beside_the_keys_of_the_other(
    tmp_path: Path,
) -> None:
    with serving(tmp_path / "council") as council:
        laptop = council.laptop()
        revision = laptop.write()
        laptop.push(revision)
        council.stop()
        for name, rotated_at in (("first", DAY), ("second", DAY + timedelta(days=1))):
            backup = council.copy(tmp_path / name)
            admin = backup.admin
            rotation.rotate_texts(Council(admin.home, admin.store, SetClock(rotated_at)))
            backup.close()
        for file in (tmp_path / "first").glob("council.db*"):
            shutil.copy2(file, tmp_path / "second" / file.name)
        second = CouncilServer(tmp_path / "second")
        second.start()
        try:
            laptop.url = second.url
            laptop.ask_token()
            assert revision.digest in laptop.have().lacking
            assert "is not what was signed" not in str(says(second))
        finally:
            second.stop()
