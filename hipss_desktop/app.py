"""``hipss-desktop``: the program with the window; it only connects the other parts.

Locking ends this process, and a new process shows the lock screen, so that no key and no record stays in memory. Only Qt
and light modules are imported before the first paint. Must not decide anything about records.
"""

import argparse
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from db.home import Held, Home
from hipss_desktop import memory, times
from hipss_desktop.errors import Unavailable, UserError
from hipss_desktop.unlock import LaptopFirstRun, LaptopKeys, LaptopSession, LaptopUnlocker, LeftOpen
from ui import theme
from ui.base import composed_keys
from ui.base.one_window import OneWindow, call_open_window
from ui.base.session import KeyAct
from ui.base.window_place import place_of, show_at
from ui.theme import ring

if TYPE_CHECKING:
    from hipss_desktop.laptop import OpenStore
    from hipss_desktop.services.reading_back import ReadBack

log = logging.getLogger(__name__)

LONGEST_HANDOVER = 10.0
"""The most seconds that a locked window waits, covered, for the lock screen to appear; then its process ends anyway."""


def _arguments(command_line: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="hipss-desktop", description="HIPSS Desktop: on-call contacts and what follows."
    )
    parser.add_argument("--home", type=Path, help="the folder that holds everything; the account’s own by default")
    parser.add_argument("--gallery", action="store_true", help="show every part of the window by day and by night")
    parser.add_argument("--locked", default="", metavar="VAULT", help=argparse.SUPPRESS)
    parser.add_argument("--call-started", default="", help=argparse.SUPPRESS)
    parser.add_argument("--notes-saved", default="", help=argparse.SUPPRESS)
    return parser.parse_args(command_line)


class Program:
    """One run of the window, from the first screen to the last."""

    def __init__(
        self,
        application: QApplication,
        home: Home,
        left_open: LeftOpen,
        *,
        end: Callable[[list[str]], None] | None = None,
    ) -> None:
        """Start another program and end this one with ``end``, which gets the new command line; the default is ``hand_over``."""
        self._application = application
        self._end = end if end is not None else hand_over
        self._home = home
        self._clock = times.program_clock(home.path)
        self._left_open = left_open
        self._window: QWidget | None = None
        self._opened: OpenStore | None = None
        self._session: LaptopSession | None = None
        self._held: Held | None = None
        self._single_window: OneWindow | None = None
        application.aboutToQuit.connect(self.close)

    @property
    def window(self) -> QWidget | None:
        """The window that is shown now."""
        return self._window

    def claim(self) -> bool:
        """Reserve this home's only window; return False, and show the existing window, if another process has it."""
        try:
            self._held = self._home.hold_window()
        except Unavailable:
            if not call_open_window(self._home.path):
                sys.stderr.write("HIPSS Desktop is already open on this laptop. Use the window that is open.\n")
            return False
        self._single_window = OneWindow(self._home.path)
        self._single_window.called.connect(self._come_forward)
        return True

    def _come_forward(self) -> None:
        window = self._window
        if window is not None:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.show()
            window.raise_()
            window.activateWindow()

    def _release(self) -> None:
        """Let another process open this home's only window."""
        if self._single_window is not None:
            self._single_window.close()
        if self._held is not None:
            self._held.release()

    def start(self) -> None:
        """Show the first screen: the first set-up, the unlock screen, or the lock screen that replaces a locked window."""
        if self._home.people():
            self._unlock()
        else:
            self._first_run()

    def _unlock(self) -> None:
        from ui.entry.unlock import UnlockWindow

        unlocker = LaptopUnlocker(self._home, self._clock, self._left_open)
        self._show(
            UnlockWindow(unlocker, lambda services: self.enter(unlocker.opened), self._first_run, clock=self._clock)
        )

    def _first_run(self) -> None:
        from ui.entry.first_run import FirstRunWindow

        setting_up = LaptopFirstRun(self._home, self._clock)
        unlocker = LaptopUnlocker(self._home, self._clock, self._left_open)
        back = self._unlock if self._home.people() else None
        window = FirstRunWindow(
            setting_up,
            lambda services: self.enter(setting_up.opened),
            unlocker=unlocker,
            on_back=back,
            clock=self._clock,
        )
        self._show(window)

    def enter(self, opened: "OpenStore | None") -> None:
        """Show the main window for an opened store."""
        if opened is None:
            return
        from ui.shell.window import MainWindow

        self._opened = opened
        self._session = LaptopSession(opened, self._clock, self.lock, self.turn, self.change_keys)
        self._show(MainWindow(self._session))
        self._session.start()

    def turn(self, back: "ReadBack") -> None:
        """Show the page that a household reads back on a screen of its own, after the button press has been handled."""
        QTimer.singleShot(0, lambda: self._turn(back))

    def _turn(self, back: "ReadBack") -> None:
        """Replace the window by the household's screen, and first destroy every other window with all that it shows."""
        from ui.supervision.turned_window import TurnedWindow

        if self._session is None:
            return
        others = QApplication.topLevelWidgets()
        try:
            window = TurnedWindow(self._session, back, self._turn_back)
        except Exception:
            self.lock()
            raise
        self._show(window)
        for other in others:
            if shiboken6.isValid(other):
                other.hide()
                shiboken6.delete(other)

    def _turn_back(self) -> None:
        """Show the main window again, on the page that was left, after the worker has entered their passphrase."""
        from ui.shell.window import MainWindow

        if self._session is not None:
            self._show(MainWindow(self._session))

    def change_keys(self, act: KeyAct) -> None:
        """Ask the person to change the keys of their store, after the button press has been handled."""
        QTimer.singleShot(0, lambda: self._change_keys(act))

    def _change_keys(self, act: KeyAct) -> None:
        """Stop the sync and ask for the new keys in place of the window; show the window again with the store afterwards."""
        from ui.entry.change_keys import KeysWindow

        opened, session = self._opened, self._session
        if opened is None or session is None:
            return
        session.stop()
        self._session = None
        try:
            window = KeysWindow(LaptopKeys(opened, self.lock), act, lambda: self.enter(opened))
        except Exception:
            self.lock()
            raise
        self._show(window)

    def _show(self, window: QWidget) -> None:
        before, laptop = self._window, self._home.laptop()
        self._window = window
        if before is None:
            show_at(window, laptop.window, maximised=laptop.maximised)
            if self._left_open.vault:
                _tell_shown(window)
        else:
            show_at(window, place_of(before), maximised=before.isMaximized())
            before.close()
            before.deleteLater()
        window.raise_()
        window.activateWindow()

    def lock(self) -> None:
        """End this process and start a new one with the lock screen. The caller has saved what was typed as drafts.

        The locked window stays visible, covered, until the lock screen appears.
        """
        from ui.shell.screens import call_runs

        opened = self._opened
        if opened is None:
            return
        arguments = [
            sys.executable,
            "-I",
            str(Path(__file__).with_name("start.py").resolve()),
            "--home",
            str(self._home.path.absolute()),
            "--locked",
            opened.vault_id,
        ]
        with _whatever_fails("asking for the call that runs"):
            draft = next((draft for draft in opened.services.store.drafts() if call_runs(draft)), None)
            if draft is not None:
                arguments += ["--call-started", draft.call["started"], "--notes-saved", draft.saved]
        with _whatever_fails("closing the store"):
            self._close_store()
        with _whatever_fails("keeping the place of the window"):
            self._keep_place()
        with _whatever_fails("leaving the window to the lock screen"):
            self._release()
        self._end(arguments)

    def close(self) -> None:
        """Stop the sync, and close the window and the store; it is called once, however the run ends."""
        if self._window is not None:
            with _whatever_fails("keeping the place of the window"):
                self._keep_place()
            self._window.close()
        self._close_store()
        self._release()

    def _close_store(self) -> None:
        if self._session is not None:
            self._session.stop()
            self._session = None
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _keep_place(self) -> None:
        if self._window is None or not self._window.isVisible():
            return
        laptop = self._home.laptop()
        stands = replace(laptop, window=place_of(self._window), maximised=self._window.isMaximized())
        if stands != laptop:
            self._home.save_laptop(stands)


