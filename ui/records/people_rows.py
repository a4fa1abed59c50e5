"""People to ring as rows: the name, further details below it, and the number in large figures at the right.

Must not read the store. A table whose rows refer to records, or that has very many people, is shown as an ``AnswerTable``.
"""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from hipss_desktop.kinds.person_names import known
from hipss_desktop.views.record import RowCell, RowTable
from ui.parts import Tag, column, grows, label, row
from ui.records.row_table import SHOWN, UNREADABLE
from ui.records.versions import Piece, VersionWords
from ui.theme import styled


def are_people(table: RowTable) -> bool:
    """Whether a table is shown as people to ring, each with a large number."""
    named = any(cell.references for cells in table.rows for cell in cells)
    return bool(table.numbers) and len(table.rows) <= SHOWN and not named


class PeopleRows(QWidget):
    """The widget that shows a table of people as rows."""

    def __init__(self, name: str, table: RowTable) -> None:
        super().__init__()
        count = len(table.rows)
        self.setAccessibleName(f"{name}, {count} {'row' if count == 1 else 'rows'}")
        self._table = table
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(0, 1)
        for at, cells in enumerate(table.rows):
            who = " ".join(filter(None, (known(cells[column].words) for column in table.called)))
            self._grid.addWidget(self._who(cells, who), at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(self._numbers(cells, who), at, 1, Qt.AlignmentFlag.AlignTop)
        grows(self)

    def _who(self, cells: Sequence[RowCell], who: str) -> QWidget:
        """The name of who answers, with further details below."""
        holder = QWidget()
        called = [cells[at] for at in self._table.called]
        title = styled(
            VersionWords([(who or "No name", "added" if any(row_cell.changed for row_cell in called) else "")]),
            "body_strong",
        )
        parts: list[QWidget] = [title]
        if more := list(self._details(cells)):
            parts.append(styled(VersionWords(more), "small"))
        box = column(*parts, gap=0)
        if any(cell.unreadable for cell in cells):
            box.addLayout(row(Tag("alert", UNREADABLE, "amber"), None))
        holder.setLayout(box)
        grows(holder)
        return holder

    def _details(self, cells: Sequence[RowCell]) -> Iterator[Piece]:
        """Yield the other details with their headings: "Date of birth 22 May 1971 · DBS check 14 September 2015"."""
        between = ""
        for at, (heading, cell) in enumerate(zip(self._table.headings, cells, strict=True)):
            if cell.words and at not in self._table.called and at not in self._table.numbers:
                yield f"{between}{heading} {cell.words}", "added" if cell.changed else ""
                between = " · "

    def _numbers(self, cells: Sequence[RowCell], who: str) -> QWidget:
        """The numbers of one person; a screen reader says each with the name of who answers."""
        holder = QWidget()
        box = column(gap=2)
        for cell in (cells[at] for at in self._table.numbers if cells[at].words):
            number = label(cell.words, "phone")
            number.setAccessibleName(f"{who}, {cell.words}" if who else cell.words)
            number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            box.addWidget(number, 0, Qt.AlignmentFlag.AlignRight)
            if cell.changed:
                box.addWidget(Tag("history", "Changed", "neutral"), 0, Qt.AlignmentFlag.AlignRight)
        holder.setLayout(box)
        return holder
