"""Actions in words for screens and commands: what, about whom, whose, by when, whom to ring, and the buttons.

``ActionNumbers`` finds whom to ring for an action, also for other views. Must not write.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.action import (
    ACCEPTED,
    ACTION,
    GIVEN_BACK,
    HANDED_OVER,
    OFFERED,
    TAKEN_BACK,
    Action,
    HandOver,
    Owner,
    came_from,
    hands_over,
    is_handed_to,
    is_open,
    offered,
    owned_by,
    owner_term,
)
from hipss_desktop.kinds.carer import CARER, carers, household_name, main_phone, member_name
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.directory import DIRECTORY
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.records.fields import Namer
from hipss_desktop.records.fold import body_of
from hipss_desktop.records.kind import Stage
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules.telling import addresses, service_addressed, told_by
from hipss_desktop.services.actions import UNDONE, same_owner
from hipss_desktop.services.people import People, Person
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.views.names import Names, standing
from hipss_desktop.views.numbers import HouseholdNumbers, Number, one_or_other
from hipss_desktop.views.record import Reference
from hipss_desktop.views.tags import Tag

STEPS = {HANDED_OVER: "Hand over", ACCEPTED: "Accept", GIVEN_BACK: "Give back"}
"""The buttons that change the owner of an action, by the list or the step of a hand-over (``hand_over_step``)."""
TAKE_ON = "Take on"
"""The button for accepting an action that was handed to nobody in particular."""
MANAGER = "manager"
"""The code (``told``) of an action that is to tell the backup manager."""
AROUND_THE_CHILD = (
    ("social_worker", "social_worker_phone", ("placing social worker", "social worker")),
    ("school", "school_phone", ("school",)),
    ("gp", "gp_phone", ("gp",)),
)
"""People around a child: the fields of their name and number in the child's record, and the words that mean them."""
SOURCES = ("from_contact", "from_visit", "from_consultation")
"""The fields with the record from which an action was made."""
MOST_ASKED = 6
"""The most open actions that are asked about after one contact was finished."""


@dataclass(frozen=True)
class Answers:
    """Whom to ring for an action: ``who`` as screens show it, ``person`` for logging a call.

    ``numbers`` are the numbers to ring: two versions of a number while they wait for a decision.
    """

    who: str
    person: Person
    numbers: tuple[Number, ...]

    @property
    def number(self) -> str:
        """The number to ring, or its versions joined by "or"; '' if there is none."""
        return one_or_other(self.numbers)

    @property
    def words(self) -> str:
        """The number and who answers it; for a service that the action names, the number alone."""
        named = "" if self.person.kind == DIRECTORY.name else self.person.name
        return ", ".join(part for part in (self.number, named) if part)


def _answers(who: str, person: Person) -> Answers:
    """A person who has one number."""
    return Answers(who, person, (Number(who, person.number),) if person.number else ())


@dataclass(frozen=True)
class Verb:
    """One button.

    Attributes:
        code: the stage to which it moves the action, or the list to which it adds a row.
        label: the words on its button.
        question: the question whose answer is the reason, '' if the answers are reason enough.
        asks: the fields that it asks for.
        at_once: whether it asks nothing.
    """

    code: str
    label: str
    question: str = ""
    asks: tuple[str, ...] = ()
    at_once: bool = False


@dataclass(frozen=True)
class ActionView:
    """One action with everything that can be done with it.

    Attributes:
        about: the child and the household that it is about; ``sources`` are the records it was made from.
        ring: whom to ring, None if nobody is known; ``child`` is the child of a call logged from here.
        waits: to whom it was handed and when, until they accept it; '' otherwise.
        asks_first: whether it is to tell somebody, so that "Done" asks whom one spoke to.
        verbs: the buttons for this person; ``may_log`` is whether they may log a call.
        state: the tag of its stage, None if it was withdrawn.
        named: its words, with the child's name unless the words contain it.
        answers: the answers given at its closing and the reason for its present stage, as (label, words).
    """

    record: str
    title: str
    named: str
    open: bool
    state: Tag | None
    standing: tuple[Tag, ...]
    overdue: str
    due: str
    owner: str
    waits: str
    about: tuple[Reference, ...]
    sources: tuple[Reference, ...]
    child: str
    ring: Answers | None
    asks_first: bool
    verbs: tuple[Verb, ...]
    may_log: bool
    may_amend: bool
    answers: tuple[tuple[str, str], ...]
    fields: dict[str, object]


