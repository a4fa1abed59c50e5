"""``python3 dev.py demo``: a council on loopback, an enrolled laptop in a throw-away home, and the window signed in.

With no display it plays one true story in the real window under a virtual screen instead: a call is typed with key events,
the program is killed half way through the advice, the draft is found, the call finished, sent when the network returns,
and the council's receipt shown. All people are invented. Part of the roof.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from db.home import Home
from hipss_desktop.errors import Unavailable
from resources import demo

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "demo-output"
PASSPHRASE = "kettle marble otter Thursday"
NIGHT = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)
MORNING = datetime(2017, 3, 14, 7, 57, tzinfo=UTC)
LAPTOP = "HIPSS-LT-04"
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


def say(words: str) -> None:
    """One line of the story."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


class Stage:
    """The throw-away folder, and the programs in it, all going by one shifted clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "laptop"
        self.council = folder / "council"
        self.url = ""
        self._server: subprocess.Popen[str] | None = None
        self._port = 0
        self._began = time.time()
        self._at = NIGHT

    def set_clock(self, at: datetime) -> None:
        """Let all programs started from now on begin at this moment."""
        self._began = time.time()
        self._at = at

    @property
    def environment(self) -> dict[str, str]:
        """What every program runs with."""
        offset = self._at.timestamp() - self._began
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DBUS_SESSION_BUS_ADDRESS", "HIPSS_COUNCIL_DATABASE_URL")
        }
        return {
            **kept,
            "HIPSS_COUNCIL_HOME": str(self.council),
            "HIPSS_CLOCK_OFFSET": f"{offset:.3f}",
            "HIPSS_PASSPHRASE": PASSPHRASE,
            "PYTHONPATH": str(ROOT),
        }

    def run(self, module: str, *arguments: str, accept: tuple[int, ...] = (0,)) -> Any:
        """Run one command with ``--json``; what it answered."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments, "--json"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in accept:
            raise SystemExit(f"{module} {arguments[0]}: {done.stderr or done.stdout}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def hipss(self, *arguments: str) -> Any:
        """Run one command of the laptop."""
        return self.run("hipss_desktop.cli", "--home", str(self.home), *arguments)

    def serve(self) -> None:
        """Start the council's server; on the port it had before, where it had one."""
        self._server = subprocess.Popen(
            [sys.executable, "-m", "sync.council.cli", "serve", "--port", str(self._port)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=(self.folder / "council.log").open("a"),
            text=True,
        )
        assert self._server.stdout is not None
        line = self._server.stdout.readline().strip()
        if not line.startswith("Serving on "):
            raise SystemExit("The council's server did not start.")
        self.url = line.removeprefix("Serving on ")
        self._port = int(self.url.rpartition(":")[2])

    def stop_serving(self) -> None:
        """Stop the council's server: for the laptop, the network is gone."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(timeout=20)
            self._server = None

    def prepare(self) -> None:
        """A council with the caseload, and A. Bevan's laptop enrolled with the evening's contacts."""
        self.run("sync.council.cli", "init", "--name", "Herefordshire (demonstration)")
        self.serve()
        say(f"Council server on {self.url}, embedded store in {self.council}")
        sheets = self.folder / "caseload"
        sheets.mkdir()
        count = 0
        for kind, file in demo.order():
            (sheets / file).write_text(demo.sheet(file), encoding="utf-8")
            if kind in OF_THE_COUNCIL:
                count += self.run("sync.council.cli", "import", kind, str(sheets / file))["added"]
        say(f"Caseload imported at the council: {count} records of invented people")
        code = self.run("sync.council.cli", "invite", "--name", "A. Bevan", "--role", "on_call")["code"]
        self.hipss("enrol", "--server", self.url, "--code", code, "--name", "A. Bevan", "--laptop", LAPTOP)
        say(f"Laptop {LAPTOP} enrolled for A. Bevan, home {self.home}")
        self.hipss("sync")
        own = [(kind, *demo.before_and_after(file)) for kind, file in demo.order() if kind not in OF_THE_COUNCIL]
        for kind, early, _ in own:
            self._import(sheets, kind, early)
        self.hipss("sync")
        self.stop_serving()
        for kind, _, late in own:
            self._import(sheets, kind, late)
        say("22:10 The network is gone. What was written after that waits on the laptop.")

    def _import(self, folder: Path, kind: str, text: str) -> None:
        file = folder / f"own-{kind}.csv"
        file.write_text(text, encoding="utf-8")
        self.hipss("import", kind, str(file))


def has_display() -> bool:
    """Whether there is a screen to show a window on."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def virtual_screen() -> Iterator[str]:
    """An X server without a screen, 1366x768; its display's name."""
    if shutil.which("Xvfb") is None:
        raise SystemExit("There is no display, and Xvfb is missing: install the system package xvfb.")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait(timeout=10)


def play(stage: Stage) -> None:
    """The story, in two runs of the window with a kill between them."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir()
    stage.set_clock(NIGHT)
    with virtual_screen() as display:
        first = _Window(stage, display, "night")
        for line in first:
            if line == "KILL":
                break
            say(line)
        first.kill()
        say("02:16 The laptop loses power half way through the advice (the program was killed).")
        for line in _Window(stage, display, "again"):
            say(line)
        stage.set_clock(MORNING)
        stage.serve()
        say("07:57 Morning. The network is back.")
        for line in _Window(stage, display, "morning"):
            say(line)
    _receipt(stage)
    say(f"A picture of each step is in {OUTPUT.name}/")


class _Window:
    """One run of the window that plays a part of the story and says what happens, line by line."""

    def __init__(self, stage: Stage, display: str, part: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hipss_desktop.story", part, str(stage.home), str(OUTPUT)],
            env={**stage.environment, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
            stdout=subprocess.PIPE,
            text=True,
        )

    def __iter__(self) -> Iterator[str]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            yield line.rstrip("\n")
        if self._process.wait(timeout=60):
            raise SystemExit("The window did not play its part to the end.")

    def kill(self) -> None:
        """End it as a power cut would: at once, and without its knowing."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(timeout=20)


def _receipt(stage: Stage) -> None:
    contact = stage.hipss("record", "list", "contact", "--limit", "1")[0]
    shown = stage.hipss("record", "show", contact["record"], "--history")
    revision = shown["revisions"][0]
    at_council = stage.run("sync.council.cli", "revision", revision["digest"])
    from joserfc.util import urlsafe_b64decode

    receipt = json.loads(urlsafe_b64decode(revision["receipt"].split(".")[1].encode()))
    say(f"Record {contact['record']}: {contact['sync']}, {len(shown['revisions'])} revision")
    say(f"Digest on the laptop   {revision['digest']}")
    say(f"Held by the council    {'yes' if at_council else 'no'}, once, signature kept as made")
    say(f"Council's receipt      number {receipt['number']} of the seat, signed, given at {receipt['at']}")


def _until_closed(home: Home) -> None:
    """Wait until no process shows a window over a home: each lock and unlock puts another in the last one's place."""
    while True:
        try:
            home.hold_window().release()
        except Unavailable:
            time.sleep(0.2)
        else:
            return


def _network_comes_back(stage: Stage) -> None:
    """Start the council's server again once Enter is pressed in the terminal."""
    if sys.stdin is not None and sys.stdin.readline():
        stage.serve()
        say("The network is back.")


def main() -> int:
    """Show the program."""
    with tempfile.TemporaryDirectory(prefix="hipss-demo-") as folder:
        stage = Stage(Path(folder))
        say("HIPSS Desktop, demonstration with invented people")
        try:
            stage.prepare()
            if not has_display():
                play(stage)
                return 0
            say(f"The window opens signed in. After locking, the passphrase is: {PASSPHRASE}")
            say("Press Enter here to bring the network back.")
            threading.Thread(target=_network_comes_back, args=(stage,), daemon=True).start()
            command = [sys.executable, "-m", "hipss_desktop.story", "open", str(stage.home), str(OUTPUT)]
            ended = subprocess.run(command, env=stage.environment, stdin=subprocess.DEVNULL, check=False).returncode
            _until_closed(Home(stage.home))
            return ended
        finally:
            stage.stop_serving()


if __name__ == "__main__":
    sys.exit(main())
