"""A kind of record for tests of the laptop and the council, with stages that only some roles may set.

Every role may open a plan, only a lead or a manager may drop it, and only a manager may sign it off, which makes an action.
In the first schema the stage had another name.
"""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from hipss_desktop.kinds.action import ACTION, OPEN
from hipss_desktop.records.access import ON_CALL_AND_MANAGERS
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Finish, Kind, NewRecord, Role, Stage, Upgrade

ROLES: tuple[Role, ...] = ("on_call", "lead", "manager")
DONE, DROPPED = "done", "not_needed"
MAY: dict[str, tuple[Role, ...]] = {
    OPEN: ROLES,
    DROPPED: ("lead", "manager"),
    DONE: ("manager",),
    "archived": ROLES,
    "": ROLES,
}
"""The roles that may set each stage; "archived" is a stage that this program does not know, and an empty stage is open."""


class Row(msgspec.Struct):
    id: str
    what: Annotated[str, field("What")] = ""


class Plan(msgspec.Struct):
    words: Annotated[str, field("Plan")] = ""
    state: Annotated[str, field("State", choices="action_state")] = ""
    result: Annotated[str, field("What came of it")] = ""
    steps: Annotated[list[Row], field("What was done", grows=True)] = []


def follow_up(plan: Plan, finish: Finish) -> Iterator[NewRecord]:
    """Make an action to look at a plan again after it was signed off."""
    yield NewRecord(ACTION.name, "look", {"what": "Look at the plan again", "state": OPEN})


def movers(code: str) -> frozenset[Role]:
    return frozenset[Role]({*MAY[code], "council"})


PLAN = Kind(
    name="plan", label="Plan", plural="Plans", reference_prefix="PLAN", record=Plan,
    writers=ON_CALL_AND_MANAGERS, readers=ON_CALL_AND_MANAGERS, countersigned_by=frozenset({"on_call", "manager"}),
    title_from=lambda plan: plan.words or "Plan",
    upgrades=(Upgrade(renamed={"status": "state"}),),
    stage="state",
    stages=(
        Stage(OPEN, movers(OPEN)),
        Stage(DROPPED, movers(DROPPED)),
        Stage(DONE, movers(DONE), requires={"result": "Enter what came of it"}, makes=follow_up),
    ),
    unstaged=OPEN,
)  # fmt: skip
