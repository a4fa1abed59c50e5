"""Copy a store with a new key, page by page, so that the copy has the same tables, triggers, search index and row numbers.

``vault`` decides when a copy replaces the store. Until then the copy is one more file beside the store. Every page is checked
before it is copied, and every page of the copy is checked afterwards. Must not change the content of the store that it copies.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from db.connection import Storage, known_errors, make_private_file, unlock
from db.home import VaultFiles, sync_directory, sync_file
from db.vault import NewKeys, StoreDamaged
from hipss_desktop.errors import DiskRefused

REFUSED_WORDS = (
    "This laptop's disk did not take a copy of the store under new keys. Nothing was changed. "
    "Free some space, then try again."
)


def copy_stores(files: VaultFiles, key: bytes, keys: NewKeys, settings: Mapping[str, str]) -> None:
    """Copy the store, and the former stores that were set aside, with new keys (``vault.Copy``).

    A former store that cannot be read is left unchanged: it must not prevent a change of passphrase.

    Args:
        files: the person's files.
        key: the present key.
        keys: the keys of the copies.
        settings: written to the copy of the store, so they take effect together with the new keys.

    Raises:
        StoreDamaged: a page of the store cannot be read.
        DiskRefused: the disk is full, or a file cannot be written.
        Unavailable: the store is in use.
    """
    for store in files.stores():
        copy = files.copy_of(store, keys.key_check)
        if store == files.store:
            _copy(store, key, copy, keys.database_key, settings)
            continue
        with suppress(StoreDamaged):
            _copy(store, key, copy, keys.database_key, {})
    try:
        sync_directory(files.folder)
    except OSError as error:
        raise DiskRefused(REFUSED_WORDS) from error


def _copy(store: Path, key: bytes, copy: Path, new_key: bytes, settings: Mapping[str, str]) -> None:
    source = Storage(store, key)
    try:
        with known_errors():
            _check_pages(source.raw)
            make_private_file(copy)
            target = driver.connect(str(copy), isolation_level=None)
            try:
                unlock(target, new_key)
                _copy_pages(source.raw, target)
                _check_pages(target)
                target.executemany("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", list(settings.items()))
            finally:
                target.close()
        with copy.open("rb+") as written:
            sync_file(written)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    finally:
        source.close()


def _check_pages(connection: Any) -> None:
    # Copying does not notice a page with a wrong authentication code: the copy would have an empty page with a valid code.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the check does not read the write-ahead log
    if connection.execute("PRAGMA cipher_integrity_check").fetchall():
        raise StoreDamaged


def _copy_pages(source: Any, target: Any) -> None:
    try:
        source.backup(target)
    except driver.OperationalError as error:  # it has no code; the pages were checked, so the disk failed
        raise DiskRefused(REFUSED_WORDS) from error
