"""The list of unfinished visits and checks. Enter opens one. Must not finish or discard anything."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.kinds.carer_check import CARER_CHECK
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.views.drafts import DraftWords, read_drafts
from ui.base.kind_style import style_of
from ui.base.page import Context
from ui.parts import Card, Cell, EmptyState, ListTable, Rows

SAVED_WIDTH = 150


class VisitDrafts(QWidget):
    """The list, newest first. Signal: ``counted(int)`` with the number of drafts."""

    counted = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._drafts: list[DraftWords] = []
        self._rows = Rows(("Draft", "Saved"))
        self.table = ListTable("Drafts of visits and checks", self._rows)
        self.table.widths(0, SAVED_WIDTH)
        self.table.opened.connect(self._open)
        self.empty = EmptyState("No visit is begun", "What you type is kept here until you finish it.", icon="pen")
        self.panel = Card()
        self.panel.add_flush(self.table, 1)
        self.panel.add_flush(self.empty, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(5, 5, 5, 5)
        box.addWidget(self.panel, 1)

    def refresh(self) -> None:
        """Read and show the drafts."""
        self._context.runner.read(partial(read_drafts, self._context.services), self._show, context=self)

    def _show(self, drafts: tuple[DraftWords, ...]) -> None:
        before = self.table.currentIndex().row()
        self._drafts = [words for words in drafts if words.draft.kind in (VISIT.name, CARER_CHECK.name)]
        self._rows.set_rows(
            [
                [
                    Cell(words.name, words.missing, strong=True, icon=style_of(words.draft.kind).icon),
                    Cell(words.saved, "saved", right=True, spoken=f"saved {words.saved}"),
                ]
                for words in self._drafts
            ]
        )
        self.table.setVisible(bool(self._drafts))
        self.empty.setVisible(not self._drafts)
        if self._drafts:
            self.table.selectRow(min(max(before, 0), len(self._drafts) - 1))
        self.counted.emit(len(self._drafts))

    def _open(self, place: int) -> None:
        if 0 <= place < len(self._drafts):
            self._context.go("draft", draft=self._drafts[place].draft)
