"""A finished visit as a page: its text, the household's answers to its paragraphs, and who signed which version.

From this page the worker turns the screen to the household and prints their copy.

Must write only what every record page writes.
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
"""Pixels at 100 % text size: the least width for the signatures beside the visit."""
MEASURE = 1400
NOTHING_TO_READ = "Nothing was chosen to be read back. Amend the visit, and tick ‘Read back’ at a paragraph."


class VisitRecordPage(RecordPage):
    """The page of one finished visit."""

    measure = MEASURE
    route = "visit"

    def __init__(self, context: Context, record: str, question: str = "") -> None:
        """Show the visit, and open ``question``; a question for the household opens on the turned screen only."""
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
        signatures = QWidget()
        signatures.setLayout(column(self.signed, None, gap=0))
        self._area.setWidget(signatures)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = self._inside.layout()
        assert layout is not None, "the layout was set when the widget was made"
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
        """Whether the visit, a signature or a reading changed."""
        return super().cares(changes) or bool(changes.kinds & {SIGNATURE.name, READING.name})

    def refresh(self) -> None:
        """Read the visit and its signatures again."""
        super().refresh()
        views, record = self.services.signed_views, self.record
        self.context.runner.read(lambda: views.view(record), self._show_signed, context=self)

    def _show(self, view: RecordView | None) -> None:
        super()._show(view)
        record = self.services.store.get(self.record) if view is not None else None
        is_visit = record is not None and record.kind == VISIT.name and not record.withdrawn
        visit = VISIT.of(record) if record is not None and is_visit else None
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
        """Put the answers below each paragraph."""
        lists = self.view_card.findChildren(ParagraphList)
        for paragraphs in lists:
            for below in paragraphs.findChildren(AnswerBelow):
                below.hide()
                below.deleteLater()
        for paragraph, lines in self._view.answers.items():
            place = next((place for paragraphs in lists if (place := paragraphs.row_of(paragraph)) is not None), None)
            for line in lines if place is not None else ():
                below = AnswerBelow(line)
                place.put_below(below)  # type: ignore[union-attr]  # the loop has no lines if there is no place
                below.show()
        QTimer.singleShot(0, self, self._order)  # after the answers are shown

    def _order(self) -> None:
        """Order the widgets so that Tab goes from the visit to its signatures."""
        for before, after in pairwise([*stops(self.view_card)[-1:], *stops(self.signed)]):
            QWidget.setTabOrder(before, after)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        turn(self._columns, beside=self.width() >= theme_of(self).px(ROOM))
