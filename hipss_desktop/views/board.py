"""What the on-call screen shows: the shift, the children placed tonight, this shift's contacts, the follow-ups.

Everything is read from the store on this laptop and worded here; the window only lays it out. Must not write, but for
ticking a follow-up, which is an amendment like any other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hipss_desktop import times
from hipss_desktop.kinds import carer as carers
from hipss_desktop.kinds import child as children
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules import missing
from hipss_desktop.services.calls import Number, Tag, first_words, missing_tag
from hipss_desktop.services.people import People, PlacementNow
from hipss_desktop.services.ports import Record, Store, SyncState
from hipss_desktop.services.records import Records

NEW_PLACEMENT_DAYS = 28
SYNC_WORDS: dict[SyncState, tuple[str, str]] = {
    "waiting": ("Waiting", "laptop"),
    "sending": ("Sending", "sync"),
    "sent": ("Sent", "check"),
    "needs_you": ("Needs you", "alert"),
}
"""State in a row: the word and the icon that stands before it."""


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


class OnCall:
    """Reads the board for one open store."""

    def __init__(self, store: Store, records: Records, people: People, clock: times.Clock) -> None:
        self._store = store
        self._records = records
        self._people = people
        self._clock = clock

    def board(self) -> Board:
        """The board as it stands now."""
        now = self._clock()
        shift = self.shift(now)
        since = shift.start if shift else now - timedelta(hours=15)
        contacts = [
            each
            for each in self._store.records_of("contact", since=times.ms(since), limit=200)
            if not each.withdrawn and each.at <= times.ms(now) + 60_000
        ]
        actions = self._store.open_actions(limit=200)
        done = [
            each
            for each in self._store.records_of("action", since=times.ms(since - timedelta(days=7)), limit=300)
            if each.fields.get("state") in ("done", "not_needed")
            and times.epoch_ms(str(each.fields.get("closed_at") or "")) >= times.ms(since)
        ]
        edt = next(
            (each for each in self._people.of_kind("directory") if each.fields.get("short_label") == "EDT"), None
        )
        return Board(
            now=now,
            shift=shift,
            edt=Number("Emergency duty team", str(edt.fields.get("number"))) if edt else None,
            children=tuple(self.children(now)),
            contacts=tuple(self.contact_row(each, now) for each in contacts),
            contact_count=len(contacts),
            follow_ups=tuple(self.follow_up_row(each, now) for each in actions),
            follow_up_count=len(actions),
            done_count=len(done),
        )

    def shift(self, now: datetime) -> ShiftNow | None:
        """The shift that runs at a moment, as worked where that was entered, else as planned."""
        for each in self._store.records_of("shift", since=times.ms(now - timedelta(days=3)), limit=50):
            start, end = _worked_or_planned(each, "start"), _worked_or_planned(each, "end")
            if each.withdrawn or start is None or end is None or not start <= now < end:
                continue
            return self._shift(each, start, end, now)
        return None

    def _shift(self, each: Record, start: datetime, end: datetime, now: datetime) -> ShiftNow:
        on_call, backup = (self._people.record(str(each.fields.get(role) or "")) for role in ("on_call", "backup"))
        days = [times.WEEKDAYS[times.local(moment).weekday()][:3] for moment in (start, end)]
        checked = times.instant_or_none(each.fields.get("pack_checked"))
        return ShiftNow(
            record=each.record,
            on_call=str(on_call.fields.get("name")) if on_call else "Not entered",
            on_call_number=str(on_call.fields.get("phone") or "") if on_call else "",
            backup=str(backup.fields.get("name")) if backup else "Not entered",
            backup_number=str(backup.fields.get("phone") or "") if backup else "",
            words=f"Shift {times.clock_time(start)} {days[0]} to {times.clock_time(end)} {days[1]} · "
            f"{times.duration(end - now)} left",
            done=(now - start) / (end - start),
            until=times.clock_time(end),
            start=start,
            end=end,
            pack_checked=times.clock_time(checked) if checked else "",
        )

    def children(self, now: datetime, only: Collection[str] | None = None) -> list[PlacedChild]:
        """The children placed tonight (``only`` of these), highest concern first."""
        placed = [each for each in self._people.placements(times.tonight(now)) if only is None or each.child in only]
        named = [each.child for each in placed]
        speak_of_missing = self._store.newest_about(named, role="missing", each=2)
        last = self._store.newest_about(named, kind="contact")
        cards = (self._card(each, speak_of_missing[each.child], last[each.child], now) for each in placed)
        found = [card for card in cards if card is not None]
        return sorted(found, key=lambda each: (-each.concern, each.name))

    def _card(
        self, placed: PlacementNow, speak_of_missing: Sequence[Record], last: Sequence[Record], now: datetime
    ) -> PlacedChild | None:
        child, carer = self._people.record(placed.child), self._people.record(placed.carer)
        if child is None:
            return None
        status, concern = _status(placed, missing.episode(speak_of_missing), now)
        household = carers.household_name(carer.fields) if carer else "Carer not on this laptop"
        if placed.type == "respite" and placed.instead_of:
            household += f", for {self._people.name(placed.instead_of)}"
        return PlacedChild(
            record=placed.child,
            name=children.short_name(child.fields),
            age=children.age(child.fields, times.local_day(now)),
            local_id=str(child.fields.get("local_id") or ""),
            status=status,
            carers=household,
            number=carers.main_phone(carer.fields) if carer else "",
            last_contact=f"Last contact {_when(last[0].at, now)}" if last else "No contacts yet",
            concern=concern,
        )

    def contact_row(self, each: Record, now: datetime) -> ContactRow:
        """A contact as the shift's table shows it."""
        fields = each.fields
        outcome = code_list("contact_outcome").get(str(fields.get("outcome") or ""))
        tag = (
            Tag(outcome.label, outcome.more.get("tone", "neutral"), outcome.more.get("icon", "check"))
            if outcome
            else Tag(code_list("contact_type").label(str(fields.get("type") or "call")), "neutral", "info")
        )
        names = [self._people.name(str(child)) for child in fields.get("children") or []]
        return ContactRow(
            record=each.record,
            time=_when(each.at, now),
            caller=str(fields.get("caller_name") or "Not known"),
            child=", ".join(name for name in names if name),
            about=first_words(fields),
            outcome=tag,
            state=each.state,
        )

    def follow_up_row(self, each: Record, now: datetime) -> FollowUpRow:
        """An action as the list shows it."""
        due = times.instant_or_none(each.fields.get("due")) or now
        late = now - due
        owner = str(each.fields.get("owner") or "")
        about = [
            self._people.name(str(each.fields.get("child") or "")),
            owner if owner != self._store.seat.name else "",
        ]
        today = times.local_day(due) == times.local_day(now)
        left = (
            "" if late > timedelta() else f"in {times.duration(-late)}" if -late < timedelta(hours=12) or today else ""
        )
        return FollowUpRow(
            record=each.record,
            what=str(each.fields.get("what") or ""),
            about=" · ".join(part for part in about if part),
            due=times.clock_time(due) if today else times.since(due, now) if late > timedelta() else _ahead(due, now),
            left=left,
            overdue=f"Overdue {times.duration(late)}" if late > timedelta(minutes=1) else "",
        )

    def overdue(self) -> int:
        """How many open actions are past their time."""
        now = self._clock()
        return sum(bool(self.follow_up_row(each, now).overdue) for each in self._store.open_actions(limit=200))

    def close_follow_up(self, record: str, *, note: str = "", needed: bool = True) -> None:
        """Tick an action: an amendment that says when and by whom."""
        draft = self._records.amendment(record)
        fields = {
            **draft.fields,
            "state": "done" if needed else "not_needed",
            "closed_at": times.stamp(self._clock()),
            "closing_note": note or str(draft.fields.get("closing_note") or ""),
        }
        self._records.finish(replace(draft, fields=fields, why="Ticked as done" if needed else "No longer needed"))


def _worked_or_planned(shift: Record, part: str) -> datetime | None:
    worked = times.instant_or_none(shift.fields.get(f"worked_{part}"))
    return worked or times.instant_or_none(shift.fields.get(f"planned_{part}"))


def _status(placed: PlacementNow, episode: str | None, now: datetime) -> tuple[Tag, int]:
    """What a child's card says of them, and how much it matters."""
    gone = missing_tag(episode, now)
    if gone is not None:
        return gone, 4
    if placed.type == "respite":
        until = ""
        if placed.until:
            day = times.day(placed.until)
            until = f" until {times.WEEKDAYS[day.weekday()][:3]} {day.day}"
        return Tag(f"Respite{until}", "accent", "calendar"), 2
    if placed.type == "emergency":
        return Tag("Emergency placement", "amber", "bolt"), 3
    days = (times.local_day(now) - times.day(placed.start)).days
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
