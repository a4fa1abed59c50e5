"""Prints a training session: its sign-in sheet, and one person's certificate of attendance. Prints a series with its count.

Only somebody who came to a session that was held gets a certificate. It names no other participant. Must not write.
"""

from collections.abc import Iterator

from hipss_desktop.documents.record import printed_by, record_page
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
from hipss_desktop.kinds.training import CAME, TRAINING, Participant, Training, time_of, topic_words, was_held
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.folding import folded
from hipss_desktop.rules.training import hours_words
from hipss_desktop.services.ports import Record
from hipss_desktop.views.services import Services
from hipss_desktop.views.session import moment_words, when_words

CERTIFICATE, SHEET = "Certificate of attendance", "Sign-in sheet"
KEEP = "Official-sensitive. Of the person named on it. Keep it with your training records."
SHRED = "Official-sensitive. It names carers. Shred it once who came is entered."
BLANK_LINES = 6
"""Empty lines for people who come without an invitation."""


def certificate(services: Services, record: str, row: str) -> Document:
    """The certificate of the person in a row of a session.

    Raises:
        UserError: the session is not here, was withdrawn or not held, has not ended, waits for a decision, or this person did
            not come.
    """
    session_record = _session(services, record)
    session = TRAINING.of(session_record)
    person = next((participant for participant in session.people if participant.id == row), None)
    if not was_held(session):
        raise UserError("This session was not held. A certificate is for a session that was held.")
    if session.ended is not None and session.ended > services.clock():
        raise UserError("This session has not ended yet. A certificate says how long somebody was there.")
    if person is None or person.was != CAME:
        raise UserError("This person did not come to the session. A certificate is for those who came.")
    if not _name(services, person):
        raise UserError("The name of this person is not recorded. Amend the session to enter it.")
    return _document(services, session_record, CERTIFICATE, KEEP, tuple(_certificate(services, session, person)))


def series_page(services: Services, record: str) -> Document:
    """A series as it is now, with how far it has got. Raises UserError if the series is not on this laptop."""
    return record_page(
        services, record, after=(Heading("How far it is"), Paragraph(services.training.series.words(record)))
    )


def row_of(services: Services, record: str, name: str) -> str:
    """The row of the only person of that name in a session. Raises UserError if nobody or more than one has that name."""
    session = TRAINING.of(_session(services, record))
    rows = [row.id for row in session.people if folded(_name(services, row)) == folded(name)]
    if len(rows) != 1:
        raise UserError("Nobody in this session has that name, or more than one person has. Use the name as it stands.")
    return rows[0]


def sign_in_sheet(services: Services, record: str) -> Document:
    """The sheet on which people sign when they come.

    Raises:
        UserError: the session is not here, was withdrawn, or waits for a decision.
    """
    session_record = _session(services, record)
    return _document(services, session_record, SHEET, SHRED, tuple(_sheet(services, TRAINING.of(session_record))))


def _session(services: Services, record: str) -> Record:
    session_record = services.store.get(record)
    if session_record is None or session_record.kind != TRAINING.name:
        raise UserError("This session is not finished, or is not on this laptop.")
    if session_record.withdrawn:
        raise UserError("This session was withdrawn. Nothing is printed of it.")
    if session_record.needs_decision:
        raise UserError("This session has two versions. Decide in the sync centre which is right, then print.")
    if session_record.incomplete:
        raise UserError("A part of this session is not on this laptop yet. Sync, then print.")
    return session_record


def _document(
    services: Services, session_record: Record, title: str, handling: str, blocks: tuple[Block, ...]
) -> Document:
    view = services.record_views.view(session_record.record)
    return Document(
        title=title,
        reference=view.reference if view is not None else "",
        digests=session_record.heads,
        handling=handling,
        printed=printed_by(services),
        blocks=blocks,
    )


def _name(services: Services, person: Participant) -> str:
    return person.name.strip() or services.people.name(person.colleague)


def _certificate(services: Services, session: Training, person: Participant) -> Iterator[Block]:
    yield Paragraph(_name(services, person), strong=True)
    yield Paragraph(f"came to the training session “{session.name.strip() or topic_words(session)}”.")
    time = time_of(session, person)
    pairs = [Pair("When", moment_words(session)), Pair("Place", session.place.strip())]
    pairs += [
        Pair("Topic", topic_words(session)),
        Pair("Attended", hours_words(time) if time is not None else "Not known"),
    ]
    pairs += [Pair("Led by", _trainers(services, session))]
    yield Fields(tuple(pair for pair in pairs if pair.words))
    if session.covered.strip():
        yield Heading("What was covered")
        yield Paragraph(session.covered.strip())
    if session.standards:
        yield Heading("Training, support and development standards covered")
        yield BulletList(tuple(code_list("tsds_standard").label(code) for code in session.standards))
    yield Signatures((SigningLine("For the service"), SigningLine("Date")))


def _trainers(services: Services, session: Training) -> str:
    return ", ".join(
        name for row in session.trainers if (name := row.name.strip() or services.people.name(row.colleague))
    )


def _sheet(services: Services, session: Training) -> Iterator[Block]:
    yield Paragraph(session.name.strip() or topic_words(session), strong=True)
    words = when_words(session)
    if words:
        yield Paragraph(words)
    if trainers := _trainers(services, session):
        yield Fields((Pair("Led by", trainers),))
    yield Heading("Who came")
    rows = tuple(
        (_name(services, person), person.role.strip(), person.organisation.strip(), "", "", "")
        for person in session.people
    )
    yield Table(
        "Who came", ("Name", "Role", "Organisation", "Came at", "Left at", "Signature"), rows, blank=BLANK_LINES
    )
