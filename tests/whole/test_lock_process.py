"""Locking ends the process that held the keys, and a second start has the window that is open show itself."""

import os
import re
import secrets
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db import vault
from db.home import Home
from db.slots import FLOOR_KIB, Cost
from hipss_desktop.laptop import make_vault, open_store

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "kettle marble otter Thursday"
pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.getuid() != 0,
    reason="reads another process's memory as Linux shows it, and of these programs to root alone",
)


def environment(home: Path) -> dict[str, str]:
    """What the window runs with: no session bus, so no keyring, and no screen."""
    variables = {name: value for name, value in os.environ.items() if name != "DBUS_SESSION_BUS_ADDRESS"}
    return {**variables, "HIPSS_PASSPHRASE": PASSPHRASE, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}


def command_line(pid: int) -> str:
    """What runs in a process now."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def lock_screens(home: Path) -> list[int]:
    """The processes that show a lock screen over a home."""
    running = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    process_ids = []
    for pid in running:
        with suppress(OSError):
            words = command_line(pid)
            if "--locked" in words and str(home) in words:
                process_ids.append(pid)
    return process_ids


def in_memory(pid: int, secret_forms: list[bytes]) -> list[bytes]:
    """Which of these bytes stand in the writable memory of a process."""
    readable_secrets = set()
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            form = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line)
            assert form is not None
            begin, end, rights = form.groups()
            if not rights.startswith("rw"):
                continue
            try:
                memory.seek(int(begin, 16))
                content = memory.read(int(end, 16) - int(begin, 16))
            except (OSError, ValueError, OverflowError):
                continue
            readable_secrets |= {secret for secret in secret_forms if secret in content}
    return sorted(readable_secrets)


def test_locking_leaves_no_key_and_no_word_in_memory_and_the_draft_comes_back(tmp_path: Path) -> None:
    home = Home(tmp_path)
    new_vault = make_vault(
        home,
        name="A. Bevan",
        role="on_call",
        passphrase=PASSPHRASE,
        clock=lambda: datetime.now(UTC),
        cost=lambda: Cost(FLOOR_KIB),
    )
    new_vault.opened.close()
    phrase = f"quiet{secrets.token_hex(8)}"
    window = subprocess.Popen(
        [sys.executable, "-m", "tests.whole.lock_driver", str(tmp_path), phrase],
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert window.stdin is not None
    assert window.stdout is not None
    try:
        assert window.stdout.readline() == b"typed\n"
        key = vault.unlock(home, new_vault.opened.vault_id, PASSPHRASE)
        secret_forms = [phrase.encode(), phrase.encode("utf-16-le"), key]
        assert in_memory(window.pid, secret_forms), "the search finds what is there while it is open"
        window.stdin.write(b"small\n")
        window.stdin.flush()
        assert window.stdout.readline() == b"minimised\n"
        second = subprocess.run(
            [sys.executable, "-m", "hipss_desktop.app", "--home", str(tmp_path)],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert second.returncode == 0
        assert window.stdout.readline() == b"came forward\n"
        window.stdin.write(b"lock\n")
        window.stdin.flush()
        assert window.wait(timeout=30) == 0, "the process that held the keys has ended"
        (lock_screen,) = lock_screens(tmp_path)
        assert phrase not in command_line(lock_screen)
        assert in_memory(lock_screen, secret_forms) == []
        assert home.laptop().window is not None
    finally:
        window.kill()
        window.wait()
        for process in lock_screens(tmp_path):
            os.kill(process, signal.SIGKILL)
        window.stdin.close()
        window.stdout.close()
    reopened = open_store(home, new_vault.opened.vault_id, PASSPHRASE, lambda: datetime.now(UTC))
    try:
        (draft,) = reopened.store.drafts()
        assert draft.fields["happening"] == phrase
        assert draft.call["started"]
    finally:
        reopened.close()
