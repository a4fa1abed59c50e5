"""A signature or an answer that is not for what it says is held back by the council, and named by its doctor once released."""

import hashlib
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from hipss_desktop.identity import reference
from hipss_desktop.records.chain import NO_LINK, Signer, link_of, next_revision
from hipss_desktop.records.revision import Action, Revision, body_bytes
from sync.council import tables as t
from sync.council.administration import release
from sync.council.doctor import examine
from sync.wire.messages import to_wire
from tests.helpers.council_client import Laptop, Refused
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.read_back_visit import DRAWN

NIGHTS = "You rang us 9 times last week."


class Table:
    """D. Marsh's laptop, a household, another one, a visit to the first, and another visit to it."""

    def __init__(self, council: CouncilServer) -> None:
        self.laptop: Laptop = council.laptop("D. Marsh", "supervising")
        self.home = self.laptop.write("carer", household("Jo", "Preece"))
        self.other = self.laptop.write("carer", household("Ann", "Colley"))
        self.visit = self.laptop.write("visit", self.of_visit())
        self.second = self.laptop.write("visit", self.of_visit())
        answer = self.laptop.push(self.home, self.other, self.visit, self.second)
        assert {result.outcome for result in answer.results} == {"stored"}

    def of_visit(self) -> dict[str, Any]:
        note = [{"id": "p2", "place": "5", "text": NIGHTS, "read_back": True}]
        return {"carer": self.home.envelope.record, "type": "planned", "note": note}

    def signature(self, **other: Any) -> dict[str, Any]:
        return {
            "visit": self.visit.envelope.record,
            "of": [self.visit.digest],
            "carer": self.home.envelope.record,
            "member": "m1",
            "name": "Jo Preece",
            "capacity": "carer",
            "how": "drawn",
            "strokes": DRAWN,
            "at": "2017-03-14T02:10:00+00:00",
            **other,
        }

    def reading(self, **other: Any) -> dict[str, Any]:
        row = {
            "id": "a1",
            "paragraph": "p2",
            "seen": hashlib.sha256(NIGHTS.encode()).hexdigest(),
            "member": "m1",
            "name": "Jo Preece",
            "answer": "agree",
            "at": "2017-03-14T02:10:00+00:00",
        }
        fields = {name: self.signature()[name] for name in ("visit", "of", "carer")}
        return {**fields, "began": "2017-03-14T02:00:00+00:00", "answers": [{**row, **other}]}


def household(given_name: str, family_name: str) -> dict[str, Any]:
    row = {
        "id": "m1" if family_name == "Preece" else "c1",
        "given_name": given_name,
        "family_name": family_name,
        "relation": "carer",
    }
    return {"members": [row]}


@pytest.fixture
def table(shared_council: CouncilServer) -> Table:
    return Table(shared_council)


def pushed(table: Table, *revisions: Revision) -> list[tuple[str, str]]:
    return [(result.outcome, result.why) for result in table.laptop.push(*revisions).results]


def test_what_is_as_it_says_is_stored(table: Table) -> None:
    laptop = table.laptop
    signed = laptop.write("signature", table.signature())
    worker = laptop.write("signature", table.signature(member="", capacity="worker", practitioner=laptop.person))
    read = laptop.write("reading", table.reading())
    assert [outcome for outcome, _ in pushed(table, signed, worker, read)] == ["stored"] * 3


MOVED: dict[str, Any] = {
    "to a version of another visit": lambda table: {"of": [table.second.digest]},
    "to a version of no visit": lambda table: {"of": [table.home.digest]},
    "to another visit": lambda table: {"visit": table.second.envelope.record},
    "to another household": lambda table: {"carer": table.other.envelope.record, "member": "c1"},
    "to a person of another household": lambda table: {"member": "c1"},
    "to a colleague besides": lambda table: {"practitioner": table.laptop.person},
    "to a member besides": lambda table: {"capacity": "worker", "practitioner": table.laptop.person},
    "to a colleague": lambda table: {"member": "", "capacity": "worker", "practitioner": "somebody-else"},
}


@pytest.mark.parametrize("moved", MOVED)
def test_a_signature_that_is_moved_is_held_back(table: Table, moved: str) -> None:
    forged = table.laptop.write("signature", table.signature(**MOVED[moved](table)))
    ((outcome, why),) = pushed(table, forged)
    assert outcome == "held", moved
    assert why.endswith(".")


