"""Counts wrong passphrases: ten, then a wait of 15 minutes. Neither a restart nor a changed clock shortens the wait.

A try is counted on disk *before* its result is known, so that killing the program in between gains nothing. The right passphrase
clears the count. The file (``db.blocks``) is made with the vault, so a full disk can still store the count. A disk that cannot
be written at all must not prevent reading: the count is then in this process's memory. If the file cannot be read, ten tries
count as used, so that damage gains no tries. Deleting the file does gain tries. The count slows down a person at the keyboard;
Argon2id and the keyring protect against somebody who has the files. Must not alter any other file of the vault.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.blocks import BlocksDamaged, TwoBlocks
from hipss_desktop.errors import Unavailable, UserError
from hipss_desktop.machine import BootClock, since_boot
from hipss_desktop.times import Clock, clock_time, system_clock

ALLOWED = 10
WAIT = timedelta(minutes=15)

_MINUTE = timedelta(minutes=1)
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIELDS = struct.Struct(">Bq16sq")  # wrong tries; wall clock of the last; start of the machine; time since that start
_MARK = b"HIPSStr1"
_NO_BOOT = bytes(16)


class TooManyTries(UserError):
    """Ten wrong passphrases were entered and the wait is not over.

    Attributes:
        until: from when the next try is accepted (UTC).
    """

    def __init__(self, until: datetime) -> None:
        self.until = until
        # rounded up to the minute, so that a try at the time shown is always accepted
        shown = until if until.second == until.microsecond == 0 else until.replace(second=0, microsecond=0) + _MINUTE
        super().__init__(f"You can try again at {clock_time(shown)}.")


@dataclass(frozen=True)
class _Count:
    """How many wrong tries there were, and when the last one was.

    Attributes:
        wrong: the number of wrong tries.
        wall: the time of the last one by the clock on the wall, since 1970.
        boot: the start of the machine in which it was made; ``ran`` is the time from that start to the last try.
    """

    wrong: int
    wall: timedelta
    boot: bytes
    ran: timedelta


_not_written: dict[Path, _Count] = {}
"""The counts that could not be written to the disk, by path."""


class UnlockThrottle:
    """The count of one vault."""

    def __init__(self, path: Path, clock: Clock = system_clock, boot_clock: BootClock | None = None) -> None:
        """Count in ``path``.

        ``boot_clock`` is a clock that nobody can set. Without one, ``clock`` measures the wait. So it does if ``clock`` is not
        the system's clock.
        """
        self._path = path
        self._blocks = TwoBlocks(path, _MARK, _FIELDS.size)
        self._clock = clock
        self._boot_clock = boot_clock or (since_boot if clock is system_clock else lambda: None)

    def check(self) -> int:
        """How many tries are left, at least one.

        Raises:
            TooManyTries: no try is accepted before its time ``until``.
        """
        last = self._read()
        if last.wrong < ALLOWED:
            return ALLOWED - last.wrong
        now = self._count(ALLOWED)
        # Nobody can set the machine's own clock, but it begins again at each start.
        waited = now.ran - last.ran if now.boot == last.boot != _NO_BOOT else now.wall - last.wall
        if now.boot != last.boot or waited < timedelta(0):
            self._write(now)
            waited = timedelta(0)
        if waited < WAIT:
            raise TooManyTries(_EPOCH + now.wall + WAIT - waited)
        return ALLOWED

    def spend(self) -> int:
        """Count one try on disk before its result is known, and return how many are left if it is wrong.

        Raises:
            TooManyTries: no try is accepted before its time ``until``.
        """
        tries_left = self.check() - 1
        self._write(self._count(ALLOWED - tries_left))
        return tries_left

    def clear(self) -> None:
        """Set the count to zero, after the vault was made or the right passphrase given. Make the file if there is none."""
        if not self._path.exists() or self._read().wrong:
            self._write(self._count(0))

    def _count(self, wrong: int) -> _Count:
        boot, ran = self._boot_clock() or (_NO_BOOT, timedelta(0))
        return _Count(wrong, self._clock() - _EPOCH, boot, ran)

    def _read(self) -> _Count:
        not_written = _not_written.get(self._path)
        if not_written is not None:
            return not_written
        try:
            content = self._blocks.read()
            if content is None:
                return self._count(0)
            wrong, wall, boot, ran = _FIELDS.unpack(content)
            return _Count(min(wrong, ALLOWED), wall * _MICROSECOND, boot, ran * _MICROSECOND)
        except (BlocksDamaged, OSError):
            used = self._count(ALLOWED)
            self._write(used, anew=True)
            return used

    def _write(self, count: _Count, *, anew: bool = False) -> None:
        content = _FIELDS.pack(count.wrong, count.wall // _MICROSECOND, count.boot, count.ran // _MICROSECOND)
        try:
            (self._blocks.start_again if anew else self._blocks.write)(content)
        except (OSError, Unavailable):
            _not_written[self._path] = count
        else:
            _not_written.pop(self._path, None)
        finally:
            self._blocks.close()
