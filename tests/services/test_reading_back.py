"""A visit is read back and signed: what was said stays with the words that were seen, and a signature with its version."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from db.doctor import examine
from db.store import LaptopStore
from hipss_desktop.documents.carer_copy import carer_copy
from hipss_desktop.documents.tree import Signatures
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.reading import READING
from hipss_desktop.kinds.signature import SIGNATURE
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.rules.signatures import answers_now, outdating
from hipss_desktop.services.ports import Record
from hipss_desktop.services.reading_back import ReadBack, answer_question
from hipss_desktop.services.records import Unfinished
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.db.store.seats import OtherSeat, absorb
from tests.helpers.read_back_visit import (
    DRAWN,
    KEPT,
    NIGHTS,
    NOT_READ,
    RESPITE,
    SEEN_ALONE,
    amend_paragraph,
    answers_of,
    as_worker,
    finished_visit,
    household,
    member,
    visit_fields,
)
from tests.helpers.several_laptops import close, exchange, joined
from tests.helpers.store_fixtures import SetClock


@dataclass
class Table:
    """The kitchen table: D. Marsh's laptop, the finished visit, and the two who answer."""

    services: Services
    visit: str
    jo: str
    martin: str

    def back(self) -> ReadBack:
        return self.services.reading_back.read(self.visit)

    def say(self, who: str, paragraph: str, answer: str, words: str = "") -> ReadBack:
        return self.services.reading_back.answer(self.back(), who, paragraph, answer, words)

    def sign(self, who: str, how: str, **fields: str) -> ReadBack:
        return self.services.reading_back.sign(self.back(), who, how, **fields)

    def signatures(self) -> list[Record]:
        return self.services.store.records_of(SIGNATURE.name)


@pytest.fixture
def table(services: Services, clock: SetClock) -> Table:
    marsh = as_worker(services, clock)
    return Table(marsh, finished_visit(marsh), member(marsh, "Jo"), member(marsh, "Martin"))


def findings(services: Services) -> list[str]:
    """What doctor finds, but that the certificates which ``joined`` writes hold no key."""
    assert isinstance(services.store, LaptopStore)
    return [
        finding.problem
        for finding in examine(services.store).findings
        if finding.problem != "A key is not an Ed25519 key."
    ]


def test_only_what_was_chosen_is_read_back_and_never_what_a_third_person_said(table: Table) -> None:
    back = table.back()
    assert [(part.number, part.title, part.text) for part in back.parts] == [
        (1, "Kai. What was noticed", SEEN_ALONE),
        (2, "How it is going", NIGHTS),
        (3, "Support asked for", RESPITE),
    ]
    assert [adult.first for adult in back.adults] == ["Jo", "Martin"]
    assert (back.written_by, back.worker[1]) == ("D. Marsh", "D. Marsh")
    assert not [text for part in back.parts for text in (NOT_READ, KEPT) if text in part.text]


def test_a_draft_is_never_read_back_and_nothing_to_read_says_so(services: Services, clock: SetClock) -> None:
    marsh = as_worker(services, clock)
    draft = marsh.records.save(marsh.records.new_draft(VISIT.name, visit_fields(marsh)))
    with pytest.raises(UserError, match="finish it first"):
        marsh.reading_back.read(draft.record)
    fields = visit_fields(marsh)
    fields["note"] = [row for row in fields["note"] if not row.get("read_back")]
    other = marsh.records.new_draft(VISIT.name, fields)
    marsh.records.finish(other)
    with pytest.raises(UserError, match="Nothing was chosen"):
        marsh.reading_back.read(other.record)


def test_answers_are_rows_of_one_reading_each_adult_apart(table: Table) -> None:
    table.say(table.jo, "p1", "agree")
    table.say(table.jo, "p2", "own_words", "He is not kept out. We agreed it.")
    back = table.say(table.martin, "p2", "disagree")
    table.say(table.martin, "p2", "disagree")
    (reading,) = table.services.store.records_of(READING.name)
    assert back.reading == reading.record
    assert [(row.name, row.paragraph, row.answer, row.words) for row in READING.of(reading).answers] == [
        ("Jo Preece", "p1", "agree", ""),
        ("Jo Preece", "p2", "own_words", "He is not kept out. We agreed it."),
        ("Martin Preece", "p2", "disagree", ""),
    ]
    assert (back.answered(table.jo), back.answered(table.martin)) == (2, 1)
    assert back.first_open(table.jo) == 2
    assert findings(table.services) == []