@dataclass(frozen=True)
class OpenAction:
    """An open action that a contact may have closed."""

    record: str
    title: str
    due: str


def overdue_words(action: Action, now: datetime) -> str:
    """How late an open action is, '' if it is not."""
    late = now - action.due if action.due is not None and is_open(action) else timedelta()
    return f"Overdue {times.duration(late)}" if late >= timedelta(minutes=1) else ""


def due_words(action: Action, now: datetime) -> str:
    """When an action is due, in the fewest unambiguous words, with the time if it is due at a time of day."""
    if action.due is None:
        return ""
    if times.local(action.due).time() == times.END_OF_DAY:
        return times.due_since(action.due, now)
    words, clock = times.since(action.due, now), times.clock_time(action.due)
    return words if clock in words else f"{words}, {clock}"


def closed_words(action: Action, now: datetime) -> str:
    """When an action was closed, and with whom one spoke."""
    moment = times.since(action.closed_at, now) if action.closed_at else ""
    return ", ".join(filter(None, (moment, action.spoke_to)))


def verb_of(stage: Stage) -> Verb:
    """The button that moves an action to a stage."""
    return Verb(stage.code, stage.verb, stage.reason, stage.asks)


def words_of_press(title: str, revision: Revision) -> str:
    """What pressing a button has done to an action, with the action's words: "Ring Jo Preece back: done 02:17"."""
    body = body_of(revision, ACTION)
    assert body is not None, "its author holds what they wrote"
    pressed = ACTION.read(body.fields)
    if hands_over(body.changed):
        return f"{title}: {step_words(pressed.handed_over[0])}"
    if is_open(pressed):
        return f"{title}: open again"
    at = times.clock_time(times.instant(revision.envelope.clock))
    return f"{title}: {ACTION.stage_label(pressed.state).lower()} {at}"


def step_words(row: HandOver) -> str:
    """What a step of a hand-over did: "handed to D. Marsh, not accepted yet"."""
    if row.step == OFFERED:
        return f"handed to {row.name}, not accepted yet"
    return {ACCEPTED: f"accepted by {row.name}", GIVEN_BACK: "given back", TAKEN_BACK: "hand-over taken back"}.get(
        row.step, f"handed over to {row.name}"
    )


def owner_name(action: Action, name: Namer) -> str:
    """The name of an action's owner, '' if it has none; ``name`` gives the name of a person's record."""
    whose = owned_by(action)
    return whose.name or (name(whose.person) if whose.person else "")


def waits_words(action: Action, now: datetime) -> str:
    """To whom an action was handed and when, until they accept it; '' otherwise."""
    waiting = offered(action)
    if waiting is None:
        return ""
    when = f" {times.since(waiting.at, now)}" if waiting.at is not None else ""
    return f"{waiting.name}{when}, not accepted yet"


def _state(action: Action) -> Tag:
    """The stage of an action as a tag."""
    return Tag(ACTION.stage_label(ACTION.stage_of(action)), "neutral", "clock" if is_open(action) else "check")


