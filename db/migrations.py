"""The migrations of a store's tables from the first version on, in plain SQL.

A migration is never edited once it has been released. A migration never rebuilds a table that has triggers, because a rebuild
drops them. ``db.guards`` compares and creates the triggers at every opening. Must not import today's tables.
"""

from collections.abc import Sequence

import sqlite_utils
from sqlite_utils import Migrations

MIGRATIONS = Migrations("hipss")


def _run(database: sqlite_utils.Database, statements: Sequence[str]) -> None:
    for statement in statements:
        database.execute(statement)


@MIGRATIONS(name="0001 envelopes, bodies, receipts, drafts")
def _first(database: sqlite_utils.Database) -> None:
    _run(
        database,
        (
            "CREATE TABLE envelope (id INTEGER NOT NULL, digest TEXT NOT NULL, seat TEXT NOT NULL, number INTEGER NOT NULL, "
            "record TEXT NOT NULL, kind TEXT NOT NULL, jws TEXT NOT NULL, PRIMARY KEY (id), UNIQUE (seat, number), "
            "UNIQUE (digest))",
            "CREATE INDEX envelope_record ON envelope (record)",
            "CREATE TABLE body (digest TEXT NOT NULL, salt BLOB NOT NULL, content BLOB NOT NULL, PRIMARY KEY (digest))",
            "CREATE TABLE receipt (seat TEXT NOT NULL, number INTEGER NOT NULL, digest TEXT NOT NULL, jws TEXT NOT NULL, "
            "at TEXT NOT NULL, PRIMARY KEY (seat, number))",
            "CREATE TABLE draft (record TEXT NOT NULL, kind TEXT NOT NULL, schema INTEGER NOT NULL, content BLOB NOT NULL, "
            "saved TEXT NOT NULL, PRIMARY KEY (record))",
            "CREATE TABLE setting (name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name))",
            "CREATE TABLE evidence (id INTEGER NOT NULL, what TEXT NOT NULL, jws TEXT NOT NULL, content BLOB, "
            "at TEXT NOT NULL, PRIMARY KEY (id))",
            "CREATE TABLE council (seat TEXT NOT NULL, number INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (seat))",
            "CREATE TABLE held (digest TEXT NOT NULL, why TEXT NOT NULL, PRIMARY KEY (digest))",
            "CREATE TABLE erased (digest TEXT NOT NULL, by_order TEXT NOT NULL, PRIMARY KEY (digest))",
        ),
    )


@MIGRATIONS(name="0002 drafts of questions")
def _questions(database: sqlite_utils.Database) -> None:
    """Allow one draft for each question of a record; the draft of the whole form has the question ''.

    The draft table has no triggers, so it may be rebuilt.
    """
    _run(
        database,
        (
            "ALTER TABLE draft RENAME TO draft_of_record",
            "CREATE TABLE draft (record TEXT NOT NULL, question TEXT NOT NULL, kind TEXT NOT NULL, schema INTEGER NOT NULL, "
            "content BLOB NOT NULL, saved TEXT NOT NULL, PRIMARY KEY (record, question))",
            "INSERT INTO draft SELECT record, '', kind, schema, content, saved FROM draft_of_record",
            "DROP TABLE draft_of_record",
        ),
    )


def migration_names() -> set[str]:
    """Return the names of the migrations that this program knows."""
    return {migration.name for migration in MIGRATIONS.pending(sqlite_utils.Database(memory=True))}
