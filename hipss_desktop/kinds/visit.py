"""A supervision visit to a carer household: who was seen, what was said of each child and the home, and what must be done.

Fields: the Leeds supervision form, national minimum standards 10.5 (home seen without appointment), 21.8 (supervision, one
visit a year unannounced) and 26.5 (marks), domain notes section b. Its long text is one list of paragraphs, each in a
section and, if it is about one child, for that child; comments, readings and disagreements refer to a paragraph. Few
answers are needed to finish, because a visit lasts an hour; parts may be marked as left for later. Other records are
referred to, never copied. An unannounced call with nobody in is recorded but does not count as a visit.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Annotated, Any

import msgspec

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, OPEN
from hipss_desktop.kinds.carer_check import ANNUAL_REVIEW, CARER_CHECK, OF_A_PERSON, STANDARDS, TSDS
from hipss_desktop.kinds.readers import READERS, Reader, readers_field
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, FOSTERING, MANAGERS
from hipss_desktop.records.codes import Code, code_list
from hipss_desktop.records.describing import never
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Finish, Kind, NewRecord, Section, SheetOptions
from hipss_desktop.records.paragraphs import Paragraph, in_order

PLANNED, UNANNOUNCED, TELEPHONE, VIRTUAL = "planned", "unannounced", "telephone", "virtual"
IN_PERSON = (PLANNED, UNANNOUNCED)
"""The types of visit (``visit_type``) for which somebody went to the home."""
SECTIONS, PARTS = "visit_section", "visit_part"
"""The code lists of the sections of the text and of the parts of the page, both in their order."""
OF_A_CHILD, OF_UNANNOUNCED = "child", "unannounced"
"""What a section may be about: each child, or an unannounced visit alone."""
THIRD_PARTY = "third_party"
"""The mark of words about or from somebody else: they are never read back to a carer."""
TOOK_PART, AT_HOME, CARING = "took_part", "at_home", "caring"
"""The ways in which somebody was there (``visit_presence``)."""
HOUSEHOLD, COLLEAGUE, OTHER = "household", "colleague", "other"
"""The kinds of people that a visit names (``visit_person``)."""
NAMING = ("contact", "incident", "restraint", "episode", "alert")
"""The fields of a row of ``since``, of which one refers to its record."""


def is_unannounced(visit: "Visit") -> bool:
    """Whether the household did not know of the visit before."""
    return visit.type == UNANNOUNCED


def is_in_person(visit: "Visit") -> bool:
    """Whether somebody went to the home; also True while the type is not chosen."""
    return visit.type in (*IN_PERSON, "")


def somebody_is_named(visit: "Visit") -> bool:
    """Whether anybody except colleagues is recorded as present, or a child as seen."""
    return any(row.was and row.who != COLLEAGUE for row in visit.people) or any(row.seen for row in visit.children)


def may_be_out(visit: "Visit") -> bool:
    """Whether the form asks if nobody was in: not once somebody is recorded as present."""
    return is_in_person(visit) and not somebody_is_named(visit)


def was_held(visit: "Visit") -> bool:
    """Whether there was a visit at all; a call with nobody in does not count (domain notes h, 13)."""
    return not (visit.nobody_in and may_be_out(visit))


def looked_at_the_home(visit: "Visit") -> bool:
    """Whether the questions of an unannounced visit are asked."""
    return is_unannounced(visit) and was_held(visit)


class Present(msgspec.Struct):
    """A person who took part, was at home or was caring; children placed there have their own rows (``ChildSeen``)."""

    id: str
    who: Annotated[str, field("Who it is", choices="visit_person")] = ""
    member: Annotated[str, field("Row in the household", searchable=False, shown_if=never)] = ""
    colleague: Annotated[str, field("Colleague who was there", refers_to="practitioner")] = ""
    name: Annotated[str, field("Name", names="third", required="Enter the name")] = ""
    was: Annotated[
        list[str],
        field(
            "Was there", choices="visit_presence", required="Choose whether they took part, were at home or were caring"
        ),
    ] = []


class ChildSeen(msgspec.Struct):
    """One child placed there on the day, respite included: whether the child was seen, and seen alone."""

    id: str
    child: Annotated[
        str, field("Child", refers_to="child", subject=True, names="child", required="Choose the child")
    ] = ""
    placed_as: Annotated[str, field("Placed", choices="placement_type")] = ""
    seen: Annotated[bool | None, field("Seen today?")] = None
    why_not: Annotated[
        str,
        field("Why not?", shown_if=lambda row: row.seen is False, required="Enter why the child was not seen"),
    ] = ""
    seen_alone: Annotated[bool | None, field("Seen alone?", shown_if=lambda row: bool(row.seen))] = None
    why_not_alone: Annotated[
        str,
        field(
            "Why not alone?",
            shown_if=lambda row: bool(row.seen) and row.seen_alone is False,
            required="Enter why the child was not seen alone",
        ),
    ] = ""
    where: Annotated[str, field("Where", shown_if=lambda row: bool(row.seen))] = ""
    minutes: Annotated[int | None, field("For how many minutes", shown_if=lambda row: bool(row.seen))] = None


class Since(msgspec.Struct):
    """A reference to a record since the last visit, and whether it was discussed."""

    id: str
    contact: Annotated[str, field("Contact", refers_to="contact")] = ""
    incident: Annotated[str, field("Incident", refers_to="incident")] = ""
    restraint: Annotated[str, field("Restraint", refers_to="restraint")] = ""
    episode: Annotated[str, field("Missing episode", refers_to="missing_episode")] = ""
    alert: Annotated[str, field("Alert", refers_to="alert")] = ""
    came_later: Annotated[bool, field("Came while the visit was written")] = False
    raised: Annotated[bool | None, field("Raised")] = None
    why_not: Annotated[
        str,
        field(
            "Not raised, because",
            shown_if=lambda row: row.raised is False,
            required="Enter why it was not raised",
        ),
    ] = ""


def may_be_read_back(paragraph: Paragraph) -> bool:
    """Whether a paragraph may be read to the household; words about or from somebody else never are."""
    return paragraph.mark != THIRD_PARTY


class NoteParagraph(Paragraph):
    """A paragraph of a visit: its section, its child, and whether it is chosen to be read back."""

    section: Annotated[str, field("Section", choices=SECTIONS)] = ""
    child: Annotated[str, field("Child", refers_to="child")] = ""
    read_back: Annotated[bool, field("Read back", shown_if=may_be_read_back)] = False


class HouseholdChange(msgspec.Struct):
    """A person who came to the household, left it, visits often or has changed, and their DBS check."""

    id: str
    change: Annotated[str, field("What changed", choices="household_change", required="Choose what changed")] = ""
    member: Annotated[str, field("Row in the household", searchable=False, shown_if=never)] = ""
    name: Annotated[str, field("Name", names="third", required="Enter the name")] = ""
    on: Annotated[date | None, field("Since")] = None
    checked: Annotated[date | None, field("DBS check", past=True)] = None
    words: Annotated[str, field("In words")] = ""


class NewAction(msgspec.Struct):
    """Something agreed at the visit; finishing the visit makes it an action."""

    id: str
    what: Annotated[str, field("What", required="Enter what is to be done")] = ""
    owner: Annotated[
        str,
        field(
            "Who",
            "Or choose a colleague",
            names="third",
            shown_if=lambda row: not row.colleague,
            required="Enter who does it",
        ),
    ] = ""
    colleague: Annotated[str, field("Colleague who does it", refers_to="practitioner")] = ""
    child: Annotated[str, field("About which child", "Empty for the household", refers_to="child")] = ""
    due: Annotated[date | None, field("By", required="Enter by when")] = None


class Checked(msgspec.Struct):
    """A check that was made at the visit; finishing the visit makes a check record with the same fields."""

    id: str
    type: Annotated[str, field("What was checked", choices="carer_check_type", required="Choose what was checked")] = ""
    member: Annotated[str, field("Row in the household", searchable=False, shown_if=never)] = ""
    name: Annotated[
        str,
        field(
            "Of whom",
            "The name as it stands in the household",
            names="carer",
            shown_if=lambda row: row.type in OF_A_PERSON,
            required="Enter whose check it was",
        ),
    ] = ""
    on: Annotated[date | None, field("When", required="Enter when it was", past=True)] = None
    at_panel: Annotated[
        bool | None,
        field(
            "At the fostering panel",
            shown_if=lambda row: row.type == ANNUAL_REVIEW,
            required="Say whether it was at panel",
        ),
    ] = None
    standards: Annotated[
        int | None,
        field(
            "Standards met, of 7",
            shown_if=lambda row: row.type == TSDS,
            required="Enter how many of the 7 standards are met",
        ),
    ] = None
    outcome: Annotated[str, field("Outcome")] = ""
    next_on: Annotated[date | None, field("Next one by", "Only where it is sooner than the rule asks")] = None


class Visit(msgspec.Struct):
    """One supervision of one household."""

    carer: Annotated[
        str,
        field("Household", refers_to="carer", subject=True, names="carer", required="Choose the household"),
    ] = ""
    type: Annotated[str, field("Kind of visit", choices="visit_type", required="Choose the kind of visit")] = ""
    began: Annotated[
        datetime | None, field("Start", group="span", required="Enter when the visit began", past=True)
    ] = None
    ended: Annotated[datetime | None, field("End", group="span", past=True)] = None
    nobody_in: Annotated[bool | None, field("Nobody was in", shown_if=may_be_out)] = None
    where: Annotated[str, field("Where", "Empty for their home", shown_if=was_held)] = ""
    people: Annotated[
        list[Present], field("Who took part, was at home, was caring", shown_if=was_held, row_name="a person")
    ] = []
    children_out: Annotated[bool | None, field("The children were out", shown_if=looked_at_the_home)] = None
    children: Annotated[list[ChildSeen], field("Children placed there", shown_if=was_held, row_name="a child")] = []
    previous: Annotated[str, field("Last visit", refers_to="visit")] = ""
    since: Annotated[list[Since], field("Since the last visit", shown_if=was_held, row_name="a record")] = []
    note: Annotated[list[NoteParagraph], field("Note", row_name="a paragraph")] = []
    logs_from: Annotated[date | None, field("Daily logs read from", group="logs", shown_if=was_held, past=True)] = None
    logs_to: Annotated[date | None, field("Daily logs read to", group="logs", shown_if=was_held, past=True)] = None
    changes: Annotated[
        list[HouseholdChange],
        field("Changes in the household", shown_if=was_held, row_name="a change in the household"),
    ] = []
    rooms_seen: Annotated[bool | None, field("Rooms seen", shown_if=looked_at_the_home)] = None
    repeat_needed: Annotated[bool | None, field("A repeat is needed", shown_if=is_unannounced)] = None
    checks: Annotated[list[Checked], field("Checks made", shown_if=was_held, row_name="a check")] = []
    new_actions: Annotated[list[NewAction], field("New actions", row_name="an action")] = []
    readers: Annotated[list[Reader], readers_field()] = []
    left: Annotated[list[str], field("Left for later", choices=PARTS, shown_if=was_held)] = []
    next_on: Annotated[date | None, field("Next planned visit")] = None
    next_unannounced: Annotated[
        date | None, field("Next unannounced visit", "Carers never see this date", searchable=False)
    ] = None


def named(row: Since) -> str:
    """The record to which a row of ``since`` refers, '' if there is none."""
    return next((record for name in NAMING if (record := getattr(row, name, ""))), "")


def sections_of(part: str) -> list[Code]:
    """The sections (``visit_section``) of a part of the page, in their order."""
    return [section for section in code_list(SECTIONS).codes if section.more["part"] == part]


def about(section: Code) -> str:
    """The subject of a section: ``OF_A_CHILD``, ``OF_UNANNOUNCED`` or '' for any visit's household."""
    return section.more["about"]


