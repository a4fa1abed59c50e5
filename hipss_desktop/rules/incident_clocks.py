"""The clocks of an incident and of a restraint: who must be told of what, and what was done about it.

The code lists of types and questions (``incident_type``, ``incident_question``) say which events follow. Must not write,
read a clock, or know how records are stored.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from hipss_desktop.kinds import incident as incidents
from hipss_desktop.kinds import restraint as restraints
from hipss_desktop.kinds.contact import Contact
from hipss_desktop.kinds.incident import (
    AWAY,
    MISSING,
    QUESTIONS,
    RESTRAINT,
    TO_DECIDE,
    YES,
    Incident,
    Notified,
    types_of,
)
from hipss_desktop.kinds.restraint import Restraint
from hipss_desktop.kinds.sign_off import SignOff
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.clocks import Authorities, Clock, Council, Done, Trigger, clocks_for

RETURN_OF = {MISSING: "missing_return", AWAY: "away_return"}
"""The event of a child's return, by the type of the incident."""
COMPLAINT_EVENT, BARRING_EVENT, HOLD_EVENT = "S7-09", "S7-02", "restraint"
NO_RETURN = "Counts from the return, which is not recorded yet."
NO_HOLD = "Counts from the end of the hold. Write it on the record of the restraint."
NO_TIME = "Counts from when the service was told, which is not recorded."
IN_WRITING = ("email", "online_form", "letter")
"""The codes of ``told_how`` that are written."""
_EVER = datetime.max.replace(tzinfo=UTC)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
S = TypeVar("S", Incident, Restraint)


@dataclass(frozen=True)
class Signed:
    """A sign-off and the name of the manager who wrote it."""

    sign_off: SignOff
    by: str = ""


@dataclass(frozen=True)
class Earlier:
    """An incident as it was before an amendment or a decision, and the reason for that change."""

    incident: Incident
    why: str


@dataclass(frozen=True)
class Linked:
    """Somebody who was told, according to another record: a contact, a missing episode, or a task after the child's return.

    Attributes:
        row: the telling as a row of the incident; if its time is not known, it has the record's time.
        is_timed: whether the time was recorded; if not, no time is shown.
        by_author: whether the row's author may have told them; False if they were told before the service was.
    """

    row: Notified
    is_timed: bool = True
    by_author: bool = True


@dataclass(frozen=True)
class History:
    """What is known of a record beside its present body.

    Attributes:
        earlier: versions of an incident before its amendments, oldest first.
        signed: sign-offs that name the record.
        authors: the author of each row, by the row's id.
        linked: who was told, according to other records, which are not copied into the incident.
        holds_recorded: whether a restraint refers to the incident; the restraint then has the clocks of the hold.
        placed: the children placed with its carers when the service was told; a referral to the Disclosure and Barring
            Service concerns each of them.
    """

    earlier: tuple[Earlier, ...] = ()
    signed: tuple[Signed, ...] = ()
    authors: Mapping[str, str] = field(default_factory=dict)
    linked: tuple[Linked, ...] = ()
    holds_recorded: bool = False
    placed: tuple[str, ...] = ()

    @property
    def untimed(self) -> frozenset[str]:
        """The ids of the rows without a recorded time."""
        return frozenset(linked.row.id for linked in self.linked if not linked.is_timed)

    def told_by(self, row: Notified) -> str:
        """The person who told somebody: the one named in the row, else the row's author; '' if the author cannot have done it."""
        by_another = any(linked.row.id == row.id and not linked.by_author for linked in self.linked)
        return row.told_by.strip() or ("" if by_another else self.authors.get(row.id, ""))


# --- an incident ---


def of_incident(
    incident: Incident,
    council: Council,
    at: datetime,
    authorities: Authorities | None = None,
    history: History | None = None,
) -> list[Clock]:
    """The clocks of an incident at a time; rows that were added later do not count.

    A clock that an amendment or a decision removed after somebody was told is shown as "no longer required".
    """
    history = history or History()
    known = msgspec.structs.replace(incident, notified=[*(linked.row for linked in history.linked), *incident.notified])
    known = _known_at(known, at, incidents.GROWING)
    versions = [*(_with_present(earlier, known) for earlier in history.earlier), *_before_decisions(known)]
    since = known.aware or known.happened or at

    def running(version: Incident) -> list[Clock]:
        return clocks_for(triggers_of(version, history.holds_recorded, history.placed), council, since, authorities)

    clocks = [_as_done(clock, known, history, at) for clock in running(known)]
    keys = {clock.key for clock in clocks}
    for earlier in reversed(versions):
        for clock in running(earlier.incident):
            earlier_clock = _as_done(clock, known, history, at)
            if clock.key not in keys and earlier_clock.told is not None and not _is_covered(clock, clocks):
                keys.add(clock.key)
                clocks.append(replace(earlier_clock, state="no_longer_required", reason=earlier.why.strip()))
    return clocks


