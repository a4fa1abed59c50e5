"""Consultations in words: the line in the list, the page, and what is due.

Shown only to people who may read consultations. Must not write.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hipss_desktop import times
from hipss_desktop.kinds.case import CASE, Case, age, team_words
from hipss_desktop.kinds.child import CHILD, first_name
from hipss_desktop.kinds.consultation import (
    AGREED_RECORD,
    CAME,
    CONSULTATION,
    GUESS,
    PLANNED,
    SENT,
    THEME,
    Attendee,
    Consultation,
    ConsultationParagraph,
    PlanRow,
    day_of,
    is_open,
    minutes_of,
    newest_answer,
    paragraphs_of,
    sections_of,
    was_held,
)
from hipss_desktop.kinds.consultation import CASE as ABOUT_A_CASE
from hipss_desktop.kinds.consultation import CHILD as ABOUT_A_CHILD
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.records.paragraphs import mark_words
from hipss_desktop.rules.consultations import DO_PLAN, GIVE_PAGE, SAY_WHETHER_HELD, TELL, Due, Setting, days_waited
from hipss_desktop.services.consultation_doubts import NamedInTheme
from hipss_desktop.services.consultations import Consultations
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.records import Records
from hipss_desktop.services.twice_written import TwiceWritten
from hipss_desktop.views.names import NOT_HERE, Names
from hipss_desktop.views.paragraphs import mark_icon
from hipss_desktop.views.tags import Tag, coded_tag

NOT_A_DIAGNOSIS = "Our shared understanding, not a diagnosis"
WRONG_IF = "What would show us wrong"
WRITTEN_TWICE, COUNTED_ONCE = "May be written twice", "Counted once, in another record"
OLD = "Amended since: the page in their hands is old"
PARTS = ("brought", "formulation", "strengths")
"""The parts of the text in the order of the page; the formulation is shown in boxes."""
FORMULATION = "formulation"
PLAN_HEADINGS = ("Action", "Who", "By", "Status")


@dataclass(frozen=True)
class Line:
    """A consultation in the list: its team, its day, what it is about, its state and what is due."""

    record: str
    after: int
    team: str
    day: str
    about: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True)
class ParagraphLine:
    """A paragraph by its row: words, mark, the mark's icon ('' for none), and for a guess what would show it wrong."""

    row: str
    words: str
    mark: str = ""
    icon: str = ""
    wrong_if: str = ""


@dataclass(frozen=True)
class Box:
    """A section of the text."""

    code: str
    label: str
    paragraphs: tuple[ParagraphLine, ...]


@dataclass(frozen=True)
class PlanLine:
    """A row of the plan: ``open`` while it can be answered; ``because`` is why it was not done when somebody last asked."""

    row: str
    step: str
    who: str
    by: str
    status: Tag
    open: bool
    because: str = ""


@dataclass(frozen=True)
class GivenLine:
    """A person who was given the page, or agreed to it; ``old`` if the consultation was amended since."""

    who: str
    how: str
    old: bool


@dataclass(frozen=True)
class Twin:
    """Another record that looks like the same consultation, or counts in place of this one: its author and time."""

    record: str
    words: str


@dataclass(frozen=True)
class ConsultationView:
    """The content of a consultation's page.

    Attributes:
        head: "8 March 2017, 13:30 to 15:00 · About S., 11, EOC-2231".
        attendees: who came, each in the words of a chip; ``missed`` are those expected who did not come, in words.
        boxes: the sections of the text that have words, and all sections of the formulation.
        due: what is due, in words.
        stage: its code; ``held`` is whether it was held.
        may_be: other records that look like the same consultation; ``counts_as`` is the one that counts in place of this one.
    """

    record: str
    stage: str
    held: bool
    head: str
    waited: str
    attendees: tuple[str, ...]
    missed: tuple[str, ...]
    boxes: tuple[Box, ...]
    plan: tuple[PlanLine, ...]
    page_holders: tuple[GivenLine, ...]
    agreed: tuple[GivenLine, ...]
    due: tuple[Tag, ...]
    may_be: tuple[Twin, ...] = ()
    counts_as: Twin | None = None


