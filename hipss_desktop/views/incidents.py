"""The clocks of an incident as its page shows them: who is told of what, by when, whom to ring, and which buttons there are.

Must not decide what is due (``rules.clocks`` does), nor write.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from typing import Literal

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import KINDS, kind_named, may_write
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.directory import DIRECTORY
from hipss_desktop.kinds.incident import INCIDENT, QUESTIONS, Incident
from hipss_desktop.kinds.recipient import AT_ONCE, RECIPIENT
from hipss_desktop.kinds.restraint import RESTRAINT
from hipss_desktop.kinds.sign_off import SIGN_OFF
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.records.folding import folded
from hipss_desktop.records.kind import Kind
from hipss_desktop.rules.clocks import RESPONSIBLE, Clock, Done
from hipss_desktop.services.clocks import Clocks
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.views import clocks as words
from hipss_desktop.views.clock_verbs import (
    ACKNOWLEDGED,
    BECAME_KNOWN,
    DECIDED,
    HOLD_MORE,
    NOT_APPLYING,
    RETURNED,
    SIGNED,
    WRITTEN,
    ClockVerb,
)
from hipss_desktop.views.names import Names
from hipss_desktop.views.names import title as title_of
from hipss_desktop.views.numbers import Number
from hipss_desktop.views.record import Reference
from hipss_desktop.views.said_return import is_of_return, said_return

Group = Literal["due_now", "to_do", "to_decide", "told"]
GROUPS: Mapping[Group, str] = {"told": "told", "due_now": "due now", "to_do": "to do", "to_decide": "to decide"}
"""How the clocks are counted, in the order of the words."""
ORDER: tuple[Group, ...] = ("due_now", "to_do", "to_decide", "told")
"""The order of the rows."""
STATUTORY = ("statute", "statutory_guidance")
"""A clock whose rule has one of these bases (``notification_basis``) is red once it has run out."""
STILL_NOW = timedelta(hours=1)
"""A notification that is due at once counts as due now for this long. After that it is overdue."""
DONE: Mapping[str, str] = {"written": "Written", "carer_spoken_to": "Spoken to", "child_spoken_to": "Spoken to"}
"""The word for a clock that is done by writing or by a talk, not by telling somebody, by ``notification_recipient``."""
A_MINUTE = timedelta(minutes=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class ClockRow:
    """One clock in words.

    Attributes:
        key: identifies the clock among those of its record, the same on every reading.
        who, about: the recipient; what they are told of, and of which children if the incident has several.
        basis: the rule in words; ``worked_out`` says how the deadline follows from the rule.
        due, left: the deadline or how late it is; how long is left or since when it is late.
        tone: amber or risk if it is due, else ''.
        ring: the number to ring and who answers, None if no number is known.
        told_lines: what was done, a line each.
        state: the clock's note, or its state in words if nothing else in the row says it.
        said_by: the call that reports the child's return while no return is recorded; its name says so.
        verbs: the buttons that this person may press.
    """

    key: str
    group: Group
    clock: Clock
    who: str
    about: str
    basis: str
    due: str
    time_left: str
    tone: str
    worked_out: str
    ring: Number | None = None
    told_lines: tuple[str, ...] = ()
    state: str = ""
    said_by: Reference | None = None
    verbs: tuple[ClockVerb, ...] = ()

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it: "Police, child is back. Due now, 19 min since. Ring 101."."""
        due = ", ".join(filter(None, (self.due, self.time_left)))
        ring = f"Ring {self.ring.number}, {self.ring.label}" if self.ring else ""
        about = ", ".join(filter(None, (self.who, self.about)))
        said_by = self.said_by.name if self.said_by is not None else ""
        parts = (about, due, ring, *self.told_lines, self.state, said_by)
        return ". ".join(part.rstrip(".") for part in parts if part) + "."


