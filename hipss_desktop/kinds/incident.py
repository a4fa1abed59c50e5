"""An incident: what happened, its types, and everybody who was told.

Fields: domain notes sections a, c and h; Fostering Services (England) Regulations 2011 Schedule 7, whose ten events follow
from the types (``incident_type``) and questions (``incident_question``). When somebody must be told is computed
(``rules.clocks``) and never stored. What becomes known after the finish is a row of a growing list, whose author is the
person who added it. What happened and the injuries are texts by paragraph (standard 26.5); until version 2 each was a plain
text.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from hipss_desktop import times
from hipss_desktop.kinds.contact import Contact
from hipss_desktop.kinds.readers import READERS, Reader, readers_field
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, MANAGERS, PRACTITIONERS
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Kind, Section, Upgrade
from hipss_desktop.records.paragraphs import Paragraph, one_paragraph, text_of

ALLEGATION, RESTRAINT, MISSING, AWAY, MOVED, HOSPITAL, BARRING = (
    "allegation",
    "restraint",
    "missing",
    "away",
    "moved",
    "hospital",
    "dbs",
)
OTHER = "other"
"""The code of a recipient that is not in the table."""
GROWING = ("notified", "not_applying", "became_known", "returned", "decided", "steps", READERS)
"""The growing lists; each row has its time in ``at``."""
YES, NO, TO_DECIDE = "yes", "no", "to_decide"
QUESTIONS = ("police_serious", "complaint_serious", "abuse_suspected", "mental_health")
"""The fields that ask how serious it is; each is a code of ``incident_question``, with the types for which it is asked."""


def is_of(*types: str) -> Callable[["Incident"], bool]:
    """Return a function that says whether an incident has one of these types, known at first or later."""
    return lambda incident: not types_of(incident).isdisjoint(types)


def asked_for(question: str) -> Callable[["Incident"], bool]:
    """Return a function that says whether a question of ``incident_question`` is asked, by the types in its list."""
    listed = code_list("incident_question").get(question)
    return is_of(*(listed.more["types"].split() if listed else ()))


def question(code: str) -> msgspec.Meta:
    """The field of a question that is asked for some types and answered with yes, no or "to decide"."""
    label = code_list("incident_question").label(code)
    return field(label, choices="yes_no_to_decide", shown_if=asked_for(code), required="Choose Yes, No or To decide")


class Notified(msgspec.Struct):
    """Somebody was told, was told in writing afterwards, or acknowledged it; the person who recorded it is the row's author.

    A row without a step means that they were told.
    """

    id: str
    recipient: Annotated[str, field("Who", choices="notification_recipient", required="Choose who was told")] = ""
    own_recipient: Annotated[str, field("Recipient of the council’s own", refers_to="recipient")] = ""
    child: Annotated[str, field("About which child", "Empty for all of them", refers_to="child", names="child")] = ""
    step: Annotated[str, field("What was done", choices="notification_step")] = ""
    told_by: Annotated[str, field("Told by", "Empty if it was you", names="third")] = ""
    spoke_to: Annotated[str, field("Spoke to", names="third")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was")] = None
    how: Annotated[str, field("How", choices="told_how")] = ""
    reference: Annotated[str, field("Reference or log number")] = ""
    grade: Annotated[str, field("Grade", "As the police gave it")] = ""
    note: Annotated[str, field("What they said", lines=2)] = ""


class DoesNotApply(msgspec.Struct):
    """The reason why somebody need not be told of this incident; the clock stays visible with the reason."""

    id: str
    recipient: Annotated[
        str, field("Who", choices="notification_recipient", required="Choose who need not be told")
    ] = ""
    own_recipient: Annotated[str, field("Which of the council’s own", refers_to="recipient")] = ""
    child: Annotated[str, field("Which child", "Empty for all of them", refers_to="child", names="child")] = ""
    why: Annotated[str, field("Why", lines=2, required="Enter why it does not apply")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was decided")] = None


class BecameKnown(msgspec.Struct):
    """Something that became known later and gives the incident another type, whose clocks count from this time."""

    id: str
    type: Annotated[str, field("Type", choices="incident_type", required="Choose what became known")] = ""
    at: Annotated[datetime | None, field("When you were told", required="Enter when you were told")] = None
    words: Annotated[str, field("In words", lines=2)] = ""


class Returned(msgspec.Struct):
    """The return of a child; the time for the return home interview counts from it."""

    id: str
    child: Annotated[str, field("Who is back", "Empty for all of them", refers_to="child", names="child")] = ""
    seen_by: Annotated[str, field("Seen by", names="third")] = ""
    injuries: Annotated[str, field("Injuries", lines=2)] = ""
    at: Annotated[datetime | None, field("Back at", required="Enter when the child came back")] = None


class Decided(msgspec.Struct):
    """The answer to a question that was left to decide, or a new answer to a question."""

    id: str
    question: Annotated[str, field("Question", choices="incident_question", required="Choose the question")] = ""
    answer: Annotated[bool | None, field("Answer", required="Answer with yes or no")] = None
    why: Annotated[str, field("Why", lines=2, required="Enter why")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was decided")] = None


class Step(msgspec.Struct):
    """Something that was done about the incident."""

    id: str
    done: Annotated[str, field("What was done", lines=2, required="Enter what was done")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was done")] = None


class Incident(msgspec.Struct):
    """The questions about an incident, and what was done since."""

    types: Annotated[
        list[str],
        field("What happened?", "Choose all that apply", choices="incident_type", required="Choose what happened"),
    ] = []
    children: Annotated[list[str], field("Children", refers_to="child", subject=True, names="child")] = []
    carers: Annotated[list[str], field("Carers", refers_to="carer", subject=True, names="carer")] = []
    happened: Annotated[datetime | None, field("When it happened", group="clocks", past=True)] = None
    aware: Annotated[
        datetime | None,
        field(
            "When the service was told",
            "The clocks count from it",
            group="clocks",
            required="Enter when the service was told",
            past=True,
        ),
    ] = None
    where: Annotated[str, field("Where it happened")] = ""
    happening: Annotated[
        list[Paragraph],
        field(
            "What happened, in words",
            "Write no details of an allegation here. They go to the LADO and the manager.",
            lines=4,
        ),
    ] = []
    injuries: Annotated[list[Paragraph], field("Injuries and treatment", lines=2)] = []
    others_there: Annotated[str, field("Who else was there", names="third", lines=2)] = ""
    alleged_against: Annotated[
        str,
        field(
            "Against whom",
            "By role only",
            choices="alleged_against",
            shown_if=is_of(ALLEGATION),
            required="Choose against whom the allegation is",
        ),
    ] = ""
    police_serious: Annotated[str, question("police_serious")] = ""
    complaint_serious: Annotated[str, question("complaint_serious")] = ""
    abuse_suspected: Annotated[str, question("abuse_suspected")] = ""
    mental_health: Annotated[str, question("mental_health")] = ""
    decides: Annotated[
        str,
        field("Who decides what is left to decide", names="third", shown_if=lambda incident: bool(undecided(incident))),
    ] = ""
    hospital: Annotated[str, field("Which hospital, and who is with the child", shown_if=is_of(HOSPITAL))] = ""
    moved_to: Annotated[str, field("Where the child went, and who agreed it", shown_if=is_of(MOVED))] = ""
    area_authority: Annotated[
        str,
        field("Authority in whose area the child is placed", "Only if that is another one than the council"),
    ] = ""
    from_contact: Annotated[str, field("From contact", refers_to="contact")] = ""
    about_hold: Annotated[str, field("From restraint", refers_to="restraint")] = ""
    from_episode: Annotated[str, field("From missing episode", refers_to="missing_episode")] = ""
    notified: Annotated[list[Notified], field("Who was told", grows=True, row_name="somebody who was told")] = []
    not_applying: Annotated[
        list[DoesNotApply], field("Does not apply", grows=True, row_name="a recipient who need not be told")
    ] = []
    became_known: Annotated[
        list[BecameKnown], field("What became known later", grows=True, row_name="something that became known later")
    ] = []
    returned: Annotated[list[Returned], field("Back", grows=True, row_name="a return")] = []
    decided: Annotated[list[Decided], field("Decided later", grows=True, row_name="a decision")] = []
    steps: Annotated[list[Step], field("What was done", grows=True, row_name="something that was done")] = []
    readers: Annotated[list[Reader], readers_field()] = []


def types_of(incident: Incident) -> set[str]:
    """The types of an incident, including those that became known later."""
    return {*incident.types, *(row.type for row in incident.became_known)}


TYPES_OF_CONCERNS = {
    "missing": MISSING,
    "self_harm": "self_harm",
    "violence": "aggression",
    "exploitation": "exploitation",
}
"""The type of incident that a concern of a contact suggests, by the codes of ``concern``."""


def from_contact(contact: Contact, record: str) -> dict[str, Any]:
    """The first fields of an incident made from a contact: whom it is about, its times, and a link, but no text.

    Args:
        contact: the contact.
        record: its identifier.
    """
    carers = list(dict.fromkeys(filter(None, (contact.caller, *contact.carers))))
    return {
        "types": [TYPES_OF_CONCERNS[code] for code in contact.concerns if code in TYPES_OF_CONCERNS],
        "children": list(contact.children),
        "carers": carers,
        "happened": times.stamp(contact.happened) if contact.happened else "",
        "aware": times.stamp(contact.told) if contact.told else "",
        "from_contact": record,
    }


def undecided(incident: Incident) -> list[str]:
    """The questions that are asked and were left to decide at the finish."""
    return [
        question for question in QUESTIONS if asked_for(question)(incident) and getattr(incident, question) == TO_DECIDE
    ]


def words_are_there(incident: Incident, now: datetime) -> Iterable[Problem]:
    """Check that words say what happened, here or in the record it comes from; an allegation needs no details here."""
    linked = incident.from_contact or incident.about_hold or incident.from_episode
    if not text_of(incident.happening) and not linked and set(incident.types) != {ALLEGATION}:
        yield Problem("happening", "Enter what happened")


def somebody_decides(incident: Incident, now: datetime) -> Iterable[Problem]:
    """Check that questions left to decide have somebody who decides."""
    if undecided(incident) and not incident.decides.strip():
        yield Problem("decides", "Enter who decides")


NOT_FUTURE = "Enter a time that is not in the future"
A_MINUTE = timedelta(minutes=1)
"""The time by which two clocks in one house may differ."""


def clocks_are_past(incident: Incident, now: datetime) -> Iterable[Problem]:
    """Check that no past event is in the future, and that the service was told after it happened."""
    moments: dict[str, datetime | None] = {}
    for name in GROWING:
        moments |= {f"{name}/{row.id}/at": row.at for row in getattr(incident, name)}
    for path, moment in moments.items():
        if moment is not None and moment > now + A_MINUTE:
            yield Problem(path, NOT_FUTURE)
    if incident.happened and incident.aware and incident.aware < incident.happened:
        at = times.on_its_day(incident.happened, now)
        yield Problem("aware", f"It happened at {at}. Enter a later time for when the service was told.")


def return_is_after(incident: Incident, now: datetime) -> Iterable[Problem]:
    """Check that a child came back after the incident happened."""
    for row in incident.returned:
        if row.at and incident.happened and row.at < incident.happened:
            at = times.on_its_day(incident.happened, now)
            yield Problem(f"returned/{row.id}/at", f"The child was gone from {at}. Enter a later time for coming back.")


def others_are_named(incident: Incident, now: datetime) -> Iterable[Problem]:
    """Check that another person who was told is one of the council's own recipients or has a name."""
    for row in incident.notified:
        if row.recipient == OTHER and not row.own_recipient and not row.spoke_to.strip():
            yield Problem(f"notified/{row.id}/spoke_to", "Enter who was told")


