"""Open one encrypted SQLite file with a raw key, and translate its errors.

It uses SQLCipher through SQLAlchemy's plain SQLite dialect, with WAL and ``synchronous=FULL``: after a commit the data is on the
disk. A file on a disk that cannot be written can still be read. Must not know what the tables contain.
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from db.reserve import Reserve
from db.vault import StoreDamaged
from hipss_desktop.errors import DiskRefused, HipssError, Unavailable

OLDEST_SQLITE = (3, 51, 3)
"""In earlier versions, two connections that write and checkpoint at once could lose commits (the WAL-reset defect)."""

DAMAGED, FULL, BUSY, REFUSED = {11, 26}, {13}, {5, 6}, {8, 10, 14}
"""SQLite's result codes (the low byte): corrupt, not a database; full; busy, locked; read-only, I/O error, cannot open."""

NO_LOCKS = "win32-none" if sys.platform == "win32" else "unix-none"
"""SQLite's file access without locks, for a file that only this process has open, and only reads."""

CACHE_KIB = 16_384
"""KiB of decrypted pages that a connection caches: reading a cached page costs a hundredth of decrypting it again."""


class Storage:
    """The connections to one store: one that writes, and a few that read.

    Attributes:
        read_only: whether nothing is written, not even beside the file.
    """

    def __init__(self, path: Path, key: bytes, *, read_only: bool = False) -> None:
        """Open the file, and create it if it does not exist.

        Args:
            path: the file.
            key: 32 bytes.
            read_only: open a file on a disk that cannot be written; the caller ensures that no other process writes the file.

        Raises:
            StoreDamaged: the key does not open it, or its first page is damaged.
            DiskRefused: the disk is full, cannot be written, or failed.
            Unavailable: the library is too old, or another process keeps the file busy.
        """
        if driver.sqlite_version_info < OLDEST_SQLITE:
            raise Unavailable("The encrypted store on this laptop is too old to be safe. Ask for an update.")
        self.path = path
        self.read_only = read_only
        self.reserve = Reserve(path.with_name("reserve"))
        self._key = key
        self.engine: Engine = create_engine(
            "sqlite://",
            module=driver,
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=4,
            max_overflow=4,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,  # otherwise an error's message would contain the record
        )
        self._writing = threading.RLock()
        self._inside = False
        self._closed = False
        self._writer: Connection | None = None
        self._raw: Any = None
        with known_errors():
            if not read_only:
                make_private_file(path)
                self._try_key()
            try:
                self._connected().exec_driver_sql("SELECT count(*) FROM sqlite_master")
            except BaseException:
                self.close()
                raise

    def _try_key(self) -> None:
        # Closing the last connection merges a write-ahead log that a crash left into the file, even with a wrong key.
        # Therefore the file is opened for reading only until the key is known to be right.
        if not self._has_log():
            return
        connection = driver.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
        try:
            unlock(connection, self._key)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            connection.close()

    def _has_log(self) -> bool:
        log = self.path.with_name(self.path.name + "-wal")
        return log.exists() and log.stat().st_size > 0

    def _connect(self) -> Any:
        return self._connect_to_read() if self.read_only else self._connect_to_write()

    def _connect_to_read(self) -> Any:
        # A write-ahead log that a crash left contains the newest commits. To read it SQLite needs an index of the log. In
        # exclusive mode the index is in memory instead of in a file beside the store.
        how = f"vfs={NO_LOCKS}" if self._has_log() else "immutable=1"
        connection = driver.connect(
            f"{self.path.absolute().as_uri()}?mode=ro&{how}", uri=True, check_same_thread=False, isolation_level=None
        )
        try:
            unlock(connection, self._key)
            for pragma in ("locking_mode = EXCLUSIVE", "query_only = ON", f"cache_size = -{CACHE_KIB}"):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect_to_write(self) -> Any:
        connection = driver.connect(str(self.path), check_same_thread=False, timeout=10, isolation_level=None)
        try:
            unlock(connection, self._key)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("PRAGMA wal_autocheckpoint = 2000")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _connected(self) -> Connection:
        if self._closed:
            raise Unavailable("The store is closed.")
        if self._writer is None:
            self._writer = self.engine.connect()
            self._raw = self._writer.connection.driver_connection
        return self._writer

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection for reading, and return it to the pool afterwards."""
        with known_errors(), self.engine.connect() as connection:
            try:
                yield connection
            except DRIVER_ERRORS:
                connection.invalidate()  # after one bad page, later answers of the connection are unreliable
                raise

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield the one writing connection inside ``BEGIN IMMEDIATE``; commit when the block ends, roll back if it raises.

        Raises DiskRefused at once if the store was opened for reading only.
        """
        if self.read_only:
            raise DiskRefused(READ_ONLY_WORDS)
        self.reserve.make_room()
        with self._writing:
            if self._inside:
                raise RuntimeError("a unit of work is already open on this thread")
            self._inside, raw = True, None
            try:
                writer, raw = self._connected(), self._raw
                raw.execute("BEGIN IMMEDIATE")
                yield writer
                raw.execute("COMMIT")
            except DRIVER_ERRORS as error:
                self._drop()
                raise known(error) from None
            except BaseException:
                if raw is not None:
                    self._roll_back(raw)
                raise
            finally:
                self._inside = False

    def _roll_back(self, raw: Any) -> None:
        try:
            raw.execute("ROLLBACK")
        except DRIVER_ERRORS:
            self._drop()

    def _drop(self) -> None:
        # After a full disk, an I/O error or a bad page SQLite may have rolled back by itself, and the connection's memory is
        # unreliable. Closing the connection rolls back the rest, and the next unit of work opens the file again.
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.invalidate()
            writer.close()

    @property
    def raw(self) -> Any:
        """The driver's own writing connection, for migrations."""
        self._connected()
        return self._raw

    def close(self) -> None:
        """Close every connection; the last one merges the write-ahead log into the file."""
        with self._writing:
            self._closed = True
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self.engine.dispose()