class ActionNumbers:
    """Finds whom to ring for the actions of one open store."""

    def __init__(self, store: Store, people: People, numbers: HouseholdNumbers, clock: times.Clock) -> None:
        self._store = store
        self._people = people
        self._households = numbers
        self._clock = clock

    def ring(self, record: Record, backup: Callable[[], Number | None]) -> Answers | None:
        """Whom to ring: the service to tell, else the household it is about, else who rang, else where the child sleeps.

        The service to tell follows from the action's code, else from its words. If its number is not known, nobody else is
        shown. ``backup`` returns the present backup manager, None if nobody is named; it is called only for an action to
        tell them.
        """
        action, service = ACTION.of(record), told_by(record)
        for name, phone, called in AROUND_THE_CHILD:
            if service == name or (not service and self._addresses_one(action, name, called)):
                return self._around(action.child, name, phone)
        service = service or service_addressed(action.what)
        if service:
            return self._service(service, backup() if service == MANAGER else None)
        if addresses(action.what, (CARER.by_name["supervisor"].label,)):
            return self._supervisor(action)
        contact = self._contact(action.from_contact)
        answers = self._household(action.carer) if action.carer else contact
        return answers or self._placed(action.child)

    def _addresses_one(self, action: Action, name: str, called: tuple[str, ...]) -> bool:
        """Whether the words of an action address a person around its child, by role or by name."""
        child = self._people.record(action.child) if action.child else None
        named = str(getattr(CHILD.of(child), name)) if child is not None and child.kind == CHILD.name else ""
        return addresses(action.what, (*called, named))

    def _around(self, record: str, name: str, phone: str) -> Answers | None:
        """A person around a child, by the child's record; None while the name or the number has two versions."""
        current = self._people.record(record) if record else None
        if current is None or current.kind != CHILD.name or {name, phone} & current.conflicts.keys():
            return None
        child, role = CHILD.of(current), CHILD.by_name[name].label
        who, number = getattr(child, name), getattr(child, phone)
        if not number:
            return None
        shown = f"{who}, {within(role)}" if who else role
        return _answers(shown, Person(CONTACT.name, "", who or role, "", number, (), ()))

    def _supervisor(self, action: Action) -> Answers | None:
        """The supervising social worker of the household that an action is about, as the colleague with that name."""
        placed = self._people.placement_of(action.child, times.tonight(self._clock())) if action.child else None
        household = self._people.record(action.carer or (placed.carer if placed is not None else ""))
        if household is None or household.kind != CARER.name or "supervisor" in household.conflicts:
            return None
        name = CARER.of(household).supervisor.strip()
        for listed in self._people.of_kind(PRACTITIONER.name):
            colleague = PRACTITIONER.of(listed)
            if name and owner_term(colleague.name) == owner_term(name) and colleague.phone:
                person = Person(PRACTITIONER.name, listed.record, colleague.name, "", colleague.phone, (), ())
                return _answers(f"{colleague.name}, {within(CARER.by_name['supervisor'].label)}", person)
        return None

    def _service(self, code: str, backup: Number | None) -> Answers | None:
        if code == MANAGER:
            return self._colleague(backup) if backup is not None and backup.number else None
        service = code_list("told").get(code)
        if service is None:
            return None
        short = service.more.get("directory", "")
        for listed in self._people.directory():
            entry = DIRECTORY.of(listed)
            if short and short in (entry.short_label, entry.label):
                return _answers(
                    service.label, Person(DIRECTORY.name, listed.record, entry.label, "", entry.number, (), ())
                )
        number = service.more.get("number", "")
        return (
            _answers(service.label, Person(DIRECTORY.name, "", service.label, "", number, (), ())) if number else None
        )

    def _colleague(self, backup: Number) -> Answers:
        colleagues = (colleague.record for colleague in self._people.of_kind(PRACTITIONER.name))
        record = next((person for person in colleagues if self._people.name(person) == backup.label), "")
        return _answers(backup.label, Person(PRACTITIONER.name, record, backup.label, "", backup.number, (), ()))

    def _household(self, record: str, name: str = "") -> Answers | None:
        current = self._people.record(record)
        numbers = self._households.first(current) if current is not None and current.kind == CARER.name else ()
        if current is None or not numbers:
            return None
        household = CARER.of(current)
        caller = name or next(map(member_name, carers(household)), "")
        person = Person(CARER.name, record, caller, "carer", main_phone(household) or numbers[0].number, (), ())
        return Answers(household_name(household), person, numbers)

    def _contact(self, record: str) -> Answers | None:
        """The person who rang in the contact from which an action was made."""
        current = self._store.get(record) if record else None
        if current is None or current.kind != CONTACT.name:
            return None
        contact = CONTACT.of(current)
        household = self._household(contact.caller, contact.caller_name) if contact.caller else None
        if household is not None or not (contact.call_back and contact.caller_name):
            return household
        person = Person(CONTACT.name, "", contact.caller_name, "", contact.call_back, (), ())
        return _answers(contact.caller_name, person)

    def _placed(self, child: str) -> Answers | None:
        placed = self._people.placement_of(child, times.tonight(self._clock())) if child else None
        return self._household(placed.carer) if placed is not None else None


