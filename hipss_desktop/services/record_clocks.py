"""Computing the clocks of one record from its fields, the record it comes from, its sign-offs and its history.

Everything is read through ``Reads``, so that the clocks of many records can be computed from one reading. Must not write,
nor read a clock.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Protocol

import msgspec

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, DONE
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.incident import (
    BARRING,
    GROWING,
    INCIDENT,
    QUESTIONS,
    DoesNotApply,
    Incident,
    Notified,
    Returned,
    is_of,
)
from hipss_desktop.kinds.missing_episode import (
    EDT,
    MISSING_EPISODE,
    POLICE,
    TOLD_OF_THE_RETURN,
    MissingEpisode,
    as_incident,
    back,
    done_at,
    is_held,
    is_open,
    is_refused,
    return_task,
)
from hipss_desktop.kinds.placement import PLACEMENT, goes_on
from hipss_desktop.kinds.restraint import RESTRAINT
from hipss_desktop.kinds.sign_off import SIGN_OFF
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fold import body_of
from hipss_desktop.records.kind import Author, Finish
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules.clocks import INTERVIEW, Authorities, Clock, Council
from hipss_desktop.rules.incident_clocks import (
    Earlier,
    History,
    Linked,
    Signed,
    is_of_the_service,
    of_incident,
    of_restraint,
    rows_count_from,
    told_by_contact,
)
from hipss_desktop.rules.missing import goes_on_as
from hipss_desktop.services.ports import Draft, Record, Store
from hipss_desktop.services.records import Records

TOLD_BY_STEP = (POLICE, EDT)
"""The steps of a missing episode (``missing_step``) that tell a recipient of the same code."""
DECIDE_CLOCKS = frozenset({"types", "alleged_against", *QUESTIONS})
"""The answers of an incident that decide its clocks."""

Known = Record | Draft


class Reads(Protocol):
    """Reads the records that decide clocks."""

    def get(self, record: str) -> Record | None:
        """A record as it is now, None if it is not here."""
        ...

    def records_about(self, record: str, *, role: str = "", kind: str = "") -> list[Record]:
        """The records of a kind whose field ``role`` names a record, newest first."""
        ...

    def revisions(self, record: str) -> list[Revision]:
        """All revisions of a record, oldest first."""
        ...

    def name_of(self, person: str) -> str:
        """The name of a member of the service by their identifier."""
        ...


class StoreReads:
    """Reads everything from a store."""

    def __init__(self, store: Store, records: Records) -> None:
        self.get, self.records_about, self.revisions = store.get, store.records_about, store.revisions
        self.name_of = records.name_of


@dataclass(frozen=True)
class RecordClock:
    """A clock and the record that it belongs to; ``draft`` is true if that record is not finished yet."""

    record: str
    kind: str
    clock: Clock
    draft: bool = False


@dataclass(frozen=True)
class WorkedOut:
    """The clocks of a record at a time.

    From ``same_from`` on the same clocks are open, unless a record changes. It is None if the record has no time of its
    own, so that the clocks depend on the time asked for.
    """

    clocks: Sequence[Clock]
    same_from: datetime | None


HAS_NONE = WorkedOut((), datetime.min.replace(tzinfo=UTC))


def worked_out(known: Known, council: Council, at: datetime, reads: Reads) -> WorkedOut:
    """The clocks of a record, or of an unfinished record's draft, at a time."""
    return _OF_KIND[known.kind](known, council, at, reads)


def is_over(record: Record) -> bool:
    """Whether a record is a missing episode whose child is back: the incident made by the return has its clocks.

    An imported episode made no incident, so that an old log does not become a list of overdue clocks.
    """
    return record.kind == MISSING_EPISODE.name and not is_open(MISSING_EPISODE.of(record))


def going_on(episode: Known, reads: Reads) -> Known:
    """The record that counts for an episode: itself, or the one that it is the same as; a draft counts for itself."""
    if isinstance(episode, Draft):
        return episode
    return reads.get(goes_on_as(episode, reads.get)) or episode


def incident_of(episode: str, reads: Reads) -> Record | None:
    """The incident that was made from a missing episode, None if there is none yet."""
    records = reads.records_about(episode, role="from_episode", kind=INCIDENT.name)
    return next((record for record in records if not record.withdrawn), None)


def _incident(known: Known, council: Council, at: datetime, reads: Reads) -> WorkedOut:
    revisions = reads.revisions(known.record)
    return _of_incident(INCIDENT.read(known.fields), known, revisions, council, at, reads)


