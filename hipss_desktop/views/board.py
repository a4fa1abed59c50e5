"""The content of the on-call screen: the shift, the children placed tonight, this shift's contacts, the follow-ups.

Everything is read from the store on this laptop and worded here; the window only arranges it. Must not write.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, Action, is_open
from hipss_desktop.kinds.carer import CARER, household_name
from hipss_desktop.kinds.child import CHILD, age_words, short_name
from hipss_desktop.kinds.contact import CONTACT, first_words
from hipss_desktop.kinds.directory import DIRECTORY, DirectoryEntry
from hipss_desktop.kinds.practitioner import PRACTITIONER, Practitioner
from hipss_desktop.kinds.shift import began, ended
from hipss_desktop.records import telephone
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules import concern as concerns
from hipss_desktop.rules import rota
from hipss_desktop.rules.concern import Concern, Level, Standing
from hipss_desktop.rules.telling import told_by
from hipss_desktop.services.people import People, PlacementNow
from hipss_desktop.services.ports import Record, Store, SyncState
from hipss_desktop.services.rota import LONGEST_SHIFT, Rota
from hipss_desktop.views.actions import ActionNumbers, Answers, overdue_words, owner_name
from hipss_desktop.views.alerts import AlertNow, Alerts
from hipss_desktop.views.concern import Concerns, concern_tag
from hipss_desktop.views.lone_worker import LoneWorkers, OutNow
from hipss_desktop.views.night_check import CheckOfTonight, NightCheckViews
from hipss_desktop.views.numbers import HouseholdNumbers, Number
from hipss_desktop.views.tags import Tag, coded_tag

DUTY_TEAM = "EDT"
"""The short name of the emergency duty team in the phone directory."""
ON_DUTY = "duty"
"""The group of the phone directory (``directory_group``) with the backups of the person on call."""
EMERGENCY = "emergency"
TOLD_FIRST = ("police", "edt", "manager")
"""The services (``told``) that must be told before anything else is done, in this order."""
MOST = 200
"""The most contacts or actions that are shown."""
NO_NUMBERS: Mapping[str, int] = {}
LATELY = timedelta(hours=12)
"""How long after a shift the board shows when it ended."""
STILL_NOW = timedelta(hours=1)
"""How long telling somebody counts as due now; after that it is overdue."""


@dataclass(frozen=True)
class ShiftNow:
    """The present shift in words. ``done`` is the part of it that has passed, 0 to 1."""

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


@dataclass(frozen=True)
class PlacedChild:
    """One child's card on the board; ``calm`` is whether nothing known asks for attention.

    ``numbers`` is the household's first number: two versions of it while they wait for a decision. ``next_call`` says that
    a call agreed in the guide of a missing child is overdue, '' if it is not. ``strain`` is the sentence for a placement
    under strain. It is read separately, so that the board does not wait for it, and changes neither the order nor the edge.
    """

    record: str
    name: str
    age: str
    local_id: str
    status: Tag
    carers: str
    numbers: tuple[Number, ...]
    last_contact: str
    overdue: int
    calm: bool
    next_call: str = ""
    alerts: tuple[AlertNow, ...] = ()
    strain: str = ""

    @property
    def tone(self) -> str:
        """The tone of the card's edge: amber for an alert."""
        return "amber" if self.alerts and self.status.tone != "risk" else self.status.tone


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
    """One action: what, about whom, when; ``overdue`` says for how long or "due now", '' if it is neither.

    Attributes:
        tone: the tone of ``overdue``: risk if the contact was an emergency, else amber.
        done: when it was done, '' if it is open.
    """

    record: str
    task: str
    about: str
    due: str
    time_left: str
    overdue: str = ""
    tone: str = "amber"
    done: str = ""


@dataclass(frozen=True)
class Board:
    """The on-call screen; ``last_ended`` is when the last shift ended, if none is running and it was recent."""

    now: datetime
    shift: ShiftNow | None
    edt: Number | None
    backup: Number | None
    children: tuple[PlacedChild, ...]
    contacts: tuple[ContactRow, ...]
    contact_count: int
    follow_ups: tuple[FollowUpRow, ...]
    follow_up_count: int
    done: tuple[FollowUpRow, ...]
    night_check: CheckOfTonight | None
    visits: tuple[OutNow, ...] = ()
    last_ended: str = ""


