"""The guarded protocol cuts off slow clients: tested over a real connection, with a clock that only the test moves.

No test waits, so that no result depends on how busy the machine is. ``test_council_limits.py`` tests that the council uses
this protocol.
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
    """A server for one client: it counts the bytes of a request's body and answers 200 when the body is complete."""

    def __init__(self, loop: SetLoop) -> None:
        self.loop = loop
        self.requests = 0
        self.received = 0
        self._state = ServerState()

    @property
    def connected(self) -> bool:
        """Whether the client is still connected."""
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
            self.received += len(message.get("body", b""))
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
        await send({"type": "http.response.body", "body": b""})

    async def pass_time(self, seconds: float) -> None:
        """Move the clock on by one tick after another, and run what is due at each."""
        for _ in range(round(seconds / TICK)):
            self.loop.now += TICK
            for _ in range(5):  # several rounds of the loop, because a timer may schedule more work for the next round
                await asyncio.sleep(0)

    async def until(self, seen: Callable[[], bool]) -> None:
        """Run the loop until ``seen`` returns true or the client is cut off, without moving the clock."""
        while not seen() and self.connected:
            await asyncio.sleep(0)


class Client:
    """The client's end of the connection."""

    def __init__(self, server: CountingServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self._reader, self._writer = server, reader, writer
        self._sent = 0

    async def send_head(self, length: int) -> None:
        """Begin a request with a body of ``length`` bytes; return when the server has its header."""
        self._writer.write(f"POST / HTTP/1.1\r\nHost: council\r\nContent-Length: {length}\r\n\r\n".encode())
        await self.server.until(lambda: self.server.requests == 1)

    async def send(self, count: int) -> None:
        """Send ``count`` bytes of the body; return when the server has them or has cut the client off."""
        self._sent += count
        self._writer.write(b"x" * count)
        await self.server.until(lambda: self.server.received == self._sent)

    def write(self, data: bytes) -> None:
        """Send part of a header, which the server's application does not get."""
        self._writer.write(data)

    async def status(self) -> int:
        """The status of the answer."""
        return int((await self._reader.read()).split()[1])


Steps = Callable[[CountingServer, Client], Awaitable[None]]


@pytest.fixture
def run_steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Steps], None]]:
    """Return a function that runs a test's steps on a new connection to a server whose limits are one second."""
    monkeypatch.setattr(guard, "patience", Patience(header=SECOND, body=SECOND, answer=SECOND))

    async def play(steps: Steps, loop: SetLoop) -> None:
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


def test_a_body_at_the_lowest_permitted_speed_is_not_cut_off(run_steps: Callable[[Steps], None]) -> None:
    async def slow(server: CountingServer, client: Client) -> None:
        await client.send_head(30 * guard.SLOWEST)
        for _ in range(30):
            await client.send(guard.SLOWEST)
            await server.pass_time(SECOND)
        assert await client.status() == 200

    run_steps(slow)


def test_bytes_that_arrive_early_count_for_the_seconds_that_follow(run_steps: Callable[[Steps], None]) -> None:
    async def stalls(server: CountingServer, client: Client) -> None:
        await client.send_head(10 * guard.SLOWEST)
        await client.send(9 * guard.SLOWEST)
        await server.pass_time(9 * SECOND)
        assert server.connected
        await client.send(guard.SLOWEST)
        assert await client.status() == 200

    run_steps(stalls)


def test_a_body_that_trickles_is_cut_off(run_steps: Callable[[Steps], None]) -> None:
    async def trickle(server: CountingServer, client: Client) -> None:
        await client.send_head(100_000)
        for _ in range(12):
            await client.send(1)
            await server.pass_time(TICK)
        assert not server.connected

    run_steps(trickle)


def test_a_header_that_trickles_is_cut_off(run_steps: Callable[[Steps], None]) -> None:
    async def trickle(server: CountingServer, client: Client) -> None:
        client.write(b"GET / HTTP/1.1\r\nX-Slow: ")
        await server.pass_time(SECOND)
        assert server.connected
        for _ in range(4):
            client.write(b"x")
            await server.pass_time(TICK)
        assert not server.connected

    run_steps(trickle)
