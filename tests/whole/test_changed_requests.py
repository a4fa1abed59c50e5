"""Every route of the council takes changed bytes or refuses them in one sentence: no fault, whatever stands in a request.

Forms, JSON and headers are changed as they travel. An insider holds a key: bodies and envelopes of revisions are changed before
they are signed too, and the council goes on answering and examining itself over what it took. ``--long`` tries a hundred times as
many.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

import httpx2
import msgspec
import pytest
from joserfc import jws

from hipss_desktop.records.chain import Link
from hipss_desktop.records.revision import ALGORITHM, TYPE, body_bytes
from sync.council.doctor import examine
from sync.wire import codes
from sync.wire.messages import (
    CLIENT_ASSERTION,
    ENROL_PATH,
    HAVE_PATH,
    HEALTH_PATH,
    LOOK_PATH,
    NONCE_HEADER,
    PROTOCOL_HEADER,
    PULL_PATH,
    PUSH_PATH,
    TOKEN_PATH,
    UNFINISHED_PATH,
    HaveAnswer,
    Look,
    Pull,
    PullAnswer,
    Push,
    Refusal,
    UnfinishedHere,
    UnfinishedWork,
    WireRevision,
    to_wire,
)
from tests.helpers.changed_bytes import TRIED, TRIED_LONG, Reader, try_changed
from tests.helpers.council_client import Laptop
from tests.helpers.council_fixtures import CouncilServer

NAMES = (
    LOOK_PATH,
    ENROL_PATH,
    TOKEN_PATH,
    HAVE_PATH,
    PUSH_PATH,
    PULL_PATH,
    UNFINISHED_PATH,
    "an authorization",
    "a nonce",
    "a protocol",
    "a body that is signed",
    "an envelope that is signed",
)


def answered(response: httpx2.Response) -> None:
    """See that a request was taken, or refused in the words of the wire."""
    assert response.status_code < 500, response.content[:200]
    if response.status_code >= 400:
        assert msgspec.json.decode(response.content, type=Refusal).detail


def ask(laptop: Laptop, path: str, content: bytes, content_type: str = "application/json") -> httpx2.Response:
    """Ask as a laptop, with a new token where the last one has run out."""

    def response() -> httpx2.Response:
        headers = {"content-type": content_type, "authorization": f"Bearer {laptop.token}"}
        return laptop.http.post(path, content=content, headers=headers)

    answer = response()
    if answer.status_code == 401 and path != TOKEN_PATH:  # which a long run meets: a token holds for ten minutes
        laptop.ask_token()
        answer = response()
    answered(answer)
    return answer


def route_readers(council: CouncilServer, laptop: Laptop) -> Mapping[str, Reader]:
    """What each route is asked with on good days."""
    written, code = laptop.write(), council.invite("E. Newcomer")
    laptop.push(written)
    newcomer = Laptop(council.url)
    newcomer.look(code)
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": CLIENT_ASSERTION,
        "client_assertion": laptop.assertion(),
        "certificate": msgspec.json.encode(laptop.certificate).decode(),
    }
    draft = UnfinishedWork("contact", "2017-03-14T01:00:00+00:00", "2017-03-14T01:30:00+00:00", ["c"])
    messages: Mapping[str, object] = {
        LOOK_PATH: Look(codes.read(code)[0]),
        ENROL_PATH: newcomer.enrol_request(code),
        HAVE_PATH: {},
        PUSH_PATH: Push(laptop.seat, [to_wire(written)]),
        PULL_PATH: Pull({laptop.seat: Link(1, written.digest)}, [written.digest], 5),
        UNFINISHED_PATH: UnfinishedHere([draft]),
    }

    def reader(path: str, sample: bytes, content_type: str = "application/json") -> Reader:
        return Reader((sample,), lambda content: ask(laptop, path, content, content_type))

    return {
        TOKEN_PATH: reader(TOKEN_PATH, urlencode(form).encode(), "application/x-www-form-urlencoded"),
        **{path: reader(path, msgspec.json.encode(message)) for path, message in messages.items()},
    }


def header_readers(laptop: Laptop) -> Mapping[str, Reader]:
    """What stands in the headers of a request; what HTTP itself does not carry is left out."""

    def reader(name: str, path: str, sample: str) -> Reader:
        def head(content: bytes) -> None:
            value = bytes(sign for sign in content if sign >= 0x20 and sign != 0x7F).strip()[:8000]
            answered(
                laptop.http.request("GET" if path == HEALTH_PATH else "POST", path, headers={name.encode(): value})
            )

        return Reader((sample.encode(),), head)

    return {
        "an authorization": reader("authorization", HAVE_PATH, f"Bearer {laptop.token}"),
        "a nonce": reader(NONCE_HEADER, HEALTH_PATH, "n" * 24),
        "a protocol": reader(PROTOCOL_HEADER, HEALTH_PATH, "1"),
    }


def insider_readers(council: CouncilServer) -> Mapping[str, Reader]:
    """Revisions that a laptop really signed, whatever stands in them; another one fetches what the council took."""
    other, writer = council.laptop("F. Reader"), council.laptop("G. Writer")

    def push(laptop: Laptop, revision: WireRevision) -> int:
        """Push it, and let the other laptop fetch what the council took."""
        known = msgspec.json.decode(ask(other, HAVE_PATH, b"{}").content, type=HaveAnswer).have
        status = ask(laptop, PUSH_PATH, msgspec.json.encode(Push(laptop.seat, [revision]))).status_code
        pulled = ask(other, PULL_PATH, msgspec.json.encode(Pull(known)))
        came = msgspec.json.decode(pulled.content, type=PullAnswer).revisions
        assert (revision.jws in {pulled_revision.jws for pulled_revision in came}) == (status == 200)
        return status

    def signed_body(content: bytes) -> None:
        try:
            content.decode()
        except UnicodeDecodeError:  # the wire carries texts
            return
        if push(writer, to_wire(writer.write(body=content))) != 200:
            writer.chain.pop()

    def signed_envelope(content: bytes) -> None:
        laptop = council.laptop("H. Insider")
        good = laptop.write()
        envelope = content.replace(b"THE-SEAT", laptop.seat.encode()).replace(b"THE-PERSON", laptop.person.encode())
        envelope = envelope.replace(b"THE-DEVICE", laptop.device.encode()).replace(
            b"THE-BODY", good.envelope.body.encode()
        )
        header = {"alg": ALGORITHM, "kid": laptop.seat, "typ": TYPE}
        compact = jws.serialize_compact(header, envelope, laptop.key, algorithms=[ALGORITHM])
        push(laptop, msgspec.structs.replace(to_wire(good), jws=compact))

    named = {"seat": "THE-SEAT", "author": "THE-PERSON", "device": "THE-DEVICE", "body": "THE-BODY"}
    envelope = msgspec.json.encode({**msgspec.to_builtins(writer.write().envelope), **named})
    writer.chain.pop()
    return {
        "a body that is signed": Reader(
            (body_bytes({"happening": "Rang.", "follow_ups": [{"id": "1"}]}, []),), signed_body
        ),
        "an envelope that is signed": Reader((envelope,), signed_envelope),
    }


@pytest.fixture(scope="module")
def readers(shared_council: CouncilServer) -> Iterator[Mapping[str, Reader]]:
    """Every route by its name; in the end the council looks at all that it took."""
    laptop = shared_council.laptop("D. Asker")
    every = {**route_readers(shared_council, laptop), **header_readers(laptop), **insider_readers(shared_council)}
    assert sorted(every) == sorted(NAMES)
    yield every
    examine(shared_council.admin)
    assert '"event": "failed"' not in shared_council.log()


@pytest.mark.parametrize("name", NAMES)
def test_a_route_takes_changed_bytes_or_says_why_not(readers: Mapping[str, Reader], name: str) -> None:
    try_changed(readers[name], TRIED)


@pytest.mark.long
@pytest.mark.timeout(3600)  # six thousand requests, and more of an insider
@pytest.mark.parametrize("name", NAMES)
def test_a_route_takes_many_changed_bytes_or_says_why_not(readers: Mapping[str, Reader], name: str) -> None:
    try_changed(readers[name], TRIED_LONG)
