"""Somebody who works in the service: on call, supervising, leading, managing."""

from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE, OFFICE
from hipss_desktop.records.kind import Fields, Kind, field


class Practitioner(msgspec.Struct):
    """A person of the service; the record's identifier is the person's, the one certificates name."""

    name: Annotated[str, field("Name", "As colleagues know it, like A. Bevan", required="Enter the name")] = ""
    role: Annotated[str, field("Role", choices="role", required="Choose a role")] = ""
    job_title: Annotated[str, field("Job title")] = ""
    phone: Annotated[str, field("Work mobile", format="phone")] = ""
    email: Annotated[str, field("Email", searchable=False)] = ""
    team: Annotated[str, field("Team")] = ""
    active: Annotated[bool, field("Works here now")] = True


def title(fields: Fields) -> str:
    """The name."""
    return str(fields.get("name") or "Practitioner with no name yet")


PRACTITIONER = Kind(
    name="practitioner",
    label="Practitioner",
    plural="Practitioners",
    struct=Practitioner,
    title=title,
    write=OFFICE,
    read=EVERYONE,
    key=("name",),
)
