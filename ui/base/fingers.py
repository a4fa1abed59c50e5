"""Makes everything that is pressed or typed into on a page at least ``FINGER`` pixels high, for fingers.

It is for pages that are used on a touch screen while somebody looks on. Widgets that are made later also become high enough.
Must not know what a page shows.
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
    """Makes every control in a part of a page high enough for a finger.

    Args:
        part: the part; new widgets are found whenever the part, or a scroll area in it, is laid out again.
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
        """Make new controls high enough. Watch the contents of scroll areas too, because the areas do not report their layout."""
        for area in self._part.findChildren(QScrollArea):
            inside = area.widget()
            if inside is not None and inside not in self._watched:
                self._watched.add(inside)
                inside.installEventFilter(self)
        for hit in HIT:
            for widget in self._part.findChildren(hit):
                if widget.property("fingers") is None:
                    set_state(widget, "fingers", "true")
                    if not isinstance(widget, QLineEdit):  # the style sheet sets the height of a line edit
                        widget.setMinimumHeight(FINGER)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QShowEvent):
            self.fit()
        elif event.type() == QEvent.Type.LayoutRequest:
            self._soon.start()  # once for several layout requests
        return super().eventFilter(watched, event)
