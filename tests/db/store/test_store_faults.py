"""Kills, refusing disks, torn and changed files: what was said to be saved is there, or its loss is said."""

import contextlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from db.doctor import examine
from db.home import Home
from db.slots import FLOOR_KIB, Cost
from db.store import ChainBehindAnchor, LaptopStore
from db.vault import StoreDamaged
from hipss_desktop import times
from hipss_desktop.errors import Tampered, Unavailable
from hipss_desktop.laptop import make_vault, open_store
from hipss_desktop.services.store_settings import StoreSetting
from tests.db.store.conftest import Place
from tests.db.store.seats import contact, finished

PAGE = 4096
"""Bytes of a page of the store."""
ROOT = Path(__file__).resolve().parents[3]
PASSPHRASE = "seven grey herons at dusk"


@dataclass
class SaverOutput:
    """What a saving process said before it ended."""

    acks: list[tuple[int, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    ended: bool = False


def save(place: Place, saves: int, *inject: str) -> SaverOutput:
    """Let another process save, under strace where a fault is to be injected."""
    faults = [part for fault in inject for part in ("-e", f"inject={fault}")]
    strace = ["strace", "-f", "-o", "/dev/null", "-e", "trace=" + _calls(inject), *faults]
    saver_command = [
        sys.executable,
        "-m",
        "tests.db.store.saver",
        str(place.file),
        place.key.hex(),
        str(place.anchor),
        str(saves),
    ]
    done = subprocess.run(
        [*(strace if inject else []), *saver_command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert "Traceback" not in done.stderr, done.stderr
    saver_output = SaverOutput()
    for line in done.stdout.splitlines():
        word, _, rest = line.partition(" ")
        if word == "ACK":
            number, digest = rest.split()
            saver_output.acks.append((int(number), digest))
        elif word == "REFUSED":
            saver_output.refused.append(rest)
        saver_output.ended |= word == "END"
    return saver_output


def _calls(inject: tuple[str, ...]) -> str:
    return ",".join(fault.partition(":")[0] for fault in inject)


def held(store: LaptopStore) -> list[tuple[int, str]]:
    """Number and digest of every link of the store's own chain."""
    return [
        (revision.envelope.number, revision.digest) for revision in store.chain(store.seat.seat, after=0, limit=10_000)
    ]


def whole(place: Place, acks: list[tuple[int, str]]) -> None:
    """Every acknowledged save is there, nothing is damaged, and the next save works."""
    store = place.open()
    store.check_anchor()
    there = held(store)
    assert set(acks) <= set(there)
    assert [number for number, _ in there] == list(range(1, len(there) + 1))
    assert not examine(store).findings
    assert finished(store).envelope.number == len(there) + 1
    place.close()


KILLS = [("pwrite64", 6), ("pwrite64", 19), ("pwrite64", 34), ("fsync", 2), ("fdatasync", 3), ("unlink", 1)]
MORE_KILLS = [
    (call, when)
    for call, most in (("pwrite64", 90), ("fsync", 12), ("fdatasync", 10), ("ftruncate", 2), ("unlink", 2))
    for when in range(1, most)
]


def killed(place: Place, call: str, when: int) -> None:
    place.open()
    place.close()
    saver_output = save(place, 10, f"{call}:signal=KILL:when={when}")
    assert not saver_output.ended
    whole(place, saver_output.acks)


@pytest.mark.parametrize(("call", "when"), KILLS)
def test_a_kill_at_a_write_loses_nothing_that_was_acknowledged(place: Place, call: str, when: int) -> None:
    killed(place, call, when)


@pytest.mark.long
@pytest.mark.parametrize(("call", "when"), MORE_KILLS)
def test_a_kill_at_every_write_loses_nothing_that_was_acknowledged(place: Place, call: str, when: int) -> None:
    killed(place, call, when)


@pytest.mark.parametrize("when", [1, 9])
def test_a_kill_while_a_new_store_is_made_leaves_one_that_can_be_used(place: Place, when: int) -> None:
    saver_output = save(place, 2, f"pwrite64:signal=KILL:when={when}")
    assert not saver_output.ended
    whole(place, saver_output.acks)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("fsync:error=EIO:when=3", "disk did not take it"),
        ("pwrite64:error=EIO:when=25", "disk did not take it"),
        ("pwrite64:error=ENOSPC:when=25", "disk is full"),
        ("fdatasync:error=EIO:when=3", "The record is kept"),
    ],
)
def test_a_disk_that_fails_once_is_said_and_the_next_save_works(place: Place, fault: str, words: str) -> None:
    place.open()
    place.close()
    saver_output = save(place, 10, fault)
    assert saver_output.ended
    assert len(saver_output.acks) == 9
    assert len(saver_output.refused) == 1
    assert words in saver_output.refused[0]
    whole(place, saver_output.acks)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of 4 MiB under a folder; where mounting is not allowed, no file may grow past 1 MiB."""
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], capture_output=True, check=False)
    if mount.returncode == 0:
        try:
            yield
        finally:
            subprocess.run(["umount", "-l", folder], check=True)
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_said_in_words_and_the_store_goes_on_when_there_is_room(place: Place) -> None:
    acks = []
    with small_disk(place.folder):
        store = place.open()
        filler = place.folder / "filler"
        filler.write_bytes(bytes(5 << 19))
        long = contact("many words about one night " * 2000)

        def until_full() -> None:
            for _ in range(200):
                revision = finished(store, long)
                acks.append((revision.envelope.number, revision.digest))

        with pytest.raises(Unavailable, match="disk") as refused:
            until_full()
        assert "Nothing saved before is lost" in str(refused.value)
        assert len(acks) >= 3
        assert held(store)[: len(acks)] == acks
        assert store.search("night")  # reading goes on, and so does sending
        filler.unlink()
        resource.setrlimit(
            resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        )
        revision = finished(store)
        acks.append((revision.envelope.number, revision.digest))
        place.close()
        whole(place, acks)


@pytest.fixture
def cut(place: Place, tmp_path: Path, clock: object) -> Iterator[Place]:
    """The files as they lay when the power went, after nine saves of which no checkpoint has been made."""
    place.open()
    place.close()
    store = place.open()
    for number in range(9):
        finished(store, contact(f"call {number}"))
    there = Place(tmp_path / "cut", place.clock)
    there.key = place.key
    for name in ("store.db", "store.db-wal", "anchor"):
        shutil.copy(place.folder / name, there.folder / name)
    yield there
    there.close()


def copies(cut: Place, count: int) -> Iterator[tuple[Place, random.Random]]:
    """The cut files again and again, each copy with a seeded source of chance."""
    for seed in range(count):
        copied_place = Place(cut.folder.with_name(f"copy-{seed}"), cut.clock)
        copied_place.key = cut.key
        for path in cut.folder.iterdir():
            shutil.copy(path, copied_place.folder / path.name)
        yield copied_place, random.Random(seed)
        copied_place.close()


def loss_is_noticed(place: Place, all_of_it: list[tuple[int, str]]) -> int:
    """How many saves are left: a prefix of all, and where any is lost that is said."""
    store = place.open()
    there = held(store)
    assert there == all_of_it[: len(there)]
    if len(there) < len(all_of_it):
        with pytest.raises(ChainBehindAnchor, match="behind"):
            store.check_anchor()
    else:
        store.check_anchor()
    assert not [finding for finding in examine(store).findings if "behind" not in finding.problem]
    return len(there)


def test_a_torn_log_leaves_the_committed_beginning_and_its_loss_is_said(place: Place, cut: Place) -> None:
    log, save_counts = place.file.with_name("store.db-wal").read_bytes(), set()
    for copy, chance in copies(cut, 20):
        with (copy.folder / "store.db-wal").open("rb+") as torn:
            torn.truncate(chance.randrange(len(log)))
        save_counts.add(loss_is_noticed(copy, held(place.opened[-1])))
    assert len(save_counts) > 3


def test_a_flipped_bit_in_the_log_is_noticed(place: Place, cut: Place) -> None:
    save_counts = set()
    for copy, chance in copies(cut, 20):
        log = copy.folder / "store.db-wal"
        content = bytearray(log.read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        log.write_bytes(content)
        save_counts.add(loss_is_noticed(copy, held(place.opened[-1])))
    assert len(save_counts) > 3


def test_a_damaged_page_is_named_by_doctor_and_reading_it_says_that_the_store_is_damaged(place: Place) -> None:
    store = place.open()
    for number in range(30):
        finished(store, contact(f"call {number} " * 30))
    place.close()
    sound, met, read = place.file.read_bytes(), 0, 0
    for page in range(1, len(sound) // 4096 + 1, 3):
        damaged = bytearray(sound)
        damaged[(page - 1) * 4096 + 700] ^= 4
        place.file.write_bytes(damaged)
        try:
            store = place.open()
        except StoreDamaged:
            met += 1
            continue
        findings = examine(store).findings
        assert findings[0].problem == f"Damaged pages of the store: {page}."
        assert "council" in findings[0].do
        try:
            held(store)
            store.search("call")
        except StoreDamaged:
            read += 1
        place.close()
    assert met > 0
    assert read > 0


def test_what_is_not_on_a_damaged_page_can_still_be_read_after_it_was_met(place: Place) -> None:
    store = place.open()
    revisions = [finished(store, contact(f"call {number} " * 300)) for number in range(30)]
    place.close()
    whole = place.file.read_bytes()

    def readable(store: LaptopStore) -> list[bool]:
        answers = []
        for revision in revisions:
            try:
                answers.append(store.revision(revision.digest) == revision)
            except StoreDamaged:
                answers.append(False)
        return answers

    for page in range(len(whole) // PAGE // 3, len(whole) // PAGE):
        content = bytearray(whole)
        content[page * PAGE + PAGE // 2] ^= 1
        place.file.write_bytes(content)
        try:
            store = place.open()
        except StoreDamaged:
            continue
        first = readable(store)
        if set(first) == {True, False}:  # a page of the long bodies
            assert readable(store) == first
            return
        place.close()
    raise AssertionError("no page held a part of the bodies alone")


def files(folder: Path) -> dict[str, bytes]:
    """Every file's bytes; the shared-memory index says nothing and is made anew by whoever opens."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}


@pytest.mark.parametrize("crashed", [False, True])
def test_a_wrong_key_opens_nothing_and_alters_nothing(place: Place, cut: Place, crashed: bool) -> None:
    if not crashed:
        cut.open()
        cut.close()
    assert (cut.folder / "store.db-wal").exists() == crashed
    before, right = files(cut.folder), cut.key
    cut.key = bytes(32)
    with pytest.raises(StoreDamaged):
        cut.open()
    assert files(cut.folder) == before
    cut.key = right
    assert held(cut.open()) == held(place.opened[-1])


def test_a_file_that_is_not_a_store_is_left_unchanged(place: Place) -> None:
    place.file.write_bytes(b"something else entirely\n" * 500)
    before = files(place.folder)
    with pytest.raises(StoreDamaged):
        place.open()
    assert files(place.folder) == before


def test_an_older_copy_put_back_is_noticed(place: Place) -> None:
    place.open()
    place.close()
    old = files(place.folder)
    store = place.open()
    for _ in range(3):
        finished(store)
    place.close()
    place.file.write_bytes(old["store.db"])
    store = place.open()
    with pytest.raises(ChainBehindAnchor, match="3 records behind") as behind:
        store.check_anchor()
    assert behind.value.lost == 3


def test_after_an_older_copy_a_laptop_goes_on_under_a_new_seat_that_names_the_old_ones_last(tmp_path: Path) -> None:
    home = Home(tmp_path)
    new_vault = make_vault(
        home,
        name="A. Bevan",
        role="on_call",
        passphrase=PASSPHRASE,
        clock=times.system_clock,
        keyring=False,
        cost=lambda: Cost(memory_kib=FLOOR_KIB, passes=1, lanes=4),
    )
    opened = new_vault.opened
    with opened.store.write() as unit:
        unit.set(StoreSetting.CERTIFICATE, "{}")  # a seat that the council knows
    first, old = finished(opened.store), opened.store.seat.seat
    opened.close()
    path = home.files(opened.vault_id).store
    earlier = path.read_bytes()
    opened = open_store(home, opened.vault_id, PASSPHRASE, times.system_clock)
    for _ in range(2):
        finished(opened.store)
    opened.close()
    path.write_bytes(earlier)

    second = open_store(home, opened.vault_id, PASSPHRASE, times.system_clock)
    assert second.store.seat.seat != old
    assert "2 records behind" in second.store.setting(StoreSetting.NOTICE)
    going_on = finished(second.store).envelope
    assert (going_on.number, going_on.previous) == (1, first.digest)
    assert held(second.store)[0][0] == 1
    seat = second.store.seat.seat
    second.close()
    # the second time the old copy is put back, the anchor names a seat that the copy never had
    path.write_bytes(earlier)
    third = open_store(home, opened.vault_id, PASSPHRASE, times.system_clock)
    assert third.store.seat.seat not in (old, seat)
    third.close()


def test_a_power_cut_right_after_an_acknowledgement_loses_nothing(place: Place, tmp_path: Path) -> None:
    place.open()
    place.close()
    command = [
        sys.executable,
        "-m",
        "tests.db.store.saver",
        str(place.file),
        place.key.hex(),
        str(place.anchor),
        "100000",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        acks: list[tuple[int, str]] = []
        for cut in range(6):
            for _ in range(5 + cut):
                word, _, rest = child.stdout.readline().partition(" ")
                if word == "ACK":
                    number, digest = rest.split()
                    acks.append((int(number), digest))
            os.kill(child.pid, signal.SIGSTOP)
            there = Place(tmp_path / f"cut-{cut}", place.clock)
            there.key = place.key
            for name in ("anchor", "store.db", "store.db-wal"):
                shutil.copy(place.folder / name, there.folder / name)
            os.kill(child.pid, signal.SIGCONT)
            whole(there, acks)
        child.kill()
    whole(place, acks)


def test_a_checkpoint_in_a_loop_beside_a_writer_loses_nothing(place: Place) -> None:
    store, stop, checkpoints = place.open(), threading.Event(), 0

    def fold() -> None:
        nonlocal checkpoints
        with closing(place.raw()) as second:
            while not stop.is_set():
                # PASSIVE folds in what it can beside a writer; the other kinds would wait for it to end
                second.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
                checkpoints += 1

    thread = threading.Thread(target=fold)
    thread.start()
    acks: list[tuple[int, str]] = []
    try:
        # It goes on until the two have met several times, however the machine shares itself between them.
        while len(acks) < 40 or (checkpoints <= 3 and len(acks) < 4000):
            revision = finished(store)
            acks.append((revision.envelope.number, revision.digest))
    finally:
        stop.set()
        thread.join()
    assert checkpoints > 3
    place.close()
    whole(place, acks)


def test_a_sqlite_that_loses_commits_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "sqlite_version_info", (3, 40, 1))
    with pytest.raises(Unavailable, match="too old"):
        place.open()
    assert not place.file.exists()


def test_a_damaged_anchor_is_said_and_is_not_taken_for_a_new_store(place: Place) -> None:
    store = place.open()
    finished(store)
    place.close()
    place.anchor.write_bytes(bytes(8192))
    with pytest.raises(Tampered, match="damaged"):
        place.open().check_anchor()
