"""A small disk of its own under a folder, to be filled to the last byte or made read-only."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class SmallDisk:
    """A disk in memory."""

    folder: Path

    @property
    def home(self) -> Path:
        """Where a laptop's home is on it."""
        return self.folder / "home"

    def fill(self) -> None:
        """Leave not one byte free, neither in blocks nor within the last one."""
        with (self.folder / "filler").open("ab", buffering=0) as filler:
            for size in (1 << 20, 4096, 1):
                with suppress(OSError):
                    while filler.write(bytes(size)):
                        pass

    def empty(self) -> None:
        """Give the room back."""
        (self.folder / "filler").unlink()

    def takes(self, how: str) -> None:
        """Mount it anew, "ro" or "rw"."""
        subprocess.run(["mount", "-o", f"remount,{how}", self.folder], check=True)


@contextmanager
def small_disk(folder: Path, mebibytes: int = 96) -> Iterator[SmallDisk]:
    """A disk under a folder as long as the block lasts; the test is skipped where mounting is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("a disk can be mounted by root alone")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
