"""The anchor: the newest number and digest of a seat that were said to be saved, outside the store.

SQLCipher does not notice an old file put back, and a damaged write-ahead log drops later commits in
silence; an anchor ahead of the store shows both. It is one small file (``db.blocks``) that is made with the store, so
that writing it needs no room on the disk. An anchor behind its store is harmless. Must not decide what loss means: it
only says what was written last, that nothing ever was, or that neither block holds.
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
        self._blocks = TwoBlocks(path, _MARK, _FIELDS.size)

    def read(self) -> Anchor | None:
        """The newest anchor of the two blocks, or None when none was ever written.

        Raises:
            AnchorDamaged: the file is there and neither block holds.
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
        """Write over the older of the two blocks; on the disk when this returns.

        Raises:
            AnchorDamaged: neither block holds, which must be looked at first (see ``start_again``).
            OSError, Unavailable: the disk refused.
        """
        try:
            self._blocks.write(_content(seat, number, digest))
        except BlocksDamaged:
            raise AnchorDamaged from None

    def start_again(self, seat: str, number: int, digest: bytes) -> None:
        """Replace the whole file, also a damaged one: the first anchor, or a new seat's after a loss."""
        self._blocks.start_again(_content(seat, number, digest))

    def close(self) -> None:
        """Let the file go; a later write opens it again."""
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
