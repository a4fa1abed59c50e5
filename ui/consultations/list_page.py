"""The page of consultations, newest first, with the chosen one beside the list.

Filters choose a team, a quarter, or those with something due. Rows are fetched a page at a time, off the window's thread.
Must not work out or word what is due.
"""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.consultation import ASKED, CONSULTATION, PLANNED, Consultation, day_of
from hipss_desktop.records.codes import code_list
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.consultations import ConsultationView, Line, quarter_words
from hipss_desktop.views.record import RecordView
from hipss_desktop.views.services import Services
from ui.base.announce import announce
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.consultations.card import ConsultationCard
from ui.parts import (
    BLANK,
    Card,
    Cell,
    CellModel,
    ChipGroup,
    ComboBox,
    EmptyState,
    Heading,
    ListTable,
    PrimaryButton,
    TitleLine,
    label,
    row,
    spoken_label,
    turn,
)
from ui.records.list_page import FROM_THE_COUNCIL, NEAR, FilterEdit
from ui.records.listing import ALL, PAGE, found_by_words
from ui.records.place_tabs import PlaceTabs
from ui.records.record_page import flow
from ui.records.timeline import spec
from ui.theme import theme_of

BESIDE = 860
"""The width in pixels (at 100 % text size) from which a consultation is beside the list."""
LIST = 400
"""The width of the list beside a consultation, in pixels at 100 % text size."""
NARROW = 1000
"""Pixels at 100 % text size: a narrower page puts the filters one below the other."""
COUNTED = 560
"""Pixels at 100 % text size: a narrower page leaves out the counts."""
QWIDGETSIZE_MAX = 16_777_215
"""Qt's constant for an unlimited width, which PySide leaves out."""
DUE, EVERY_TEAM, EVERY_QUARTER = "due", "every_team", "every_quarter"
CHOICES = ((ALL, "All"), (DUE, "Due"), (ASKED, "Asked for"), (PLANNED, "Planned"))
"""The choices of a filter besides team and quarter."""
_NOWHERE = QModelIndex()


