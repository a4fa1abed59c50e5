"""How slow a client may be: a real connection to the guarded protocol, on a clock that only the test moves.

Nothing here waits, so that no answer depends on how busy the machine is. That the council runs behind this protocol is
shown in ``test_council_limits.py``.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from sync.council import guard
from sync.council.home import Patience

SECOND = 1.0
TICK = 0.25
"""The step of the clock, which a float holds exactly."""


class SetLoop(asyncio.SelectorEventLoop):
    """An event loop on a set clock; its sockets are real."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__()

    def time(self) -> float:
        """Seconds on the set clock."""
        return self.now


class CountingServer:
    """A server that counts the bytes of a body and answers 200 when it has them all, and the one client it has."""

    def __init__(self, loop: SetLoop) -> None:
        self.loop = loop
        self.requests = 0
        self.came = 0
        self._state = ServerState()

    @property
    def connected(self) -> bool:
        """Whether the server has not cut the client off."""
        return bool(self._state.connections)

    async def listen(self) -> asyncio.Server:
        """Listen on a free port."""
        config = uvicorn.Config(self._answer, interface="asgi3", ws="none", lifespan="off", log_config=None)
        return await self.loop.create_server(
            lambda: guard.GuardedProtocol(config, self._state, {}, self.loop), "127.0.0.1", 0
        )

    async def _answer(
        self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        self.requests += 1
        more = True
        while more:
            message = await receive()
            self.came += len(message.get("body", b""))
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
        await send({"type": "http.response.body", "body": b""})

    async def pass_time(self, seconds: float) -> None:
        """Move the clock on; what is due at each tick is done."""
        for _ in range(round(seconds / TICK)):
            self.loop.now += TICK
            for _ in range(5):  # rounds of the loop: a timer, and what it leaves for the next round
                await asyncio.sleep(0)

    async def until(self, seen: Callable[[], bool]) -> None:
        """Let the loop run until something is seen or the client is cut off; the clock stands still."""
        while not seen() and self.connected:
            await asyncio.sleep(0)


class Client:
    """The other end of the connection."""

    def __init__(self, server: CountingServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self._reader, self._writer = server, reader, writer
        self._sent = 0

    async def send_head(self, length: int) -> None:
        """Begin a request with a body of so many bytes; it has arrived."""
        self._writer.write(f"POST / HTTP/1.1\r\nHost: council\r\nContent-Length: {length}\r\n\r\n".encode())
        await self.server.until(lambda: self.server.requests == 1)

    async def send(self, count: int) -> None:
        """Send so many bytes of the body; they have arrived, unless the client was cut off."""
        self._sent += count
        self._writer.write(b"x" * count)
        await self.server.until(lambda: self.server.came == self._sent)

    def write(self, data: bytes) -> None:
        """Send what is no whole header, of which the server's application hears nothing."""
        self._writer.write(data)

    async def status(self) -> int:
        """The status of the answer."""
        return int((await self._reader.read()).split()[1])


Play = Callable[[CountingServer, Client], Awaitable[None]]


@pytest.fixture
def on_a_line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Play], None]]:
    """Run what is given on a fresh connection to a server that waits a second."""
    monkeypatch.setattr(guard, "patience", Patience(header=SECOND, body=SECOND, answer=SECOND))

    async def play(steps: Play, loop: SetLoop) -> None:
        server = CountingServer(loop)
        listening = await server.listen()
        reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
        while not server.connected:
            await asyncio.sleep(0)
        try:
            await steps(server, Client(server, reader, writer))
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            listening.close()
            while server.connected:
                await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=SetLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, SetLoop)
        yield lambda steps: runner.run(play(steps, loop))


def test_a_slow_line_that_goes_on_is_not_cut_off(on_a_line: Callable[[Play], None]) -> None:
    async def slow(server: CountingServer, client: Client) -> None:
        await client.send_head(30 * guard.SLOWEST)
        for _ in range(30):
            await client.send(guard.SLOWEST)
            await server.pass_time(SECOND)
        assert await client.status() == 200

    on_a_line(slow)


def test_what_came_at_once_earns_its_time_like_what_came_later(on_a_line: Callable[[Play], None]) -> None:
    async def stalls(server: CountingServer, client: Client) -> None:
        await client.send_head(10 * guard.SLOWEST)
        await client.send(9 * guard.SLOWEST)
        await server.pass_time(9 * SECOND)
        assert server.connected
        await client.send(guard.SLOWEST)
        assert await client.status() == 200

    on_a_line(stalls)


def test_a_body_that_trickles_is_cut_off(on_a_line: Callable[[Play], None]) -> None:
    async def trickle(server: CountingServer, client: Client) -> None:
        await client.send_head(100_000)
        for _ in range(12):
            await client.send(1)
            await server.pass_time(TICK)
        assert not server.connected

    on_a_line(trickle)


def test_a_header_that_trickles_is_cut_off(on_a_line: Callable[[Play], None]) -> None:
    async def trickle(server: CountingServer, client: Client) -> None:
        client.write(b"GET / HTTP/1.1\r\nX-Slow: ")
        await server.pass_time(SECOND)
        assert server.connected
        for _ in range(4):
            client.write(b"x")
            await server.pass_time(TICK)
        assert not server.connected

    on_a_line(trickle)
