"""What the window says of what was just done: one line over the foot of the page, which moves nothing and covers no control.

The words belong to the page on which they are said. They go with that page, at the next edit on it, and when an error
summary shows there. Undo is offered for ten seconds, then only its link goes. Must not decide what is said.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QScrollArea, QStackedWidget, QWidget

from hipss_desktop import times
from hipss_desktop.errors import HipssError
from hipss_desktop.services.ports import ChangeSet
from ui import theme
from ui.base.focus import focus, holds_focus, stops
from ui.parts import ErrorSummary, Toast

log = logging.getLogger(__name__)
UNDO = timedelta(seconds=10)
SIDE, BELOW = 20, 12
"""Pixels between the words and the edges of the page."""
_LAID_OUT = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Move, QEvent.Type.Resize)
"""What comes to a widget when others appear, go or scroll."""
_CHANGING = (
    *(QKeySequence.StandardKey.Backspace, QKeySequence.StandardKey.Delete),
    *(QKeySequence.StandardKey.Paste, QKeySequence.StandardKey.Cut, QKeySequence.StandardKey.Undo),
)
"""Keys that change a text without typing a letter."""


class Feedback(QObject):
    """The words over a stack of pages.

    Signals:
        focus_left(): the words went with the focus on them, and nothing that had it before is there.
    """

    focus_left = Signal()

    def __init__(self, stack: QStackedWidget, clock: times.Clock) -> None:
        super().__init__(stack)
        self._stack, self._clock = stack, clock
        self.toast = Toast(stack.window())
        self._undo: Callable[[], None] | None = None
        self._undo_ends: datetime | None = None
        self._before: QWidget | None = None
        self._placed = False
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._look_at_the_clock)
        self.toast.undone.connect(self._take_back)
        self.toast.closed.connect(self.hide)
        theme.signals.theme_changed.connect(self._place)
        # A question that opens takes the focus; its layout is measured by the time the timer comes.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._place_again)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._place_soon)
        stack.installEventFilter(self)

    def say(self, words: str) -> None:
        """Show words that need no answer, and have them spoken."""
        self._show(words, "info")

    @Slot(object)
    def broke(self, error: object) -> None:
        """Say why background work ended; of a mistake of the program its type alone is logged."""
        if isinstance(error, HipssError):
            self.say(str(error))
            return
        log.error("background work ended with %s", type(error).__name__)
        self.say("Something went wrong and was not done. What was saved is safe. Try again.")

    def done(self, words: str, undo: Callable[[], None] | None = None) -> None:
        """Confirm what was done, and have it spoken; no tick stands over a problem."""
        page = self._stack.currentWidget()
        problems = page.findChildren(ErrorSummary) if page is not None else []
        self._show(words, "info" if any(summary.isVisible() for summary in problems) else "check", undo)

    def _show(self, words: str, icon: str, undo: Callable[[], None] | None = None) -> None:
        self._undo = undo
        self._undo_ends = self._clock() + UNDO if undo is not None else None
        now = self._stack.window().focusWidget()
        if now is not None and not self.toast.isAncestorOf(now):
            self._before = now
        self.toast.say(words, icon=icon, can_undo=undo is not None)
        self._placed = False
        self._place()
        self._place_soon()
        self.toast.raise_()
        self._second.start()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    @Slot()
    def hide(self) -> None:
        """Take the words away; the focus goes back where it was, if it was on them."""
        self._second.stop()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        had_focus = self.toast.isAncestorOf(self._stack.window().focusWidget() or self._stack)
        self.toast.hide()
        if had_focus and not focus(self._before):
            self.focus_left.emit()
        self._undo = self._undo_ends = self._before = None

    @Slot(object)
    def saved(self, changes: ChangeSet) -> None:
        """Take the words away once a draft on the page is saved again: they are past."""
        if changes.drafts:
            self.hide()

    @Slot()
    def _look_at_the_clock(self) -> None:
        if self._undo_ends is not None and self._clock() >= self._undo_ends:
            self._undo = self._undo_ends = None
            if holds_focus(self.toast.undo_link) and not focus(self._before):
                self.focus_left.emit()
            self.toast.undo_link.hide()
            self._place()

    @Slot()
    def _take_back(self) -> None:
        self._look_at_the_clock()
        undo = self._undo
        self.hide()
        if undo is not None:
            undo()

    @Slot()
    def _place(self) -> None:
        """Stand at the foot of the page, as wide as the words need and the page gives, where they cover no control.

        They stay where they are while nothing lies below them; where no place is free, the focus alone stays uncovered.
        """
        room = self._stack.geometry()
        width = min(self.toast.sizeHint().width(), room.width() - 2 * SIDE)
        height = max(self.toast.heightForWidth(width), self.toast.minimumSizeHint().height())
        left, right = room.x() + SIDE, room.right() - SIDE - width
        foot, top = room.bottom() - BELOW - height, room.y() + BELOW
        places = [QRect(x, y, width, height) for y in (foot, top) for x in (left, right)]
        now = self.toast.geometry()
        if self._placed and now in places:
            places = [now, *(place for place in places if place != now)]
        self._placed = True
        controls = self._controls()
        focused = [self._rect_of(widget) for widget in (self._stack.window().focusWidget(),) if widget in controls]
        covered = [self._rect_of(control) for control in controls]
        free = next((place for place in places if not any(place.intersects(rect) for rect in covered)), None)
        bare = next((place for place in places if not any(place.intersects(rect) for rect in focused)), places[0])
        self.toast.setGeometry(free or bare)

    def _controls(self) -> list[QWidget]:
        """What of the page of now is pressed or typed into; lists and scroll areas give way by scrolling."""
        page = self._stack.currentWidget()
        reached = stops(page) if page is not None else []
        return [widget for widget in reached if not isinstance(widget, QAbstractItemView | QScrollArea)]

    def _rect_of(self, widget: QWidget) -> QRect:
        """Where a widget stands in the window, as far as it is scrolled into sight."""
        window = self._stack.window()
        rect, holder = QRect(widget.mapTo(window, QPoint()), widget.size()), widget.parentWidget()
        while holder is not None and holder is not window:
            rect &= QRect(holder.mapTo(window, QPoint()), holder.size())
            holder = holder.parentWidget()
        return rect

    @Slot()
    def _place_soon(self) -> None:
        if self.toast.isVisible():
            self._soon.start(0)

    @Slot()
    def _place_again(self) -> None:
        if self.toast.isVisible():
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._stack:
            if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.toast.isVisible():
                self._place()
        elif self.toast.isVisible() and isinstance(watched, QWidget):
            if self._is_edit(watched, event):
                self.hide()
            elif event.type() in _LAID_OUT and self._stack.isAncestorOf(watched):
                self._place_soon()
        return False

    def _is_edit(self, watched: QWidget, event: QEvent) -> bool:
        """Whether an event begins an edit on the page, or shows what is wrong there."""
        page = self._stack.currentWidget()
        if page is None or not page.isAncestorOf(watched):
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            changes = event.text().isprintable() and event.text() != ""
            return watched.hasFocus() and (changes or any(event.matches(key) for key in _CHANGING))
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            return isinstance(watched, QAbstractButton) and watched.isCheckable()
        return isinstance(watched, ErrorSummary) and isinstance(event, QShowEvent)