class ConsultationViews:
    """Reads consultations for one open store."""

    def __init__(
        self,
        store: Store,
        people: People,
        records: Records,
        consultations: Consultations,
        twice: TwiceWritten,
        named: Names,
        clock: times.Clock,
    ) -> None:
        self._store = store
        self._names = named
        self._people = people
        self._records = records
        self._twice = twice
        self._consultations = consultations
        self._clock = clock

    # --- the list ---

    def lines(
        self, *, team: str = "", quarter: str = "", before: int | None = None, limit: int | None = None
    ) -> list[Line]:
        """The next lines of the list, newest first."""
        setting = self._consultations.setting()
        records = self._consultations.listed(team=team, quarter=quarter, before=before, limit=limit)
        return [self.line(record, setting) for record in records]

    def found_lines(self, records: Iterable[Record]) -> list[Line]:
        """The lines of records that a search found, in their order."""
        setting = self._consultations.setting()
        return [self.line(record, setting) for record in records]

    def line(self, record: Record, setting: Setting) -> Line:
        """One line of the list."""
        read = CONSULTATION.of(record)
        day = day_of(read)
        tags = [] if was_held(read) else [self._stage(read)]
        if record.withdrawn:
            tags = [Tag("Withdrawn", "neutral", "xc")]
        elif record.needs_decision:
            tags.append(Tag("Two versions", "amber", "merge"))
        overdue = [
            duty for duty in self._consultations.due(record, setting) if duty.days_over(self._consultations.today())
        ]
        if self._twice.is_passed_over(record):
            tags.append(Tag(COUNTED_ONCE, "neutral", "merge"))
        elif self._twice.may_be(record):
            tags.append(Tag(WRITTEN_TWICE, "amber", "merge"))
        if overdue:
            tags.append(Tag(short_due(overdue[0], self._consultations.today()), "amber", "clock"))
        return Line(
            record.record,
            record.id,
            team_words(read.team, read.team_name) or "No team yet",
            _near_day(day, self._consultations.today()) if day is not None else "",
            self.about(read),
            tuple(tags),
        )

    def counts(self, quarter: str) -> str:
        """The numbers held in a quarter and planned in all: "12 this quarter, 10 planned"."""
        of_quarter = self._consultations.listed(quarter=quarter)
        held = sum(
            was_held(CONSULTATION.of(record)) and not record.withdrawn and not self._twice.is_passed_over(record)
            for record in of_quarter
        )
        planned = self._store.count(CONSULTATION.name, stage=PLANNED)
        return f"{held} this quarter, {planned} planned"

    def quarters(self) -> list[str]:
        """The present quarter, the next one, and the seven before, newest first."""
        year, quarter = map(int, times.quarter_of(self._consultations.today()).split("-"))
        last = year * 4 + quarter  # the next quarter, counted in quarters since year 0
        return [f"{number // 4}-{number % 4 + 1}" for number in range(last, last - 9, -1)]

    def _stage(self, read: Consultation) -> Tag:
        code = code_list("consultation_stage").get(read.stage)
        return coded_tag(code) if code is not None else Tag(read.stage, "neutral", "")

    # --- whom it is about ---

    def about(self, read: Consultation) -> str:
        """Whom or what it is about: "About S., EOC-2231", "Team theme: endings"."""
        if read.about == THEME:
            return f"Team theme: {within(read.theme.strip())}" if read.theme.strip() else "Team theme"
        named = self.called(read)
        if named == NOT_HERE:
            return "About a child who is not on this laptop"
        return f"About {named}" if named else "About a child"

    def called(self, read: Consultation) -> str:
        """The name of the child on a page: "S., 11, EOC-2231"; '' for a theme, and if no child is named."""
        case = self._case(read)
        if case is not None:
            years = age(case, day_of(read) or self._consultations.today())
            parts = (case.name.strip(), "" if years is None else str(years), case.number.strip())
            return ", ".join(part for part in parts if part)
        subject = {ABOUT_A_CHILD: read.child, ABOUT_A_CASE: read.case}.get(read.about, "")
        return self._names.name(subject) if subject else ""

    def given_name(self, read: Consultation) -> str:
        """The child's first name, or the initials that the team uses; '' if nobody is named."""
        case = self._case(read)
        if case is not None:
            return case.name.strip()
        child_record = self._people.record(read.child) if read.about == ABOUT_A_CHILD and read.child else None
        return (
            first_name(CHILD.of(child_record)) if child_record is not None and child_record.kind == CHILD.name else ""
        )

    def reader(self, read: Consultation) -> str:
        """The words at the head of the form: "Write what S. could read"."""
        return f"Write what {self.given_name(read) or 'the child'} could read"

    def _case(self, read: Consultation) -> Case | None:
        case_record = self._people.record(read.case) if read.about == ABOUT_A_CASE and read.case else None
        return CASE.of(case_record) if case_record is not None and case_record.kind == CASE.name else None

    # --- what is doubtful ---

    def theme_warning(self, named: Sequence[NamedInTheme]) -> str:
        """The warning that a theme contains somebody's name; '' if it does not."""
        if not named:
            return ""
        words = " and ".join(f"‘{name.words}’" for name in named)
        return f"{words} may be a child’s name. A theme is about no child: leave the name out, or choose the child."

    def case_warning(self, case: Case, record: str = "") -> tuple[str, str]:
        """The warning that another case has the same number, and that case; ('', '') if there is none."""
        other = self._consultations.doubts.same_number(case, record)
        if other is None:
            return "", ""
        other_case = CASE.of(other)
        years = age(other_case, self._consultations.today())
        who = ", ".join(filter(None, (other_case.name.strip(), "" if years is None else str(years))))
        return f"{who or other_case.number.strip()}, is there already. Is it the same child?", other.record

    # --- the page ---

    def view(self, record: str) -> ConsultationView | None:
        """The content of a consultation's page, None if it is not here or all of it is held back."""
        consultation_record = self._store.get(record)
        if consultation_record is None or consultation_record.kind != CONSULTATION.name:
            return None
        read, today = CONSULTATION.of(consultation_record), self._consultations.today()
        old = self._consultations.amended_since(record)
        return ConsultationView(
            record=record,
            stage=CONSULTATION.stage_of(read),
            held=was_held(read),
            head=self.head(read),
            waited=waited_words(read, today),
            attendees=tuple(came(read)),
            missed=tuple(missed(read)),
            boxes=tuple(boxes(read)),
            plan=tuple(plan_line(read, row, today) for row in in_plan_order(read)),
            page_holders=tuple(
                GivenLine(row.to.strip(), _how(row.how, row.at), old(SENT, row))
                for row in sorted(read.sent, key=lambda row: (row.at is not None, row.at or self._clock(), row.id))
            ),
            agreed=tuple(
                GivenLine(row.by.strip(), times.long_day(row.on) if row.on else "", old(AGREED_RECORD, row))
                for row in read.agreed
            ),
            due=tuple(
                due_tag(duty, read, today)
                for duty in self._consultations.due(consultation_record, self._consultations.setting())
            ),
            may_be=tuple(self._twin(other) for other in self._twice.may_be(consultation_record)),
            counts_as=self._counts_as(consultation_record),
        )

    def _counts_as(self, record: Record) -> Twin | None:
        other = self._store.get(self._twice.counts_as(record))
        return self._twin(other) if other is not None and other.record != record.record else None

    def _twin(self, record: Record) -> Twin:
        at = times.written_at(record.clock)
        return Twin(record.record, f"{self._records.name_of(record.author)}, {at}")

    def open_plan(self, record: str) -> tuple[str, tuple[PlanLine, ...]]:
        """The day of an earlier plan in words, and its open rows."""
        consultation_record = self._store.get(record) if record else None
        if (
            consultation_record is None
            or consultation_record.kind != CONSULTATION.name
            or consultation_record.withdrawn
        ):
            return "", ()
        read, today = CONSULTATION.of(consultation_record), self._consultations.today()
        rows = self._consultations.open_rows(record)
        day = times.long_day(read.held_on) if read.held_on is not None else ""
        return day, tuple(plan_line(read, row, today) for row in rows)

    def head(self, read: Consultation) -> str:
        """When it was, whom it is about and who knows of it, in one line."""
        agrees = []
        if read.child_knows == "yes":
            agrees.append("Child agrees")
        if read.parents_know == "yes":
            agrees.append("Parents agree")
        return " · ".join(part for part in (_when(read), self.about(read), *agrees) if part)


