"""Note whether the council's own chain is known to be complete; the note is valid while a process of the council serves.

If folder and store are restored together, the council itself cannot tell that from a restart. So after every start the chain
counts as incomplete until a laptop has shown that it has no later part of it (``showing``). The file ``running`` in the folder
notes this, and every serving process locks that file while it lives. A process that starts beside others uses their notes.
Nobody locks a copy of the file, so the notes in a copy do not count. Must not know the chain.
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
"""A time in seconds since 1970; any other text is ignored."""

LOCK_TRIES, SECONDS_BETWEEN_TRIES = 5, 0.02
"""How often a process tries to take the lock, and how many seconds it waits between two tries.

Another try may succeed, because a command that only checks the lock releases it after a moment.
"""


class Running:
    """A process that serves: it has the lock until it ends, even if it is killed."""

    def __init__(self, home: Home) -> None:
        """Begin to serve; if no other process serves, delete the notes of earlier processes.

        Raises:
            Unavailable: the folder cannot be written to.
        """
        self._home = home
        self._lock = _opened(home.folder / FILE)
        if _alone(self._lock):
            marks = _marks(home)
            os.ftruncate(self._lock, 0)
            # a seat that got the rest from this council before the chain was confirmed still proves nothing
            for mark, seat in marks:
                if mark == BEHIND and (CONFIRMED, "") not in marks:
                    _add(home, f"{BEHIND} {seat}")
        if sys.platform != "win32":  # on Windows the first process has the only lock, and the others rely on it
            fcntl.flock(self._lock, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Stop serving; a second call does nothing."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def confirm(self) -> None:
        """Note that the chain is complete, for all processes that serve with this one."""
        _add(self._home, CONFIRMED)

    def confirmed(self, now: datetime) -> bool:
        """Return whether the chain is known to be complete."""
        return is_confirmed(self._home, now, serving=True)

    def note_behind(self, seat: str) -> None:
        """Note a seat that had less of the chain than the council and so gets the rest from this council."""
        if seat not in self.behind():
            _add(self._home, f"{BEHIND} {seat}")

    def behind(self) -> frozenset[str]:
        """Return the seats that ``note_behind`` noted since the start."""
        return frozenset(seat for mark, seat in _marks(self._home) if mark == BEHIND)


def is_confirmed(home: Home, now: datetime, *, serving: bool = False) -> bool:
    """Return whether the chain is known to be complete; ``serving``: this process has the lock itself."""
    marks = _marks(home)
    if any(mark == UNTIL and _SECONDS.fullmatch(until) and now.timestamp() < int(until) for mark, until in marks):
        return True
    return (CONFIRMED, "") in marks and (serving or is_served(home))


def is_served(home: Home) -> bool:
    """Return whether a process of this council serves."""
    try:
        lock = os.open(home.folder / FILE, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _alone(lock)
    finally:
        os.close(lock)


def note_statement(home: Home, until: datetime) -> bool:
    """Note the statement of the council's people that the chain is complete; return whether a process serves.

    If a process serves, the statement is valid until no process serves any more. Otherwise it is valid for commands
    until ``until``.
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
        raise Unavailable(f"The file ‘{FILE}’ cannot be read: {failed.strerror}.") from failed
    parts = [line.partition(" ") for line in text.splitlines()]
    return [(mark, named) for mark, _, named in parts]


def _add(home: Home, line: str) -> None:
    """Append a line; the operating system does so in one step."""
    file = os.open(home.folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, f"{line}\n".encode("ascii"))
    except OSError as failed:
        raise Unavailable(f"The file ‘{FILE}’ cannot be written: {failed.strerror}.") from failed
    finally:
        os.close(file)


def _opened(file: Path) -> int:
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as failed:
        raise Unavailable(f"The file ‘{FILE}’ cannot be written: {failed.strerror}.") from failed


def _alone(lock: int) -> bool:
    """Try to take the lock; return whether this process has it now, and so no other process has it."""
    for earlier_tries in range(LOCK_TRIES):
        if earlier_tries:
            time.sleep(SECONDS_BETWEEN_TRIES)
        try:
            if sys.platform == "win32":
                os.lseek(lock, 1 << 30, os.SEEK_SET)  # beyond the notes, so that other processes can read them
                msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        return True
    return False
