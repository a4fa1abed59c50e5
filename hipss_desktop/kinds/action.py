"""An action: something somebody is to do by a time, often the follow-up of a contact."""

from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Kind, SheetOptions, Stage


class Action(msgspec.Struct):
    """What is to be done, for whom, by whom, by when."""

    what: Annotated[str, field("What is to be done", required="Enter what is to be done")] = ""
    child: Annotated[str, field("Child", refers_to="child", subject=True, names="child")] = ""
    carer: Annotated[str, field("Carer", refers_to="carer", subject=True, names="carer")] = ""
    owner: Annotated[str, field("Owner", "A person or a team", names="third")] = ""
    due: Annotated[datetime | None, field("Due", required="Enter when it is due")] = None
    state: Annotated[str, field("State", choices="action_state", group="state", initial="open")] = ""
    closed_at: Annotated[datetime | None, field("Closed", group="state")] = None
    closing_note: Annotated[str, field("What came of it", lines=2, group="state")] = ""
    from_contact: Annotated[str, field("From contact", refers_to="contact")] = ""


OPEN = "open"


def is_open(action: Action) -> bool:
    """Whether it is still to be done; a state that was never recorded means open."""
    return action.state in (OPEN, "")


def due(action: Action) -> datetime | None:
    """When an open action is due, None once it is closed."""
    return action.due if is_open(action) else None


CLOSED = {"closed_at": "Enter when it was closed"}

ACTION = Kind(
    name="action",
    label="Action",
    plural="Actions",
    reference_prefix="A",
    record=Action,
    writers=PRACTITIONERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=lambda action: action.what or "Action with no words yet",
    dated_by="due",
    summary=("state", "owner"),
    columns=("what", "child", "owner", "due", "state"),
    stage="state",
    stages=(
        Stage(OPEN, PRACTITIONERS),
        Stage("done", PRACTITIONERS, requires=CLOSED),
        Stage("not_needed", PRACTITIONERS, requires=CLOSED),
    ),
    unstaged=OPEN,
    due=due,
    sheet=SheetOptions(key=("what", "due")),
)
