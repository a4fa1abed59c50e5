"""Room on the disk that a store keeps for the night on which there is none left.

What fills a disk is never this program alone. The reserve is a file of nothing beside the store. It is given up, before a
save or an opening, when the disk has next to no room left, so that both go on; once there is room again it is made anew.
Must not hold a byte of a record.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

SIZE = 8 << 20
"""Bytes kept: a night of saves, and what SQLite needs to open a store (some 100 KiB)."""
SCARCE = 2 << 20
"""Bytes free below which the reserve is given up: more than one save can need."""
PLENTY = 64 << 20
"""Bytes that must be free for the reserve to be taken: nobody's last room."""


class Reserve:
    """The reserve beside one store."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = str(path.parent)

    def make_room(self) -> None:
        """Give the reserve up if the disk has next to no room left."""
        try:
            free = free_bytes(self._folder)
        except OSError:
            return
        if free < SCARCE:
            self.give_up()

    def give_up(self) -> bool:
        """Give the reserve up; whether there was one."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True

    def is_given_up(self) -> bool:
        """Whether it had to be given up, or could not be taken, for want of room."""
        try:
            return not self._path.exists() and free_bytes(self._folder) < PLENTY
        except OSError:
            return False

    def lay_in(self) -> None:
        """Take the room, where there is plenty and it was not taken yet; nothing where the disk refuses."""
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
    """Bytes that an ordinary account may still write to a folder's disk; asked before every save."""
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
