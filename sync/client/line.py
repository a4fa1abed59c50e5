"""One laptop's line to its council: sends a request and returns the whole answer, within limits of time and size.

It chooses the way (direct or through a proxy) and checks the server's certificate by this laptop's clock, or by the council's
time. Must not know what a request or an answer says.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx2

from hipss_desktop.errors import Tampered
from sync.client.certificates import Chains, at_any_time, own_certificates
from sync.client.deadline import Deadline, Sockets
from sync.client.failures import sentence_for
from sync.client.proxies import Way
from sync.wire.messages import ANSWER_HEADER, PROTOCOL, PROTOCOL_HEADER, SUCCESSION_HEADER

LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes. A larger answer is not the council's."""

READ_HEADERS = (b"date", *(name.lower().encode("ascii") for name in (ANSWER_HEADER, SUCCESSION_HEADER)))
"""The headers of an answer that are read."""


class Line:
    """The line to the council at one address."""

    def __init__(
        self, server: str, council_now: Callable[[], datetime | None], *, timeout: float, patience: float
    ) -> None:
        """Prepare the line; nothing is sent yet.

        Args:
            server: the council's address.
            council_now: the council's time, None as long as no signed answer told it.
            timeout: seconds without a byte before an attempt fails.
            patience: seconds for a whole request, besides those for its size (``deadline``).
        """
        self._server, self._council_now = server, council_now
        self._timeout, self._patience = timeout, patience
        self._chains: Chains | None = None
        self._connect()

    def _connect(self) -> None:
        verify = own_certificates() if self._chains is None else at_any_time()
        self._sockets = Sockets()
        self._way = Way(
            self._server,
            verify=verify if self._server.startswith("https:") else True,
            timeout=httpx2.Timeout(self._timeout, connect=min(self._timeout, 8.0)),
            headers={PROTOCOL_HEADER: str(PROTOCOL), "user-agent": "hipss-desktop"},
        )

    def close(self) -> None:
        """Close the connections."""
        self._way.client.close()

    def go_by_own_time(self) -> None:
        """Check certificates by this laptop's clock from now on, on new connections."""
        self.close()
        self._chains = None
        self._connect()

    def go_by_council_time(self) -> None:
        """Check certificates at the council's time from now on, on new connections.

        As long as nothing told that time, the caller may send nothing but a nonce, and then calls ``compare``.
        """
        self.close()
        self._chains = Chains(self._council_now)
        self._connect()

    def compare(self) -> None:
        """Check the certificates that came before the council's time was known; raises NotValidThen."""
        if self._chains is not None:
            self._chains.compare()

    def sentence_for(self, failure: Exception, now: datetime) -> str:
        """The sentence for a failed request; ``now`` is the time by this laptop's clock."""
        return sentence_for(failure, self._way, now)

    def _trace(self, event: str, details: Mapping[str, Any]) -> None:
        self._sockets.trace(event, details)
        if self._chains is not None:
            self._chains.trace(event, details)

    def request(self, method: str, path: str, headers: Mapping[str, str], **content: Any) -> httpx2.Response:
        """Send one request and return its answer with the headers that are read.

        Raises:
            httpx2.HTTPError: no answer came.
            NotValidThen: a certificate is not valid at the council's time; nothing was sent.
            Tampered: the answer is larger than any of the council's.
        """
        with (
            Deadline(self._sockets, self._patience, len(content.get("content", b""))) as deadline,
            self._way.client.stream(
                method, self._server + path, headers=headers, extensions={"trace": self._trace}, **content
            ) as response,
        ):
            size = 0
            parts = []
            for part in response.iter_bytes():
                size += len(part)
                deadline.carried += len(part)
                if size > LARGEST_ANSWER:
                    raise Tampered("The answer is far larger than any the council gives.")
                parts.append(part)
            headers_read = [(name, value) for name, value in response.headers.raw if name.lower() in READ_HEADERS]
            return httpx2.Response(response.status_code, headers=headers_read, content=b"".join(parts))
