"""The page for reading the pack out to the police on the telephone: large lines in the order in which they ask.

Down ticks the line and moves to the next, Up goes back, Ctrl+Enter saves that all was read. For a screen reader the lines are
a list.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, PACK
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.missing_guide import GuideView, PackLine, in_threes
from ui.base.access import spoken_as
from ui.base.focus import focus
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.missing.question import GuideQuestion, read_out
from ui.parts import (
    Card,
    EmptyState,
    Heading,
    IconLabel,
    Progress,
    Rule,
    TitleLine,
    column,
    grows,
    label,
    reveal,
    row,
    turn,
)
from ui.records.record_page import Scroller
from ui.theme import icons, set_state, styled, theme_of

LABEL = 150
"""The width of the lines' names in pixels at 100 % text size."""
SIDE_BY_SIDE = 900
"""From this width on (pixels at 100 % text size) the question is beside the lines."""


class ReadTick(QWidget):
    """The tick beside a line that was read."""

    def __init__(self) -> None:
        super().__init__()
        self.is_read = False

    def sizeHint(self) -> QSize:
        side = theme_of(self).px(24)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.is_read:
            theme, painter = theme_of(self), QPainter(self)
            icons.paint(painter, QPointF(0, theme.px(4)), "check", theme.accent, theme.size("icon"))
            painter.end()


