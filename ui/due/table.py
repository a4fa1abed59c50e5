"""The table of what is due: a row for each household, a column for each task. Must not read anything."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem

from hipss_desktop.records.codes import code_list
from hipss_desktop.views.due_dates import COLUMNS, HouseholdRow
from ui.parts import Cell, CellDelegate, CellModel, Table
from ui.parts.tables import Index
from ui.theme import theme_in, theme_of

LEAST_CARERS, LEAST_DAY = 170, 112
"""The least width of a column in pixels at 100 % text size; columns without room are reached by scrolling."""
BOLD = 6
"""The extra width, in letters, of a highlighted second line with its icon."""
AROUND = 2
"""Spare pixels in a cell, so that rounding cuts no letter. All columns must fit into a window of 1366 pixels."""
LEAST_ROWS = 3
MARK, ABOVE_RING = 2, 6
"""Pixels: the line below the current cell, and its distance from the row's end, so that the focus ring does not cover it."""
_NOWHERE = QModelIndex()


def headings() -> tuple[str, ...]:
    """The headings of the columns."""
    listed = code_list("due_what")
    short = [code.more["short"] if (code := listed.get(column)) is not None else column for column in COLUMNS]
    return ("Carers", "Supervision visit", *short[1:])


class DueModel(CellModel):
    """The shown households."""

    def __init__(self) -> None:
        super().__init__(headings())
        self.rows: tuple[HouseholdRow, ...] = ()
        self.with_workers = False

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def cell(self, row: int, column: int) -> Cell:
        shown = self.rows[row]
        if column == 0:
            worker = shown.supervisor if self.with_workers else ""
            beside = " · ".join(part for part in (shown.beside, worker) if part)
            return Cell(shown.name, beside, strong=True)
        due = shown.cells[column - 1]
        if due.tone:
            return Cell(due.day, due.note, spoken=due.spoken, second_tone=due.tone, second_icon=due.icon)
        return Cell(due.day, due.note, icon=due.icon, spoken=due.spoken)

    def show(self, rows: Sequence[HouseholdRow], *, with_workers: bool) -> None:
        """Replace the shown households."""
        self.beginResetModel()
        self.rows, self.with_workers = tuple(rows), with_workers
        self.endResetModel()


class DueDelegate(CellDelegate):
    """Draws cells, and a line below the current one."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        view = self.parent()
        if isinstance(view, DueGrid) and view.hasFocus() and view.currentIndex() == index:
            box = QRectF(option.rect).adjusted(12, 0, -12, -ABOVE_RING)
            mark = QRectF(box.x(), box.bottom() - MARK, box.width(), MARK)
            painter.fillRect(mark, theme_in(option).accent)


class DueGrid(Table):
    """The table. Arrows move by row and cell, Enter opens the record of the cell.

    Signals:
        explained(): F1 was pressed on a day.
    """

    explained = Signal()

    def __init__(self, model: DueModel) -> None:
        super().__init__("What is due", model, height="row_two_line")
        self._model = model
        self._needs: list[int] = []
        self.setItemDelegate(DueDelegate(self))
        across = self.horizontalHeader()
        across.setStretchLastSection(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        model.modelReset.connect(self.measure)
        self.measure()

    def choose_widths(self) -> None:
        """Give each column its width, and share the spare width among them."""
        count = len(self._needs)
        spare = max(self.viewport().width() - sum(self._needs), 0)
        for column, width in enumerate(self._needs):
            self.setColumnWidth(column, width + spare // count + (spare % count if not column else 0))

    def measure(self) -> None:
        """Measure the width that each column needs for its longest cells."""
        theme = theme_of(self)
        self._needs = []
        for column in range(self._model.columnCount()):
            rows = {max(range(len(self._model.rows)), key=length, default=-1) for length in self._lengths(column)}
            hints = (self.sizeHintForIndex(self._model.index(row, column)).width() for row in rows if row >= 0)
            least = theme.px(LEAST_DAY if column else LEAST_CARERS)
            heading = self.horizontalHeader().sectionSizeHint(column)
            self._needs.append(max(least, max(hints, default=0) + AROUND, heading))
        self.choose_widths()

    def _lengths(self, column: int) -> tuple[Callable[[int], int], ...]:
        """Functions that return the length of a cell's words and of its second line, by the row's place."""
        rows = self._model.rows
        if column == 0:
            return (
                lambda at: len(rows[at].name),
                lambda at: len(rows[at].beside) + len(rows[at].supervisor) * self._model.with_workers,
            )
        return (
            lambda at: len(rows[at].cells[column - 1].day),
            lambda at: len(rows[at].cells[column - 1].note) + BOLD * bool(rows[at].cells[column - 1].tone),
        )

    def fit(self) -> None:
        super().fit()
        if hasattr(self, "_needs"):
            self.measure()
            self.setMinimumHeight(self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.choose_widths()

    def sizeHint(self) -> QSize:
        """The least height for any number of rows: the table scrolls, so that the explanation below stays visible."""
        return QSize(400, self.height_for_rows(LEAST_ROWS) + 2 * self.frameWidth())

    def event(self, event: QEvent) -> bool:
        """Accept F1 as a key of the table while the current cell has a day."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._explains(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._explains(event):
            self.explained.emit()
            return
        super().keyPressEvent(event)

    def _explains(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_F1 and not event.modifiers() and self.currentIndex().column() > 0
