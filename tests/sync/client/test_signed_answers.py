"""Answers that somebody on the line altered, repeated or made up are nobody's: nothing is shown, copied or begun for them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest
import sqlalchemy as sa
from joserfc import jws
from joserfc.jwk import OKPKey

from hipss_desktop import times
from hipss_desktop.errors import Tampered
from hipss_desktop.services.enrolment import Refused as RefusedByCouncil
from hipss_desktop.services.enrolment import Unreachable
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_cycle import ChainStopped, SyncCycle
from sync.council import tables as t
from sync.council.administration import revoke
from sync.council.answers import CHALLENGE_SECONDS, Challenges
from sync.council.chain import Council
from sync.council.home import Home
from sync.wire.messages import (
    ANSWER_TYPE,
    HAVE_PATH,
    LOOK_PATH,
    PULL_PATH,
    PUSH_PATH,
    RECEIPT_TYPE,
    TOKEN_PATH,
    AnswerMark,
    Assertion,
    HaveAnswer,
    PushAnswer,
    Receipt,
    Refusal,
)
from sync.wire.tokens import read_statement, statement
from tests.helpers.altering_line import Alter, AlteringLine, Answer
from tests.helpers.council_client import Refused
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.stations import Station
from tests.sync.client.conftest import MakeStation


@pytest.fixture
def line(council: CouncilServer) -> Iterator[AlteringLine]:
    with AlteringLine(council.url) as altering_line:
        yield altering_line


@pytest.fixture
def laptop(council: CouncilServer, line: AlteringLine, station: MakeStation) -> Station:
    joined = station().join(council, line.url)
    joined.write("Rang about supper.")
    joined.sync()
    return joined


def altered(path: str, change: Callable[[Any], Any]) -> Alter:
    """Alters the JSON of the answers on one path."""

    def alter(asked_path: str, answer: Answer) -> Answer:
        if asked_path != path:
            return answer
        message = msgspec.json.decode(answer.body)
        return Answer(answer.status, answer.headers, msgspec.json.encode(change(message)))

    return alter


def other_digest(seat: str) -> Callable[[Any], Any]:
    return lambda message: {**message, "have": {**message["have"], seat: {"number": 1, "digest": "0" * 64}}}


def revoked(_: str, answer: Answer) -> Answer:
    refusal = Refusal("revoked", "This laptop may no longer sync.")
    return Answer(403, answer.headers, msgspec.json.encode(refusal))


def signed_by_somebody_else(path: str, answer: Answer) -> Answer:
    """The council's own statement, word for word, under another key."""
    mark = msgspec.json.decode(jws.extract_compact(answer.headers["hipss-answer"].encode()).payload, type=AnswerMark)
    other = OKPKey.generate_key("Ed25519")
    return Answer(answer.status, {**answer.headers, "hipss-answer": statement(mark, ANSWER_TYPE, other)}, answer.body)


def asides(laptop: Station) -> list[str]:
    return sorted(file.name for file in laptop.folder.glob("store-aside-*"))


LIES: dict[str, Callable[[str], Alter]] = {
    "another digest of its own revision": lambda seat: altered(HAVE_PATH, other_digest(seat)),
    "nothing is there": lambda seat: altered(HAVE_PATH, lambda message: {**message, "have": {}}),
    "revoked": lambda seat: revoked,
    "all is held": lambda seat: altered(
        PUSH_PATH,
        lambda message: {
            **message,
            "fates": [{**result, "outcome": "held", "why": "x"} for result in message["fates"]],
        },
    ),
    "nothing is lacked": lambda seat: altered(PULL_PATH, lambda message: {**message, "revisions": [], "more": 0}),
    "signed by somebody else": lambda seat: signed_by_somebody_else,
    "no statement": lambda seat: lambda path, answer: answer.without("hipss-answer"),
    "another status": lambda seat: lambda path, answer: Answer(403, answer.headers, answer.body),
}


@pytest.mark.parametrize("lie", LIES)
def test_an_altered_answer_is_somebody_elses_and_nothing_follows_from_it(
    council: CouncilServer, line: AlteringLine, laptop: Station, lie: str
) -> None:
    waiting = laptop.write("Rang about school.").envelope.record
    other = council.laptop("C. Powell")
    other.push(other.write())
    line.alter = LIES[lie](laptop.opened.store.seat.seat)
    for _ in range(3):
        with pytest.raises(Unreachable, match="Something else answered"):
            laptop.sync()
    line.alter = lambda path, answer: answer
    # What is lied about comes last there: the receipt before it was the council's own.
    assert laptop.get(waiting).state == ("sent" if lie == "nothing is lacked" else "waiting")
    assert list(laptop.opened.store.held_back()) == []
    assert asides(laptop) == []
    assert laptop.opened.store.setting(StoreSetting.NOTICE) == ""
    laptop.sync()
    assert laptop.get(waiting).state == "sent"


