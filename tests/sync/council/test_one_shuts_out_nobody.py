"""One client that asks too much, too slowly or with nothing to show: it shuts itself out, and nobody beside it."""

import contextlib
import socket
import time
from collections.abc import Iterator

import httpx2
import pytest

from hipss_desktop.errors import UserError
from sync.council.crowd import Crowd
from sync.council.home import Home, Settings
from sync.council.limits import TELL_FROM, Limits
from sync.council.opening import opened
from sync.wire.messages import HAVE_PATH, LOOK_PATH, TOKEN_PATH
from tests.helpers.council_client import Laptop
from tests.helpers.council_fixtures import CouncilServer

NEIGHBOUR, ATTACKER = "127.0.0.1", "127.0.0.2"


def connected(server: CouncilServer, address: str, sent: bytes) -> socket.socket:
    """A connection from one of this machine's own addresses, on which this was sent."""
    port = int(server.url.rpartition(":")[2])
    connection = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(address, 0))
    with contextlib.suppress(ConnectionError):
        connection.sendall(sent)
    return connection


def health(server: CouncilServer, address: str, headers: dict[str, str] | None = None) -> int:
    with httpx2.Client(transport=httpx2.HTTPTransport(local_address=address), timeout=20) as client:
        return client.get(f"{server.url}/v1/health", headers=headers).status_code


HALF_HEADER = b"GET /v1/health HTTP/1.1\r\nHost: x\r\nX-Slow: "
HALF_BODY = (
    b"POST /v1/enrol/look HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"
)


@pytest.mark.parametrize("sent", [b"", HALF_HEADER, HALF_BODY], ids=["nothing", "half headers", "half bodies"])
def test_hundreds_of_half_requests_shut_out_neither_others_nor_their_own_address(
    council_folder: CouncilServer, sent: bytes
) -> None:
    council_folder.settings(connections={"most": 300, "of_address": 100})
    council_folder.start()
    with contextlib.ExitStack() as stack:
        for _ in range(450):
            stack.enter_context(connected(council_folder, ATTACKER, sent))
        assert [health(council_folder, address) for address in (NEIGHBOUR, ATTACKER) * 10] == [200] * 20


def wrong_proof(laptop: Laptop, headers: dict[str, str] | None = None) -> int:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": laptop.assertion()[:-6] + "AAAAAA",
    }
    return laptop.http.post(TOKEN_PATH, data=form, headers=headers).status_code


@pytest.fixture
def strict(council_folder: CouncilServer) -> CouncilServer:
    """A council that bears ten requests a minute, with two processes, behind a proxy on this machine."""
    council_folder.settings(
        rates={"enrol": 10, "token": 10, "token_of_seat": 1_000, "seat": 30}, proxies=["127.0.0.0/31"]
    )
    council_folder.start("--workers", "2")
    return council_folder


@contextlib.contextmanager
def early_in_a_minute() -> Iterator[None]:
    """Begin where the minute that limits are counted in does not end meanwhile."""
    if time.time() % 60 > 40:
        time.sleep(60 - time.time() % 60)
    yield


def test_wrong_proofs_and_codes_are_slowed_down_in_all_processes_and_good_ones_beside_them_are_not(
    strict: CouncilServer,
) -> None:
    with early_in_a_minute():
        laptop = strict.laptop()
        code = strict.invite("H. Newcomer")
        proofs = [wrong_proof(laptop) for _ in range(60)]
        assert (proofs[0], proofs[-1]) == (401, 429)
        assert proofs.count(401) <= 10 + 2 * TELL_FROM + 5
        guesses = [laptop.http.post(LOOK_PATH, json={"code": "AAAAAAAAAA"}).status_code for _ in range(60)]
        assert (guesses[0], guesses[-1]) == (404, 429)
        for _ in range(15):
            assert laptop.ask_token().access_token
        newcomer = Laptop(strict.url)
        assert newcomer.enrol(code).jws
        assert newcomer.ask_token().access_token


def test_a_trusted_proxy_says_where_a_request_comes_from_and_nobody_else_does(strict: CouncilServer) -> None:
    with early_in_a_minute():
        laptop = strict.laptop()
        via = {"x-forwarded-for": "198.51.100.7"}
        assert [wrong_proof(laptop, via) for _ in range(60)][-1] == 429
        assert wrong_proof(laptop, {"x-forwarded-for": "198.51.100.8"}) == 401
        # A client may have written names of its own before the proxy's.
        assert wrong_proof(laptop, {"x-forwarded-for": "198.51.100.9, 198.51.100.7"}) == 429
        assert wrong_proof(laptop, {"x-forwarded-for": "a heron"}) == 401


def test_a_proven_seat_that_asks_too_much_is_slowed_down_and_its_colleague_at_the_same_address_is_not(
    strict: CouncilServer,
) -> None:
    with early_in_a_minute():
        wild, honest = strict.laptop(), strict.laptop("C. Powell")
        headers = {"authorization": f"Bearer {wild.token}"}
        statuses = [wild.http.post(HAVE_PATH, json={}, headers=headers).status_code for _ in range(80)]
        assert (statuses[0], statuses[-1]) == (200, 429)
        assert statuses.count(200) <= 30 + 2 * TELL_FROM + 5
        assert honest.have().protocol == 1


def test_an_invalid_proxy_address_is_reported_in_a_sentence(council_folder: CouncilServer) -> None:
    council_folder.settings(proxies=["the kitchen"])
    assert "is no address" in council_folder.run("serve", expect=1)


class Line:
    """A connection that waits for its client, or is being answered."""

    def __init__(self, *, waits: bool = True) -> None:
        self.waits, self.open = waits, True

    def waits_for_client(self) -> bool:
        return self.waits

    def cut(self) -> None:
        self.open = False


def crowd(**more: object) -> Crowd:
    import msgspec

    settings = {"name": "", "seat": "", "connections": {"most": 6, "of_address": 3}, **more}
    return Crowd(msgspec.convert(settings, Settings))


def test_the_oldest_that_waits_gives_way_and_what_is_being_answered_never_does() -> None:
    lines = [Line(waits=False), *(Line() for _ in range(3))]
    full = crowd()
    for line in lines:
        full.join(line, ATTACKER)
    assert [line.open for line in lines] == [True, False, True, True]


def test_the_address_that_has_most_gives_way_to_others() -> None:
    full, attackers, others = crowd(proxies=["127.0.0.2"]), [Line() for _ in range(5)], [Line() for _ in range(3)]
    for line in attackers:
        full.join(line, ATTACKER)
    for place, line in enumerate(others):
        full.join(line, f"198.51.100.{place}")
    assert [line.open for line in attackers] == [False, False, True, True, True]
    assert all(line.open for line in others)


def test_invalid_networks_are_refused() -> None:
    with pytest.raises(UserError, match="is no address"):
        crowd(proxies=["198.51.100.1/8"])


def test_headers_that_are_not_whole_in_time_count_against_their_address(council_folder: CouncilServer) -> None:
    store = opened(Home(council_folder.folder), council_folder.database_url)
    limits = Limits(store)
    settings = Settings("", "")
    slowed = Crowd(settings, limits)
    for _ in range(settings.rates.slow_headers):
        assert not slowed.is_slow(ATTACKER)
        slowed.note_slow_header(ATTACKER)
    assert slowed.is_slow(ATTACKER)
    assert not slowed.is_slow(NEIGHBOUR)
    store.close()
