"""Read and write files of the council's folder that only the folder's owner may read. Each is written completely or not at all.

Must not know what the files contain.
"""

import glob
import os
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from hipss_desktop.errors import Unavailable, UserError

_PIECE = 1024 * 1024
Content = TypeVar("Content")


class SecretFile(Generic[Content]):
    """A file that another process may replace: ``read`` returns its present content, quickly if the file has not changed."""

    def __init__(self, file: Path, read: Callable[[bytes], Content]) -> None:
        self.file = file
        self._read = read
        self._last: tuple[tuple[int, int, int], Content] | None = None

    def read(self) -> Content:
        """Return the present content; raises OSError if the file cannot be read, and what the reading function raises."""
        status = os.stat(self.file)  # noqa: PTH116  called for each text: a Path costs three times as much
        mark = (status.st_ino, status.st_mtime_ns, status.st_size)
        if self._last is None or self._last[0] != mark:
            self._last = mark, self._read(self.file.read_bytes())
        return self._last[1]


def write_secret(file: Path, content: bytes) -> None:
    """Write a new file that only its owner may read; it is on the disk when this returns.

    Raises:
        UserError: the file exists already.
        Unavailable: the file cannot be written.
    """
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError as there:
        raise UserError(f"{file.name} is there already. Nothing was changed.") from there
    except OSError as failed:
        raise Unavailable(f"{file.name} cannot be written: {failed.strerror}.") from failed


def replace_secret(file: Path, content: bytes, *, scrub: bool = False) -> None:
    """Replace a file completely or not at all.

    Args:
        file: the file.
        content: the whole new content.
        scrub: overwrite the old content, for a secret that must not be readable any more. Also overwrite and delete parts that
            a killed process left. Only one process may do so at once.

    Raises:
        Unavailable: the disk is full or failed; the file is unchanged.
    """
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        fresh.unlink(missing_ok=True)
        if scrub:
            for left_over in file.parent.glob(f"{glob.escape(file.name)}.*.new"):
                _destroy(left_over)
        write_secret(fresh, content)
        former = os.open(file, os.O_WRONLY) if scrub and file.exists() else None
        try:
            fresh.replace(file)
            _sync_folder(file.parent)  # later data depend on the new file, which must be there after a power cut
            if former is not None:
                _overwrite(former)
        finally:
            if former is not None:
                os.close(former)
    except OSError as failed:
        raise Unavailable(f"{file.name} cannot be written: {failed.strerror}.") from failed


def _destroy(file: Path) -> None:
    descriptor = os.open(file, os.O_WRONLY)
    try:
        _overwrite(descriptor)
    finally:
        os.close(descriptor)
    file.unlink()


def _overwrite(descriptor: int) -> None:
    bytes_left = os.fstat(descriptor).st_size
    while bytes_left > 0:
        bytes_left -= os.write(descriptor, bytes(min(bytes_left, _PIECE)))
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    """Wait until a new file name is on the disk, if the system can open folders (Windows cannot)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
