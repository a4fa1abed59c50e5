"""A household's page, in three tabs: the overview, the timeline, and the household's own record.

The overview has its phone numbers, the children tonight, what is due, its open actions and its calls. "Log a contact" begins a
contact with the caller filled in, "Start a visit" begins a visit to the household. Must not write: the form saves changes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.catalogue import may_read, may_write
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.rules.due import TRAINING_DUE
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.carer import CALL_DAYS, Household, Line
from hipss_desktop.views.due_dates import DueCardWords
from hipss_desktop.views.numbers import Number
from hipss_desktop.views.record import RecordView
from hipss_desktop.views.services import Services
from hipss_desktop.views.strain import StrainView
from hipss_desktop.views.training import HouseholdTraining
from ui.actions.beside import with_verbs
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.carers.calls_each_week import CallsEachWeek
from ui.carers.training_card import due_line, training_card
from ui.parts import (
    Button,
    Card,
    EmptyState,
    Heading,
    LinkButton,
    PrimaryButton,
    TabPages,
    TitleLine,
    column,
    grows,
    label,
    row,
)
from ui.records.record_page import RecordCard, flow, tag_of
from ui.records.timeline_pane import Place, TimelineContents, TimelinePane
from ui.theme import theme_of

TABS = ("Overview", "Timeline", "Household")
IN_TWO_COLUMNS = (
    (0, 0, 1, 1),
    (0, 1, 1, 1),
    (1, 0, 2, 1),
    (1, 1, 1, 1),
    (2, 1, 1, 1),
    (3, 0, 1, 1),
    (3, 1, 1, 1),
    (4, 0, 1, 1),
)
"""The places of the overview's parts in two columns: row, column, rows, columns. The card with what is due is two rows high."""
TWO_COLUMNS = 720
"""Pixels at 100 % text size: the least width for the overview in two columns."""


@dataclass(frozen=True)
class Shown:
    """All that the page shows, read in one go."""

    household: Household
    due: DueCardWords
    training: HouseholdTraining
    strain: StrainView | None
    timeline: TimelineContents
    details: RecordView | None


