"""The page of supervision: what is due for each household, the visits, and the drafts of visits.

The worst household comes first. The page opens with the person's own households if they have some. The row in focus is explained
below the table. A reader thread reads the rows from memory. Must not work out or word what is due.
"""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.carer_check import CARER_CHECK
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.training import TRAINING
from hipss_desktop.kinds.visit import UNANNOUNCED, VISIT
from hipss_desktop.records.codes import code_list
from hipss_desktop.services.ports import ChangeSet, Record
from hipss_desktop.views.due_dates import ALL, COLUMNS, MINE, OVERDUE, SOON, SOON_DAYS, DueTable, HouseholdRow, Why
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.due.drafts import VisitDrafts
from ui.due.table import DueGrid, DueModel
from ui.due.why import WhyCard
from ui.parts import (
    Banner,
    Button,
    Card,
    ChipGroup,
    ComboBox,
    EmptyState,
    Heading,
    PrimaryButton,
    TabPages,
    TitleLine,
    column,
    label,
    row,
)
from ui.records.list_page import ListPage
from ui.records.record_page import flow
from ui.theme import theme_of

ROUTE, PAGE_ROUTE, EXPLAINED_ROUTE = "supervision", "due_page", "due_explained"
"""The routes of this page, of its page on paper, and of how each day is worked out."""
TABS = ("Due", "Visits", "Drafts")
EVERYBODY, NOBODY = "everybody", "nobody"
"""Whose households are shown. Any other key is "worker" with a supervising worker's name."""
EXPLAINS_AFTER = 60
"""Milliseconds on the same row before it is explained, so that moving through many rows is not slowed down."""
FROM_THE_COUNCIL = "They come from the council with the first sync."


class DueTab(QWidget):
    """The table with its filters, and the explanation below."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._table = DueTable(context.services.due_dates.today())
        self._begun = False
        self.model = DueModel()
        self.grid = DueGrid(self.model)
        self.parts = ChipGroup("Show", [(ALL, "All")], chosen=[ALL], exclusive=True)
        self.parts.changed.connect(self._narrow)
        self.worker = ComboBox(name="Supervising social worker")
        self.worker.picked.connect(lambda _: self._narrow())
        self.worst = label("Worst first", "small", "muted")
        self.problems = Banner("Some rules cannot be used", tone="amber")
        self.problems.hide()
        self.frame = Card()
        self.frame.add_flush(self.grid, 1)
        self.why = WhyCard()
        self.none = EmptyState("None here", "Choose another filter.", icon="inbox", framed=True)
        self.empty = EmptyState("No carer households here yet", FROM_THE_COUNCIL, icon="inbox", framed=True)
        self.quiet = label("", "small", "muted", wrap=True)
        self._writes = may_write(context.services.store.seat.role, VISIT.name)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(EXPLAINS_AFTER)
        self._soon.timeout.connect(self._explain)
        self.grid.selectionModel().currentChanged.connect(lambda *_: self._soon.start())
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QWidget()
        line = row(self.parts, self.worker, self.worst, gap=12)
        line.setStretch(0, 1)
        self.head = QWidget()
        self.head.setLayout(line)
        box = column(self.problems, self.head, self.quiet, self.frame, self.none, self.empty, self.why, gap=12)
        box.setContentsMargins(5, 5, 5, 5)
        box.setStretch(3, 1)
        box.addStretch(0)
        inside.setLayout(box)
        self.area = QScrollArea()
        self.area.setAccessibleName("Due")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)
        for part in (self.none, self.empty, self.why, self.quiet):
            part.hide()

    def show_table(self, table: DueTable) -> None:
        """Show what is due with the present filters. The first time, show the person's own households if there are some."""
        self._table = table
        self.problems.set_words("Some rules cannot be used", " ".join(table.problems))
        self.problems.setVisible(bool(table.problems))
        workers = sorted({row.supervisor for row in table.rows if row.supervisor}, key=str.casefold)
        options = [(EVERYBODY, "All workers"), *((f"worker {name}", name) for name in workers)]
        if any(not row.supervisor for row in table.rows) and workers:
            options.append((NOBODY, "No worker"))
        self.worker.set_options(options)
        if not self.worker.chosen():
            self.worker.choose(EVERYBODY)
        self.worker.setVisible(len(workers) > 1)
        if not self._begun:
            self._begun = True
            self._show_parts()
            own = any(row.mine for row in table.rows)
            with QSignalBlocker(self.parts):
                self.parts.choose([MINE] if own and not all(row.mine for row in table.rows) else [ALL])
        self._narrow()

    def _show_parts(self) -> None:
        """Set the chips, each with its number of households of the chosen worker."""
        rows = self._of_worker()
        mine = any(row.mine for row in self._table.rows) and not all(row.mine for row in self._table.rows)
        counted = [(ALL, "All"), *([(MINE, "Mine")] if mine else []), (OVERDUE, "Overdue")]
        counted.append((SOON, f"Due in {SOON_DAYS} days"))
        options = [(key, f"{words} {sum(row.is_in(key) for row in rows)}") for key, words in counted]
        listed = code_list("due_what")
        named = ((column, code.more["short"]) for column in COLUMNS if (code := listed.get(column)) is not None)
        self.parts.set_options([*options, *named])
        if not self.parts.chosen():
            self.parts.choose([ALL])

    def _of_worker(self) -> list[HouseholdRow]:
        chosen = self.worker.chosen()
        if chosen in ("", EVERYBODY):
            return list(self._table.rows)
        if chosen == NOBODY:
            return [row for row in self._table.rows if not row.supervisor]
        return [row for row in self._table.rows if f"worker {row.supervisor}" == chosen]

    def _narrow(self) -> None:
        self._show_parts()
        part = next(iter(self.parts.chosen()), ALL)
        rows = [row for row in self._of_worker() if row.is_in(part)]
        index, household = self.grid.currentIndex(), self.current()
        self.model.show(rows, with_workers=not self.worker.isHidden() and self.worker.chosen() == EVERYBODY)
        place = next((at for at, row in enumerate(rows) if household is not None and row.record == household.record), 0)
        self.frame.setVisible(bool(rows))
        self.why.setVisible(bool(rows))
        self.head.setVisible(bool(self._table.rows))
        self.empty.setVisible(not self._table.rows)
        self.none.setVisible(bool(self._table.rows) and not rows)
        quiet = bool(self._table.rows) and not any(row.soon or row.overdue for row in self._table.rows)
        next_one = f" Next: {self._table.next_words}." if self._table.next_words else ""
        self.quiet.setText(f"Nothing is due in {SOON_DAYS} days.{next_one}")
        self.quiet.setVisible(quiet)
        if rows:
            self.grid.setCurrentIndex(self.model.index(place, max(index.column(), 0)))
            self._explain()

    def current(self) -> HouseholdRow | None:
        """The household of the current row, or None."""
        at = self.grid.currentIndex().row()
        return self.model.rows[at] if 0 <= at < len(self.model.rows) else None

    def _explain(self) -> None:
        shown, column_at = self.current(), self.grid.currentIndex().column()
        if shown is not None:
            chosen = COLUMNS[column_at - 1] if column_at > 0 else ""
            whys = self._context.services.due_views.why(shown, chosen)
            self.why.show_why(shown.name, whys, writes=self._writes)

    def open_cell(self, at: int) -> None:
        """Open the record behind the current cell: the visit or check that counted last, else the household."""
        shown, column_at = self.model.rows[at], self.grid.currentIndex().column()
        record = shown.cells[column_at - 1].record if column_at > 0 else shown.record
        if record == shown.record:
            self._context.open(record, CARER.name)
            return
        store = self._context.services.store

        def opened(current: Record | None) -> None:
            if current is not None:
                self._context.open(current.record, current.kind)

        self._context.runner.read(lambda: store.get(record), opened, context=self)


