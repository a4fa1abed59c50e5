"""Shows one line about what was just done, over the foot or the top of the page.

The line moves nothing, and covers no control if there is room. The words belong to the page on which they are shown. They
disappear with that page, at the next edit on it, and when an error summary appears there. The link to undo disappears after ten
seconds, and the words stay. Must not decide what the words are.
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
"""Pixels between the words and the sides of the page, and between the words and its foot or top."""
_LAID_OUT = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Move, QEvent.Type.Resize)
"""The events that a widget gets when others appear, disappear or scroll."""
_CHANGING = (
    *(QKeySequence.StandardKey.Backspace, QKeySequence.StandardKey.Delete),
    *(QKeySequence.StandardKey.Paste, QKeySequence.StandardKey.Cut, QKeySequence.StandardKey.Undo),
)
"""Keys that change a text without typing a letter."""


class Feedback(QObject):
    """The words over a stack of pages.

    Signals:
        focus_left(): the words disappeared while they had the focus, and the widget that had it before is gone.
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
        # A question that opens takes the focus. The timer waits for the question's layout, then the words move off it.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._place_again)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._place_soon)
        stack.installEventFilter(self)

    def say(self, words: str) -> None:
        """Show words that need no answer, and have a screen reader say them."""
        self._show(words, "info")

    @Slot(object)
    def broke(self, error: object) -> None:
        """Say why background work failed. If the program is at fault, log the type of the error and nothing else."""
        if isinstance(error, HipssError):
            self.say(str(error))
            return
        log.error("background work ended with %s", type(error).__name__)
        self.say("Something went wrong and was not done. What was saved is safe. Try again.")

    def done(self, words: str, undo: Callable[[], None] | None = None) -> None:
        """Confirm what was done, and have a screen reader say it. While the page shows problems, there is no tick."""
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
        """Hide the words. If they had the focus, it goes back to the widget that had it before."""
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
        """Hide the words when a draft is saved again, because they are out of date."""
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
        """Put the words at the foot of the page, or at its top, where they cover no control.

        The words do not move while they cover no control. If every place covers a control, the words go where they do not cover
        the widget with the focus.
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
        """The widgets of the present page that people press or type into, without lists and scroll areas, which scroll."""
        page = self._stack.currentWidget()
        reached = stops(page) if page is not None else []
        return [widget for widget in reached if not isinstance(widget, QAbstractItemView | QScrollArea)]

    def _rect_of(self, widget: QWidget) -> QRect:
        """The part of a widget that is scrolled into sight, as a rectangle of the window."""
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
