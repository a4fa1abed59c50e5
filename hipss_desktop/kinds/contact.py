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
from hipss_desktop.records.kind import Fields, Kind, Problem, empty, field


def about_someone(fields: Fields) -> bool:
    """Whether the contact is about a child or carer, so that the questions of a call apply."""
    return fields.get("type", "call") in ("", "call")


def about_missing(fields: Fields) -> bool:
    """Whether a child is missing or came back."""
    return about_someone(fields) and "missing" in (fields.get("concerns") or [])


class Told(msgspec.Struct):
    """Somebody who was told: police with the log number, EDT, ambulance, 111, CAMHS crisis, backup manager."""

    id: str
    who: Annotated[str, field("Who", choices="told", required="Choose who was told")] = ""
    name: Annotated[str, field("Spoke to", names="third")] = ""
    at: Annotated[str, field("Time", format="instant")] = ""
    reference: Annotated[str, field("Log number")] = ""
    outcome: Annotated[str, field("What they said")] = ""


class FollowUp(msgspec.Struct):
    """Something to be done after the call; finishing the contact makes it an action."""

    id: str
    what: Annotated[str, field("What", required="Enter what is to be done")] = ""
    owner: Annotated[str, field("Owner", names="third")] = ""
    due: Annotated[str, field("Due", format="instant", required="Enter when it is due")] = ""


class Contact(msgspec.Struct):
    """What is asked about a contact, in the order of a call."""

    type: Annotated[str, field("Kind of contact", choices="contact_type")] = "call"
    caller: Annotated[str, field("Who is calling", refers_to="carer", names="carer")] = ""
    caller_name: Annotated[str, field("Caller's name", names="carer")] = ""
    caller_role: Annotated[str, field("Caller is", choices="caller_role")] = ""
    caller_not_known: Annotated[bool, field("Caller not known")] = False
    call_back: Annotated[str, field("Call-back number", format="phone", names="carer")] = ""
    children: Annotated[list[str], field("Children", refers_to="child", names="child")] = []
    carers: Annotated[list[str], field("Other carers it is about", refers_to="carer", names="carer")] = []
    channel: Annotated[str, field("How", choices="channel")] = "phone"
    concerns: Annotated[
        list[str],
        field("What is it about?", "Choose all that apply", choices="concern", shown_if=about_someone,
             required="Choose what it is about"),
    ] = []  # fmt: skip
    missing: Annotated[
        str, field("Missing or back", choices="missing_state", shown_if=about_missing, group="missing")
    ] = ""
    missing_since: Annotated[str, field("Missing since", format="instant", shown_if=about_missing, group="missing")] = (
        ""
    )
    back_at: Annotated[str, field("Back at", format="instant", shown_if=about_missing, group="missing")] = ""
    concern_words: Annotated[str, field("More about the concern", shown_if=about_someone)] = ""
    happening: Annotated[
        str, field("What is happening?", lines=2, shown_if=about_someone, required="Enter what is happening")
    ] = ""
    advice: Annotated[str, field("What did you advise?", lines=2, shown_if=about_someone, group="advice")] = ""
    no_advice: Annotated[bool, field("No advice given", shown_if=about_someone, group="advice")] = False
    risk: Annotated[
        str, field("Risk now", choices="risk", shown_if=about_someone, group="risk", required="Choose a risk level")
    ] = ""
    risk_why: Annotated[str, field("Why that risk", lines=2, shown_if=about_someone, group="risk")] = ""
    needs_to_know: Annotated[
        list[str],
        field(
            "Who needs to know",
            choices="needs_to_know",
            shown_if=about_someone,
            required="Choose who needs to know",
        ),
    ] = []
    follow_ups: Annotated[list[FollowUp], field("Follow-ups")] = []
    outcome: Annotated[str, field("Outcome", choices="contact_outcome", shown_if=about_someone)] = ""
    handover: Annotated[bool, field("For the morning handover")] = False
    where_now: Annotated[
        str, field("Where the child is now, and who with", lines=2, shown_if=about_someone, names="child")
    ] = ""
    childs_words: Annotated[str, field("The child's own words", lines=2, shown_if=about_someone, names="child")] = ""
    before: Annotated[str, field("What was happening before", lines=2, shown_if=about_someone)] = ""
    tried: Annotated[str, field("What the carer has tried", lines=2, shown_if=about_someone)] = ""
    immediate_danger: Annotated[bool, field("Someone is in immediate danger", shown_if=about_someone)] = False
    injuries: Annotated[str, field("Injuries", lines=2, shown_if=about_someone)] = ""
    plan_consulted: Annotated[bool, field("Safety plan read during the call", shown_if=about_someone)] = False
    carer_action: Annotated[str, field("What the carer will do", lines=2, shown_if=about_someone)] = ""
    worker_action: Annotated[str, field("What you will do", lines=2, shown_if=about_someone)] = ""
    told_others: Annotated[list[Told], field("Who was told", shown_if=about_someone)] = []
    manager_decision: Annotated[
        str, field("Manager's decision and why", lines=2, shown_if=about_someone, names="third")
    ] = ""
    consent: Annotated[str, field("Consent or delegated authority used", shown_if=about_someone)] = ""
    visit_out: Annotated[str, field("Visit: left at", format="instant", shown_if=about_someone, group="visit")] = ""
    visit_back: Annotated[
        str, field("Visit: safe home at", format="instant", shown_if=about_someone, group="visit")
    ] = ""
    lone_worker: Annotated[bool, field("Lone worker check made", shown_if=about_someone, group="visit")] = False
    risk_after: Annotated[str, field("Risk at the end of the call", choices="risk", shown_if=about_someone)] = ""
    happened: Annotated[str, field("When it happened", format="instant", group="clocks")] = ""
    told: Annotated[str, field("When you were told", format="instant", group="clocks")] = ""
    ended: Annotated[str, field("Call ended", format="instant", group="clocks")] = ""
    late_entry: Annotated[bool, field("Written up later", group="clocks")] = False
    log_line: Annotated[str, field("Line in the old log", searchable=False)] = ""


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


def index_terms(fields: Fields) -> Iterable[tuple[str, str]]:
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
    index_terms=index_terms,
)
