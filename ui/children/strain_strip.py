"""The strip above a child's timeline while the placement is under strain: chart, sentence, and a button for a support visit.

It is hidden while the placement is not under strain. Must not work anything out, nor write.
"""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.support_offer import SUPPORT_OFFER
from hipss_desktop.views.strain import StrainView
from ui.base.page import Context
from ui.carers.calls_each_week import WEEKS, draw
from ui.parts import Button, Card, LinkButton, column, emptied, grows, label, row
from ui.parts.weeks_chart import WeeksChart
from ui.records.record_page import flow, tag_of
from ui.theme import theme_of

PLAN = "Plan a support visit"
HOW = "How this is worked out"
WITH_CHART = 760
"""The width in pixels (at 100 % text size) from which the chart is beside the words."""
CHART = 300
"""The chart's width in pixels at 100 % text size."""


class StrainStrip(Card):
    """The strip; its page shows it while ``speaks`` is set."""

    def __init__(self, context: Context) -> None:
        super().__init__(pad=12)
        self._context = context
        self._view: StrainView | None = None
        self.speaks = False
        self.chart = WeeksChart()
        self.head = QWidget()
        self._why = label("", "small", "muted", wrap=True)
        self._offers = QWidget()
        self._offers.setLayout(column(gap=2))
        self.plan = Button(PLAN, icon="plus", size=36)
        self.plan.clicked.connect(self._plan)
        if not may_write(context.services.store.seat.role, SUPPORT_OFFER.name):
            self.plan.hide()
        self.how = LinkButton(HOW)
        self.how.clicked.connect(self.explain)
        self._words = column(self.head, self._why, self._offers, gap=4)
        self._words.addStretch(1)
        words = QWidget()
        words.setLayout(self._words)
        grows(words)
        self._line = row(self.chart, words, column(self.plan, self.how, None, gap=8), gap=20)
        self._line.setStretch(1, 1)
        holder = QWidget()
        holder.setLayout(self._line)
        self.add(holder)
        self.hide()

    def show_strain(self, view: StrainView | None) -> None:
        """Show the strain of a placement and set ``speaks`` if it is under strain; the focus stays where it is."""
        if view == self._view:
            return
        self._view, self.speaks = view, view is not None and view.tag is not None
        if view is None or view.strain is None or view.tag is None:
            return
        draw(self.chart, view.strain, view.spoken)
        fresh = flow([tag_of(view.tag.words, view.tag.tone, view.tag.icon), label(view.sentence, "body_strong")])
        self._words.replaceWidget(self.head, fresh)
        self.head.hide()
        self.head.deleteLater()
        self.head = fresh
        self._why.setText(view.why)
        box = self._offers.layout()
        assert box is not None
        emptied(box)
        for offer in view.offers[:1]:
            link = LinkButton(f"{offer.title}, {offer.words}")
            link.clicked.connect(lambda _=False, record=offer.record: self._context.open(record, SUPPORT_OFFER.name))
            box.addWidget(link)
        self._offers.setVisible(bool(view.offers))

    def _fit(self) -> None:
        theme = theme_of(self)
        self.chart.setVisible(self.width() >= theme.px(WITH_CHART))
        self.chart.setFixedWidth(theme.px(CHART))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _plan(self) -> None:
        if self._view is not None:
            self._context.new(SUPPORT_OFFER.name, **self._view.offer)

    def explain(self) -> None:
        """Open the page with the weeks as a table and how strain is worked out."""
        if self._view is not None:
            self._context.go(WEEKS, record=self._view.person)
