"""The power fails at each write of a change of keys, a migration, a rebuild, a new seat and an erasure.

Afterwards the store opens, for the right person, with everything that was saved.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import msgspec
import pytest
import sqlcipher3.dbapi2 as driver

from db import vault
from db.connection import Storage, unlock
from db.doctor import examine
from db.vault import WrongPassphrase, WrongRecoveryKey
from hipss_desktop.laptop import OpenStore, make_vault
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.times import system_clock
from sync.wire.messages import WireRevision, from_wire, to_wire
from tests.db.store.seats import OtherSeat, know
from tests.faults.killed_act import NEW, ORDER, REKEYING, floor
from tests.faults.killed_program import FLUSHES, WRITES, Acting
from tests.helpers.decrypted import pages
from tests.helpers.quick_guesses import quick_guesses
from tests.helpers.stations import PASSPHRASE, Station, contact

ACTS = (*REKEYING, "migration", "rebuild", "new seat", "erasure")
WORDS = {f"Came home at {hour}." for hour in ("one", "two", "three", "four")}
ERASED = "The heron stood in the kitchen."
ASIDE = "store-aside-20170314T021400Z.db"
FILES = {"person.json", "header.json", "store.db", "anchor", "tries", "reserve", "lock"}


@dataclass(frozen=True)
class Before:
    """A laptop before an act: ``folder`` contains its home, which is copied for each kill."""

    act: str
    folder: Path
    recovery_key: str

    def copied(self, to: Path) -> "Before":
        """Copy the laptop to another folder, and return the copy."""
        shutil.copytree(self.folder, to)
        return replace(self, folder=to)

    @property
    def arguments(self) -> list[str]:
        """The arguments that request the act from the acting program."""
        return [self.act, str(self.folder / "home"), self.recovery_key]

    @property
    def laptop(self) -> Station:
        """The laptop."""
        return Station(self.folder / "home")

    def pages(self, acting: Acting) -> int:
        """Return how many pages the act writes, on this machine."""
        trace_file = self.folder.with_name("calls")
        counted = self.copied(self.folder.with_name("counted"))
        assert acting.run(counted.arguments, "-e", "trace=pwrite64", "-o", str(trace_file))
        return trace_file.read_text(encoding="utf-8", errors="replace").count(" pwrite64(")


def prepared(act: str, folder: Path) -> Before:
    """Return a laptop that is ready for an act: four records, one of them amended, a draft, and one record to be erased."""
    laptop = Station(folder / "home")
    new_vault = make_vault(
        laptop.home, name="A. Bevan", role="on_call", passphrase=PASSPHRASE, laptop="LT-1", clock=system_clock,
        keyring=False, cost=floor,
    )  # fmt: skip  # the options of one vault stand together
    laptop._opened = new_vault.opened
    new_vault.opened.recovery_key_seen()
    store, council = new_vault.opened.store, OtherSeat()
    know(store, council)
    written = [laptop.write(words) for words in sorted(WORDS)]
    laptop.amend(written[0].envelope.record, advice="Ring again at nine.")
    erased = laptop.write(ERASED)
    records = new_vault.opened.services.records
    records.save(records.new_draft("contact", contact("Half a sentence")))
    (folder / ORDER).write_bytes(msgspec.json.encode(to_wire(council.order(erased.digest))))
    with store.write() as unit:
        if act == "rebuild":
            unit.set(StoreSetting.PROJECTIONS, "those of another program")
        if act == "new seat":
            unit.set(StoreSetting.LAST_ALIKE, "0")
    laptop.close()
    file = laptop.home.files(new_vault.opened.vault_id).store
    if act in REKEYING:  # a change of keys must copy the store and a store set aside
        shutil.copy2(file, file.with_name(ASIDE))
    if act == "migration":
        before_the_second_migration(file, new_vault.opened.key)
    return Before(act, folder, new_vault.recovery_key)


def before_the_second_migration(store: Path, key: bytes) -> None:
    """Restore the table of drafts to the form that the program's first version made."""
    with closing(driver.connect(str(store), isolation_level=None)) as connection:
        unlock(connection, key)
        for statement in (
            "ALTER TABLE draft RENAME TO draft_now",
            "CREATE TABLE draft (record TEXT NOT NULL, kind TEXT NOT NULL, schema INTEGER NOT NULL, "
            "content BLOB NOT NULL, saved TEXT NOT NULL, PRIMARY KEY (record))",
            "INSERT INTO draft SELECT record, kind, schema, content, saved FROM draft_now",
            "DROP TABLE draft_now",
            "DELETE FROM _sqlite_migrations WHERE name LIKE '0002%'",
        ):
            connection.execute(statement)
        assert connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (1,)


