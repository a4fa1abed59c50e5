"""The throw-away folder of a demonstration and the programs in it: the council's server, and the homes of the laptops.

All of them go by one moved clock. Must not know what happens in a story.
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
"""Who makes the one-time codes, as the caseload's practitioners have it."""
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
"""What the council imports; contacts and actions are the laptop's own."""


PORTS = range(20_000, 32_000)
"""Below those that systems hand out by themselves: nobody is given the council's port while its server is stopped."""


def say(words: str) -> None:
    """One line of the story."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Person:
    """Somebody with a store: their name, role and laptop."""

    name: str
    role: str
    laptop: str


class DemoPrograms:
    """The folder, and the programs in it."""

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
        """Say in a home that it is a demonstration's, whose clock may be moved."""
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / times.DEMONSTRATION).touch(mode=0o600)

    def set_clock(self, at: datetime) -> None:
        """Let all programs started from now on begin at this moment."""
        self.ahead = at.timestamp() - time.time()

    def home(self, laptop: str) -> Path:
        """The home of a laptop."""
        return self.folder / laptop

    @property
    def environment(self) -> dict[str, str]:
        """What every program runs with."""
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
        """Run one command with ``--json``; what it answered."""
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
        """Run one command of a laptop as somebody."""
        return self.run("hipss_desktop.cli", "--home", str(self.home(person.laptop)), "--as", person.name, *arguments)

    def at_council(self, *arguments: str) -> Any:
        """Run one command of the council."""
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
        """Stop the council's server: for the laptops, the network is gone."""
        if self._server is not None:
            with self._server as server:  # which closes its pipes too
                server.terminate()
                server.wait(timeout=20)
            self._server = None

    def prepare(self, people: Sequence[Person], told: Callable[[str], str]) -> None:
        """Make a council with the caseload, and an enrolled store for each person; ``told`` gives the text of a sheet."""
        self.at_council("init", "--name", "Herefordshire (demonstration)")
        self.serve()
        say(f"Council server on {self.url}, embedded store in {self.council}")
        count = 0
        for kind, file in demo.order():
            if kind in OF_THE_COUNCIL:
                count += self.at_council("import", kind, str(self._sheet(file, told(file))))["added"]
        say(f"Caseload imported at the council: {count} records of invented people")
        for person in people:
            self._mark(self.home(person.laptop))
            invited = self.at_council("invite", "--name", person.name, "--role", person.role, "--by", MANAGER)
            code = invited["code"]
            self.hipss(
                person, "enrol", "--server", self.url, "--code", code, "--name", person.name, "--laptop", person.laptop
            )
            say(f"Laptop {person.laptop} enrolled for {person.name}, home {self.home(person.laptop)}")

    def tell(self, person: Person, told: Callable[[str], str]) -> None:
        """Write on a laptop what is its own of the caseload: the log of calls and what follows from them."""
        for kind, file in demo.order():
            if kind not in OF_THE_COUNCIL:
                self.write(person, kind, file, told(file))

    def write(self, person: Person, kind: str, file: str, text: str) -> None:
        """Import the text of a sheet on a laptop."""
        self.hipss(person, "import", kind, str(self._sheet(file, text)))

    def add(self, person: Person, kind: str, fields: Mapping[str, Any]) -> None:
        """Finish a new record on a laptop, with all that its kind makes."""
        file = self.folder / f"{kind}.json"
        file.write_text(json.dumps(fields), encoding="utf-8")
        self.hipss(person, "record", "add", kind, str(file))

    def _sheet(self, file: str, text: str) -> Path:
        """Put a sheet into the folder of the caseload."""
        sheets = self.folder / "caseload"
        sheets.mkdir(exist_ok=True)
        (sheets / file).write_text(text, encoding="utf-8")
        return sheets / file


def _free_port() -> int:
    """A port of this machine that nobody listens on."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise SystemExit("This machine has no free port for the council's server.")
