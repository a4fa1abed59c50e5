"""A small disk mounted on a folder, which a test can fill to the last byte or make read-only."""

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
        """The folder for a laptop's home on this disk."""
        return self.folder / "home"

    def fill(self) -> None:
        """Fill the disk until no byte is free, neither in blocks nor within the last block."""
        with (self.folder / "filler").open("ab", buffering=0) as filler:
            for size in (1 << 20, 4096, 1):
                with suppress(OSError):
                    while filler.write(bytes(size)):
                        pass

    def empty(self) -> None:
        """Free the room that ``fill`` took."""
        (self.folder / "filler").unlink()

    def takes(self, how: str) -> None:
        """Remount the disk read-only ("ro") or writable ("rw")."""
        subprocess.run(["mount", "-o", f"remount,{how}", self.folder], check=True)


@contextmanager
def small_disk(folder: Path, mebibytes: int = 96) -> Iterator[SmallDisk]:
    """Mount a disk on a folder for the length of the block; skip the test if mounting is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("a disk can be mounted by root alone")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
