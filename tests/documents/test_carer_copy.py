"""The carers' copy: what was read back and nothing else, with what they said beside it."""

import pytest

from db.store import LaptopStore
from hipss_desktop.documents.carer_copy import carer_copy
from hipss_desktop.documents.drawing import pdf
from hipss_desktop.documents.tree import Document, Paragraph, Signatures, SigningLine, texts
from hipss_desktop.errors import UserError
from hipss_desktop.views.services import Services
from tests.db.store.seats import OtherSeat, absorb, bare
from tests.helpers.pdf_pages import read_pdf, written_over
from tests.helpers.read_back_visit import (
    KEPT,
    NIGHTS,
    NOT_READ,
    RESPITE,
    SEEN_ALONE,
    amend_paragraph,
    as_worker,
    finished_visit,
    member,
    read_and_signed,
)
from tests.helpers.several_laptops import amend
from tests.helpers.store_fixtures import SetClock


@pytest.fixture
def worker(services: Services, clock: SetClock) -> Services:
    """D. Marsh's laptop on the day of the visit."""
    return as_worker(services, clock)


def test_the_copy_has_only_what_was_chosen_and_no_date_of_an_unannounced_visit(worker: Services) -> None:
    visit = finished_visit(worker)
    amend(worker, visit, {"next_on": "2017-04-13", "next_unannounced": "2017-05-02"})
    words = "\n".join(texts(carer_copy(worker, visit)))
    for stands in (SEEN_ALONE, NIGHTS, RESPITE, "Thursday 13 April 2017", "Jo & Martin Preece"):
        assert stands in words
    for hidden in (NOT_READ, KEPT, "2 May", "May 2017", "Carol Yeo", "Told on the telephone"):
        assert hidden not in words
    other = [worker.people.name(row.record) for row in worker.people.of_kind("carer")]
    assert [name for name in other if name in words] == ["Jo & Martin Preece"]


def test_what_is_not_agreed_is_beside_its_paragraph_until_the_paragraph_is_amended(worker: Services) -> None:
    visit = finished_visit(worker)
    jo, martin = member(worker, "Jo"), member(worker, "Martin")
    back = worker.reading_back.read(visit)
    worker.reading_back.answer(back, jo, "p2", "disagree", "It was twice, not nine times.")
    worker.reading_back.answer(worker.reading_back.read(visit), martin, "p2", "agree", "")
    worker.reading_back.answer(worker.reading_back.read(visit), martin, "p5", "own_words", "We need it in May.")
    blocks = list(carer_copy(worker, visit).blocks)
    notices = [block.words for block in blocks if isinstance(block, Paragraph) and block.notice]
    assert notices == [
        "Jo Preece does not agree: It was twice, not nine times.",
        "Martin Preece, in own words: We need it in May.",
    ]
    at = next(place for place, block in enumerate(blocks) if isinstance(block, Paragraph) and NIGHTS in block.words)
    assert blocks[at + 1] == Paragraph(notices[0], notice=True)
    amend_paragraph(worker, visit, "p2", "You rang us twice last week.")
    words = "\n".join(texts(carer_copy(worker, visit)))
    assert "It was twice, not nine times." not in words, "what was said to other words stays with those"
    assert "We need it in May." in words


def test_who_was_not_here_or_did_not_want_to_sign_is_said_and_the_others_have_a_line(worker: Services) -> None:
    visit = finished_visit(worker)
    worker.reading_back.sign(worker.reading_back.read(visit), member(worker, "Martin"), "absent", copy_by="post")
    words = "\n".join(texts(carer_copy(worker, visit)))
    assert "Martin Preece was not here." in words
    worker.reading_back.sign(
        worker.reading_back.read(visit), member(worker, "Jo"), "refused", reason="Wants to read it again"
    )
    words = "\n".join(texts(carer_copy(worker, visit)))
    assert "Jo Preece does not want to sign: Wants to read it again" in words


def test_it_is_a_page_that_screen_readers_can_read(worker: Services) -> None:
    visit = finished_visit(worker)
    paper = read_pdf(pdf(carer_copy(worker, visit), at=0))
    assert (paper.title, paper.standard) == ("Supervision visit: copy for the carers", "1")
    assert "Kai was seen alone in the garage" in paper.text


def test_nobody_gets_a_copy_of_what_is_not_finished_or_was_withdrawn(worker: Services) -> None:
    with pytest.raises(UserError, match="not finished"):
        carer_copy(worker, "0199c0de-ffff-7000-8000-0000000000ff")
    visit = finished_visit(worker)
    worker.records.withdraw(visit, "Wrong household")
    with pytest.raises(UserError, match="withdrawn"):
        carer_copy(worker, visit)


def test_names_and_signatures_are_never_printed_over_each_other() -> None:
    signed = "Signed by hand 16 March 2017, 10:31"
    for names in (("Jo Preece", "D. Marsh"), ("Jo Preece", "Martin Preece", "D. Marsh"), tuple("ABCDE")):
        lines = tuple(SigningLine(name, signed if at != 1 else "") for at, name in enumerate(names))
        page = pdf(Document(title="Copy", blocks=(Signatures(lines),)))
        assert written_over(page) == []
        assert read_pdf(page).text.count(signed) == len(names) - 1


def test_nobody_gets_a_copy_of_a_visit_of_which_a_part_is_not_here(worker: Services) -> None:
    visit, seat = finished_visit(worker), OtherSeat()
    amended = seat.sign({}, record=visit, kind="visit", action="amend", parents=worker.reading_back.read(visit).of)
    assert isinstance(worker.store, LaptopStore)
    absorb(worker.store, bare(amended))
    with pytest.raises(UserError, match="A part of this visit is not on this laptop yet"):
        carer_copy(worker, visit)


def test_the_households_copy_holds_what_was_read_back_and_nothing_else(worker: Services) -> None:
    copy = carer_copy(worker, read_and_signed(worker))
    copy_text = " ".join(texts(copy))
    for shown in (SEEN_ALONE, NIGHTS, RESPITE, "He is not kept out.", "Jo & Martin Preece", "D. Marsh"):
        assert shown in copy_text
    for private_words in (NOT_READ, KEPT, "unannounced", "Zerubbabel"):
        assert private_words not in copy_text
    page = read_pdf(pdf(copy))
    assert "".join(page.pages).count("He is not kept out.") == 1
