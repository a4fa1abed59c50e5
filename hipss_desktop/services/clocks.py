"""The clocks of the records that are on this laptop: what the rules need, put together from the store.

Nothing due is stored: every answer is worked out when it is asked for. Must not write, nor know how a clock is shown.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

import msgspec

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.closing_day import CLOSING_DAY
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
    MissingEpisode,
    as_incident,
    back,
    is_held,
    is_open,
    is_refused,
)
from hipss_desktop.kinds.placement import PLACEMENT, goes_on
from hipss_desktop.kinds.recipient import RECIPIENT
from hipss_desktop.kinds.restraint import RESTRAINT
from hipss_desktop.kinds.sign_off import SIGN_OFF
from hipss_desktop.kinds.value import VALUE
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fold import body_of
from hipss_desktop.records.kind import Author, Finish
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules.clocks import INTERVIEW, Authorities, Clock, Council
from hipss_desktop.rules.incident_clocks import Earlier, History, Signed, of_incident, of_restraint, told_by_contact
from hipss_desktop.rules.notification_rules import shipped
from hipss_desktop.rules.working_time import WorkingTime
from hipss_desktop.services.ports import Draft, Record, Store
from hipss_desktop.services.records import Records

TOLD_BY_STEP = (POLICE, EDT)
"""The steps of a missing episode (``missing_step``) that tell a recipient of the same code."""
DECIDE_CLOCKS = frozenset({"types", "alleged_against", *QUESTIONS})
"""The answers of an incident from which its clocks follow."""


@dataclass(frozen=True)
class RecordClock:
    """A clock and the record that it belongs to; ``draft`` where that is not finished yet."""

    record: str
    kind: str
    clock: Clock
    draft: bool = False


class Clocks:
    """The clocks of one open store."""

    def __init__(self, store: Store, records: Records, clock: times.Clock) -> None:
        self._store = store
        self._records = records
        self._clock = clock
        self._of_kind: Mapping[str, Callable[[Record | Draft, Council, datetime], list[Clock]]] = {
            INCIDENT.name: self._incident,
            RESTRAINT.name: self._restraint,
            MISSING_EPISODE.name: self._missing_episode,
        }

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds whose records have clocks."""
        return tuple(self._of_kind)

    def problems(self) -> tuple[str, ...]:
        """A sentence for each row of the table of rules that cannot be used."""
        return shipped().problems

    def council(self) -> Council:
        """What the council has set: its recipients, closing days and values."""
        return Council(
            table=shipped().with_own(
                (record.record, RECIPIENT.of(record)) for record in self._standing(RECIPIENT.name)
            ),
            closed=self._closed(),
            values=tuple(VALUE.of(record) for record in reversed(list(self._standing(VALUE.name)))),
            name=self._store.setting("council_name"),
        )

    def is_office_day(self) -> Callable[[date], bool]:
        """Says of a day whether the office opens: no weekend, bank holiday or closing day of the council."""
        return WorkingTime(self._closed()).is_working_day

    def of(self, record: str, at: datetime | None = None) -> list[RecordClock]:
        """The clocks of a record, or of its draft where it is not finished, as they stand at a time (now without one).

        An episode that is the same as another has the clocks of that one.

        Raises:
            UserError: it is not on this laptop, or is no record that has clocks.
        """
        known = self._store.get(record) or self._store.draft(record)
        if known is None:
            raise UserError("This record is not on this laptop.")
        if known.kind not in self._of_kind:
            raise UserError(
                "Nobody has to be told of this record by a time. Name an incident, a restraint or a missing episode."
            )
        if known.kind == MISSING_EPISODE.name:
            known = self._going_on(known)
            known = self._incident_of(known.record) or known
        return self._clocks(known, self.council(), at or self._clock())

    def about(self, child: str, at: datetime | None = None) -> list[RecordClock]:
        """The clocks of all records about a child, newest record first."""
        council, moment = self.council(), at or self._clock()
        records = (record for kind in self._of_kind for record in self._store.records_about(child, kind=kind))
        return [clock for record in records if not _is_over(record) for clock in self._clocks(record, council, moment)]

    def open(self, at: datetime | None = None) -> list[RecordClock]:
        """The clocks of all records on which something is to be done still, those due first before the others."""
        council, moment = self.council(), at or self._clock()
        clocks = [
            clock
            for kind in self._of_kind
            for record in self._store.records_of(kind)
            if not _is_over(record)
            for clock in self._clocks(record, council, moment)
        ]
        return sorted((clock for clock in clocks if clock.clock.is_open), key=lambda clock: _due_first(clock.clock))

    def _clocks(self, known: Record | Draft, council: Council, at: datetime) -> list[RecordClock]:
        if isinstance(known, Record) and known.withdrawn:
            return []
        clocks = self._of_kind[known.kind](known, council, at)
        return [RecordClock(known.record, known.kind, clock, isinstance(known, Draft)) for clock in clocks]

    def _incident(self, known: Record | Draft, council: Council, at: datetime) -> list[Clock]:
        revisions = self._store.revisions(known.record)
        return self._of_incident(INCIDENT.read(known.fields), known, revisions, council, at)

    def _of_incident(
        self, incident: Incident, known: Record | Draft, revisions: list[Revision], council: Council, at: datetime
    ) -> list[Clock]:
        """The clocks of an incident; ``known`` is the record that it stands in, ``revisions`` its own."""
        contact, source = self._contact(incident.from_contact), self._episode(incident.from_episode)
        linked = [*told_by_contact(CONTACT.of(contact))] if contact else []
        if source is not None:
            episode = MISSING_EPISODE.of(source)
            linked += _told_in(episode)
            incident = _with_refusal(_with_return(incident, episode), episode, at)
        placed = self._placed_with(incident, at)
        named = [record.record for record in (contact, source) if record is not None]
        history = History(
            earlier=tuple(_earlier(revisions)),
            signed=self._signed(known),
            authors=self._authors(
                [*revisions, *(revision for record in named for revision in self._store.revisions(record))]
            ),
            linked=tuple(linked),
            holds_recorded=any(
                RESTRAINT.of(hold).incident == known.record and not hold.withdrawn
                for hold in self._store.records_about(known.record, role=INCIDENT.name, kind=RESTRAINT.name)
            ),
            placed=placed,
        )
        responsible = {child: self._authority_of(child) for child in (*incident.children, *placed)}
        return of_incident(incident, council, at, Authorities(responsible, incident.area_authority), history)

    def _missing_episode(self, known: Record | Draft, council: Council, at: datetime) -> list[Clock]:
        """The clocks of an episode: those of the incident that its return makes, which run from when the service was told."""
        if self._incident_of(known.record) is not None or MISSING_EPISODE.read(known.fields).same_as:
            return []  # that record has them
        fields = as_incident(MISSING_EPISODE.read(known.fields), Finish(known.record, Author("", ""), at))
        return self._of_incident(INCIDENT.read(fields), known, [], council, at)

    def _going_on(self, episode: Record | Draft) -> Record | Draft:
        """The episode that another one is the same as, itself where it is of its own."""
        passed_over = {episode.record}
        while same := MISSING_EPISODE.read(episode.fields).same_as:
            other = self._store.get(same[-1].episode)
            if other is None or other.kind != MISSING_EPISODE.name or other.record in passed_over:
                break
            passed_over.add(other.record)
            episode = other
        return episode

    def _incident_of(self, episode: str) -> Record | None:
        """The incident that was made from a missing episode, None while there is none."""
        records = self._store.records_about(episode, role="from_episode", kind=INCIDENT.name)
        return next((record for record in records if not record.withdrawn), None)

    def _episode(self, record: str) -> Record | None:
        """The missing episode that an incident comes from, None without one."""
        current = self._store.get(record) if record else None
        return current if current is not None and current.kind == MISSING_EPISODE.name else None

    def _restraint(self, known: Record | Draft, council: Council, at: datetime) -> list[Clock]:
        history = History(
            signed=self._signed(known),
            authors=self._authors(self._store.revisions(known.record)),
        )
        return of_restraint(RESTRAINT.read(known.fields), council, at, history)

    def _contact(self, record: str) -> Record | None:
        """The contact that an incident comes from, None where there is none or it was withdrawn."""
        contact = self._store.get(record) if record else None
        return contact if contact is not None and contact.kind == CONTACT.name and not contact.withdrawn else None

    def _placed_with(self, incident: Incident, at: datetime) -> tuple[str, ...]:
        """The children placed with the carers of a referral to the Disclosure and Barring Service when the service was told."""
        if not is_of(BARRING)(incident):
            return ()
        day = times.local_day(incident.aware or at)
        placements = (
            PLACEMENT.of(record)
            for carer in incident.carers
            for record in self._store.records_about(carer, kind=PLACEMENT.name)
            if not record.withdrawn
        )
        return tuple(sorted({placement.child for placement in placements if goes_on(placement, day)}))

    def _closed(self) -> frozenset[date]:
        """The council's own closing days."""
        days = (CLOSING_DAY.of(record).day for record in self._standing(CLOSING_DAY.name))
        return frozenset(day for day in days if day is not None)

    def _standing(self, kind: str) -> Iterator[Record]:
        """The records of a kind that were not withdrawn, newest first."""
        return (record for record in self._store.records_of(kind) if not record.withdrawn)

    def _signed(self, known: Record | Draft) -> tuple[Signed, ...]:
        """The sign-offs of a record; the field that names it is called as its kind."""
        return tuple(
            Signed(SIGN_OFF.of(sign_off), self._records.name_of(sign_off.author))
            for sign_off in self._store.records_about(known.record, role=known.kind, kind=SIGN_OFF.name)
            if not sign_off.withdrawn
        )

    def _authority_of(self, child: str) -> str:
        record = self._store.get(child)
        return CHILD.of(record).placing_authority if record is not None and record.kind == CHILD.name else ""

    def _authors(self, revisions: list[Revision]) -> dict[str, str]:
        """Who added each row, by its id: the author of the first revision that has it."""
        authors: dict[str, str] = {}
        names: dict[str, str] = {}
        for revision in revisions:
            content = revision.content()
            for unit in content.changed if content else ():
                row = unit.partition("/")[2]
                if row and row not in authors:
                    author = revision.envelope.author
                    if author not in names:
                        names[author] = self._records.name_of(author)
                    authors[row] = names[author]
        return authors


