"""The laptop in the pictures: its store with the demonstration's caseload, its windows, and key presses in them."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QCursor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hipss_desktop import times
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.night_check import (
    note_exchange,
    note_unlock_offline,
)
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_status import Status
from hipss_desktop.views.services import Services
from resources import demo
from tests.helpers.several_laptops import close, joined
from tests.helpers.store_fixtures import MACHINE, NIGHT, RecordingSession, SetClock, make_store
from ui import theme
from ui.base.session import DutyNumber, Invitation, LaptopUser, LockScreenInfo, Strength
from ui.base.window_place import show_at
from ui.shell.window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
OFFLINE = datetime(2017, 3, 13, 22, 10, tzinfo=UTC)
EVENING = datetime(2017, 3, 13, 17, 32, tzinfo=UTC)
NUMBERS = (DutyNumber("Emergency duty team", "01632 960145"), DutyNumber("Backup manager, S. Lloyd", "07700 900312"))
PEOPLE = (
    ("A. Bevan", "Senior practitioner"),
    ("K. Adeyemi", "Practitioner"),
    ("S. Lloyd", "Service manager"),
    ("D. Marsh", "Supervising social worker"),
    ("R. Penn", "Practitioner"),
)


class DrawnUnlocker:
    """The data of the screens before unlock, without a real vault: these screens are only drawn."""

    def __init__(
        self,
        *,
        sync_words: str = "Online, all sent 17:20",
        call_started: datetime | None = None,
        notes_saved: datetime | None = None,
        locked_user: str = "",
    ) -> None:
        until = datetime(2017, 3, 14, 8, 30, tzinfo=UTC)
        people = [
            LaptopUser(f"{place:032x}", name, role, until if place == 0 else None, name == "S. Lloyd")
            for place, (name, role) in enumerate(PEOPLE)
        ]
        self._info = LockScreenInfo(
            people,
            NUMBERS,
            "HIPSS-LT-04",
            sync_words,
            theme.current().name,
            1.0,
            "0.1.0",
            call_started,
            notes_saved,
            locked_user,
        )

    def lock_screen_info(self) -> LockScreenInfo:
        return self._info

    def warm(self) -> None:
        return

    def keep_look(self, *, theme: str, scale: float) -> None:
        return

    def keyring_words(self) -> str:
        return ""

    def unlock(self, vault: str, passphrase: str) -> Services:
        raise AssertionError

    def unlock_with_recovery(self, vault: str, recovery_key: str, new_passphrase: str) -> Services:
        raise AssertionError


class DrawnFirstRun:
    """A first run whose council answers at once."""

    def online(self) -> bool:
        return True

    def look(self, server: str, code: str, laptop: str) -> Invitation:
        return Invitation("A. Bevan", "on_call", "On-call practitioner", laptop)

    def strength(self, passphrase: str) -> Strength:
        from hipss_desktop.rules import passphrases

        estimate = passphrases.strength(passphrase)
        return Strength(estimate.score, estimate.word, passphrases.problem(passphrase) or "")

    def keyring_words(self) -> str:
        return ""

    def make_vault(self, passphrase: str) -> str:
        return "3HMDC-7QCM4-752W8-JR3P7-ZT2HP-HCNJK-T83AN-H5XH1"

    def wrong_recovery_groups(self, typed: Mapping[int, str]) -> Sequence[int]:
        return ()

    def finish(self) -> Services:
        raise AssertionError


class DrawnKeys:
    """A change of keys that is made at once, without a real vault."""

    laptop, version, numbers = "HIPSS-LT-04", "0.1.0", NUMBERS
    is_open = True
    recovery_key_waits = False

    def strength(self, passphrase: str) -> Strength:
        return DrawnFirstRun().strength(passphrase)

    def keyring_words(self) -> str:
        return ""

    def change_passphrase(self, passphrase: str, new: str) -> str:
        return ""

    def new_recovery_key(self, passphrase: str) -> str:
        return DrawnFirstRun().make_vault(passphrase)

    def wrong_recovery_groups(self, typed: Mapping[int, str]) -> Sequence[int]:
        return ()

    def recovery_key_seen(self) -> None:
        return

    def lock(self) -> None:
        return

    def keep_look(self, *, theme: str, scale: float) -> None:
        return


class DemoLaptop:
    """The laptop in the pictures: A. Bevan's, on the night of 13 to 14 March 2017, with the demonstration's caseload.

    A copy of its folder opens as the same laptop.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.maximised = False
        self.clock = SetClock(NIGHT)
        key_file, has_key = folder / "key", (folder / "key").exists()
        folder.mkdir(parents=True, exist_ok=True)
        if not has_key:
            key_file.write_bytes(secrets.token_bytes(32))
        self.store = make_store(folder / "laptop", self.clock, key=key_file.read_bytes())
        if not has_key:
            self._load(late=False)
            self._checked()
            self._sent()
            self._load(late=True)
            with self.store.write() as unit:
                unit.set(StoreSetting.ROLE, "on_call")
        self.services = Services(self.store, self.clock)
        self._others: list[Services] = []
        self._open: list[QWidget] = []

    def _load(self, *, late: bool) -> None:
        """Load the demonstration's caseload: the part from before the network failed, or the ``late`` part after it."""
        for kind, file in demo.order():
            text = demo.before_and_after(file)[late]
            with self.store.write() as unit:
                unit.set(StoreSetting.ROLE, "supervising" if kind == "carer" else "manager")
            done = import_sheet(self.store, kind, text, clock=self.clock)
            assert not done.problems, (kind, done.problems[:3])

    def _checked(self) -> None:
        """Save the night pack check made at 16:34, as S. Lloyd and the practitioner on call agreed."""
        now, self.clock.now = self.clock.now, datetime(2017, 3, 13, 16, 34, tzinfo=UTC)
        with self.store.write() as unit:
            unit.set(StoreSetting.ROLE, "on_call")
            note_exchange(unit, self.clock.now)
            unit.set(StoreSetting.CLOCK_AHEAD, "1.0")
            note_unlock_offline(unit, self.clock.now)
        self._sent()
        checks = Services(self.store, self.clock).night_checks
        checks.paper_sheet_made()
        lines = checks.check(replace(MACHINE, plugged_in=True, encrypted=True))
        checks.finish(lines, {(line.item, line.child): "S. Lloyd knows" for line in lines})
        with self.store.write() as unit:
            for measured in (
                StoreSetting.EXCHANGED,
                StoreSetting.CLOCK_AHEAD,
                StoreSetting.UNLOCKED_OFFLINE,
                StoreSetting.PAPER_SHEET,
            ):
                unit.set(measured, "")  # each screen sets its own values
        self.clock.now = now

    def _sent(self) -> None:
        """Mark everything as received by the council, with a receipt."""
        last = self.store.chain(self.store.seat.seat, after=0, limit=100_000)[-1]
        with self.store.write() as unit:
            unit.keep_receipt(self.store.seat.seat, last.envelope.number, last.digest, "receipt", times.stamp(OFFLINE))
            unit.council_has(self.store.seat.seat, last.envelope.number, last.digest)

    def window(self, status: Status | None = None, *, key_waits: bool = False) -> MainWindow:
        """Return the open window; ``key_waits``: nobody has written down the laptop's recovery key."""
        session = RecordingSession(self.services, waits=key_waits)
        if status is not None:
            session.now = status
        window = MainWindow(session)
        self._open.append(window)
        return window

    def other(self) -> Services:
        """Return K. Adeyemi's laptop, which has the same records as this one."""
        if not self._others:
            other_services = joined(
                self.folder / "other",
                self.clock,
                self.services,
                name="K. Adeyemi",
                laptop="HIPSS-LT-02",
                role="manager",
            )
            self._others.append(other_services)
        return self._others[0]

    def keep(self, widget: QWidget) -> QWidget:
        """Register a window that is closed together with this laptop."""
        self._open.append(widget)
        return widget

    def close_windows(self) -> None:
        """Close all windows."""
        for window in self._open:
            window.close()
            runner = getattr(window, "runner", None)
            if runner is not None:
                runner.close()
            window.deleteLater()
        self._open.clear()
        settle()

    def close(self) -> None:
        """Close all windows and stores."""
        self.close_windows()
        close(self._others)
        self.store.close()


