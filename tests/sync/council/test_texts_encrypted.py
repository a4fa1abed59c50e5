"""Each text lies in the council's store under a key of its own, and an erasure destroys that key."""

import os
import secrets
import shutil
import sys
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from hipss_desktop.errors import Tampered
from hipss_desktop.records.revision import Revision
from sync.council import bodies, keys, migrations, showing
from sync.council import tables as t
from sync.council.administration import erase
from sync.council.doctor import examine
from sync.council.home import Home
from sync.council.keys import KeyFile, fresh_tree
from sync.council.store import Store, embedded_engine, postgresql_engine
from sync.wire.messages import WireRevision, from_wire, to_wire
from tests.helpers import forked
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import ROOT, CouncilServer
from tests.sync.council.test_council_restore import heal

PHRASE = "The heron stood in the kitchen."
OTHER = "The kettle was still warm."


def sealed(council: CouncilServer, digest: str) -> bytes:
    with council.admin.store.reading() as connection:
        content = connection.scalar(sa.select(t.body.c.sealed).where(t.body.c.digest == digest))
    assert content is not None
    return bytes(content)


def texts(council: CouncilServer) -> dict[str, bytes | None]:
    """What the council reads of each text in its store."""
    with council.admin.store.reading() as connection:
        rows = connection.execute(sa.select(t.body.c.digest, t.body.c.sealed)).all()
        return {digest: bodies.text_of(connection, digest, content).body for digest, content in rows}


def written(laptop: Laptop, *phrases: str) -> list[Revision]:
    revisions = [laptop.write(fields={"happening": phrase}) for phrase in phrases]
    laptop.push(*revisions)
    return revisions


def fork(laptop: Laptop, phrase: str) -> Revision:
    """A second revision of number 1, which the council keeps as evidence."""
    laptop.chain.clear()
    other = laptop.write(fields={"happening": phrase})
    with pytest.raises(Refused, match="forked"):
        laptop.push(other)
    return other


