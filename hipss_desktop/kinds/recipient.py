"""What the council adds to the table of who must be told: further recipients, or a shorter time for one in the table.

It only adds. Nothing written here changes a row of the table (``rules.clocks``).
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE, MANAGERS
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Kind

LONGEST = 1000
"""The longest time limit, in hours or in days."""
AT_ONCE = "at_once"


class Recipient(msgspec.Struct):
    """A further recipient or one of the table, the events of which they must be told, and the time limit."""

    name: Annotated[str, field("Name", "Like Designated nurse")] = ""
    recipient: Annotated[
        str, field("Or one of the table", "To give it a shorter time", choices="notification_recipient")
    ] = ""
    number: Annotated[str, field("Number", format="phone")] = ""
    events: Annotated[
        list[str], field("Of what", choices="notification_event", required="Choose what they are to be told of")
    ] = []
    unit: Annotated[
        str,
        field("Limit in", choices="time_unit", group="limit", initial="hours", required="Choose the unit of the time"),
    ] = ""
    within: Annotated[int | None, field("How many", group="limit")] = None
    source: Annotated[str, field("Where it is agreed", "Like the multi-agency protocol of May 2016", lines=2)] = ""
    starts: Annotated[date | None, field("In force from", group="force", required="Enter the first day")] = None
    ends: Annotated[date | None, field("In force until", "Empty while it goes on", group="force")] = None


def somebody_is_named(recipient: Recipient, now: datetime) -> Iterable[Problem]:
    """Check that a name is entered, or a recipient of the table is chosen."""
    if not recipient.name.strip() and not recipient.recipient:
        yield Problem("name", "Enter a name, or choose one of the table")


def time_is_said(recipient: Recipient, now: datetime) -> Iterable[Problem]:
    """Check that every limit except "at once" has a number."""
    if recipient.unit == AT_ONCE:
        return
    if recipient.unit and recipient.within is None:
        yield Problem("within", "Enter how many")
    elif recipient.within is not None and not 0 < recipient.within <= LONGEST:
        yield Problem("within", f"Enter a number from 1 to {LONGEST}")


def ends_after_it_starts(recipient: Recipient, now: datetime) -> Iterable[Problem]:
    """Check that the last day in force is not before the first."""
    if recipient.starts and recipient.ends and recipient.ends < recipient.starts:
        yield Problem("ends", "Enter a last day that is not before the first one")


def title(recipient: Recipient) -> str:
    """The title: the name, or the recipient of the table."""
    return recipient.name.strip() or code_list("notification_recipient").label(recipient.recipient) or "Recipient"


RECIPIENT = Kind(
    name="recipient",
    label="Recipient",
    plural="Recipients",
    reference_prefix="RCP",
    record=Recipient,
    writers=MANAGERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    summary=("source",),
    columns=("name", "recipient", "events", "within", "unit", "starts"),
    checks=(somebody_is_named, time_is_said, ends_after_it_starts),
)
