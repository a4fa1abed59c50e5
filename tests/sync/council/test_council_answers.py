"""A laptop that lies to the council: it gains nobody's name, and no record under another kind's rules."""

from functools import partial

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.identity import record_id
from hipss_desktop.kinds.council import RELEASE
from hipss_desktop.records.revision import Revision
from sync.council.administration import quarantine, release
from sync.council.chain import own_chain, state_of
from sync.council.doctor import examine
from sync.wire.messages import ENROL_PATH, Enrolled, from_wire
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer


def test_a_code_for_somebody_new_does_not_let_a_laptop_take_a_known_persons_name(shared_council: CouncilServer) -> None:
    known = shared_council.laptop("G. Known")
    code = shared_council.invite("H. Newcomer")
    for continues in ("", known.seat):
        liar = Laptop(shared_council.url, person=known.person, continues=continues)
        liar.look(code)
        with pytest.raises(Refused) as refused:
            liar.post(ENROL_PATH, liar.enrol_request(code), Enrolled)
        assert refused.value.refusal.code == "wrong_person"
    honest = Laptop(shared_council.url)
    first = honest.enrol(code)
    assert honest.post(ENROL_PATH, honest.enrol_request(code), Enrolled).certificate == first


def test_a_record_is_not_changed_under_the_name_of_another_kind(shared_council: CouncilServer) -> None:
    writer, other = shared_council.laptop("A. Bevan", "manager"), shared_council.laptop("C. Powell")
    record = record_id()
    child = writer.write("child", {"given_name": "Kai"}, record=record)
    writer.push(child)
    disguised = [
        other.write("contact", {"given_name": "Somebody else"}, record=record, parents=[child], action="amend"),
        other.write("no_kind_of_ours", {"given_name": "Nobody"}, record=record, parents=[child], action="amend"),
    ]
    honest = other.write("contact", {"happening": "Rang about supper."})
    results = {result.digest: result for result in other.push(*disguised, honest).results}
    assert [results[revision.digest].outcome for revision in disguised] == ["held", "held"]
    assert results[honest.digest].outcome == "stored"
    assert "another kind of record" in results[disguised[0].digest].why
    came = {revision.digest: revision for revision in map(from_wire, writer.pull_all())}
    assert [came[revision.digest].body for revision in disguised] == [None, None]


def disguised_contact(council: CouncilServer) -> tuple[str, Laptop, Laptop, Revision]:
    """A child that a manager wrote, and a contact under its name by somebody on call, which is held back."""
    writer, other = council.laptop("A. Bevan", "manager"), council.laptop("C. Powell")
    record = record_id()
    child = writer.write("child", {"given_name": "Kai"}, record=record)
    writer.push(child)
    disguised = other.write("contact", {"advice": "Ring back."}, record=record, parents=[child], action="amend")
    other.push(disguised)
    return record, writer, other, disguised


def test_a_revision_of_another_kind_than_its_record_is_not_released(shared_council: CouncilServer) -> None:
    record, *_, disguised = disguised_contact(shared_council)
    with pytest.raises(UserError, match="written as another kind than its record"):
        release(shared_council.admin, disguised.digest, "Looked at.")
    assert disguised.digest in {held.digest for held in quarantine(shared_council.admin)}
    assert not any(record in finding.what for finding in examine(shared_council.admin).findings)


def test_of_a_record_that_is_held_back_whole_only_one_kind_is_released(shared_council: CouncilServer) -> None:
    first, second = (shared_council.laptop(name, "commissioner") for name in ("G. Lloyd", "H. Evans"))
    record = record_id()
    carer = first.write("carer", {"address": "1 Mill Lane"}, record=record)
    child = second.write("child", {"given_name": "Kai"}, record=record)
    first.push(carer)
    second.push(child)
    release(shared_council.admin, child.digest, "Looked at.")
    with pytest.raises(UserError, match="written as another kind than its record"):
        release(shared_council.admin, carer.digest, "Looked at.")


