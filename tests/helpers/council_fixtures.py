"""Fixtures that run real council servers, with the embedded store and with their own PostgreSQL cluster.

If PostgreSQL is missing, that is an error, never a skip.
"""

import contextlib
import getpass
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, Literal

import psycopg
import pytest

from hipss_desktop import times
from sync.council import cli, enrolment, showing
from sync.council.chain import Council
from sync.council.home import DATABASE_VARIABLE, HOME_VARIABLE, Home, create
from sync.council.opening import opened
from tests.helpers import forked
from tests.helpers.council_client import Laptop, hang_up

ROOT = Path(__file__).resolve().parents[2]
LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))
from sync.council.cli import main
main()
"""
Backend = Literal["sqlite", "postgresql"]


class CouncilServer:
    """A council in a folder, its server process, and its command line.

    Attributes:
        processes: the number of serving processes, unless the options of ``start`` give another number.
    """

    def __init__(self, folder: Path, database_url: str = "", processes: int = 1) -> None:
        self.folder = folder
        self.processes = processes
        self.database_url = database_url
        self.url = ""
        self.process: subprocess.Popen[str] | None = None
        self._admin: Council | None = None

    @property
    def ours(self) -> dict[str, str]:
        """The variables that name this council."""
        named = {HOME_VARIABLE: str(self.folder), "PYTHONPATH": str(ROOT)}
        return named | ({DATABASE_VARIABLE: self.database_url} if self.database_url else {})

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of a process of this council."""
        return {name: value for name, value in os.environ.items() if name != DATABASE_VARIABLE} | self.ours

    def say(self, *arguments: str) -> tuple[str, str, int]:
        """Run one ``hipss-council`` command in this process; return its output, its standard error and its exit code."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.delenv(DATABASE_VARIABLE, raising=False)
            for name, value in self.ours.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["hipss-council", *arguments])
            with pytest.raises(SystemExit) as ended:
                cli.main()
        return out.getvalue(), err.getvalue(), int(ended.value.code or 0)

    def run(self, *arguments: str, expect: int = 0) -> str:
        """Run one ``hipss-council`` command in this process; return its output, or its standard error if it failed."""
        out, err, code = self.say(*arguments)
        assert code == expect, f"exit {code}: {out}{err}"
        return out or err

    def json(self, *arguments: str, expect: int = 0) -> Any:
        """Run one command with ``--json``, and return its decoded output."""
        return json.loads(self.run(*arguments, "--json", expect=expect))

    @property
    def admin(self) -> Council:
        """The council opened in this process, so that a test needs no separate process for each command."""
        if self._admin is None:
            home = Home(self.folder)
            self._admin = Council(home, opened(home, self.database_url), times.system_clock)
        return self._admin

    def in_process(self) -> Council:
        """Return the council as a serving process has it, but in this process and without HTTP."""
        self._admin = showing.started(self.admin)
        return self._admin

    def invite(self, name: str = "A. Bevan", role: str = "on_call", **more: Any) -> str:
        """Return a new one-time code."""
        return enrolment.invite(self.admin, name, role, **{"person": "new", **more}).code

    def laptop(self, name: str = "A. Bevan", role: str = "on_call", **more: Any) -> Laptop:
        """Return a laptop that has enrolled and has a token."""
        laptop = Laptop(self.url, **more)
        laptop.enrol(self.invite(name, role, person=laptop.person))
        laptop.ask_token()
        return laptop

    def settings(self, **changes: Any) -> None:
        """Change the council's settings; for a server that is not running."""
        file = self.folder / "council.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))

    def close(self) -> None:
        """Close the store that ``admin`` opened."""
        if self._admin is not None:
            self._admin.close()
            self._admin = None

    def init(self, **rates: int) -> None:
        """Create the council; ``rates`` replace its generous limits of requests."""
        create(self.folder, "Test council")
        _ = self.admin
        generous = {"enrol": 100_000, "token": 100_000, "token_of_seat": 100_000, "seat": 100_000}
        self.settings(rates={**generous, **rates})

    def start(self, *options: str, limit: int = 0, confirmed: bool = True) -> None:
        """Start the server on a free port and wait until it answers.

        Args:
            options: the options of ``serve``.
            limit: the largest size of a file in bytes; 0 means no limit.
            confirmed: whether the council's people confirm that nothing was restored from a backup.
        """
        program = ["-c", LIMITED.format(limit)] if limit else ["-m", "sync.council.cli"]
        options = ("--workers", str(self.processes), *options)
        log = (self.folder / "server.log").open("a")
        self.process = forked.Popen(
            [sys.executable, *program, "serve", "--port", "0", *options],
            imported="sync.council.cli",
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=self.folder,
        )
        log.close()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("Serving on "), f"no server: {(self.folder / 'server.log').read_text()}"
        self.url = line.removeprefix("Serving on ").strip()
        if confirmed:
            showing.accept_statement(self.admin)

    def stop(self) -> int:
        """Stop the server as a service manager would, and return its exit code."""
        self.close()
        hang_up(self.url)
        if self.process is None:
            return 0
        process, self.process = self.process, None
        process.terminate()
        try:
            code = process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait(20)
        if process.stdout is not None:
            process.stdout.close()
        return code

    def copy(self, folder: Path) -> "CouncilServer":
        """Make a backup of the folder and the database as they are now. The server must be stopped."""
        assert self.process is None
        self.close()
        shutil.copytree(self.folder, folder)
        if not self.database_url:
            return CouncilServer(folder, processes=self.processes)
        server, _, database = self.database_url.rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}_{folder.name} TEMPLATE {database}".encode())
        return CouncilServer(folder, f"{server}/{database}_{folder.name}", self.processes)

    def log(self) -> str:
        """Return the server's log."""
        return (self.folder / "server.log").read_text()


