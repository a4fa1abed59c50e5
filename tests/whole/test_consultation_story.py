"""The consultations of the demonstration and its training morning, played to the end in real windows of three laptops.

Read from the stores afterwards: what each step left, what was said to be sent when, and who has no word of it.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from hipss_desktop import times
from hipss_desktop.demonstration import asking, training_morning, what_came_of_it, writing_up
from hipss_desktop.demonstration.consultation import CONSULTATION as STORY
from hipss_desktop.demonstration.consultation import LEAD, MANAGER, ON_CALL
from hipss_desktop.demonstration.player import in_2017
from hipss_desktop.documents.consultation import case_file_text, consultation_page
from hipss_desktop.documents.training import certificate, row_of, sign_in_sheet
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.case import CASE
from hipss_desktop.kinds.consultation import CONSULTATION, Consultation, newest_answer
from hipss_desktop.kinds.training import TRAINING, Training
from hipss_desktop.laptop import OpenStore
from hipss_desktop.services.ports import Record
from hipss_desktop.views.services import Services
from tests.helpers.decrypted import tables
from tests.helpers.pdf_pages import read_pdf
from tests.helpers.played_story import (
    Played,
    assert_all_hold_the_same,
    assert_pictures_stand_beside_their_designs,
    opened_stores,
    play_story,
)
from tests.helpers.screens_of_due import household

pytestmark = pytest.mark.timeout(1200)  # some twenty programs run one after another, six of them with a window

EVENING = in_2017(5, 3, 18, 0)
"""When the stores are opened, after the story."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The story, played once."""
    yield from play_story(STORY, tmp_path_factory.mktemp("consultation"))


@pytest.fixture(scope="module")
def stores(played: Played) -> Iterator[dict[str, OpenStore]]:
    """The stores by the names of their people."""
    yield from opened_stores(played, EVENING)


@pytest.fixture(scope="module")
def services(stores: dict[str, OpenStore]) -> Services:
    """What M. Osei's laptop holds."""
    return stores[LEAD.name].services


def about_s(services: Services) -> tuple[Record, Record]:
    """The two consultations about S., the earlier first."""
    [case] = [record for record in services.store.records_of(CASE.name) if CASE.of(record).number == asking.CASE_NUMBER]
    records = services.store.records_about(case.record, role="case", kind=CONSULTATION.name)
    april, may = sorted(records, key=lambda record: str(CONSULTATION.of(record).held_on))
    return april, may


def april(services: Services) -> Consultation:
    return CONSULTATION.of(about_s(services)[0])


def the_morning(services: Services) -> tuple[str, Training]:
    """The training session of the story."""
    [record] = [
        session
        for session in services.store.records_of(TRAINING.name)
        if session.fields["name"] == training_morning.TITLE
    ]
    return record.record, TRAINING.of(record)


def is_about(moment: datetime | None, told_at: datetime) -> bool:
    """Whether a moment is the one that the story tells; its clock runs on while the keys are pressed."""
    return moment is not None and told_at <= moment < told_at + timedelta(minutes=10)


def test_every_store_and_the_council_hold_the_same_and_nothing_is_held_back(
    played: Played, stores: dict[str, OpenStore]
) -> None:
    assert_all_hold_the_same(played, stores)
    for opened in stores.values():
        assert opened.store.held_back() == []
        assert opened.store.drafts() == []


def test_the_number_that_waits_is_told_as_the_councils_receipts_have_it(
    played: Played, stores: dict[str, OpenStore]
) -> None:
    """Of each time that M. Osei's connection is told: how many revisions were written by then and received only later."""
    received = [
        (times.instant(revision.envelope.clock), times.instant(at))
        for revision, _, at in stores[LEAD.name].store.sent(limit=1000)
    ]
    announcements = list(told_by(played.terminal, LEAD.name))
    assert [words.split(" ")[0] for _, words in announcements] == ["Offline", "Offline", "All"] + ["Offline", "All"] * 3
    for moment, words in announcements:
        waits = sum(written <= moment < receipt for written, receipt in received)
        assert words.endswith(f" {waits} waiting") if words.startswith("Offline") else not waits


