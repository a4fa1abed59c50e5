"""The window of the turned screen: what one household may read of one visit, their answers, and their signatures.

It replaces the main window, which is deleted. No other page, rail, search, tray icon or shortcut exists while the screen is
turned, so that nothing about another household can be seen, heard or reached. It ignores commits and sync. The worker's
passphrase ends it; closing, sleep and another user of the machine open the lock screen. After ten idle minutes the text is
hidden, and after fifteen more the laptop locks. Must read only what ``services.reading_back`` returns.
"""

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.services.reading_back import ReadBack
from ui import theme
from ui.base import clipboard
from ui.base.cover import lock_behind_cover
from ui.base.focus import focus
from ui.base.idle import IdleLock
from ui.base.page import ChangeBus, Context
from ui.base.runner import TaskRunner
from ui.base.session import Session
from ui.base.shortcuts import bind
from ui.supervision.leave import LeaveView
from ui.supervision.reading_view import ReadingView
from ui.supervision.text_sizes import TextSizes

WAITS = 10 * 60
LOCKS = 25 * 60
"""Idle seconds until the text is hidden, and until the laptop locks."""
KEPT_OUT = frozenset({QEvent.Type.ContextMenu, QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop})
"""Events that no widget of the turned screen gets: menus, and things dragged in from elsewhere."""
BROKEN = "Something went wrong inside the program. What was kept stays."


class TurnedWindow(QWidget):
    """The window for one household.

    Args:
        session: the session of the signed-in worker.
        back: what is read back.
        on_unlocked: called after the worker gave their passphrase; it opens the next window.
        idle_clock, wall: seconds, see ``ui.base.idle``.
    """

    def __init__(
        self,
        session: Session,
        back: ReadBack,
        on_unlocked: Callable[[], None],
        *,
        idle_clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._app, self.session, self._on_unlocked = app, session, on_unlocked
        self._worker = back.worker[1]
        self._leaving = False
        self._waits_since = 0
        self.setWindowTitle("HIPSS Desktop")
        self.setAccessibleName("HIPSS Desktop")
        theme.set_state(theme.dress(self), "surface", "canvas")
        self.setMinimumSize(1024, 640)
        clipboard.forget()
        self.runner = TaskRunner(self)
        self._sizes = TextSizes(self, app)
        context = Context(session, self.runner, ChangeBus(self), _nowhere, self._say, _nowhere)
        self.reading = ReadingView(context, back, self._sizes)
        self.leave = LeaveView(self._worker)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.reading)
        self._stack.addWidget(self.leave)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        self._connect()
        self.idle = IdleLock(app, self._waits, clock=idle_clock, wall=wall, quiet=WAITS, in_a_call=LOCKS, parent=self)
        self.idle.due.connect(self._idle)
        app.installEventFilter(self)

    def _connect(self) -> None:
        self.reading.stopped.connect(lambda: self._wait("What was answered is kept.", may_go_on=True))
        self.reading.leaving.connect(lambda: self._wait(f"Only {self._worker} can go on from here.", may_go_on=True))
        self.leave.asked.connect(self._check)
        self.leave.went_on.connect(self.read_on)
        self.runner.broke.connect(lambda _: self._say(BROKEN))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self._next_part)
        bind(self, "Alt+F4", self.close)

    def _next_part(self) -> None:
        if not self._waits():
            self.reading.next_part()

    def _say(self, words: str) -> None:
        self.reading.say(words)

    # Waiting for the worker

    def _wait(self, words: str, *, may_go_on: bool) -> None:
        """Hide the text until the worker enters their passphrase."""
        self.reading.flush()
        self._waits_since += 1
        self._stack.setCurrentWidget(self.leave)
        self.leave.open_for(words, may_go_on=may_go_on)
        focus(self.leave.edit)

    def read_on(self) -> None:
        """Show the text again."""
        self._stack.setCurrentWidget(self.reading)
        focus(self.reading.part.first_focus())

    def _waits(self) -> bool:
        return self._stack.currentWidget() is self.leave

    def _idle(self, why: str) -> None:
        if why == "idle" and not self._waits():
            self._wait("Nobody has touched this screen for 10 minutes.", may_go_on=False)
        else:
            self.lock()

    def _check(self, passphrase: str) -> None:
        """Compare the passphrase with the worker's; this counts as an attempt to unlock.

        If the household reads on before the answer arrives, the answer is ignored and the text stays open.
        """
        waiting_since = self._waits_since

        def still_asks() -> bool:
            return self._waits() and self._waits_since == waiting_since and not self._leaving

        def let_in(_: None) -> None:
            if still_asks():
                self._finish_up()
                self._on_unlocked()

        def refused(error: HipssError) -> None:
            if still_asks():
                self.leave.refuse(str(error))

        self.runner.write(partial(self.session.check, passphrase), let_in, context=self, failed=refused)

    # Leaving

    def lock(self) -> None:
        """Hide everything at once, save what was typed, then show the lock screen."""
        if not self._leaving:
            lock_behind_cover(self, self._finish_up, self.session.lock)

    def _finish_up(self) -> None:
        self._leaving = True
        self._app.removeEventFilter(self)
        self.idle.stop()
        self.reading.flush()
        self.runner.close()
        self._sizes.put_back()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Open the lock screen whenever the window closes."""
        self.lock()
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.focusWidget() is None:
            focus(self.reading.part.first_focus())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in KEPT_OUT and isinstance(watched, QWidget):
            event.ignore()
            return True
        return False


def _nowhere(*_: object, **__: object) -> None:
    """Do nothing, because the turned screen has no other page to open."""
