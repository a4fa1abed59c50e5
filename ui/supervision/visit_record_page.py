"""A finished visit as a page: what it says, what was said to its paragraphs, and who signed which version of it.

From here the screen is turned to the household, and their copy is printed.

Must not write but what every record's page does.
"""

from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from hipss_desktop.kinds.reading import READING
from hipss_desktop.kinds.signature import SIGNATURE
from hipss_desktop.kinds.visit import VISIT, is_read_back, was_held
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.services.questions import parted
from hipss_desktop.services.reading_back import READ_BACK, SIGN
from hipss_desktop.views.record import RecordView
from hipss_desktop.views.signed import SignedView
from hipss_desktop.views.supervision import COUNTS_FOR_NOTHING
from ui.base.fingers import ForFingers
from ui.base.focus import stops
from ui.base.page import Context
from ui.base.shortcuts import bind
from ui.parts import Banner, column, grows, label, row, turn
from ui.records.paragraph_list import ParagraphList
from ui.records.record_page import RecordPage
from ui.supervision.signed_card import AnswerBelow, SignedCard
from ui.theme import theme_of

ROOM = 860
"""Pixels at 100 % text size from which the signatures stand beside the visit."""
MEASURE = 1400
NOTHING_TO_READ = "Nothing was chosen to be read back. Amend the visit to choose it."


class VisitRecordPage(RecordPage):
    """The page of one finished visit."""

    measure = MEASURE
    route = "visit"

    def __init__(self, context: Context, record: str, question: str = "") -> None:
        """``question`` is left alone where the household answers it: that is carried on by turning the screen."""
        super().__init__(context, record, "" if parted(question)[0] in (READ_BACK, SIGN) else question)
        self.signed = SignedCard()
        self.signed.turning.connect(lambda: context.go("turn", record=record))
        self.signed.copying.connect(lambda: context.go("carer_copy", record=record))
        self.signed.opened.connect(lambda signature: context.open(signature, SIGNATURE.name))
        self.why = label(NOTHING_TO_READ, "small", "muted", wrap=True)
        self.nobody = Banner("Nobody was in.", COUNTS_FOR_NOTHING, tone="amber", icon="info")
        above = QWidget()
        above.setLayout(column(self.nobody, self.why, gap=8, margins=(16, 10, 16, 10)))
        grows(above)
        self.above = above
        self.above.hide()
        self.view_card.put_below_head(above)
        bind(self, "Alt+G", self._turn)
        self._area = QScrollArea()
        held = QWidget()
        held.setLayout(column(self.signed, None, gap=0))
        self._area.setWidget(held)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = self._inside.layout()
        assert layout is not None, "it has one from the beginning"
        layout.removeWidget(self.view_card)
        across = QWidget()
        self._columns = row(self.view_card, self._area, gap=16)
        self._columns.setStretch(0, 5)
        self._columns.setStretch(1, 3)
        across.setLayout(self._columns)
        layout.addWidget(across)
        self._fingers = ForFingers(self.signed)
        self._view = SignedView()
        self._copies = False
        self._below: list[AnswerBelow] = []
        self.view_card.shown.connect(lambda _: self._show_answers())

    def cares(self, changes: ChangeSet) -> bool:
        """The visit, and what is signed and said to it."""
        return super().cares(changes) or bool(changes.kinds & {SIGNATURE.name, READING.name})

    def refresh(self) -> None:
        """Read the visit and its signatures again."""
        super().refresh()
        views, record = self.services.signed_views, self.record
        self.context.runner.read(lambda: views.view(record), self._show_signed, context=self)

    def _show(self, view: RecordView | None) -> None:
        super()._show(view)
        found = self.services.store.get(self.record) if view is not None else None
        stands = found is not None and found.kind == VISIT.name and not found.withdrawn
        visit = VISIT.of(found) if found is not None and stands else None
        held = visit is not None and was_held(visit)
        chosen = visit is not None and any(is_read_back(paragraph) for paragraph in visit.note)
        self.nobody.setVisible(visit is not None and not held)
        self.why.setVisible(held and not chosen)
        self.above.setVisible(not self.nobody.isHidden() or not self.why.isHidden())
        self._copies = held
        self.signed.copy_button.setVisible(held)

    def _turn(self) -> None:
        if self.signed.turn.isVisible():
            self.context.go("turn", record=self.record)

    def _show_signed(self, view: SignedView) -> None:
        self._view = view
        self.signed.show_view(view)
        self.signed.copy_button.setVisible(self._copies)
        self._show_answers()

    def _show_answers(self) -> None:
        """Put what was said below each paragraph."""
        shown = self.view_card.findChildren(ParagraphList)
        for paragraphs in shown:
            for below in paragraphs.findChildren(AnswerBelow):
                below.hide()
                below.deleteLater()
        for paragraph, lines in self._view.answers.items():
            place = next((found for listed in shown if (found := listed.row_of(paragraph)) is not None), None)
            for line in lines if place is not None else ():
                below = AnswerBelow(line)
                place.put_below(below)  # type: ignore[union-attr]  # there is a place where there are lines
                below.show()
        QTimer.singleShot(0, self, self._order)  # once what was put there shows

    def _order(self) -> None:
        """Have Tab come from the visit to its signatures."""
        for before, after in pairwise([*stops(self.view_card)[-1:], *stops(self.signed)]):
            QWidget.setTabOrder(before, after)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        turn(self._columns, beside=self.width() >= theme_of(self).px(ROOM))
