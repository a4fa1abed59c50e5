"""The answers of a record as they read: those read first, then each beside its label, rows as small tables.

What the newest version changed is underlined, what cannot be read stands as it is and says so, and nothing is hidden. Must
not read the store, nor write.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from hipss_desktop.records.changes import Difference
from hipss_desktop.views.record import Line, RecordView, Reference
from ui.parts import LinkButton, Tag, column, label, row
from ui.records.row_table import UNREADABLE, AnswerTable
from ui.records.undecided import BothVersions, two_versions
from ui.records.versions import Piece, VersionWords, pieces
from ui.theme import theme_of

LONG = 56
"""Characters: a longer line takes the width under its label."""
LABEL = 132
"""Pixels at 100 % text size: the column of labels."""


class RecordLines(QWidget):
    """The answers of one record. ``below(unit)`` is where something may be put under the answer of a list of rows."""

    def __init__(self, view: RecordView, link: Callable[[Reference], LinkButton]) -> None:
        super().__init__()
        self._link = link
        self._places: dict[str, QVBoxLayout] = {}
        newest = next((each for each in view.versions if each.action != "add"), None)
        changes = newest.differences if newest and newest.action == "amend" else ()
        self._was: Mapping[str, Difference] = {each.unit: each for each in changes}
        lines = {each.unit: each for each in view.lines if self._is_shown(each, view)}
        self._box = column(gap=8)
        self.setLayout(self._box)
        for each in [lines.pop(unit) for unit in view.lead if unit in lines]:
            self._put_first(each, labelled=each.unit != view.lead[0])
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._box.addLayout(self._grid)
        for each in lines.values():
            self._put(each)
        for growing in view.growing:
            if growing.unit not in self._places:
                self._put_under(label(growing.label, "small", "muted", wrap=True), growing.unit)

    def below(self, unit: str) -> QVBoxLayout:
        """The place under the answer of a list of rows; under all answers for any other unit."""
        return self._places.get(unit, self._box)

    def _is_shown(self, line: Line, view: RecordView) -> bool:
        """Whether a line is shown: the head of the page or a link may have said all of it already."""
        if line.undecided or line.unreadable or line.table is not None or line.unit in self._was:
            return True
        linked = [each for each in view.about if each.unit == line.unit]
        if linked and all(each.kind for each in linked):
            return False
        return line.unit not in view.said_above and line.words != view.title

    def _put_first(self, line: Line, *, labelled: bool) -> None:
        answer = self._answer(line)
        if labelled:
            self._box.addWidget(label(line.label, "small", "muted"))
        else:
            answer.setAccessibleDescription(line.label)
        self._box.addWidget(answer)

    def _put(self, line: Line) -> None:
        name = label(line.label, "small", "muted", wrap=True)
        if line.table is not None:
            self._put_under(name, line.unit, self._answer(line))
        elif len(line.words) > LONG or "\n" in line.words:
            self._put_under(name, "", self._answer(line))
        else:
            at = self._grid.rowCount()
            name.setFixedWidth(theme_of(self).px(LABEL))
            self._grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(self._answer(line), at, 1, Qt.AlignmentFlag.AlignTop)

    def _put_under(self, name: QWidget, unit: str, *answer: QWidget) -> None:
        """Put an answer under its label; the unit of a list of rows keeps a place below it."""
        holder = QWidget()
        box = column(name, *answer, gap=8 if unit else 0, margins=(0, 0, 0, 8 if unit else 0))
        holder.setLayout(box)
        if unit:
            self._places[unit] = box
        self._grid.addWidget(holder, self._grid.rowCount(), 0, 1, 2)

    def _answer(self, line: Line) -> QWidget:
        """A line's words or table, with the tags that say how it stands."""
        tags = []
        if line.undecided:
            tags.append(two_versions())
        if line.unreadable:
            tags.append(Tag("alert", UNREADABLE, "amber"))
        parts: list[QWidget] = []
        if line.table is not None:
            parts.append(AnswerTable(line.label, line.table, self._link))
        elif not line.undecided:
            parts.append(self._words(line))
        parts += [BothVersions(each) for each in line.undecided]
        if len(parts) == 1 and not tags:
            return parts[0]
        holder = QWidget()
        holder.setLayout(column(row(*tags, None, gap=6), *parts, gap=4))
        return holder

    def _words(self, line: Line) -> QWidget:
        """A line's words; what the newest version changed in it is underlined."""
        cut: list[Piece] = [(line.words, "")]
        changed = self._was.get(line.unit)
        if changed is not None and not changed.was:
            cut = [(line.words, "added")]
        elif changed is not None:
            cut = [each for each in pieces(changed.was, "", line.words) if each[1] != "taken"] or cut
        words = VersionWords(cut)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return words
