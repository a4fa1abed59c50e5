"""An action: something somebody is to do by a time, often the follow-up of a contact.

It is closed, opened again and handed over by a press each. Whose it is follows from rows of a list that grows: it was handed
to somebody, who accepted it or gave it back. It stays with its owner until somebody accepts it, so that it is always somebody's.
Two laptops may hand it over while a third closes it, and all of that stands.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.describing import never
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Finish, IndexTerm, Kind, SheetOptions, Stage


def tells_somebody(action: "Action") -> bool:
    """Whether the action is to tell a service, which gives a log number or a name."""
    return bool(action.tells)


class HandOver(msgspec.Struct):
    """One step by which an action changes hands; who took the step is the author of the row.

    Without a step it was handed over at once, as all were before somebody had to accept it; without a name it is nobody's
    again. ``answers`` is the id of the row that is accepted, given back or taken back, else of the last step before it.
    """

    id: str
    to: Annotated[str, field("Colleague", refers_to="practitioner")] = ""
    name: Annotated[str, field("To", "A person or a team", names="third")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was handed over")] = None
    step: Annotated[str, field("Step", choices="hand_over_step")] = ""
    answers: Annotated[str, field("Answers the hand-over", searchable=False, shown_if=never)] = ""


class Carried(msgspec.Struct):
    """At a supervision visit it was agreed that the action goes on to the next one, or that was taken back.

    ``answers`` is the id of the row that is taken back.
    """

    id: str
    visit: Annotated[str, field("Supervision visit", refers_to="visit")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was carried forward")] = None
    step: Annotated[str, field("Step", choices="carry_step")] = ""
    answers: Annotated[str, field("Answers the carrying forward", searchable=False)] = ""


class Action(msgspec.Struct):
    """What is to be done, for whom, by whom, by when."""

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
    handed_over: Annotated[list[HandOver], field("Handed over", grows=True, one="a hand-over")] = []
    carried: Annotated[list[Carried], field("Carried forward", grows=True, one="a carrying forward")] = []
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
"""The list that a step of a hand-over adds a row to."""
OFFERED, ACCEPTED, GIVEN_BACK, TAKEN_BACK = "offered", "accepted", "given_back", "taken_back"
"""The steps of a hand-over (``hand_over_step``); the last is also that of a carrying forward (``carry_step``)."""
CARRIED = "carried"
"""The list that carrying forward, and taking that back, adds a row to."""
OWNED_BY = "owned_by"
"""The term under which an action is found by its owner and by whom it was handed to: a person's record, else a name."""
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Owner:
    """Whose an action is: a name, and the record of the person where it is one of the service."""

    name: str = ""
    person: str = ""


def is_open(action: Action) -> bool:
    """Whether it is still to be done; a state that was never recorded means open."""
    return action.state in (OPEN, "")


def due(action: Action) -> datetime | None:
    """When an open action is due, None once it is closed."""
    return action.due if is_open(action) else None


def in_turn(rows: Iterable[HandOver]) -> list[HandOver]:
    """Steps in the order in which they were taken, by their times; none comes before the one it answers.

    Laptops' clocks differ: what somebody accepted may be dated before it was handed to them.
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
    """The steps in turn, those that were taken back left out."""
    taken_back = {row.answers for row in action.handed_over if row.step == TAKEN_BACK}
    return [row for row in in_turn(action.handed_over) if row.step != TAKEN_BACK and row.id not in taken_back]


def carried_at(action: Action, visit: str) -> list[Carried]:
    """The rows by which an action was carried forward at a visit, those that were taken back left out."""
    taken_back = {row.answers for row in action.carried if row.step == TAKEN_BACK}
    return [row for row in action.carried if row.visit == visit and not row.step and row.id not in taken_back]


def owned_by(action: Action) -> Owner:
    """Whose an action is: who accepted it last, or was given it at once; else the owner it had at first."""
    effective = [row for row in _steps(action) if row.step in ("", ACCEPTED)]
    if not effective:
        return Owner(action.owner.strip(), action.owner_person)
    return Owner(effective[-1].name.strip(), effective[-1].to)


def owned_by_author(finish: Finish) -> Mapping[str, str]:
    """The owner of an action that follows from a record: who finishes the record."""
    return {"owner": finish.author.name, "owner_person": finish.author.person}


def offered(action: Action) -> HandOver | None:
    """The hand-over that waits to be accepted: the last one, unless somebody accepted the action or gave it back since."""
    waiting: HandOver | None = None
    for row in _steps(action):
        if row.step == OFFERED:
            waiting = row
        elif row.step != GIVEN_BACK or waiting is None or row.answers == waiting.id:
            waiting = None
    return waiting


def is_handed_to(waiting: HandOver, person: str) -> bool:
    """Whether a hand-over that waits is to a person, or to a team or name of which nobody knows who belongs to it."""
    return waiting.to in ("", person)


def came_from(action: Action) -> Owner:
    """Whose an action was before its present owner accepted it; nobody where it was theirs at first."""
    owners = [Owner(action.owner.strip(), action.owner_person)]
    owners += [Owner(row.name.strip(), row.to) for row in _steps(action) if row.step in ("", ACCEPTED)]
    return owners[-2] if len(owners) > 1 else Owner()


def hands_over(changed: Iterable[str]) -> bool:
    """Whether a revision that changed these units takes a step of a hand-over and does nothing else."""
    return all(unit.startswith(f"{HANDED_OVER}/") for unit in changed)


def owner_term(name: str) -> str:
    """A name as owners are found by it: capitals and spaces make no difference."""
    return " ".join(name.casefold().split())


def index_terms(action: Action) -> Iterator[IndexTerm]:
    """An action is found by its owner and by whom it was handed to: the person, else the name."""
    waiting = offered(action)
    owners = [owned_by(action), *([Owner(waiting.name, waiting.to)] if waiting else [])]
    terms = (owner.person or owner_term(owner.name) for owner in owners)
    yield from (IndexTerm(OWNED_BY, term) for term in dict.fromkeys(terms) if term)


def steps_say_who(action: Action, now: datetime) -> Iterable[Problem]:
    """A person or team that is handed an action, or accepts it, has a name; the other steps say which row they answer."""
    for row in action.handed_over:
        if row.step in (OFFERED, ACCEPTED) and not row.name.strip():
            yield Problem(f"handed_over/{row.id}/name", "Enter who takes it over")
        if row.step in (GIVEN_BACK, TAKEN_BACK) and not row.answers:
            yield Problem(f"handed_over/{row.id}/answers", "Choose which hand-over is given back")
    for carried in action.carried:
        if carried.step == TAKEN_BACK and not carried.answers:
            yield Problem(f"carried/{carried.id}/answers", "Choose which carrying forward is taken back")


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
    checks=(steps_say_who,),
    due=due,
    index_terms=index_terms,
    derivation=4,
    sheet=SheetOptions(key=("what", "due")),
)
