"""Reserves space on the disk for the night on which the disk is full.

Other programs also fill the disk. The reserve is a file of zeros beside the store. If a save or an opening
finds almost no space on the disk, this module first deletes the file, so that it succeeds. Once there is space again,
it makes the file again. Must not write a byte of a record into the file.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

SIZE = 8 << 20
"""Bytes of the reserve: enough for a night of saves, and for SQLite to open a store (some 100 KiB)."""
SCARCE = 2 << 20
"""With fewer bytes free, the reserve is deleted. One save needs less than this."""
PLENTY = 64 << 20
"""Bytes that must be free before the reserve is made, so that it does not take the last space of the disk."""


class Reserve:
    """The reserve beside one store."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = str(path.parent)

    def make_room(self) -> None:
        """Delete the reserve if the disk has almost no space left."""
        try:
            free = free_bytes(self._folder)
        except OSError:
            return
        if free < SCARCE:
            self.give_up()

    def give_up(self) -> bool:
        """Delete the reserve, and return whether it was deleted."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True

    def is_given_up(self) -> bool:
        """Whether there is no reserve and the disk has too little space to make it."""
        try:
            return not self._path.exists() and free_bytes(self._folder) < PLENTY
        except OSError:
            return False

    def lay_in(self) -> None:
        """Make the reserve if there is none and the disk has plenty of space. Do nothing if the disk refuses."""
        with suppress(OSError):
            if self._path.exists() or free_bytes(self._folder) < PLENTY:
                return
            fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                _fill(fd)
            except OSError:
                self.give_up()
            finally:
                os.close(fd)


def free_bytes(folder: str) -> int:
    """Bytes that an ordinary account may still write to a folder's disk. Every save calls this."""
    if not hasattr(os, "statvfs"):
        return shutil.disk_usage(folder).free
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def _fill(fd: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(fd, 0, SIZE)
        return
    for _ in range(SIZE >> 20):
        os.write(fd, bytes(1 << 20))