def make_private_file(path: Path) -> None:
    """Create a file that only its owner can read, unless it exists; files that SQLite creates beside it get its mode.

    Raises:
        DiskRefused: the disk refused.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise DiskRefused(REFUSED_WORDS) from error


def unlock(connection: Any, key: bytes) -> None:
    """Give a connection of the driver its key (32 bytes), before any other statement."""
    connection.execute("PRAGMA cipher_log_level = NONE")  # otherwise SQLCipher writes to standard error
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")


FULL_WORDS = "This laptop's disk is full. Nothing saved before is lost. Free some space, then try again."
REFUSED_WORDS = "This laptop's disk did not take it. Nothing saved before is lost. Try again."
READ_ONLY_WORDS = "This laptop's disk takes nothing now. Free some space, then lock and unlock."
DRIVER_ERRORS = (DatabaseError, driver.DatabaseError)


@contextmanager
def known_errors() -> Iterator[None]:
    """Translate failures of the environment and damage of the file; any other error is a bug and passes unchanged."""
    try:
        yield
    except DRIVER_ERRORS as error:
        raise known(error) from None


def known(error: BaseException) -> BaseException:
    """Return the translated error of the driver, or the error itself if it is a bug of this program."""
    return meaning(getattr(error, "orig", error)) or error


def meaning(error: BaseException) -> HipssError | None:
    """Translate an error of the driver; None if it is a bug of this program. The driver's own message is never shown."""
    code = int(getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in DAMAGED:
        return StoreDamaged()
    if code in FULL:
        return DiskRefused(FULL_WORDS)
    if code in BUSY:
        return Unavailable("The store is in use by another program. Try again.")
    if code in REFUSED:
        return DiskRefused(REFUSED_WORDS)
    return None
