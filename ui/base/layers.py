"""What lies over the window, one thing at a time, and the parts of the window that F6 goes round.

A layer keeps the focus until it closes and gives it back to where it was. Must not know what is inside a layer or a part.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.base.access import spoken_as
from ui.base.focus import focus, stops
from ui.theme import theme_of, tokens


def paint_scrim(over: QWidget) -> None:
    """Darkens what lies under a layer; for its ``paintEvent``."""
    theme = theme_of(over)
    scrim = theme.scrim
    scrim.setAlphaF(tokens()["color"][theme.name]["scrim_alpha"])
    painter = QPainter(over)
    painter.fillRect(over.rect(), scrim)
    painter.end()


class Layer(QWidget):
    """Something over the whole window: a scrim, and a panel in the middle that keeps the focus until it closes.

    Esc or a click beside the panel closes it, which hides it; ``Layers`` sees that.
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
        """Goes away."""
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
        # every other key stops here: what lies underneath hears nothing

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_layer()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_scrim(self)


class Layers(QObject):
    """The one layer of a window. A layer that hides itself is closed, and is gone for good."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._before: QWidget | None = None
        self.top: QWidget | None = None

    def show(self, make: Callable[[], QWidget]) -> None:
        """Close the layer on top and put the one that ``make`` returns in its place; it shows itself and takes the focus."""
        self.close()
        self._before = self._window.focusWidget()
        self.top = make()
        self.top.installEventFilter(self)

    def close(self) -> None:
        """Close the layer on top, if there is one; the focus goes back to where it was."""
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
    """F6 and Shift+F6: from part to part, each time to where the focus last was in it."""

    def __init__(self, parts: Callable[[], Sequence[QWidget | None]], parent: QWidget) -> None:
        """``parts`` gives the parts of now in their order; one inside another comes after it."""
        super().__init__(parent)
        self._parts, self._window = parts, parent
        self._last: dict[QWidget, QWidget] = {}

    def forget(self) -> None:
        """Another page is there: the focus begins anew in each part."""
        self._last.clear()

    def move(self, step: int) -> None:
        """Goes to the next part (1) or the previous one (-1)."""
        parts = [widget for widget in self._parts() if widget is not None and widget.isVisible() and stops(widget)]
        now = self._window.focusWidget()
        inside = [place for place, widget in enumerate(parts) if now is not None and widget.isAncestorOf(now)]
        here = inside[-1] if inside else -1
        if inside and now is not None:
            self._last[parts[here]] = now
        part = parts[(here + step) % len(parts)]
        if not focus(self._last.get(part)):
            focus(stops(part)[0])
