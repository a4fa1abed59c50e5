"""The table of how often a household is visited, reviewed and checked: ``resources/codes/due_rules.csv``.

Sources and decisions: domain notes sections a, b and h (11 to 18). A rule is in force from a day to a day. A row that
cannot be used gives a message, and the other rows are used. A council sets some intervals for itself (``kinds.value``); the
household's own frequency takes precedence. Must not read a clock, or decide what has been done.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from hipss_desktop import times
from hipss_desktop.kinds.carer import MONTHS, WEEKS, Frequency
from hipss_desktop.kinds.value import Value, in_force_since, span_in
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.rule_tables import read_rules, shipped_text

UNREADABLE_TABLE = "The table of what is due cannot be read. No days are worked out from it. Tell your manager."
LAST_DAY = date(9000, 1, 1)
"""The last day from which an interval is counted, so that its end is a valid date."""


@dataclass(frozen=True)
class Interval:
    """A number of weeks or months."""

    every: int
    unit: str

    def after(self, day: date) -> date:
        """The day on which it ends: 29 February ends on 28 February, a month after the 31st on the last day of the month."""
        start = min(day, LAST_DAY)
        if self.unit == WEEKS:
            return start + timedelta(weeks=self.every)
        return times.months_later(start, self.every)

    @property
    def words(self) -> str:
        """The interval in words: "4 weeks", "12 months", "3 years"."""
        if self.unit == MONTHS and self.every > YEAR and self.every % YEAR == 0:
            return f"{self.every // YEAR} years"
        unit = "week" if self.unit == WEEKS else "month"
        return f"{self.every} {unit}{'' if self.every == 1 else 's'}"


YEAR = 12
"""A year in months."""


@dataclass(frozen=True)
class Rule:
    """How often something is due.

    Attributes:
        code: its name: "review.28".
        due_type: a code of ``due_what``; ``approved_as`` a code of that list if the rule is for some carers only, else ''.
        interval: the longest time from one to the next.
        set_by: the value by which a council sets the interval for itself, '' if it may not.
        basis: the basis of the limit, a code of ``notification_basis``; ``basis_words`` say it in full.
        source: the law, standard or document in words.
        first, last: the first and last day on which it is in force, None without a limit.
        last_checked: when the source was last read.
        warn: how many days before the due day it turns amber.
        since: the day on which the interval was set or changed, None if it never was.
        own: whether the interval is this household's own.
        set_here: whether the interval is a value of this council.
    """

    code: str
    due_type: str
    approved_as: str
    interval: Interval
    set_by: str
    basis: str
    basis_words: str
    source: str
    first: date | None = None
    last: date | None = None
    last_checked: date | None = None
    warn: int = 0
    since: date | None = None
    own: bool = False
    set_here: bool = False

    def in_force(self, day: date) -> bool:
        """Whether it is in force on a day, including its first and last day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def after(self, day: date) -> date:
        """The due day, counted from a day; a changed interval makes nothing due before the day of the change."""
        due = self.interval.after(day)
        return max(due, self.since) if self.since is not None else due

    def changed(self, since: date | None) -> "Rule":
        """The rule with a later day of change, if something else about it was changed on ``since``; None for never."""
        return self if since is None else replace(self, since=max(since, self.since or since))


@dataclass(frozen=True)
class DueTable:
    """Rules, and a message for each row that cannot be used."""

    rules: tuple[Rule, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """The table, and the council's own values, in the order in which they were given."""

    table: DueTable
    values: tuple[Value, ...] = ()

    def rule(self, due_type: str, day: date, *, approved_as: str = "") -> Rule | None:
        """The rule for something that is in force on a day, with the council's own interval; None if there is none."""
        for rule in self.table.rules:
            if rule.due_type == due_type and rule.approved_as in ("", approved_as) and rule.in_force(day):
                typed, since = in_force_since(self.values, rule.set_by, day) if rule.set_by else ("", None)
                span = span_in(typed)
                if span is None:
                    return rule
                source = f"Set by this council{_from(since)}. {rule.source}"
                return replace(rule, interval=Interval(*span), since=since, set_here=True, source=source)
        return None

    def rule_of_household(self, due_type: str, day: date, frequencies: Iterable[Frequency]) -> Rule | None:
        """The rule for something on a day, with the household's own frequency if one had begun by then."""
        rule = self.rule(due_type, day)
        usable = [
            (row.starts, row.id, Interval(row.every, row.unit or WEEKS))
            for row in frequencies
            if row.starts is not None and row.starts <= day and row.every is not None and row.every > 0
        ]
        if rule is None or not usable:
            return rule
        since, _, interval = max(usable, key=lambda row: row[:2])
        source = f"The household’s own frequency{_from(since)}"
        return replace(rule, interval=interval, since=since, own=True, set_here=False, source=source)


def _from(day: date | None) -> str:
    return f", from {times.long_day(day)}" if day is not None else ""


@cache
def shipped() -> DueTable:
    """The table that comes with the program; never raises."""
    return read_table(shipped_text("due_rules.csv"))


def read_table(text: str) -> DueTable:
    """Read the rules of a table; a row that cannot be used becomes a message that names its line."""
    return DueTable(*read_rules(text, _rule, wrong=_wrong, unreadable=UNREADABLE_TABLE))


def _wrong(line: int, _error: Exception) -> str:
    return f"Line {line} of the table of what is due cannot be used. What it says is not shown."


def _rule(row: Mapping[str, str]) -> Rule:
    """Read the rule of a row; raises ValueError or KeyError if it cannot be used."""
    basis = _code(row["basis"], "notification_basis")
    every = int(row["every"])
    if every < 1 or not row["source"].strip():
        raise ValueError("A row has no interval or no source.")
    return Rule(
        code=row["code"],
        due_type=_code(row["what"], "due_what"),
        approved_as=_code(row["approved_as"], "approved_as") if row["approved_as"] else "",
        interval=Interval(every, _code(row["unit"], "frequency_unit")),
        set_by=_code(row["set_by"], "value_name") if row["set_by"] else "",
        basis=basis,
        basis_words=row["basis_words"] or code_list("notification_basis").label(basis),
        source=row["source"].strip(),
        first=_day(row["in_force_from"]),
        last=_day(row["in_force_to"]),
        last_checked=_day(row["last_checked"]),
        warn=int(row["warn_days"]),
    )


def _code(code: str, choices: str) -> str:
    """Return a code that is in its list; raises ValueError if it is not."""
    if code_list(choices).get(code) is None:
        raise ValueError("A code is not in its list.")
    return code


def _day(text: str) -> date | None:
    return times.day(text) if text else None
