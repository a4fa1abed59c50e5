"""The anchor: the newest number and digest of a seat that were said to be saved, outside the store.

SQLCipher does not notice an old file put back, and a damaged write-ahead log drops later commits in
silence; an anchor ahead of the store shows both. It is one small file of two blocks written in turn, in
place, each with its own check, so a write that is cut leaves the other block. An anchor behind its store is
harmless. Must not decide what loss means: it only says what was written last, that nothing ever was, or
that neither block holds.
"""

import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from db.home import write_whole
from hipss_desktop.errors import Tampered

_BLOCK = 4096  # the two blocks never share a sector or a page, so one cut write reaches one block
_FIELDS = struct.Struct(">8sQQ32s64s")  # mark, counter, number, digest, seat (UTF-8, padded with NUL)
_MARK = b"HIPSSan1"
_CHECKED = _FIELDS.size + hashlib.sha256().digest_size
_BINARY = getattr(os, "O_BINARY", 0)  # Windows alone has a text mode to switch off
# the file's size never changes after it is made, so its data is all that has to reach the disk
_sync = getattr(os, "fdatasync", os.fsync)


class AnchorDamaged(Tampered):
    """The file is there and neither of its blocks holds; not the same as an anchor never written."""

    def __init__(self) -> None:
        super().__init__(
            "The mark of what was last saved on this laptop is damaged. Nothing was changed. "
            "What was sent is with the council."
        )


@dataclass(frozen=True)
class Anchor:
    """What was said to be saved: a seat, its newest revision's number (from 1) and that one's digest (32
    bytes)."""

    seat: str
    number: int
    digest: bytes

    def text(self) -> str:
        """The anchor in one line, for the copy in the keyring."""
        return f"{self.seat} {self.number} {self.digest.hex()}"

    @classmethod
    def of_text(cls, text: str) -> "Anchor":
        """The anchor that ``text`` wrote; raises ValueError for any other line."""
        seat, number, digest = text.split(" ")
        return cls(seat, int(number), bytes.fromhex(digest))


class AnchorFile:
    """One vault's anchor file; stays open between writes, used by one writer at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None
        self._counter = 0

    def read(self) -> Anchor | None:
        """The newest anchor of the two blocks, or None when none was ever written.

        Raises:
            AnchorDamaged: the file is there and neither block holds.
        """
        return self._newest()[1]

    def write(self, seat: str, number: int, digest: bytes) -> None:
        """Write over the older of the two blocks; on the disk when this returns.

        Raises:
            AnchorDamaged: neither block holds, which must be looked at first (see ``start_again``).
            OSError: the disk refused.
        """
        if self._fd is None:
            self._counter = self._newest()[0]
            if self._counter == 0:
                self.start_again(seat, number, digest)
                return
            self._fd = os.open(self._path, os.O_RDWR | _BINARY)
        counter = self._counter + 1
        os.lseek(self._fd, counter % 2 * _BLOCK, os.SEEK_SET)
        os.write(self._fd, _block(counter, Anchor(seat, number, digest)))
        _sync(self._fd)
        self._counter = counter

    def start_again(self, seat: str, number: int, digest: bytes) -> None:
        """Replace the whole file, also a damaged one: the first anchor, or a new seat's after a loss."""
        self.close()
        blocks = _block(2, Anchor(seat, number, digest)).ljust(_BLOCK, b"\0") + bytes(_BLOCK)
        write_whole(self._path, blocks)

    def close(self) -> None:
        """Let the file go; a later write opens it again."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _newest(self) -> tuple[int, Anchor | None]:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return 0, None
        held = [_held(content[start : start + _CHECKED]) for start in (0, _BLOCK)]
        whole = [block for block in held if block is not None]
        if not whole:
            raise AnchorDamaged
        return max(whole, key=lambda block: block[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _block(counter: int, anchor: Anchor) -> bytes:
    seat = anchor.seat.encode()
    if len(seat) > 64 or len(anchor.digest) != 32:
        raise ValueError("an anchor takes a seat of up to 64 bytes and a digest of 32")
    fields = _FIELDS.pack(_MARK, counter, anchor.number, anchor.digest, seat)
    return fields + hashlib.sha256(fields).digest()


def _held(block: bytes) -> tuple[int, Anchor] | None:
    """A block's counter and anchor, or None where its check does not hold."""
    fields = block[: _FIELDS.size]
    if len(block) != _CHECKED or hashlib.sha256(fields).digest() != block[_FIELDS.size :]:
        return None
    mark, counter, number, digest, seat = _FIELDS.unpack(fields)
    if mark != _MARK:
        return None
    return counter, Anchor(seat.rstrip(b"\0").decode(), number, digest)
