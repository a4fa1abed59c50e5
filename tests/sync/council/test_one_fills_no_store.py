"""A laptop gone wild fills no store: what is kept of it is bounded, and said when the bound is reached."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from hipss_desktop.records.revision import body_bytes
from sync.council import receive
from sync.council import tables as t
from sync.wire.messages import ENROL_PATH, Enrol, Enrolled, WireRevision
from sync.wire.tokens import enrolment_proof, public_x, voucher
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.stations import Station

MEGABYTE = 1024 * 1024


def evidence(council: CouncilServer) -> list[tuple[int, int]]:
    """Of each piece the number of bytes of its JWS and of its body."""
    size = sa.func.coalesce(sa.func.length(t.evidence.c.sealed), 0)
    with council.admin.store.reading() as connection:
        rows = connection.execute(sa.select(sa.func.length(t.evidence.c.jws), size)).all()
        return [(int(jws), int(body)) for jws, body in rows]


def successor(former: Laptop) -> Laptop:
    """A seat of the same person on the same laptop, which the former one has spoken for."""
    new = Laptop(former.url, person=former.person, continues=former.seat)
    new.device = former.device
    return new


def join_by_voucher(former: Laptop, new: Laptop) -> Enrolled:
    request = Enrol(
        code="",
        seat=new.seat,
        person=new.person,
        device=new.device,
        laptop="On-call laptop 1",
        key=public_x(new.key),
        wire_key=public_x(new.wire_key),
        proof=enrolment_proof(new.seat, new.key),
        continues=new.continues,
        voucher=voucher(new.seat, new.key, new.wire_key, former.key),
    )
    return new.post(ENROL_PATH, request, Enrolled)


def test_what_is_refused_is_kept_up_to_a_bound_for_each_person_and_then_by_its_digest(
    council_server: CouncilServer,
) -> None:
    wild, honest = council_server.laptop(), council_server.laptop("C. Powell")
    second = successor(wild)
    join_by_voucher(wild, second)
    second.ask_token()
    for place in range(6):
        laptop = (wild, second)[place % 2]
        forged = WireRevision(f"{place}" + "x" * (4 * MEGABYTE), "no body", "AAAA")
        with pytest.raises(Refused) as refused:
            laptop.push_wired([forged], laptop.seat)
        assert refused.value.refusal.code == "not_authentic"
    pieces = evidence(council_server)
    assert len(pieces) == 6
    assert sum(jws + body for jws, body in pieces) <= receive.LARGEST_EVIDENCE
    assert sorted(jws > 0 for jws, _ in pieces) == [False] * 3 + [True] * 3
    with pytest.raises(Refused):
        honest.push_wired([WireRevision("another" + "x" * 1000)], honest.seat)
    assert (1007, 0) in evidence(council_server)


def test_a_seat_is_gone_on_from_a_few_times_a_day(council_server: CouncilServer) -> None:
    seats = [council_server.laptop()]
    for _ in range(5):
        seats.append(successor(seats[-1]))
        first = join_by_voucher(*seats[-2:])
    with pytest.raises(Refused) as refused:
        join_by_voucher(seats[-1], successor(seats[-1]))
    assert refused.value.refusal.code == "too_fast"
    assert "tomorrow" in refused.value.refusal.detail
    assert join_by_voucher(*seats[-2:]) == first  # the same request again
    other = council_server.laptop("C. Powell")
    assert join_by_voucher(other, successor(other)).certificate.jws


def test_what_one_person_stores_in_a_day_is_bounded_and_said_and_the_rest_of_the_exchange_goes_on(
    council_folder: CouncilServer, tmp_path: Path
) -> None:
    council_folder.settings(a_day={"megabytes": 1})
    council_folder.start()
    wild = Station(tmp_path / "wild").join(council_folder)
    other = council_folder.laptop("C. Powell")
    theirs = other.write()
    other.push(theirs)
    for _ in range(8):
        wild.write("Rang about supper. " * 10_000)
    done = wild.sync()
    assert done.problems == [
        "The council stores at most 1 MB of one person's records in a day. "
        "What waits stays on this laptop and is sent tomorrow."
    ]
    assert wild.opened.store.waiting().waiting > 0
    assert theirs.envelope.record in wild.states()
    with council_folder.admin.store.reading() as connection:
        assert 0 < (connection.scalar(sa.select(sa.func.max(t.stored.c.bytes))) or 0) <= MEGABYTE
    large = other.write(body=body_bytes({"happening": "x" * 100_000}, ["happening"]))
    assert other.push(large).results[0].outcome == "stored"
    wild.close()
