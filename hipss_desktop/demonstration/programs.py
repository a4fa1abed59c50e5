"""The temporary folder of a demonstration, with the council's server and the homes of the laptops.

All programs use the same moved clock. Must not know what happens in a story.
"""

import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hipss_desktop import times
from resources import demo

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "kettle marble otter Thursday"
MANAGER = "S. Lloyd"
"""The person who makes the one-time codes, named as in the practitioners' sheet of the caseload."""
OF_THE_COUNCIL = (
    "practitioner",
    "directory",
    "child",
    "carer",
    "placement",
    "shift",
    "missing_pack",
    "missing_episode",
    "alert",
)
"""The kinds that are imported at the council; contacts and actions are imported on a laptop."""


PORTS = range(20_000, 32_000)
"""Ports below those that systems assign by themselves, so no program gets the council's port while its server is stopped."""


def say(words: str) -> None:
    """Print one line of the story at once."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Person:
    """Somebody with a store: their name, role and laptop."""

    name: str
    role: str
    laptop: str


class DemoPrograms:
    """Runs the council and the laptops' commands in one folder, by one moved clock."""

    def __init__(self, folder: Path, begins: datetime) -> None:
        self.folder = folder
        self.council = folder / "council"
        self.url = ""
        self._server: subprocess.Popen[str] | None = None
        self._port = _free_port()
        self.set_clock(begins)
        self._mark(self.council)

    @staticmethod
    def _mark(home: Path) -> None:
        """Mark a home as a demonstration's, so that its clock may be moved."""
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / times.DEMONSTRATION).touch(mode=0o600)

    def set_clock(self, at: datetime) -> None:
        """Start the clock of all programs that are started from now on at this moment."""
        self.ahead = at.timestamp() - time.time()

    def home(self, laptop: str) -> Path:
        """The home of a laptop."""
        return self.folder / laptop

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of every program."""
        without = ("DBUS_SESSION_BUS_ADDRESS", "HIPSS_COUNCIL_DATABASE_URL")
        return {
            **{name: value for name, value in os.environ.items() if name not in without},
            "HIPSS_COUNCIL_HOME": str(self.council),
            "HIPSS_CLOCK_OFFSET": f"{self.ahead:.3f}",
            "HIPSS_PASSPHRASE": PASSPHRASE,
            "HIPSS_QUICK_KEYS": "1",
            "PYTHONPATH": str(ROOT),
        }

    def run(self, module: str, *arguments: str) -> Any:
        """Run one command with ``--json`` and return its answer; raises SystemExit if it fails."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments, "--json"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{module} {arguments[0]}: {done.stderr or done.stdout}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def hipss(self, person: Person, *arguments: str) -> Any:
        """Run one command on a person's laptop and return its answer."""
        return self.run("hipss_desktop.cli", "--home", str(self.home(person.laptop)), "--as", person.name, *arguments)

    def at_council(self, *arguments: str) -> Any:
        """Run one command of the council and return its answer."""
        return self.run("sync.council.cli", *arguments)

    def serve(self) -> None:
        """Start the council's server, each time on the same port."""
        if self._server is not None:
            return
        with (self.folder / "council.log").open("a") as log:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "sync.council.cli", "serve", "--port", str(self._port)],
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._server.stdout is not None
        line = self._server.stdout.readline().strip()
        if not line.startswith("Serving on "):
            raise SystemExit("The council's server did not start.")
        self.url = line.removeprefix("Serving on ")

    def stop_serving(self) -> None:
        """Stop the council's server, so that the laptops are without a network."""
        if self._server is not None:
            with self._server as server:  # closes its pipes too
                server.terminate()
                server.wait(timeout=20)
            self._server = None

    def prepare(self, people: Sequence[Person], text_of: Callable[[str], str]) -> None:
        """Make a council with the caseload, and an enrolled store for each person; ``text_of`` returns the text of a sheet."""
        self.at_council("init", "--name", "Herefordshire (demonstration)")
        self.serve()
        say(f"Council server on {self.url}, embedded store in {self.council}")
        count = 0
        for kind, file in demo.order():
            if kind in OF_THE_COUNCIL:
                count += self.at_council("import", kind, str(self._sheet(file, text_of(file))))["added"]
        say(f"Caseload imported at the council: {count} records of invented people")
        for person in people:
            self._mark(self.home(person.laptop))
            invited = self.at_council("invite", "--name", person.name, "--role", person.role, "--by", MANAGER)
            code = invited["code"]
            self.hipss(
                person, "enrol", "--server", self.url, "--code", code, "--name", person.name, "--laptop", person.laptop
            )
            say(f"Laptop {person.laptop} enrolled for {person.name}, home {self.home(person.laptop)}")

    def tell(self, person: Person, text_of: Callable[[str], str]) -> None:
        """Import on a laptop the part of the caseload that laptops write: the log of calls and the actions that follow."""
        for kind, file in demo.order():
            if kind not in OF_THE_COUNCIL:
                self.write(person, kind, file, text_of(file))

    def write(self, person: Person, kind: str, file: str, text: str) -> None:
        """Import the text of a sheet on a laptop."""
        self.hipss(person, "import", kind, str(self._sheet(file, text)))

    def add(self, person: Person, kind: str, fields: Mapping[str, Any]) -> None:
        """Finish a new record on a laptop, with the records that its kind makes from it."""
        file = self.folder / f"{kind}.json"
        file.write_text(json.dumps(fields), encoding="utf-8")
        self.hipss(person, "record", "add", kind, str(file))

    def _sheet(self, file: str, text: str) -> Path:
        """Write a sheet into the folder of the caseload and return its path."""
        sheets = self.folder / "caseload"
        sheets.mkdir(exist_ok=True)
        (sheets / file).write_text(text, encoding="utf-8")
        return sheets / file


def _free_port() -> int:
    """A port of this machine on which no program listens; raises SystemExit if there is none."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise SystemExit("This machine has no free port for the council's server.")
