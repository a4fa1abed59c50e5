"""Two kinds for tests of sheets: they refer to each other, to themselves and to people in rows.

A part of the meeting's key may be empty.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE
from hipss_desktop.records.fields import field as described
from hipss_desktop.records.kind import Kind, SheetOptions


class Attendee(msgspec.Struct):
    """Somebody who came."""

    id: str
    colleague: Annotated[str, described("Colleague", refers_to="practitioner")] = ""
    children: Annotated[list[str], described("Children", refers_to="child")] = []
    note: Annotated[str, described("Note")] = ""


class Meeting(msgspec.Struct):
    """A meeting and who came."""

    held_on: Annotated[date | None, described("Held on", required="Enter the date")] = None
    room: Annotated[str, described("Room")] = ""
    attendees: Annotated[list[Attendee], described("Who came")] = []
    after: Annotated[str, described("Goes on from", refers_to="meeting")] = ""
    minutes: Annotated[str, described("Minutes", refers_to="minutes")] = ""


class Minutes(msgspec.Struct):
    """The minutes of a meeting."""

    name: Annotated[str, described("Name", required="Enter the name")] = ""
    meeting: Annotated[str, described("Meeting", refers_to="meeting")] = ""


MEETING = Kind(
    name="meeting",
    label="Meeting",
    plural="Meetings",
    reference_prefix="MT",
    record=Meeting,
    writers=EVERYONE_IN_SERVICE,
    readers=EVERYONE_IN_SERVICE,
    title_from=lambda meeting: f"Meeting in {meeting.room}",
    dated_by="held_on",
    sheet=SheetOptions(key=("held_on", "room"), optional_key=("room",), files=("diary",)),
)
MINUTES = Kind(
    name="minutes",
    label="Minutes",
    plural="Minutes",
    reference_prefix="MN",
    record=Minutes,
    writers=EVERYONE_IN_SERVICE,
    readers=EVERYONE_IN_SERVICE,
    title_from=lambda minutes: minutes.name,
    sheet=SheetOptions(key=("name",)),
)


@dataclass(frozen=True)
class HeldRecord:
    """A record as a store or the council would return it."""

    record: str
    fields: dict[str, Any] = field(default_factory=dict)
    withdrawn: bool = False
    disputed: bool = False
    needs_decision: bool = False
    incomplete: bool = False
