"""A relay between laptop and council that passes requests on and alters, repeats or invents answers."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import httpx2

PASSED_ON = ("content-type", "authorization", "hipss-nonce", "hipss-protocol")


@dataclass(frozen=True)
class Answer:
    """One answer on its way to the laptop."""

    status: int
    headers: dict[str, str]
    body: bytes

    def without(self, *names: str) -> "Answer":
        """Return the answer without some of its headers."""
        return replace(self, headers={name: value for name, value in self.headers.items() if name not in names})


Alter = Callable[[str, Answer], Answer]


class AlteringLine:
    """Forwards requests to ``target``; ``alter`` gets the path of each request with its answer.

    Attributes:
        asked: the path and the body of each request.
        asks: replacement paths: the path to request from the council, by the path that the laptop requested.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        self.alter: Alter = lambda path, answer: answer
        self.asked: list[tuple[str, bytes]] = []
        self.asks: dict[str, str] = {}
        line = self

        class Relay(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                line.relay(self)

            do_GET = do_POST

            def log_message(self, *_: Any) -> None:
                """Print no log."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def relay(self, request: BaseHTTPRequestHandler) -> None:
        """Forward a request to the council, and answer with what ``alter`` returns for its answer."""
        body = request.rfile.read(int(request.headers.get("content-length", "0")))
        self.asked.append((request.path, body))
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        path = self.asks.get(request.path, request.path)
        with httpx2.Client(trust_env=False, timeout=30) as client:
            came = client.request(request.command, self.target + path, content=body, headers=headers)
        passed_headers = ("date", "hipss-answer", "content-type", "retry-after")
        answer = Answer(
            came.status_code,
            {name: came.headers[name] for name in passed_headers if name in came.headers},
            came.content,
        )
        answer = self.alter(request.path, answer)
        request.send_response_only(answer.status)
        for name, value in {**answer.headers, "content-length": str(len(answer.body))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(answer.body)
