"""Sending revisions and fetching them."""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
import sqlalchemy as sa
from joserfc.util import urlsafe_b64encode

from hipss_desktop.records.chain import Link
from hipss_desktop.records.revision import LARGEST_BODY, body_bytes
from sync.council import tables as t
from sync.council.administration import quarantine, release
from sync.wire.messages import WireRevision, from_wire, to_wire
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer


@pytest.fixture
def laptop(shared_council: CouncilServer) -> Laptop:
    return shared_council.laptop()


def refused_push(laptop: Laptop, pushed: list[WireRevision], seat: str = "") -> Refused:
    with pytest.raises(Refused) as refused:
        laptop.push_wired(pushed, seat)
    return refused.value


def evidence(council: CouncilServer, seat: str) -> list[str]:
    with council.admin.store.reading() as connection:
        return list(connection.scalars(sa.select(t.evidence.c.reason).where(t.evidence.c.seat == seat)))


def test_what_is_pushed_is_with_the_council_byte_for_byte(shared_council: CouncilServer, laptop: Laptop) -> None:
    written = [laptop.write() for _ in range(5)]
    answer = laptop.push(*written)
    receipt = laptop.receipt(answer)
    assert [result.outcome for result in answer.results] == ["stored"] * 5
    assert receipt.digests == [revision.digest for revision in written]
    assert (receipt.seat, receipt.number, receipt.digest) == (laptop.seat, 5, written[-1].digest)
    other = shared_council.laptop()
    pulled = [wired for wired in other.pull_all() if from_wire(wired).envelope.seat == laptop.seat]
    assert pulled == [to_wire(revision) for revision in written]


def test_a_lost_answer_is_given_again_the_same(laptop: Laptop) -> None:
    written = [laptop.write(), laptop.write("certificate", {"seat": "x"}), laptop.write()]
    first = laptop.push(*written)
    laptop.push(laptop.write())
    second_answer = laptop.push(*written)
    assert second_answer.receipt == first.receipt
    assert [result.outcome for result in first.results] == ["stored", "held", "stored"]
    assert [result.outcome for result in second_answer.results] == ["known", "held", "known"]
    assert second_answer.results[1].why == first.results[1].why


def test_a_batch_may_begin_with_what_is_known(laptop: Laptop) -> None:
    written = [laptop.write() for _ in range(4)]
    laptop.push(*written[:2])
    answer = laptop.push(*written)
    assert [result.outcome for result in answer.results] == ["known", "known", "stored", "stored"]
    assert laptop.receipt(answer).number == 4


def test_a_gap_is_refused_with_the_councils_last_link(laptop: Laptop) -> None:
    written = [laptop.write() for _ in range(4)]
    laptop.push(written[0])
    refused = refused_push(laptop, [to_wire(revision) for revision in written[2:]])
    assert (refused.status, refused.refusal.code) == (409, "gap")
    assert refused.refusal.have == Link(1, written[0].digest)


def test_a_batch_out_of_order_or_empty_is_refused(laptop: Laptop) -> None:
    first, second, third = (to_wire(laptop.write()) for _ in range(3))
    assert refused_push(laptop, [first, third, second]).refusal.code == "bad_request"
    assert refused_push(laptop, [first, first]).refusal.code == "bad_request"
    assert refused_push(laptop, []).refusal.code == "bad_request"
    laptop.push_wired([first, second, third])


def test_a_second_revision_of_one_number_stops_the_chain_and_both_are_kept(
    shared_council: CouncilServer, laptop: Laptop
) -> None:
    first = [laptop.write(), laptop.write()]
    laptop.push(*first)
    laptop.chain = first[:1]
    fork = laptop.write()
    for _ in range(2):
        assert refused_push(laptop, [to_wire(fork)]).refusal.code == "forked"
    assert len(evidence(shared_council, laptop.seat)) == 1
    assert laptop.have().have[laptop.seat] == Link(2, first[1].digest)
    onward = laptop.write()
    assert refused_push(laptop, [to_wire(onward)]).refusal.code == "forked"
    new = shared_council.laptop(person=laptop.person, continues=laptop.seat)
    new.push(new.write(change=lambda link: msgspec.structs.replace(link, previous=onward.digest)))


