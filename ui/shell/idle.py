"""When the laptop locks by itself: after idle minutes, and whenever it slept.

Five minutes without a key or the mouse, fifteen while a call timer runs; thirty seconds before, a warning that any key
answers. Sleep is heard from the system where it tells (logind on Linux, power messages on Windows), and anywhere by the
wall clock having jumped between two ticks. Must not lock anything itself: it says when, the window does it.
"""

import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

QUIET = 5 * 60
IN_A_CALL = 15 * 60
WARNING = 30
JUMP = 60
"""Seconds: idle before locking, the same while a call runs, how long the warning stands, what counts as having slept."""

_ACTIVITY = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)
_WM_POWERBROADCAST = 0x0218
_SUSPEND_OR_RESUME = frozenset({0x0004, 0x0007, 0x0012})


class IdleLock(QObject):
    """Watches for keys and the mouse and for sleep, from the moment it is made until ``stop``.

    Signals:
        warned(): the laptop locks in half a minute.
        went_on(): somebody answered the warning.
        due(str): lock now, and why: "idle" or "slept".
    """

    warned = Signal()
    went_on = Signal()
    due = Signal(str)

    def __init__(
        self,
        app: QApplication,
        call_runs: Callable[[], bool],
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        """``clock`` and ``wall`` give seconds: the first never jumps, the second is the clock on the wall."""
        super().__init__(parent)
        self._app, self._call_runs, self._clock, self._wall = app, call_runs, clock, wall
        self._last_activity, self._last_wall = clock(), wall()
        self._warned = False
        self._power = _PowerMessages(self.slept) if sys.platform == "win32" else None
        if self._power is not None:
            app.installNativeEventFilter(self._power)
        else:
            _hear_logind(self)
        app.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()
        self._app.removeEventFilter(self)
        if self._power is not None:
            self._app.removeNativeEventFilter(self._power)

    def tick(self) -> None:
        """Look at both clocks; called once a second."""
        now, wall = self._clock(), self._wall()
        jumped = wall - self._last_wall > JUMP
        self._last_wall = wall
        idle = now - self._last_activity
        limit = IN_A_CALL if self._call_runs() else QUIET
        if jumped:
            self.slept()
        elif idle >= limit:
            self.due.emit("idle")
        elif idle >= limit - WARNING and not self._warned:
            self._warned = True
            self.warned.emit()
        elif idle < limit - WARNING and self._warned:
            self._answered()

    def slept(self) -> None:
        """The laptop is going to sleep or has come back."""
        self.due.emit("slept")

    @Slot(bool)
    def prepareForSleep(self, _going: bool) -> None:
        """What logind calls before and after sleep."""
        self.slept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTIVITY:
            self._last_activity = self._clock()
            if self._warned:
                self._answered()
        return False

    def _answered(self) -> None:
        self._warned = False
        self.went_on.emit()


def _hear_logind(receiver: IdleLock) -> bool:
    """Asks logind to tell of sleep; False where there is no system bus, when the wall clock has to do."""
    if not sys.platform.startswith("linux"):
        return False
    from PySide6.QtCore import SLOT
    from PySide6.QtDBus import QDBusConnection

    bus = QDBusConnection.systemBus()
    if not bus.isConnected():
        return False
    heard: bool = bus.connect(
        "org.freedesktop.login1",
        "/org/freedesktop/login1",
        "org.freedesktop.login1.Manager",
        "PrepareForSleep",
        receiver,
        SLOT("prepareForSleep(bool)").encode(),
    )
    return heard


class _PowerMessages(QAbstractNativeEventFilter):
    """Hears Windows say that the laptop sleeps or wakes."""

    def __init__(self, slept: Callable[[], None]) -> None:
        super().__init__()
        self._slept = slept

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        from ctypes import wintypes

        told = wintypes.MSG.from_address(int(message))
        if told.message == _WM_POWERBROADCAST and told.wParam in _SUSPEND_OR_RESUME:
            QTimer.singleShot(0, self._slept)
        return False, 0
