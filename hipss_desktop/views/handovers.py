"""A morning handover in words: each item as the record it names reads now, who has it, and how long it waits.

Nothing is copied: who may not read a record reads that it is not theirs to read. Must not write.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, is_open
from hipss_desktop.kinds.alert import ALERT
from hipss_desktop.kinds.carer import CARER, household_name, main_phone
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.child import CHILD, age, short_name
from hipss_desktop.kinds.contact import CONTACT, first_words
from hipss_desktop.kinds.handover import CONTACTS, HANDOVER, QUIET_ITEM, Handover, Item, named
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, MissingEpisode, back, began
from hipss_desktop.records import telephone
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.rules.handover import (
    MANAGER_RINGS,
    MANAGER_TOLD,
    TOLD_AGAIN,
    Acceptance,
    HandedOn,
    Loudness,
    acceptances,
    handed_on,
    loudness,
)
from hipss_desktop.services.handovers import PARTS, Handovers
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.records import Records
from hipss_desktop.views.names import NOT_HERE, Names
from hipss_desktop.views.tags import Tag

NOBODY = "Nobody named"


@dataclass(frozen=True)
class ItemView:
    """One item.

    Attributes:
        record, kind: the record that it names, to be opened.
        title: whom or what it is about; ``words`` what the record says now.
        at: the time that it is of or due at.
        number: the household's number and name, '' where none belongs to it.
        who: for whom it is, or who has it.
        accepted: "Accepted 08:51", '' while it waits; ``mine`` whether this person has it or is to have it.
        waiting: "Waiting 52 min", '' once it is accepted; ``loud`` how loud that is.
        state: how the action that it names stands, '' for other records.
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
    state: str
    tag: Tag | None = None


@dataclass(frozen=True)
class Standing:
    """How many items of a person are accepted, of how many."""

    name: str
    accepted: int
    items: int


