"""Add the table of replaced links of the council's own chain; an envelope may be deleted once the evidence has it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ORDERED = (
    "EXISTS (SELECT 1 FROM erased JOIN envelope ON envelope.digest = erased.ordered_by"
    " WHERE erased.digest = OLD.digest AND envelope.kind = 'erasure')"
)
_SAME_TEXT = (
    "NOT EXISTS (SELECT 1 FROM envelope WHERE digest = OLD.digest) AND EXISTS (SELECT 1 FROM mended"
    " JOIN envelope ON envelope.digest = mended.ordered_by AND envelope.kind = 'mending'"
    " JOIN body AS again ON again.digest = mended.became WHERE mended.digest = OLD.digest)"
)
_BODY = f"NOT ({_ORDERED} OR ({_SAME_TEXT}))"


def _envelope(jws: str) -> str:
    return (
        "NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.digest = OLD.digest AND evidence.seat = OLD.seat"
        f" AND evidence.number = OLD.number AND evidence.jws = {jws})"
    )


def _sqlite(table: str, when: str) -> list[str]:
    return [
        f"DROP TRIGGER {table}_delete",
        f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} WHEN {when}"
        " BEGIN SELECT RAISE(ABORT, 'kept for ever'); END",
    ]


def _postgresql(table: str, when: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {table}_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {when} THEN RAISE EXCEPTION 'kept for ever'; END IF; RETURN OLD; END $$",
    ]


SQLITE = [*_sqlite("envelope", _envelope("CAST(OLD.jws AS BLOB)")), *_sqlite("body", _BODY)]
POSTGRESQL = [
    *_postgresql("envelope", _envelope("convert_to(OLD.jws, 'UTF8')")),
    *_postgresql("body", _BODY),
]


def upgrade() -> None:
    """Create the table and the triggers of the new rule."""
    op.create_table(
        "mended",
        sa.Column("digest", sa.String(), primary_key=True, nullable=False),
        sa.Column("became", sa.String(), nullable=False),
        sa.Column("ordered_by", sa.String(), nullable=False),
    )
    for line in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(line)
