"""One encrypted SQLite file, opened with a raw key, and what its errors mean.

SQLCipher through SQLAlchemy's plain SQLite dialect; WAL and ``synchronous=FULL``, so a commit that returned is on the disk.
Must not know what the tables hold.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from db.vault import StoreDamaged
from hipss_desktop.errors import HipssError, Unavailable

OLDEST_SQLITE = (3, 51, 3)
"""Before this, two connections that write and checkpoint at once could lose commits (the WAL-reset defect)."""

NOT_A_DATABASE, CORRUPT = ("file is not a database", "database disk image is malformed")


class Storage:
    """The engine over one store: one connection that writes, a few that read."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Open the file, making it when it is not there.

        Raises:
            StoreDamaged: the key does not open it, or its first page is damaged.
            Unavailable: the disk refuses.
        """
        if driver.sqlite_version_info < OLDEST_SQLITE:
            raise Unavailable("The encrypted store on this laptop is too old to be safe. Ask for an update.")
        self.path = path
        self._key = key
        self.engine: Engine = create_engine(
            "sqlite://",
            module=driver,
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=4,
            max_overflow=4,
            isolation_level="AUTOCOMMIT",
        )
        self._writing = threading.RLock()
        self._writer: Connection | None = None
        with known_errors():
            self._writer = self.engine.connect()
            self._writer.exec_driver_sql("SELECT count(*) FROM sqlite_master")

    def _connect(self) -> Any:
        connection = driver.connect(str(self.path), check_same_thread=False, timeout=10, isolation_level=None)
        connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA wal_autocheckpoint = 2000")
        return connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with, given back afterwards."""
        with known_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The one writing connection inside ``BEGIN IMMEDIATE``: committed when the block ends well, else rolled back."""
        with self._writing, known_errors():
            writer = self._writer
            if writer is None:
                raise Unavailable("The store is closed.")
            writer.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield writer
                writer.exec_driver_sql("COMMIT")
            except BaseException:
                self._roll_back(writer)
                raise

    def _roll_back(self, writer: Connection) -> None:
        # SQLite may have rolled back by itself (disk full, I/O error); a connection that met such an error is not
        # trusted again but opened anew, or later answers may be wrong.
        try:
            writer.exec_driver_sql("ROLLBACK")
        except DatabaseError:
            writer.invalidate()
            writer.close()
            self._writer = self.engine.connect()

    @property
    def raw(self) -> Any:
        """The driver's own writing connection, for migrations."""
        if self._writer is None:
            raise Unavailable("The store is closed.")
        return self._writer.connection.driver_connection

    def close(self) -> None:
        """Close every connection; the last one folds the write-ahead log into the file."""
        with self._writing:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self.engine.dispose()


@contextmanager
def known_errors() -> Iterator[None]:
    """Tell the environment's failures and damage apart; anything else stays the bug it is."""
    try:
        yield
    except (DatabaseError, driver.DatabaseError) as error:
        known = meaning(str(getattr(error, "orig", error)))
        if known is None:
            raise
        raise known from None


def meaning(message: str) -> HipssError | None:
    """What a message of the driver means, None when it means a bug of ours. The message is never shown."""
    low = message.lower()
    if NOT_A_DATABASE in low or CORRUPT in low:
        return StoreDamaged()
    if "full" in low:
        return Unavailable("This laptop's disk is full. Nothing saved before is lost. Free some space, then try again.")
    if "locked" in low or "busy" in low:
        return Unavailable("The store is in use by another program. Try again.")
    if "disk i/o" in low or "unable to open" in low or "readonly" in low:
        return Unavailable("This laptop's disk did not take it. Nothing saved before is lost. Try again.")
    return None
