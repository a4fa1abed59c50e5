"""The anchor: a file outside the store with the newest number and digest of a seat that the person was told are saved.

SQLCipher does not notice if an old store file was put back, and a damaged write-ahead log loses later commits silently. An
anchor ahead of the store reveals both. It is one small file (``db.blocks``) that is made with the store, so writing it needs no
more room on the disk. An anchor behind its store is harmless. Must not decide what a loss means: it only returns what was
written last, or that nothing was written, or that both blocks are damaged.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from db.blocks import BlocksDamaged, TwoBlocks

_FIELDS = struct.Struct(">Q32s64s")  # number, digest, seat (UTF-8, padded with NUL)
_MARK = b"HIPSSan1"


class AnchorDamaged(BlocksDamaged):
    """The anchor file exists and both of its blocks are damaged; a missing anchor file is another case."""

    def __init__(self) -> None:
        super().__init__(
            "The mark of what was last saved on this laptop is damaged. Nothing was changed. "
            "The council has everything that was sent."
        )


@dataclass(frozen=True)
class Anchor:
    """The newest saved revision: its seat, its number (from 1; 0 before the first) and its digest (32 bytes)."""

    seat: str
    number: int
    digest: bytes

    def text(self) -> str:
        """Return the anchor in one line, for the copy in the keyring."""
        return f"{self.seat} {self.number} {self.digest.hex()}"

    @classmethod
    def of_text(cls, text: str) -> "Anchor":
        """Read an anchor from a line that ``text`` wrote; raises ValueError for any other line."""
        seat, number, digest = text.split(" ")
        return cls(seat, int(number), bytes.fromhex(digest))


class AnchorFile:
    """One vault's anchor file; it is open between writes, and one writer at a time uses it."""

    def __init__(self, path: Path) -> None:
        self._blocks = TwoBlocks(path, _MARK, _FIELDS.size)

    def read(self) -> Anchor | None:
        """Return the newest anchor of the two blocks, or None if no anchor was ever written.

        Raises:
            AnchorDamaged: the file exists and both blocks are damaged.
        """
        try:
            content = self._blocks.read()
        except BlocksDamaged:
            raise AnchorDamaged from None
        if content is None:
            return None
        number, digest, seat = _FIELDS.unpack(content)
        return Anchor(seat.rstrip(b"\0").decode(), number, digest)

    def write(self, seat: str, number: int, digest: bytes) -> None:
        """Overwrite the older of the two blocks; the anchor is on the disk when this returns.

        Raises:
            AnchorDamaged: both blocks are damaged, and somebody must look at that first (see ``start_again``).
            OSError, Unavailable: the disk refused.
        """
        try:
            self._blocks.write(_content(seat, number, digest))
        except BlocksDamaged:
            raise AnchorDamaged from None

    def start_again(self, seat: str, number: int, digest: bytes) -> None:
        """Replace the whole file, also a damaged one, with the first anchor or a new seat's anchor after a loss."""
        self._blocks.start_again(_content(seat, number, digest))

    def close(self) -> None:
        """Close the file; a later write opens it again."""
        self._blocks.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _content(seat: str, number: int, digest: bytes) -> bytes:
    name = seat.encode()
    if len(name) > 64 or len(digest) != 32:
        raise ValueError("an anchor takes a name of up to 64 bytes and a digest of 32")
    return _FIELDS.pack(number, digest, name)