def test_an_answer_to_words_that_the_version_does_not_say_is_held_back(table: Table) -> None:
    forged = table.laptop.write("reading", table.reading(seen="0" * 64))
    elsewhere = table.laptop.write("reading", table.reading(paragraph="p9"))
    stranger = table.laptop.write("reading", table.reading(member="c1"))
    assert [outcome for outcome, _ in pushed(table, forged, elsewhere, stranger)] == ["held"] * 3


def test_nobody_amends_a_signature_and_anybody_who_may_withdraws_one(
    table: Table, shared_council: CouncilServer
) -> None:
    signed = table.laptop.write("signature", table.signature())
    pushed(table, signed)
    record = signed.envelope.record
    amended = table.laptop.write(
        "signature", table.signature(name="Ann Colley"), record=record, parents=[signed], action="amend"
    )
    ((outcome, why),) = pushed(table, amended)
    assert (outcome, why) == ("held", "Nobody may amend signatures: each stands as it was given.")
    manager = shared_council.laptop("S. Lloyd", "manager")
    body = msgspec.json.encode({"fields": table.signature(), "changed": [], "why": "By mistake"})
    gone = manager.write("signature", {}, record=record, parents=[signed], action="withdraw", body=body)
    assert [result.outcome for result in manager.push(gone).results] == ["stored"]


@pytest.mark.parametrize("action", ["finish", "amend", "withdraw", "order"])
def test_nobody_amends_a_signature_by_beginning_it_a_second_time(
    table: Table, shared_council: CouncilServer, action: Action
) -> None:
    signed = table.laptop.write("signature", table.signature())
    pushed(table, signed)
    manager = shared_council.laptop("S. Lloyd", "manager")
    record = signed.envelope.record
    second_signature = manager.write("signature", table.signature(name="Ann Colley"), record=record, action=action)
    assert [result.why for result in manager.push(second_signature).results] == [
        "Nobody may amend signatures: each stands as it was given."
    ]
    release(shared_council.admin, second_signature.digest, "Let through to be looked at.")
    named = [finding.what for finding in examine(shared_council.admin).findings]
    assert f"Signature {reference('SG', record)} was amended, which nobody may." in named


def added(table: Table, **other: Any) -> bytes:
    (row,) = table.reading(**{"id": "a2", **other})["answers"]
    return body_bytes({"answers": [row]}, [f"answers/{row['id']}"])


def test_an_answer_is_judged_by_the_reading_it_is_added_to_whatever_it_says_it_follows(
    table: Table, shared_council: CouncilServer
) -> None:
    read = table.laptop.write("reading", table.reading())
    pushed(table, read)
    manager = shared_council.laptop("S. Lloyd", "manager")

    def outcome(parent: Revision, **row: Any) -> str:
        body, record = added(table, **row), read.envelope.record
        amendment = manager.write("reading", {}, record=record, parents=[parent], action="amend", body=body)
        return manager.push(amendment).results[0].outcome

    assert outcome(read) == "stored"
    assert outcome(read, id="a3", seen="0" * 64) == "held"
    assert outcome(table.visit, id="a4", seen="0" * 64) == "held"
    assert outcome(table.visit, id="a5", member="c1") == "held"
    assert outcome(read, id="a1", answer="disagree") == "held"
    assert outcome(table.visit, id="a1", answer="disagree") == "held"


def test_an_answer_that_comes_before_its_reading_is_judged_when_that_comes(
    table: Table, shared_council: CouncilServer
) -> None:
    read = table.laptop.write("reading", table.reading())
    manager = shared_council.laptop("S. Lloyd", "manager")
    rows: list[dict[str, Any]] = [{"seen": "0" * 64}, {"id": "a1", "answer": "disagree"}, {"id": "a3"}]
    answers = [
        manager.write(
            "reading", {}, record=read.envelope.record, parents=[read], action="amend", body=added(table, **row)
        )
        for row in rows
    ]
    assert [result.outcome for result in manager.push(*answers).results] == ["stored"] * 3
    assert [outcome for outcome, _ in pushed(table, read)] == ["stored"]
    assert [result.outcome for result in manager.push(*answers).results] == ["held", "held", "known"]


