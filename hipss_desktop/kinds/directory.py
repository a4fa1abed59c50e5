"""A telephone number that the service rings: emergency duty team, police, NHS 111, crisis team, schools."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE, PRACTITIONERS
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Findable, Kind, SheetOptions


class DirectoryEntry(msgspec.Struct):
    """One number and who answers it."""

    label: Annotated[str, field("Who answers", required="Enter who answers")] = ""
    short_label: Annotated[str, field("Short name", "For tight places, like EDT")] = ""
    number: Annotated[str, field("Number", format="phone", required="Enter the number")] = ""
    group: Annotated[str, field("Group", choices="directory_group", initial="other")] = ""
    hours: Annotated[str, field("When they answer")] = ""
    note: Annotated[str, field("Note")] = ""
    shown_locked: Annotated[bool, field("Shown while the laptop is locked")] = False
    order: Annotated[int | None, field("Place in the list", initial=100)] = None


LAST_PLACE = 100
"""The place in the list of an entry without one."""


def place_in_list(entry: DirectoryEntry) -> int:
    """The place of an entry in the phone directory."""
    return LAST_PLACE if entry.order is None else entry.order


def findable(entry: DirectoryEntry) -> Iterator[Findable]:
    """The search names of an entry: who answers, by either name."""
    yield Findable(entry.label, entry.hours, entry.number, (entry.label, entry.short_label), (entry.number,))


DIRECTORY = Kind(
    name="directory",
    label="Phone directory entry",
    plural="Phone directory",
    reference_prefix="D",
    record=DirectoryEntry,
    writers=PRACTITIONERS,
    readers=EVERYONE,
    title_from=lambda entry: entry.label or "Number with no name yet",
    columns=("label", "number", "group", "hours"),
    findable=findable,
    sheet=SheetOptions(key=("label",)),
)
