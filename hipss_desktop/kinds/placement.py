"""Where a child sleeps: a placement with a carer household, from a day to a day.

Codes: SSDA903 placement type, provider and reason for change. A placement cannot start and end on the same day; the next
starts the day the last ended.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Annotated

import msgspec

from hipss_desktop import identity, times
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


REFERENCE_PREFIX = "P"
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


def overlapping(placements: Mapping[str, Placement]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Main placements of one child that overlap: the earlier was never ended, or ended after the later began."""
    main = [
        (placement.child, placement.start, record, placement)
        for record, placement in placements.items()
        if placement.child and placement.start is not None and placement.type in (MAIN, "")
    ]
    last: dict[str, tuple[str, Placement]] = {}
    for child, start, record, placement in sorted(main, key=lambda row: row[:3]):
        before = last.get(child)
        if before is not None and (before[1].end is None or before[1].end > start):
            yield (before[0], record), _overlap_words(before, (record, start))
        # A placement that was never ended is named once, with the next one.
        ended = before[1].end if before is not None else None
        if ended is None or placement.end is None or placement.end >= ended:
            last[child] = record, placement


def _overlap_words(earlier: tuple[str, Placement], later: tuple[str, date]) -> str:
    first, second = (identity.reference(REFERENCE_PREFIX, record) for record in (earlier[0], later[0]))
    began = f"when {second} began on {times.long_day(later[1])}"
    if earlier[1].end is None:
        return f"Placement {first} had not ended {began}, for the same child. Enter the day on which {first} ended."
    return (
        f"Placement {first} ended on {times.long_day(earlier[1].end)}, and had not ended {began}, for the same child. "
        "Correct one of the two days."
    )


PLACEMENT = Kind(
    name="placement",
    label="Placement",
    plural="Placements",
    reference_prefix=REFERENCE_PREFIX,
    finished_as="entered",
    record=Placement,
    writers=PRACTITIONERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=lambda placement: TITLES.get(placement.type, "Placement"),
    dated_by="start",
    summary=("carer",),
    columns=("start", "end", "child", "carer", "type"),
    checks=(ends_after_it_begins,),
    doubts=overlapping,
    sheet=SheetOptions(key=("child", "carer", "start")),
)
