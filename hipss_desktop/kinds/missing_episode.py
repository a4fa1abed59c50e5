"""A missing episode: a child is not home, what is done about it step by step, the return, and the interview after it.

The record is finished when the guide starts, with what is known then, so that the backup manager and the day team see it. What
becomes known later is a row of a list that grows. Each child who has gone with this one gets a record too. Definitions: DfE
statutory guidance on children who run away or go missing (January 2014); national return SSDA903, missing episodes.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from hipss_desktop import identity, times
from hipss_desktop.kinds import incident as incidents
from hipss_desktop.kinds.action import ACTION, OPEN, owned_by_author
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.fields import Fields, Problem, field
from hipss_desktop.records.kind import Finish, IndexTerm, Kind, NewRecord, Section, SheetOptions

MISSING, AWAY = "M", "A"
"""The codes of ``ssda903_missing_type``: missing from care; away from placement without authorisation."""
POLICE, EDT, PACK, IN_TOUCH = "police", "edt", "pack", "in_touch"
"""Codes of ``missing_step``; the first two are codes of ``told`` as well."""
TOLD_OF_THE_RETURN = {POLICE: "Tell the police that the child is back", EDT: "Tell EDT that the child is back"}
"""The tasks to tell of a return, for each service that was told that the child is missing."""
OFFERED, ACCEPTED, REFUSED, DONE = "offered", "accepted", "refused", "done"
INTERVIEW_WITHIN = timedelta(hours=72)
"""From the return to the return home interview (DfE statutory guidance, January 2014)."""


def is_police_step(step: "Step") -> bool:
    """Whether the step is the report to the police, which gives a log number and a grade."""
    return step.step == POLICE


def is_in_touch(step: "Step") -> bool:
    """Whether the step agrees on the next call to the carer."""
    return step.step == IN_TOUCH


def is_timed(step: "Step") -> bool:
    """Whether the time of the step is known. If only a call told of the step, it may not be known."""
    return not step.at_not_known


def has_no_time(step: "Step") -> bool:
    """Whether the step has no time, so that the form asks whether the time is known."""
    return step.at is None or step.at_not_known


def is_refused(interview: "Interview") -> bool:
    """Whether the child refused the interview."""
    return interview.step == REFUSED


def is_held(interview: "Interview") -> bool:
    """Whether the interview was held."""
    return interview.step == DONE


class Step(msgspec.Struct):
    """One step of the guide that was done. The author of the row wrote it down."""

    id: str
    step: Annotated[str, field("Step", choices="missing_step", required="Choose the step")] = ""
    at: Annotated[datetime | None, field("Time", shown_if=is_timed, required="Enter when it was done")] = None
    by: Annotated[str, field("Who did it", names="third")] = ""
    words: Annotated[str, field("What was done", lines=2)] = ""
    spoke_to: Annotated[str, field("Spoke to", names="third")] = ""
    log_number: Annotated[str, field("Log number", shown_if=is_police_step)] = ""
    grade: Annotated[str, field("Graded by the police", choices="police_grade", shown_if=is_police_step)] = ""
    next_call: Annotated[datetime | None, field("Next call", shown_if=is_in_touch)] = None
    at_not_known: Annotated[bool, field("Time not known", shown_if=has_no_time)] = False


class InTheHouse(msgspec.Struct):
    """Somebody else in the house, and whether they are safe."""

    id: str
    name: Annotated[str, field("Who", names="third", required="Enter who is in the house")] = ""
    safe: Annotated[bool | None, field("Is safe", required="Choose whether they are safe")] = None
    at: Annotated[datetime | None, field("Time", required="Enter when that was known")] = None


class Returned(msgspec.Struct):
    """The child is back."""

    id: str
    at: Annotated[datetime | None, field("Back at", required="Enter when the child came back", past=True)] = None
    how: Annotated[str, field("How the child came back", choices="how_returned")] = ""
    seen_by: Annotated[str, field("Who saw the child", names="third", required="Enter who saw the child")] = ""
    injuries: Annotated[
        str, field("Injuries", "‘None seen’ where there are none", lines=2, required="Enter injuries, or ‘None seen’")
    ] = ""
    where: Annotated[str, field("Where the child was", lines=2, names="child")] = ""


class Interview(msgspec.Struct):
    """One step of the return home interview, by somebody independent of the placement."""

    id: str
    step: Annotated[
        str, field("Interview", choices="interview_step", required="Choose offered, accepted, refused or done")
    ] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when that was")] = None
    by: Annotated[str, field("Who offers or holds it", names="third")] = ""
    independent: Annotated[
        bool | None,
        field("Independent of the placement", shown_if=is_held, required="Choose whether they are independent"),
    ] = None
    why: Annotated[str, field("Why it was refused", shown_if=is_refused, required="Enter why it was refused")] = ""


class SameAs(msgspec.Struct):
    """The other record of this one episode, started on another laptop."""

    id: str
    episode: Annotated[
        str, field("The same episode as", refers_to="missing_episode", required="Choose the other record")
    ] = ""
    why: Annotated[str, field("Why they are one")] = ""


class MissingEpisode(msgspec.Struct):
    """What is known when the guide is started, and what becomes known row by row."""

    child: Annotated[
        str, field("Child", refers_to="child", subject=True, names="child", required="Choose the child")
    ] = ""
    carer: Annotated[str, field("Placed with", refers_to="carer", subject=True, names="carer")] = ""
    type: Annotated[str, field("Missing or away without authorisation", choices="ssda903_missing_type")] = ""
    last_seen: Annotated[datetime | None, field("Last seen", group="last_seen", past=True)] = None
    last_seen_not_known: Annotated[bool, field("Last seen not known", group="last_seen")] = False
    last_seen_by: Annotated[str, field("Last seen by", names="carer")] = ""
    last_seen_where: Annotated[str, field("Where, and going where", lines=2)] = ""
    left: Annotated[datetime | None, field("Left the placement", "If that is known", past=True)] = None
    due_back: Annotated[datetime | None, field("Due back")] = None
    due_back_agreed: Annotated[str, field("Agreed with whom")] = ""
    wearing: Annotated[str, field("Wearing", lines=2)] = ""
    carrying: Annotated[str, field("Carrying", "Money, keys, phone, how the child travels", lines=2)] = ""
    why_worried: Annotated[str, field("Why worried tonight", lines=2)] = ""
    gone_with: Annotated[list[str], field("Gone together with", refers_to="child", names="child")] = []
    reported: Annotated[datetime | None, field("Told to the service", past=True)] = None
    reported_by: Annotated[str, field("Told by", names="carer")] = ""
    from_contact: Annotated[str, field("From contact", refers_to="contact")] = ""
    steps: Annotated[list[Step], field("Steps done", grows=True, row_name="a step")] = []
    in_the_house: Annotated[
        list[InTheHouse], field("Also in the house", grows=True, row_name="somebody in the house")
    ] = []
    returned: Annotated[list[Returned], field("Back", grows=True, row_name="a return")] = []
    interview: Annotated[
        list[Interview], field("Return home interview", grows=True, row_name="a step of the interview")
    ] = []
    same_as: Annotated[list[SameAs], field("The same episode", grows=True, row_name="the other record")] = []


def back(episode: MissingEpisode) -> Returned | None:
    """The return, or None while the child is away. If two laptops wrote one each, the earlier one."""
    timed = [row for row in episode.returned if row.at is not None]
    return min(timed, key=lambda row: (row.at, row.id), default=None)


def is_open(episode: MissingEpisode) -> bool:
    """Whether this record says that the child is not back. ``rules.missing`` says which of two records goes on."""
    return back(episode) is None


def began(episode: MissingEpisode) -> datetime | None:
    """When the episode began (MIS_START): the later of leaving and being last seen by a responsible adult, None if unknown."""
    return max((moment for moment in (episode.left, episode.last_seen) if moment is not None), default=None)


def step_done(episode: MissingEpisode, step: str) -> Step | None:
    """The newest row of a step, or None if the step was not done."""
    rows = [row for row in episode.steps if row.step == step]
    return max(rows, key=lambda row: (row.at is not None, row.at, row.id), default=None)


TOLD_BY_THEN = "Told by the time of this call"
"""The words of older guides for a step whose ``at`` is the time of the call that told of it."""


def done_at(step: Step) -> datetime | None:
    """When a step was done, or None if nobody wrote the time down."""
    return None if step.at_not_known or TOLD_BY_THEN in step.words else step.at


def next_call(episode: MissingEpisode) -> datetime | None:
    """When to ring the carer next, as agreed last."""
    agreed = step_done(episode, IN_TOUCH)
    return agreed.next_call if agreed is not None else None


def interview_due(episode: MissingEpisode) -> datetime | None:
    """The deadline of the return home interview: 72 elapsed hours after the return. None while the child is away."""
    row = back(episode)
    return row.at + INTERVIEW_WITHIN if row is not None and row.at is not None else None


def due(episode: MissingEpisode) -> datetime | None:
    """While the child is away, when to ring the carer next, or else when the service was told. None after the return."""
    return (next_call(episode) or episode.reported) if is_open(episode) else None


def last_seen_is_said(episode: MissingEpisode, now: datetime) -> Iterable[Problem]:
    """Check that the record says when the child was last seen, or that this is not known."""
    if episode.last_seen is None and not episode.last_seen_not_known:
        yield Problem("last_seen", "Enter when the child was last seen, or choose ‘Not known’")


NOTHING_SAID = {
    POLICE: ("spoke_to", "Enter who you spoke to, or the log number"),
    EDT: ("spoke_to", "Enter who you spoke to"),
    PACK: ("spoke_to", "Enter who took it"),
    IN_TOUCH: ("next_call", "Enter when the next call is"),
}
"""The field in which a step's answer is missing, and the words of that problem."""
OF_ANY_STEP = ("words", "Enter what was done")


