"""Locking happens whatever else fails, at once, and leaves nothing of an open store behind."""

import logging
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from db.home import Home
from db.slots import FLOOR_KIB, Cost
from hipss_desktop import app
from hipss_desktop.laptop import OpenStore, make_vault, open_store
from hipss_desktop.services.sync_cycle import Exchanged, Progress
from hipss_desktop.services.sync_loop import SyncLoop
from hipss_desktop.unlock import LeftOpen

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "kettle marble otter Thursday"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def opened(tmp_path: Path) -> OpenStore:
    new_vault = make_vault(
        Home(tmp_path / "home"),
        name="A. Bevan",
        role="on_call",
        passphrase=PASSPHRASE,
        clock=now,
        keyring=False,
        cost=lambda: Cost(FLOOR_KIB),
    )
    return new_vault.opened


def refuse_person_file(opened: OpenStore) -> None:
    """The disk does not take what the locked screen would show."""
    person = opened.home.files(opened.vault_id).person
    person.unlink()
    (person / "in the way").mkdir(parents=True)


def test_a_disk_that_refuses_what_the_locked_screen_shows_does_not_keep_a_store_open(opened: OpenStore) -> None:
    refuse_person_file(opened)
    opened.close()
    reopened = open_store(opened.home, opened.vault_id, PASSPHRASE, now)
    reopened.store.close()
    reopened._held.release()


@pytest.mark.parametrize("fails", ["disk", "drafts", "closing"])
def test_the_lock_screen_comes_whatever_fails_on_the_way(
    opened: OpenStore, qapp: Any, monkeypatch: pytest.MonkeyPatch, fails: str, caplog: pytest.LogCaptureFixture
) -> None:
    came: list[list[str]] = []
    program = app.Program(qapp, opened.home, LeftOpen(), end=came.append)
    program._opened = opened
    if fails == "disk":
        refuse_person_file(opened)
    elif fails == "drafts":
        opened.store.close()
    else:
        monkeypatch.setattr(opened.store, "waiting", lambda: int("a name that must not be told"))
    with caplog.at_level(logging.DEBUG):
        program.lock()
    assert len(came) == 1
    assert came[0][came[0].index("--locked") + 1] == opened.vault_id
    assert "a name that" not in caplog.text
    opened.store.close()
    qapp.aboutToQuit.disconnect(program.close)


def test_a_connection_that_hangs_does_not_delay_the_lock() -> None:
    def exchange(progress: Progress) -> Exchanged:
        time.sleep(8)
        return Exchanged()

    loop = SyncLoop(exchange, now)
    loop.start()
    time.sleep(0.2)
    began = time.monotonic()
    loop.stop()
    assert time.monotonic() - began < 5


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit; its dumps are the account's to allow")
@pytest.mark.parametrize("program", ["hipss_desktop.app", "hipss_desktop.laptop"])
def test_a_program_with_keys_leaves_no_core_dump(tmp_path: Path, program: str) -> None:
    start = {
        "hipss_desktop.app": "app.Program.start = lambda self: None; app.QApplication.exec = lambda *_: 0; app.main([])",
        "hipss_desktop.laptop": "try:\n app.open_store(app.Home(Path('home')), 'x', '', None)\nexcept Exception: pass",
    }[program]
    script = (
        "import os, resource; from pathlib import Path\n"
        "hard = resource.getrlimit(resource.RLIMIT_CORE)[1]\nresource.setrlimit(resource.RLIMIT_CORE, (hard, hard))\n"
        f"import {program} as app\n{start}\nprint(resource.getrlimit(resource.RLIMIT_CORE)[0] in (0, 1))\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "True", done.stderr
