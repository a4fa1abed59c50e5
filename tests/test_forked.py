"""A program that is forked from one that has imported it does what a fresh process does, and inherits nothing else."""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import forked

ROOT = Path(__file__).resolve().parents[1]
MODULE = "sync.council.cli"
SURROUNDINGS = """
import json, os, random, resource, signal, sys, tempfile, threading, time
told = sys.stdin.read()
print(json.dumps({
    "name": __name__, "main": sys.modules["__main__"].__dict__ is globals(), "arguments": sys.argv, "path": sys.path[:3],
    "environment": dict(os.environ), "folder": os.getcwd(), "stdin": told, "threads": threading.active_count(),
    "files": len(os.listdir("/proc/self/fd")), "zone": time.tzname, "temporary": tempfile.gettempdir(),
    "parent": os.getppid(), "group": os.getpgid(0) == os.getpid(), "session": os.getsid(0) == os.getpid(),
    "limits": resource.getrlimit(resource.RLIMIT_CORE), "mask": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    "handled": [str(signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD)],
    "streams": [[stream.encoding, stream.errors, stream.line_buffering] for stream in (sys.stdin, sys.stdout, sys.stderr)],
}))
print("é to standard error", file=sys.stderr)
"""


def surroundings(start: Any, **more: Any) -> tuple[dict[str, Any], str]:
    """What a program that is started finds, with its standard error."""
    done = start(
        [sys.executable, "-c", SURROUNDINGS, "one", "two words"], input="Zoë\n", text=True, capture_output=True, **more
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def forked_run(command: list[str], **more: Any) -> subprocess.CompletedProcess[Any]:
    """Run a program forked from the council's command."""
    return forked.run(command, imported=MODULE, **more)


@pytest.mark.parametrize("more", [{}, {"start_new_session": True}, {"process_group": 0}])
def test_it_finds_what_a_fresh_process_finds(tmp_path: Path, more: dict[str, Any]) -> None:
    (tmp_path / "temporary").mkdir()
    changed = {
        "ONE": "1",
        "TZ": "Asia/Kathmandu",
        "TMPDIR": str(tmp_path / "temporary"),
        "PYTHONPATH": f"{ROOT}:/nowhere",
    }
    environment = {**{name: value for name, value in os.environ.items() if name != "HOME"}, **changed}
    fresh = surroundings(subprocess.run, check=False, env=environment, cwd=tmp_path, **more)
    assert surroundings(forked_run, env=environment, cwd=tmp_path, **more) == fresh
    assert fresh[0]["parent"] == os.getpid()


@pytest.mark.parametrize(
    ("code", "returncode"),
    [
        ("import sys; sys.exit(3)", 3),
        ("import sys; sys.exit('No')", 1),
        ("raise ValueError('No')", 1),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
        ("import os, signal; os.kill(os.getpid(), signal.SIGINT)", -signal.SIGINT),
        ("import atexit; atexit.register(print, 'at the end')", 0),
        ("import threading; threading.Timer(0.1, print, ['of a thread']).start()", 0),
        ("import os; print('not flushed'); os._exit(4)", 4),
    ],
)
def test_it_ends_as_a_fresh_process_ends(code: str, returncode: int) -> None:
    ends = [run([sys.executable, "-c", code], capture_output=True, text=True) for run in (subprocess.run, forked_run)]
    assert [end.returncode for end in ends] == [returncode, returncode]
    assert ends[0].stdout == ends[1].stdout
    assert ends[0].stderr.splitlines()[-1:] == ends[1].stderr.splitlines()[-1:]


def test_a_module_runs_as_the_main_one(tmp_path: Path) -> None:
    command = [sys.executable, "-m", MODULE, "--home", str(tmp_path / "council")]
    result = forked.run([*command, "init", "--json"], capture_output=True, text=True, check=True)
    assert json.loads(result.stdout)["folder"] == str(tmp_path / "council")
    again = forked.run([*command, "init"], capture_output=True, text=True)
    fresh = subprocess.run([*command, "init"], capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout, again.stderr) == (fresh.returncode, fresh.stdout, fresh.stderr)
    with pytest.raises(subprocess.CalledProcessError):
        forked.run([*command, "init"], capture_output=True, check=True)


@pytest.mark.parametrize("module", [MODULE, "hipss_desktop.cli"])
def test_a_module_says_what_it_says_in_a_fresh_process(module: str) -> None:
    results = [
        run([sys.executable, "-m", module, "--help"], capture_output=True, text=True)
        for run in (subprocess.run, forked.run)
    ]
    assert results[0].returncode == 0
    assert (results[1].stdout, results[1].stderr, results[1].returncode) == (
        results[0].stdout,
        results[0].stderr,
        results[0].returncode,
    )


def test_it_is_awaited_signalled_and_killed() -> None:
    code = "import sys\nprint('ready', flush=True)\nfor line in sys.stdin: print(line.upper(), end='', flush=True)"
    with forked.Popen(
        [sys.executable, "-c", code], imported=MODULE, stdin=forked.PIPE, stdout=forked.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert process.poll() is None
        process.stdin.write("heron\n")
        process.stdin.flush()
        assert process.stdout.readline() == "HERON\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01)
        process.kill()
        assert process.stdout.read() == ""
    assert process.returncode == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def test_a_limit_of_one_is_not_the_limit_of_the_next_and_nothing_random_is_the_same() -> None:
    code = "import os, random, resource, secrets, uuid; resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9))\n"
    code += "from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey\n"
    code += "key = Ed25519PrivateKey.generate().private_bytes_raw().hex()\n"
    code += "print(random.random(), secrets.token_hex(), uuid.uuid4(), key)"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    first, second = (
        forked_run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
        for _ in range(2)
    )
    assert len(first) == 4
    assert not set(first) & set(second)
    result = forked_run(
        [sys.executable, "-c", "import resource; print(resource.getrlimit(resource.RLIMIT_FSIZE))"],
        capture_output=True,
        text=True,
    )
    assert result.stdout.strip() == str(before)


def test_what_a_server_cannot_give_is_started_afresh() -> None:
    code = "import sys; print(sys.flags.optimize, 'sync.council.chain' in sys.modules)"
    command = [sys.executable, "-c", code]
    for options, printed in (
        ({"imported": MODULE}, "0 True"),
        ({}, "0 False"),
        ({"imported": MODULE, "env": {**os.environ, "PYTHONOPTIMIZE": "1"}}, "1 False"),
        ({"imported": MODULE, "umask": 0o77}, "0 False"),
    ):
        assert forked.run(command, capture_output=True, text=True, **options).stdout.strip() == printed
