"""A program that does acts which a test kills, and that is read once and not for each time.

Each line asks for an act: JSON of what it is done with. A process of its own does it, whose number is said, so that it can be
traced. It begins with the next line, and says "done" when it was; "ended" is said when it has ended in any way.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable

from tests.helpers.council_fixtures import ROOT

FLUSHES = ("fsync", "fdatasync")
WRITES = (*FLUSHES, "pwrite64", "write", "rename", "unlink", "ftruncate")
"""What writes on Linux; ``fallocate`` is called when a vault is made alone."""


class Acting:
    """The program, as a test asks it."""

    def __init__(self, module: str) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-B", "-m", module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, asked: list[str], *strace: str) -> bool:
        """One act, traced from its beginning; whether it came to its end."""
        self._ask(json.dumps(asked))
        command = ["strace", "-f", "-p", self._told(), *strace]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr is not None
            assert "attached" in tracer.stderr.readline()
            self._ask("")
            told = list(iter(self._told, "ended"))
        assert told in ([], ["done"])
        return told == ["done"]

    def _ask(self, line: str) -> None:
        assert self._program.stdin is not None
        self._program.stdin.write(f"{line}\n")
        self._program.stdin.flush()

    def _told(self) -> str:
        assert self._program.stdout is not None
        line = self._program.stdout.readline().strip()
        assert line, self._program.communicate()[1]
        return line

    def close(self) -> None:
        """End it; an act that failed of itself has said so."""
        _, errors = self._program.communicate(timeout=60)
        assert "Traceback" not in errors, errors


def serve(do: Callable[..., None]) -> None:
    """Do what each line asks for, in the program itself."""
    while line := sys.stdin.readline():
        waits, begins = os.pipe()
        child = os.fork()
        if child == 0:
            os.read(waits, 1)
            do(*json.loads(line))
            _say("done")
            os._exit(0)
        _say(str(child))
        sys.stdin.readline()
        os.write(begins, b"1")
        os.waitpid(child, 0)
        os.close(waits)
        os.close(begins)
        _say("ended")


def _say(words: str) -> None:
    """One line, at once."""
    os.write(1, f"{words}\n".encode())
