"""A change of keys: no header of before opens today's store, nothing in the store is another, and no failure costs anything."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from db import slots, vault
from db.doctor import examine
from db.home import Home, VaultFiles
from db.rekey import copy_stores
from db.slots import FLOOR_KIB, Cost, HeaderDamaged
from db.store import LaptopStore
from db.vault import NewKeys, StoreDamaged, StoreMissing, WrongPassphrase, WrongRecoveryKey
from hipss_desktop.errors import DiskRefused, Unavailable
from hipss_desktop.laptop import (
    KEYS_UNCERTAIN,
    NO_RECOVERY_KEY,
    NOT_CHANGED,
    OpenStore,
    Rekeyed,
    change_passphrase,
    make_vault,
    new_recovery_key,
    open_by_recovery,
    open_store,
    to_passphrase,
    to_recovery_key,
)
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.times import system_clock
from hipss_desktop.unlock import LaptopUnlocker, LeftOpen
from tests.helpers.decrypted import pages, tables
from tests.helpers.disks import SmallDisk, small_disk
from tests.helpers.stations import PASSPHRASE as OLD
from tests.helpers.stations import Station

NEW = "nine red kites over the hill"
PAGE = 4096


def floor() -> Cost:
    """The least that a guess may cost, to be quick."""
    return Cost(FLOOR_KIB)


class Laptop(Station):
    """A laptop with a store, its recovery keys, and three records, one of them amended."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        new_vault = make_vault(
            self.home, name="A. Bevan", role="on_call", passphrase=OLD, laptop="LT-1", clock=system_clock,
            keyring=False, cost=floor,
        )  # fmt: skip  # the options of one vault stand together
        self._opened = new_vault.opened
        self.vault_id, self.recovery_key = new_vault.opened.vault_id, new_vault.recovery_key
        self.council_key = new_vault.council_recovery_key
        new_vault.opened.recovery_key_seen()
        written = [self.write(f"Came home at {hour}.") for hour in ("one", "two", "three")]
        self.amend(written[0].envelope.record, advice="Ring again at nine.")

    @property
    def files(self) -> VaultFiles:
        return self.home.files(self.vault_id)

    def change(self, old: str = OLD, new: str = NEW) -> Rekeyed:
        """Change the passphrase."""
        self.close()
        return change_passphrase(self.home, self.vault_id, old, new, system_clock, cost=floor, keyring=False)

    def recover(self, recovery_key: str, new: str = NEW) -> Rekeyed:
        """Open by a recovery key."""
        self.close()
        return open_by_recovery(self.home, self.vault_id, recovery_key, new, system_clock, cost=floor, keyring=False)

    def renew(self, passphrase: str = OLD) -> Rekeyed:
        """Make a new recovery key."""
        self.close()
        return new_recovery_key(self.home, self.vault_id, passphrase, system_clock, cost=floor, keyring=False)

    def everything(self) -> dict[str, bytes]:
        """Every file of the vault but those that opening it writes to, and those that SQLite makes and nothing stands in."""
        self.close()
        return {
            path.name: path.read_bytes()
            for path in self.files.folder.iterdir()
            if path.name not in ("tries", "lock", "reserve", "store.db-shm")
            and not (path.name == "store.db-wal" and path.stat().st_size == 0)
        }

    def unlock(self, passphrase: str) -> OpenStore:
        """Open by a passphrase."""
        return open_store(self.home, self.vault_id, passphrase, system_clock)


@pytest.fixture
def laptop(home: Home) -> Laptop:
    return Laptop(home.path)


def contents(opened: OpenStore) -> list[tuple[str, str]]:
    """Every row of every table but the settings that a change of keys sets."""
    return sorted(
        row
        for row in tables(opened.store)
        if row[0] != "setting" or row[1].split()[0] not in ("deposit", "recovery_not_seen")
    )


def well(opened: OpenStore) -> None:
    """The store is whole, its guards and search are there, its anchor is its own, and it takes a record."""
    assert examine(opened.store).findings == []
    assert len(opened.store.search("came home")) == 3
    anchor, seat = opened.store.anchor(), opened.store.seat.seat
    assert anchor is not None
    assert (anchor.seat, anchor.number) == (seat, opened.store.have()[seat].number)


# what a header of before opens


