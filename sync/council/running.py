"""Whether the council is certain to hold all of its own chain, for as long as one of its processes goes on serving.

A folder and a store that were put back together look from within like a council that was merely started again. So each
start begins uncertain, until a laptop has shown that it holds no more of the chain (``showing``). That stands in the
file ``running`` of the folder, which every serving process keeps locked while it lives: a process that starts beside
others goes on with what they know, and a copy of the file, which nobody has locked, says nothing. Must not know the
chain.
"""

import os
import re
import sys
import time
from datetime import datetime
from pathlib import Path

from hipss_desktop.errors import Unavailable
from sync.council.home import Home

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FILE = "running"
CONFIRMED, BEHIND, UNTIL = "confirmed", "behind", "until"

_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
"""A time in seconds since 1970; whatever else stands there says nothing."""

LOOKS, BETWEEN_LOOKS = 5, 0.02
"""How often, and how many seconds apart, the lock is tried: a command that looks at it has it for a moment."""


class Running:
    """A process that serves: it holds the lock until it ends in whatever way."""

    def __init__(self, home: Home) -> None:
        """Come into service; what an earlier council wrote counts no more where no other process serves.

        Raises:
            Unavailable: the folder cannot be written to.
        """
        self._home = home
        self._lock = _opened(home.folder / FILE)
        if _alone(self._lock):
            marks = _marks(home)
            os.ftruncate(self._lock, 0)
            for (
                mark,
                seat,
            ) in marks:  # who was behind and got the rest from a council that was never certain still is no witness
                if mark == BEHIND and (CONFIRMED, "") not in marks:
                    _add(home, f"{BEHIND} {seat}")
        if sys.platform != "win32":  # there the first process keeps the lock, and the others count on it
            fcntl.flock(self._lock, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Serve no longer; a second call does nothing."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def confirm(self) -> None:
        """Note that the chain is whole, for all processes that serve with this one."""
        _add(self._home, CONFIRMED)

    def confirmed(self, now: datetime) -> bool:
        """Whether the chain is known to be whole."""
        return is_confirmed(self._home, now, serving=True)

    def note_behind(self, seat: str) -> None:
        """Note a seat that had less of the chain than the council: what it holds later, it has from this council."""
        if seat not in self.behind():
            _add(self._home, f"{BEHIND} {seat}")

    def behind(self) -> frozenset[str]:
        """The seats that were noted so since the start."""
        return frozenset(seat for mark, seat in _marks(self._home) if mark == BEHIND)


def is_confirmed(home: Home, now: datetime, *, serving: bool = False) -> bool:
    """Whether the chain is known to be whole; ``serving``: this process holds the lock itself."""
    marks = _marks(home)
    if any(mark == UNTIL and _SECONDS.fullmatch(until) and now.timestamp() < int(until) for mark, until in marks):
        return True
    return (CONFIRMED, "") in marks and (serving or is_served(home))


def is_served(home: Home) -> bool:
    """Whether a process of this council serves."""
    try:
        lock = os.open(home.folder / FILE, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _alone(lock)
    finally:
        os.close(lock)


def take_word(home: Home, until: datetime) -> bool:
    """Note that the council's people say that the chain is whole; whether a process serves.

    Their word holds as long as that process goes on serving; without one until a time, for the commands of that time.
    """
    served = is_served(home)
    _add(home, CONFIRMED if served else f"{UNTIL} {int(until.timestamp())}")
    return served


def _marks(home: Home) -> list[tuple[str, str]]:
    try:
        text = (home.folder / FILE).read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return []
    except OSError as failed:
        raise Unavailable(f"{FILE} cannot be read: {failed.strerror}.") from failed
    parts = [line.partition(" ") for line in text.splitlines()]
    return [(mark, named) for mark, _, named in parts]


def _add(home: Home, line: str) -> None:
    """Append a line, which the operating system does in one step."""
    file = os.open(home.folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, f"{line}\n".encode("ascii"))
    except OSError as failed:
        raise Unavailable(f"{FILE} cannot be written: {failed.strerror}.") from failed
    finally:
        os.close(file)


def _opened(file: Path) -> int:
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as failed:
        raise Unavailable(f"{FILE} cannot be written: {failed.strerror}.") from failed


def _alone(lock: int) -> bool:
    """Whether no other process has the lock; this one has it then."""
    for look in range(LOOKS):
        if look:
            time.sleep(BETWEEN_LOOKS)
        try:
            if sys.platform == "win32":
                os.lseek(lock, 1 << 30, os.SEEK_SET)  # past what is written: the others read that
                msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        return True
    return False
