"""The on-call contact: a call to the line that carers can ring at any hour, as it was taken.

Fields: domain notes section e (emergency duty team and out-of-hours chapters of council manuals). A finish needs the caller
or "not known", one concern, what is happening, advice or "no advice given", the risk and who needs to know. A wrong number
or an abandoned call needs only its type. Finishing it makes the actions for its follow-ups.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, OPEN, owned_by_author
from hipss_desktop.records import telephone
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, ON_CALL_AND_MANAGERS
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import Fields, Problem, field
from hipss_desktop.records.kind import Finish, IndexTerm, Kind, NamedReference, NewRecord, SheetOptions

CALL, INFORMATION = "call", "information"


def about_someone(contact: "Contact") -> bool:
    """Whether the contact is about a child or carer, so that the questions of a call apply; no type means a call."""
    return contact.type in ("", CALL)


def is_information(contact: "Contact") -> bool:
    """Whether the contact gives information and asks for no advice."""
    return contact.type == INFORMATION


def about_missing(contact: "Contact") -> bool:
    """Whether the contact reports that a child is missing or came back."""
    return about_someone(contact) and "missing" in contact.concerns


ESCALATED = "escalated"
"""The outcome (``contact_outcome``) of a high risk."""
NOBODY = "nobody"
"""The code of ``needs_to_know`` for nobody."""


def is_back(contact: "Contact") -> bool:
    """Whether a child who was missing came back."""
    return about_missing(contact) and contact.missing == "back"


class Told(msgspec.Struct):
    """A service that was told: police with the log number, EDT, ambulance, 111, CAMHS crisis, backup manager."""

    id: str
    who: Annotated[str, field("Who", choices="told", required="Choose who was told")] = ""
    name: Annotated[str, field("Spoke to", names="third")] = ""
    at: Annotated[datetime | None, field("Time")] = None
    reference: Annotated[str, field("Log number")] = ""
    outcome: Annotated[str, field("What they said")] = ""
    at_not_known: Annotated[bool, field("Time not known")] = False


class FollowUp(msgspec.Struct):
    """Something to do after the call; finishing the contact makes it an action."""

    id: str
    what: Annotated[str, field("What", required="Enter what is to be done")] = ""
    owner: Annotated[str, field("Owner", names="third")] = ""
    due: Annotated[datetime | None, field("Due", required="Enter when it is due")] = None


def went_out(contact: "Contact") -> bool:
    """Whether somebody left for a visit."""
    return about_someone(contact) and contact.visit_out is not None


class SafeHome(msgspec.Struct):
    """The worker who left for a visit is safe home."""

    id: str
    at: Annotated[datetime | None, field("Time", required="Enter when they were safe home")] = None


class Contact(msgspec.Struct):
    """The questions about a contact, in the order of a call."""

    type: Annotated[str, field("Kind of contact", choices="contact_type", initial=CALL)] = ""
    caller: Annotated[str, field("Who is calling", refers_to="carer", subject=True, names="carer")] = ""
    caller_name: Annotated[str, field("Caller’s name", names="carer")] = ""
    caller_role: Annotated[str, field("Who the caller is", choices="caller_role")] = ""
    caller_not_known: Annotated[bool, field("Caller not known")] = False
    call_back: Annotated[str, field("Call-back number", format="phone", names="carer")] = ""
    children: Annotated[list[str], field("Children", refers_to="child", subject=True, names="child")] = []
    carers: Annotated[list[str], field("Other carers it is about", refers_to="carer", subject=True, names="carer")] = []
    channel: Annotated[str, field("How", choices="channel", initial="phone")] = ""
    concerns: Annotated[
        list[str],
        field("What is it about?", "Choose all that apply", choices="concern", shown_if=about_someone,
             required="Choose what it is about"),
    ] = []  # fmt: skip
    missing: Annotated[
        str,
        field("Missing or back", choices="missing_state", shown_if=about_missing, group="missing"),
    ] = ""
    missing_since: Annotated[
        datetime | None, field("Last seen (missing since)", shown_if=about_missing, group="missing")
    ] = None
    last_seen_not_known: Annotated[bool, field("Last seen not known", shown_if=about_missing, group="missing")] = False
    back_at: Annotated[datetime | None, field("Back at", shown_if=about_missing, group="missing")] = None
    concern_words: Annotated[str, field("More about the concern", shown_if=about_someone)] = ""
    happening: Annotated[
        str, field("What is happening?", lines=2, shown_if=about_someone, required="Enter what is happening")
    ] = ""
    information: Annotated[
        str,
        field("What is the information?", lines=2, shown_if=is_information),
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
    follow_ups: Annotated[list[FollowUp], field("Follow-ups", row_name="a follow-up")] = []
    outcome: Annotated[str, field("Outcome", choices="contact_outcome", shown_if=about_someone)] = ""
    handover: Annotated[bool, field("For the morning handover")] = False
    where_now: Annotated[
        str, field("Where the child is now, and who with", lines=2, shown_if=about_someone, names="child")
    ] = ""
    childs_words: Annotated[str, field("The child’s own words", lines=2, shown_if=about_someone, names="child")] = ""
    before: Annotated[str, field("What was happening before", lines=2, shown_if=about_someone)] = ""
    tried: Annotated[str, field("What the carer has tried", lines=2, shown_if=about_someone)] = ""
    immediate_danger: Annotated[bool, field("Someone is in immediate danger", shown_if=about_someone)] = False
    injuries: Annotated[str, field("Injuries", lines=2, shown_if=about_someone)] = ""
    plan_consulted: Annotated[bool, field("Safety plan read during the call", shown_if=about_someone)] = False
    carer_action: Annotated[str, field("What the carer will do", lines=2, shown_if=about_someone)] = ""
    worker_action: Annotated[str, field("What you will do", lines=2, shown_if=about_someone)] = ""
    told_others: Annotated[
        list[Told], field("Who was told", shown_if=about_someone, row_name="somebody who was told")
    ] = []
    manager_decision: Annotated[
        str, field("Manager’s decision and why", lines=2, shown_if=about_someone, names="third")
    ] = ""
    consent: Annotated[str, field("Consent or delegated authority used", shown_if=about_someone)] = ""
    visit_out: Annotated[datetime | None, field("Visit: left at", shown_if=about_someone, group="visit")] = None
    back_by: Annotated[datetime | None, field("Visit: expected back by", shown_if=about_someone, group="visit")] = None
    visit_back: Annotated[datetime | None, field("Visit: safe home at", shown_if=about_someone, group="visit")] = None
    lone_worker: Annotated[bool, field("Lone worker check made", shown_if=about_someone, group="visit")] = False
    safe_home: Annotated[
        list[SafeHome], field("Safe home", grows=True, shown_if=went_out, row_name="a safe return")
    ] = []
    risk_after: Annotated[str, field("Risk at the end of the call", choices="risk", shown_if=about_someone)] = ""
    happened: Annotated[datetime | None, field("When it happened", group="clocks")] = None
    told: Annotated[datetime | None, field("When you were told", group="clocks")] = None
    ended: Annotated[datetime | None, field("Call ended", group="clocks")] = None
    late_entry: Annotated[bool, field("Written up later", group="clocks")] = False
    log_line: Annotated[str, field("Line in the old log", searchable=False, exact=True)] = ""


def caller_is_said(contact: Contact, now: datetime) -> Iterable[Problem]:
    """Check that the caller is named or marked as not known."""
    if about_someone(contact) and not (contact.caller or contact.caller_name.strip() or contact.caller_not_known):
        yield Problem("caller", "Enter who is calling, or choose ‘Not known’")


def information_is_said(contact: Contact, now: datetime) -> Iterable[Problem]:
    """Check that information is written down; a line of the old log (``log_line``) may lack it."""
    if is_information(contact) and not contact.information.strip() and not contact.log_line:
        yield Problem("information", "Enter the information")


def advice_is_said(contact: Contact, now: datetime) -> Iterable[Problem]:
    """Check that advice is written down, or marked as not given."""
    if about_someone(contact) and not contact.advice.strip() and not contact.no_advice:
        yield Problem("advice", "Enter what you advised, or choose ‘No advice given’")


def telling_is_timed(contact: Contact, now: datetime) -> Iterable[Problem]:
    """Check that telling somebody has its own time, or is marked as of unknown time; the time of the call is another.

    A line of the old log (``log_line``) may lack it.
    """
    for row in contact.told_others if about_someone(contact) and not contact.log_line else ():
        if (
            row.at is None
            and not row.at_not_known
            and (row.name.strip() or row.reference.strip() or row.outcome.strip())
        ):
            yield Problem(f"told_others/{row.id}/at", "Enter when they were told, or choose ‘Not known’")


def nobody_is_alone(contact: Contact, now: datetime) -> Iterable[Problem]:
    """Check that "nobody" is not chosen together with somebody."""
    if NOBODY in contact.needs_to_know and len(contact.needs_to_know) > 1:
        yield Problem("needs_to_know", "Choose ‘Nobody’ or who needs to know, not both")


def one_child_is_missing(contact: Contact, now: datetime) -> Iterable[Problem]:
    """Check that only one child is reported missing or back, because each child was last seen at a different time.

    A line of the old log (``log_line``) may name several.
    """
    if about_missing(contact) and len(contact.children) > 1 and not contact.log_line:
        yield Problem("children", "Log one contact for each child who is missing or back")


def missing_is_said(contact: Contact, now: datetime) -> Iterable[Problem]:
    """Check that a child is still missing or back, and that "last seen" has a time or is marked as not known.

    A line of the old log (``log_line``) may lack both.
    """
    if not about_missing(contact) or contact.log_line:
        return
    if contact.missing not in ("still", "back"):
        yield Problem("missing", "Choose Still missing or Back at")
    if contact.missing == "still" and contact.missing_since is None and not contact.last_seen_not_known:
        yield Problem("missing_since", "Enter when the child was last seen, or choose ‘Not known’")


def return_is_timed(contact: Contact, now: datetime) -> Iterable[Problem]:
    """Check that a child who is back has a time of return, after going missing."""
    if not about_missing(contact) or contact.missing != "back":
        return
    if contact.back_at is None:
        yield Problem("back_at", "Enter when the child came back")
    elif contact.missing_since is not None and contact.back_at <= contact.missing_since:
        since = times.clock_time(contact.missing_since)
        yield Problem("back_at", f"The child was missing from {since}. Enter a later time for coming back.")


NOT_FUTURE = "Enter a time that is not in the future"


def clocks_are_past(contact: Contact, now: datetime) -> Iterable[Problem]:
    """Check that no past event is in the future, and that a call ends after it begins."""
    past: dict[str, datetime | None] = {
        name: getattr(contact, name)
        for name in ("happened", "told", "ended", "missing_since", "back_at", "visit_out", "visit_back")
    }
    past |= {f"told_others/{row.id}/at": row.at for row in contact.told_others}
    past |= {f"safe_home/{row.id}/at": row.at for row in contact.safe_home}
    for path, moment in past.items():
        if moment is not None and moment > now + timedelta(minutes=1):
            at = times.on_its_day(moment, now)
            yield Problem(path, f"{at[:1].upper()}{at[1:]} is in the future. {NOT_FUTURE}")
    if contact.told and contact.ended and contact.ended < contact.told:
        yield Problem("ended", "Enter an end that is not before the start of the call")


def visit_is_in_order(contact: Contact, now: datetime) -> Iterable[Problem]:
    """Check that a person who leaves for a visit is back after that."""
    if contact.visit_out is None:
        return
    began_at = times.on_its_day(contact.visit_out, now)
    back = {"back_by": contact.back_by}
    back |= {f"safe_home/{row.id}/at": row.at for row in contact.safe_home}
    for path, moment in back.items():
        if moment is not None and moment <= contact.visit_out:
            yield Problem(path, f"The visit began at {began_at}. Enter a later time.")


def title(contact: Contact) -> str:
    """The title of a contact in lists, "Jo Preece rang"; for other kinds of contact their type."""
    if not about_someone(contact):
        return code_list("contact_type").label(contact.type)
    name = contact.caller_name.strip()
    if name:
        return f"{name} {'rang' if contact.channel in ('', 'phone') else 'made contact'}"
    return "Caller not known" if contact.caller_not_known else "No caller yet"


def first_words(contact: Contact) -> str:
    """The subject of a contact in its own words, or its type if nothing was written."""
    words = contact.information or contact.happening
    return " ".join(words.split()) or code_list("contact_type").label(contact.type or CALL)


class CallAboutMissing(msgspec.Struct, frozen=True):
    """What a contact reports of a child who is missing or came back: when it was told, when last seen, when back."""

    is_back: bool
    told: datetime | None = None
    missing_since: datetime | None = None
    back_at: datetime | None = None


def index_terms(contact: Contact) -> Iterator[IndexTerm]:
    """The index terms by which a contact about a missing child is found, however many contacts came after it."""
    if about_missing(contact) and contact.missing:
        call = CallAboutMissing(is_back(contact), contact.told, contact.missing_since, contact.back_at)
        for child in contact.children:
            yield IndexTerm("missing", child, call)


WRITTEN_LATE = timedelta(hours=12)
"""The time after which a contact that is finished late counts as written up later."""


def fills_in(contact: Contact, finish: Finish) -> Fields:
    """Fill in the start and end from the call timer, and what follows from the answers; move a number out of the name."""
    answers: dict[str, Any] = {}
    told_at = contact.told or finish.call_started or finish.now
    if contact.told is None:
        answers["told"] = times.stamp(told_at)
    if contact.ended is None and finish.call_started is not None:
        answers["ended"] = times.stamp(finish.call_ended or finish.now)
    if finish.now - told_at > WRITTEN_LATE:
        answers["late_entry"] = True
    if not contact.outcome and about_someone(contact):
        answers["outcome"] = outcome(contact)
    if telephone.is_number(contact.caller_name):
        answers |= {"caller_name": "", "call_back": contact.call_back or contact.caller_name}
    return answers


def outcome(contact: Contact) -> str:
    """The outcome (``contact_outcome``) that follows from the answers."""
    if contact.risk in ("high", "emergency"):
        return ESCALATED
    if contact.follow_ups:
        return "follow_up"
    return "no_action" if contact.no_advice else "advice_given"


def makes(contact: Contact, finish: Finish) -> Iterator[NewRecord]:
    """An action for each follow-up, and for each service that needs to know and was not told yet."""
    about = {
        "child": next(iter(contact.children), ""),
        "carer": contact.caller,
        "from_contact": finish.record,
        "state": OPEN,
    }
    told_codes = {row.who for row in contact.told_others}
    known_since = contact.ended or contact.told or finish.now
    for code in contact.needs_to_know if about_someone(contact) else ():
        listed = code_list("needs_to_know").get(code)
        words = listed.more.get("action") if listed else ""
        if words and code not in told_codes:
            due = times.stamp(known_since)
            yield NewRecord(
                ACTION.name, code, {"what": words, "tells": code, "due": due, **owned_by_author(finish), **about}
            )
    for row in contact.follow_ups:
        due = times.stamp(row.due) if row.due else ""
        whose = {"owner": row.owner} if row.owner.strip() else owned_by_author(finish)
        yield NewRecord(ACTION.name, row.id, {"what": row.what, "due": due, **whose, **about})


CONTACT = Kind(
    name="contact",
    label="On-call contact",
    plural="On-call contacts",
    short_label="Contact",
    reference_prefix="C",
    record=Contact,
    writers=ON_CALL_AND_MANAGERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    dated_by="told",
    ends_at="ended",
    subtitle=("channel",),
    summary=("happening", "information"),
    lead=("happening", "information", "advice", "risk_why"),
    tags=("risk", "concerns"),
    alerts=("outcome",),
    told_by_title=("type", "caller"),
    columns=("told", "caller_name", "children", "happening", "outcome"),
    checks=(
        caller_is_said,
        one_child_is_missing,
        missing_is_said,
        information_is_said,
        advice_is_said,
        telling_is_timed,
        nobody_is_alone,
        return_is_timed,
        clocks_are_past,
        visit_is_in_order,
    ),
    fills_in=fills_in,
    makes=makes,
    index_terms=index_terms,
    derivation=3,
    sheet=SheetOptions(
        key=("log_line",),
        headers={
            "ref": "log_line",
            "reference": "log_line",
            "log no": "log_line",
            "call time": "told",
            "missing since": "missing_since",
            "last seen": "missing_since",
            "caller is": "caller_role",
            "child": "children",
            "what happened": "happening",
            "advice given": "advice",
        },
        named={
            "caller": NamedReference("caller_name", {"caller_role": "carer"}, "call_back", {"caller_not_known": True})
        },
        names=lambda contact: [contact.log_line],
        files=("contacts",),
    ),
)
