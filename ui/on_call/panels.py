"""The two panels below the children: this shift's contacts, and the follow-ups that are still open.

Rows are opened with Enter or a double click; Space or a click on its box ticks a follow-up. Must not read the board.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from hipss_desktop.views.board import ContactRow, FollowUpRow
from ui.actions.presses import in_place, struck
from ui.actions.strip import ActionStrip
from ui.base.page import Context
from ui.base.sync_words import SYNC_WORDS
from ui.parts import (
    BLANK,
    Button,
    Card,
    Cell,
    CellDelegate,
    EmptyState,
    IconLabel,
    LinkButton,
    ListTable,
    Rows,
    Table,
    TagSpec,
    paint,
    row,
)
from ui.parts.tags import tone_named
from ui.theme import theme_of

Index = QModelIndex | QPersistentModelIndex
NARROW = 600
THIS_SHIFT, LATELY = "this shift", "in the last 15 hours"
"""Words for the period whose contacts and finished follow-ups are shown: during a shift, and outside any shift."""
OUTCOME, SENT = 4, 5
"""Numbers of two columns of the contacts."""


def not_yet(period: str) -> str:
    """Words after "None done": "yet this shift" during a shift, because some may still be done, else the period alone."""
    return f"yet {period}" if period == THIS_SHIFT else period


class Panel(Card):
    """A card with a table, words shown if the table is empty, and a line at its foot. A link without words is hidden.

    Signals: ``opened(record)``.
    """

    opened = Signal(str)

    def __init__(self, title: str, link: LinkButton, table: Table, empty: EmptyState, foot: IconLabel) -> None:
        super().__init__(title, count=0, aside=(link,))
        if not link.text():
            link.hide()
        self.link, self.table, self.empty, self.foot = link, table, empty, foot
        self.records: list[str] = []
        self._shown: list[Any] = []
        foot.setWordWrap(True)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        below = QWidget()
        self.below = row(gap=12, margins=(16, 9, 16, 10))
        self.below.addWidget(foot, 1, Qt.AlignmentFlag.AlignVCenter)
        below.setLayout(self.below)
        self.add_flush(table, 1)
        self.add_flush(empty, 1)
        self.add_rule()
        self.add_flush(below)
        table.opened.connect(lambda place: self.opened.emit(self.records[place]))

    def fill(self, rows: Sequence[Sequence[Cell]], records: Sequence[str], count: int) -> None:
        """Show rows; the current record stays current, even if its row has moved."""
        self.set_count(count)
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        if rows == self._shown and list(records) == self.records:
            return
        place = self.table.currentIndex().row()
        current = self.records[place] if 0 <= place < len(self.records) else ""
        self.records, self._shown = list(records), list(rows)
        model = self.table.model()
        assert isinstance(model, Rows)
        model.set_rows(rows)
        if current and rows:
            self.table.selectRow(self.records.index(current) if current in self.records else min(place, len(rows) - 1))
        self.fit()

    def fit(self) -> None:
        """Make the table as high as its rows, and each row as high as its words, because only the page scrolls."""
        self.table.setMinimumHeight(self.table.fit_rows())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "table"):
            self.fit()


class ContactsPanel(Panel):
    """The panel of contacts: time, from, child, what it was about, outcome, sent."""

    def __init__(self, title: str, link: LinkButton, empty: EmptyState, foot: IconLabel) -> None:
        headings = ("Time", "From", "Child", "What it was about", "Outcome", "Sent")
        table = Table(title, Rows(headings), height="row_two_line", stretch=3)
        super().__init__(title, link, table, empty, foot)
        self._contacts: tuple[ContactRow, ...] = ()
        self._count_of = 0
        table.by_content(0, OUTCOME, SENT)

    def show_contacts(self, contacts: Sequence[ContactRow], count: int, title: str = "") -> None:
        """Show the contacts, newest first; ``title`` replaces the panel's title unless it is ''."""
        self._contacts = tuple(contacts)
        if self.heading is not None and title:
            self.heading.setText(title)
            self.table.setAccessibleName(title)
        self._count_of = count
        self._lay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme_of(self).px(NARROW)
        if narrow != self.table.isColumnHidden(2):
            self.table.setColumnHidden(2, narrow)
            self.table.setColumnHidden(5, narrow)
            self._lay()

    def _lay(self) -> None:
        narrow = self.table.isColumnHidden(2)
        self.table.widths(0, 150 if narrow else 112, 76)
        rows = [self._row(contact, narrow=narrow) for contact in self._contacts]
        self.fill(rows, [contact.record for contact in self._contacts], self._count_of)

    def _row(self, contact_row: ContactRow, *, narrow: bool) -> list[Cell]:
        sync = SYNC_WORDS[contact_row.state]
        tone = "amber" if contact_row.state == "needs_you" else "muted"
        tag = TagSpec(contact_row.outcome.icon, contact_row.outcome.words, tone_named(contact_row.outcome.tone))
        return [
            Cell(contact_row.time, BLANK, strong=True, spoken=contact_row.time),
            Cell(
                contact_row.caller,
                contact_row.child if narrow and contact_row.child else BLANK,
                wrap=True,
                spoken=contact_row.caller,
            ),
            Cell(contact_row.child, BLANK, wrap=True, spoken=contact_row.child or "No child named"),
            Cell(contact_row.about, BLANK, wrap=True),
            Cell(second=sync.row if narrow else BLANK, tags=(tag,), spoken=tag.words),
            Cell(sync.row, BLANK, tone=tone, icon=sync.row_icon, spoken=sync.row),
        ]


