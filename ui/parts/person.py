"""A field that finds a person (or anything with a name) while the user types.

The page supplies ``search``; this part knows nothing about the people found. Typing opens the list, Down and Up move, Enter
picks the marked suggestion (the first if none is marked), Esc closes only the list, and Tab picks nothing. The picked name is
selected after the choice and when the field gets the focus, so that typing replaces it.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.base.access import describe_itself
from ui.base.announce import announce
from ui.parts import paint
from ui.parts.choices import ICON_ROLE, KEY_ROLE, SECOND_ROLE, OptionList
from ui.parts.inputs import LineEdit
from ui.theme import theme_of

MOST = 8
_STAYS = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
_LIST_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Up, Qt.Key.Key_Down)


@dataclass(frozen=True)
class Suggestion:
    """One suggestion: ``key`` for the page, ``primary`` words, less prominent ``secondary`` words, an ``icon`` name."""

    key: Hashable
    primary: str
    secondary: str = ""
    icon: str = ""

    def phrase(self) -> str:
        """The words of a screen reader for the suggestion."""
        return f"{self.primary}, {self.secondary}" if self.secondary else self.primary


Search = Callable[[str], Sequence[Suggestion]]


class PersonField(LineEdit):
    """A line with suggestions. Signals: ``picked(Suggestion)`` when one is picked, ``cleared()`` when typing undoes that.

    ``last`` returns suggestions to show below those found, such as a new person with the typed name.
    """

    picked = Signal(object)
    cleared = Signal()
    last: Callable[[str], Suggestion] | None = None

    def __init__(
        self,
        search: Search,
        *,
        name: str = "",
        icon: str = "user",
        placeholder: str = "Type a name",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name=name, placeholder=placeholder, icon=icon, trailing="down", parent=parent)
        self._search = search
        self._offered: list[Suggestion] = []
        self._value: Suggestion | None = None
        self._popup: QFrame | None = None
        self._clicked_into = False
        self._rows = QStandardItemModel(self)
        self._list = OptionList("Suggestions")
        self._list.setModel(self._rows)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setParent(self)
        self._list.hide()
        self._list.clicked.connect(self._clicked)
        self.textEdited.connect(self._typed)

    def value(self) -> Suggestion | None:
        """The picked suggestion; None while the words are only typed."""
        return self._value

    def set_value(self, value: Suggestion | None) -> None:
        """Show ``value`` as picked, without a signal; None empties the field."""
        self._value = value
        self.setText(value.primary if value else "")
        describe_itself(self, value.secondary if value else "")
        self.setCursorPosition(0)
        if self.hasFocus():
            self.selectAll()
        self.close_list()

    def open_list(self) -> None:
        """Show suggestions for the typed words; if a suggestion is picked, those for an empty field."""
        self._look(self.text() if self._value is None else "")

    def close_list(self) -> None:
        """Hide the suggestions; the typed words stay."""
        if self._popup is not None:
            self._popup.hide()

    def list_is_open(self) -> bool:
        """Whether suggestions are showing."""
        return self._popup is not None and self._popup.isVisible()

    def _typed(self, text: str) -> None:
        if self._value is not None:
            self._value = None
            describe_itself(self, "")
            self.cleared.emit()
        if text.strip():
            self._look(text)
        else:
            self.close_list()

    def _look(self, typed: str) -> None:
        suggestions = list(self._search(typed))
        self._show(suggestions if self.last is None else [*suggestions[: MOST - 1], self.last(typed.strip())])

    def _show(self, suggestions: Sequence[Suggestion]) -> None:
        self._offered = list(suggestions)[:MOST]
        self._rows.clear()
        for suggestion in self._offered:
            item = QStandardItem(suggestion.primary)
            item.setData(suggestion.key, KEY_ROLE)
            item.setData(suggestion.secondary, SECOND_ROLE)
            item.setData(suggestion.icon, ICON_ROLE)
            item.setData(suggestion.phrase(), Qt.ItemDataRole.AccessibleTextRole)
            item.setEditable(False)
            self._rows.appendRow(item)
        if not self._offered:
            self.close_list()
            announce(self, "No match")
            return
        self._list.setCurrentIndex(self._rows.index(0, 0))
        self._place()
        count = len(self._offered)
        announce(self, f"{count} result{'' if count == 1 else 's'}. {self._offered[0].phrase()}")

    def _place(self) -> None:
        """Place the list below the field, or above it if there is no room, as a child of the window."""
        window = self.window()
        if self._popup is None or self._popup.parentWidget() is not window:
            self._popup = QFrame(window)
            box = QVBoxLayout(self._popup)
            box.setContentsMargins(0, 0, 0, 0)
            box.addWidget(self._list)
            window.installEventFilter(self)
        height = theme_of(self).px(32) * len(self._offered) + 10
        width = min(max(self.width(), 240, self._list.sizeHintForColumn(0) + 12), window.width())
        corner = self.mapTo(window, QPoint(0, self.height() + 6))
        if corner.y() + height > window.height():
            corner = self.mapTo(window, QPoint(0, -height - 6))
        corner.setX(max(0, min(corner.x(), window.width() - width)))
        self._popup.setGeometry(QRect(corner, self.size()))
        self._popup.setFixedSize(width, height)
        self._list.show()
        self._popup.show()
        self._popup.raise_()

    def _clicked(self, index: QModelIndex) -> None:
        self._take(index.row())

    def _take(self, row: int) -> None:
        if 0 <= row < len(self._offered):
            value = self._offered[row]
            self.set_value(value)
            self.picked.emit(value)

    def _move(self, step: int) -> None:
        row = (self._list.currentIndex().row() + step) % len(self._offered)
        self._list.setCurrentIndex(self._rows.index(row, 0))
        announce(self, self._offered[row].phrase())

    def event(self, event: QEvent) -> bool:
        """Accept the keys of the open list, even if they are shortcuts of the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.list_is_open()
            and event.key() in _LIST_KEYS
            and not event.modifiers()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        open_now = self.list_is_open()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if open_now:
                self._move(1 if key == Qt.Key.Key_Down else -1)
            else:
                self.open_list()
        elif open_now and key == Qt.Key.Key_Escape:
            self.close_list()
        elif open_now and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._take(max(self._list.currentIndex().row(), 0))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # After another window or a menu the caret stays in its place.
        if self._value is not None and event.reason() not in _STAYS:
            self.selectAll()
            self._clicked_into = event.reason() == Qt.FocusReason.MouseFocusReason

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.close_list()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if self._clicked_into:  # otherwise the click that gives the focus would place the caret between two letters
            self.selectAll()
        self._clicked_into = False
        if event.position().x() > self.width() - 40:
            self.open_list()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.MouseButtonPress):
            self.close_list()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._value is None or not self._value.secondary:
            return
        theme = theme_of(self)
        start = 11 + theme.size("icon") + 9 + paint.advance(self.text(), self.font())
        place = QRectF(start, 0, self.width() - start - theme.size("icon") - 14, self.height())
        painter = QPainter(self)
        colour = theme.muted if self.isEnabled() else theme.faint
        paint.words(painter, place, f" · {self._value.secondary}", self.font(), colour)
        painter.end()