def _of_incident(
    incident: Incident, known: Known, revisions: list[Revision], council: Council, at: datetime, reads: Reads
) -> WorkedOut:
    """The clocks of an incident; ``known`` is the record that has its fields, ``revisions`` are that record's."""
    contact, source = _contact(incident.from_contact, reads), _episode(incident.from_episode, reads)
    linked = [*told_by_contact(CONTACT.of(contact))] if contact else []
    asked_for_interview: list[datetime] = []
    if source is not None:
        episode = MISSING_EPISODE.of(source)
        linked += [*_told_in(episode), *_told_by_tasks(source.record, reads)]
        asked_for_interview = [row.at for row in episode.interview if row.at is not None]
        incident = _with_refusal(_with_return(incident, episode), episode, at)
    placed = _placed_with(incident, at, reads)
    named = [record.record for record in (contact, source) if record is not None]
    history = History(
        earlier=tuple(_earlier(revisions)),
        signed=_signed(known, reads),
        authors=_authors([*revisions, *(revision for record in named for revision in reads.revisions(record))], reads),
        linked=tuple(linked),
        holds_recorded=any(
            RESTRAINT.of(hold).incident == known.record and not hold.withdrawn
            for hold in reads.records_about(known.record, role=INCIDENT.name, kind=RESTRAINT.name)
        ),
        placed=placed,
    )
    responsible = {child: _authority_of(child, reads) for child in (*incident.children, *placed)}
    clocks = of_incident(incident, council, at, Authorities(responsible, incident.area_authority), history)
    is_dated = incident.aware is not None or incident.happened is not None
    same_from = max([rows_count_from(incident, history), *asked_for_interview])
    return WorkedOut(clocks, same_from if is_dated else None)


def _missing_episode(known: Known, council: Council, at: datetime, reads: Reads) -> WorkedOut:
    """The clocks of a missing episode: those of the incident that its return makes, running from when the service was told."""
    episode = MISSING_EPISODE.read(known.fields)
    if incident_of(known.record, reads) is not None or going_on(known, reads).record != known.record:
        return HAS_NONE  # the incident, or the other episode, has the clocks
    fields = as_incident(episode, Finish(known.record, Author("", ""), at))
    clocks = _of_incident(INCIDENT.read(fields), known, [], council, at, reads)
    return clocks if episode.reported is not None else WorkedOut(clocks.clocks, None)


def _restraint(known: Known, council: Council, at: datetime, reads: Reads) -> WorkedOut:
    restraint = RESTRAINT.read(known.fields)
    history = History(signed=_signed(known, reads), authors=_authors(reads.revisions(known.record), reads))
    is_dated = restraint.began is not None or restraint.written is not None
    return WorkedOut(
        of_restraint(restraint, council, at, history), rows_count_from(restraint, history) if is_dated else None
    )


_OF_KIND: Mapping[str, Callable[[Known, Council, datetime, Reads], WorkedOut]] = {
    INCIDENT.name: _incident,
    RESTRAINT.name: _restraint,
    MISSING_EPISODE.name: _missing_episode,
}
KINDS_WITH_CLOCKS = tuple(_OF_KIND)
"""The kinds whose records have clocks."""
NAME_WHAT_HAS_CLOCKS = (SIGN_OFF.name, RESTRAINT.name, INCIDENT.name)
"""The kinds whose records change the clocks of the record that they refer to."""
CHANGE_WHAT_NAMES_THE_SAME = (PLACEMENT.name,)
"""The kinds whose records change the clocks of records about the same person."""


def _episode(record: str, reads: Reads) -> Record | None:
    """The missing episode that an incident comes from, None if there is none."""
    current = reads.get(record) if record else None
    return current if current is not None and current.kind == MISSING_EPISODE.name else None


def _contact(record: str, reads: Reads) -> Record | None:
    """The contact that an incident comes from, None if there is none or it was withdrawn."""
    contact = reads.get(record) if record else None
    return contact if contact is not None and contact.kind == CONTACT.name and not contact.withdrawn else None


def _signed(known: Known, reads: Reads) -> tuple[Signed, ...]:
    """The sign-offs of a record; the field of a sign-off that names the record has the name of the record's kind."""
    return tuple(
        Signed(SIGN_OFF.of(sign_off), reads.name_of(sign_off.author))
        for sign_off in reads.records_about(known.record, role=known.kind, kind=SIGN_OFF.name)
        if not sign_off.withdrawn
    )


