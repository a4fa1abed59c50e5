"""A finished visit as it reads, with what is done with it: the screen is turned to the carers, and their copy is printed.

Must not write.
"""

from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.visit import VISIT, is_read_back, was_held
from hipss_desktop.views.record import RecordView
from hipss_desktop.views.supervision import COUNTS_FOR_NOTHING, SIGN_WORDS
from ui.base.fingers import ForFingers
from ui.base.page import Context
from ui.base.shortcuts import bind
from ui.parts import Banner, Button, column, grows, label
from ui.records.controls import chain
from ui.records.record_page import RecordPage, flow

COPY = "Copy for the carers"
NOTHING_TO_READ = "Nothing was chosen to be read back. Amend the visit to choose it."


class VisitRecordPage(RecordPage):
    """The page of one finished visit."""

    def __init__(self, context: Context, record: str, question: str = "") -> None:
        super().__init__(context, record, question)
        self.turn = Button(SIGN_WORDS, icon="turn")
        self.turn.setToolTip("Alt+G")
        self.copy = Button(COPY, icon="pdf")
        self.why = label(NOTHING_TO_READ, "small", "muted", wrap=True)
        self.nobody = Banner("Nobody was in.", COUNTS_FOR_NOTHING, tone="amber", icon="info")
        self.turn.clicked.connect(self._turn)
        self.copy.clicked.connect(lambda: self.context.go("carer_copy", record=self.record))
        self.presses = flow([self.turn, self.copy, self.why])
        above = QWidget()
        above.setLayout(column(self.nobody, self.presses, gap=8, margins=(16, 10, 16, 10)))
        grows(above)
        self.above = above
        self.above.hide()
        self.view_card.put_below_head(above)
        card = self.view_card
        chain([card.printing, card.amend, self.turn, self.copy, card.area])
        bind(self, "Alt+G", self._turn)
        self._fingers = ForFingers(above)

    def _show(self, view: RecordView | None) -> None:
        super()._show(view)
        found = self.desk.store.get(self.record) if view is not None else None
        held = found is not None and found.kind == VISIT.name and not found.withdrawn
        self.above.setVisible(held)
        if found is None or not held:
            return
        visit = VISIT.of(found)
        chosen = any(is_read_back(paragraph) for paragraph in visit.note)
        self.nobody.setVisible(not was_held(visit))
        self.presses.setVisible(was_held(visit))
        self.turn.setVisible(chosen and may_write(self.desk.store.seat.role, VISIT.name))
        self.why.setVisible(not chosen)

    def _turn(self) -> None:
        if self.turn.isVisible():
            self.context.go("turn", record=self.record)
