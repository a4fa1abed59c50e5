"""One unit of work: all of it or nothing, one writer at a time, told of only when it is on the disk."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from db.anchor import AnchorFile
from db.doctor import examine
from db.store import ChainBehindAnchor, LaptopStore
from hipss_desktop.errors import Tampered, Unavailable
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.records.kind import NewRecord
from hipss_desktop.services.ports import ChangeSet, Draft
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.services import Services
from tests.db.store.conftest import Place
from tests.db.store.seats import contact, finished
from tests.helpers.kinds_known import also_known

ROOT = Path(__file__).resolve().parents[3]


class Stopped(Exception):
    """Something that goes wrong in the middle of a unit."""


def contents(store: LaptopStore) -> list[int]:
    """How many rows every table holds."""
    with store.storage.reading() as connection:
        names = [row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in names]


def a_draft(record: str) -> Draft:
    """A draft."""
    return Draft(record, "contact", 1, {"happening": "half a sent"}, saved="2017-03-14T02:15:00.000+00:00")


def test_an_exception_in_the_middle_leaves_nothing_of_the_unit(store: LaptopStore) -> None:
    finished(store)
    before, anchor = contents(store), store.anchor()
    changes: list[ChangeSet] = []
    store.subscribe(changes.append)

    def stopped_half_way() -> None:
        with store.write() as unit:
            unit.append(record="r", kind="contact", action="finish", fields=contact(), changed=["risk"], parents=())
            unit.put_draft(a_draft("r2"))
            unit.keep_receipt("seat", 1, "digest", "jws", "at")
            unit.keep_evidence("what", "jws", None)
            unit.set("theme", "night")
            raise Stopped

    with pytest.raises(Stopped):
        stopped_half_way()
    assert (contents(store), store.anchor(), changes) == (before, anchor, [])
    assert store.setting("theme") == ""
    assert finished(store).envelope.number == 2


def test_a_draft_that_cannot_be_read_keeps_nobody_from_the_others_and_is_named(
    store: LaptopStore, services: Services
) -> None:
    broken, whole = (services.records.save(services.records.new_draft("contact", contact())) for _ in range(2))
    with store.storage.writing() as connection:
        connection.exec_driver_sql("UPDATE draft SET content = '[' WHERE record = ?", (broken.record,))
    assert [draft.record for draft in store.drafts()] == [whole.record]
    with pytest.raises(Tampered, match="It is kept as it is"):
        store.draft(broken.record)
    assert [finding.problem for finding in examine(store).findings] == ["1 draft on this laptop cannot be read."]


def test_a_draft_goes_with_the_finish_and_stays_when_the_finish_fails(store: LaptopStore, services: Services) -> None:
    draft = services.records.save(services.records.new_draft("contact", {"happening": "no more than this"}))
    with pytest.raises(Unfinished):
        services.records.finish(draft)
    assert store.draft(draft.record) == draft

    def stop(record: object, finish: object) -> list[NewRecord]:
        raise Stopped

    whole = services.records.save(services.records.new_draft("contact", contact()))
    with also_known(replace(CONTACT, makes=stop)), pytest.raises(Stopped):
        services.records.finish(whole)
    assert store.draft(whole.record) == whole
    assert store.get(whole.record) is None
    services.records.finish(whole)
    assert store.draft(whole.record) is None
    assert store.get(whole.record) is not None


def test_pages_are_told_after_the_commit_and_after_the_anchor(store: LaptopStore) -> None:
    seen: list[tuple[ChangeSet, int, int]] = []

    def note_change(change: ChangeSet) -> None:
        anchor = store.anchor()
        seen.append((change, anchor.number if anchor else 0, store.have()[store.seat.seat].number))

    store.subscribe(note_change)
    revisions = [finished(store) for _ in range(2)]
    assert [(anchor, held) for _, anchor, held in seen] == [(1, 1), (2, 2)]
    assert [change_set.records for change_set, _, _ in seen] == [{revision.envelope.record} for revision in revisions]
    assert seen[0][0].kinds == {"contact"}


def test_the_anchor_names_the_newest_link_after_every_commit(store: LaptopStore) -> None:
    for _ in range(3):
        revision = finished(store)
        anchor = store.anchor()
        assert anchor is not None
        assert (anchor.seat, anchor.number, anchor.digest.hex()) == (
            store.seat.seat, revision.envelope.number, revision.digest,
        )  # fmt: skip
    store.check_anchor()


def test_a_store_may_use_the_unit_again_from_what_it_tells(store: LaptopStore) -> None:
    def once(change: ChangeSet) -> None:
        if change.kinds:
            with store.write() as unit:
                unit.put_draft(a_draft("r"))

    store.subscribe(once)
    finished(store)
    assert store.draft("r") is not None


def test_a_unit_inside_a_unit_is_refused_and_the_outer_one_stays_whole(store: LaptopStore) -> None:
    with store.write() as outer:
        outer.put_draft(a_draft("r"))
        with pytest.raises(RuntimeError, match="already open"), store.write() as inner:
            inner.put_draft(a_draft("r2"))
        outer.put_draft(a_draft("r3"))
    assert {draft.record for draft in store.drafts()} == {"r", "r3"}


def test_many_threads_write_one_chain_without_a_gap_and_the_anchor_never_goes_back(store: LaptopStore) -> None:
    anchor_numbers: list[int] = []

    def look(change: ChangeSet) -> None:
        anchor = store.anchor()
        anchor_numbers.append(anchor.number if anchor else 0)

    store.subscribe(look)
    threads = [threading.Thread(target=lambda: [finished(store) for _ in range(6)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [revision.envelope.number for revision in store.chain(store.seat.seat, after=0, limit=100)] == list(
        range(1, 25)
    )
    assert max(anchor_numbers) == 24
    store.check_anchor()
    assert not examine(store).findings


WRITER = """
import sys
from pathlib import Path
from db.store import LaptopStore
from tests.db.store.seats import finished
store = LaptopStore(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), anchor=Path(sys.argv[3]))
print("open", flush=True)
sys.stdin.readline()
for _ in range(25):
    finished(store)
