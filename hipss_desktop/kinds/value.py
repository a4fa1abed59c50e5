"""A value that the council sets for itself, from a day on; the code list ``value_name`` has the possible values."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE, MANAGERS
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.folding import folded
from hipss_desktop.records.kind import Kind

COUNCIL_NAME, WORKING_DAY_ENDS, UNFINISHED_HOURS = "council_name", "working_day_ends", "unfinished_hours"
UNANNOUNCED_VISITS, COUNT_AS_VISITS, CHILDREN_OUT = "unannounced_visits", "count_as_visits", "children_out"
CONSULTATION_PAGE_DAYS = "consultation_page_days"
FOR_NOTHING, AS_A_SUPERVISION, AS_UNANNOUNCED = "for nothing", "as a supervision visit", "as an unannounced visit"
"""The values of ``children_out``: what an unannounced visit counts as if the children were out."""
AT_THE_CLOSE = "at the close"
"""The value of ``working_day_ends`` by which a working day always ends when the office closes."""
MOST = 99
"""The largest number that a value may be."""


class Value(msgspec.Struct):
    """The name of the setting, its value, and from when."""

    name: Annotated[str, field("What is set", choices="value_name", required="Choose what is set")] = ""
    value: Annotated[str, field("Value", required="Enter the value")] = ""
    starts: Annotated[date | None, field("From", required="Enter the first day")] = None
    note: Annotated[str, field("Who decided it", names="third")] = ""


def choices_of(name: str) -> list[str]:
    """The allowed values of a setting; empty if any text is allowed."""
    listed = code_list("value_name").get(name)
    return listed.more["one_of"].split("|") if listed and listed.more["one_of"] else []


def value_is_one_of(value: Value, now: datetime) -> Iterable[Problem]:
    """Check that a value with a fixed choice is one of its choices."""
    choices = choices_of(value.name)
    if value.value.strip() and choices and folded(value.value) not in map(folded, choices):
        yield Problem("value", f"Enter {' or '.join(f'‘{choice}’' for choice in choices)}")


def value_is_of_its_form(value: Value, now: datetime) -> Iterable[Problem]:
    """Check that a number is a number, and that a span of time is a number of weeks, months or years."""
    listed = code_list("value_name").get(value.name)
    form, typed = listed.more["form"] if listed else "", value.value.strip()
    if typed and form == "number" and number_in(typed) is None:
        yield Problem("value", "Enter a number from 1 to 99")
    if typed and form == "span" and span_in(typed) is None:
        yield Problem("value", "Enter a number of weeks, months or years: ‘4 weeks’, ‘3 years’")


def number_in(text: str) -> int | None:
    """The number of a value, from 1 to 99, None if it is another text."""
    digits = text.strip()
    fits = digits.isascii() and digits.isdigit() and len(digits) <= len(str(MOST)) and int(digits) > 0
    return int(digits) if fits else None


def span_in(text: str) -> tuple[int, str] | None:
    """The number and unit (``frequency_unit``) of a value such as "4 weeks" or "3 years", None if it is another text."""
    digits, _, unit = " ".join(text.split()).partition(" ")
    number, singular = number_in(digits), folded(unit).removesuffix("s")
    if number is None or singular not in ("week", "month", "year"):
        return None
    return (number * 12, "months") if singular == "year" else (number, f"{singular}s")


def in_force(values: Iterable[Value], name: str, day: date) -> str:
    """The value of a setting on a day, '' if it was not set by then. Of two from one day the one given later counts."""
    return in_force_since(values, name, day)[0]


def in_force_since(values: Iterable[Value], name: str, day: date) -> tuple[str, date | None]:
    """The value of a setting on a day and since when, see ``in_force``; ('', None) if it was not set by then."""
    dated = [
        (value.starts, place, value.value.strip())
        for place, value in enumerate(values)
        if value.name == name and value.starts is not None and value.starts <= day
    ]
    if not dated:
        return "", None
    starts, _, value = max(dated)
    return value, starts


VALUE = Kind(
    name="value",
    label="Value",
    plural="Values",
    reference_prefix="V",
    record=Value,
    writers=MANAGERS,
    readers=EVERYONE,
    title_from=lambda value: f"{code_list('value_name').label(value.name)}: {value.value}" if value.name else "Value",
    dated_by="starts",
    summary=("note",),
    columns=("starts", "name", "value", "note"),
    checks=(value_is_one_of, value_is_of_its_form),
)