def boxes(read: Consultation) -> Iterator[Box]:
    """The sections of the text in the order of the page; empty ones only if they belong to the formulation."""
    for part in PARTS:
        for section in sections_of(part):
            paragraphs = tuple(_shown_paragraph(row) for row in paragraphs_of(read, section.code) if row.text.strip())
            if paragraphs or part == FORMULATION:
                yield Box(section.code, section.label, paragraphs)
    known = {section.code for part in PARTS for section in sections_of(part)}
    for section_code in dict.fromkeys(row.section for row in read.text if row.section not in known):
        paragraphs = tuple(_shown_paragraph(row) for row in paragraphs_of(read, section_code) if row.text.strip())
        if paragraphs:
            yield Box(section_code, section_code or "Text", paragraphs)


def _shown_paragraph(row: ConsultationParagraph) -> ParagraphLine:
    wrong_if = row.wrong_if.strip() if row.section == GUESS else ""
    return ParagraphLine(row.id, row.text.strip(), mark_words(row.mark), mark_icon(row.mark), wrong_if)


def attendee_words(row: Attendee) -> str:
    """A person in the words of a chip: "F. Doyle, social worker"."""
    named = row.name.strip() or "Somebody"
    return f"{named}, {within(row.role.strip())}" if row.role.strip() else named


def came(read: Consultation) -> list[str]:
    """The people who came, each in the words of a chip."""
    return [attendee_words(row) for row in read.attendees if row.was in (CAME, "")]


