"""Joining a laptop to the council."""

import hashlib

import pytest
import sqlalchemy as sa

from hipss_desktop.kinds.council import CERTIFICATE
from sync.council import enrolment
from sync.council import tables as t
from sync.council.chain import states
from sync.wire import codes
from sync.wire.messages import ENROL_PATH, LOOK_PATH, Enrolled, Look, Signed, from_wire
from sync.wire.tokens import enrolment_proof
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer


def test_a_look_tells_who_the_council_is_and_uses_nothing_up(shared_council: CouncilServer) -> None:
    laptop = Laptop(shared_council.url)
    code = shared_council.invite("C. Powell", "supervising")
    for _ in range(3):
        offer = laptop.look(code)
    assert (offer.name, offer.role, offer.council) == ("C. Powell", "supervising", "Test council")
    assert offer.seat == shared_council.admin.seat


def test_enrolling_gives_a_certificate_in_the_councils_chain(shared_council: CouncilServer) -> None:
    laptop = Laptop(shared_council.url)
    certificate = from_wire(laptop.enrol(shared_council.invite("D. Hughes", "Lead practitioner")))
    content = certificate.content()
    assert certificate.envelope.kind == CERTIFICATE.name
    assert certificate.envelope.seat == shared_council.admin.seat
    assert content is not None
    assert content.fields["role"] == "lead"
    assert content.fields["seat"] == laptop.seat


def test_a_person_who_joins_becomes_known_by_name_to_all_laptops(shared_council: CouncilServer) -> None:
    laptop = shared_council.laptop("E. Morgan")
    with shared_council.admin.store.reading() as connection:
        state = states(connection, "practitioner")[laptop.person]
    assert state.fields["name"] == "E. Morgan"
    second = Laptop(shared_council.url, person=laptop.person)
    second.enrol(shared_council.invite("E. Morgan", person=laptop.person))
    with shared_council.admin.store.reading() as connection:
        assert states(connection, "practitioner")[laptop.person].heads == state.heads


def test_an_invitation_by_a_known_name_is_for_the_person_of_that_name(shared_council: CouncilServer) -> None:
    laptop = shared_council.laptop("Unusual Name")
    assert Laptop(shared_council.url).look(shared_council.invite("unusual  name", person="")).person == laptop.person


def test_the_same_enrolment_again_gives_the_same_certificate(shared_council: CouncilServer) -> None:
    laptop = Laptop(shared_council.url)
    code = shared_council.invite()
    first = laptop.enrol(code)
    second_certificate = laptop.post(ENROL_PATH, laptop.enrol_request(code), Enrolled).certificate
    assert second_certificate == first


@pytest.mark.parametrize("change", ["used", "wrong", "expired"])
def test_an_invalid_code_is_refused_at_both_steps(shared_council: CouncilServer, change: str) -> None:
    code = shared_council.invite()
    if change == "used":
        Laptop(shared_council.url).enrol(code)
    if change == "wrong":
        code = codes.written(codes.new_secret(), shared_council.admin.home.public)
    if change == "expired":
        code = enrolment.invite(shared_council.admin, "A. Bevan", "on_call", person="new", hours=1e-9).code
    laptop = Laptop(shared_council.url)
    with pytest.raises(Refused) as looked:
        laptop.post(LOOK_PATH, Look(codes.read(code)[0]), Signed)
    with pytest.raises(Refused) as enrolled:
        laptop.post(ENROL_PATH, laptop.enrol_request(code), Enrolled)
    assert looked.value.refusal.code == enrolled.value.refusal.code == "unknown_code"


def test_a_code_for_one_person_does_not_enrol_another(shared_council: CouncilServer) -> None:
    known = shared_council.laptop("F. Price")
    laptop = Laptop(shared_council.url)
    code = shared_council.invite("F. Price", person=known.person)
    with pytest.raises(Refused) as refused:
        laptop.enrol(code)
    assert refused.value.refusal.code == "wrong_person"
    Laptop(shared_council.url, person=known.person).enrol(code)


def test_a_seat_cannot_go_on_from_somebody_elses(shared_council: CouncilServer) -> None:
    other = shared_council.laptop()
    with pytest.raises(Refused) as refused:
        shared_council.laptop(continues=other.seat)
    assert refused.value.refusal.code == "wrong_person"


def test_a_key_that_was_not_signed_with_is_not_certified_and_the_code_stays_good(shared_council: CouncilServer) -> None:
    laptop, thief = Laptop(shared_council.url), Laptop(shared_council.url)
    code = shared_council.invite()
    for proof in (enrolment_proof(codes.read(code)[0], thief.key), enrolment_proof("another", laptop.key), "x.y.z", ""):
        with pytest.raises(Refused) as refused:
            laptop.post(ENROL_PATH, laptop.enrol_request(code, proof=proof), Enrolled)
        assert refused.value.refusal.code == "not_authentic"
    laptop.enrol(code)


@pytest.mark.parametrize("field", ["seat", "person", "device", "continues", "laptop"])
def test_names_that_no_laptop_gives_are_refused(shared_council: CouncilServer, field: str) -> None:
    laptop = Laptop(shared_council.url)
    with pytest.raises(Refused) as refused:
        laptop.post(ENROL_PATH, laptop.enrol_request(shared_council.invite(), **{field: "a\0b"}), Enrolled)
    assert refused.value.status == 400


def test_the_deposited_recovery_key_is_kept_for_the_council(shared_council: CouncilServer) -> None:
    laptop = shared_council.laptop()
    assert shared_council.json("device", "recovery", laptop.seat, "--by", laptop.person)["recovery"] == "ABCDE-FGHJK"


def test_a_code_is_kept_under_a_key_that_no_database_holds_and_one_of_before_still_joins(
    council_folder: CouncilServer,
) -> None:
    codes_of_before = [council_folder.invite(f"{initial}. Newcomer") for initial in "AB"]
    secrets = [codes.read(code)[0] for code in codes_of_before]
    with council_folder.admin.store.writing() as connection:
        stored_secrets = connection.scalars(sa.select(t.invite.c.secret)).all()
        for digest in [hashlib.sha256(secret.encode()).hexdigest() for secret in secrets]:
            assert not any(digest in row for row in stored_secrets)
        connection.execute(sa.delete(t.invite).where(t.invite.c.name == "A. Newcomer"))
        change = sa.update(t.invite).where(t.invite.c.name == "B. Newcomer")
        connection.execute(change.values(secret=hashlib.sha256(secrets[1].encode()).hexdigest()))
    council_folder.start()
    laptop = Laptop(council_folder.url)
    assert laptop.enrol(codes_of_before[1]).jws
    with council_folder.admin.store.reading() as connection:
        stored_secrets = connection.scalars(sa.select(t.invite.c.secret)).all()
    assert hashlib.sha256(secrets[1].encode()).hexdigest() not in stored_secrets
