"""The first page by day: what happened since this person was last here, what is due, and what must be decided.

Everything is read from the store on this laptop and worded here; the window only arranges it. Must not write.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, Owner, owned_by
from hipss_desktop.kinds.catalogue import KINDS, may_write
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.rules.rota import MANAGER
from hipss_desktop.services.actions import same_owner
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.sittings import Sittings
from hipss_desktop.views import names
from hipss_desktop.views.board import Boards, ContactRow, FollowUpRow, PlacedChild
from hipss_desktop.views.handovers import HandoverView, HandoverViews, waits_for

AHEAD = timedelta(hours=24)
"""The time ahead for which due actions are shown."""
REACHES_BACK = timedelta(days=7)
"""A contact told longer than this before the last sitting is not news, even if it arrived since."""
MOST = 200


@dataclass(frozen=True)
class DecisionRow:
    """A record for which this person or a colleague must decide between two versions."""

    record: str
    title: str
    about: str


@dataclass(frozen=True)
class HandoverRow:
    """A handover of the night, or an item of it that waits for this person: ``item`` is its identifier, '' for the handover."""

    record: str
    item: str
    title: str
    about: str
    state: str
    tone: str


@dataclass(frozen=True)
class Since:
    """The page: ``words`` say since when.

    ``handovers`` are those of the night, each with the items that wait for this person. ``for_morning`` are the contacts
    marked for the handover that no handover contains.
    """

    words: str
    handovers: tuple[HandoverRow, ...]
    children: tuple[PlacedChild, ...]
    for_morning: tuple[ContactRow, ...]
    contacts: tuple[ContactRow, ...]
    due: tuple[FollowUpRow, ...]
    decisions: tuple[DecisionRow, ...]


class SinceViews:
    """Reads the page for one open store."""

    def __init__(
        self, store: Store, boards: Boards, handovers: HandoverViews, sittings: Sittings, clock: times.Clock
    ) -> None:
        self._store = store
        self._boards = boards
        self._handovers = handovers
        self._sittings = sittings
        self._clock = clock

    def page(self) -> Since:
        """The page as it is now."""
        now = self._clock()
        before = self._sittings.before()
        since = before.time or last_night_began(now)
        came = self._sittings.came_since(before, CONTACT.name)
        contacts = [
            record
            for record in self._store.records_of(CONTACT.name, since=times.ms(since - REACHES_BACK), limit=MOST)
            if not record.withdrawn and (record.record in came or record.at >= times.ms(since))
        ]
        handovers = self._handovers.of_the_night(last_night_began(now))
        handed_over = {item.record for view in handovers for item in view.all_items}
        marked = [record for record in contacts if CONTACT.of(record).handover]
        morning = [record for record in marked if record.record not in handed_over]
        actions = self._boards.open_actions()
        return Since(
            words=since_words(since, now, first=before.time is None),
            handovers=tuple(self._rows(handovers)),
            children=tuple(child for child in self._boards.children_now(actions, now) if not child.calm),
            for_morning=tuple(self._boards.contact_row(record, now) for record in morning),
            contacts=tuple(self._boards.contact_row(record, now) for record in contacts if record not in morning),
            due=tuple(self._due(actions, now)),
            decisions=tuple(self._decisions()),
        )

    def _rows(self, handovers: list[HandoverView]) -> Iterator[HandoverRow]:
        """Each handover of the night, followed by its items that wait for this person, most escalated first."""
        manages = self._store.seat.role == MANAGER
        for view in handovers:
            acceptance_words = (
                f"{view.waiting} of {view.items} not accepted" if view.waiting else f"All {view.items} accepted"
            )
            tone = "amber" if view.waiting else ""
            yield HandoverRow(view.record, "", f"Handed over by {view.worker}", view.published, acceptance_words, tone)
            if view.own:
                continue
            for item in sorted(waits_for(view, manages=manages), key=lambda item: -item.loud):
                loud = "amber" if item.loud else ""
                yield HandoverRow(view.record, item.id, item.title, item.words or item.number, item.waiting, loud)

    def _due(self, actions: list[Record], now: datetime) -> list[FollowUpRow]:
        """The actions due now or within a day, earliest first; this person's own are marked."""
        me = Owner(self._store.seat.name, self._store.seat.person)
        own = {record.record for record in actions if same_owner(owned_by(ACTION.of(record)), me)}
        due = {record.record: moment for record in actions if (moment := ACTION.of(record).due) is not None}
        near = [record for record in actions if record.record in due and due[record.record] <= now + AHEAD]
        rows = [
            replace(row, about=f"{row.about} · yours" if row.about else "Yours") if row.record in own else row
            for row in self._boards.follow_up_rows(near, now, self._boards.backup(now))
        ]
        return sorted(rows, key=lambda row: due[row.record])

    def _decisions(self) -> list[DecisionRow]:
        return [
            DecisionRow(
                record.record, f"{KINDS[record.kind].label}: {names.title(record)}", "Two versions to choose from"
            )
            for record in self._store.undecided()
            if record.kind in KINDS and may_write(self._store.seat.role, record.kind)
        ]


def last_night_began(now: datetime) -> datetime:
    """The moment at which the present night, or by day the last night, began."""
    night = times.night_of(now)
    evening = night[0] if night is not None else times.local_day(now) - timedelta(days=1)
    return times.at_local(evening, times.NIGHT_BEGINS)


def since_words(since: datetime, now: datetime, *, first: bool) -> str:
    """Since when, as a sentence: "Since 17:40 Monday, when you were last here."."""
    days = (times.local_day(now) - times.local_day(since)).days
    at, day = times.clock_time(since), times.local_day(since)
    when = f"{at} today" if days == 0 else f"{at} {times.WEEKDAYS[day.weekday()]}"
    if not 0 <= days < 7:
        when = f"{at} on {times.short_day(day) if day.year == times.local_day(now).year else times.long_day(day)}"
    return f"Since {when}, when {'the last night began' if first else 'you were last here'}."