def _is_over(record: Record) -> bool:
    """Whether a record is a missing episode that ended: the incident that its return made has its clocks.

    One that was imported made no incident, so that an old log does not become a list of what is overdue.
    """
    return record.kind == MISSING_EPISODE.name and not is_open(MISSING_EPISODE.of(record))


def _earlier(revisions: list[Revision]) -> Iterator[Earlier]:
    """What an incident said before each amendment of what its clocks follow from, and why it was amended."""
    bodies = [body for body in (body_of(revision, INCIDENT) for revision in revisions) if body is not None]
    whole = [body for body in bodies if not body.fields.keys() <= set(GROWING)]
    for before, after in pairwise(whole):
        if any(before.fields.get(name) != after.fields.get(name) for name in DECIDE_CLOCKS):
            yield Earlier(INCIDENT.read(before.fields), after.why)


def _due_first(clock: Clock) -> tuple[bool, float]:
    return clock.due is None, clock.due.timestamp() if clock.due else 0.0


def _told_in(episode: MissingEpisode) -> Iterator[Notified]:
    """Who was told in the steps of a missing episode, and the interview held, as rows of an incident that comes from it.

    Only an interview by somebody independent of the placement is the one that the guidance asks for.
    """
    for row in episode.interview:
        if is_held(row) and row.independent:
            yield Notified(id=row.id, recipient=INTERVIEW, child=episode.child, told_by=row.by, at=row.at)
    for step in episode.steps:
        if step.step in TOLD_BY_STEP:
            yield Notified(
                id=step.id, recipient=step.step, told_by=step.by, spoke_to=step.spoke_to, at=step.at,
                reference=step.log_number, grade=code_list("police_grade").label(step.grade),
            )  # fmt: skip


def _with_return(incident: Incident, episode: MissingEpisode) -> Incident:
    """An incident with the return that its missing episode has, where it has none of that child itself."""
    row = back(episode)
    if row is None or any(known.child in ("", episode.child) for known in incident.returned):
        return incident
    returned = Returned(id=row.id, child=episode.child, at=row.at)
    return msgspec.structs.replace(incident, returned=[*incident.returned, returned])


def _with_refusal(incident: Incident, episode: MissingEpisode, at: datetime) -> Incident:
    """An incident whose clock of the interview says why the child refused it, where that is the last word at a time."""
    known = ((row.at, row.id, row) for row in episode.interview if row.at is not None and row.at <= at)
    *_, last = max(known, default=(None,))
    if last is None or not is_refused(last):
        return incident
    refusal = DoesNotApply(last.id, recipient=INTERVIEW, child=episode.child, why=f"Refused: {last.why}", at=last.at)
    return msgspec.structs.replace(incident, not_applying=[*incident.not_applying, refusal])
