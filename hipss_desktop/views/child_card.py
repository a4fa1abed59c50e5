"""The card of a child, shown beside the form during a call about them. Must not write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hipss_desktop import times
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.child import CHILD, PLAN, age_words, short_name
from hipss_desktop.kinds.contact import CONTACT, first_words
from hipss_desktop.kinds.directory import DIRECTORY
from hipss_desktop.rules import missing
from hipss_desktop.rules.concern import Concern
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.views.alerts import AlertNow, Alerts
from hipss_desktop.views.concern import Concerns, attention_tag
from hipss_desktop.views.numbers import HouseholdNumbers, Number
from hipss_desktop.views.tags import Tag, warnings
from hipss_desktop.views.undecided import Undecided, UndecidedAnswers, readings

FOR_ANYONE = ("emergency", "duty")
"""The groups of the phone directory (``directory_group``) whose numbers are on every child's card."""


@dataclass(frozen=True)
class LastContact:
    """A line of "Last contacts": when, and the first words."""

    record: str
    when: str
    words: str


@dataclass(frozen=True)
class ChildCard:
    """The content of the card beside the form once the child is known.

    ``undecided`` are the child's answers that have two versions. The lists here contain the version shown; ``tags`` and
    ``numbers`` contain both.
    """

    record: str
    name: str
    age: str
    local_id: str
    missing: missing.Episode | None
    status: Tag | None
    tags: tuple[Tag, ...]
    plan_reviewed: str
    risks: tuple[str, ...]
    triggers: tuple[str, ...]
    helps: tuple[str, ...]
    do_not: tuple[str, ...]
    delegated: tuple[str, ...]
    numbers: tuple[Number, ...]
    last_contacts: tuple[LastContact, ...]
    undecided: tuple[Undecided, ...] = ()
    alerts: tuple[AlertNow, ...] = ()

    @property
    def has_plan(self) -> bool:
        """Whether any part of a safety plan has been written."""
        sentences = self.risks or self.triggers or self.helps or self.do_not
        return bool(sentences) or any(undecided.field in PLAN for undecided in self.undecided)


def warnings_of(record: Record) -> tuple[Tag, ...]:
    """The warnings of a child, from all versions while an answer is undecided."""
    return tuple(dict.fromkeys(tag for body in readings(record) for tag in warnings(CHILD.read(body))))


class ChildCards:
    """Reads the cards of one open store."""

    def __init__(
        self,
        store: Store,
        people: People,
        undecided: UndecidedAnswers,
        numbers: HouseholdNumbers,
        concerns: Concerns,
        alerts: Alerts,
        clock: times.Clock,
    ) -> None:
        self._store = store
        self._people = people
        self._undecided = undecided
        self._households = numbers
        self._concerns = concerns
        self._alerts = alerts
        self._clock = clock

    def card(self, child: str) -> ChildCard | None:
        """The card of a child, None if the child is not on this laptop."""
        return self.cards([child]).get(child)

    def cards(self, children: Sequence[str]) -> dict[str, ChildCard]:
        """The cards of many children, without those who are not on this laptop."""
        last = self._store.newest_about(children, kind=CONTACT.name, most=3)
        newest, alerts = self._concerns.newest(children), self._alerts.standing()
        records = [self._people.record(child) for child in children]
        return {
            child.record: self._card(child, newest[child.record], last[child.record], alerts.get(child.record, ()))
            for child in records
            if child is not None and child.kind == CHILD.name
        }

    def _card(
        self, record: Record, concern: Concern | None, last: Sequence[Record], alerts: tuple[AlertNow, ...]
    ) -> ChildCard:
        child, now = CHILD.of(record), self._clock()
        reviewed = ""
        if child.plan_reviewed is not None:
            by = f", {child.plan_reviewer}" if child.plan_reviewer else ""
            reviewed = f"Reviewed {times.long_day(child.plan_reviewed)}{by}"
        return ChildCard(
            record=record.record,
            name=short_name(child),
            age=age_words(child, times.local_day(now)),
            local_id=child.local_id,
            missing=concern.episode if concern is not None else None,
            status=attention_tag(concern, now),
            tags=warnings_of(record),
            plan_reviewed=reviewed,
            risks=tuple(child.risks),
            triggers=tuple(child.triggers),
            helps=tuple(child.helps),
            do_not=tuple(child.do_not),
            delegated=tuple(child.delegated),
            numbers=self._numbers(record),
            last_contacts=tuple(
                LastContact(contact.record, times.since(times.of_ms(contact.at), now), first_words(CONTACT.of(contact)))
                for contact in last
            ),
            undecided=self._undecided.of(record),
            alerts=alerts,
        )

    def _numbers(self, record: Record) -> tuple[Number, ...]:
        who_to_call = self._undecided.rows(record, "who_to_call")
        numbers = [Number(row.who, row.number, author) for row, author in who_to_call]
        placed = self._people.placement_of(record.record, self._tonight())
        carer = self._people.record(placed.carer) if placed else None
        if carer is not None and carer.kind == CARER.name and not numbers:
            numbers += [number for _, number in self._households.shared(carer)]
        known = {listed.number for listed in numbers}
        for entry in map(DIRECTORY.of, self._people.directory()):
            for_anyone = entry.group in FOR_ANYONE or len(entry.number) == 3  # 111 is listed with 999
            number = Number(entry.short_label or entry.label, entry.number)
            if for_anyone and number.number not in known:
                numbers.append(number)
        return tuple(numbers)

    def _tonight(self) -> date:
        return times.tonight(self._clock())
