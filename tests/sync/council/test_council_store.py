"""What is kept for ever stays, whoever asks for it to go."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from hipss_desktop.errors import Tampered, Unavailable, UserError
from sync.council import enrolment, migrations
from sync.council import tables as t
from sync.council.administration import erase
from sync.council.bodies import text_of
from sync.council.chain import seat_named
from sync.council.doctor import examine
from sync.council.home import Home, create
from sync.council.opening import opened
from sync.council.receive import push
from sync.council.store import Store
from sync.wire import codes
from sync.wire.messages import Push, WireRevision, from_wire, to_wire
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer


@pytest.fixture
def store(council_folder: CouncilServer) -> Iterator[Store]:
    council_store = opened(Home(council_folder.folder), council_folder.database_url)
    yield council_store
    council_store.close()


def filled(store: Store) -> None:
    """One revision with its text, one erasure order, and one piece of evidence."""
    envelope = {"seat": "s", "record": "r", "jws": "j", "at": "now"}
    with store.writing() as connection:
        connection.execute(
            sa.insert(t.envelope),
            [
                {**envelope, "digest": "d1", "number": 1, "kind": "contact"},
                {**envelope, "digest": "d2", "number": 2, "kind": "contact"},
                {**envelope, "digest": "order", "number": 3, "kind": "erasure"},
            ],
        )
        connection.execute(
            sa.insert(t.body), [{"digest": digest, "sealed": b"0001 text"} for digest in ("d1", "d2", "order")]
        )
        connection.execute(sa.insert(t.erased).values(digest="d2", ordered_by="order"))
        row = {"id": "e", "seat": "s", "number": 1, "jws": b"another", "reason": "r", "pushed_by": "p", "at": "now"}
        row |= {"sealed": b"0001 text", "digest": "d1"}
        connection.execute(sa.insert(t.evidence).values(row))


def everything(store: Store) -> list[list[Any]]:
    with store.reading() as connection:
        return [
            sorted(map(tuple, connection.execute(sa.select(table))), key=str)
            for table in (t.envelope, t.body, t.erased, t.evidence)
        ]


FORBIDDEN = [
    "UPDATE envelope SET jws = 'x' WHERE digest = 'd1'",
    "DELETE FROM envelope WHERE digest = 'd1'",
    "INSERT INTO envelope VALUES ('d1', 's', 1, 'r', 'contact', 'x', 'now')",
    "INSERT INTO envelope VALUES ('d9', 's', 1, 'r', 'contact', 'x', 'now')",
    "UPDATE body SET sealed = (SELECT sealed FROM body WHERE digest = 'order') WHERE digest = 'd1'",
    "UPDATE body SET digest = 'd9' WHERE digest = 'd1'",
    "DELETE FROM body WHERE digest = 'd1'",
    "DELETE FROM body",
    "INSERT INTO body SELECT digest, sealed FROM body WHERE digest = 'd1'",
    "INSERT INTO body SELECT 'd2', sealed FROM body WHERE digest = 'd1'",
    "INSERT INTO erased VALUES ('d1', 'no order')",
    "INSERT INTO erased VALUES ('d1', 'd1')",
    "UPDATE erased SET digest = 'd1'",
    "DELETE FROM erased",
    "UPDATE evidence SET reason = 'x'",
    "UPDATE evidence SET sealed = NULL",
    "UPDATE evidence SET sealed = (SELECT sealed FROM body WHERE digest = 'order')",
    "DELETE FROM evidence",
]
OF_ONE_STORE = {
    "sqlite": [
        "INSERT OR REPLACE INTO envelope VALUES ('d1', 's', 1, 'r', 'contact', 'x', 'now')",
        "INSERT OR REPLACE INTO envelope VALUES ('d9', 's', 1, 'r', 'contact', 'x', 'now')",
        "REPLACE INTO body VALUES ('d1', x'00')",
        "INSERT INTO body VALUES ('d1', x'FF') ON CONFLICT (digest) DO UPDATE SET sealed = excluded.sealed",
        "UPDATE body SET sealed = x'30303031FF' WHERE digest = 'd1'",
        "UPDATE body SET sealed = x'30303030FF' WHERE digest = 'd1'",
        "UPDATE body SET digest = 'd9', sealed = x'30303032FF' WHERE digest = 'd1'",
        "REPLACE INTO erased VALUES ('d2', 'x')",
    ],
    "postgresql": [
        "INSERT INTO body VALUES ('d1', 'x') ON CONFLICT (digest) DO UPDATE SET sealed = excluded.sealed",
        "UPDATE body SET sealed = '0001 other' WHERE digest = 'd1'",
        "UPDATE body SET sealed = '0000 other' WHERE digest = 'd1'",
        "UPDATE body SET digest = 'd9', sealed = '0002 other' WHERE digest = 'd1'",
        "TRUNCATE envelope",
        "TRUNCATE body",
        "TRUNCATE erased",
        "TRUNCATE evidence",
    ],
}


def test_triggers_refuse_every_way_to_change_what_is_kept(store: Store, backend: str) -> None:
    filled(store)
    before = everything(store)
    for statement in [*FORBIDDEN, *OF_ONE_STORE[backend]]:
        with pytest.raises(DBAPIError), store.writing() as connection:  # noqa: PT012  the commit raises
            connection.execute(sa.text(statement))
            pytest.fail(f"not refused: {statement}")
    assert everything(store) == before


def test_an_erasure_order_takes_the_body_and_nothing_else(store: Store) -> None:
    filled(store)
    with store.reading() as connection:
        assert set(connection.scalars(sa.select(t.body.c.digest))) == {"d1", "order"}
        assert set(connection.scalars(sa.select(t.envelope.c.digest))) == {"d1", "d2", "order"}


def test_after_every_migration_the_tables_and_triggers_are_those_described(store: Store) -> None:
    described_triggers = t.TRIGGERS if store.embedded else t.TRIGGERS | t.TRUNCATE_TRIGGERS
    assert store.triggers() == described_triggers
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), t.METADATA) == []
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]
    store.migrate()


def test_a_closed_store_lets_nobody_in_again(council_folder: CouncilServer) -> None:
    council_store = opened(Home(council_folder.folder), council_folder.database_url)
    council_store.close()
    for use in (council_store.reading, council_store.writing):
        with pytest.raises(Unavailable, match="closed"), use():
            pytest.fail("a closed store was used")
    with pytest.raises(Unavailable, match="closed"):
        council_store.scrub()
    assert council_store.engine.pool.status() == store_without_connections(council_store)


def test_a_store_that_cannot_be_brought_up_to_today_is_left_closed(
    council_folder: CouncilServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Store] = []

    class Noted(Store):
        def mark(self) -> str:
            begun.append(self)
            return super().mark()

    monkeypatch.setattr("sync.council.opening.Store", Noted)
    with store.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'from a later program'"))
    with pytest.raises(Unavailable, match=r"newer version of hipss-council"):
        opened(Home(council_folder.folder), council_folder.database_url)
    assert [begun_store.engine.pool.status() for begun_store in begun] == [store_without_connections(store)]


def test_a_newer_store_is_a_sentence_on_every_command(council_folder: CouncilServer, store: Store) -> None:
    with store.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for command in ("held", "serve"):
        assert "Update hipss-council" in council_folder.run(command, expect=1)


BAD_ADDRESSES = [
    "no address",
    "postgresql://x@127.0.0.1:heron/y",
    "mysql://x@127.0.0.1/y",
    "postgresql://x@127.0.0.1/y?heron=kitchen",
    "://",
]


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_a_database_address_that_cannot_be_read_is_a_sentence(tmp_path: Path, address: str) -> None:
    council = CouncilServer(tmp_path / "council", address)
    create(council.folder, "Test council")
    output = council.run("held", expect=2)
    assert "cannot be read" in output
    assert "HIPSS_COUNCIL_DATABASE_URL" in output
    assert "heron" not in output


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://x@database.example/y",
        "postgresql://x@database.example/y?sslmode=require",
        "postgresql:///y?host=database.example&sslmode=prefer",
        "postgresql:///y?host=127.0.0.1&hostaddr=192.0.2.1",
        "postgresql:///y?service=heron",
    ],
)
def test_a_database_on_another_machine_is_not_asked_over_an_open_line(tmp_path: Path, address: str) -> None:
    council = CouncilServer(tmp_path / "council", address)
    create(council.folder, "Test council")
    assert "sslmode=verify-full" in council.run("held", expect=2)


def test_an_address_that_is_refused_leaves_no_council_behind(tmp_path: Path) -> None:
    folder = tmp_path / "council"
    assert "sslmode=verify-full" in CouncilServer(folder, "postgresql://x@database.example/y").run("init", expect=2)
    assert not folder.exists()
    CouncilServer(folder).run("init")


def test_a_verified_line_is_asked_for_and_not_only_named(tmp_path: Path, postgres_url: str) -> None:
    database_url = postgres_url.replace("127.0.0.1", "127.0.0.2") + "?sslmode=verify-full"  # a cluster without TLS
    council = CouncilServer(tmp_path / "council", database_url)
    create(council.folder, "Test council")
    assert "cannot be used just now" in council.run("held", expect=1)


def test_a_forgotten_or_a_new_address_makes_no_second_store(council_folder: CouncilServer) -> None:
    assert council_folder.run("held")
    other_council = CouncilServer(
        council_folder.folder, "" if council_folder.database_url else "postgresql://x@127.0.0.1/y"
    )
    council_folder.close()
    before = sorted(file.name for file in council_folder.folder.iterdir())
    output = other_council.run("held", expect=1)
    assert ("in PostgreSQL" if council_folder.database_url else "in its own folder") in output
    assert sorted(file.name for file in council_folder.folder.iterdir()) == before
    assert council_folder.run("held")


def test_an_embedded_store_of_before_is_known_again(tmp_path: Path) -> None:
    council = CouncilServer(tmp_path / "council")
    council.init()
    council.close()
    file = council.folder / "council.json"
    settings = json.loads(file.read_text())
    assert settings.pop("store") == "embedded"
    file.write_text(json.dumps(settings))
    other = CouncilServer(council.folder, "postgresql://x@127.0.0.1/y")
    assert "in its own folder" in other.run("held", expect=1)


def store_without_connections(store: Store) -> str:
    """What a pool of the same kind says of itself that has lent and kept nothing."""
    return store.engine.pool.recreate().status()


def test_a_missing_trigger_is_found(council_folder: CouncilServer, store: Store) -> None:
    with store.writing() as connection:
        connection.execute(sa.text("DROP TRIGGER body_delete" + ("" if store.embedded else " ON body")))
    assert ["body_delete" in finding.what for finding in examine(council_folder.admin).findings] == [True]


def test_an_erased_text_is_gone_here_and_for_every_laptop(council_server: CouncilServer) -> None:
    laptop, reader = council_server.laptop(), council_server.laptop("C. Powell", "lead")
    phrase = "The heron stood in the kitchen."
    written = laptop.write(fields={"happening": phrase})
    laptop.push(written, laptop.write())
    order = erase(council_server.admin, [written.digest], "Article 17(1)(d)")
    for asking in (laptop, reader):
        have = asking.have().have
        assert asking.pull(have, bodies=[written.digest]).bodies == {}
    assert order.digest in {revision.digest for revision in map(from_wire, reader.pull_all())}
    examined = examine(council_server.admin)
    assert examined.findings == []
    laptop.push(written)
    assert examine(council_server.admin) == examined
    with pytest.raises(UserError, match="cannot be erased"):
        erase(council_server.admin, [order.digest], "None")


def test_an_erasure_reaches_the_other_side_of_a_fork_and_keeps_it_from_coming_back(
    council_server: CouncilServer,
) -> None:
    laptop = council_server.laptop()
    laptop.push(laptop.write())
    phrase = "The heron stood in the kitchen."
    laptop.chain.clear()
    other = laptop.write(fields={"happening": phrase})
    with pytest.raises(Refused) as forked:
        laptop.push(other)
    assert forked.value.refusal.code == "forked"
    findings = council_server.json("doctor", expect=1)["findings"]
    assert [finding["digest"] for finding in findings] == [other.digest]

    def texts() -> list[bytes]:
        with council_server.admin.store.reading() as connection:
            query = sa.select(t.evidence.c.digest, t.evidence.c.sealed).where(t.evidence.c.seat == laptop.seat)
            rows = connection.execute(query.where(t.evidence.c.sealed.is_not(None))).all()
            return [text_of(connection, *row).body or b"" for row in rows]

    assert [phrase in text.decode() for text in texts()] == [True]
    with pytest.raises(UserError, match="Not all of these"):
        erase(council_server.admin, ["0" * 64], "Article 17(1)(d)")
    erase(council_server.admin, [other.digest], "Article 17(1)(d)")
    assert texts() == []
    twice = to_wire(other)
    with pytest.raises(Refused):  # the same text beside another signature is another piece of evidence
        laptop.push_wired([WireRevision(twice.jws[:-4] + "AAAA", twice.body, twice.salt)])
    assert texts() == []


def test_evidence_loses_its_text_to_an_order_alone(council_folder: CouncilServer, store: Store) -> None:
    filled(store)
    with store.writing() as connection, pytest.raises(DBAPIError, match="kept for ever"):
        connection.execute(sa.text("UPDATE evidence SET sealed = NULL"))


def test_the_embedded_store_cannot_be_read_without_its_key(tmp_path: Path) -> None:
    council = CouncilServer(tmp_path / "council")
    council.init()
    council.start()
    phrase = "The heron stood in the kitchen."
    try:
        laptop = council.laptop("Unusual Surname")
        laptop.push(laptop.write(fields={"happening": phrase}))
    finally:
        council.stop()
    for file in council.folder.iterdir():
        content = file.read_bytes()
        assert phrase.encode() not in content
        assert b"Unusual Surname" not in content
        assert file.stat().st_mode & 0o077 == 0 or file.name == "server.log", file.name
    assert not (council.folder / "council.db").read_bytes().startswith(b"SQLite")
    (council.folder / "store.key").unlink()
    with pytest.raises(Tampered, match=r"store\.key"):
        opened(Home(council.folder), "")


@pytest.mark.parametrize("spoil", ["jws", "body", "sealed", "chain", "seat"])
def test_the_doctor_finds_what_was_changed_behind_the_councils_back(council_folder: CouncilServer, spoil: str) -> None:
    admin, laptop = council_folder.admin, Laptop("")
    secret = codes.read(council_folder.invite())[0]
    enrolment.enrol(admin, laptop.enrol_request(codes.written(secret, admin.home.public)))
    with admin.store.reading() as connection:
        seat = seat_named(admin, connection, laptop.seat)
    assert seat is not None
    push(admin, seat, Push(seat.seat, [to_wire(laptop.write()) for _ in range(3)]))
    store = admin.store
    assert examine(admin).findings == []
    table, change = {
        "jws": ("envelope", "UPDATE envelope SET jws = replace(jws, '.', '!.') WHERE number = 2"),
        "body": ("body", "DELETE FROM body"),
        "sealed": (
            "body",
            "UPDATE body SET sealed = (SELECT sealed FROM body WHERE digest = (SELECT max(digest) FROM body))",
        ),
        "chain": ("chain", "UPDATE chain SET number = number - 1"),
        "seat": ("seat", "UPDATE seat SET role = 'manager'"),
    }[spoil]
    with store.writing() as connection:
        for trigger in sorted(t.TRIGGERS):
            if trigger.startswith(f"{table}_"):
                connection.execute(sa.text(f"DROP TRIGGER {trigger}" + ("" if store.embedded else f" ON {table}")))
        connection.execute(sa.text(change))
    findings = examine(admin).findings
    assert any("trigger" not in finding.what for finding in findings)


@pytest.mark.parametrize(
    ("leaves", "became", "ordered_by", "goes"),
    [
        (True, "order", "mending", True),
        (False, "order", "mending", False),
        (True, "", "mending", False),
        (True, "not here", "mending", False),
        (True, "order", "order", False),
    ],
    ids=["stands again", "its revision stays", "was erased", "stands nowhere", "no mending order"],
)
def test_a_text_of_a_way_that_was_left_goes_only_where_an_order_says_where_the_same_stands(
    store: Store, leaves: bool, became: str, ordered_by: str, goes: bool
) -> None:
    filled(store)
    evidence_row = {
        "id": "left",
        "seat": "s",
        "number": 1,
        "jws": b"j",
        "reason": "r",
        "pushed_by": "p",
        "at": "now",
        "digest": "d1",
    }
    order = {"digest": "mending", "seat": "s", "number": 4, "record": "r", "kind": "mending", "jws": "j", "at": "now"}
    with store.writing() as connection:
        connection.execute(sa.insert(t.evidence).values(evidence_row))
        connection.execute(sa.insert(t.envelope).values(order))
        connection.execute(sa.insert(t.mended).values(digest="d1", became=became, ordered_by=ordered_by))
        if leaves:
            connection.execute(sa.delete(t.envelope).where(t.envelope.c.digest == "d1"))
    remove = sa.delete(t.body).where(t.body.c.digest == "d1")
    if goes:
        with store.writing() as connection:
            assert connection.execute(remove).rowcount == 1
    else:
        with pytest.raises(DBAPIError, match="kept for ever"), store.writing() as connection:
            connection.execute(remove)
