"""Two columns that scroll as one; the right one stands below the left one where there is no room for both.

Must not know what stands in them.
"""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.parts.layout import reveal, row, turn
from ui.theme import theme_of


class SideBySide(QScrollArea):
    """The focus moves through what is inside, and the area follows it.

    Args:
        left: the column at the left.
        right: the one beside or below it.
        shares: how much of the width goes to each of the two.
        room: from this width on (pixels at 100 % text size) they stand beside each other.
        above: what goes over the whole width.
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
        QTimer.singleShot(0, self, self._follow)  # once what stands inside has its new place

    def _follow(self) -> None:
        """Keep what has the focus in sight: the window, or its text, has another size."""
        focused = self.window().focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            reveal(self, focused)
