"""The clocks about a child on the child's page: who must be told, by when, and a link to the record of each.

They are read in the background with the page, and again each minute while the page is visible. Must not write, nor announce a
clock.
"""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from hipss_desktop.views.incidents import ChildClock, due_now_words
from ui.base.page import MINUTE, Page
from ui.parts import Card, Cell, EmptyState, Rows, Table, TagButton, TagSpec, column, tone_named

WHO = "Who must be told"


class DueTag(TagButton):
    """A button with the number of clocks about the child that are due now; it opens their tab."""

    def __init__(self) -> None:
        super().__init__("", icon="clock", size=28)
        self.setToolTip(WHO)

    def show_clocks(self, clocks: tuple[ChildClock, ...]) -> None:
        """Show how many clocks are due now, in red if one is late."""
        self.tone = "risk" if any(clock.row.tone == "risk" for clock in clocks) else "amber"
        self.setText(due_now_words(len(clocks)))
        self.updateGeometry()


class ClocksTab(QWidget):
    """The running clocks about a child; Enter opens the record of a clock, at the row that it is about.

    Signals:
        counted(): the clocks were read and have changed.
    """

    counted = Signal()

    def __init__(self, page: Page, child: str) -> None:
        super().__init__(page)
        self._page, self._child = page, child
        self.shown: tuple[ChildClock, ...] = ()
        self._model = Rows(("Who", "Due", "Ring"))
        self.table = Table(WHO, self._model, height="row_two_line", stretch=0)
        self.table.by_content(1, 2)
        self.table.opened.connect(self._open)
        self.empty = EmptyState(
            "Nobody has to be told of anything about this child now",
            "What must be told to whom follows from incidents, restraints and missing episodes.",
            icon="clock",
            framed=True,
        )
        self._frame = Card()
        self._frame.add_flush(self.table, 1)
        self._frame.hide()
        self.setLayout(column(self._frame, self.empty, margins=(5, 5, 5, 5)))
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE)
        self._minute.timeout.connect(self.refresh)
        self._minute.start()

    @property
    def due_now(self) -> tuple[ChildClock, ...]:
        """The clocks of which somebody must be told now."""
        return tuple(clock for clock in self.shown if clock.row.group == "due_now")

    @property
    def words(self) -> str:
        """The title of the tab, with the number of clocks."""
        return f"{WHO} {len(self.shown)}" if self.shown else WHO

    def refresh(self) -> None:
        """Read the clocks again, unless the page is hidden."""
        if self._page.isVisible():
            views, child = self._page.services.incident_views, self._child
            self._page.context.runner.read(lambda: views.about(child), self._show, context=self)

    def _show(self, clocks: tuple[ChildClock, ...]) -> None:
        if clocks == self.shown:
            return
        selected_row = self.table.currentIndex().row()
        chosen = self.shown[selected_row] if 0 <= selected_row < len(self.shown) else None
        self.shown = clocks
        several = len({clock.record for clock in clocks}) > 1
        self._model.set_rows([_cells(clock, titled=several) for clock in clocks])
        if chosen is not None and clocks:
            known = [(clock.record, clock.row.key) for clock in clocks]
            chosen_key = (chosen.record, chosen.row.key)
            self.table.selectRow(known.index(chosen_key) if chosen_key in known else min(selected_row, len(clocks) - 1))
        self._frame.setVisible(bool(clocks))
        self.empty.setVisible(not clocks)
        self.table.fit_rows()
        self.counted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.fit_rows()

    def _open(self, place: int) -> None:
        clock = self.shown[place]
        self._page.context.open(clock.record, clock.kind, at=clock.row.key)


def _cells(clock: ChildClock, *, titled: bool) -> list[Cell]:
    """The cells of a clock's row; ``titled`` adds which record it belongs to."""
    shown = clock.row
    tags: tuple[TagSpec, ...] = ()
    if shown.tone:
        tags = (TagSpec("clock", shown.due, tone_named(shown.tone)),)
    elif shown.group == "to_decide":
        tags = (TagSpec("help", shown.due),)
    words = shown.due or "Not running yet"
    spoken = ", ".join(filter(None, (words, shown.time_left)))
    due = Cell("" if tags else words, shown.time_left, strong=True, tags=tags, spoken=spoken)
    about = ". ".join(part.rstrip(".") for part in (shown.about, clock.title if titled else "") if part)
    ring = Cell(shown.ring.number, shown.ring.label, strong=True) if shown.ring is not None else Cell()
    return [Cell(shown.who, about, strong=True, wrap=True, second_wraps=True), due, ring]