def _placed_with(incident: Incident, at: datetime, reads: Reads) -> tuple[str, ...]:
    """The children placed with the carers of a referral to the Disclosure and Barring Service when the service was told."""
    if not is_of(BARRING)(incident):
        return ()
    day = times.local_day(incident.aware or incident.happened or at)
    placements = (
        PLACEMENT.of(record)
        for carer in incident.carers
        for record in reads.records_about(carer, kind=PLACEMENT.name)
        if not record.withdrawn
    )
    return tuple(sorted({placement.child for placement in placements if goes_on(placement, day)}))


def _authority_of(child: str, reads: Reads) -> str:
    record = reads.get(child)
    return CHILD.of(record).placing_authority if record is not None and record.kind == CHILD.name else ""


def _authors(revisions: Iterable[Revision], reads: Reads) -> dict[str, str]:
    """The author of each row, by row id: who wrote the first revision with the row."""
    authors: dict[str, str] = {}
    names: dict[str, str] = {}
    for revision in revisions:
        content = revision.content()
        for unit in content.changed if content else ():
            row = unit.partition("/")[2]
            if row and row not in authors:
                author = revision.envelope.author
                if author not in names:
                    names[author] = reads.name_of(author)
                authors[row] = names[author]
    return authors


def _earlier(revisions: list[Revision]) -> Iterator[Earlier]:
    """The versions of an incident before each amendment that could change its clocks, each with the amendment's reason."""
    bodies = [body for body in (body_of(revision, INCIDENT) for revision in revisions) if body is not None]
    whole = [body for body in bodies if not body.fields.keys() <= set(GROWING)]
    for before, after in pairwise(whole):
        if any(before.fields.get(name) != after.fields.get(name) for name in DECIDE_CLOCKS):
            yield Earlier(INCIDENT.read(before.fields), after.why)


def _told_in(episode: MissingEpisode) -> Iterator[Linked]:
    """The steps of a missing episode that told somebody, and a held interview, as rows of the incident made from it.

    Only an interview by somebody independent of the placement counts as the interview that the guidance asks for.
    """
    for row in episode.interview:
        if is_held(row) and row.independent:
            yield Linked(Notified(id=row.id, recipient=INTERVIEW, child=episode.child, told_by=row.by, at=row.at))
    for step in episode.steps:
        if step.step in TOLD_BY_STEP:
            notified = Notified(
                id=step.id,
                recipient=step.step,
                told_by=step.by,
                spoke_to=step.spoke_to,
                at=step.at or episode.reported,
                reference=step.log_number,
                grade=code_list("police_grade").label(step.grade),
            )
            at = done_at(step)
            yield Linked(notified, is_timed=at is not None, by_author=is_of_the_service(at, episode.reported))


def _told_by_tasks(episode: str, reads: Reads) -> Iterator[Linked]:
    """Who was told of a return, from the completed tasks that it made, so that nobody must record the same call twice."""
    for service in TOLD_OF_THE_RETURN:
        task = reads.get(return_task(episode, service))
        if task is None or task.withdrawn or (action := ACTION.of(task)).state != DONE:
            continue
        notified = Notified(
            id=task.record,
            recipient=service,
            told_by=reads.name_of(task.author),
            spoke_to=action.spoke_to,
            at=action.closed_at,
            reference=action.log_number,
            note=action.closing_note,
        )
        yield Linked(notified)


def _with_return(incident: Incident, episode: MissingEpisode) -> Incident:
    """The incident with the return from its missing episode, unless the incident has its own return for that child."""
    row = back(episode)
    if row is None or any(known.child in ("", episode.child) for known in incident.returned):
        return incident
    returned = Returned(id=row.id, child=episode.child, at=row.at)
    return msgspec.structs.replace(incident, returned=[*incident.returned, returned])


def _with_refusal(incident: Incident, episode: MissingEpisode, at: datetime) -> Incident:
    """The incident with the child's refusal of the interview, if the refusal is the last interview row at that time."""
    known = ((row.at, row.id, row) for row in episode.interview if row.at is not None and row.at <= at)
    *_, last = max(known, default=(None,))
    if last is None or not is_refused(last):
        return incident
    refusal = DoesNotApply(last.id, recipient=INTERVIEW, child=episode.child, why=f"Refused: {last.why}", at=last.at)
    return msgspec.structs.replace(incident, not_applying=[*incident.not_applying, refusal])