@pytest.mark.parametrize("how", ["passphrase", "recovery key", "new recovery key"])
def test_a_header_of_before_opens_nothing_by_anything_that_opened_it(laptop: Laptop, how: str) -> None:
    before = contents(laptop.opened)
    laptop.close()
    header = laptop.files.header.read_bytes()
    store = laptop.files.store.read_bytes()
    changes: dict[str, Callable[[], Rekeyed]] = {
        "passphrase": laptop.change,
        "recovery key": lambda: laptop.recover(laptop.recovery_key),
        "new recovery key": laptop.renew,
    }
    rekeyed = changes[how]()
    assert contents(rekeyed.opened) == before
    well(rekeyed.opened)
    rekeyed.opened.close()
    today = laptop.files.header.read_bytes()
    new = laptop.files.store.read_bytes()
    assert not any(store[at : at + PAGE] == new[at : at + PAGE] for at in range(0, len(store), PAGE))
    laptop.files.header.write_bytes(header)
    with pytest.raises(StoreDamaged):
        laptop.unlock(OLD)
    for key in (laptop.recovery_key, laptop.council_key):
        with pytest.raises(StoreDamaged):
            laptop.recover(key)
    assert laptop.files.store.read_bytes() == new
    laptop.files.header.write_bytes(today)
    opened = laptop.unlock(OLD if how == "new recovery key" else NEW)
    assert contents(opened) == before
    opened.close()


def test_the_printed_recovery_key_goes_on_working_and_the_councils_is_a_new_one(laptop: Laptop) -> None:
    passphrase = OLD
    for new in (NEW, OLD):
        rekeyed = laptop.change(passphrase, new)
        assert rekeyed.recovery_key == ""
        assert rekeyed.opened.notice == ""
        deposit = rekeyed.opened.store.setting(StoreSetting.DEPOSIT)
        assert deposit not in ("", laptop.council_key)
        rekeyed.opened.close()
        with pytest.raises(WrongRecoveryKey):
            laptop.recover(laptop.council_key)
        laptop.council_key, passphrase = deposit, new
    for key in (laptop.council_key, laptop.recovery_key, laptop.recovery_key):
        rekeyed = laptop.recover(key)
        well(rekeyed.opened)
        assert rekeyed.recovery_key == ""
        rekeyed.opened.close()
        with pytest.raises(WrongRecoveryKey):
            laptop.recover(laptop.council_key)


def test_a_new_recovery_key_ends_the_one_before_and_the_passphrase_stays(laptop: Laptop) -> None:
    rekeyed = laptop.renew()
    well(rekeyed.opened)
    rekeyed.opened.close()
    with pytest.raises(WrongRecoveryKey):
        laptop.recover(laptop.recovery_key)
    opened = laptop.unlock(OLD)
    assert opened.notice == NO_RECOVERY_KEY
    opened.recovery_key_seen()
    opened.close()
    laptop.recover(rekeyed.recovery_key).opened.close()


def test_a_public_key_that_somebody_put_into_the_header_is_given_no_database_key(laptop: Laptop) -> None:
    laptop.close()
    header = slots.decode_header(laptop.files.header.read_bytes())
    planted, thief_key = slots.recovery_slot(laptop.vault_id, bytes(32), "person")
    by_passphrase, _, councils = header.slots
    forged = msgspec.structs.replace(header, slots=(by_passphrase, planted, councils))
    laptop.files.header.write_bytes(slots.encode_header(forged))
    rekeyed = laptop.change()
    assert rekeyed.recovery_key
    rekeyed.opened.close()
    with pytest.raises(WrongRecoveryKey):
        laptop.recover(thief_key)
    laptop.recover(rekeyed.recovery_key).opened.close()


# a vault of before, as the program of November 2026 wrote it

