"""The table of how long a carer's training is valid: ``resources/codes/training_rules.csv``.

A rule is for a topic and for some of the carers, in force from a day to a day. A row that cannot be used gives a message,
and the other rows are used. Must not read a clock, or decide who attended what.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from hipss_desktop import times
from hipss_desktop.kinds.carer import MONTHS
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.due import TRAINING_DUE
from hipss_desktop.rules.due_rules import Interval, Rule

UNREADABLE_TABLE = (
    "The table of how long training counts cannot be read. No day of training is worked out. Tell your manager."
)
APPROVED, CARING = "approved", "caring"
"""Codes of ``training_for_whom``."""


@dataclass(frozen=True)
class TrainingRule:
    """How long a session of a topic is valid, and for whom (a code of ``training_for_whom``)."""

    topic: str
    for_whom: str
    rule: Rule


@dataclass(frozen=True)
class TrainingTable:
    """Rules, and a message for each row that cannot be used."""

    rules: tuple[TrainingRule, ...] = ()
    problems: tuple[str, ...] = ()

    def on(self, day: date) -> tuple[TrainingRule, ...]:
        """The rules in force on a day."""
        return tuple(row for row in self.rules if row.rule.in_force(day))


@cache
def shipped() -> TrainingTable:
    """The table that comes with the program; never raises."""
    try:
        text = files("resources").joinpath("codes", "training_rules.csv").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return TrainingTable(problems=(UNREADABLE_TABLE,))
    return read_table(text)


def read_table(text: str) -> TrainingTable:
    """Read the rules of a table; a row that cannot be used becomes a message that names its line."""
    rules: list[TrainingRule] = []
    problems: list[str] = []
    try:
        lines = csv.DictReader(text.splitlines(), strict=True)
        for row in lines:
            try:
                rules.append(_rule({name: value or "" for name, value in row.items() if name is not None}))
            except (ValueError, KeyError):
                problems.append(
                    f"Line {lines.line_num} of the table of how long training counts cannot be used. What it says is not shown."
                )
    except csv.Error:
        problems.append(UNREADABLE_TABLE)
    return TrainingTable(tuple(rules), tuple(problems) if rules or problems else (UNREADABLE_TABLE,))


def _rule(row: Mapping[str, str]) -> TrainingRule:
    """Read the rule of a row; raises ValueError or KeyError if it cannot be used."""
    months = int(row["valid_months"])
    if months < 1 or not row["source"].strip():
        raise ValueError("A row has no time or no source.")
    basis = _listed(row["basis"], "notification_basis")
    return TrainingRule(
        topic=_listed(row["topic"], "training_topic"),
        for_whom=_listed(row["for_whom"], "training_for_whom"),
        rule=Rule(
            code=row["code"],
            due_type=TRAINING_DUE,
            approved_as="",
            interval=Interval(months, MONTHS),
            set_by="",
            basis=basis,
            basis_words=row["basis_words"] or code_list("notification_basis").label(basis),
            source=row["source"].strip(),
            first=times.day(row["in_force_from"]) if row["in_force_from"] else None,
            last=times.day(row["in_force_to"]) if row["in_force_to"] else None,
            last_checked=times.day(row["last_checked"]) if row["last_checked"] else None,
            warn=int(row["warn_days"]),
        ),
    )


def _listed(code: str, choices: str) -> str:
    """Return a code that is in its list; raises ValueError if it is not."""
    if code_list(choices).get(code) is None:
        raise ValueError("A code is not in its list.")
    return code
