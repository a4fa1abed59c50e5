"""A morning handover in words: each item as its record reads now, who has the item, and how long it has waited.

No text of a record is copied into a handover. A person who may not read a record does not see its text here. Must not write.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, is_open
from hipss_desktop.kinds.alert import ALERT
from hipss_desktop.kinds.carer import CARER, household_name, main_phone
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.contact import CONTACT, first_words
from hipss_desktop.kinds.handover import (
    CONTACTS,
    HANDOVER,
    QUIET_ITEM,
    READ_FIRST,
    Handover,
    Item,
    in_order,
    named,
)
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, MissingEpisode, back, began
from hipss_desktop.kinds.restraint import RESTRAINT
from hipss_desktop.kinds.shift import SHIFT
from hipss_desktop.records import telephone
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.records.paragraphs import text_of
from hipss_desktop.rules.handover import (
    MANAGER_RINGS,
    MANAGER_TOLD,
    TOLD_AGAIN,
    Acceptance,
    HandedOn,
    Loudness,
    acceptances,
    added_by,
    handed_on,
    loudness,
)
from hipss_desktop.rules.rota import real
from hipss_desktop.services.clocks import Clocks
from hipss_desktop.services.handovers import PARTS, Handovers
from hipss_desktop.services.people import People, with_age
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.records import Records
from hipss_desktop.services.shifts import worked_until
from hipss_desktop.views.names import NOT_HERE, Names
from hipss_desktop.views.tags import Tag

NEAR_THE_END = timedelta(hours=2)
"""The on-call screen offers to hand over this long before the end of the shift."""
NOBODY, MANAGER = "Nobody named", "the manager"


@dataclass(frozen=True)
class ItemView:
    """One item of a handover in words.

    Attributes:
        record, kind: the record that it names, to open it.
        title: whom or what it is about; ``words`` is what the record says now.
        at: when it happened or is due.
        number: the household's name and number, '' if there is no household.
        who: the person that it is for, or who accepted it.
        accepted: "Accepted 08:51", '' while it waits; ``mine`` whether this person is named in ``who``.
        waiting: "Waiting 52 min", '' once it is accepted; ``loud`` how urgently people are told of it.
        steps: what was done while it waits, and what comes next: "D. Marsh told twice. S. Lloyd is told at 09:12."
        state: how late it is or how its action was closed, '' otherwise; ``late`` whether it is overdue.
        sent: whether the council has the acceptance; None if there is none or another laptop wrote it.
        spoken: the item as one phrase for a screen reader.
    """

    id: str
    part: str
    record: str
    kind: str
    title: str
    words: str
    at: str
    number: str
    who: str
    accepted: str
    mine: bool
    waiting: str
    loud: Loudness
    steps: str
    state: str
    late: bool
    sent: bool | None
    spoken: str
    tag: Tag | None = None


@dataclass(frozen=True)
class ItemWords:
    """The record of an item in words, with fields as in ``ItemView``."""

    title: str
    words: str = ""
    at: str = ""
    number: str = ""
    state: str = ""
    late: bool = False
    tag: Tag | None = None


@dataclass(frozen=True)
class Standing:
    """How many items a person has, and how many of them are accepted."""

    name: str
    accepted: int
    items: int


@dataclass(frozen=True)
class WorkedNight:
    """What the on-call worker did in the night, and the record of their shift ('' if none was entered).

    ``ended`` is when the shift ended: "08:52", '' while it goes on.
    """

    contacts: int
    incidents: int
    on_the_phone: str
    worked: str
    shift: str
    ended: str


@dataclass(frozen=True)
class EndOfShift:
    """What the on-call worker reads near the end of the shift; ``record`` is the published handover, '' while there is none."""

    record: str
    strong: str
    rest: str


@dataclass(frozen=True)
class BesideIt:
    """Another handover of the same night: its record, and a sentence about it."""

    record: str
    words: str


@dataclass(frozen=True)
class HandoverView:
    """One handover.

    Attributes:
        night: "Night of 13 to 14 March 2017"; ``off_shift`` is what the on-call worker is told of the handover.
        parts: (label, items) in reading order, empty parts left out.
        added: the calls that came after it was published.
        standings: how many items each person has; people who have accepted everything come first.
        louder: (time, words): what happens while nobody accepts.
        messages: (words, who and when): from the day staff to the on-call worker.
        own: whether this person was the on-call worker.
        worked: what the on-call worker did in the night.
        beside: the handovers of other workers of the same night.
    """

    record: str
    title: str
    night: str
    worker: str
    published: str
    parts: tuple[tuple[str, tuple[ItemView, ...]], ...]
    added: tuple[ItemView, ...]
    accepted: int
    items: int
    standings: tuple[Standing, ...]
    louder: tuple[tuple[str, str], ...]
    quiet: str
    messages: tuple[tuple[str, str], ...]
    may_accept: bool
    own: bool
    off_shift: tuple[str, str]
    worked: WorkedNight
    beside: tuple[BesideIt, ...]

    @property
    def all_items(self) -> tuple[ItemView, ...]:
        """All items in reading order, with the calls that came after publishing at the end."""
        return (*(item for _, rows in self.parts for item in rows), *self.added)

    @property
    def waiting(self) -> int:
        """How many items nobody has accepted."""
        return self.items - self.accepted


class HandoverViews:
    """Reads the handovers of one open store."""

    def __init__(
        self,
        store: Store,
        records: Records,
        people: People,
        handovers: Handovers,
        clocks: Clocks,
        names: Names,
        clock: times.Clock,
    ) -> None:
        self._store = store
        self._records = records
        self._people = people
        self._handovers = handovers
        self._clocks = clocks
        self._names = names
        self._clock = clock

    def view(self, record: str) -> HandoverView | None:
        """A published handover, or None if it is not on this laptop."""
        current = self._store.get(record)
        if current is None or current.kind != HANDOVER.name:
            return None
        handover, now = HANDOVER.of(current), self._clock()
        shown, added = self._all_items(current, handover, now)
        everything = [*shown, *added]
        return HandoverView(
            record=record,
            title=HANDOVER.title_from(handover),
            night=night_words(handover),
            worker=handover.worker_name,
            published=f"Published {times.since(handover.published, now)}" if handover.published else "",
            parts=in_parts(shown),
            added=tuple(added),
            accepted=sum(bool(item.accepted) for item in everything),
            items=len(everything),
            standings=tuple(_standings(everything)),
            louder=tuple(_louder(handover, self._manager(handover), now)),
            quiet=handover.quiet,
            messages=tuple(self._messages(current, handover, now)),
            may_accept=may_write(self._store.seat.role, HANDOVER.name)
            and not current.withdrawn
            and not current.disputed,
            own=handover.worker == self._store.seat.person,
            off_shift=self._off_shift(handover, everything, now),
            worked=self._worked(handover, now),
            beside=tuple(self._beside(record, handover, now)),
        )

    def draft(self, handover: Handover) -> tuple[tuple[str, tuple[ItemView, ...]], ...]:
        """The items of a handover that is not yet published, in their parts."""
        now = self._clock()
        records = self._named_by(handover.items)
        return in_parts([self._item(handover, item, records, {}, {}, now) for item in handover.items])

    def end_of_shift(self) -> EndOfShift | None:
        """What the on-call worker reads from two hours before the end of the shift. None before then, and for others."""
        now, night = self._clock(), self._handovers.own_night()
        if night is None or now < night.until - NEAR_THE_END or not may_write(self._store.seat.role, HANDOVER.name):
            return None
        record = self._handovers.published(night.since)
        view = self.view(record) if record else None
        if view is None:
            ends = "ends" if now < night.until else "ended"
            return EndOfShift(
                "", f"The shift {ends} at {times.since(night.until, now)}.", "The handover has built itself."
            )
        acceptance_words = (
            f"{view.waiting} of {view.items} not accepted." if view.waiting else f"All {view.items} accepted."
        )
        return EndOfShift(record, f"Handed over. {view.published}.", acceptance_words)

    def of_the_night(self, since: datetime) -> list[HandoverView]:
        """The handovers that were published since a moment, the earliest first."""
        recent = [record for record in self._handovers.recent() if record.at >= times.ms(since)]
        views = (self.view(record.record) for record in reversed(recent))
        return [view for view in views if view is not None]

    def _all_items(self, current: Record, handover: Handover, now: datetime) -> tuple[list[ItemView], list[ItemView]]:
        """The items of a handover, and the calls that came after it."""
        taken, passed_on = acceptances(handover, self._store.revisions(current.record)), handed_on(handover)
        items = in_order(handover) or [Item(QUIET_ITEM, CONTACTS)]
        later = [
            Item(f"{CONTACTS}-{call.record}", CONTACTS, contact=call.record)
            for call in self._handovers.added_since(handover)
        ]
        records = self._named_by([*items, *later])
        shown = [self._item(handover, item, records, taken, passed_on, now) for item in items]
        return shown, [self._item(handover, item, records, taken, passed_on, now) for item in later]

    def _named_by(self, items: Iterable[Item]) -> dict[str, Record]:
        """The records that items name, by their names, in one reading."""
        return {record.record: record for record in self._store.records_named({named(item) for item in items})}

    def _item(
        self,
        handover: Handover,
        item: Item,
        records: Mapping[str, Record],
        taken: Mapping[str, Acceptance],
        passed_on: Mapping[str, HandedOn],
        now: datetime,
    ) -> ItemView:
        record = records.get(named(item))
        acceptance, passed = taken.get(item.id), passed_on.get(item.id)
        name, colleague = self._handovers.for_whom(item, handover.worker_name)
        if passed is not None:
            name, colleague = passed.name, passed.colleague
        if acceptance is not None:
            name, colleague = self._records.name_of(acceptance.author), acceptance.author
        since = max(
            (moment for moment in (handover.published, passed.at if passed else None) if moment is not None),
            default=now,
        )
        at = acceptance.at if acceptance is not None else None
        accepted = f"Accepted {times.since(at, now)}".rstrip() if acceptance is not None and at is not None else ""
        accepted = "Accepted" if acceptance is not None and not accepted else accepted
        entry = self._item_words(handover, item, record, now)
        waits = handover.published is not None and not accepted
        waiting = f"Waiting {times.duration(now - since)}" if waits else ""
        loud = loudness(since, now) if waits else Loudness.SHOWN
        who = within(for_words(name)) if name and not accepted else name
        part = within(code_list("handover_part").label(item.part)) if item.part else ""
        phrase = (entry.at, entry.title.partition(" · ")[0], part, accepted, who, within(waiting), entry.state)
        return ItemView(
            id=item.id,
            part=item.part,
            record=named(item),
            kind=record.kind if record is not None else "",
            title=entry.title,
            words=entry.words,
            at=entry.at,
            number=entry.number,
            who=name,
            accepted=accepted,
            mine=colleague == self._store.seat.person or (not colleague and name == self._store.seat.name),
            waiting=waiting,
            loud=loud,
            steps=_steps(name, since, loud, self._manager(handover), now) if waits else "",
            state=entry.state,
            late=entry.late,
            sent=self._is_sent(acceptance),
            spoken=", ".join(filter(None, phrase)),
            tag=entry.tag,
        )

    def _is_sent(self, acceptance: Acceptance | None) -> bool | None:
        """Whether the council has an acceptance that was written on this laptop. None for another acceptance."""
        revision = self._store.revision(acceptance.revision) if acceptance is not None and acceptance.revision else None
        if revision is None or revision.envelope.seat not in self._store.own_seats():
            return None
        return bool(self._store.receipt(revision.digest))

    def _manager(self, handover: Handover) -> str:
        """The name of the backup manager of the night's shift, or "the manager" if the rota names nobody."""
        shift = self._store.get(handover.shift) if handover.shift else None
        backup = SHIFT.of(shift).backup if shift is not None and shift.kind == SHIFT.name else ""
        return self._people.name(backup) if backup else MANAGER

    def _messages(self, current: Record, handover: Handover, now: datetime) -> Iterator[tuple[str, str]]:
        authors = added_by(self._store.revisions(current.record), "messages")
        for row in handover.messages:
            author = authors.get(row.id)
            name = self._records.name_of(author.envelope.author) if author is not None else ""
            yield row.words, ", ".join(filter(None, (name, times.since(row.at, now) if row.at else "")))

    def _off_shift(self, handover: Handover, items: Sequence[ItemView], now: datetime) -> tuple[str, str]:
        """What the on-call worker is told: that they may go, and who has which items."""
        accepted = sum(bool(item.accepted) for item in items)
        unaccepted_count = len(items) - accepted
        first = next((item for item in items if item.accepted and item.part == READ_FIRST), None)
        words = []
        if first is not None:
            name = first.title.partition(" · ")[0]
            when = first.accepted.replace("Accepted ", "accepted at ")
            words.append(f"{name} was {within(when)} by {first.who or 'a colleague'}.")
        if unaccepted_count and handover.published is not None:
            at = times.since(handover.published + MANAGER_TOLD, now)
            rest = f"The other {unaccepted_count}" if accepted else "All"
            words.append(
                f"{rest} {'is' if unaccepted_count == 1 and accepted else 'are'} with {self._manager(handover)} from {at}."
            )
        drafts = sum(not draft.question for draft in self._store.drafts())
        if drafts and handover.worker == self._store.seat.person:
            words.append(
                "1 draft is not finished. It stays on this laptop."
                if drafts == 1
                else f"{drafts} drafts are not finished. They stay on this laptop."
            )
        return f"You may go off shift. {accepted} of {len(items)} accepted.", " ".join(words)

    def _worked(self, handover: Handover, now: datetime) -> WorkedNight:
        """What the on-call worker did in the night."""
        since, until = handover.since, handover.until

        def written(kind: str) -> list[Record]:
            if since is None or until is None:
                return []
            records = self._store.records_of(kind, since=times.ms(since))
            return [record for record in records if not record.withdrawn and record.at <= times.ms(until)]

        contacts = [CONTACT.of(record) for record in written(CONTACT.name)]
        spans = (contact.ended - contact.told for contact in contacts if contact.ended and contact.told)
        record = self._store.get(handover.shift) if handover.shift else None
        shift = SHIFT.of(record) if record is not None and record.kind == SHIFT.name else None
        ended = worked_until(shift, handover.worker) if shift is not None else None
        return WorkedNight(
            contacts=len(contacts),
            incidents=len(written(INCIDENT.name)),
            on_the_phone=times.duration(sum(spans, timedelta())),
            worked=times.duration(real(since, ended or now)) if since is not None else "",
            shift=handover.shift if shift is not None else "",
            ended=times.since(ended, now) if ended is not None else "",
        )

    def _beside(self, record: str, handover: Handover, now: datetime) -> Iterator[BesideIt]:
        """The handovers of other workers whose night overlaps with this one."""
        for other in self._handovers.recent():
            theirs = HANDOVER.of(other)
            if other.record == record or theirs.since is None or handover.until is None or handover.since is None:
                continue
            if theirs.since < handover.until and handover.since < (theirs.until or theirs.since):
                shown, added = self._all_items(other, theirs, now)
                unaccepted_count = sum(not item.accepted for item in (*shown, *added))
                count = (
                    f"{unaccepted_count} of {len(shown) + len(added)} not accepted"
                    if unaccepted_count
                    else "all accepted"
                )
                yield BesideIt(other.record, f"{theirs.worker_name} handed over too: {count}")

    def _item_words(self, handover: Handover, item: Item, record: Record | None, now: datetime) -> ItemWords:
        """The record of an item in words, as it reads now."""
        if item.id == QUIET_ITEM:
            return ItemWords("A quiet night", handover.quiet)
        if record is None:
            return ItemWords(NOT_HERE, "It may come with the next sync.")
        if record.withdrawn:
            return ItemWords(self._names.name(record.record), "Withdrawn since")
        if record.kind == ACTION.name:
            return self._action(record, now)
        if record.kind == CONTACT.name:
            contact = CONTACT.of(record)
            children = ", ".join(map(self._child, contact.children)) or contact.caller_name or "No child named"
            words = f"{contact.caller_name or 'Caller not known'}: {first_words(contact)}"
            return ItemWords(children, words, times.since(times.of_ms(record.at), now), self._ring(contact.caller))
        if record.kind == INCIDENT.name:
            incident = INCIDENT.of(record)
            children = ", ".join(map(self._child, incident.children)) or "No child named"
            due, state = self._due(record.record, now)
            words = f"{INCIDENT.title_from(incident)}. {text_of(incident.happening)}".strip()
            words = f"{words.rstrip('.')}. {due}" if due else words
            number = self._ring(next(iter(incident.carers), ""))
            at = times.since(times.of_ms(record.at), now)
            return ItemWords(children, words, at, number, state=state, late=bool(state))
        if record.kind == RESTRAINT.name:
            hold = RESTRAINT.of(record)
            due, state = self._due(record.record, now, "Still to do")
            at = times.since(times.of_ms(record.at), now)
            words = f"{RESTRAINT.title_from(hold)}. {text_of(hold.led_to_it)}".strip()
            words = f"{words.rstrip('.')}. {due}" if due else words
            return ItemWords(self._child(hold.child), words, at, self._ring(hold.carer), state=state, late=bool(state))
        if record.kind == MISSING_EPISODE.name:
            episode = MISSING_EPISODE.of(record)
            number = self._ring(episode.carer)
            return ItemWords(self._child(episode.child), _episode_words(episode, now), number=number, tag=_tag(episode))
        if record.kind == ALERT.name:
            alert = ALERT.of(record)
            return ItemWords(self._child(alert.child), f"{alert.expected} Agreed: {alert.agreed}")
        return ItemWords(self._names.name(record.record))

    def _due(self, record: str, now: datetime, begins: str = "To be told") -> tuple[str, str]:
        """What is still to be done about a record and by when, and how long the first of it is overdue."""
        open_rows = [row.clock for row in self._clocks.of(record, now) if row.clock.is_open]
        dues = [(clock.name, clock.due) for clock in open_rows if clock.due is not None]
        words = "; ".join(f"{name} by {times.since(due, now)}" for name, due in dues)
        late = max((now - due for _, due in dues), default=timedelta())
        state = f"Overdue {times.duration(late)}" if late >= timedelta(minutes=1) else ""
        return f"{begins}: {words}." if words else "", state

    def _action(self, record: Record, now: datetime) -> ItemWords:
        action = ACTION.of(record)
        late = now - action.due if action.due is not None and is_open(action) else timedelta()
        is_late = late >= timedelta(minutes=1)
        state = f"Overdue {times.duration(late)}" if is_late else ""
        if not is_open(action):
            at = times.since(action.closed_at, now) if action.closed_at else ""
            state = " ".join(filter(None, (ACTION.stage_label(ACTION.stage_of(action)), at)))
        child = self._people.name(action.child) if action.child else ""
        due = times.due_since(action.due, now) if action.due is not None else ""
        return ItemWords(ACTION.title_from(action), child, due, state=state, late=is_late)

    def _child(self, record: str) -> str:
        child = self._people.record(record) if record else None
        if child is None or child.kind != CHILD.name:
            return NOT_HERE
        return with_age(CHILD.of(child), times.local_day(self._clock()))

    def _ring(self, record: str) -> str:
        household = self._people.record(record) if record else None
        if household is None or household.kind != CARER.name:
            return ""
        carer = CARER.of(household)
        return ", ".join(filter(None, (household_name(carer), telephone.grouped(main_phone(carer)))))


