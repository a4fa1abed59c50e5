"""Nothing that was written is ever overwritten, and a guard that is missing is missed."""

from contextlib import closing
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver
import sqlite_utils
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from db import guards
from db.connection import Storage
from db.doctor import examine
from db.migrations import MIGRATIONS
from db.store import LaptopStore
from db.tables import ddl, evidence_tables, triggers
from hipss_desktop.errors import Unavailable
from hipss_desktop.records.revision import opened, verify
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.store_settings import StoreSetting
from tests.db.store.conftest import Place
from tests.db.store.seats import OtherSeat, absorb, amended, bare, contact, finished, know
from tests.helpers.store_fixtures import sign_in_as

ATTEMPTS = (
    "UPDATE envelope SET kind = 'action'",
    "UPDATE OR REPLACE envelope SET seat = 'x', number = 1",
    "DELETE FROM envelope",
    "INSERT OR REPLACE INTO envelope SELECT id, digest, seat, number, record, 'x', jws FROM envelope",
    "INSERT OR REPLACE INTO envelope SELECT id + 100, digest, 'x', 99, record, 'x', jws FROM envelope LIMIT 1",
    "INSERT OR REPLACE INTO envelope SELECT id + 100, 'x', seat, number, record, 'x', jws FROM envelope LIMIT 1",
    "INSERT OR IGNORE INTO envelope SELECT * FROM envelope",
    "INSERT INTO envelope SELECT * FROM envelope WHERE true ON CONFLICT(digest) DO UPDATE SET kind = 'x'",
    "UPDATE body SET content = x'00'",
    "DELETE FROM body",
    "INSERT OR REPLACE INTO body SELECT digest, salt, x'00' FROM body",
    "INSERT INTO body SELECT * FROM body WHERE true ON CONFLICT(digest) DO UPDATE SET content = x'00'",
)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_no_statement_changes_an_envelope_or_a_body(store: LaptopStore, attempt: str) -> None:
    revision = finished(store)
    with store.storage.writing() as connection, pytest.raises(driver.IntegrityError, match="append-only"):
        connection.connection.driver_connection.execute(attempt)  # type: ignore[union-attr]  # it is open
    assert store.revision(revision.digest) == revision


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_second_connection_that_has_the_key_is_refused_the_same(place: Place, attempt: str) -> None:
    revision = finished(place.open())
    with closing(place.raw()) as second, pytest.raises(driver.IntegrityError, match="append-only"):
        second.execute(attempt)
    assert place.opened[0].revision(revision.digest) == revision


def test_naming_a_body_as_erased_without_the_councils_order_frees_nothing(store: LaptopStore) -> None:
    revision = finished(store)
    with store.storage.writing() as connection:
        connection.exec_driver_sql("INSERT INTO erased VALUES (?, ?)", (revision.digest, revision.digest))
        with pytest.raises(driver.IntegrityError, match="append-only"):
            connection.connection.driver_connection.execute("DELETE FROM body")  # type: ignore[union-attr]  # it is open


def test_the_triggers_are_there_after_every_migration(tmp_path: Path) -> None:
    names = [migration.name for migration in MIGRATIONS.pending(sqlite_utils.Database(memory=True))]
    for count in range(len(names) + 1):
        path = tmp_path / f"{count}.db"
        storage = Storage(path, bytes(32))
        with storage.writing():
            MIGRATIONS.apply(sqlite_utils.Database(storage.raw), stop_before=names[count:])
        storage.close()
        store = LaptopStore(path, bytes(32), anchor=tmp_path / f"{count}.anchor")
        with store.storage.reading() as connection:
            assert guards.held(connection) == triggers()
        sign_in_as(store, role="on_call")
        assert not examine(store).findings
        store.close()


