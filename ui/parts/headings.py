"""Labels that a screen reader finds as headings; Qt has no heading widget."""

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QWidget

from ui.base.access import spoken_as
from ui.theme import styled


class Heading(QLabel):
    """A heading: ``level`` 1 is the page's title (style 'title'), 2 a section's ('heading')."""

    def __init__(self, text: str, level: int = 2, *, style: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        spoken_as(self, QAccessible.Role.Heading)
        self.level = level
        self.setProperty("heading", level)
        styled(self, style or ("title" if level == 1 else "heading"))
