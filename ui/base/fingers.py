"""Controls that fingers hit: whatever is pressed or typed into on a page is at least ``FINGER`` pixels high.

For pages that are used on a touch screen with somebody looking on. Parts that are made later are made high too. Must not know
what a page shows.
"""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)

from ui.theme import set_state

FINGER = 44
"""Pixels, whatever the text size: a finger does not grow with the letters."""
HIT = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit)


class ForFingers(QObject):
    """Has everything in a part of a page that is hit be high enough for a finger.

    Args:
        part: the part; what comes into it later is looked at whenever it, or what scrolls in it, is laid out anew.
    """

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self._part = part
        self._watched: set[QWidget] = {part}
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.fit)
        part.installEventFilter(self)
        self.fit()

    def fit(self) -> None:
        """Make high what is not yet. What scrolls is laid out without a word to what it scrolls in."""
        for area in self._part.findChildren(QScrollArea):
            inside = area.widget()
            if inside is not None and inside not in self._watched:
                self._watched.add(inside)
                inside.installEventFilter(self)
        for hit in HIT:
            for widget in self._part.findChildren(hit):
                if widget.property("fingers") is None:
                    set_state(widget, "fingers", "true")
                    if not isinstance(widget, QLineEdit):  # the style sheet says how high a line is
                        widget.setMinimumHeight(FINGER)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QShowEvent):
            self.fit()
        elif event.type() == QEvent.Type.LayoutRequest:
            self._soon.start()  # once for all that is laid out in one go
        return super().eventFilter(watched, event)