@contextlib.contextmanager
def serving(folder: Path, database_url: str = "", processes: int = 1) -> Iterator[CouncilServer]:
    """Start a new council server, with the embedded store unless a database is named; stop it afterwards."""
    server = CouncilServer(folder, database_url, processes)
    server.init()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _postgresql_binary(name: str) -> str:
    candidates = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    binary = str(candidates[-1]) if candidates else shutil.which(name)
    if not binary:
        raise RuntimeError("These tests need PostgreSQL. Install it (on Debian: apt install postgresql).")
    return binary


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of the ``postgres`` database of a cluster that lives as long as the session."""
    with postgresql_cluster() as url:
        yield url


@contextlib.contextmanager
def postgresql_cluster() -> Iterator[str]:
    """Start a PostgreSQL cluster in a temporary folder; yield the URL of its ``postgres`` database."""
    as_user = (
        {"user": "postgres", "group": "postgres", "extra_groups": []}
        if hasattr(os, "getuid") and os.getuid() == 0
        else {}
    )
    user = "postgres" if as_user else getpass.getuser()
    folder = Path(tempfile.mkdtemp(prefix="hipss-postgresql-"))
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    port = _free_port()
    options: dict[str, Any] = {**as_user, "cwd": folder, "capture_output": True}
    initdb = [_postgresql_binary("initdb"), "-D", f"{folder}/cluster", "-U", user, "-A", "trust", "-E", "UTF8", "-N"]
    subprocess.run(initdb, check=True, **options)
    control = [_postgresql_binary("pg_ctl"), "-D", f"{folder}/cluster", "-w", "-l", f"{folder}/log"]
    # No test stops the machine, so the cluster need not flush its writes to the disk.
    settings = f"-h 127.0.0.1 -p {port} -k {folder} -c max_connections=300 -c fsync=off"
    subprocess.run(
        [*control, "-o", settings, "start"],
        check=True,
        **{**options, "capture_output": False},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield f"postgresql://{user}@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, **options)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_database(postgres_url: str) -> Any:
    """A function that makes a new database with the council's tables in the session's cluster, and returns its URL."""
    database_count = 0

    def make(template: str = "ready") -> str:
        nonlocal database_count
        database_count += 1
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE council_{database_count} TEMPLATE {template}".encode())
        return f"{postgres_url.rpartition('/')[0]}/council_{database_count}"

    ready = make("template1")
    with tempfile.TemporaryDirectory() as folder:
        opened(create(Path(folder), "Ready"), ready).close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(b"ALTER DATABASE council_1 RENAME TO ready")

    return make


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each kind of store in turn."""
    chosen: Backend = request.param
    return chosen


@pytest.fixture
def council_folder(backend: Backend, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[CouncilServer]:
    """A council that was created and does not serve yet.

    In a long run with PostgreSQL, two processes will serve, as in real use.
    """
    url = request.getfixturevalue("new_database")() if backend == "postgresql" else ""
    processes = 2 if url and request.config.getoption("--long") else 1
    server = CouncilServer(tmp_path / "council", url, processes)
    server.init()
    with contextlib.ExitStack() as stack:
        stack.callback(server.stop)
        yield server


@pytest.fixture(scope="session")
def shared_council(
    backend: Backend, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[CouncilServer]:
    """A council server for the whole session, with two processes if it uses PostgreSQL; each test brings its own laptops."""
    url = request.getfixturevalue("new_database")() if backend == "postgresql" else ""
    with serving(tmp_path_factory.mktemp(backend) / "council", url, 2 if url else 1) as server:
        yield server


@pytest.fixture
def council_server(council_folder: CouncilServer) -> CouncilServer:
    """A council server that is running."""
    council_folder.start()
    return council_folder
