"""A small file of two blocks with checksums, written in turn and in place, so that a write works on a full disk.

The file gets its full size when it is made, so a later write needs no more room. An interrupted write leaves the other block
whole. Must not know what the blocks contain.
"""

import hashlib
import os
import struct
from pathlib import Path

from db.home import write_whole
from hipss_desktop.errors import Tampered

BLOCK = 4096
"""Bytes of a block: the two never share a sector or a page, so an interrupted write damages one block only."""

_HEAD = struct.Struct(">8sQ")  # mark, counter
_BINARY = getattr(os, "O_BINARY", 0)  # only Windows has a text mode to switch off
# the file's size never changes after it is made, so only its data must be written to the disk
_sync = getattr(os, "fdatasync", os.fsync)


class BlocksDamaged(Tampered):
    """The file exists and both of its blocks are damaged; a missing file is another case."""


class TwoBlocks:
    """One file of two blocks; it is open between writes, and one writer at a time uses it."""

    def __init__(self, path: Path, mark: bytes, length: int) -> None:
        """Prepare the file at ``path``: ``mark`` names the kind of file in 8 bytes, every content has ``length`` bytes."""
        self._path = path
        self._mark = mark
        self._length = _HEAD.size + length
        self._fd: int | None = None
        self._counter = 0

    def read(self) -> bytes | None:
        """Return the content that was written last, or None if nothing was ever written.

        Raises:
            BlocksDamaged: the file exists and both blocks are damaged.
            OSError: the file cannot be read.
        """
        return self._newest()[1]

    def write(self, content: bytes) -> None:
        """Overwrite the older of the two blocks; the content is on the disk when this returns.

        Raises:
            BlocksDamaged: both blocks are damaged, and somebody must look at that first (see ``start_again``).
            OSError, Unavailable: the disk refused.
        """
        if self._fd is None:
            self._counter = self._newest()[0]
            if self._counter == 0:
                self.start_again(content)
                return
            self._fd = os.open(self._path, os.O_RDWR | _BINARY)
        counter = self._counter + 1
        os.lseek(self._fd, counter % 2 * BLOCK, os.SEEK_SET)
        os.write(self._fd, self._block(counter, content))
        _sync(self._fd)
        self._counter = counter

    def start_again(self, content: bytes) -> None:
        """Replace the whole file, also a damaged one. Raises Unavailable if the disk refuses."""
        self.close()
        write_whole(self._path, self._block(2, content).ljust(BLOCK, b"\0") + bytes(BLOCK))

    def close(self) -> None:
        """Close the file; a later write opens it again."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _newest(self) -> tuple[int, bytes | None]:
        try:
            file = self._path.read_bytes()
        except FileNotFoundError:
            return 0, None
        blocks = [self._held(file[start : start + self._length + 32]) for start in (0, BLOCK)]
        whole = [block for block in blocks if block is not None]
        if not whole:
            raise BlocksDamaged("A small file of this store is damaged.")
        return max(whole, key=lambda block: block[0])

    def _block(self, counter: int, content: bytes) -> bytes:
        block = _HEAD.pack(self._mark, counter) + content
        if len(block) != self._length:
            raise ValueError("another length of content than this file takes")
        return block + hashlib.sha256(block).digest()

    def _held(self, block: bytes) -> tuple[int, bytes] | None:
        """Return a block's counter and content, or None if its checksum is wrong."""
        checked = block[: self._length]
        if len(block) != self._length + 32 or hashlib.sha256(checked).digest() != block[self._length :]:
            return None
        mark, counter = _HEAD.unpack_from(checked)
        return (counter, checked[_HEAD.size :]) if mark == self._mark else None
