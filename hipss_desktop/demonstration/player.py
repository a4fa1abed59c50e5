"""Plays a person at a laptop: prints what they do with the time, and asks for the network or a power cut when they need it.

Must not know what happens in a story.
"""

import os
import sys
import time
from datetime import UTC, date, datetime
from datetime import time as clock
from pathlib import Path

from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from db.home import Home
from hipss_desktop import times
from hipss_desktop.app import Program
from hipss_desktop.demonstration.driver import Stuck, WindowDriver
from hipss_desktop.demonstration.programs import say
from ui.base.window_place import DESIGN
from ui.parts import SyncPill
from ui.shell.window import MainWindow

ASKS = "\x1b"
"""Begins a line that asks the demonstration for something."""
NETWORK_UP, NETWORK_DOWN, KILL = "network up", "network down", "kill"
"""The requests: the network comes, the network goes, the power is cut."""


def march(day: int, hour: int, minute: int) -> datetime:
    """A moment of March 2017, when the clocks show GMT."""
    return datetime(2017, 3, day, hour, minute, tzinfo=UTC)


def in_2017(month: int, day: int, hour: int, minute: int) -> datetime:
    """A moment of 2017 as the clock on the wall shows it, in summer time too."""
    return times.at_local(date(2017, month, day), clock(hour, minute))


class Player(WindowDriver):
    """One person at the window of one laptop."""

    def __init__(
        self, program: Program, home: Home, name: str, output: Path, pace: int, *, online: bool = False
    ) -> None:
        """Sit down; ``online`` says whether the council answers."""
        super().__init__(program, output, pace)
        self._home, self._name, self._online = home, name, online

    def say(self, words: str) -> None:
        """Say what was done, with the time of this laptop's clock."""
        say(f"{times.clock_time(self._now())} {self._name}: {words}")

    def at(self, moment: datetime) -> None:
        """Move the clock forward to a moment, as if nobody had touched the laptop until then; so is the council's."""
        if moment > self._now():
            os.environ[times.CLOCK_OFFSET] = f"{moment.timestamp() - time.time():.3f}"
            if self._online:
                self.network(up=True)

    def _now(self) -> datetime:
        return times.program_clock(self._home.path)()

    def unlock(self, passphrase: str) -> None:
        """Choose this person, type the passphrase and wait for the window behind it."""
        self.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "the unlock screen")
        if not self.focused().startswith("Passphrase"):
            raise Stuck(f"{self.picture('stuck')}: {self.focused()} has the focus")
        people = self._home.people()
        if len(people) > 1:
            self.keys("Shift+Tab")
            for _ in people:
                if not self.focused().startswith(self._name):
                    self.keys("Down")
            self.to("Passphrase")
        self.write(passphrase)
        self.keys("Return")
        self.until(lambda: isinstance(self._program.window, MainWindow), "the window behind the passphrase")
        self.window.resize(*DESIGN)  # an offscreen display may be smaller than the pictures
        self.until(lambda: QApplication.focusWidget() is not None, "a focus")

    def save_as(self, name: str) -> None:
        """Save the page that shows as a PDF of this name, in the throw-away folder."""
        self.keys("Ctrl+S")
        self.until(lambda: isinstance(QApplication.activeWindow(), QFileDialog), "where to save it")
        self.keys("Ctrl+A")
        self.write(str(self._home.path.parent / name))
        self.keys("Return")
        self.until(lambda: not isinstance(QApplication.activeWindow(), QFileDialog), "that it is saved")
        self.window.activateWindow()  # without a window manager, the window gets no focus after a dialog
        self.until(lambda: QApplication.focusWidget() is not None, "a focus")

    # The world outside of the window

    def network(self, *, up: bool) -> None:
        """Switch the network on, with the council’s clock at this laptop's time, or switch it off."""
        self._online = up
        self._ask(NETWORK_UP if up else NETWORK_DOWN)

    def lose_power(self) -> None:
        """Kill this process at once and without warning, as a power cut does."""
        self._ask(KILL)

    @staticmethod
    def _ask(words: str) -> None:
        say(f"{ASKS}{words} {os.environ[times.CLOCK_OFFSET]}")
        sys.stdin.readline()

    def pill(self) -> str:
        """The words for the connection at the top of the window."""
        pills = self.window.findChildren(SyncPill)
        return pills[0].text() if pills else ""

    def send(self) -> None:
        """Ask for an exchange in the sync centre and wait until all is sent."""
        self.keys("Ctrl+J")
        self.press("Try again now")
        self.until(self.all_is_sent, "everything sent")

    def all_is_sent(self) -> bool:
        """Whether the window says that nothing waits."""
        return "All sent" in self.pill()
