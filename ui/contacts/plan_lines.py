"""The lines of the safety plan to pick for the advice. None is picked at first.

Up and Down move, Space picks several, Enter adds the picked lines, or the focused line if none is picked, and Esc closes.
Must not write the advice itself: the form does.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from hipss_desktop.services.calls import PlanLine
from ui.parts import Button, CheckBox, TextButton, column, label, paint, row
from ui.theme import theme_of

STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class _Line(CheckBox):
    """A line that can be picked. Signal: ``moved(step)`` on Up and Down."""

    moved = Signal(int)

    def __init__(self, line: PlanLine) -> None:
        super().__init__(line.offered)
        self.line = line

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in STEPS:
            self.moved.emit(STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class PlanLines(QFrame):
    """The list, below the advice.

    Signals:
        picked(list[PlanLine]): the lines to add to the advice, in the order of the plan.
        closed(): the user closed the list.
    """

    picked = Signal(object)
    closed = Signal()

    def __init__(self, after: QWidget) -> None:
        """``after`` is the widget before the list in the Tab order."""
        super().__init__()
        self._after = after
        self.setAccessibleName("From the safety plan")
        self.boxes: list[_Line] = []
        self._inside = QVBoxLayout()
        self._inside.setSpacing(2)
        self.add = Button("Add to the advice", icon="plus", size=28)
        self.add.clicked.connect(self._add)
        self.shut = TextButton("Close", size=28)
        self.shut.clicked.connect(self.closed)
        hint = label("Space picks, Enter adds, Esc closes", "small", "muted")
        self.setLayout(column(self._inside, row(self.add, self.shut, hint, None), gap=8, margins=(16, 8, 12, 8)))
        self.hide()

    def open(self, lines: Sequence[PlanLine]) -> None:
        """Show lines under their headings, none of them picked, and focus the first."""
        while (item := self._inside.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.boxes = []
        heading = ""
        before = self._after
        for line in lines:
            if line.heading != heading:
                heading = line.heading
                self._inside.addWidget(label(heading, "small_strong", "muted"))
            box = _Line(line)
            box.moved.connect(self._move)
            self._inside.addWidget(box)
            QWidget.setTabOrder(before, box)
            self.boxes.append(box)
            before = box
        self.show()
        self._go(0)

    def _focused_place(self) -> int:
        return next((place for place, box in enumerate(self.boxes) if box.hasFocus()), 0)

    def _move(self, step: int) -> None:
        self._go((self._focused_place() + step) % len(self.boxes))

    def _go(self, place: int) -> None:
        """Focus a line, and make it the only one that Tab reaches."""
        for box in self.boxes:
            box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.boxes[place].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.boxes[place].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _add(self) -> None:
        ticked = [box.line for box in self.boxes if box.isChecked()]
        self.picked.emit(ticked or [self.boxes[self._focused_place()].line])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if not event.isAutoRepeat():
                self._add()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        paint.frame(painter, QRectF(self.rect()), fill=theme.sunken, edge=theme.line)
        painter.end()
