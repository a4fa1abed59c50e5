"""What a request is before a route reads it: bytes of HTTP that must be one message of the wire, and whose client is there.

A body that is no JSON text is refused as such, one of two lengths is not read, and a client that hangs up is nobody's
fault. Every answer carries the council's own time: laptops sign their assertions by it, however wrong their clocks are.
Must not know what is asked for.
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
"""Bytes that a request of somebody unproven may have; the framework remembers the last thousand forms."""


class HungUp(Exception):
    """The client went away before its request was whole."""


class ReadRequest(Request[Any, Any, State]):
    """A request whose body may be anything."""

    async def json(self) -> Any:
        """The body read as JSON; raises Refused where it is no text, or nested deeper than can be read."""
        try:
            return await super().json()
        except UnicodeDecodeError as wrong:
            raise Refused("bad_request", "The request is not text in UTF-8.") from wrong
        except RecursionError as wrong:
            raise Refused("bad_request", "The request is nested too deep to be read.") from wrong


def checked(app: ASGIApp, clock: times.Clock) -> ASGIApp:
    """The application behind these checks, with the council's time on every answer."""

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
    """A proxy and the council may each believe another one of the two, and see different requests: nothing more is read."""
    body = msgspec.json.encode(Refusal("bad_request", "The request says its length in two ways. Send one."))
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode("ascii")),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": STATUS["bad_request"], "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
