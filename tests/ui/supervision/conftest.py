"""The real program over a real vault with the demonstration's caseload, in front of the kitchen table."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from db.home import Home
from db.slots import FLOOR_KIB, Cost
from hipss_desktop import times
from hipss_desktop.app import Program
from hipss_desktop.laptop import OpenStore, make_vault, open_store
from hipss_desktop.unlock import LeftOpen
from hipss_desktop.views.services import Services
from tests.helpers.demo_laptop import settle
from tests.helpers.read_back_visit import as_worker, finished_visit
from tests.helpers.store_fixtures import SetClock, copy_laptop, load_demo
from ui.shell.window import MainWindow
from ui.supervision.turned_window import TurnedWindow

PASSPHRASE = "kettle marble otter Thursday"


@dataclass
class AtTheTable:
    """D. Marsh's laptop with one finished visit.

    Attributes:
        lock_commands: the commands that showed a lock screen after the program ended.
    """

    program: Program
    opened: OpenStore
    visit: str
    lock_commands: list[list[str]]
    clock: SetClock

    @property
    def services(self) -> Services:
        return self.opened.services

    @property
    def main(self) -> MainWindow:
        """The program's window."""
        assert isinstance(self.program.window, MainWindow)
        return self.program.window

    @property
    def turned(self) -> TurnedWindow:
        """The turned screen."""
        assert isinstance(self.program.window, TurnedWindow)
        return self.program.window

    def turn(self) -> TurnedWindow:
        """Turn the screen as the page of the visit does."""
        self.main.go("turn", record=self.visit)
        settle(self.main)
        settle()
        return self.turned


@pytest.fixture(scope="session")
def home_with_visit(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The files of the home of a laptop, its vault and the visit; made once and copied for each test."""
    folder = tmp_path_factory.mktemp("table") / "home"
    clock = SetClock(times.system_clock())
    new_vault = make_vault(
        Home(folder),
        name="D. Marsh",
        role="supervising",
        passphrase=PASSPHRASE,
        laptop="HIPSS-LT-07",
        clock=clock,
        keyring=False,
        cost=lambda: Cost(FLOOR_KIB, passes=1, lanes=4),
    )
    load_demo(new_vault.opened.store, clock)
    services = as_worker(new_vault.opened.services, clock)
    visit = finished_visit(services)
    vault = new_vault.opened.vault_id
    new_vault.opened.close()
    return folder, vault, visit


@pytest.fixture
def table(
    app: QApplication, home_with_visit: tuple[Path, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AtTheTable]:
    """The program open on the page of the visit."""
    template, vault, visit = home_with_visit
    folder = tmp_path / "home"
    copy_laptop(template, folder)
    clock = SetClock(times.system_clock())
    monkeypatch.setattr(times, "program_clock", lambda home: clock)
    opened = open_store(Home(folder), vault, PASSPHRASE, clock)
    as_worker(opened.services, clock)
    lock_commands: list[list[str]] = []
    program = Program(app, opened.home, LeftOpen(), end=lock_commands.append)
    program.enter(opened)
    at_the_table = AtTheTable(program, opened, visit, lock_commands, clock)
    settle(at_the_table.main)
    at_the_table.main.go("record", record=visit)
    settle(at_the_table.main)
    yield at_the_table
    app.aboutToQuit.disconnect(program.close)
    window = program.window
    if window is not None and shiboken6.isValid(window):
        window.close()
        window.deleteLater()
    if not lock_commands:
        program._close_store()
