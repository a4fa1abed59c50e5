"""The paper sheet for a night without a laptop, and the page of a recovery key."""

import re

import pytest

from hipss_desktop.documents.drawing import pdf
from hipss_desktop.documents.paper_sheet import CALLS, QUESTIONS, paper_sheet
from hipss_desktop.documents.recovery_key import recovery_page
from hipss_desktop.documents.tree import Document, Fields, Heading, Pair, Paragraph, Table
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.views.services import Services
from tests.helpers.pdf_pages import read_pdf


def test_the_sheet_has_each_number_once_those_of_the_shift_first(services: Services) -> None:
    numbers = next(block for block in paper_sheet(services).blocks if isinstance(block, Table))
    assert numbers.rows[:2] == (
        ("A. Bevan, on call", "07700 900184", "Until 08:30"),
        ("S. Lloyd, backup manager", "07700 900312", "Until 08:30"),
    )
    assert ("Emergency duty team", "01632 960145", "17:00 to 09:00, weekends and bank holidays") in numbers.rows
    rung = [row[1] for row in numbers.rows]
    assert len(rung) == len(set(rung))


def test_the_sheet_has_a_line_for_every_child_placed_tonight(services: Services) -> None:
    children = next(
        block for block in paper_sheet(services).blocks if isinstance(block, Table) and "Child" in block.head
    )
    assert [row[0].partition(",")[0] for row in children.rows] == [
        child.name for child in services.on_call.children(services.clock())
    ]
    assert ("Kai M., 14", "HIPSS-017", "Jo & Martin Preece", "01632 960174") in {row[:4] for row in children.rows}


def test_the_questions_of_a_call_are_in_the_order_of_the_form_with_lines_to_write_on(services: Services) -> None:
    fields = [field.name for field in CONTACT.fields]
    asked_fields = [name for names, _ in QUESTIONS for name in names if name != "happened"]
    assert asked_fields == sorted(asked_fields, key=fields.index), "the time stands first, the rest as in the form"
    required = {field.name for field in CONTACT.fields if field.options.required}
    assert required <= set(asked_fields), "what a finish needs has a place on paper"
    blocks = paper_sheet(services).blocks
    assert [block.words for block in blocks if isinstance(block, Heading)][2:] == [
        f"Call {number}" for number in range(1, CALLS + 1)
    ]
    lines = [block for block in blocks if isinstance(block, Table) and block.blank]
    assert len(lines) == CALLS * len(QUESTIONS)
    assert lines[2].head == ("What is happening?",)
    assert lines[2].blank == 3


def test_the_sheet_is_pdf_ua_and_says_which_night_it_is_for(services: Services) -> None:
    document = paper_sheet(services)
    assert Paragraph("Night of 13 to 14 March", strong=True) in document.blocks
    page = read_pdf(pdf(document))
    assert (page.standard, page.title) == ("1", "Paper sheet for a night without a laptop")
    calls = [[number for number in range(1, CALLS + 1) if f"Call {number}\r\n" in text] for text in page.pages]
    assert [on_one for on_one in calls if on_one] == [[1, 2], [3, 4]], "a call is written on one sheet"
    assert len(page.pages) == 3
    assert all(
        text.count("What did you advise?") == 2 for text, on_one in zip(page.pages, calls, strict=True) if on_one
    )
    places = page.root.all_places()
    assert places == sorted(places)


@pytest.mark.parametrize("columns", [2, 3, 5, 7])
def test_no_number_is_on_two_lines_in_any_width_of_a_column(columns: int) -> None:
    number = "01632 960174"
    texts = tuple(f"{'Ring them ' * place}at {number}" for place in range(1, columns + 1))
    table = Table("Whom to ring", tuple(f"Who {place}" for place in range(columns)), tuple([texts] * 3))
    pairs = Fields(tuple(Pair("Ring", f"{'x' * length} {number}") for length in range(40, 90, 3)))
    lines = Paragraph(" ".join(f"{'x' * length} {number}" for length in range(3, 40)))
    page = read_pdf(pdf(Document("Numbers", (table, pairs, lines))))
    broken = [text for text in page.pages if re.search(r"01632[\s\u200b]*[\r\n]+", text)]
    assert broken == []
    assert page.text.count(number) == 3 * columns + 17 + 37


def test_the_page_of_a_recovery_key_has_its_groups_by_number(services: Services) -> None:
    groups = ["3HMDC", "7QCM4", "752W8", "JR3P7", "ZT2HP", "HCNJK", "T83AN", "H5XH1"]
    page = read_pdf(pdf(recovery_page(groups, "HIPSS-LT-04")))
    assert page.standard == "1"
    assert "1 3HMDC 2 7QCM4" in page.text
    assert "HIPSS-LT-04" in page.text
    assert "Kai" not in page.text