def missed(read: Consultation) -> list[str]:
    """The people who did not come, and whether they sent apologies."""
    listed = [row for row in read.attendees if row.was not in (CAME, "")]
    return [f"{attendee_words(row)}: {within(code_list('attendance').label(row.was))}" for row in listed]


def in_plan_order(read: Consultation) -> list[PlanRow]:
    """The rows of a plan by their day."""
    return sorted(read.plan, key=lambda row: (row.by or date.max, row.id))


def plan_line(read: Consultation, row: PlanRow, today: date) -> PlanLine:
    """A row of a plan and its state."""
    answer, still_open = newest_answer(read, row.id), is_open(read, row.id)
    if answer is not None and not still_open:
        code = code_list("plan_answer").get(answer.answer)
        status = Tag(code.label if code else answer.answer, "neutral", "check" if answer.answer == "done" else "x")
    else:
        over = (today - row.by).days if row.by is not None else 0
        status = Tag(days_overdue(over), "amber", "clock") if over > 0 else Tag("To do", "open", "circle")
    because = ""
    if answer is not None and still_open and answer.asked_on is not None:
        because = f"Not done on {times.short_day(answer.asked_on)}: {answer.because.strip()}"
    by = times.long_day(row.by) if row.by is not None else ""
    return PlanLine(row.id, row.what.strip(), row.owner.strip(), by, status, still_open, because)


def days_overdue(days: int) -> str:
    """How late something is: "3 days overdue"."""
    return f"{days} {'day' if days == 1 else 'days'} overdue"


NAMES_OF_DUE = {SAY_WHETHER_HELD: "Held?", TELL: "Telling", GIVE_PAGE: "Page", DO_PLAN: "Plan"}
"""Something due, in a word for a tag of the list."""


def short_due(duty: Due, today: date) -> str:
    """Something overdue, for a tag: "Plan 3 days overdue"."""
    if duty.due_type == SAY_WHETHER_HELD:
        return "Say whether it was held"
    return f"{NAMES_OF_DUE[duty.due_type]} {days_overdue(duty.days_over(today))}"


def due_tag(duty: Due, read: Consultation, today: date) -> Tag:
    """Something due, in full, and how late it is; a risk if nobody was told of what is new for the child's safety."""
    days = duty.days_over(today)
    late = f", {days_overdue(days)}" if days else ""
    if duty.due_type == SAY_WHETHER_HELD:
        return Tag(f"It was planned for {times.short_day(duty.by)}. Say whether it was held.", "amber", "clock")
    if duty.due_type == TELL:
        return Tag(f"Nobody was told yet of what is new for the child’s safety{late}", "risk", "alert")
    if duty.due_type == GIVE_PAGE:
        return Tag(
            f"Page to those who came by {times.short_day(duty.by)}{late}", "amber" if days else "neutral", "clock"
        )
    step = next((row.what.strip() for row in read.plan if row.id == duty.row), "")
    return Tag(f"{step}: {days_overdue(days)}", "amber", "clock")


def waited_words(read: Consultation, today: date) -> str:
    """How long a team waited: "Waited 16 days", "Waiting for 13 days"; '' if nobody waits or it is not known."""
    days = days_waited(read, today)
    if days is None:
        return ""
    if not days:
        return "Held on the day it was asked for" if was_held(read) else "Waiting since today"
    counted = f"{days} {'day' if days == 1 else 'days'}"
    return f"Waited {counted}" if was_held(read) else f"Waiting for {counted}"


def quarter_words(quarter: str) -> str:
    """A quarter in words: "January to March 2017"."""
    year, number = quarter.split("-")
    first = (int(number) - 1) * 3
    return f"{times.MONTHS[first]} to {times.MONTHS[first + 2]} {year}"


def _when(read: Consultation) -> str:
    if was_held(read):
        if read.held_on is None:
            return ""
        span = ""
        if read.began is not None:
            span = f", {times.clock_time(read.began)}"
            span += f" to {times.clock_time(read.ended)}" if read.ended is not None else ""
        minutes = minutes_of(read)
        long = f", {minutes} minutes" if not (read.began and read.ended) and minutes else ""
        return f"{times.long_day(read.held_on)}{span}{long}"
    if read.planned_for is not None and read.stage != "asked":
        at = read.planned_for
        return f"Planned for {times.long_day(times.local_day(at))}, {times.clock_time(at)}"
    return f"Asked for on {times.long_day(read.asked_on)}" if read.asked_on is not None else ""


def _near_day(day: date, today: date) -> str:
    return times.short_day(day) if day.year == today.year else times.brief_day(day)


def _how(how: str, at: datetime | None) -> str:
    words = within(code_list("sent_how").label(how)) if how else ""
    when = f"{times.long_day(times.local_day(at))}, {times.clock_time(at)}" if at is not None else ""
    return ", ".join(part for part in (words, when) if part)
