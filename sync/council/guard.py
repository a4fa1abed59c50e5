"""Cut the connections of clients that are too slow, which uvicorn alone does not do.

A client has a limited time (``home.Patience``) to send a whole header, to send a body, and to receive the next part of its
answer. For a body it gets a second more for each ``SLOWEST`` bytes received. After that the connection is cut. Uvicorn's
``timeout_keep_alive`` ends idle connections between two requests. If there are too many connections, ``crowd`` cuts one. Must
not read what is sent.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from sync.council.crowd import Crowd
from sync.council.home import Patience, Settings

LOOK_EVERY = 1.0
SLOWEST = 4096
"""Bytes a second that a client must send: enough for a batch on the worst mobile line, too many for a deliberate trickle."""
LARGEST_HEADER = 16 * 1024
patience = Patience()
crowd = Crowd(Settings("", ""))
"""``patience`` and ``crowd`` are the limits of this process.

The application sets both from the council's settings before the first connection.
"""

HURRIED = 10
"""Factor by which the time for a header is shortened for an address that sent many headers too slowly."""


class GuardedProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol with a time limit on each state of the connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._state: tuple[object, float] | None = None
        self._since = 0.0
        self._came = 0
        self._watch: asyncio.TimerHandle | None = None
        self._address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn names a wider type
        """Begin to watch the connection."""
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        crowd.join(self, self._address)
        self._since = self.loop.time()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching the connection."""
        crowd.leave(self, self._address)
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Note when a new request begins on a connection that was idle, and count the bytes received."""
        if self.timeout_keep_alive_task is not None:
            self._since, self._came = self.loop.time(), 0
        super().data_received(data)
        self._note()  # before counting: the first bytes of a body must also give the client more time
        self._came += len(data)

    def cut(self) -> None:
        """Close the connection now."""
        self.transport.abort()

    def waits_for_client(self) -> bool:
        """Return whether the council waits for the client, or the connection is idle."""
        return self.timeout_keep_alive_task is not None or self._waiting_for() is not None

    def _note(self) -> tuple[object, float] | None:
        """Return what the council waits for from the client; a change restarts the time limit."""
        state = self._waiting_for()
        if state != self._state:
            self._state, self._since, self._came = state, self.loop.time(), 0
        return state

    def _look(self) -> None:
        state = self._note()
        if state is not None:
            earned = self._came / SLOWEST if state[0] is h11.SEND_BODY else 0
            if self.loop.time() - self._since > state[1] + earned:
                if state[0] is h11.IDLE:
                    crowd.note_slow_header(self._address)
                self.cut()
                return
        self._watch = self.loop.call_later(LOOK_EVERY, self._look)

    def _waiting_for(self) -> tuple[object, float] | None:
        """Return what the client must do now and its seconds for that; None if it waits for the council or is idle."""
        if self.timeout_keep_alive_task is not None:
            return None
        if self.conn.their_state is h11.IDLE:
            return h11.IDLE, patience.header / (HURRIED if crowd.is_slow(self._address) else 1)
        if self.conn.their_state is h11.SEND_BODY:
            return h11.SEND_BODY, patience.body
        unsent_bytes = self.transport.get_write_buffer_size()
        return (unsent_bytes, patience.answer) if unsent_bytes else None

    def send_400_response(self, msg: str) -> None:
        """Answer a malformed request with a JSON error."""
        body = b'{"code":"bad_request","detail":"This is no request that the council can read.","have":null,"more":{}}'
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode("ascii")),
            (b"connection", b"close"),
        ]
        response = h11.Response(status_code=400, headers=[*self.server_state.default_headers, *headers])
        for event in (response, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
