"""A day on which the council is closed besides weekends and bank holidays; it extends limits of local policy only."""

from datetime import date
from typing import Annotated

import msgspec

from hipss_desktop import times
from hipss_desktop.records.access import EVERYONE, MANAGERS
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Kind, SheetOptions


class ClosingDay(msgspec.Struct):
    """The day and why."""

    day: Annotated[date | None, field("Day", required="Enter the day")] = None
    why: Annotated[str, field("Why", required="Enter why the council is closed")] = ""


CLOSING_DAY = Kind(
    name="closing_day",
    label="Closing day",
    plural="Closing days",
    reference_prefix="CD",
    record=ClosingDay,
    writers=MANAGERS,
    readers=EVERYONE,
    title_from=lambda closing: f"Closed on {times.full_day(closing.day)}" if closing.day else "Closing day",
    dated_by="day",
    summary=("why",),
    columns=("day", "why"),
    sheet=SheetOptions(key=("day",)),
)
