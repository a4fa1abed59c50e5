"""A kind for tests: rows with references, a list that grows, a day, codes, a yes-or-no question, and sections."""

from datetime import date, datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Kind, Section


def is_somebody_else(told_row: "Told") -> bool:
    """Return whether the form must ask who exactly was told."""
    return told_row.who == "other"


class Present(msgspec.Struct):
    """Somebody who came."""

    id: str
    colleague: Annotated[str, field("Colleague", refers_to="practitioner")] = ""
    name: Annotated[str, field("Name", names="third")] = ""
    part: Annotated[str, field("What they brought", lines=2)] = ""
    about: Annotated[list[str], field("Spoke about", refers_to="child", subject=True)] = []


class Told(msgspec.Struct):
    """Somebody who was told afterwards."""

    id: str
    who: Annotated[str, field("Who", choices="told", required="Choose who was told")] = ""
    which: Annotated[str, field("Who exactly", shown_if=is_somebody_else, required="Enter who was told")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when they were told")] = None
    by: Annotated[str, field("Told by", refers_to="practitioner")] = ""
    note: Annotated[str, field("What they said")] = ""


def about_a_child(meeting: "Meeting") -> bool:
    """Return whether a meeting is about a child."""
    return meeting.about == "child"


class Meeting(msgspec.Struct):
    """A meeting."""

    notes: Annotated[str, field("Notes", lines=3)] = ""
    held_on: Annotated[date | None, field("Date", required="Enter the date")] = None
    about: Annotated[str, field("About", choices="role")] = ""
    child: Annotated[str, field("Child", refers_to="child", subject=True)] = ""
    agreed: Annotated[bool | None, field("Everybody agreed")] = None
    question: Annotated[str, field("Question brought", lines=3, required="Enter the question")] = ""
    review: Annotated[date | None, field("Review on")] = None
    present: Annotated[list[Present], field("Who came")] = []
    told: Annotated[list[Told], field("Who was told", grows=True)] = []


MEETING = Kind(
    name="meeting",
    label="Meeting",
    plural="Meetings",
    reference_prefix="ME",
    record=Meeting,
    writers=EVERYONE_IN_SERVICE,
    readers=EVERYONE_IN_SERVICE,
    title_from=lambda meeting: meeting.question.partition("?")[0] or "Meeting",
    dated_by="held_on",
    summary=("question",),
    lead=("question",),
    sections=(
        Section("What it is about", ("held_on", "question", "about", "child")),
        Section("What came of it", ("agreed", "review")),
        Section("People", ("present", "told")),
    ),
)
