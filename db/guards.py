"""Create the triggers that make the evidence append-only, and find out whether somebody changed or removed them.

Opening a store restores changed triggers, and records as permanent evidence that they had been changed: a repair must not hide
tampering. Must not decide what is told to whom.
"""

import hashlib

from sqlalchemy import Connection

from db.tables import triggers

MISSING = "A guard against changing records was missing."
"""The text that the evidence, doctor and the window's notice use."""


def held(connection: Connection) -> dict[str, str]:
    """Return the SQL of every trigger in the store, by name."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {str(name): str(sql) for name, sql in rows}


def whole(connection: Connection) -> bool:
    """Return whether the store has exactly the triggers of this program."""
    return held(connection) == triggers()


def restore(connection: Connection, last_made: str) -> bool:
    """Create the triggers of this program in place of those in the store.

    Args:
        connection: inside a transaction.
        last_made: the value of ``mark`` when a program last created the triggers, '' in a new store.

    Returns:
        Whether the triggers were unchanged since then; False means that somebody changed them.
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
    """Return a hash of this program's triggers, which is saved in the store and compared at the next opening."""
    return _mark(triggers())


def _mark(sql_by_name: dict[str, str]) -> str:
    return hashlib.sha256("\n".join(sql_by_name[name] for name in sorted(sql_by_name)).encode()).hexdigest()