def test_a_person_who_changes_their_mind_answers_again_and_both_answers_are_kept(table: Table) -> None:
    table.say(table.jo, "p1", "agree")
    table.say(table.jo, "p1", "disagree", "It was ten minutes.")
    assert answers_of(table.services, table.visit) == {("p1", table.jo): "disagree"}
    (reading,) = table.services.store.records_of(READING.name)
    assert [row.answer for row in READING.of(reading).answers] == ["agree", "disagree"]


def test_own_words_need_words_and_what_was_typed_stays_a_draft(table: Table) -> None:
    back, questions = table.back(), table.services.questions
    question = answer_question(table.jo, "p1")
    draft = table.services.reading_back.typed(back, question)
    questions.save(replace(draft, fields={"answer": "own_words", "words": ""}))
    with pytest.raises(Unfinished):
        table.say(table.jo, "p1", "own_words", " ")
    assert table.services.reading_back.typed(back, question).fields == {"answer": "own_words", "words": ""}
    table.say(table.jo, "p1", "own_words", "Ten minutes.")
    assert table.services.store.draft(table.visit, question) is None


def test_a_signature_is_for_the_present_version_and_says_who_captured_it(table: Table) -> None:
    back = table.sign(table.jo, "drawn", strokes=DRAWN)
    back = table.sign(table.martin, "typed", typed="Martin Preece")
    back = table.sign(back.worker[0], "drawn", strokes=DRAWN)
    assert {signed.signature.name: (signed.signature.how, signed.captured_by) for signed in back.signed.values()} == {
        "Jo Preece": ("drawn", "D. Marsh"),
        "Martin Preece": ("typed", "D. Marsh"),
        "D. Marsh": ("drawn", "D. Marsh"),
    }
    assert all(signed.signature.of == list(back.of) for signed in back.signed.values())
    assert findings(table.services) == []


def test_not_signing_needs_its_reason_and_being_away_makes_an_action_for_the_copy(table: Table) -> None:
    with pytest.raises(Unfinished):
        table.sign(table.jo, "refused")
    with pytest.raises(Unfinished):
        table.sign(table.martin, "absent")
    table.sign(table.jo, "refused", reason="She wants to sleep on it.")
    table.sign(table.martin, "absent", copy_by="post")
    titles = {SIGNATURE.title(record.fields) for record in table.signatures()}
    assert titles == {"Jo Preece does not want to sign", "Martin Preece was not here"}
    copies = [
        ACTION.of(record) for record in table.services.store.records_of(ACTION.name) if "copy" in record.fields["what"]
    ]
    assert [(action.what, action.owner, action.carer) for action in copies] == [
        ("Post Martin Preece the copy of the visit’s record", "D. Marsh", household(table.services))
    ]


@pytest.mark.parametrize("how", ["drawn", "typed"])
def test_an_empty_box_does_not_count_as_a_signature(table: Table, how: str) -> None:
    with pytest.raises(Unfinished):
        table.sign(table.jo, how)


@pytest.mark.parametrize(
    "holds",
    [
        {"how": "drawn"},
        {"how": "drawn", "strokes": "1,2,NaN"},
        {"how": "drawn", "strokes": DRAWN * 400},
        {"how": "typed", "typed": " "},
    ],
)
def test_an_unreadable_signature_of_another_program_is_shown_and_does_not_count(
    table: Table, holds: dict[str, str]
) -> None:
    back, seat = table.back(), OtherSeat()
    named = {"visit": back.visit, "of": list(back.of), "carer": back.carer, "member": table.jo, "name": "Jo Preece"}
    seat.sign({**named, "capacity": "carer", "at": "2017-03-16T11:30:00+00:00", **holds}, kind="signature")
    assert isinstance(table.services.store, LaptopStore)
    absorb(table.services.store, *seat.chain)
    (line,) = table.services.signed_views.view(table.visit).signatures
    assert "but nothing that can be read was kept" in line.how
    assert table.back().signed == {}
    lines = next(
        block for block in carer_copy(table.services, table.visit).blocks if isinstance(block, Signatures)
    ).lines
    assert [line.words for line in lines if line.label == "Jo Preece"] == [""]
    signed_visit = table.sign(table.jo, "drawn", strokes=DRAWN)
    assert signed_visit.signed[table.jo].captured_by == "D. Marsh"


