"""The answers of a record for reading: one grid with each label at the left and its answer at the right, in groups.

A narrow grid puts every answer under its label. Changes of the newest version are underlined. An unreadable answer is shown
unchanged with a tag that says so. Nothing is hidden. Must not read the store, nor write.
"""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from hipss_desktop.records.changes import Difference
from hipss_desktop.views.record import Growing, Line, RecordView, Reference
from ui.parts import Heading, LinkButton, Tag, column, grows, label, row, turn
from ui.parts.strokes import DrawnStrokes
from ui.records.paragraph_list import ParagraphList
from ui.records.people_rows import PeopleRows, are_people
from ui.records.row_table import UNREADABLE, AnswerTable
from ui.records.undecided import BothVersions, two_versions
from ui.records.versions import Piece, VersionWords, pieces
from ui.theme import styled, theme_of

QWIDGETSIZE_MAX = 16_777_215
"""Qt's constant for an unlimited width, which PySide leaves out."""
ACROSS, SPARE = 12, 24
"""Pixels between a label and its answer, and the spare width of an answer beside its label."""
LABEL, LEAST = 144, 240
"""Pixels at 100 % text size: the width of the labels' column, and the least width of the answers beside it."""


class LineGrid(QWidget):
    """A grid of labels at the left and answers at the right, with titles over both."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[QLabel, QBoxLayout, QWidget]] = []
        self._stacked: bool | None = None
        self._box = column(gap=8)
        self.setLayout(self._box)
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        grows(self)

    def add(self, name: str, answer: QWidget) -> None:
        """Add an answer beside its label."""
        holder, words = QWidget(), label(name, "small", "muted", wrap=True)
        line = QBoxLayout(QBoxLayout.Direction.LeftToRight, holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(words, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(answer, 1, Qt.AlignmentFlag.AlignTop)
        grows(holder)
        self._lines.append((words, line, answer))
        self._box.addWidget(holder)

    def add_title(self, title: str) -> None:
        """Add a title over the next answers."""
        if self._box.count():
            self._box.addSpacing(8)
        self._box.addWidget(Heading(title, 3, style="body_strong"))

    def arrange(self) -> None:
        """Put the answers beside their labels, or all of them below if there is no room."""
        theme = theme_of(self)
        narrowest = max((answer.minimumSizeHint().width() for _, _, answer in self._lines), default=0)
        # wider than the least width of the two columns, or a grid that is too wide would never become narrower
        stacked = self.width() < theme.px(LABEL) + ACROSS + max(theme.px(LEAST), narrowest + SPARE)
        if stacked == self._stacked:
            return
        self._stacked = stacked
        for name, line, _ in self._lines:
            turn(line, beside=not stacked)
            line.setSpacing(0 if stacked else ACROSS)
            name.setMinimumWidth(0 if stacked else theme.px(LABEL))
            name.setMaximumWidth(QWIDGETSIZE_MAX if stacked else theme.px(LABEL))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_box"):
            self._stacked = None
            self.arrange()


class RecordLines(LineGrid):
    """The answers of one record.

    ``offer`` adds the button for a new row below the answer of a list that grows. It is called right after that answer is
    made, so that Tab reaches the button before the links of later lists.
    """

    def __init__(
        self, view: RecordView, link: Callable[[Reference], LinkButton], offer: Callable[[Growing, QVBoxLayout], None]
    ) -> None:
        super().__init__()
        self._view, self._link, self._offer = view, link, offer
        self._offered = set[str]()
        newest = next((version for version in view.versions if version.action != "add"), None)
        changes = newest.differences if newest and newest.action == "amend" else ()
        self._differences: Mapping[str, Difference] = {change.unit: change for change in changes}
        for group in view.groups:
            lines = [shown_line for shown_line in group.lines if self._is_shown(shown_line)]
            if lines and group.title:
                self.add_title(group.title)
            for line in lines:
                self.add(line.label, self._with_add_button(line.unit, self._answer(line)))
        for growing in view.growing:
            if growing.unit not in self._offered:
                self.add(growing.label, self._with_add_button(growing.unit))
        self.arrange()

    def _with_add_button(self, unit: str, *answer: QWidget) -> QWidget:
        """Return an answer; the answer of a list that grows has the button for a new row below it."""
        growing = next((line for line in self._view.growing if line.unit == unit), None)
        if growing is None:
            return answer[0]
        holder, place = QWidget(), column(*answer, gap=8)
        self._offer(growing, place)
        self._offered.add(unit)
        holder.setLayout(place)
        grows(holder)
        return holder

    def _is_shown(self, line: Line) -> bool:
        """Whether to show a line: False if the head of the page or a link already says all of it."""
        if (
            line.undecided
            or line.unreadable
            or line.table is not None
            or line.paragraphs
            or line.unit in self._differences
        ):
            return True
        if any(reference.kind for reference in self._view.about if reference.unit == line.unit):
            return True  # it is a link
        words_above = {self._view.title, *(reference.name for reference in self._view.about if reference.kind)}
        return line.unit not in self._view.said_above and line.words not in words_above

    def _answer(self, line: Line) -> QWidget:
        """A line's words, links, people or table, with tags if it is undecided or unreadable."""
        tags = []
        if line.undecided:
            tags.append(two_versions())
        if line.unreadable:
            tags.append(Tag("alert", UNREADABLE, "amber"))
        parts: list[QWidget] = []
        if line.table is not None and are_people(line.table):
            parts.append(PeopleRows(line.label, line.table))
        elif line.table is not None:
            parts.append(AnswerTable(line.label, line.table, self._link))
        elif line.paragraphs:
            parts.append(ParagraphList(line.label, line.paragraphs))
        elif line.strokes and not line.undecided:
            parts.append(DrawnStrokes(line.strokes, f"{line.label}. {line.words}"))
        elif not line.undecided:
            links = self._links(line)
            parts.append(links or self._words(line))
            if links is not None and line.unit in self._differences:
                tags.append(Tag("history", "Changed", "neutral"))
        parts += [BothVersions(undecided) for undecided in line.undecided]
        if len(parts) == 1 and not tags:
            return parts[0]
        holder = QWidget()
        holder.setLayout(column(*([row(*tags, None, gap=6)] if tags else []), *parts, gap=4))
        grows(holder)
        return holder

    def _links(self, line: Line) -> QWidget | None:
        """Links to the records that a line names, None if this laptop has none of them."""
        named: Sequence[Reference] = [linked for linked in self._view.about if linked.unit == line.unit]
        if not any(linked.kind for linked in named):
            return None
        holder = QWidget()
        parts = [self._link(linked) if linked.kind else label(linked.name, wrap=True) for linked in named]
        for part, reference in zip(parts, named, strict=True):
            if sum(other.record == reference.record for other in self._view.about) > 1:  # two links sound alike
                part.setAccessibleName(f"{line.label}: {reference.name}")
        holder.setLayout(column(*(row(part, None) for part in parts), gap=4))
        grows(holder)
        return holder

    def _words(self, line: Line) -> QWidget:
        """A line's words, with the changes of the newest version underlined."""
        cut: list[Piece] = [(line.words, "")]
        changed = self._differences.get(line.unit)
        if changed is not None and not changed.was:
            cut = [(line.words, "added")]
        elif changed is not None:
            cut = [piece for piece in pieces(changed.was, "", line.words) if piece[1] != "taken"] or cut
        words = styled(VersionWords(cut), "phone" if line.phone else "body")
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return words
