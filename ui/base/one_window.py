"""One window for each home: a second start has the window that is open show itself, and ends.

The call carries no data: to be called is all there is to it. A socket that a crash left behind is taken over. Must not know
which window shows.
"""

import hashlib
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

LONGEST = 2000
"""Milliseconds that the open window has to answer a second start."""


def _socket_name(home: Path) -> str:
    return f"hipss-desktop-{hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:24]}"


def call_open_window(home: Path) -> bool:
    """Have the window that is open over a home show itself; False where none answers."""
    if sys.platform == "win32":
        import ctypes

        # Windows lets a process come to the front only if the one in front, which was just started, allows it.
        ctypes.windll.user32.AllowSetForegroundWindow(-1)
    socket = QLocalSocket()
    socket.connectToServer(_socket_name(home))
    answered = socket.waitForConnected(LONGEST)
    socket.abort()
    return answered


class OneWindow(QObject):
    """Hears a second start. Only the process that holds the home's one window may make it.

    Signals:
        called(): the program was started again.
    """

    called = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        name = _socket_name(home)
        QLocalServer.removeServer(name)  # what a process left that ended without closing
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        self._server.listen(name)

    @Slot()
    def _answer(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.abort()
            socket.deleteLater()
            self.called.emit()

    def close(self) -> None:
        """Hear nothing more, so that another process may."""
        self._server.close()
