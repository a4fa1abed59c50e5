"""The on-call contact: a call to the line that carers can ring at any hour, as it was taken.

Fields: domain notes section e (emergency duty team and out-of-hours chapters of council manuals). To finish: the caller
or "not known", one concern, what is happening, advice or "no advice given", the risk and who needs to know; a wrong
number or an abandoned call needs only its type.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop import times
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, ON_CALL_AND_MANAGERS
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.kind import Fields, Kind, Problem, empty, says


def about_someone(fields: Fields) -> bool:
    """Whether the contact is about a child or carer, so that the questions of a call apply."""
    return fields.get("type", "call") in ("", "call")


def about_missing(fields: Fields) -> bool:
    """Whether a child is missing or came back."""
    return about_someone(fields) and "missing" in (fields.get("concerns") or [])


class Told(msgspec.Struct):
    """Somebody who was told: police with the log number, EDT, ambulance, 111, CAMHS crisis, backup manager."""

    id: str
    who: Annotated[str, says("Who", choices="told", needed="Choose who was told")] = ""
    name: Annotated[str, says("Spoke to", person="third")] = ""
    at: Annotated[str, says("Time", form="instant")] = ""
    reference: Annotated[str, says("Log number")] = ""
    outcome: Annotated[str, says("What they said")] = ""


class FollowUp(msgspec.Struct):
    """Something to be done after the call; finishing the contact makes it an action."""

    id: str
    what: Annotated[str, says("What", needed="Enter what is to be done")] = ""
    owner: Annotated[str, says("Owner", person="third")] = ""
    due: Annotated[str, says("Due", form="instant", needed="Enter when it is due")] = ""


class Contact(msgspec.Struct):
    """What is asked about a contact, in the order of a call."""

    type: Annotated[str, says("Kind of contact", choices="contact_type")] = "call"
    caller: Annotated[str, says("Who is calling", refers="carer", person="carer")] = ""
    caller_name: Annotated[str, says("Caller's name", person="carer")] = ""
    caller_role: Annotated[str, says("Caller is", choices="caller_role")] = ""
    caller_not_known: Annotated[bool, says("Caller not known")] = False
    call_back: Annotated[str, says("Call-back number", form="phone", person="carer")] = ""
    children: Annotated[list[str], says("Children", refers="child", person="child")] = []
    carers: Annotated[list[str], says("Other carers it is about", refers="carer", person="carer")] = []
    channel: Annotated[str, says("How", choices="channel")] = "phone"
    concerns: Annotated[
        list[str],
        says("What is it about?", "Choose all that apply", choices="concern", shows=about_someone,
             needed="Choose what it is about"),
    ] = []  # fmt: skip
    missing: Annotated[str, says("Missing or back", choices="missing_state", shows=about_missing, group="missing")] = ""
    missing_since: Annotated[str, says("Missing since", form="instant", shows=about_missing, group="missing")] = ""
    back_at: Annotated[str, says("Back at", form="instant", shows=about_missing, group="missing")] = ""
    concern_words: Annotated[str, says("More about the concern", shows=about_someone)] = ""
    happening: Annotated[
        str, says("What is happening?", lines=2, shows=about_someone, needed="Enter what is happening")
    ] = ""
    advice: Annotated[str, says("What did you advise?", lines=2, shows=about_someone, group="advice")] = ""
    no_advice: Annotated[bool, says("No advice given", shows=about_someone, group="advice")] = False
    risk: Annotated[
        str, says("Risk now", choices="risk", shows=about_someone, group="risk", needed="Choose a risk level")
    ] = ""
    risk_why: Annotated[str, says("Why that risk", lines=2, shows=about_someone, group="risk")] = ""
    needs_to_know: Annotated[
        list[str],
        says(
            "Who needs to know",
            choices="needs_to_know",
            shows=about_someone,
            needed="Choose who needs to know",
        ),
    ] = []
    follow_ups: Annotated[list[FollowUp], says("Follow-ups")] = []
    outcome: Annotated[str, says("Outcome", choices="contact_outcome", shows=about_someone)] = ""
    handover: Annotated[bool, says("For the morning handover")] = False
    where_now: Annotated[
        str, says("Where the child is now, and who with", lines=2, shows=about_someone, person="child")
    ] = ""
    childs_words: Annotated[str, says("The child's own words", lines=2, shows=about_someone, person="child")] = ""
    before: Annotated[str, says("What was happening before", lines=2, shows=about_someone)] = ""
    tried: Annotated[str, says("What the carer has tried", lines=2, shows=about_someone)] = ""
    immediate_danger: Annotated[bool, says("Someone is in immediate danger", shows=about_someone)] = False
    injuries: Annotated[str, says("Injuries", lines=2, shows=about_someone)] = ""
    plan_consulted: Annotated[bool, says("Safety plan read during the call", shows=about_someone)] = False
    carer_action: Annotated[str, says("What the carer will do", lines=2, shows=about_someone)] = ""
    worker_action: Annotated[str, says("What you will do", lines=2, shows=about_someone)] = ""
    told_others: Annotated[list[Told], says("Who was told", shows=about_someone)] = []
    manager_decision: Annotated[
        str, says("Manager's decision and why", lines=2, shows=about_someone, person="third")
    ] = ""
    consent: Annotated[str, says("Consent or delegated authority used", shows=about_someone)] = ""
    visit_out: Annotated[str, says("Visit: left at", form="instant", shows=about_someone, group="visit")] = ""
    visit_back: Annotated[str, says("Visit: safe home at", form="instant", shows=about_someone, group="visit")] = ""
    lone_worker: Annotated[bool, says("Lone worker check made", shows=about_someone, group="visit")] = False
    risk_after: Annotated[str, says("Risk at the end of the call", choices="risk", shows=about_someone)] = ""
    happened: Annotated[str, says("When it happened", form="instant", group="clocks")] = ""
    told: Annotated[str, says("When you were told", form="instant", group="clocks")] = ""
    ended: Annotated[str, says("Call ended", form="instant", group="clocks")] = ""
    late_entry: Annotated[bool, says("Written up later", group="clocks")] = False
    log_line: Annotated[str, says("Line in the old log", searched=False)] = ""


def _caller(fields: Fields, now: datetime) -> Iterable[Problem]:
    named = not empty(fields.get("caller")) or not empty(fields.get("caller_name"))
    if about_someone(fields) and not named and not fields.get("caller_not_known"):
        yield Problem("caller", "Enter who is calling, or choose 'Not known'")


def _advice(fields: Fields, now: datetime) -> Iterable[Problem]:
    if about_someone(fields) and empty(fields.get("advice")) and not fields.get("no_advice"):
        yield Problem("advice", "Enter what you advised, or choose 'No advice given'")


def _nobody(fields: Fields, now: datetime) -> Iterable[Problem]:
    chosen = fields.get("needs_to_know") or []
    if isinstance(chosen, list) and "nobody" in chosen and len(chosen) > 1:
        yield Problem("needs_to_know", "Choose 'Nobody' or who needs to know, not both")


def _missing(fields: Fields, now: datetime) -> Iterable[Problem]:
    if not about_missing(fields) or fields.get("missing") != "back":
        return
    if empty(fields.get("back_at")):
        yield Problem("back_at", "Enter when the child came back")
        return
    since, back = times.epoch_ms(str(fields.get("missing_since", ""))), times.epoch_ms(str(fields["back_at"]))
    if since and back <= since:
        at = times.clock_time(times.instant(str(fields["missing_since"])))
        yield Problem("back_at", f"The child was reported missing at {at}. Enter a later time for coming back.")


def _clocks(fields: Fields, now: datetime) -> Iterable[Problem]:
    latest = times.ms(now) + 60_000
    for name in ("happened", "told", "ended", "back_at", "missing_since"):
        if times.epoch_ms(str(fields.get(name) or "")) > latest:
            yield Problem(name, "Enter a time that is not in the future")
    told, ended = (
        times.epoch_ms(str(fields.get("told") or "")),
        times.epoch_ms(str(fields.get("ended") or "")),
    )
    if told and ended and ended < told:
        yield Problem("ended", "Enter an end that is not before the start of the call")


def title(fields: Fields) -> str:
    """What a contact is called in lists, "Jo Preece rang"; other kinds of contact by their type."""
    if not about_someone(fields):
        return code_list("contact_type").label(str(fields.get("type")))
    name = str(fields.get("caller_name") or "").strip() or "Caller not known"
    verb = "rang" if fields.get("channel", "phone") in ("", "phone") else "made contact"
    return f"{name} {verb}" if fields.get("caller_name") else name


def marks(fields: Fields) -> Iterable[tuple[str, str]]:
    """A contact that says a child is missing or came back is found as such, however many came after it."""
    if about_missing(fields) and fields.get("missing"):
        for child in fields.get("children") or []:
            yield "missing", str(child)


CONTACT = Kind(
    name="contact",
    label="On-call contact",
    plural="On-call contacts",
    struct=Contact,
    title=title,
    write=ON_CALL_AND_MANAGERS,
    read=EVERYONE_IN_SERVICE,
    when="told",
    checks=(_caller, _advice, _nobody, _missing, _clocks),
    key=("log_line",),
    marks=marks,
)
