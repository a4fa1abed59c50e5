"""The page of a morning handover: what to read first, actions for today with boxes to tick, who was told, all contacts.

It has the same words as the screen, so that nobody reads on it what they may not read elsewhere. Must not read more of a
record than its page does.
"""

from collections.abc import Iterator, Sequence
from datetime import time

from hipss_desktop import times
from hipss_desktop.documents.record import printed_by
from hipss_desktop.documents.tree import (
    Block,
    Document,
    Heading,
    Paragraph,
    Signatures,
    SigningLine,
    Table,
)
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.handover import CONTACTS, DO_TODAY, HANDOVER, READ_FIRST, TOLD, Handover
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.kinds.shift import SHIFT
from hipss_desktop.records.codes import code_list
from hipss_desktop.views.clocks import NO_TIME
from hipss_desktop.views.handovers import HandoverView, ItemView
from hipss_desktop.views.services import Services

SHRED_BY = time(17)
"""The local time by which the paper must be shredded: it is for one day."""


def handover_page(services: Services, record: str) -> Document:
    """The page of a published handover as it is now.

    Raises:
        UserError: the handover is not on this laptop.
    """
    view, current = services.handover_views.view(record), services.store.get(record)
    whole = services.record_views.view(record)
    if view is None or current is None or whole is None:
        raise UserError("This handover is not on this laptop.")
    handover = HANDOVER.of(current)
    day = times.local_day(handover.until or handover.published or services.clock())
    shred = f"Shred by {times.clock_time(times.at_local(day, SHRED_BY))} on {times.full_day(day)}."
    return Document(
        title="Morning handover",
        reference=whole.reference,
        digests=current.heads,
        handling=f"Official-sensitive. About children. {shred}",
        printed=printed_by(services),
        blocks=tuple(_blocks(services, handover, view)),
    )


def _blocks(services: Services, handover: Handover, view: HandoverView) -> Iterator[Block]:
    yield Paragraph(_shift_words(handover, view), strong=True)
    facts = _facts(services, handover, view)
    yield Table("The night", tuple(facts), (tuple(facts.values()),))
    items = view.all_items
    first, to_do, told_items = (_of(items, part) for part in (READ_FIRST, DO_TODAY, TOLD))
    later = {item.id for item in view.added}
    contacts = [item for item in _of(items, CONTACTS) if item.record]
    if first:
        yield Heading("Read this first")
    for item in first:
        yield Heading(", ".join(filter(None, (item.title, item.number))), 3)
        words = (item.tag.words if item.tag is not None else "", item.at, item.words)
        yield Paragraph(". ".join(part.rstrip(".") for part in words if part) + ".", notice=True)
    if to_do:
        yield Heading("Do today")
        rows = tuple((item.at, item.title, item.words, _who(item)) for item in to_do)
        yield Table("Do today", ("By", "Action", "Child", "Who"), rows, ticks="Done")
    if told_items:
        yield Heading("Who was told")
        yield Table(
            "Who was told", ("Child", "Who", "Spoke to", "Time", "Reference"), tuple(_told_rows(services, told_items))
        )
    fixed = [item for item in contacts if item.id not in later]
    for title, rows_of in (("All contacts", fixed), ("Added since it was published", contacts[len(fixed) :])):
        if rows_of:
            yield Heading(title)
            head = ("Time", "Child", "From, and what it was about", "Risk")
            yield Table(
                title, head, tuple((item.at, item.title, item.words, _risk(services, item)) for item in rows_of)
            )
    if not handover.items:
        yield Heading("A quiet night")
        yield Paragraph(handover.quiet)
    yield Signatures((SigningLine("Handed over by", view.worker), SigningLine("Taken by, and time")))


def _shift_words(handover: Handover, view: HandoverView) -> str:
    """The night and its hours."""
    if handover.since is None or handover.until is None:
        return view.night
    ends = ((moment, times.local_day(moment)) for moment in (handover.since, handover.until))
    hours = (f"{times.clock_time(moment)} {times.WEEKDAYS[day.weekday()][:3]} {day.day}" for moment, day in ends)
    return f"{view.night}, shift {' to '.join(hours)}, {times.zone(handover.until)}"


def _facts(services: Services, handover: Handover, view: HandoverView) -> dict[str, str]:
    """The person on call and the facts of the night, by their headings."""
    shift = services.store.get(handover.shift) if handover.shift else None
    backup = services.people.record(SHIFT.of(shift).backup) if shift is not None and shift.kind == SHIFT.name else None
    known = backup is not None and backup.kind == PRACTITIONER.name
    return {
        "On call": view.worker,
        "Backup manager": PRACTITIONER.of(backup).name if known and backup is not None else "Not entered",
        "Contacts": str(view.worked.contacts),
        "Incidents": str(view.worked.incidents),
        "Published": view.published.removeprefix("Published "),
        "Accepted": f"{view.accepted} of {view.items}",
    }


def _of(items: Sequence[ItemView], part: str) -> list[ItemView]:
    return [item for item in items if item.part == part]


def _who(item: ItemView) -> str:
    return f"{item.who}, {item.accepted[:1].lower()}{item.accepted[1:]}" if item.accepted else item.who


def _told_rows(services: Services, items: Sequence[ItemView]) -> Iterator[tuple[str, ...]]:
    """Everybody who was told of a contact, one row each."""
    for item in items:
        record = services.store.get(item.record)
        if record is None or record.kind != CONTACT.name:
            yield item.title, item.words, "", item.at, ""
            continue
        for row in CONTACT.of(record).told_others:
            at = times.clock_time(row.at) if row.at else NO_TIME.capitalize()
            yield item.title, code_list("told").label(row.who), row.name, at, row.reference


def _risk(services: Services, item: ItemView) -> str:
    record = services.store.get(item.record)
    return (
        code_list("risk").label(CONTACT.of(record).risk) if record is not None and record.kind == CONTACT.name else ""
    )
