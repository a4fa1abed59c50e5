"""What the on-call screen shows: the shift, the children placed tonight, this shift's contacts, the follow-ups.

Everything is read from the store on this laptop and worded here; the window only lays it out. Must not write.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, is_open, owner
from hipss_desktop.kinds.carer import CARER, household_name, main_phone
from hipss_desktop.kinds.child import CHILD, age, short_name
from hipss_desktop.kinds.contact import CONTACT, first_words
from hipss_desktop.kinds.directory import DIRECTORY
from hipss_desktop.kinds.practitioner import PRACTITIONER, Practitioner
from hipss_desktop.kinds.shift import SHIFT, began, ended
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules import missing
from hipss_desktop.services.people import People, PlacementNow
from hipss_desktop.services.ports import Record, Store, SyncState
from hipss_desktop.views.actions import ActionNumbers, overdue_words
from hipss_desktop.views.child_card import Number
from hipss_desktop.views.tags import Tag, coded_tag, missing_tag

NEW_PLACEMENT_DAYS = 28


@dataclass(frozen=True)
class ShiftNow:
    """The shift that runs now, worded. ``done`` is how much of it has passed, 0 to 1."""

    record: str
    on_call: str
    on_call_number: str
    backup: str
    backup_number: str
    words: str
    done: float
    until: str
    start: datetime
    end: datetime
    pack_checked: str


@dataclass(frozen=True)
class PlacedChild:
    """One child's card on the board."""

    record: str
    name: str
    age: int | None
    local_id: str
    status: Tag
    carers: str
    number: str
    last_contact: str
    concern: int


@dataclass(frozen=True)
class ContactRow:
    """One contact of the shift."""

    record: str
    time: str
    caller: str
    child: str
    about: str
    outcome: Tag
    state: SyncState


@dataclass(frozen=True)
class FollowUpRow:
    """One open action: what, about whom, when; ``overdue`` says for how long, '' when it is not."""

    record: str
    what: str
    about: str
    due: str
    left: str
    overdue: str


@dataclass(frozen=True)
class Board:
    """The on-call screen."""

    now: datetime
    shift: ShiftNow | None
    edt: Number | None
    children: tuple[PlacedChild, ...]
    contacts: tuple[ContactRow, ...]
    contact_count: int
    follow_ups: tuple[FollowUpRow, ...]
    follow_up_count: int
    done_count: int