def shape(path: Path, *statements: str) -> dict[str, object]:
    """Every table as SQLite describes it: columns, keys and indexes with their columns."""
    with closing(driver.connect(str(path), isolation_level=None)) as connection:
        if path.name == "store.db":
            connection.execute(f"PRAGMA key = \"x'{bytes(32).hex()}'\"")
        for statement in statements:
            connection.execute(statement)
        descriptions: dict[str, object] = {}
        for table in evidence_tables.tables:
            indexes = connection.execute(
                'SELECT "unique", origin, partial, (SELECT group_concat(name) FROM pragma_index_info(each.name)) '
                "FROM pragma_index_list(?) AS each ORDER BY 4",
                (table,),
            ).fetchall()
            columns = connection.execute("SELECT * FROM pragma_table_xinfo(?)", (table,)).fetchall()
            descriptions[table] = (columns, indexes)
        return descriptions


def test_the_migrated_tables_are_those_that_core_describes(tmp_path: Path) -> None:
    LaptopStore(tmp_path / "store.db", bytes(32), anchor=tmp_path / "anchor").close()
    assert shape(tmp_path / "store.db") == shape(tmp_path / "described.db", *ddl(evidence_tables))


def test_a_migration_that_was_cut_short_is_taken_again_from_the_start(tmp_path: Path) -> None:
    storage = Storage(tmp_path / "store.db", bytes(32))

    def cut_short() -> None:
        with storage.writing():
            MIGRATIONS.apply(sqlite_utils.Database(storage.raw))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_short()
    storage.close()
    store = LaptopStore(tmp_path / "store.db", bytes(32), anchor=tmp_path / "anchor")
    finished(store)
    store.close()


def test_a_store_that_a_newer_program_wrote_is_refused_and_left_as_it_is(place: Place) -> None:
    place.open()
    place.close()
    with closing(place.raw()) as newer:
        newer.execute("INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES ('hipss', '9999', '')")
        newer.execute("DROP TRIGGER body_never_updated")
    with pytest.raises(Unavailable, match="newer version"):
        place.open()
    with closing(place.raw()) as newer:
        assert newer.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone()[0] == 5


def test_doctor_says_that_a_guard_is_gone_while_the_store_is_open(place: Place) -> None:
    store = place.open()
    assert not examine(store).findings
    with closing(place.raw()) as second:
        second.execute("DROP TRIGGER body_never_deleted")
    assert [finding.problem for finding in examine(store).findings] == [guards.MISSING]


@pytest.mark.parametrize(
    "tampering",
    [
        "DROP TRIGGER envelope_never_updated",
        "DROP TRIGGER body_never_deleted; CREATE TRIGGER body_never_deleted BEFORE DELETE ON body BEGIN SELECT 1; END",
        "CREATE TRIGGER unasked AFTER INSERT ON body BEGIN DELETE FROM draft; END",
    ],
)
def test_opening_puts_a_missing_guard_back_and_never_hides_that_it_was_gone(place: Place, tampering: str) -> None:
    revision = finished(place.open())
    place.close()
    with closing(place.raw()) as second:
        second.executescript(tampering)
    for _ in range(2):  # not only the first opening says so
        store = place.open()
        assert [finding.problem for finding in examine(store, rebuild=True).findings] == [guards.MISSING]
        assert guards.MISSING in store.setting(StoreSetting.NOTICE)
        with store.storage.reading() as connection:
            assert guards.whole(connection)
        assert store.revision(revision.digest) == revision
        place.close()


def left_in(place: Place, words: str) -> bool:
    """Whether words stand anywhere in the store's pages, also in freed ones."""
    with closing(place.raw()) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return words.encode() in decrypted(place)


def decrypted(place: Place) -> bytes:
    """The bytes of every page, free ones as well, which an export of the tables would leave out."""
    content, plaintext = place.file.read_bytes(), bytearray()
    for start in range(0, len(content), 4096):
        page = content[start + (16 if start == 0 else 0) : start + 4096]
        sealed, vector = page[:-80], page[-80:-64]  # SQLCipher 4: 16 bytes of IV, 64 of HMAC-SHA512 end a page
        opener = Cipher(algorithms.AES(place.key), modes.CBC(vector)).decryptor()
        plaintext += opener.update(sealed) + opener.finalize()
    return bytes(plaintext)


