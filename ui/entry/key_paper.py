"""Shows the recovery key in groups for writing down. Must not show it unless asked, nor keep it once it is cleared."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ui import theme
from ui.parts import label, paint

GROUPS = 8
ACROSS = 4


class KeyPaper(QWidget):
    """The recovery key in groups, four on a line, each under its number; dots while it is hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[str] = []
        self.laptop = ""
        self.showing = False
        self.title = label("Recovery key", "small_strong")
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.title, 0, 0, 1, ACROSS)
        self._labels = [label("•••••", "body_strong", ids=True) for _ in range(GROUPS)]
        for place, group in enumerate(self._labels):
            line, column = 1 + 2 * (place // ACROSS), place % ACROSS
            number = label(str(place + 1), "caption", "muted")
            number.setContentsMargins(0, 6, 0, 0)
            grid.addWidget(number, line, column)
            grid.addWidget(group, line + 1, column)
        grid.setColumnStretch(ACROSS, 1)
        self.show_groups(showing=False)

    def set_key(self, key: str, laptop: str) -> None:
        """Set the key; '' clears it."""
        self.groups = key.split("-") if key else []
        self.laptop = laptop
        self.title.setText(f"Recovery key, {laptop}")

    def show_groups(self, *, showing: bool) -> None:
        """Show the groups, or dots instead of them."""
        self.showing = showing and bool(self.groups)
        for place, group_label in enumerate(self._labels):
            words = self.groups[place] if self.showing else "•••••"
            group_label.setText(words)
            group_label.setAccessibleName(f"Group {place + 1}: {' '.join(words) if self.showing else 'hidden'}")

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.theme_of(self)
        painter = QPainter(self)
        paint.frame(painter, QRectF(self.rect()), fill=look.sunken, edge=look.line)
        painter.end()