def told_by_contact(contact: Contact) -> Iterator[Linked]:
    """Who was told during a contact, as rows of an incident made from it."""
    recipients = {listed.code for listed in code_list("notification_recipient").codes} - {incidents.OTHER}
    for row in contact.told_others:
        if row.who in recipients:
            notified = Notified(
                row.id,
                recipient=row.who,
                spoke_to=row.name,
                at=row.at or contact.told,
                reference=row.reference,
                note=row.outcome,
            )
            yield Linked(notified, is_timed=row.at is not None, by_author=is_of_the_service(row.at, contact.told))


def is_of_the_service(at: datetime | None, told_at: datetime | None) -> bool:
    """Whether the service can have done something at a time: not before ``told_at``, when it was told."""
    return at is None or told_at is None or at >= told_at


def triggers_of(incident: Incident, holds_recorded: bool = False, placed: tuple[str, ...] = ()) -> list[Trigger]:
    """Everything in an incident of which somebody must be told; ``History`` explains the other arguments."""
    children = tuple(incident.children)
    about = {BARRING_EVENT: tuple(dict.fromkeys((*children, *placed)))}
    waits = "" if incident.aware else NO_TIME
    triggers = [
        Trigger(event, incident.aware, about.get(event, children), waits)
        for code in incident.types
        for event in _events_of(code, incident)
    ]
    for row in incident.became_known:
        if row.type not in incident.types:
            triggers += [
                Trigger(event, row.at, about.get(event, children), NO_TIME, later=True)
                for event in _events_of(row.type, incident)
            ]
    for code in QUESTIONS:
        triggers += _triggers_of_question(incident, code)
    for code, event in RETURN_OF.items():
        if code in types_of(incident):
            triggers += _triggers_of_return(incident, event)
    if RESTRAINT in types_of(incident) and not holds_recorded:
        triggers.append(Trigger(HOLD_EVENT, None, children, NO_HOLD))
    return triggers


def _events_of(code: str, incident: Incident) -> list[str]:
    """The events that a type leads to without further questions."""
    listed = code_list("incident_type").get(code)
    events = [event for event in (listed.more["events"].split() if listed else ()) if event != HOLD_EVENT]
    if code == incidents.ALLEGATION and incident.alleged_against == "carer":
        events.append(COMPLAINT_EVENT)
    return events


def _triggers_of_question(incident: Incident, code: str) -> Iterator[Trigger]:
    """The triggers of a question that was answered with yes or is still to be decided."""
    listed = code_list("incident_question").get(code)
    if listed is None:
        return
    types = set(listed.more["types"].split())
    asked_at_first = not types.isdisjoint(incident.types)
    later = [row.at for row in incident.became_known if row.type in types]
    answer = answer_to(incident, code)
    if (asked_at_first or later) and answer in (YES, TO_DECIDE, ""):
        moment = incident.aware if asked_at_first else min(filter(None, later), default=None)
        for event in listed.more["events"].split():
            yield Trigger(
                event,
                moment,
                tuple(incident.children),
                "" if moment else NO_TIME,
                undecided=answer != YES,
                later=not asked_at_first,
            )


def answer_to(incident: Incident, code: str) -> str:
    """The answer to a question as it was last decided, '' if nobody answered it."""
    rows = [row for row in incident.decided if row.question == code and row.answer is not None]
    if rows:
        newest = max(rows, key=lambda row: (row.at or _EVER, row.id))
        return YES if newest.answer else incidents.NO
    return str(getattr(incident, code))


def _triggers_of_return(incident: Incident, event: str) -> Iterator[Trigger]:
    """The trigger of each child's return; one more, not running, for the children who are not back."""
    back = {row.child for row in incident.returned}
    for row in incident.returned:
        yield Trigger(event, row.at, (row.child,) if row.child else tuple(incident.children), NO_RETURN, later=True)
    waiting = tuple(child for child in incident.children if child not in back)
    if "" not in back and (waiting or not back):
        yield Trigger(event, None, waiting, NO_RETURN, later=True)


def _before_decisions(incident: Incident) -> Iterator[Earlier]:
    """The incident before each decision that answered a question with no, newest last."""
    rows = sorted(incident.decided, key=lambda row: (row.at or _EVER, row.id))
    for place, row in enumerate(rows):
        if row.answer is False:
            yield Earlier(msgspec.structs.replace(incident, decided=rows[:place]), row.why)


def _with_present(earlier: Earlier, known: Incident) -> Earlier:
    """An earlier version with the present children, moments and rows, so that only its types and answers differ."""
    present = {name: getattr(known, name) for name in ("children", "aware", "happened", *incidents.GROWING)}
    return Earlier(msgspec.structs.replace(earlier.incident, **present), earlier.why)


def _is_covered(clock: Clock, clocks: Iterable[Clock]) -> bool:
    """Whether a running clock is for the same recipient and counts from the same moment."""
    return any(
        other.counts_from == clock.counts_from
        and other.own_recipient == clock.own_recipient
        and not set(other.recipients).isdisjoint(clock.recipients)
        and (other.children == clock.children or set(clock.children) <= set(other.children))
        for other in clocks
    )


