"""Somebody who works in the service: on call, supervising, leading, managing."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE, OFFICE
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Findable, Kind, SheetOptions


class Practitioner(msgspec.Struct):
    """A person of the service; the record's identifier is the person's, the one certificates name."""

    name: Annotated[str, field("Name", "As colleagues know it, like A. Bevan", required="Enter the name")] = ""
    role: Annotated[str, field("Role", choices="role", required="Choose a role")] = ""
    job_title: Annotated[str, field("Job title")] = ""
    phone: Annotated[str, field("Work mobile", format="phone")] = ""
    email: Annotated[str, field("Email", searchable=False)] = ""
    team: Annotated[str, field("Team")] = ""
    active: Annotated[bool | None, field("Works here now", initial=True)] = None


def findable(practitioner: Practitioner) -> Iterator[Findable]:
    """The person, with the job title or else the role."""
    what = practitioner.job_title or code_list("role").label(practitioner.role)
    yield Findable(practitioner.name, what, practitioner.phone, (practitioner.name,), (practitioner.phone,))


PRACTITIONER = Kind(
    name="practitioner",
    label="Practitioner",
    plural="Practitioners",
    reference_prefix="PR",
    record=Practitioner,
    writers=OFFICE,
    readers=EVERYONE,
    title_from=lambda practitioner: practitioner.name or "Practitioner with no name yet",
    columns=("name", "role", "job_title", "phone", "team"),
    findable=findable,
    sheet=SheetOptions(key=("name",)),
)
