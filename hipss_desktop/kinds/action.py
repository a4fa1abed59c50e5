"""An action: something that somebody must do by a time, often the follow-up of a contact.

It is closed, reopened and handed over by one press each. Its owner follows from rows of a growing list: it was handed to
somebody, who accepted it or gave it back. Until somebody accepts it, it stays with its owner, so that it always has one.
Two laptops may hand it over while a third closes it, and all of these count.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.describing import never
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.folding import folded
from hipss_desktop.records.kind import Finish, IndexTerm, Kind, SheetOptions, Stage


def tells_somebody(action: "Action") -> bool:
    """Whether the action is to tell a service, which gives a log number or a name."""
    return bool(action.tells)


class HandOver(msgspec.Struct):
    """One step of a hand-over; the person who took the step is the author of the row.

    A row without a step handed it over at once, as all rows did before hand-overs had to be accepted; without a name it
    then has no owner. ``answers`` is the id of the row that is accepted, given back or taken back, else of the last step
    before it.
    """

    id: str
    to: Annotated[str, field("Colleague", refers_to="practitioner")] = ""
    name: Annotated[str, field("To", "A person or a team", names="third")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was handed over")] = None
    step: Annotated[str, field("Step", choices="hand_over_step")] = ""
    answers: Annotated[str, field("Answers the hand-over", searchable=False, shown_if=never)] = ""


class Carried(msgspec.Struct):
    """A decision at a supervision visit to carry the action forward to the next visit, or the undoing of that decision.

    ``answers`` is the id of the row that is undone.
    """

    id: str
    visit: Annotated[str, field("Supervision visit", refers_to="visit")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was carried forward")] = None
    step: Annotated[str, field("Step", choices="carry_step")] = ""
    answers: Annotated[str, field("Answers the carrying forward", searchable=False)] = ""


class Action(msgspec.Struct):
    """What must be done, about whom, by whom, and by when."""

    what: Annotated[str, field("What is to be done", required="Enter what is to be done")] = ""
    child: Annotated[str, field("Child", refers_to="child", subject=True, names="child")] = ""
    carer: Annotated[str, field("Carer", refers_to="carer", subject=True, names="carer")] = ""
    owner_person: Annotated[
        str,
        field("Colleague", "Who it is for, where that is one of the service", refers_to="practitioner", group="owner"),
    ] = ""
    owner: Annotated[str, field("Owner", "A person or a team", names="third", group="owner")] = ""
    due: Annotated[datetime | None, field("Due", required="Enter when it is due")] = None
    tells: Annotated[str, field("Who is to be told", choices="told")] = ""
    handed_over: Annotated[list[HandOver], field("Handed over", grows=True, row_name="a hand-over")] = []
    carried: Annotated[list[Carried], field("Carried forward", grows=True, row_name="a carrying forward")] = []
    state: Annotated[str, field("State", choices="action_state", group="state", initial="open")] = ""
    spoke_to: Annotated[str, field("Spoke to", names="third", group="state")] = ""
    closed_at: Annotated[datetime | None, field("Closed", group="state", past=True)] = None
    log_number: Annotated[str, field("Log number", shown_if=tells_somebody, group="state")] = ""
    closing_note: Annotated[str, field("What came of it", lines=2, group="state")] = ""
    from_contact: Annotated[str, field("From contact", refers_to="contact")] = ""
    from_visit: Annotated[str, field("From visit", refers_to="visit")] = ""
    from_consultation: Annotated[str, field("From consultation", refers_to="consultation")] = ""


OPEN = "open"
DONE = "done"
NOT_NEEDED = "not_needed"
HANDED_OVER = "handed_over"
"""The list to which a step of a hand-over adds a row."""
OFFERED, ACCEPTED, GIVEN_BACK, TAKEN_BACK = "offered", "accepted", "given_back", "taken_back"
"""The steps of a hand-over (``hand_over_step``); the last is also a step of carrying forward (``carry_step``)."""
CARRIED = "carried"
"""The list to which carrying forward, and undoing it, adds a row."""
OWNED_BY = "owned_by"
"""The index term that finds an action by its owner and by the person it was handed to: a person's record, else a name."""
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Owner:
    """The owner of an action: a name, and the person's record if they belong to the service."""

    name: str = ""
    person: str = ""


def is_open(action: Action) -> bool:
    """Whether it still must be done; a state that was never recorded means open."""
    return action.state in (OPEN, "")


def due(action: Action) -> datetime | None:
    """When an open action is due, None if it is closed."""
    return action.due if is_open(action) else None


