"""A child's page: the warnings first, a strained placement next, then every record that names the child, one of them open.

Must not write: the form amends, and the record's card withdraws.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hipss_desktop.kinds.alert import ALERT
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.child import CHILD, PLAN, Child
from hipss_desktop.kinds.placement import PLACEMENT
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.services.questions import add_to
from hipss_desktop.views.child_card import ChildCard
from hipss_desktop.views.incidents import ChildClock
from hipss_desktop.views.record import RecordView
from hipss_desktop.views.services import Services
from hipss_desktop.views.strain import UNDER_STRAIN, StrainView
from hipss_desktop.views.timeline import Header
from ui.actions.beside import with_verbs
from ui.base.focus import focus, holds_focus
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.base.sync_words import SYNC_WORDS
from ui.carers.calls_each_week import WEEKS
from ui.children.alerts import StandingAlerts
from ui.children.child_tabs import (
    PeopleTable,
    PlacementRow,
    Placements,
    SafetyPlan,
    Someone,
    people_of,
    placements_of,
)
from ui.children.clocks_tab import WHO, ClocksTab, DueTag
from ui.children.question_room import QuestionRoom
from ui.children.strain_strip import StrainStrip
from ui.missing.opening import open_guide
from ui.parts import (
    Button,
    Card,
    EmptyState,
    Heading,
    TabPages,
    TagButton,
    TitleLine,
    column,
    label,
    row,
)
from ui.records.record_page import RecordCard, flow, tag_of
from ui.records.timeline_pane import Place, TimelineContents, TimelinePane
from ui.records.undecided import DecideTag
from ui.theme import theme_of

TABS = ("Timeline", "Safety plan", "Placement", "People and numbers", "Details", WHO)
AMENDED_AT = {TABS[1]: PLAN[0], TABS[3]: "who_to_call"}
"""The field of the child at which its form opens from a tab."""
SIDE_BY_SIDE = 760
"""Pixels at 100 % text size: the least width for a button beside the name."""
LOW = 420
"""Below this height (pixels at 100 % text size) alerts are cut short, so that the timeline keeps its room."""
LOW_FOR_STRIP = 620
"""Below this height (pixels at 100 % text size) a tag beside the name replaces the strip of a strained placement."""
ORDER = {"risk": 0, "amber": 1}


@dataclass(frozen=True)
class Shown:
    """All that the page shows beside the open record, read in one go."""

    header: Header
    card: ChildCard
    child: Child
    timeline: TimelineContents
    strain: StrainView | None
    placements: tuple[PlacementRow, ...]
    people: tuple[Someone, ...]
    details: RecordView | None


def read_child(services: Services, record: str, timeline: Callable[[Services], TimelineContents]) -> Shown | None:
    """All that the page shows, or None if the child is not on this laptop."""
    header, card = services.timelines.header(record), services.child_cards.card(record)
    current = services.people.record(record)
    if header is None or card is None or current is None:
        return None
    child = CHILD.of(current)
    return Shown(
        header=header,
        card=card,
        child=child,
        timeline=timeline(services),
        strain=services.strain_views.view(record),
        placements=placements_of(services, record),
        people=people_of(current, card.numbers),
        details=services.record_views.view(record),
    )


class ChildHead(QWidget):
    """Name and age, service number, warnings, where the child is placed, and the worst sync state of these records.

    Signals:
        decide(): somebody goes to what waits for their decision.
        tell(): somebody goes to those who must be told.
        not_home(): somebody goes to the guide for a child who is not home.
        strain(): somebody goes to the weeks of a strained placement.
    """

    decide = Signal()
    strain = Signal()
    tell = Signal()
    not_home = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = Heading("Child", 1)
        self._flow = flow([self.title])
        self.due = DueTag()
        self.due.clicked.connect(self.tell)
        self.strained = TagButton(UNDER_STRAIN.words, icon=UNDER_STRAIN.icon, size=28, tone="amber")
        self.strained.clicked.connect(self.strain)
        self._decide = DecideTag("sync centre")
        self._decide.clicked.connect(self.decide)
        for tag in self._tags():
            tag.setParent(self)  # made early, so that Tab reaches them first; they are in the line only while shown
            tag.hide()
        self._placed = label("", "small", "muted")
        self._guide = Button("Child not home", icon="octagon", keycap="Ctrl+G", size=28)
        self._guide.clicked.connect(self.not_home)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(16)
        self._line.addWidget(self._flow, 1)
        self._line.addWidget(self._placed)
        self._line.addWidget(self._guide)
        self._header: Header | None = None
        self._gives_way = False
        self._due: tuple[ChildClock, ...] = ()
        self._strained = False

    def _tags(self) -> tuple[TagButton, ...]:
        """The tags beside the name that are buttons, in reading order."""
        return self.due, self.strained, self._decide

    def show_due(self, due: tuple[ChildClock, ...]) -> None:
        """Show how many clocks are due now. A tag that has the focus keeps it."""
        if due != self._due:
            self._due = due
            self.due.show_clocks(due)
            self._show_again()

    def show_strain(self, *, strained: bool) -> None:
        """Show or hide the tag that replaces the strip of a strained placement. A tag that has the focus keeps it."""
        if strained != self._strained:
            self._strained = strained
            self._show_again()

    def _show_again(self) -> None:
        header, self._header = self._header, None
        if header is not None:
            self.show_header(header)

    def show_header(self, header: Header) -> None:
        """Show a child's header."""
        if header == self._header:
            return
        self._header = header
        focused = next((tag for tag in self._tags() if holds_focus(tag)), None)
        self.strained.setToolTip(header.placed)
        self.strained.setAccessibleDescription(header.placed)
        self.title = Heading(header.name, 1)
        sync = SYNC_WORDS[header.state]
        tags = sorted(header.tags, key=lambda spec: ORDER.get(spec.tone, 2))
        state_tag: QWidget = tag_of(sync.all_records, sync.tone, sync.icon)
        if header.state == "needs_you":
            undecided = ", ".join(header.undecided)
            self._decide.ask(undecided or "sync centre", "You need to decide" if undecided else sync.all_records)
            state_tag = self._decide
        self._inside = label(header.placed, "small", "muted")
        beside = (
            []
            if self._gives_way
            else [
                label(header.local_id, "body", "muted", ids=True),
                *(tag_of(spec.words, spec.tone, spec.icon) for spec in tags),
                *([self.due] if self._due else []),
                *([self.strained] if self._strained else []),
                state_tag,
                self._inside,
            ]
        )
        for tag in self._tags():
            tag.setParent(self)  # or Qt deletes it with the line that it was in
        fresh = flow([self.title, *beside], inside=self)
        self._line.replaceWidget(self._flow, fresh)
        self._line.setStretch(0, 1)
        fresh.show()  # shown at once, because a tag in a hidden line cannot take the focus
        for tag in self._tags():
            tag.setVisible(tag in beside)
        self._flow.hide()
        self._flow.deleteLater()
        self._flow = fresh
        self._placed.setText(header.placed)
        self._arrange()
        if focused is not None and not focus(focused):
            focus(self._guide)

    def give_way(self, *, yes: bool) -> None:
        """Show the name alone while a question needs the room."""
        header, self._header, self._gives_way = self._header, None, yes
        if header is not None:
            self.show_header(header)

    def _arrange(self) -> None:
        if self._header is not None:
            wide = self.width() >= theme_of(self).px(1000)
            self._placed.setVisible(wide)
            if not self._gives_way:  # without a parent it would open a window
                self._inside.setVisible(
                    not wide and not self._strained
                )  # the tag takes its room and has these words as its tooltip
            self._guide.keycap = "Ctrl+G" if wide else ""
            self._guide.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