def title(incident: Incident) -> str:
    """The title of an incident from its types, "Missing from care, self-harm or overdose"."""
    labels = [code_list("incident_type").label(code) for code in incident.types]
    return ", ".join([*labels[:1], *(within(label) for label in labels[1:])]) or "Incident of no type yet"


INCIDENT = Kind(
    name="incident",
    label="Incident",
    plural="Incidents",
    reference_prefix="INC",
    record=Incident,
    writers=PRACTITIONERS,
    countersigned_by=MANAGERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    upgrades=(Upgrade(converted={"happening": one_paragraph, "injuries": one_paragraph}),),
    dated_by="aware",
    summary=("happening",),
    lead=("happening", "injuries"),
    tags=("types",),
    told_by_title=("types",),
    columns=("aware", "types", "children", "happening"),
    sections=(
        Section("What happened", ("types", "children", "carers", "happened", "aware", "where", "happening")),
        Section("Who was there", ("injuries", "others_there", "hospital", "moved_to", "area_authority")),
        Section(
            "To decide",
            ("alleged_against", "police_serious", "complaint_serious", "abuse_suspected", "mental_health", "decides"),
        ),
        Section("Where it comes from", ("from_contact", "about_hold", "from_episode")),
        Section("Since then", GROWING),
    ),
    derivation=2,
    checks=(words_are_there, somebody_decides, clocks_are_past, return_is_after, others_are_named),
)
