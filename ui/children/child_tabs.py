"""The quieter tabs of a child's page: safety plan, placements, people and numbers. Read only; amending goes elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from hipss_desktop import times
from hipss_desktop.kinds.child import CHILD, Child
from hipss_desktop.kinds.placement import PLACEMENT, goes_on
from hipss_desktop.views.child_card import ChildCard, Number
from hipss_desktop.views.desk import Desk
from ui.base.clipboard import copy_number
from ui.parts import Bullets, Button, Card, Cell, EmptyState, IconLabel, Rows, Table, TagSpec, column, label, row
from ui.theme import theme_of

DESCRIBED = CHILD.by_name
"""The child's fields: their labels are written nowhere else."""
TWO_COLUMNS = 640
"""Pixels at 100 % text size from which the plan's parts stand two by two."""


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
    """Somebody to ring, or a place, with its number ('' when none is held)."""

    who: str
    name: str
    number: str


def day_words(day: date | None) -> str:
    """A day in full, '' where there is none."""
    return times.long_day(day) if day is not None else ""


def placements_of(desk: Desk, child: str) -> tuple[PlacementRow, ...]:
    """The child's placements, newest first."""
    today = times.local_day(desk.clock())
    found = []
    for each in desk.store.records_about(child, kind=PLACEMENT.name):
        placement = PLACEMENT.of(each)
        if placement.child == child and not each.withdrawn:
            found.append(
                PlacementRow(
                    record=each.record,
                    start=day_words(placement.start),
                    end=day_words(placement.end),
                    carer=desk.people.name(placement.carer),
                    kind=PLACEMENT.by_name["type"].words(placement.type),
                    planned=day_words(placement.planned_end),
                    now=goes_on(placement, today),
                )
            )
    return tuple(found)


def people_of(child: Child, numbers: Sequence[Number]) -> tuple[Someone, ...]:
    """Everybody around the child with a name or a number: who to ring first, then school, social worker and GP."""
    found = [Someone(each.label, "", each.number) for each in numbers]
    for name, who, phone in (
        ("phone", "", child.phone),
        ("social_worker", child.social_worker, child.social_worker_phone),
        ("school", child.school, child.school_phone),
        ("gp", child.gp, child.gp_phone),
    ):
        if (who or phone) and not any(phone and each.number == phone for each in found):
            found.append(Someone(DESCRIBED[name].label, who, phone))
    return tuple(found)


class Scrolled(QScrollArea):
    """A tab that scrolls down, never across."""

    def __init__(self, inside: QWidget, name: str) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setWidget(inside)


