"""The page that those who came take away, and the same page as plain text for a case file."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from hipss_desktop.documents.consultation import case_file_text, consultation_page
from hipss_desktop.documents.drawing import pdf
from hipss_desktop.documents.tree import Heading, Table, texts
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.consultation import CONSULTATION, Consultation
from hipss_desktop.views.services import Services
from tests.helpers import tiss
from tests.helpers.pdf_pages import read_pdf
from tests.helpers.screens_of_consultations import NOW, as_lead, record_about_s
from tests.helpers.several_laptops import amend, close, give_without_text, joined
from tests.helpers.store_fixtures import SetClock

IN_ORDER = (
    "Edge of Care",
    "8 March 2017, 13:30 to 15:00 · About S., 11, EOC-2231 · Child agrees · Parents agree",
    "Who came",
    "F. Doyle, social worker",
    "P. Hale, educational psychologist: sent apologies",
    "The question brought",
    "Said: How do we keep S. in school",
    "What has been tried",
    "Our shared understanding, not a diagnosis",
    "What we see",
    "Fact: Runs from class",
    "Our best guess",
    "Opinion: Leaving first feels safer to S. than being left.",
    "What would show us wrong: She stays when an ending is told",
    "Strengths",
    "Agreed plan",
    "Countdown card for every ending at school",
    "For the child’s safety",
    "Nothing new",
)


@pytest.fixture
def clock() -> SetClock:
    """The afternoon of 14 March 2017."""
    return SetClock(NOW)


@pytest.fixture
def lead(services: Services, clock: SetClock) -> Services:
    """The laptop of L. Whitcombe, with the consultations of the pictures."""
    return as_lead(services, clock)


def read(services: Services, record: str) -> Consultation:
    stored_record = services.store.get(record)
    assert stored_record is not None
    return CONSULTATION.of(stored_record)


def places(words: str) -> list[int]:
    positions, last = [], 0
    for part in IN_ORDER:
        last = words.index(part, last)
        positions.append(last)
    return positions


def test_it_says_what_the_record_says_in_its_order_without_history_or_who_has_it(lead: Services) -> None:
    record = record_about_s(lead)
    amend(lead, record, {"mode": "video"}, why="It was by video after all")
    words = "\n".join(texts(consultation_page(lead, record)))
    assert places(words)
    for hidden in ("It was by video after all", "Given by hand", "Version 2", "A child or family of another team"):
        assert hidden not in words


def test_the_text_for_the_case_file_is_the_same_page(lead: Services) -> None:
    record = record_about_s(lead)
    text = case_file_text(consultation_page(lead, record))
    assert places(text)
    assert text.startswith("Consultation TISS-")
    assert (
        "- Countdown card for every ending at school. Who: J. Tranter. By: 10 March 2017. Status: 4 days overdue"
        in text
    )
    drawn = [block.words for block in consultation_page(lead, record).blocks if isinstance(block, Heading)]
    assert [heading for heading in drawn if heading not in text] == []


def test_the_page_says_which_advice_was_not_taken_up_and_who_was_told(lead: Services) -> None:
    record = record_about_s(lead)
    advice = {"id": "n", "advice": "Move the start", "reason": "The school has no staff", "decided_by": "F. Doyle"}
    changes: dict[str, Any] = {"not_taken_up": [advice], "safeguarding": "to_tell", "safeguarding_words": "A bruise"}
    amend(lead, record, changes)
    told_row = {"to": "EDT", "at": "2017-03-08T16:00:00+00:00", "reference": "0612"}
    lead.records.add_row(record, "told", told_row)
    page = consultation_page(lead, record)
    rows = [block.rows for block in page.blocks if isinstance(block, Table) and block.name == "Advice not taken up"]
    assert rows == [(("Move the start", "The school has no staff", "F. Doyle"),)]
    assert {"A bruise", "EDT", "8 March 2017, 16:00", "0612"} <= set(texts(page))


def test_it_names_the_versions_it_shows_and_who_is_given_it_has_those(lead: Services) -> None:
    record = record_about_s(lead)
    page = consultation_page(lead, record)
    lead.consultations.page_made(record, page.digests)
    amend(lead, record, {"mode": "video"})
    lead.consultations.give_page(record, "M. Iqbal", "hand")
    [sent_row] = [row for row in read(lead, record).sent if row.to == "M. Iqbal"]
    assert tuple(sent_row.of) == page.digests
    assert lead.consultations.amended_since(record)("sent", sent_row), "what was printed before the amendment is old"
    new_page = consultation_page(lead, record)
    lead.consultations.page_made(record, new_page.digests)
    lead.consultations.give_page(record, "J. Tranter", "hand")
    [new] = [row for row in read(lead, record).sent if row.to == "J. Tranter"]
    assert not lead.consultations.amended_since(record)("sent", new)


def test_it_is_drawn_as_a_whole(lead: Services) -> None:
    paper = read_pdf(pdf(consultation_page(lead, record_about_s(lead)), at=0))
    assert "Leaving first feels safer" in paper.text
    assert "Agreed as a true record" in paper.text


def test_there_is_no_page_of_what_was_not_held_or_is_withdrawn_or_not_here(lead: Services) -> None:
    [planned] = lead.consultations.listed(team="hipss_carers")
    with pytest.raises(UserError, match="not held yet"):
        consultation_page(lead, planned.record)
    record = record_about_s(lead)
    lead.records.withdraw(record, "Written twice")
    with pytest.raises(UserError, match="withdrawn"):
        case_file_text(consultation_page(lead, record))
    with pytest.raises(UserError, match="not on this laptop"):
        consultation_page(lead, "0199c0de-ffff-7000-8000-0000000000ff")


def test_there_is_no_page_while_a_part_of_it_is_not_here(lead: Services, clock: SetClock, tmp_path: Path) -> None:
    record = record_about_s(lead)
    other = joined(tmp_path / "theirs", clock, lead, name="S. Lloyd", laptop="HIPSS-LT-01", role="manager")
    amend(lead, record, {"mode": "video"})
    amended = lead.store.get(record)
    assert amended is not None
    give_without_text(lead, other, amended.heads[0])
    with pytest.raises(UserError, match="not on this laptop yet"):
        consultation_page(other, record)
    close([other])


ODD = "\u202ebackwards\u202c \u05e2\u05d1\u05e8\u05d9\u05ea \U0001f468\u200d\U0001f467 bell\x07 escape\x1b[31m zero\u200bwidth"


def test_sixty_people_and_forty_thousand_letters_stand_on_the_page_and_in_the_text_with_nothing_that_is_obeyed(
    lead: Services,
) -> None:
    people = [tiss.row(name=f"F. Doyle {number}\n- Nobody", role=ODD, was="came") for number in range(60)]
    long = " ".join(f"word{number}" for number in range(4_600))
    text = [*tiss.question(f"{long}\r\n{ODD}"), tiss.row(place="6", section="guess", text="Tired", wrong_if=ODD)]
    record = tiss.consultation(lead, theme="Endings", attendees=people, text=text)
    page = consultation_page(lead, record)
    file_text, page_text = case_file_text(page), " ".join(read_pdf(pdf(page)).text.split())
    assert len(long) > 40_000
    assert long in file_text
    assert all(f"word{number}" in page_text for number in range(0, 4_600, 100))
    assert file_text.count("\n- F. Doyle") == 60
    assert "\n- Nobody" not in file_text
    assert {sign for sign in file_text if unicodedata.category(sign) == "Cc"} == {"\n"}
    assert "bell[U+0007] escape[U+001B][31m" in file_text
    assert "U+0007" in page_text
