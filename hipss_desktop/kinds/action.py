"""An action: something somebody is to do by a time, often the follow-up of a contact.

It is closed, opened again and handed over by a press each. A hand-over is a row of a list that grows: two laptops may hand
it over while a third closes it, and all of that stands.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import IndexTerm, Kind, SheetOptions, Stage


def tells_somebody(action: "Action") -> bool:
    """Whether the action is to tell a service, which gives a log number or a name."""
    return bool(action.tells)


class HandOver(msgspec.Struct):
    """To whom an action was handed over; who did it is the author of the row. Without a name it is nobody's again."""

    id: str
    to: Annotated[str, field("Colleague", refers_to="practitioner")] = ""
    name: Annotated[str, field("To", "A person or a team", names="third")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was handed over")] = None


class Action(msgspec.Struct):
    """What is to be done, for whom, by whom, by when."""

    what: Annotated[str, field("What is to be done", required="Enter what is to be done")] = ""
    child: Annotated[str, field("Child", refers_to="child", subject=True, names="child")] = ""
    carer: Annotated[str, field("Carer", refers_to="carer", subject=True, names="carer")] = ""
    owner: Annotated[str, field("Owner", "A person or a team", names="third")] = ""
    due: Annotated[datetime | None, field("Due", required="Enter when it is due")] = None
    tells: Annotated[str, field("Who is to be told", choices="told")] = ""
    handed_over: Annotated[list[HandOver], field("Handed over", grows=True, one="a hand-over")] = []
    state: Annotated[str, field("State", choices="action_state", group="state", initial="open")] = ""
    spoke_to: Annotated[str, field("Spoke to", names="third", group="state")] = ""
    closed_at: Annotated[datetime | None, field("Closed", group="state", past=True)] = None
    log_number: Annotated[str, field("Log number", shown_if=tells_somebody, group="state")] = ""
    closing_note: Annotated[str, field("What came of it", lines=2, group="state")] = ""
    from_contact: Annotated[str, field("From contact", refers_to="contact")] = ""


OPEN = "open"
DONE = "done"
NOT_NEEDED = "not_needed"
HANDED_OVER = "handed_over"
"""The list that a hand-over adds a row to."""
OWNED_BY = "owned_by"
"""The term under which an action is found by the name of its owner."""
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def is_open(action: Action) -> bool:
    """Whether it is still to be done; a state that was never recorded means open."""
    return action.state in (OPEN, "")


def due(action: Action) -> datetime | None:
    """When an open action is due, None once it is closed."""
    return action.due if is_open(action) else None


def owner(action: Action) -> str:
    """Who is to do it by name: whom it was handed over to last, else the owner it was given at first."""
    newest = max(action.handed_over, key=lambda row: (row.at or _EARLIEST, row.id), default=None)
    return newest.name.strip() if newest else action.owner


def hands_over(changed: Iterable[str]) -> bool:
    """Whether a revision that changed these units hands an action over and does nothing else."""
    return all(unit.startswith(f"{HANDED_OVER}/") for unit in changed)


def owner_term(name: str) -> str:
    """A name as owners are found by it: capitals and spaces make no difference."""
    return " ".join(name.casefold().split())


def index_terms(action: Action) -> Iterator[IndexTerm]:
    """An action is found by the name of its present owner."""
    if name := owner_term(owner(action)):
        yield IndexTerm(OWNED_BY, name)


def telling_is_answered(action: Action, now: datetime) -> Iterable[Problem]:
    """To say that somebody was told, one says who took it or under which log number."""
    if tells_somebody(action) and not (action.spoke_to.strip() or action.log_number.strip()):
        yield Problem("spoke_to", "Enter who you spoke to, or the log number")


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
        Stage(OPEN, PRACTITIONERS, verb="Reopen", reason="Why is it to be done after all?"),
        Stage(
            DONE,
            PRACTITIONERS,
            requires=CLOSED,
            verb="Done",
            asks=("spoke_to", "closed_at", "log_number", "closing_note"),
            checks=(telling_is_answered,),
        ),
        Stage(NOT_NEEDED, PRACTITIONERS, requires=CLOSED, verb="Not needed", reason="Why is it not needed?"),
    ),
    unstaged=OPEN,
    due=due,
    index_terms=index_terms,
    derivation=2,
    sheet=SheetOptions(key=("what", "due")),
)