def paragraphs_of(visit: Visit, section: str, child: str = "") -> list[NoteParagraph]:
    """The paragraphs of one section, and of one child if the section is about each, in reading order."""
    return in_order(row for row in visit.note if (row.section, row.child) == (section, child))


def is_read_back(paragraph: NoteParagraph) -> bool:
    """Whether a paragraph is read back to carers: chosen, with words, and not about or from somebody else."""
    return paragraph.read_back and may_be_read_back(paragraph) and bool(paragraph.text.strip())


def as_read(visit: Visit) -> list[NoteParagraph]:
    """All paragraphs in reading order: by section, then by child in the order of the children; unknown sections last."""
    sections = [section.code for section in code_list(SECTIONS).codes]
    children = ["", *(row.child for row in visit.children)]

    def place(paragraph: NoteParagraph) -> tuple[int, int, int, str]:
        # Sections about a child are grouped by child, at the place of the first such section.
        section = _place(paragraph.section, sections)
        listed = code_list(SECTIONS).get(paragraph.section)
        of_a_child = listed is not None and about(listed) == OF_A_CHILD
        child = _place(paragraph.child, children)
        return (0, child, section, paragraph.section) if of_a_child else (1, section, child, paragraph.section)

    return sorted(in_order(visit.note), key=place)


