"""Fixtures that run real council servers, on the embedded store and on a PostgreSQL cluster of their own.

A PostgreSQL that is missing is an error, never a skip.
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
        processes: how many serve, unless the options of ``start`` say otherwise.
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
        """What a process of this council runs with."""
        return {name: value for name, value in os.environ.items() if name != DATABASE_VARIABLE} | self.ours

    def run(self, *arguments: str, expect: int = 0) -> str:
        """One ``hipss-council`` command, in this process; what it printed, on standard error if it failed."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.delenv(DATABASE_VARIABLE, raising=False)
            for name, value in self.ours.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["hipss-council", *arguments])
            with pytest.raises(SystemExit) as ended:
                cli.main()
        assert (ended.value.code or 0) == expect, f"exit {ended.value.code}: {out.getvalue()}{err.getvalue()}"
        return out.getvalue() or err.getvalue()

    def json(self, *arguments: str, expect: int = 0) -> Any:
        """The same with ``--json``, read."""
        return json.loads(self.run(*arguments, "--json", expect=expect))

    @property
    def admin(self) -> Council:
        """The council opened in this process, for what its command does without a process for each."""
        if self._admin is None:
            home = Home(self.folder)
            self._admin = Council(home, opened(home, self.database_url), times.system_clock)
        return self._admin

    def in_process(self) -> Council:
        """The council as this process serves it, without HTTP."""
        self._admin = showing.started(self.admin)
        return self._admin

    def invite(self, name: str = "A. Bevan", role: str = "on_call", **more: Any) -> str:
        """A one-time code."""
        return enrolment.invite(self.admin, name, role, **{"person": "new", **more}).code

    def laptop(self, name: str = "A. Bevan", role: str = "on_call", **more: Any) -> Laptop:
        """A laptop that has enrolled and has a token."""
        laptop = Laptop(self.url, **more)
        laptop.enrol(self.invite(name, role, person=laptop.person))
        laptop.ask_token()
        return laptop

    def settings(self, **changes: Any) -> None:
        """Change the council's settings; for a server that is not running."""
        file = self.folder / "council.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))

    def close(self) -> None:
        """Let go of the store."""
        if self._admin is not None:
            self._admin.close()
            self._admin = None

    def init(self, **rates: int) -> None:
        """Make the council; ``rates`` replace its limits."""
        create(self.folder, "Test council")
        _ = self.admin
        generous = {"enrol": 100_000, "token": 100_000, "token_of_seat": 100_000, "seat": 100_000}
        self.settings(rates={**generous, **rates})

    def start(self, *options: str, limit: int = 0, word: bool = True) -> None:
        """Start the server on a free port and wait until it answers.

        Args:
            options: of ``serve``.
            limit: no file may grow past so many bytes.
            word: the council's people say that nothing was put back.
        """
        program = ["-c", LIMITED.format(limit)] if limit else ["-m", "sync.council.cli"]
        options = ("--workers", str(self.processes), *options)
        log = (self.folder / "server.log").open("a")
        self.process = subprocess.Popen(
            [sys.executable, *program, "serve", "--port", "0", *options],
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
        if word:
            showing.take_word(self.admin)

    def stop(self) -> int:
        """Stop it as a service manager would; its exit code."""
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
        """A backup: the folder and the database as they are now. The server must be stopped."""
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
        """What the server wrote down."""
        return (self.folder / "server.log").read_text()


@contextlib.contextmanager
def serving(folder: Path, database_url: str = "", processes: int = 1) -> Iterator[CouncilServer]:
    """A new council that serves, on its embedded store unless a database is named."""
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
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    binary = str(found[-1]) if found else shutil.which(name)
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
    """A cluster of its own in a throw-away folder; the URL of its ``postgres`` database."""
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
    # No test stops the machine: what the cluster wrote is there without being flushed.
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
    """Makes one database after another with the council's tables in the session's cluster; gives their URLs."""
    made = 0

    def make(template: str = "ready") -> str:
        nonlocal made
        made += 1
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE council_{made} TEMPLATE {template}".encode())
        return f"{postgres_url.rpartition('/')[0]}/council_{made}"

    ready = make("template1")
    with tempfile.TemporaryDirectory() as folder:
        opened(create(Path(folder), "Ready"), ready).close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(b"ALTER DATABASE council_1 RENAME TO ready")

    return make


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> Backend:
    """Both stores in turn."""
    chosen: Backend = request.param
    return chosen


@pytest.fixture
def council_folder(backend: Backend, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[CouncilServer]:
    """A council that was made and does not serve yet; in a long run two processes serve beside PostgreSQL, as in service."""
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
    """One council that serves for the whole session, beside PostgreSQL by two processes; each test brings its own laptops."""
    url = request.getfixturevalue("new_database")() if backend == "postgresql" else ""
    with serving(tmp_path_factory.mktemp(backend) / "council", url, 2 if url else 1) as server:
        yield server


@pytest.fixture
def council_server(council_folder: CouncilServer) -> CouncilServer:
    """A council that serves."""
    council_folder.start()
    return council_folder