def action_cells(row: FollowUpRow) -> tuple[Cell, Cell]:
    """The two cells of a follow-up: what to do, and by when or (as a tag) how late it is."""
    due = f"{row.overdue}, due {row.due}" if row.overdue else ", ".join(filter(None, (row.due, row.time_left)))
    when = " ".join(filter(None, (row.time_left, row.done))) if row.done else due
    spoken = ", ".join(filter(None, (row.task, row.about)))
    due_cell = Cell(row.due, row.time_left, strong=not row.done, right=True, spoken=when)
    if row.overdue:
        due_cell = Cell(second=f"Due {row.due}", tags=(_late(row),), right=True, spoken=due)
    about = re.sub(r"(?<=\d) (?=\d)", "\N{NO-BREAK SPACE}", row.about)  # keeps a telephone number on one line
    action_cell = Cell(
        row.task,
        about,
        strong=not row.done,
        struck=bool(row.done),
        wrap=True,
        second_wraps=True,
        spoken=spoken,
    )
    return action_cell, due_cell


def _late(follow_up: FollowUpRow) -> TagSpec:
    """The tag that says how late a follow-up is, or that it is due now."""
    return TagSpec("clock", follow_up.overdue, tone_named(follow_up.tone))


class FollowUpsPanel(Panel):
    """The panel of open follow-ups, most overdue first, with the buttons for the current one below them."""

    def __init__(self, context: Context, add_button: Button | None) -> None:
        table = ListTable("Open follow-ups", Rows(("Done", "What", "Due")))
        super().__init__(
            "Open follow-ups",
            LinkButton("All actions"),
            table,
            EmptyState("Nothing is due", "There are no open follow-ups.", icon="checkc", button=add_button),
            IconLabel("check", "", "small", "muted", icon_tone="accent"),
        )
        self._read: tuple[FollowUpRow, ...] = ()
        self._open: list[FollowUpRow] = []
        self._done: tuple[FollowUpRow, ...] = ()
        self._shown_rows: list[FollowUpRow] = []
        self._count_of, self._with_done = 0, False
        self.strip = ActionStrip(context, table, lambda place: self.records[place])
        self.strip.presses.changed.connect(self._lay)
        self.strip.verbs.asked.connect(lambda _: self._fold())
        self.box.insertWidget(self.box.indexOf(self.empty) + 1, self.strip)
        self.show_done = LinkButton("Show")
        self.show_done.clicked.connect(self._turn)
        self.below.addWidget(self.show_done)
        table.horizontalHeader().setSectionResizeMode(0, table.horizontalHeader().ResizeMode.Fixed)
        table.horizontalHeader().setSectionResizeMode(1, table.horizontalHeader().ResizeMode.Stretch)
        table.horizontalHeader().setStretchLastSection(False)
        table.horizontalHeader().setMinimumSectionSize(32)
        table.widths(32)
        table.by_content(2)
        table.setItemDelegate(_FollowUpDelegate(table))
        table.clicked.connect(self._clicked)

    def show_follow_ups(
        self, rows: Sequence[FollowUpRow], count: int, done: Sequence[FollowUpRow], period: str = THIS_SHIFT
    ) -> None:
        """Show the open follow-ups; those closed here keep their rows until the focus leaves.

        ``done`` are those done in ``period``. They are below the others if the user asked for them.
        """
        self._read, self._count_of, self._done = tuple(rows), count, tuple(done)
        self.foot.setText(f"{len(done)} done {period}" if done else f"None done {not_yet(period)}")
        self.foot.icon_name = "check" if done else "clock"
        self.show_done.setVisible(bool(done))
        self._lay()
        self.strip.read()

    def _lay(self) -> None:
        presses = self.strip.presses
        self._open = in_place(self._open, self._read, presses)
        before = [row for row in self._done if not presses.stays(row.record)] if self._with_done else []
        rows = self._shown_rows = [*struck(self._open, presses, _closed), *before]
        self.fill(
            [self._row(follow_up) for follow_up in rows], [follow_up.record for follow_up in rows], self._count_of
        )
        self._fold()
        self.show_done.setText("Hide" if self._with_done else "Show")
        self.show_done.setAccessibleName(f"{self.show_done.text()} what was done")

    def _fold(self) -> None:
        """Hide the rows below the current one while its question is open, so that the question is right below the row."""
        current = self.table.currentIndex().row()
        is_asking = self.strip.verbs.question is not None and current >= 0
        for place in range(len(self._shown_rows)):
            self.table.setRowHidden(place, is_asking and place > current)
        self.fit()

    def _turn(self) -> None:
        """Show or hide the follow-ups that are done."""
        self._with_done = not self._with_done
        self._lay()

    def is_ticked(self, place: int) -> bool:
        """Whether the follow-up in a row is done."""
        return bool(self._shown_rows[place].done)

    @staticmethod
    def _row(follow_up: FollowUpRow) -> list[Cell]:
        return [Cell(spoken="Done" if follow_up.done else "Not done"), *action_cells(follow_up)]

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == 0:
            self.strip.tick(index.row())


def _closed(row: FollowUpRow, state: str) -> FollowUpRow:
    """Return the row of a follow-up that was closed here; ``state`` is the label of its new stage."""
    return replace(row, due=state, time_left="", overdue="", done=state)


class _FollowUpDelegate(CellDelegate):
    """Draws the tick box of each row."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        table = option.widget
        panel = table.parent() if isinstance(table, QWidget) else None
        if index.column() == 0 and isinstance(panel, FollowUpsPanel):
            theme, box = theme_of(panel), QRectF(option.rect)
            side = theme.size("icon")
            place = QRectF(box.x() + 15, box.y() + (box.height() - side) / 2, side, side)
            paint.tick_box(painter, place, theme, on=panel.is_ticked(index.row()), edge=theme.control)
