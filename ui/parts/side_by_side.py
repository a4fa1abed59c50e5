"""Two columns that scroll as one; the right one is below the left one if there is no room for both.

Must not know their contents.
"""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.parts.layout import reveal, row, turn
from ui.theme import theme_of


class SideBySide(QScrollArea):
    """The scroll area of the two columns; it follows the focus inside.

    Args:
        left: the column at the left.
        right: the column beside or below it.
        shares: the shares of the two columns in the width.
        room: from this width on (pixels at 100 % text size) they are side by side.
        above: a widget over the whole width.
    """

    def __init__(
        self, left: QWidget, right: QWidget, *, shares: tuple[int, int], room: int, above: QWidget | None = None
    ) -> None:
        super().__init__()
        self._room = room
        self._columns = row(left, right, gap=16)
        for place, share in enumerate(shares):
            self._columns.setStretch(place, share)
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(20, 0, 20, 16)
        inner.setSpacing(12)
        if above is not None:
            inner.addWidget(above)
        inner.addLayout(self._columns, 1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        turn(self._columns, beside=self.width() >= theme_of(self).px(self._room))
        QTimer.singleShot(0, self, self._follow)  # after the widgets inside have moved

    def _follow(self) -> None:
        """Keep the focused widget visible after the window or its text changed size."""
        focused = self.window().focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            reveal(self, focused)