def test_an_answer_of_before_is_none_of_now(line: AlteringLine, laptop: Station) -> None:
    answers: list[Answer] = []

    def remember(path: str, answer: Answer) -> Answer:
        if path == HAVE_PATH:
            answers.append(answer)
        return answer

    line.alter = remember
    laptop.sync()
    line.alter = lambda path, answer: answers[0] if path == HAVE_PATH else answer
    with pytest.raises(Unreachable, match="Something else answered"):
        laptop.sync()


def test_an_answer_for_one_path_is_none_for_another(line: AlteringLine, laptop: Station) -> None:
    council = laptop.opened.council()
    assert council.have().have
    line.asks = {HAVE_PATH: LOOK_PATH}  # the council itself signs what it answers there, to the same question
    with pytest.raises(Unreachable, match="Something else answered"):
        council.have()


def without_statements(path: str, answer: Answer) -> Answer:
    return answer.without("hipss-answer")


def test_a_council_of_before_that_signs_no_answers_is_exchanged_with_until_it_was_seen_to_sign(
    council: CouncilServer, line: AlteringLine, laptop: Station
) -> None:
    forget_signing(council, laptop)
    line.alter = without_statements
    waiting = laptop.write("Rang about school.").envelope.record
    laptop.sync()
    assert laptop.get(waiting).state == "sent"
    line.alter = lambda path, answer: answer
    laptop.sync()
    laptop.close()
    line.alter = without_statements
    with pytest.raises(Unreachable, match="Something else answered"):
        laptop.sync()


def forget_signing(council: CouncilServer, laptop: Station) -> None:
    """As laptop and council were before answers were signed and proofs named a challenge."""
    with council.admin.store.writing() as connection:
        connection.execute(sa.delete(t.challenged).where(t.challenged.c.seat == laptop.opened.store.seat.seat))
    with laptop.opened.store.write() as unit:
        unit.set(StoreSetting.COUNCIL_SIGNS, "")
    laptop.close()


@pytest.mark.parametrize("number", [1, 2, 40])
def test_only_a_revision_that_this_seat_signed_makes_it_begin_anew(
    council: CouncilServer, line: AlteringLine, laptop: Station, number: int
) -> None:
    forget_signing(council, laptop)
    seat = laptop.opened.store.seat.seat
    waiting = laptop.write("Rang about school.").envelope.record
    lie = {"number": number, "digest": "0" * 64}
    unsigned = altered(HAVE_PATH, lambda message: {**message, "have": {**message["have"], seat: lie}})
    line.alter = lambda path, answer: without_statements(path, unsigned(path, answer))
    for _ in range(3):
        with pytest.raises(Tampered, match="does not show them") as lied:
            laptop.sync()
        assert not isinstance(lied.value, ChainStopped)
    assert asides(laptop) == []
    line.alter = lambda path, answer: answer
    laptop.sync()
    assert laptop.opened.store.seat.seat == seat
    assert laptop.get(waiting).state == "sent"


class WrongReceipt:
    """Passes everything on; its receipts say another number or digest, under the council's own key."""

    def __init__(self, council: Any, key: Any, **changes: Any) -> None:
        self.council, self.key, self.changes = council, key, changes

    def __getattr__(self, name: str) -> Any:
        return getattr(self.council, name)

    def push(self, batch: Any) -> PushAnswer:
        answer: PushAnswer = self.council.push(batch)
        receipt = read_statement(answer.receipt, RECEIPT_TYPE, self.key, Receipt)
        signed = statement(msgspec.structs.replace(receipt, **self.changes), RECEIPT_TYPE, self.key)
        return msgspec.structs.replace(answer, receipt=signed)


@pytest.mark.parametrize("changes", [{"number": 70}, {"number": -5}, {"digest": "0" * 64}])
def test_a_receipt_for_another_number_or_digest_is_rejected(
    council: CouncilServer, laptop: Station, changes: dict[str, Any]
) -> None:
    waiting = laptop.write("Rang about school.").envelope.record
    lying: Any = WrongReceipt(laptop.opened.council(), council.admin.home.key, **changes)
    with pytest.raises(Tampered):
        SyncCycle(laptop.opened.store, lying, laptop.clock).run()
    assert laptop.get(waiting).state == "waiting"


