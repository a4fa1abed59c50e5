"""A sign-off: the service manager confirms that somebody was told, in addition to the person who told them.

It is a separate record, because only managers write it while everybody on call records what they did. It counts for the
clock of one recipient (``rules.clocks``).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop.kinds.incident import A_MINUTE, NOT_FUTURE
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, MANAGERS
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Kind


class SignOff(msgspec.Struct):
    """The clock that is signed off, and when."""

    incident: Annotated[str, field("Incident", refers_to="incident")] = ""
    restraint: Annotated[str, field("Restraint", refers_to="restraint")] = ""
    recipient: Annotated[
        str, field("Who was told", choices="notification_recipient", required="Choose who was told")
    ] = ""
    own_recipient: Annotated[str, field("Recipient of the council’s own", refers_to="recipient")] = ""
    child: Annotated[str, field("About which child", "Empty for all of them", refers_to="child", names="child")] = ""
    at: Annotated[datetime | None, field("Signed off at", required="Enter when it is signed off")] = None
    words: Annotated[str, field("Remark", lines=2)] = ""


def is_of_one_record(sign_off: SignOff, now: datetime) -> Iterable[Problem]:
    """Check that it refers to an incident or a restraint."""
    if not sign_off.incident and not sign_off.restraint:
        yield Problem("incident", "Choose the incident or the restraint that is signed off")


def is_past(sign_off: SignOff, now: datetime) -> Iterable[Problem]:
    """Check that it is not signed off in the future."""
    if sign_off.at and sign_off.at > now + A_MINUTE:
        yield Problem("at", NOT_FUTURE)


SIGN_OFF = Kind(
    name="sign_off",
    label="Sign-off",
    plural="Sign-offs",
    reference_prefix="SO",
    record=SignOff,
    writers=MANAGERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=lambda sign_off: f"Signed off: {code_list('notification_recipient').label(sign_off.recipient)}",
    dated_by="at",
    summary=("words",),
    checks=(is_of_one_record, is_past),
)