def test_a_carers_signature_never_counts_as_the_workers(table: Table) -> None:
    back, seat = table.back(), OtherSeat()
    named = {"visit": back.visit, "of": list(back.of), "carer": back.carer, "member": table.jo, "name": "Jo Preece"}
    both = {**named, "capacity": "carer", "practitioner": back.worker[0], "how": "typed", "typed": "Jo Preece"}
    seat.sign(both, kind="signature")
    assert isinstance(table.services.store, LaptopStore)
    absorb(table.services.store, *seat.chain)
    assert set(table.back().signed) == {table.jo}
    lines = next(
        block for block in carer_copy(table.services, table.visit).blocks if isinstance(block, Signatures)
    ).lines
    assert [(line.label, bool(line.words)) for line in lines] == [
        ("Jo Preece", True),
        ("Martin Preece", False),
        ("D. Marsh", False),
    ]
    assert "Signature SG-" in " ".join(findings(table.services))


# --- an amendment after it ---


def test_an_amendment_outdates_the_signature_and_the_answer_to_what_it_changed(table: Table) -> None:
    table.say(table.jo, "p1", "agree")
    table.say(table.jo, "p2", "own_words", "He is not kept out.")
    before = table.sign(table.jo, "typed", typed="Jo Preece").of
    amend_paragraph(table.services, table.visit, "p2", "You rang us 9 times last week.")
    back = table.back()
    assert answers_of(table.services, table.visit) == {("p1", table.jo): "agree"}
    assert back.signed == {}
    revisions = table.services.store.revisions(table.visit)
    assert [revision.digest for revision in outdating(revisions, VISIT, before)] == list(back.of)
    given_answers = table.services.reading_back.given_answers(table.visit)
    earlier = answers_now(VISIT.of(record_of(table)).note, given_answers)["p2", table.jo]
    assert earlier.now is None
    assert [(earlier_answer.answer.words, earlier_answer.of) for earlier_answer in earlier.before] == [
        ("He is not kept out.", before)
    ]
    read_back = table.say(table.jo, "p2", "agree")
    assert answers_of(table.services, table.visit)["p2", table.jo] == "agree"
    assert len(table.services.store.records_of(READING.name)) == 2
    assert read_back.reading != ""
    assert findings(table.services) == []


def record_of(table: Table) -> Record:
    stored_record = table.services.store.get(table.visit)
    assert stored_record is not None
    return stored_record


def test_what_was_read_is_signed_whatever_came_meanwhile_and_outdated_at_once(table: Table) -> None:
    opened = table.back()
    amend_paragraph(table.services, table.visit, "p2", "You rang us 9 times last week.")
    answered = table.services.reading_back.answer(opened, table.jo, "p2", "disagree", "")
    assert answered.parts == opened.parts
    assert answered.answers.keys() == {("p2", table.jo)}
    signed = table.services.reading_back.sign(answered, table.jo, "typed", typed="Jo Preece")
    assert signed.signed[table.jo].signature.of == list(opened.of)
    assert table.back().signed == {}
    assert answers_of(table.services, table.visit) == {}
    assert findings(table.services) == []


@pytest.fixture
def lloyd(table: Table, clock: SetClock, tmp_path: Path) -> Iterator[Services]:
    lloyd_services = joined(
        tmp_path / "lloyd", clock, table.services, name="S. Lloyd", laptop="HIPSS-LT-01", role="manager"
    )
    yield lloyd_services
    close([lloyd_services])


def test_one_laptop_amends_a_paragraph_while_another_reads_it_back_and_both_survive(
    table: Table, lloyd: Services
) -> None:
    opened = table.back()
    table.say(table.jo, "p1", "agree")
    amend_paragraph(lloyd, table.visit, "p2", "You rang us 12 times last week.")
    table.services.reading_back.answer(table.back(), table.jo, "p2", "own_words", "It was 9 times.")
    table.sign(table.jo, "drawn", strokes=DRAWN)
    exchange(table.services, lloyd)
    for services in (table.services, lloyd):
        current = services.store.get(table.visit)
        assert current is not None
        assert not current.needs_decision
        assert next(row.text for row in VISIT.of(current).note if row.id == "p2") == "You rang us 12 times last week."
        assert answers_of(services, table.visit) == {("p1", table.jo): "agree"}
        earlier = answers_now(VISIT.of(current).note, services.reading_back.given_answers(table.visit))["p2", table.jo]
        assert [(earlier_answer.answer.words, earlier_answer.of) for earlier_answer in earlier.before] == [
            ("It was 9 times.", opened.of)
        ]
        (signature,) = services.store.records_of(SIGNATURE.name)
        revisions = services.store.revisions(table.visit)
        assert len(outdating(revisions, VISIT, SIGNATURE.of(signature).of)) == 1
        assert findings(services) == []