def test_a_bad_signature_in_the_middle_refuses_the_whole_batch(shared_council: CouncilServer, laptop: Laptop) -> None:
    written = [to_wire(laptop.write()) for _ in range(9)]
    head, payload, signature = written[4].jws.split(".")
    forged = f"{head}.{payload}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    spoilt = [*written[:4], msgspec.structs.replace(written[4], jws=forged), *written[5:]]
    refused = refused_push(laptop, spoilt)
    assert (refused.status, refused.refusal.code, refused.refusal.more["place"]) == (422, "not_authentic", 4)
    assert laptop.seat not in laptop.have().have
    assert len(evidence(shared_council, laptop.seat)) == 1
    laptop.push_wired(written)


def test_what_is_not_as_it_was_signed_is_not_authentic(shared_council: CouncilServer) -> None:
    spoils: tuple[Callable[[WireRevision], WireRevision], ...] = (
        lambda sent: msgspec.structs.replace(sent, body=str(sent.body).replace("supper", "dinner")),
        lambda sent: msgspec.structs.replace(sent, salt=urlsafe_b64encode(bytes(32)).decode()),
        lambda sent: msgspec.structs.replace(sent, body=None),
        lambda sent: msgspec.structs.replace(sent, jws="nothing"),
        lambda sent: msgspec.structs.replace(sent, jws="a.b.c"),
        lambda sent: msgspec.structs.replace(sent, jws="\u2603"),
        lambda sent: msgspec.structs.replace(sent, jws=sent.jws + "="),
        lambda sent: msgspec.structs.replace(sent, salt="?"),
        lambda sent: msgspec.structs.replace(sent, jws=sent.jws.replace(".", "!.", 1)),
    )
    laptop = shared_council.laptop()
    good = to_wire(laptop.write())
    for spoil in spoils:
        assert refused_push(laptop, [spoil(good)]).refusal.code == "not_authentic"
    laptop.push_wired([good])


@pytest.mark.parametrize("field", ["author", "device", "seat"])
def test_nobody_writes_in_anothers_name(shared_council: CouncilServer, laptop: Laptop, field: str) -> None:
    other = shared_council.laptop()
    theirs = {"author": other.person, "device": other.device, "seat": other.seat}[field]
    forged = laptop.write(change=lambda link: msgspec.structs.replace(link, **{field: theirs}))
    assert refused_push(laptop, [to_wire(forged)]).refusal.code == "not_authentic"


def test_a_chain_without_certificate_waits_for_one(laptop: Laptop) -> None:
    stranger = Laptop(laptop.url)
    refused = refused_push(laptop, [to_wire(stranger.write())], stranger.seat)
    assert (refused.status, refused.refusal.code) == (404, "unknown_seat")


def test_what_a_role_may_not_write_is_held_and_the_chain_goes_on(shared_council: CouncilServer) -> None:
    commissioner, reader = shared_council.laptop("G. Lloyd", "commissioner"), shared_council.laptop()
    poison, good = commissioner.write("practitioner", {"name": "H. Evans"}), commissioner.write("unknown_kind")
    answer = commissioner.push(poison, good)
    assert [result.outcome for result in answer.results] == ["held", "stored"]
    assert answer.results[0].why == "A commissioner may not write practitioners. Ask a manager to release it."
    assert commissioner.have().held == {poison.digest: answer.results[0].why}
    assert reader.have().held == {}
    assert reader.pull(reader.have().have, bodies=[poison.digest]).bodies == {}
    assert commissioner.pull(commissioner.have().have, bodies=[poison.digest]).bodies == {
        poison.digest: to_wire(poison)
    }
    assert poison.digest in {held.digest for held in quarantine(shared_council.admin)}
    release(shared_council.admin, poison.digest, "Agreed with the service manager.")
    assert commissioner.have().held == {}
    assert reader.pull(reader.have().have, bodies=[poison.digest]).bodies == {poison.digest: to_wire(poison)}
    assert commissioner.push(poison).results[0].outcome == "known"


def test_a_poison_revision_does_not_keep_others_waiting(shared_council: CouncilServer, laptop: Laptop) -> None:
    other = shared_council.laptop()
    bad = laptop.write(body=b"[" * 100_000)
    not_json = laptop.write(body=b"\xf0\x9f\x8e\x84")
    answer = laptop.push(bad, not_json, laptop.write())
    assert [result.outcome for result in answer.results] == ["held", "held", "stored"]
    assert other.push(other.write()).results[0].outcome == "stored"


