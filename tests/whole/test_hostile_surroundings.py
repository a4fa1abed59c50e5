"""Neither the folder that the program is started in, nor its environment, nor another process of the account gets at a store."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from db.unlock_throttle import ALLOWED
from hipss_desktop import times
from hipss_desktop.cli.context import QUICK_KEYS
from tests.helpers.command_line import Hipss
from tests.helpers.council_fixtures import ROOT, CouncilServer
from tests.helpers.stations import PASSPHRASE
from tests.whole.test_lock_process import environment, lock_screens

ON_LINUX = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="reads what Linux shows of another process; CI runs on Linux"
)


@pytest.fixture
def hipss(tmp_path: Path) -> Hipss:
    command_line = Hipss(tmp_path / "home")
    command_line.json("init", "--name", "A. Bevan", "--role", "Manager")
    return command_line


@ON_LINUX
def test_a_folder_of_the_programs_name_does_not_become_the_lock_screen(hipss: Hipss, tmp_path: Path) -> None:
    hostile = tmp_path / "downloads"
    for module in ("hipss_desktop/app.py", "ui/theme.py", "json.py", "PySide6/QtCore.py"):
        file = hostile / module
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"open({str(hostile / 'taken')!r}, 'w').close()\n")
        (file.parent / "__init__.py").touch()
    around = {**environment(hipss.home), "HIPSS_PASSPHRASE": PASSPHRASE}
    window = subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.whole.lock_driver", str(hipss.home), "Kai"],
        env=around,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=hostile,
    )
    assert window.stdin is not None
    assert window.stdout is not None
    try:
        assert window.stdout.readline() == b"typed\n"
        window.stdin.write(b"small\n")
        window.stdin.flush()
        assert window.stdout.readline() == b"minimised\n"
        subprocess.run(
            [sys.executable, "-P", "-m", "hipss_desktop.app", "--home", str(hipss.home)],
            env=around, cwd=hostile, timeout=60, check=True,
        )  # fmt: skip
        assert window.stdout.readline() == b"came forward\n"
        window.stdin.write(b"lock\n")
        window.stdin.flush()
        assert window.wait(timeout=30) == 0
        (lock_screen,) = lock_screens(hipss.home)
        if os.getuid() == 0:  # nobody else may read it
            assert PASSPHRASE.encode() not in Path(f"/proc/{lock_screen}/environ").read_bytes()
        assert not (hostile / "taken").exists()
    finally:
        window.kill()
        window.wait()
        for process in lock_screens(hipss.home):
            os.kill(process, signal.SIGKILL)
        window.stdin.close()
        window.stdout.close()


WATCHED = """
import ctypes, os, sys
from hipss_desktop import cli, memory
memory.keep_to_itself()
assert memory.take_passphrase() == {passphrase!r}
assert "HIPSS_PASSPHRASE" not in os.environ
assert ctypes.CDLL(None).prctl(3) == 0  # PR_GET_DUMPABLE: to the kernel its files in /proc are root's
print("ready", flush=True)
sys.stdin.readline()
"""


@ON_LINUX
def test_another_process_of_the_account_cannot_read_the_environment_or_the_memory(hipss: Hipss) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WATCHED.format(passphrase=PASSPHRASE)],
        env=hipss.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stdin is not None
        assert running.stdout.readline() == "ready\n"
        for name in ("environ", "mem"):
            if os.getuid() != 0:  # root may read everything
                with pytest.raises(PermissionError):
                    Path(f"/proc/{running.pid}/{name}").open("rb").close()
        running.stdin.write("\n")


@ON_LINUX
def test_every_program_keeps_to_itself_from_its_first_line(hipss: Hipss, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    traced = ["strace", "-f", "-e", "trace=prctl", "-o", str(trace), sys.executable, "-m", "hipss_desktop.cli"]
    subprocess.run(
        [*traced, "--home", str(hipss.home), "kinds"], env=hipss.environment, check=True, stdout=subprocess.DEVNULL
    )
    assert "PR_SET_DUMPABLE, SUID_DUMP_DISABLE" in trace.read_text()


@ON_LINUX
def test_each_process_of_the_council_keeps_to_itself(tmp_path: Path) -> None:
    council, trace = CouncilServer(tmp_path / "council"), tmp_path / "trace"
    council.init()
    council.close()
    traced = ["strace", "-f", "--seccomp-bpf", "-e", "trace=prctl", "-o", str(trace)]
    with subprocess.Popen(
        [*traced, sys.executable, "-m", "sync.council.cli", "serve", "--port", "0", "--workers", "2"],
        env=council.environment,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("Serving on ")
        os.kill(int(trace.read_text().split()[0]), signal.SIGTERM)  # strace ends with what it traces
    secret = {
        line.split()[0] for line in trace.read_text().splitlines() if "PR_SET_DUMPABLE, SUID_DUMP_DISABLE" in line
    }
    assert len(secret) == 3  # the command and both of its workers


def test_a_clock_that_is_moved_does_not_end_the_wait(hipss: Hipss, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not this passphrase")
    for _ in range(ALLOWED):
        hipss.say("--passphrase-file", str(wrong), "record", "list", "contact")
    for offset in ("1000", "86400"):
        with hipss.process("record", "list", "contact", env={times.CLOCK_OFFSET: offset}) as moved:
            _, err = moved.communicate(timeout=60)
        assert moved.returncode == 2
        assert "moves the clock of a demonstration alone" in err
    assert "You can try again at" in hipss.say("record", "list", "contact").err


def test_keys_that_are_cheaper_to_guess_are_made_in_a_demonstration_alone(hipss: Hipss) -> None:
    before = {file: file.read_bytes() for file in hipss.home.rglob("header.json")}
    assert before
    for command in (("init", "--name", "C. Powell", "--role", "Manager"), ("recovery-key",)):
        with hipss.process(*command, env={QUICK_KEYS: "1"}) as quick:
            _, err = quick.communicate(timeout=60)
        assert (quick.returncode, err) == (
            2,
            "HIPSS_QUICK_KEYS makes the keys of a demonstration alone. Unset it, then try again.\n",
        )
    assert {file: file.read_bytes() for file in hipss.home.rglob("header.json")} == before


def test_the_window_refuses_a_moved_clock_with_a_sentence(hipss: Hipss) -> None:
    window = subprocess.run(
        [sys.executable, "-m", "hipss_desktop.app", "--home", str(hipss.home)],
        env={**hipss.environment, times.CLOCK_OFFSET: "1000", "QT_QPA_PLATFORM": "offscreen"},
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert window.returncode == 1
    assert window.stderr.strip().endswith("Unset it, then try again.")


def test_the_council_refuses_a_moved_clock_too(tmp_path: Path) -> None:
    council = CouncilServer(tmp_path / "council")
    council.init()
    council.close()
    process = subprocess.run(
        [sys.executable, "-m", "sync.council.cli", "invite", "--name", "A. Bevan", "--role", "Manager"],
        env={**council.environment, times.CLOCK_OFFSET: "1000"},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert process.returncode == 2
    assert (
        process.stderr.strip()
        == "HIPSS_CLOCK_OFFSET moves the clock of a demonstration alone. Unset it, then try again."
    )
