"""Sign every answer in a header, so that a laptop can tell the council's answers from anybody else's on the line.

The signed statement covers the request's nonce, the path, the status, the body and the council's time. It also contains a
challenge for the laptop's next proof. A challenge is computed from the time and a key that all processes of one council share,
so no challenge is stored. Must not know what is answered.
"""

import hashlib
import hmac
from typing import Any

import msgspec
from joserfc.util import urlsafe_b64encode
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from hipss_desktop import times
from sync.council.chain import Council
from sync.wire.messages import ANSWER_HEADER, ANSWER_TYPE, LONGEST_NONCE, NONCE_HEADER, SUCCESSION_HEADER, AnswerMark
from sync.wire.tokens import statement

CHALLENGE_SECONDS = 600


class Challenges:
    """Makes challenges, and recognises the challenges that this council made."""

    def __init__(self, council: Council) -> None:
        self._home = council.home
        self._clock = council.clock

    def new(self) -> str:
        """Return a challenge that is valid for ``CHALLENGE_SECONDS`` from now."""
        return self._written(int(self._clock().timestamp()))

    def holds(self, challenge: str) -> bool:
        """Return whether this council made the challenge, and it is not too old."""
        timestamp, _, _ = challenge.partition(".")
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
            return False
        age = self._clock().timestamp() - int(timestamp)
        return hmac.compare_digest(challenge.encode("utf-8", "replace"), self._written(int(timestamp)).encode()) and (
            age <= CHALLENGE_SECONDS
        )

    def _written(self, timestamp: int) -> str:
        tag = hmac.new(self._home.key_for("challenge"), str(timestamp).encode("ascii"), hashlib.sha256).hexdigest()
        return f"{timestamp}.{tag[:32]}"


def signing(app: ASGIApp, council: Council) -> ASGIApp:
    """Wrap the application: every answer to a request with a nonce gets a signed statement."""
    challenges = Challenges(council)

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        nonce = _nonce(scope) if scope["type"] == ScopeType.HTTP else ""
        if not nonce:
            await app(scope, receive, send)
            return
        started: Any = None
        body = b""

        async def sending(message: Any) -> None:
            nonlocal started, body
            if message["type"] == "http.response.start":
                started = message
                return
            if message["type"] != "http.response.body" or started is None:
                await send(message)
                return
            body += message["body"]
            if message.get("more_body"):
                return
            mark = AnswerMark(
                nonce=nonce,
                path=scope["path"],
                status=started["status"],
                digest=hashlib.sha256(body).hexdigest(),
                at=times.stamp(council.clock(), precise=True),
                challenge=challenges.new(),
            )
            signed = statement(mark, ANSWER_TYPE, council.home.key).encode("ascii")
            started["headers"] = [*started["headers"], (ANSWER_HEADER.encode("ascii"), signed)]
            if successions := council.home.successions:
                how = urlsafe_b64encode(msgspec.json.encode(successions))
                started["headers"] += [(SUCCESSION_HEADER.encode("ascii"), how)]
            await send(started)
            await send({"type": "http.response.body", "body": body, "more_body": False})

        await app(scope, receive, sending)

    return answering


def _nonce(scope: Scope) -> str:
    """Return the nonce of a request, or '' if the request has no valid nonce."""
    named = next((value for name, value in scope["headers"] if name == NONCE_HEADER.encode("ascii")), b"")
    text = named.decode("latin-1")
    return text if text.isascii() and text.isprintable() and len(text) <= LONGEST_NONCE else ""
