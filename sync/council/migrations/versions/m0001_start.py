"""Create the first tables, and the triggers that refuse to change or delete what is kept for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _text(name: str, *, key: bool = False, empty: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), primary_key=key, nullable=empty)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _bytes(name: str, *, empty: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=empty)


def upgrade() -> None:
    """Create the tables and triggers."""
    op.create_table(
        "envelope",
        _text("digest", key=True), _text("seat"), _number("number"), _text("record"), _text("kind"), _text("jws"),
        _text("at"),
        sa.UniqueConstraint("seat", "number", name="envelope_place"),
    )  # fmt: skip
    op.create_index("envelope_record", "envelope", ["kind", "record"])
    op.create_table("body", _text("digest", key=True), _bytes("salt"), _bytes("body"))
    op.create_table("chain", _text("seat", key=True), _number("number"), _text("digest"))
    op.create_table("held", _text("digest", key=True), _text("reason"), _text("at"))
    op.create_table("lacking", _text("digest", key=True))
    op.create_table("released", _text("digest", key=True), _text("ordered_by"))
    op.create_table("erased", _text("digest", key=True), _text("ordered_by"))
    op.create_table(
        "evidence",
        _text("id", key=True), _text("seat"), _number("number"), _bytes("jws"), _bytes("salt", empty=True),
        _bytes("body", empty=True), _text("reason"), _text("pushed_by"), _text("at"),
    )  # fmt: skip
    op.create_table(
        "seat",
        _text("seat", key=True), _text("person"), _text("name"), _text("role"), _text("device"), _text("laptop"),
        _text("key"), _text("wire_key"), _text("continues"), _text("certificate"), _number("number"),
    )  # fmt: skip
    op.create_table("revocation", _text("seat", key=True), _number("after"), _text("ordered_by"))
    op.create_table(
        "invite",
        _text("secret", key=True), _text("person"), _text("name"), _text("role"), _number("expires"),
        _text("used_by", empty=True),
    )  # fmt: skip
    op.create_table("token", _text("seat", key=True), _text("jti", key=True), _number("expires"))
    op.create_table("deposit", _text("seat", key=True), _text("recovery"))
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


_KEPT = ("envelope", "erased", "evidence")
_ORDERED = (
    "EXISTS (SELECT 1 FROM erased JOIN envelope ON envelope.digest = erased.ordered_by"
    " WHERE erased.digest = OLD.digest AND envelope.kind = 'erasure')"
)
_FIRST_KEEPS = {
    "envelope": "EXISTS (SELECT 1 FROM envelope WHERE digest = NEW.digest"
    " OR (seat = NEW.seat AND number = NEW.number))",
    "erased": "EXISTS (SELECT 1 FROM erased WHERE digest = NEW.digest)"
    " OR NOT EXISTS (SELECT 1 FROM envelope WHERE digest = NEW.ordered_by AND kind = 'erasure')",
    "evidence": "EXISTS (SELECT 1 FROM evidence WHERE id = NEW.id)",
    "body": "EXISTS (SELECT 1 FROM body WHERE digest = NEW.digest)"
    " OR EXISTS (SELECT 1 FROM erased WHERE digest = NEW.digest)",
}
_REFUSED = "kept for ever"


def _sqlite(table: str, act: str, when: str = "") -> str:
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {table}_{act} BEFORE {act.upper()} ON {table}{condition}"
        f" BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    )


SQLITE = [
    *(_sqlite(table, "insert", when) for table, when in _FIRST_KEEPS.items()),
    *(_sqlite(table, act) for table in _KEPT for act in ("update", "delete")),
    _sqlite("body", "update"),
    _sqlite("body", "delete", f"NOT {_ORDERED}"),
    "CREATE TRIGGER erased_takes_body AFTER INSERT ON erased BEGIN DELETE FROM body WHERE digest = NEW.digest; END",
]


def _postgresql(table: str, act: str, when: str = "true", gives: str = "NEW") -> list[str]:
    level = "STATEMENT" if act == "truncate" else "ROW"
    return [
        f"CREATE FUNCTION {table}_{act}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {when} THEN RAISE EXCEPTION '{_REFUSED}'; END IF; RETURN {gives}; END $$",
        f"CREATE TRIGGER {table}_{act} BEFORE {act.upper()} ON {table}"
        f" FOR EACH {level} EXECUTE FUNCTION {table}_{act}()",
    ]


POSTGRESQL = [
    *(line for table, when in _FIRST_KEEPS.items() for line in _postgresql(table, "insert", when)),
    *(line for table in _KEPT for act in ("update", "delete") for line in _postgresql(table, act)),
    *_postgresql("body", "update"),
    *_postgresql("body", "delete", f"NOT {_ORDERED}", "OLD"),
    *(line for table in (*_KEPT, "body") for line in _postgresql(table, "truncate", gives="NULL")),
    "CREATE FUNCTION erased_takes_body() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " DELETE FROM body WHERE digest = NEW.digest; RETURN NULL; END $$",
    "CREATE TRIGGER erased_takes_body AFTER INSERT ON erased FOR EACH ROW EXECUTE FUNCTION erased_takes_body()",
]