class Boards:
    """Reads the board for one open store."""

    def __init__(
        self,
        store: Store,
        people: People,
        rota: Rota,
        concerns_of: Concerns,
        numbers: HouseholdNumbers,
        alerts: Alerts,
        lone_workers: LoneWorkers,
        night_checks: NightCheckViews,
        clock: times.Clock,
    ) -> None:
        self._night_checks = night_checks
        self._store = store
        self._people = people
        self._rota = rota
        self._concerns = concerns_of
        self._alerts = alerts
        self._lone_workers = lone_workers
        self._clock = clock
        self._numbers = ActionNumbers(store, people, numbers, clock)
        self._households = numbers

    def board(self) -> Board:
        """The board as it is now."""
        now = self._clock()
        shift = self.shift(now)
        backup = self._backup_in(shift)
        since = shift.start if shift else now - timedelta(hours=15)
        recent = self._store.records_of(CONTACT.name, since=times.ms(min(since, now - concerns.LASTS)))
        contacts = [
            record
            for record in recent
            if not record.withdrawn and times.ms(since) <= record.at <= times.ms(now) + 60_000
        ][:MOST]
        actions = self.open_actions()
        return Board(
            now=now,
            shift=shift,
            edt=self._number(self._duty_team()),
            backup=backup,
            children=tuple(self.children(now, recent=recent, overdue=_overdue_by_child(actions, now))),
            contacts=tuple(self.contact_row(contact, now) for contact in contacts),
            contact_count=len(contacts),
            follow_ups=tuple(self.follow_up_rows(actions, now, backup)),
            follow_up_count=len(actions),
            done=tuple(self._done_since(since, now)),
            visits=self._lone_workers.out(recent),
            night_check=self._night_checks.tonight(now),
            last_ended="" if shift else self._last_ended(now),
        )

    def open_actions(self) -> list[Record]:
        """The open actions, earliest due first."""
        return self._store.records_due(ACTION.name, limit=MOST)

    def own_shift_began(self, now: datetime) -> datetime | None:
        """The start of the present shift if this person is on call or backup in it, else None."""
        shift = self.shift(now)
        return shift.start if shift and self._store.seat.name in (shift.on_call, shift.backup) else None

    def takes_calls(self, now: datetime) -> bool:
        """Whether this person's screen is for calls now: at night, and during their own shift."""
        return times.night_of(now) is not None or self.own_shift_began(now) is not None

    def children_now(self, actions: Iterable[Record], now: datetime) -> list[PlacedChild]:
        """The children placed tonight, ordered by their concerns and open actions."""
        recent = self._store.records_of(CONTACT.name, since=times.ms(now - concerns.LASTS))
        return self.children(now, recent=recent, overdue=_overdue_by_child(actions, now))

    def _done_since(self, since: datetime, now: datetime) -> list[FollowUpRow]:
        """The actions that were done or given up since a moment, last one first."""
        dated = self._store.records_of(ACTION.name, since=times.ms(since - timedelta(days=7)), limit=300)
        closed = [
            (action.closed_at, record, action)
            for record, action in ((record, ACTION.of(record)) for record in dated)
            if not record.withdrawn and not is_open(action) and action.closed_at and action.closed_at >= since
        ]
        return [
            FollowUpRow(
                record=record.record,
                task=action.what,
                about=self._about(action),
                due=times.since(at, now),
                time_left=ACTION.stage_label(ACTION.stage_of(action)),
                done=times.since(at, now),
            )
            for at, record, action in sorted(closed, key=lambda closing: closing[0], reverse=True)
        ]

    def _duty_team(self) -> DirectoryEntry | None:
        entries = map(DIRECTORY.of, self._people.directory())
        return next((entry for entry in entries if entry.short_label == DUTY_TEAM), None)

    def _backup(self) -> DirectoryEntry | None:
        """The backup manager named in the phone directory."""
        entries = map(DIRECTORY.of, self._people.directory())
        return next(
            (entry for entry in entries if entry.group == ON_DUTY and "manager" in entry.label.casefold()), None
        )

    @staticmethod
    def _number(entry: DirectoryEntry | None) -> Number | None:
        return Number(entry.short_label or entry.label, entry.number) if entry else None

    def shift(self, now: datetime) -> ShiftNow | None:
        """The shift at a moment, as worked if that was entered, else as planned and swapped."""
        duties = self._rota.duties(now - LONGEST_SHIFT, now + LONGEST_SHIFT)
        on = rota.on_now(duties, now)
        if on is None:
            return None
        shift = next(duty.shift for duty in duties if duty.record == on.record)
        start, end = began(shift) or now, on.until
        on_call, backup = self._practitioner(on.person), self._practitioner(on.backup)
        days = [times.WEEKDAYS[times.local(moment).weekday()][:3] for moment in (start, end)]
        return ShiftNow(
            record=on.record,
            on_call=on_call.name if on_call else "Not entered",
            on_call_number=telephone.grouped(on_call.phone) if on_call else "",
            backup=backup.name if backup else "Not entered",
            backup_number=telephone.grouped(backup.phone) if backup else "",
            words=f"Shift {times.clock_time(start)} {days[0]} to {times.clock_time(end)} {days[1]} · "
            f"{times.duration(end - now)} left",
            done=(now - start) / (end - start),
            until=times.clock_time(end),
            start=start,
            end=end,
        )

    def _last_ended(self, now: datetime) -> str:
        """When the last shift ended, '' if that was long ago."""
        shifts = (duty.shift for duty in self._rota.duties(now - LONGEST_SHIFT, now))
        ends = map(ended, shifts)
        newest = max((end for end in ends if end is not None and end <= now), default=None)
        return times.since(newest, now) if newest is not None and now - newest < LATELY else ""

    def backup(self, now: datetime) -> Number | None:
        """The backup manager of the shift at a moment, else the one named in the phone directory."""
        return self._backup_in(self.shift(now))

    def _backup_in(self, shift: ShiftNow | None) -> Number | None:
        if shift is not None and shift.backup_number:
            return Number(shift.backup, shift.backup_number)
        return self._number(self._backup())

    def _practitioner(self, record: str) -> Practitioner | None:
        person_record = self._people.record(record)
        return (
            PRACTITIONER.of(person_record)
            if person_record is not None and person_record.kind == PRACTITIONER.name
            else None
        )

    def children(
        self,
        now: datetime,
        only: Collection[str] | None = None,
        *,
        recent: Iterable[Record] | None = None,
        overdue: Mapping[str, int] = NO_NUMBERS,
    ) -> list[PlacedChild]:
        """The children placed tonight, highest concern first.

        Args:
            now: the moment.
            only: the only children to include.
            recent: the contacts of the last day, if they were read already.
            overdue: the number of overdue follow-ups of each child.
        """
        placed = [
            placement
            for placement in self._people.placements(times.tonight(now))
            if only is None or placement.child in only
        ]
        named = [placement_now.child for placement_now in placed]
        newest = self._concerns.newest(named, recent=recent)
        last = self._store.newest_about(named, kind=CONTACT.name)
        standing_alerts = self._alerts.standing()
        cards = []
        for placed_child in placed:
            concern = newest[placed_child.child]
            standing = concerns.standing(placed_child.type, placed_child.start, times.local_day(now))
            late = overdue.get(placed_child.child, 0)
            card = self._card(placed_child, concern, standing, next(iter(last[placed_child.child]), None), late, now)
            if card is not None:
                alerts = standing_alerts.get(placed_child.child, ())
                card = replace(card, alerts=alerts, calm=card.calm and not alerts)
                newest_alert = max((alert.began for alert in alerts), default=None)
                cards.append((concerns.order(concern, late, standing, newest_alert), card.name, card))
        return [card for *_, card in sorted(cards, key=lambda ranked: ranked[:2])]

    def _card(
        self,
        placed: PlacementNow,
        concern: Concern | None,
        standing: Standing,
        last: Record | None,
        overdue: int,
        now: datetime,
    ) -> PlacedChild | None:
        child, carer = self._people.record(placed.child), self._people.record(placed.carer)
        if child is None or child.kind != CHILD.name:
            return None
        household = CARER.of(carer) if carer is not None and carer.kind == CARER.name else None
        carers = household_name(household) if household else "Carer not on this laptop"
        if placed.type == "respite" and placed.instead_of:
            carers += f", for {self._people.name(placed.instead_of)}"
        status = _status(concern, standing, placed, now)
        return PlacedChild(
            record=placed.child,
            name=short_name(CHILD.of(child)),
            age=age_words(CHILD.of(child), times.local_day(now)),
            local_id=CHILD.of(child).local_id,
            status=status,
            carers=carers,
            numbers=self._households.first(carer) if carer is not None and household else (),
            last_contact=f"Last contact {_when(last.at, now)}" if last else "No contacts yet",
            overdue=overdue,
            calm=not overdue and status.tone not in ("risk", "amber"),
            next_call=_next_call(concern, now),
        )

    def contact_row(self, record: Record, now: datetime) -> ContactRow:
        """A contact as a row of the shift's table."""
        contact = CONTACT.of(record)
        outcome = code_list("contact_outcome").get(contact.outcome)
        contact_type = code_list("contact_type").label(contact.type or "call")
        names = [self._people.name(child) for child in contact.children]
        return ContactRow(
            record=record.record,
            time=_when(record.at, now),
            caller=contact.caller_name or "Not known",
            child=", ".join(name for name in names if name),
            about=first_words(contact),
            outcome=coded_tag(outcome) if outcome else Tag(contact_type, "neutral", "info"),
            state=record.state,
        )

    def follow_up_rows(self, actions: Iterable[Record], now: datetime, backup: Number | None) -> list[FollowUpRow]:
        """Open actions as rows of the list: services to be told now come first, an emergency before all others.

        ``backup`` is the present backup manager, None if nobody is named.
        """
        rows = []
        for record in actions:
            action, service = ACTION.of(record), told_by(record)
            now_told = service in TOLD_FIRST and (action.due is None or action.due <= now)
            place = TOLD_FIRST.index(service) if now_told else len(TOLD_FIRST)
            emergency = now_told and self._is_emergency(action.from_contact)
            answers = self._numbers.ring(record, lambda: backup)
            row = self._follow_up_row(record, action, now, answers, tells=bool(service), emergency=emergency)
            rows.append((not emergency, place, row))
        return [row for *_, row in sorted(rows, key=lambda placed: placed[:2])]

    def _follow_up_row(
        self, record: Record, action: Action, now: datetime, answers: Answers | None, *, tells: bool, emergency: bool
    ) -> FollowUpRow:
        """An action as a row of the list, with whom to ring; ``tells``: whether it is to tell a service."""
        number = answers.number if answers else ""
        due = action.due or now
        overdue, late, about = (
            overdue_words(action, now),
            now - due,
            self._about(action, answers.words if answers else ""),
        )
        if tells and timedelta() <= late < STILL_NOW:
            overdue, about = f"Due now · {number}" if number else "Due now", self._about(action)
        day = _day(due, now)
        time_left = day
        if late > timedelta() and not overdue:
            time_left = "Due now"
        elif late <= timedelta() and (-late < timedelta(hours=12) or not day):
            time_left = f"in {times.duration(-late)}"
        return FollowUpRow(
            record=record.record,
            task=action.what,
            about=about,
            due=times.due_since(due, now) if overdue else times.clock_time(due),
            time_left=time_left,
            overdue=overdue,
            tone="risk" if emergency else "amber",
        )

    def _about(self, action: Action, ring: str = "") -> str:
        """Whom an action is about, whom to ring, and its owner if it is somebody else, each once; the end may be cut off."""
        whose = owner_name(action, self._people.name)
        parts = (self._people.name(action.child), ring, whose if whose != self._store.seat.name else "")
        return " · ".join(dict.fromkeys(part for part in parts if part))

    def _is_emergency(self, contact: str) -> bool:
        contact_record = self._store.get(contact)
        return (
            contact_record is not None
            and contact_record.kind == CONTACT.name
            and CONTACT.of(contact_record).risk == EMERGENCY
        )

    def overdue(self) -> int:
        """The number of open actions that are overdue."""
        now = self._clock()
        return sum(_overdue_by_child(self.open_actions(), now).values())


