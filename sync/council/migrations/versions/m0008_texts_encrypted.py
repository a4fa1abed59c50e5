"""Add tables for texts that are each encrypted with a key of their own; the former tables stay until all texts are encrypted.

A text that is kept for ever may only be encrypted again with a later key, whose number is in its first four bytes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ORDERED = (
    "EXISTS (SELECT 1 FROM erased JOIN envelope ON envelope.digest = erased.ordered_by"
    " WHERE erased.digest = OLD.digest AND envelope.kind = 'erasure')"
)
_LATER = "substr(NEW.sealed, 1, 4) > substr(OLD.sealed, 1, 4)"
_SAME = " AND ".join(
    f"NEW.{name} = OLD.{name}" for name in ("id", "seat", "number", "digest", "jws", "reason", "pushed_by", "at")
)
_REFUSED = "kept for ever"
_RULES = {
    ("body", "insert"): "EXISTS (SELECT 1 FROM body WHERE digest = NEW.digest)"
    " OR EXISTS (SELECT 1 FROM erased WHERE digest = NEW.digest)",
    ("body", "update"): f"NEW.digest <> OLD.digest OR NOT {_LATER}",
    ("body", "delete"): f"NOT {_ORDERED}",
    ("evidence", "insert"): "EXISTS (SELECT 1 FROM evidence WHERE id = NEW.id)",
    ("evidence", "update"): f"NOT ({_SAME} AND (NEW.sealed IS NULL AND {_ORDERED}"
    f" OR NEW.sealed IS NOT NULL AND OLD.sealed IS NOT NULL AND {_LATER}))",
    ("evidence", "delete"): "",
}
"""When a change is refused; '' means always. If a comparison gives NULL, COALESCE in the triggers refuses."""
_TAKES = (
    "DELETE FROM body WHERE digest = NEW.digest;"
    " UPDATE evidence SET sealed = NULL WHERE digest = NEW.digest AND sealed IS NOT NULL;"
)


def _sqlite() -> list[str]:
    return [
        "DROP TRIGGER erased_takes_body",
        *(f"DROP TRIGGER {table}_{act}" for table, act in _RULES),
        "ALTER TABLE body RENAME TO plain_body",
        "ALTER TABLE evidence RENAME TO plain_evidence",
    ]


def _sqlite_guards() -> list[str]:
    return [
        *(
            f"CREATE TRIGGER {table}_{act} BEFORE {act.upper()} ON {table}"
            + (f" WHEN COALESCE({rule}, true)" if rule else "")
            + f" BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            for (table, act), rule in _RULES.items()
        ),
        f"CREATE TRIGGER erased_takes_body AFTER INSERT ON erased BEGIN {_TAKES} END",
    ]


def _postgresql() -> list[str]:
    return [
        *(f"DROP TRIGGER {table}_{act} ON {table}" for table, act in [*_RULES, ("body", "truncate")]),
        "DROP TRIGGER evidence_truncate ON evidence",
        "ALTER TABLE body RENAME TO plain_body",
        "ALTER TABLE plain_body RENAME CONSTRAINT body_pkey TO plain_body_pkey",
        "ALTER TABLE evidence RENAME TO plain_evidence",
        "ALTER TABLE plain_evidence RENAME CONSTRAINT evidence_pkey TO plain_evidence_pkey",
    ]


def _postgresql_guards() -> list[str]:
    return [
        *(
            f"CREATE OR REPLACE FUNCTION {table}_{act}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF COALESCE({rule or 'true'}, true) THEN RAISE EXCEPTION '{_REFUSED}'; END IF;"
            f" RETURN {'OLD' if act == 'delete' else 'NEW'}; END $$"
            for (table, act), rule in _RULES.items()
        ),
        *(
            f"CREATE TRIGGER {table}_{act} BEFORE {act.upper()} ON {table}"
            f" FOR EACH {'STATEMENT' if act == 'truncate' else 'ROW'} EXECUTE FUNCTION {table}_{act}()"
            for table, act in [*_RULES, ("body", "truncate"), ("evidence", "truncate")]
        ),
        "CREATE OR REPLACE FUNCTION erased_takes_body() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" {_TAKES} RETURN NULL; END $$",
    ]


def upgrade() -> None:
    """Rename the former tables, and create the new ones."""
    embedded = op.get_bind().dialect.name == "sqlite"
    for line in _sqlite() if embedded else _postgresql():
        op.execute(line)
    op.drop_index("evidence_digest", "plain_evidence")
    op.create_table(
        "body",
        sa.Column("digest", sa.String(), primary_key=True, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(), primary_key=True, nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("jws", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("pushed_by", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, server_default=""),
    )
    op.create_index("evidence_digest", "evidence", ["digest"])
    for line in _sqlite_guards() if embedded else _postgresql_guards():
        op.execute(line)
