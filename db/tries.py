"""Counts wrong passphrases: ten, then a wait of 15 minutes that neither a restart nor a clock set back
makes shorter.

A try is counted on disk *before* its result is known, so that killing the program between the two gains
nothing; the right passphrase clears the count. Where the file cannot be read, ten are taken as used: damage
must not buy tries. What this slows is a person at the keyboard; against a copy of the disk stand Argon2id
and the keyring. Must not alter any other file of the vault.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.home import write_json
from hipss_desktop.errors import UserError
from hipss_desktop.times import Clock, clock_time, system_clock

ALLOWED = 10
WAIT = timedelta(minutes=15)

_MINUTE = timedelta(minutes=1)


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
    wrong: int
    last: datetime


class Tries:
    """The count of one vault."""

    def __init__(self, path: Path, clock: Clock = system_clock) -> None:
        self._path = path
        self._clock = clock

    def check(self) -> int:
        """How many tries are left, at least one.

        Raises:
            TooManyTries: none before the time it names.
        """
        now = self._clock()
        count = self._read(now)
        if count.wrong < ALLOWED:
            return ALLOWED - count.wrong
        if now < count.last:  # the clock was set back: the whole wait starts at what it says now
            count = self._write(ALLOWED, now)
        if now < count.last + WAIT:
            raise TooManyTries(count.last + WAIT)
        return ALLOWED

    def spend(self) -> int:
        """Count one try, durably, before its result is known; give the number left should it be wrong.

        Raises:
            TooManyTries: none may be made before the time it names.
        """
        left = self.check() - 1
        self._write(ALLOWED - left, self._clock())
        return left

    def clear(self) -> None:
        """Forget the count: the right passphrase or key was given."""
        self._path.unlink(missing_ok=True)

    def _read(self, now: datetime) -> _Count:
        try:
            fields = json.loads(self._path.read_bytes())
            wrong, last = fields["wrong"], datetime.fromisoformat(fields["last"]).astimezone(UTC)
            if not (isinstance(wrong, int) and 0 <= wrong <= ALLOWED):
                raise ValueError("a count out of range")
            return _Count(wrong, last)
        except FileNotFoundError:
            return _Count(0, now)
        except (OSError, ValueError, TypeError, KeyError):
            return self._write(ALLOWED, now)

    def _write(self, wrong: int, now: datetime) -> _Count:
        write_json(self._path, {"wrong": wrong, "last": now.astimezone(UTC).isoformat()})
        return _Count(wrong, now)