class SafetyPlan(QWidget):
    """The plan as it is read at night: risks and triggers, what helps and what not to do, then the rest."""

    amend = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._inside = QWidget()
        self._cards: list[QWidget] = []
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(5, 5, 5, 5)
        self._grid.setSpacing(16)
        self.area = Scrolled(self._inside, "Safety plan")
        self.setLayout(column(self.area))
        self._columns = 0

    def show_plan(self, card: ChildCard, child: Child, *, may_amend: bool) -> None:
        """Show a child's plan, or that there is none."""
        for each in self._cards:
            self._grid.removeWidget(each)
            each.hide()
            each.deleteLater()
        self._cards = []
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
                _listed(DESCRIBED["risks"].label, "alert", card.risks, tone="risk"),
                _listed(DESCRIBED["triggers"].label, "bolt", card.triggers),
                _listed(DESCRIBED["helps"].label, "heart", card.helps),
                _listed(DESCRIBED["do_not"].label, "xc", card.do_not),
            ]
        health = [*child.health, *(f"Allergy: {each}" for each in child.allergies)]
        if card.has_plan or card.delegated or health:
            self._cards += [
                _listed(
                    DESCRIBED["delegated"].label, "check", card.delegated, none="Nothing is written down. Ring first."
                ),
                _listed("Health and allergies", "heart", health, none="Nothing is written down"),
            ]
        self._cards.append(_numbers(card.numbers))
        self._columns = 0
        self._arrange()

    def _head(self, card: ChildCard, child: Child, *, may_amend: bool) -> QWidget:
        holder = QWidget()
        due = day_words(child.plan_review_due)
        words = card.plan_reviewed or "Not reviewed yet"
        said = label(f"{words}. Next review {due}" if due else words, "small", "muted", wrap=True)
        line = row(said, gap=8)
        line.setStretch(0, 1)
        if may_amend:
            button = Button("Amend the safety plan", icon="pen", size=28)
            button.clicked.connect(self.amend)
            line.addWidget(button)
        holder.setLayout(line)
        return holder

    def _arrange(self) -> None:
        columns = 2 if self.width() >= theme_of(self).px(TWO_COLUMNS) else 1
        if columns == self._columns:
            return
        self._columns = columns
        while self._grid.count():
            self._grid.takeAt(0)
        cards = [each for each in self._cards if isinstance(each, Card)]
        for head in self._cards[:1]:
            self._grid.addWidget(head, 0, 0, 1, columns)
        for place, card in enumerate(cards):
            self._grid.addWidget(card, 1 + place // columns, place % columns)
        if columns == 2 and len(cards) > 2:
            # the numbers stand beside what the carer may decide and the health of the child
            self._grid.addWidget(cards[-2], 1 + len(cards) // 2, 0)
            self._grid.addWidget(cards[-1], len(cards) // 2, 1, 2, 1)
        for each in self._cards:
            each.show()
        for number in range(2):
            self._grid.setColumnStretch(number, 1 if number < columns else 0)
        for number in range(self._grid.rowCount()):
            self._grid.setRowStretch(number, 0)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


def _listed(title: str, icon: str, lines: Sequence[str], *, tone: str = "ink", none: str = "Nothing yet") -> Card:
    card = Card()
    head = IconLabel(icon, title, "body_strong", tone)
    head.setAccessibleName(title)
    card.add(head)
    if lines:
        card.add(Bullets(title, lines, gap=8))
    else:
        card.add(label(none, "small", "muted", wrap=True))
    card.body.addStretch(1)
    return card


def _numbers(numbers: Sequence[Number]) -> Card:
    card = Card()
    card.add(IconLabel("phonecall", "Who to call", "body_strong", "ink"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1)
    for at, each in enumerate(numbers):
        grid.addWidget(label(each.label, "body", wrap=True), at, 0)
        number = label(each.number, "phone")
        number.setAccessibleName(f"{each.label}, {each.number}")
        number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(number, at, 1, Qt.AlignmentFlag.AlignRight)
    card.body.addLayout(grid)
    card.body.addStretch(1)
    return card


class Placements(QWidget):
    """Every placement of the child; Enter opens one. ``opened(record)``, ``wanted()`` for a new one."""

    opened = Signal(str)
    wanted = Signal()

    def __init__(self, *, may_write: bool) -> None:
        super().__init__()
        self._found: Sequence[PlacementRow] = ()
        self._model = Rows(("From", "To", "With", "Kind", "Planned until"))
        self.table = Table("Placements", self._model, stretch=2)
        self.table.widths(150, 150, 0, 140, 150)
        self.table.opened.connect(lambda number: self.opened.emit(self._found[number].record))
        self.empty = EmptyState("No placement with a carer of the service", icon="home", framed=True)
        self.new = Button("Record a placement", icon="plus")
        if not may_write:
            self.new.hide()
        self.new.clicked.connect(self.wanted)
        frame = Card()
        frame.add_flush(self.table, 1)
        self.frame = frame
        self.setLayout(column(row(self.new, None), frame, self.empty, gap=12, margins=(5, 5, 5, 5)))

    def show_placements(self, found: Sequence[PlacementRow]) -> None:
        """Show them, newest first."""
        self._found = found
        now = (TagSpec("home", "Now", "accent"),)
        self._model.set_rows(
            [
                (
                    Cell(each.start, strong=each.now),
                    Cell(each.end, tags=now if each.now else ()),
                    Cell(each.carer),
                    Cell(each.kind),
                    Cell(each.planned),
                )
                for each in found
            ]
        )
        self.frame.setVisible(bool(found))
        self.empty.setVisible(not found)


class PeopleTable(Table):
    """Who to ring about the child; Ctrl+C copies the number."""

    copied = Signal(str)

    def __init__(self) -> None:
        self._found: Sequence[Someone] = ()
        self._rows = Rows(("Who", "Name", "Number"))
        super().__init__("People and numbers", self._rows, stretch=1)
        self.widths(240, 0, 180)

    def show_people(self, found: Sequence[Someone]) -> None:
        """Show them."""
        self._found = found
        self._rows.set_rows(
            [(Cell(each.who), Cell(each.name), Cell(each.number, strong=True)) for each in found],
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy) and here.isValid() and self._found[here.row()].number:
            copy_number(self._found[here.row()].number)
            self.copied.emit(f"Copied the number of {self._found[here.row()].who}")
            return
        super().keyPressEvent(event)
