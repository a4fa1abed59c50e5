"""The page of a household on paper: its record, and what is due. Carers may be given it, so no unannounced day stands on it."""

import msgspec

from hipss_desktop.documents.record import record_page
from hipss_desktop.documents.tree import Block, Document, Heading, Paragraph, Table
from hipss_desktop.views.services import Services


def carer_page(services: Services, record: str) -> Document:
    """The page of a household as it is now.

    Raises:
        UserError: the household is not on this laptop.
    """
    page = record_page(services, record)
    if services.people.record(record) is None:
        return page
    due = services.due_views.card(record, carers_see=True)
    rows = tuple((line.title, line.day, line.tag.words if line.tag else "", line.words) for line in due.lines)
    blocks: list[Block] = [Heading("What is due")]
    if rows:
        blocks.append(Table("What is due", ("What", "By", "Stands", "Last one"), rows))
    else:
        blocks.append(Paragraph(due.nothing or "Nothing is due."))
    return msgspec.structs.replace(page, blocks=(*page.blocks, *blocks))
