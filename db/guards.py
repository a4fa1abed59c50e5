"""The triggers that keep the evidence append-only: made, compared with what was last made, and missed when they are gone.

Opening a store puts missing triggers back, and first writes down, as evidence that stays, that they were gone: mending must
not hide tampering. Must not decide what is told to whom.
"""

import hashlib

from sqlalchemy import Connection

from db.tables import triggers

MISSING = "A guard against changing records was missing."
"""What the evidence, doctor and the window's notice say."""


def held(connection: Connection) -> dict[str, str]:
    """Name to SQL of every trigger in the store."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {str(name): str(sql) for name, sql in rows}


def whole(connection: Connection) -> bool:
    """Whether the triggers are those of this program, every one and no other."""
    return held(connection) == triggers()


def restore(connection: Connection, last_made: str) -> bool:
    """Make the triggers as this program wants them.

    Args:
        connection: inside a transaction.
        last_made: what ``mark`` said when a program last made them, '' in a new store.

    Returns:
        Whether they were as they were last made; False means that somebody changed them in between.
    """
    there = held(connection)
    untouched = last_made in ("", _mark(there))
    if there != triggers():
        for name in there:
            connection.exec_driver_sql(f'DROP TRIGGER "{name.replace(chr(34), chr(34) * 2)}"')
        for statement in triggers().values():
            connection.exec_driver_sql(statement)
    return untouched


def mark() -> str:
    """A hash of this program's triggers, kept in the store to compare with at the next opening."""
    return _mark(triggers())


def _mark(made: dict[str, str]) -> str:
    return hashlib.sha256("\n".join(made[name] for name in sorted(made)).encode()).hexdigest()