store.close()
"""


def test_two_processes_on_one_store_write_one_chain_without_a_gap(place: Place) -> None:
    store = place.open()
    command = [sys.executable, "-c", WRITER, str(place.file), place.key.hex(), str(place.anchor)]
    others = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for process in others:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
    for process in others:
        process.communicate("go\n")
        assert process.returncode == 0
    for _ in range(5):
        finished(store)
    assert [revision.envelope.number for revision in store.chain(store.seat.seat, after=0, limit=100)] == list(
        range(1, 56)
    )
    assert not examine(store).findings


def test_an_anchor_that_the_disk_refused_is_said_and_the_record_is_there(
    store: LaptopStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: list[ChangeSet] = []
    store.subscribe(changes.append)

    def refused(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(AnchorFile, "write", refused)
        with pytest.raises(Unavailable, match="The record is kept"):
            finished(store)
    assert len(changes) == 1
    assert [record.record for record in store.records_of("contact")] == list(changes[0].records)
    assert finished(store).envelope.number == 2
    store.check_anchor()


def test_an_anchor_of_a_seat_that_the_store_never_had_means_loss(place: Place) -> None:
    store = place.open()
    finished(store)
    with AnchorFile(place.anchor) as anchor:
        anchor.start_again("0199c0de-0000-7000-8000-00000000ffff", 3, bytes(32))
    with pytest.raises(ChainBehindAnchor):
        store.check_anchor()


def test_an_anchor_with_another_digest_is_tampering(place: Place) -> None:
    store = place.open()
    finished(store)
    with AnchorFile(place.anchor) as anchor:
        anchor.start_again(store.seat.seat, 1, bytes(32))
    with pytest.raises(Tampered, match="not what was saved"):
        store.check_anchor()