def test_the_councils_order_erases_text_and_search_words_from_the_file_and_the_envelope_still_verifies(
    place: Place,
) -> None:
    store, council = place.open(), OtherSeat()
    know(store, council)
    erased_contact = finished(store, contact("the brindled lurcher barked all night"))
    other_contact = finished(store, contact("a quiet evening with pancakes"))
    with store.write() as unit:
        unit.put_draft(store_draft(store, erased_contact.envelope.record))
    assert left_in(place, "brindled lurcher")
    absorb(store, council.order(erased_contact.digest))
    assert not left_in(place, "brindled lurcher")
    assert not left_in(place, "brindled")
    assert left_in(place, "pancakes")
    stored_revision = store.revision(erased_contact.digest)
    assert stored_revision is not None
    assert stored_revision.body is stored_revision.salt is None
    verify(opened(stored_revision.jws, None, None), store.signing_key)
    assert store.search("lurcher") == []
    assert [record.record for record in store.search("pancakes")] == [other_contact.envelope.record]
    current = store.get(erased_contact.envelope.record)
    assert current is not None
    assert (current.incomplete, dict(current.fields)) == (True, {})
    assert store.records_about("0199c0de-0000-7000-8000-0000000000c1")[0].record == other_contact.envelope.record
    assert store.draft(erased_contact.envelope.record) is None  # an amendment under way held the text
    assert store.missing_bodies() == []
    assert not examine(store).findings


def store_draft(store: LaptopStore, record: str) -> Draft:
    """The draft of an amendment."""
    current = store.get(record)
    assert current is not None
    return Draft(record, "contact", 1, current.fields, parents=current.heads, saved="2017-03-14T02:15:00+00:00")


def test_an_order_from_any_other_seat_erases_nothing(store: LaptopStore, council: OtherSeat) -> None:
    revision, stranger = finished(store), OtherSeat()
    absorb(store, stranger.order(revision.digest))
    with store.write() as unit:
        fields = {"digests": [revision.digest], "basis": "None"}
        unit.append(record="r", kind="erasure", action="finish", fields=fields, changed=["digests"], parents=())
    assert store.revision(revision.digest) == revision


def test_text_that_comes_after_its_erasure_order_is_not_kept(store: LaptopStore, council: OtherSeat) -> None:
    other = OtherSeat()
    late = other.sign(contact("came too late"))
    absorb(store, council.order(late.digest))
    absorb(store, late)
    stored_revision = store.revision(late.digest)
    assert stored_revision is not None
    assert stored_revision.body is None
    assert store.missing_bodies() == []


def test_an_order_whose_text_comes_later_erases_when_it_comes(store: LaptopStore, council: OtherSeat) -> None:
    revision = finished(store)
    order = council.order(revision.digest)
    absorb(store, bare(order))
    assert store.revision(revision.digest) == revision
    with store.write() as unit:
        unit.fill_bodies([order])
    stored_revision = store.revision(revision.digest)
    assert stored_revision is not None
    assert stored_revision.body is None


def test_an_order_in_the_same_batch_as_what_it_names_leaves_one_projection(
    store: LaptopStore, council: OtherSeat
) -> None:
    release = council.sign({"digest": "0" * 64, "why": "Looked at"}, kind="release")
    absorb(store, release, council.order(release.digest))
    current = store.get(release.envelope.record)
    assert current is not None
    assert current.incomplete


def test_a_withdrawn_record_stays_readable_with_its_reason(store: LaptopStore) -> None:
    revision = finished(store)
    gone = amended(store, revision.envelope.record, {}, action="withdraw", why="Written for the wrong child")
    current = store.get(revision.envelope.record)
    assert current is not None
    assert current.withdrawn
    assert current.fields["happening"] == "Shouting over a phone"
    content = store.revisions(revision.envelope.record)[-1].content()
    assert content is not None
    assert content.why == "Written for the wrong child"
    assert store.revision(gone.digest) == gone
