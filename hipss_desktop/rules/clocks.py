"""Notification clocks: until when somebody must be told, on which basis, and how that stands at a time.

A clock follows from something that happened (``Trigger``), the table of rules and the council's own settings. It is worked out
each time it is asked for, and nothing due is stored. Two duties that meet in one recipient and count from one moment are one
clock: both sources, the earlier time, the stronger basis. Must not know a kind of record that has clocks (``incident_clocks``
does), nor read a clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from hipss_desktop import times
from hipss_desktop.kinds.value import AT_THE_CLOSE, COUNCIL_NAME, WORKING_DAY_ENDS, Value, in_force
from hipss_desktop.records.folding import folded
from hipss_desktop.rules.notification_rules import LOCAL_POLICY, Rule, Table
from hipss_desktop.rules.working_time import WorkingTime

ClockState = Literal[
    "not_yet_due",
    "due_soon",
    "overdue",
    "told",
    "acknowledged",
    "does_not_apply",
    "no_longer_required",
    "to_decide",
    "not_running",
]
"""Where a clock stands; ``not_running``: what it counts from is not recorded yet."""
RESPONSIBLE, AREA = "responsible_authority", "area_authority"
INTERVIEW = "interview"
FOR_EACH_CHILD = (INTERVIEW, "child_spoken_to")
"""Recipients that are asked for each child apart."""


@dataclass(frozen=True)
class Trigger:
    """Something of which somebody must be told.

    Attributes:
        event: a code of ``notification_event``.
        moment: what the time counts from, None where it is not recorded; ``waits_for`` says then what it waits for.
        children: whom it is about.
        undecided: whether it applies is left to decide.
        later: it became known after the record was begun, so what was told before does not count for it.
    """

    event: str
    moment: datetime | None
    children: tuple[str, ...] = ()
    waits_for: str = ""
    undecided: bool = False
    later: bool = False


@dataclass(frozen=True)
class Authorities:
    """Which councils a record concerns: each child's responsible authority by name, and the one in whose area they live.

    An empty name stands for the service's own council. Where that has no name either, the two are one council.
    """

    responsible: Mapping[str, str] = field(default_factory=dict)
    area: str = ""


@dataclass(frozen=True)
class Council:
    """What the rules need to know of the council.

    Attributes:
        table: the rules, its own among them.
        closed: its closing days.
        values: what it set for itself.
        name: what it was called when this laptop joined it, for want of a value that says so.
    """

    table: Table
    closed: frozenset[date] = frozenset()
    values: tuple[Value, ...] = ()
    name: str = ""

    def working_time(self, rule: Rule, moment: datetime) -> WorkingTime:
        """Working time as a rule counts it: the council's own closing days stretch limits of local policy alone."""
        if rule.basis == LOCAL_POLICY:
            return self.own_working_time(moment)
        return WorkingTime(by_close=self.by_close(moment))

    def own_working_time(self, moment: datetime) -> WorkingTime:
        """Working time as a limit of local policy counts it, from what is in force at a moment."""
        return WorkingTime(self.closed, self.by_close(moment))

    def by_close(self, moment: datetime) -> bool:
        """Whether the council lets a working day end at the close of the office, from what is in force at a moment."""
        chosen = in_force(self.values, WORKING_DAY_ENDS, times.local_day(moment))
        return folded(chosen) == folded(AT_THE_CLOSE)

    def own_name(self, moment: datetime) -> str:
        """What the service's own council is called at a moment, '' where nobody said so."""
        return in_force(self.values, COUNCIL_NAME, times.local_day(moment)) or self.name


@dataclass(frozen=True)
class Done:
    """Something that was done about a clock: by whom, to whom, when, how, under which reference."""

    at: datetime | None
    by: str = ""
    to: str = ""
    how: str = ""
    reference: str = ""
    grade: str = ""
    words: str = ""


