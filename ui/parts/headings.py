"""Labels that a screen reader finds as headings; Qt has no heading widget."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.base.access import spoken_as
from ui.parts.layout import grows
from ui.theme import styled, theme_of


class Heading(QLabel):
    """A heading: ``level`` 1 is the page's title (style 'title'), 2 a section's ('heading')."""

    def __init__(self, text: str, level: int = 2, *, style: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        spoken_as(self, QAccessible.Role.Heading)
        self.level = level
        self.setProperty("heading", level)
        styled(self, style or ("title" if level == 1 else "heading"))


class TitleLine(QWidget):
    """Places a page's title at the same height with and without a button beside it."""

    def __init__(self, title: QWidget) -> None:
        super().__init__()
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        self._box = QVBoxLayout(self)
        self._title = title
        self._box.addWidget(title)
        self.fit()
        grows(self)

    def put(self, title: QWidget) -> None:
        """Replace the title."""
        self._box.replaceWidget(self._title, title)
        self._title = title

    def fit(self) -> None:
        """Set the space above and below the title for the present text size."""
        theme = theme_of(self)
        room = max((theme.size("control") - theme.line_height("title")) // 2, 0)
        self._box.setContentsMargins(0, room, 0, room)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_box"):
            self.fit()
