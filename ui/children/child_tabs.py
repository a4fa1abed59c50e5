"""Three tabs of a child's page: safety plan, placements, people and numbers. They only show; amending is on other pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from hipss_desktop import times
from hipss_desktop.kinds.child import CHILD, PLAN, Child
from hipss_desktop.kinds.placement import PLACEMENT, goes_on
from hipss_desktop.services.ports import Record
from hipss_desktop.views.child_card import ChildCard
from hipss_desktop.views.numbers import Number
from hipss_desktop.views.services import Services
from hipss_desktop.views.undecided import Undecided, readings
from ui.base.clipboard import copy_number
from ui.base.focus import focus, holds_focus
from ui.parts import (
    Bullets,
    Button,
    Card,
    CardTone,
    Cell,
    EmptyState,
    IconLabel,
    LinkButton,
    Rows,
    Table,
    TagSpec,
    column,
    label,
    row,
    taken_apart,
)
from ui.records.undecided import BothVersions, DecideTag, two_versions
from ui.theme import theme_of

REVIEW = ("plan_reviewed", "plan_reviewer", "plan_review_due")
PLAN_TAB = (*PLAN, "delegated", "health", "allergies", "who_to_call", *REVIEW)
"""The child's fields that the tab of the safety plan shows."""
DESCRIBED = CHILD.by_name
"""The child's fields by name, the only source of their labels."""
TWO_COLUMNS = 640
"""The width in pixels (at 100 % text size) from which the plan's parts are in two columns."""


@dataclass(frozen=True)
class PlacementRow:
    """One placement of the child in words."""

    record: str
    start: str
    end: str
    carer: str
    kind: str
    planned: str
    now: bool


@dataclass(frozen=True)
class Someone:
    """A person or place to ring, with the number ('' if it is unknown)."""

    who: str
    name: str
    number: str


def day_words(day: date | None) -> str:
    """A day in full words, '' for None."""
    return times.long_day(day) if day is not None else ""


def placements_of(services: Services, child: str) -> tuple[PlacementRow, ...]:
    """The child's placements, newest first."""
    today = times.local_day(services.clock())
    placement_rows = []
    for record in services.store.records_about(child, kind=PLACEMENT.name):
        placement = PLACEMENT.of(record)
        if placement.child == child and not record.withdrawn:
            placement_rows.append(
                PlacementRow(
                    record=record.record,
                    start=day_words(placement.start),
                    end=day_words(placement.end),
                    carer=services.people.name(placement.carer),
                    kind=PLACEMENT.by_name["type"].words(placement.type),
                    planned=day_words(placement.planned_end),
                    now=goes_on(placement, today),
                )
            )
    return tuple(placement_rows)


def people_of(record: Record, numbers: Sequence[Number]) -> tuple[Someone, ...]:
    """Everybody around the child with a name or a number: who to ring first, then school, social worker and GP.

    If two versions of an answer are undecided, both are included.
    """
    people = [Someone(number.label, number.author, number.number) for number in numbers]
    versions = [CHILD.read(body) for body in readings(record)]
    for name, name_field, phone_field in (
        ("phone", "", "phone"),
        ("social_worker", "social_worker", "social_worker_phone"),
        ("school", "school", "school_phone"),
        ("gp", "gp", "gp_phone"),
    ):
        for child in versions:
            who, phone = (
                getattr(child, name_field) if name_field else "",
                DESCRIBED[phone_field].words(getattr(child, phone_field)),
            )
            person = Someone(DESCRIBED[name].label, who, phone)
            if (
                (who or phone)
                and person not in people
                and not any(phone and someone.number == phone for someone in people)
            ):
                people.append(person)
    return tuple(people)


class PlanPart(Card):
    """A part of the plan that takes the focus, so that arrows scroll from it. ``fields`` are the child's fields it shows."""

    def __init__(self, fields: Sequence[str], *, tone: CardTone = "neutral") -> None:
        super().__init__(tone=tone)
        self.fields = tuple(fields)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", "pane")