def test_two_amendments_side_by_side_are_read_back_as_one_version_of_two_heads(table: Table, lloyd: Services) -> None:
    amend_paragraph(table.services, table.visit, "p1", "Kai was seen alone for 25 minutes.")
    amend_paragraph(lloyd, table.visit, "p2", "You rang us 12 times last week.")
    exchange(table.services, lloyd)
    back = table.back()
    assert len(back.of) == 2
    assert [part.text for part in back.parts][:2] == [
        "Kai was seen alone for 25 minutes.",
        "You rang us 12 times last week.",
    ]
    table.say(table.jo, "p1", "agree")
    assert table.sign(table.jo, "typed", typed="Jo Preece").signed.keys() == {table.jo}
    exchange(table.services, lloyd)
    assert findings(lloyd) == []


# --- what is refused ---


def signature(table: Table, **other: Any) -> dict[str, Any]:
    back = table.back()
    return {
        "visit": table.visit,
        "of": list(back.of),
        "carer": back.carer,
        "member": table.jo,
        "name": "Jo Preece",
        "capacity": "carer",
        "how": "typed",
        "typed": "Jo Preece",
        "at": "2017-03-16T11:29:00+00:00",
        **other,
    }


def refusals(services: Services, kind: str, fields: dict[str, Any]) -> list[str]:
    with pytest.raises(Unfinished) as refused:
        services.records.finish(services.records.new_draft(kind, fields))
    return [problem.field for problem in refused.value.problems]


def test_a_signature_for_another_record_or_of_another_person_is_refused(table: Table) -> None:
    services = table.services
    other_visit = finished_visit(services)
    back = services.reading_back.read(other_visit)
    other_household = next(record for record in services.people.of_kind(CARER.name) if record.record != back.carer)
    stranger = CARER.of(other_household).members[0].id
    wrong: dict[str, dict[str, Any]] = {
        "of": {"of": list(back.of)},
        "carer": {"carer": other_household.record, "member": stranger},
        "member": {"member": "nobody-of-theirs"},
        "practitioner": {"member": "", "practitioner": "somebody-else", "capacity": "worker"},
    }
    for field, wrong_fields in wrong.items():
        assert field in refusals(services, SIGNATURE.name, signature(table, **wrong_fields)), field
    assert refusals(services, SIGNATURE.name, signature(table, of=["0" * 64])) == ["of"]
    assert table.signatures() == []
    services.records.finish(services.records.new_draft(SIGNATURE.name, signature(table)))


def test_an_answer_to_words_that_were_not_read_is_refused(table: Table) -> None:
    row = {
        "id": "a",
        "paragraph": "p1",
        "seen": "0" * 64,
        "member": table.jo,
        "name": "Jo Preece",
        "answer": "agree",
        "at": "2017-03-16T11:29:00+00:00",
    }
    fields = {name: signature(table)[name] for name in ("visit", "of", "carer")}
    reading_fields = {**fields, "began": "2017-03-16T11:20:00+00:00"}
    assert refusals(table.services, READING.name, {**reading_fields, "answers": [row]}) == ["answers/a/seen"]
    back = table.say(table.jo, "p2", "agree")
    with pytest.raises(Unfinished) as refused:
        table.services.records.add_row(back.reading, "answers", {**row, "id": "b"})
    assert [problem.field for problem in refused.value.problems] == ["answers/b/seen"]


def test_nobody_amends_a_signature_or_a_reading_and_either_may_be_withdrawn(table: Table) -> None:
    table.say(table.jo, "p1", "agree")
    table.sign(table.jo, "typed", typed="Jo Preece")
    records = [*table.signatures(), *table.services.store.records_of(READING.name)]
    for record in records:
        with pytest.raises(UserError, match="nobody amends it"):
            table.services.records.amendment(record.record)
        draft = table.services.records.new_draft(record.kind, record.fields)
        with pytest.raises(UserError, match="nobody amends it"):
            table.services.records.finish(
                replace(
                    draft, record=record.record, parents=record.heads, why="x", fields={**record.fields, "name": "B"}
                )
            )
        assert table.services.record_views.view(record.record).may_amend is False  # type: ignore[union-attr]  # it is there
        table.services.records.withdraw(record.record, "Signed by mistake")
    assert table.back().signed == {}
    assert answers_of(table.services, table.visit) == {}


def test_who_may_not_write_a_reading_is_told_so(table: Table, clock: SetClock) -> None:
    assert isinstance(table.services.store, LaptopStore)
    with table.services.store.write() as unit:
        unit.set(StoreSetting.ROLE, "on_call")
    table.services.store._load_seat()
    with pytest.raises(UserError, match="can write readings back"):
        table.back()
