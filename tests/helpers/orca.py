"""Run Orca with the real window on a separate display: press keys from outside, and read what Orca says."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Self

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAMS = ("Xvfb", "openbox", "xdotool", "orca", "dbus-daemon")
QUIET = 2.0
"""Seconds of silence that end an utterance."""

SILENT = 12.0
"""Seconds to wait for the first word; after that, nothing is said."""
SETTINGS = {
    "general": {"enableKeyEcho": False, "enableEchoByCharacter": False, "enableEchoByWord": False},
    "keybindings": {},
    "profiles": {"default": {"profile": ["Default", "default"], "enableKeyEcho": False}},
    "pronunciations": {},
}
"""Orca's default settings, except that it does not say the pressed keys."""


def missing_programs() -> list[str]:
    """Return the programs that Orca's tests need and that are not on this machine."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


class Listener:
    """A display with a window manager, the program's window, and Orca; all end when the block ends."""

    def __init__(self, folder: Path, stage: Path) -> None:
        self._spoken, self._stage = folder / "spoken", stage
        self._log = folder / "log"
        self._home = folder / "home"
        self._ended = ExitStack()
        self._read = self._size = 0

    def __enter__(self) -> Self:
        self._home.mkdir(parents=True)
        self._spoken.touch()
        settings = self._home / ".local" / "share" / "orca" / "user-settings.conf"
        settings.parent.mkdir(parents=True)
        settings.write_text(json.dumps(SETTINGS), encoding="utf-8")
        with self._ended:
            display = self._first_line(["Xvfb", "-displayfd", "1", "-screen", "0", "1366x800x24"], os.environ)
            around = {**os.environ, "DISPLAY": f":{display}", "HOME": str(self._home), "GSETTINGS_BACKEND": "memory"}
            around["XDG_RUNTIME_DIR"] = str(self._home)
            around["DBUS_SESSION_BUS_ADDRESS"] = self._first_line(
                ["dbus-daemon", "--session", "--nofork", "--print-address=1"], around
            )
            self._around = around
            self._start(["openbox"], around)
            speech = {"PYTHONPATH": str(HERE / "speech_stub"), "SPOKEN": str(self._spoken)}
            # Orca writes a log of its own; nothing else reads it
            self._start(["orca", "--replace", "--debug-file", str(self._log)], {**around, **speech})
            self._until_spoken()
            self.heard()
            window = {"QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
            command = [sys.executable, "-m", "tests.helpers.window_to_hear", str(self._stage)]
            assert self._first_line(command, {**around, **window}) == "ready"
            self.heard()
            self._ended = self._ended.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.close()

    def _start(self, command: list[str], around: Mapping[str, str], out: int = subprocess.DEVNULL) -> IO[str] | None:
        process = subprocess.Popen(
            command, env=dict(around), cwd=ROOT, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.DEVNULL, text=True
        )
        self._ended.callback(_end, process)
        return process.stdout

    def _first_line(self, command: list[str], around: Mapping[str, str]) -> str:
        lines = self._start(command, around, subprocess.PIPE)
        assert lines is not None
        return lines.readline().strip()

    def _until_spoken(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until and not self._spoken.stat().st_size:
            time.sleep(0.2)
        assert self._spoken.stat().st_size, "Orca does not speak"

    def press(self, *keys: str) -> list[str]:
        """Press keys, named as in xdotool, and return what Orca says until it is quiet."""
        for key in keys:
            subprocess.run(["xdotool", "key", "--clearmodifiers", key], env=self._around, check=True)
        return self.heard()

    def type(self, words: str) -> list[str]:
        """Type words, and return what Orca says."""
        subprocess.run(["xdotool", "type", "--delay", "60", words], env=self._around, check=True)
        return self.heard()

    def heard(self) -> list[str]:
        """Wait until Orca is quiet, and return what it said since the last call."""
        size, since, patience = self._size, time.monotonic(), SILENT
        while time.monotonic() - since < patience:
            if (now := self._spoken.stat().st_size) != size:
                size, since, patience = now, time.monotonic(), QUIET
            time.sleep(0.1)
        self._size = size
        lines = self._spoken.read_text(encoding="utf-8").splitlines()
        news, self._read = lines[self._read :], len(lines)
        return news


def _end(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.close()
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