def step_is_said(episode: MissingEpisode, now: datetime) -> Iterable[Problem]:
    """Check that a step says who was told or what was done. A press with nothing typed is not a report to the police."""
    for step in episode.steps:
        if not (step.words or step.spoke_to or step.log_number or step.next_call):
            name, words = NOTHING_SAID.get(step.step, OF_ANY_STEP)
            yield Problem(f"steps/{step.id}/{name}", words)


def return_is_after(episode: MissingEpisode, now: datetime) -> Iterable[Problem]:
    """Check that the child came back once, after going. A child who goes out again has a second episode."""
    gone, first = began(episode), back(episode)
    for row in episode.returned:
        path = f"returned/{row.id}/at"
        if row.at is not None and gone is not None and row.at <= gone:
            words = "was last seen" if gone == episode.last_seen else "left"
            yield Problem(path, f"The child {words} at {times.clock_time(gone)}. Enter a later time for coming back.")
        elif row.at is not None and first is not None and first.at is not None and row.at > first.at:
            yield Problem(path, "The child came back already. Start a new episode if the child has gone out again.")


def interview_is_after(episode: MissingEpisode, now: datetime) -> Iterable[Problem]:
    """Check that a return home interview was held after the return."""
    row = back(episode)
    for held in filter(is_held, episode.interview):
        path = f"interview/{held.id}/at"
        if row is None:
            yield Problem(path, "The child is not back yet. Enter the return first.")
        elif held.at is not None and row.at is not None and held.at <= row.at:
            yield Problem(
                path, f"The child came back at {times.clock_time(row.at)}. Enter a later time for the interview."
            )


