"""Limit the time of one whole request: a time limit between two bytes does not end a line that sends a byte a second.

A request has ``patience`` seconds, and one more for each ``SLOWEST`` bytes sent or received, the same as the council gives its
clients (``sync.council.guard``). Then its connection is shut down. Must not read what is sent.
"""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import Any, Self

SLOWEST = 4096
"""Bytes a second that a line must carry: enough for a batch on the worst mobile line, too many for a deliberate trickle."""


class Sockets:
    """The sockets of one client, which httpcore's ``trace`` extension reports."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connected: list[socket.socket] = []
        self._copies: list[socket.socket] = []

    def trace(self, event: str, details: Mapping[str, Any]) -> None:
        """Note the socket of a new connection, and its socket again once TLS has begun on it."""
        if not event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            return
        connected = details["return_value"].get_extra_info("socket")
        with self._lock:
            self._connected = [known for known in self._connected if known.fileno() != -1] + [connected]
            if event.endswith(".connect_tcp.complete"):
                self._copies.append(connected.dup())  # the original cannot be used during the TLS handshake

    def shut_down(self) -> None:
        """End every wait on one of the sockets, in any thread; without TLS's own closing, which waits for the other side."""
        with self._lock:
            for known in [*self._connected, *self._copies]:
                with suppress(OSError):
                    socket.socket.shutdown(known, socket.SHUT_RDWR)

    def forget_copies(self) -> None:
        """Close the copies of sockets, which would prevent a connection from being closed."""
        with self._lock:
            while self._copies:
                self._copies.pop().close()


class Deadline:
    """Shuts down the client's connections when the time of the request inside the ``with`` is over.

    Attributes:
        carried: the number of bytes to send, and of bytes received so far.
    """

    def __init__(self, sockets: Sockets, patience: float, carried: int) -> None:
        self.carried = carried
        self._sockets, self._patience = sockets, patience
        self._began = monotonic()
        self._over = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._look, name="deadline", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._sockets.forget_copies()

    def _look(self) -> None:
        while not self._over.wait(max(0.0, self._began + self._patience + self.carried / SLOWEST - monotonic())):
            if monotonic() >= self._began + self._patience + self.carried / SLOWEST:
                self._sockets.shut_down()
                return
