"""A full disk and one that cannot be written keep nobody from reading, searching and sending."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import vault
from db.unlock_throttle import ALLOWED
from db.vault import WrongPassphrase
from hipss_desktop.errors import DiskRefused
from hipss_desktop.services.store_settings import StoreSetting
from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.disks import SmallDisk, small_disk
from tests.helpers.stations import PASSPHRASE, Station, council_seats, council_well, told_true


@pytest.fixture
def council(tmp_path: Path) -> Iterator[CouncilServer]:
    with serving(tmp_path / "council") as server:
        yield server


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as small:
        yield small


@pytest.fixture
def laptop(disk: SmallDisk, council: CouncilServer) -> Iterator[Station]:
    """A laptop that has joined and whose home is on the small disk, with one record that was not sent."""
    station = Station(disk.home).join(council)
    station.write("Came home at two")
    yield station
    station.close()


def read_everything(laptop: Station, count: int = 1) -> None:
    """Open the store, read and search it, and be refused at a save."""
    store = laptop.opened.store
    assert store.read_only
    assert len(store.records_of("contact")) == count
    assert len(store.search("came home")) == count
    with pytest.raises(DiskRefused, match="disk takes nothing now"):
        laptop.write("Not kept")
    assert len(store.records_of("contact")) == count


def use_the_reserve_up(disk: SmallDisk, laptop: Station) -> None:
    """Fill the disk, also with what the reserve gives."""
    disk.fill()
    laptop.opened.store.storage.reserve.give_up()
    disk.fill()


def save_many(laptop: Station, words: str) -> None:
    """Save until it is refused."""
    for _ in range(50):
        laptop.write(words)


def test_a_save_on_a_full_disk_is_kept_in_the_reserve(disk: SmallDisk, laptop: Station) -> None:
    reserve = laptop.folder / "reserve"
    assert reserve.stat().st_size == reserve.stat().st_blocks * 512
    disk.fill()
    assert shutil.disk_usage(disk.folder).free == 0
    laptop.write("Came home again")
    assert not reserve.exists()
    laptop.close()
    assert len(laptop.opened.store.records_of("contact")) == 2
    assert not laptop.opened.store.read_only
    laptop.close()
    disk.empty()
    assert laptop.opened.store.setting(StoreSetting.NAME)
    assert reserve.exists()


def test_with_no_byte_left_people_read_search_and_send(
    disk: SmallDisk, laptop: Station, council: CouncilServer
) -> None:
    use_the_reserve_up(disk, laptop)
    laptop.close()
    disk.fill()  # what the write-ahead log gave back
    read_everything(laptop)
    sent = laptop.sync()
    assert sent.sent == 1
    assert "disk takes nothing" in sent.problems[0]
    seat = laptop.opened.store.seat.seat
    assert council_seats(council)[seat][0] == 1
    assert laptop.opened.store.waiting().waiting == 1  # no receipt could be kept, so it is not shown as sent
    assert laptop.sync().sent == 0
    laptop.close()
    disk.empty()
    laptop.write("There is room again")
    laptop.sync()
    assert laptop.opened.store.waiting().waiting == 0
    assert council_seats(council)[seat][0] == 2
    told_true(laptop, council)
    council_well(council)


def test_a_disk_that_fills_while_the_store_is_open_refuses_the_save_and_sends_what_waits(
    disk: SmallDisk, laptop: Station, council: CouncilServer
) -> None:
    assert not laptop.opened.store.read_only
    use_the_reserve_up(disk, laptop)
    words = "As many words as a long night takes. " * 200
    with pytest.raises(DiskRefused, match="disk is full"):
        save_many(laptop, words)
    contact_count = laptop.opened.store.count("contact")
    assert laptop.sync().sent == contact_count
    assert council_seats(council)[laptop.opened.store.seat.seat][0] == contact_count
    assert len(laptop.opened.store.search("came home")) == 1


def test_a_read_only_disk_is_read_as_it_was_left_also_after_a_crash(
    disk: SmallDisk, laptop: Station, council: CouncilServer
) -> None:
    copy = disk.folder / "as a crash leaves it"
    shutil.copytree(laptop.folder, copy)
    assert (copy / "store.db-wal").stat().st_size > 0
    laptop.close()
    for file in copy.glob("store.db*"):
        shutil.copy2(file, laptop.folder / file.name)
    disk.takes("ro")
    read_everything(laptop)
    assert laptop.sync().sent == 1
    laptop.close()
    read_everything(laptop)
    laptop.close()
    disk.takes("rw")
    laptop.write("Written once it could be")
    laptop.sync()
    told_true(laptop, council)


@pytest.mark.parametrize("how", ["full", "ro"])
def test_wrong_passphrases_are_counted_on_a_disk_that_takes_nothing(
    disk: SmallDisk, laptop: Station, tmp_path: Path, how: str
) -> None:
    use_the_reserve_up(disk, laptop)
    laptop.close()
    disk.fill()  # what the write-ahead log gave back
    if how == "ro":
        disk.takes("ro")
    vault_id = laptop.home.people()[0].vault_id
    for wrong in range(1, 4):
        with pytest.raises(WrongPassphrase) as refused:
            vault.unlock(laptop.home, vault_id, "not the passphrase")
        assert refused.value.tries_left == ALLOWED - wrong
    if how == "full":  # the count is on the disk, whose room was taken when the vault was made, for every process
        wrong_file = tmp_path / "wrong"
        wrong_file.write_text("not this one either")
        reply = Hipss(disk.home).program("--passphrase-file", str(wrong_file), "record", "list", "contact")
        assert "6 tries left" in reply.err
    assert vault.unlock(laptop.home, vault_id, PASSPHRASE)


@pytest.mark.parametrize("how", ["full", "ro"])
def test_the_command_line_reads_from_a_disk_that_takes_nothing(disk: SmallDisk, laptop: Station, how: str) -> None:
    use_the_reserve_up(disk, laptop)
    laptop.close()
    disk.fill()  # what the write-ahead log gave back
    if how == "ro":
        disk.takes("ro")
    reply = Hipss(disk.home).program("search", "came home")
    assert reply.code == 0
    assert reply.err.startswith("Nothing can be saved on this laptop now, because its disk takes nothing.")
    assert "Jo Preece rang" in reply.out
    looked = Hipss(disk.home).program("doctor")
    assert looked.code == 1
    assert "opened for reading alone" in looked.out


def test_everything_in_a_home_is_its_owners_alone(laptop: Station) -> None:
    for path in (laptop.home.path, *laptop.home.path.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path.name


def test_a_home_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o755)
    hipss = Hipss(home)
    hipss.json("init", "--name", "A. Bevan", "--role", "Manager")
    store = next(home.glob("people/*/store.db"))
    store.chmod(0o644)
    hipss.json("record", "list", "contact")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (home, store)] == [0o700, 0o600]
