"""The tables of a laptop's store, described once as SQLAlchemy Core tables.

Migrations create the ``evidence_tables``, which are never rebuilt. The ``projection_tables`` are derived from the evidence, and
are dropped and rebuilt whenever their description changes. ``ddl`` gives the SQL of either. Must not hold a connection.
"""

import hashlib

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

evidence_tables = MetaData()
projection_tables = MetaData()
DIALECT = sqlite.dialect()

envelope = Table(
    "envelope",
    evidence_tables,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("seat", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("record", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("jws", Text, nullable=False),
    UniqueConstraint("seat", "number"),
    Index("envelope_record", "record"),
)

body = Table(
    "body",
    evidence_tables,
    Column("digest", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

receipt = Table(
    "receipt",
    evidence_tables,
    Column("seat", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("jws", Text, nullable=False),
    Column("at", Text, nullable=False),
)

draft = Table(
    "draft",
    evidence_tables,
    Column("record", Text, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("saved", Text, nullable=False),
)

setting = Table(
    "setting",
    evidence_tables,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

evidence = Table(
    "evidence",
    evidence_tables,
    Column("id", Integer, primary_key=True),
    Column("what", Text, nullable=False),
    Column("jws", Text, nullable=False),
    Column("content", LargeBinary),
    Column("at", Text, nullable=False),
)

council = Table(
    "council",
    evidence_tables,
    Column("seat", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("digest", Text, nullable=False),
)

held = Table(
    "held",
    evidence_tables,
    Column("digest", Text, primary_key=True),
    Column("why", Text, nullable=False),
)

erased = Table(
    "erased",
    evidence_tables,
    Column("digest", Text, primary_key=True),
    Column("by_order", Text, nullable=False),
)

chain = Table(
    "chain",
    projection_tables,
    Column("seat", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("digest", Text, nullable=False),
)

current = Table(
    "current",
    projection_tables,
    Column("id", Integer, primary_key=True),
    Column("record", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("heads", Text, nullable=False),
    Column("conflicts", Text, nullable=False),
    Column("withdrawn", Integer, nullable=False),
    Column("disputed", Integer, nullable=False),
    Column("incomplete", Integer, nullable=False),
    Column("own_number", Integer, nullable=False),
    Column("versions", Integer, nullable=False),
    Column("author", Text, nullable=False),
    Column("clock", Text, nullable=False),
    Column("due", Integer),
    Column("stage", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Index("current_kind", "kind", "id", "withdrawn"),
    Index("current_stage", "kind", "stage", "id", "withdrawn"),
    Index("current_reference", "reference"),
)
Index("current_due", current.c.kind, current.c.due, current.c.id, sqlite_where=current.c.due.is_not(None))
Index("current_undecided", current.c.id, sqlite_where=text("disputed OR conflicts <> '{}'"))

link = Table(
    "link",
    projection_tables,
    Column("person", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Integer, nullable=False),
    Column("says", Text),
    Index("link_id", "id"),
    sqlite_with_rowid=False,
)
Index("link_about", link.c.person, link.c.id, sqlite_where=text("subject"))

missing_bodies = Table(
    "lacking",
    projection_tables,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
)
"""Envelopes (by their row) whose body is not here and was not erased; a pull asks for these bodies."""

hold = Table(
    "hold",
    projection_tables,
    Column("digest", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("released", Integer, nullable=False),
)
"""Revisions that orders in the council's own chain hold back, even before they arrive; a release is final."""

without_effect = Table(
    "without_effect",
    projection_tables,
    Column("digest", Text, primary_key=True),
    Column("record", Text, nullable=False),
    Column("seat", Text, nullable=False),
    Index("without_effect_record", "record"),
    Index("without_effect_seat", "seat"),
)
"""Revisions without effect on their record: those held back, and those that amend only revisions without effect."""

SEARCH = (
    "CREATE VIRTUAL TABLE search USING fts5(words, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4')",
    "INSERT INTO search(search, rank) VALUES ('secure-delete', 1)",
)

KEPT = ("envelope", "body")
"""Append-only tables: triggers refuse UPDATE, DELETE, REPLACE and upsert, with two exceptions.

A body that an erasure order names may be deleted. So may a replaced branch of the council's own chain, if its envelopes are in
``evidence`` and its texts are stored again under other revisions.
"""

ORDERED = (
    "SELECT 1 FROM erased JOIN envelope ON envelope.digest = erased.by_order JOIN setting ON setting.name = 'council_seat' "
    "AND setting.value = envelope.seat WHERE erased.digest = OLD.digest AND envelope.kind = 'erasure'"
)
"""The condition that an erasure order in the council's own chain names this body."""


ASIDE = (
    "SELECT 1 FROM evidence JOIN setting ON setting.name = 'council_seat' AND setting.value = OLD.seat "
    "WHERE evidence.jws = OLD.jws"
)
"""The condition that this envelope belongs to the council's own chain and is in ``evidence``."""

_STANDS_AGAIN = (
    "NOT EXISTS (SELECT 1 FROM envelope WHERE envelope.digest = {0}.digest) AND EXISTS (SELECT 1 FROM body AS again "
    "WHERE again.digest <> {0}.digest AND again.salt = {0}.salt AND again.content = {0}.content)"
)
STANDS_AGAIN = _STANDS_AGAIN.format("body")
"""The condition that the revision of this body is deleted, and another revision has the same text."""

_DELETED = {
    "envelope": f"NOT EXISTS ({ASIDE})",
    "body": f"NOT EXISTS ({ORDERED}) AND NOT ({_STANDS_AGAIN.format('OLD')})",
}
"""The conditions under which a deletion is refused."""


def triggers() -> dict[str, str]:
    """Return the SQL of the triggers that prevent changes to envelopes and bodies, by name."""
    statements = {}
    for table in KEPT:
        same_row = "digest = NEW.digest"
        if table == "envelope":
            same_row += " OR id = NEW.id OR (seat = NEW.seat AND number = NEW.number)"
        for name, when in (
            ("never_updated", f"BEFORE UPDATE ON {table}"),
            ("never_deleted", f"BEFORE DELETE ON {table} WHEN {_DELETED[table]}"),
            ("never_replaced", f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same_row})"),
        ):
            statements[f"{table}_{name}"] = (
                f"CREATE TRIGGER {table}_{name} {when} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    return statements


def ddl(tables: MetaData) -> list[str]:
    """Return the SQL that creates these tables and their indexes."""
    statements = []
    for table in tables.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=DIALECT)).strip())
        statements += [
            str(CreateIndex(index).compile(dialect=DIALECT))
            for index in sorted(table.indexes, key=lambda i: str(i.name))
        ]
    return statements


def projection_description(kinds: str) -> str:
    """Return a hash of all that the projections depend on; ``kinds`` describes the kinds of record."""
    return hashlib.sha256("\n".join([*ddl(projection_tables), *SEARCH, kinds]).encode()).hexdigest()
