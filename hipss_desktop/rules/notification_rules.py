"""The table of who must be told of what, within which time and on which basis: ``resources/codes/notification_rules.csv``.

Sources and decisions: domain notes sections a, c and h. A rule is in force from a day to a day, so that the rules of 2017
apply to a night in 2017. A row that cannot be used gives a message, and the other rows are used. The council's own
recipients become rules too, on the basis of local policy. Must not read a clock, or decide what has been done.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal

from hipss_desktop import times
from hipss_desktop.kinds.recipient import AT_ONCE, LONGEST, Recipient
from hipss_desktop.kinds.recipient import title as name_of
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.rule_tables import read_rules, shipped_text
from hipss_desktop.rules.working_time import WorkingTime

Unit = Literal["at_once", "hours", "working_days", "days"]
LOCAL_POLICY = "local_policy"
UNREADABLE_TABLE = "The table of who must be told cannot be read. No times are worked out from it. Tell your manager."
WARN = {"at_once": 0, "hours": 8, "working_days": 4, "days": 24}
"""Hours before the due time at which a rule of the council's own turns amber, by the unit of its limit."""


@dataclass(frozen=True)
class Rule:
    """Who must be told of an event, and within which time.

    Attributes:
        code: its name: "S7-08.responsible_authority", or the record of a rule of the council's own.
        event: a code of ``notification_event``; ``recipient`` is a code of ``notification_recipient``.
        own_recipient: the record of one of the council's own recipients, '' for a recipient of the table.
        name: the recipient's name.
        within, unit: the limit; 0 if it is "at once".
        counted_from: a code of ``counted_from``.
        basis: the basis of the limit, a code of ``notification_basis``; ``basis_words`` say it in full.
        source: the law or document in words.
        first, last: the first and last day on which it is in force, None without a limit.
        last_checked: when the source was last read, None for a rule of the council's own.
        then_in_writing: whether telling somebody must be confirmed in writing.
        warn: how long before the due time it turns amber.
    """

    code: str
    event: str
    recipient: str
    own_recipient: str
    name: str
    within: int
    unit: Unit
    counted_from: str
    basis: str
    basis_words: str
    source: str
    first: date | None = None
    last: date | None = None
    last_checked: date | None = None
    then_in_writing: bool = False
    warn: timedelta = timedelta()

    def in_force(self, day: date) -> bool:
        """Whether it is in force on a day, including its first and last day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def due(self, moment: datetime, working: WorkingTime) -> datetime:
        """The due time, counted from a moment, in local time."""
        if self.unit == "hours":
            return times.hours_after(moment, self.within)
        if self.unit == "days":
            return times.days_after(moment, self.within)
        if self.unit == "working_days":
            return working.due(moment, self.within)
        return times.local(moment)

    @property
    def strength(self) -> int:
        """The rank of its basis: statute before guidance, guidance before standards, standards before local policy."""
        listed = code_list("notification_basis").get(self.basis)
        return int(listed.more["rank"]) if listed else 0


@dataclass(frozen=True)
class Table:
    """Rules, and a message for each row that cannot be used."""

    rules: tuple[Rule, ...] = ()
    problems: tuple[str, ...] = ()

    def of(self, event: str, day: date) -> list[Rule]:
        """The rules for an event that are in force on a day."""
        return [rule for rule in self.rules if rule.event == event and rule.in_force(day)]

    def with_own(self, recipients: Iterable[tuple[str, Recipient]]) -> "Table":
        """The table with the council's own recipients, each with its record; they add rules and remove none."""
        return Table(
            (*self.rules, *(rule for record, recipient in recipients for rule in _own(record, recipient))),
            self.problems,
        )


@cache
def shipped() -> Table:
    """The table that comes with the program; never raises."""
    return read_table(shipped_text("notification_rules.csv"))


def read_table(text: str) -> Table:
    """Read the rules of a table; a row that cannot be used becomes a message that names its line."""
    return Table(*read_rules(text, _rule, wrong=_wrong, unreadable=UNREADABLE_TABLE))


class _BadCellError(ValueError):
    """A cell that cannot be used."""


def _wrong(line: int, error: Exception) -> str:
    why = f"its column ‘{error.args[0]}’ {'is not there' if isinstance(error, KeyError) else 'cannot be read'}"
    return f"Line {line} of the table of who must be told cannot be used: {why}. The duty is not shown."


def _rule(row: Mapping[str, str]) -> Rule:
    unit = _code(row, "unit", "time_unit")
    basis = _code(row, "basis", "notification_basis")
    recipient = _code(row, "recipient", "notification_recipient")
    return Rule(
        code=_filled(row, "code"),
        event=_code(row, "event", "notification_event"),
        recipient=recipient,
        own_recipient="",
        name=code_list("notification_recipient").label(recipient),
        within=0 if unit == AT_ONCE else _number(row, "within", least=1),
        unit=_unit(unit),
        counted_from=_code(row, "counted_from", "counted_from"),
        basis=basis,
        basis_words=row["basis_words"] or code_list("notification_basis").label(basis),
        source=_filled(row, "source"),
        first=_day(row, "in_force_from"),
        last=_day(row, "in_force_to"),
        last_checked=_day(row, "last_checked"),
        then_in_writing=row["then_in_writing"] == "yes",
        warn=timedelta(hours=_number(row, "warn_hours", least=0)),
    )


def _own(record: str, recipient: Recipient) -> Iterable[Rule]:
    """The rules made from one of the council's own recipients, one for each event; none if its limit cannot be read."""
    unit = _unit(recipient.unit)
    if unit != AT_ONCE and not 0 < (recipient.within or 0) <= LONGEST:
        return
    for event in recipient.events:
        yield Rule(
            code=record,
            event=event,
            recipient=recipient.recipient or "other",
            own_recipient="" if recipient.recipient else record,
            name=name_of(recipient),
            within=recipient.within or 0,
            unit=unit,
            counted_from=counted_from(event),
            basis=LOCAL_POLICY,
            basis_words=code_list("notification_basis").label(LOCAL_POLICY),
            source=recipient.source.strip() or "Added by the council",
            first=recipient.starts,
            last=recipient.ends,
            warn=timedelta(hours=WARN[unit]),
        )


def counted_from(event: str) -> str:
    """The code of ``counted_from`` for an event: what its time counts from."""
    listed = code_list("notification_event").get(event)
    return listed.more["counted_from"] if listed else "aware"


def _unit(code: str) -> Unit:
    """The unit of a code of ``time_unit``; an unknown unit counts as "at once", which is never too late."""
    units: dict[str, Unit] = {"hours": "hours", "working_days": "working_days", "days": "days"}
    return units.get(code, "at_once")


def _filled(row: Mapping[str, str], name: str) -> str:
    if not row[name].strip():
        raise _BadCellError(name)
    return row[name].strip()


def _code(row: Mapping[str, str], name: str, choices: str) -> str:
    if code_list(choices).get(row[name]) is None:
        raise _BadCellError(name)
    return row[name]


def _number(row: Mapping[str, str], name: str, *, least: int) -> int:
    digits = row[name]
    if not (digits.isascii() and digits.isdigit() and least <= int(digits) <= LONGEST):
        raise _BadCellError(name)
    return int(digits)


def _day(row: Mapping[str, str], name: str) -> date | None:
    try:
        return times.day(row[name]) if row[name] else None
    except ValueError as wrong:
        raise _BadCellError(name) from wrong