@dataclass(frozen=True)
class IncidentView:
    """The clocks of one incident.

    Attributes:
        record, title: the incident and what it is called.
        now: the moment for which the clocks are read.
        rows: the clocks due now first, then those to do, those to decide, and those told.
        counts: how many clocks each group has, in words.
        due_now: how many clocks are due now.
        about: the children and households; ``source`` is the contact, episode or restraint that led to the incident.
        checked: the earliest day on which one of the rules was last checked, in words.
        more: the buttons that belong to no clock, as to add what became known later.
        problems: a sentence for each row of the table of rules that cannot be used.
    """

    record: str
    title: str
    now: datetime
    rows: tuple[ClockRow, ...]
    counts: str
    due_now: int
    about: tuple[Reference, ...]
    source: Reference | None
    checked: str
    more: tuple[ClockVerb, ...] = ()
    problems: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class DueRecord:
    """A record about which somebody must be told now.

    Attributes:
        record, kind: its identifier and its kind.
        title: what it is called, and whom it is about.
        words: who is to be told, each with the number to ring and how late it is.
        tone: risk once a statutory clock has run out, else amber.
    """

    record: str
    kind: str
    title: str
    words: str
    tone: str


@dataclass(frozen=True)
class ChildClock:
    """A clock that runs about a child: its row, and the record on whose page people act on it."""

    record: str
    kind: str
    title: str
    row: ClockRow


def group_of(clock: Clock, at: datetime) -> Group:
    """The group of a clock. It is due now if it is late, or if somebody must be told at once."""
    if not clock.is_open:
        return "told"
    if clock.state == "to_decide":
        return "to_decide"
    return "due_now" if is_due_now(clock, at) else "to_do"


def is_due_now(clock: Clock, at: datetime) -> bool:
    """Whether an open clock is late, or somebody must be told at once."""
    if not clock.is_open or clock.state == "to_decide" or clock.due is None:
        return False
    return at >= clock.due or any(rule.unit == AT_ONCE for rule in clock.rules)


def is_overdue(clock: Clock, at: datetime) -> bool:
    """Whether a clock is a minute or more late, or an hour if somebody must be told at once."""
    if not is_due_now(clock, at) or clock.due is None:
        return False
    return at - clock.due >= (STILL_NOW if clock.due == clock.counts_from else A_MINUTE)


def due_now_words(count: int) -> str:
    """How many clocks are due now, in words."""
    return "1 thing due now" if count == 1 else f"{count} things due now"


def is_statutory(clock: Clock) -> bool:
    """Whether statute or statutory guidance requires the notification."""
    return any(rule.basis in STATUTORY for rule in clock.rules)


def tone_of(clock: Clock, at: datetime) -> str:
    """Amber from the warning on, and red ("risk") once a statutory clock has run out."""
    if is_due_now(clock, at):
        late = clock.due is not None and at > clock.due
        return "risk" if late and is_statutory(clock) else "amber"
    return "amber" if clock.state == "due_soon" else ""


def due_words(clock: Clock, at: datetime) -> tuple[str, str]:
    """The deadline and how long is left, ("18:40 Fri 17 March", "33 h 20 min left"), or how late it is and since when."""
    if clock.due is None:
        return "", clock.due_reason.rstrip(".")
    day = times.local_day(clock.due)
    when = f"{times.clock_time(clock.due)} {times.WEEKDAYS[day.weekday()][:3]} {times.short_day(day)}"
    at_once = clock.due == clock.counts_from
    if not clock.is_open:
        return ("At once" if at_once else when), ""
    late = at - clock.due
    if is_overdue(clock, at):
        return f"Overdue {times.duration(late)}", f"since {when}"
    if at_once:
        return "Due now", f"{times.duration(late)} since {times.clock_time(clock.due)}" if late >= A_MINUTE else ""
    return when, f"{_time_left(-late)} left" if -late >= A_MINUTE else "due now"


