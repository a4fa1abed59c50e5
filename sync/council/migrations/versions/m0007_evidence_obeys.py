"""Add to each piece of evidence the digest of its revision, and delete its text when an order erases that revision."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ORDERED = (
    "EXISTS (SELECT 1 FROM erased JOIN envelope ON envelope.digest = erased.ordered_by"
    " WHERE erased.digest = OLD.digest AND envelope.kind = 'erasure')"
)
_SAME = ("id", "seat", "number", "digest", "jws", "reason", "pushed_by", "at")
_ALLOWED = " AND ".join(
    [*(f"NEW.{name} = OLD.{name}" for name in _SAME), "NEW.salt IS NULL AND NEW.body IS NULL", _ORDERED]
)
_TAKES = (
    "DELETE FROM body WHERE digest = NEW.digest;"
    " UPDATE evidence SET salt = NULL, body = NULL WHERE digest = NEW.digest AND body IS NOT NULL;"
)

SQLITE = [
    f"CREATE TRIGGER evidence_update BEFORE UPDATE ON evidence WHEN NOT ({_ALLOWED})"
    " BEGIN SELECT RAISE(ABORT, 'kept for ever'); END",
    "DROP TRIGGER erased_takes_body",
    f"CREATE TRIGGER erased_takes_body AFTER INSERT ON erased BEGIN {_TAKES} END",
]
POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION evidence_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF NOT ({_ALLOWED}) THEN RAISE EXCEPTION 'kept for ever'; END IF; RETURN NEW; END $$",
    "CREATE OR REPLACE FUNCTION erased_takes_body() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" {_TAKES} RETURN NULL; END $$",
    "ALTER TABLE evidence ENABLE TRIGGER evidence_update",
]


def upgrade() -> None:
    """Compute the digests of the present evidence, then create the triggers of the new rule."""
    op.add_column("evidence", sa.Column("digest", sa.String(), nullable=False, server_default=""))
    op.create_index("evidence_digest", "evidence", ["digest"])
    connection = op.get_bind()
    embedded = connection.dialect.name == "sqlite"
    op.execute("DROP TRIGGER evidence_update" if embedded else "ALTER TABLE evidence DISABLE TRIGGER evidence_update")
    evidence = sa.table("evidence", sa.column("id"), sa.column("digest"), sa.column("jws"))
    for name, jws in connection.execute(sa.select(evidence.c.id, evidence.c.jws)).all():
        digest = hashlib.sha256(bytes(jws).rpartition(b".")[0]).hexdigest()
        connection.execute(sa.update(evidence).where(evidence.c.id == name).values(digest=digest))
    for line in SQLITE if embedded else POSTGRESQL:
        op.execute(line)
