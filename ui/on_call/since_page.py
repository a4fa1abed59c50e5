"""The first page by day: what happened since the person was last here, what is due, and what waits for a decision.

``views.since`` gives the words. This page lays them out, lets keys move among them, and opens records. Must not write.
"""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.handover import HANDOVER
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.board import FollowUpRow
from hipss_desktop.views.since import DecisionRow, HandoverRow, Since
from ui import theme
from ui.base.focus import focus
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.missing.opening import open_guide
from ui.on_call.children import ChildrenBoard, copy_number_of
from ui.on_call.one_scroll import OneScroll
from ui.on_call.panels import ContactsPanel, Panel, action_cells
from ui.parts import Cell, EmptyState, Heading, IconLabel, LinkButton, ListTable, Rows, TitleLine, column, label


class DuePanel(Panel):
    """What is due, the earliest first."""

    def __init__(self) -> None:
        super().__init__(
            "Due by this time tomorrow",
            LinkButton("All actions"),
            ListTable("Due by this time tomorrow", Rows(("What", "Due"))),
            EmptyState("Nothing is due", icon="checkc"),
            IconLabel("clock", "The earliest due stands first.", "small", "muted"),
        )
        across = self.table.horizontalHeader()
        across.setStretchLastSection(False)
        self.table.by_content(1)

    def show_due(self, rows: Sequence[FollowUpRow]) -> None:
        """Show the actions in the order given."""
        self.fill([action_cells(row) for row in rows], [row.record for row in rows], len(rows))


class DecisionsPanel(Panel):
    """The records that wait for a decision between two versions."""

    def __init__(self) -> None:
        super().__init__(
            "Waits for a decision",
            LinkButton(""),
            ListTable("Waits for a decision", Rows(("What",))),
            EmptyState("Nothing waits for a decision", icon="checkc"),
            IconLabel("history", "Both versions are kept in the history, whatever you choose.", "small", "muted"),
        )

    def show_decisions(self, rows: Sequence[DecisionRow]) -> None:
        """Show the records."""
        cells = [[Cell(row.title, row.about, strong=True, tone="amber", icon="alert", wrap=True)] for row in rows]
        self.fill(cells, [row.record for row in rows], len(rows))


class HandoversPanel(Panel):
    """The handovers of the night, each with its items that wait for this person."""

    def __init__(self) -> None:
        super().__init__(
            "Handed over this morning",
            LinkButton("All handovers"),
            ListTable("Handed over this morning", Rows(("What", "How it stands"))),
            EmptyState("Nothing was handed over", icon="clipcheck"),
            IconLabel("clipcheck", "What waits for you stands below who handed it over.", "small", "muted"),
        )
        across = self.table.horizontalHeader()
        across.setStretchLastSection(False)
        self.table.by_content(1)
        self.items: list[str] = []

    def show_handovers(self, rows: Sequence[HandoverRow]) -> None:
        """Show the handovers and their items."""
        self.items = [row.item for row in rows]
        cells = [
            [
                Cell(row.title, row.about, strong=not row.item, wrap=True, second_wraps=True),
                Cell(
                    row.state, tone=row.tone or "muted", icon="clock" if row.item or row.tone else "check", right=True
                ),
            ]
            for row in rows
        ]
        self.fill(cells, [row.record for row in rows], sum(not row.item for row in rows))


