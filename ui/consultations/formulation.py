"""The text of a consultation for reading: the formulation in boxes side by side, other sections under headings.

Must not read the store.
"""

from collections.abc import Collection, Iterable, Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from hipss_desktop.kinds.consultation import sections_of
from hipss_desktop.views.consultations import FORMULATION, NOT_A_DIAGNOSIS, WRONG_IF, Box, ParagraphLine
from ui.base.access import spoken_as
from ui.parts import Heading, Tag, arranged_once_at_a_time, column, grows, label, paint, row
from ui.records.record_page import flow
from ui.records.versions import VersionWords
from ui.theme import theme_of

WIDE = 520
"""The width in pixels (at 100 % text size) from which two boxes are side by side."""
NOTHING_WRITTEN = "Nothing written"
PAD = 12


class SectionBox(QWidget):
    """A section: its label, and its paragraphs each with its mark; words of the newest version (``changed``) are underlined."""

    def __init__(self, box: Box, *, pad: int = 0, changed: Collection[str] = ()) -> None:
        super().__init__()
        self.box = box
        heading = Heading(box.label, 4, style="small_strong")
        heading.setWordWrap(True)
        paragraphs = [_paragraph(paragraph, changed=paragraph.row in changed) for paragraph in box.paragraphs] or [
            label(NOTHING_WRITTEN, "small", "muted")
        ]
        self.setLayout(column(heading, *paragraphs, gap=4, margins=(pad, pad - 4 if pad else 0, pad, pad)))
        spoken_as(self, QAccessible.Role.Grouping, box.label)
        grows(self)


def _paragraph(paragraph: ParagraphLine, *, changed: bool) -> QWidget:
    """Return a paragraph with its mark over the words, and below them what would show a guess wrong."""
    words = VersionWords([(paragraph.words, "added" if changed else "")])
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    parts: list[QWidget] = [words]
    holder = QWidget()
    if paragraph.wrong_if:
        parts.append(label(f"{WRONG_IF}: {paragraph.wrong_if}", "small", "muted", wrap=True))
    marked = [row(Tag(paragraph.icon, paragraph.mark), None)] if paragraph.mark else []
    holder.setLayout(column(*marked, *parts, gap=2))
    grows(holder)
    return holder


class BoxGrid(QWidget):
    """The boxes of the formulation in a grid of two columns, or below each other if there is no room."""

    def __init__(self, boxes: Sequence[Box], changed: Collection[str]) -> None:
        super().__init__()
        self.boxes = [SectionBox(box, pad=PAD, changed=changed) for box in boxes]
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(1, 1, 1, 1)
        self._grid.setSpacing(1)
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        grows(self)
        self._arrange()

    @arranged_once_at_a_time
    def _arrange(self) -> None:
        columns = 2 if self.width() >= theme_of(self).px(WIDE) else 1
        if columns == self._columns:
            return
        self._columns = columns
        for box in self.boxes:
            self._grid.removeWidget(box)
        for at, box in enumerate(self.boxes):
            self._grid.addWidget(box, at // columns, at % columns, Qt.AlignmentFlag.AlignTop)
        for at in range(2):
            self._grid.setColumnStretch(at, int(at < columns))
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.update()  # paint the lines at the cells' new places
        return done

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame round all boxes and the lines between them."""
        theme = theme_of(self)
        painter = QPainter(self)
        paint.frame(painter, QRectF(self.rect()), fill=theme.surface, edge=theme.line, radius=4)
        rows = (len(self.boxes) + self._columns - 1) // max(self._columns, 1)
        for line in range(1, rows):
            top = self.boxes[line * self._columns].geometry().top()
            painter.fillRect(QRect(0, top - 1, self.width(), 1), theme.line)
        if self._columns > 1:
            painter.fillRect(QRect(self.boxes[1].geometry().left() - 1, 0, 1, self.height()), theme.line)
        painter.end()


class WrittenText(QWidget):
    """The whole text: what was brought, the formulation, strengths; ``changed`` are the rows of the newest version."""

    def __init__(self, boxes: Iterable[Box], changed: Collection[str] = ()) -> None:
        super().__init__()
        listed = list(boxes)
        inside = {section.code for section in sections_of(FORMULATION)}
        codes = [box.code in inside for box in listed]
        first = codes.index(True) if True in codes else len(listed)
        before = [SectionBox(box, changed=changed) for box in listed[:first]]
        middle = [box for box in listed[first:] if box.code in inside]
        after = [SectionBox(box, changed=changed) for box in listed[first:] if box.code not in inside]
        parts: list[QWidget] = [*before]
        if middle:
            head = Heading("Formulation", 3, style="body_strong")
            parts += [flow([head, label(NOT_A_DIAGNOSIS, "small", "muted")]), BoxGrid(middle, changed)]
        self.setLayout(column(*parts, *after, gap=10))
        grows(self)
