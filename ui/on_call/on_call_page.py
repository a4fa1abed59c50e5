"""The on-call screen: the shift and who to ring, the children placed tonight, this shift's contacts, open follow-ups.

``views.board`` makes the words; this page lays them out, handles the keys and opens records. It writes only what the user
presses on a follow-up or a visit. Must not announce the clock.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.handover import HANDOVER
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.kinds.night_check import NIGHT_CHECK
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.actions import OpenAction
from hipss_desktop.views.board import Board
from hipss_desktop.views.drafts import DraftWords, read_drafts
from hipss_desktop.views.handovers import EndOfShift
from hipss_desktop.views.incidents import DueRecord
from hipss_desktop.views.lone_worker import OutNow
from hipss_desktop.views.night_check import CheckOfTonight
from hipss_desktop.views.services import Services
from ui import theme
from ui.actions.closes import DoesThisClose
from ui.base.focus import focus
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.missing.opening import open_guide
from ui.on_call.children import ChildrenBoard, copy_number_of
from ui.on_call.header import ShiftHeader
from ui.on_call.one_scroll import OneScroll
from ui.on_call.panels import LATELY, THIS_SHIFT, ContactsPanel, FollowUpsPanel, not_yet
from ui.on_call.visits_out import VisitsOut
from ui.parts import Banner, Button, EmptyState, IconLabel, LinkButton, tone_named
from ui.parts.tags import Tone

SECOND = 1000
WAITING = "Waiting means saved and encrypted on this laptop. It is sent when you are back online."
BoardRead = tuple[
    Board,
    tuple[DraftWords, ...],
    tuple[str, Sequence[OpenAction], str],
    EndOfShift | None,
]
"""What the page reads, except what is due: the first reading of that takes longest, and the board does not wait for it."""
DueRead = tuple[tuple[DueRecord, ...], int]
MOST_PINNED = 0.3
"""The share of the page's height up to which the head stays in place; a higher head scrolls with the rest."""
MOST_DUE = 3
"""The most incidents named of which somebody must be told now."""


def read_due(services: Services) -> DueRead:
    """Read the incidents of which somebody must be told now: the first ``MOST_DUE``, and how many more there are."""
    return services.incident_views.due(MOST_DUE)


def read_board(services: Services) -> BoardRead:
    """Read everything else that the page shows, from the store on this laptop."""
    contact, first = services.actions.to_ask()
    return (
        services.on_call.board(),
        read_drafts(services),
        (contact, services.action_views.open_about(contact, first=first), first),
        services.handover_views.end_of_shift(),
    )


