"""Starting the program twice: real processes over one home."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.home import Home
from db.slots import FLOOR_KIB, Cost
from hipss_desktop.laptop import make_vault
from ui.base.one_window import call_open_window

ROOT = Path(__file__).resolve().parents[2]
Starts = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    new_vault = make_vault(
        Home(tmp_path),
        name="A. Bevan",
        role="on_call",
        passphrase="kettle marble otter Thursday",
        clock=lambda: datetime.now(UTC),
        keyring=False,
        cost=lambda: Cost(FLOOR_KIB),
    )
    new_vault.opened.close()
    return tmp_path


@pytest.fixture
def starts(home: Path) -> Iterator[Starts]:
    """Starts the program, which shows its unlock screen, and ends it after the test."""
    started: list[subprocess.Popen[bytes]] = []
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}

    def start() -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "hipss_desktop.app", "--home", str(home)]
        started.append(subprocess.Popen(command, env=environment, cwd=ROOT))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def until(so: Callable[[], bool]) -> None:
    ends = time.monotonic() + 30
    while not so():
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_a_second_start_of_a_locked_program_ends_and_leaves_one_window(home: Path, starts: Starts) -> None:
    first = starts()
    until(lambda: call_open_window(home))
    second = starts()
    assert second.wait(timeout=30) == 0
    assert first.poll() is None


def test_two_starts_at_once_leave_one_window(home: Path, starts: Starts) -> None:
    both = [starts(), starts()]
    until(lambda: any(process.poll() is not None for process in both))
    until(lambda: call_open_window(home))
    assert sorted(process.poll() is None for process in both) == [False, True]


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no SIGKILL, and takes a dead process's pipe away itself"
)
def test_after_a_crash_the_program_starts_again(home: Path, starts: Starts) -> None:
    first = starts()
    until(lambda: call_open_window(home))
    first.send_signal(signal.SIGKILL)
    first.wait()
    second_process = starts()
    until(lambda: call_open_window(home))
    assert second_process.poll() is None


def test_the_window_is_free_again_once_it_was_closed(home: Path, starts: Starts) -> None:
    first = starts()
    until(lambda: call_open_window(home))
    first.terminate()
    first.wait()
    Home(home).hold_window().release()
