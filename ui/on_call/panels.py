"""The two panels below the children: this shift's contacts, and the follow-ups that are still open.

Rows are opened with Enter or a double click; Space or a click on its box ticks a follow-up. Must not read the board.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from hipss_desktop.views.board import ContactRow, FollowUpRow
from ui.actions.presses import in_place
from ui.actions.strip import ActionStrip
from ui.base.page import Context
from ui.base.sync_words import SYNC_WORDS
from ui.parts import (
    CELL_ROLE,
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
    column,
    paint,
)
from ui.parts.tags import paint_tag, tag_size, tone_named
from ui.theme import Theme, theme_in, theme_of

Index = QModelIndex | QPersistentModelIndex
ABOUT = 3
"""The column that takes the spare width and breaks its words over two lines."""
NARROW = 600
TOP = "\u00a0"
"""A second line with nothing on it: puts the first line at the top of a two-line row."""


class Panel(Card):
    """A card with a table in it, words where the table is empty, and a line at its foot.

    Signals: ``opened(record)``.
    """

    opened = Signal(str)

    def __init__(self, title: str, link: LinkButton, table: Table, empty: EmptyState, foot: IconLabel) -> None:
        super().__init__(title, count=0, aside=(link,))
        self.link, self.table, self.empty, self.foot = link, table, empty, foot
        self.records: list[str] = []
        self._shown: list[Any] = []
        foot.setWordWrap(True)
        below = QWidget()
        below.setLayout(column(foot, margins=(16, 9, 16, 10)))
        self.add_flush(table, 1)
        self.add_flush(empty, 1)
        self.add_rule()
        self.add_flush(below)
        table.opened.connect(lambda place: self.opened.emit(self.records[place]))

    def fill(self, rows: Sequence[Sequence[Cell]], records: Sequence[str], count: int) -> None:
        """Shows rows; the row that was current stays so, wherever its record is now."""
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

    def grow(self, *, whole: bool) -> None:
        """Makes room for every row (``whole``), or for three with the rest scrolled to."""
        rows = len(self.records)
        lines = max(rows if whole else min(rows, 3), 1)
        self.table.setMinimumHeight(self.table.height_for_rows(lines) + 2)


class ContactsPanel(Panel):
    """This shift's contacts: time, from, child, what it was about, outcome, sent."""

    def __init__(self, log_button: Button) -> None:
        headings = ("Time", "From", "Child", "What it was about", "Outcome", "Sent")
        table = Table("This shift’s contacts", Rows(headings), height="row_two_line", stretch=3)
        super().__init__(
            "This shift’s contacts",
            LinkButton("All contacts"),
            table,
            EmptyState(
                "No contacts yet this shift",
                "When a carer rings, press Ctrl+N to log it as you talk.",
                icon="phone",
                button=log_button,
            ),
            IconLabel(
                "laptop",
                "Waiting means saved and encrypted on this laptop. It is sent when you are back online.",
                "small",
                "muted",
            ),
        )
        self._contacts: tuple[ContactRow, ...] = ()
        self._count_of = 0
        table.widths(*self._widths("Waiting"))
        table.setItemDelegateForColumn(ABOUT, _AboutDelegate(table))

    def show_contacts(self, contacts: Sequence[ContactRow], count: int, *, shift: bool) -> None:
        """Shows the contacts, newest first; without a shift, those of the last hours."""
        self._contacts = tuple(contacts)
        if self.heading is not None:
            self.heading.setText("This shift’s contacts" if shift else "Contacts in the last 15 hours")
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
        longest = max((SYNC_WORDS[each.state].row for each in self._contacts), key=len, default="")
        self.table.widths(*self._widths(longest))
        rows = [self._row(each, narrow=narrow) for each in self._contacts]
        self.fill(rows, [each.record for each in self._contacts], self._count_of)

    @staticmethod
    def _widths(state: str) -> tuple[int, ...]:
        """The columns in pixels at 100% text size; the last leaves room for the longest state shown."""
        return 62, 102, 76, 0, 131, 108 if len(state) > len("Waiting") else 90

    def _row(self, each: ContactRow, *, narrow: bool) -> list[Cell]:
        sync = SYNC_WORDS[each.state]
        tone = "amber" if each.state == "needs_you" else "muted"
        tag = TagSpec(each.outcome.icon, each.outcome.words, tone_named(each.outcome.tone))
        return [
            Cell(each.time, TOP, strong=True, spoken=each.time),
            Cell(each.caller, each.child if narrow and each.child else TOP, spoken=each.caller),
            Cell(each.child, TOP, spoken=each.child or "No child named"),
            Cell(spoken=each.about),
            Cell(second=sync.row if narrow else TOP, tags=(tag,), spoken=tag.words),
            Cell(sync.row, TOP, tone=tone, icon=sync.row_icon, spoken=sync.row),
        ]


def two_lines(text: str, font: QFont, room: float) -> tuple[str, str]:
    """The text broken so that it fills two lines of ``room`` pixels, the second cut with an ellipsis when it must be."""
    metrics = QFontMetricsF(font)
    words = text.split()
    first = ""
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= room:
        first = f"{first} {words.pop(0)}".strip()
    if not first and words:
        first = metrics.elidedText(words.pop(0), Qt.TextElideMode.ElideRight, room)
    return first, metrics.elidedText(" ".join(words), Qt.TextElideMode.ElideRight, room)