class ActionViews:
    """Reads the actions of one open store."""

    def __init__(
        self,
        store: Store,
        people: People,
        names: Names,
        numbers: HouseholdNumbers,
        clock: times.Clock,
        backup: Callable[[datetime], Number | None],
    ) -> None:
        self._store = store
        self._names = names
        self._clock = clock
        self._backup = backup
        self._numbers = ActionNumbers(store, people, numbers, clock)

    def ring(self, record: Record) -> Answers | None:
        """Whom to ring for an action, None if nobody is known."""
        return self._numbers.ring(record, lambda: self._backup(self._clock()))

    def view(self, record: str) -> ActionView | None:
        """One action, None if it is not here."""
        current = self._store.get(record)
        if current is None or current.kind != ACTION.name:
            return None
        action, now = ACTION.of(current), self._clock()
        role = self._store.seat.role
        stage = ACTION.stage_of(action)
        closing = () if is_open(action) else ("spoke_to", "closed_at", "log_number", "closing_note")
        return ActionView(
            record=record,
            title=ACTION.title_from(action),
            named=self._named(action),
            open=is_open(action) and not current.withdrawn,
            state=None if current.withdrawn else _state(action),
            standing=tuple(standing(current)),
            overdue="" if current.withdrawn else overdue_words(action, now),
            due=self._names.words(ACTION.name, "due", current.fields.get("due")),
            owner=owner_name(action, self._names.name),
            waits=waits_words(action, now) if is_open(action) and not current.withdrawn else "",
            about=tuple(self._about(current)),
            sources=tuple(self._sources(action)),
            child=action.child,
            ring=None if current.withdrawn else self.ring(current),
            asks_first=bool(told_by(current)),
            verbs=tuple(self._verbs(current, stage)),
            may_log=may_write(role, CONTACT.name) and not current.withdrawn,
            may_amend=may_write(role, ACTION.name) and not current.withdrawn,
            answers=tuple(
                (label, words)
                for label, words in (
                    *((ACTION.by_name[name].label, self._in_words(current, name)) for name in closing),
                    *self._reason(current, stage),
                )
                if words
            ),
            fields=dict(current.fields),
        )

    def owner_terms(self, *, team: bool = False) -> list[str]:
        """The index terms of this person's actions, or of those of their team and everybody in it."""
        seat, colleagues = self._store.seat, self._store.records_of(PRACTITIONER.name)
        people = {record.record: PRACTITIONER.of(record) for record in colleagues if not record.withdrawn}
        own = people.get(seat.person)
        if not team:
            return [seat.person, owner_term(seat.name)]
        named = owner_term(own.team) if own is not None else ""
        if not named:
            return []
        members = {person: colleague for person, colleague in people.items() if owner_term(colleague.team) == named}
        return [named, *members, *(owner_term(colleague.name) for colleague in members.values())]

    def open_about(self, contact: str, *, first: str = "") -> list[OpenAction]:
        """The open actions that a contact may have closed, about its children or its caller, most urgent first.

        Actions that the contact itself made, and actions begun after it, are left out. ``first`` comes first, whomever it
        is about.
        """
        current = self._store.get(contact)
        if current is None or current.kind != CONTACT.name:
            return []
        about, now = CONTACT.of(current), self._clock()
        people = {*about.children, about.caller, *about.carers} - {""}
        rows = []
        for row in self._store.records_due(ACTION.name):
            action = ACTION.of(row)
            concerns = bool({action.child, action.carer} & people) and action.from_contact != contact
            if row.record == first or (concerns and self._began(row.record) <= self._began(contact)):
                due = overdue_words(action, now) or f"Due {due_words(action, now)}"
                rows.append(OpenAction(row.record, ACTION.title_from(action), due))
        return sorted(rows, key=lambda shown: shown.record != first)[:MOST_ASKED]

    def _began(self, record: str) -> datetime:
        """When a record was first written; the earliest time if its laptop's clock gave no readable time."""
        clock = self._store.revisions(record)[0].envelope.clock
        return times.instant_or_none(clock) or datetime.min.replace(tzinfo=UTC)

    def _in_words(self, current: Record, name: str) -> str:
        return self._names.words(ACTION.name, name, current.fields.get(name))

    def _reason(self, current: Record, stage: str) -> Iterator[tuple[str, str]]:
        """The reason for its present stage, with the question that was asked then."""
        described_stage = ACTION.stage_named(stage)
        if described_stage is None or not described_stage.reason or current.withdrawn:
            return
        for revision in reversed(self._store.revisions(current.record)):
            body = body_of(revision, ACTION)
            if body is None or ACTION.stage not in body.changed or body.why == UNDONE:
                continue
            if ACTION.stage_of(ACTION.read(body.fields)) == stage:
                yield described_stage.reason, body.why
                return

    def _named(self, action: Action) -> str:
        title, child = ACTION.title_from(action), self._names.name(action.child) if action.child else ""
        return title if not child or child.split()[0] in title else f"{title}, {child}"

    def _verbs(self, current: Record, stage: str) -> Iterator[Verb]:
        role = self._store.seat.role
        if current.withdrawn or current.disputed or not may_write(role, ACTION.name):
            return
        moves = [move for move in ACTION.stages if move.verb and move.code != stage and role in move.movers]
        if is_open(ACTION.of(current)):
            steps = {verb.code: verb for verb in self._steps(ACTION.of(current))}
            yield from (verb_of(move) for move in moves[:1])
            yield from (steps[code] for code in (HANDED_OVER, ACCEPTED, GIVEN_BACK) if code in steps)
            yield from (verb_of(move) for move in moves[1:])
        else:
            yield from (verb_of(move) for move in moves if move.reason and not move.requires)

    def _steps(self, action: Action) -> Iterator[Verb]:
        """The steps of a hand-over that this person can take."""
        me, waiting = Owner(self._store.seat.name, self._store.seat.person), offered(action)
        mine = same_owner(me, owned_by(action))
        yield Verb(HANDED_OVER, STEPS[HANDED_OVER])
        if waiting is not None and not mine and self._is_for_me(waiting):
            yield Verb(ACCEPTED, STEPS[ACCEPTED], at_once=True)
            if is_handed_to(waiting, me.person):
                yield Verb(GIVEN_BACK, STEPS[GIVEN_BACK], at_once=True)
        elif not mine:
            yield Verb(ACCEPTED, TAKE_ON, at_once=True)
        elif waiting is None and came_from(action) != Owner():
            yield Verb(GIVEN_BACK, STEPS[GIVEN_BACK], at_once=True)

    def _is_for_me(self, waiting: HandOver) -> bool:
        """Whether an action was handed to this person or to their team, not to another member of the team."""
        team = self.owner_terms(team=True)[:1]
        return (waiting.to or owner_term(waiting.name)) in (*self.owner_terms(), *team)

    def _about(self, current: Record) -> Iterator[Reference]:
        action = ACTION.of(current)
        for name, record in (("child", action.child), ("carer", action.carer)):
            if (reference := self._reference(name, record)) is not None:
                yield reference

    def _sources(self, action: Action) -> Iterator[Reference]:
        """The records from which the action was made; this person may not be allowed to read them."""
        for name in SOURCES:
            if record := getattr(action, name):
                field, source = ACTION.by_name[name], self._store.get(record)
                words = self._names.linked(field.options.refers_to, record)
                yield Reference(name, field.label, record, source.kind if source is not None else "", words)

    def _reference(self, name: str, record: str) -> Reference | None:
        named = self._store.get(record) if record else None
        if named is None:
            return None
        return Reference(name, ACTION.by_name[name].label, record, named.kind, self._names.name(record))