VAULT_OF_BEFORE = "5461532ad133dae1dd8a18f2f59dcf53"
PASSPHRASE_OF_BEFORE = "kettle marble otter Thursday"
KEY_OF_BEFORE = bytes.fromhex("c37748fb8b6266d899102ca27d2f1d4b6bafe132fed80f5f5bbd14bcf7dc3ec2")
PRINTED_BEFORE = "TGXJQ-T97BY-J4V37-Z7BMB-W71X4-P3GTZ-M0T1S-AK2F6"
COUNCILS_BEFORE = "R49KV-MNFP4-48WT1-93W87-JN7F2-5F95R-YXFWT-D84KT"
HEADER_OF_BEFORE = (
    '{"header":{"key_check":"F7gPZ5x8kxPqZDaqF547GA==","slots":[{"cost":{"lanes":4,"memory_kib":65536,"passes":1},'
    '"entry":1,"keyring":false,"nonce":"DP3wS9hz4KINtuEM","salt":"t64FnYJN+p55yZhvs7c4Hg==","slot":"passphrase",'
    '"wrapped":"Fnm6TgixM/X3Oy58ZLElmThgFw3D4ZGXN+pu+4LT4y2dB3iNfy1vtD5zSqvhUKCO"},{"holder":"person",'
    '"nonce":"Cyp5Yop4A+W/UwFq","salt":"QXveGnf9wsLBdU7YSfeijw==","slot":"recovery",'
    '"wrapped":"0gTaw+n2Y/OqRHrTZHDigiK/uqkw4+8Ayv75gud/3iS/CrpDJxQ6qBbjxawPeBgi"},{"holder":"council",'
    '"nonce":"EBK+GL9xzI+PsLkR","salt":"CHR26jis/opWIJSNMMNaRA==","slot":"recovery",'
    '"wrapped":"XJPJdXq2Yu3/f9eNjeoZwGo91Rv0DNUjYjI6ZbsfdZ7Byd2VEMytXycP1vmino8a"}],'
    '"vault":"5461532ad133dae1dd8a18f2f59dcf53","version":1},'
    '"sha256":"98bb5b7fbae4f9b78b00ef3cbd5181717131def165a1c64b60692bbdb9dfdaa1"}'
)


@pytest.fixture
def before(laptop: Laptop) -> Laptop:
    """The laptop's store in a vault of before, whose recovery keys wrap the database key themselves."""
    laptop.close()
    key = vault.unlock(laptop.home, laptop.vault_id, OLD)
    old = laptop.files.folder.with_name(VAULT_OF_BEFORE)
    laptop.files.folder.rename(old)
    laptop.vault_id = VAULT_OF_BEFORE
    keys = NewKeys(KEY_OF_BEFORE, b"check", keyring_used=False, recovery_key="", council_recovery_key="")
    copy_stores(laptop.files, key, keys, {})
    laptop.files.copy_of(laptop.files.store, b"check").replace(laptop.files.store)
    laptop.files.header.write_text(HEADER_OF_BEFORE, encoding="ascii")
    laptop.recovery_key, laptop.council_key = PRINTED_BEFORE, COUNCILS_BEFORE
    return laptop


def test_a_vault_of_before_opens_by_its_passphrase_and_both_recovery_keys(before: Laptop) -> None:
    assert vault.unlock(before.home, before.vault_id, PASSPHRASE_OF_BEFORE) == KEY_OF_BEFORE
    for key in (PRINTED_BEFORE, COUNCILS_BEFORE):
        assert vault.unlock_with_recovery(before.home, before.vault_id, key) == KEY_OF_BEFORE
    opened = before.unlock(PASSPHRASE_OF_BEFORE)
    well(opened)
    opened.close()


def test_the_printed_key_of_a_vault_of_before_goes_on_working_once_it_was_typed(before: Laptop) -> None:
    passphrases = (OLD, NEW)
    for new in passphrases:
        rekeyed = before.recover(PRINTED_BEFORE, new)
        assert rekeyed.recovery_key == ""
        well(rekeyed.opened)
        rekeyed.opened.close()
    rekeyed = before.change(NEW, OLD)
    assert rekeyed.recovery_key == ""
    rekeyed.opened.close()
    before.recover(PRINTED_BEFORE).opened.close()


@pytest.mark.parametrize("how", ["passphrase", "the council's key"])
def test_a_vault_of_before_gets_a_new_printed_key_where_the_old_one_is_not_typed(before: Laptop, how: str) -> None:
    changes: dict[str, Callable[[], Rekeyed]] = {
        "passphrase": lambda: before.change(PASSPHRASE_OF_BEFORE),
        "the council's key": lambda: before.recover(COUNCILS_BEFORE),
    }
    rekeyed = changes[how]()
    well(rekeyed.opened)
    rekeyed.opened.close()
    opened = before.unlock(NEW)
    assert opened.notice == NO_RECOVERY_KEY
    opened.close()
    for key in (PRINTED_BEFORE, COUNCILS_BEFORE):
        with pytest.raises(WrongRecoveryKey):
            before.recover(key)
    before.recover(rekeyed.recovery_key).opened.close()


