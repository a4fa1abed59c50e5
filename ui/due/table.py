"""The table of what is due: one row a household, one column a thing, the current cell marked. Must not read anything."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem

from hipss_desktop.records.codes import code_list
from hipss_desktop.views.due_dates import COLUMNS, HouseholdRow
from ui.parts import Cell, CellDelegate, CellModel, Table
from ui.parts.tables import Index
from ui.theme import theme_in, theme_of

LEAST_CARERS, LEAST_DAY = 190, 128
"""Pixels at 100 % text size that a column has at least; what has no room is scrolled to."""
MOST_MEASURED = 60
LEAST_ROWS = 3
MARK, ABOVE_RING = 2, 6
"""Pixels of the line below the current cell, and how far it stands above the row's end, so that the ring leaves it in sight."""
_NOWHERE = QModelIndex()


def headings() -> tuple[str, ...]:
    """The headings of the columns."""
    listed = code_list("due_what")
    short = [code.more["short"] if (code := listed.get(column)) is not None else column for column in COLUMNS]
    return ("Carers", "Supervision visit", *short[1:])


class DueModel(CellModel):
    """The households that are shown."""

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
        """Show these households instead."""
        self.beginResetModel()
        self.rows, self.with_workers = tuple(rows), with_workers
        self.endResetModel()


class DueDelegate(CellDelegate):
    """Draws cells, and a line below the one on which the keys stand."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        view = self.parent()
        if isinstance(view, DueGrid) and view.hasFocus() and view.currentIndex() == index:
            box = QRectF(option.rect).adjusted(12, 0, -12, -ABOVE_RING)
            mark = QRectF(box.x(), box.bottom() - MARK, box.width(), MARK)
            painter.fillRect(mark, theme_in(option).accent)


class DueGrid(Table):
    """The table. Arrows move by row and cell, Enter opens what is behind the cell.

    Signals:
        explained(): F1 was pressed on a day.
    """

    explained = Signal()

    def __init__(self, model: DueModel) -> None:
        super().__init__("What is due", model, height="row_two_line")
        self._model = model
        self.setItemDelegate(DueDelegate(self))
        across = self.horizontalHeader()
        across.setStretchLastSection(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        model.modelReset.connect(self.choose_widths)

    def choose_widths(self) -> None:
        """Give each column what its words need, and share what is left among them."""
        theme, count = theme_of(self), self._model.columnCount()
        rows = range(min(self._model.rowCount(), MOST_MEASURED))
        needs = []
        for column in range(count):
            least = theme.px(LEAST_DAY if column else LEAST_CARERS)
            words = max((self.sizeHintForIndex(self._model.index(row, column)).width() for row in rows), default=0)
            heading = self.horizontalHeader().sectionSizeHint(column)
            needs.append(max(least, words + (0 if column else 8), heading))
        spare = max(self.viewport().width() - sum(needs), 0)
        for column, width in enumerate(needs):
            self.setColumnWidth(column, width + spare // count + (spare % count if not column else 0))

    def fit(self) -> None:
        super().fit()
        if hasattr(self, "_model"):
            self.choose_widths()
            self.setMinimumHeight(self.height_for_rows(LEAST_ROWS) + 2 * self.frameWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.choose_widths()

    def sizeHint(self) -> QSize:
        return QSize(400, self.height_for_rows(min(self._model.rowCount(), 12)) + 2 * self.frameWidth())

    def event(self, event: QEvent) -> bool:
        """Have F1 come here as a key while it stands on a day."""
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