def over(visit: Visit, name: Callable[[str], str]) -> dict[str, str]:
    """The heading of each paragraph, in reading order: its section, and the child that it is about."""
    return {paragraph.id: _section_words(paragraph, name) for paragraph in as_read(visit)}


def _section_words(paragraph: NoteParagraph, name: Callable[[str], str]) -> str:
    listed = code_list(SECTIONS).get(paragraph.section)
    words = listed.label if listed is not None else paragraph.section
    if not paragraph.child:
        return words
    called = name(paragraph.child)
    return words.replace("{child}", called) if "{child}" in words else ": ".join(filter(None, (called, words)))


def _place(value: str, order: list[str]) -> int:
    return order.index(value) if value in order else len(order)


def visit_runs_forward(visit: Visit, now: datetime) -> Iterable[Problem]:
    """Check that a visit ends after it began."""
    if visit.began and visit.ended and visit.ended <= visit.began:
        at = times.on_its_day(visit.began, now)
        yield Problem("ended", f"The visit began at {at}. Enter a later time for when it ended.")


def somebody_was_seen(visit: Visit, now: datetime) -> Iterable[Problem]:
    """Check that somebody was there or a child was seen, or that nobody was in."""
    if was_held(visit) and not somebody_is_named(visit):
        or_nobody = ", or choose that nobody was in" if is_in_person(visit) else ""
        yield Problem("people", f"Enter who took part{or_nobody}")


