"""What stands round every page: the rail with its places, the top bar with search, sync pill and lock, the action bar.

They show what the window gives them and say by signal what was asked for. Must not open pages or read the store.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

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
    TagSpec,
    TextButton,
    label,
    paint,
    row,
)
from ui.theme import icons, set_state, theme_of


class Rail(QWidget):
    """The places to go, and at its foot who is signed in.

    Signals: ``chosen(place)``, ``help_asked()``, ``theme_asked()``.
    """

    chosen = Signal(str)
    help_asked = Signal()
    theme_asked = Signal()

    def __init__(self, name: str, places: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """``name`` is who is signed in; ``places`` are route, icon and word of each item, in their order."""
        super().__init__(parent)
        set_state(self, "surface", "rail")
        self.setProperty("paints", "true")  # told again when the text size changes
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

    def light(self, place: str) -> None:
        """Lights the item of a place; a place without one leaves none lit."""
        wanted = self.items.get(place)
        for item in self.items.values():
            item.setAutoExclusive(False)
            item.setChecked(item is wanted)
            item.setAutoExclusive(True)

    def set_overdue(self, place: str, count: int) -> None:
        """Show on a place's item how many there are overdue."""
        if place in self.items:
            badge = TagSpec("clock", str(count), "amber") if count else None
            self.items[place].set_badge(badge, f"{count} overdue")

    def show_theme(self, name: str) -> None:
        """Says which theme is on; pressing changes to the other."""
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
    """A words-only button whose words, not its padding, line up with what stands above it."""
    return row(button, None, margins=(5, 0, 0, 0))


class SearchButton(Pressable):
    """Looks like a search field and opens the palette, where the typing is done."""

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


class TopBar(QWidget):
    """Search, where records stand with the council, and Lock. Signals: ``search_asked``, ``sync_asked``, ``lock_asked``."""

    search_asked = Signal()
    sync_asked = Signal()
    lock_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Top bar")
        self.search = SearchButton("Search, or type a command", "Ctrl+K")
        self.pill = SyncPill("offline", "Not enrolled")
        self.lock = Button("Lock", icon="lock", keycap="Ctrl+L")
        self.search.clicked.connect(self.search_asked)
        self.pill.clicked.connect(self.sync_asked)
        self.lock.clicked.connect(self.lock_asked)
        line = QHBoxLayout(self)
        line.setContentsMargins(20, 0, 20, 0)
        line.setSpacing(12)
        line.addWidget(self.search, 100)
        line.addStretch(1)
        line.addWidget(self.pill)
        line.addWidget(self.lock)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme_of(self).size("topbar"))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), theme_of(self).size("topbar"))


class ActionBar(QFrame):
    """Holds the action bar of whichever page shows; hidden while that page has none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Action bar")
        set_state(self, "surface", "surface")
        self._now: QWidget | None = None
        self._line = QHBoxLayout()
        self._line.setContentsMargins(20, 8, 20, 8)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(Rule())
        box.addLayout(self._line)
        self.fit()
        self.hide()

    def fit(self) -> None:
        """Take the height that the theme's text size asks for."""
        self.setMinimumHeight(theme_of(self).px(60))  # a size hint is not asked where words in the bar wrap

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_line"):
            self.fit()

    def hold(self, bar: QWidget | None) -> None:
        """Shows a page's bar instead of the one before."""
        if self._now is not None:
            self._now.hide()
            self._line.removeWidget(self._now)
        self._now = bar
        if bar is not None:
            self._line.addWidget(bar)
            bar.show()
        self.setVisible(bar is not None)


class LockWarning(Banner):
    """Says, half a minute before, that the laptop locks; hidden until then and once anybody answers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("This laptop locks in 30 seconds.", "Press any key to go on.", tone="amber", parent=parent)
        self.hide()

    def warn(self) -> None:
        """Shows itself and has itself spoken at once."""
        self.show()
        announce(self, self.accessibleName(), assertive=True)
