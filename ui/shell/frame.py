"""The parts around every page: the rail of places, the top bar with search, sync pill and lock, and the action bar.

The window tells these parts what to show. They send a signal when the user asks for something. Must not open pages or read
the store.
"""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.services.ports import Disk
from hipss_desktop.views.clock_apart import WHAT_TO_DO
from hipss_desktop.views.disk import DISK_WORDS
from ui.base.announce import announce
from ui.parts import (
    Banner,
    Brand,
    Button,
    ElidedLabel,
    IconLabel,
    Pressable,
    RailItem,
    Rule,
    SyncPill,
    SyncState,
    TagSpec,
    TextButton,
    label,
    paint,
    row,
)
from ui.parts.timer import in_words
from ui.theme import icons, set_state, theme_of


class Rail(QWidget):
    """The column of places to open, with the name of the signed-in user at its foot.

    Signals: ``chosen(place)``, ``help_asked()``, ``theme_asked()``.
    """

    chosen = Signal(str)
    help_asked = Signal()
    theme_asked = Signal()

    def __init__(self, name: str, places: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """``name`` is the signed-in user; ``places`` are the route, icon and label of each item, in their order."""
        super().__init__(parent)
        set_state(self, "surface", "rail")
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        self.setAccessibleName("Places")
        self.items: dict[str, RailItem] = {}
        holder = QWidget()
        holder.setAccessibleName("Places")
        column = QVBoxLayout(holder)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(2)
        for place, icon, words in places:
            item = RailItem(icon, words)
            item.clicked.connect(lambda _=False, place=place: self.chosen.emit(place))
            column.addWidget(item)
            self.items[place] = item
        self.help_button = TextButton("Need help now?", icon="help", size=28, tone="ink")
        self.help_button.clicked.connect(self.help_asked)
        self.who = ElidedLabel(name, "small_strong")
        self.role = label("", "small", "muted", wrap=True)
        self.theme_button = TextButton("Night theme", icon="moon", size=28, tone="ink")
        self.theme_button.clicked.connect(self.theme_asked)
        foot = QVBoxLayout()
        foot.setContentsMargins(0, 12, 8, 8)
        foot.setSpacing(0)
        foot.addLayout(row(IconLabel("user", "", "small", "ink"), self.who, gap=8, margins=(16, 0, 0, 0)))
        foot.addLayout(row(self.role, margins=(16, 0, 0, 0)))
        foot.addLayout(_hanging(self.theme_button))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        head = row(Brand(24), label("HIPSS Desktop", "heading"), None, gap=10, margins=(16, 16, 8, 16))
        box.addLayout(head)
        box.addWidget(holder)
        box.addStretch(1)
        box.addLayout(_hanging(self.help_button))
        box.addSpacing(8)
        box.addWidget(Rule())
        box.addLayout(foot)

    def fit(self) -> None:
        """Set the items close together if the rail is too low for the usual distance."""
        items, theme = list(self.items.values()), theme_of(self)
        others = super().sizeHint().height() - sum(item.sizeHint().height() for item in items)
        close = others + len(items) * theme.size("rail_item") > self.height()
        for item in items:
            item.set_close(close=close)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "theme_button"):
            self.fit()

    def light(self, place: str) -> None:
        """Mark the item of a place as current; mark no item if the place has none."""
        place_item = self.items.get(place)
        for item in self.items.values():
            item.setAutoExclusive(False)
            item.setChecked(item is place_item)
            item.setAutoExclusive(True)

    def set_overdue(self, place: str, count: int, words: str = "overdue") -> None:
        """Show a count on the item of a place; ``words`` say whether it counts overdue things or things due now."""
        if place in self.items:
            badge = TagSpec("clock", str(count), "amber") if count else None
            self.items[place].set_badge(badge, f"{count} {words}")

    def show_theme(self, name: str) -> None:
        """Show the present theme's name on the button that changes to the other theme."""
        other = "day" if name == "night" else "night"
        words = f"{name.capitalize()} theme"
        self.theme_button.setText(words)
        self.theme_button.icon_name = "moon" if name == "night" else "sun"
        self.theme_button.setAccessibleName(f"{words}. Change to {other} theme")
        self.theme_button.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(theme_of(self).size("rail"), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme_of(self).size("rail"), super().minimumSizeHint().height())


def _hanging(button: Button) -> QHBoxLayout:
    """Return a row with a text button, whose words (not its padding) line up with the words above it."""
    return row(button, None, margins=(5, 0, 0, 0))


