"""How soon the window is there: the first paint of the locked program, and the way from a key to a new contact's first field."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from db.home import Home
from hipss_desktop.demonstration.screen import virtual_screen
from hipss_desktop.services.store_settings import StoreSetting
from tests.bench.caseload import BenchStore
from tests.bench.rounds import Line, Rounds, in_turns

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-m", "tests.bench.window")
LOCKED_AIM, OPEN_AIM = 1.3, 300


def _environment(screen: str) -> dict[str, str]:
    inherited_variables = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")
    }
    where = {"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"} if screen else {"QT_QPA_PLATFORM": "offscreen"}
    return {**inherited_variables, **where, "PYTHONPATH": str(ROOT)}


def _painted(screen: str, *arguments: str) -> float:
    """Milliseconds from the start of a process to its saying that it is painted."""
    began = time.perf_counter()
    with subprocess.Popen(
        [*PROGRAM, *arguments], stdout=subprocess.PIPE, env=_environment(screen), text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        took = (time.perf_counter() - began) * 1000
    assert line == "painted\n", arguments
    return took


@contextmanager
def _screens() -> Iterator[dict[str, str]]:
    """The two ways to have no monitor."""
    with ExitStack() as stack:
        yield {"offscreen": "", "Xvfb": stack.enter_context(virtual_screen())}


def locked(bench_store: BenchStore, rounds: int) -> list[Line]:
    """Process start to the unlock window's first paint, beside an empty window's."""
    lines = []
    with _screens() as screens:
        for name, screen in screens.items():
            for command in (("empty",), ("unlock", str(bench_store.home))):
                _painted(screen, *command)  # the first reading of the files from disk is another matter
            ours, empty = in_turns(
                rounds,
                partial(_painted, screen, "unlock", str(bench_store.home)),
                partial(_painted, screen, "empty"),
            )
            ratio = ours.median / empty.median
            label = f"Process start to unlock window painted, {name}"
            yardstick = f"empty PySide6 window {empty.words()}"
            aim = f"at most {LOCKED_AIM}×"
            lines.append(Line(label, ours.words(), yardstick, ours.over(empty), aim, ratio <= LOCKED_AIM))
    return lines


def _opened(screen: str, key: bytes, *arguments: str) -> dict[str, float]:
    done = subprocess.run(
        [*PROGRAM, *arguments],
        input=key.hex() + "\n",
        capture_output=True,
        text=True,
        env=_environment(screen),
        check=True,
    )
    stage_times: dict[str, float] = json.loads(done.stdout)
    assert stage_times.pop("text", "Jo") == "Jo", "the first field does not hold what was typed"
    return stage_times


def _put_away(bench_store: BenchStore) -> None:
    """Forget the call that the last round began: a window opens on a call that was cut off."""
    with bench_store.opened() as opened:
        begun = [draft.record for draft in opened.store.drafts()]
        with opened.store.write() as unit:
            unit.set(StoreSetting.OPEN_PAGE, "")
            for record in begun:
                unit.drop_draft(record)


def unlocked(bench_store: BenchStore, rounds: int) -> list[Line]:
    """The database key to a first field that takes letters, beside one row by the driver and an empty window."""
    file = str(Home(bench_store.home).files(bench_store.vault).store)
    lines = []
    with _screens() as screens:
        for name, screen in screens.items():
            stages: list[dict[str, float]] = []

            def ours(screen: str = screen, stages: list[dict[str, float]] = stages) -> float:
                _put_away(bench_store)
                stages.append(
                    _opened(screen, bench_store.key, "after_unlock", str(bench_store.home), bench_store.vault)
                )
                return stages[-1]["typed"]

            def raw(screen: str = screen) -> float:
                return _opened(screen, bench_store.key, "raw", file)["painted"]

            ours()
            stages.clear()
            window, bare = in_turns(rounds, ours, raw)
            _put_away(bench_store)
            lines.append(
                Line(
                    f"Key to letters in a new contact's first field, {bench_store.contacts:,} contacts, {name}",
                    window.words(),
                    f"one row by the driver and an empty window {bare.words()}",
                    window.over(bare),
                    f"at most {OPEN_AIM} ms",
                    window.median <= OPEN_AIM,
                )
            )
            for stage, words in (
                ("store", "the store is open"),
                ("painted", "the window is painted"),
                ("board", "the board is on it"),
                ("focused", "Ctrl+N was pressed and the first field has the focus"),
            ):
                part = Rounds(tuple(timings[stage] for timings in stages))
                lines.append(Line(f"– of it, until {words}", part.words(), "the same", part.over(bare)))
    return lines
