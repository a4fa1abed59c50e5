"""A telephone number that the service rings: emergency duty team, police, NHS 111, crisis team, schools."""

from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE, PRACTITIONERS
from hipss_desktop.records.kind import Fields, Kind, field


class DirectoryEntry(msgspec.Struct):
    """One number and who answers it."""

    label: Annotated[str, field("Who answers", required="Enter who answers")] = ""
    short_label: Annotated[str, field("Short name", "For tight places, like EDT")] = ""
    number: Annotated[str, field("Number", format="phone", required="Enter the number")] = ""
    group: Annotated[str, field("Group", choices="directory_group")] = "other"
    hours: Annotated[str, field("When they answer")] = ""
    note: Annotated[str, field("Note")] = ""
    shown_locked: Annotated[bool, field("Shown while the laptop is locked")] = False
    order: Annotated[int, field("Place in the list")] = 100


def title(fields: Fields) -> str:
    """Who answers."""
    return str(fields.get("label") or "Number with no name yet")


DIRECTORY = Kind(
    name="directory",
    label="Phone directory entry",
    plural="Phone directory",
    struct=DirectoryEntry,
    title=title,
    write=PRACTITIONERS,
    read=EVERYONE,
    key=("label",),
)
