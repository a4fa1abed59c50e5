"""The power fails while a laptop is set up, at each write to the disk: it has joined, or can be set up again."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.doctor import examine
from db.home import Home
from hipss_desktop.laptop import NO_RECOVERY_KEY, open_store
from hipss_desktop.times import system_clock
from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import ROOT, CouncilServer, serving
from tests.helpers.stations import PASSPHRASE

MOST = 60
"""More calls of one kind than the set-up of a laptop makes."""


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CouncilServer]:
    with serving(tmp_path_factory.mktemp("killed") / "council") as server:
        yield server


@pytest.fixture(scope="module")
def flushes(council: CouncilServer, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How often the set-up of a laptop calls fsync before the recovery key is shown, on this machine."""
    folder = tmp_path_factory.mktemp("counted")
    command = [
        sys.executable,
        "-m",
        "tests.faults.enroller",
        str(folder / "home"),
        council.url,
        council.invite("A. Bevan"),
    ]
    trace_file = folder / "calls"
    strace = ["strace", "-f", "-e", "trace=fsync,write", "-o", str(trace_file)]
    subprocess.run([*strace, *command, PASSPHRASE], cwd=ROOT, capture_output=True, check=True, timeout=60)
    lines = trace_file.read_text(encoding="utf-8", errors="replace").splitlines()
    shown = next(at for at, line in enumerate(lines) if 'write(1, "shown' in line)
    thread = lines[shown].split()[0]  # strace counts the calls of each thread separately
    return sum(line.startswith(thread) and " fsync(" in line for line in lines[:shown])


def set_up(home: Path, council: CouncilServer, code: str, *kill: str) -> str:
    """Set a laptop up, with strace if it is to be killed; return its output."""
    strace = ["strace", "-f", "-o", "/dev/null", *(f"--inject={fault}" for fault in kill)] if kill else []
    command = [*strace, sys.executable, "-m", "tests.faults.enroller", str(home), council.url, code, PASSPHRASE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def survives(tmp_path: Path, council: CouncilServer, call: str, when: int) -> bool:
    """Kill one set-up, continue as a person would, and return whether it was killed."""
    folder, code = tmp_path / f"{call}-{when}", council.invite("A. Bevan")
    first_output = set_up(folder, council, code, f"{call}:signal=KILL:when={when}")
    home = Home(folder)
    people = home.people()
    if not people:  # no person is shown, the code is still valid, and remains are deleted
        assert set_up(folder, council, code) == "shown\n"
        assert [path.name for path in (folder / "people").iterdir()] == [home.people()[0].vault_id]
        return True
    [person] = people
    opened = open_store(home, person.vault_id, PASSPHRASE, system_clock)
    try:
        opened.exchange()
        assert opened.store.seat.enrolled
        assert opened.store.seat.name == "A. Bevan"
        assert opened.store.have()
        assert examine(opened.store).findings == []
        not_seen = opened.notice == NO_RECOVERY_KEY
    finally:
        opened.close()
    assert not_seen or first_output == "shown\n"
    if not_seen:
        hipss = Hipss(folder)
        assert len(hipss.json("recovery-key")["recovery_key"].split("-")) == 8
        assert "never shown" not in str(hipss.json("record", "list", "contact"))
        opened = open_store(home, person.vault_id, PASSPHRASE, system_clock)
        assert opened.notice == ""
        opened.close()
    return first_output != "shown\n"


@pytest.mark.parametrize("eighths", range(1, 9))
def test_setting_up_killed_at_a_write_that_reaches_the_disk(
    tmp_path: Path, council: CouncilServer, flushes: int, eighths: int
) -> None:
    assert flushes > 16
    assert survives(tmp_path, council, "fsync", flushes * eighths // 8)


@pytest.mark.long
@pytest.mark.parametrize("call", ["fsync", "fdatasync", "pwrite64", "rename", "mkdir"])
def test_setting_up_killed_at_every_write(tmp_path: Path, council: CouncilServer, call: str) -> None:
    for when in range(1, MOST):
        if not survives(tmp_path, council, call, when):
            assert when > 1
            return
    pytest.fail("setting up makes more calls than were tried")
