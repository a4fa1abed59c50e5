"""Help: the numbers to ring, every shortcut of the screen it was opened on, and those that work everywhere.

The shortcuts come from the registry of screens; a test compares them with those that the window answers. Must not do what a
shortcut does.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from ui.base.access import drawn_only, spoken_as
from ui.base.layers import Layer
from ui.base.session import DutyNumber
from ui.parts import Button, Card, Heading, Keycap, label, row
from ui.shell.keys import Key
from ui.theme import set_state, theme_of


class HelpLayer(Layer):
    """The help that F1 and 'Need help now?' open: numbers to ring, keys of this screen, then keys that work everywhere."""

    def __init__(
        self, window: QWidget, numbers: Sequence[DutyNumber], screen_keys: Sequence[Key], everywhere: Sequence[Key]
    ) -> None:
        panel = QFrame()
        set_state(panel, "surface", "raised")
        super().__init__(window, panel, "Help")
        self.close_button = Button("Close help", keycap="Esc")
        self.close_button.clicked.connect(self.close_layer)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 12, 20, 20)
        column.setSpacing(16)
        ring = Card("Need help now?")
        ring.add(_numbers(numbers))
        column.addWidget(ring)
        for title, keys in (("Keys on this screen", screen_keys), ("Keys everywhere", everywhere)):
            if keys:
                card = Card(title)
                card.add(_keys(title, keys))
                column.addWidget(card)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setAccessibleName("Help")
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setWidget(inside)
        box = QVBoxLayout(panel)
        box.setContentsMargins(8, 12, 8, 8)
        box.setSpacing(8)
        box.addLayout(row(Heading("Help", 1), None, self.close_button, margins=(12, 0, 12, 0)))
        box.addWidget(self.area, 1)
        self.show()
        self.raise_()
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.panel.setFixedWidth(min(theme_of(self).px(720), self.width() - 80))


def _numbers(numbers: Sequence[DutyNumber]) -> QWidget:
    number_list = QWidget()
    spoken_as(number_list, QAccessible.Role.List, "Need help now?")
    grid = QGridLayout(number_list)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    for place, duty_number in enumerate(numbers):
        who, number = label(duty_number.label), label(duty_number.number, "phone")
        drawn_only(who)
        spoken_as(number, QAccessible.Role.ListItem, f"{duty_number.label}, {duty_number.number}")
        grid.addWidget(who, place, 0)
        grid.addWidget(number, place, 1)
    grid.setColumnStretch(0, 1)
    return number_list


def _keys(title: str, keys: Sequence[Key]) -> QWidget:
    key_list = QWidget()
    spoken_as(key_list, QAccessible.Role.List, title)
    grid = QGridLayout(key_list)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    for place, key in enumerate(keys):
        words = label(key.words, wrap=True)
        spoken_as(words, QAccessible.Role.ListItem, f"{key.keys}: {key.words}")
        cap = Keycap(key.keys)
        drawn_only(cap)
        grid.addWidget(cap, place, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(words, place, 1)
    grid.setColumnStretch(1, 1)
    return key_list