def _time_left(span: timedelta) -> str:
    """How long is left, to the minute while it is a matter of hours: "71 h 41 min", "4 d 9 h"."""
    if span < timedelta(hours=48):
        return times.duration(span)
    minutes = int(span.total_seconds() // 60)
    if span < timedelta(hours=96):
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"


class IncidentViews:
    """Reads the clocks of incidents for the window, for one open store."""

    def __init__(
        self,
        store: Store,
        clocks: Clocks,
        people: People,
        names: Names,
        clock: times.Clock,
        backup: Callable[[datetime], Number | None],
    ) -> None:
        self._store = store
        self._clocks = clocks
        self._people = people
        self._names = names
        self._clock = clock
        self._backup = backup

    def view(self, record: str) -> IncidentView | None:
        """The clocks of an incident or a restraint as they are now, or None if it is not on this laptop."""
        current = self._store.get(record)
        if current is not None and current.kind == RESTRAINT.name:
            return self._hold(current)
        if current is None or current.kind != INCIDENT.name:
            return None
        incident, now = INCIDENT.of(current), self._clock()
        may = not current.withdrawn and not current.disputed and may_write(self._store.seat.role, INCIDENT.name)
        verbs = self._verbs if may else _nothing
        about = partial(self._about_words, incident=incident)
        rows = [
            self._with_said_return(self._row(of.clock, now, about, verbs(of.clock, incident)), incident, now)
            for of in self._clocks.of(record, now)
        ]
        source = next(
            filter(None, (self._reference(INCIDENT, name, getattr(incident, name)) for name in SOURCES)), None
        )
        subjects = (
            (("children", child) for child in incident.children),
            (("carers", carer) for carer in incident.carers),
        )
        return self._view(
            current,
            now,
            sorted(rows, key=lambda row: ORDER.index(row.group)),
            chain(*subjects),
            source,
            (BECAME_KNOWN,) if may else (),
        )

    def _hold(self, current: Record) -> IncidentView:
        """The three clocks of a restraint, and the buttons for what is added to it later."""
        restraint, now = RESTRAINT.of(current), self._clock()
        may = not current.withdrawn and not current.disputed and may_write(self._store.seat.role, RESTRAINT.name)
        clocks = [of.clock for of in self._clocks.of(current.record, now)]
        rows = [self._row(clock, now, _of_itself, self._hold_verbs(clock) if may else ()) for clock in clocks]
        sources = ("from_contact", "incident")
        source = next(
            filter(None, (self._reference(RESTRAINT, name, getattr(restraint, name)) for name in sources)), None
        )
        subjects = (("child", restraint.child), ("carer", restraint.carer))
        return self._view(current, now, rows, subjects, source, HOLD_MORE if may else ())

    def _view(
        self,
        current: Record,
        now: datetime,
        rows: Sequence[ClockRow],
        subjects: Iterable[tuple[str, str]],
        source: Reference | None,
        more: tuple[ClockVerb, ...],
    ) -> IncidentView:
        kind = kind_named(current.kind)
        counted = Counter(row.group for row in rows)
        checked = [rule.last_checked for row in rows for rule in row.clock.rules if rule.last_checked is not None]
        about = (self._reference(kind, name, record) for name, record in subjects)
        return IncidentView(
            record=current.record,
            title=title_of(current),
            now=now,
            rows=tuple(rows),
            counts=" · ".join(f"{counted[group]} {label}" for group, label in GROUPS.items() if counted[group]),
            due_now=counted["due_now"],
            about=tuple(filter(None, about)),
            source=source,
            checked=times.long_day(min(checked)) if checked else "",
            more=more,
            problems=self._clocks.problems(),
        )

    def about(self, child: str) -> tuple[ChildClock, ...]:
        """The open clocks about a child, those due now first."""
        now = self._clock()
        rows = [
            (of, self._row(of.clock, now, words.events, ()))
            for of in self._clocks.about(child, now)
            if of.clock.is_open and (not of.clock.children or child in of.clock.children)
        ]
        rows.sort(key=lambda pair: (ORDER.index(pair[1].group), pair[0].clock.due or _NEVER))
        return tuple(ChildClock(of.record, of.kind, self._names.name(of.record), row) for of, row in rows)

    def due(self, most: int) -> tuple[tuple[DueRecord, ...], int]:
        """The first ``most`` records about which somebody must be told now, the longest due first, and how many more there are."""
        now = self._clock()
        clocks: dict[str, list[Clock]] = {}
        for of in self._clocks.open(now):
            if is_due_now(of.clock, now):
                clocks.setdefault(of.record, []).append(of.clock)
        first = list(clocks.items())[:most]
        return tuple(self._due_record(record, due, now) for record, due in first), len(clocks) - len(first)

    def _due_record(self, record: str, due: list[Clock], now: datetime) -> DueRecord:
        current = self._store.get(record)
        assert current is not None, "its clocks were read from it"
        kind = kind_named(current.kind)
        named = ", ".join(filter(None, (title_of(current), self._names.about(kind, current.fields))))
        parts = []
        for clock in due:
            ring = self.ring(clock, now)
            late, _ = due_words(clock, now)
            parts.append(", ".join(filter(None, (clock.name, ring.number if ring else "", within(late)))))
        tone = "risk" if any(tone_of(clock, now) == "risk" for clock in due) else "amber"
        return DueRecord(record, current.kind, named, f"{'; '.join(parts)}.", tone)

    def _row(self, clock: Clock, now: datetime, about: Callable[[Clock], str], verbs: Iterable[ClockVerb]) -> ClockRow:
        due, time_left = due_words(clock, now)
        group = group_of(clock, now)
        told_lines = tuple(_told_lines(clock, now))
        state = words.state_words(clock) if clock.state not in ("not_yet_due", "due_soon", "overdue") else ""
        if group == "to_decide":
            due, time_left = "To decide", f"by {clock.reason}" if clock.reason else "Nobody is named"
        return ClockRow(
            key=key_of(clock),
            group=group,
            clock=clock,
            who=clock.name,
            about=about(clock),
            basis=clock.rule.basis_words,
            due=due,
            time_left=time_left,
            tone=tone_of(clock, now),
            worked_out=worked_out(clock),
            ring=self.ring(clock, now) if clock.is_open else None,
            told_lines=told_lines,
            state=clock.note or ("" if group == "to_decide" or (told_lines and clock.state == "told") else state),
            verbs=tuple(verbs),
        )

    def _with_said_return(self, row: ClockRow, incident: Incident, now: datetime) -> ClockRow:
        """The row, with the return that a call reports if its clock waits for one.

        The row's buttons then begin with the time of that return.
        """
        reported_return = said_return(self._store, self._names, row.clock, incident, now)
        if reported_return is None:
            return row
        verbs = (
            replace(verb, rows=tuple({**begun, "at": reported_return.at} for begun in verb.rows)) for verb in row.verbs
        )
        return replace(row, said_by=reported_return.call, verbs=tuple(verbs))

    def _about_words(self, clock: Clock, incident: Incident) -> str:
        about = words.events(clock)
        if len(incident.children) > 1 and clock.children and set(clock.children) != set(incident.children):
            about = f"{about}: {', '.join(map(self._names.name, clock.children))}"
        return about

    def _reference(self, kind: Kind, name: str, record: str) -> Reference | None:
        """The reference to a record or draft that an incident or a restraint names, or None if it is not on this laptop."""
        known = self._store.get(record) or self._store.draft(record) if record else None
        if known is None:
            return None
        label = self._names.name(record)
        if not kind.by_name[name].options.subject:
            at = times.of_ms(known.at) if isinstance(known, Record) else times.instant(known.began)
            label = (
                f"{title_of(known) if isinstance(known, Record) else KINDS[known.kind].label}, {times.clock_time(at)}"
            )
        return Reference(name, kind.by_name[name].label, record, known.kind, label)

    # Whom to ring

    def ring(self, clock: Clock, now: datetime) -> Number | None:
        """The number to ring for a clock and who answers it, or None if no number is known."""
        if clock.own_recipient:
            own = self._store.get(clock.own_recipient)
            number = RECIPIENT.of(own).number if own is not None else ""
            return Number(clock.name, number) if number else None
        if "manager" in clock.recipients:
            backup = self._backup(now)
            return backup if backup is not None and backup.number else None
        if RESPONSIBLE in clock.recipients:
            return self._social_worker(clock.children)
        return self._in_directory({folded(clock.name), *clock.recipients})

    def _social_worker(self, children: Iterable[str]) -> Number | None:
        """The social worker of the first of the children who has one."""
        for record in children:
            current = self._people.record(record)
            if current is None or current.kind != CHILD.name or "social_worker_phone" in current.conflicts:
                continue
            child = CHILD.of(current)
            if child.social_worker_phone:
                return Number(child.social_worker or CHILD.by_name["social_worker"].label, child.social_worker_phone)
        return None

    def _in_directory(self, names: set[str]) -> Number | None:
        for listed in self._people.directory():
            entry = DIRECTORY.of(listed)
            if entry.number and {folded(entry.short_label), folded(entry.label)} & names:
                return Number(entry.label, entry.number)
        return None

    # The buttons

    def _verbs(self, clock: Clock, incident: Incident) -> Iterator[ClockVerb]:
        rows = rows_about(clock, incident)
        if clock.state == "to_decide":
            for question in QUESTIONS:
                if clock.undecided and _asks(question, clock):
                    rows = ({"question": question},)
                    yield ClockVerb(
                        f"{DECIDED}.{question}", "Decide", "Decided", DECIDED, ("answer", "why", "at"), rows
                    )
        elif clock.state == "not_running":
            returned = tuple({"child": row["child"]} if row.get("child") else {} for row in rows)
            if is_of_return(clock):
                yield ClockVerb(
                    RETURNED, "Came back", "Return written down", RETURNED, ("at", "seen_by", "injuries"), returned
                )
        elif clock.is_open:
            asks = ("at", "spoke_to", "how", "reference", *(("grade",) if "police" in clock.recipients else ()), "note")
            is_rung = self.ring(clock, self._clock()) is not None
            label, done = ("Record call", "Call recorded") if is_rung else ("Record", "Recorded")
            yield ClockVerb("told", label, done, "notified", asks, rows)
            reason = ("why", "at")
            yield ClockVerb(NOT_APPLYING, "Does not apply", "Not applying, with its reason", NOT_APPLYING, reason, rows)
        if clock.told is not None and clock.state not in ("does_not_apply", "no_longer_required"):
            if clock.acknowledged is None:
                step = tuple({**row, "step": ACKNOWLEDGED} for row in rows)
                asks = ("at", "spoke_to", "how", "note")
                yield ClockVerb(ACKNOWLEDGED, "Acknowledged", "Acknowledgement recorded", "notified", asks, step)
            if clock.then_in_writing and clock.written is None:
                step = tuple({**row, "step": WRITTEN} for row in rows)
                asks = ("at", "how", "reference")
                yield ClockVerb(
                    WRITTEN, "Confirmed in writing", "Written confirmation recorded", "notified", asks, step
                )
            if signed_off(clock) is None and may_write(self._store.seat.role, SIGN_OFF.name):
                yield ClockVerb(SIGNED, "Sign off", "Signed off", rows=rows)

    def _hold_verbs(self, clock: Clock) -> Iterator[ClockVerb]:
        """The buttons on a clock of a restraint: to record a talk, and for a manager to sign off the clock of the carer."""
        who = next((TALKS[recipient] for recipient in clock.recipients if recipient in TALKS), "")
        spoken = clock.told is not None or clock.note == SPOKEN
        if who and not spoken:
            asks = ("at", "spoken_by", "words")
            yield ClockVerb("talk", "Record talk", "Talk recorded", "spoke_to", asks, ({"who": who},))
        if who == "carer" and clock.signed_off is None and may_write(self._store.seat.role, SIGN_OFF.name):
            yield ClockVerb(SIGNED, "Sign off", "Signed off", rows=({"recipient": clock.recipients[0]},))


def _of_itself(clock: Clock) -> str:
    """Return no words: a clock of a restraint is about its own record."""
    return ""


def _nothing(clock: Clock, incident: Incident) -> Iterator[ClockVerb]:
    """Return no buttons, for a person who may not write."""
    return iter(())


SOURCES = ("from_contact", "about_hold", "from_episode")
"""The fields of an incident that name the record which led to it."""
TALKS = {"carer_spoken_to": "carer", "child_spoken_to": "child"}
"""Who must be spoken to for a clock of a restraint (``spoken_to``), by its recipient."""
SPOKEN = "Spoken to, and not signed off yet."


def _asks(question: str, clock: Clock) -> bool:
    listed = code_list("incident_question").get(question)
    return listed is not None and not set(listed.more["events"].split()).isdisjoint(clock.events)


def signed_off(clock: Clock) -> Done | None:
    """The sign-off of a notification, or None. A sign-off from before somebody was told does not count."""
    signed, telling = clock.signed_off, clock.told
    if signed is None or telling is None or (signed.at and telling.at and signed.at < telling.at):
        return None
    return signed


def key_of(clock: Clock) -> str:
    """A word that identifies a clock among those of its record and stays the same."""
    recipients, own, children, counts_from = clock.key
    moment = times.stamp(counts_from) if counts_from else "waits"
    return "|".join((*recipients, own, *children, moment))


def rows_about(clock: Clock, incident: Incident) -> tuple[dict[str, str], ...]:
    """The values with which new rows about a clock begin: its recipient, and a row for each child if it is not about all.

    A clock about all children of the incident has one row without a child.
    """
    about = {"recipient": clock.recipients[0], "own_recipient": clock.own_recipient}
    named = {name: value for name, value in about.items() if value}
    if not clock.children or set(clock.children) == set(incident.children):
        return (named,)
    return tuple({**named, "child": child} for child in clock.children)


def worked_out(clock: Clock) -> str:
    """How the deadline of a clock is worked out: from which moment, by which rule, and when the rule was last checked."""
    parts = []
    if clock.counts_from is not None:
        at = f"{times.with_zone(clock.counts_from)}, {times.full_day(times.local_day(clock.counts_from))}"
        counted = code_list("counted_from").label(clock.rule.counted_from)
        parts.append(f"Counts from {at}: {counted[:1].lower()}{counted[1:]}")
    elif clock.due_reason:
        parts.append(clock.due_reason)
    for rule in clock.rules:
        limit = "At once" if rule.unit == AT_ONCE else f"Within {rule.within} {_unit(rule.unit, rule.within)}"
        checked = f", last checked {times.long_day(rule.last_checked)}" if rule.last_checked else ""
        parts.append(f"{limit}. {rule.basis_words}: {rule.source}{checked}")
    if clock.due is not None and clock.due != clock.counts_from:
        parts.append(f"That is {times.with_zone(clock.due)}, {times.full_day(times.local_day(clock.due))}")
    return ". ".join(part.rstrip(".") for part in parts) + "."


def _unit(unit: str, number: int) -> str:
    named = {"hours": "hour", "days": "day", "working_days": "working day"}[unit]
    return named if number == 1 else f"{named}s"


def _told_lines(clock: Clock, now: datetime) -> Iterator[str]:
    """What was done about a clock, a line each: "21:40, by Jo Preece, to P. Shaw, log 0612"."""
    verb = next((DONE[recipient] for recipient in clock.recipients if recipient in DONE), "Told")
    done: tuple[tuple[str, Done | None], ...] = (
        (f"{verb} late" if clock.late else verb, clock.told),
        ("In writing", clock.written if clock.written != clock.told else None),
        ("Acknowledged", clock.acknowledged),
        ("Signed off", signed_off(clock)),
    )
    for label, step in done:
        if step is not None:
            head = f"{label} {times.on_its_day(step.at, now)}" if step.at else f"{label}, {words.NO_TIME}"
            by, to = (f"by {step.by}" if step.by else ""), (f"to {step.to}" if step.to else "")
            how = code_list("told_how").label(step.how) if step.how else ""
            reference = f"reference {step.reference}" if step.reference else ""
            yield ", ".join(filter(None, (head, by, to, how[:1].lower() + how[1:], reference, step.grade)))
