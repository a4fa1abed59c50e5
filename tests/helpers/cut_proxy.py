"""A TCP proxy with the faults of real networks: it cuts a connection, swallows, delays or garbles bytes, or plays a portal."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

Direction = Literal["request", "answer"]
PORTAL = b"<!doctype html><title>Welcome</title><p>Sign in to use this network."


@dataclass(frozen=True)
class Fault:
    """A fault in one direction from byte number ``at`` on, counted from when the fault was armed.

    ``cut`` closes both ends at that byte, and ``garble`` flips one bit of it. ``swallow`` silently lets nothing through.
    ``delay`` delays each piece by ``seconds``, and ``trickle`` lets one byte through every ``seconds``. With ``again`` the count
    begins again after each cut, so the line breaks every ``at`` bytes.
    """

    what: Literal["cut", "garble", "swallow", "delay", "trickle"]
    direction: Direction
    at: int = 0
    seconds: float = 0.0
    again: bool = False


class CutProxy:
    """Forwards to ``target``, with the armed fault if there is one; all connections share that fault."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.fault: Fault | None = None
        self.portal = False
        self.refusing = False
        self.through: dict[Direction, int] = {"request": 0, "answer": 0}
        """Bytes that came in each direction since the last ``arm``."""
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def arm(self, fault: Fault | None) -> None:
        """Set the fault from now on, None for no fault; the count of bytes begins again."""
        with self._lock:
            self.fault = fault
            self.through = {"request": 0, "answer": 0}

    def heal(self) -> None:
        """Forward everything without faults from now on."""
        self.arm(None)
        self.portal = self.refusing = False

    def hang_up(self) -> None:
        """Cut every open connection, as a restart of the other side does."""
        for connection in list(self._open):
            _shut(connection)

    def close(self) -> None:
        """Stop the proxy."""
        _shut(self._listening)
        self.hang_up()
        self._thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                self._listening.close()
                return
            if self.refusing:
                client.close()
                continue
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        if self.portal:
            client.recv(65536)
            head = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
            client.sendall(head % len(PORTAL) + PORTAL)
            client.close()
            return
        parts = urlsplit(self.target)
        try:
            council = socket.create_connection((parts.hostname, parts.port), 5)
        except OSError:
            client.close()
            return
        council.settimeout(None)
        self._open |= {client, council}
        back = threading.Thread(target=self._relay, args=(council, client, "answer"), daemon=True)
        back.start()
        self._relay(client, council, "request")
        back.join()
        for connection in (client, council):
            self._open.discard(connection)
            connection.close()

    def _relay(self, source: socket.socket, sink: socket.socket, direction: Direction) -> None:
        while True:
            try:
                piece = source.recv(65536)
                if not piece:
                    break
                piece, cut = self._fate(direction, piece)
                for part in self._parts(direction, piece):
                    sink.sendall(part)
                if cut:
                    break
            except OSError:
                break
        _shut(source)
        _shut(sink)

    def _parts(self, direction: Direction, piece: bytes) -> Iterator[bytes]:
        """Yield the piece whole or, if the line trickles, byte by byte."""
        fault = self.fault
        if fault is None or fault.direction != direction or fault.what != "trickle":
            yield piece
            return
        for byte in piece:
            time.sleep(fault.seconds)
            yield bytes([byte])

    def _fate(self, direction: Direction, piece: bytes) -> tuple[bytes, bool]:
        with self._lock:
            fault, before = self.fault, self.through[direction]
            self.through[direction] += len(piece)
        if fault is None or fault.direction != direction or before + len(piece) <= fault.at:
            return piece, False
        at = max(0, fault.at - before)
        if fault.what == "cut":
            if fault.again:
                self.through[direction] = 0
            return piece[:at], True
        if fault.what == "swallow":
            return b"", False
        if fault.what == "garble" and before <= fault.at:
            return piece[:at] + bytes([piece[at] ^ 1]) + piece[at + 1 :], False
        if fault.what == "delay":
            time.sleep(fault.seconds)
        return piece, False


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        if connection.fileno() != -1 and connection.type == socket.SOCK_STREAM:
            try:
                connection.getpeername()
            except OSError:
                connection.close()
