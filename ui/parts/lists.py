"""Lists of short lines. A screen reader finds them as lists and says each line with its heading."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.base.access import spoken_as
from ui.parts import paint
from ui.parts.layout import column
from ui.theme import styled, theme_of

_INDENT = 14


class Bullet(QLabel):
    """One line of a list, with a dot before it. A long line wraps beside the dot. A screen reader says ``spoken``."""

    def __init__(self, text: str, spoken: str, style: str = "body") -> None:
        super().__init__(text)
        spoken_as(self, QAccessible.Role.ListItem, spoken)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setContentsMargins(_INDENT, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        styled(self, style)
        self._style = style

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = theme_of(self)
        painter = QPainter(self)
        place = QRectF(2, 0, _INDENT, theme.line_height(self._style))
        paint.words(painter, place, "•", self.font(), theme.muted, align=paint.LEFT)
        painter.end()


class Bullets(QWidget):
    """The lines under a heading. A screen reader says ``heading`` before each, because a line may be what not to do."""

    def __init__(self, heading: str, lines: Sequence[str], style: str = "body", *, gap: int = 0) -> None:
        super().__init__()
        spoken_as(self, QAccessible.Role.List, heading)
        self.setLayout(column(*(Bullet(line, f"{heading}: {line}", style) for line in lines), gap=gap))
