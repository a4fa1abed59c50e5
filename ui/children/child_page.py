"""A child's page: the warnings first, then every record that names the child, one of them open with its history.

Arrows move in the timeline and show the record at the right; Enter moves to it, Esc back. Where there is no room for both
the record takes the timeline's place. Must not write: amending goes to the form, withdrawing to the record's card.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.kinds.alert import ALERT
from hipss_desktop.kinds.catalogue import KINDS, may_write
from hipss_desktop.kinds.child import CHILD, PLAN, Child
from hipss_desktop.kinds.placement import PLACEMENT
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.services.questions import add_to
from hipss_desktop.views.child_card import ChildCard
from hipss_desktop.views.desk import Desk
from hipss_desktop.views.incidents import ChildClock
from hipss_desktop.views.record import RecordView
from hipss_desktop.views.timeline import Entry, Header
from ui.actions.beside import with_verbs
from ui.base.focus import focus
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.base.sync_words import SYNC_WORDS
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
from ui.missing.opening import open_guide
from ui.parts import (
    Button,
    Card,
    ChipGroup,
    ComboBox,
    EmptyState,
    Heading,
    TabPages,
    TitleLine,
    grows,
    label,
    row,
    spoken_label,
    turn,
)
from ui.records.record_page import RecordCard, flow, tag_of
from ui.records.timeline import TimelineList
from ui.records.undecided import DecideTag
from ui.theme import theme_of

PAGE = 60
"""Records fetched at a time."""
TABS = ("Timeline", "Safety plan", "Placement", "People and numbers", "Details", WHO)
AMENDED_AT = {TABS[1]: PLAN[0], TABS[3]: "who_to_call"}
"""The field of the child at which its form opens from a tab."""
ALL = "all"
MOST_CHIPS = 4
"""Kinds of record that have a chip, the most frequent first; the rest are in a drop-down list."""
PERIODS = (("91", "Last 3 months"), ("365", "Last 12 months"), ("all", "All"))
SIDE_BY_SIDE = 760
"""From this width on (pixels at 100 % text size) timeline and record stand beside each other."""
LOW = 420
"""Below this height (pixels at 100 % text size) alerts are cut short, so that the timeline keeps its room."""
ORDER = {"risk": 0, "amber": 1}


@dataclass(frozen=True)
class Shown:
    """All that the page shows beside the open record, read in one go."""

    header: Header
    card: ChildCard
    child: Child
    count: int
    kinds: tuple[str, ...]
    entries: tuple[Entry, ...]
    ended: bool
    placements: tuple[PlacementRow, ...]
    people: tuple[Someone, ...]
    details: RecordView | None


@dataclass(frozen=True)
class Wanted:
    """What of the timeline is asked for."""

    kind: str = ""
    days: int | None = 91


@dataclass(frozen=True)
class Place:
    """Where on the page a reader was: the open tab, and what of the timeline was asked for and how much of it loaded."""

    tab: str = TABS[0]
    wanted: Wanted = Wanted()
    loaded: int = 0


def read_page(
    desk: Desk, record: str, wanted: Wanted, before: int | None, limit: int
) -> tuple[tuple[Entry, ...], bool]:
    """The next entries of the timeline, and whether there are no more."""
    found = desk.timelines.entries(record, kind=wanted.kind, before=before, limit=limit)
    oldest = 0
    if wanted.days is not None:
        oldest = times.ms(desk.clock() - timedelta(days=wanted.days))
    kept = tuple(each for each in found if each.at >= oldest)
    return kept, len(kept) < len(found) or len(found) < limit


def read_child(desk: Desk, record: str, wanted: Wanted, limit: int) -> Shown | None:
    """The whole page, None when the child is not on this laptop."""
    header, card = desk.timelines.header(record), desk.child_cards.card(record)
    found = desk.people.record(record)
    if header is None or card is None or found is None:
        return None
    child = CHILD.of(found)
    entries, ended = read_page(desk, record, wanted, None, limit)
    since = desk.clock() - timedelta(days=wanted.days) if wanted.days is not None else None
    return Shown(
        header=header,
        card=card,
        child=child,
        count=desk.timelines.count(record, since=since),
        kinds=tuple(desk.timelines.kinds(record)),
        entries=entries,
        ended=ended,
        placements=placements_of(desk, record),
        people=people_of(found, card.numbers),
        details=desk.record_views.view(record),
    )


class ChildHead(QWidget):
    """Name and age, service number, warnings, where the child is placed, and the worst sync state of all of it.

    Signals: ``decide()`` when somebody goes to what waits for them, ``tell()`` to who must be told, ``not_home()`` to the guide.
    """

    decide = Signal()
    tell = Signal()
    not_home = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = Heading("Child", 1)
        self._number = label("", "body", "muted", ids=True)
        self._flow = flow([self.title])
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
        self.due: DueTag | None = None

    def show_due(self, due: tuple[ChildClock, ...]) -> None:
        """Show how many clocks are due now; a tag that had the focus keeps it."""
        if due == self._due:
            return
        had_focus = self.due is not None and self.due.hasFocus()
        header, self._header, self._due = self._header, None, due
        if header is not None:
            self.show_header(header)
        if had_focus:
            focus(self.due or self._guide)

    def show_header(self, header: Header) -> None:
        """Show a child's header."""
        if header == self._header:
            return
        self._header = header
        self.due = DueTag(self._due) if self._due else None
        if self.due is not None:
            self.due.clicked.connect(self.tell)
        self.title = Heading(header.name, 1)
        sync = SYNC_WORDS[header.state]
        tags = sorted(header.tags, key=lambda each: ORDER.get(each.tone, 2))
        stands: QWidget = tag_of(sync.all_records, sync.tone, sync.icon)
        if header.state == "needs_you":
            what = ", ".join(header.undecided)
            words = "You need to decide" if what else sync.all_records
            decide = DecideTag(what or "sync centre", words)
            decide.clicked.connect(self.decide)
            stands = decide
        self._inside = label(header.placed, "small", "muted")
        beside = (
            []
            if self._gives_way
            else [
                label(header.local_id, "body", "muted", ids=True),
                *(tag_of(each.words, each.tone, each.icon) for each in tags),
                *([self.due] if self.due is not None else []),
                stands,
                self._inside,
            ]
        )
        fresh = flow([self.title, *beside])
        self._line.replaceWidget(self._flow, fresh)
        self._line.setStretch(0, 1)
        self._flow.hide()
        self._flow.deleteLater()
        self._flow = fresh
        self._placed.setText(header.placed)
        self._arrange()

    def give_way(self, *, yes: bool) -> None:
        """Show the name alone while a question needs the room."""
        header, self._header, self._gives_way = self._header, None, yes
        if header is not None:
            self.show_header(header)

    def _arrange(self) -> None:
        if self._header is not None:
            wide = self.width() >= theme_of(self).px(1000)
            self._placed.setVisible(wide)
            if not self._gives_way:  # else it stands nowhere, and would open a window of its own
                self._inside.setVisible(not wide)
            self._guide.keycap = "Ctrl+G" if wide else ""
            self._guide.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


