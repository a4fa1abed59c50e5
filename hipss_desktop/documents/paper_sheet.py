"""The paper sheet for a night without a laptop: numbers to ring, tonight's children, and lines for calls.

The questions of a call are in the order of the contact form, so that the answers can be typed in as written. Must not write.
"""

from collections.abc import Iterator

from hipss_desktop import times
from hipss_desktop.documents.record import printed_by
from hipss_desktop.documents.tree import Block, Document, Heading, Paragraph, Signatures, SigningLine, Table
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.directory import DIRECTORY
from hipss_desktop.records import telephone
from hipss_desktop.views.numbers import one_or_other
from hipss_desktop.views.services import Services

TITLE = "Paper sheet for a night without a laptop"
HANDLING = "Official-sensitive. About children. Take it nowhere else, and shred it once its calls are typed in."
CALLS, CALLS_ON_A_SHEET = 4, 2
QUESTIONS = (
    (("happened", "caller", "call_back", "children"), 1),
    (("concerns", "missing", "back_at"), 1),
    (("happening",), 3),
    (("advice",), 3),
    (("risk", "needs_to_know", "follow_ups"), 1),
)
"""The questions of a call that are beside each other, and the number of lines for their answers."""


def paper_sheet(services: Services) -> Document:
    """The sheet for the present night."""
    return Document(title=TITLE, handling=HANDLING, printed=printed_by(services), blocks=tuple(_blocks(services)))


def _blocks(services: Services) -> Iterator[Block]:
    now = services.clock()
    night = times.night_words(now)
    yield Paragraph(night[:1].upper() + night[1:], strong=True)
    yield Paragraph("Type every call in as soon as a laptop works, as it is written here, and keep its times.")
    yield Heading("Numbers to ring")
    yield Table("Numbers to ring", ("Who", "Number", "When"), tuple(_numbers(services)))
    yield Heading("Children tonight")
    children = services.on_call.children(now)
    if children:
        rows = tuple(
            (
                ", ".join(filter(None, (child.name, child.age))),
                child.local_id,
                child.carers,
                one_or_other(child.numbers),
                child.status.words,
            )
            for child in children
        )
        yield Table("Children tonight", ("Child", "Number", "With", "Ring", "As this was printed"), rows)
    else:
        yield Paragraph("No child is placed tonight, as far as this laptop knows.")
    yield Signatures((SigningLine("Written by"), SigningLine("Typed in by"), SigningLine("Date and time")))
    for call in range(1, CALLS + 1):
        yield Heading(f"Call {call}", new_sheet=call % CALLS_ON_A_SHEET == 1)
        for names, lines in QUESTIONS:
            labels = tuple(CONTACT.by_name[name].label for name in names)
            yield Table(f"Call {call}", labels, blank=lines)


def _numbers(services: Services) -> Iterator[tuple[str, str, str]]:
    """The people of the shift, then the phone directory, each number once."""
    shift = services.on_call.shift(services.clock())
    people = []
    if shift is not None:
        people = [(f"{shift.on_call}, on call", shift.on_call_number, f"Until {shift.until}")]
        people += [(f"{shift.backup}, backup manager", shift.backup_number, f"Until {shift.until}")]
    entries = map(DIRECTORY.of, services.people.directory())
    listed = set()
    for who, number, when in (*people, *((entry.label, entry.number, entry.hours) for entry in entries)):
        if number and telephone.dialled(number) not in listed:
            listed.add(telephone.dialled(number))
            yield who, telephone.grouped(number), when
