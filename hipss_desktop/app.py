"""``hipss-desktop``: the window. Wiring and nothing else.

Locking ends this process: a fresh one shows the lock screen, so that no key and no record stays in memory. Only Qt and
light modules are imported before the first paint. Must not decide anything about records.
"""

import argparse
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from db.home import Home
from hipss_desktop import memory, times
from hipss_desktop.doors import LaptopDoor, LaptopFirstRun, LaptopSession, LeftOpen
from hipss_desktop.errors import Unavailable
from ui import theme
from ui.theme import ring

if TYPE_CHECKING:
    from hipss_desktop.laptop import OpenStore

log = logging.getLogger(__name__)


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="hipss-desktop", description="HIPSS Desktop: on-call contacts and what follows."
    )
    parser.add_argument("--home", type=Path, help="the folder that holds everything; the account's own by default")
    parser.add_argument("--gallery", action="store_true", help="show every part of the window by day and by night")
    parser.add_argument("--locked", default="", metavar="VAULT", help=argparse.SUPPRESS)
    parser.add_argument("--call-started", default="", help=argparse.SUPPRESS)
    parser.add_argument("--notes-saved", default="", help=argparse.SUPPRESS)
    return parser.parse_args(given)


class Program:
    """One run of the window, from the first screen to the last."""

    def __init__(self, application: QApplication, home: Home, left: LeftOpen) -> None:
        self._application = application
        self._home = home
        self._clock = times.program_clock()
        self._left = left
        self._window: QWidget | None = None
        self._opened: OpenStore | None = None
        self._session: LaptopSession | None = None
        application.aboutToQuit.connect(self.close)

    @property
    def window(self) -> QWidget | None:
        """The window that shows now."""
        return self._window

    def start(self) -> None:
        """Show the first screen: set up, unlock, or the lock screen that took a window's place."""
        if self._home.people():
            self._unlock()
        else:
            self._first_run()

    def _unlock(self) -> None:
        from ui.entry.unlock import UnlockWindow

        door = LaptopDoor(self._home, self._clock, self._left)
        self._show(UnlockWindow(door, lambda desk: self.enter(door.opened), self._first_run, clock=self._clock))

    def _first_run(self) -> None:
        from ui.entry.first_run import FirstRunWindow

        setting_up = LaptopFirstRun(self._home, self._clock)
        door = LaptopDoor(self._home, self._clock, self._left)
        back = self._unlock if self._home.people() else None
        window = FirstRunWindow(
            setting_up, lambda desk: self.enter(setting_up.opened), door=door, on_back=back, clock=self._clock
        )
        self._show(window)

    def enter(self, opened: "OpenStore | None") -> None:
        """Show the window over a store that was opened."""
        if opened is None:
            return
        from ui.shell.window import MainWindow

        self._opened = opened
        self._session = LaptopSession(opened, self._clock, self.lock)
        self._show(MainWindow(self._session))
        self._session.start()

    def _show(self, window: QWidget) -> None:
        before = self._window
        self._window = window
        if before is not None:
            window.setGeometry(before.geometry())
        else:
            window.resize(1366, 768)
        if before is not None and before.isMaximized():
            window.showMaximized()
        else:
            window.show()
        if before is not None:
            before.close()
            before.deleteLater()
        window.raise_()
        window.activateWindow()

    def lock(self) -> None:
        """End this process in favour of a fresh lock screen. What was typed is in drafts before this is called."""
        from ui.shell.screens import call_runs

        opened = self._opened
        if opened is None:
            return
        arguments = [
            sys.executable,
            "-m",
            "hipss_desktop.app",
            "--home",
            str(self._home.path),
            "--locked",
            opened.vault_id,
        ]
        with _whatever_fails("asking for the call that runs"):
            draft = next((each for each in opened.desk.store.drafts() if call_runs(each)), None)
            if draft is not None:
                arguments += ["--call-started", draft.call["started"], "--notes-saved", draft.saved]
        with _whatever_fails("closing the store"):
            self.close()
        if sys.platform == "win32":
            subprocess.Popen(arguments, close_fds=True)
            os._exit(0)
        os.execv(sys.executable, arguments)

    def close(self) -> None:
        """Stop the sync, close the window's work and the store; called once, whatever ends the run."""
        if self._window is not None:
            self._window.close()
        if self._session is not None:
            self._session.stop()
            self._session = None
        if self._opened is not None:
            self._opened.close()
            self._opened = None


@contextmanager
def _whatever_fails(doing: str) -> Iterator[None]:
    """Go on to the lock screen: nobody may stay signed in behind a window that no longer answers."""
    try:
        yield
    except Exception as failure:  # noqa: BLE001  its message may quote a record, so only its kind is written down
        log.error("locking, %s: %s", doing, type(failure).__name__)


def make_application(arguments: list[str]) -> QApplication:
    """The Qt application, in British English."""
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    application = QApplication.instance() or QApplication(arguments)
    assert isinstance(application, QApplication)
    application.setApplicationName("HIPSS Desktop")
    return application


def main(given: list[str] | None = None) -> int:
    """Run the window; the exit code."""
    arguments = _arguments(sys.argv[1:] if given is None else given)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    memory.no_core_dumps()
    home = Home(arguments.home)
    if not arguments.gallery and _open_elsewhere(home):
        sys.stderr.write("HIPSS Desktop is already open on this laptop. Use the window that is open.\n")
        return 1
    application = make_application(sys.argv[:1])
    laptop = home.laptop()
    theme.apply(application, theme.theme_for(application, laptop.theme, laptop.text_scale / 100))
    ring.install(application)
    if arguments.gallery:
        from ui.parts.gallery import build_gallery

        gallery = build_gallery()
        gallery.show()
        return application.exec()
    left = LeftOpen(arguments.locked, _moment(arguments.call_started), _moment(arguments.notes_saved))
    program = Program(application, home, left)
    QTimer.singleShot(0, program.start)
    return application.exec()


def _moment(text: str) -> datetime | None:
    return times.instant(text) if text else None


def _open_elsewhere(home: Home) -> bool:
    """Whether another process holds a store of this home."""
    for person in home.people():
        try:
            home.hold(person.vault_id).release()
        except Unavailable:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
