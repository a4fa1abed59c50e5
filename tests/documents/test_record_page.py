"""Every kind of record has a page by its description alone, and whatever a record holds, its page is PDF/UA-1."""

from typing import Any

import pytest

from db.store import LaptopStore
from hipss_desktop.documents.drawing import pdf
from hipss_desktop.documents.record import record_page
from hipss_desktop.documents.tree import Fields, Heading, Paragraph, Table
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.kind import Kind
from hipss_desktop.views.services import Services
from tests.db.store.seats import OtherSeat, absorb
from tests.helpers.kinds_known import also_known
from tests.helpers.pdf_pages import PdfPages, read_pdf
from tests.helpers.several_laptops import amend, child_named
from tests.helpers.staged_kind import PLAN
from tests.helpers.store_fixtures import NIGHT
from tests.helpers.wrong_values import good, signed_bytes, wrong_bodies

LETTERS = "سلام عليكم Zoë \U0001f600 ኤርትራ"
"""Arabic, an emoji, and a name in letters that the fonts lack."""
LONG = "It was told in one breath, and nobody was hurt. " * 834
"""40,000 characters."""
ODD = (
    "control characters",
    "emoji",
    "right to left",
    "deep",
    "rows among other things",
    "a fraction",
    "row of an id alone",
)


def with_words(kind: Kind, body: dict[str, Any], words: str) -> dict[str, Any]:
    """A body with these words after each of its texts, in rows too."""
    texts = {field.name for field in kind.fields if field.type == "text"}
    rows = {
        field.name: {inner.name for inner in field.rows if inner.type == "text"} for field in kind.fields if field.rows
    }
    return {
        name: f"{value} {words}"
        if name in texts
        else [{key: f"{cell} {words}" if key in rows[name] else cell for key, cell in row.items()} for row in value]
        if name in rows
        else value
        for name, value in body.items()
    }


def written(store: LaptopStore, kind: Kind, body: dict[str, Any], **more: Any) -> str:
    """A record of a kind that another laptop wrote; its identifier."""
    revision = OtherSeat().sign(body, kind=kind.name, body=signed_bytes(body, sorted(body)), **more)
    absorb(store, revision)
    return revision.envelope.record


def page_of(services: Services, record: str) -> PdfPages:
    """The page of a record, drawn and read again."""
    return read_pdf(pdf(record_page(services, record), at=int(NIGHT.timestamp())))


def known_in(store: LaptopStore) -> Any:
    return lambda name: next((record.record for record in store.records_of(name)), "none")


@pytest.mark.parametrize("name", KINDS)
def test_every_kinds_page_is_tagged_titled_and_in_order_with_long_text_and_letters_that_no_font_has(
    name: str, services: Services, store: LaptopStore
) -> None:
    kind = KINDS[name]
    texts = [field.name for field in kind.fields if field.type == "text"]
    body = with_words(kind, good(kind, known_in(store)), LETTERS)
    if texts:
        body[texts[-1]] = f"{LONG}The end of it."
    record = written(store, kind, body)
    document = record_page(services, record)
    page = read_pdf(pdf(document, at=int(NIGHT.timestamp())))
    assert (page.language, page.standard, page.marked, page.shows_title) == ("en-GB", "1", True, True)
    assert page.title == document.title == f"{kind.label} {document.reference}"
    assert page.types()[:3] == ["root", "Document", "H1"]
    headings = [tag for tag in page.root.walk() if tag.type in ("H1", "H2", "H3", "H4")]
    assert [tag.title for tag in headings if tag.type == "H2"] == [
        "What was recorded",
        "About this record",
        "Version history",
    ]
    tables = [tag for tag in page.root.walk() if tag.type == "Table"]
    assert len(tables) == sum(isinstance(block, Table) for block in document.blocks)
    for table in tables:
        types = [tag.type for tag in table.walk()]
        assert "THead" in types
        assert "TH" in types
    assert page.root.out_of_order() == [], "content is read in the order in which it stands on the pages"
    at = -1
    for field in kind.fields:
        if field.type == "text" and field.name in texts[:-1] and not any(field.name in x.fields for x in kind.sections):
            assert f"Words for {field.label.lower()}" in page.text
    for words in (document.title, "What was recorded", "About this record", "Version history"):
        assert (at := page.text.find(words, at + 1)) >= 0, words
    for number, text in enumerate(page.pages, start=1):
        assert document.reference in text
        assert document.digests[0] in text.replace("\r\n", "")
        assert f"Page {number} of {len(page.pages)}" in text
    if texts:
        assert len(page.pages) > 5
        assert "The end of it." in page.text
        assert page.text.count("breath,") >= 834
    if len(texts) > 1 or any(inner.type == "text" for field in kind.fields for inner in field.rows):
        assert "cannot be drawn in the letters of this page" in page.text
        assert "U+1F600 (grinning face)" in page.text
        assert "عليكم" in page.text


