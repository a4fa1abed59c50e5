"""An on-call shift, as planned and as worked (Fostering Services Regulations 2011 Schedule 6: rosters as arranged and worked)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop import times
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, ON_CALL_AND_MANAGERS
from hipss_desktop.records.kind import Fields, Kind, Problem, field


class Shift(msgspec.Struct):
    """Who is on call, who backs them up, from when to when."""

    on_call: Annotated[str, field("On call", refers_to="practitioner", required="Choose who is on call")] = ""
    backup: Annotated[str, field("Backup manager", refers_to="practitioner")] = ""
    planned_start: Annotated[
        str, field("Planned start", format="instant", group="planned", required="Enter the planned start")
    ] = ""
    planned_end: Annotated[
        str, field("Planned end", format="instant", group="planned", required="Enter the planned end")
    ] = ""
    worked_start: Annotated[str, field("Started", format="instant", group="worked")] = ""
    worked_end: Annotated[str, field("Ended", format="instant", group="worked")] = ""
    pack_checked: Annotated[str, field("Night pack checked", format="instant")] = ""
    quiet: Annotated[bool, field("No contacts this shift")] = False
    note: Annotated[str, field("Handover note", lines=3)] = ""


def _order(fields: Fields, now: datetime) -> Iterable[Problem]:
    for start, end in (("planned_start", "planned_end"), ("worked_start", "worked_end")):
        first, last = times.epoch_ms(str(fields.get(start) or "")), times.epoch_ms(str(fields.get(end) or ""))
        if first and last and last <= first:
            yield Problem(end, "Enter an end after the start")


def title(fields: Fields) -> str:
    """The night the shift begins, in words."""
    try:
        return f"Shift, {times.night_words(times.instant(str(fields.get('planned_start'))))}"
    except ValueError:
        return "Shift"


SHIFT = Kind(
    name="shift",
    label="On-call shift",
    plural="On-call shifts",
    struct=Shift,
    title=title,
    write=ON_CALL_AND_MANAGERS,
    read=EVERYONE_IN_SERVICE,
    when="planned_start",
    checks=(_order,),
    key=("planned_start",),
)
