"""The check of the night pack: what a laptop measured before a shift, and what was agreed about lines that were not ready.

A line says what was measured and nothing more. A check stops no shift: for each line not ready it asks what was agreed, but
can be finished without the answers.
"""

from datetime import date, datetime
from typing import Annotated

import msgspec

from hipss_desktop import times
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, ON_CALL_AND_MANAGERS
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Kind

READY, AMBER, RED, NOT_CHECKED = "ready", "amber", "red", "not_checked"
"""The states of a line (``night_check_state``)."""


def is_left(line: "CheckLine") -> bool:
    """Whether a line was not ready."""
    return line.state != READY


class CheckLine(msgspec.Struct):
    """One thing that was checked, for one child if it is checked for each."""

    id: str
    item: Annotated[str, field("What was checked", choices="night_check_item", required="Choose what was checked")] = ""
    child: Annotated[str, field("Child", refers_to="child", names="child")] = ""
    state: Annotated[str, field("State", choices="night_check_state", required="Choose how it stands")] = ""
    figure: Annotated[str, field("What was measured")] = ""
    agreed: Annotated[str, field("What was agreed?", shown_if=is_left, lines=2)] = ""


class NightCheck(msgspec.Struct):
    """One check of one laptop for one night."""

    night: Annotated[date | None, field("Night of", required="Enter the day on which the night begins")] = None
    checked_at: Annotated[datetime | None, field("Checked at", required="Enter when it was checked")] = None
    laptop: Annotated[str, field("Laptop")] = ""
    backup: Annotated[str, field("Backup manager", refers_to="practitioner")] = ""
    lines: Annotated[list[CheckLine], field("What was checked", row_name="a line")] = []
    note: Annotated[str, field("Note", lines=2)] = ""


def count_left(check: NightCheck) -> int:
    """The number of lines that were not ready."""
    return sum(is_left(line) for line in check.lines)


def title(check: NightCheck) -> str:
    """The title: the night of the check."""
    return f"Night pack check, {times.short_day(check.night)}" if check.night else "Night pack check"


NIGHT_CHECK = Kind(
    name="night_check",
    label="Night pack check",
    plural="Night pack checks",
    reference_prefix="NC",
    record=NightCheck,
    writers=ON_CALL_AND_MANAGERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    dated_by="checked_at",
    summary=("laptop", "backup"),
    columns=("night", "checked_at", "laptop", "backup"),
)
