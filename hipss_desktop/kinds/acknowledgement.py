"""An acknowledgement: a named reader says that they have read a record, as it stood. An amendment asks them again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Kind


class Acknowledgement(msgspec.Struct):
    """Which record was read, in which version, and when; who read it is the author."""

    incident: Annotated[str, field("Incident", refers_to="incident")] = ""
    restraint: Annotated[str, field("Restraint", refers_to="restraint")] = ""
    visit: Annotated[str, field("Supervision visit", refers_to="visit")] = ""
    of: Annotated[str, field("Version", searchable=False, required="Say which version was read")] = ""
    at: Annotated[datetime | None, field("Read at", required="Enter when it was read", past=True)] = None


def names_one_record(acknowledgement: Acknowledgement, now: datetime) -> Iterable[Problem]:
    """It says what was read."""
    if not (acknowledgement.incident or acknowledgement.restraint or acknowledgement.visit):
        yield Problem("incident", "Choose the record that was read")


ACKNOWLEDGEMENT = Kind(
    name="acknowledgement",
    label="Read by a colleague",
    plural="Read by colleagues",
    reference_prefix="AK",
    record=Acknowledgement,
    writers=EVERYONE_IN_SERVICE,
    readers=EVERYONE_IN_SERVICE,
    amendable=False,
    title_from=lambda _: "Read by a colleague",
    dated_by="at",
    checks=(names_one_record,),
)
