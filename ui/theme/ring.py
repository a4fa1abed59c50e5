"""The focus ring: 2 px of ``focus_ink``, then 3 px of ``focus``, outside the focused widget.

One transparent overlay for each top-level window follows QApplication.focusChanged, scrolling and resizing, and is
clipped to scroll areas. A scroll area gets a bar of both colours down its left edge instead. The ring appears however the
widget got the focus, by mouse or keyboard. A widget may set the place of its ring with ``ring_shape() -> (QRectF, radius)``
in its own coordinates. The property ``ring`` of a widget says how it shows the focus:

- "pane": with a bar, as a scroll area does, because it is read as a whole;
- "row": an item view, whose delegate draws the ring in the current row;
- "own": the widget paints its own focus, as links do.

Must not take the mouse, the focus, or a place in the accessibility tree.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from ui.theme import Theme, theme_of, tokens
from ui.theme.sight import keep_in_sight

INNER = int(tokens()["border"]["focus_inner"])
OUTER = int(tokens()["border"]["focus_outer"])
WIDTH = INNER + OUTER


def paint_ring(painter: QPainter, rect: QRectF, radius: float, theme: Theme) -> None:
    """Draw the ring just outside ``rect``, whose corners have ``radius``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for start, width, colour in ((0, INNER, theme.focus_ink), (INNER, OUTER, theme.focus)):
        grow = start + width / 2
        pen = QPen(colour, width)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRoundedRect(rect.adjusted(-grow, -grow, grow, grow), radius + grow, radius + grow)
    painter.restore()


def paint_row_ring(painter: QPainter, rect: QRect | QRectF, theme: Theme) -> None:
    """Draw the same ring inside ``rect``, for rows of lists and tables; delegates call it last."""
    paint_ring(painter, QRectF(rect).adjusted(WIDTH, WIDTH, -WIDTH, -WIDTH), 0, theme)