def files_of_postgresql(url: str) -> list[Path]:
    """Every file of the cluster, its log among them."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    return [file for file in Path(folder).rglob("*") if file.is_file()]


def test_no_text_and_no_salt_is_readable_in_the_store_or_in_a_database_log(council_server: CouncilServer) -> None:
    laptop = council_server.laptop()
    phrase = f"The heron stood in the kitchen {secrets.token_hex(8)}."
    (revision,) = written(laptop, phrase)
    other = fork(laptop, phrase + " Twice.")
    with council_server.admin.store.reading() as connection:
        stored = [bytes(row) for row in connection.scalars(sa.select(t.body.c.sealed))]
        stored += [bytes(row) for row in connection.scalars(sa.select(t.evidence.c.sealed)) if row is not None]
    assert len(stored) > 2
    assert revision.salt
    assert other.salt
    needles = (phrase.encode(), revision.salt, other.salt)
    if council_server.database_url:
        files = files_of_postgresql(council_server.database_url)
        assert any(other.jws.encode() in file.read_bytes() for file in files)  # the files are those that it writes
        stored += [file.read_bytes() for file in files]
    assert not [needle for needle in needles for content in stored if needle in content]
    reader = council_server.laptop("C. Powell", "lead")
    assert phrase.encode() in (reader.pull({}, bodies=[revision.digest]).bodies[revision.digest].body or "").encode()


def test_an_erasure_makes_every_older_copy_of_the_database_useless_for_that_text_alone(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    laptop = council_server.laptop()
    erased, stays = written(laptop, PHRASE, OTHER)
    side = fork(laptop, PHRASE)
    former_keys = (council_server.folder / "keys.json").read_bytes()
    council_server.stop()
    copy = council_server.copy(tmp_path / "copy")
    council_server.start()
    erase(council_server.admin, [erased.digest, side.digest], "Article 17(1)(d)")
    assert PHRASE.encode() in (texts(copy)[erased.digest] or b"")
    (copy.folder / "keys.json").write_bytes((council_server.folder / "keys.json").read_bytes())
    read = texts(copy)
    assert read[erased.digest] is None
    assert OTHER.encode() in (read[stays.digest] or b"")
    with copy.admin.store.reading() as connection:
        query = sa.select(t.evidence.c.digest, t.evidence.c.sealed).where(t.evidence.c.sealed.is_not(None))
        assert [bodies.text_of(connection, *row).body for row in connection.execute(query).all()] == [None]
    named = {finding.digest for finding in examine(copy.admin).findings if "was erased" in finding.what}
    assert named == {erased.digest, side.digest}
    assert former_keys not in [file.read_bytes() for file in council_server.folder.iterdir()]
    copy.close()


def test_the_keys_that_an_erasure_takes_away_are_overwritten_where_they_lay(council_server: CouncilServer) -> None:
    (erased,) = written(council_server.laptop(), PHRASE)
    former = council_server.folder / "former"
    os.link(council_server.folder / "keys.json", former)
    size = former.stat().st_size
    erase(council_server.admin, [erased.digest], "Article 17(1)(d)")
    assert former.read_bytes() == bytes(size)


def test_what_a_killed_replacement_of_the_keys_left_is_overwritten_by_the_next_one(
    council_server: CouncilServer,
) -> None:
    (erased,) = written(council_server.laptop(), PHRASE)
    left_over, looked_at = council_server.folder / "keys.json.4711.new", council_server.folder / "looked_at"
    left_over.write_bytes((council_server.folder / "keys.json").read_bytes())
    os.link(left_over, looked_at)
    size = looked_at.stat().st_size
    erase(council_server.admin, [erased.digest], "Article 17(1)(d)")
    assert not left_over.exists()
    assert looked_at.read_bytes() == bytes(size)


def test_an_erasure_that_was_killed_before_its_key_was_destroyed_ends_at_the_next_opening(
    council_server: CouncilServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased, stays = written(council_server.laptop(), PHRASE, OTHER)

    def killed(_: Store) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bodies, "destroy_erased", killed)
        with pytest.raises(KeyboardInterrupt):
            erase(council_server.admin, [erased.digest], "Article 17(1)(d)")
    file = council_server.admin.home.keys
    assert file.read().holds(erased.digest)
    council_server.close()
    assert council_server.json("doctor")["findings"] == []
    assert not file.read().holds(erased.digest)
    assert file.read().holds(stays.digest)


def test_an_order_that_laptops_bring_back_destroys_the_key_of_a_folder_that_was_put_back_too(
    council_server: CouncilServer, tmp_path: Path
) -> None:
    laptop = council_server.laptop()
    (erased,) = written(laptop, PHRASE)
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    council_server.start()
    laptop.url = council_server.url
    erase(council_server.admin, [erased.digest], "Article 17(1)(d)")
    everything = laptop.pull_all()
    council_server.stop()
    backup.start()
    try:
        keys = backup.admin.home.keys  # opened before the order comes, so that no opening ends it
        assert keys.read().holds(erased.digest)
        heal(laptop, backup.url, everything)
        assert not keys.read().holds(erased.digest)
        assert erased.digest not in texts(backup)
    finally:
        backup.stop()


@pytest.mark.parametrize("with_text", [True, False], ids=["with its text", "without"])
def test_an_erased_text_does_not_come_back_to_a_store_that_forgot_the_order(
    council_server: CouncilServer, tmp_path: Path, with_text: bool
) -> None:
    laptop = council_server.laptop()
    council_server.stop()
    backup = council_server.copy(tmp_path / "backup")
    council_server.start()
    laptop.url = council_server.url
    (erased,) = written(laptop, PHRASE)
    erase(council_server.admin, [erased.digest], "Article 17(1)(d)")
    council_server.stop()
    (backup.folder / "keys.json").write_bytes((council_server.folder / "keys.json").read_bytes())
    backup.start()
    try:
        laptop.url = backup.url
        came = to_wire(erased) if with_text else WireRevision(erased.jws)
        assert laptop.push_wired([came], laptop.seat).results[0].outcome == "stored"
        assert erased.digest not in texts(backup)
        assert erased.digest not in laptop.have().lacking
    finally:
        backup.stop()


def test_a_text_opens_under_no_other_name(council_server: CouncilServer) -> None:
    first, second = written(council_server.laptop(), PHRASE, OTHER)
    with council_server.admin.store.reading() as connection, pytest.raises(Tampered):
        bodies.text_of(connection, first.digest, sealed(council_server, second.digest))


def test_two_texts_that_share_a_key_by_chance_open_under_their_own_names_alone(
    council_folder: CouncilServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "PLACE_BYTES", 1)  # 256 places, so that it happens
    laptop, (tree,) = Laptop(""), council_folder.admin.home.keys.read().texts
    places: dict[bytes | None, list[Revision]] = {}
    while max(map(len, places.values()), default=0) < 2:
        revision = laptop.write()
        places.setdefault(tree.key_of(revision.digest), []).append(revision)
    first, second = next(pair for pair in places.values() if len(pair) == 2)
    with council_folder.admin.store.writing() as connection:
        bodies.keep(connection, [first, second])
        stored = dict(connection.execute(sa.select(t.body.c.digest, t.body.c.sealed)).all())
        assert bodies.text_of(connection, first.digest, stored[first.digest]).body == first.body
        with pytest.raises(Tampered):
            bodies.text_of(connection, first.digest, stored[second.digest])


def test_a_text_that_was_changed_in_the_store_is_given_to_nobody_and_stops_nobody(
    council_server: CouncilServer,
) -> None:
    laptop = council_server.laptop()
    changed, stays = written(laptop, PHRASE, OTHER)
    content = sealed(council_server, changed.digest)
    with council_server.admin.store.writing() as connection:
        on = "" if council_server.admin.store.embedded else " ON body"
        connection.execute(sa.text(f"DROP TRIGGER body_update{on}"))
        row = sa.update(t.body).where(t.body.c.digest == changed.digest)
        connection.execute(row.values(sealed=content[:-1] + bytes([content[-1] ^ 1])))
    came = {revision.digest: revision for revision in map(from_wire, laptop.pull({}).revisions)}
    assert came[changed.digest].body is None
    assert came[stays.digest].body == stays.body
    words = [finding.what for finding in examine(council_server.admin).findings if finding.digest == changed.digest]
    assert words == ["A version or its text is not what was signed."]


def as_before(council: CouncilServer, folder: Path, url: str) -> CouncilServer:
    """The same council as a program of before stored it: every text in the clear, and no keys."""
    folder.mkdir()
    for name in ("council.json", "signing.key", "anchor.json"):
        shutil.copy(council.folder / name, folder / name)
    before, home = CouncilServer(folder, url), Home(folder)
    if url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    engine = store_of(home, url)
    engine.migrate("0007")
    old = sa.MetaData()
    with engine.writing() as into, council.admin.store.reading() as out:
        old.reflect(into)
        for table in (table for table in t.METADATA.sorted_tables if table.name in old.tables):
            for row in out.execute(sa.select(table)).mappings().all():
                values = dict(row)
                if "sealed" in values:
                    text = bodies.text_of(out, values["digest"], values.pop("sealed"))
                    values |= text._asdict()
                into.execute(sa.insert(old.tables[table.name]).values(values))
    engine.close()
    return before


def store_of(home: Home, url: str) -> Store:
    """A store without bringing it up to today."""
    return Store(postgresql_engine(url) if url else embedded_engine(home), home.keys)


KILLED = """
import os, signal, sys
from pathlib import Path
from sync.council import bodies
from sync.council.home import Home
from sync.council.opening import opened
bodies.BATCH = 2
left, begin = [int(sys.argv[2])], bodies._seal_batch
def counted(*arguments):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return begin(*arguments)
bodies._seal_batch = counted
opened(Home(Path(sys.argv[1])))
"""


def test_a_store_of_before_is_encrypted_at_the_next_start_whatever_kills_it(
    council_server: CouncilServer, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    laptop = council_server.laptop()
    revisions = written(laptop, *(f"{PHRASE} {number}" for number in range(5)))
    erase(council_server.admin, [revisions[0].digest], "Article 17(1)(d)")
    side = fork(laptop, OTHER)
    deposit = council_server.json("device", "recovery", laptop.seat, "--by", laptop.person)
    texts_before = texts(council_server)
    url = request.getfixturevalue("new_database")() if council_server.database_url else ""
    before = as_before(council_server, tmp_path / "before", url)
    for batches in (0, 2, 1, 3):
        program = [sys.executable, "-c", KILLED, str(before.folder), str(batches)]
        ended = forked.run(program, imported="sync.council.cli", env=before.environment, cwd=ROOT, capture_output=True)
        assert ended.returncode == -9, ended.stderr
    assert texts(before) == texts_before
    store = before.admin.store
    with store.reading() as connection:
        assert not {"plain_body", "plain_evidence"} & set(sa.inspect(connection).get_table_names())
        query = sa.select(t.evidence.c.digest, t.evidence.c.sealed)
        assert [bodies.text_of(connection, *row).body for row in connection.execute(query).all()] == [side.body]
    assert store.mark() == migrations.HEAD
    assert [finding.digest for finding in examine(before.admin).findings] == [side.digest]
    assert store.triggers() == (t.TRIGGERS if store.embedded else t.TRIGGERS | t.TRUNCATE_TRIGGERS)
    showing.accept_statement(before.admin)
    assert before.json("device", "recovery", laptop.seat, "--by", laptop.person)["recovery"] == "ABCDE-FGHJK"
    assert deposit["recovery"] == "ABCDE-FGHJK"
    if url:
        assert not [file for file in data_files(url) if PHRASE.encode() in file.read_bytes()]
    before.start()
    try:
        laptop.url = before.url
        laptop.ask_token()
        came = laptop.pull({}, bodies=[revision.digest for revision in revisions]).bodies
        assert {from_wire(text).digest for text in came.values()} == {revision.digest for revision in revisions[1:]}
    finally:
        before.stop()


def data_files(url: str) -> list[Path]:
    """The files of one database, without the cluster's log."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        query = "SELECT oid FROM pg_database WHERE datname = current_database()"
        (number,) = connection.execute(query).fetchone() or (0,)
    return [file for file in files_of_postgresql(url) if f"/base/{number}/" in str(file)]


