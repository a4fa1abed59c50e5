"""The agreed plan: what, who, by when and the state, with buttons on each row that say what came of it.

"Done" and "No longer needed" are saved at once. "Not done" asks why first. Must not decide what a button does.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from hipss_desktop.kinds.consultation import DONE, NOT_DONE, NOT_NEEDED
from hipss_desktop.views.consultations import PLAN_HEADINGS, PlanLine
from ui.parts import Button, Tag, column, grows, label, tone_named
from ui.records.record_page import flow
from ui.theme import theme_of

PRESSES = ((DONE, "Done", "check"), (NOT_DONE, "Not done", "circle"), (NOT_NEEDED, "No longer needed", "x"))
"""The buttons of an open row, in their order: code, words, icon."""


class PlanTable(QWidget):
    """The rows of a plan.

    Signals:
        pressed(row, answer): a button of the row was pressed.
    """

    pressed = Signal(str, str)

    def __init__(
        self,
        lines: Sequence[PlanLine],
        *,
        may_answer: bool,
        offer: Callable[[PlanLine, Button, QVBoxLayout], None] | None = None,
    ) -> None:
        """Show ``lines``.

        ``offer`` gets the line and button of each "Not done", and the layout in which that button's question opens.
        """
        super().__init__()
        self.buttons: dict[str, list[Button]] = {}
        self._lines: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(8, 3, 8, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._headings = [label(words, "small_strong", "muted") for words in PLAN_HEADINGS]
        for at, heading in enumerate(self._headings):
            self._grid.addWidget(heading, 0, at)
        self._grid.setColumnStretch(0, 1)
        for line in lines:
            self._add(line, offer if may_answer else None, may_answer=may_answer)
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        self.setAccessibleName(f"Agreed plan, {len(lines)} {'row' if len(lines) == 1 else 'rows'}")
        grows(self)

    def _add(
        self, line: PlanLine, offer: Callable[[PlanLine, Button, QVBoxLayout], None] | None, *, may_answer: bool
    ) -> None:
        at = self._grid.rowCount()
        task = QWidget()
        reason = [label(line.because, "small", "muted", wrap=True)] if line.because else []
        task.setLayout(column(label(line.step, wrap=True), *reason, gap=2))
        grows(task)
        cells = (
            task,
            label(line.who, wrap=True),
            label(line.by),
            Tag(line.status.icon, line.status.words, tone_named(line.status.tone)),
        )
        for place, (heading, cell) in enumerate(zip(PLAN_HEADINGS, cells, strict=True)):
            if place:
                cell.setAccessibleName(f"{heading}: {cell.text() if hasattr(cell, 'text') else ''}")
            self._grid.addWidget(cell, at, place, Qt.AlignmentFlag.AlignTop)
        self._lines.append(task)
        if not (line.open and may_answer):
            return
        buttons = []
        below = column(gap=8)
        for code, words, icon in PRESSES:
            button = Button(words, icon=icon, size=28)
            button.setAccessibleName(f"{words}: {line.step}")
            if code == NOT_DONE and offer is not None:
                offer(line, button, below)
            else:
                button.clicked.connect(partial(self.pressed.emit, line.row, code))
            buttons.append(button)
        self.buttons[line.row] = buttons
        holder = QWidget()
        holder.setLayout(column(flow(buttons), below, gap=8))
        grows(holder)
        self._grid.addWidget(holder, at + 1, 0, 1, len(PLAN_HEADINGS))
        self._lines[-1] = holder

    def stops(self) -> list[Button]:
        """What Tab stops at, in reading order."""
        return [button for buttons in self.buttons.values() for button in buttons]

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.update()  # the lines below the rows move with the cells
        return done

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the background of the headings, and a line below each row but the last."""
        theme = theme_of(self)
        painter = QPainter(self)
        end = max(heading.geometry().bottom() for heading in self._headings)
        painter.fillRect(QRect(0, 0, self.width(), end + 4), theme.sunken)
        for line in self._lines[:-1]:
            painter.fillRect(QRect(0, line.geometry().bottom() + 4, self.width(), 1), theme.color("line"))
        painter.end()
