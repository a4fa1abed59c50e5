"""The paper of a morning handover: what it says and in which order, boxes to tick, and until when it is kept."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hipss_desktop.documents.drawing import pdf
from hipss_desktop.documents.pages import page_of
from hipss_desktop.documents.tree import Heading, Paragraph, Signatures, Table
from hipss_desktop.services.handovers import Night
from hipss_desktop.views.names import NOT_HERE
from hipss_desktop.views.services import Services
from tests.helpers.pdf_pages import read_pdf
from tests.helpers.store_fixtures import SetClock
from tests.services.test_handovers import PUBLISHED, published


@pytest.fixture
def clock() -> SetClock:
    """The morning after the night of 13 to 14 March 2017, 08:12."""
    return SetClock(PUBLISHED)


def table(services: Services, record: str, name: str) -> Table:
    return next(block for block in page_of(services, record).blocks if isinstance(block, Table) and block.name == name)


def test_it_says_what_the_screen_says_in_the_order_of_reading(services: Services) -> None:
    record = published(services)
    page = page_of(services, record)
    assert page.title == "Morning handover"
    headings = [block.words for block in page.blocks if isinstance(block, Heading) and block.level == 2]
    assert headings == ["Read this first", "Do today", "Who was told", "All contacts"]
    assert page.handling == "Official-sensitive. About children. Shred by 17:00 on Tuesday 14 March 2017."
    first = [block.words for block in page.blocks if isinstance(block, Heading) and block.level == 3]
    assert "Tyler B. · 15, Carol Yeo, 01632 960231" in first
    told_table = table(services, record, "Who was told")
    assert ("Kai M. · 14", "Police", "Jo Preece to control room", "21:40", "0612") in told_table.rows
    lines = next(block for block in page.blocks if isinstance(block, Signatures)).lines
    assert [(line.label, line.words) for line in lines] == [("Handed over by", "A. Bevan"), ("Taken by, and time", "")]


def test_each_thing_to_do_has_a_real_box_to_tick_and_the_page_is_tagged(services: Services) -> None:
    record = published(services)
    do_today = table(services, record, "Do today")
    assert do_today.ticks == "Done"
    page = read_pdf(pdf(page_of(services, record), at=int(PUBLISHED.timestamp())))
    assert (page.standard, page.marked, page.language) == ("1", True, "en-GB")
    drawn = [tag for tag in page.root.walk() if tag.type == "Table"]
    cells = [sum(tag.type in ("TH", "TD") for tag in table_tag.walk()) for table_tag in drawn]
    columns = len(do_today.head) + 1
    assert columns * (len(do_today.rows) + 1) in cells  # each row has a cell for its box


def test_a_quiet_night_is_a_page_too(services: Services) -> None:
    since = datetime.fromisoformat("2015-03-20T17:30+00:00")
    draft = services.handovers.draft(Night("", since, since + timedelta(hours=15)))
    fields = {**draft.fields, "items": [], "quiet": "No contacts. Pack read through"}
    record = services.handovers.publish(replace(draft, fields=fields)).envelope.record
    words = [block.words for block in page_of(services, record).blocks if isinstance(block, Paragraph)]
    assert "No contacts. Pack read through" in words


def test_a_person_who_may_not_read_a_record_reads_nothing_of_it_on_paper(services: Services) -> None:
    record = published(services)
    current = services.store.get(record)
    assert current is not None
    with services.store.write() as unit:  # an item whose record has not come to this laptop
        unit.append(
            record=record,
            kind="handover",
            action="amend",
            fields={
                **current.fields,
                "items": [{"id": "gone", "part": "contacts", "contact": "0199c0de-0000-7000-8000-00000000ffff"}],
            },
            changed=["items/gone"],
            parents=current.heads,
            why="Told",
        )
    assert table(services, record, "All contacts").rows[-1][1:] == (NOT_HERE, "It may come with the next sync.", "")