class Lines(CellModel):
    """The lines fetched so far: team, day and subject in two lines, with the tags below."""

    def __init__(self) -> None:
        super().__init__(("Consultation", "Day"))
        self.lines: list[Line] = []

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def cell(self, row: int, column: int) -> Cell:
        line = self.lines[row]
        if not column:
            return Cell(line.team, line.about, strong=True)
        tags = tuple(map(spec, line.tags[-1:]))  # the last tag says what is due
        phrase = ", ".join(part for part in (line.day, *(tag.words for tag in line.tags)) if part)
        return Cell("" if tags else line.day, line.day if tags else BLANK, tags=tags, right=True, spoken=phrase)

    def show(self, lines: list[Line]) -> None:
        """Replace all lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def append(self, lines: list[Line]) -> None:
        """Add lines at the end."""
        if lines:
            self.beginInsertRows(QModelIndex(), len(self.lines), len(self.lines) + len(lines) - 1)
            self.lines += lines
            self.endInsertRows()


class ConsultationsPage(Page):
    """The page."""

    rail = style_of(CONSULTATION.name).list
    changes_by_itself = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._read_number, self._wanted_record = 0, ""
        self._ended, self._fetching = True, False
        style = style_of(CONSULTATION.name)
        may = may_write(self.services.store.seat.role, CONSULTATION.name)
        self.title = Heading(CONSULTATION.plural, 1)
        self.service = label("Therapeutic intervention support (TISS)", "body", "muted")
        self.count = label("", "body", "muted")
        self.new = PrimaryButton(style.new_label, icon="plus")
        self.new.setToolTip("Ctrl+Shift+N")
        self.new.clicked.connect(self._begin)
        if not may:
            self.new.hide()
        self.filter = FilterEdit(style.filter_label)
        self.team = ComboBox(name="Team")
        self.team.set_options(
            [(EVERY_TEAM, "All teams"), *((team.code, team.label) for team in code_list("tiss_team").codes)]
        )
        self.team.choose(EVERY_TEAM)
        self.quarter = ComboBox(name="Quarter")
        quarters = [(quarter, quarter_words(quarter)) for quarter in self.services.consultation_views.quarters()]
        self.quarter.set_options([(EVERY_QUARTER, "All quarters"), *quarters])
        self.quarter.choose(EVERY_QUARTER)
        for named in (self.filter, self.team, self.quarter):
            spoken_label(named.accessibleName(), named)
        self.chips = ChipGroup("Show", CHOICES, chosen=[ALL], exclusive=True)
        self.model = Lines()
        self.table = ListTable(CONSULTATION.plural, self.model)
        self.table.horizontalHeader().setStretchLastSection(False)
        self.table.by_content(1)
        self.frame = Card()
        self.frame.add_flush(self.table, 1)
        fact, advice = style.empty
        self.empty = EmptyState(fact, advice if may else FROM_THE_COUNCIL, icon="inbox", framed=True)
        self.none = EmptyState("None here", "Choose another team, quarter or filter.", icon="inbox", framed=True)
        self.shown = ConsultationCard(context, back=lambda: {"route": style.list})
        self.tabs = PlaceTabs(context, self, CONSULTATION.name)
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        self.filter.below = self.table
        self.filter.textChanged.connect(lambda _: self._narrow())
        for combo in (self.team, self.quarter):
            combo.picked.connect(lambda _: self._narrow())
        self.chips.changed.connect(self._narrow)
        self.table.opened.connect(self._open)
        self.table.row_changed.connect(self._row_changed)
        self.table.verticalScrollBar().valueChanged.connect(lambda _: self._look(-1))
        bind(self, "Ctrl+Shift+N", self._begin)
        bind(self, "Ctrl+E", self.shown.go_amend)
        bind(self, "Ctrl+P", self.shown.go_print)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(12)
        above = row(flow([TitleLine(self.title), self.service]), self.count, self.new, gap=12)
        above.setStretch(0, 1)
        box.addLayout(above)
        box.addWidget(self.tabs)
        self._head = QWidget()
        line = row(self.filter, row(self.team, self.quarter, gap=12), self.chips, gap=12)
        line.setAlignment(self.chips, Qt.AlignmentFlag.AlignVCenter)
        line.setStretch(2, 1)
        self._head.setLayout(line)
        self._filters = line
        box.addWidget(self._head)
        self._columns = row(self.frame, self.shown, gap=16)
        self._columns.setStretch(1, 1)
        self._both = QWidget()
        self._both.setLayout(self._columns)
        box.addWidget(self._both, 1)
        for part in (self.empty, self.none):
            part.hide()
            box.addWidget(part, 1)

    def cares(self, changes: ChangeSet) -> bool:
        """Whether a change may alter the list: any record or sync state."""
        return bool(changes.records) or changes.sync

    def refresh(self) -> None:
        """Read the loaded lines again."""
        self._read(max(PAGE, len(self.model.lines)))

    def first_focus(self) -> QWidget | None:
        """The list; if it is empty, the button for a new consultation."""
        return self.new if not self.empty.isHidden() and not self.new.isHidden() else self.table

    def card(self) -> QWidget | None:
        """The consultation beside the list, None if there is no room."""
        return self.shown.area if self.shown.isVisible() else None

    def _begin(self) -> None:
        team = self.team.chosen()
        self.context.new(CONSULTATION.name, **({"team": team} if team not in ("", EVERY_TEAM) else {}))

    def _choice(self) -> str:
        return next(iter(self.chips.chosen()), ALL)

    def _usual(self) -> bool:
        every = self.team.chosen() == EVERY_TEAM and self.quarter.chosen() == EVERY_QUARTER
        return every and self._choice() == ALL and not self.filter.text().strip()

    def _narrow(self) -> None:
        self.model.show([])
        self._read(PAGE)

    def _fetch(self, count: int, before: int | None = None) -> "Fetched":
        """Return the request for the next lines with the present filters."""
        team = self.team.chosen() if self.team.chosen() != EVERY_TEAM else ""
        quarter = self.quarter.chosen() if self.quarter.chosen() != EVERY_QUARTER else ""
        return Fetched(self.filter.text().strip(), self._choice(), team, quarter, before, count)

    def _read(self, count: int) -> None:
        self._read_number += 1
        self._fetching = True
        read_number, services, fetched = self._read_number, self.services, self._fetch(count)

        def done(result: tuple[list[Line], bool, str]) -> None:
            if read_number == self._read_number:
                self._fetching = False
                self._show(*result)

        self.context.runner.read(lambda: fetched.read(services), done, context=self)

    def _show(self, lines: list[Line], ended: bool, counts: str) -> None:
        at = self.table.currentIndex().row()
        selected_record = self.model.lines[at].record if 0 <= at < len(self.model.lines) else ""
        scroll = self.table.verticalScrollBar().value()
        self._ended = ended
        self.model.show(lines)
        self.count.setText(counts)
        place = next((at for at, line in enumerate(lines) if line.record == selected_record), 0)
        self.table.verticalScrollBar().setValue(scroll)
        usual = self._usual()
        self._both.setVisible(bool(lines))
        self.empty.setVisible(not lines and usual)
        self.none.setVisible(not lines and not usual)
        if lines:
            self.table.selectRow(place)
            self._follow(lines[place].record)
        elif not usual:
            announce(self.filter, "None here")

    def _look(self, row_now: int) -> None:
        """Fetch the next lines when the user is near the end of the loaded ones."""
        bar = self.table.verticalScrollBar()
        near = row_now >= len(self.model.lines) - NEAR or bar.value() >= bar.maximum() - bar.pageStep()
        if self._ended or self._fetching or not near or not self.model.lines:
            return
        self._fetching = True
        read_number, services, fetched = self._read_number, self.services, self._fetch(PAGE, self.model.lines[-1].after)

        def done(result: tuple[list[Line], bool, str]) -> None:
            if read_number == self._read_number:
                self._fetching = False
                self._ended = result[1]
                self.model.append(result[0])

        self.context.runner.read(lambda: fetched.read(services), done, context=self)

    def _row_changed(self, at: int) -> None:
        self._follow(self.model.lines[at].record)
        self._look(at)

    def _follow(self, record: str) -> None:
        """Show the list's current consultation."""
        self._wanted_record = record
        records, consultations = self.services.record_views, self.services.consultation_views

        def shown(both: tuple[RecordView | None, ConsultationView | None]) -> None:
            if self._wanted_record == record:
                self.shown.show_both(*both)

        self.context.runner.read(lambda: (records.view(record), consultations.view(record)), shown, context=self)

    def _open(self, at: int) -> None:
        if self.shown.isVisible():
            self.shown.focus_record()
        else:
            self.context.open(self.model.lines[at].record, CONSULTATION.name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        theme = theme_of(self)
        beside = self.width() >= theme.px(BESIDE)
        self.shown.setVisible(beside)
        self.frame.setMaximumWidth(theme.px(LIST) if beside else QWIDGETSIZE_MAX)
        self.frame.setMinimumWidth(theme.px(LIST) if beside else 0)
        self.service.setVisible(self.width() >= theme.px(NARROW))
        self.count.setVisible(self.width() >= theme.px(COUNTED))
        turn(self._filters, beside=self.width() >= theme.px(NARROW))


@dataclass(frozen=True)
class Fetched:
    """A request for lines: the filters, the last line so far, and how many lines to fetch."""

    typed: str
    choice: str
    team: str
    quarter: str
    before: int | None
    count: int

    def read(self, services: Services) -> tuple[list[Line], bool, str]:
        """Read the lines, whether they are the last, and the words above the list. Runs on a reader thread."""
        views = services.consultation_views
        counts = views.counts(times.quarter_of(services.consultations.today()))
        if self.typed or self.choice != ALL:
            return self._chosen(services) if self.before is None else [], True, counts
        lines = views.lines(team=self.team, quarter=self.quarter, before=self.before, limit=self.count)
        return lines, len(lines) < self.count, counts

    def _chosen(self, services: Services) -> list[Line]:
        """All lines that a search finds or that wait for something; they are few, so they are not paged."""
        views = services.consultation_views
        if self.typed:
            stage = self.choice if self.choice in (ASKED, PLANNED) else ""
            records = found_by_words(services, CONSULTATION, self.typed, stage)
        elif self.choice == DUE:
            records = services.consultations.due_now()
        else:
            records = services.store.records_of(CONSULTATION.name, stage=self.choice)
        return views.found_lines(record for record in records if self._is_of(CONSULTATION.of(record)))

    def _is_of(self, read: Consultation) -> bool:
        day = day_of(read)
        of_quarter = not self.quarter or (day is not None and times.quarter_of(day) == self.quarter)
        return of_quarter and self.team in ("", read.team)
