"""Somebody who works in the service: on call, supervising, leading, managing."""

from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE, OFFICE
from hipss_desktop.records.kind import Fields, Kind, says


class Practitioner(msgspec.Struct):
    """A person of the service; the record's identifier is the person's, the one certificates name."""

    name: Annotated[str, says("Name", "As colleagues know it, like A. Bevan", needed="Enter the name")] = ""
    role: Annotated[str, says("Role", choices="role", needed="Choose a role")] = ""
    job_title: Annotated[str, says("Job title")] = ""
    phone: Annotated[str, says("Work mobile", form="phone")] = ""
    email: Annotated[str, says("Email", searched=False)] = ""
    team: Annotated[str, says("Team")] = ""
    active: Annotated[bool, says("Works here now")] = True


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