class SearchButton(Pressable):
    """A button that looks like a search field. It opens the palette, in which the user types."""

    def __init__(self, text: str, keycap: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._keycap = keycap
        self.setAccessibleDescription(f"Shortcut {keycap}")
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(440)

    def sizeHint(self) -> QSize:
        theme = theme_of(self)
        words = paint.advance(self.text(), theme.font("body")) + paint.keycap_size(self._keycap, theme).width()
        return QSize(theme.size("icon") + 38 + words, theme.size("control"))

    def minimumSizeHint(self) -> QSize:
        theme = theme_of(self)
        return QSize(theme.size("icon") + 30 + paint.advance("Search", theme.font("body")), theme.size("control"))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint.frame(painter, box, fill=theme.sunken if self.underMouse() else theme.surface, edge=theme.control)
        side = theme.size("icon")
        icons.paint(painter, QPointF(11, (box.height() - side) / 2), "search", theme.muted, side)
        cap = paint.keycap_size(self._keycap, theme)
        left = 11 + side + 9
        wide = paint.advance(self.text(), theme.font("body"))
        room = box.width() - left - 9
        if wide + cap.width() + 8 <= room:
            corner = QPointF(box.width() - cap.width() - 9, (box.height() - cap.height()) / 2)
            paint.keycap(painter, QRectF(corner, QSizeF(cap)), self._keycap, theme)
        words = self.text() if wide <= room else "Search"
        paint.words(painter, QRectF(left, 0, room, box.height()), words, theme.font("body"), theme.faint)
        painter.end()


class CallButton(Button):
    """A button that opens the running call and shows how long it has lasted; hidden while no call runs.

    The time is painted, so that a screen reader does not announce every second.
    """

    def __init__(self, clock: times.Clock) -> None:
        super().__init__("Back to the call", icon="timer")
        self._clock = clock
        self._started: datetime | None = None
        self.is_short = False
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self.update)
        self.hide()

    def show_call(self, started: datetime | None) -> None:
        """Show the time since ``started``, or hide the button if it is None."""
        self._started = started
        self.setVisible(started is not None)
        if started is None:
            self._second.stop()
        else:
            self._second.start()
        self.updateGeometry()

    def time(self) -> str:
        """The time that the call has lasted ("02:41"), '' if no call runs."""
        return in_words(int((self._clock() - self._started).total_seconds())) if self._started is not None else ""

    def label(self) -> str:
        return self.time() if self.is_short else f"{self.time()}  {super().label()}"


class TopBar(QWidget):
    """The bar with Back, search, the running call, the state of the sync with the council, and Lock.

    In a narrow window it leaves out, one after the other: the key of Lock, the time since which the laptop is offline, the
    words beside the time of a call, and Back. Alt+Left and Esc still go back.

    Signals: ``back_asked``, ``search_asked``, ``call_asked``, ``sync_asked``, ``lock_asked``.
    """

    back_asked = Signal()
    search_asked = Signal()
    call_asked = Signal()
    sync_asked = Signal()
    lock_asked = Signal()

    def __init__(self, clock: times.Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Top bar")
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        self.back = Button("Back", icon="left")
        self.search = SearchButton("Search, or type a command", "Ctrl+K")
        self.call = CallButton(clock)
        self.pill = SyncPill("sending", "Checking")
        self.lock = Button("Lock", icon="lock", keycap="Ctrl+L")
        self.back.clicked.connect(self.back_asked)
        self.search.clicked.connect(self.search_asked)
        self.call.clicked.connect(self.call_asked)
        self.pill.clicked.connect(self.sync_asked)
        self.lock.clicked.connect(self.lock_asked)
        line = QHBoxLayout(self)
        line.setContentsMargins(20, 0, 20, 0)
        line.setSpacing(12)
        line.addWidget(self.back)
        line.addWidget(self.search, 100)
        line.addStretch(1)
        for widget in (self.call, self.pill, self.lock):
            line.addWidget(widget)

    def show_way_back(self, name: str, *, possible: bool) -> None:
        """Name the page that Back opens; ``name`` is '' if no page came before. ``possible`` enables Back without a name."""
        self.back.setEnabled(bool(name) or possible)
        words = f"Back to {name}" if name else "Back"
        self.back.setAccessibleName(words)
        self.back.setToolTip(f"{words}, Alt+Left" if self.back.isEnabled() else "There is no page before this one")

    def show_pill(self, state: SyncState, words: str, short: str) -> None:
        """Show the state of the sync with the council."""
        self.pill.set_state(state, words, short)
        self.fit()

    def show_call(self, started: datetime | None) -> None:
        """Show the start of a call that runs on another page; hide the button if it is None."""
        self.call.show_call(started)
        self.fit()

    def fit(self) -> None:
        """Shorten or hide one part after the other until the bar fits its width."""
        steps = (self._shorten_lock, self._shorten_pill, self._shorten_call, self.back.setHidden)
        for step in steps:
            step(False)  # noqa: FBT003  the whole words first
        for step in steps:
            if self._needed() > self.width():
                step(True)  # noqa: FBT003  then the short ones

    def _needed(self) -> int:
        shown = [part for part in (self.back, self.search, self.call, self.pill, self.lock) if not part.isHidden()]
        return sum(part.minimumSizeHint().width() + 12 for part in shown) + 40

    def _shorten_lock(self, short: bool) -> None:
        self.lock.keycap = "" if short else "Ctrl+L"
        self.lock.setToolTip("Ctrl+L" if short else "")
        self.lock.updateGeometry()

    def _shorten_pill(self, short: bool) -> None:
        self.pill.shorten(short)

    def _shorten_call(self, short: bool) -> None:
        self.call.is_short = short
        self.call.setToolTip(self.call.text() if short else "")
        self.call.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "lock"):
            self.fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme_of(self).size("topbar"))

    def minimumSizeHint(self) -> QSize:
        """No minimum width, because the bar leaves out words before it cuts any."""
        return QSize(0, theme_of(self).size("topbar"))