def test_what_an_older_program_released_does_not_change_the_kind_of_a_record_and_is_named(
    council_server: CouncilServer,
) -> None:
    record, writer, other, disguised = disguised_contact(council_server)
    assert examine(council_server.admin).findings == []
    with own_chain(council_server.admin) as chain:
        chain.append(RELEASE, {"digest": disguised.digest, "why": "Looked at."})
    second_amendment = other.write("contact", {"advice": "Do not."}, record=record, parents=[disguised], action="amend")
    true = writer.write("child", {"given_name": "Kai M."}, record=record, parents=[disguised], action="amend")
    assert [result.outcome for result in other.push(second_amendment).results] == ["held"]
    assert [result.outcome for result in writer.push(true).results] == ["stored"]
    assert [finding.what for finding in examine(council_server.admin).findings] == [
        f"The record {record} is written as more than one kind."
    ]


def test_a_beginning_of_another_kind_that_an_older_program_released_does_not_take_the_record(
    council_server: CouncilServer,
) -> None:
    writer, other = council_server.laptop("A. Bevan", "manager"), council_server.laptop("C. Powell")
    record = record_id()
    carer = other.write("carer", {"address": "1 Mill Lane"}, record=record)
    child = writer.write("child", {"given_name": "Kai"}, record=record)
    assert [result.outcome for result in other.push(carer).results] == ["held"]
    assert [result.outcome for result in writer.push(child).results] == ["stored"]
    with own_chain(council_server.admin) as chain:
        chain.append(RELEASE, {"digest": carer.digest, "why": "Looked at."})
    true = writer.write("child", {"given_name": "Kai M."}, record=record, parents=[child], action="amend")
    assert [result.outcome for result in writer.push(true).results] == ["stored"]


def test_what_amends_a_child_under_another_kind_and_comes_first_after_a_restore_does_not_hide_the_child(
    shared_council: CouncilServer,
) -> None:
    writer, other = shared_council.laptop("A. Bevan", "manager"), shared_council.laptop("C. Powell")
    record = record_id()
    child = writer.write("child", {"given_name": "Kai"}, record=record)
    disguised = other.write("contact", {"advice": "Ring back."}, record=record, parents=[child], action="amend")
    assert [result.outcome for result in other.push(disguised).results] == ["stored"]
    assert [result.outcome for result in writer.push(child).results] == ["stored"]
    assert disguised.digest in {held.digest for held in quarantine(shared_council.admin)}
    with shared_council.admin.store.reading() as connection:
        assert state_of(connection, "child", record) is not None


def test_a_child_whose_amendment_comes_first_after_a_restore_is_not_hidden_either(
    shared_council: CouncilServer,
) -> None:
    writer, amender = shared_council.laptop("A. Bevan", "manager"), shared_council.laptop("S. Lloyd", "manager")
    other, record = shared_council.laptop("C. Powell"), record_id()
    child = writer.write("child", {"given_name": "Kai"}, record=record)
    amended = amender.write("child", {"given_name": "Kai M."}, record=record, parents=[child], action="amend")
    disguised = other.write("contact", {"advice": "Do not."}, record=record, parents=[child], action="amend")
    other.push(disguised)
    amender.push(amended)
    assert [result.outcome for result in writer.push(child).results] == ["stored"]
    held = {held.digest for held in quarantine(shared_council.admin)}
    assert disguised.digest in held
    assert child.digest not in held


@pytest.mark.parametrize("order", [("child", "contact"), ("contact", "child")], ids=" first, then ".join)
def test_what_amends_a_child_that_is_held_back_under_another_kind_is_held_too(
    shared_council: CouncilServer, order: tuple[str, str]
) -> None:
    writer, other, record = shared_council.laptop("A. Bevan"), shared_council.laptop("C. Powell"), record_id()
    child = writer.write("carer", {"family_name": "Moss"}, record=record)  # which her role may not write
    contact = other.write("contact", {"advice": "Do not."}, record=record, parents=[child], action="amend")
    pushes = {"child": partial(writer.push, child), "contact": partial(other.push, contact)}
    for name in order:
        pushes[name]()
    assert {child.digest, contact.digest} <= {held.digest for held in quarantine(shared_council.admin)}


