"""The page of a consultation for those who came: what was understood and agreed, in the order of the record.

They take it away, so it has no history and does not say who else has it. The plain text for a case file is the same page.
Must not write.
"""

import unicodedata
from collections.abc import Iterator

from hipss_desktop import times
from hipss_desktop.documents.record import printed_by
from hipss_desktop.documents.tree import (
    Block,
    BulletList,
    Document,
    Fields,
    Heading,
    Pair,
    Paragraph,
    Signatures,
    SigningLine,
    Table,
)
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.case import team_words
from hipss_desktop.kinds.consultation import CONSULTATION, TO_TELL, Consultation, sections_of, was_held
from hipss_desktop.records.codes import code_list
from hipss_desktop.services.ports import Record
from hipss_desktop.views.consultations import (
    FORMULATION,
    NOT_A_DIAGNOSIS,
    PLAN_HEADINGS,
    WRONG_IF,
    Box,
    boxes,
    came,
    in_plan_order,
    missed,
    plan_line,
)
from hipss_desktop.views.names import reference
from hipss_desktop.views.services import Services

TITLE = "Consultation"
HANDLING = "Official-sensitive. It is about a child or a team. Keep it safe, and shred it when it is no longer needed."
NOT_HELD = "This consultation was not held yet. Write it up first, then make its page."


def consultation_page(services: Services, record: str) -> Document:
    """The page of a consultation as it is now.

    Raises:
        UserError: it or a part of it is not on this laptop, it was not held, is withdrawn, or waits for a decision between two
            versions.
    """
    current = _held(services, record)
    return Document(
        title=TITLE,
        reference=reference(current),
        digests=current.heads,
        handling=HANDLING,
        printed=printed_by(services),
        blocks=tuple(_blocks(services, CONSULTATION.of(current))),
    )


def _held(services: Services, record: str) -> Record:
    current = services.store.get(record)
    if current is None or current.kind != CONSULTATION.name:
        raise UserError("This consultation is not finished, or is not on this laptop. Finish it, then make its page.")
    if current.withdrawn:
        raise UserError("This consultation was withdrawn. Nobody gets a page of it.")
    if current.needs_decision:
        raise UserError(
            "This consultation has two versions. Decide in the sync centre which is right, then make its page."
        )
    if current.incomplete:
        raise UserError("A part of this consultation is not on this laptop yet. Sync, then make its page.")
    if not was_held(CONSULTATION.of(current)):
        raise UserError(NOT_HELD)
    return current


def _blocks(services: Services, read: Consultation) -> Iterator[Block]:
    yield Paragraph(team_words(read.team, read.team_name), strong=True)
    yield Paragraph(services.consultation_views.head(read))
    if read.attendees:
        yield Heading("Who came")
        yield BulletList((*came(read), *missed(read)))
    inside = {section.code for section in sections_of(FORMULATION)}
    formulated = False
    for box in boxes(read):
        if box.code in inside and not formulated:
            formulated = True
            yield Heading("Formulation")
            yield Paragraph(NOT_A_DIAGNOSIS)
        if box.paragraphs:
            yield Heading(box.label, 3 if box.code in inside else 2)
            yield from _paragraphs(box)
    yield from _plan(read, services)
    if read.not_taken_up:
        yield Heading("Advice not taken up")
        yield Table(
            "Advice not taken up",
            ("Advice", "Reason given", "Who decided"),
            tuple((row.advice.strip(), row.reason.strip(), row.decided_by.strip()) for row in read.not_taken_up),
        )
    yield from _safety(read)
    yield Signatures((SigningLine("Agreed as a true record"), SigningLine("Date")))


def _paragraphs(box: Box) -> Iterator[Block]:
    for paragraph in box.paragraphs:
        yield Paragraph(f"{paragraph.mark}: {paragraph.words}" if paragraph.mark else paragraph.words)
        if paragraph.wrong_if:
            yield Paragraph(f"{WRONG_IF}: {paragraph.wrong_if}")


def _plan(read: Consultation, services: Services) -> Iterator[Block]:
    if not read.plan:
        return
    lines = [plan_line(read, row, services.consultations.today()) for row in in_plan_order(read)]
    yield Heading("Agreed plan")
    rows = tuple((line.step, line.who, line.by, line.status.words) for line in lines)
    yield Table("Agreed plan", PLAN_HEADINGS, rows)


def _safety(read: Consultation) -> Iterator[Block]:
    if not read.safeguarding:
        return
    yield Heading("For the child’s safety")
    yield Paragraph(code_list("safeguarding_answer").label(read.safeguarding))
    if read.safeguarding == TO_TELL and read.safeguarding_words.strip():
        yield Paragraph(read.safeguarding_words.strip())
    for row in read.told:
        at = f"{times.long_day(times.local_day(row.at))}, {times.clock_time(row.at)}" if row.at else ""
        pairs = (Pair("Told", row.to.strip()), Pair("When", at), Pair("Reference", row.reference.strip()))
        yield Fields(tuple(pair for pair in pairs if pair.words))


def case_file_text(page: Document) -> str:
    """The page of a consultation in plain text, in its order, for the case file of the team.

    A control character, which another program may obey or drop, is written as its number, as on the page. So the clipboard
    returns what was copied, and the program recognises its own text when it empties the clipboard.
    """
    parts: list[list[str]] = [[f"{page.title} {page.reference}"], []]
    for block in page.blocks:
        if isinstance(block, Heading):
            parts.append([])
        parts[-1] += _lines(block)
    return _visible("\n\n".join("\n".join(lines) for lines in parts if lines)) + "\n"


def _visible(text: str) -> str:
    """A text with one kind of line end, and its other control characters as numbers: "[U+0007]"."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        f"[U+{ord(sign):04X}]" if sign not in "\n\t" and unicodedata.category(sign) == "Cc" else sign for sign in lines
    )


def _one_line(words: str) -> str:
    """Words in one line, so that a name with a line break cannot look like another row."""
    return " ".join(words.split())


def _lines(block: Block) -> Iterator[str]:
    """A block as lines of plain text; blocks to be filled in by hand have none."""
    match block:
        case Heading() | Paragraph():
            yield block.words
        case BulletList():
            yield from (f"- {_one_line(item)}" for item in block.items)
        case Fields():
            yield from (f"{pair.label}: {_one_line(pair.words)}" for pair in block.pairs)
        case Table():
            for row in block.rows:
                cells = (
                    f"{head}: {_one_line(cell)}" if at else _one_line(cell)
                    for at, (head, cell) in enumerate(zip(block.head, row, strict=True))
                )
                yield f"- {'. '.join(cell for cell in cells if cell)}"
        case _:
            return