def paint_bar(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Draw the mark of a pane down the left edge of ``rect``, because a ring round half a window would be too conspicuous."""
    painter.fillRect(QRectF(rect.x(), rect.y(), OUTER, rect.height()), theme.focus)
    painter.fillRect(QRectF(rect.x() + OUTER, rect.y(), INNER, rect.height()), theme.focus_ink)


def is_pane(widget: QWidget) -> bool:
    """Whether a widget is read and scrolled as a whole; it gets a bar, because so large a ring would be too conspicuous."""
    return isinstance(widget, QScrollArea) or widget.property("ring") == "pane"


def ring_shape(widget: QWidget) -> tuple[QRectF, float]:
    """The place of a widget's ring: a rectangle in its own coordinates and the radius of its corners."""
    own = getattr(widget, "ring_shape", None)
    if own is not None:
        rect, radius = own()
        return QRectF(rect), float(radius)
    return QRectF(widget.rect()), float(tokens()["radius"]["control"])


class RingOverlay(QWidget):
    """Paints the ring round one widget of its window, or no ring."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("focus-ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self.hide()

    def target(self) -> QWidget | None:
        """The widget with the ring, None if there is none."""
        return self._target

    def follow(self, widget: QWidget | None) -> None:
        """Put the ring round ``widget`` and follow its moves; None removes the ring."""
        for watched in self._watched:
            if isValid(watched):
                watched.removeEventFilter(self)
        if self._target is not None and isValid(self._target):
            self._target.destroyed.disconnect(self._forget)
        self._watched = []
        self._target = widget
        if widget is not None:
            widget.destroyed.connect(self._forget)
            ancestor: QWidget | None = widget
            while ancestor is not None:
                self._watched.append(ancestor)
                ancestor.installEventFilter(self)
                ancestor = None if ancestor is self.window() else ancestor.parentWidget()
        self.place()

    def _forget(self, gone: QObject) -> None:
        self._watched = []
        self._target = None
        self.hide()

    def place(self) -> None:
        """Move the overlay to the present place of its target, or hide it if there is nothing to show."""
        target = self._target
        if target is None or not isValid(target) or not target.isVisible() or not wants_ring(target):
            self.hide()
            return
        rect, _ = ring_shape(target)
        corner = target.mapTo(self.window(), QPoint(0, 0))
        area = rect.toAlignedRect().translated(corner).adjusted(-WIDTH, -WIDTH, WIDTH, WIDTH)
        seen = area & self._visible_area(target)
        self.setVisible(not seen.isEmpty())
        self.setGeometry(seen)
        self.raise_()
        self.update()

    def _visible_area(self, target: QWidget) -> QRect:
        """The part of the window that scroll areas round ``target`` leave visible."""
        seen = self.window().rect()
        ancestor = target.parentWidget()
        while ancestor is not None and ancestor is not self.window():
            above = ancestor.parentWidget()
            if isinstance(above, QAbstractScrollArea) and above.viewport() is ancestor:
                seen &= QRect(ancestor.mapTo(self.window(), QPoint(0, 0)), ancestor.size())
            ancestor = above
        return seen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _MOVING:
            self.place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        target = self._target
        if target is None or not isValid(target):
            return
        rect, radius = ring_shape(target)
        offset = target.mapTo(self.window(), QPoint(0, 0)) - self.pos()
        painter = QPainter(self)
        if isinstance(target, QScrollArea):
            paint_bar(painter, rect.translated(offset), theme_of(target))
        elif is_pane(target):  # outside the pane, because its left edge may have the colour of a risk
            paint_bar(painter, rect.translated(offset).adjusted(-WIDTH, 0, 0, 0), theme_of(target))
        else:
            paint_ring(painter, rect.translated(offset), radius, theme_of(target))
        painter.end()


_MOVING = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.ChildAdded,
    QEvent.Type.StyleChange,
}


def wants_ring(widget: QWidget) -> bool:
    """Whether the overlay draws the ring of ``widget``, instead of the widget or its delegate."""
    own = str(widget.property("ring") or "")
    if own == "row" and isinstance(widget, QAbstractItemView):
        return not widget.currentIndex().isValid()
    return own != "own"


def overlay_of(window: QWidget) -> RingOverlay:
    """Return the overlay of a top-level window, and make it if there is none."""
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    overlay = window.findChild(RingOverlay, "focus-ring", direct)
    return overlay if isinstance(overlay, RingOverlay) else RingOverlay(window)


def pin(widget: QWidget) -> RingOverlay:
    """Draw a ring round ``widget`` whether it has the focus or not, to show this state in the gallery."""
    overlay = RingOverlay(widget.window())
    overlay.setObjectName("pinned-ring")
    overlay.follow(widget)
    return overlay


def refresh(widget: QWidget) -> None:
    """Place the ring again after ``widget`` changed its ring shape (another tab, another row)."""
    for overlay in widget.window().findChildren(RingOverlay):
        if overlay.target() is widget:
            overlay.place()


def bring_into_sight(widget: QWidget) -> None:
    """Scroll every scroll area round ``widget`` so that it is visible with its ring.

    Qt does this only if Tab was pressed inside the area. For a list only the current row is shown, because
    all of a long list would displace what the user reads.
    """
    row = widget.visualRect(widget.currentIndex()) if isinstance(widget, QAbstractItemView) else QRect()
    ancestor = widget.parentWidget()
    while ancestor is not None:
        inside = ancestor.widget() if isinstance(ancestor, QScrollArea) else None
        if isinstance(ancestor, QScrollArea) and inside is not None:
            if isinstance(widget, QAbstractItemView) and row.isValid():
                top = widget.viewport().mapTo(inside, row.topLeft()).y()
                ancestor.ensureVisible(0, top + row.height() + WIDTH, 0, 0)
                ancestor.ensureVisible(0, max(top - WIDTH, 0), 0, 0)
            elif widget.height() + 2 * WIDTH <= ancestor.viewport().height():
                keep_in_sight(ancestor, widget, room=WIDTH)
        ancestor = ancestor.parentWidget()


class FocusRing(QObject):
    """Keeps the ring on the focused widget of every window, and keeps that widget visible."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._last: RingOverlay | None = None
        app.focusChanged.connect(self._moved)

    def _moved(self, old: QWidget | None, new: QWidget | None) -> None:
        last = self._last
        if last is not None and isValid(last):
            last.follow(None)
        self._last = None
        if new is None or new.window().windowType() == Qt.WindowType.Popup:
            return
        if QApplication.mouseButtons() == Qt.MouseButton.NoButton:  # do not scroll under a pressed mouse button
            bring_into_sight(new)
        self._last = overlay_of(new.window())
        self._last.follow(new)


def install(app: QApplication) -> FocusRing:
    """Start drawing focus rings; calling it again returns the same object."""
    ring = app.findChild(FocusRing)
    return ring if isinstance(ring, FocusRing) else FocusRing(app)
