"""What is due for carer households in words: the table, the reasons for each day, and the lines of a household's page.

Carers must never see the due day of an unannounced visit, or of an unannounced look at the home. Code that shows something
to carers calls ``card`` with ``carers_see=True``, which leaves these days out. Must not decide what is due (``rules.visits`` does),
nor write.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from hipss_desktop import times
from hipss_desktop.kinds.carer import CARER, Carer
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.folding import folded
from hipss_desktop.rules.due import OF_VISITS, PANEL, REVIEW, SECRET, SUPERVISION, TRAINING_DUE, TSDS, Due
from hipss_desktop.services.due_dates import DueDates
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Store
from hipss_desktop.views.tags import Tag

COLUMNS = ("supervision_visit", "unannounced_visit", "annual_review", "dbs", "training", "home_safety")
"""The columns of the page, codes of ``due_what``."""
ALL, MINE, OVERDUE, SOON = "all", "mine", "overdue", "soon"
"""The filters of the page; each of its columns is a filter too."""
SOON_DAYS = 30
NEAR_DAYS = 60
"""The days from today within which a day is written without its year."""
SAID_DAYS = 14
"""The days within which a visit's day is also given as a number of days."""
MOST_WHY = 3
"""The number of things that are explained below the table at most, worst first."""
AMBER = ("overdue", "due_soon", "never_recorded")
NOT_SHOWN_TO_CARERS = "Not shown to the carers"
Press = Literal["visit", "unannounced", "check", "household", "training"]
"""The button beside an explanation: begin a visit or an unannounced one, record a check, amend the household, open training."""


@dataclass(frozen=True)
class Cell:
    """One column of a household.

    Attributes:
        day: the day in few words, or "Done" or "–" instead.
        note: the second line, '' for none; ``tone`` is amber if it is due, ``icon`` the icon before it.
        spoken: the whole cell for a screen reader: "unannounced, 2 March, 14 days overdue".
        record: the record that the day is counted from, or the household's own record if nothing counted yet.
        due: everything due in this column, worst first.
    """

    day: str
    note: str = ""
    tone: str = ""
    icon: str = ""
    spoken: str = ""
    record: str = ""
    due: tuple[Due, ...] = ()


@dataclass(frozen=True)
class HouseholdRow:
    """A household in the table; ``rank`` sorts the worst first."""

    record: str
    name: str
    beside: str
    supervisor: str
    mine: bool
    cells: tuple[Cell, ...]
    rank: tuple[int, str]
    overdue: bool
    soon: bool
    states: Mapping[str, bool] = field(default_factory=dict)

    def is_in(self, narrowed: str) -> bool:
        """Whether a filter of the page includes the household."""
        if narrowed == ALL:
            return True
        by_name = {MINE: self.mine, OVERDUE: self.overdue, SOON: self.soon}
        return by_name[narrowed] if narrowed in by_name else self.states.get(narrowed, False)


@dataclass(frozen=True)
class DueTable:
    """The page of what is due: its households, worst first, and the sentences above them."""

    on: date
    rows: tuple[HouseholdRow, ...] = ()
    problems: tuple[str, ...] = ()
    next_words: str = ""

    def narrowed(self, to: str) -> tuple[HouseholdRow, ...]:
        """The households that a filter includes, in their order."""
        return tuple(row for row in self.rows if row.is_in(to))

    @property
    def words(self) -> str:
        """The number of households, and the day: "6 carer households, Thursday 16 March 2017"."""
        count = len(self.rows)
        return f"{count} carer household{'' if count == 1 else 's'}, {times.full_day(self.on)}"


@dataclass(frozen=True)
class Why:
    """The explanation of one thing that is due, and its button.

    ``check`` is the type of check that the button begins, for the member in row ``person`` with the name ``name``;
    ``secret`` is whether carers must never see it.
    """

    title: str
    tag: Tag | None
    beside: str
    words: str
    source: str
    press: Press
    press_words: str
    record: str
    check: str
    person: str
    name: str
    secret: bool = False


@dataclass(frozen=True)
class DueLine:
    """A line of the card on a household's page; ``due_type`` is a code of ``due_what``."""

    title: str
    words: str
    day: str
    tag: Tag | None
    record: str
    due_type: str


@dataclass(frozen=True)
class DueCardWords:
    """What is due for one household in lines; ``nothing`` says why nothing is due, '' if there are lines or no reason."""

    lines: tuple[DueLine, ...] = ()
    nothing: str = ""


