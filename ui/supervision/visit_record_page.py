"""A finished visit as a page: what it says, what was said to its paragraphs, and who signed which version of it.

Must not write but what every record's page does.
"""

from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from hipss_desktop.kinds.reading import READING
from hipss_desktop.kinds.signature import SIGNATURE
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.services.questions import parted
from hipss_desktop.services.reading_back import READ_BACK, SIGN
from hipss_desktop.views.signed import SignedView
from ui.base.focus import stops
from ui.base.page import Context
from ui.parts import column, row, turn
from ui.records.paragraph_list import ParagraphList
from ui.records.record_page import RecordPage
from ui.supervision.signed_card import AnswerBelow, SignedCard
from ui.theme import theme_of

ROOM = 860
"""Pixels at 100 % text size from which the signatures stand beside the visit."""
MEASURE = 1400


class VisitRecordPage(RecordPage):
    """The page of one finished visit."""

    measure = MEASURE

    def __init__(self, context: Context, record: str, question: str = "") -> None:
        """``question`` is left alone where the household answers it: that is carried on by turning the screen."""
        super().__init__(context, record, "" if parted(question)[0] in (READ_BACK, SIGN) else question)
        self.signed = SignedCard()
        self.signed.turning.connect(lambda: context.go("turn", record=record))
        self.signed.copying.connect(lambda: context.go("carers_copy", record=record))
        self.signed.opened.connect(lambda signature: context.open(signature, SIGNATURE.name))
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
        self._view = SignedView()
        self._below: list[AnswerBelow] = []
        self.view_card.shown.connect(lambda _: self._show_answers())

    def cares(self, changes: ChangeSet) -> bool:
        """The visit, and what is signed and said to it."""
        return super().cares(changes) or bool(changes.kinds & {SIGNATURE.name, READING.name})

    def refresh(self) -> None:
        """Read the visit and its signatures again."""
        super().refresh()
        views, record = self.desk.signed_views, self.record
        self.context.runner.read(lambda: views.view(record), self._show_signed, context=self)

    def _show_signed(self, view: SignedView) -> None:
        self._view = view
        self.signed.show_view(view)
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