def settle(window: QWidget | None = None) -> None:
    """Wait until no background task runs and every layout is done."""
    until = time.monotonic() + 20
    runner = getattr(window, "runner", None)
    quiet = 0
    while time.monotonic() < until and quiet < 4:
        QTest.qWait(15)
        quiet = quiet + 1 if runner is None or runner.idle else 0


def key(window: QWidget, which: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key in the widget with the focus."""
    QTest.keyClick(QApplication.focusWidget() or window, which, held)


def tab_to(window: QWidget, *names: str) -> None:
    """Press Tab until a widget with one of these accessible names has the focus."""
    for _ in range(40):
        key(window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        interface = QAccessible.queryAccessibleInterface(focused) if focused is not None else None
        if interface is not None and interface.text(QAccessible.Text.Name) in names:
            return
    raise AssertionError(names)


def write(window: QWidget, words: str) -> None:
    """Type into the widget with the focus."""
    QTest.keyClicks(QApplication.focusWidget() or window, words)


def shown(demo: DemoLaptop, window: QWidget, size: tuple[int, int]) -> QWidget:
    """Show a window at a size, or maximised as the program opens it on a desktop, and wait until it is drawn."""
    if demo.maximised:
        QCursor.setPos(QGuiApplication.primaryScreen().geometry().bottomRight())  # nothing is under the mouse
        show_at(window, None, maximised=True)
        QTest.qWaitForWindowActive(window)
    else:
        window.resize(*size)
        window.show()
    window.activateWindow()
    settle(window)
    return window


def at(place: str, /, **arguments: object) -> Callable[[DemoLaptop, tuple[int, int]], QWidget]:
    """Return a function that builds the screen of a route."""

    def build(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
        window = demo.window()
        shown(demo, window, size)
        window.go(place, **arguments)
        settle(window)
        return window

    return build


@contextmanager
def staged(folder: Path) -> Iterator[DemoLaptop]:
    """Yield the demonstration laptop, and close it afterwards."""
    demo = DemoLaptop(folder)
    try:
        yield demo
    finally:
        demo.close()


def dressed(application: QApplication, name: theme.Name, scale: float = 1.0) -> None:
    """Apply a theme to the application."""
    theme.apply(application, theme.Theme(name, scale))