def first_line(box: QRectF, theme: Theme) -> QRectF:
    """Where the first line of a two-line row stands, as ``CellDelegate`` draws it."""
    line = theme.line_height("body")
    return QRectF(box.x(), box.y() + (box.height() - 1 - line - theme.line_height("small")) / 2, box.width(), line)


class _AboutDelegate(CellDelegate):
    """Draws what a contact was about on two lines of the column's width of now."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        cell = index.data(CELL_ROLE)
        if not isinstance(cell, Cell):
            return
        theme = theme_in(option)
        line = first_line(QRectF(option.rect).adjusted(12, 0, -4, 0), theme)
        font = theme.font("body")
        for words in two_lines(cell.spoken, font, line.width()):
            paint.words(painter, line, words, font, theme.ink)
            line.translate(0, line.height() - 2)


class FollowUpsPanel(Panel):
    """Open follow-ups, most overdue first, with what can be pressed on the current one below them."""

    def __init__(self, context: Context, add_button: Button) -> None:
        table = ListTable("Open follow-ups", Rows(("Done", "What", "Due")))
        super().__init__(
            "Open follow-ups",
            LinkButton("All actions"),
            table,
            EmptyState("Nothing is due", "There are no open follow-ups.", icon="checkc", button=add_button),
            IconLabel("check", "", "small", "muted", icon_tone="accent"),
        )
        self._rows: list[FollowUpRow] = []
        self._counts = (0, 0)
        self.strip = ActionStrip(context, table, lambda place: self.records[place])
        self.strip.presses.changed.connect(lambda: self.show_follow_ups(self._rows, *self._counts))
        self.box.insertWidget(self.box.indexOf(self.empty) + 1, self.strip)
        table.horizontalHeader().setSectionResizeMode(0, table.horizontalHeader().ResizeMode.Fixed)
        table.horizontalHeader().setSectionResizeMode(1, table.horizontalHeader().ResizeMode.Stretch)
        table.horizontalHeader().setStretchLastSection(False)
        table.horizontalHeader().setMinimumSectionSize(32)
        table.widths(32, 0, 110)
        table.setItemDelegate(_FollowUpDelegate(table))
        table.clicked.connect(self._clicked)

    def show_follow_ups(self, rows: Sequence[FollowUpRow], count: int, done: int) -> None:
        """Shows the open ones, and those closed here where they stood; ``done`` is how many were closed this shift."""
        self._counts = count, done
        rows = self._rows = in_place(self._rows, rows, self.strip.presses, _closed)
        self.fill([self._row(each) for each in rows], [each.record for each in rows], count)
        self.table.setColumnWidth(2, self._due_width(rows))
        self.foot.setText(f"{done} done this shift" if done else "None done yet this shift")
        self.strip.read()

    def _due_width(self, rows: Sequence[FollowUpRow]) -> int:
        """The room in pixels that the widest due time or tag needs."""
        theme = theme_of(self)
        strong, small = theme.font("body_strong"), theme.font("small")
        wide = [tag_size(theme, TagSpec("clock", each.overdue)).width() + 14 for each in rows if each.overdue]
        wide += [max(paint.advance(each.due, strong), paint.advance(each.left, small)) + 29 for each in rows]
        return max(wide, default=theme.px(80))

    def is_ticked(self, place: int) -> bool:
        """Whether a row was closed here and stays until the list is left."""
        return self.strip.presses.is_struck(self.records[place])

    def overdue(self, place: int) -> TagSpec | None:
        """How late a row is, as a tag; None when it is not."""
        words = self._rows[place].overdue if place < len(self._rows) else ""
        return TagSpec("clock", words, "amber") if words else None

    def _row(self, each: FollowUpRow) -> list[Cell]:
        struck = self.strip.presses.is_struck(each.record)
        due = f"{each.overdue}, due {each.due}" if each.overdue else ", ".join(filter(None, (each.due, each.left)))
        spoken = ", ".join(filter(None, (each.what, each.about)))
        last = Cell(each.due, each.left or TOP, strong=True, right=True, spoken=due)
        if each.overdue:  # its first line is the tag, which the delegate draws
            last = Cell(second=f"Due {each.due}", right=True, spoken=due)
        return [
            Cell(spoken="Done" if struck else "Not done"),
            Cell(each.what, each.about or TOP, strong=not struck, struck=struck, spoken=spoken),
            last,
        ]

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == 0:
            self.strip.tick(index.row())


def _closed(row: FollowUpRow) -> FollowUpRow:
    """How a follow-up looks that was closed here."""
    return replace(row, due="Done", left="", overdue="")


class _FollowUpDelegate(CellDelegate):
    """Draws the tick box of a row and, at the right, how late it is."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        table = option.widget
        panel = table.parent() if isinstance(table, QWidget) else None
        if not isinstance(panel, FollowUpsPanel):
            return
        theme = theme_of(panel)
        box = QRectF(option.rect)
        if index.column() == 0:
            side = theme.size("icon")
            place = QRectF(box.x() + 15, box.y() + (box.height() - side) / 2, side, side)
            paint.tick_box(painter, place, theme, on=panel.is_ticked(index.row()), edge=theme.control)
        tag = panel.overdue(index.row()) if index.column() == 2 else None
        if tag is not None:
            size = tag_size(theme, tag)
            width = min(float(size.width()), box.width() - 14)
            middle = first_line(box, theme).center().y()
            paint_tag(
                painter, QRectF(box.right() - 13 - width, middle - size.height() / 2, width, size.height()), tag, theme
            )
