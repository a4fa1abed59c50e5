"""The page of a training session: who came at the left, and the record at the right, or below in a narrow window.

One press each marks who came. Must write nothing else except what every record's page writes.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.session import SessionView
from ui.base.focus import tab_in_reading_order
from ui.base.page import Context
from ui.parts import column, row, turn
from ui.records.record_page import RecordPage, Scroller
from ui.theme import theme_of
from ui.training.session_card import SessionCard

ROOM = 900
"""The width in pixels (at 100 % text size) from which the record is beside who came."""
MEASURE = 1400


class SessionPage(RecordPage):
    """The page of one session."""

    measure = MEASURE
    route = "training_session"
    changes_by_itself = True  # once it has begun, who came can be marked

    def __init__(self, context: Context, record: str, question: str = "") -> None:
        super().__init__(context, record, question)
        self.who = SessionCard()
        self.who.marked.connect(self._mark)
        self.who.holding.connect(self._hold)
        self.who.signing_in.connect(lambda: context.go("sign_in_sheet", record=record))
        self.who.certifying.connect(lambda row_id: context.go("certificate", record=record, row=row_id))
        self.area = Scroller("Who came")
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        held = QWidget()
        held.setLayout(column(self.who, None, gap=0))
        self.area.setWidget(held)
        layout = self._inside.layout()
        assert layout is not None, "the layout was set when the widget was made"
        layout.removeWidget(self.view_card)
        across = QWidget()
        self._columns = row(self.area, self.view_card, gap=16)
        self._columns.setStretch(0, 5)
        self._columns.setStretch(1, 4)
        across.setLayout(self._columns)
        layout.addWidget(across)
        self.who.arranged.connect(self._order_soon)
        self.view_card.shown.connect(lambda _: self._order_soon())

    def cares(self, changes: ChangeSet) -> bool:
        """Whether a change may alter the page: the session, or the names of households."""
        return super().cares(changes) or CARER.name in changes.kinds

    def refresh(self) -> None:
        """Read the session again."""
        super().refresh()
        views, record = self.services.training.sessions, self.record
        self.context.runner.read(lambda: views.view(record), self._show_session, context=self)

    def first_focus(self) -> QWidget | None:
        """The first carer's tick if it can be pressed, else the button that shows each person."""
        ticks = [tick for tick in self.who.ticks.values() if tick.isEnabled()]
        return next(iter(ticks), self.who.turn_over)

    def _show_session(self, view: SessionView | None) -> None:
        self.area.setVisible(view is not None)
        if view is not None:
            self.who.show_view(view)

    def _order_soon(self) -> None:
        """Set the Tab order to the reading order, after new widgets are visible."""
        QTimer.singleShot(0, self, lambda: tab_in_reading_order(self))

    def _mark(self, row_id: str, came: bool) -> None:
        services, record = self.services, self.record
        self._write(
            lambda: services.training.attendance.mark(record, row_id, came=came), partial(self.who.untick, row_id)
        )

    def _hold(self) -> None:
        services, record = self.services, self.record
        self._write(lambda: services.training.attendance.hold(record), lambda: None)

    def _write(self, work: Callable[[], object], refused: Callable[[], None]) -> None:
        """Write what was pressed; if that fails, say why and restore the page."""
        say = self.context.say

        def failed(error: HipssError) -> None:
            refused()
            say(str(error))

        self.context.runner.write(work, lambda _: self.refresh(), context=self, failed=failed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        turn(self._columns, beside=self.width() >= theme_of(self).px(ROOM))
