"""Whatever is changed in a signature, a stroke, an answer or the version it is for is named by doctor of the laptop."""

from typing import Any

import pytest

from db import guards
from db.doctor import examine
from db.store import LaptopStore
from hipss_desktop.kinds.reading import READING
from hipss_desktop.kinds.signature import SIGNATURE
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.held_here import HeldHere
from hipss_desktop.views.services import Services
from tests.helpers.read_back_visit import DRAWN, as_worker, finished_visit, member
from tests.helpers.store_fixtures import SetClock

EVERY = 61
"""Bytes: each is prime to what stands in a body, so that labels, digests, words and strokes are all hit."""


@pytest.fixture
def signed(services: Services, clock: SetClock) -> tuple[Services, str]:
    worker = as_worker(services, clock)
    visit, reading, jo = finished_visit(worker), worker.reading_back, member(worker, "Jo")
    back = reading.answer(reading.read(visit), jo, "p2", "own_words", "He is not kept out.")
    reading.sign(back, jo, "drawn", strokes=DRAWN)
    return worker, visit


def findings(store: LaptopStore) -> list[str]:
    return [finding.problem for finding in examine(store).findings if finding.problem != guards.MISSING]


def revisions(services: Services, visit: str) -> dict[str, Revision]:
    """The revisions of the visit, the reading and the signature."""
    (read,), (signature,) = services.store.records_of(READING.name), services.store.records_of(SIGNATURE.name)
    return {
        name: services.store.revisions(record)[0]
        for name, record in (("visit", visit), ("reading", read.record), ("signature", signature.record))
    }


@pytest.mark.parametrize("which", ["visit", "reading", "signature"])
def test_any_byte_that_is_flipped_in_the_store_is_named(signed: tuple[Services, str], which: str) -> None:
    services, visit = signed
    store = services.store
    assert isinstance(store, LaptopStore)
    revision = revisions(services, visit)[which]
    assert revision.body is not None
    assert findings(store) == []
    with store.storage.writing() as connection:
        for trigger in guards.held(connection):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
    changes: list[tuple[str, Any, Any]] = []
    for place in range(0, len(revision.body), EVERY):
        flipped = bytearray(revision.body)
        flipped[place] ^= 1
        changes.append(("UPDATE body SET content = ? WHERE digest = ?", bytes(flipped), revision.body))
    for place in range(0, len(revision.jws), EVERY * 3):
        other_letter = "A" if revision.jws[place] != "A" else "B"
        text = revision.jws[:place] + other_letter + revision.jws[place + 1 :]
        changes.append(("UPDATE envelope SET jws = ? WHERE digest = ?", text, revision.jws))
    for statement, changed, original in changes:
        for content in (changed, original):
            with store.storage.writing() as connection:
                connection.exec_driver_sql(statement, (content, revision.digest))
            assert bool(findings(store)) == (content != original)


FORGED: dict[str, dict[str, Any]] = {
    "for a version of no record": {"of": ["0" * 64]},
    "of somebody who is not of the household": {"member": "nobody"},
    "of a colleague": {"member": "", "capacity": "worker", "practitioner": "somebody-else"},
}


def fields_of(services: Services) -> dict[str, Any]:
    (signature,) = services.store.records_of(SIGNATURE.name)
    return dict(signature.fields)


@pytest.mark.parametrize("how", FORGED)
def test_a_signature_that_another_program_forged_is_named(signed: tuple[Services, str], how: str) -> None:
    services, _ = signed
    fields = {**fields_of(services), **FORGED[how]}
    with services.store.write() as unit:
        unit.append(
            record="forged", kind=SIGNATURE.name, action="finish", fields=fields, changed=sorted(fields), parents=()
        )
    assert isinstance(services.store, LaptopStore)
    (sentence,) = findings(services.store)
    assert sentence.startswith("Signature SG-")
    assert "does not agree with the record it is for" in sentence


def test_a_signature_that_another_program_amended_is_named(signed: tuple[Services, str]) -> None:
    services, _ = signed
    (signature,) = services.store.records_of(SIGNATURE.name)
    fields = {**signature.fields, "name": "Ann Colley"}
    with services.store.write() as unit:
        unit.append(
            record=signature.record,
            kind=SIGNATURE.name,
            action="amend",
            fields=fields,
            changed=["name"],
            parents=signature.heads,
            why="x",
        )
    assert isinstance(services.store, LaptopStore)
    (sentence,) = findings(services.store)
    assert sentence.endswith("was amended, which nobody may.")


def test_an_answer_that_another_program_forged_is_named(signed: tuple[Services, str]) -> None:
    services, _ = signed
    (reading,) = services.store.records_of(READING.name)
    forged = {**reading.fields["answers"][0], "id": "forged", "seen": "0" * 64}
    with services.store.write() as unit:
        unit.append(
            record=reading.record,
            kind=READING.name,
            action="amend",
            fields={"answers": [forged]},
            changed=["answers/forged"],
            parents=reading.heads,
        )
    assert isinstance(services.store, LaptopStore)
    (sentence,) = findings(services.store)
    assert sentence.startswith("Reading back RB-")
    assert "‘Answers’" in sentence


def test_of_what_is_not_here_nothing_is_known(signed: tuple[Services, str]) -> None:
    others = HeldHere(signed[0].store)
    assert others.record_of("0" * 64) == ""
    assert others.revisions("nowhere") == []
