"""A program that does acts which a test kills; it is imported once, not for each act.

Each input line requests an act, with its arguments as JSON. A child process does the act. The program prints the child's process
number, so that a test can trace it. The act begins with the next input line. The child prints "done" when the act is done; the
program prints "ended" when the child has ended, for any reason.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable

from tests.helpers.council_fixtures import ROOT

FLUSHES = ("fsync", "fdatasync")
WRITES = (*FLUSHES, "pwrite64", "write", "rename", "unlink", "ftruncate")
"""The system calls that write on Linux; ``fallocate`` is left out, because it is only called when a vault is made."""


class Acting:
    """The running program, for a test that requests acts from it."""

    def __init__(self, module: str) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-B", "-m", module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, arguments: list[str], *strace: str) -> bool:
        """Run one act, traced from its beginning; return whether it was done."""
        self._ask(json.dumps(arguments))
        command = ["strace", "-f", "-p", self._told(), *strace]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr is not None
            assert "attached" in tracer.stderr.readline()
            self._ask("")
            answers = list(iter(self._told, "ended"))
        assert answers in ([], ["done"])
        return answers == ["done"]

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
        """End the program, and check that no act failed with an error."""
        _, errors = self._program.communicate(timeout=60)
        assert "Traceback" not in errors, errors


def serve(do: Callable[..., None]) -> None:
    """Do the act of each input line; this runs in the program itself."""
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
    """Print one line at once."""
    os.write(1, f"{words}\n".encode())