class SafetyPlan(QWidget):
    """The plan in the order needed at night: risks and triggers, what helps and what not to do, then the rest."""

    amend = Signal()
    decide = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._inside = QWidget()
        self._cards: list[QWidget] = []
        self._shown_plan: tuple[ChildCard, Child, bool] | None = None
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(5, 5, 5, 5)
        self._grid.setSpacing(16)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setAccessibleName("Safety plan")
        self.area.setWidget(self._inside)
        self.setLayout(column(self.area))
        self._columns = 0

    def part(self, field: str) -> QWidget | None:
        """The part that shows a field of the child, else the first part; None before the plan is shown."""
        parts = [card for card in self._cards if isinstance(card, PlanPart)]
        return next((part for part in parts if field in part.fields), parts[0] if parts else None)

    def show_plan(self, card: ChildCard, child: Child, *, may_amend: bool) -> None:
        """Show a child's plan, or that there is no plan; a focused part keeps the focus if the plan changes."""
        if (card, child, may_amend) == self._shown_plan:
            return
        self._shown_plan = card, child, may_amend
        now = self.focusWidget()
        held = now if now is not None and holds_focus(now) else None
        for widget in self._cards:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._cards = []

        def apart(*names: str) -> list[Undecided]:
            return [undecided for undecided in card.undecided if undecided.field in names]

        if not card.has_plan:
            button = Button("Write a safety plan", icon="pen") if may_amend else None
            if button is not None:
                button.clicked.connect(self.amend)
            advice = "It stands beside the form when somebody rings about this child at night."
            empty = EmptyState(f"No safety plan for {card.name}", advice, icon="shield", button=button, framed=True)
            self._cards.append(empty)
        else:
            self._cards.append(self._head(card, child, may_amend=may_amend))
            self._cards += [
                _listed("risks", "alert", card.risks, apart("risks"), tone="risk"),
                _listed("triggers", "bolt", card.triggers, apart("triggers")),
                _listed("helps", "heart", card.helps, apart("helps")),
                _listed("do_not", "xc", card.do_not, apart("do_not")),
            ]
        delegated, health = apart("delegated"), apart("health", "allergies")
        health_lines = [] if apart("health") else [*child.health]
        health_lines += [] if apart("allergies") else [f"Allergy: {allergy}" for allergy in child.allergies]
        if card.has_plan or card.delegated or health_lines or delegated or health:
            nothing = "Nothing is written down"
            self._cards += [
                _listed("delegated", "check", card.delegated, delegated, none=f"{nothing}. Ring first."),
                _part(
                    "Health and allergies", "heart", health_lines, health, fields=("health", "allergies"), none=nothing
                ),
            ]
        self._cards.append(_numbers(card.numbers))
        self._columns = 0
        self._arrange()
        if held is not None:
            focus(self.part(held.fields[0] if isinstance(held, PlanPart) else ""))

    def _head(self, card: ChildCard, child: Child, *, may_amend: bool) -> QWidget:
        holder = QWidget()
        due = day_words(child.plan_review_due)
        words = card.plan_reviewed or "Not reviewed yet"
        review_label = label(f"{words}. Next review {due}" if due else words, "small", "muted", wrap=True)
        line = row(review_label, gap=8)
        line.setStretch(0, 1)
        apart = [undecided for undecided in card.undecided if undecided.field in PLAN_TAB]
        if apart:
            decide = DecideTag(", ".join(dict.fromkeys(undecided.label for undecided in apart)))
            decide.clicked.connect(self.decide)
            line.addWidget(decide)
        if may_amend:
            button = Button("Amend the safety plan", icon="pen", size=28)
            button.clicked.connect(self.amend)
            line.addWidget(button)
        reviews = [BothVersions(undecided) for undecided in apart if undecided.field in REVIEW]
        holder.setLayout(column(line, *reviews, gap=8))
        return holder

    def _arrange(self) -> None:
        columns = 2 if self.width() >= theme_of(self).px(TWO_COLUMNS) else 1
        if columns == self._columns:
            return
        self._columns = columns
        taken_apart(self._grid)
        cards = [tile for tile in self._cards if isinstance(tile, Card)]
        for head in self._cards[:1]:
            self._grid.addWidget(head, 0, 0, 1, columns)
        for place, card in enumerate(cards):
            self._grid.addWidget(card, 1 + place // columns, place % columns)
        if columns == 2 and len(cards) > 2:
            # the numbers are beside what the carer may decide and the child's health
            self._grid.addWidget(cards[-2], 1 + len(cards) // 2, 0)
            self._grid.addWidget(cards[-1], len(cards) // 2, 1, 2, 1)
        for widget in self._cards:
            widget.show()
        for number in range(2):
            self._grid.setColumnStretch(number, 1 if number < columns else 0)
        for number in range(self._grid.rowCount()):
            self._grid.setRowStretch(number, 0)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


def _listed(
    field: str, icon: str, lines: Sequence[str], apart: Sequence[Undecided], *, tone: str = "ink",
    none: str = "Nothing yet",
) -> PlanPart:  # fmt: skip
    """Return the part of one field: its lines, or both versions of an undecided answer."""
    shown = () if apart else lines
    return _part(DESCRIBED[field].label, icon, shown, apart, fields=(field,), tone=tone, none=none)


def _part(
    title: str, icon: str, lines: Sequence[str], apart: Sequence[Undecided], *, fields: Sequence[str],
    tone: str = "ink", none: str,
) -> PlanPart:  # fmt: skip
    """Return a part of the plan: the decided lines, then the undecided answers."""
    card = PlanPart(fields, tone="amber" if apart else "neutral")
    versions = [f"{version.author}: {version.words}" for answer in apart for version in answer.versions]
    card.setAccessibleName(f"{title}: {'. '.join([*lines, *versions] or [none])}")
    head = IconLabel(icon, title, "body_strong", tone)
    head.setAccessibleName(title)
    card.add(head)
    if lines:
        card.add(Bullets(title, lines, gap=8))
    if apart:
        card.body.addLayout(row(two_versions(), None))
        card.add(*(BothVersions(undecided) for undecided in apart))
    if not lines and not apart:
        card.add(label(none, "small", "muted", wrap=True))
    card.body.addStretch(1)
    return card


def _numbers(numbers: Sequence[Number]) -> PlanPart:
    card = PlanPart(("who_to_call",))
    card.setAccessibleName(f"Who to call: {'. '.join(f'{listed.label}, {listed.number}' for listed in numbers)}")
    card.add(IconLabel("phonecall", "Who to call", "body_strong", "ink"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1)
    for at, listed in enumerate(numbers):
        who = f"{listed.label} ({listed.author})" if listed.author else listed.label
        grid.addWidget(label(who, "body", wrap=True), at, 0)
        number = label(listed.number, "phone")
        number.setAccessibleName(f"{listed.label}, {listed.number}")
        number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(number, at, 1, Qt.AlignmentFlag.AlignRight)
    card.body.addLayout(grid)
    card.body.addStretch(1)
    return card


class Placements(QWidget):
    """Every placement of the child; Enter opens one.

    Signals: ``opened(record)``, ``wanted()`` for a new placement, ``weeks()`` for the weeks of the present one.
    """

    opened = Signal(str)
    wanted = Signal()
    weeks = Signal()

    def __init__(self, *, may_write: bool) -> None:
        super().__init__()
        self._placements: Sequence[PlacementRow] = ()
        self._model = Rows(("From", "To", "With", "Kind", "Planned until"))
        self.table = Table("Placements", self._model, stretch=2)
        self.table.by_content(0, 1, 3, 4)
        self.table.opened.connect(lambda number: self.opened.emit(self._placements[number].record))
        self.empty = EmptyState("No placement with a carer of the service", icon="home", framed=True)
        self.new = Button("Record a placement", icon="plus")
        if not may_write:
            self.new.hide()
        self.new.clicked.connect(self.wanted)
        self.weeks_link = LinkButton("Calls each week of this placement")
        self.weeks_link.clicked.connect(self.weeks)
        self.weeks_link.hide()
        frame = Card()
        frame.add_flush(self.table, 1)
        self.frame = frame
        self.setLayout(column(row(self.new, None, self.weeks_link), frame, self.empty, gap=12, margins=(5, 5, 5, 5)))

    def show_placements(self, placement_rows: Sequence[PlacementRow], *, has_weeks: bool) -> None:
        """Show the placements, newest first; ``has_weeks`` says that the child has a present placement with weeks to show."""
        self._placements = placement_rows
        self.weeks_link.setVisible(has_weeks)
        now = (TagSpec("home", "Now", "accent"),)
        self._model.set_rows(
            [
                (
                    Cell(placement_row.start, strong=placement_row.now),
                    Cell(placement_row.end, tags=now if placement_row.now else ()),
                    Cell(placement_row.carer),
                    Cell(placement_row.kind),
                    Cell(placement_row.planned),
                )
                for placement_row in placement_rows
            ]
        )
        self.frame.setVisible(bool(placement_rows))
        self.empty.setVisible(not placement_rows)


class PeopleTable(Table):
    """The people to ring about the child; Ctrl+C copies a number."""

    copied = Signal(str)

    def __init__(self) -> None:
        self._people: Sequence[Someone] = ()
        self._rows = Rows(("Who", "Name", "Number"))
        super().__init__("People and numbers", self._rows, stretch=1)
        self.by_content(0, 2)

    def show_people(self, people: Sequence[Someone]) -> None:
        """Show the people."""
        self._people = people
        self._rows.set_rows(
            [(Cell(someone.who), Cell(someone.name), Cell(someone.number, strong=True)) for someone in people],
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current_index = self.currentIndex()
        if (
            event.matches(QKeySequence.StandardKey.Copy)
            and current_index.isValid()
            and self._people[current_index.row()].number
        ):
            copy_number(self._people[current_index.row()].number)
            self.copied.emit(f"Copied the number of {self._people[current_index.row()].who}")
            return
        super().keyPressEvent(event)
