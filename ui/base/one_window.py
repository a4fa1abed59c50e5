"""Allows one window for each home folder: a second start brings the open window forward, and ends.

The call contains no data. A socket that is left after a crash is replaced. Must not know which window is open.
"""

import hashlib
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

LONGEST = 2000
"""Milliseconds in which the open window must answer a second start."""


def _socket_name(home: Path) -> str:
    return f"hipss-desktop-{hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:24]}"


def call_open_window(home: Path) -> bool:
    """Bring the open window of a home forward; return False if none answers."""
    if sys.platform == "win32":
        import ctypes

        # Windows lets a process come forward only if the present foreground process allows it, which is this one.
        ctypes.windll.user32.AllowSetForegroundWindow(-1)
    socket = QLocalSocket()
    socket.connectToServer(_socket_name(home))
    answered = socket.waitForConnected(LONGEST)
    socket.abort()
    return answered


class OneWindow(QObject):
    """Listens for a second start. Only the process with the home's window may create it.

    Signals:
        called(): the program was started again.
    """

    called = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        name = _socket_name(home)
        QLocalServer.removeServer(name)  # left by a process that ended without closing it
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
        """Stop listening, so that another process can listen."""
        self._server.close()
