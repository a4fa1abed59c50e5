"""The buttons of an action that is shown as a record beside a list, as in a child's timeline.

They are below the record's head, and hidden if the record is not an action. Must not show the record itself.
"""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.kinds.action import ACTION
from hipss_desktop.views.actions import ActionView
from hipss_desktop.views.record import RecordView
from ui.actions.below import Below
from ui.actions.presses import Presses
from ui.actions.verbs import ActionVerbs, in_order
from ui.base.focus import stops
from ui.base.page import Context
from ui.parts import Rule, Tag, column, grows
from ui.records.record_page import RecordCard, flow


class ActionBeside(QWidget):
    """How late an action is, whom to ring, and the buttons of its page, in the card that shows its record.

    Signals:
        left(): a question was closed or answered and its button is gone, so the record must take the focus.
        offered(): the buttons changed.
    """

    left = Signal()
    offered = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._record = ""
        self._read_number = 0
        self._gives_way = False
        self.presses = Presses(context, self)
        self.verbs = ActionVerbs(context, self.presses)
        self.verbs.left.connect(self.left)
        self._late = QVBoxLayout()
        inside = column(self._late, self.verbs, gap=8, margins=(16, 8, 16, 10))
        self.setLayout(column(inside, Rule(), gap=0))
        grows(self)
        self.hide()

    def follow(self, view: RecordView | None) -> None:
        """Find, on another thread, what may be done with the shown record; hide the buttons if it is not an action."""
        self._record = view.record if view is not None and view.kind == ACTION.name else ""
        self._read_number += 1
        read_number, views, record = self._read_number, self._context.services.action_views, self._record

        def show(action: ActionView | None) -> None:
            if read_number == self._read_number:
                self._show(action)

        if record:
            self._context.runner.read(lambda: views.view(record), show, context=self)
        else:
            self._show(None)

    def _show(self, action: ActionView | None) -> None:
        while (item := self._late.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if tags := list(_late_tags(action)):
            self._late.addWidget(flow(tags))
        self.verbs.show_action(action)
        self._fit()
        self.offered.emit()

    def give_way(self, *, yes: bool) -> None:
        """Hide the buttons while the card itself asks a question."""
        if yes != self._gives_way:
            self._gives_way = yes
            self._fit()

    def _fit(self) -> None:
        self.setVisible(self.verbs.view is not None and not self._gives_way)


def _late_tags(action: ActionView | None) -> Iterator[Tag]:
    if action is not None and action.overdue:
        yield Tag("clock", action.overdue, "amber")


def with_verbs(card: RecordCard, context: Context) -> ActionBeside:
    """Add the buttons of an action to a card that shows records; return them."""
    beside = ActionBeside(context)
    card.put_below_head(Below(beside))
    card.shown.connect(beside.follow)
    beside.left.connect(card.focus_record)
    beside.offered.connect(lambda: in_order([card.printing, card.amend, *stops(beside), card.area]))
    return beside