class Overview(QScrollArea):
    """The parts that people read at a glance, in two columns if there is room."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shown: tuple[Household, DueCardWords, HouseholdTraining, StrainView | None] | None = None
        self._cards: list[Card] = []
        self._columns = 0
        self._shows_all_dates = may_read(context.services.store.seat.role, VISIT.name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Overview")
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(5, 5, 5, 5)
        self._grid.setSpacing(16)
        self.setWidget(inside)

    def show_household(
        self, household: Household, due: DueCardWords, training: HouseholdTraining, strain: StrainView | None
    ) -> None:
        """Show a household, what is due, its training and its calls each week; do nothing if all of it is unchanged."""
        if (household, due, training, strain) == self._shown:
            return
        self._shown = household, due, training, strain
        for card in self._cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = [
            self._numbers(household.numbers),
            self._tonight(household),
            self._due_card(due),
            self._may_take(household.may_take),
            *([CallsEachWeek(self._context, strain)] if strain is not None else []),
            self._lines(
                "Open actions", household.actions, "Nothing is open about this household or a child placed here."
            ),
            training_card(self._context, training),
            self._calls(household),
        ]
        self._columns = 0
        self._arrange()

    def _numbers(self, numbers: Sequence[Number]) -> Card:
        card = Card("Numbers", count=len(numbers))
        for duty_number in numbers:
            number = label(duty_number.number, "phone")
            number.setAccessibleName(f"{duty_number.label}, {duty_number.number}")
            number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            who = f"{duty_number.label} ({duty_number.author})" if duty_number.author else duty_number.label
            holder = QWidget()
            line = row(label(who, "body", wrap=True), number, gap=16)
            line.setStretch(0, 1)
            holder.setLayout(line)
            card.add(holder)
        if not numbers:
            card.add(label("No number is held.", "small", wrap=True))
        card.body.addStretch(1)
        return card

    def _tonight(self, household: Household) -> Card:
        card = self._lines(household.night, household.children, "No child sleeps here tonight.", count=False)
        if household.away:
            card.add(label("Away tonight", "small_strong", "muted"), *(self._line(line) for line in household.away))
        if household.places:
            card.add(label(household.places, "small", "muted"))
        card.body.addStretch(1)
        return card

    def _due_card(self, due: DueCardWords) -> Card:
        """What is due, most overdue first. Each line links to the record from which its day is counted."""
        every = LinkButton("All dates")
        every.clicked.connect(lambda: self._context.go("supervision"))
        card = Card("Due", aside=(every,) if self._shows_all_dates else ())
        lines = [line for line in due.lines if line.due_type != TRAINING_DUE]  # training has a card of its own
        for line in lines:
            card.add(due_line(line))
        if not lines:
            card.add(label(due.nothing or "Nothing is due.", "small", "muted", wrap=True))
        card.body.addStretch(1)
        return card

    def _calls(self, household: Household) -> Card:
        title = f"Calls in the last {CALL_DAYS} days"
        return self._lines(title, household.calls, "No calls in this time.")

    def _may_take(self, lines: Sequence[str]) -> Card:
        card = Card("May take")
        card.add(*(label(line, "body", wrap=True) for line in lines or ("Nothing is written down.",)))
        card.body.addStretch(1)
        return card

    def _lines(self, title: str, lines: Sequence[Line], nothing: str, *, count: bool = True) -> Card:
        """A card with a link for each record and the words about it."""
        card = Card(title, count=len(lines) if count else None)
        card.add(*(self._line(line) for line in lines))
        if not lines:
            card.add(label(nothing, "small", "muted", wrap=True))
        if count:
            card.body.addStretch(1)
        return card

    def _line(self, line: Line) -> QWidget:
        link = LinkButton(line.title)
        link.clicked.connect(lambda: self._context.open(line.record, line.kind))
        holder = QWidget()
        head: list[QWidget] = [link, *([tag_of(line.tag.words, line.tag.tone, line.tag.icon)] if line.tag else [])]
        words = [label(line.words, "small", wrap=True)] if line.words else []
        holder.setLayout(column(flow(head), *words, gap=0))
        grows(holder)
        return holder

    def _arrange(self) -> None:
        columns = 2 if self.width() >= theme_of(self).px(TWO_COLUMNS) else 1
        if columns == self._columns:
            return
        self._columns = columns
        for card in self._cards:
            self._grid.removeWidget(card)
        for at, card in enumerate(self._cards):
            place = IN_TWO_COLUMNS[at] if columns > 1 else (at, 0, 1, 1)
            last = card is self._cards[-1] and place[1] == 0
            self._grid.addWidget(card, *place[:3], columns if last else place[3])
            card.show()
        for number in range(2):
            self._grid.setColumnStretch(number, 1 if number < columns else 0)
        for number in range(self._grid.rowCount()):
            self._grid.setRowStretch(number, 0)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


class CarerPage(Page):
    """The page of a household. It opens at a ``place``, with the record ``at`` chosen in its timeline."""

    def __init__(self, context: Context, record: str, place: Place | None = None, at: str = "") -> None:
        super().__init__(context)
        start = place or Place(TABS[0])
        self.record = record
        self.rail = style_of(CARER.name).list
        self._household: Household | None = None
        self.title = Heading("Carer", 1)
        self.new = PrimaryButton(style_of(CONTACT.name).new_label, icon=style_of(CONTACT.name).icon)
        if not may_write(self.services.store.seat.role, CONTACT.name):
            self.new.hide()
        self.new.clicked.connect(self._log_contact)
        self.start = Button("Start a visit", icon=style_of(VISIT.name).icon)
        if not may_write(self.services.store.seat.role, VISIT.name):
            self.start.hide()
        self.start.clicked.connect(lambda: context.new(VISIT.name, carer=record))
        self._named = flow([self.title])
        self._line = TitleLine(self._named)
        self._address = label("", "body", "muted", wrap=True)
        self._head = row(self._line, self.start, self.new, gap=12)
        self._head.setStretch(0, 1)
        self.overview = Overview(context)
        self.pane = TimelinePane(self, record, filters=start.filters, loaded=start.loaded, at=at, back=self._back_here)
        self.action = with_verbs(self.pane.card, context)
        self.details = RecordCard(context, titled=False, back=self._back_here)
        parts = (self.overview, self.pane, self.details)
        self.tabs = TabPages("Parts of the page", list(zip(TABS, parts, strict=True)))
        self.tabs.tabs.setCurrentIndex(TABS.index(start.tab))
        self.gone = EmptyState(
            "This household is not on this laptop", "The record may come with the next sync.", icon="inbox"
        )
        self.gone.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(4)
        box.addLayout(self._head)
        box.addWidget(self._address)
        box.addWidget(self.tabs, 1)
        box.addWidget(self.gone, 1)
        self.pane.stale.connect(self.refresh)
        bind(self, "Ctrl+F", self._to_search)
        bind(self, "Ctrl+E", lambda: self._card().go_amend())
        bind(self, "Ctrl+P", lambda: self._card().go_print())
        bind(self, "Ctrl+Tab", lambda: self.tabs.step(1))

    def cares(self, changes: ChangeSet) -> bool:
        """Whether a record or the sync state changed. Any record may be about the household; a draft changes nothing here."""
        return bool(changes.records) or changes.sync

    def refresh(self) -> None:
        """Read the page again."""
        services, record, timeline = self.services, self.record, self.pane.reading()
        self.context.runner.read(lambda: _read(services, record, timeline), self._show, context=self)

    def _card(self) -> RecordCard:
        """The card that Ctrl+E and Ctrl+P act on: the open record of the timeline, else the household's own record."""
        return self.pane.card if self.tabs.tabs.currentIndex() == 1 and self.pane.card.view else self.details

    def card(self) -> QWidget | None:
        """The card of the open record, or None on another tab than the timeline."""
        return self.pane.card if self.tabs.tabs.currentIndex() == 1 else None

    def _back_here(self) -> dict[str, Any]:
        """The arguments of ``go`` that lead back to where the reader is now."""
        tab = TABS[self.tabs.tabs.currentIndex()]
        return {
            "route": style_of(CARER.name).record,
            "record": self.record,
            "place": Place(tab, self.pane.panel.filters(), self.pane.loaded()),
            "at": self.pane.current_record() if tab == TABS[1] else "",
        }

    def _to_search(self) -> None:
        self.tabs.tabs.setCurrentIndex(1)
        self.pane.to_search()

    def first_focus(self) -> QWidget | None:
        """On the overview, "Log a contact" or, for people who may not log one, the tab bar. Else the timeline or the record."""
        if tab := self.tabs.tabs.currentIndex():
            return self.pane.panel.list if tab == 1 else self.details.area
        return self.tabs.tabs if self.new.isHidden() else self.new

    def _show(self, shown: Shown | None) -> None:
        household = shown.household if shown is not None else None
        for part in (self._named, self._address, self.tabs):
            part.setVisible(household is not None)
        self.gone.setVisible(household is None)
        if shown is None or household is None:
            self.new.hide()
            self.start.hide()
            return
        if household != self._household:
            self._household = household
            self.title = Heading(household.name, 1)
            status = tag_of(household.status.words, household.status.tone, household.status.icon)
            named = flow([self.title, status])
            self._address.setText(household.address)
            self._line.put(named)
            self._head.setStretch(0, 1)
            self._named.hide()
            self._named.deleteLater()
            self._named = named
        self.overview.show_household(household, shown.due, shown.training, shown.strain)
        self.pane.show_contents(shown.timeline)
        self.details.show_view(shown.details)

    def _log_contact(self) -> None:
        if self._household is not None:
            self.context.go(style_of(CONTACT.name).form, caller=self._household.caller)


def _read(services: Services, record: str, timeline: Callable[[Services], TimelineContents]) -> Shown | None:
    """All that the page shows, or None if the household is not on this laptop."""
    household = services.households.household(record)
    if household is None:
        return None
    due, strain = services.due_views.card(record), services.strain_views.view(record)
    return Shown(
        household,
        due,
        services.training.households.of(record),
        strain,
        timeline(services),
        services.record_views.view(record),
    )
