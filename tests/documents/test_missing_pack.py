"""The page for the police: what it says, in which order, and that it is a page that screen readers can read."""

from typing import Any

import pytest

from hipss_desktop.documents.drawing import pdf
from hipss_desktop.documents.missing_pack import TITLE, missing_pack
from hipss_desktop.documents.tree import BulletList, Fields, Heading, Paragraph
from hipss_desktop.errors import UserError
from hipss_desktop.views.services import Services
from tests.helpers.pdf_pages import read_pdf
from tests.helpers.several_laptops import child_named
from tests.ui.missing.guide_screen import begun


def kai(services: Services, **pack: Any) -> str:
    """A guide for Kai that was reported to the police, with a pack."""
    fields = {"child": child_named(services, "Kai"), "looks": "5 ft 7, slim", "phone": "07700 900633", **pack}
    services.records.finish(services.records.new_draft("missing_pack", fields))
    record = begun(services, "Kai", wearing="Grey hoodie", why_worried="Upset by missed calls from mum")
    services.missing.step(record, {"step": "police", "log_number": "0612", "grade": "medium"})
    return record


def pairs(services: Services, record: str) -> dict[str, str]:
    blocks = missing_pack(services, record).blocks
    return {pair.label: pair.words for block in blocks if isinstance(block, Fields) for pair in block.pairs}


def test_the_page_has_all_that_the_police_ask_and_whom_to_ring(services: Services) -> None:
    record = kai(services)
    page, words = missing_pack(services, record), pairs(services, record)
    assert [block.words for block in page.blocks if isinstance(block, Heading)] == [
        "Who is missing",
        "Last seen",
        "Already done",
        "To find the child",
        "When you find the child",
        "Ring",
    ]
    assert words["Police log"] == "0612"
    assert words["Name"] == "Kai Merrick, known as Kaiser"
    assert words["Looks like"] == "White British. 5 ft 7, slim."
    assert words["Wearing"] == "Grey hoodie."
    assert words["Why worried"] == "Upset by missed calls from mum"
    assert words["Phone"] == "07700 900633."
    assert words["The child’s home"] == "01632 960174"
    assert words["On call, A. Bevan"] == "07700 900184"
    assert {
        line.label for line in services.missing_guides.pack(child_named(services, "Kai"), None, services.clock()).lines
    } <= (words.keys()), "every line of the pack is printed"
    (done,) = (block.items for block in page.blocks if isinstance(block, BulletList))
    assert done == (
        "Report to police on 101: Log 0612, Medium risk. 02:14",
        "Tell EDT: Spoke to P. Shaw. Will ring mum at 08:00. 22:07",
    ), "what a call said of EDT stands there too"


def test_no_name_is_in_the_title_and_the_page_of_a_child_who_is_back_says_so(services: Services) -> None:
    record = kai(services)
    assert missing_pack(services, record).title == TITLE
    assert not [block for block in missing_pack(services, record).blocks if isinstance(block, Paragraph)]
    services.missing.returned(record, {"at": "2017-03-14T02:05:00+00:00", "seen_by": "Jo", "injuries": "None seen"})
    (notice,) = (block for block in missing_pack(services, record).blocks if isinstance(block, Paragraph))
    assert notice.notice


def test_a_pack_of_40_000_characters_prints_on_more_pages_and_every_word_is_there(services: Services) -> None:
    risk = " ".join(f"word{number}" for number in range(4600))
    assert len(risk) > 40_000
    page = read_pdf(pdf(missing_pack(services, kai(services, risk=risk))))
    assert (page.standard, page.title) == ("1", TITLE)
    assert len(page.pages) > 5
    text = " ".join("".join(page.pages).split())
    assert "word0 " in text
    assert "word4599" in text


def test_another_record_has_no_page_for_the_police(services: Services) -> None:
    with pytest.raises(UserError, match="not on this laptop"):
        missing_pack(services, child_named(services, "Kai"))
