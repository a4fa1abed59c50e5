"""Help: the numbers to ring, and every shortcut of the screen it was opened on, from one table.

The window makes its shortcuts from ``EVERYWHERE``; ``ON_PLACES`` lists what the pages make themselves (a test holds both
against the shortcuts that really are there). Must not do what a shortcut does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from ui.base.layers import Layer
from ui.base.session import DutyNumber
from ui.parts import Button, Card, Heading, Keycap, label, row
from ui.theme import set_state, theme_of


@dataclass(frozen=True)
class Key:
    """A shortcut.

    ``keys`` is how it is printed, ``words`` what it does, ``does`` what the window does ('' when a page does it);
    ``sequences`` are the key sequences where they differ from what is printed.
    """

    keys: str
    words: str
    does: str = ""
    sequences: tuple[str, ...] = ()

    def all_sequences(self) -> tuple[str, ...]:
        """The key sequences that Qt is to listen for."""
        return self.sequences or (self.keys,)


EVERYWHERE: tuple[Key, ...] = (
    Key("Ctrl+N", "Log a contact", "log_contact"),
    Key("Ctrl+K", "Search and commands", "palette"),
    Key("Ctrl+L", "Lock now", "lock"),
    Key("Ctrl+1", "Go to On call", "on_call"),
    Key("Ctrl+2", "Go to Children", "children"),
    Key("Ctrl+3", "Go to Carers", "carers"),
    Key("Ctrl+4", "Go to Actions", "actions"),
    Key("Ctrl+J", "Open the sync centre", "sync"),
    Key("F6", "Next part of the screen", "next_region"),
    Key("Shift+F6", "Previous part of the screen", "previous_region"),
    Key("Ctrl+Shift+T", "Day or night theme", "theme"),
    Key("Ctrl+plus", "Larger text", "larger", ("Ctrl++", "Ctrl+=")),
    Key("Ctrl+minus", "Smaller text", "smaller", ("Ctrl+-",)),
    Key("Ctrl+0", "Usual text size", "usual"),
    Key("F1", "This help", "help"),
    Key("Esc", "Close what is on top. Nothing is thrown away."),
    Key("Alt+F4", "Close. Drafts are kept.", "close"),
)
"""What the window answers on every screen."""

_FORM = (
    Key("Ctrl+Enter", "Finish", sequences=("Ctrl+Return", "Ctrl+Enter")),
    Key("Ctrl+S", "Save and close"),
    Key("F8", "Next error"),
    Key("Shift+F8", "Previous error"),
)
_LIST = (Key("Arrows", "Move"), Key("Enter", "Open"))
_RECORD = (Key("Ctrl+E", "Amend this record"),)

ON_PLACES: Mapping[str, tuple[Key, ...]] = {
    "on_call": (
        Key("Arrows", "Move between children, contacts or follow-ups"),
        Key("Enter", "Open"),
        Key("Space", "Tick a follow-up"),
        Key("Ctrl+C", "Copy the number of a child's carer"),
    ),
    "log_contact": (
        Key("Alt+1 to Alt+7", "Go to a question", sequences=tuple(f"Alt+{number}" for number in range(1, 8))),
        Key("Alt+8", "More about this call"),
        Key("Alt+0", "Go to the child's card"),
        Key("Alt+P", "Add advice from the safety plan"),
        *_FORM,
    ),
    "record_form": _FORM,
    "children": _LIST,
    "carers": _LIST,
    "actions": _LIST,
    "contacts": _LIST,
    "child": (*_LIST, *_RECORD, Key("Ctrl+Tab", "Next tab"), Key("Ctrl+C", "Copy a number, in People")),
    "carer": _RECORD,
    "record": _RECORD,
    "sync": (
        Key("Arrows", "Choose a version in each part"),
        Key("Ctrl+Enter", "Keep what you chose", sequences=("Ctrl+Return", "Ctrl+Enter")),
    ),
    "drafts": (Key("Arrows", "Move"), Key("Enter", "Carry on with a draft")),
}
"""What pages answer themselves, by place."""


class HelpLayer(Layer):
    """F1 and 'Need help now?': whom to ring, then the keys of this screen, then those that work everywhere."""

    def __init__(self, window: QWidget, place: str, numbers: Sequence[DutyNumber]) -> None:
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
        if ON_PLACES.get(place):
            here = Card("Keys on this screen")
            here.add(_keys(ON_PLACES[place]))
            column.addWidget(here)
        everywhere = Card("Keys everywhere")
        everywhere.add(_keys(EVERYWHERE))
        column.addWidget(everywhere)
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
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(4, 0, 4, 0)
    grid.setHorizontalSpacing(24)
    for place, each in enumerate(numbers):
        grid.addWidget(label(each.label), place, 0)
        grid.addWidget(label(each.number, "phone"), place, 1)
    grid.setColumnStretch(0, 1)
    return made


def _keys(keys: Sequence[Key]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(4, 0, 4, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    for place, each in enumerate(keys):
        words = label(each.words, wrap=True)
        words.setAccessibleName(f"{each.keys}: {each.words}")
        grid.addWidget(Keycap(each.keys), place, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(words, place, 1)
    grid.setColumnStretch(1, 1)
    return made
