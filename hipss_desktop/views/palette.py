"""The results of the command palette for typed letters: things to do, children, carers, records. Most likely first.

The window passes its own commands; everything else is read from the store. Must not do anything: a result says what it
would do, and the window does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Literal

from hipss_desktop import identity, times
from hipss_desktop.kinds.alert import ALERT
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.council import ORDERS
from hipss_desktop.records.folding import folded
from hipss_desktop.rules.approvals import spaces
from hipss_desktop.services.people import People, Person, found_unasked, with_age
from hipss_desktop.services.ports import Store
from hipss_desktop.views.board import Boards
from hipss_desktop.views.numbers import HouseholdNumbers, Number, one_or_other
from hipss_desktop.views.tags import Tag
from hipss_desktop.views.timeline import Timelines

ORDER_NAMES = frozenset(order.name for order in ORDERS)
GAP = "   "
"""The separator between the parts of the words after a title."""
MOST = 8
LIKE = 60
"""How similar (of 100) a name must be to the typed text to be offered instead."""
MOST_DONE, MOST_PEOPLE = 4, 2
"""The most results that are things to do, and people of each kind, while records could fill the rest.

Commands whose words are being typed are all shown.
"""
Does = Literal["caller_card", "log_contact", "copy_number", "open", "command"]
Group = Literal["Do", "Children", "Carers", "Records"]


@dataclass(frozen=True)
class Command:
    """A command of the window: the route to open; with a kind, it begins a record of that kind.

    ``keys`` is the shortcut that does the same.
    """

    words: str
    icon: str
    route: str
    kind: str = ""
    keys: str = ""


@dataclass(frozen=True)
class Result:
    """One row. ``target`` is the object of ``does``; ``more`` is shown after the title, ``right`` at the end of the row.

    ``kind`` is the kind of the record that it opens or begins; its icon is used if ``icon`` is ''.
    """

    group: Group
    does: Does
    target: str
    icon: str
    title: str
    more: str = ""
    right: str = ""
    tag: Tag | None = None
    number: str = ""
    person: Person | None = None
    child: str = ""
    kind: str = ""
    keys: str = ""


@dataclass(frozen=True)
class PaletteFindings:
    """The results; ``did_you_mean`` is a similar name if there are none."""

    results: tuple[Result, ...]
    did_you_mean: str = ""


class Palette:
    """Searches one open store on this laptop."""

    def __init__(
        self,
        store: Store,
        people: People,
        on_call: Boards,
        timelines: Timelines,
        numbers: HouseholdNumbers,
        clock: times.Clock,
    ) -> None:
        self._store = store
        self._people = people
        self._on_call = on_call
        self._timelines = timelines
        self._house_numbers = numbers
        self._clock = clock

    def find(self, typed: str, commands: Sequence[Command] = ()) -> PaletteFindings:
        """The results for what was typed so far, at most eight."""
        plain = typed.strip()
        if not plain:
            return PaletteFindings(tuple(_command(command) for command in commands[:MOST]))
        people = self._people.find(plain, limit=6)
        carers = [person for person in people if person.kind == CARER.name]
        children = [person for person in people if person.kind == CHILD.name]
        do = [
            _command(command)
            for command in sorted(commands, key=partial(_far_from, plain))
            if _begins(plain, command.words)
        ]
        calls, more = self._calls(people), [*self._copies(people), *self._alerts(people)]
        cards = self._caller_cards(carers)
        if people and people[0].kind == CARER.name:
            calls = [*cards, *calls] if calls else []
        elif people and people[0].kind == CHILD.name:
            where = self._card_where(people[0])
            calls = [*calls[:1], *where, *calls[1:]] if calls else []
            cards = [*where, *(card for card in cards if card.target not in [known.target for known in where])]
        # For people who may not log calls the person's page comes first: Enter must not copy a number instead.
        do, after = ([*do, *calls, *more], []) if calls else (do, [*cards, *more])
        named = [*self._children(children, carers)[:MOST_PEOPLE], *self._households(carers)[:MOST_PEOPLE]]
        meant = sum(folded(command.words).startswith(folded(plain)) for command in commands)
        room = MOST - len(named)
        offered = (*do, *after)
        versions = sum(
            result.does == "copy_number" and bool(result.more) for result in offered
        )  # none of them may be left out
        done = min(max(MOST_DONE + versions, meant), len(offered), room)
        records = self._records(plain)[: room - done]
        do = do[: room - len(records)]
        results = (*do, *named, *after[: room - len(records) - len(do)], *records)
        if results:
            return PaletteFindings(results)
        return PaletteFindings((), self._nearest(plain))

    def _nearest(self, typed: str) -> str:
        """The known name, or a word of one, that is most similar to the typed text; '' if none is similar enough."""
        from rapidfuzz import fuzz

        def likeness(name: str) -> float:
            return float(fuzz.ratio(folded(name), folded(typed)))

        near = [person.name for person in self._people.find(typed[:4], limit=3)]
        names = [part for name in near for part in (*name.split(), name)]
        best = max(names, key=likeness, default="")
        return best if best and likeness(best) >= LIKE else ""

    def _caller_cards(self, carers: list[Person]) -> list[Result]:
        """The cards of the households most likely meant; pressing Enter again logs the contact."""
        households: dict[str, Person] = {}
        for person in carers:
            households.setdefault(person.record, person)
        return [
            Result(
                "Do",
                "caller_card",
                person.record,
                "user",
                f"Card for {person.name}",
                GAP.join(filter(None, (person.formerly_words, self._people.name(person.record)))),
                number=next((phone.number for phone in self._numbers(person)), ""),
                person=person,
            )
            for person in list(households.values())[:3]
        ]

    def _card_where(self, child: Person) -> list[Result]:
        """The card of the household where a child sleeps tonight; nothing if that is not known."""
        placed = self._people.placement_of(child.record, self._tonight())
        record = self._people.record(placed.carer) if placed is not None else None
        if record is None or record.kind != CARER.name:
            return []
        number = next((phone.number for phone in self._house_numbers.first(record)), "")
        name, sleeps = self._people.name(record.record), f"{child.name} sleeps there tonight"
        return [Result("Do", "caller_card", record.record, "user", f"Card for {name}", sleeps, number=number)]

    def _alerts(self, people: list[Person]) -> list[Result]:
        """A result that begins an alert about the child most likely meant."""
        may_alert = may_write(self._store.seat.role, ALERT.name)
        children = [person for person in people[:1] if may_alert and person.kind == CHILD.name]
        return [
            Result(
                "Do",
                "command",
                "new_record",
                "",
                f"New alert for {person.name}",
                person.description,
                child=person.record,
                kind=ALERT.name,
            )
            for person in children
        ]

    def _calls(self, people: list[Person]) -> list[Result]:
        results = []
        may_log = may_write(self._store.seat.role, CONTACT.name)
        for person in people[:3] if may_log else ():
            if person.kind == CARER.name:
                placed = self._people.children_with(person.record, self._tonight())
                about = f"about {self._people.name(placed[0].child)}" if len(placed) == 1 else ""
                about = GAP.join(filter(None, (person.formerly_words, about)))
                words = f"Log a contact from {person.name}"
                number = next((phone.number for phone in self._numbers(person)), "")
                results.append(
                    Result(
                        "Do", "log_contact", person.record, "phonecall", words, about, number=number,
                        person=person,
                    )
                )  # fmt: skip
            elif person.kind == CHILD.name:
                words = f"Log a contact about {person.name}"
                results.append(
                    Result(
                        "Do",
                        "log_contact",
                        person.record,
                        "phonecall",
                        words,
                        GAP.join(filter(None, (person.description, person.formerly_words))),
                        child=person.record,
                    )
                )
        return results

    def _copies(self, people: list[Person]) -> list[Result]:
        results, numbers = [], set[str]()
        for person in people[:3]:
            for number in self._numbers(person):
                if number.number not in numbers:
                    numbers.add(number.number)
                    results.append(
                        Result(
                            "Do",
                            "copy_number",
                            person.record,
                            "copy",
                            f"Copy number, {person.name}",
                            number.author,
                            right=number.number,
                            number=number.number,
                            person=person,
                        )
                    )
        return results

    def _numbers(self, person: Person) -> tuple[Number, ...]:
        """A person's number; of a household's number all undecided versions."""
        record = self._people.record(person.record) if person.kind == CARER.name else None
        if record is not None:
            return self._house_numbers.first(record)
        return (Number(person.name, person.number),) if person.number else ()

    def _children(self, named: list[Person], carers: list[Person]) -> list[Result]:
        today = self._tonight()
        formerly = {person.record: person.formerly_words for person in named}
        children = [person.record for person in named]
        children += [placed.child for carer in carers for placed in self._people.children_with(carer.record, today)]
        cards = (
            {
                placed_child.record: placed_child
                for placed_child in self._on_call.children(self._clock(), only=set(children))
            }
            if children
            else {}
        )
        results = []
        for record in dict.fromkeys(children):
            child_record = self._people.record(record)
            if child_record is None or child_record.kind != CHILD.name:
                continue
            child = CHILD.of(child_record)
            card = cards.get(record)
            placed_with = self._people.placement_of(record, today)
            placed = f"placed with {self._people.name(placed_with.carer)}" if placed_with is not None else ""
            more = GAP.join(filter(None, (child.local_id, formerly.get(record), placed)))
            tag = card.status if card and card.status.tone in ("risk", "amber") else None
            name = with_age(child, times.local_day(self._clock()))
            number = next((phone.number for phone in card.numbers), "") if card else ""
            results.append(Result("Children", "open", record, "", name, more, tag=tag, number=number, kind=CHILD.name))
        return results

    def _households(self, carers: list[Person]) -> list[Result]:
        results = []
        for record in dict.fromkeys(person.record for person in carers):
            household_record = self._people.record(record)
            if household_record is None or household_record.kind != CARER.name:
                continue
            household = CARER.of(household_record)
            placed = len(self._people.children_with(record, self._tonight()))
            free = spaces(household, self._tonight(), placed).free
            words = (
                f"{placed} {'child' if placed == 1 else 'children'} placed, {free} {'space' if free == 1 else 'spaces'}"
            )
            carer = next(carer for carer in carers if carer.record == record)
            numbers = self._numbers(carer)
            number = next((phone.number for phone in numbers), "")
            words = GAP.join(filter(None, (carer.formerly_words and carer.called, words)))
            name = self._people.name(record)
            results.append(
                Result("Carers", "open", record, "", name, words, one_or_other(numbers), number=number, kind=CARER.name)
            )
        return results

    def _records(self, typed: str) -> list[Result]:
        now, (_, characters) = self._clock(), identity.typed_reference(typed)
        results = []
        for entry in self._timelines.search(typed, limit=MOST):
            named = identity.reference_characters(entry.record) == characters
            if entry.kind in ORDER_NAMES or (entry.kind in found_unasked() and not named):
                continue
            when = entry.day.partition(" ")[2]
            if entry.day == times.full_day(times.local_day(now)):
                when = entry.time
            elif entry.time and entry.day == times.full_day(times.local_day(now) - timedelta(days=1)):
                when = f"{entry.time} last night" if entry.time >= "17:30" else f"{entry.time} yesterday"
            results.append(
                Result("Records", "open", entry.record, "", entry.title, entry.summary, when, kind=entry.kind)
            )
        return results

    def _tonight(self) -> date:
        return times.tonight(self._clock())


def _begins(typed: str, words: str) -> bool:
    return any(start.startswith(folded(typed)) for start in (folded(words), *folded(words).split()))


def _far_from(typed: str, command: Command) -> bool:
    """The sort key of a command: False if its subject begins with the typed text, as "night" finds night commands first."""
    about = folded(command.words)
    for does in ("go to ", "new "):
        about = about.removeprefix(does)
    return not (about.startswith(folded(typed)) or folded(command.words).startswith(folded(typed)))


def _command(command: Command) -> Result:
    return Result("Do", "command", command.route, command.icon, command.words, kind=command.kind, keys=command.keys)