def told_by(terminal: str, name: str) -> Iterator[tuple[datetime, str]]:
    """What the terminal quotes of the pill of somebody's window, each at the end of the minute in which it was said."""
    day = None
    for line in terminal.splitlines():
        if match := re.fullmatch(r"[A-Z][a-z]+day (\d+ [A-Z][a-z]+ \d{4})", line):
            day = times.typed_day(match[1])
        elif match := re.fullmatch(rf"(\d\d:\d\d) {name}: .*‘((?:Offline|All sent).*)’\.", line):
            assert day is not None
            yield times.at_local(day, times.typed_time(match[1])) + timedelta(seconds=59), match[2]


def test_the_request_is_part_of_the_consultation_that_was_held_16_days_later(services: Services) -> None:
    read = april(services)
    assert (read.asked_on, read.asked_by, read.hopes, read.how_soon) == (
        date(2017, 3, 20),
        asking.ASKED_BY,
        asking.HOPES,
        "two_weeks",
    )
    assert read.planned_for == in_2017(4, 5, 13, 30)
    assert (read.held_on, read.began, read.ended) == (
        date(2017, 4, 5),
        in_2017(4, 5, 13, 30),
        in_2017(4, 5, 15, 0),
    )
    view = services.consultation_views.view(about_s(services)[0].record)
    assert view is not None
    assert view.waited == "Waited 16 days"


def test_who_came_what_was_understood_and_its_marks_are_the_words_that_were_typed(services: Services) -> None:
    read = april(services)
    people = [(row.name, row.role, row.organisation, row.was) for row in read.attendees]
    assert people == [*((*known, "came") for known in writing_up.CAME), (*writing_up.APOLOGIES, "", "apologies")]
    table = {row.text: (row.section, row.mark) for row in read.text}
    words = {section: text for section, text, _ in writing_up.TEXT}
    assert table == {
        writing_up.QUESTION: ("question", "said"),
        words["What has been tried"]: ("tried", ""),
        words["What we see"]: ("see", "fact"),
        words["What came before"]: ("before", "said"),
        words["What sets it off"]: ("sets_off", ""),
        words["What keeps it going"]: ("keeps_going", "opinion"),
        words["What protects"]: ("protects", ""),
        writing_up.GUESS: ("guess", "opinion"),
    }
    assert [row.wrong_if for row in read.text if row.section == "guess"] == [writing_up.WRONG_IF]
    assert (read.safeguarding, read.told) == ("nothing_new", [])


def test_of_the_plan_only_the_colleagues_row_is_an_action_in_its_own_words(services: Services) -> None:
    record, read = about_s(services)[0].record, april(services)
    assert [(row.what, bool(row.colleague)) for row in read.plan] == [
        *((task, False) for task, _, _ in writing_up.PLAN),
        (writing_up.CARDS, True),
    ]
    [action] = [
        ACTION.of(action_record)
        for action_record in services.store.records_of(ACTION.name)
        if ACTION.of(action_record).from_consultation == record
    ]
    assert (action.what, action.owner_person, action.owner, action.child) == (
        writing_up.FOR_ALL,
        services.actions.person_named(ON_CALL.name),
        "",
        "",
    )


def test_the_page_in_her_hands_is_the_present_version_and_says_what_the_record_says(
    played: Played, services: Services
) -> None:
    record, read = about_s(services)[0].record, april(services)
    [sent] = read.sent
    assert (sent.to, sent.how) == ("F. Doyle", "email")
    assert is_about(sent.at, in_2017(4, 5, 15, 58))
    assert not services.consultations.amended_since(record)("sent", sent), "answers to the plan amend nothing"
    page = read_pdf((played.programs.folder / writing_up.PDF).read_bytes()).text
    for words in (writing_up.QUESTION, writing_up.GUESS, writing_up.COUNTDOWN, "J. Tranter", "S., 12, EOC-2231"):
        assert words in page
        assert words in case_file_text(consultation_page(services, record))


