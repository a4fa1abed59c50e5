"""The rows of a list field as a small table: links to named records on this laptop, and words for the rest.

A narrow table stacks the cells of a row, each beside its heading. A screen reader says every cell with its heading. Must not
read the store, nor decide what a link opens.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from hipss_desktop.views.record import Reference, RowCell, RowTable
from ui.parts import Button, LinkButton, Tag, arranged_once_at_a_time, column, grows, label, paint, row
from ui.records.versions import VersionWords
from ui.theme import styled, theme_of

UNREADABLE = "Cannot be read"
ACROSS, DOWN, EDGE = 12, 9, 8
"""Pixels between cells side by side, between rows (with a line in the middle), and at the outer edges."""
LINE = 24
"""The least height of a cell in pixels: the height of a link, so that words are level with links."""
LEAST, MOST, BESIDE = 88, 320, 112
"""Pixels at 100 % text size: the least and greatest width of a column, and the width of the headings of stacked cells."""
SHOWN = 60
"""The number of rows shown at first, and added by each press of the button for more: a record may have some 7,000."""


@dataclass(frozen=True)
class _Row:
    """The widgets of one row: a heading and a cell for each column, None for an empty cell."""

    beside: Sequence[QLabel]
    cells: Sequence[QWidget | None]

    def widgets(self) -> list[QWidget]:
        return [*self.beside, *(cell for cell in self.cells if cell is not None)]


class AnswerTable(QWidget):
    """A table of rows; of many rows it shows the last ``SHOWN``, and a button shows as many earlier ones."""

    def __init__(self, name: str, table: RowTable, link: Callable[[Reference], LinkButton]) -> None:
        super().__init__()
        self._table, self._link = table, link
        count = len(table.rows)
        self._ordinals = _ordinals(table)
        self.setAccessibleName(f"{name}, {count} {'row' if count == 1 else 'rows'}")
        self._rows: list[_Row] = []
        self._amounts: list[QLabel] = []
        self._stacked: bool | None = None
        self.earlier = Button("", icon="up", size=28)
        self.earlier.clicked.connect(self._show_earlier)
        self._headings = [label(words, "small_strong", "muted", wrap=True) for words in table.headings]
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(ACROSS)
        self._grid.setVerticalSpacing(DOWN)
        for at, heading in enumerate(self._headings):
            if at in table.amounts:
                heading.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(heading, 0, at, Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(row(self.earlier, None), self._grid, gap=8))
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        grows(self)
        self._show(SHOWN)

    def _show(self, count: int) -> None:
        """Show the last ``count`` rows."""
        for widget in (cell for shown in self._rows for cell in shown.widgets()):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._amounts = []
        rows = self._table.rows[-count:]
        self._rows = [self._row(cells, total=self._table.total and cells is rows[-1]) for cells in rows]
        hidden_count = len(self._table.rows) - len(rows)
        self.earlier.setText(f"Show {min(hidden_count, SHOWN)} earlier of {len(self._table.rows)}")
        self.earlier.setVisible(hidden_count > 0)
        self._stacked = None
        self._arrange()

    def _show_earlier(self) -> None:
        self._show(len(self._rows) + SHOWN)
        if self.earlier.isHidden():
            self.focusNextChild()

    def _row(self, cells: Sequence[RowCell], *, total: bool) -> _Row:
        beside = [label(heading, "small", "muted", wrap=True) for heading in self._table.headings]
        shown = _Row(beside, [self._cell(at, cell, strong=total) for at, cell in enumerate(cells)])
        for widget in shown.widgets():
            widget.setParent(self)
        return shown

    def _cell(self, at: int, cell: RowCell, *, strong: bool) -> QWidget | None:
        heading = self._table.headings[at]
        if not cell.words:
            return None
        holder = QWidget()
        box = column(gap=4)
        if any(reference.kind for reference in cell.references):
            for reference in cell.references:
                part = self._link(reference) if reference.kind else label(reference.name, wrap=True)
                part.setAccessibleName(f"{heading}: {reference.name}{self._ordinals.get(reference.unit, '')}")
                box.addLayout(row(part, None) if reference.kind else row(part))
        else:
            part = VersionWords([(cell.words, "added" if cell.changed else "")])
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            part.setAccessibleName(f"{heading}: {part.accessibleName()}")
            self._amounts += [part] if at in self._table.amounts else []
            styled(part, "body_strong" if strong else "body")
            box.addWidget(part)
        if cell.unreadable:
            box.addLayout(row(Tag("alert", UNREADABLE, "amber"), None))
        holder.setLayout(box)
        holder.setMinimumHeight(LINE)
        grows(holder)
        return holder

    # Room

    @arranged_once_at_a_time
    def _arrange(self) -> None:
        """Put the cells of each row side by side, or below each other if there is no room."""
        stacked = self._room() > self.width()
        if stacked == self._stacked:
            return
        self._stacked = stacked
        for heading in self._headings:
            heading.setVisible(not stacked)
        for at in range(max(len(self._headings), 2)):
            self._grid.setColumnStretch(at, int(at == 1) if stacked else self._wished_width(at))
        for amount in self._amounts:  # a stacked amount is beside its heading
            across = Qt.AlignmentFlag.AlignLeft if stacked else Qt.AlignmentFlag.AlignRight
            amount.setAlignment(across | Qt.AlignmentFlag.AlignVCenter)
        edge = 0 if stacked else EDGE
        self._grid.setContentsMargins(edge, 0 if stacked else 3, edge, 0)
        line = 1
        for shown in self._rows:
            for widget in shown.widgets():
                self._grid.removeWidget(widget)
            for at, (beside, cell) in enumerate(zip(shown.beside, shown.cells, strict=True)):
                beside.setVisible(stacked and cell is not None)
                if cell is None:
                    continue
                if stacked:
                    beside.setFixedWidth(theme_of(self).px(BESIDE))
                    beside.setMinimumHeight(LINE)
                    self._grid.addWidget(beside, line, 0, Qt.AlignmentFlag.AlignTop)
                self._grid.addWidget(cell, line, 1 if stacked else at, Qt.AlignmentFlag.AlignTop)
                cell.show()
                line += int(stacked)
            line += int(not stacked)
        self.updateGeometry()

    def _wished_width(self, at: int) -> int:
        """The width in pixels that the words of a column need, up to ``MOST``; 0 if there is no such column."""
        if at >= len(self._headings):
            return 0
        theme = theme_of(self)
        words = [line for cells in self._table.rows[-len(self._rows) :] for line in cells[at].words.split("\n")]
        longest = max((paint.advance(word, theme.font("body")) for word in words), default=0)
        heading = paint.advance(self._table.headings[at], theme.font("small_strong"))
        return min(max(longest, heading), theme.px(MOST))

    def _room(self) -> int:
        """The least width in pixels at which the cells of a row are side by side."""
        room = 0
        for at, heading in enumerate(self._headings):
            cells = [shown.cells[at] for shown in self._rows]
            held = [heading, *(cell for cell in cells if cell is not None)]
            narrowest = max(widget.minimumSizeHint().width() for widget in held)
            room += max(narrowest, min(self._wished_width(at), theme_of(self).px(LEAST))) + ACROSS
        return room + 2 * EDGE

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the background of the headings, and a line below each row."""
        theme = theme_of(self)
        painter = QPainter(self)
        if not self._stacked:
            top, end = self._grid.geometry().top(), max(heading.geometry().bottom() for heading in self._headings)
            painter.fillRect(QRect(0, top, self.width(), end - top + 4), theme.sunken)
        for shown in self._rows:
            ends = [cell.geometry().bottom() for cell in shown.cells if cell is not None]
            if ends:
                painter.fillRect(QRect(0, max(ends) + DOWN // 2 + 1, self.width(), 1), theme.color("line"))
        painter.end()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.update()  # paint the lines at the cells' new places
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_grid"):
            self._stacked = None
            self._arrange()


def _ordinals(table: RowTable) -> Mapping[str, str]:
    """Words that distinguish links with equal names (", 2 of 3"), by the links' place in the record."""
    alike: dict[tuple[int, str], list[str]] = {}
    for cells in table.rows:
        for at, cell in enumerate(cells):
            for reference in cell.references:
                alike.setdefault((at, reference.name), []).append(reference.unit)
    return {
        unit: f", {number} of {len(units)}"
        for units in alike.values()
        for number, unit in enumerate(units, start=1)
        if len(units) > 1
    }
