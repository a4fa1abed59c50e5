"""When the laptop locks by itself: after idle minutes, whenever it slept, and when its screen goes to somebody else.

Five minutes without a key or the mouse, fifteen while a call timer runs; thirty seconds before, a warning that any key
answers. Sleep, a lock of the system and another user are heard from the system where it tells (logind on Linux, messages
on Windows); sleep anywhere by the wall clock having jumped between two ticks. Must not lock anything itself: it says when,
the window does it.
"""

import os
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QInputEvent
from PySide6.QtWidgets import QApplication, QWidget

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
_LOGIN = "org.freedesktop.login1"
_WM_POWERBROADCAST = 0x0218
_WM_WTSSESSION_CHANGE = 0x02B1
_SESSION_LEFT = frozenset({0x2, 0x4, 0x6, 0x7})
"""WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT, WTS_SESSION_LOGOFF, WTS_SESSION_LOCK."""
_SUSPEND_OR_RESUME = frozenset({0x0004, 0x0007, 0x0012})


class IdleLock(QObject):
    """Watches for keys and the mouse and for sleep, from the moment it is made until ``stop``.

    Signals:
        warned(): the laptop locks in half a minute.
        went_on(): somebody answered the warning.
        due(str): lock now, and why: "idle", "slept", or "switched" where somebody else of this machine takes its screen.
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
        quiet: int = QUIET,
        in_a_call: int = IN_A_CALL,
        parent: QObject | None = None,
    ) -> None:
        """``clock`` and ``wall`` give seconds: the first never jumps, the second is the clock on the wall.

        ``quiet`` and ``in_a_call`` are the seconds idle before ``due``.
        """
        super().__init__(parent)
        self._quiet, self._in_a_call = quiet, in_a_call
        self._app, self._call_runs, self._clock, self._wall = app, call_runs, clock, wall
        self._last_activity, self._last_wall = clock(), wall()
        self._warned = False
        self._power = _SystemMessages(self.slept, self.switched) if sys.platform == "win32" else None
        if self._power is not None:
            app.installNativeEventFilter(self._power)
            if isinstance(parent, QWidget):
                _tell_of_sessions(parent)
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
        limit = self._in_a_call if self._call_runs() else self._quiet
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

    def switched(self) -> None:
        """Another user of this machine has its screen, or the system locked it."""
        self.due.emit("switched")

    @Slot()
    def sessionLocked(self) -> None:
        """What logind calls when the system locks a screen of this machine."""
        self.switched()

    @Slot(str, "QVariantMap", "QStringList")
    def sessionChanged(self, _interface: str, changed: dict[str, object], _gone: list[str]) -> None:
        """What logind calls when something about a session changes: which of them has the screen among it."""
        if "Active" in changed:
            self.switched()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # asked of every event of the program: the class is known at once, and the type is made anew for each question
        if isinstance(event, QInputEvent) and event.type() in _ACTIVITY:
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
        _LOGIN,
        "/org/freedesktop/login1",
        "org.freedesktop.login1.Manager",
        "PrepareForSleep",
        receiver,
        SLOT("prepareForSleep(bool)").encode(),
    )
    session = _session()
    bus.connect(_LOGIN, session, f"{_LOGIN}.Session", "Lock", receiver, SLOT("sessionLocked()").encode())
    bus.connect(
        _LOGIN,
        session,
        "org.freedesktop.DBus.Properties",
        "PropertiesChanged",
        receiver,
        SLOT("sessionChanged(QString,QVariantMap,QStringList)").encode(),
    )
    return heard


def _session() -> str:
    """The path under which logind has the session of this window; '' for all of them where the system does not say which."""
    name = os.environ.get("XDG_SESSION_ID", "")
    escaped = "".join(
        letter if letter.isascii() and (letter.isalpha() or (letter.isdigit() and at)) else f"_{ord(letter):02x}"
        for at, letter in enumerate(name)
    )
    return f"/org/freedesktop/login1/session/{escaped}" if escaped else ""


def _tell_of_sessions(window: QWidget) -> None:
    """Has Windows tell a window when the screen is locked or goes to another user."""
    import ctypes

    ctypes.windll.wtsapi32.WTSRegisterSessionNotification(int(window.winId()), 0)  # type: ignore[attr-defined]  # Windows


class _SystemMessages(QAbstractNativeEventFilter):
    """Hears Windows say that the laptop sleeps or wakes, or that its screen is locked or goes to another user."""

    def __init__(self, slept: Callable[[], None], switched: Callable[[], None]) -> None:
        super().__init__()
        self._slept, self._switched = slept, switched

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        from ctypes import wintypes

        told = wintypes.MSG.from_address(int(message))
        if told.message == _WM_POWERBROADCAST and told.wParam in _SUSPEND_OR_RESUME:
            QTimer.singleShot(0, self._slept)
        if told.message == _WM_WTSSESSION_CHANGE and told.wParam in _SESSION_LEFT:
            QTimer.singleShot(0, self._switched)
        return False, 0
