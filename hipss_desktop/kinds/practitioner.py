"""Somebody who works in the service: on call, supervising, leading, managing."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

import msgspec

from hipss_desktop.kinds.former_names import row_kept
from hipss_desktop.kinds.person_names import in_any_order
from hipss_desktop.records.access import EVERYONE, OFFICE
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Findable, Kind, SheetOptions


class FormerName(msgspec.Struct):
    """A name that the person had in this record until it was changed."""

    id: str
    name: Annotated[str, field("Former name", required="Enter the former name")] = ""
    until: Annotated[date | None, field("Changed here on", past=True)] = None


class Practitioner(msgspec.Struct):
    """A person of the service. The record's identifier is the person's identifier, which certificates name."""

    name: Annotated[
        str, field("Name", "As colleagues know it, like A. Bevan", required="Enter the name", exact=True)
    ] = ""
    role: Annotated[str, field("Role", choices="role", required="Choose a role")] = ""
    job_title: Annotated[str, field("Job title")] = ""
    phone: Annotated[str, field("Work mobile", format="phone")] = ""
    email: Annotated[str, field("Email", searchable=False)] = ""
    team: Annotated[str, field("Team")] = ""
    former_names: Annotated[list[FormerName], field("Former names", row_name="a former name")] = []
    active: Annotated[bool | None, field("Works here now", initial=True)] = None


def findable(practitioner: Practitioner) -> Iterator[Findable]:
    """How the person is found: by name and telephone, with the job title or else the role."""
    job = practitioner.job_title or code_list("role").label(practitioner.role)
    name, phone, former = practitioner.name, practitioner.phone, tuple(row.name for row in practitioner.former_names)
    yield Findable(name, job, phone, (name,), (phone,), former)


def keeps(before: Practitioner, after: Practitioner, on: date) -> Mapping[str, list[dict[str, Any]]]:
    """The row to add after a change of name: the former name."""
    return {"former_names": row_kept(before.name, after.name, on)}


def title(practitioner: Practitioner) -> str:
    """The name, or words that say that there is no name yet."""
    return practitioner.name or "Practitioner with no name yet"


def sheet_names(practitioner: Practitioner) -> Iterator[str]:
    """The name and the former names."""
    yield title(practitioner)
    yield from (row.name for row in practitioner.former_names)


def resembles(practitioner: Practitioner) -> Iterator[tuple[str, Any]]:
    """The words of the name in any order."""
    if len(words := in_any_order(practitioner.name)) > 1:
        yield "the same name in another order", words


PRACTITIONER = Kind(
    name="practitioner",
    label="Practitioner",
    plural="Practitioners",
    reference_prefix="PR",
    record=Practitioner,
    writers=OFFICE,
    readers=EVERYONE,
    title_from=title,
    columns=("name", "role", "job_title", "phone", "team"),
    keeps=keeps,
    findable=findable,
    sheet=SheetOptions(key=("name",), names=sheet_names, resembles=resembles),
)