class ActionBar(QFrame):
    """The place for the action bar of the present page; hidden if that page has no action bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Action bar")
        set_state(self, "surface", "surface")
        self._now: QWidget | None = None
        self._line = QHBoxLayout()
        self._line.setContentsMargins(20, 6, 20, 6)  # room for three lines of small text
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(Rule())
        box.addLayout(self._line)
        self.fit()
        self.hide()

    def fit(self) -> None:
        """Set the minimum height for the theme's text size."""
        self.setMinimumHeight(theme_of(self).px(60))  # Qt ignores the size hint if words in the bar wrap

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_line"):
            self.fit()

    def set_bar(self, bar: QWidget | None) -> None:
        """Replace the bar with a page's bar; hide this place if ``bar`` is None."""
        if self._now is not None:
            self._now.hide()
            self._line.removeWidget(self._now)
        self._now = bar
        if bar is not None:
            self._line.addWidget(bar)
            bar.show()
        self.setVisible(bar is not None)


class DiskNotice(Banner):
    """A warning under the top bar while this laptop's disk can save little or nothing; hidden otherwise."""

    def __init__(self) -> None:
        super().__init__("", tone="risk")
        self._disk: Disk = "all"
        self.hide()

    def show_disk(self, disk: Disk) -> None:
        """Show or hide the warning for the disk's state; have a screen reader say a new warning at once."""
        if disk == self._disk:
            return
        self._disk = disk
        self.set_words(*DISK_WORDS[disk])
        self.setVisible(disk != "all")
        if disk != "all":
            announce(self, self.accessibleName(), assertive=True)


class ClockNotice(Banner):
    """A warning under the top bar that this laptop's clock is wrong, while a form is open: its times are evidence."""

    def __init__(self) -> None:
        super().__init__("", tone="amber")
        self._words, self._writes = "", False
        self.hide()

    def show_clock(self, words: str) -> None:
        """Show what is wrong with the clock, '' if nothing is."""
        if words != self._words:
            self._words = words
            self.set_words(words, WHAT_TO_DO if words else "")
            self._show()

    def over_form(self, *, writes: bool) -> None:
        """Note whether a form is open (``writes``), and show or hide the warning."""
        self._writes = writes
        self._show()

    def _show(self) -> None:
        is_shown = bool(self._words) and self._writes
        if is_shown and self.isHidden():
            announce(self, self.accessibleName())
        self.setVisible(is_shown)


class RecoveryKeyNotice(Banner):
    """A notice under the top bar that nobody has this laptop's recovery key; some pages hide it.

    Signals: ``asked`` when the user wants a new key, ``put_off`` when the user answers "Not now".
    """

    asked = Signal()
    put_off = Signal()

    def __init__(self) -> None:
        show, later = Button("Show a new key", size=28), TextButton("Not now", size=28)
        super().__init__(
            "Nobody has this laptop’s recovery key.",
            "It lets you back in if you forget your passphrase.",
            tone="neutral",
            icon="key",
            actions=(show, later),
        )
        self._asks, self._stands_aside = False, False
        show.clicked.connect(self.asked)
        later.clicked.connect(self.put_off)
        later.clicked.connect(lambda: self.show_need(asks=False))
        self.hide()

    def show_need(self, *, asks: bool) -> None:
        """Show the notice if ``asks`` is set and the page allows it."""
        self._asks = asks
        self._show()

    def stand_aside(self, *, aside: bool) -> None:
        """Hide the notice while a page is open that it would disturb (``aside``)."""
        self._stands_aside = aside
        self._show()

    def _show(self) -> None:
        self.setVisible(self._asks and not self._stands_aside)


class LockWarning(Banner):
    """A warning over the top of the page, half a minute before the laptop locks; hidden until then and after any key.

    It covers part of ``stack``, so that nothing moves while a person types.
    """

    def __init__(self, stack: QWidget) -> None:
        super().__init__(
            "This laptop locks in 30 seconds.", "Press any key to go on.", tone="amber", parent=stack.window()
        )
        self._stack = stack
        stack.installEventFilter(self)
        self.hide()

    def warn(self) -> None:
        """Show the warning and have a screen reader say it at once."""
        self._place()
        self.show()
        self.raise_()
        announce(self, self.accessibleName(), assertive=True)

    def _place(self) -> None:
        room = self._stack.geometry()
        width = room.width() - 40
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        self.setGeometry(room.x() + 20, room.y() + 8, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False