@dataclass(frozen=True)
class HandoverView:
    """One handover.

    Attributes:
        parts: (label, items) in reading order, empty parts left out.
        added: the calls that came after it was published.
        standings: who has how much, whoever waits last.
        louder: (time, words): what happens while nobody accepts.
        own: whether this person was on call.
    """

    record: str
    title: str
    worker: str
    published: str
    parts: tuple[tuple[str, tuple[ItemView, ...]], ...]
    added: tuple[ItemView, ...]
    accepted: int
    items: int
    standings: tuple[Standing, ...]
    louder: tuple[tuple[str, str], ...]
    quiet: str
    messages: tuple[str, ...]
    may_accept: bool
    own: bool

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
        names: Names,
        clock: times.Clock,
    ) -> None:
        self._store = store
        self._records = records
        self._people = people
        self._handovers = handovers
        self._names = names
        self._clock = clock

    def view(self, record: str) -> HandoverView | None:
        """A published handover, None where it is not on this laptop."""
        current = self._store.get(record)
        if current is None or current.kind != HANDOVER.name:
            return None
        handover, now = HANDOVER.of(current), self._clock()
        taken = acceptances(handover, self._store.revisions(record))
        passed_on = handed_on(handover)
        items = handover.items or [Item(QUIET_ITEM, CONTACTS)]
        shown = [self._item(handover, item, taken, passed_on, now) for item in items]
        later = [
            Item(f"{CONTACTS}-{one.record}", CONTACTS, contact=one.record)
            for one in self._handovers.added_since(handover)
        ]
        added = [self._item(handover, item, taken, passed_on, now) for item in later]
        everything = [*shown, *added]
        return HandoverView(
            record=record,
            title=HANDOVER.title_from(handover),
            worker=handover.worker_name,
            published=f"Published {times.since(handover.published, now)}" if handover.published else "",
            parts=tuple(
                (code_list("handover_part").label(part), rows)
                for part in PARTS
                if (rows := tuple(item for item in shown if item.part == part))
            ),
            added=tuple(added),
            accepted=sum(bool(item.accepted) for item in everything),
            items=len(everything),
            standings=tuple(_standings(everything)),
            louder=tuple(_louder(handover, now)),
            quiet=handover.quiet,
            messages=tuple(
                f"{row.words} {times.since(row.at, now)}" if row.at else row.words for row in handover.messages
            ),
            may_accept=may_write(self._store.seat.role, HANDOVER.name)
            and not current.withdrawn
            and not current.disputed,
            own=handover.worker == self._store.seat.person,
        )

    def _item(
        self,
        handover: Handover,
        item: Item,
        taken: Mapping[str, Acceptance],
        passed_on: Mapping[str, HandedOn],
        now: datetime,
    ) -> ItemView:
        record = self._store.get(named(item)) if named(item) else None
        acceptance, passed = taken.get(item.id), passed_on.get(item.id)
        name = passed.name if passed is not None else item.name
        colleague = passed.colleague if passed is not None else item.colleague
        if acceptance is not None:
            name, colleague = self._records.name_of(acceptance.author), acceptance.author
        since = max(
            (moment for moment in (handover.published, passed.at if passed else None) if moment is not None),
            default=now,
        )
        at = acceptance.at if acceptance is not None else None
        accepted = f"Accepted {times.since(at, now)}".rstrip() if acceptance is not None and at is not None else ""
        accepted = "Accepted" if acceptance is not None and not accepted else accepted
        title, words, when, number, state, tag = self._told(handover, item, record, now)
        return ItemView(
            id=item.id,
            part=item.part,
            record=named(item),
            kind=record.kind if record is not None else "",
            title=title,
            words=words,
            at=when,
            number=number,
            who=name,
            accepted=accepted,
            mine=colleague == self._store.seat.person or (not colleague and name == self._store.seat.name),
            waiting="" if accepted else f"Waiting {times.duration(now - since)}",
            loud=Loudness.SHOWN if accepted else loudness(since, now),
            state=state,
            tag=tag,
        )

    def _told(
        self, handover: Handover, item: Item, record: Record | None, now: datetime
    ) -> tuple[str, str, str, str, str, Tag | None]:
        """Title, words, time, number, state and tag of what an item names, as it reads now."""
        if item.id == QUIET_ITEM:
            return "A quiet night", handover.quiet, "", "", "", None
        if record is None:
            return NOT_HERE, "It may come with the next sync.", "", "", "", None
        if record.withdrawn:
            return self._names.name(record.record), "Withdrawn since", "", "", "", None
        if record.kind == ACTION.name:
            action = ACTION.of(record)
            late = now - action.due if action.due is not None and is_open(action) else timedelta()
            at = times.since(action.closed_at, now) if action.closed_at else ""
            stage = ACTION.stage_label(ACTION.stage_of(action))
            state = "" if is_open(action) else " ".join(filter(None, (stage, at)))
            state = f"Overdue {times.duration(late)}" if late >= timedelta(minutes=1) else state
            due = times.since(action.due, now) if action.due is not None else ""
            return (
                ACTION.title_from(action),
                self._people.name(action.child) if action.child else "",
                due,
                "",
                state,
                None,
            )
        if record.kind == CONTACT.name:
            contact = CONTACT.of(record)
            children = ", ".join(map(self._child, contact.children)) or contact.caller_name or "No child named"
            told = f"{contact.caller_name or 'Caller not known'}: {first_words(contact)}"
            return children, told, times.since(times.of_ms(record.at), now), self._ring(contact.caller), "", None
        if record.kind == MISSING_EPISODE.name:
            episode = MISSING_EPISODE.of(record)
            return (
                self._child(episode.child),
                _episode_words(episode, now),
                "",
                self._ring(episode.carer),
                "",
                _tag(episode, now),
            )
        if record.kind == ALERT.name:
            alert = ALERT.of(record)
            return self._child(alert.child), f"{alert.expected} Agreed: {alert.agreed}", "", "", "", None
        return self._names.name(record.record), "", "", "", "", None

    def _child(self, record: str) -> str:
        child = self._people.record(record) if record else None
        if child is None or child.kind != CHILD.name:
            return NOT_HERE
        known, today = CHILD.of(child), times.local_day(self._clock())
        years = age(known, today)
        return short_name(known) if years is None else f"{short_name(known)} · {years}"

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


def _tag(episode: MissingEpisode, now: datetime) -> Tag:
    row = back(episode)
    if row is None or row.at is None:
        return Tag("Missing", "risk", "octagon")
    return Tag(f"Back {times.since(row.at, now)}", "neutral", "check")


def _standings(items: list[ItemView]) -> Iterator[Standing]:
    """Who has how many items, those who have accepted all first."""
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


def _louder(handover: Handover, now: datetime) -> Iterator[tuple[str, str]]:
    """What happens while nobody accepts, with its times."""
    if handover.published is None:
        return
    for after, words in (
        (timedelta(), "Shown to the person named"),
        (TOLD_AGAIN, "Amber, told again"),
        (MANAGER_TOLD, "The manager is told, and the day’s lead"),
        (MANAGER_RINGS, "The manager rings. It stays at the top"),
    ):
        yield times.since(handover.published + after, now), words
