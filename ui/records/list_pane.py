"""The record on which a list stands, beside the list where the window is wide enough. Arrows in the list move it along.

Must not know what the list is of: it shows whatever record it is told.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hipss_desktop.views.record import RecordView
from ui.base.page import Context
from ui.parts import row
from ui.records.record_page import RecordCard
from ui.theme import theme_of

BESIDE = 1400
"""Pixels at 100 % text size from which a page shows list and record beside each other."""


class ListPane(RecordCard):
    """The pane. ``left()`` when Esc is pressed in it; ``back_to`` is the route of the list, to which an amendment returns."""

    left = Signal()

    def __init__(self, context: Context, back_to: str) -> None:
        super().__init__(context, back=lambda: {"route": back_to})
        self._wanted = ""
        self.hide()

    def beside(self, shown: QWidget) -> QHBoxLayout:
        """The list and the pane at its right."""
        line = row(shown, self, gap=16)
        line.setStretch(0, 6)
        line.setStretch(1, 5)
        return line

    def fit(self, page: QWidget, *, rows: bool) -> None:
        """Show the pane where the page has room for it and the list has rows."""
        self.setVisible(rows and page.width() >= theme_of(page).px(BESIDE))

    def follow(self, record: str) -> None:
        """Show the record on which the list stands now, '' for none."""
        self._wanted = record
        if not record:
            self.show_view(None)
            return
        views = self.context.services.record_views

        def done(view: RecordView | None) -> None:
            if self._wanted == record:
                self.show_view(view)

        self.context.runner.read(lambda: views.view(record), done, context=self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.asks():
            self.left.emit()
            return
        super().keyPressEvent(event)
