"""A list with cards beside it that scroll as one; the cards stand below the list where there is no room.

Must not know what is listed.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.theme import theme_of

ROOM = 860
"""From this width on (pixels at 100 % text size) the cards stand beside the list."""


class SideBySide(QScrollArea):
    """``above`` goes over the whole width; the focus moves through what is inside, and the area follows it."""

    def __init__(self, above: QWidget, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._columns.addWidget(left, 822)
        self._columns.addWidget(right, 296)
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(20, 0, 20, 16)
        inner.setSpacing(12)
        inner.addWidget(above)
        inner.addLayout(self._columns, 1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions, beside = QBoxLayout.Direction, self.width() >= theme_of(self).px(ROOM)
        self._columns.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
