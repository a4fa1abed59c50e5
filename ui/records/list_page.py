"""The list of a kind of record: a filter, chips for the stages, a table that loads more rows on scrolling, and New.

Arrows move, Enter opens. Must not load more rows than the user scrolls to.
"""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from hipss_desktop.kinds.catalogue import KINDS, may_write
from hipss_desktop.services.ports import ChangeSet
from ui.base.announce import announce
from ui.base.focus import focus, holds_focus
from ui.base.kind_style import KindStyle, style_of
from ui.base.page import Context, Page
from ui.parts import (
    Button,
    Card,
    Cell,
    CellModel,
    ChipGroup,
    ComboBox,
    EmptyState,
    Heading,
    LineEdit,
    PrimaryButton,
    Table,
    TextButton,
    label,
    row,
    spoken_label,
    turn,
)
from ui.records.list_pane import ListPane
from ui.records.listing import ALL, PAGE, Column, ListRow, Narrowing
from ui.records.listings_by_hand import listing_of
from ui.records.place_tabs import PlaceTabs
from ui.theme import theme_of

NEAR = 20
FROM_THE_COUNCIL = "They come from the council when the laptop is online."
"""The words of an empty list for a role that may not write its records."""
WIDEST_FILTER, WIDEST_COLUMN, LEAST_WIDEST, MOST_WIDEST = 420, 340, 160, 260
"""Pixels at 100 % text size: the most for the filter and for a column, and the limits for the words of the widest column."""
MOST_MEASURED = 60
"""The number of rows whose words determine the width of a column."""
COUNTED = 560
"""Pixels at 100 % text size: a narrower page leaves out the sentence with the list's counts."""
NARROW = 1000
"""Pixels at 100 % text size: a narrower page puts the filters one below the other."""
_NOWHERE = QModelIndex()


class FetchedRows(CellModel):
    """The rows loaded so far."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__([column.heading for column in columns])
        self.rows: list[ListRow] = []

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def cell(self, row: int, column: int) -> Cell:
        return self.rows[row].cells[column]

    def replace(self, rows: Sequence[ListRow]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def append(self, rows: Sequence[ListRow]) -> None:
        """Add rows at the end."""
        if rows:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(rows) - 1)
            self.rows += rows
            self.endInsertRows()


class FittedTable(Table):
    """A table that leaves out its less important columns if there is no room for them."""

    def __init__(self, name: str, model: FetchedRows, columns: Sequence[Column]) -> None:
        self._columns = tuple(columns)
        self._wide = next((at for at, column in enumerate(columns) if not column.width), len(columns) - 1)
        super().__init__(name, model, stretch=self._wide)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.widths(*(column.width for column in columns))
        model.modelReset.connect(self.choose_columns)

    def _words(self, column: int) -> int:
        """The width that a column's words need, up to ``WIDEST_COLUMN``."""
        model, heading = self.model(), self.horizontalHeader().sectionSizeHint(column)
        rows = range(min(model.rowCount(), MOST_MEASURED))
        words = max((self.sizeHintForIndex(model.index(row, column)).width() for row in rows), default=0)
        return min(max(words, heading), theme_of(self).px(WIDEST_COLUMN))

    def _widths_now(self) -> list[int]:
        """The width of each column: the described width, or the width of its words if that is more.

        If the table is too narrow for that, each column gets only the width of its words.
        """
        theme, words = theme_of(self), [self._words(at) for at in range(len(self._columns))]
        described = [theme.px(column.width) for column in self._columns]
        words[self._wide] = described[self._wide] = min(
            max(words[self._wide], theme.px(LEAST_WIDEST)), theme.px(MOST_WIDEST)
        )
        roomy = [max(pair) for pair in zip(described, words, strict=True)]
        close = sum(roomy) > self.viewport().width() and self.model().rowCount() > 0
        return words if close else roomy

    def choose_columns(self) -> None:
        """Show as many columns as fit."""
        shown = list(range(len(self._columns)))
        widths = self._widths_now()

        def needs() -> int:
            return sum(widths[at] for at in shown)

        for at in sorted(shown, key=lambda at: -self._columns[at].goes):
            if needs() > self.viewport().width() and self._columns[at].goes:
                shown.remove(at)
        wide = self._wide if self._wide in shown else shown[0]
        across, modes = self.horizontalHeader(), QHeaderView.ResizeMode
        for at in range(len(self._columns)):
            self.setColumnHidden(at, at not in shown)
            self.setColumnWidth(at, widths[at])
            across.setSectionResizeMode(at, modes.Stretch if at == wide else modes.Interactive)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.choose_columns()
        self.scrollTo(self.currentIndex())  # if only one row has room, show the current one

    def fit(self) -> None:
        """Set the sizes for the present text size."""
        super().fit()
        if self.model() is not None:
            self.choose_columns()

    def sizeHint(self) -> QSize:
        return QSize(400, 200)