DIGESTS = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=12, unique=True)


@given(digests=DIGESTS, data=st.data())
def test_to_destroy_keys_destroys_these_and_no_other(digests: list[str], data: st.DataObject) -> None:
    tree = fresh_tree(1)
    before = {digest: tree.key_of(digest) for digest in digests}
    assert len(set(before.values())) == len(digests)
    gone = data.draw(st.lists(st.sampled_from(digests), unique=True))
    halves = data.draw(st.integers(0, len(gone)))
    without = tree.without(gone[:halves]).without(gone[halves:]).without(gone)
    assert {digest: without.key_of(digest) for digest in digests} == {
        digest: None if digest in gone else key for digest, key in before.items()
    }
    assert [without.holds(digest) for digest in digests] == [digest not in gone for digest in digests]
    assert not {key for digest, key in before.items() if digest in gone} & set(without.nodes.values())


def test_a_file_of_keys_is_read_anew_when_another_process_has_replaced_it(tmp_path: Path) -> None:
    first_file, second_file = KeyFile(tmp_path / "keys.json"), KeyFile(tmp_path / "keys.json")
    first_file.begin({"codes": secrets.token_bytes(32)})
    digest = secrets.token_hex(32)
    assert second_file.read().holds(digest)
    first_file.replace(first_file.read().without([digest]))
    assert not second_file.read().holds(digest)
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0