def rewrite(laptop: Laptop, revision: Revision, *parents: Revision) -> Revision:
    """What a seat that was begun again writes anew of what its former seat wrote: the same text and salt (``db.reseat``)."""
    former = revision.envelope
    new_revision = next_revision(
        link_of(laptop.chain[-1]) if laptop.chain else NO_LINK,
        Signer(laptop.person, laptop.device, laptop.seat, laptop.key),
        record=former.record,
        kind=former.kind,
        schema=former.schema,
        parents=[parent.digest for parent in parents],
        clock=former.clock,
        action=former.action,
        body=revision.body or b"",
        salt=revision.salt,
    )
    laptop.chain.append(new_revision)
    return new_revision


def test_a_copy_that_its_author_writes_under_another_seat_does_not_count_as_an_amendment(
    table: Table, shared_council: CouncilServer
) -> None:
    signed = table.laptop.write("signature", table.signature())
    read = table.laptop.write("reading", table.reading())
    answered = table.laptop.write(
        "reading", {}, record=read.envelope.record, parents=[read], action="amend", body=added(table)
    )
    assert [outcome for outcome, _ in pushed(table, signed, read, answered)] == ["stored"] * 3
    begun_again = shared_council.laptop("D. Marsh", "supervising", person=table.laptop.person)
    once_more = rewrite(begun_again, read)
    copies = [rewrite(begun_again, signed), rewrite(begun_again, answered, once_more)]
    assert [result.outcome for result in begun_again.push(once_more, *copies).results] == ["stored"] * 3
    stranger = shared_council.laptop("S. Lloyd", "manager")
    assert [result.outcome for result in stranger.push(rewrite(stranger, signed)).results] == ["held"]
    named = " ".join(finding.what for finding in examine(shared_council.admin).findings)
    for prefix, revision in (("SG", signed), ("RB", read)):
        assert reference(prefix, revision.envelope.record) not in named


def test_what_was_released_all_the_same_is_named_by_the_doctor(table: Table, shared_council: CouncilServer) -> None:
    forged = table.laptop.write("signature", table.signature(of=[table.second.digest]))
    pushed(table, forged)
    before = [finding.what for finding in examine(shared_council.admin).findings]
    release(shared_council.admin, forged.digest, "Let through to be looked at.")
    new = [finding.what for finding in examine(shared_council.admin).findings if finding.what not in before]
    assert len(new) == 1
    assert new[0].startswith("Signature SG-")
    assert new[0].endswith("does not agree with the record it is for: ‘For which version’.")


def test_any_byte_that_is_flipped_on_the_wire_is_refused(table: Table) -> None:
    for kind, fields in (("signature", table.signature()), ("reading", table.reading()), ("visit", table.of_visit())):
        good = to_wire(table.laptop.write(kind, fields))
        assert good.body is not None
        for at in range(0, len(good.body), 7):
            for part in ("body", "jws"):
                text = getattr(good, part)
                place = at % len(text)
                flipped = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
                with pytest.raises(Refused) as refused:
                    table.laptop.push_wired([msgspec.structs.replace(good, **{part: flipped})])
                assert refused.value.refusal.code in ("not_authentic", "bad_request"), (kind, part, place)
        table.laptop.push_wired([good])


def test_any_byte_that_is_flipped_in_the_councils_store_is_named(council_folder: CouncilServer) -> None:
    council_folder.start()
    try:
        table = Table(council_folder)
        revisions = [table.laptop.write("signature", table.signature()), table.laptop.write("reading", table.reading())]
        pushed(table, *revisions)
    finally:
        council_folder.stop()
    admin = council_folder.admin
    assert examine(admin).findings == []
    drop = "" if admin.store.embedded else " ON body"
    with admin.store.writing() as connection:
        connection.execute(sa.text(f"DROP TRIGGER body_update{drop}"))
    for revision in (*revisions, table.visit):
        row = t.body.c.digest == revision.digest
        with admin.store.reading() as connection:
            sealed = connection.scalar(sa.select(t.body.c.sealed).where(row))
        assert sealed is not None
        for place in range(0, len(sealed), 97):
            flipped = bytearray(sealed)
            flipped[place] ^= 1
            for content in (bytes(flipped), sealed):
                with admin.store.writing() as connection:
                    connection.execute(sa.update(t.body).where(row).values(sealed=content))
                damaged_digests = {
                    finding.digest
                    for finding in examine(admin).findings
                    if finding.what.startswith(("A version or its text", "The key of a text"))
                }
                assert damaged_digests == ({revision.digest} if content != sealed else set()), place