class ReadLine(QWidget):
    """One line of the pack. Signals: ``moved(by)`` on an arrow key, ``focused()`` when the line gets the focus."""

    moved = Signal(int)
    focused = Signal()

    def __init__(self, line: PackLine) -> None:
        super().__init__()
        spoken_as(self, QAccessible.Role.ListItem, whole=True)
        self.line, self.is_current = line, False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.tick = ReadTick()
        self.name = label(line.label, "body", "muted", wrap=True)
        spelled = f"  {line.spelled}" if line.spelled else ""
        self.words = label(in_threes(line.words) + spelled, "title", wrap=True)
        across: QHBoxLayout = row(gap=12, margins=(16, 8, 16, 8))
        for part in (self.tick, self.name):
            across.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(self.words, 1)
        self.setLayout(across)
        grows(self)
        self.show_state(is_current=False, is_read=False)

    def show_state(self, *, is_current: bool, is_read: bool) -> None:
        """Show whether the line is the current one, and whether it was read."""
        self.is_current, self.tick.is_read = is_current, is_read
        self.name.setFixedWidth(theme_of(self).px(LABEL))
        if is_current:
            styled(self.words, "display", "ink", weight=600)
        else:
            styled(self.words, "title", "muted" if is_read else "ink", weight=400)
        set_state(self, "surface", "select" if is_current else "canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_current else Qt.FocusPolicy.ClickFocus)
        spelled = f" Spelled {self.line.spelled}." if self.line.spelled else ""
        read_mark = " Read." if is_read else ""
        name = f"{self.line.label}: {in_threes(self.line.words)}{spelled}{read_mark}"
        self.setAccessibleName(name)
        self.tick.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.moved.emit(by)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()


class ReadingPage(Page):
    """The page for reading out the pack of an episode's child."""

    rail = "on_call"
    idle_as_in_a_call = True

    def __init__(self, context: Context, record: str) -> None:
        super().__init__(context)
        self.record = record
        self.view: GuideView | None = None
        self.lines: list[ReadLine] = []
        self.question: GuideQuestion | None = None
        self._at = 0
        self._read: set[int] = set()
        self.title = Heading("Read it out to police", 1)
        self.log = label("", "body", "muted")
        self.clock = label("", "body", "muted")
        self.progress = Progress("Line 1 of 1", 1, 1)
        self._list = QWidget()
        spoken_as(self._list, QAccessible.Role.List, "Missing-person pack, in the order police ask")
        self._list.setLayout(column(gap=0))
        self.gone = EmptyState(
            "This record is not on this laptop", "It may come with the next sync.", icon="inbox", framed=True
        )
        self.gone.hide()
        self._place = QVBoxLayout()
        self._lay_out()
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self._all_read)
        bind(self, "Ctrl+P", lambda: context.go("police_page", record=record))

    def _lay_out(self) -> None:
        head, left, right = QWidget(), QWidget(), QWidget()
        head.setLayout(row(self.title, self.log, None, self.clock, gap=16))
        left.setLayout(column(self._list, self.gone, None, gap=0))
        help_card = Card(pad=16)
        help_card.add(
            self.progress, label("Down reads on, Up goes back, Ctrl+P prints, Esc leaves.", "small", "muted", wrap=True)
        )
        warning = IconLabel("info", "Give this to police only, and only while the child is missing.", "small", "muted")
        warning.setWordWrap(True)
        right.setLayout(column(help_card, self._place, warning, None, gap=16))
        self._columns = row(gap=24, margins=(20, 0, 20, 16))
        self._columns.addWidget(left, 3)
        self._columns.addWidget(right, 1)
        inside = QWidget()
        inside.setLayout(self._columns)
        self.area = Scroller(self.title.text())
        self.area.setWidget(inside)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 16, 0, 0)
        box.setSpacing(12)
        box.addLayout(column(TitleLine(head), margins=(20, 0, 20, 0)))
        box.addWidget(self.area, 1)

    def cares(self, changes: ChangeSet) -> bool:
        """Return False, so that the lines do not change while somebody reads them out; opening the page loads them again."""
        return False

    def refresh(self) -> None:
        """Load the lines from the store."""
        views, record = self.services.missing_guides, self.record
        self.context.runner.read(lambda: views.view(record), self._show, context=self)

    def _show(self, view: GuideView | None) -> None:
        self.view = view
        now = self.services.clock()
        self.gone.setVisible(view is None)
        self.clock.setText(times.with_zone(now))
        if view is None:
            return
        self.log.setText(f"Ring 101, say log {view.log_number}" if view.log_number else "Ring 101, in danger 999")
        self._show_lines(view.pack.lines)
        if self.question is None and may_write(self.services.store.seat.role, MISSING_EPISODE.name):
            self._ask(view)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # from now on the widgets inside take the focus
        focus(self.first_focus())

    def _show_lines(self, lines: Sequence[PackLine]) -> None:
        layout = self._list.layout()
        assert layout is not None, "the layout was set when the widget was made"
        while (item := layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.lines = [ReadLine(line) for line in lines]
        for place, line in enumerate(self.lines):
            layout.addWidget(line)
            line.show()  # now, because it gets the focus before the layout shows it
            layout.addWidget(Rule())
            line.moved.connect(self._move)
            line.focused.connect(lambda place=place: self._go(place))
        self._go(min(self._at, len(self.lines) - 1))

    def _ask(self, view: GuideView) -> None:
        row_form = read_out(seat=self.services.store.seat.name)
        self.question = GuideQuestion(self.context, view, PACK, row_form)
        self.question.close_button.hide()
        self.question.answered.connect(self._answered)
        self.question.gone_to.connect(lambda goal: reveal(self.area, goal))
        self._place.addWidget(self.question)
        self.question.show()

    def first_focus(self) -> QWidget | None:
        """The current line, or the whole page until the lines are loaded."""
        return self.lines[self._at] if self.lines else self.area

    def _move(self, by: int) -> None:
        """Move on and tick the current line, or move back and remove the previous line's tick."""
        if by > 0:
            self._read.add(self._at)
        else:
            self._read.discard(self._at - 1)
        place = min(max(self._at + by, 0), len(self.lines) - 1)
        self._go(place)
        focus(self.lines[place])
        reveal(self.area, self.lines[place])

    def _go(self, place: int) -> None:
        self._at = place
        for number, line in enumerate(self.lines):
            line.show_state(is_current=number == place, is_read=number in self._read)
        self.progress.set_progress(f"Line {place + 1} of {len(self.lines)}", place + 1, len(self.lines))

    def _all_read(self) -> None:
        if self.question is not None:
            self.question.give()

    def _answered(self) -> None:
        self.ended = True
        self.context.go("back")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        turn(self._columns, beside=self.width() >= theme_of(self).px(SIDE_BY_SIDE))