def test_the_next_one_names_aprils_and_its_rows_are_answered_there(services: Services) -> None:
    before, after = about_s(services)
    assert CONSULTATION.of(after).previous == before.record
    read = CONSULTATION.of(before)
    answered = {}
    for row in read.plan:
        answer = newest_answer(read, row.id)
        answered[row.what] = (answer.answer, answer.because, answer.asked_on) if answer is not None else None
    day = date(2017, 5, 3)
    assert answered == {
        writing_up.COUNTDOWN: ("done", "", day),
        writing_up.GRAN: ("not_done", what_came_of_it.BECAUSE, day),
        writing_up.BEDTIME: ("not_needed", "", day),
        writing_up.CARDS: None,
    }
    assert CONSULTATION.of(after).plan == []


def test_14_of_18_came_one_left_early_and_the_hours_are_counted_by_hand(services: Services) -> None:
    record, session = the_morning(services)
    assert len(session.people) == 18
    came = [row for row in session.people if row.was == "came"]
    assert len(came) == 14
    assert {(row.name, row.minutes) for row in came if row.minutes is not None} == {("Carol Yeo", 90)}
    apologies = sorted(row.name for row in session.people if row.was == "apologies")
    assert apologies == ["", "Beth Nash"]
    view = services.training.sessions.view(record)
    assert view is not None
    assert (view.came_words, view.total.hours) == ("14 of 18 came", "34")  # 13 times 2.5 hours, and 1.5


def test_jo_preeces_certificate_is_hers_alone_and_her_household_has_the_hours(services: Services) -> None:
    record, _ = the_morning(services)
    page = repr(certificate(services, record, row_of(services, record, "Jo Preece")))
    assert "Jo Preece" in page
    assert not [name for name in training_morning.CARERS[1:] if name in page]
    assert all(name in repr(sign_in_sheet(services, record)) for name in training_morning.CARERS)
    hours = services.training.households.of(household(services, "Preece")).hours
    assert hours == ("Jo Preece: 2.5 hours in 2017",)
    early = services.training.households.of(household(services, "Yeo"))
    assert early.hours == ("Carol Yeo: 1.5 hours in 2017",)
    assert early.sessions[0].words == "27 April 2017 · Carol Yeo, 1.5 hours of 2.5 hours"


def test_the_manager_has_all_of_it_and_the_on_call_laptop_no_word_of_a_consultation(
    stores: dict[str, OpenStore],
) -> None:
    words = [
        asking.CASE_NUMBER,
        asking.HOPES,
        writing_up.QUESTION,
        writing_up.GUESS,
        writing_up.WRONG_IF,
        *(text for _, text, _ in writing_up.TEXT),
        *(task for task, _, _ in writing_up.PLAN),
        writing_up.CARDS,
        what_came_of_it.BECAUSE,
        what_came_of_it.ASKED_NEXT,
    ]
    for name in (LEAD.name, MANAGER.name):
        whole = " ".join(text for _, text in tables(stores[name].store))
        assert [phrase for phrase in words if phrase not in whole] == []
    others = " ".join(text for _, text in tables(stores[ON_CALL.name].store))
    assert [phrase for phrase in words if phrase in others] == []
    assert writing_up.FOR_ALL in others
    services = stores[ON_CALL.name].services
    assert services.store.count(CONSULTATION.name) == 0
    assert the_morning(services)[1].people == the_morning(stores[LEAD.name].services)[1].people


def test_each_step_has_its_picture_beside_its_design(played: Played) -> None:
    assert_pictures_stand_beside_their_designs(played)
