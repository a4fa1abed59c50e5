"""Counts wrong passphrases: ten, then a wait of 15 minutes that neither a restart nor a clock that is set makes shorter.

A try is counted on disk *before* its result is known, so that killing the program between the two gains nothing; the
right passphrase clears the count. The file (``db.blocks``) is made with the vault, so a full disk takes the count too. A
disk that cannot be written at all must not keep people from reading: then the count is this process's own. Where the file
cannot be read, ten are taken as used: damage must not buy tries. Deleting it does: what this slows is a person at the
keyboard; against somebody who has the files stand Argon2id and the keyring. Must not alter any other file of the vault.
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
_FIELDS = struct.Struct(">Bq16sq")  # wrong tries; when, by the wall; which run of the machine, and how long it ran
_MARK = b"HIPSStr1"
_NO_BOOT = bytes(16)


class TooManyTries(UserError):
    """Ten wrong passphrases were entered and the wait is not over.

    Attributes:
        until: when the next try is taken (UTC).
    """

    def __init__(self, until: datetime) -> None:
        self.until = until
        # rounded up to the minute, so that a try at the time shown is always taken
        shown = until if until.second == until.microsecond == 0 else until.replace(second=0, microsecond=0) + _MINUTE
        super().__init__(f"You can try again at {clock_time(shown)}.")


@dataclass(frozen=True)
class _Count:
    """Wrong tries, and when the last was: by the wall, and by the machine's own count since its start ``boot``."""

    wrong: int
    wall: timedelta
    boot: bytes
    ran: timedelta


_not_written: dict[Path, _Count] = {}
"""What a disk did not take."""


class UnlockThrottle:
    """The count of one vault."""

    def __init__(self, path: Path, clock: Clock = system_clock, boot_clock: BootClock | None = None) -> None:
        """Count in ``path``.

        ``boot_clock`` is a clock that nobody can set. Without one the wait goes by ``clock``, as it does where ``clock``
        is not the machine's own.
        """
        self._path = path
        self._blocks = TwoBlocks(path, _MARK, _FIELDS.size)
        self._clock = clock
        self._boot_clock = boot_clock or (since_boot if clock is system_clock else lambda: None)

    def check(self) -> int:
        """How many tries are left, at least one.

        Raises:
            TooManyTries: none before the time it names.
        """
        last = self._read()
        if last.wrong < ALLOWED:
            return ALLOWED - last.wrong
        now = self._count(ALLOWED)
        # By the machine's own clock where there is one, which no one can set and which begins anew with the machine.
        waited = now.ran - last.ran if now.boot == last.boot != _NO_BOOT else now.wall - last.wall
        if now.boot != last.boot or waited < timedelta(0):
            self._write(now)
            waited = timedelta(0)
        if waited < WAIT:
            raise TooManyTries(_EPOCH + now.wall + WAIT - waited)
        return ALLOWED

    def spend(self) -> int:
        """Count one try, durably, before its result is known; give the number left should it be wrong.

        Raises:
            TooManyTries: none may be made before the time it names.
        """
        left = self.check() - 1
        self._write(self._count(ALLOWED - left))
        return left

    def clear(self) -> None:
        """Forget the count, and take the file's room on the disk: the vault is made, or the right key was given."""
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
