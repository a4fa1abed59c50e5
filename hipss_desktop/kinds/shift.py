"""An on-call shift, as planned and as worked (Fostering Services Regulations 2011 Schedule 6: rosters as arranged and worked).

Work and each step of a swap are rows of growing lists, so that the plan is never overwritten and no reason is asked for.
The author of a row is the person who asked, took the shift or agreed.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop import times
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, ON_CALL_AND_MANAGERS
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Kind, SheetOptions

ASKED, TAKEN, AGREED, REFUSED = "asked", "taken", "agreed", "refused"
"""The steps of a swap (``swap_step``): the person on call asks, a colleague takes, a manager agrees; any may refuse."""


def asks(step: "SwapStep") -> bool:
    """Whether the step asks for a swap."""
    return step.step == ASKED


class WorkedTime(msgspec.Struct):
    """The time somebody was on call; without a colleague the planned person, without an end still going on."""

    id: str
    colleague: Annotated[str, field("Worked by", refers_to="practitioner", subject=True)] = ""
    start: Annotated[datetime | None, field("Started", required="Enter when the work started")] = None
    end: Annotated[datetime | None, field("Ended")] = None


class SwapStep(msgspec.Struct):
    """One step of a swap, taken by the author of the row."""

    id: str
    step: Annotated[str, field("Step", choices="swap_step", required="Choose what was done")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was done")] = None
    in_return: Annotated[str, field("Shift taken in return", refers_to="shift", shown_if=asks)] = ""


class Shift(msgspec.Struct):
    """Who is on call, their backup, and from when to when."""

    on_call: Annotated[
        str, field("On call", refers_to="practitioner", subject=True, required="Choose who is on call")
    ] = ""
    backup: Annotated[str, field("Backup manager", refers_to="practitioner", subject=True)] = ""
    planned_start: Annotated[
        datetime | None, field("Planned start", group="planned", required="Enter the planned start")
    ] = None
    planned_end: Annotated[datetime | None, field("Planned end", group="planned", required="Enter the planned end")] = (
        None
    )
    worked_start: Annotated[datetime | None, field("Started", group="worked")] = None
    worked_end: Annotated[datetime | None, field("Ended", group="worked")] = None
    worked: Annotated[list[WorkedTime], field("Worked", grows=True, row_name="a time worked")] = []
    swaps: Annotated[list[SwapStep], field("Swap", grows=True, row_name="a step of a swap")] = []
    pack_checked: Annotated[datetime | None, field("Night pack checked")] = None
    quiet: Annotated[bool, field("No contacts this shift")] = False
    note: Annotated[str, field("Handover note", lines=3)] = ""


def ends_after_it_begins(shift: Shift, now: datetime) -> Iterable[Problem]:
    """Check that planned and worked times end after they begin."""
    for name, start, end in (
        ("planned_end", shift.planned_start, shift.planned_end),
        ("worked_end", shift.worked_start, shift.worked_end),
    ):
        if start and end and end <= start:
            yield Problem(name, "Enter an end after the start")
    for row in shift.worked:
        if row.start and row.end and row.end <= row.start:
            yield Problem(f"worked/{row.id}/end", "Enter an end after the start")


def began(shift: Shift) -> datetime | None:
    """When the shift began: the earliest start among its rows of work and its own (worked in an older program, else planned)."""
    starts = [row.start for row in shift.worked if row.start]
    planned = shift.worked_start or shift.planned_start
    return min([*starts, planned] if planned else starts, default=None)


def ended(shift: Shift) -> datetime | None:
    """When the shift ends, as worked if that was entered, else as planned; work without an end lasts to the planned end."""
    if any(row.start and not row.end for row in shift.worked):
        return shift.planned_end
    ends = [row.end for row in shift.worked if row.end]
    return max(ends, default=shift.worked_end or shift.planned_end)


def title(shift: Shift) -> str:
    """The title: the night on which the shift begins."""
    return f"Shift, {times.night_words(shift.planned_start)}" if shift.planned_start else "Shift"


SHIFT = Kind(
    name="shift",
    label="On-call shift",
    plural="On-call shifts",
    reference_prefix="S",
    finished_as="entered",
    record=Shift,
    writers=ON_CALL_AND_MANAGERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    dated_by="planned_start",
    summary=("on_call", "backup"),
    columns=("planned_start", "planned_end", "on_call", "backup"),
    checks=(ends_after_it_begins,),
    sheet=SheetOptions(key=("planned_start",), files=("shifts", "rota")),
)
