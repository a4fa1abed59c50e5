"""The visit of the demonstration, played to its end in real windows of two laptops, and what each step leaves in the stores."""

import json
from collections.abc import Iterator

import pytest

from hipss_desktop.demonstration import kitchen_table, reading_back, signing
from hipss_desktop.demonstration.player import march
from hipss_desktop.demonstration.visit import MANAGER, MORNING, WORKER
from hipss_desktop.demonstration.visit import VISIT as STORY
from hipss_desktop.kinds.action import ACTION, Action
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.comments import COMMENTS
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.reading import READING, Answer, digest_of_words
from hipss_desktop.kinds.signature import SIGNATURE
from hipss_desktop.kinds.visit import VISIT, NoteParagraph, Visit, named
from hipss_desktop.laptop import OpenStore
from hipss_desktop.records.fold import body_of
from hipss_desktop.services.ports import Record
from hipss_desktop.services.reading_back import ReadBack
from hipss_desktop.views.services import Services
from tests.helpers.played_story import (
    Played,
    assert_all_hold_the_same,
    assert_pictures_stand_beside_their_designs,
    opened_stores,
    play_story,
)
from tests.helpers.several_laptops import child_named

pytestmark = pytest.mark.timeout(1200)  # some twenty programs run one after another, four of them with a window


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The visit, played once."""
    yield from play_story(STORY, tmp_path_factory.mktemp("visit"))


@pytest.fixture(scope="module")
def stores(played: Played) -> Iterator[dict[str, OpenStore]]:
    """The stores by the names of their people, opened in the evening after it."""
    yield from opened_stores(played, march(16, 17, 0))


@pytest.fixture(scope="module")
def services(stores: dict[str, OpenStore]) -> Services:
    """What D. Marsh's laptop holds."""
    return stores[WORKER.name].services


def of_today(services: Services, kind: str) -> list[Record]:
    """The records of a kind of this day, the earliest first."""
    records = services.store.records_of(kind, since=int(MORNING.timestamp() * 1000))
    return sorted(records, key=lambda record: record.at)


def the_visit(services: Services) -> Record:
    (record,) = of_today(services, VISIT.name)
    return record


def versions(services: Services) -> tuple[str, str]:
    """The two versions of the visit: as it was finished, and as it was amended."""
    visit = the_visit(services)
    written = [
        written_revision
        for written_revision in services.store.revisions(visit.record)
        if written_revision.envelope.action != "countersign"
    ]
    first, amended = sorted(written, key=lambda revision: revision.envelope.clock)
    assert visit.heads == (amended.digest,)
    return first.digest, amended.digest


def paragraph(visit: Visit, words: str) -> NoteParagraph:
    (note_paragraph,) = [row for row in visit.note if row.text == words]
    return note_paragraph


def actions_of(services: Services) -> dict[str, Action]:
    """The actions about the household, by what is to be done."""
    carer = VISIT.of(the_visit(services)).carer
    return {
        ACTION.of(record).what: ACTION.of(record)
        for record in services.store.records_about(carer, role="carer", kind="action")
    }


def test_every_store_and_the_council_hold_the_same_and_nothing_is_held_back(
    played: Played, stores: dict[str, OpenStore]
) -> None:
    assert_all_hold_the_same(played, stores)
    for opened in stores.values():
        assert opened.store.held_back() == []
        visit = the_visit(opened.services)
        assert not opened.store.without_effect(visit.record)
        assert opened.store.drafts() == []


def test_the_visit_names_records_and_holds_none_of_their_words(services: Services) -> None:
    record = the_visit(services)
    visit = VISIT.of(record)
    contacts = [contact for row in visit.since if (contact := services.store.get(named(row))) is not None]
    assert len(contacts) == len(visit.since) > 10
    happenings = [CONTACT.of(contact).happening for contact in contacts if contact.kind == CONTACT.name]
    for revision in services.store.revisions(record.record):
        body = body_of(revision, KINDS[VISIT.name])
        if body is not None:
            signed = json.dumps(dict(body.fields), ensure_ascii=False)
            assert not [words for words in happenings if words and words in signed]
    raised = {row.raised: row.why_not for row in visit.since if row.raised is not None}
    assert raised == {True: "", False: kitchen_table.NOT_RAISED}
    assert sum(row.raised is True for row in visit.since) == 2


def test_kai_was_seen_alone_and_each_paragraph_has_its_mark_and_whether_it_is_read_back(services: Services) -> None:
    visit, kai = VISIT.of(the_visit(services)), child_named(services, "Kai")
    (seen,) = visit.children
    assert (seen.child, seen.seen, seen.seen_alone, seen.where, seen.minutes) == (kai, True, True, "Garage", 20)
    table = {row.text: (row.section, row.child, row.mark, row.read_back) for row in visit.note}
    assert table == {
        kitchen_table.KAI_SAID: ("words", kai, "said", False),
        kitchen_table.KAI_SEEN: ("noticed", kai, "fact", True),
        kitchen_table.NIGHTS: ("going", "", "fact", True),
        signing.MARTIN_SAYS: ("going", "", "said", True),
        kitchen_table.NEIGHBOUR: ("going", "", "third_party", True),
        kitchen_table.RESPITE: ("support", "", "decision", True),
    }
    assert visit.left == ["training"]


