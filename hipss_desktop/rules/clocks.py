"""Works out notification clocks: by when somebody must be told, on which basis, and the state at a time.

A clock follows from something that happened (``Trigger``), the table of rules and the council's own settings. It is worked out
each time, and no due time is stored. Two duties to tell the same recipient that count from the same moment are one clock. It has
both sources, the earlier time and the stronger basis. Must not know a kind of record that has clocks (``incident_clocks`` does),
nor read the time of day.
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
"""The state of a clock. ``not_running``: the moment that it counts from is not recorded yet."""
RESPONSIBLE, AREA = "responsible_authority", "area_authority"
INTERVIEW = "interview"
FOR_EACH_CHILD = (INTERVIEW, "child_spoken_to")
"""Recipients with a clock of their own for each child."""


@dataclass(frozen=True)
class Trigger:
    """An event about which somebody must be told.

    Attributes:
        event: a code of ``notification_event``.
        moment: the moment that the time counts from, None if it is not recorded; ``waits_for`` then says what is missing.
        children: the children that the event is about.
        undecided: whether somebody still has to decide if it applies.
        later: whether it became known after the record was begun. What was told before does not count for it.
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

    An empty name means the service's own council. If that has no name either, the two are one council.
    """

    responsible: Mapping[str, str] = field(default_factory=dict)
    area: str = ""


@dataclass(frozen=True)
class Council:
    """What the rules need to know about the council.

    Attributes:
        table: the rules, with those of the council.
        closed: the council's closing days.
        values: the council's own settings.
        name: the council's name when this laptop joined it, used if no setting gives the name.
    """

    table: Table
    closed: frozenset[date] = frozenset()
    values: tuple[Value, ...] = ()
    name: str = ""

    def working_time(self, rule: Rule, moment: datetime) -> WorkingTime:
        """Working time as a rule counts it. The council's own closing days extend only the limits of local policy."""
        if rule.basis == LOCAL_POLICY:
            return self.own_working_time(moment)
        return WorkingTime(by_close=self.by_close(moment))

    def own_working_time(self, moment: datetime) -> WorkingTime:
        """Working time as a limit of local policy counts it, by the settings in force at a moment."""
        return WorkingTime(self.closed, self.by_close(moment))

    def by_close(self, moment: datetime) -> bool:
        """Whether a working day ends at the close of the office, by the settings in force at a moment."""
        chosen = in_force(self.values, WORKING_DAY_ENDS, times.local_day(moment))
        return folded(chosen) == folded(AT_THE_CLOSE)

    def own_name(self, moment: datetime) -> str:
        """The name of the service's own council at a moment, or '' if nobody gave it."""
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
    """A recipient, by when they must be told, and the state of that.

    Attributes:
        events: what they must be told of, codes of ``notification_event``.
        recipients: the codes of ``notification_recipient``: two if one council is both responsible and area authority.
        own_recipient: the record of one of the council's own recipients, '' for a recipient of the table.
        name: the recipient's name.
        children: the children that the clock is about.
        rules: the rules behind the clock, the one with the strongest basis first.
        counts_from: the moment that the clock counts from. ``due``: the deadline, None while the clock does not run;
            ``due_reason`` says why it does not.
        warns_from: when the clock turns amber.
        state: the state; ``reason`` says why it does not apply, is no longer required or is left to decide.
        told, written, acknowledged, signed_off: what was done; ``written`` is the confirmation in writing.
        note: what to mind before it is done.
        later: whether what was told before ``counts_from`` does not count.
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
        """The key that identifies the clock among those of its record."""
        return self.recipients, self.own_recipient, self.children, self.counts_from

    @property
    def then_in_writing(self) -> bool:
        """Whether a rule requires that the notification is confirmed in writing."""
        return any(rule.then_in_writing for rule in self.rules)

    @property
    def late(self) -> bool:
        """Whether the recipient was told after the deadline. A clock that is due at once is never late."""
        return bool(self.told and self.told.at and self.due and self.told.at > self.due != self.counts_from)

    @property
    def is_open(self) -> bool:
        """Whether something still has to be done."""
        return self.state in ("not_yet_due", "due_soon", "overdue", "to_decide", "not_running")

    def is_about(self, recipient: str, own_recipient: str, child: str) -> bool:
        """Whether a row that names a recipient, and a child or '' for all children, is about this clock."""
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
    """A recipient by a rule: the key by which duties meet in it, its name, and the children."""

    key: str
    name: str
    children: tuple[str, ...]


def clocks_for(
    triggers: Iterable[Trigger], council: Council, known_since: datetime, authorities: Authorities | None = None
) -> list[Clock]:
    """The clocks for these triggers before anything was done, the earliest due first.

    Args:
        triggers: what happened.
        council: its table and settings.
        known_since: the moment that picks the rules for a trigger without a moment.
        authorities: the councils that the record concerns.
    """
    merged: dict[tuple[str, datetime | None], list[tuple[Trigger, Rule, _Party]]] = {}
    for trigger in triggers:
        for rule in council.table.of(trigger.event, times.local_day(trigger.moment or known_since)):
            if trigger.moment is None and rule.unit == "at_once":
                continue  # nobody is told at once of something that has not happened
            for party in _parties(rule, trigger, council, authorities or Authorities(), known_since):
                merged.setdefault((party.key, trigger.moment), []).append((trigger, rule, party))
    return sorted((_clock(duties, council) for duties in merged.values()), key=_by_due)


def _by_due(clock: Clock) -> tuple[bool, datetime, str]:
    return clock.due is None, clock.due or datetime.max.replace(tzinfo=UTC), clock.name


def _clock(duties: list[tuple[Trigger, Rule, _Party]], council: Council) -> Clock:
    """Make one clock of duties that have the same recipient and count from the same moment."""
    trigger, _, party = duties[0]
    limits = {rule: _limit(rule, trigger.moment, council) for _, rule, _ in duties}
    rules = tuple(sorted(limits, key=lambda rule: (-rule.strength, limits[rule])))
    first = min(limits, key=lambda rule: limits[rule])
    due = limits[first] if trigger.moment else None
    children = dict.fromkeys(child for _, _, duty_party in duties for child in duty_party.children)
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
    """The deadline by a rule. If the rule does not run yet, the end of time, so that rules can be sorted."""
    if moment is None:
        return datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
    return rule.due(moment, council.working_time(rule, moment))


def _parties(
    rule: Rule, trigger: Trigger, council: Council, authorities: Authorities, known_since: datetime
) -> Iterable[_Party]:
    """The recipients by a rule. An authority is one recipient, however many duties or children it has."""
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
    """An authority's name in the form for comparisons: "Herefordshire Council" is "herefordshire"."""
    words = folded(name).split()
    return " ".join(word for word in words if word not in _NOT_TOLD_APART) or " ".join(words)


def is_one_authority(first: str, second: str) -> bool:
    """Whether two names are those of one council."""
    return _authority(first) == _authority(second)
