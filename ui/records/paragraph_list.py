"""A long text for reading by paragraph: each mark at the left, its words at the right, with room for a comment below.

A narrow list puts the mark over its words. Words of the newest version are underlined. Must not read the store, nor write.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from hipss_desktop.records.codes import code_list
from hipss_desktop.records.paragraphs import MARKS
from hipss_desktop.views.paragraphs import ParagraphView
from ui.base.access import drawn_only, spoken_as
from ui.parts import Button, Heading, Tag, arranged_once_at_a_time, column, grows, label, row, turn
from ui.parts.tags import TagSpec, tag_size
from ui.records.paragraph_box import spec_of
from ui.records.row_table import UNREADABLE
from ui.records.versions import VersionWords
from ui.theme import set_state, theme_of

ACROSS = 16
"""Pixels between a mark and its words."""
LEAST = 200
"""The least width of the words beside their mark, in pixels at 100 % text size."""
SHOWN = 60
"""The number of paragraphs shown at first, and added by each press of the button for more."""
BAR = 4
"""The width in pixels of the bar at the left of a highlighted paragraph."""


class ParagraphRow(QFrame):
    """One paragraph, with widgets such as comments below it."""

    def __init__(self, shown: ParagraphView, *, marked: bool) -> None:
        super().__init__()
        self.shown = shown
        self.pointed_out = False
        self.tag = Tag(*_spec(shown)) if shown.mark else None
        self._place = QWidget()
        tags = [self.tag] if self.tag is not None else []
        self._place.setLayout(column(*tags, None, gap=0))
        self._marked = marked
        self.words = VersionWords([(shown.words, "added" if shown.changed else "")])
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        lines: list[QWidget] = [self.words]
        if shown.more:
            lines.append(label(shown.more, "small", "muted", wrap=True))
        if shown.unreadable:
            holder = QWidget()
            holder.setLayout(row(Tag("alert", UNREADABLE, "amber"), None))
            lines.append(holder)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(ACROSS)
        self._line.addWidget(self._place, 0, Qt.AlignmentFlag.AlignTop)
        self._line.addLayout(column(*lines, gap=2), 1)
        self.below = QVBoxLayout()
        self.below.setContentsMargins(0, 0, 0, 0)
        box = column(gap=4, margins=(0, 2, 0, 2))
        if shown.over:
            over = Heading(shown.over, 4, style="small_strong")
            over.setWordWrap(True)
            box.addWidget(over)
        box.addLayout(self._line)
        box.addLayout(self.below)
        self.setLayout(box)
        spoken_as(self, QAccessible.Role.Grouping, shown.name)
        if self.tag is not None:
            drawn_only(self.tag)  # a screen reader gets it with the paragraph's name
        grows(self)

    def arrange(self, mark_width: int, *, beside: bool) -> None:
        """Put the mark beside its words, in a column ``mark_width`` pixels wide, or over the words."""
        turn(self._line, beside=beside)
        self._line.setSpacing(ACROSS if beside else 2)
        self._place.setMinimumWidth(mark_width if beside else 0)
        self.below.setContentsMargins(mark_width + ACROSS if beside else 0, 0, 0, 0)
        self._place.setVisible(self.tag is not None or (beside and self._marked))

    def put_below(self, widget: QWidget) -> None:
        """Put a widget, such as a comment, below the words; its ``deleteLater`` removes it."""
        self.below.addWidget(widget)

    def point_out(self, *, on: bool) -> None:
        """Highlight the paragraph with a tint and a bar at its left, or remove the highlight."""
        self.pointed_out = on
        set_state(self, "surface", "amber_tint" if on else None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.pointed_out:
            painter = QPainter(self)
            painter.fillRect(0, 0, BAR, self.height(), theme_of(self).color("amber_line"))
            painter.end()


class ParagraphList(QWidget):
    """The paragraphs of one text; ``name`` is the question that it answers."""

    def __init__(self, name: str, paragraphs: Sequence[ParagraphView]) -> None:
        super().__init__()
        self._paragraphs = tuple(paragraphs)
        count = len(paragraphs)
        self.setAccessibleName(f"{name}, {count} {'paragraph' if count == 1 else 'paragraphs'}")
        self.rows: list[ParagraphRow] = []
        self._arranged: tuple[int, bool] | None = None
        self.more = Button("", icon="down", size=28)
        self.more.clicked.connect(self._show_more)
        self._box = column(gap=6)
        self.setLayout(column(self._box, row(self.more, None), gap=8))
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        grows(self)
        self._show(SHOWN)

    def row_of(self, paragraph: str) -> ParagraphRow | None:
        """The widget of a paragraph by the name of its row, None if there is none; shows hidden paragraphs up to it."""
        at = next((at for at, shown in enumerate(self._paragraphs) if shown.id == paragraph), None)
        if at is None:
            return None
        self._show(at + 1)
        return self.rows[at]

    def _show(self, count: int) -> None:
        marked = any(shown.mark for shown in self._paragraphs)
        for shown in self._paragraphs[len(self.rows) : count]:
            paragraph_row = ParagraphRow(shown, marked=marked)
            self.rows.append(paragraph_row)
            self._box.addWidget(paragraph_row)
        hidden_count = len(self._paragraphs) - len(self.rows)
        self.more.setText(f"Show {min(hidden_count, SHOWN)} more of {len(self._paragraphs)}")
        self.more.setVisible(hidden_count > 0)
        self._arranged = None
        self._arrange()

    def _show_more(self) -> None:
        self._show(len(self.rows) + SHOWN)
        if self.more.isHidden():
            self.focusNextChild()

    @arranged_once_at_a_time
    def _arrange(self) -> None:
        theme = theme_of(self)
        specs = [TagSpec(*_spec(shown)) for shown in self._paragraphs if shown.mark]
        known = [spec_of(code.code) for code in code_list(MARKS).codes] if specs else []
        wide = max((tag_size(theme, spec).width() for spec in (*specs, *known)), default=0)
        beside = self.width() >= wide + ACROSS + theme.px(LEAST)
        if (wide, beside) == self._arranged:
            return
        self._arranged = (wide, beside)
        for shown in self.rows:
            shown.arrange(wide, beside=beside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_box"):
            self._arranged = None
            self._arrange()


def _spec(shown: ParagraphView) -> tuple[str, str]:
    return shown.icon, shown.label