class DueViews:
    """Puts what is due into words, for one open store."""

    def __init__(self, store: Store, people: People, due_dates: DueDates, clock: times.Clock) -> None:
        self._store = store
        self._people = people
        self._due_dates = due_dates
        self._clock = clock
        self._worded: dict[str, tuple[tuple[Due, ...], tuple[object, ...], HouseholdRow]] = {}

    def table(self) -> DueTable:
        """The table as of today, the most overdue household first, then the household whose next day is nearest."""
        today, due = self._due_dates.today(), self._due_dates.all()
        placed: dict[str, list[str]] = {}
        for placement in self._people.placements(times.tonight(self._clock())):
            placed.setdefault(placement.carer, []).append(self._people.name(placement.child))
        rows = [self._row(record, dues, tuple(placed.get(record, ())), today) for record, dues in due.items()]
        rows.sort(key=lambda row: row.rank)
        return DueTable(today, tuple(rows), self._due_dates.problems(), _next(rows))

    def _row(self, record: str, dues: tuple[Due, ...], children: tuple[str, ...], today: date) -> HouseholdRow:
        """A household's row, cached until something about it changes."""
        before, besides = self._worded.get(record), (children, today, self._store.seat.name)
        if before is not None and before[0] is dues and before[1] == besides:
            return before[2]
        row = self._word(record, dues, children, today)
        self._worded[record] = dues, besides, row
        return row

    def _word(self, record: str, dues: Sequence[Due], children: Sequence[str], today: date) -> HouseholdRow:
        household_record = self._people.record(record)
        household = CARER.of(household_record) if household_record is not None else Carer()
        name = self._people.name(record)
        own = self._store.seat.name
        frequency = next((due.rule for due in dues if due.due_type == SUPERVISION and due.due is not None), "")
        often = frequency.partition(",")[0].lower()
        beside = " · ".join(part for part in (", ".join(children), often) if part)
        of_column = {column: _worst([due for due in dues if column_of(due) == column], today) for column in COLUMNS}
        late = max((due.days_over(today) or 0 for due in dues if due.state == "overdue"), default=0)
        nearest = min((due.due for due in dues if due.due is not None and due.state != "overdue"), default=date.max)
        days_left = (nearest - today).days
        return HouseholdRow(
            record=record,
            name=name,
            beside=beside or _status(dues),
            supervisor=household.supervisor.strip(),
            mine=bool(own) and folded(household.supervisor) == folded(own),
            cells=tuple(cell(of_column[column], column, name, record, today) for column in COLUMNS),
            rank=(-late if late else days_left + 1, folded(name)),
            overdue=any(due.state == "overdue" for due in dues),
            soon=any(_within(due, today, SOON_DAYS) for due in dues),
            states={column: any(due.state in AMBER for due in of_column[column]) for column in COLUMNS},
        )

    def why(self, row: HouseholdRow, column: str = "") -> tuple[Why, ...]:
        """The reasons for a household's days, worst first; those of one column come before all others."""
        today = self._due_dates.today()
        dues = [due for cell in row.cells for due in cell.due]
        first = [due for due in dues if column_of(due) == column]
        rest = _worst([due for due in dues if due not in first and due.state not in ("done",)], today)
        return tuple(_why(due, row, today) for due in (*first, *rest)[:MOST_WHY])

    def card(self, record: str, *, carers_see: bool = False) -> DueCardWords:
        """What is due for a household, worst first.

        Args:
            record: the household.
            carers_see: whether its carers may see the result, which then leaves out the days that they must never learn.

        Raises:
            UserError: the household is not on this laptop.
        """
        today = self._due_dates.today()
        dues = [due for due in self._due_dates.of(record) if not (carers_see and due.due_type in SECRET)]
        lines = tuple(_line(due, record, today) for due in _worst(dues, today) if due.state != "nothing_due")
        nothing = next((due.arithmetic for due in dues if due.state == "nothing_due"), "") if not lines else ""
        return DueCardWords(lines, nothing)


def column_of(due: Due) -> str:
    """The column of the page to which something due belongs."""
    listed = code_list("due_what").get(due.due_type)
    return listed.more["column"] if listed else due.due_type


def title(due: Due) -> str:
    """The title of something due, with the person: "DBS check, Ann Colley"."""
    words = code_list("due_what").label(due.due_type)
    if due.topic:
        words = f"{code_list('training_topic').label(due.topic)} training"
    return f"{words}, {due.name}" if due.name else words


def _short(due: Due) -> str:
    listed = code_list("due_what").get(due.due_type)
    return listed.more["short"] if listed else due.due_type


def _within(due: Due, today: date, days: int) -> bool:
    over = due.days_over(today)
    return over is not None and -days <= over


def _worst(dues: Iterable[Due], today: date) -> list[Due]:
    """What is due, most overdue first, then nearest first; things without a day come last."""

    def place(due: Due) -> tuple[int, int]:
        over = due.days_over(today)
        return (0, -over) if over is not None else (1 if due.state == "never_recorded" else 2, 0)

    return sorted(dues, key=place)


def _next(rows: Iterable[HouseholdRow]) -> str:
    """The thing with the earliest due day: "Rao, supervision visit, 23 March 2017"; '' if no day is known."""
    days = [
        (due.due, row.name, due)
        for row in rows
        for cell in row.cells
        for due in cell.due
        if due.due is not None and due.state not in ("done", "nothing_due")
    ]
    if not days:
        return ""
    day, name, due = min(days, key=lambda entry: (entry[0], entry[1]))
    return f"{name}, {_short(due).lower()}, {times.long_day(day)}"


def _status(dues: Sequence[Due]) -> str:
    reason = next((due.arithmetic for due in dues if due.state == "nothing_due"), "")
    return reason.partition(":")[0]