def in_turn(rows: Iterable[HandOver]) -> list[HandOver]:
    """Steps in the order in which they were taken, by time, but never before the step that they answer.

    Laptops' clocks differ: an acceptance may have an earlier time than the hand-over.
    """
    by_id = {row.id: row for row in rows}
    turn: dict[str, tuple[datetime, int]] = {}
    for row in by_id.values():
        chain, name = dict[str, HandOver](), row.id
        while name in by_id and name not in turn and name not in chain:
            chain[name] = by_id[name]
            name = by_id[name].answers
        latest, place = turn.get(name, (_EARLIEST, 0))
        for answer in reversed(chain.values()):
            latest, place = max(latest, answer.at or _EARLIEST), place + 1
            turn[answer.id] = latest, place
    return sorted(by_id.values(), key=lambda row: (*turn[row.id], row.at or _EARLIEST, row.id))


def _steps(action: Action) -> list[HandOver]:
    """The steps in order, without those that were taken back."""
    taken_back = {row.answers for row in action.handed_over if row.step == TAKEN_BACK}
    return [row for row in in_turn(action.handed_over) if row.step != TAKEN_BACK and row.id not in taken_back]


def carried_at(action: Action, visit: str) -> list[Carried]:
    """The rows that carried an action forward at a visit, without those that were undone."""
    taken_back = {row.answers for row in action.carried if row.step == TAKEN_BACK}
    return [row for row in action.carried if row.visit == visit and not row.step and row.id not in taken_back]


def owned_by(action: Action) -> Owner:
    """The owner of an action: who accepted it last or was given it at once, else its first owner."""
    effective = [row for row in _steps(action) if row.step in ("", ACCEPTED)]
    if not effective:
        return Owner(action.owner.strip(), action.owner_person)
    return Owner(effective[-1].name.strip(), effective[-1].to)


def owned_by_author(finish: Finish) -> Mapping[str, str]:
    """The owner of an action made from a record: the person who finishes the record."""
    return {"owner": finish.author.name, "owner_person": finish.author.person}


def offered(action: Action) -> HandOver | None:
    """The hand-over that waits to be accepted: the last one, unless the action was accepted or given back since."""
    waiting: HandOver | None = None
    for row in _steps(action):
        if row.step == OFFERED:
            waiting = row
        elif row.step != GIVEN_BACK or waiting is None or row.answers == waiting.id:
            waiting = None
    return waiting


def is_handed_to(waiting: HandOver, person: str) -> bool:
    """Whether a waiting hand-over is to this person, or to a team or name whose members are not known."""
    return waiting.to in ("", person)


def came_from(action: Action) -> Owner:
    """The owner of an action before its present owner accepted it; no owner if it has only had one."""
    owners = [Owner(action.owner.strip(), action.owner_person)]
    owners += [Owner(row.name.strip(), row.to) for row in _steps(action) if row.step in ("", ACCEPTED)]
    return owners[-2] if len(owners) > 1 else Owner()


def hands_over(changed: Iterable[str]) -> bool:
    """Whether a revision that changed these units only takes a step of a hand-over."""
    return all(unit.startswith(f"{HANDED_OVER}/") for unit in changed)


def owner_term(name: str) -> str:
    """A name as a search term for owners, however it is spelled."""
    return folded(name)


def index_terms(action: Action) -> Iterator[IndexTerm]:
    """The index terms of an action: its owner and whom it was handed to, as the person, else the name."""
    waiting = offered(action)
    owners = [owned_by(action), *([Owner(waiting.name, waiting.to)] if waiting else [])]
    terms = (owner.person or owner_term(owner.name) for owner in owners)
    yield from (IndexTerm(OWNED_BY, term) for term in dict.fromkeys(terms) if term)


def steps_say_who(action: Action, now: datetime) -> Iterable[Problem]:
    """Check that a person or team that takes an action over has a name, and that other steps say which row they answer."""
    for row in action.handed_over:
        if row.step in (OFFERED, ACCEPTED) and not row.name.strip():
            yield Problem(f"handed_over/{row.id}/name", "Enter who takes it over")
        if row.step in (GIVEN_BACK, TAKEN_BACK) and not row.answers:
            yield Problem(f"handed_over/{row.id}/answers", "Choose which hand-over is given back")
    for carried in action.carried:
        if carried.step == TAKEN_BACK and not carried.answers:
            yield Problem(f"carried/{carried.id}/answers", "Choose which carrying forward is taken back")


def telling_is_answered(action: Action, now: datetime) -> Iterable[Problem]:
    """Check that telling somebody has the name of the person spoken to, or a log number."""
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
    checks=(steps_say_who,),
    due=due,
    index_terms=index_terms,
    derivation=5,
    sheet=SheetOptions(key=("what", "due")),
)
