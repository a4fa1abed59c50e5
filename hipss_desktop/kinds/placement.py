"""Where a child sleeps: a placement with a carer household, from a day to a day.

Codes: SSDA903 placement type, provider and reason for change. A placement cannot start and end on the same day; the next
starts the day the last ended.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Kind, SheetOptions


class Placement(msgspec.Struct):
    """One placement of one child."""

    child: Annotated[
        str, field("Child", refers_to="child", subject=True, names="child", required="Choose the child")
    ] = ""
    carer: Annotated[
        str, field("Carer", refers_to="carer", subject=True, names="carer", required="Choose the carer")
    ] = ""
    type: Annotated[
        str, field("Kind of placement", choices="placement_type", required="Choose main, respite or emergency")
    ] = ""
    start: Annotated[date | None, field("From", group="dates", required="Enter the first day")] = None
    end: Annotated[date | None, field("To", "The day it ended; empty while it goes on", group="dates")] = None
    planned_end: Annotated[date | None, field("Planned until")] = None
    instead_of: Annotated[str, field("Respite for", refers_to="carer", names="carer")] = ""
    place: Annotated[str, field("Placement type (903)", choices="ssda903_place")] = ""
    provider: Annotated[str, field("Provider (903)", choices="ssda903_place_provider")] = ""
    reason_ended: Annotated[str, field("Why it ended (903)", choices="ssda903_reason_place_change")] = ""
    planned_ending: Annotated[bool, field("The ending was planned")] = False
    notes: Annotated[str, field("Notes", lines=2)] = ""


MAIN, RESPITE = "main", "respite"
TITLES = {RESPITE: "Respite", "emergency": "Emergency placement"}


def ends_after_it_begins(placement: Placement, now: datetime) -> Iterable[Problem]:
    """Check that a placement does not start and end on the same day (SSDA903)."""
    if placement.start and placement.end and placement.end <= placement.start:
        yield Problem("end", "Enter an end after the first day")


def goes_on(placement: Placement, on: date) -> bool:
    """Whether the child sleeps there on the night of a day."""
    started = placement.start is not None and placement.start <= on
    return started and (placement.end is None or placement.end > on)


PLACEMENT = Kind(
    name="placement",
    label="Placement",
    plural="Placements",
    reference_prefix="P",
    finished_as="entered",
    record=Placement,
    writers=PRACTITIONERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=lambda placement: TITLES.get(placement.type, "Placement"),
    dated_by="start",
    summary=("carer",),
    columns=("start", "end", "child", "carer", "type"),
    checks=(ends_after_it_begins,),
    sheet=SheetOptions(key=("child", "carer", "start")),
)
