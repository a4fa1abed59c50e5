"""Direct work of the lead practitioner with a child or family: separate from consultations and never counted as one."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import TISS
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Kind, Section, SheetOptions
from hipss_desktop.records.paragraphs import Paragraph

LONGEST = 24 * 60
"""The longest session, in minutes."""


class WorkedWith(msgspec.Struct):
    """A person who was there with the child."""

    id: str
    name: Annotated[str, field("Name", names="third", required="Enter the name, or initials")] = ""
    relation: Annotated[str, field("Who it is", "Mother, carer, teacher")] = ""


class DirectWork(msgspec.Struct):
    """One session: with whom, for what aim, what was done, what the child said, and what comes next."""

    child: Annotated[str, field("Child placed with HIPSS", refers_to="child", subject=True, names="child")] = ""
    case: Annotated[
        str, field("Or a case of another team", refers_to="case", subject=True, shown_if=lambda work: not work.child)
    ] = ""
    on: Annotated[date | None, field("Day", required="Enter the day", past=True)] = None
    minutes: Annotated[int | None, field("Minutes", least=1, most=LONGEST)] = None
    who: Annotated[list[str], field("Who did it", refers_to="practitioner")] = []
    with_whom: Annotated[list[WorkedWith], field("Who was there", row_name="a person")] = []
    aim: Annotated[str, field("Aim", lines=2, required="Enter what it was for")] = ""
    done: Annotated[
        list[Paragraph], field("What was done", required="Enter what was done", row_name="a paragraph")
    ] = []
    childs_words: Annotated[list[Paragraph], field("What the child said", row_name="a paragraph")] = []
    next_step: Annotated[str, field("What comes next", lines=2)] = ""
    consent: Annotated[
        str, field("Consent", choices="knows_and_agrees", required="Choose whether those it is about agree")
    ] = ""
    consent_words: Annotated[
        str,
        field(
            "Who agreed, or why not",
            shown_if=lambda work: bool(work.consent),
            required="Enter who agreed, or why not",
        ),
    ] = ""


def somebody_is_named(work: DirectWork, now: datetime) -> Iterable[Problem]:
    """Check that it is about a child of the service or a case of another team."""
    if not (work.child or work.case):
        yield Problem("child", "Choose the child, or the case of another team")


DIRECT_WORK = Kind(
    name="direct_work",
    label="Direct work",
    plural="Direct work",
    reference_prefix="DW",
    record=DirectWork,
    writers=TISS,
    readers=TISS,
    title_from=lambda work: work.aim.strip() or "Direct work with no aim yet",
    dated_by="on",
    summary=("child", "case", "next_step"),
    lead=("done", "childs_words"),
    columns=("on", "child", "case", "aim", "minutes"),
    sections=(
        Section("With whom", ("child", "case", "on", "minutes", "who", "with_whom", "consent", "consent_words")),
        Section("The work", ("aim", "done", "childs_words", "next_step")),
    ),
    checks=(somebody_is_named,),
    sheet=SheetOptions(key=("child", "case", "on", "aim"), optional_key=("child", "case")),
)