def _episode_words(episode: MissingEpisode, now: datetime) -> str:
    started, row = began(episode) or episode.reported, back(episode)
    since = times.since(started, now) if started is not None else "a time not known"
    if row is None or row.at is None:
        return f"Not home since {since}. The guide goes on."
    return f"Missing {since} to {times.since(row.at, now)}. Injuries: {within(row.injuries)}".rstrip(".") + "."


def _tag(episode: MissingEpisode) -> Tag:
    row = back(episode)
    if row is None or row.at is None:
        return Tag("Missing", "risk", "octagon")
    return Tag("Back", "neutral", "check")  # without the time, which the words say: the tag has room for one word


def _standings(items: list[ItemView]) -> Iterator[Standing]:
    """How many items each person has. People who have accepted all of theirs come first."""
    names = dict.fromkeys(item.who or NOBODY for item in items)
    rows = [
        Standing(
            name,
            sum(bool(item.accepted) for item in items if (item.who or NOBODY) == name),
            sum((item.who or NOBODY) == name for item in items),
        )
        for name in names
    ]
    return iter(sorted(rows, key=lambda row: (row.accepted < row.items, row.name == NOBODY)))


def in_parts(items: Iterable[ItemView]) -> tuple[tuple[str, tuple[ItemView, ...]], ...]:
    """Items under the label of their part, in reading order; empty parts are left out."""
    everything = list(items)
    parts = ((part, tuple(item for item in everything if item.part == part)) for part in PARTS)
    return tuple((code_list("handover_part").label(part), rows) for part, rows in parts if rows)


