"""One scroll area for a page of panels, so that no panel has a scroll bar of its own.

The two columns are side by side if there is room, else below each other. Must not know what the panels show.
"""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.on_call.children import ChildrenBoard
from ui.on_call.panels import Panel
from ui.parts import Table, turn
from ui.theme import theme_of

SIDE_BY_SIDE = 900
"""From this width on (pixels at 100% text size) the two columns are side by side."""


class OneScroll(QScrollArea):
    """A scroll area that follows the focus: to a child's card, and to the current row of a panel's table."""

    def __init__(self, board: ChildrenBoard, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self._first: QWidget | None = None
        self._inside = QWidget()
        self.inner = QVBoxLayout(self._inside)
        self.inner.setContentsMargins(20, 0, 20, 16)
        self.inner.setSpacing(16)
        self.columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.columns.setSpacing(16)
        self.columns.addWidget(left, 702)
        self.columns.addWidget(right, 424)
        self.inner.addWidget(board)
        self.inner.addLayout(self.columns, 1)
        self.setWidgetResizable(True)
        self.setWidget(self._inside)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the widgets inside take the focus, and the area follows
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        board.focused.connect(lambda card: self.ensureWidgetVisible(card, 8, 8))

    def follow(self, panels: Iterable[Panel]) -> None:
        """Keep the current row of each panel's table visible while the table has the focus."""
        for panel in panels:
            panel.table.row_changed.connect(partial(self._show_row, panel.table))

    def begin_with(self, first: QWidget) -> None:
        """Scroll to the top when ``first``, a widget above the area, gets the focus, so that the next widgets are visible."""
        self._first = first
        first.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._first and isinstance(event, QFocusEvent) and event.gotFocus():
            if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
                self.verticalScrollBar().setValue(0)
            return False
        return super().eventFilter(watched, event)

    def fit(self, width: int) -> None:
        """Arrange the columns for a page width in pixels."""
        turn(self.columns, beside=width >= theme_of(self).px(SIDE_BY_SIDE))

    def _show_row(self, table: Table, place: int) -> None:
        if table.hasFocus():
            row = table.visualRect(table.model().index(place, 0))
            middle = table.viewport().mapTo(self._inside, QPoint(0, row.center().y()))
            self.ensureVisible(0, middle.y(), 0, row.height())
