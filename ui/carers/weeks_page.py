"""The page of a placement's weeks: chart and table, what they mean, how that is worked out, and support offered since.

The strip on a child's page and the card on a household's page open it. Must not work anything out, nor write.
"""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.support_offer import SUPPORT_OFFER
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.strain import HEADINGS, HOW, StrainView, table
from ui.base.focus import holds_focus
from ui.base.page import Context, Page
from ui.carers.calls_each_week import TITLE, draw
from ui.parts import (
    Button,
    Card,
    Cell,
    EmptyState,
    Heading,
    LinkButton,
    Rows,
    SideBySide,
    Table,
    TitleLine,
    column,
    emptied,
    grows,
    label,
    row,
)
from ui.parts.weeks_chart import WeeksChart
from ui.records.record_page import flow, tag_of

ROOM = 820
"""The width in pixels (at 100 % text size) from which the weeks are beside their explanation."""


class WeeksPage(Page):
    """The page of one child or household."""

    changes_by_itself = True  # the present week changes without a write

    def __init__(self, context: Context, record: str) -> None:
        super().__init__(context)
        self.record = record
        self._view: StrainView | None = None
        self.title = Heading(TITLE, 1)
        self._named = flow([self.title])
        self._line = TitleLine(self._named)
        self.plan = Button("Plan a support visit", icon="plus")
        self.plan.clicked.connect(self._plan)
        self._head = row(self._line, self.plan, gap=12, margins=(20, 0, 20, 0))
        self._head.setStretch(0, 1)
        self._sentence = label("", "body_strong", wrap=True)
        self._why = label("", "body", wrap=True)
        self.chart = WeeksChart()
        self._model = Rows(HEADINGS)
        self.table = Table(TITLE, self._model, height="row_compact", stretch=0)
        self.table.by_content(1, 2, 3, 4)
        self._weeks = Card("Weeks")
        self._weeks.add(self._sentence, self._why, self.chart)
        self._weeks.add_flush(self.table)
        self._offers = QWidget()
        self._offers.setLayout(column(gap=6))
        grows(self._offers)
        offered = Card("Offered since this placement began")
        offered.add(self._offers)
        how = Card("How this is worked out")
        how.add(*(label(words, "body", wrap=True) for words in HOW))
        left, right = QWidget(), QWidget()
        left.setLayout(column(self._weeks, None))
        right.setLayout(column(offered, how, None, gap=16))
        self.parts = SideBySide(left, right, shares=(6, 5), room=ROOM)
        self.parts.setAccessibleName(TITLE)
        self.gone = EmptyState(
            "This child or household is not on this laptop", "The record may come with the next sync.", icon="inbox"
        )
        self.gone.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 16, 0, 0)
        box.setSpacing(12)
        box.addLayout(self._head)
        box.addWidget(self.parts, 1)
        box.addWidget(self.gone, 1)

    def cares(self, changes: ChangeSet) -> bool:
        """Whether any record changed: any may count, and a placement changes the weeks."""
        return bool(changes.records)

    def refresh(self) -> None:
        """Read the weeks again."""
        views, record = self.services.strain_views, self.record
        self.context.runner.read(lambda: views.view(record), self._show, context=self)

    def first_focus(self) -> QWidget | None:
        """The button to plan a support visit, if this person may; else the table of the weeks."""
        return self.table if self.plan.isHidden() else self.plan

    def _show(self, view: StrainView | None) -> None:
        self.parts.setVisible(view is not None)
        self.gone.setVisible(view is None)
        may = may_write(self.services.store.seat.role, SUPPORT_OFFER.name)
        self.plan.setVisible(view is not None and view.strain is not None and may)
        if view is None or view == self._view:
            return
        self._view = view
        self.title = Heading(f"{TITLE}: {view.name}", 1)
        named = flow([self.title, *([tag_of(view.tag.words, view.tag.tone, view.tag.icon)] if view.tag else [])])
        self._line.put(named)
        self._head.setStretch(0, 1)
        self._named.hide()
        self._named.deleteLater()
        self._named = named
        self._sentence.setText(view.sentence)
        self._why.setText(view.why)
        self._why.setVisible(bool(view.why))
        for part in (self.chart, self.table):
            part.setVisible(view.strain is not None)
        if view.strain is not None:
            draw(self.chart, view.strain, view.spoken)
            selected_row = max(self.table.currentIndex().row(), 0)
            self._model.set_rows([_cells(week) for week in table(view.strain)])
            self._fit()
            if holds_focus(self.table):
                self.table.selectRow(min(selected_row, self._model.rowCount() - 1))
        self._show_offers(view)

    def _show_offers(self, view: StrainView) -> None:
        box = self._offers.layout()
        assert box is not None
        emptied(box)
        for offer in view.offers:
            link = LinkButton(f"{offer.title}, {offer.words}")
            link.clicked.connect(lambda _=False, record=offer.record: self.context.open(record, SUPPORT_OFFER.name))
            box.addWidget(link)
        if not view.offers:
            box.addWidget(label("Nothing yet.", "small", "muted"))

    def _fit(self) -> None:
        """Make the table high enough for all weeks, because only the page scrolls."""
        self.table.setFixedHeight(self.table.height_for_rows(self._model.rowCount()) + 2)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_model"):
            self._fit()

    def _plan(self) -> None:
        if self._view is not None:
            self.context.new(SUPPORT_OFFER.name, **self._view.offer)


def _cells(week: tuple[str, ...]) -> tuple[Cell, ...]:
    """The cells of a week: numbers at the right, and a note, in amber if the week is above usual."""
    when, contacts, incidents, weight, note = week
    numbers = (Cell(number, right=True) for number in (contacts, incidents, weight))
    return (Cell(when), *numbers, Cell(note, tone="amber" if note == "Above usual" else "muted"))
