"""The list of actions: what can be pressed on the current row stands below it, and what was pressed stays in its place.

Must not hold more rows than were looked at.
"""

from hipss_desktop.kinds.action import ACTION
from ui.actions.presses import in_place
from ui.actions.strip import ActionStrip
from ui.base.page import Context
from ui.records.list_page import ListPage
from ui.records.listing import ListRow
from ui.records.listings_by_hand import MINE, closed_here


class ActionsPage(ListPage):
    """The list of actions."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, ACTION.name)
        self.strip = ActionStrip(context, self.table, lambda place: self.model.rows[place].record)
        self.frame.add_flush(self.strip)
        self.strip.presses.changed.connect(self.refresh)
        self.strip.left.connect(self.refresh)

    def _show(self, rows: list[ListRow], ended: bool, count: int) -> None:
        super()._show(in_place(self.model.rows, rows, self.strip.presses, closed_here), ended, count)
        if self._choice() == MINE and not ended:
            self.count.setText("")  # the store counts by stage alone
        self.strip.read()
