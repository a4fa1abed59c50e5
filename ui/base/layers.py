"""Layers over the window, one at a time, and the cycle of F6 through the parts of the window.

A layer has the focus until it closes, and then returns it. Must not know the contents of a layer or a part.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.base.access import spoken_as
from ui.base.focus import focus, stops
from ui.theme import theme_of, tokens


def paint_scrim(over: QWidget) -> None:
    """Darken the window under a layer; for the layer's ``paintEvent``."""
    theme = theme_of(over)
    scrim = theme.scrim
    scrim.setAlphaF(tokens()["color"][theme.name]["scrim_alpha"])
    painter = QPainter(over)
    painter.fillRect(over.rect(), scrim)
    painter.end()


class Layer(QWidget):
    """A layer over the whole window: a dark scrim, and a panel in the middle that has the focus until it closes.

    Esc or a click beside the panel hides the layer; ``Layers`` then removes it.
    """

    closed = Signal()

    def __init__(self, window: QWidget, panel: QWidget, name: str) -> None:
        super().__init__(window)
        spoken_as(self, QAccessible.Role.Dialog, name)
        self.panel = panel
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 24)
        box.addWidget(panel, 1, Qt.AlignmentFlag.AlignHCenter)
        window.installEventFilter(self)
        self.setGeometry(window.rect())

    def close_layer(self) -> None:
        """Hide the layer and send ``closed``."""
        self.hide()
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        inside = stops(self)
        now = self.focusWidget()
        place = inside.index(now) if now in inside else -1
        if inside:
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            inside[(place + (1 if forward else -1)) % len(inside)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_layer()
        # ignore every other key, so that the page below does not get it

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_layer()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_scrim(self)


class Layers(QObject):
    """The one layer of a window. A layer that hides itself is deleted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._before: QWidget | None = None
        self.top: QWidget | None = None

    def show(self, make: Callable[[], QWidget]) -> None:
        """Close the present layer and show the one that ``make`` returns, which shows itself and takes the focus."""
        self.close()
        self._before = self._window.focusWidget()
        self.top = make()
        self.top.installEventFilter(self)

    def close(self) -> None:
        """Close the present layer, if there is one, and return the focus."""
        layer, self.top = self.top, None
        if layer is None:
            return
        layer.removeEventFilter(self)
        layer.hide()
        layer.deleteLater()
        focus(self._before)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.top and event.type() == QEvent.Type.Hide and self._window.isVisible():
            self.close()
        return False


class PaneCycle(QObject):
    """F6 and Shift+F6: they move between parts of the window, to the widget that last had the focus in each."""

    def __init__(self, parts: Callable[[], Sequence[QWidget | None]], parent: QWidget) -> None:
        """``parts`` returns the present parts in order; a part inside another comes after it."""
        super().__init__(parent)
        self._parts, self._window = parts, parent
        self._last: dict[QWidget, QWidget] = {}

    def forget(self) -> None:
        """Forget the last focus in each part, because another page is open."""
        self._last.clear()

    def move(self, step: int) -> None:
        """Focus the next part (1) or the previous one (-1)."""
        parts = [widget for widget in self._parts() if widget is not None and widget.isVisible() and stops(widget)]
        now = self._window.focusWidget()
        inside = [place for place, widget in enumerate(parts) if now is not None and widget.isAncestorOf(now)]
        focused_place = inside[-1] if inside else -1
        if inside and now is not None:
            self._last[parts[focused_place]] = now
        part = parts[(focused_place + step) % len(parts)]
        if not focus(self._last.get(part)):
            focus(stops(part)[0])