# a store that goes on being open


def test_an_open_store_gets_new_keys_and_goes_on_and_nobody_else_may_have_it_meanwhile(laptop: Laptop) -> None:
    opened = laptop.opened
    before, was_open = contents(opened), opened.store
    open_meanwhile: list[bool] = []

    def change(home: Home, vault_id: str, key: bytes) -> NewKeys:
        open_meanwhile.append(opened.is_open)
        with pytest.raises(Unavailable, match="already open in another window"):
            open_store(home, vault_id, OLD, system_clock)
        return to_passphrase(NEW, cost=floor, keyring=False)(home, vault_id, key)

    assert opened.change_keys(OLD, change).recovery_key == ""
    assert [*open_meanwhile, opened.is_open] == [False, True]
    assert opened.store is not was_open
    assert opened.services.store is opened.store
    assert contents(opened) == before
    well(opened)
    laptop.write("Came home at four.")
    laptop.close()
    with pytest.raises(WrongPassphrase):
        laptop.unlock(OLD)
    reopened = laptop.unlock(NEW)
    assert len(reopened.store.search("came home")) == 4
    reopened.close()


def test_an_open_store_gets_a_new_recovery_key_which_waits_to_be_confirmed(laptop: Laptop) -> None:
    new = laptop.opened.change_keys(OLD, to_recovery_key(OLD, cost=floor, keyring=False))
    waited = laptop.opened.recovery_key_waits
    laptop.opened.recovery_key_seen()
    assert (waited, laptop.opened.recovery_key_waits) == (True, False)
    with pytest.raises(WrongRecoveryKey):
        laptop.recover(laptop.recovery_key)
    laptop.recover(new.recovery_key).opened.close()


def test_a_wrong_passphrase_or_a_poor_new_one_leaves_an_open_store_open(laptop: Laptop) -> None:
    with pytest.raises(WrongPassphrase):
        laptop.opened.change_keys("something else entirely now", to_passphrase(NEW, cost=floor, keyring=False))
    with pytest.raises(vault.PassphraseRefused):
        laptop.opened.change_keys(OLD, to_passphrase("short", cost=floor, keyring=False))
    well(laptop.opened)
    laptop.write("Came home at four.")
    laptop.close()
    laptop.unlock(OLD).close()


def test_a_full_disk_leaves_an_open_store_open_under_its_passphrase(disk: SmallDisk) -> None:
    laptop = Laptop(disk.home)

    def change(home: Home, vault_id: str, key: bytes) -> NewKeys:
        laptop.files.reserve.unlink()
        disk.fill()  # not before, as closing the store gave the room of its log back
        return to_passphrase(NEW, cost=floor, keyring=False)(home, vault_id, key)

    with pytest.raises(DiskRefused):
        laptop.opened.change_keys(OLD, change)
    assert laptop.opened.is_open
    assert len(laptop.opened.store.search("came home")) == 3
    disk.empty()
    laptop.close()
    laptop.unlock(OLD).close()


def test_a_change_that_ends_in_an_error_after_it_counts_says_that_either_passphrase_may_be_right(
    laptop: Laptop,
) -> None:
    def change(home: Home, vault_id: str, key: bytes) -> NewKeys:
        to_passphrase(NEW, cost=floor, keyring=False)(home, vault_id, key)
        raise DiskRefused

    with pytest.raises(Unavailable) as refused:
        laptop.opened.change_keys(OLD, change)
    assert str(refused.value) == KEYS_UNCERTAIN
    assert not laptop.opened.is_open
    laptop.close()
    reopened = laptop.unlock(NEW)
    assert len(reopened.store.search("came home")) == 3
    reopened.close()


# what was kept aside