def hand_over(arguments: list[str]) -> None:
    """Start the lock screen, wait until it appears, and end this process, which holds the keys."""
    try:
        with _whatever_fails("starting the lock screen"):
            memory.take_passphrase()  # of what a fresh process inherits
            lock_screen = subprocess.Popen(arguments, stdout=subprocess.PIPE)
            assert lock_screen.stdout is not None
            shown = threading.Thread(target=lock_screen.stdout.readline, daemon=True)
            shown.start()
            shown.join(LONGEST_HANDOVER)
    finally:
        os._exit(0)


def _tell_shown(window: QWidget) -> None:
    """Tell the process that this one replaces that the window is on the screen, as soon as it is."""
    handle = window.windowHandle()
    if handle is None or not handle.isExposed():
        QTimer.singleShot(10, window, lambda: _tell_shown(window))
        return
    os.write(1, b"shown\n")
    with Path(os.devnull).open("wb") as nothing:  # the other end is gone from now on
        os.dup2(nothing.fileno(), 1)


@contextmanager
def _whatever_fails(doing: str) -> Iterator[None]:
    """Log an exception and continue to the lock screen: nobody may stay signed in behind a window that does not respond."""
    try:
        yield
    except Exception as failure:  # noqa: BLE001  its message may quote a record, so only its kind is written down
        log.error("locking, %s: %s", doing, type(failure).__name__)


def make_application(arguments: list[str]) -> QApplication:
    """Make the Qt application, in British English."""
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    application = QApplication.instance() or QApplication(arguments)
    assert isinstance(application, QApplication)
    application.setApplicationName("HIPSS Desktop")
    return application


def main(command_line: list[str] | None = None) -> int:
    """Run the window and return the exit code."""
    arguments = _arguments(sys.argv[1:] if command_line is None else command_line)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    memory.keep_to_itself()
    memory.take_passphrase()  # it is typed here
    home = Home(arguments.home)
    application = make_application(sys.argv[:1])
    left_open = LeftOpen(arguments.locked, _moment(arguments.call_started), _moment(arguments.notes_saved))
    try:
        program = Program(application, home, left_open)
    except UserError as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    if not arguments.gallery and not program.claim():
        return 0
    laptop = home.laptop()
    theme.apply(application, theme.theme_for(application, laptop.theme, laptop.text_scale / 100))
    ring.install(application)
    composed_keys.install(application)
    if arguments.gallery:
        from ui.parts.gallery import build_gallery

        gallery = build_gallery()
        gallery.show()
        return application.exec()
    QTimer.singleShot(0, program.start)
    return application.exec()


def _moment(text: str) -> datetime | None:
    return times.instant(text) if text else None


if __name__ == "__main__":
    sys.exit(main())