class Boards:
    """Reads the board for one open store."""

    def __init__(self, store: Store, people: People, clock: times.Clock) -> None:
        self._store = store
        self._people = people
        self._clock = clock
        self._numbers = ActionNumbers(store, people, clock)

    def board(self) -> Board:
        """The board as it stands now."""
        now = self._clock()
        shift = self.shift(now)
        since = shift.start if shift else now - timedelta(hours=15)
        contacts = [
            each
            for each in self._store.records_of(CONTACT.name, since=times.ms(since), limit=200)
            if not each.withdrawn and each.at <= times.ms(now) + 60_000
        ]
        actions = self._store.records_due(ACTION.name, limit=200)
        done = [
            action
            for action in map(
                ACTION.of,
                self._store.records_of(ACTION.name, since=times.ms(since - timedelta(days=7)), limit=300),
            )
            if not is_open(action) and action.closed_at is not None and action.closed_at >= since
        ]
        backup = self.backup(now)
        duty_team = next(
            (entry for entry in map(DIRECTORY.of, self._people.directory()) if entry.short_label == "EDT"), None
        )
        return Board(
            now=now,
            shift=shift,
            edt=Number("Emergency duty team", duty_team.number) if duty_team else None,
            children=tuple(self.children(now)),
            contacts=tuple(self.contact_row(each, now) for each in contacts),
            contact_count=len(contacts),
            follow_ups=tuple(self.follow_up_row(each, now, backup) for each in actions),
            follow_up_count=len(actions),
            done_count=len(done),
        )

    def shift(self, now: datetime) -> ShiftNow | None:
        """The shift that runs at a moment, as worked where that was entered, else as planned."""
        # No limit: a rota planned far ahead, or shifts whose start cannot be read, must not push the present one out.
        for each in self._store.records_of(SHIFT.name, since=times.ms(now - timedelta(days=3))):
            start, end = began(SHIFT.of(each)), ended(SHIFT.of(each))
            if each.withdrawn or start is None or end is None or not start <= now < end:
                continue
            return self._shift(each, start, end, now)
        return None

    def _shift(self, each: Record, start: datetime, end: datetime, now: datetime) -> ShiftNow:
        shift = SHIFT.of(each)
        on_call, backup = self._practitioner(shift.on_call), self._practitioner(shift.backup)
        days = [times.WEEKDAYS[times.local(moment).weekday()][:3] for moment in (start, end)]
        checked = shift.pack_checked
        return ShiftNow(
            record=each.record,
            on_call=on_call.name if on_call else "Not entered",
            on_call_number=on_call.phone if on_call else "",
            backup=backup.name if backup else "Not entered",
            backup_number=backup.phone if backup else "",
            words=f"Shift {times.clock_time(start)} {days[0]} to {times.clock_time(end)} {days[1]} · "
            f"{times.duration(end - now)} left",
            done=(now - start) / (end - start),
            until=times.clock_time(end),
            start=start,
            end=end,
            pack_checked=times.clock_time(checked) if checked else "",
        )

    def backup(self, now: datetime) -> Number | None:
        """The backup manager of the shift that runs at a moment, None where none does."""
        shift = self.shift(now)
        return Number(shift.backup, shift.backup_number) if shift is not None else None

    def _practitioner(self, record: str) -> Practitioner | None:
        found = self._people.record(record)
        return PRACTITIONER.of(found) if found is not None and found.kind == PRACTITIONER.name else None

    def children(self, now: datetime, only: Collection[str] | None = None) -> list[PlacedChild]:
        """The children placed tonight (``only`` of these), highest concern first."""
        placed = [each for each in self._people.placements(times.tonight(now)) if only is None or each.child in only]
        named = [each.child for each in placed]
        speak_of_missing = self._store.newest_about(named, role="missing", each=missing.CONTACTS_OF_AN_EPISODE)
        last = self._store.newest_about(named, kind=CONTACT.name)
        cards = (self._card(each, speak_of_missing[each.child], last[each.child], now) for each in placed)
        found = [card for card in cards if card is not None]
        return sorted(found, key=lambda each: (-each.concern, each.name))

    def _card(
        self, placed: PlacementNow, speak_of_missing: Sequence[Record], last: Sequence[Record], now: datetime
    ) -> PlacedChild | None:
        child, carer = self._people.record(placed.child), self._people.record(placed.carer)
        if child is None or child.kind != CHILD.name:
            return None
        status, concern = _status(placed, missing.episode(speak_of_missing), now)
        household = CARER.of(carer) if carer is not None and carer.kind == CARER.name else None
        carers = household_name(household) if household else "Carer not on this laptop"
        if placed.type == "respite" and placed.instead_of:
            carers += f", for {self._people.name(placed.instead_of)}"
        return PlacedChild(
            record=placed.child,
            name=short_name(CHILD.of(child)),
            age=age(CHILD.of(child), times.local_day(now)),
            local_id=CHILD.of(child).local_id,
            status=status,
            carers=carers,
            number=main_phone(household) if household else "",
            last_contact=f"Last contact {_when(last[0].at, now)}" if last else "No contacts yet",
            concern=concern,
        )

    def contact_row(self, each: Record, now: datetime) -> ContactRow:
        """A contact as the shift's table shows it."""
        contact = CONTACT.of(each)
        outcome = code_list("contact_outcome").get(contact.outcome)
        contact_type = code_list("contact_type").label(contact.type or "call")
        names = [self._people.name(child) for child in contact.children]
        return ContactRow(
            record=each.record,
            time=_when(each.at, now),
            caller=contact.caller_name or "Not known",
            child=", ".join(name for name in names if name),
            about=first_words(contact),
            outcome=coded_tag(outcome) if outcome else Tag(contact_type, "neutral", "info"),
            state=each.state,
        )

    def follow_up_row(self, each: Record, now: datetime, backup: Number | None = None) -> FollowUpRow:
        """An action as the list shows it, with the number to ring; ``backup`` is the backup manager's."""
        action = ACTION.of(each)
        due = action.due or now
        late = now - due
        whose, ring = owner(action), self._numbers.ring(action, backup)
        about = [
            self._people.name(action.child),
            whose if whose != self._store.seat.name else "",
            ring.person.number if ring else "",
        ]
        today = times.local_day(due) == times.local_day(now)
        left = (
            "" if late > timedelta() else f"in {times.duration(-late)}" if -late < timedelta(hours=12) or today else ""
        )
        return FollowUpRow(
            record=each.record,
            what=action.what,
            about=" · ".join(dict.fromkeys(part for part in about if part)),
            due=times.clock_time(due) if today else times.since(due, now) if late > timedelta() else _ahead(due, now),
            left=left,
            overdue=overdue_words(action, now),
        )

    def overdue(self) -> int:
        """How many open actions are past their time."""
        now = self._clock()
        return sum(
            bool(overdue_words(ACTION.of(each), now)) for each in self._store.records_due(ACTION.name, limit=200)
        )


def _status(placed: PlacementNow, episode: missing.Episode | None, now: datetime) -> tuple[Tag, int]:
    """What a child's card says of them, and how much it matters."""
    gone = missing_tag(episode, now)
    if gone is not None:
        return gone, 4
    if placed.type == "respite":
        day = placed.until
        until = f" until {times.WEEKDAYS[day.weekday()][:3]} {day.day}" if day else ""
        return Tag(f"Respite{until}", "accent", "calendar"), 2
    if placed.type == "emergency":
        return Tag("Emergency placement", "amber", "bolt"), 3
    days = (times.local_day(now) - placed.start).days
    if 0 <= days < NEW_PLACEMENT_DAYS:
        return Tag(f"New placement, day {days}", "accent", "info"), 1
    return Tag("Settled", "neutral", "check"), 0


def _when(at: int, now: datetime) -> str:
    moment = times.of_ms(at)
    days = (times.local_day(now) - times.local_day(moment)).days
    if days == 1 and now - moment >= timedelta(hours=18):
        return (
            f"{times.WEEKDAYS[times.local(moment).weekday()][:3]} {times.local(moment).day}, {times.clock_time(moment)}"
        )
    return times.since(moment, now)


def _ahead(due: datetime, now: datetime) -> str:
    days = (times.local_day(due) - times.local_day(now)).days
    if days < 7:
        return f"{times.WEEKDAYS[times.local(due).weekday()][:3]} {times.clock_time(due)}"
    return times.short_day(times.local_day(due))
