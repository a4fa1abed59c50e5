"""The nine steps of the guide, one line each; the open step has its question below. Arrows move, Enter opens any step.

Must not know what a step asks, nor save answers.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from hipss_desktop.views.missing_guide import GuideStep
from ui.parts import Card, Pressable, column, grows, label, paint, rich_label, row
from ui.theme import icons, theme_of

MARK = 22
"""The width of the circle with a step's number, in pixels at 100 % text size."""


class StepMark(QWidget):
    """The number of a step in a circle, or a tick."""

    def __init__(self) -> None:
        super().__init__()
        self.number, self.is_done, self.is_open = 0, False, False

    def sizeHint(self) -> QSize:
        side = theme_of(self).px(MARK)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, side = theme_of(self), theme_of(self).px(MARK)
        painter = QPainter(self)
        box = QRectF(0, 0, side, side)
        fill = theme.fill if self.is_open and not self.is_done else None
        edge = theme.accent if self.is_done or self.is_open else theme.control
        paint.frame(painter, box, fill=fill, edge=edge, radius=side / 2)
        if self.is_done:
            inset = round(side / 4)
            icons.paint(painter, box.adjusted(inset, inset, 0, 0).topLeft(), "check", theme.accent, side - 2 * inset)
        else:
            font = theme.font("caption", weight=600)
            ink = theme.on_fill if fill is not None else theme.muted
            paint.words(painter, box, str(self.number), font, ink, align=paint.CENTRE)
        painter.end()


class StepRow(Pressable):
    """One step as a line that opens it. Signal: ``moved(by)`` on an arrow key."""

    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__("")
        self.mark = StepMark()
        self._words: QLabel = label("")
        self._done = label("", "small", "muted")
        self._line = row(gap=12, margins=(16, 8, 16, 8))
        self._line.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        self._line.addWidget(self._words, 1)
        self._line.addWidget(self._done, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(self._line)
        for part in (self.mark, self._done):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        grows(self)

    def show_step(self, step: GuideStep, of: int, *, is_open: bool, is_current: bool) -> None:
        """Show the state of the step."""
        self.mark.number, self.mark.is_done, self.mark.is_open = step.number, bool(step.done), is_open
        self.mark.update()
        words = "" if step.words == step.title else step.words
        fresh = rich_label([(step.title, "strong"), *([(words, "")] if words else [])])
        fresh.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._line.replaceWidget(self._words, fresh)
        self._words.hide()
        self._words.deleteLater()
        self._words = fresh
        self._done.setText(step.done)
        stands = f"done {step.done}" if step.done else "current" if is_current else "not done"
        parts = (f"Step {step.number} of {of}, {step.title}, {stands}", words)
        self.setAccessibleName(". ".join(part for part in parts if part))
        self.setAccessibleDescription("Open" if is_open else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.moved.emit(by)
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return self._line.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._line.minimumSize()

    def ring_shape(self) -> tuple[QRectF, float]:
        """The shape of the focus ring: inside the line, because the line is as wide as its card."""
        return QRectF(self.rect()).adjusted(4, 2, -4, -2), 4.0

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.underMouse() or self.isDown():
            painter = QPainter(self)
            painter.fillRect(self.rect(), theme_of(self).sunken)
            painter.end()


class StepList(Card):
    """All steps in order. Signal: ``chosen(code)`` when the user opens a step.

    ``put`` places the question of the open step below its line, and ``take`` removes it.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("What to do, in order")
        self.order = label("Any order will do. Each answer is saved.", "small", "muted", wrap=True)
        self.rows: dict[str, StepRow] = {}
        self._places: dict[str, QVBoxLayout] = {}
        below = QWidget()
        below.setLayout(column(self.order, margins=(16, 8, 16, 8)))
        self._below = below

    def show_steps(self, steps: Sequence[GuideStep], done: int, *, open_step: str, current: str) -> None:
        """Show the state of the steps; their order never changes."""
        if not self.rows:
            for step in steps:
                self._add(step.code)
            self.add_flush(self._below)
        for step in steps:
            is_open = step.code == open_step
            self.rows[step.code].show_step(step, len(steps), is_open=is_open, is_current=step.code == current)
        self.show_done(done, len(steps))

    def show_done(self, done: int, of: int) -> None:
        """Show how many steps are done."""
        self._count.setText(f"{done} of {of} done")

    def _add(self, code: str) -> None:
        step_row, place = StepRow(), column(margins=(12, 0, 12, 12), gap=0)
        place.setContentsMargins(12, 0, 12, 0)
        self.rows[code], self._places[code] = step_row, place
        step_row.clicked.connect(lambda: self.chosen.emit(code))
        step_row.moved.connect(lambda by: self._move(code, by))
        holder = QWidget()
        holder.setLayout(column(step_row, place, gap=0))
        grows(holder)
        self.add_flush(holder)
        holder.show()  # now, because a question in it gets the focus before the layout shows it
        self.add_rule()

    def _move(self, code: str, by: int) -> None:
        codes = list(self.rows)
        place = codes.index(code) + by
        if 0 <= place < len(codes):
            self.rows[codes[place]].setFocus(Qt.FocusReason.TabFocusReason)

    def put(self, code: str, question: QWidget) -> None:
        """Put a question below the line of its step."""
        self._places[code].addWidget(question)
        self._places[code].setContentsMargins(12, 0, 12, 12)
        question.show()

    def take(self, code: str, question: QWidget) -> None:
        """Remove a question from below its step."""
        self._places[code].removeWidget(question)
        self._places[code].setContentsMargins(12, 0, 12, 0)
