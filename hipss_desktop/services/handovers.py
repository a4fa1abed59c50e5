"""Handovers of the night: listing their items, publishing them, and accepting the items by day.

The list is made from the records of the night. It may be reordered and added to, but no item can be left out. Must not word
anything.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import ACTION, owned_by
from hipss_desktop.kinds.alert import ALERT, stands
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.contact import CONTACT, ESCALATED, about_missing
from hipss_desktop.kinds.handover import (
    CONTACTS,
    DO_TODAY,
    HANDOVER,
    QUIET_ITEM,
    READ_FIRST,
    TOLD,
    Handover,
    Item,
    named,
)
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, MissingEpisode, back
from hipss_desktop.kinds.restraint import RESTRAINT
from hipss_desktop.kinds.shift import began, ended
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules import concern as concerns
from hipss_desktop.rules.missing import goes_on
from hipss_desktop.rules.rota import NIGHT_STARTS, NIGHT_STOPS
from hipss_desktop.services.actions import Actions, same_owner
from hipss_desktop.services.clocks import Clocks
from hipss_desktop.services.missing_guide import missing_by_calls
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Draft, Record
from hipss_desktop.services.records import Records
from hipss_desktop.services.shifts import Shifts

PARTS = (READ_FIRST, DO_TODAY, TOLD, CONTACTS)
AHEAD = timedelta(hours=24)
"""Actions that are due within this time after the night are listed for the day."""
REACHES_BACK = timedelta(days=3)


@dataclass(frozen=True)
class Night:
    """The night that is handed over: the record of its shift ('' if none was entered), its start and its end."""

    shift: str
    since: datetime
    until: datetime


class Handovers:
    """The use cases of handovers, for one open store."""

    def __init__(
        self,
        records: Records,
        people: People,
        actions: Actions,
        shifts: Shifts,
        clocks: Clocks,
        clock: times.Clock,
    ) -> None:
        self._records = records
        self._clocks = clocks
        self._store = records.store
        self._people = people
        self._shifts = shifts
        self._actions = actions
        self._clock = clock

    def night(self) -> Night:
        """The night that this person hands over: that of the shift now or just ended, else the hours of the last night."""
        latest, now = self._shifts.latest(), self._clock()
        shift = latest.duty.shift if latest is not None else None
        since, until = (began(shift), shift.planned_end or ended(shift)) if shift is not None else (None, None)
        if latest is not None and since is not None and until is not None:
            return Night(latest.duty.record, since, until)
        night = times.night_of(now)
        evening = night[0] if night is not None else times.local_day(now) - timedelta(days=1)
        morning = times.at_local(evening + timedelta(days=1), NIGHT_STOPS)
        return Night("", times.at_local(evening, NIGHT_STARTS), morning)

    def own_night(self) -> Night | None:
        """The night of this person's own shift that is running or has just ended, None if the shift is somebody else's."""
        latest = self._shifts.latest()
        return self.night() if latest is not None and latest.own else None

    def published(self, since: datetime) -> str:
        """This person's published handover of the night that began at ``since``, '' if there is none."""
        own = self._store.seat.person
        done = ((record.record, HANDOVER.of(record)) for record in self.recent())
        return next((name for name, handover in done if handover.worker == own and handover.since == since), "")

    def draft(self, night: Night) -> Draft:
        """This person's unpublished handover of a night: the draft already begun, with new items added, or a new draft."""
        begun = next((draft for draft in self._store.drafts() if self._is_of(draft, night) and not draft.parents), None)
        if begun is None:
            begun = self._records.new_draft(
                HANDOVER.name,
                {
                    "worker": self._store.seat.person,
                    "worker_name": self._store.seat.name,
                    "shift": night.shift,
                    "since": times.stamp(night.since),
                    "until": times.stamp(night.until),
                },
            )
        held = HANDOVER.read(begun.fields).items
        items = [*held, *self.not_yet_in(held, night)]
        return replace(begun, fields={**begun.fields, "items": items_body(items)})

    def not_yet_in(self, held: Iterable[Item], night: Night) -> list[Item]:
        """The items that a handover of a night must have and does not have yet."""
        held_ids = {item.id for item in held}
        return [item for item in self.items(night) if item.id not in held_ids]

    def items(self, night: Night) -> list[Item]:
        """The items that a handover of a night must have, in reading order."""
        until = min(night.until, self._clock())
        read_first = list(self._read_first(night, until))
        items = (
            *read_first,
            *self._due(night, until, {named(item) for item in read_first}),
            *self._do_today(night),
            *(
                item_of(TOLD, contact=record.record)
                for record in self._contacts(night)
                if CONTACT.of(record).told_others
            ),
            *(item_of(CONTACTS, contact=record.record) for record in self._contacts(night)),
        )
        return list({item.id: item for item in items}.values())

    def publish(self, draft: Draft) -> Revision:
        """Publish a handover: its list cannot change afterwards.

        Raises:
            Unfinished: the handover has no item and does not say that the night was quiet; nothing was changed.
            UserError: this person's handover of the night was published before, or they may not write one.
        """
        since = HANDOVER.read(draft.fields).since
        if since is not None and self.published(since):
            raise UserError("You have handed this night over already. Calls after it stand under ‘Added since’.")
        return self._records.finish(draft)

    def accept(self, record: str, item: str) -> Revision:
        """Accept an item: this person has read it and is responsible for it; its action becomes theirs.

        Raises:
            UserError: there is no such item, or this person has accepted it already.
        """
        handover = self._handover(record)
        named_item = self._item(handover, item)
        if any(row.item == item for row in handover.accepted):
            raise UserError("This was accepted already. Nothing was changed.")
        row = {"item": item, "at": times.stamp(self._clock())}
        revision = self._records.add_row(record, "accepted", row)
        current = self._store.get(named_item.action) if named_item.action else None
        if current is not None and not same_owner(self._actions.me(), owned_by(ACTION.of(current))):
            self._actions.accept(current.record)
        return revision

    def hand_to(self, record: str, item: str, name: str, *, to: str = "", question: str = "") -> Revision:
        """Hand an item to another colleague of the day, by name; raises as ``accept`` does.

        ``question`` is the question that this answers, whose draft is deleted; '' if nothing was asked.
        """
        self._item(self._handover(record), item)
        called = " ".join(name.split())
        if not called:
            raise UserError("Enter whom you hand it to")
        colleague = to or self._actions.person_named(called)
        row = {"item": item, "name": called, "colleague": colleague, "at": times.stamp(self._clock())}
        return self._records.add_row(record, "handed_to", row, question=question)

    def message(self, record: str, words: str, *, question: str = "") -> Revision:
        """Write a message to the person who was on call; ``question`` as in ``hand_to``.

        Raises:
            UserError: nothing was written.
        """
        self._handover(record)
        if not words.strip():
            raise UserError("Enter the message")
        row = {"words": words.strip(), "at": times.stamp(self._clock())}
        return self._records.add_row(record, "messages", row, question=question)

    def added_since(self, handover: Handover) -> list[Record]:
        """The contacts of the night that were finished after the handover was published, earliest first."""
        if handover.since is None or handover.published is None:
            return []
        named_here = {named(item) for item in handover.items}
        since, until = handover.since, (handover.until or handover.published) + AHEAD
        contacts = (record for record in self._between(CONTACT.name, since, until) if record.record not in named_here)
        return [record for record in contacts if times.of_ms(record.at) <= self._night_ends(handover)]

    def recent(self) -> list[Record]:
        """The handovers of the last three days that are not withdrawn, last published first."""
        since = times.ms(self._clock() - REACHES_BACK)
        return [record for record in self._store.records_of(HANDOVER.name, since=since) if not record.withdrawn]

    @staticmethod
    def _night_ends(handover: Handover) -> datetime:
        """The time until which a call belongs to the night handed over: later calls belong to the next evening's handover."""
        until = handover.until or handover.published
        assert until is not None, "a published handover has its time"
        return times.at_local(times.local_day(until), times.NIGHT_BEGINS)

    def _read_first(self, night: Night, until: datetime) -> Iterator[Item]:
        covered: set[str] = set()
        for name, of_a_guide in self._episodes(night, until):
            covered.add(of_a_guide.child)
            yield item_of(READ_FIRST, episode=name)
        children = [child.record for child in self._people.of_kind(CHILD.name)]
        for child, _, newest in missing_by_calls(self._store, children):
            if child not in covered:
                yield item_of(READ_FIRST, contact=newest.record)
        for record in self._contacts(night):
            contact = CONTACT.of(record)
            concern = concerns.of_contact(contact, times.of_ms(record.at), until)
            told_by_an_episode = about_missing(contact) and set(contact.children or ("",)) <= covered
            is_concern = concern.level > concerns.Level.KNOWN and not told_by_an_episode
            if contact.handover or contact.outcome == ESCALATED or is_concern:
                yield item_of(READ_FIRST, contact=record.record)
        for record in self._between(INCIDENT.name, night.since, until):
            yield item_of(READ_FIRST, incident=record.record)
        for record in self._between(RESTRAINT.name, night.since, until):
            yield item_of(READ_FIRST, restraint=record.record)
        for record in self._store.records_due(ALERT.name):
            if not record.withdrawn and stands(ALERT.of(record), until):
                yield item_of(READ_FIRST, alert=record.record)

    def _episodes(self, night: Night, until: datetime) -> Iterator[tuple[str, MissingEpisode]]:
        """The open missing episodes, and those that ended in the night, each with its record's identifier."""
        for record in self._store.records_due(MISSING_EPISODE.name):
            if goes_on(record, self._store.get):
                yield record.record, MISSING_EPISODE.of(record)
        for record in self._between(MISSING_EPISODE.name, night.since - AHEAD, until):
            row = back(MISSING_EPISODE.of(record))
            if row is not None and row.at is not None and row.at >= night.since:
                yield record.record, MISSING_EPISODE.of(record)

    def _due(self, night: Night, until: datetime, read_first: Collection[str]) -> Iterator[Item]:
        """Items for incidents and restraints of which somebody must be told by day, unless they are among those read first."""
        for row in self._clocks.open(until):
            is_named = row.kind in (INCIDENT.name, RESTRAINT.name) and row.record not in read_first
            if is_named and row.clock.due is not None and row.clock.due <= night.until + AHEAD:
                yield item_of(DO_TODAY, **{row.kind: row.record})

    def _do_today(self, night: Night) -> Iterator[Item]:
        for record in self._store.records_due(ACTION.name):
            action = ACTION.of(record)
            if action.due is not None and action.due <= night.until + AHEAD:
                yield item_of(DO_TODAY, action=record.record)

    def for_whom(self, item: Item, worker: str) -> tuple[str, str]:
        """The person an item is for, as a name and a colleague's record; taken from the item if the worker chose somebody.

        Otherwise it is the action's owner or the household's supervisor; ('', '') if that is the worker or nobody.
        """
        if item.name:
            return item.name, item.colleague
        record = self._store.get(named(item)) if named(item) else None
        name = _owner(record, self._people) if record is not None and item.part in (READ_FIRST, DO_TODAY) else ""
        return ("", "") if name in ("", worker) else (name, self._actions.person_named(name))

    def _contacts(self, night: Night) -> list[Record]:
        """The contacts of a night, newest first."""
        return self._between(CONTACT.name, night.since, night.until)

    def _between(self, kind: str, since: datetime, until: datetime) -> list[Record]:
        records = self._store.records_of(kind, since=times.ms(since))
        return [record for record in records if not record.withdrawn and record.at <= times.ms(until)]

    def _is_of(self, draft: Draft, night: Night) -> bool:
        if draft.kind != HANDOVER.name:
            return False
        return HANDOVER.read(draft.fields).since == night.since

    def _handover(self, record: str) -> Handover:
        current = self._store.get(record)
        if current is None:
            raise UserError("This record is not on this laptop.")
        if current.kind != HANDOVER.name:
            raise UserError("This is not a handover.")
        return HANDOVER.of(current)

    def _item(self, handover: Handover, item: str) -> Item:
        items: Iterable[Item] = (*handover.items, *self._added(handover))
        if item == QUIET_ITEM and not handover.items:
            return Item(QUIET_ITEM)
        chosen = next((listed for listed in items if listed.id == item), None)
        if chosen is None:
            raise UserError("This handover has no such item. Look at the handover again.")
        return chosen

    def _added(self, handover: Handover) -> Iterator[Item]:
        return (item_of(CONTACTS, contact=record.record) for record in self.added_since(handover))


def _owner(record: Record, people: People) -> str:
    """The owner of an action, or the supervisor of the household that the record names; '' if nobody is named."""
    if record.kind == ACTION.name:
        whose = owned_by(ACTION.of(record))
        return whose.name or (people.name(whose.person) if whose.person else "")
    carer = CONTACT.of(record).caller if record.kind == CONTACT.name else ""
    carer = MISSING_EPISODE.of(record).carer if record.kind == MISSING_EPISODE.name else carer
    carer = RESTRAINT.of(record).carer if record.kind == RESTRAINT.name else carer
    household = people.record(carer) if carer else None
    return CARER.of(household).supervisor if household is not None and household.kind == CARER.name else ""


def item_of(part: str, **names: str) -> Item:
    """An item whose identifier consists of the part and the record, so that two builds give the same item."""
    (record,) = names.values()
    fields: dict[str, Any] = {"id": f"{part}-{record}", "part": part, **names}
    return Item(**fields)


def items_body(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Items as they are written in a body: each with its place in the list, and without empty fields."""
    bodies = (msgspec.to_builtins(msgspec.structs.replace(item, place=place)) for place, item in enumerate(items, 1))
    return [{name: value for name, value in body.items() if value} for body in bodies]
