"""The caller card: everything about a household that is needed while somebody from it is ringing. Must not write."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.carer import CARER, Carer, carers, first_name, member_name
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.contact import CONTACT, first_words
from hipss_desktop.kinds.directory import DIRECTORY
from hipss_desktop.records.codes import code_list
from hipss_desktop.services.people import People, PlacementNow
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.alerts import AlertNow, Alerts
from hipss_desktop.views.board import DUTY_TEAM, EMERGENCY
from hipss_desktop.views.carer import Household, Households
from hipss_desktop.views.child_card import ChildCard, ChildCards
from hipss_desktop.views.numbers import Number
from hipss_desktop.views.tags import Tag, coded_tag
from hipss_desktop.views.undecided import readings

OLD = timedelta(hours=24)
"""The time without receiving anything after which a laptop shows its card as old."""
LAST_CALLS = 3
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
VISITOR = "visitor"
"""The relation (``household_relation``) of people who do not sleep at the household."""


@dataclass(frozen=True)
class Call:
    """One of the last calls of the household."""

    record: str
    when: str
    words: str
    outcome: Tag | None


@dataclass(frozen=True)
class CallerCard:
    """The content of the card.

    Attributes:
        household: the household's page; the card shows its name, address, children, numbers and caller.
        children: the cards of the children who sleep there tonight.
        adults: the members of the household, each with their relation.
        deciders: the carers who may decide, "Jo and Martin".
        alerts: the alerts of the children who sleep there tonight or are placed there.
        calls: the last calls, newest first; ``calls_tonight`` says how many there were tonight, '' before the first.
        numbers: the numbers of the house, the carers, the children, and those that anybody may need.
        as_at: when this laptop last had everything the council had; ``is_old`` if that was a day ago, or is not known.
    """

    household: Household
    children: tuple[ChildCard, ...]
    adults: tuple[str, ...]
    deciders: str
    alerts: tuple[AlertNow, ...]
    calls: tuple[Call, ...]
    calls_tonight: str
    numbers: tuple[Number, ...]
    as_at: str
    is_old: bool

    @property
    def home_number(self) -> str:
        """The number that is copied: the household's first; '' if there is none."""
        return self.household.numbers[0].number if self.household.numbers else ""

    @property
    def warnings(self) -> tuple[Tag, ...]:
        """The warnings of all children, red ones first; legal statuses are shown on the children's own pages only."""
        tags = dict.fromkeys(tag for card in self.children for tag in card.tags if tag.tone in ("risk", "amber"))
        return tuple(sorted(tags, key=lambda tag: tag.tone != "risk"))