def _as_done(clock: Clock, incident: Incident, history: History, at: datetime) -> Clock:
    """A clock with what was done about it, and its state."""
    rows = sorted(
        (row for row in incident.notified if clock.is_about(row.recipient, row.own_recipient, row.child)),
        key=lambda row: (row.at or _EVER, row.id),
    )
    if clock.later and clock.counts_from:
        rows = [row for row in rows if row.at is None or row.at >= clock.counts_from]
    in_writing = [row for row in rows if row.step == "written" or (row.step in ("", "told") and row.how in IN_WRITING)]
    clock = replace(
        clock,
        told=_first(rows, history),
        written=_first(in_writing, history),
        acknowledged=_first([row for row in rows if row.step == "acknowledged"], history),
        signed_off=_signed(clock, history.signed, at),
        reason=incident.decides if clock.undecided else "",
    )
    excused = [
        row
        for row in incident.not_applying
        if clock.is_about(row.recipient, row.own_recipient, row.child) and row.why.strip()
    ]
    if excused and clock.told is None:
        return replace(clock, state="does_not_apply", reason=max(excused, key=lambda row: row.at or _EVER).why.strip())
    return clock.stands(at)


def _first(rows: Iterable[Notified], history: History) -> Done | None:
    row = next(iter(rows), None)
    if row is None:
        return None
    at = None if row.id in history.untimed else row.at
    return Done(at, history.told_by(row), row.spoke_to.strip(), row.how, row.reference, row.grade, row.note)


# --- a restraint ---


def of_restraint(restraint: Restraint, council: Council, at: datetime, history: History | None = None) -> list[Clock]:
    """The three clocks of a restraint at a time, counted from the end of the hold."""
    history = history or History()
    known = _known_at(restraint, at, restraints.GROWING)
    children = (known.child,) if known.child else ()
    trigger = Trigger(HOLD_EVENT, known.ended, children, "" if known.ended else NO_HOLD)
    since = known.began or known.written or at
    return [_hold_as_done(clock, known, history, at).stands(at) for clock in clocks_for([trigger], council, since)]


def _hold_as_done(clock: Clock, restraint: Restraint, history: History, at: datetime) -> Clock:
    signed = _signed(clock, history.signed, at)
    clock = replace(clock, signed_off=signed)
    if "written" in clock.recipients:
        is_written = restraint.written is not None and restraint.written <= at
        return replace(clock, told=Done(restraint.written) if is_written else None)
    if "carer_spoken_to" in clock.recipients:
        spoken = _spoken(restraint, "carer", history)
        note = ""
        if restraint.alleged:
            note = f"Ask the LADO before you speak to {restraint.held_by.strip() or 'the person who held the child'}."
        if spoken is not None and signed is None:
            return replace(clock, note=note or "Spoken to, and not signed off yet.")
        done = (
            spoken if spoken is None or signed is None or not signed.at else replace(spoken, at=_later(spoken, signed))
        )
        return replace(clock, told=done, note=note)
    return replace(clock, told=_spoken(restraint, "child", history) if "child_spoken_to" in clock.recipients else None)


def _later(spoken: Done, signed: Done) -> datetime | None:
    return max(filter(None, (spoken.at, signed.at)), default=None)


def _spoken(restraint: Restraint, who: str, history: History) -> Done | None:
    rows = sorted((row for row in restraint.spoke_to if row.who == who), key=lambda row: (row.at or _EVER, row.id))
    if not rows:
        return None
    return Done(rows[0].at, rows[0].spoken_by.strip() or history.authors.get(rows[0].id, ""), words=rows[0].words)


# --- both ---


def rows_count_from(record: Incident | Restraint, history: History) -> datetime:
    """The moment from which all rows and sign-offs of a record count: the time of the last one, or when it was written."""
    growing = incidents.GROWING if isinstance(record, Incident) else restraints.GROWING
    moments = [row.at for name in growing for row in getattr(record, name)]
    moments += [linked.row.at for linked in history.linked]
    moments += [signed.sign_off.at for signed in history.signed]
    moments += [record.written] if isinstance(record, Restraint) else []
    return max(filter(None, moments), default=_LONG_AGO)


def _signed(clock: Clock, signed: Iterable[Signed], at: datetime) -> Done | None:
    """The first sign-off of a clock by a time."""
    rows = [
        written
        for written in signed
        if clock.is_about(written.sign_off.recipient, written.sign_off.own_recipient, written.sign_off.child)
        and (written.sign_off.at is None or written.sign_off.at <= at)
    ]
    first = min(rows, key=lambda written: written.sign_off.at or _EVER, default=None)
    return Done(first.sign_off.at, first.by, words=first.sign_off.words) if first else None


def _known_at(record: S, at: datetime, growing: Iterable[str]) -> S:
    """A record with only the rows that it had at a time."""
    rows = {name: [row for row in getattr(record, name) if row.at is None or row.at <= at] for name in growing}
    return msgspec.structs.replace(record, **rows)