def test_an_unknown_kind_is_kept_as_it_is_and_read_by_nobody_else(
    shared_council: CouncilServer, laptop: Laptop
) -> None:
    unknown = laptop.write("steering_group", {"new": "field"})
    newer = laptop.write(change=lambda link: msgspec.structs.replace(link, schema=99))
    odd = laptop.write("a\0b", {})
    assert [result.outcome for result in laptop.push(unknown, newer, odd).results] == ["stored", "stored", "held"]
    reader = shared_council.laptop()
    bodies = reader.pull(reader.have().have, bodies=[unknown.digest, newer.digest, odd.digest]).bodies
    assert bodies == {newer.digest: to_wire(newer)}


def test_a_commissioner_sees_the_chain_and_no_childs_record(shared_council: CouncilServer, laptop: Laptop) -> None:
    written = laptop.write()
    laptop.push(written)
    pulled = shared_council.laptop("I. Rees", "commissioner").pull_all()
    by_digest = {from_wire(wired).digest: wired for wired in pulled}
    assert by_digest[written.digest] == WireRevision(written.jws)
    assert any(wired.body for wired in pulled)


def test_a_first_pull_begins_with_the_councils_own_chain_and_is_in_order(
    shared_council: CouncilServer, laptop: Laptop
) -> None:
    laptop.push(*(laptop.write() for _ in range(30)))
    links = [from_wire(wired).envelope for wired in laptop.pull_all()]
    seats = list(dict.fromkeys(link.seat for link in links))
    assert seats[0] == shared_council.admin.seat
    for seat in seats:
        numbers = [link.number for link in links if link.seat == seat]
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_pull_gives_what_is_asked_for_and_says_how_much_is_left(laptop: Laptop) -> None:
    written = [laptop.write() for _ in range(30)]
    laptop.push(*written)
    have = laptop.have().have
    behind = {**have, laptop.seat: Link(10, written[9].digest)}
    answer = laptop.pull(behind, most=5)
    assert [from_wire(revision).envelope.number for revision in answer.revisions] == [11, 12, 13, 14, 15]
    assert answer.more == 15
    assert laptop.pull(have).revisions == []
    odd = {**have, "a\0b": Link(5, ""), laptop.seat: Link(2**52, "x")}
    assert laptop.pull(odd, bodies=["\0", "x" * 64, "é" * 64]).revisions == []
    for number in (2**53, -1):
        with pytest.raises(Refused) as refused:
            laptop.pull({laptop.seat: Link(number, "x")})
        assert refused.value.refusal.code == "bad_request"


def test_large_bodies_are_cut_into_answers_of_a_bearable_size(laptop: Laptop) -> None:
    text = "x" * (LARGEST_BODY - 300)
    written = [laptop.write(body=body_bytes({"happening": text}, ["happening"])) for _ in range(24)]
    for place in range(0, 24, 12):
        laptop.push(*written[place : place + 12])
    have = laptop.have().have
    del have[laptop.seat]
    answer = laptop.pull(have)
    assert 10 <= len(answer.revisions) <= 16
    assert answer.more == 24 - len(answer.revisions)


def test_a_body_larger_than_the_wire_carries_is_not_taken(laptop: Laptop) -> None:
    body = body_bytes({"happening": "x" * LARGEST_BODY}, ["happening"])
    assert refused_push(laptop, [to_wire(laptop.write(body=body))]).refusal.code == "not_authentic"


def test_the_author_cannot_leave_the_text_out(laptop: Laptop) -> None:
    written = laptop.write()
    assert refused_push(laptop, [WireRevision(written.jws)]).refusal.code == "bad_request"


def test_pushes_to_one_seat_at_the_same_time_keep_one_of_each(shared_council: CouncilServer, laptop: Laptop) -> None:
    written = [laptop.write() for _ in range(60)]
    hands = [laptop]
    for _ in range(5):
        hand = Laptop(shared_council.url)
        hand.seat, hand.token = laptop.seat, laptop.token
        hands.append(hand)

    def push(place: int) -> None:
        for start in range(0, 60, 10):
            with contextlib.suppress(Refused):
                hands[place].push(*written[max(0, start - place) : start + 10])

    with ThreadPoolExecutor(len(hands)) as pool:
        list(pool.map(push, range(len(hands))))
    assert laptop.have().have[laptop.seat] == Link(60, written[-1].digest)
    with shared_council.admin.store.reading() as connection:
        query = sa.select(t.envelope.c.digest).where(t.envelope.c.seat == laptop.seat).order_by(t.envelope.c.number)
        assert list(connection.scalars(query)) == [revision.digest for revision in written]
