"""A restraint: a hold of a child by a carer, what came before and after it, marks, and the child's own account.

Fostering law prescribes no form. The fields are those of regulation 35(3) of the Children's Homes (England) Regulations
2015. Three clocks follow that regulation as local policy (``rules.clocks``). What is said or seen later is a row of a
growing list, so that each account is kept.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any

import msgspec

from hipss_desktop import times
from hipss_desktop.kinds.incident import A_MINUTE, ALLEGATION, INCIDENT, NOT_FUTURE, TO_DECIDE
from hipss_desktop.kinds.readers import READERS, Reader, readers_field
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, MANAGERS, PRACTITIONERS
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import Fields, Problem, field
from hipss_desktop.records.kind import Finish, Kind, NewRecord, Section, Upgrade
from hipss_desktop.records.paragraphs import Paragraph, one_paragraph

PER_CENT = 100


class Mark(msgspec.Struct):
    """A mark on the child's body; left and right are the child's."""

    id: str
    place: Annotated[str, field("Where", choices="body_place", required="Choose where the mark is")] = ""
    side: Annotated[str, field("Front or back", choices="body_side", required="Choose front or back")] = ""
    across: Annotated[int | None, field("Across the drawing, per cent")] = None
    down: Annotated[int | None, field("Down the drawing, per cent")] = None
    size: Annotated[int | None, field("Size in centimetres")] = None
    words: Annotated[str, field("In words", required="Enter what the mark looks like")] = ""
    origin: Annotated[str, field("Where it comes from", choices="mark_from")] = ""
    at: Annotated[datetime | None, field("Seen at", required="Enter when it was seen")] = None
    seen_by: Annotated[str, field("Seen by", names="third")] = ""


class Look(msgspec.Struct):
    """A look for marks, and whether any were found."""

    id: str
    at: Annotated[datetime | None, field("Looked at", required="Enter when somebody looked")] = None
    looked_by: Annotated[str, field("Looked by", names="third", required="Enter who looked")] = ""
    marks_seen: Annotated[bool | None, field("Marks seen", required="Answer with yes or no")] = None


class Account(msgspec.Struct):
    """What the child said of the hold, in the child's words; each account is a row."""

    id: str
    given: Annotated[str, field("Own account", choices="account_given", required="Choose whether it was given")] = ""
    words: Annotated[str, field("In the child’s words", names="child", lines=3)] = ""
    to: Annotated[str, field("Said to", names="third")] = ""
    others_there: Annotated[str, field("Who else was there", names="third")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was")] = None


class SpokeTo(msgspec.Struct):
    """A talk about the hold with the person who held the child, or with the child."""

    id: str
    who: Annotated[str, field("Spoken to", choices="spoken_to", required="Choose who was spoken to")] = ""
    spoken_by: Annotated[str, field("Who spoke to them", "Empty if it was you", names="third")] = ""
    words: Annotated[str, field("What was said", lines=3)] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was")] = None


class Alleged(msgspec.Struct):
    """An allegation about the hold, without its details; it makes an incident of that type."""

    id: str
    against: Annotated[
        str, field("Against whom", "By role only", choices="alleged_against", required="Choose against whom it is")
    ] = ""
    at: Annotated[datetime | None, field("When you were told", required="Enter when you were told")] = None


class Restraint(msgspec.Struct):
    """The questions about a hold, and what was said and seen since."""

    child: Annotated[
        str, field("Child", refers_to="child", subject=True, names="child", required="Choose the child")
    ] = ""
    carer: Annotated[str, field("Carer household", refers_to="carer", subject=True, names="carer")] = ""
    began: Annotated[
        datetime | None, field("Hold began", group="hold", required="Enter when the hold began", past=True)
    ] = None
    ended: Annotated[
        datetime | None, field("Hold ended", group="hold", required="Enter when the hold ended", past=True)
    ] = None
    held_by: Annotated[str, field("Who held the child", names="carer", required="Enter who held the child")] = ""
    how_long: Annotated[str, field("How long", "If it was shorter than a minute: about 20 seconds", group="hold")] = ""
    where: Annotated[str, field("Where", required="Enter where it was")] = ""
    led_to_it: Annotated[list[Paragraph], field("What led to it", lines=3, required="Enter what led to it")] = []
    tried_first: Annotated[
        list[Paragraph], field("What was tried first", lines=3, required="Enter what was tried first")
    ] = []
    hold_kind: Annotated[str, field("Kind of hold", choices="restraint_kind")] = ""
    hold_words: Annotated[
        list[Paragraph], field("How the child was held", lines=2, required="Enter how the child was held")
    ] = []
    why_needed: Annotated[list[Paragraph], field("Why it was needed", lines=2, required="Enter why it was needed")] = []
    others_there: Annotated[str, field("Who else was there", names="third")] = ""
    outcome: Annotated[list[Paragraph], field("Did it work, and what came after", lines=2)] = []
    injuries: Annotated[list[Paragraph], field("Injuries to anybody else", lines=2)] = []
    medical_help: Annotated[str, field("Medical help", "Offered when, and the answer", lines=2)] = ""
    plan_review: Annotated[str, field("Review of the plan")] = ""
    written: Annotated[datetime | None, field("Written up", "When this record was finished")] = None
    from_contact: Annotated[str, field("From contact", refers_to="contact")] = ""
    incident: Annotated[str, field("Part of incident", refers_to="incident")] = ""
    marks: Annotated[list[Mark], field("Marks", grows=True, row_name="a mark")] = []
    looked: Annotated[list[Look], field("Looked for marks", grows=True, row_name="a look for marks")] = []
    accounts: Annotated[list[Account], field("The child’s own account", grows=True, row_name="an account")] = []
    spoke_to: Annotated[list[SpokeTo], field("Spoken to", grows=True, row_name="a talk")] = []
    alleged: Annotated[list[Alleged], field("Allegation about the hold", grows=True, row_name="an allegation")] = []
    readers: Annotated[list[Reader], readers_field()] = []


WEIGHED = ("led_to_it", "tried_first", "hold_words", "why_needed", "outcome", "injuries")
"""The texts by paragraph (standard 26.5); until version 2 each was a plain text."""
GROWING = ("marks", "looked", "accounts", "spoke_to", "alleged", READERS)
"""The growing lists; each row has its time in ``at``."""


def hold_runs_forward(restraint: Restraint, now: datetime) -> Iterable[Problem]:
    """Check that a hold does not end before it begins; both may be in one minute."""
    if restraint.began and restraint.ended and restraint.ended < restraint.began:
        at = times.on_its_day(restraint.began, now)
        yield Problem("ended", f"The hold began at {at}. Enter a later time for when it ended.")


def clocks_are_past(restraint: Restraint, now: datetime) -> Iterable[Problem]:
    """Check that no past event is in the future, and that talks about a hold come after its end."""
    moments: dict[str, datetime | None] = {}
    for name in GROWING:
        moments |= {f"{name}/{row.id}/at": row.at for row in getattr(restraint, name)}
    for path, moment in moments.items():
        if moment is not None and moment > now + A_MINUTE:
            yield Problem(path, NOT_FUTURE)
    for row in restraint.spoke_to:
        if row.at and restraint.ended and row.at < restraint.ended:
            at = times.on_its_day(restraint.ended, now)
            yield Problem(f"spoke_to/{row.id}/at", f"The hold ended at {at}. Enter a later time for the talk.")


def marks_are_on_the_drawing(restraint: Restraint, now: datetime) -> Iterable[Problem]:
    """Check that a mark's place on the drawing is 0 to 100 per cent, and that its size is not negative."""
    for row in restraint.marks:
        for name in ("across", "down"):
            value = getattr(row, name)
            if value is not None and not 0 <= value <= PER_CENT:
                yield Problem(f"marks/{row.id}/{name}", "Enter a number from 0 to 100")
        if row.size is not None and row.size < 0:
            yield Problem(f"marks/{row.id}/size", "Enter a size that is not below 0")


def account_has_words(restraint: Restraint, now: datetime) -> Iterable[Problem]:
    """Check that an account that was given is written down."""
    for row in restraint.accounts:
        if row.given == "given" and not row.words.strip():
            yield Problem(f"accounts/{row.id}/words", "Enter what the child said, in the child’s words")


def fills_in(restraint: Restraint, finish: Finish) -> Fields:
    """Fill in when the record was written up, which the first clock needs."""
    return {} if restraint.written else {"written": times.stamp(finish.now)}


def makes(restraint: Restraint, finish: Finish) -> Iterator[NewRecord]:
    """An incident of the type allegation for each allegation about the hold, so that the LADO's clock runs."""
    for row in restraint.alleged:
        fields: dict[str, Any] = {
            "types": [ALLEGATION],
            "children": [restraint.child] if restraint.child else [],
            "carers": [restraint.carer] if restraint.carer else [],
            "aware": times.stamp(row.at or finish.now),
            "alleged_against": row.against,
            "abuse_suspected": TO_DECIDE,
            "decides": code_list("role").label("manager"),
            "about_hold": finish.record,
        }
        yield NewRecord(INCIDENT.name, row.id, fields)


def title(restraint: Restraint) -> str:
    """The title, with the person who held the child, "Held by Carol Yeo"."""
    return f"Held by {restraint.held_by.strip()}" if restraint.held_by.strip() else "Restraint"


RESTRAINT = Kind(
    name="restraint",
    label="Restraint",
    plural="Restraints",
    reference_prefix="RST",
    record=Restraint,
    writers=PRACTITIONERS,
    countersigned_by=MANAGERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    upgrades=(Upgrade(converted=dict.fromkeys(WEIGHED, one_paragraph)),),
    dated_by="ended",
    summary=("led_to_it",),
    lead=("led_to_it", "tried_first", "hold_words", "why_needed"),
    columns=("ended", "child", "held_by", "how_long"),
    sections=(
        Section("What happened", ("child", "carer", "held_by", "began", "ended", "how_long", "where")),
        Section("The hold", ("led_to_it", "tried_first", "hold_kind", "hold_words", "why_needed", "others_there")),
        Section("After it", ("outcome", "injuries", "medical_help", "plan_review")),
        Section("Where it comes from", ("from_contact", "incident", "written")),
        Section("Since then", GROWING),
    ),
    derivation=2,
    checks=(hold_runs_forward, clocks_are_past, marks_are_on_the_drawing, account_has_words),
    fills_in=fills_in,
    makes=makes,
)
