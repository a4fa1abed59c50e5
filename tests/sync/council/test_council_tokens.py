"""Proving who a laptop is."""

import time
from email.utils import parsedate_to_datetime

import msgspec
import pytest
from joserfc.jwk import OKPKey

from hipss_desktop.decoding import NotReadable, decoded
from hipss_desktop.records.chain import Link
from hipss_desktop.times import instant
from sync.council.administration import revoke
from sync.wire.messages import ACCESS_TYPE, ASSERTION_TYPE, HAVE_PATH, HaveAnswer, Token, from_wire, to_wire
from sync.wire.tokens import statement
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer


@pytest.fixture(scope="module")
def laptop(shared_council: CouncilServer) -> Laptop:
    return shared_council.laptop()


def refusal(laptop: Laptop, assertion: str = "", **more: str) -> Refused:
    with pytest.raises(Refused) as refused:
        laptop.ask_token(assertion, **more)
    return refused.value


def test_a_good_assertion_gives_a_token_for_ten_minutes(laptop: Laptop) -> None:
    token = laptop.ask_token()
    assert (token.token_type, token.expires_in) == ("Bearer", 600)
    assert laptop.have().protocol == 1


def test_an_assertion_is_good_once(laptop: Laptop) -> None:
    assertion = laptop.assertion()
    laptop.ask_token(assertion)
    assert refusal(laptop, assertion).refusal.code == "unauthorised"


@pytest.mark.parametrize("ahead", [55, -170])
def test_a_clock_that_is_nearly_right_is_let_pass(laptop: Laptop, ahead: int) -> None:
    granted = laptop.ask_token(laptop.assertion(iat=time.time() + ahead, exp=time.time() + ahead + 120))
    assert granted.access_token


@pytest.mark.parametrize("ahead", [90, 86_400, -86_400])
def test_a_clock_that_is_wrong_is_told_the_councils_time(laptop: Laptop, ahead: int) -> None:
    refused = refusal(laptop, laptop.assertion(iat=time.time() + ahead, exp=time.time() + ahead + 120))
    assert (refused.status, refused.refusal.code) == (401, "clock")
    assert abs(instant(refused.refusal.more["now"]).timestamp() - time.time()) < 30


def test_every_answer_carries_the_councils_time(shared_council: CouncilServer, laptop: Laptop) -> None:
    for path in ("/v1/health", "/v1/nowhere", "/v1/token", "/schema"):
        answer = laptop.http.get(path)
        assert abs(parsedate_to_datetime(answer.headers["date"]).timestamp() - time.time()) < 30


def test_claims_that_do_not_fit_are_refused(laptop: Laptop) -> None:
    now = time.time()
    wrong = (
        laptop.assertion(aud="another-council"),
        laptop.assertion(sub=laptop.person),
        laptop.assertion(jti="short"),
        laptop.assertion(exp=now + 3_600),
        laptop.assertion(exp=now - 1, iat=now),
        laptop.assertion()[:-10] + "AAAAAAAAAA",
        statement({"iss": "x"}, ASSERTION_TYPE, laptop.wire_key),
        "not.a.jws",
        "\u2603",
        "",
    )
    for assertion in wrong[:-1]:
        assert refusal(laptop, assertion).refusal.code == "unauthorised"


def test_only_the_seats_own_wire_key_proves_it(laptop: Laptop) -> None:
    claims = msgspec.json.decode(_payload(laptop.assertion()))
    for key in (laptop.key, OKPKey.generate_key("Ed25519")):
        assert refusal(laptop, statement(claims, ASSERTION_TYPE, key)).refusal.code == "unauthorised"
    assert refusal(laptop, statement(claims, "JWT", laptop.wire_key)).refusal.code == "unauthorised"


def _payload(compact: str) -> bytes:
    from joserfc.util import urlsafe_b64decode

    return urlsafe_b64decode(compact.split(".")[1].encode())


def test_a_seat_that_nobody_certified_is_unknown(shared_council: CouncilServer) -> None:
    assert refusal(Laptop(shared_council.url)).refusal.code == "unknown_seat"


def test_a_token_that_is_not_ours_or_has_run_out_opens_nothing(shared_council: CouncilServer, laptop: Laptop) -> None:
    key, now = shared_council.admin.home.key, int(time.time())
    good = {"seat": laptop.seat, "iat": now, "exp": now + 600, "jti": "x"}
    tokens = (
        statement(good, ACCESS_TYPE, laptop.key),
        statement(good, "hipss-receipt", key),
        statement({**good, "exp": now - 1}, ACCESS_TYPE, key),
        "nothing",
        "",
    )
    for token in tokens:
        client = Laptop(shared_council.url)
        client.token = token
        with pytest.raises(Refused) as refused:
            client.post(HAVE_PATH, {}, HaveAnswer)
        assert (refused.value.status, refused.value.refusal.code) == (401, "unauthorised")


def test_a_revoked_laptop_is_refused_at_once_and_gets_no_token(shared_council: CouncilServer) -> None:
    laptop = shared_council.laptop()
    written = laptop.write()
    laptop.push(written)
    revoke(shared_council.admin, laptop.seat, "The laptop was lost.")
    for ask in (laptop.have, laptop.pull, lambda: laptop.push(laptop.write())):
        with pytest.raises(Refused) as refused:
            ask()
        assert (refused.value.status, refused.value.refusal.code) == (403, "revoked")
    assert refusal(laptop).refusal.code == "revoked"


def test_what_a_revoked_laptop_wrote_afterwards_is_held_back(shared_council: CouncilServer) -> None:
    laptop, other = shared_council.laptop(), shared_council.laptop()
    laptop.push(laptop.write())
    revoke(shared_council.admin, laptop.seat, "The laptop was lost.")
    late = laptop.write()
    assert other.push(late, seat=laptop.seat).results[0].outcome == "held"
    assert other.have().have[laptop.seat] == Link(2, late.digest)


def test_a_certificate_of_another_council_does_not_help(shared_council: CouncilServer, laptop: Laptop) -> None:
    stranger = Laptop(shared_council.url)
    forged = stranger.write("certificate", {"seat": stranger.seat, "role": "manager", "key": "x"})
    text = msgspec.json.encode(to_wire(forged)).decode()
    assert refusal(stranger, certificate=text).refusal.code == "unauthorised"
    assert laptop.certificate is not None
    assert from_wire(laptop.certificate).envelope.kind == "certificate"
    assert refusal(stranger, certificate=msgspec.json.encode(laptop.certificate).decode()).status == 404


@pytest.mark.parametrize("token", ["", "a\ufeff", "a b", "a\nb", "a\n"])
def test_a_token_of_characters_that_no_header_takes_is_not_read(token: str) -> None:
    with pytest.raises(NotReadable):
        decoded(msgspec.json.encode({"access_token": token, "expires_in": 600}), Token)