@pytest.mark.parametrize("name", KINDS)
def test_a_page_is_made_of_whatever_a_record_holds(name: str, services: Services, store: LaptopStore) -> None:
    kind = KINDS[name]
    for wrong in wrong_bodies(kind, known_in(store), "itself", "none"):
        if wrong.value in ODD and wrong.field.startswith("every field"):
            page = page_of(services, written(store, kind, dict(wrong.body)))
            assert page.types()[:3] == ["root", "Document", "H1"], wrong.name


def test_a_kind_that_was_never_heard_of_here_has_a_page_and_so_has_a_new_one(
    services: Services, store: LaptopStore
) -> None:
    with also_known(PLAN):
        body = good(PLAN, known_in(store))
        record = written(store, PLAN, body)
        assert PLAN.label in page_of(services, record).title
    page = page_of(services, record)
    assert "What was recorded" in page.text


def test_both_versions_are_on_the_page_with_who_wrote_them_and_the_day(
    mine: Services, theirs: Services, kai: str
) -> None:
    from tests.helpers.several_laptops import exchange

    amend(mine, kai, {"helps": ["Toast works at night"]})
    amend(theirs, kai, {"helps": ["A walk"]})
    exchange(mine, theirs)
    document = record_page(mine, kai)
    pairs = [pair for block in document.blocks if isinstance(block, Fields) for pair in block.pairs]
    versions = [pair for pair in pairs if pair.label.startswith("What helps")]
    assert [pair.label for pair in versions[:2]] == ["What helps, version 1 of 2", "What helps, version 2 of 2"]
    assert "Toast works at night\n(" in versions[0].words
    assert "14 March 2017, 02:14" in versions[0].words
    assert len(document.digests) == 2
    notices = [block.words for block in document.blocks if isinstance(block, Paragraph) and block.notice]
    assert any("This page shows both versions" in words for words in notices)
    text = read_pdf(pdf(document)).text
    assert all(digest in text for digest in document.digests)


def test_a_withdrawn_record_says_so_first_and_an_amended_one_what_it_said_before(mine: Services, kai: str) -> None:
    amend(mine, kai, {"school": "Priory Hill"}, why="He changed schools")
    mine.records.withdraw(kai, "It was entered twice")
    document = record_page(mine, kai)
    notices = [block.words for block in document.blocks if isinstance(block, Paragraph) and block.notice]
    assert notices[0] == "Withdrawn. Why: It was entered twice"
    headings = [block.words for block in document.blocks if isinstance(block, Heading) and block.level == 3]
    assert headings[-3:] == ["Version 3, withdrawn", "Version 2, amended", "Version 1, first saved"]
    pairs = [(pair.label, pair.words) for block in document.blocks if isinstance(block, Fields) for pair in block.pairs]
    assert ("Why", "He changed schools") in pairs
    assert ("School, now", "Priory Hill") in pairs


def test_a_record_that_is_not_here_has_no_page(services: Services) -> None:
    with pytest.raises(UserError, match="not on this laptop"):
        record_page(services, "0199c0de-ffff-7000-8000-0000000000ff")


@pytest.fixture
def kai(mine: Services) -> str:
    """A child of the demo caseload whose record several laptops have."""
    return child_named(mine, "Kai")
