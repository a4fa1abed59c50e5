"""Shows the chosen record of a list beside the list, if the window is wide enough. Arrow keys in the list choose another.

Must not know the kind of the list: it shows the record that it is given.
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
"""Pixels at 100 % text size: the least width for a list and its record side by side."""


class ListPane(RecordCard):
    """The pane beside a list. After an amendment the window returns to ``back_to``, the route of the list.

    Signals:
        left(): Esc was pressed in the pane.
    """

    left = Signal()

    def __init__(self, context: Context, back_to: str) -> None:
        super().__init__(context, back=lambda: {"route": back_to})
        self._wanted_record = ""
        self.hide()

    def beside(self, shown: QWidget) -> QHBoxLayout:
        """A line with the list and the pane to its right."""
        line = row(shown, self, gap=16)
        line.setStretch(0, 6)
        line.setStretch(1, 5)
        return line

    def fit(self, page: QWidget, *, rows: bool) -> None:
        """Show the pane where the page has room for it and the list has rows."""
        self.setVisible(rows and page.width() >= theme_of(page).px(BESIDE))

    def follow(self, record: str) -> None:
        """Show the record that is chosen in the list, '' for none."""
        self._wanted_record = record
        if not record:
            self.show_view(None)
            return
        views = self.context.services.record_views

        def done(view: RecordView | None) -> None:
            if self._wanted_record == record:
                self.show_view(view)

        self.context.runner.read(lambda: views.view(record), done, context=self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.asks():
            self.left.emit()
            return
        super().keyPressEvent(event)