def test_a_record_that_was_released_is_not_taken_by_another_kind(shared_council: CouncilServer) -> None:
    writer, other, record = shared_council.laptop("A. Bevan"), shared_council.laptop("C. Powell"), record_id()
    carer = writer.write("carer", {"family_name": "Moss"}, record=record)  # which her role may not write
    assert [result.outcome for result in writer.push(carer).results] == ["held"]
    release(shared_council.admin, carer.digest, "Looked at.")
    contact = other.write("contact", {"advice": "Do not."}, record=record, parents=[carer], action="amend")
    amendment = other.write("contact", {"advice": "Do not."}, record=record, parents=[contact], action="amend")
    assert [result.outcome for result in other.push(contact, amendment).results] == ["held", "held"]


def test_a_second_kind_of_one_record_in_one_batch_is_held_too(shared_council: CouncilServer) -> None:
    laptop, record = shared_council.laptop("A. Bevan"), record_id()
    first = laptop.write("contact", {"happening": "Rang about supper."}, record=record)
    second = laptop.write("action", {"what": "Ring back"}, record=record, parents=[first], action="amend")
    assert [result.outcome for result in laptop.push(first, second).results] == ["stored", "held"]


def test_a_child_that_came_after_another_kind_under_its_identifier_is_let_through_instead_for_good(
    council_server: CouncilServer,
) -> None:
    writer, other = council_server.laptop("A. Bevan", "manager"), council_server.laptop("C. Powell")
    record = record_id()
    child = writer.write("child", {"given_name": "Kai"}, record=record)
    amended = writer.write("child", {"given_name": "Kai M."}, record=record, parents=[child], action="amend")
    contact = other.write("contact", {"happening": "Rang about supper."}, record=record)
    assert [result.outcome for result in other.push(contact).results] == ["stored"]
    assert [result.outcome for result in writer.push(child, amended).results] == ["held", "held"]
    with pytest.raises(UserError, match="--instead"):
        release(council_server.admin, child.digest, "Looked at.")
    council_server.run("release", child.digest, "--why", "This is Kai.", "--instead")
    second_contact = other.write("contact", {"happening": "Rang again."}, record=record)
    more = other.write("contact", {"advice": "Do not."}, record=record, parents=[child], action="amend")
    assert [result.outcome for result in other.push(second_contact, more).results] == ["held", "held"]
    later = writer.write("child", {"given_name": "Kai Marsh"}, record=record, parents=[amended], action="amend")
    assert [result.outcome for result in writer.push(later).results] == ["stored"]
    held = {held.digest for held in quarantine(council_server.admin)}
    assert held == {contact.digest, second_contact.digest, more.digest}
    with council_server.admin.store.reading() as connection:
        state = state_of(connection, "child", record)
        assert state is not None
        assert state.fields["given_name"] == "Kai Marsh"
        assert state_of(connection, "contact", record) is None
    assert examine(council_server.admin).findings == []


def test_nothing_is_let_through_instead_of_what_was_released_before(council_server: CouncilServer) -> None:
    writer, other = council_server.laptop("A. Bevan", "manager"), council_server.laptop("C. Powell")
    record = record_id()
    contact = other.write("contact", {"happening": "Rang about supper."}, record=record)
    other.push(contact)
    child = writer.write("child", {"given_name": "Kai"}, record=record)
    assert [result.outcome for result in writer.push(child).results] == ["held"]
    with own_chain(council_server.admin) as chain:
        before = chain.append(RELEASE, {"digest": contact.digest, "why": "Looked at."})
    with pytest.raises(UserError, match="for good"):
        release(council_server.admin, child.digest, "Looked at.", instead=True)
    with own_chain(council_server.admin) as chain:
        assert chain.link.digest == before.digest
    assert [held.digest for held in quarantine(council_server.admin)] == [child.digest]