@pytest.fixture(autouse=True)
def _quick_guesses() -> Iterator[None]:
    with quick_guesses():
        yield


@pytest.fixture
def acting() -> Iterator[Acting]:
    """The running program that does the acts."""
    program = Acting("tests.faults.killed_act")
    yield program
    program.close()


def opened_by_one_passphrase(laptop: Station, act: str) -> OpenStore:
    """Open the store, after checking that exactly one of the old and the new passphrase opens it."""
    vault_id = laptop.home.people()[0].vault_id
    keys = {}
    for passphrase in (PASSPHRASE, NEW):
        with suppress(WrongPassphrase):
            keys[passphrase] = vault.unlock(laptop.home, vault_id, passphrase)
    [(passphrase, key)] = keys.items()
    assert (act in REKEYING and act != "recovery key") or passphrase == PASSPHRASE
    return OpenStore(laptop.home, vault_id, laptop.home.hold(vault_id), key, system_clock)


def is_well(after: Before) -> None:
    """Continue as a person would: open the store, and check that everything is there."""
    laptop, act = after.laptop, after.act
    opened = opened_by_one_passphrase(laptop, act)
    laptop._opened = opened
    store = opened.store
    words = {str(record.fields.get("happening", "")) for record in store.records_of("contact")}
    assert words - {ERASED, ""} == WORDS
    assert len(store.search("came home")) == len(WORDS)
    assert [draft.fields["happening"] for draft in store.drafts()] == ["Half a sentence"]
    assert examine(store).findings == []
    assert act != "new seat" or (store.setting(StoreSetting.LAST_ALIKE), len(store.own_seats())) == ("", 2)
    if act == "erasure":
        order = msgspec.json.decode((after.folder / ORDER).read_bytes(), type=WireRevision)
        with store.write() as unit:
            unit.absorb([from_wire(order)])  # the next exchange would send the order again
    try:
        assert vault.unlock_with_recovery(laptop.home, opened.vault_id, after.recovery_key) == opened.key
    except WrongRecoveryKey:
        assert act == "recovery key"
        assert store.setting(StoreSetting.RECOVERY_NOT_SEEN)
    laptop.write("Written afterwards.")
    key, files = opened.key, laptop.home.files(opened.vault_id)
    laptop.close()
    if act == "erasure":
        assert not any(ERASED.encode() in page for page in pages(files.store, key))
    if act in REKEYING:
        Storage(files.folder / ASIDE, key).close()  # opens with the same key; this removes an unused log
    other_files = {path.name for path in files.folder.iterdir()} - FILES
    if act in REKEYING:
        assert other_files == {ASIDE}
    elif act == "new seat":
        assert len([name for name in other_files if name.startswith("store-aside-")]) == len(other_files) == 1
    else:
        assert not other_files


def killed(acting: Acting, before: Before, to: Path, call: str, when: int) -> bool:
    """Kill the act at one call, and check the laptop; return False if the act ended before that call."""
    after = before.copied(to / f"{call}-{when}")
    ended = acting.run(after.arguments, "-o", "/dev/null", f"--inject={call}:signal=KILL:when={when}")
    is_well(after)
    shutil.rmtree(after.folder)
    return not ended


def kills(acting: Acting, before: Before, to: Path, call: str) -> int:
    """Kill the act at each call of one kind; return how many calls there were."""
    return next(when for when in count(0) if not killed(acting, before, to, call, when + 1))


@pytest.mark.timeout(1200)  # some thirty kills, each with a check
@pytest.mark.parametrize("act", ACTS)
def test_an_act_killed_at_its_first_and_last_page_and_at_each_flush(tmp_path: Path, acting: Acting, act: str) -> None:
    laptop = prepared(act, tmp_path / "laptop")
    assert sum(kills(acting, laptop, tmp_path, call) for call in FLUSHES) > 8
    for when in (1, laptop.pages(acting)):
        assert killed(acting, laptop, tmp_path, "pwrite64", when)


@pytest.mark.long
@pytest.mark.timeout(3600)  # up to some two hundred and fifty kills
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("call", WRITES)
def test_an_act_killed_at_every_write(tmp_path: Path, acting: Acting, act: str, call: str) -> None:
    count_of_kills = kills(acting, prepared(act, tmp_path / "laptop"), tmp_path, call)
    assert count_of_kills or call == "fdatasync"  # which the count of tries alone makes