class CallerCards:
    """Reads the caller cards of one open store."""

    def __init__(
        self,
        store: Store,
        people: People,
        households: Households,
        child_cards: ChildCards,
        alerts: Alerts,
        backup: Callable[[datetime], Number | None],
        clock: times.Clock,
    ) -> None:
        """Make the reader; ``backup`` returns the backup manager at a moment."""
        self._store = store
        self._people = people
        self._households = households
        self._child_cards = child_cards
        self._alerts = alerts
        self._backup = backup
        self._clock = clock

    def card(self, record: str) -> CallerCard | None:
        """The card of a household, None if it is not on this laptop."""
        household, current = self._households.household(record), self._people.record(record)
        if household is None or current is None:
            return None
        now, carer = self._clock(), CARER.of(current)
        placements = self._people.children_with(record, times.tonight(now))
        cards = self._child_cards.cards([placed.child for placed in placements])
        children = tuple(cards[placed.child] for placed in placements if placed.child in cards)
        standing = self._alerts.standing()
        concerned = dict.fromkeys(line.record for line in (*household.children, *household.away))
        as_at, is_old = self._as_at(now)
        return CallerCard(
            household=household,
            children=children,
            adults=tuple(_adults(carer)),
            deciders=_together([first_name(member) for member in carers(carer)]),
            alerts=tuple(alert for child in concerned for alert in standing.get(child, ())),
            calls=tuple(self._calls(record, now)),
            calls_tonight=self._calls_tonight(record, now),
            numbers=tuple(self._numbers(household, placements, now)),
            as_at=as_at,
            is_old=is_old,
        )

    def _calls(self, record: str, now: datetime) -> list[Call]:
        newest = self._store.newest_about([record], kind=CONTACT.name, most=LAST_CALLS)[record]
        return [self._call(contact, now) for contact in newest]

    @staticmethod
    def _call(record: Record, now: datetime) -> Call:
        contact = CONTACT.of(record)
        outcome = code_list("contact_outcome").get(contact.outcome)
        when = times.since(times.of_ms(record.at), now)
        return Call(record.record, when, first_words(contact), coded_tag(outcome) if outcome else None)

    def _calls_tonight(self, record: str, now: datetime) -> str:
        began = times.at_local(times.tonight(now), times.NIGHT_BEGINS)
        calls = self._store.records_about(record, kind=CONTACT.name, limit=len(ORDINALS))
        count = sum(not call.withdrawn and call.at >= times.ms(began) for call in calls)
        if not count or now < began:
            return ""
        this = f"the {ORDINALS[count]}" if count < len(ORDINALS) else f"number {count + 1} or more"
        return f"{count} {'call' if count == 1 else 'calls'} tonight. This is {this}."

    def _numbers(self, household: Household, placements: Sequence[PlacementNow], now: datetime) -> list[Number]:
        """The numbers in the order in which they are likely to be rung, each once."""
        entries = [DIRECTORY.of(entry) for entry in self._people.directory()]
        duty_team = [entry for entry in entries if entry.short_label == DUTY_TEAM]
        emergency = [entry for entry in entries if entry.group == EMERGENCY]
        backup = self._backup(now)
        numbers = [
            *household.numbers,
            *self._childrens(placements),
            *(Number(entry.short_label or entry.label, entry.number) for entry in duty_team),
            *([backup] if backup is not None else []),
            *(Number(entry.short_label or entry.label, entry.number) for entry in reversed(emergency)),
        ]
        once: dict[str, Number] = {}
        for number in numbers:
            if number.number:
                once.setdefault(number.number, number)
        return list(once.values())

    def _childrens(self, placements: Sequence[PlacementNow]) -> Iterator[Number]:
        """The children's own numbers, in all undecided versions."""
        for placed in placements:
            child = self._people.record(placed.child)
            if child is not None and child.kind == CHILD.name:
                yield from (Number(self._people.name(placed.child), CHILD.read(body).phone) for body in readings(child))

    def _as_at(self, now: datetime) -> tuple[str, bool]:
        """When this laptop last had everything the council had, and whether that is old; now if it never joined a council."""
        own = {*self._store.own_seats()}
        exchanged = times.instant_or_none(self._store.setting(StoreSetting.EXCHANGED)) or self._last_receipt()
        if exchanged is None and self._store.have().keys() <= own:
            exchanged = now
        if exchanged is None:
            return "Not known when this was received", True
        age = timedelta(milliseconds=times.ms(now) - times.ms(exchanged))
        day = times.full_day(times.local_day(exchanged))
        words = f"As at {times.clock_time(exchanged)} {day}"
        return (f"{words}, {int(age / timedelta(hours=1))} h old", True) if age >= OLD else (words, False)

    def _last_receipt(self) -> datetime | None:
        """When the council last received something from here, for a laptop that recorded no exchange yet."""
        return next((times.instant_or_none(at) for _, _, at in self._store.sent(limit=1)), None)


def _adults(carer: Carer) -> list[str]:
    """The members of a household, each with their relation: "Jo Preece, carer"."""
    relations = code_list("household_relation")
    lines = []
    for member in (member for member in carer.members if member.relation != VISITOR):
        relation = relations.label(member.relation or "carer")
        lines.append(f"{member_name(member)}, {relation[:1].lower()}{relation[1:]}")
    return lines


def _together(names: Sequence[str]) -> str:
    """Names in one phrase: "Jo and Martin"; "The carers" for none."""
    if not names:
        return "The carers"
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