NOT_FUTURE = "Enter a time that is not in the future"


def past_is_past(episode: MissingEpisode, now: datetime) -> Iterable[Problem]:
    """Check that nothing recorded as past is in the future."""
    past: dict[str, datetime | None] = {}
    for name in ("steps", "in_the_house", "interview"):
        past |= {f"{name}/{row.id}/at": row.at for row in getattr(episode, name)}
    for path, moment in past.items():
        if moment is not None and moment > now + timedelta(minutes=1):
            at = times.on_its_day(moment, now)
            yield Problem(path, f"{at[:1].upper()}{at[1:]} is in the future. {NOT_FUTURE}")


def fills_in(episode: MissingEpisode, finish: Finish) -> Fields:
    """Fill in when the service was told, if nobody entered it: when the call or else the guide started."""
    return {} if episode.reported is not None else {"reported": times.stamp(finish.call_started or finish.now)}


def index_terms(episode: MissingEpisode) -> Iterator[IndexTerm]:
    """Index an episode by the missing child, as contacts about a missing child are."""
    if episode.child:
        yield IndexTerm("missing", episode.child)


KNOWN_OF_ALL = (
    "type",
    "last_seen",
    "last_seen_not_known",
    "last_seen_by",
    "last_seen_where",
    "left",
    "due_back",
    "due_back_agreed",
    "why_worried",
    "reported",
    "reported_by",
    "from_contact",
)
"""The fields that are the same for all children who have gone together. Placement and clothes differ for each child."""