class SincePage(Page):
    """What happened since this person was last here."""

    rail = "since"
    changes_by_itself = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.title = Heading("Since last time", 1)
        self.words = label("", "body", "muted", wrap=True)
        quiet = EmptyState("Nothing is known of any child that asks for attention", icon="child", framed=True)
        self.children_board = ChildrenBoard("Children to read about first", quiet)
        self.handovers = HandoversPanel()
        self.handovers.hide()
        self.morning = ContactsPanel(
            "For the morning",
            LinkButton(""),
            EmptyState("Nothing was left for the morning", icon="phone"),
            IconLabel("note", "Marked for the morning when the call was taken.", "small", "muted"),
        )
        self.contacts = ContactsPanel(
            "Contacts",
            LinkButton("All contacts"),
            EmptyState("No other contacts since then", icon="phone"),
            IconLabel("phone", "The newest stands first.", "small", "muted"),
        )
        self.due = DuePanel()
        self.decisions = DecisionsPanel()
        self.panels: tuple[Panel, ...] = (self.handovers, self.morning, self.contacts, self.decisions, self.due)
        self._connect()
        self._lay_out()
        self._shown = False
        theme.signals.theme_changed.connect(self._fit)

    def _connect(self) -> None:
        go = self.context.go
        self.children_board.opened.connect(lambda record: self.context.open(record, CHILD.name))
        self.children_board.copied.connect(partial(copy_number_of, self.context))
        self.children_board.not_home.connect(partial(open_guide, self))
        for panel in (self.morning, self.contacts):
            panel.opened.connect(lambda record: self.context.open(record, CONTACT.name))
        self.due.opened.connect(lambda record: self.context.open(record, ACTION.name))
        self.handovers.table.opened.connect(self._open_handover)
        self.handovers.link.clicked.connect(partial(go, style_of(HANDOVER.name).list))
        self.decisions.opened.connect(lambda record: go("sync", record=record))
        self.contacts.link.clicked.connect(partial(go, style_of(CONTACT.name).list))
        self.due.link.clicked.connect(partial(go, style_of(ACTION.name).list))

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        left.setLayout(column(self.morning, self.contacts, gap=16))
        right.setLayout(column(self.decisions, self.due, None, gap=16))
        self._area = OneScroll(self.children_board, left, right)
        self._area.inner.insertWidget(0, self.handovers)
        self._area.follow(self.panels)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 16, 0, 0)
        box.setSpacing(16)
        box.addLayout(column(TitleLine(self.title), self.words, gap=0, margins=(20, 0, 20, 0)))
        box.addWidget(self._area, 1)

    def first_focus(self) -> QWidget | None:
        """The first table or card with something to read, or None before the page is read."""
        cards = self.children_board.cards()
        handovers, *tables = [panel.table if panel.records else None for panel in self.panels]
        return next(filter(None, [handovers, *cards[:1], *tables]), None)

    def cares(self, changes: ChangeSet) -> bool:
        return bool(changes.records)

    def refresh(self) -> None:
        """Read the page again."""
        self.context.runner.read(self.services.since.page, self._show, context=self)

    def _show(self, since: Since) -> None:
        self.words.setText(since.words)
        self.children_board.show_children(since.children)
        self.handovers.show_handovers(since.handovers)
        self.handovers.setVisible(bool(since.handovers))
        self.morning.show_contacts(since.for_morning, len(since.for_morning))
        self.contacts.show_contacts(since.contacts, len(since.contacts))
        self.decisions.show_decisions(since.decisions)
        self.due.show_due(since.due)
        self.morning.setVisible(bool(since.for_morning))
        self.decisions.setVisible(bool(since.decisions))
        self._fit()
        self._order()
        if not self._shown:
            self._shown = True
            self._begin()

    def _open_handover(self, place: int) -> None:
        self.context.go(
            style_of(HANDOVER.name).record, record=self.handovers.records[place], at=self.handovers.items[place]
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Away from a child's card, Ctrl+G begins a guide that asks for the child."""
        if event.key() == Qt.Key.Key_G and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.context.new(MISSING_EPISODE.name)
            return
        super().keyPressEvent(event)

    def _begin(self) -> None:
        """Move the focus to the first thing to read, unless the person has moved it elsewhere."""
        now, first = self.window().focusWidget(), self.first_focus()
        if first is not None and (now is None or self.isAncestorOf(now)):
            focus(first)
            bar = self._area.verticalScrollBar()
            QTimer.singleShot(0, self, lambda: bar.setValue(0))  # the focus scrolled the page before the layout had run

    def _order(self) -> None:
        """Make Tab go in reading order."""
        stops: list[QWidget] = [self.handovers.link, self.handovers.table, *self.children_board.cards()]
        for panel in self.panels[1:]:
            stops += [panel.link, panel.table]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._area.fit(self.width())
