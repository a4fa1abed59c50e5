"""The list of actions, with the buttons of the current row below it. A row that was pressed stays in its place.

A button shows how many records wait to be signed or read, and opens them. Must not load more rows than the user scrolls to.
"""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hipss_desktop.kinds.action import ACTION, DONE, OPEN
from ui import theme
from ui.actions.below import Below
from ui.actions.presses import in_place, struck
from ui.actions.strip import ActionStrip
from ui.base.page import Context
from ui.parts import LinkButton
from ui.records.list_page import ListPage
from ui.records.listing import ALL, ListRow
from ui.records.listings_by_hand import closed_here


class ActionsPage(ListPage):
    """The page with the list of actions."""

    def __init__(self, context: Context) -> None:
        self._as_read: dict[str, ListRow] = {}
        super().__init__(context, ACTION.name)
        self.strip = ActionStrip(context, self.table, lambda place: self.model.rows[place].record)
        self.frame.add_flush(Below(self.strip))
        self.strip.presses.changed.connect(self.refresh)
        self.strip.left.connect(self.refresh)
        theme.signals.theme_changed.connect(self._keep_a_row)
        self._keep_a_row()
        self._count_what_waits()

    def _lay_out(self) -> QVBoxLayout:
        self.countersign = LinkButton("Countersign")
        self.countersign.clicked.connect(lambda: self.context.go("countersign"))
        box = super()._lay_out()
        first = box.itemAt(0)
        head = first.layout() if first is not None else None
        assert isinstance(head, QHBoxLayout), "the title stands in a row"
        head.addWidget(self.countersign)
        QWidget.setTabOrder(self.new, self.countersign)
        return box

    def refresh(self) -> None:
        """Read the list again, and the number of records that wait to be signed."""
        super().refresh()
        self._count_what_waits()

    def _count_what_waits(self) -> None:
        views = self.services.countersigning_views

        def show(count: int) -> None:
            self.countersign.setText(f"Countersign {count}" if count else "Countersign")

        self.context.runner.read(views.waiting_count, show, context=self)

    def _keep_a_row(self) -> None:
        """Leave room for one row, even if the question below needs much room, so that the focused row is visible."""
        self.table.setMinimumHeight(self.table.height_for_rows(1) + 2 * self.table.frameWidth())

    def _show(self, rows: list[ListRow], ended: bool, count: int, counts: str) -> None:
        presses = self.strip.presses
        before = [self._as_read.get(row.record, row) for row in self.model.rows]
        self._as_read = {row.record: row for row in (*before, *rows)}
        super()._show(struck(in_place(before, rows, presses), presses, closed_here), ended, count, counts)
        if self._choice() not in (ALL, OPEN, DONE) and not ended:
            self.count.setText("")  # the store can count only by stage
        self.strip.read()