def test_a_notice_goes_when_its_cause_is_gone_and_one_copy_stays_aside(
    council: CouncilServer, line: AlteringLine, laptop: Station, tmp_path: Any
) -> None:
    for place in range(2):
        laptop.copy(tmp_path / f"copy-{place}")
        laptop.write("On one side.")
        laptop.sync()
        laptop.put_back(tmp_path / f"copy-{place}", anchor=True)
        laptop.write("On the other side.")
        with pytest.raises(ChainStopped) as stopped:
            laptop.sync()
        laptop.opened.note_stopped(stopped.value)
        assert laptop.opened.store.setting(StoreSetting.NOTICE) == ChainStopped.WORDS
        laptop.opened.begin_afresh()
        laptop.sync()
        assert laptop.opened.store.setting(StoreSetting.NOTICE) == ""
        assert len(asides(laptop)) == 1
    assert laptop.findings() == []


# --- the time, and proofs ---


def proofs(line: AlteringLine) -> list[Assertion]:
    """What the laptop signed to get its tokens."""
    forms = [parse_qs(body.decode()) for path, body in line.asked if path == TOKEN_PATH]
    return [
        msgspec.json.decode(jws.extract_compact(form["client_assertion"][0].encode()).payload, type=Assertion)
        for form in forms
    ]


@pytest.mark.parametrize("signs", [True, False])
@pytest.mark.parametrize("days", [2, 400, -30])
def test_a_line_that_lies_about_the_time_draws_no_proof_for_another_day(
    council: CouncilServer, line: AlteringLine, laptop: Station, days: int, signs: bool
) -> None:
    if not signs:
        forget_signing(council, laptop)
    laptop.close()
    line.asked.clear()
    lie = format_datetime(times.system_clock() + timedelta(days=days), usegmt=True)

    def alter(path: str, answer: Answer) -> Answer:
        dated_answer = Answer(answer.status, {**answer.headers, "date": lie}, answer.body)
        return dated_answer if signs else dated_answer.without("hipss-answer")

    line.alter = alter
    laptop.sync()
    laptop.opened.council()._token = ""
    laptop.sync()
    assert len(proofs(line)) == 2
    now = times.system_clock().timestamp()
    assert all(abs(proof.iat - now) < 600 for proof in proofs(line))
    assert all(bool(proof.challenge) == signs for proof in proofs(line))


def test_a_laptop_whose_clock_is_wrong_by_weeks_syncs_by_the_councils_signed_time(
    council: CouncilServer, station: MakeStation
) -> None:
    wrong = station(clock=lambda: times.system_clock() - timedelta(days=40)).join(council)
    written = wrong.write("Rang about supper.").envelope.record
    wrong.sync()
    assert wrong.get(written).state == "sent"


def test_a_proof_names_a_challenge_of_the_council_that_is_not_old(council: CouncilServer) -> None:
    laptop = council.laptop()
    challenges = Challenges(council.admin)
    later = Challenges(
        Council(Home(council.folder), council.admin.store, lambda: times.system_clock() - timedelta(days=1))
    )
    assert laptop.ask_token(laptop.assertion(challenge=challenges.new())).access_token
    for old in (later.new(), "1.heron", "heron", "1" * 40 + ".x", f"{challenges.new()}0", "\u2603.x"):
        with pytest.raises(Refused) as refused:
            laptop.ask_token(laptop.assertion(challenge=old))
        assert refused.value.refusal.code == "clock"
    with pytest.raises(Refused) as refused:  # what was drawn before the laptop knew of challenges
        laptop.ask_token(laptop.assertion())
    assert refused.value.refusal.code == "unauthorised"
    assert not challenges.holds(later.new())
    assert CHALLENGE_SECONDS < 24 * 3600


def test_a_token_that_the_council_ended_is_renewed_with_a_fresh_challenge(
    council: CouncilServer, laptop: Station
) -> None:
    opened = laptop.opened
    asking = opened.council()
    asking.have()
    asking._challenge = "1.gone"
    asking._token = ""
    assert isinstance(asking.have(), HaveAnswer)
    assert asking._challenge != "1.gone"


def test_a_true_revocation_is_still_told(council: CouncilServer, laptop: Station) -> None:
    revoke(council.admin, laptop.opened.store.seat.seat, "Lost.")
    with pytest.raises(RefusedByCouncil) as refused:
        laptop.sync()
    assert refused.value.refusal.code == "revoked"
