"""A value that the council sets for itself, from a day on; which values there are says the code list ``value_name``."""

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
AT_THE_CLOSE = "at the close"
"""The value of ``working_day_ends`` by which a working day always ends when the office closes."""


class Value(msgspec.Struct):
    """What is set, to what, from when."""

    name: Annotated[str, field("What is set", choices="value_name", required="Choose what is set")] = ""
    value: Annotated[str, field("Value", required="Enter the value")] = ""
    starts: Annotated[date | None, field("From", required="Enter the first day")] = None
    note: Annotated[str, field("Who decided it", names="third")] = ""


def choices_of(name: str) -> list[str]:
    """The values that something may be set to, none where any text will do."""
    listed = code_list("value_name").get(name)
    return listed.more["one_of"].split("|") if listed and listed.more["one_of"] else []


def value_is_one_of(value: Value, now: datetime) -> Iterable[Problem]:
    """A value that is chosen from some is one of them."""
    choices = choices_of(value.name)
    if value.value.strip() and choices and folded(value.value) not in map(folded, choices):
        yield Problem("value", f"Enter {' or '.join(f'‘{choice}’' for choice in choices)}")


def in_force(values: Iterable[Value], name: str, day: date) -> str:
    """What something is set to on a day, '' where it was not set by then. Of two from one day the later one given holds."""
    dated = [
        (value.starts, place, value.value.strip())
        for place, value in enumerate(values)
        if value.name == name and value.starts is not None and value.starts <= day
    ]
    return max(dated)[2] if dated else ""


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
    checks=(value_is_one_of,),
)
