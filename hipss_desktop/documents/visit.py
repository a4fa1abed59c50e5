"""A finished visit on paper, complete for the service; the household has its own copy (``documents.carer_copy``).

What was said to a paragraph is below it, disagreements as well as agreements, and every signature says for which version it
is.
"""

from collections.abc import Iterator, Sequence

from hipss_desktop.documents.record import record_page
from hipss_desktop.documents.strokes import picture
from hipss_desktop.documents.tree import Block, Document, Heading, Paragraph
from hipss_desktop.views.services import Services
from hipss_desktop.views.signed import AnswerLine, SignatureLine

NOT_SIGNED = "Nobody has signed this."


def visit_page(services: Services, record: str) -> Document:
    """A visit as it is now, with what was said to its paragraphs and who signed which version of it.

    Raises UserError if it is not on this laptop.
    """
    view = services.signed_views.view(record)
    beside = {paragraph: tuple(_answers(lines)) for paragraph, lines in view.answers.items()}
    return record_page(services, record, beside, tuple(_signatures(view.signatures)))


def _answers(lines: Sequence[AnswerLine]) -> Iterator[Block]:
    for line in lines:
        answer = f"{line.says}: ‘{line.words}’" if line.words else f"{line.says}."
        yield Paragraph(f"{answer} Said to other words: ‘{line.seen}’" if line.seen else answer, notice=line.disagrees)


def _signatures(lines: Sequence[SignatureLine]) -> Iterator[Block]:
    yield Heading("Signatures")
    if not lines:
        yield Paragraph(NOT_SIGNED)
    for line in lines:
        yield Heading(f"{line.name}, {line.capacity.lower()}", 3)
        if line.strokes:
            yield picture(line.strokes, f"The signature of {line.name}")
        if line.typed:
            yield Paragraph(line.typed, strong=True)
        yield Paragraph(". ".join(part for part in (line.how, line.version, line.outdated) if part) + ".")
