"""An action: something somebody is to do by a time, often the follow-up of a contact."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.kind import Fields, Kind, Problem, empty, field


class Action(msgspec.Struct):
    """What is to be done, for whom, by whom, by when."""

    what: Annotated[str, field("What is to be done", required="Enter what is to be done")] = ""
    child: Annotated[str, field("Child", refers_to="child", names="child")] = ""
    carer: Annotated[str, field("Carer", refers_to="carer", names="carer")] = ""
    owner: Annotated[str, field("Owner", "A person or a team", names="third")] = ""
    due: Annotated[str, field("Due", format="instant", required="Enter when it is due")] = ""
    state: Annotated[str, field("State", choices="action_state", group="state")] = "open"
    closed_at: Annotated[str, field("Closed", format="instant", group="state")] = ""
    closing_note: Annotated[str, field("What came of it", lines=2, group="state")] = ""
    from_contact: Annotated[str, field("From contact", refers_to="contact")] = ""


def _closed(fields: Fields, now: datetime) -> Iterable[Problem]:
    if fields.get("state") in ("done", "not_needed") and empty(fields.get("closed_at")):
        yield Problem("closed_at", "Enter when it was closed")


def due(fields: Fields) -> str:
    """When an open action is due, '' once it is closed."""
    return str(fields.get("due") or "") if fields.get("state", "open") in ("open", "") else ""


def title(fields: Fields) -> str:
    """What is to be done."""
    return str(fields.get("what") or "Action with no words yet")


ACTION = Kind(
    name="action",
    label="Action",
    plural="Actions",
    struct=Action,
    title=title,
    write=PRACTITIONERS,
    read=EVERYONE_IN_SERVICE,
    when="due",
    checks=(_closed,),
    key=("what", "due"),
    due=due,
)