def each_child_is_answered(visit: Visit, now: datetime) -> Iterable[Problem]:
    """Check that each child placed there has an answer to whether the child was seen; the row itself asks why not."""
    for row in visit.children if was_held(visit) else ():
        if row.seen is None:
            yield Problem(f"children/{row.id}/seen", "Choose whether the child was seen")
        if row.minutes is not None and row.minutes < 0:
            yield Problem(f"children/{row.id}/minutes", "Enter a number that is not below 0")


def logs_run_forward(visit: Visit, now: datetime) -> Iterable[Problem]:
    """Check that the last day of the daily logs read is not before the first."""
    if visit.logs_from and visit.logs_to and visit.logs_to < visit.logs_from:
        yield Problem("logs_to", "Enter a day that is not before the first day of the logs")


def checks_are_like_those_of_households(visit: Visit, now: datetime) -> Iterable[Problem]:
    """Check that a check made at the visit has what its own record needs."""
    for row in visit.checks if was_held(visit) else ():
        if row.type == TSDS and row.standards is not None and not 0 <= row.standards <= STANDARDS:
            yield Problem(f"checks/{row.id}/standards", f"Enter a number from 0 to {STANDARDS}")
        if row.on is not None and row.next_on is not None and row.next_on <= row.on:
            yield Problem(f"checks/{row.id}/next_on", "Enter a day after this check")


def makes(visit: Visit, finish: Finish) -> Iterator[NewRecord]:
    """An action for each one agreed, and a record of each check."""
    for check in visit.checks if was_held(visit) else ():
        check_fields = {name: value for name, value in msgspec.to_builtins(check).items() if name != "id"}
        yield NewRecord(CARER_CHECK.name, check.id, {**check_fields, "carer": visit.carer, "from_visit": finish.record})
    for row in visit.new_actions:
        fields: dict[str, Any] = {
            "what": row.what,
            "owner": row.owner,
            "owner_person": row.colleague,
            "carer": visit.carer,
            "from_visit": finish.record,
            "state": OPEN,
        }
        if row.child:
            fields["child"] = row.child
        if row.due is not None:
            fields["due"] = times.stamp(times.at_local(row.due, times.END_OF_DAY))
        yield NewRecord(ACTION.name, row.id, fields)


def title(visit: Visit) -> str:
    """The title of a visit: its type, and whether nobody was in."""
    listed = code_list("visit_type").get(visit.type)
    words = listed.more["title"] if listed else "Supervision visit"
    return words if was_held(visit) else f"{words}, nobody in"


VISIT = Kind(
    name="visit",
    label="Supervision visit",
    plural="Supervision visits",
    reference_prefix="SV",
    record=Visit,
    writers=FOSTERING,
    readers=EVERYONE_IN_SERVICE,
    countersigned_by=MANAGERS,
    title_from=title,
    dated_by="began",
    ends_at="ended",
    summary=("carer", "where"),
    told_by_title=("nobody_in",),
    columns=("began", "carer", "type", "children"),
    sections=(
        Section("Visit", ("carer", "type", "began", "ended", "nobody_in", "where", "people", "previous")),
        Section("Children seen", ("children_out", "children")),
        Section("Since the last visit", ("since",)),
        Section("Note", ("note", "logs_from", "logs_to")),
        Section("Home", ("changes", "rooms_seen", "repeat_needed", "checks")),
        Section("Next", ("new_actions", "left", "next_on", "next_unannounced")),
        Section("Since then", (READERS,)),
    ),
    checks=(
        visit_runs_forward,
        somebody_was_seen,
        each_child_is_answered,
        logs_run_forward,
        checks_are_like_those_of_households,
    ),
    makes=makes,
    over=over,
    sheet=SheetOptions(key=("carer", "began", "type")),
)
