"""The lines about unfinished records of others, over a person's timeline; they cannot be opened here.

Must not show words of a draft: other laptops do not send them.
"""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.views.unfinished import UnfinishedLine
from ui.parts import IconLabel, grows

MOST = 3
"""The most lines that are shown; the rest are counted."""


class UnfinishedLines(QWidget):
    """The lines, the oldest first; hidden if there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[UnfinishedLine, ...] = ()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(16, 8, 16, 8)
        self._box.setSpacing(4)
        grows(self)
        self.hide()

    def show_lines(self, lines: Sequence[UnfinishedLine]) -> None:
        """Show the lines of unfinished records."""
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        while (item := self._box.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for line in lines[:MOST]:
            words = ". ".join(part for part in (line.words, line.seen) if part)
            self._add("pen", words, "amber_ink" if line.old else "ink")
        if len(lines) > MOST:
            self._add("more", f"{len(lines) - MOST} more not finished", "muted")
        self.setVisible(bool(lines))

    def _add(self, icon: str, words: str, tone: str) -> None:
        shown = IconLabel(icon, words, "small", tone)
        shown.setWordWrap(True)
        self._box.addWidget(shown)
