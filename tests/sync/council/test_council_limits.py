"""The council answers malformed, oversized and slow requests with an error message, and never logs one as its own fault."""

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from hipss_desktop.records.revision import body_bytes
from sync.wire.messages import (
    DEPOSIT_PATH,
    ENROL_PATH,
    HAVE_PATH,
    LOOK_PATH,
    PULL_PATH,
    PUSH_PATH,
    TOKEN_PATH,
    UNFINISHED_PATH,
    Push,
    to_wire,
)
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer

STATUSES = {400, 401, 404, 405, 413, 415, 422, 426, 431}


@pytest.fixture(scope="module")
def laptop(shared_council: CouncilServer) -> Laptop:
    return shared_council.laptop()


@pytest.fixture(scope="module")
def short_timeouts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CouncilServer]:
    """A council that drops a slow connection after one second instead of ten."""
    server = CouncilServer(tmp_path_factory.mktemp("short_timeouts") / "council")
    server.init(enrol=5)
    server.settings(patience={"header": 1.0, "body": 1.0, "answer": 1.0})
    server.start()
    yield server
    server.stop()


def raw(server: CouncilServer) -> socket.socket:
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def status_and_code(answer: bytes) -> tuple[int, str]:
    """The status and the refusal's code."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["code"]


def exchange(connection: socket.socket, *parts: bytes) -> bytes:
    """Send the parts until the council stops reading, and return what it answers before it closes the connection."""
    answer = b""
    with connection:
        try:
            for part in parts:
                connection.sendall(part)
        except OSError:
            pass
        try:
            while piece := connection.recv(65536):
                answer += piece
        except OSError:
            pass
    return answer


def head(laptop: Laptop, *lines: str, path: str = PUSH_PATH) -> bytes:
    fixed = (
        f"POST {path} HTTP/1.1",
        "Host: council",
        "Connection: close",
        f"Authorization: Bearer {laptop.token}",
        "Content-Type: application/json",
    )
    return "\r\n".join([*fixed, *lines, "", ""]).encode()


def test_a_body_too_large_is_refused_before_it_is_read(shared_council: CouncilServer, laptop: Laptop) -> None:
    answer = exchange(raw(shared_council), head(laptop, "Content-Length: 100000000"), b"x" * 1000)
    assert status_and_code(answer) == (413, "too_large")


def test_a_body_that_grows_too_large_in_chunks_is_refused_on_the_way(
    shared_council: CouncilServer, laptop: Laptop
) -> None:
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    answer = exchange(raw(shared_council), head(laptop, "Transfer-Encoding: chunked"), *[chunk] * 30)
    assert b"too_large" in answer or answer == b""
    assert laptop.http.get("/v1/health").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 60_000,
        b'{"seat":"x","revisions":[],"more":' + b"[" * 60_000,
        b'{"a":' * 12_000,
        b"not json",
        b"",
        b"\xff\xfe",
        b'{"seat": 1}',
        b"null",
        b'{"seat":"\\ud800","revisions":[]}',
        b'{"seat":"\xff","revisions":[{"jws":"\xc3("}],"code":"\xff"}',
    ],
)
@pytest.mark.parametrize("path", [PUSH_PATH, PULL_PATH, LOOK_PATH, ENROL_PATH, UNFINISHED_PATH, DEPOSIT_PATH])
def test_a_malformed_body_is_refused_with_a_message(laptop: Laptop, path: str, body: bytes) -> None:
    headers = {"authorization": f"Bearer {laptop.token}", "content-type": "application/json"}
    answer = laptop.http.post(path, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("path", [LOOK_PATH, ENROL_PATH, TOKEN_PATH])
def test_a_caller_without_a_token_may_send_only_a_small_body(laptop: Laptop, path: str) -> None:
    form = path == TOKEN_PATH
    headers = {"content-type": "application/x-www-form-urlencoded" if form else "application/json"}
    content = b"grant_type=" + b"x" * 100_000 if form else b'{"code":"' + b"x" * 100_000 + b'"}'
    answer = laptop.http.post(path, content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_request_with_two_lengths_is_refused_and_nothing_after_it_is_read(
    shared_council: CouncilServer, laptop: Laptop
) -> None:
    health = b"GET /v1/health HTTP/1.1\r\nHost: council\r\n\r\n"
    hidden = b"0\r\n\r\n" + health
    lines = (f"Content-Length: {len(hidden)}", "Transfer-Encoding: chunked")
    answer = exchange(
        raw(shared_council), head(laptop, *lines, path=PULL_PATH).replace(b"Connection: close\r\n", b""), hidden
    )
    assert status_and_code(answer) == (400, "bad_request")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_client_that_hangs_up_is_logged_in_one_line_that_is_no_error(
    shared_council: CouncilServer, laptop: Laptop
) -> None:
    before = shared_council.log().splitlines()
    with raw(shared_council) as connection:
        connection.sendall(head(laptop, "Content-Length: 1000") + b'{"seat":')
    deadline = time.monotonic() + 20
    while not (after := shared_council.log().splitlines()[len(before) :]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [json.loads(line)["event"] for line in after] == ["hung_up"]
    assert [json.loads(line)["level"] for line in after] == ["info"]


def test_unknown_paths_methods_and_protocols_are_refused_with_a_code(laptop: Laptop) -> None:
    assert laptop.http.get("/nowhere").json()["code"] == "not_found"
    assert laptop.http.get(PUSH_PATH).status_code == 405
    assert laptop.http.post(TOKEN_PATH, data={"grant_type": "password"}).status_code == 400
    old = laptop.http.post(HAVE_PATH, headers={"hipss-protocol": "2", "authorization": f"Bearer {laptop.token}"})
    assert (old.status_code, old.json()["code"]) == (426, "protocol")


def test_a_malformed_http_request_is_refused_with_a_code(shared_council: CouncilServer) -> None:
    assert status_and_code(exchange(raw(shared_council), b"\x16\x03\x01 hello\r\n\r\n")) == (400, "bad_request")
    header = b"GET /v1/health HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 200_000
    answer = exchange(raw(shared_council), header, b"\r\n\r\n")
    assert answer == b"" or status_and_code(answer) == (400, "bad_request")


def test_two_hundred_half_open_connections_are_dropped_and_honest_requests_served(
    short_timeouts: CouncilServer,
) -> None:
    half_open = [raw(short_timeouts) for _ in range(200)]
    try:
        for place, connection in enumerate(half_open):
            with contextlib.suppress(ConnectionError):  # on a slow machine the council may have dropped it already
                connection.sendall(b"" if place % 2 else b"GET /v1/health HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert _health(Laptop(short_timeouts.url)) == 200
        for connection in half_open:
            connection.settimeout(None)
            assert _ended(connection)
    finally:
        for connection in half_open:
            connection.close()


def _health(laptop: Laptop) -> int:
    """Return the status of the health page. On a busy machine the council may drop this request as slow; then ask again."""
    while True:
        with contextlib.suppress(httpx2.TransportError):
            return laptop.http.get("/v1/health").status_code


def _ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_body_that_trickles_is_cut_off(short_timeouts: CouncilServer) -> None:
    laptop = Laptop(short_timeouts.url)
    with raw(short_timeouts) as connection, pytest.raises(ConnectionError):
        _trickle(connection, head(laptop, "Content-Length: 100000", path=LOOK_PATH))


def _trickle(connection: socket.socket, beginning: bytes) -> None:
    """Send a byte every 0.2 s until the council closes the connection; ``test_council_guard.py`` tests the time limit."""
    connection.sendall(beginning)
    while True:
        connection.sendall(b"x")
        time.sleep(0.2)


def test_guessing_codes_is_slowed_down(short_timeouts: CouncilServer) -> None:
    laptop = Laptop(short_timeouts.url)
    answers = [laptop.http.post(LOOK_PATH, json={"code": "AAAAAAAAAA"}) for _ in range(12)]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["code"] == "too_fast"
    assert int(refused.headers["retry-after"]) > 0


def test_a_full_disk_refuses_the_batch_whole_and_takes_it_when_there_is_room(tmp_path: Path) -> None:
    server = CouncilServer(tmp_path / "council")
    server.init()
    server.start()
    try:
        laptop = server.laptop()
        laptop.push(laptop.write())
        limit = (server.folder / "council.db").stat().st_size + 400_000
        server.stop()
        server.start(limit=limit)
        laptop.url = server.url
        laptop.ask_token()
        body = body_bytes({"happening": "x" * 200_000}, ["happening"])
        written = [laptop.write(body=body) for _ in range(6)]
        with pytest.raises(Refused) as full:
            laptop.push(*written)
        assert full.value.status in (503, 507)
        assert full.value.refusal.code == "unavailable"
        server.stop()
        server.start()
        laptop.url = server.url
        laptop.ask_token()
        assert laptop.have().have[laptop.seat].number == 1
        assert {result.outcome for result in laptop.push(*written).results} == {"stored"}
        assert server.json("doctor")["findings"] == []
    finally:
        server.stop()


def test_the_log_holds_no_name_no_body_and_no_token(shared_council: CouncilServer) -> None:
    laptop = shared_council.laptop("Very Unusual Name")
    laptop.push(laptop.write(fields={"happening": "The heron stood in the kitchen."}))
    laptop.http.post(PUSH_PATH, json={"seat": "The heron stood", "revisions": "Very Unusual Name"})
    log = shared_council.log()
    assert laptop.seat in log
    for secret in ("Very Unusual Name", "heron", laptop.token, laptop.assertion()[:40]):
        assert secret not in log


def test_requests_generated_from_the_schema_cause_no_server_error(
    shared_council: CouncilServer, laptop: Laptop
) -> None:
    schema = laptop.http.get("/schema")
    assert schema.headers["content-type"].startswith("application/vnd.oai.openapi+json")
    assert {PUSH_PATH, PULL_PATH, HAVE_PATH, LOOK_PATH, TOKEN_PATH} <= set(schema.json()["paths"])
    for viewer in ("/schema/swagger", "/schema/redoc", "/schema/elements", "/schema/openapi.yaml"):
        assert laptop.http.get(viewer).status_code == 404
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{shared_council.url}/schema"),
        *("--url", shared_council.url, "--checks", "not_a_server_error", "--max-examples", "10"),
        *("--phases", "examples,coverage,fuzzing", "--max-time", "4", "--no-color", "--seed", "1"),
        *("-H", f"Authorization: Bearer {laptop.token}", "--generation-database", "none"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert '"event": "failed"' not in shared_council.log()


def test_the_largest_batch_that_a_laptop_sends_is_stored(laptop: Laptop) -> None:
    import msgspec

    text = 'He said "no". ' * 9_000
    written = [laptop.write(body=body_bytes({"happening": text}, ["happening"])) for _ in range(22)]
    batch = [to_wire(revision) for revision in written]
    assert 3_500_000 < len(msgspec.json.encode(Push(laptop.seat, batch))) < 4_500_000
    assert {result.outcome for result in laptop.push_wired(batch).results} == {"stored"}