class DuePage(Page):
    """The page, with its three tabs."""

    rail = ROUTE
    changes_by_itself = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._read_number = 0
        self.title = Heading("Supervision", 1)
        self.words = label("", "body", "muted")
        self.print_button = Button("Print", icon="printer", keycap="Ctrl+P")
        self.print_button.clicked.connect(self._print)
        self.start = PrimaryButton("Start a visit", icon="plus")
        self.start.setToolTip("Ctrl+Enter")
        self.start.clicked.connect(self._start)
        if not may_write(self.services.store.seat.role, VISIT.name):
            self.start.hide()
        self.due = DueTab(context)
        self.due.grid.opened.connect(self.due.open_cell)
        self.due.grid.explained.connect(self._explain)
        self.due.why.explained.connect(self._explain)
        self.due.why.pressed.connect(self._press)
        self.visits = ListPage(context, VISIT.name)
        for part in (self.visits.title, self.visits.count, self.visits.new):
            part.hide()
        self.drafts = VisitDrafts(context)
        self.drafts.counted.connect(
            lambda count: self.tabs.tabs.setTabText(2, f"Drafts {count}" if count else "Drafts")
        )
        self.tabs: TabPages = TabPages(
            "Parts of supervision", list(zip(TABS, (self.due, self.visits, self.drafts), strict=True))
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(4)
        above = row(flow([TitleLine(self.title), self.words]), self.print_button, self.start, gap=12)
        above.setStretch(0, 1)
        box.addLayout(above)
        box.addWidget(self.tabs, 1)
        bind(self, "Ctrl+P", self._print)
        bind(self, "Ctrl+Tab", lambda: self.tabs.step(1))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self._start)

    def cares(self, changes: ChangeSet) -> bool:
        return bool(changes.records) or changes.drafts

    def refresh(self) -> None:
        """Read what is due from memory, and the drafts."""
        self._read_number += 1
        read_number, views = self._read_number, self.services.due_views

        def done(table: DueTable) -> None:
            if read_number == self._read_number:
                self.words.setText(table.words)
                self.due.show_table(table)

        self.context.runner.read(views.table, done, context=self)
        self.drafts.refresh()

    def first_focus(self) -> QWidget | None:
        """The table, on its worst household."""
        return self.due.grid

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.words.setVisible(self.width() >= theme_of(self).px(700))

    def _count_drafts(self, count: int) -> None:
        self.tabs.tabs.setTabText(len(TABS) - 1, f"{TABS[-1]} {count}" if count else TABS[-1])

    def _print(self) -> None:
        self.context.go(PAGE_ROUTE)

    def _explain(self) -> None:
        self.context.go(EXPLAINED_ROUTE)

    def _start(self) -> None:
        """Begin a visit to the household of the current row."""
        shown = self.due.current() if self.tabs.tabs.currentIndex() == 0 else None
        self.context.new(VISIT.name, **({"carer": shown.record} if shown is not None else {}))

    def _press(self, why: Why) -> None:
        if why.press == "visit":
            self.context.new(VISIT.name, carer=why.record)
        elif why.press == "unannounced":
            self.context.new(VISIT.name, carer=why.record, type=UNANNOUNCED)
        elif why.press == "training":
            self.context.go(style_of(TRAINING.name).list)
        elif why.press == "household":
            self.context.open(why.record, CARER.name)
        else:
            member = {"member": why.person, "name": why.name} if why.person else {}
            self.context.new(CARER_CHECK.name, carer=why.record, type=why.check, **member)