class OnCallPage(Page):
    """The first page for the person who takes calls now."""

    rail = "on_call"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._reading = False
        self._reads_again = False
        self._noticed: tuple[CheckOfTonight | None, tuple[DraftWords, ...]] = (None, ())
        role = self.services.store.seat.role
        self.may_log = may_write(role, CONTACT.name)
        self.header = ShiftHeader(may_log=self.may_log)
        self.header.button.clicked.connect(partial(context.go, "log_contact"))
        self._notices = QVBoxLayout()
        self._notices.setSpacing(8)
        self._banners: list[Banner] = []
        self.visits = VisitsOut(may_write=self.may_log)
        self.visits.home.connect(self._safe_home)
        self._due: DueRead = ((), 0)
        self.due_banners: list[Banner] = []
        self.children_board = ChildrenBoard(
            "Children placed with HIPSS carers",
            EmptyState(
                "No child is placed tonight",
                "Children appear here once a placement with a carer of the service is entered.",
                icon="child",
                framed=True,
            ),
        )
        self.children_board.opened.connect(lambda record: context.open(record, CHILD.name))
        self.children_board.copied.connect(partial(copy_number_of, context))
        self.children_board.not_home.connect(partial(open_guide, self))
        self.contacts = ContactsPanel(
            "This shift’s contacts",
            LinkButton("All contacts"),
            self._no_contacts(),
            IconLabel("laptop", WAITING, "small", "muted"),
        )
        self.contacts.link.clicked.connect(partial(context.go, style_of(CONTACT.name).list))
        self.contacts.opened.connect(lambda record: context.open(record, CONTACT.name))
        add = Button("Add an action", icon="plus") if may_write(role, ACTION.name) else None
        if add is not None:
            add.clicked.connect(lambda: context.new(ACTION.name))
        self.follow_ups = FollowUpsPanel(context, add)
        self.follow_ups.link.clicked.connect(partial(context.go, style_of(ACTION.name).list))
        self.follow_ups.opened.connect(lambda record: context.open(record, ACTION.name))
        self.follow_ups.strip.left.connect(self.refresh)
        self.hand_over = Button("Hand over", icon="clipcheck", size=28)
        self.hand_over.clicked.connect(partial(context.new, HANDOVER.name))
        self.handing_over = Banner("", "", tone="accent", icon="clock", actions=(self.hand_over,))
        self.handing_over.hide()
        self.closes = DoesThisClose(context)
        self.closes.answered.connect(lambda: focus(self.header.button) or focus(self.contacts.link))
        self._lay_out()
        self._second = QTimer(self)
        self._second.setInterval(SECOND)
        self._second.timeout.connect(self._look_at_the_clock)
        self.header.show_time(self.services.clock())
        theme.signals.theme_changed.connect(self._fit_soon)

    def _lay_out(self) -> None:
        self._area = OneScroll(self.children_board, self.contacts, self.follow_ups)
        self._area.follow((self.contacts, self.follow_ups))
        self._area.begin_with(self.header.button)
        self._area.inner.insertLayout(0, self._notices)
        self._area.inner.insertWidget(0, self.closes)
        self._area.inner.insertWidget(0, self.handing_over)
        self._area.inner.insertWidget(0, self.visits)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 16, 0, 0)
        self._outer.setSpacing(16)
        self._pinned = QVBoxLayout()
        self._pinned.setContentsMargins(20, 0, 20, 0)
        self._pinned.addWidget(self.header)
        self._outer.addLayout(self._pinned)
        self._outer.addWidget(self._area, 1)

    def first_focus(self) -> QWidget | None:
        return self.header.button if self.may_log else None

    def _no_contacts(self) -> EmptyState:
        if not self.may_log:
            return EmptyState("No contacts yet this shift", icon="phone")
        button = Button("Log a contact")
        button.clicked.connect(partial(self.context.go, "log_contact"))
        advice = "When a carer rings, press Ctrl+N to log it as you talk."
        return EmptyState("No contacts yet this shift", advice, icon="phone", button=button)

    def cares(self, changes: ChangeSet) -> bool:
        return changes != ChangeSet()

    def refresh(self) -> None:
        """Read the board; during a reading, only note that one more is needed afterwards."""
        if self._reading:
            self._reads_again = True
            return
        self._reading = True
        services = self.services

        def read() -> BoardRead:
            try:
                return read_board(services)
            finally:
                self._reading = False

        self.context.runner.read(read, self._show, context=self)
        self.context.runner.read(partial(read_due, services), self._show_due, context=self)

    def _show(self, views: BoardRead) -> None:
        board, drafts, closed, ends = views
        open_question = self.follow_ups.strip.verbs.asking()
        drafts = tuple(row for row in drafts if (row.draft.record, row.draft.question) != open_question)
        self.header.show_board(board)
        self.children_board.show_children(board.children)
        children, strains = [child.record for child in board.children], self.services.strain_views
        self.context.runner.read(lambda: strains.sentences(children), self._show_strains, context=self)
        period = THIS_SHIFT if board.shift else LATELY
        title = "This shift’s contacts" if board.shift else f"Contacts {period}"
        self.contacts.show_contacts(board.contacts, board.contact_count, title)
        self.contacts.empty.set_fact(f"No contacts {not_yet(period)}")
        self.follow_ups.show_follow_ups(board.follow_ups, board.follow_up_count, board.done, period)
        self._show_notices(board.night_check, drafts)
        self._show_end(ends)
        self.visits.show_visits(board.visits)
        newly_asked = self.closes.show_actions(*closed)
        self._fit()
        self._order()
        if newly_asked and self.isVisible() and not self.follow_ups.strip.is_asking():
            focus(self.header.button)  # not on the question, which Tab reaches next: no key may answer it by accident
        if self._reads_again:
            self._reads_again = False
            self.refresh()

    def _show_strains(self, strains: Mapping[str, str]) -> None:
        """Show which placements are under strain, when that has been read."""
        self.children_board.show_strains(strains)
        self._fit()

    def _show_due(self, due: DueRead) -> None:
        """Show at the top the incidents of which somebody must be told now; each has a link to its clocks."""
        if due == self._due:
            return
        self._due = due
        records, more = due
        had_focus = any(banner.isAncestorOf(self.focusWidget() or self) for banner in self.due_banners)
        for old in self.due_banners:
            self._notices.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.due_banners = []
        for place, record in enumerate(records):
            link = LinkButton("Who must be told")
            link.setAccessibleName(f"Who must be told: {record.title}")
            link.clicked.connect(partial(self.context.open, record.record, record.kind))
            rest = f"To be told now: {record.words}"
            if place == len(records) - 1 and more:
                rest = f"{rest} {more} more under Incidents."
            title = f"{record.title.rstrip('.')}."
            banner = Banner(title, rest, tone=tone_named(record.tone), icon="clock", actions=(link,))
            self._notices.insertWidget(place, banner)
            self.due_banners.append(banner)
        self._fit()
        self._order()
        if had_focus:
            focus(self.header.button)

    def _show_notices(self, check: CheckOfTonight | None, drafts: tuple[DraftWords, ...]) -> None:
        """Show the notices above the children: tonight's check, then unfinished drafts."""
        if (check, drafts) == self._noticed:
            return
        self._noticed = check, drafts
        had_focus = any(banner.isAncestorOf(self.focusWidget() or self) for banner in self._banners)
        for old in self._banners:
            self._notices.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._banners = []
        if check is not None:
            opens = partial(self.context.open, check.record, NIGHT_CHECK.name)
            begins = partial(self.context.go, NIGHT_CHECK.name)
            words, does = ("Open the check", opens) if check.record else ("Check now", begins)
            tone: Tone = "risk" if check.is_red else "amber" if check.is_left else "neutral"
            self._notice(
                f"{check.words}." if check.red else check.words, check.red, words, does, icon="clipcheck", tone=tone
            )
        if len(drafts) == 1:
            draft = drafts[0]
            carries_on = partial(self.context.go, "draft", draft=draft.draft)
            self._notice(draft.name, f"Not finished. {draft.missing}. Saved {draft.saved}.", "Carry on", carries_on)
        elif drafts:
            newest = drafts[0]
            words = f"The newest is {newest.name}, saved {newest.saved}."
            lists = partial(self.context.go, "drafts")
            self._notice(f"{len(drafts)} drafts are not finished.", words, "Show drafts", lists)
        if had_focus:
            focus(self.header.button)

    def _show_end(self, ends: EndOfShift | None) -> None:
        """Offer to hand over near the end of the shift; afterwards show the state of the handover."""
        self.handing_over.setVisible(ends is not None)
        if ends is not None:
            self.handing_over.set_words(ends.strong, ends.rest)
            self.hand_over.setText("Open it" if ends.record else "Hand over")
            self.hand_over.setAccessibleName(f"{self.hand_over.text()}: {ends.strong}")

    def _notice(
        self, strong: str, rest: str, link: str, does: Callable[[], None], *, icon: str = "pen", tone: Tone = "accent"
    ) -> None:
        action = LinkButton(link)
        action.clicked.connect(does)
        banner = Banner(strong, rest, tone=tone, icon=icon, actions=(action,))
        self._notices.addWidget(banner)
        self._banners.append(banner)

    def _order(self) -> None:
        """Set the Tab order to the reading order, including widgets made later."""
        links = [link for banner in (*self.due_banners, *self._banners) for link in banner.findChildren(LinkButton)]
        before: QWidget = self.header.button
        for button in (
            self.hand_over,
            *self.visits.buttons(),
            *self.closes.boxes,
            self.closes.yes,
            self.closes.no,
            *links,
            *self.children_board.cards(),
            self.contacts.link,
            self.contacts.table,
            *self.contacts.empty.findChildren(Button),
            self.follow_ups.link,
            self.follow_ups.table,
            *self.follow_ups.strip.stops(),
            *self.follow_ups.empty.findChildren(Button),
            self.follow_ups.show_done,
        ):
            QWidget.setTabOrder(before, button)
            before = button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """On Ctrl+G, if no child's card took the key, begin a guide that asks for the child."""
        if event.key() == Qt.Key.Key_G and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.context.new(MISSING_EPISODE.name)
            return
        super().keyPressEvent(event)

    # Room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit_soon(self) -> None:
        """Call ``_fit`` after the layouts have measured their words again."""
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """Put the panels side by side or below each other; let the head scroll if it takes too much of the height."""
        self._area.fit(self.width())
        margins = 40
        tall = self.header.heightForWidth(self.width() - margins)
        pinned = max(tall, self.header.minimumSizeHint().height()) <= MOST_PINNED * self.height()
        if pinned != (self._pinned.indexOf(self.header) >= 0):
            had_focus = self.header.isAncestorOf(self.focusWidget() or self)
            (self._area.inner if pinned else self._pinned).removeWidget(self.header)
            if pinned:
                self._pinned.addWidget(self.header)
            else:
                self._area.inner.insertWidget(0, self.header)
            self.header.show()
            if had_focus:
                focus(self.header.button)

    # The clock

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._second.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._second.stop()
        self._stale = True  # what is due and how much time is left change without a write

    def _look_at_the_clock(self) -> None:
        now = self.services.clock()
        if times.clock_time(now) != self.header.clock.text():
            self.header.show_time(now)
            self.refresh()

    # Actions

    def _safe_home(self, visit: OutNow) -> None:
        """Write that a person is back from a visit, and confirm it with their name."""
        records, now = self.services.records, self.services.clock()

        def done(_: object) -> None:
            self.context.done(f"{visit.name} is safe home, {times.clock_time(now)}")
            focus(self.header.button)

        row = {"at": times.stamp(now)}
        self.context.runner.write(
            lambda: records.add_row(visit.record, "safe_home", row),
            done,
            context=self,
            failed=lambda error: self.context.say(str(error)),
        )
