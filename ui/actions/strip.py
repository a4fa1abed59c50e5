"""The buttons for the current row of a list of actions, below the list; Space on a row ticks it.

A pressed row stays in its place until the focus leaves the list. A second Space on it undoes the first. Must not know how the
list shows its rows.
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from hipss_desktop.views.actions import ActionView
from ui.actions.presses import Presses
from ui.actions.verbs import ActionVerbs
from ui.base.page import Context
from ui.parts import Rule, Table, column, grows, reveal_inside


class ActionStrip(QWidget):
    """The strip below a table of actions; ``record_at`` returns the record of a row.

    Signals:
        left(): the focus has left the list, so pressed rows may move to their own places.
    """

    left = Signal()

    def __init__(self, context: Context, table: Table, record_at: Callable[[int], str]) -> None:
        super().__init__()
        self.context, self.table, self._record_at = context, table, record_at
        self.presses = Presses(context, self)
        self.verbs = ActionVerbs(context, self.presses)
        self._ticks = ""
        self._read_number = 0
        inside = QVBoxLayout()
        inside.setContentsMargins(16, 8, 16, 10)
        inside.addWidget(self.verbs)
        self.setLayout(column(Rule(), inside, gap=0))
        grows(self)
        self.hide()
        table.row_changed.connect(lambda _: self.read())
        table.key_pressed.connect(self._key)
        self.verbs.left.connect(lambda: table.setFocus(Qt.FocusReason.OtherFocusReason))
        self.verbs.asked.connect(self._show_with_its_row)
        self.presses.changed.connect(self.read)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def stops(self) -> list[QWidget]:
        """The buttons at which Tab stops, in reading order."""
        return [*self.verbs.buttons.values(), self.verbs.log]

    def read(self) -> None:
        """Read off this thread what may be done with the current row."""
        record = self._current()
        if record != self.verbs.asked_about() and self.is_asking():
            return  # the row has disappeared, but the user is typing an answer about it
        self._read_number += 1
        read_number, views = self._read_number, self.context.services.action_views

        def show(view: ActionView | None) -> None:
            if read_number == self._read_number:
                self._show(view)

        if record:
            self.context.runner.read(lambda: views.view(record), show, context=self)
        else:
            self._show(None)

    def tick(self, row: int) -> None:
        """Close the action of a row, or undo the press on it here."""
        record = self._record_at(row)
        if self.table.currentIndex().row() != row:
            self.table.selectRow(row)
        view = self.verbs.view
        if self.presses.is_pressed(record):
            self.presses.take_back(record, view.title if view is not None and view.record == record else "Action")
        elif view is not None and view.record == record:
            self.verbs.tick()
        elif self._ticks == record:
            self._ticks = ""
        else:
            self._ticks = record
            self.read()

    def _show_with_its_row(self, question: object) -> None:
        """Scroll so that the question and its row are both visible."""
        if not isinstance(question, QWidget):
            return

        def above() -> int:
            row, shown = self.table.visualRect(self.table.currentIndex()), self.table.viewport()
            return question.mapTo(self.window(), QPoint()).y() - shown.mapTo(self.window(), row.topLeft()).y()

        reveal_inside(question, above=above)

    def _current(self) -> str:
        row = self.table.currentIndex().row()
        return self._record_at(row) if 0 <= row < self.table.model().rowCount() else ""

    def _show(self, view: ActionView | None) -> None:
        self.verbs.show_action(view)
        self.setVisible(view is not None)
        ticks, self._ticks = self._ticks, ""
        if view is not None and view.record == ticks:
            self.verbs.tick()

    def _key(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            event.accept()
            if not event.isAutoRepeat() and self._current():
                self.tick(self.table.currentIndex().row())

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is None or not self._holds(old) or self._holds(new):
            return
        if self.presses.forget():
            self.left.emit()

    def is_asking(self) -> bool:
        """Whether the focus is in an open question."""
        question, now = self.verbs.question, self.window().focusWidget()
        return question is not None and now is not None and question.isAncestorOf(now)

    def _holds(self, widget: QWidget | None) -> bool:
        return widget is not None and any(part is widget or part.isAncestorOf(widget) for part in (self.table, self))
