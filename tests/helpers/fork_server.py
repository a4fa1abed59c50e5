"""Imports a program's modules once and forks a process for each start: ``python -m tests.helpers.fork_server SOCKET MODULE``.

``tests.helpers.forked`` starts it and sends it the starts, one message each, with the three standard files. It only imports: it
has no thread and no open file, database or socket but the one of the starts, so a child inherits nothing that the program would
not have. It ends when its socket is closed.

A child runs the program as ``python -m MODULE`` or ``python -c CODE`` does: with the environment, the folder, the arguments and
the first places of ``sys.path`` that it would have. It ends as that program ends, for it returns from ``main`` with the result.
All children of one server share one seed for the hashes of texts, as no two fresh processes do.
"""

import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import signal
import socket
import sys
import threading
import time
import types
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

if sys.platform != "win32":
    import resource

LARGEST_START = 1 << 20
"""Bytes of the largest message; a start with its environment has some thousand."""

LOADED_BY_NAME = {
    "sync.council.cli": (
        "sync.council.*",
        "uvicorn.lifespan.on",
        "uvicorn.loops.auto",
        "uvicorn.loops.asyncio",
        "sqlalchemy.dialects.sqlite.pysqlite",
        "sqlalchemy.dialects.postgresql.psycopg",
        "psycopg",
        "sqlcipher3.dbapi2",
        "alembic.command",
        "litestar.plugins.pydantic",
        "typer.rich_utils",
    ),
    "hipss_desktop.cli": ("hipss_desktop.cli.*", "db.*", "sync.client.*"),
    "hipss_desktop.demonstration.window": ("hipss_desktop.demonstration.*", "db.*", "sync.client.*"),
    "tests.faults.typist": ("db.*",),
    "tests.helpers.saves": ("db.*",),
}
"""What a program imports later, when it needs it; ``.*`` stands for all modules of a package."""


@dataclass(frozen=True)
class Start:
    """One start of a program.

    Attributes:
        program: ``-m`` and the module, or ``-c`` and the code.
        arguments: the program's arguments.
        environment: its environment variables.
        folder: its working folder.
        group: its process group as ``subprocess.Popen`` takes it: -1 for the group of the test, 0 for its own.
        session: whether it leads a session of its own.
        limits: the limits of the starting process (``resource``), which a fresh process would inherit, by their numbers.
    """

    program: tuple[str, str]
    arguments: Sequence[str]
    environment: dict[str, str]
    folder: str
    group: int = -1
    session: bool = False
    limits: Sequence[tuple[int, tuple[int, int]]] = ()

    def encoded(self) -> bytes:
        """Return the message that asks for this start."""
        return json.dumps(asdict(self)).encode()


def limits() -> list[tuple[int, tuple[int, int]]]:
    """Return the limits that a test's process may have changed since it started a server, such as that of core dumps."""
    if sys.platform == "win32":
        return []
    return [(limit, resource.getrlimit(limit)) for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE)]


def main() -> None:
    """Serve the starts until the socket is closed; in a child, run the program."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    starts = socket.socket(fileno=int(sys.argv[1]))
    import_all(sys.argv[2])
    assert threading.active_count() == 1, "a thread would be missing in the children"
    gc.collect()
    gc.freeze()
    while True:
        message, files, _, _ = socket.recv_fds(starts, LARGEST_START, 3)
        if not message:
            return
        program = forked()
        if not program:
            break
        starts.send(str(program).encode())
        for file in files:
            os.close(file)
    starts.close()
    run(prepared(json.loads(message), files))


def import_all(module: str) -> None:
    """Import what the program imports, and forget the program's own module, which each child runs."""
    for name in (module, *LOADED_BY_NAME.get(module, ())):
        package = name.removesuffix(".*")
        imported = importlib.import_module(package)
        if package != name:
            for module_inside in pkgutil.iter_modules(imported.__path__, f"{package}."):
                importlib.import_module(module_inside.name)
    sys.modules.pop(f"{module}.__main__" if hasattr(sys.modules[module], "__path__") else module, None)


def forked() -> int:
    """Fork the program's process; return its number, or 0 in that process.

    A process between the two ends at once, so the program becomes a child of the test's process, which has asked for that.
    """
    reads, writes = os.pipe()
    between = os.fork()
    if between:
        os.close(writes)
        os.waitpid(between, 0)
        answer = os.read(reads, 100)
        os.close(reads)
        return int(answer)
    program = os.fork()
    if program:
        os.write(writes, str(program).encode())
        os._exit(0)
    os.close(reads)
    os.close(writes)
    return 0


def prepared(start: dict[str, Any], files: Sequence[int]) -> Start:
    """Give this process what a fresh process of the start would have; return the start."""
    prepared_start = Start(**start)
    for place, file in enumerate(files):
        os.dup2(file, place)
    for file in files:
        if file > 2:
            os.close(file)
    if prepared_start.session:
        os.setsid()
    if prepared_start.group >= 0:
        os.setpgid(0, prepared_start.group)
    for limit, (soft, hard) in prepared_start.limits:
        resource.setrlimit(limit, (soft, hard))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(prepared_start.environment)
    time.tzset()
    os.chdir(prepared_start.folder)
    first = prepared_start.folder if prepared_start.program[0] == "-m" else ""
    sys.path[:1] = [first, *filter(None, prepared_start.environment.get("PYTHONPATH", "").split(os.pathsep))]
    sys.argv[:] = [prepared_start.program[0], *prepared_start.arguments]
    for name, mode in (("stdin", "rb"), ("stdout", "wb"), ("stderr", "wb")):
        open_standard_stream(name, mode)
    return prepared_start


def open_standard_stream(name: str, mode: str) -> None:
    """Open a standard stream for the file that this process has now, as the interpreter does at its start."""
    former = getattr(sys, name)
    at_once = former.write_through  # PYTHONUNBUFFERED
    file = os.fdopen(former.fileno(), mode, buffering=0 if at_once and mode == "wb" else -1, closefd=False)
    by_line = not at_once and (name == "stderr" or file.isatty())
    stream = io.TextIOWrapper(file, former.encoding, former.errors, line_buffering=by_line, write_through=at_once)
    setattr(sys, name, stream)
    setattr(sys, f"__{name}__", stream)


def run(start: Start) -> None:
    """Run the program as the process's main module."""
    option, program = start.program
    if option == "-m":
        runpy.run_module(program, run_name="__main__", alter_sys=True)
        return
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    exec(compile(program, "<string>", "exec"), module.__dict__)


if __name__ == "__main__":
    main()
