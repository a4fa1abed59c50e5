"""The table of how often a household is visited, reviewed and checked: ``resources/codes/due_rules.csv``.

Sources and decisions: domain notes sections a, b and h (11 to 18). A rule is in force from a day to a day. A row that cannot be
used gives a sentence and the others stand. A council sets some intervals for itself (``kinds.value``); the household's own
frequency comes before all. Must not read a clock, or decide what has been done.
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
"""No interval is counted from a later day, so that it ends within the calendar."""


@dataclass(frozen=True)
class Interval:
    """A number of weeks or months."""

    every: int
    unit: str

    def after(self, day: date) -> date:
        """The day that ends it: 29 February ends on 28 February, a month after the 31st on the last day of the month."""
        start = min(day, LAST_DAY)
        if self.unit == WEEKS:
            return start + timedelta(weeks=self.every)
        return times.months_later(start, self.every)

    @property
    def words(self) -> str:
        """The interval as people say it: "4 weeks", "12 months", "3 years"."""
        if self.unit == MONTHS and self.every > YEAR and self.every % YEAR == 0:
            return f"{self.every // YEAR} years"
        unit = "week" if self.unit == WEEKS else "month"
        return f"{self.every} {unit}{'' if self.every == 1 else 's'}"


YEAR = 12
"""Months."""


@dataclass(frozen=True)
class Rule:
    """How often something is due.

    Attributes:
        code: its own name: "review.28".
        what: a code of ``due_what``; ``approved_as`` one of that list where it is for some carers alone, else ''.
        interval: the longest time from one to the next.
        set_by: the value by which a council sets the interval for itself, '' where it may not.
        basis: the basis of the limit, a code of ``notification_basis``; ``basis_words`` say it in full.
        source: the law, standard or document in words.
        first, last: the days from and to which it is in force, None where there is no such day.
        last_checked: when the source was last read.
        warn: how many days before it is due it turns amber.
        since: from when the interval holds where it was set or changed, None where it always did.
        own: the interval is this household's own.
        set_here: the interval is a value of this council's.
    """

    code: str
    what: str
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
        """Whether it is in force on a day, its first and last day among them."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def after(self, day: date) -> date:
        """When it is due, counted from a day; a changed interval counts from its own day and makes nothing due before it."""
        due = self.interval.after(day)
        return max(due, self.since) if self.since is not None else due

    def changed(self, since: date | None) -> "Rule":
        """The rule where something else about it was changed on a day, None for never."""
        return self if since is None else replace(self, since=max(since, self.since or since))


@dataclass(frozen=True)
class DueTable:
    """Rules, and a sentence for each row that cannot be used."""

    rules: tuple[Rule, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """The table, and what the council set for itself: its values, the ones given later behind those given before."""

    table: DueTable
    values: tuple[Value, ...] = ()

    def rule(self, what: str, day: date, *, approved_as: str = "") -> Rule | None:
        """The rule for something that is in force on a day, with the council's own interval; None where there is none."""
        for rule in self.table.rules:
            if rule.what == what and rule.approved_as in ("", approved_as) and rule.in_force(day):
                typed, since = in_force_since(self.values, rule.set_by, day) if rule.set_by else ("", None)
                span = span_in(typed)
                if span is None:
                    return rule
                source = f"Set by this council{_from(since)}. {rule.source}"
                return replace(rule, interval=Interval(*span), since=since, set_here=True, source=source)
        return None

    def rule_of_household(self, what: str, day: date, frequencies: Iterable[Frequency]) -> Rule | None:
        """The rule for something on a day, with the household's own frequency where it has one by then."""
        rule = self.rule(what, day)
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
    """The table as the program brings it; never raises."""
    return read_table(shipped_text("due_rules.csv"))


def read_table(text: str) -> DueTable:
    """The rules of a table; a row that cannot be used becomes a sentence that names its line."""
    return DueTable(*read_rules(text, _rule, wrong=_wrong, unreadable=UNREADABLE_TABLE))


def _wrong(line: int, _error: Exception) -> str:
    return f"Line {line} of the table of what is due cannot be used. What it says is not shown."


def _rule(row: Mapping[str, str]) -> Rule:
    """The rule of a row; raises ValueError or KeyError where it cannot be used."""
    basis = _code(row["basis"], "notification_basis")
    every = int(row["every"])
    if every < 1 or not row["source"].strip():
        raise ValueError("A row has no interval or no source.")
    return Rule(
        code=row["code"],
        what=_code(row["what"], "due_what"),
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
    """A code that its list has; raises ValueError where it has not."""
    if code_list(choices).get(code) is None:
        raise ValueError("A code is not in its list.")
    return code


def _day(text: str) -> date | None:
    return times.day(text) if text else None