def test_of_februarys_actions_one_is_done_and_two_are_carried_forward_to_this_visit(services: Services) -> None:
    visit, actions = the_visit(services), actions_of(services)
    stands = {
        task: (actions[task].state, [row.visit for row in actions[task].carried])
        for task in (kitchen_table.LOCK, kitchen_table.SCHOOL, kitchen_table.RESPITE_BOOKED)
    }
    assert stands == {
        kitchen_table.LOCK: ("done", []),
        kitchen_table.SCHOOL: ("open", [visit.record]),
        kitchen_table.RESPITE_BOOKED: ("open", [visit.record]),
    }


def test_the_visit_and_martins_absence_make_actions(services: Services) -> None:
    visit, actions = the_visit(services), actions_of(services)
    agreed = actions[kitchen_table.TO_BE_DONE]
    assert (agreed.from_visit, agreed.owner_person) == (visit.record, services.actions.person_named("D. Marsh"))
    (copy,) = [action for task, action in actions.items() if task.startswith("Post Martin Preece the copy")]
    assert copy.state == "open"


def test_jos_answers_stay_with_the_words_that_she_saw(services: Services) -> None:
    visit = the_visit(services)
    first, _ = versions(services)
    (reading,) = of_today(services, READING.name)
    read = READING.of(reading)
    assert read.of == [first]
    answers = [(answer.name, answer.seen, answer.answer, answer.words) for answer in read.answers]
    assert answers == [
        ("Jo Preece", digest_of_words(kitchen_table.KAI_SEEN), "agree", ""),
        ("Jo Preece", digest_of_words(kitchen_table.NIGHTS), "disagree", reading_back.NOT_RIGHT),
        ("Jo Preece", digest_of_words(kitchen_table.KEPT_OUT), "own_words", reading_back.IN_OWN_WORDS),
        ("Jo Preece", digest_of_words(kitchen_table.RESPITE), "agree", ""),
    ]
    amended = paragraph(VISIT.of(visit), signing.MARTIN_SAYS)
    back: ReadBack = services.reading_back.read(visit.record)
    now: set[str] = {name for name, _ in back.answers}
    assert now == {row.id for row in VISIT.of(visit).note if row.text in STILL_ANSWERED}
    (line,) = services.signed_views.view(visit.record).answers[amended.id]
    assert (line.words, line.seen) == (reading_back.IN_OWN_WORDS, kitchen_table.KEPT_OUT)
    row: Answer = read.answers[2]
    assert row.paragraph == amended.id, "it is the same paragraph in other words"


STILL_ANSWERED = (kitchen_table.KAI_SEEN, kitchen_table.NIGHTS, kitchen_table.RESPITE)


def test_the_signatures_are_for_the_first_version_stay_readable_and_say_what_outdated_them(services: Services) -> None:
    first, _ = versions(services)
    signed = [SIGNATURE.of(record) for record in of_today(services, SIGNATURE.name)]
    assert {
        (signature.name, signature.how, signature.typed, bool(signature.strokes), signature.copy_by)
        for signature in signed
    } == {
        ("Jo Preece", "typed", "Jo Preece", False, ""),
        ("Martin Preece", "absent", "", False, "post"),
        ("D. Marsh", "drawn", "", True, ""),
    }
    assert all(signature.of == [first] for signature in signed)
    lines = services.signed_views.view(the_visit(services).record).signatures
    assert len(lines) == 3
    assert all(line.outdated.startswith("Outdated by the amendment of 16 March 2017, 16:0") for line in lines)
    assert all(line.version.startswith("For the version of 16 March 2017, 11:4") for line in lines)


def test_the_manager_returned_the_first_version_and_countersigned_the_amended_one(
    stores: dict[str, OpenStore], services: Services
) -> None:
    visit = the_visit(services)
    first, amended = versions(services)
    standing = services.countersigning.standing(visit.record)
    lloyd = stores[MANAGER.name].store.seat.person
    assert [(signature.person, signature.digest, signature.stands) for signature in standing.signed] == [
        (lloyd, amended, True)
    ]
    (returned,) = standing.answered
    comments = COMMENTS.of(returned)
    about = paragraph(VISIT.of(visit), signing.MARTIN_SAYS)
    assert (comments.of, [(row.unit, row.words) for row in comments.comments]) == (
        first,
        [(f"note/{about.id}", signing.COMMENT)],
    )
    assert not standing.waits


def test_each_step_has_its_picture_beside_its_design(played: Played) -> None:
    assert_pictures_stand_beside_their_designs(played)
