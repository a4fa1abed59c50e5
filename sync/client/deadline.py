"""How long one request may take: a line on which a byte a second comes never runs into a limit between two bytes.

A request has ``patience`` seconds, and one more for each ``SLOWEST`` bytes that go or come, as the council gives its
clients (``sync.council.guard``). Then its connection is shut down, wherever the request stands. Must not read what is sent.
"""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import Any, Self

SLOWEST = 4096
"""Bytes a second: a batch gets through on the worst mobile line, a trickle does not."""


class Sockets:
    """The sockets of one client, learned from what it tells of its work (httpcore's ``trace`` extension)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connected: list[socket.socket] = []
        self._copies: list[socket.socket] = []

    def trace(self, event: str, told: Mapping[str, Any]) -> None:
        """Take note of a connection that was made, and of the same one once TLS has begun on it."""
        if not event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            return
        connected = told["return_value"].get_extra_info("socket")
        with self._lock:
            self._connected = [known for known in self._connected if known.fileno() != -1] + [connected]
            if event.endswith(".connect_tcp.complete"):
                self._copies.append(connected.dup())  # TLS takes the socket away for as long as its handshake lasts

    def shut_down(self) -> None:
        """End whatever waits on one of them, in any thread; the plain way, as TLS would wait for the other side."""
        with self._lock:
            for known in [*self._connected, *self._copies]:
                with suppress(OSError):
                    socket.socket.shutdown(known, socket.SHUT_RDWR)

    def forget_copies(self) -> None:
        """Let go of what would keep a connection from being closed."""
        with self._lock:
            while self._copies:
                self._copies.pop().close()


class Deadline:
    """Shuts down the client's connections when the request made inside it has had its time.

    Attributes:
        carried: the bytes that are to go, and those that have come so far.
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