def _overdue_by_child(actions: Iterable[Record], now: datetime) -> Counter[str]:
    """The number of overdue open actions about each child ('' for those about none)."""
    return Counter(action.child for action in map(ACTION.of, actions) if overdue_words(action, now))


def _next_call(concern: Concern | None, now: datetime) -> str:
    """The words that a call agreed in the guide of a missing child is overdue; '' if it is not."""
    call = concern.episode.next_call if concern is not None and concern.episode is not None else None
    return f"Next call overdue {times.duration(now - call)}" if call is not None and call < now else ""


def _status(concern: Concern | None, standing: Standing, placed: PlacementNow, now: datetime) -> Tag:
    """The status on a child's card: a concern, else what is notable about the placement, else the newest contact."""
    if concern is not None and (concern.level > Level.KNOWN or not standing):
        return concern_tag(concern, now)
    if standing == "respite":
        day = placed.until
        until = f" until {times.WEEKDAYS[day.weekday()][:3]} {day.day}" if day else ""
        return Tag(f"Respite{until}", "accent", "calendar")
    if standing == "emergency":
        return Tag("Emergency placement", "amber", "bolt")
    if standing == "new":
        return Tag(f"New placement, day {(times.local_day(now) - placed.start).days}", "accent", "info")
    return Tag("No concern logged", "neutral", "")


def _when(at: int, now: datetime) -> str:
    moment = times.of_ms(at)
    days = (times.local_day(now) - times.local_day(moment)).days
    if days == 1 and now - moment >= timedelta(hours=18):
        return (
            f"{times.WEEKDAYS[times.local(moment).weekday()][:3]} {times.local(moment).day}, {times.clock_time(moment)}"
        )
    return times.since(moment, now)


def _day(due: datetime, now: datetime) -> str:
    """The day of a future time, '' if it is today."""
    day = times.local_day(due)
    days = (day - times.local_day(now)).days
    if days == 1:
        return "tomorrow"
    if 1 < days < 7:
        return f"{times.WEEKDAYS[day.weekday()][:3]} {times.short_day(day)}"
    return times.short_day(day) if days else ""