def test_what_was_kept_aside_is_under_the_new_key_too(laptop: Laptop) -> None:
    laptop.close()
    aside = laptop.files.folder / "store-aside-20170314T021400Z.db"
    shutil.copy2(laptop.files.store, aside)
    old_key = vault.unlock(laptop.home, laptop.vault_id, OLD)
    laptop.change().opened.close()
    key = vault.unlock(laptop.home, laptop.vault_id, NEW)
    with pytest.raises(StoreDamaged):
        LaptopStore(aside, old_key, anchor=aside.with_name("look-anchor"))
    store = LaptopStore(aside, key, anchor=aside.with_name("look-anchor"))
    assert len(store.records_of("contact")) == 3
    store.close()


def test_what_was_kept_aside_and_cannot_be_read_holds_no_passphrase_up(laptop: Laptop) -> None:
    laptop.close()
    aside = laptop.files.folder / "store-aside-20170314T021400Z.db"
    aside.write_bytes(b"no store" * 1000)
    laptop.change().opened.close()
    assert aside.read_bytes() == b"no store" * 1000
    laptop.unlock(NEW).close()


# what fails


@pytest.fixture
def disk(tmp_path: Path) -> Any:
    with small_disk(tmp_path / "disk") as small:
        yield small


@pytest.mark.parametrize("how", ["passphrase", "recovery key", "new recovery key"])
def test_a_full_disk_refuses_the_change_and_leaves_all_as_it_was(disk: SmallDisk, how: str) -> None:
    laptop = Laptop(disk.home)
    before = laptop.everything()
    changes: dict[str, Callable[[], Rekeyed]] = {
        "passphrase": laptop.change,
        "recovery key": lambda: laptop.recover(laptop.recovery_key),
        "new recovery key": laptop.renew,
    }
    laptop.files.reserve.unlink()
    disk.fill()
    free = len(before["store.db"]) - 8 * PAGE
    for room in (0, free):
        with (disk.folder / "filler").open("ab") as filler:
            filler.truncate(filler.tell() - room)
        with pytest.raises(DiskRefused, match=r"disk is full|did not take"):
            changes[how]()
        assert laptop.everything() == before
    disk.empty()
    laptop.unlock(OLD).close()
    changes[how]().opened.close()


