"""A line that lies, stalls or withholds: said in plain words, soon over, and nothing of it ends in a traceback."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest
from joserfc.jwk import OKPKey

from hipss_desktop import identity
from hipss_desktop.services.enrolment import Council, Refused, Unreachable
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_cycle import Exchanged, SyncCycle
from sync.client.https import HttpsCouncil
from sync.wire.messages import PullAnswer, to_wire
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.cut_proxy import CutProxy, Direction, Fault
from tests.helpers.stations import Station
from tests.sync.client.conftest import MakeStation


@dataclass
class Between:
    """Passes everything on to the council, and alters what a pull answers."""

    council: Council
    alter: Callable[[PullAnswer], PullAnswer]
    pulls: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.council, name)

    def pull(self, request: Any) -> PullAnswer:
        self.pulls += 1
        assert self.pulls < 50, "asked for ever"
        return self.alter(self.council.pull(request))


def exchange(laptop: Station, alter: Callable[[PullAnswer], PullAnswer]) -> tuple[Exchanged, int]:
    between = Between(laptop.opened.council(), alter)
    council: Any = between
    return SyncCycle(laptop.opened.store, council, laptop.clock).run(), between.pulls


@pytest.fixture
def reader(council: CouncilServer, station: MakeStation) -> Station:
    return station("C. Powell").join(council)


def test_revisions_that_the_council_has_and_does_not_give_are_said_to_be_missing_and_come_later(
    council: CouncilServer, reader: Station
) -> None:
    writer = council.laptop("A. Bevan")
    written = [writer.write() for _ in range(3)]
    writer.push(*written)
    names = {revision.jws for revision in written[1:]}

    def withhold(answer: PullAnswer) -> PullAnswer:
        shown_revisions = [sent for sent in answer.revisions if sent.jws not in names]
        return msgspec.structs.replace(answer, revisions=shown_revisions, more=0)

    done, _ = exchange(reader, withhold)
    assert done.problems == ["2 records are still missing: the council has more than it gave."]
    assert exchange(reader, lambda answer: answer)[0].problems == []
    assert reader.seats()[writer.seat] == (3, written[-1].digest)


def test_a_text_that_the_council_does_not_give_is_named_once_with_its_record_and_comes_later(
    council: CouncilServer, reader: Station
) -> None:
    writer = council.laptop("A. Bevan")
    written = [writer.write() for _ in range(7)]
    writer.push(*written)
    names = {f"On-call contact {identity.reference('C', revision.envelope.record)}" for revision in written}

    def without_texts(answer: PullAnswer) -> PullAnswer:
        stripped = [
            sent if sent.jws not in jws else msgspec.structs.replace(sent, salt=None, body=None)
            for sent in answer.revisions
        ]
        return msgspec.structs.replace(answer, revisions=stripped, bodies={})

    jws = {revision.jws for revision in written}
    [problem] = exchange(reader, without_texts)[0].problems
    assert problem.startswith("The council gave no text of these: On-call contact C-")
    assert problem.endswith(" and 2 more. Ask those who run the council.")
    assert sum(name in problem for name in names) == 5
    assert exchange(reader, without_texts)[0].problems == []  # said once
    assert exchange(reader, lambda answer: answer)[0].problems == []
    assert reader.opened.store.missing_bodies() == []
    assert reader.opened.store.setting(StoreSetting.NO_TEXT) == ""


def test_the_same_known_revisions_with_more_to_come_are_no_progress(council: CouncilServer, reader: Station) -> None:
    writer = council.laptop("A. Bevan")
    known = writer.write()
    writer.push(known)
    exchange(reader, lambda answer: answer)
    wire_revision = to_wire(known)
    done, pulls = exchange(reader, lambda answer: PullAnswer([wire_revision], {known.digest: wire_revision}, 1_000))
    assert (done.fetched, done.bodies) == (0, 0)
    assert pulls == 1


LIES = {
    "brackets in an answer": (200, {}, b'{"have":' + b"[" * 20_000),
    "brackets in what is passed over": (200, {}, b'{"have":{},"other":' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
    "brackets in a refusal": (400, {}, b'{"code":"x","detail":"x","more":' + b'{"a":' * 20_000),
    "year 9999": (200, {"date": "Fri, 31 Dec 9999 23:59:59 -2300"}, b'{"have":{}}'),
    "no date": (200, {"date": "a heron"}, b'{"have":{}}'),
    "a number of 2^70": (200, {}, b'{"have":{"x":{"number":%d,"digest":""}}}' % 2**70),
    "a number below none": (200, {}, b'{"have":{"x":{"number":-5,"digest":""}}}'),
    "no text": (200, {}, b'{"have":{"\xff":1}}'),
    "a sign-in page": (200, {}, b"<!doctype html><p>Sign in to use this network."),
    "nothing": (200, {}, b""),
}


@pytest.fixture
def liar() -> Iterator[Callable[[tuple[int, dict[str, str], bytes]], HttpsCouncil]]:
    """A server that answers a token, and to everything else one lie; gives the laptop's connection to it."""
    ends: list[Callable[[], None]] = []

    def serving(lie: tuple[int, dict[str, str], bytes]) -> HttpsCouncil:
        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                status, headers, body = lie
                if self.path.endswith("token"):
                    status, body = 200, b'{"access_token":"x","expires_in":600}'
                self.send_response_only(status)
                for name, value in {"content-length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        key = OKPKey.generate_key("Ed25519")
        asking = HttpsCouncil(f"http://127.0.0.1:{server.server_port}", seat="seat", wire_key=key)
        ends.extend((asking.close, server.shutdown, server.server_close))
        return asking

    yield serving
    for end in ends:
        end()


def answer_or_refusal(council: HttpsCouncil) -> str:
    """What the council has, or why its answer was refused."""
    try:
        return f"{council.have().have}."
    except (Unreachable, Refused) as refusal:
        return str(refusal)


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_answered_in_plain_words(
    liar: Callable[[tuple[int, dict[str, str], bytes]], HttpsCouncil], lie: str
) -> None:
    asking = liar(LIES[lie])
    for _ in range(2):  # what was learned from the first answer is used for the second
        assert answer_or_refusal(asking).endswith(".")
        asking._token = ""


@pytest.mark.parametrize("direction", ["request", "answer"])
def test_a_line_on_which_a_byte_comes_now_and_then_is_given_up(
    council: CouncilServer, proxy: CutProxy, station: MakeStation, direction: Direction
) -> None:
    laptop = station().join(council, proxy.url)
    laptop.write("Rang about supper. " * 2_000)
    opened = laptop.opened
    key = opened.store.key_named(StoreSetting.WIRE_KEY)
    asking = HttpsCouncil(proxy.url, seat=opened.store.seat.seat, wire_key=key, timeout=20, patience=1)
    council_asked: Any = asking
    proxy.arm(Fault("trickle", direction, seconds=0.1))
    with pytest.raises(Unreachable):
        SyncCycle(opened.store, council_asked, laptop.clock).run()
    asking.close()
    proxy.heal()
    proxy.hang_up()
    laptop.sync()
    assert opened.store.waiting().waiting == 0