@dataclass(frozen=True)
class Clock:
    """One recipient, until when they must be told, and how that stands.

    Attributes:
        events: what it is about, codes of ``notification_event``.
        recipients: its codes of ``notification_recipient``: two where one council is responsible and area authority.
        own_recipient: the record of a recipient of the council's own, '' for one of the table.
        name: what the recipient is called.
        children: whom it is about.
        rules: the rules behind it, the one with the strongest basis first.
        counts_from: the moment it counts from; ``due`` until when, None where it does not run; ``due_reason`` why not.
        warns_from: when it turns amber.
        state: how it stands; ``reason`` says why where it does not apply, is no longer required or left to decide.
        told, written, acknowledged, signed_off: what was done; ``written`` is the confirmation in writing.
        note: what to mind before it is done.
        later: what was told before ``counts_from`` does not count.
    """

    events: tuple[str, ...]
    recipients: tuple[str, ...]
    own_recipient: str
    name: str
    children: tuple[str, ...]
    rules: tuple[Rule, ...]
    counts_from: datetime | None
    due: datetime | None
    due_reason: str = ""
    warns_from: datetime | None = None
    state: ClockState = "not_running"
    reason: str = ""
    told: Done | None = None
    written: Done | None = None
    acknowledged: Done | None = None
    signed_off: Done | None = None
    note: str = ""
    undecided: bool = False
    later: bool = False

    @property
    def rule(self) -> Rule:
        """The rule with the strongest basis."""
        return self.rules[0]

    @property
    def key(self) -> tuple[tuple[str, ...], str, tuple[str, ...], datetime | None]:
        """What tells it from the other clocks of its record."""
        return self.recipients, self.own_recipient, self.children, self.counts_from

    @property
    def then_in_writing(self) -> bool:
        """Whether what was told is confirmed in writing."""
        return any(rule.then_in_writing for rule in self.rules)

    @property
    def late(self) -> bool:
        """Whether it was told after it was due; what is to be told at once has no such moment."""
        return bool(self.told and self.told.at and self.due and self.told.at > self.due != self.counts_from)

    @property
    def is_open(self) -> bool:
        """Whether something is to be done still."""
        return self.state in ("not_yet_due", "due_soon", "overdue", "to_decide", "not_running")

    def is_about(self, recipient: str, own_recipient: str, child: str) -> bool:
        """Whether a row that names a recipient, and a child or '' for all of them, speaks of this clock."""
        named = (
            own_recipient == self.own_recipient if own_recipient or self.own_recipient else recipient in self.recipients
        )
        return named and (not child or child in self.children)

    def stands(self, at: datetime) -> "Clock":
        """The clock with its state at a time, from what was done."""
        state = self._state(at)
        return self if state == self.state else replace(self, state=state)

    def _state(self, at: datetime) -> ClockState:
        if self.state in ("does_not_apply", "no_longer_required"):
            return self.state
        if self.told is not None:
            return "acknowledged" if self.acknowledged is not None else "told"
        if self.undecided:
            return "to_decide"
        if self.due is None:
            return "not_running"
        if at > self.due:
            return "overdue"
        return "due_soon" if self.warns_from is not None and at >= self.warns_from else "not_yet_due"


@dataclass(frozen=True)
class _Party:
    """Who is told by a rule: what makes it one recipient, what it is called, and about which children."""

    key: str
    name: str
    children: tuple[str, ...]


def clocks_for(
    triggers: Iterable[Trigger], council: Council, known_since: datetime, authorities: Authorities | None = None
) -> list[Clock]:
    """The clocks that run for these triggers, before anything was done; the earliest due first.

    Args:
        triggers: what happened.
        council: table and settings.
        known_since: the moment by which rules are picked for a trigger that has none yet.
        authorities: which councils are concerned.
    """
    merged: dict[tuple[str, datetime | None], list[tuple[Trigger, Rule, _Party]]] = {}
    for trigger in triggers:
        for rule in council.table.of(trigger.event, times.local_day(trigger.moment or known_since)):
            if trigger.moment is None and rule.unit == "at_once":
                continue  # nothing is to be done at once about what has not happened
            for party in _parties(rule, trigger, council, authorities or Authorities(), known_since):
                merged.setdefault((party.key, trigger.moment), []).append((trigger, rule, party))
    return sorted((_clock(duties, council) for duties in merged.values()), key=_by_due)