class ChildPage(Page):
    """A child's page. It opens at a ``place``, with the focus on ``at``: a field of the child, or a record of the timeline."""

    def __init__(self, context: Context, record: str, place: Place | None = None, at: str = "") -> None:
        super().__init__(context)
        self._place, self._at = place or Place(TABS[0]), at
        self._arrived = False
        self.rail = style_of(CHILD.name).list
        self.record = record
        self._read_number = 0
        self.head = ChildHead()
        self.new_alert = Button(style_of(ALERT.name).new_label, icon=style_of(ALERT.name).icon)
        self.new_alert.hide()  # until the child is read
        self.strain = StrainStrip(context)
        self.pane = TimelinePane(
            self, record, filters=self._place.filters, loaded=self._place.loaded, at=at, back=self._back_here
        )
        self.timeline, self.view_card = self.pane.panel, self.pane.card
        self.action = with_verbs(self.view_card, context)
        role = self.services.store.seat.role
        self._may_amend = may_write(role, CHILD.name)
        self.plan = SafetyPlan()
        self.placements = Placements(may_write=may_write(role, PLACEMENT.name))
        self.people = PeopleTable()
        self._may_alert = may_write(role, ALERT.name)
        self.alerts = StandingAlerts(may_end=self._may_alert)
        self.details = RecordCard(context, titled=False, back=self._back_here)
        self.clocks = ClocksTab(self, record)
        self.tabs = TabPages(
            "Parts of the page",
            list(
                zip(
                    TABS,
                    (self._first_tab(), self.plan, self.placements, self._framed(), self.details, self.clocks),
                    strict=True,
                )
            ),
        )
        self.gone = EmptyState(
            "This child is not on this laptop", "The record may come with the next sync.", icon="inbox"
        )
        self.gone.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(4)
        head = row(TitleLine(self.head), self.new_alert, gap=12)
        head.setStretch(0, 1)
        box.addLayout(head)
        box.addWidget(self.alerts)
        box.addWidget(self.tabs, 1)
        box.addWidget(self.gone, 1)
        self.tabs.tabs.setCurrentIndex(TABS.index(self._place.tab))
        self._connect()

    def _back_here(self) -> dict[str, Any]:
        """The arguments of ``go`` that lead back to where the reader is now."""
        tab = TABS[self.tabs.tabs.currentIndex()]
        at = self.pane.current_record() if tab == TABS[0] else ""
        return {
            "route": style_of(CHILD.name).record,
            "record": self.record,
            "place": Place(tab, self.timeline.filters(), self.pane.loaded()),
            "at": at,
        }

    def _first_tab(self) -> QWidget:
        inside = QWidget()
        line = column(self.strain, self.pane, gap=12)
        line.setStretch(1, 1)
        inside.setLayout(line)
        return inside

    def _framed(self) -> QWidget:
        frame = Card()
        frame.add_flush(self.people, 1)
        return frame

    def _connect(self) -> None:
        self.pane.stale.connect(self.refresh)
        for part in (self.head, self.plan):
            part.decide.connect(lambda: self.context.go("sync", record=self.record))
        self.plan.amend.connect(self._amend)
        self.placements.opened.connect(lambda record: self.context.open(record, PLACEMENT.name))
        self.placements.wanted.connect(lambda: self.context.new(PLACEMENT.name, child=self.record))
        self.placements.weeks.connect(lambda: self.context.go(WEEKS, record=self.record))
        self.people.copied.connect(self.context.say)
        self.new_alert.clicked.connect(lambda: self.context.new(ALERT.name, child=self.record))
        self.alerts.over.connect(self._end_alert)
        self.alerts.opened.connect(lambda alert: self.context.open(alert, ALERT.name))
        self.tabs.tabs.currentChanged.connect(lambda _: self._fit())
        self.room = QuestionRoom(self, self.view_card, self.action, self._give_way)
        self.clocks.counted.connect(self._show_due)
        self.head.tell.connect(self._to_clocks)
        self.head.strain.connect(self.strain.explain)
        self.head.not_home.connect(lambda: open_guide(self, self.record))
        bind(self, "Ctrl+G", lambda: open_guide(self, self.record))
        bind(self, "Ctrl+F", self._to_search)
        bind(self, "Ctrl+E", self._amend)
        bind(self, "Ctrl+P", self._print)
        bind(self, "Ctrl+Tab", lambda: self.tabs.step(1))

    def _give_way(self, yes: bool) -> None:
        self.head.give_way(yes=yes)
        self.alerts.give_way(yes=yes)
        self.tabs.tabs.setVisible(not yes)

    def _end_alert(self, alert: str) -> None:
        """Open the alert at the question why it is over."""
        self.context.go(style_of(ALERT.name).record, record=alert, question=add_to("ended"))

    def _show_due(self) -> None:
        self.head.show_due(self.clocks.due_now)
        self.tabs.tabs.setTabText(TABS.index(WHO), self.clocks.words)

    def _to_clocks(self) -> None:
        self.tabs.tabs.setCurrentIndex(TABS.index(WHO))
        focus(self.clocks.table)

    def cares(self, changes: ChangeSet) -> bool:
        """Whether a record or the sync state changed. Any record may name the child; a draft changes nothing here."""
        return bool(changes.records) or changes.sync

    def refresh(self) -> None:
        """Read the page again, as far down the timeline as it was loaded."""
        self._read_number += 1
        read_number, services, record, timeline = self._read_number, self.services, self.record, self.pane.reading()

        def done(shown: Shown | None) -> None:
            if read_number == self._read_number:
                self._show(shown)

        self.context.runner.read(lambda: read_child(services, record, timeline), done, context=self)
        self.clocks.refresh()

    def first_focus(self) -> QWidget | None:
        """The timeline. On another tab, the tab bar until the tab's content is read."""
        return self.timeline.list if self.tabs.tabs.currentIndex() == 0 else self.tabs.tabs

    def card(self) -> QWidget | None:
        """The card of the open record, or None on another tab than the timeline."""
        return self.view_card if self.tabs.tabs.currentIndex() == 0 else None

    def _show(self, shown: Shown | None) -> None:
        for part in (self.head, self.tabs):
            part.setVisible(shown is not None)
        self.gone.setVisible(shown is None)
        if shown is None:
            return
        self.head.show_header(shown.header)
        self.alerts.show_alerts(shown.card.alerts)
        self.strain.show_strain(shown.strain)
        self.pane.show_contents(shown.timeline)
        self.plan.show_plan(shown.card, shown.child, may_amend=self._may_amend)
        has_weeks = shown.strain is not None and shown.strain.strain is not None
        self.placements.show_placements(shown.placements, has_weeks=has_weeks)
        self.people.show_people(shown.people)
        self.details.show_view(shown.details)
        self._fit()
        if not self._arrived:
            self._arrived = True
            self._arrive()

    def _arrive(self) -> None:
        """Move the focus to what the page was opened at, unless somebody has already moved it."""
        if holds_focus(self.tabs.tabs) and self._place.tab != TABS[0]:
            parts = {
                TABS[1]: self.plan.part(self._at),
                TABS[2]: self.placements.table,
                TABS[3]: self.people,
                WHO: self.clocks.table,
            }
            focus(parts.get(self._place.tab, self.details.area))

    def _to_search(self) -> None:
        self.tabs.tabs.setCurrentIndex(0)
        self.pane.to_search()

    def _amend(self) -> None:
        """Amend the open record of the timeline. On another tab, amend the child at the field that the tab shows."""
        tab = self.tabs.tabs.currentIndex()
        if tab == 0:
            self.view_card.go_amend()
        else:
            self.context.go("amend", record=self.record, at=AMENDED_AT.get(TABS[tab], ""), back=self._back_here())

    def _print(self) -> None:
        """Print the open record, or the child."""
        card = self.view_card if self.tabs.tabs.currentIndex() == 0 and self.view_card.view else self.details
        card.go_print()

    def _fit(self) -> None:
        """Show what there is room for."""
        wide = self.width() >= theme_of(self).px(SIDE_BY_SIDE)
        self.new_alert.setVisible(wide and self._may_alert and not self.head.isHidden())  # the palette has it as well
        is_low = self.height() < theme_of(self).px(LOW)
        self.alerts.shorten(short=is_low)
        low = self.height() < theme_of(self).px(LOW_FOR_STRIP)
        self.strain.setVisible(self.strain.speaks and not low)
        self.head.show_strain(strained=self.strain.speaks and low)
        self.room.fit(low=is_low)
        before: QWidget = self.new_alert
        for link in self.alerts.links():
            QWidget.setTabOrder(before, link)  # links are made late, so they would come last in the Tab order
            before = link

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