def makes(episode: MissingEpisode, finish: Finish) -> Iterator[NewRecord]:
    """Make an episode for each child who has gone with this one. After the return, make the records for what is to be done."""
    gone = [episode.child, *episode.gone_with]
    for child in dict.fromkeys(episode.gone_with):
        if child != episode.child:
            own = {"child": child, "gone_with": [other for other in dict.fromkeys(gone) if other != child]}
            yield NewRecord(MISSING_EPISODE.name, f"with_{child}", {**_known_of_all(episode), **own})
    yield from _after_the_return(episode, finish)


def _known_of_all(episode: MissingEpisode) -> dict[str, Any]:
    answers = ((name, getattr(episode, name)) for name in KNOWN_OF_ALL)
    return {name: times.stamp(value) if isinstance(value, datetime) else value for name, value in answers if value}


def _after_the_return(episode: MissingEpisode, finish: Finish) -> Iterator[NewRecord]:
    """Make an incident with its clocks, tasks to tell of the return those who were told, and the offer of the interview.

    The incident names the episode and copies none of its words: the steps say who was told, and the row of the return says that.
    """
    row = back(episode)
    if row is None or row.at is None:
        return
    yield NewRecord(INCIDENT.name, "incident", as_incident(episode, finish))
    about = {
        "child": episode.child,
        "carer": episode.carer,
        "from_contact": episode.from_contact,
        **owned_by_author(finish),
        "state": OPEN,
    }
    for service, words in TOLD_OF_THE_RETURN.items():
        if step_done(episode, service) is not None:
            at = times.stamp(row.at)
            yield NewRecord(ACTION.name, _key_of_task(service), {"what": words, "tells": service, "due": at, **about})
    due_at = times.stamp(row.at + INTERVIEW_WITHIN)
    yield NewRecord(ACTION.name, "interview", {"what": "Return home interview", "due": due_at, **about})


def _key_of_task(service: str) -> str:
    return f"back_{service}"


def return_task(episode: str, service: str) -> str:
    """The identifier of the task to tell a service of the return of an episode, whether the task exists or not."""
    return identity.made_record_id(episode, ACTION.name, _key_of_task(service))


def as_incident(episode: MissingEpisode, finish: Finish) -> dict[str, Any]:
    """The fields of the incident that an episode makes: its type, the child, the carer, the times, and the episode."""
    first, reported_at = began(episode), episode.reported or finish.now
    return {
        "types": [incidents.AWAY if episode.type == AWAY else incidents.MISSING],
        "children": [episode.child] if episode.child else [],
        "carers": [episode.carer] if episode.carer else [],
        "happened": times.stamp(first) if first is not None and first <= reported_at else "",
        "aware": times.stamp(reported_at),
        "from_contact": episode.from_contact,
        "from_episode": finish.record,
    }


def title(episode: MissingEpisode) -> str:
    """The name of an episode in lists."""
    return "Away without authorisation" if episode.type == AWAY else "Child not home"


MISSING_EPISODE = Kind(
    name="missing_episode",
    label="Missing episode",
    plural="Missing episodes",
    reference_prefix="M",
    finished_as="begun",
    record=MissingEpisode,
    writers=PRACTITIONERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    dated_by="reported",
    summary=("last_seen", "last_seen_where"),
    lead=("why_worried",),
    columns=("reported", "child", "carer", "last_seen", "returned"),
    sections=(
        Section("Who", ("child", "gone_with")),
        Section("Last seen", ("last_seen", "last_seen_not_known", "last_seen_by", "last_seen_where")),
        Section("Due back", ("due_back", "due_back_agreed")),
        Section("Tonight", ("wearing", "carrying", "why_worried")),
        Section("Told to the service", ("reported", "reported_by", "from_contact", "carer", "left", "type")),
    ),
    due=due,
    checks=(last_seen_is_said, step_is_said, return_is_after, interview_is_after, past_is_past),
    fills_in=fills_in,
    makes=makes,
    index_terms=index_terms,
    derivation=2,
    sheet=SheetOptions(key=("child", "reported")),
)