class FilterEdit(LineEdit):
    """The filter; Down moves to the table, Esc and Clear empty it. Its text is selected when it gets the focus."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, placeholder=name, icon="filter")
        self.below: QWidget | None = None
        self.clear_button = TextButton("Clear", icon="x", size=28, parent=self)
        self.clear_button.setAccessibleName("Clear the filter")
        self.clear_button.clicked.connect(self._clear)
        self.textChanged.connect(lambda _: self.fit())
        self.fit()

    def _clear(self) -> None:
        self.clear()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def fit(self) -> None:
        """Show Clear, and leave room for it, while there is text."""
        super().fit()
        self.setMaximumWidth(theme_of(self).px(WIDEST_FILTER))
        button: TextButton | None = getattr(self, "clear_button", None)
        if button is None:
            return
        size, room = button.sizeHint(), self.textMargins()
        button.setVisible(bool(self.text()))
        button.setGeometry(
            self.width() - size.width() - 4, (self.height() - size.height()) // 2, size.width(), size.height()
        )
        self.setTextMargins(room.left(), 0, size.width() if self.text() else 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason):
            self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        down = event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
        if down and self.below is not None:
            self.below.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class ListPage(Page):
    """The page of one list."""

    def __init__(self, context: Context, kind: str) -> None:
        super().__init__(context)
        self.kind, self.listing, style = kind, listing_of(kind), style_of(kind)
        self.rail = style.list
        self._read_number = 0
        self._ended = True
        self._fetching = False
        title = KINDS[kind].many
        self.title = Heading(title, 1)
        self.count = label("", "body", "muted")
        self.filter = FilterEdit(style.filter_label)
        spoken_label(style.filter_label, self.filter)
        may = may_write(self.services.store.seat.role, kind)
        self.new = (PrimaryButton if style.for_new else Button)(style.new_label, icon=self.listing.new_icon)
        if not may:
            self.new.hide()
        room = self.new.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # keeps the title's height the same without the button
        self.new.setSizePolicy(room)
        self.new.clicked.connect(lambda: context.new(kind))
        self.choices = ChipGroup(
            "Show", self.listing.choices, chosen=[key for key, _ in self.listing.choices[:1]], exclusive=True
        )
        if not self.listing.choices:
            self.choices.hide()
        self.choices.changed.connect(self._filtered)
        self.narrowings = [self._narrowing(narrowing) for narrowing in self.listing.narrowings]
        self.model = FetchedRows(self.listing.columns)
        self.table = FittedTable(title, self.model, self.listing.columns)
        self.filter.below = self.table
        self.filter.textChanged.connect(lambda _: self._filtered())
        self.table.opened.connect(self._open)
        self.table.row_changed.connect(self._look)
        self.table.verticalScrollBar().valueChanged.connect(lambda _: self._look(-1))
        self.frame = Card()
        self.frame.add_flush(self.table, 1)
        self.pane = ListPane(context, style.list)
        self.pane.left.connect(lambda: self.table.setFocus(Qt.FocusReason.OtherFocusReason))
        self.table.row_changed.connect(lambda at: self.pane.follow(self.model.rows[at].record))
        fact, advice = style.empty
        self.empty = EmptyState(fact, advice if may else FROM_THE_COUNCIL, icon="inbox", framed=True)
        self.empty.hide()
        self.none_chosen = EmptyState("None here", "Choose another filter.", icon="inbox", framed=True)
        self.none_chosen.hide()
        self.no_match: EmptyState = EmptyState("No match", framed=True)
        self.no_match.hide()
        self.tabs = PlaceTabs(context, self, kind)
        self._box = self._lay_out()

    def _narrowing(self, narrowing: Narrowing) -> ComboBox:
        """Return a drop-down that filters the list."""
        box = ComboBox(name=narrowing.name)
        box.set_options([(ALL, narrowing.every), *narrowing.options(self.services)])
        box.choose(ALL)
        box.picked.connect(lambda _: self._filtered())
        spoken_label(narrowing.name, box)
        return box

    def _lay_out(self) -> QVBoxLayout:
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(12)
        box.addLayout(row(self.title, self.count, None, self.new, gap=10))
        box.addWidget(self.tabs)
        line = row(self.filter, *([row(*self.narrowings, gap=12)] if self.narrowings else []), self.choices, gap=12)
        line.setAlignment(self.choices, Qt.AlignmentFlag.AlignVCenter)
        line.setStretch(0, 0 if self.narrowings else 3)
        line.setStretch(line.count() - 1, 2)
        self._line = line
        if not self.listing.choices:
            line.addStretch(2)
        box.addLayout(line)
        # A widget, because a layout uses its share of the room even if everything in it is hidden.
        self._shown = QWidget()
        beside = self.pane.beside(self.frame)
        self._shown.setLayout(beside)
        box.addWidget(self._shown, 1)
        box.addWidget(self.empty, 1)
        box.addWidget(self.none_chosen, 1)
        box.addWidget(self.no_match, 1)
        return box

    def cares(self, changes: ChangeSet) -> bool:
        """Whether a change may alter the list: any change of records or of the sync state."""
        return bool(changes.records) or changes.sync

    def refresh(self) -> None:
        """Read the loaded rows again."""
        self._read(max(PAGE, len(self.model.rows)))

    def first_focus(self) -> QWidget | None:
        """The filter, from which typing finds and Down moves to the rows; in an empty list the button for a new record."""
        return self.new if not self.empty.isHidden() and not self.new.isHidden() else self.filter

    def _choice(self) -> str:
        return next(iter(self.choices.chosen()), "")

    def _narrowed(self) -> tuple[str, ...]:
        """The choice of each drop-down, '' for all; an empty tuple if no drop-down filters the list."""
        chosen = tuple("" if box.chosen() == ALL else box.chosen() for box in self.narrowings)
        return chosen if any(chosen) else ()

    def _filtered(self) -> None:
        self.model.replace([])
        self._read(PAGE)

    def _read(self, row_count: int) -> None:
        self._read_number += 1
        self._fetching = True
        read_number, services, typed, choice = self._read_number, self.services, self.filter.text(), self._choice()
        listing, kind, stage = self.listing, self.kind, "" if choice == ALL else choice
        narrowed = self._narrowed()

        def work() -> tuple[list[ListRow], bool, int, str]:
            rows: list[ListRow] = []
            count, counts = services.store.count(kind, stage=stage), listing.counts(services) if listing.counts else ""
            if narrowed and listing.narrowed is not None:
                return list(listing.narrowed(services, typed, choice, narrowed)), True, count, counts
            while len(rows) < row_count:
                page_rows = listing.fetch(services, typed, choice, rows[-1].after if rows else None)
                rows += page_rows
                if len(page_rows) != PAGE:  # an incomplete page is the last; a search returns all rows
                    return rows, True, count, counts
            return rows, False, count, counts

        def done(result: tuple[list[ListRow], bool, int, str]) -> None:
            if read_number == self._read_number:
                self._fetching = False
                self._show(*result)

        self.context.runner.read(work, done, context=self)

    def _show(self, rows: list[ListRow], ended: bool, count: int, counts: str) -> None:
        selected_row = self.table.currentIndex().row()
        selected_record = self.model.rows[selected_row].record if 0 <= selected_row < len(self.model.rows) else ""
        scroll = self.table.verticalScrollBar().value()
        self._ended = ended
        self.model.replace(rows)
        place = next((at for at, list_row in enumerate(rows) if list_row.record == selected_record), -1)
        self.table.verticalScrollBar().setValue(scroll)
        if place >= 0:
            self.table.selectRow(place)
            self.table.scrollTo(self.table.currentIndex())
        typed, narrowed = self.filter.text().strip(), bool(self._narrowed())
        if (typed or narrowed) and ended:
            self.count.setText(f"{len(rows):,} of {count:,}")
        elif counts:
            self.count.setText(counts)
        else:
            self.count.setText(f"{len(rows):,}" if ended else f"{count:,}" if not typed else "")
        self._shown.setVisible(bool(rows))
        self.pane.fit(self, rows=bool(rows))
        usual = not narrowed and (self._choice() in ("", ALL) or self._choice() == self.listing.choices[0][0])
        self.empty.setVisible(not rows and not typed and usual)
        self.none_chosen.setVisible(not rows and not typed and not usual)
        self._show_no_match(typed if not rows else "")
        if self._read_number == 1 and holds_focus(self.filter) and not rows and not typed:
            focus(self.first_focus())
        if typed and rows:
            announce(self.filter, f"{len(rows)} result{'' if len(rows) == 1 else 's'}")

    def _show_no_match(self, typed: str) -> None:
        self.no_match.setVisible(bool(typed))
        if typed:
            fresh = EmptyState(
                f'No match for "{typed}"', "Try fewer letters or other words.", icon="search", framed=True
            )
            self._box.replaceWidget(self.no_match, fresh)
            self.no_match.hide()
            self.no_match.deleteLater()
            self.no_match = fresh
            announce(self.filter, "No match")

    def _look(self, row_now: int) -> None:
        """Fetch the next page when the user is near the end of the loaded rows."""
        bar = self.table.verticalScrollBar()
        near = row_now >= len(self.model.rows) - NEAR or bar.value() >= bar.maximum() - bar.pageStep()
        if self._ended or self._fetching or not near or not self.model.rows:
            return
        self._fetching = True
        read_number, services, typed, choice = self._read_number, self.services, self.filter.text(), self._choice()
        fetch, after = self.listing.fetch, self.model.rows[-1].after

        def done(page_rows: Sequence[ListRow]) -> None:
            if read_number == self._read_number:
                self._fetching = False
                self._ended = len(page_rows) < PAGE
                self.model.append(page_rows)

        self.context.runner.read(lambda: fetch(services, typed, choice, after), done, context=self)

    def _open(self, at: int) -> None:
        if self.pane.isVisible() and style_of(self.kind).record == KindStyle.record:
            self.pane.focus_record()
        else:
            self.context.open(self.model.rows[at].record, self.kind)

    def card(self) -> QWidget | None:
        """The record beside the list, None if there is no room for it."""
        return self.pane if self.pane.isVisible() else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.pane.fit(self, rows=bool(self.model.rows))
        if self.listing.counts is not None:
            self.count.setVisible(self.width() >= theme_of(self).px(COUNTED))
        if self.narrowings:
            turn(self._line, beside=self.width() >= theme_of(self).px(NARROW))
