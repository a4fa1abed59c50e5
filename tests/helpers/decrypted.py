"""Read everything that a store's key decrypts: the rows of its tables, and every page of the file and its log, even free ones."""

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from db.store import LaptopStore

PAGE, SALT, IV, MAC = 4096, 16, 16, 64
"""Sizes in bytes of a page and its parts in SQLCipher 4.

A page ends with its initialisation vector and its authentication code; the first page begins with the salt.
"""
LOG_HEAD, FRAME_HEAD = 32, 24


def tables(store: LaptopStore) -> Iterator[tuple[str, str]]:
    """Yield each row of each table, also those of the full-text search, as (table, text of the row)."""
    with store.storage.reading() as connection:
        names = [
            row[0]
            for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        ]
        for name in names:
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').fetchall():
                yield name, " ".join(as_words(value) for value in row)


def as_words(value: object) -> str:
    """Return a value as text that can be searched for words; bytes are decoded as far as possible."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def pages(file: Path, key: bytes) -> Iterator[bytes]:
    """Yield each page of a store's file and of its write-ahead log, decrypted, whether it is in use or free."""
    whole = file.read_bytes()
    for start in range(0, len(whole), PAGE):
        yield _opened(whole[start : start + PAGE], key, first=start == 0)
    log = file.with_name(f"{file.name}-wal")
    frames = log.read_bytes()[LOG_HEAD:] if log.exists() else b""
    for start in range(0, len(frames) - PAGE, FRAME_HEAD + PAGE):
        number = int.from_bytes(frames[start : start + 4], "big")
        yield _opened(frames[start + FRAME_HEAD : start + FRAME_HEAD + PAGE], key, first=number == 1)


def _opened(page: bytes, key: bytes, *, first: bool) -> bytes:
    text, end = page[SALT if first else 0 : PAGE - IV - MAC], page[PAGE - IV - MAC :]
    opening = Cipher(algorithms.AES(key), modes.CBC(end[:IV])).decryptor()
    return opening.update(text) + opening.finalize()