@pytest.mark.parametrize("half", [1, 3, 40, -1])
def test_a_damaged_page_refuses_the_change_and_leaves_all_as_it_was(laptop: Laptop, half: int) -> None:
    laptop.close()
    content = bytearray(laptop.files.store.read_bytes())
    content[half * PAGE // 2] ^= 1
    laptop.files.store.write_bytes(content)
    before = laptop.everything()
    with pytest.raises(StoreDamaged):
        laptop.change()
    assert laptop.everything() == before


def test_the_window_opens_a_damaged_store_by_a_recovery_key_and_says_that_nothing_was_changed(laptop: Laptop) -> None:
    laptop.write("Taken back again. " * 1000)
    laptop.close()
    key = vault.unlock(laptop.home, laptop.vault_id, OLD)
    content = bytearray(laptop.files.store.read_bytes())
    of_a_text = [at for at, page in enumerate(pages(laptop.files.store, key)) if page.count(b"Taken back again.") > 200]
    content[of_a_text[0] * PAGE + PAGE // 2] ^= 1
    laptop.files.store.write_bytes(content)
    header = laptop.files.header.read_bytes()
    unlocker = LaptopUnlocker(laptop.home, system_clock, LeftOpen())
    services = unlocker.unlock_with_recovery(laptop.vault_id, laptop.recovery_key, NEW)
    assert len(services.store.search("came home")) == 3
    assert services.store.setting(StoreSetting.NOTICE) == NOT_CHANGED
    assert unlocker.opened is not None
    unlocker.opened.close()
    assert laptop.files.header.read_bytes() == header


def test_a_store_that_is_open_elsewhere_keeps_its_keys(laptop: Laptop) -> None:
    assert laptop.opened.store.setting(StoreSetting.NAME)
    with pytest.raises(Unavailable, match="already open in another window"):
        change_passphrase(laptop.home, laptop.vault_id, OLD, NEW, system_clock, cost=floor)
    with pytest.raises(Unavailable, match="already open in another window"):
        open_by_recovery(laptop.home, laptop.vault_id, laptop.recovery_key, NEW, system_clock, cost=floor)
    laptop.close()
    laptop.unlock(OLD).close()


def test_a_wrong_passphrase_a_poor_new_one_and_a_store_that_is_gone_change_nothing(laptop: Laptop) -> None:
    before = laptop.everything()
    with pytest.raises(WrongPassphrase):
        laptop.change("something else entirely now")
    with pytest.raises(vault.PassphraseRefused):
        laptop.change(OLD, "short")
    assert laptop.everything() == before
    laptop.files.store.unlink()
    with pytest.raises(StoreMissing):
        laptop.change()
    with pytest.raises(StoreMissing):
        laptop.recover(laptop.recovery_key)
    assert laptop.everything() == {name: content for name, content in before.items() if name != "store.db"}


def test_a_change_that_copied_no_store_is_not_made(laptop: Laptop) -> None:
    before = laptop.everything()
    key = vault.unlock(laptop.home, laptop.vault_id, OLD)
    with pytest.raises(RuntimeError, match="not copied"):
        vault.change_passphrase(
            laptop.home, laptop.vault_id, key, NEW, copy=lambda files, keys: None, keyring=False, calibrate=floor
        )
    assert laptop.everything() == before


def test_copies_go_where_the_change_is_not_made_after_all(laptop: Laptop) -> None:
    before = laptop.everything()
    key = vault.unlock(laptop.home, laptop.vault_id, OLD)

    def copy(files: VaultFiles, keys: NewKeys) -> None:
        copy_stores(files, key, keys, {})
        assert files.copy_of(files.store, keys.key_check).exists()
        raise DiskRefused

    with pytest.raises(DiskRefused):
        vault.change_passphrase(laptop.home, laptop.vault_id, key, NEW, copy=copy, keyring=False, calibrate=floor)
    assert laptop.everything() == before


# what a crash leaves


def test_copies_that_were_not_finished_and_other_leftovers_are_cleared_and_the_store_is_not(laptop: Laptop) -> None:
    before = laptop.everything()
    for name in (
        ".store.db.0011",
        ".store.db.0011-wal",
        ".store-aside-20170314T021400Z.db.0011",
        ".header.json.x1",
        ".store.db.new",
        "store-new.db",
        "store-new.db-wal",
        "anchor-new",
    ):
        (laptop.files.folder / name).write_bytes(b"left over")
    orphan = laptop.files.folder.with_name(f".{'0' * 32}")
    orphan.mkdir()
    (orphan / "store.db").write_bytes(b"left over")
    laptop.unlock(OLD).close()
    assert set(laptop.everything()) == set(before)
    assert [folder.name for folder in laptop.files.folder.parent.iterdir()] == [laptop.vault_id]


def test_a_change_that_was_cut_off_after_its_header_is_finished_at_the_next_opening(
    laptop: Laptop, tmp_path: Path
) -> None:
    laptop.write("Came home at last.")
    for name in ("store.db", "store.db-wal"):  # as a crash leaves them
        shutil.copy2(laptop.files.folder / name, tmp_path / name)
    laptop.change().opened.close()
    check = slots.decode_header(laptop.files.header.read_bytes()).key_check
    laptop.files.store.replace(laptop.files.copy_of(laptop.files.store, check))
    for name in ("store.db", "store.db-wal"):
        shutil.copy2(tmp_path / name, laptop.files.folder / name)
    opened = laptop.unlock(NEW)
    assert len(opened.store.records_of("contact")) == 4
    assert examine(opened.store).findings == []
    opened.close()
    assert not list(laptop.files.folder.glob(".*"))


def test_a_copy_that_the_header_does_not_name_never_takes_the_place_of_the_store(laptop: Laptop) -> None:
    before = laptop.everything()
    laptop.files.copy_of(laptop.files.store, b"another key chk.").write_bytes(before["store.db"][:-PAGE])
    laptop.unlock(OLD).close()
    assert laptop.everything()["store.db"] == before["store.db"]


def test_a_damaged_header_clears_nothing(laptop: Laptop) -> None:
    laptop.close()
    header = json.loads(laptop.files.header.read_bytes())
    laptop.files.header.write_text(json.dumps(header | {"sha256": "0"}), encoding="ascii")
    copy = laptop.files.copy_of(laptop.files.store, b"another key chk.")
    copy.write_bytes(b"a copy")
    with pytest.raises(HeaderDamaged):
        vault.settle(laptop.home, laptop.vault_id)
    assert copy.read_bytes() == b"a copy"
