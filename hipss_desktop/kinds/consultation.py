"""A consultation of the therapeutic intervention support service: a team brings a question about a child, a family or its work.

Its subject and its team are separate fields. It is asked for, planned and held, or cancelled, or nobody came; once it is held,
it contains what was understood and agreed. Most steps are for people of other services, so a growing list records what came of
each plan row. Only a colleague's step becomes an action, in words written for it, because many more people read actions.
``rules.consultations`` computes what is due. Sources: June 2017 paper, 16 to 21; domain notes e and g (inconsistency 9).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Annotated, Any

import msgspec

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, OPEN
from hipss_desktop.kinds.case import OTHER_TEAM, team_words
from hipss_desktop.records.access import TISS
from hipss_desktop.records.codes import Code, code_list, within
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.folding import folded
from hipss_desktop.records.kind import Finish, IndexTerm, Kind, NewRecord, Section, SheetOptions, Stage
from hipss_desktop.records.paragraphs import Paragraph, in_order

CHILD, CASE, THEME = "child", "case", "theme"
"""The kinds of subject (``consultation_about``)."""
ASKED, PLANNED, HELD, CANCELLED, NOBODY_CAME = "asked", "planned", "held", "cancelled", "nobody_came"
"""The stages (``consultation_stage``)."""
IN_SERIES, BEFORE_REFERRAL = "series", "before_referral"
"""Forms (``consultation_form``) that need further answers."""
SECTIONS = "consultation_section"
"""The code list of the sections of the text, in their order."""
QUESTION, GUESS = "question", "guess"
"""The section that a finish needs, and the one whose paragraphs say what would show them wrong."""
CAME = "came"
TO_TELL = "to_tell"
DONE, NOT_DONE, NOT_NEEDED = "done", "not_done", "not_needed"
"""The answers to a plan row (``plan_answer``)."""
PLAN_ANSWERS, TOLD, SENT, AGREED_RECORD, SAME_AS = "plan_answers", "told", "sent", "agreed", "same_as"
"""The growing lists; the last says which record is of the same consultation."""
LONGEST = 24 * 60
"""The most minutes of one consultation, its preparation or its travel."""
BY_TEAM, BY_QUARTER, BY_BOTH, BY_THEME, MAY_OWE = "by_team", "by_quarter", "by_team_and_quarter", "by_theme", "may_owe"
"""The index terms: by team, quarter and both, for the list; by team and theme; and whether something may be due."""
ANY = "any"
"""The value of ``MAY_OWE`` for all records for which something may be due."""


def was_held(consultation: "Consultation") -> bool:
    """Whether it took place; a row of a sheet without a stage did."""
    return consultation.stage in (HELD, "")


def is_planned(consultation: "Consultation") -> bool:
    """Whether it had a planned day: while it is planned, and afterwards."""
    return consultation.stage != ASKED


def was_cancelled(consultation: "Consultation") -> bool:
    """Whether it was cancelled."""
    return consultation.stage == CANCELLED


def has_no_end(consultation: "Consultation") -> bool:
    """Whether its minutes are typed, because it has no start and end."""
    return was_held(consultation) and not (consultation.began and consultation.ended)


def is_about_somebody(consultation: "Consultation") -> bool:
    """Whether it is about a child or family; a theme has no status, and nobody who agrees."""
    return consultation.about in (CHILD, CASE)


def never(row: object) -> bool:
    """Return False: used as ``shown_if`` of fields that nobody types."""
    return False


class Attendee(msgspec.Struct):
    """A person who came, or was to come."""

    id: str
    name: Annotated[str, field("Name", names="third", required="Enter the name")] = ""
    role: Annotated[str, field("Role")] = ""
    organisation: Annotated[str, field("Organisation")] = ""
    was: Annotated[str, field("Came", choices="attendance")] = ""
    colleague: Annotated[str, field("Colleague of the service", refers_to="practitioner")] = ""
    carer: Annotated[str, field("Carer household", refers_to="carer")] = ""


class ConsultationParagraph(Paragraph):
    """A paragraph of the text: its section, and for a guess what would show it wrong."""

    section: Annotated[str, field("Section", choices=SECTIONS)] = ""
    wrong_if: Annotated[str, field("What would show us wrong", shown_if=lambda row: row.section == GUESS)] = ""


class PlanRow(msgspec.Struct):
    """An agreed step: what, who does it, by when."""

    id: str
    what: Annotated[str, field("What", required="Enter what is to be done")] = ""
    owner: Annotated[str, field("Who", names="third", required="Enter who does it")] = ""
    by: Annotated[date | None, field("By", required="Enter by when")] = None
    colleague: Annotated[
        str,
        field("Colleague who does it", "Makes an action, which all in the service read", refers_to="practitioner"),
    ] = ""
    action: Annotated[
        str,
        field(
            "The action, in words for all in the service",
            "Without what was said in the consultation",
            shown_if=lambda row: bool(row.colleague),
            required="Enter the action in words that all in the service may read",
        ),
    ] = ""


class PlanAnswer(msgspec.Struct):
    """What came of a plan row, as somebody found who asked."""

    id: str
    plan: Annotated[str, field("Of which row", searchable=False, shown_if=never, row_of="plan")] = ""
    asked_on: Annotated[date | None, field("Asked on", required="Enter the day you asked", past=True)] = None
    answer: Annotated[str, field("Answer", choices="plan_answer", required="Choose the answer")] = ""
    because: Annotated[
        str,
        field("Because", shown_if=lambda row: row.answer == NOT_DONE, required="Enter why it was not done"),
    ] = ""


class NotTakenUp(msgspec.Struct):
    """Advice that the social worker decided not to take up; it is recorded as the social worker’s decision."""

    id: str
    advice: Annotated[str, field("Advice", required="Enter the advice")] = ""
    reason: Annotated[str, field("Reason given", "‘No reason given’ where none was", required="Enter the reason")] = ""
    decided_by: Annotated[str, field("Who decided", names="third")] = ""


class Told(msgspec.Struct):
    """A person who was told what is new for the child’s safety."""

    id: str
    to: Annotated[str, field("To whom", names="third", required="Enter who was told")] = ""
    at: Annotated[datetime | None, field("When", required="Enter when they were told", past=True)] = None
    reference: Annotated[str, field("Reference")] = ""


class Sent(msgspec.Struct):
    """A person who was given the page; ``of`` are the versions of the consultation from which the page was made."""

    id: str
    to: Annotated[str, field("To whom", names="third", required="Enter who has it")] = ""
    how: Annotated[str, field("How", choices="sent_how", required="Choose how it was sent")] = ""
    at: Annotated[datetime | None, field("When", required="Enter when it was sent", past=True)] = None
    of: Annotated[list[str], field("Version", searchable=False, shown_if=never)] = []


class AgreedRecord(msgspec.Struct):
    """An attendee who agreed that the page is a true record; ``of`` as in ``Sent``."""

    id: str
    by: Annotated[str, field("Agreed by", names="third", required="Enter who agreed")] = ""
    on: Annotated[date | None, field("On", required="Enter the day", past=True)] = None
    of: Annotated[list[str], field("Version", searchable=False, shown_if=never)] = []


class SameConsultation(msgspec.Struct):
    """Another record of the same consultation, written on another laptop; ``rules.twice_written`` says which one counts."""

    id: str
    consultation: Annotated[
        str, field("The other record", refers_to="consultation", required="Choose the other record")
    ] = ""


class Consultation(msgspec.Struct):
    """One consultation, from the asking to what came of its plan."""

    stage: Annotated[str, field("Stage", choices="consultation_stage", initial=HELD)] = ""
    about: Annotated[str, field("About", choices="consultation_about", required="Choose what it is about")] = ""
    child: Annotated[
        str,
        field(
            "Child",
            refers_to="child",
            subject=True,
            names="child",
            shown_if=lambda consultation: consultation.about == CHILD,
        ),
    ] = ""  # fmt: skip  one line for each thing said of a field
    case: Annotated[
        str,
        field("Case", refers_to="case", subject=True, shown_if=lambda consultation: consultation.about == CASE),
    ] = ""
    theme: Annotated[str, field("Theme", shown_if=lambda consultation: consultation.about == THEME)] = ""
    team: Annotated[str, field("For which team", choices="tiss_team", required="Choose the team")] = ""
    team_name: Annotated[
        str,
        field(
            "The team’s name",
            shown_if=lambda consultation: consultation.team == OTHER_TEAM,
            required="Enter the team’s name",
        ),
    ] = ""
    asked_on: Annotated[date | None, field("Asked for on", past=True)] = None
    asked_by: Annotated[str, field("Asked for by", names="third")] = ""
    hopes: Annotated[str, field("What they hope for", lines=2)] = ""
    how_soon: Annotated[str, field("How soon", choices="how_soon")] = ""
    planned_for: Annotated[datetime | None, field("Planned for", shown_if=is_planned)] = None
    cancelled_by: Annotated[str, field("Cancelled by", names="third", shown_if=was_cancelled)] = ""
    cancelled_why: Annotated[str, field("Why it was cancelled", shown_if=was_cancelled)] = ""
    held_on: Annotated[date | None, field("Held on", shown_if=was_held, past=True)] = None
    began: Annotated[datetime | None, field("Start", group="span", shown_if=was_held, past=True)] = None
    ended: Annotated[datetime | None, field("End", group="span", shown_if=was_held, past=True)] = None
    minutes: Annotated[
        int | None, field("Minutes", "Where no end is entered", shown_if=has_no_end, least=0, most=LONGEST)
    ] = None
    preparation: Annotated[int | None, field("Minutes of preparation", shown_if=was_held, least=0, most=LONGEST)] = None
    travel: Annotated[int | None, field("Minutes of travel", shown_if=was_held, least=0, most=LONGEST)] = None
    form: Annotated[str, field("Form", choices="consultation_form", shown_if=is_planned)] = ""
    series: Annotated[
        str,
        field(
            "Series",
            refers_to="series",
            shown_if=lambda consultation: is_planned(consultation) and consultation.form == IN_SERIES,
        ),
    ] = ""
    mode: Annotated[str, field("How it is held", choices="consultation_mode", shown_if=is_planned)] = ""
    attendees: Annotated[list[Attendee], field("Who came", shown_if=was_held, row_name="a person")] = []
    status: Annotated[str, field("The child’s status", choices="childs_status", shown_if=is_about_somebody)] = ""
    level_of_need: Annotated[
        str, field("Level of need", choices="herefordshire_levels_of_need", shown_if=is_about_somebody)
    ] = ""
    child_knows: Annotated[
        str, field("The child knows and agrees", choices="knows_and_agrees", shown_if=is_about_somebody)
    ] = ""
    child_why: Annotated[
        str,
        field(
            "Why the child does not",
            shown_if=lambda consultation: is_about_somebody(consultation) and consultation.child_knows == "no",
            required="Enter why the child does not know of it or does not agree",
        ),
    ] = ""
    parents_know: Annotated[
        str, field("The parents know and agree", choices="knows_and_agrees", shown_if=is_about_somebody)
    ] = ""
    parents_why: Annotated[
        str,
        field(
            "Why the parents do not",
            shown_if=lambda consultation: is_about_somebody(consultation) and consultation.parents_know == "no",
            required="Enter why the parents do not know of it or do not agree",
        ),
    ] = ""
    text: Annotated[list[ConsultationParagraph], field("Text", shown_if=was_held, row_name="a paragraph")] = []
    previous: Annotated[str, field("The consultation before", refers_to="consultation")] = ""
    plan: Annotated[list[PlanRow], field("Agreed plan", shown_if=was_held, row_name="a step")] = []
    plan_answers: Annotated[
        list[PlanAnswer],
        field("What came of the plan", shown_if=was_held, grows=True, row_name="an answer to the plan"),
    ] = []
    not_taken_up: Annotated[
        list[NotTakenUp], field("Advice not taken up", shown_if=was_held, row_name="advice that was not taken up")
    ] = []
    safeguarding: Annotated[str, field("For the child’s safety", choices="safeguarding_answer", shown_if=was_held)] = ""
    safeguarding_words: Annotated[
        str,
        field(
            "What is new",
            lines=2,
            shown_if=lambda consultation: was_held(consultation) and consultation.safeguarding == TO_TELL,
            required="Enter what somebody must be told",
        ),
    ] = ""
    told: Annotated[list[Told], field("Told", shown_if=was_held, grows=True, row_name="somebody who was told")] = []
    sent: Annotated[
        list[Sent], field("Who has the page", shown_if=was_held, grows=True, row_name="somebody who has it")
    ] = []
    agreed: Annotated[
        list[AgreedRecord],
        field("Agreed as a true record", shown_if=was_held, grows=True, row_name="somebody who agrees"),
    ] = []
    same_as: Annotated[
        list[SameConsultation], field("Is the same consultation as", grows=True, row_name="the other record")
    ] = []
    old_reference: Annotated[
        str, field("Number in the old sheet", shown_if=lambda consultation: consultation.from_sheet)
    ] = ""
    from_sheet: Annotated[bool, field("From a sheet", "Set by an import alone", shown_if=never)] = False


def sections_of(part: str) -> list[Code]:
    """The sections (``consultation_section``) of a part of the form, in their order."""
    return [section for section in code_list(SECTIONS).codes if section.more["part"] == part]


def paragraphs_of(consultation: Consultation, section: str) -> list[ConsultationParagraph]:
    """The paragraphs of one section, in reading order."""
    return in_order(row for row in consultation.text if row.section == section)


def over(consultation: Consultation, name: Callable[[str], str]) -> dict[str, str]:
    """The heading of each paragraph, in reading order: its section."""
    order = [section.code for section in code_list(SECTIONS).codes]

    def place(row: ConsultationParagraph) -> int:
        return order.index(row.section) if row.section in order else len(order)

    rows = sorted(in_order(consultation.text), key=place)
    return {row.id: code_list(SECTIONS).label(row.section) if row.section else "" for row in rows}


def minutes_of(consultation: Consultation) -> int | None:
    """How long it lasted in minutes: from start to end, else as typed; None if neither is known."""
    if consultation.began and consultation.ended:
        return max(round((consultation.ended - consultation.began).total_seconds() / 60), 0)
    return consultation.minutes


def newest_answer(consultation: Consultation, row: str) -> PlanAnswer | None:
    """The last answer to a plan row, None if nobody has asked yet."""
    answers = (answer for answer in consultation.plan_answers if answer.plan == row)
    return max(answers, key=lambda answer: (answer.asked_on or date.min, answer.id), default=None)


def is_open(consultation: Consultation, row: str) -> bool:
    """Whether a plan row still must be done: nobody asked, or it was not done when somebody last asked."""
    answer = newest_answer(consultation, row)
    return answer is None or answer.answer == NOT_DONE


# --- checks ---


def subject_is_named(consultation: Consultation, now: datetime) -> Iterable[Problem]:
    """Check that the chosen subject is named; a row of a sheet may only say that it is about a child."""
    if consultation.about == CHILD and not consultation.child and not consultation.from_sheet:
        yield Problem("child", "Choose the child")
    if consultation.about == CASE and not consultation.case and not consultation.from_sheet:
        yield Problem("case", "Choose the case, or write a new one")
    if consultation.about == THEME and not consultation.theme.strip():
        yield Problem("theme", "Enter the theme")


def stage_is_answered(consultation: Consultation, now: datetime) -> Iterable[Problem]:
    """Check what each stage needs; a held consultation needs little, and a row of a sheet only its day."""
    if consultation.stage == ASKED:
        if consultation.asked_on is None:
            yield Problem("asked_on", "Enter the day it was asked for")
        if not consultation.asked_by.strip():
            yield Problem("asked_by", "Enter who asked for it")
    if consultation.stage in (PLANNED, NOBODY_CAME) and consultation.planned_for is None:
        yield Problem("planned_for", "Enter the day and time it was planned for")
    if consultation.stage == CANCELLED:
        if not consultation.cancelled_by.strip():
            yield Problem("cancelled_by", "Enter who cancelled it")
        if not consultation.cancelled_why.strip():
            yield Problem("cancelled_why", "Enter why it was cancelled")
    if was_held(consultation):
        yield from _held_is_answered(consultation)


def _held_is_answered(consultation: Consultation) -> Iterator[Problem]:
    if consultation.held_on is None:
        yield Problem("held_on", "Enter the day it was held")
    if consultation.from_sheet:
        return
    if not consultation.form:
        yield Problem("form", "Choose the form")
    if not any(row.was == CAME for row in consultation.attendees):
        yield Problem("attendees", "Enter who came")
    if not any(row.text.strip() for row in paragraphs_of(consultation, QUESTION)):
        yield Problem("text", "Enter the question that was brought")
    if not consultation.safeguarding:
        yield Problem("safeguarding", "Choose whether anything is new for the child’s safety")


def days_run_forward(consultation: Consultation, now: datetime) -> Iterable[Problem]:
    """Check that it was held after it was asked for, began on that day, and ended after it began."""
    if not was_held(consultation):
        return
    if consultation.began and consultation.ended and consultation.ended <= consultation.began:
        at = times.on_its_day(consultation.began, now)
        yield Problem("ended", f"It began at {at}. Enter a later time for when it ended.")
    held, asked_on = consultation.held_on, consultation.asked_on
    if held and consultation.began and times.local_day(consultation.began) != held:
        yield Problem("began", f"It was held on {times.long_day(held)}. Enter a start on that day, or another day.")
    if held and asked_on and held < asked_on:
        yield Problem("held_on", f"It was asked for on {times.long_day(asked_on)}. Enter a day that is not before it.")


def nobody_came_and_sent_apologies(consultation: Consultation, now: datetime) -> Iterable[Problem]:
    """Check that nobody is listed both as having come and as not."""
    listed: dict[tuple[str, str], str] = {}
    for row in consultation.attendees if was_held(consultation) else ():
        colleague = [("colleague of the service", row.colleague)] if row.colleague else []
        known_as = [(folded(row.name), folded(row.organisation)), *colleague]
        if {listed.setdefault(person_key, row.was) for person_key in known_as} != {row.was}:
            yield Problem(
                f"attendees/{row.id}/name",
                "This person is listed as having come and as not. Take one of the two rows out.",
            )


def answers_name_a_row(consultation: Consultation, now: datetime) -> Iterable[Problem]:
    """Check that an answer is to a row of the plan."""
    rows = {row.id for row in consultation.plan}
    for answer in consultation.plan_answers if was_held(consultation) else ():
        if answer.plan not in rows:
            yield Problem(
                f"plan_answers/{answer.id}/answer",
                "This answers no row of the plan. Put the row back that it answers, or take the answer out.",
            )


def planned_day_is_to_come(consultation: Consultation, now: datetime) -> Iterable[Problem]:
    """Check that a planned day is not past; applies when it is planned, not if it was planned before."""
    if consultation.planned_for and times.local_day(consultation.planned_for) < times.local_day(now):
        yield Problem("planned_for", "This day is past. Enter a day to come, or choose that it was held.")


# --- what follows ---


def makes(consultation: Consultation, finish: Finish) -> Iterator[NewRecord]:
    """An action for each plan row of a person of the service, with only the words that were written for it.

    Its owner is the colleague alone, because the row's name of the owner may say more.
    """
    for row in consultation.plan if was_held(consultation) else ():
        if not row.colleague:
            continue
        fields: dict[str, Any] = {
            "what": row.action,
            "owner_person": row.colleague,
            "from_consultation": finish.record,
            "state": OPEN,
        }
        if consultation.about == CHILD and consultation.child:
            fields["child"] = consultation.child
        if row.by is not None:
            fields["due"] = times.stamp(times.at_local(row.by, times.END_OF_DAY))
        yield NewRecord(ACTION.name, row.id, fields)


# --- what it is found by ---


def day_of(consultation: Consultation) -> date | None:
    """The day of a consultation: when it was held, else planned for, else asked for; None if none is known."""
    if was_held(consultation):
        return consultation.held_on
    planned = consultation.planned_for if is_planned(consultation) else None
    return times.local_day(planned) if planned is not None else consultation.asked_on


def both(team: str, quarter: str) -> str:
    """The index value of consultations of one team in one quarter."""
    return f"{team} {quarter}"


def of_theme(team: str, theme: str) -> str:
    """The index value of consultations of one team and theme, however the theme was typed; '' without a theme."""
    return f"{team} {plain}" if (plain := folded(theme)) else ""


def may_owe(consultation: Consultation) -> bool:
    """Whether something may be due on any day: it is planned, nobody was told, nobody has the page, or a row is open."""
    if consultation.from_sheet:
        return False
    if consultation.stage == PLANNED:
        return True
    if not was_held(consultation):
        return False
    nobody_told = consultation.safeguarding == TO_TELL and not consultation.told
    return nobody_told or not consultation.sent or any(is_open(consultation, row.id) for row in consultation.plan)


def index_terms(consultation: Consultation) -> Iterator[IndexTerm]:
    """The index terms: team, quarter and theme, for lists and for the next consultation; and whether something may be due."""
    day, team = day_of(consultation), consultation.team
    if team:
        yield IndexTerm(BY_TEAM, team)
    if day is not None:
        yield IndexTerm(BY_QUARTER, times.quarter_of(day))
        if team:
            yield IndexTerm(BY_BOTH, both(team, times.quarter_of(day)))
    if consultation.about == THEME and (theme := of_theme(team, consultation.theme)):
        yield IndexTerm(BY_THEME, theme)
    if may_owe(consultation):
        yield IndexTerm(MAY_OWE, ANY)


def title(consultation: Consultation) -> str:
    """The title: the team, the theme if there is one, and the stage if it was not held."""
    team = team_words(consultation.team, consultation.team_name) or "Consultation with no team yet"
    theme = f": {consultation.theme.strip()}" if consultation.about == THEME and consultation.theme.strip() else ""
    standing = ""
    if not was_held(consultation):
        standing = f", {within(code_list('consultation_stage').label(consultation.stage))}"
    return f"{team}{theme}{standing}"


KEY = ("old_reference", "held_on", "planned_for", "asked_on", "team", "about", "child", "case", "theme", "began")
"""The fields that identify a row of a sheet, as far as the row has them."""

CONSULTATION = Kind(
    name="consultation",
    label="Consultation",
    plural="Consultations",
    reference_prefix="TISS",
    record=Consultation,
    writers=TISS,
    readers=TISS,
    title_from=title,
    dated_by="held_on",
    ends_at="ended",
    summary=("child", "case", "form"),
    lead=("text",),
    told_by_title=("team", "theme"),
    finished_as="entered",
    columns=("held_on", "planned_for", "team", "about", "child", "case", "theme", "stage"),
    sections=(
        Section("What it is about", ("stage", "about", "child", "case", "theme", "team", "team_name", "previous")),
        Section("Asked for", ("asked_on", "asked_by", "hopes", "how_soon")),
        Section(
            "When and how",
            (
                "planned_for",
                "cancelled_by",
                "cancelled_why",
                "held_on",
                "began",
                "ended",
                "minutes",
                "preparation",
                "travel",
                "form",
                "series",
                "mode",
                "attendees",
            ),
        ),
        Section(
            "The child",
            ("status", "level_of_need", "child_knows", "child_why", "parents_know", "parents_why"),
        ),
        Section("What was understood", ("text",)),
        Section("Agreed plan", ("plan", "not_taken_up")),
        Section("Safety", ("safeguarding", "safeguarding_words")),
        Section("Since then", (PLAN_ANSWERS, TOLD, SENT, AGREED_RECORD, SAME_AS, "old_reference", "from_sheet")),
    ),
    stage="stage",
    stages=(
        Stage(ASKED, TISS),
        Stage(
            PLANNED,
            TISS,
            verb="Plan it",
            again="Move the day",
            asks=("planned_for", "mode"),
            requires={"planned_for": "Enter the day and time it is planned for"},
            checks=(planned_day_is_to_come,),
        ),
        Stage(HELD, TISS, verb="Write it up"),
        Stage(CANCELLED, TISS, verb="Cancel it", asks=("cancelled_by", "cancelled_why")),
        Stage(NOBODY_CAME, TISS, verb="Nobody came"),
    ),
    unstaged=HELD,
    checks=(
        subject_is_named,
        stage_is_answered,
        days_run_forward,
        nobody_came_and_sent_apologies,
        answers_name_a_row,
    ),
    makes=makes,
    over=over,
    index_terms=index_terms,
    derivation=2,
    sheet=SheetOptions(
        key=KEY,
        optional_key=KEY,
        headers={
            "date": "held_on",
            "recipient team": "team",
            "subject": "about",
            "type": "form",
            "number": "old_reference",
            "reference": "old_reference",
            "how it was held": "mode",
        },
        marks="from_sheet",
    ),
)  # fmt: skip  a stage and a section stand on as few lines as can be read
