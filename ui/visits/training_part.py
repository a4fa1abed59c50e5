"""The part of a visit about training: sessions that the carers came to, hours and what is due, above the written text.

The lines come from the present sessions and are not saved in the visit. Must not save anything.
"""

from PySide6.QtWidgets import QWidget

from hipss_desktop.views.supervision import VisitView
from hipss_desktop.views.training import NOBODY_CAME, HouseholdTraining
from ui.parts import column, grows, label
from ui.records.record_page import flow, tag_of
from ui.visits.part_card import PartCard


class TrainingPart(PartCard):
    """The lines, and the sections below them."""

    def lay_out(self) -> None:
        self._shown: HouseholdTraining | None = None
        self.lines = QWidget()
        self._box = column(gap=4)
        self.lines.setLayout(self._box)
        grows(self.lines)
        super().lay_out()
        self.add(self.lines)

    def show_view(self, view: VisitView) -> None:
        """Show the present lines; do nothing if they are unchanged."""
        training = view.training
        if training == self._shown:
            return
        self._shown = training
        while (item := self._box.itemAt(0)) is not None and (line := item.widget()) is not None:
            self._box.removeWidget(line)
            line.hide()
            line.deleteLater()
        for words in (*training.hours, *(f"{session.title} · {session.words}" for session in training.sessions)):
            self._box.addWidget(label(words, "small", wrap=True))
        if not training.sessions:
            self._box.addWidget(label(NOBODY_CAME, "small", "muted", wrap=True))
        for due in training.due:
            tag = [tag_of(due.tag.words, due.tag.tone, due.tag.icon)] if due.tag else []
            day = [label(f"by {due.day}", "small", "muted")] if due.day else []
            self._box.addWidget(flow([label(due.title, "small_strong"), *day, *tag]))