def _by_due(clock: Clock) -> tuple[bool, datetime, str]:
    return clock.due is None, clock.due or datetime.max.replace(tzinfo=UTC), clock.name


def _clock(duties: list[tuple[Trigger, Rule, _Party]], council: Council) -> Clock:
    """One clock from the duties that meet in one recipient and count from one moment."""
    trigger, _, party = duties[0]
    limits = {rule: _limit(rule, trigger.moment, council) for _, rule, _ in duties}
    rules = tuple(sorted(limits, key=lambda rule: (-rule.strength, limits[rule])))
    first = min(limits, key=lambda rule: limits[rule])
    due = limits[first] if trigger.moment else None
    children = dict.fromkeys(child for _, _, told in duties for child in told.children)
    recipients = tuple(dict.fromkeys(rule.recipient for _, rule, _ in duties))
    both = {RESPONSIBLE, AREA} <= set(recipients)
    return Clock(
        events=tuple(dict.fromkeys(cause.event for cause, _, _ in duties)),
        recipients=recipients,
        own_recipient=rules[0].own_recipient,
        name=party.name.replace("Responsible", "Responsible and area", 1) if both else party.name,
        children=tuple(children),
        rules=rules,
        counts_from=trigger.moment,
        due=due,
        due_reason="" if due else trigger.waits_for,
        warns_from=due - first.warn if due and first.warn else None,
        undecided=all(cause.undecided for cause, _, _ in duties),
        later=all(cause.later for cause, _, _ in duties),
    )


def _limit(rule: Rule, moment: datetime | None, council: Council) -> datetime:
    """Until when a rule says; the end of time where it does not run yet, so that rules can be put in order."""
    if moment is None:
        return datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
    return rule.due(moment, council.working_time(rule, moment))


def _parties(
    rule: Rule, trigger: Trigger, council: Council, authorities: Authorities, known_since: datetime
) -> Iterable[_Party]:
    """Who is told by a rule: an authority once, however many duties or children meet in it."""
    children = trigger.children
    if rule.own_recipient:
        yield _Party(rule.own_recipient, rule.name, children)
    elif rule.recipient in FOR_EACH_CHILD:
        for child in children or ("",):
            yield _Party(f"{rule.recipient} {child}", rule.name, (child,) if child else ())
    elif rule.recipient in (RESPONSIBLE, AREA):
        own = council.own_name(trigger.moment or known_since)
        about: dict[str, list[str]] = {}
        for child in children or ("",):
            responsible = authorities.responsible.get(child, "").strip() or own
            name = responsible if rule.recipient == RESPONSIBLE else authorities.area.strip() or own or responsible
            about.setdefault(name, []).append(child)
        for name, theirs in about.items():
            words = rule.name if is_one_authority(name, own) else f"{rule.name}, {name}"
            yield _Party(f"authority {_authority(name)}", words, tuple(child for child in theirs if child))
    else:
        yield _Party(rule.recipient, rule.name, children)


_NOT_TOLD_APART = frozenset(
    {"council", "county", "city", "borough", "district", "metropolitan", "london", "royal", "of"}
)


def _authority(name: str) -> str:
    """An authority's name as it is compared: "Herefordshire Council" is "Herefordshire"."""
    words = folded(name).split()
    return " ".join(word for word in words if word not in _NOT_TOLD_APART) or " ".join(words)


def is_one_authority(one: str, other: str) -> bool:
    """Whether two names are those of one council."""
    return _authority(one) == _authority(other)
