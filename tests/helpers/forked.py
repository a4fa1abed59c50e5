"""Starts programs as ``subprocess`` does, but forks each from a process that has imported it already.

A start of ``python -m sync.council.cli`` or ``python -m hipss_desktop.cli`` spends most of its processor time on imports. Here
the first start of a program in a test session starts a server (``tests.helpers.fork_server``), which imports the program; this
and each later start is a fork of that server. It is a real process and a child of the test's own process: it has the given
arguments, environment, folder and standard files, and it is awaited, signalled and killed as any other.

``Popen`` and ``run`` have the names and arguments of ``subprocess``, so this module can stand in its place. A command that is not
one of those programs is started as usual, and so is every command on other systems than Linux. A test of what happens while a
program starts uses ``subprocess`` itself: of its imports, its surroundings, its memory, or its system calls.
"""

import ctypes
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT, CalledProcessError, CompletedProcess, TimeoutExpired
from typing import Any

from tests.helpers.fork_server import LOADED_BY_NAME, Start, limits

__all__ = ["DEVNULL", "PIPE", "STDOUT", "CalledProcessError", "CompletedProcess", "Popen", "TimeoutExpired", "run"]

ROOT = Path(__file__).resolve().parents[2]
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
_READ_AT_ONCE = ("PYTHON", "LC_", "LANG", "LD_", "MALLOC_", "GLIBC_", "OPENSSL_")
"""How the variables begin that a process reads before its program runs, as the server has; ``PYTHONPATH`` is none of them."""

SERVED_OPTIONS = frozenset(
    (
        "stdin",
        "stdout",
        "stderr",
        "text",
        "encoding",
        "errors",
        "bufsize",
        "env",
        "cwd",
        "start_new_session",
        "process_group",
    )
)
"""The options that a forked program can have."""

_servers: dict[str, "_Server"] = {}
_starting = threading.Lock()


class Popen(subprocess.Popen[Any]):
    """A program that was started; a ``subprocess.Popen`` in every other respect.

    Args:
        command: the program and its arguments.
        imported: for a program given as code (``-c``), the module from whose server it is forked; else it is started as usual.
        more: the options of ``subprocess.Popen``.
    """

    def __init__(self, command: Sequence[str], *, imported: str = "", **more: Any) -> None:
        self._server_of = _served(command, imported, more)
        super().__init__(command, **more)

    def _execute_child(self, *given: Any) -> None:
        """Start the program; this is the step of ``subprocess.Popen`` that forks, and all that differs here."""
        if not self._server_of:
            super()._execute_child(*given)  # type: ignore[misc]  # typeshed leaves this step out
            return
        command, folder, environment = given[0], given[5], given[6]
        p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite = given[10:16]
        session, group = given[-2:]
        start = Start(
            (command[1], command[2]), [str(argument) for argument in command[3:]],
            dict(os.environ if environment is None else environment), os.path.realpath(folder or "."), group, session,
            limits(),
        )  # fmt: skip  # what one start needs stands together
        files = [file if file >= 0 else usual for usual, file in enumerate((p2cread, c2pwrite, errwrite))]
        self.pid = _start(self._server_of, start, files)
        self._child_created = True
        self._close_pipe_fds(p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite)  # type: ignore[attr-defined]  # as above


def run(
    command: Sequence[str],
    *,
    input: Any = None,  # noqa: A002  # as subprocess.run calls it
    capture_output: bool = False,
    timeout: float | None = None,
    check: bool = False,
    **more: Any,
) -> CompletedProcess[Any]:
    """Run a program until it ends, as ``subprocess.run`` does."""
    if input is not None:
        more["stdin"] = PIPE
    if capture_output:
        more |= {"stdout": PIPE, "stderr": PIPE}
    with Popen(command, **more) as process:
        try:
            out, err = process.communicate(input, timeout)
        except BaseException:
            process.kill()
            raise
    done = CompletedProcess(command, process.returncode, out, err)
    if check:
        done.check_returncode()
    return done


def _served(command: Sequence[str], imported: str, options: dict[str, Any]) -> str:
    """Return the module from whose server a command is forked; "" for a command that is started as usual."""
    if sys.platform != "linux" or command[0] != sys.executable or set(options) - SERVED_OPTIONS:
        return ""
    environment = options.get("env") or os.environ
    if _settings(environment) != _settings(os.environ):
        return ""
    option, program = command[1:3]
    return {"-m": program if program in LOADED_BY_NAME else "", "-c": imported}.get(option, "")


def _settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a process reads before its program runs."""
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(_READ_AT_ONCE) and name not in ("PYTHONPATH", "PYTEST")
    }


def _start(module: str, start: Start, files: Sequence[int]) -> int:
    """Start a program from the server of a module; return its process number."""
    with _starting:
        server = _servers.get(module) or _servers.setdefault(module, _Server(module))
        try:
            return server.start(start, files)
        except BaseException:  # the next start must not get the answer to this one
            _servers.pop(module).close()
            raise


class _Server:
    """A running server for one module."""

    def __init__(self, module: str) -> None:
        self._starts, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.helpers.fork_server", str(theirs.fileno()), module],
                pass_fds=[theirs.fileno()],
                cwd=ROOT,
                env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
                stdin=subprocess.DEVNULL,
            )

    def start(self, start: Start, files: Sequence[int]) -> int:
        """Start a program; return its process number."""
        with _adopting():
            socket.send_fds(self._starts, [start.encoded()], files)
            answer = self._starts.recv(100)
        if not answer:
            raise RuntimeError(f"A server ended before it started {start.program}.")
        return int(answer)

    def close(self) -> None:
        """End the server; the programs that it started go on."""
        self._starts.close()
        self._process.wait()


@contextmanager
def _adopting() -> Iterator[None]:
    """Let a program become a child of this process when the process that forked it ends."""
    prctl = ctypes.CDLL(None).prctl
    prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def pytest_unconfigure() -> None:
    """End the servers with the session."""
    while _servers:
        _servers.popitem()[1].close()
