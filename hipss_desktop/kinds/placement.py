"""Where a child sleeps: a placement with a carer household, from a day to a day.

Codes: SSDA903 placement type, provider and reason for change. A placement cannot start and end on the same day; the next
starts the day the last ended.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.kind import Fields, Kind, Problem, field


class Placement(msgspec.Struct):
    """One placement of one child."""

    child: Annotated[str, field("Child", refers_to="child", names="child", required="Choose the child")] = ""
    carer: Annotated[str, field("Carer", refers_to="carer", names="carer", required="Choose the carer")] = ""
    type: Annotated[
        str, field("Kind of placement", choices="placement_type", required="Choose main, respite or emergency")
    ] = ""
    start: Annotated[str, field("From", format="day", group="dates", required="Enter the first day")] = ""
    end: Annotated[str, field("To", "The day it ended; empty while it goes on", format="day", group="dates")] = ""
    planned_end: Annotated[str, field("Planned until", format="day")] = ""
    instead_of: Annotated[str, field("Respite for", refers_to="carer", names="carer")] = ""
    place: Annotated[str, field("Placement type (903)", choices="ssda903_place")] = ""
    provider: Annotated[str, field("Provider (903)", choices="ssda903_place_provider")] = ""
    reason_ended: Annotated[str, field("Why it ended (903)", choices="ssda903_reason_place_change")] = ""
    planned_ending: Annotated[bool, field("The ending was planned")] = False
    notes: Annotated[str, field("Notes", lines=2)] = ""


def _dates(fields: Fields, now: datetime) -> Iterable[Problem]:
    start, end = str(fields.get("start") or ""), str(fields.get("end") or "")
    if start and end and end <= start:
        yield Problem("end", "Enter an end after the first day")


def title(fields: Fields) -> str:
    """What a placement is called in lists."""
    return {"respite": "Respite", "emergency": "Emergency placement"}.get(str(fields.get("type")), "Placement")


PLACEMENT = Kind(
    name="placement",
    label="Placement",
    plural="Placements",
    struct=Placement,
    title=title,
    write=PRACTITIONERS,
    read=EVERYONE_IN_SERVICE,
    when="start",
    checks=(_dates,),
    key=("child", "carer", "start"),
)
