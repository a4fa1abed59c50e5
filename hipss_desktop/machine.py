"""Facts that the operating system reports about this machine: free disk space, disk encryption and battery charge.

A fact that the system does not report is None, never a guess. Must not send or write anything.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

BLOCK_DEVICES = Path("/sys/dev/block")
"""Where Linux describes its block devices by number."""
ENCRYPTED = "CRYPT-"
"""How the identifier of an encrypted device begins (dm-crypt: LUKS and plain)."""

BOOT = Path("/proc/sys/kernel/random/boot_id")
"""The file in which Linux gives an identifier to the present run of the machine, from boot to shutdown."""
BootClock = Callable[[], tuple[bytes, timedelta] | None]
"""A function that returns an identifier of the machine's present run (16 bytes) and how long it has lasted, asleep or awake."""


def since_boot() -> tuple[bytes, timedelta] | None:
    """The machine's present run and its length, by a clock that nobody can set; None on systems other than Linux."""
    if sys.platform != "linux":
        return None
    try:
        run = bytes.fromhex(BOOT.read_text(encoding="ascii").strip().replace("-", ""))
    except (OSError, ValueError):
        return None
    return run[:16].ljust(16, b"\0"), timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))


@dataclass(frozen=True)
class Machine:
    """What was measured.

    Attributes:
        free: bytes that may still be written on the disk of a folder.
        encrypted: whether that disk is.
        percent: how full the battery is.
        plugged_in: whether it is charged.
    """

    free: int | None
    encrypted: bool | None
    percent: int | None
    plugged_in: bool | None


def measure(folder: Path) -> Machine:
    """Measure the machine that a folder is on."""
    import psutil  # loaded when a machine is first measured: the first screen does not wait for it

    battery = psutil.sensors_battery()
    return Machine(
        free=_free(folder),
        encrypted=_is_encrypted(folder),
        percent=round(battery.percent) if battery is not None else None,
        plugged_in=battery.power_plugged if battery is not None else None,
    )


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _is_encrypted(folder: Path) -> bool | None:
    """True if Linux shows an encrypted device below the folder; None otherwise, because a disk may encrypt itself."""
    if sys.platform != "linux":
        return None
    try:
        device = folder.stat().st_dev
        return is_on_encrypted(BLOCK_DEVICES / f"{os.major(device)}:{os.minor(device)}") or None
    except OSError:
        return None


def is_on_encrypted(device: Path) -> bool:
    """Whether a block device, given as its Linux folder, is encrypted, or all devices that it consists of are."""
    identifier, parts = device / "dm" / "uuid", device / "slaves"
    if identifier.exists() and identifier.read_text(encoding="utf-8").startswith(ENCRYPTED):
        return True
    below = list(parts.iterdir()) if parts.is_dir() else []
    return bool(below) and all(is_on_encrypted(part) for part in below)
