"""Check a request before a route reads it.

A body that is not valid JSON text is refused. A request that states its length twice is not read. A client that hangs up is
not logged as a failure. Every answer contains the council's own time, because laptops date their assertions by it even if
their own clocks are wrong. Must not know what is asked for.
"""

from email.utils import formatdate
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from hipss_desktop import times
from sync.council.refusals import STATUS, Refused
from sync.wire.messages import Refusal

SMALL_BODY = 64 * 1024
"""Bytes of the largest request from a caller who has not proved who they are.

It is small because the framework caches the last thousand forms.
"""


class HungUp(Exception):
    """The client disconnected before its request was complete."""


class ReadRequest(Request[Any, Any, State]):
    """A request whose body may be any bytes."""

    async def json(self) -> Any:
        """Read the body as JSON; raises Refused if it is not UTF-8 text or is nested too deep."""
        try:
            return await super().json()
        except UnicodeDecodeError as wrong:
            raise Refused("bad_request", "The request is not text in UTF-8.") from wrong
        except RecursionError as wrong:
            raise Refused("bad_request", "The request is nested too deep to be read.") from wrong


def checked(app: ASGIApp, clock: times.Clock) -> ASGIApp:
    """Wrap the application in these checks, and add the council's time to every answer."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        async def receiving() -> Any:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise HungUp
            return message

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = formatdate(clock().timestamp(), usegmt=True).encode("ascii")
                message["headers"] = [*message["headers"], (b"date", date)]
            await send(message)

        if scope["type"] == ScopeType.HTTP and {b"content-length", b"transfer-encoding"} <= {
            name for name, _ in scope["headers"]
        }:
            await _refuse_two_lengths(sending)
        else:
            await app(scope, receiving, sending)

    return answering


async def _refuse_two_lengths(send: Send) -> None:
    """Refuse a request that states its length in two ways, and close the connection.

    A proxy and the council may each believe a different length, and so see different requests.
    """
    body = msgspec.json.encode(Refusal("bad_request", "The request says its length in two ways. Send one."))
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode("ascii")),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": STATUS["bad_request"], "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
