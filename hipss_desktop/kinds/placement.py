"""Where a child sleeps: a placement with a carer household, from a day to a day.

Codes: SSDA903 placement type, provider and reason for change. A placement cannot start and end on the same day; the next
starts the day the last ended.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.kind import Fields, Kind, Problem, says


class Placement(msgspec.Struct):
    """One placement of one child."""

    child: Annotated[str, says("Child", refers="child", person="child", needed="Choose the child")] = ""
    carer: Annotated[str, says("Carer", refers="carer", person="carer", needed="Choose the carer")] = ""
    type: Annotated[
        str, says("Kind of placement", choices="placement_type", needed="Choose main, respite or emergency")
    ] = ""
    start: Annotated[str, says("From", form="day", group="dates", needed="Enter the first day")] = ""
    end: Annotated[str, says("To", "The day it ended; empty while it goes on", form="day", group="dates")] = ""
    planned_end: Annotated[str, says("Planned until", form="day")] = ""
    instead_of: Annotated[str, says("Respite for", refers="carer", person="carer")] = ""
    place: Annotated[str, says("Placement type (903)", choices="ssda903_place")] = ""
    provider: Annotated[str, says("Provider (903)", choices="ssda903_place_provider")] = ""
    reason_ended: Annotated[str, says("Why it ended (903)", choices="ssda903_reason_place_change")] = ""
    planned_ending: Annotated[bool, says("The ending was planned")] = False
    notes: Annotated[str, says("Notes", lines=2)] = ""


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
