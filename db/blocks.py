"""A small file of two checked blocks that are written in turn, in place: what must reach a disk that has no room left.

Its room is taken when it is made, so a later write needs none. A write that is cut leaves the other block. Must not know
what the blocks say.
"""

import hashlib
import os
import struct
from pathlib import Path

from db.home import write_whole
from hipss_desktop.errors import Tampered

BLOCK = 4096
"""Bytes of a block: the two never share a sector or a page, so one cut write reaches one block."""

_HEAD = struct.Struct(">8sQ")  # mark, counter
_BINARY = getattr(os, "O_BINARY", 0)  # Windows alone has a text mode to switch off
# the file's size never changes after it is made, so its data is all that has to reach the disk
_sync = getattr(os, "fdatasync", os.fsync)


class BlocksDamaged(Tampered):
    """The file is there and neither of its blocks holds; not the same as a file never written."""


class TwoBlocks:
    """One such file; stays open between writes, used by one writer at a time."""

    def __init__(self, path: Path, mark: bytes, length: int) -> None:
        """``mark`` says in 8 bytes what kind of file it is; each content has ``length`` bytes."""
        self._path = path
        self._mark = mark
        self._length = _HEAD.size + length
        self._fd: int | None = None
        self._counter = 0

    def read(self) -> bytes | None:
        """What was written last, or None when nothing ever was.

        Raises:
            BlocksDamaged: the file is there and neither block holds.
            OSError: the file cannot be read.
        """
        return self._newest()[1]

    def write(self, content: bytes) -> None:
        """Write over the older of the two blocks; on the disk when this returns.

        Raises:
            BlocksDamaged: neither block holds, which must be looked at first (see ``start_again``).
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
        """Replace the whole file, also a damaged one. Raises Unavailable where the disk refuses."""
        self.close()
        write_whole(self._path, self._block(2, content).ljust(BLOCK, b"\0") + bytes(BLOCK))

    def close(self) -> None:
        """Let the file go; a later write opens it again."""
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
        """A block's counter and content, or None where its check does not hold."""
        checked = block[: self._length]
        if len(block) != self._length + 32 or hashlib.sha256(checked).digest() != block[self._length :]:
            return None
        mark, counter = _HEAD.unpack_from(checked)
        return (counter, checked[_HEAD.size :]) if mark == self._mark else None
