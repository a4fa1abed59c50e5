"""A household's page: who sleeps there tonight, its numbers, its calls of the last weeks, and its open actions.

Must not write.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.carer import CARER, Carer, carers, household_name, member_name
from hipss_desktop.kinds.contact import CONTACT, first_words
from hipss_desktop.rules.approvals import Spaces, spaces
from hipss_desktop.services.people import People, Person, PlacementNow
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.views.actions import overdue_words
from hipss_desktop.views.concern import Concerns
from hipss_desktop.views.numbers import HouseholdNumbers, Number
from hipss_desktop.views.tags import Tag

CALL_DAYS = 28
"""The days for which the calls of a household are shown."""
MOST_CALLS = 200
APPROVED = ("", "approved")


@dataclass(frozen=True)
class Line:
    """A record in a line: its title and the words beside it; ``tag`` if it needs attention."""

    record: str
    kind: str
    title: str
    words: str
    tag: Tag | None = None


@dataclass(frozen=True)
class Household:
    """The content of a household's page beside its record.

    Attributes:
        children: the children who sleep there tonight; ``away`` are those placed there who sleep elsewhere.
        places: how many more children may come tonight: "1 space of 2", or why there is no space.
        may_take: its approval terms, in lines.
        calls: the calls of the last ``CALL_DAYS`` days, newest first.
        actions: the open actions about it or the children placed there, earliest due first.
        caller: the caller of a new contact, None if nobody can be found.
    """

    record: str
    name: str
    status: Tag
    address: str
    numbers: tuple[Number, ...]
    night: str
    children: tuple[Line, ...]
    away: tuple[Line, ...]
    places: str
    may_take: tuple[str, ...]
    calls: tuple[Line, ...]
    actions: tuple[Line, ...]
    caller: Person | None


class Households:
    """Reads the pages of households for one open store."""

    def __init__(
        self, store: Store, people: People, numbers: HouseholdNumbers, concerns: Concerns, clock: times.Clock
    ) -> None:
        self._store = store
        self._people = people
        self._numbers = numbers
        self._concerns = concerns
        self._clock = clock

    def household(self, record: str) -> Household | None:
        """A household's page, None if it is not on this laptop."""
        household_record, now = self._people.record(record), self._clock()
        if household_record is None or household_record.kind != CARER.name:
            return None
        carer, tonight = CARER.of(household_record), times.tonight(now)
        placements = self._people.children_with(record, tonight)
        away = self._people.away_from(record, tonight)
        placed = [placement.child for placement in (*placements, *away)]
        stands, night = self._concerns.tags(placed), times.night_from(tonight)
        calls = self._calls(record, now)
        status = CARER.by_name["status"].words(carer.status or "approved")
        quiet = carer.status in APPROVED
        return Household(
            record=record,
            name=household_name(carer),
            status=Tag(status, "neutral" if quiet else "amber", "check" if quiet else "clock"),
            address=", ".join(part for part in (*carer.address.splitlines(), carer.postcode) if part.strip()),
            numbers=tuple(self._numbers.every(household_record)),
            night=f"{night[:1].upper()}{night[1:]}",
            children=tuple(
                self._child(placement, self._placed_words(placement), stands.get(placement.child))
                for placement in placements
            ),
            away=tuple(
                self._child(placement, self._elsewhere(placement), stands.get(placement.child)) for placement in away
            ),
            places=spaces_words(spaces(carer, tonight, len(placements))),
            may_take=tuple(_may_take(carer)),
            calls=tuple(self._call(call, now) for call in calls),
            actions=tuple(self._actions(record, placed, now)),
            caller=self._caller(record, carer),
        )

    def _child(self, placed: PlacementNow, words: str, stands: Tag | None) -> Line:
        return Line(placed.child, "child", self._people.name(placed.child) or "Child not on this laptop", words, stands)

    def _placed_words(self, placed: PlacementNow) -> str:
        if placed.instead_of:
            until = f" until {_day(placed.until)}" if placed.until else ""
            return f"Respite{until}, for {self._people.name(placed.instead_of)}"
        days = (times.local_day(self._clock()) - placed.start).days
        return f"Placed since {times.long_day(placed.start)}, {days} {'day' if days == 1 else 'days'}"

    def _elsewhere(self, placed: PlacementNow) -> str:
        words = where(self._people, placed)
        until = f" until {_day(placed.until)}" if placed.until else ""
        return f"{words[:1].upper()}{words[1:]}{until}"

    def _calls(self, record: str, now: datetime) -> list[Record]:
        oldest = times.ms(now - timedelta(days=CALL_DAYS))
        contacts = self._store.records_about(record, kind=CONTACT.name, limit=MOST_CALLS)
        return [contact for contact in contacts if contact.at >= oldest and not contact.withdrawn]

    def _call(self, record: Record, now: datetime) -> Line:
        contact = CONTACT.of(record)
        when = times.since(times.of_ms(record.at), now)
        return Line(record.record, record.kind, f"{when}, {CONTACT.title_from(contact)}", first_words(contact))

    def _actions(self, record: str, children: Sequence[str], now: datetime) -> list[Line]:
        """The open actions about the household, or about a child placed there if they name no household."""
        lines = []
        for row in self._store.records_due(ACTION.name):
            action = ACTION.of(row)
            if action.carer != record and (action.carer or action.child not in children):
                continue
            due = f"Due {times.due_since(action.due, now)}" if action.due else ""
            words = " · ".join(part for part in (self._people.name(action.child), due) if part)
            late = overdue_words(action, now)
            tag = Tag(late, "amber", "clock") if late else None
            lines.append(Line(row.record, row.kind, ACTION.title_from(action), words, tag))
        return lines

    def _caller(self, record: str, carer: Carer) -> Person | None:
        names = [member_name(member) for member in carers(carer)[:1]]
        people = [person for name in names for person in self._people.find(name, kinds=(CARER.name,))]
        return next((person for person in people if person.record == record), None)


def spaces_words(free: Spaces) -> str:
    """The number of spaces, "2 spaces of 2", with the reason if there is none for another reason than taken places."""
    of = f" of {free.of}" if free.of is not None else ""
    words = f"{free.free} {'space' if free.free == 1 else 'spaces'}{of}"
    reason = free.reason[:1].lower() + free.reason[1:]
    return f"{words}: {reason}" if reason else words


def where(people: People, placed: PlacementNow) -> str:
    """Where a child sleeps who is away from home tonight: "respite with Ann Colley"."""
    return f"{placed.type} with {people.name(placed.carer) or 'a carer not on this laptop'}"


def _day(day: date) -> str:
    return f"{times.WEEKDAYS[day.weekday()][:3]} {day.day} {times.short_day(day).split()[-1]}"


def _may_take(carer: Carer) -> list[str]:
    """The ages, places, categories and terms for which a household is approved, and its review day."""
    ages = [str(age) for age in (carer.ages_from, carer.ages_to) if age is not None]
    lines = [f"Ages {' to '.join(ages)}"] if ages else []
    if carer.places is not None:
        lines += [f"Up to {carer.places} {'child' if carer.places == 1 else 'children'}"]
    lines += [CARER.by_name["categories"].words(carer.categories), carer.terms]
    if carer.review_due is not None:
        lines += [f"Review by {times.long_day(carer.review_due)}"]
    return [line for line in lines if line.strip()]
