"""If somebody alters the council's answers on their way, the laptop rejects what is false and still accepts everything else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from hipss_desktop import identity
from hipss_desktop.errors import Tampered
from hipss_desktop.kinds.council import CERTIFICATE
from hipss_desktop.records.chain import Link
from hipss_desktop.services import enrolment as joining
from hipss_desktop.services.enrolment import Council, Invited
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_cycle import SyncCycle
from sync.client.https import HttpsCouncil
from sync.council.administration import revision, revoke
from sync.wire import codes
from sync.wire.messages import Enrol, PullAnswer, PushAnswer, WireRevision, from_wire, to_wire
from tests.helpers.between import Between
from tests.helpers.council_client import Laptop
from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.stations import Station


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CouncilServer]:
    with serving(tmp_path_factory.mktemp("between") / "council") as server:
        yield server


@pytest.fixture
def reader(council: CouncilServer, tmp_path: Any) -> Iterator[Station]:
    station = Station(tmp_path / "home", name="C. Powell").join(council)
    yield station
    station.close()


def exchange(reader: Station, alter: Callable[[PullAnswer], PullAnswer]) -> list[str]:
    opened = reader.opened
    between: Any = Between(opened.council(), pulled=alter)
    return SyncCycle(opened.store, between, reader.clock).run().problems


def spoilt(wired: WireRevision) -> WireRevision:
    return msgspec.structs.replace(wired, body=wired.body.replace("supper", "dinner") if wired.body else None)


def test_a_text_that_was_not_signed_delays_no_other_record_and_is_complete_after_a_later_sync(
    council: CouncilServer, reader: Station
) -> None:
    writer = council.laptop("A. Bevan")
    bad = writer.write("contact", {"happening": "Rang about supper."})
    good = writer.write("contact", {"happening": "Rang about school."})
    writer.push(bad, good)

    def alter(answer: PullAnswer) -> PullAnswer:
        bodies = {digest: spoilt(body) for digest, body in answer.bodies.items()}
        return msgspec.structs.replace(answer, revisions=[spoilt(wired) for wired in answer.revisions], bodies=bodies)

    problems = exchange(reader, alter)
    reference = identity.reference("C", bad.envelope.record)
    assert problems == [f"On-call contact {reference}: A record’s text is not the one that was signed."]
    assert (
        exchange(reader, alter) == []
    )  # the problem is reported once; after that the record itself shows that its text is missing
    assert reader.get(good.envelope.record).fields["happening"] == "Rang about school."
    assert reader.get(bad.envelope.record).incomplete
    assert reader.opened.store.search("dinner") == []
    assert exchange(reader, lambda answer: answer) == []
    assert reader.get(bad.envelope.record).fields["happening"] == "Rang about supper."


def test_a_seat_whose_certificate_was_altered_is_accepted_once_the_right_text_arrives(
    council: CouncilServer, reader: Station
) -> None:
    writer = council.laptop("H. Late")
    written = writer.write("contact", {"happening": "Rang about supper."})
    writer.push(written)

    def alter(answer: PullAnswer) -> PullAnswer:
        revisions = [
            msgspec.structs.replace(wired, body=f"{wired.body} ") if is_certificate(wired) else wired
            for wired in answer.revisions
        ]
        return msgspec.structs.replace(answer, revisions=revisions, bodies={})

    def is_certificate(wired: WireRevision) -> bool:
        return wired.body is not None and from_wire(wired).envelope.kind == CERTIFICATE.name

    assert exchange(reader, alter) != []
    assert reader.opened.store.get(written.envelope.record) is None
    assert exchange(reader, lambda answer: answer) == []
    assert reader.get(written.envelope.record).fields["happening"] == "Rang about supper."


@pytest.mark.parametrize("name", ["author", "device"])
def test_a_revision_that_names_another_author_or_device_than_its_seats_is_rejected(
    council: CouncilServer, reader: Station, name: str
) -> None:
    victim, liar = council.laptop("A. Bevan"), council.laptop("G. Liar")
    theirs = getattr(victim, {"author": "person", "device": "device"}[name])
    forged = liar.write(change=lambda envelope: msgspec.structs.replace(envelope, **{name: theirs}))
    forgery_sent = False

    def alter(answer: PullAnswer) -> PullAnswer:
        nonlocal forgery_sent
        more = [] if forgery_sent else [to_wire(forged)]
        forgery_sent = True
        return msgspec.structs.replace(answer, revisions=[*answer.revisions, *more])

    assert any("author" in finding for finding in exchange(reader, alter))
    assert reader.opened.store.get(forged.envelope.record) is None
    assert liar.seat not in reader.opened.store.have()


def test_a_revision_of_the_councils_own_seat_is_accepted(council: CouncilServer, reader: Station) -> None:
    council.laptop("H. Late")
    assert exchange(reader, lambda answer: answer) == []
    own = reader.opened.store.have()[council.admin.seat]
    assert isinstance(own, Link)


@pytest.mark.parametrize(
    "answer",
    ["", "no.jws", "e30.e30.e30", "bm90anNvbg.bm90anNvbg.bm90", "e30." + "W1tbW1s" * 3000 + ".e30", "\u00e9.a.b"],
)
def test_an_answer_to_a_code_that_the_council_did_not_sign_is_rejected(council: CouncilServer, answer: str) -> None:
    class Stranger:
        def look(self, secret: str) -> str:
            return answer

    stranger: Any = Stranger()
    with pytest.raises(Tampered):
        joining.look(stranger, council.url, council.invite())


def test_another_statement_about_the_seat_is_not_accepted_as_its_certificate(
    council: CouncilServer, reader: Station
) -> None:
    other = Laptop(council.url)
    code = council.invite("I. Newcomer")
    other.enrol(code)
    order = to_wire(revision(council.admin, revoke(council.admin, other.seat, "Lost")))
    store = reader.opened.store
    with store.write() as unit:
        unit.set(StoreSetting.CERTIFICATE, "")
        unit.set(StoreSetting.SEAT, other.seat)
    assert from_wire(order).envelope.kind == "revocation"

    class Stranger:
        def enrol(self, request: Enrol) -> WireRevision:
            return order

    stranger: Any = Stranger()
    with pytest.raises(Tampered):
        joining.certify(store, stranger, other.key, other.wire_key)
    assert not store.seat.enrolled


def test_the_real_councils_answer_to_a_code_is_accepted(council: CouncilServer) -> None:
    code = council.invite("J. Newcomer")
    asking = HttpsCouncil(council.url)
    try:
        invited = joining.look(asking, council.url, code)
    finally:
        asking.close()
    assert isinstance(invited, Invited)
    assert invited.secret == codes.read(code)[0]


@pytest.mark.parametrize("count", [1, 12], ids=["one by one", "on threads"])
def test_a_revision_that_its_seats_key_did_not_sign_is_rejected(
    council: CouncilServer, reader: Station, count: int
) -> None:
    writer = council.laptop("A. Bevan")
    true = [writer.write("contact", {"happening": f"Rang about supper, {place}."}) for place in range(count)]
    # The last revision has its own envelope, and the signature of another laptop's revision.
    other = council.laptop("G. Liar").write("contact", {"happening": "Another."})
    signed = true[-1].jws.rpartition(".")[0] + "." + other.jws.rpartition(".")[2]
    forged = [
        *(to_wire(revision) for revision in true[:-1]),
        msgspec.structs.replace(to_wire(true[-1]), jws=signed),
    ]
    forgery_sent = False

    def alter(answer: PullAnswer) -> PullAnswer:
        nonlocal forgery_sent
        more = [] if forgery_sent else forged
        forgery_sent = True
        return msgspec.structs.replace(answer, revisions=[*answer.revisions, *more])

    assert any("signature" in finding for finding in exchange(reader, alter))
    assert writer.seat not in reader.opened.store.have()
    assert reader.opened.store.get(true[-1].envelope.record) is None


@dataclass
class OldReceipts:
    """Passes everything on to the council, but answers every push with the receipt of the first push."""

    council: Council
    first: PushAnswer | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.council, name)

    def push(self, batch: Any) -> PushAnswer:
        answer = self.council.push(batch)
        self.first = self.first or answer
        return msgspec.structs.replace(answer, receipt=self.first.receipt)


def test_a_receipt_for_another_push_is_rejected(council: CouncilServer, reader: Station) -> None:
    opened = reader.opened
    between: Any = OldReceipts(opened.council())
    first = reader.write("Rang about supper.").envelope.record
    SyncCycle(opened.store, between, reader.clock).run()
    assert reader.get(first).state == "sent"
    second = reader.write("Rang about school.").envelope.record
    with pytest.raises(Tampered, match="receipt"):
        SyncCycle(opened.store, between, reader.clock).run()
    assert reader.get(second).state == "waiting"
    assert opened.store.receipt(reader.get(second).heads[0]) == ""
    opened.exchange()
    assert reader.get(second).state == "sent"
