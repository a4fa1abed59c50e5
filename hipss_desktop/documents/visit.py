"""A finished visit on paper: the whole of it for the service, and the household's copy of what was read back to them.

What was said to a paragraph stands below it, a disagreement as plainly as an agreement, and every signature says for which
version it is. The copy holds nothing that was not read back: no third person, no unannounced date, no other household.
"""

from collections.abc import Iterator, Sequence

from hipss_desktop import identity, times
from hipss_desktop.documents.record import HANDLING, printed_by, record_page
from hipss_desktop.documents.strokes import picture
from hipss_desktop.documents.tree import Block, Document, Fields, Heading, Pair, Paragraph
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.services.reading_back import Part
from hipss_desktop.views.desk import Desk
from hipss_desktop.views.signed import AnswerLine, SignatureLine, SignedView

NOT_SIGNED = "Nobody has signed this."


def visit_page(desk: Desk, record: str) -> Document:
    """A visit as it is now, with what was said to its paragraphs and who signed which version of it.

    Raises UserError where it is not on this laptop.
    """
    view = desk.signed_views.view(record)
    beside = {paragraph: tuple(_answers(lines)) for paragraph, lines in view.answers.items()}
    return record_page(desk, record, beside, tuple(_signatures(view.signatures)))


def carers_copy(desk: Desk, record: str) -> Document:
    """The household's copy of what was read back to them, with what they said and who signed it.

    Raises UserError where the visit cannot be read back.
    """
    back, view = desk.reading_back.read(record), desk.signed_views.view(record)
    names = " and ".join(adult.name for adult in back.adults)
    held = times.full_day(times.local_day(back.held_at)) if back.held_at is not None else ""
    return Document(
        title="Your copy of what was read back",
        reference=identity.reference(VISIT.reference_prefix, record),
        digests=back.of,
        handling=HANDLING,
        printed=printed_by(desk),
        blocks=(
            Fields((Pair("For", names), Pair("Visit of", held), Pair("Written by", back.written_by))),
            Heading("What was read back"),
            *_parts(back.parts, view),
            *_signatures([line for line in view.signatures if not line.outdated]),
        ),
    )


def _parts(parts: Sequence[Part], view: SignedView) -> Iterator[Block]:
    for part in parts:
        yield Heading(f"{part.number}. {part.title}".rstrip(". "), 3)
        yield Paragraph(part.text)
        yield from _answers([line for line in view.answers.get(part.paragraph, ()) if not line.seen])


def _answers(lines: Sequence[AnswerLine]) -> Iterator[Block]:
    for line in lines:
        said = f"{line.says}: ‘{line.words}’" if line.words else f"{line.says}."
        yield Paragraph(f"{said} Said to other words: ‘{line.seen}’" if line.seen else said, notice=line.disagrees)


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
