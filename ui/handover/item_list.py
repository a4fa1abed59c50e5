"""The items of a handover under the headings of their parts: one Tab stop, in which arrows move between items.

The page that makes the list defines what the buttons of a row do. Must not write.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.views.handovers import ItemView
from ui.actions.verbs import in_order
from ui.base.access import spoken_as
from ui.base.focus import focus
from ui.handover.item_row import ItemRow, MainButton
from ui.parts import Button, Card, Heading, label, row, taken_apart
from ui.theme import theme_of

Parts = Sequence[tuple[str, Sequence[ItemView]]]


class PartHeading(QWidget):
    """The heading of a part, with how many items it has."""

    def __init__(self, words: str, count: int) -> None:
        super().__init__()
        self.setLayout(
            row(
                Heading(words, 2, style="body_strong"), label(str(count), "body", "muted"), None, margins=(16, 6, 16, 6)
            )
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme_of(self).color("sunken"))
        painter.end()


class ItemList(Card):
    """The rows. ``buttons(item)`` makes the buttons of a new row; ``may_press(item)`` says whether to show them.

    Signals:
        opened(object): the user wants to open the record of this item.
        moved(): another row got the focus.
    """

    opened = Signal(object)
    moved = Signal()

    def __init__(
        self,
        name: str,
        buttons: Callable[[str], Sequence[Button]] = lambda _: (),
        may_press: Callable[[ItemView], bool] = lambda _: False,
    ) -> None:
        super().__init__()
        self._buttons, self._may_press = buttons, may_press
        self.rows: dict[str, ItemRow] = {}
        self._order: list[str] = []
        self._titles: list[tuple[str, int]] = []
        self._headings: list[PartHeading] = []
        self._current = ""
        self.inside = QWidget()
        spoken_as(self.inside, QAccessible.Role.List, name)
        self._box = QVBoxLayout(self.inside)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self.add_flush(self.inside)

    def show_parts(self, parts: Parts) -> None:
        """Show the items; a row that stays keeps the focus and the question below it."""
        items = {item.id: item for _, part in parts for item in part}
        order = list(items)
        gone = [name for name in self._order if name not in items]
        had_focus = any(self._has_focus(name) for name in gone)
        after = next((name for name in self._order[self._place() :] if name in items), order[-1] if order else "")
        for name, item in items.items():
            if name in self.rows:
                self.rows[name].show_item(item, may_press=self._may_press(item))
            else:
                self.rows[name] = self._new_row(item)
        titles = [(title, len(part)) for title, part in parts]
        if order != self._order or titles != self._titles:
            self._lay(parts)
        self._order, self._titles = order, titles
        if self._current not in items:
            self._current = after if self._current else next(iter(order), "")
        self._settle()
        if had_focus and self._current:
            focus(self.rows[self._current])
        for name in gone:
            old = self.rows.pop(name)
            old.hide()
            old.deleteLater()

    def current(self) -> ItemView | None:
        """The item that keys act on, None if there is none."""
        row_now = self.rows.get(self._current)
        return row_now.item if row_now is not None else None

    def current_row(self) -> ItemRow | None:
        """The row that keys act on, None if there is none."""
        return self.rows.get(self._current)

    def choose(self, name: str) -> None:
        """Make an item the one that keys act on."""
        if name in self.rows:
            self._current = name
            self._settle()

    def go(self, name: str = "") -> None:
        """Focus an item, or the current item if ``name`` is ''."""
        self.choose(name)
        row_now = self.current_row()
        if row_now is not None:
            row_now.setFocus(Qt.FocusReason.OtherFocusReason)

    def stops(self) -> list[QWidget]:
        """The rows and their buttons, in reading order."""
        return [widget for name in self._order for widget in (self.rows[name], *self.rows[name].buttons)]

    def _new_row(self, item: ItemView) -> ItemRow:
        made_row = ItemRow(item, self._buttons(item.id))
        made_row.show_item(item, may_press=self._may_press(item))
        name = item.id
        made_row.opened.connect(lambda: self.opened.emit(self.rows[name].item))
        made_row.stepped.connect(lambda by: self._step(name, by))
        made_row.focused.connect(lambda: self._note_focus(name))
        return made_row

    def _lay(self, parts: Parts) -> None:
        """Put the rows under their headings, in order."""
        taken_apart(self._box)
        for heading in self._headings:
            heading.hide()
            heading.deleteLater()
        self._headings = []
        for title, part in parts:
            heading = PartHeading(title, len(part))
            self._headings.append(heading)
            self._box.addWidget(heading)
            for item in part:
                self._box.addWidget(self.rows[item.id])
                self.rows[item.id].show()  # now, so that it can get the focus
        in_order([widget for _, part in parts for item in part for widget in self._widgets(item.id)])

    def _widgets(self, name: str) -> list[QWidget]:
        return [self.rows[name], *self.rows[name].buttons]

    def _place(self) -> int:
        return self._order.index(self._current) if self._current in self._order else 0

    def _has_focus(self, name: str) -> bool:
        old, now = self.rows[name], self.window().focusWidget()
        return now is not None and (now is old or old.isAncestorOf(now))

    def _note_focus(self, name: str) -> None:
        if name != self._current:
            self._current = name
            self._settle()
        self.moved.emit()

    def _step(self, name: str, by: int) -> None:
        place = min(max(self._order.index(name) + by, 0), len(self._order) - 1)
        self.go(self._order[place])

    def _settle(self) -> None:
        """Make the current row the only Tab stop and fill its main button; if it has none, fill that of the most urgent row."""
        pressable = [name for name in self._order if self._may_press(self.rows[name].item)]
        loudest = max(pressable, key=lambda name: self.rows[name].item.loud, default="")
        main = self._current if self._current in pressable else loudest
        for name, item_row in self.rows.items():
            item_row.be_stop(stop=name == self._current)
            for button in item_row.buttons:
                if isinstance(button, MainButton):
                    button.is_main = name == main
                    button.update()
