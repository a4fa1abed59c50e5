"""The council's store: a SQLCipher file beside the keys, or a PostgreSQL database, with the same tables and guarantees.

``writing()`` is one durable transaction. It has the store's write lock (SQLite) or takes row locks (PostgreSQL). ``reading()``
sees the data of one moment. A full disk raises ``StoreFull``, an absent database ``Unavailable``; nothing of the transaction is
stored then. Must not know what a revision means.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from hipss_desktop.errors import Unavailable, WrongCall
from sync.council import migrations, tables
from sync.council.home import DATABASE_VARIABLE, Home
from sync.council.keys import KeyFile

OLDEST_SQLITE = (3, 51, 3)
"""Earlier versions can lose commits when two connections write and checkpoint at once."""

POOL = {"pool_size": 8, "max_overflow": 40, "pool_timeout": 30}
LOCK_NUMBER = 6_018_304
"""The advisory lock of a migrating process on PostgreSQL; any number is good if all processes use the same."""
KEYS_LOCK = LOCK_NUMBER + 1
"""The advisory lock of the keys in the council's folder. Transactions that encrypt share the lock; a change of keys needs it
alone."""


class StoreFull(Unavailable):
    """The store has no room; nothing of the transaction was stored."""


class Store:
    """An open store, and the keys that encrypt its texts. The keys are saved outside the store."""

    def __init__(self, engine: Engine, keys: KeyFile) -> None:
        self.engine = engine
        self._closed = False
        with_keys = engine.execution_options(keys=keys)
        self._writing = with_keys.execution_options(writing=True)
        self._reading = with_keys if self.embedded else with_keys.execution_options(isolation_level="REPEATABLE READ")

    @property
    def embedded(self) -> bool:
        """Whether the store is the SQLCipher file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees the data of one moment."""
        with self._connected(self._reading) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection in one transaction: durable when the block has ended, undone if the block raises."""
        with self._connected(self._writing) as connection, connection.begin():
            yield connection

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Yield a writing connection once no other transaction encrypts or changes the keys; none can begin to meanwhile."""
        with self.writing() as connection:  # on SQLite the write lock is enough
            if not self.embedded:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(KEYS_LOCK)))
            yield connection

    @contextmanager
    def _connected(self, engine: Engine) -> Iterator[Connection]:
        if self._closed:  # an engine would silently open a new pool that nobody closes
            raise Unavailable("The store is closed.")
        with _translated_errors(), engine.connect() as connection:
            yield connection

    def mark(self) -> str:
        """Return the newest migration that was run, or '' for an empty store; raises Unavailable if a newer program ran it."""
        with self.reading() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return ""
            mark = connection.scalar(sa.select(tables.schema_mark.c.version_num))
        if mark not in migrations.KNOWN:
            raise Unavailable(
                "A newer version of hipss-council wrote this store. Update hipss-council. Nothing was changed."
            )
        return str(mark)

    def migrate(self, to: str = "head") -> None:
        """Migrate the tables up to the migration ``to``; if processes start together, only one of them does it."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.set_main_option("path_separator", "os")
        with self.writing() as connection:
            if not self.embedded:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_NUMBER)))
            config.attributes["connection"] = connection
            command.upgrade(config, to)

    def scrub(self) -> None:
        """Remove old content from the database's log and dead rows, after an erasure or a change of keys."""
        outside = {"bare": True} if self.embedded else {"isolation_level": "AUTOCOMMIT"}
        with self._connected(self.engine.execution_options(**outside)) as connection:
            for act in (
                ("PRAGMA wal_checkpoint(TRUNCATE)",)
                if self.embedded
                else (f"VACUUM {table}" for table in ("body", "evidence", "deposit"))
            ):
                connection.exec_driver_sql(act)

    def triggers(self) -> set[str]:
        """Return the names of the triggers on the council's tables."""
        where = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if self.embedded
            else "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE NOT tgisinternal AND tgenabled <> 'D' AND nspname = current_schema()"
        )
        with self.reading() as connection:
            return set(connection.scalars(sa.text(where)))

    def damage(self) -> list[str]:
        """Return what the store's own checks of its file find; nothing on PostgreSQL, which checks its pages itself."""
        if not self.embedded:
            return []
        with self.reading() as connection:
            findings = [str(row) for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check").scalars()]
            findings += [str(row) for row in connection.exec_driver_sql("PRAGMA integrity_check").scalars()]
        return [finding for finding in findings if finding != "ok"]

    def close(self) -> None:
        """Close all connections; nobody can read or write through this store again."""
        self._closed = True
        self.engine.dispose()


def keys_of(connection: Connection) -> KeyFile:
    """Return the keys of the texts in the store of a connection."""
    keys: KeyFile = connection.get_execution_options()["keys"]
    return keys


def share_keys(connection: Connection) -> None:
    """Lock the keys before a transaction encrypts, so that nobody replaces them until it has ended (``Store.alone``)."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(KEYS_LOCK)))


def insert_into(connection: Connection, table: sa.Table) -> Any:
    """Return an INSERT that supports ON CONFLICT, in the dialect of the connection's database."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as in_postgresql

        return in_postgresql(table)
    from sqlalchemy.dialects.sqlite import insert as in_sqlite

    return in_sqlite(table)


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Translate failures of the disk, network and database into errors for people. Others are bugs and pass unchanged."""
    try:
        yield
    except PoolTimeout as busy:
        raise Unavailable("The council's store is busy. Try again.") from busy
    except DBAPIError as failed:
        if getattr(failed.orig, "sqlstate", None) == "53100" or "full" in str(failed.orig):
            raise StoreFull("The council's store is full. Nothing was kept.") from failed
        if "not a database" in str(failed.orig):
            raise Unavailable(
                "The council's store (council.db) does not open with its key (store.key). "
                "Put both back from one backup. Nothing was changed."
            ) from failed
        if isinstance(failed, ProgrammingError) and failed.statement is None:  # the URL has an unknown option
            raise _no_address() from failed
        if isinstance(failed, OperationalError) or failed.connection_invalidated:
            raise Unavailable("The council's store cannot be used just now. Nothing was kept.") from failed
        raise


LIKE = "postgresql://NAME@HOST/DATABASE"
LOCAL = ("", "localhost", "127.0.0.1", "::1")


def _address(url: str) -> sa.URL:
    """Read the database's URL; raises WrongCall if it cannot be read, or the connection would not be protected."""
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as wrong:
        raise _no_address() from wrong
    if address.drivername.partition("+")[0] not in ("postgresql", "postgres"):
        raise _no_address()
    named = dict(address.query)

    def option(name: str, variable: str) -> list[str]:
        setting = named.get(name) or os.environ.get(variable, "")
        return (setting if isinstance(setting, str) else ",".join(setting)).split(",")

    hosts = [address.host] if address.host else [*option("host", "PGHOST"), *option("hostaddr", "PGHOSTADDR")]
    hosts += option("service", "PGSERVICE")  # a service may name any machine
    if any(host not in LOCAL and not host.startswith("/") for host in hosts) and (
        option("sslmode", "PGSSLMODE") != ["verify-full"]
    ):
        raise WrongCall(
            "The council's database is on another machine, where others could read along. "
            f"Let its address ({DATABASE_VARIABLE}) end with ?sslmode=verify-full&sslrootcert=FILE."
        )
    return address


def _no_address() -> WrongCall:
    return WrongCall(
        f"The address of the council's database ({DATABASE_VARIABLE}) cannot be read. Write it like {LIKE}."
    )


def postgresql_engine(url: str) -> Engine:
    """Return the engine of a PostgreSQL database; raises WrongCall if its address cannot be used (``_address``)."""
    address = _address(url)
    return sa.create_engine(
        address.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True, **POOL
    )


def embedded_engine(home: Home) -> Engine:
    """Return the engine of the encrypted store beside the keys, and create an empty file if there is none.

    Raises Unavailable if the library is too old.
    """
    from sqlcipher3 import dbapi2

    if dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise Unavailable("This SQLite can lose what was committed. Install a newer sqlcipher3.")
    key = home.store_key()
    if not home.store_file.exists():
        home.store_file.touch(mode=0o600)
    engine = sa.create_engine(
        f"sqlite:///{home.store_file}",
        module=dbapi2,
        hide_parameters=True,
        connect_args={"timeout": 30},
        **POOL,
    )

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA key = \"x'{key}'\"")
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("bare"):
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")

    return engine