class TimelinePanel(Card):
    """The timeline with its filters. ``chosen()`` when another kind of record or another period is asked for."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._records: int | None = None
        self._coming = ""
        self._kinds: tuple[str, ...] = ()
        self.chips = ChipGroup("Show", [(ALL, "All")], chosen=[ALL], exclusive=True)
        self.others = ComboBox(name="Other records", placeholder="More", icon="filter")
        self.others.hide()
        spoken_label("Other records", self.others)
        self.period = ComboBox(PERIODS, name="Period", chosen="91", icon="calendar")
        spoken_label("Period", self.period)
        self.chips.changed.connect(self._chip_chosen)
        self.others.picked.connect(self._other_chosen)
        self.period.picked.connect(lambda _: self.chosen.emit())
        self._line = row(self.chips, row(self.others, self.period), gap=8, margins=(14, 12, 14, 12))
        self._line.setStretch(0, 1)
        grows(self.chips)
        self.box.addLayout(self._line)
        self.add_rule()
        self.list = TimelineList("Timeline")
        self.add_flush(self.list, 1)
        self.empty = EmptyState("No records yet", "Choose another filter or a longer period.", icon="inbox")
        self.empty.hide()
        self.add_flush(self.empty, 1)

    def want(self, wanted: Wanted) -> None:
        """Set the filters; a kind is chosen once it is known that there are records of it."""
        self.period.choose("all" if wanted.days is None else str(wanted.days))
        self._coming = wanted.kind

    def wanted(self) -> Wanted:
        """What the filters ask for."""
        kind, days = next(iter(self.chips.chosen()), ALL), self.period.chosen()
        kind = self._coming or self.others.chosen() or kind
        return Wanted("" if kind == ALL else kind, None if days == "all" else int(days))

    def show_kinds(self, kinds: Sequence[str]) -> None:
        """Offer the kinds of record there are, the most frequent first."""
        known = tuple(kind for kind in kinds if kind in KINDS)
        if known == self._kinds:
            return
        wanted, self._kinds, self._coming = self.wanted().kind, known, ""
        named = [(kind, KINDS[kind].many) for kind in known]
        chosen = wanted if wanted in known else ALL
        many = len(known) > MOST_CHIPS
        shown = named[: MOST_CHIPS - 1 if many else MOST_CHIPS]  # with a box for the others they stay on one line
        with QSignalBlocker(self.chips):
            self.chips.set_options([(ALL, "All"), *shown])
            self.chips.choose([chosen])
        self.others.set_options(named[len(shown) :])
        self.others.choose(chosen if chosen in known[len(shown) :] else "")
        self.others.setVisible(many)
        # Beside two boxes the chips would stand one below the other.
        turn(self._line, beside=not many)
        self.set_count(self._records)

    def _chip_chosen(self) -> None:
        self.others.choose("")
        self.chosen.emit()

    def _other_chosen(self, _kind: str) -> None:
        with QSignalBlocker(self.chips):
            self.chips.choose([])
        self.chosen.emit()

    def set_count(self, count: int | None) -> None:
        """How many records the period holds in all."""
        self._records = count
        chip = self.chips.chips()[0]
        chip.setText("All" if count is None else f"All {count}")
        chip.updateGeometry()


class ChildPage(Page):
    """The page. It opens at a ``place``, with the focus on ``at``: a field of the child, or a record of the timeline."""

    def __init__(self, context: Context, record: str, place: Place | None = None, at: str = "") -> None:
        super().__init__(context)
        self._place, self._at = place or Place(), at
        self._arrived = False
        self.rail = style_of(CHILD.name).list
        self.record = record
        self._asked = 0
        self._ended = True
        self._fetching = False
        self._reading = False
        self.head = ChildHead()
        self.new_alert = Button(style_of(ALERT.name).new_label, icon=style_of(ALERT.name).icon)
        self.new_alert.hide()  # until it is known that the child is here
        self.timeline = TimelinePanel()
        self.back = Button("Timeline", icon="left", size=28)
        self.back.clicked.connect(self._to_list)
        self.view_card = RecordCard(context, aside=[self.back], back=self._back_here)
        self.action = with_verbs(self.view_card, context)
        role = self.desk.store.seat.role
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
        self.timeline.want(self._place.wanted)
        self.tabs.tabs.setCurrentIndex(TABS.index(self._place.tab))
        self._connect()

    def _back_here(self) -> dict[str, Any]:
        """What ``go`` is called with to come back to where the reader is now."""
        tab = TABS[self.tabs.tabs.currentIndex()]
        here = self.timeline.list.entry()
        at = here.record if here is not None and tab == TABS[0] else ""
        return {
            "route": style_of(CHILD.name).record,
            "record": self.record,
            "place": Place(tab, self.timeline.wanted(), self._loaded()),
            "at": at,
        }

    def _first_tab(self) -> QWidget:
        inside = QWidget()
        line = row(self.timeline, self.view_card, gap=16)
        line.setStretch(0, 6)
        line.setStretch(1, 5)
        inside.setLayout(line)
        return inside

    def _framed(self) -> QWidget:
        frame = Card()
        frame.add_flush(self.people, 1)
        return frame

    def _connect(self) -> None:
        self.timeline.chosen.connect(self.refresh)
        self.timeline.list.moved.connect(self._show_record)
        self.timeline.list.opened.connect(lambda _: self._to_record())
        self.timeline.list.wants_more.connect(self._more)
        self.view_card.withdrawn.connect(self.refresh)
        for part in (self.head, self.plan):
            part.decide.connect(lambda: self.context.go("sync", record=self.record))
        self.plan.amend.connect(self._amend)
        self.placements.opened.connect(lambda record: self.context.open(record, PLACEMENT.name))
        self.placements.wanted.connect(lambda: self.context.new(PLACEMENT.name, child=self.record))
        self.people.copied.connect(self.context.say)
        self.new_alert.clicked.connect(lambda: self.context.new(ALERT.name, child=self.record))
        self.alerts.over.connect(self._end_alert)
        self.alerts.opened.connect(lambda alert: self.context.open(alert, ALERT.name))
        self.tabs.tabs.currentChanged.connect(lambda _: self._fit())
        self.room = QuestionRoom(self, self.view_card, self.action, self._give_way)
        self.clocks.counted.connect(self._show_due)
        self.head.tell.connect(self._to_clocks)
        self.head.not_home.connect(lambda: open_guide(self, self.record))
        bind(self, "Ctrl+G", lambda: open_guide(self, self.record))
        QShortcut(QKeySequence("Ctrl+E"), self).activated.connect(self._amend)
        QShortcut(QKeySequence("Ctrl+P"), self).activated.connect(self._print)
        QShortcut(QKeySequence("Ctrl+Tab"), self).activated.connect(lambda: self.tabs.step(1))

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
        """Any record may name the child; a draft alone changes nothing here."""
        return bool(changes.records) or changes.sync

    def refresh(self) -> None:
        """Read the page again, as far down the timeline as it was loaded."""
        self._asked += 1
        asked, desk, record, wanted = self._asked, self.desk, self.record, self.timeline.wanted()
        limit = max(PAGE, self._loaded(), 0 if self._arrived else self._place.loaded)

        def done(shown: Shown | None) -> None:
            if asked == self._asked:
                self._show(shown)

        self.context.runner.read(lambda: read_child(desk, record, wanted, limit), done, context=self)
        self.clocks.refresh()

    def _loaded(self) -> int:
        return sum(1 for each in self.timeline.list.entries.items if isinstance(each, Entry))

    def first_focus(self) -> QWidget | None:
        """The timeline; on another tab the tabs, until what they show is read."""
        return self.timeline.list if self.tabs.tabs.currentIndex() == 0 else self.tabs.tabs

    def card(self) -> QWidget | None:
        """The open record."""
        return self.view_card if self.tabs.tabs.currentIndex() == 0 else None

    def _show(self, shown: Shown | None) -> None:
        for each in (self.head, self.tabs):
            each.setVisible(shown is not None)
        self.gone.setVisible(shown is None)
        if shown is None:
            return
        self.head.show_header(shown.header)
        self.alerts.show_alerts(shown.card.alerts)
        self.timeline.show_kinds(shown.kinds)
        self.timeline.set_count(shown.count)
        now = self.timeline.list.entry()
        self._ended, self._fetching = shown.ended, False
        self.timeline.list.show_entries(shown.entries, chosen=now.record if now else self._at)
        self.timeline.list.setVisible(bool(shown.entries))
        self.timeline.empty.setVisible(not shown.entries)
        if not shown.entries:
            self.view_card.show_view(None)
        else:
            here = self.timeline.list.entry()
            if here is not None:
                self._show_record(here.record)
        self.plan.show_plan(shown.card, shown.child, may_amend=self._may_amend)
        self.placements.show_placements(shown.placements)
        self.people.show_people(shown.people)
        self.details.show_view(shown.details)
        self._fit()
        if not self._arrived:
            self._arrived = True
            self._arrive()

    def _arrive(self) -> None:
        """Move to what the page was opened at, unless somebody has moved on already."""
        if self.tabs.tabs.hasFocus() and self._place.tab != TABS[0]:
            parts = {
                TABS[1]: self.plan.part(self._at),
                TABS[2]: self.placements.table,
                TABS[3]: self.people,
                WHO: self.clocks.table,
            }
            focus(parts.get(self._place.tab, self.details.area))

    def _show_record(self, record: str) -> None:
        views = self.desk.record_views

        def done(view: RecordView | None) -> None:
            here = self.timeline.list.entry()
            if here is not None and here.record == record:
                self.view_card.show_view(view)

        self.context.runner.read(lambda: views.view(record), done, context=self)

    def _more(self) -> None:
        entries = [each for each in self.timeline.list.entries.items if isinstance(each, Entry)]
        if self._ended or self._fetching or not entries:
            return
        self._fetching = True
        asked, desk, record, wanted = self._asked, self.desk, self.record, self.timeline.wanted()

        def done(found: tuple[tuple[Entry, ...], bool]) -> None:
            if asked == self._asked:
                self._fetching = False
                self._ended = found[1]
                self.timeline.list.append(found[0])

        self.context.runner.read(lambda: read_page(desk, record, wanted, entries[-1].id, PAGE), done, context=self)

    def _amend(self) -> None:
        """Amend the open record, or the child: its form opens at what the open tab shows."""
        tab = self.tabs.tabs.currentIndex()
        if tab == 0:
            self.view_card.go_amend()
        else:
            self.context.go("amend", record=self.record, at=AMENDED_AT.get(TABS[tab], ""), back=self._back_here())

    def _print(self) -> None:
        """Print the open record, or the child."""
        card = self.view_card if self.tabs.tabs.currentIndex() == 0 and self.view_card.view else self.details
        card.go_print()

    def _to_record(self) -> None:
        self._reading = True
        self._fit()
        self.view_card.focus_record()

    def _to_list(self) -> None:
        self._reading = False
        self._fit()
        self.timeline.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit(self) -> None:
        """Timeline and record side by side, or one of them where there is no room."""
        wide = self.width() >= theme_of(self).px(SIDE_BY_SIDE)
        self.timeline.setVisible(wide or not self._reading)
        self.view_card.setVisible(wide or self._reading)
        self.back.setVisible(not wide)
        self.new_alert.setVisible(wide and self._may_alert and not self.head.isHidden())  # the palette has it as well
        is_low = self.height() < theme_of(self).px(LOW)
        self.alerts.shorten(short=is_low)
        self.room.fit(low=is_low)
        before: QWidget = self.new_alert
        for link in self.alerts.links():
            QWidget.setTabOrder(before, link)  # what is made later would stand last in the window
            before = link

    def keyPressEvent(self, event: QKeyEvent) -> None:
        inside = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape and inside is not None and self.view_card.isAncestorOf(inside):
            self._to_list()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