def waits_for(view: HandoverView, *, manages: bool) -> list[ItemView]:
    """The items that wait for this person: those for them and those for nobody.

    For a manager, also the items that nobody accepted before the manager is told.
    """
    waiting = (item for item in view.all_items if not item.accepted)
    return [item for item in waiting if item.mine or not item.who or (manages and item.loud >= Loudness.MANAGER_TOLD)]


def night_words(handover: Handover) -> str:
    """The night that is handed over: "Night of 13 to 14 March 2017"."""
    if handover.since is None:
        return ""
    words = times.night_words(handover.since)
    year = str(times.local_day(handover.until or handover.since).year)
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(year) else f' {year}'}"


def for_words(name: str) -> str:
    """Whom an item is for: "For D. Marsh", or "Ring 101" if ``name`` is a telephone number."""
    return f"Ring {name}" if telephone.is_number(name) else f"For {name}"


def _steps(name: str, since: datetime, loud: Loudness, manager: str, now: datetime) -> str:
    """What was done while an item waits, and what comes next."""
    told_at = times.since(since + MANAGER_TOLD, now)
    rings = times.since(since + MANAGER_RINGS, now)
    whole = manager[:1].upper() + manager[1:]
    if loud == Loudness.SHOWN:
        return f"{for_words(name)}." if name else f"{NOBODY}."
    if loud == Loudness.TOLD_AGAIN:
        return f"{name or NOBODY}{' told twice' if name else ''}. {whole} is told at {told_at}."
    if loud == Loudness.MANAGER_TOLD:
        return f"{name or NOBODY}. {whole} was told at {told_at} and rings at {rings}."
    return f"{name or NOBODY}. {whole} rings: it was to be accepted by {rings}."


def _louder(handover: Handover, manager: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Each step that follows while nobody accepts, with its time."""
    if handover.published is None:
        return
    whole = manager[:1].upper() + manager[1:]
    for after, words in (
        (timedelta(), "Shown to the person named"),
        (TOLD_AGAIN, "Amber, told again"),
        (MANAGER_TOLD, f"{whole} is told, and the day’s lead"),
        (MANAGER_RINGS, f"{whole} rings. It stays at the top"),
    ):
        yield times.since(handover.published + after, now), words
