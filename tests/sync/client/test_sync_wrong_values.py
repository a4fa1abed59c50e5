"""A seat that may write signs answers that fit no field, over the real wire: the council and two laptops go on.

Nothing is held back for an answer; ``doctor`` names where it stands; the record can be amended back to sense.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from db.doctor import examine
from hipss_desktop import identity
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.council import ORDERS
from hipss_desktop.records.revision import Revision
from sync.council.administration import release
from sync.council.chain import states
from sync.wire.messages import LARGEST_BATCH
from tests.helpers.council_client import Laptop
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.stations import Station
from tests.helpers.wrong_values import NOT_HERE, SURROGATE, good, signed_bytes, wrong_bodies
from tests.sync.client.conftest import MakeStation

VALUES = ("a great number", "object", "rows among other things", "no such day", "list of text and number", "deep")
OWN_KINDS = [kind for kind in KINDS.values() if kind not in ORDERS]


def signed(seat: Laptop, kind: str, fields: dict[str, Any], **more: Any) -> Revision:
    """Sign a body as another program would."""
    return seat.write(kind, fields, body=signed_bytes(fields, sorted(fields)), **more)


def push(seat: Laptop, revisions: list[Revision]) -> dict[str, str]:
    """Push them, a batch at a time; what became of each."""
    outcomes: dict[str, str] = {}
    for start in range(0, len(revisions), LARGEST_BATCH):
        answer = seat.push(*revisions[start : start + LARGEST_BATCH])
        outcomes |= {result.digest: result.outcome for result in answer.results}
    return outcomes


@pytest.fixture
def seat(council: CouncilServer) -> Laptop:
    """A seat whose program is not ours."""
    return council.laptop("D. Marsh", "manager")


@pytest.fixture
def two(council: CouncilServer, station: MakeStation) -> tuple[Station, Station]:
    """Two laptops of people who may write what they read."""
    return station().join(council, role="manager"), station("C. Powell").join(council, role="manager")


def test_answers_that_fit_no_field_are_stored_and_sent_on_and_everybody_goes_on(
    council: CouncilServer, seat: Laptop, two: tuple[Station, Station], tmp_path: Path
) -> None:
    written: list[Revision] = []
    for kind in OWN_KINDS:
        if kind.agrees:
            continue  # doctor rightly names what such a record says of another one that is not here
        for wrong in wrong_bodies(kind, lambda _: NOT_HERE, NOT_HERE, NOT_HERE):
            if wrong.value in VALUES:
                written.append(signed(seat, kind.name, dict(wrong.body)))
    assert set(push(seat, written).values()) == {"stored"}
    first, second = two
    for laptop in two:
        laptop.sync()
        for revision in written:
            content, stored_record = revision.content(), laptop.get(revision.envelope.record)
            assert content is not None
            assert stored_record.state == "sent"
            assert laptop.opened.services.record_views.view(revision.envelope.record) is not None
            answers = {name: value for name, value in content.fields.items() if value is not None}
            assert stored_record.fields == answers
    later = first.write("Rang about supper.").envelope.record
    first.sync()
    second.sync()
    assert second.get(later).fields["happening"] == "Rang about supper."
    assert first.findings() == second.findings() == []

    unread = {revision.envelope.record for revision in written if _misfits(revision)}
    assert unread <= {unreadable_record.record for unreadable_record in examine(first.opened.store).unreadable}
    doctor_report = council.json("doctor")
    assert doctor_report["findings"] == []
    assert unread <= {entry["record"] for entry in doctor_report["unreadable"]}
    sheet = tmp_path / "children.csv"
    sheet.write_text("First name,Family name,Service number,Date of birth\nNia,Pugh,HIPSS-901,02/05/2009\n")
    assert "Would add 1" in council.run("import", "child", str(sheet), "--dry-run")


def _misfits(revision: Revision) -> bool:
    content = revision.content()
    return content is not None and bool(KINDS[revision.envelope.kind].misfits(content.fields))


def test_doctor_names_the_record_of_a_wrong_value_and_an_amendment_corrects_it(
    council: CouncilServer, seat: Laptop, two: tuple[Station, Station]
) -> None:
    first, second = two
    fields = good(CHILD, lambda _: "") | {
        "given_name": "Tegan", "known_as": 1.5, "born": "2017-13-45", "who_to_call": [{"id": "r1", "number": 112}, "Gran"],
    }  # fmt: skip
    revision = signed(seat, "child", fields)
    record = revision.envelope.record
    reference = identity.reference("CH", record)
    push(seat, [revision])
    first.sync()
    [named] = [
        unreadable_record
        for unreadable_record in examine(first.opened.store).unreadable
        if unreadable_record.record == record
    ]
    labels = ["Known as", "Date of birth", "Who to call, Number", "Who to call"]
    assert (named.reference, list(named.fields)) == (reference, labels)
    [at_council] = [entry for entry in council.json("doctor")["unreadable"] if entry["record"] == record]
    assert (at_council["reference"], at_council["fields"]) == (reference, labels)
    for words in (named.what + named.do, json.dumps(at_council)):
        assert not any(held in words for held in ("Tegan", "1.5", "2017-13-45", "Gran", "112"))

    amended = first.amend(record, school="Priory Hill").content()
    assert amended is not None
    assert amended.changed == ["school"]
    assert amended.fields == fields | {"school": "Priory Hill"}
    first.sync()
    second.sync()
    sense: dict[str, Any] = {
        "known_as": ["Teg"],
        "born": "2009-05-02",
        "who_to_call": [{"id": "r1", "who": "Gran", "number": "112"}],
    }
    second.amend(record, **sense)
    second.sync()
    first.sync()
    assert first.get(record).fields == second.get(record).fields == fields | {"school": "Priory Hill"} | sense
    for laptop in two:
        assert record not in {unreadable_record.record for unreadable_record in examine(laptop.opened.store).unreadable}
    assert record not in {unread["record"] for unread in council.json("doctor")["unreadable"]}


def test_a_text_of_invalid_characters_is_held_back_and_once_released_stops_nobody(
    council: CouncilServer, seat: Laptop, two: tuple[Station, Station], tmp_path: Path
) -> None:
    fields = good(CHILD, lambda _: "") | {"given_name": SURROGATE}
    broken, sane = signed(seat, "child", fields), signed(seat, "child", good(CHILD, lambda _: ""))
    outcomes = push(seat, [broken, sane])
    assert (outcomes[broken.digest], outcomes[sane.digest]) == ("held", "stored")
    release(council.admin, broken.digest, "Looked at.")
    with council.admin.store.reading() as connection:
        child_states = states(connection, "child")
    assert child_states[broken.envelope.record].incomplete
    assert child_states[sane.envelope.record].fields["family_name"] == "Words for family name"
    assert council.json("doctor")["findings"] == []
    for laptop in two:
        laptop.sync()
        assert laptop.get(broken.envelope.record).incomplete
        assert laptop.get(sane.envelope.record).fields["family_name"] == "Words for family name"
        assert laptop.opened.services.record_views.view(broken.envelope.record) is not None
        assert laptop.findings() == []