def day_words(day: date, today: date) -> str:
    """A day in the fewest unambiguous words: "23 March" near today, else "9 Feb 2018"."""
    return times.short_day(day) if abs((day - today).days) <= NEAR_DAYS else times.brief_day(day)


def count_words(days: int) -> str:
    """A number of days in words."""
    return "1 day" if days == 1 else f"{days} days"


def state_tag(due: Due, today: date) -> Tag | None:
    """The tag of something due: "14 days overdue", "Due in 21 days", "Never recorded"; None while it is in time."""
    over = due.days_over(today)
    if due.state == "overdue" and over is not None:
        return Tag(f"{count_words(over)} overdue", "amber", "clock")
    if due.state == "due_soon" and over is not None:
        return Tag("Due today" if over == 0 else f"Due in {count_words(-over)}", "amber", "clock")
    return Tag("Never recorded", "amber", "clock") if due.state == "never_recorded" else None


def cell(dues: Sequence[Due], column: str, household: str, record: str, today: date) -> Cell:
    """The cell of a household's column: its worst day, and a short note."""
    listed = code_list("due_what").get(column)
    called = listed.more["short"].lower() if listed else column
    if not dues:
        return Cell("–", spoken=f"{household}, {called}, nothing is due", record=record)
    due = dues[0]
    if all(due_date.state in ("done", "nothing_due") for due_date in dues):
        words = "Done" if all(due_date.state == "done" for due_date in dues) else "–"
        icon = "check" if words == "Done" else ""
        state_words = "done" if words == "Done" else "nothing is due"
        return Cell(
            words,
            icon=icon,
            spoken=f"{household}, {called}, {state_words}",
            record=due.record or record,
            due=tuple(dues),
        )
    tag = state_tag(due, today)
    note = tag.words if tag else _plain_note(due, today)
    of_several = len({due_date.name for due_date in dues}) > 1
    named = due.name and of_several and not (due.topic and due.state == "never_recorded")  # there a name does not fit
    name = f"{due.name.split()[0]}: " if named and note else ""
    day = day_words(due.due, today) if due.due is not None else "Not known"
    spoken = ", ".join(part for part in (household, _short(due).lower(), due.name, day, note) if part)
    return Cell(
        day,
        f"{name}{note}" if tag else note,
        tag.tone if tag else "",
        tag.icon if tag else "",
        spoken,
        due.record or record,
        tuple(dues),
    )


def _plain_note(due: Due, today: date) -> str:
    """The second line of something that is in time."""
    if due.progress:
        return f"{due.progress} done"
    if due.last == today and due.due_type in OF_VISITS:
        return "seen today"
    days = -(due.days_over(today) or 0)
    return f"in {count_words(days)}" if due.due_type == SUPERVISION and days <= SAID_DAYS else ""


def _why(due: Due, row: HouseholdRow, today: date) -> Why:
    tag = state_tag(due, today)
    over = due.days_over(today)
    near = over is not None and -over <= SOON_DAYS
    beside = "" if tag or over is None or not near else f"in {count_words(-over)}"
    parts = [f"{due.rule}." if due.rule else "", due.arithmetic, *due.notes]
    press, press_words = _press(due)
    return Why(
        title=title(due),
        tag=tag,
        beside="Done" if due.state == "done" else beside,
        words=" ".join(part for part in parts if part),
        source=due.source,
        press=press,
        press_words=press_words,
        record=row.record,
        check=REVIEW if due.due_type == PANEL else due.due_type,
        person=due.person,
        name=due.name,
        secret=due.due_type in SECRET,
    )


def _press(due: Due) -> tuple[Press, str]:
    """The button beside something due."""
    if due.state == "nothing_due":
        return "household", "Open the household"
    if due.due_type == SUPERVISION:
        return "visit", "Start a visit"
    if due.due_type in SECRET:
        return "unannounced", "Start it unannounced"
    if due.due_type == TRAINING_DUE:
        return "training", "See training sessions"
    words = {REVIEW: "Record a review", PANEL: "Record a review", TSDS: "Record the standards"}
    return "check", words.get(due.due_type, "Record a check")


def _line(due: Due, record: str, today: date) -> DueLine:
    if due.state == "done":
        words = due.arithmetic
    elif due.progress:
        words = f"{due.progress} met"
    else:
        last = f"Last one {times.long_day(due.last)}" if due.last else "Never recorded"
        words = f"{due.rule}. {last}" if due.due_type == SUPERVISION else last
    day = times.brief_day(due.due) if due.due is not None and due.state != "done" else ""
    return DueLine(title(due), words, day, state_tag(due, today), due.record or record, due.due_type)


def text_line(due: Due, name: str, today: date) -> str:
    """Something due in one line of text, as the command line prints it."""
    state = code_list("due_state").label(due.state)
    tag = state_tag(due, today)
    day = times.long_day(due.due) if due.due is not None else ""
    head = ", ".join(part for part in (name, title(due), day) if part)
    parts = [f"{head}: {tag.words if tag else state}", due.rule, due.arithmetic, *due.notes, due.source]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."
