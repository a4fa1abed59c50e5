"""One item of a handover as a row that takes the focus: what it says now, who has it, and its buttons.

Must not decide which buttons there are, nor write.
"""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from hipss_desktop.kinds.handover import READ_FIRST
from hipss_desktop.rules.handover import Loudness
from hipss_desktop.views.handovers import ItemView, for_words
from ui.base.access import describe_itself, spoken_as
from ui.base.sync_words import SYNC_WORDS
from ui.parts import (
    Button,
    FlowLayout,
    IconLabel,
    PrimaryButton,
    Tag,
    TagSpec,
    column,
    grows,
    label,
    row,
    tone_named,
    turn,
)
from ui.parts.buttons import Look
from ui.theme import Theme, theme_of

NARROW = 560
"""Pixels at 100 % text size: in a narrower row, the words about who has the item are below its own words."""
LEAD = 84
"""Pixels at 100 % text size: the column of times and tags."""
SIDE = 172
"""Pixels at 100 % text size: the least width of the words about who has the item, so that they align in all rows."""
BAR = 4


class MainButton(PrimaryButton):
    """A button that is filled while ``is_main``, so that only one of many rows has a filled button."""

    is_main = False

    def filled(self) -> bool:
        return self.is_main

    def look(self, theme: Theme, state: str) -> Look:
        return super().look(theme, state) if self.is_main else Button.look(self, theme, state)


class ItemRow(QFrame):
    """A row. The page that makes it gives its buttons. The question of a button goes into ``below``.

    Signals:
        opened(): Enter or a double click.
        stepped(int): an arrow key, 1 or -1; Home and End give more steps than there are rows.
        focused(): the row has the focus now.
    """

    opened = Signal()
    stepped = Signal(int)
    focused = Signal()

    def __init__(self, item: ItemView, buttons: Sequence[Button] = ()) -> None:
        super().__init__()
        self.item, self.buttons = item, list(buttons)
        spoken_as(self, QAccessible.Role.ListItem)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.at = label("", "body_strong", wrap=True)
        self.tag = Tag("", "")
        self.lead = QWidget()
        self.lead.setLayout(column(self.at, row(self.tag, None), gap=4))
        self.title, self.words = QLabel(), label("", "body", wrap=True)
        self.title.setTextFormat(Qt.TextFormat.RichText)
        self.title.setWordWrap(True)
        grows(self.title)
        self.wait = IconLabel("clock", "", "small", "muted")
        self.wait.setWordWrap(True)
        middle = QWidget()
        middle.setLayout(column(self.title, self.words, self.wait, gap=2))
        grows(middle)
        self.accepted = IconLabel("checkc", "", "small_strong", "ink", icon_tone="accent")
        self.who, self.state = label("", "small", "muted", wrap=True), IconLabel("clock", "", "small", "muted")
        self.sent = IconLabel("laptop", "", "small", "muted")
        self.side = QWidget()
        pressed = QWidget()
        flow = FlowLayout(pressed)
        for button in self.buttons:
            flow.addWidget(button)
        grows(pressed)
        self.pressed = pressed
        self.side.setLayout(column(pressed, self.accepted, self.who, self.state, self.sent, gap=2))
        self.across = row(gap=12)
        self.across.addWidget(middle, 1, Qt.AlignmentFlag.AlignVCenter)
        self.across.addWidget(self.side, 0, Qt.AlignmentFlag.AlignVCenter)
        self.below = column(gap=8)
        inside = row(gap=12)
        inside.addWidget(self.lead, 0, Qt.AlignmentFlag.AlignVCenter)
        inside.addLayout(self.across, 1)
        self.setLayout(column(inside, self.below, gap=8, margins=(16, 9, 16, 10)))
        grows(self)
        self.show_item(item, may_press=bool(self.buttons))

    def show_item(self, item: ItemView, *, may_press: bool) -> None:
        """Show what an item says now."""
        self.item = item
        self.setAccessibleName(item.spoken)
        describe_itself(self, item.words)
        self.at.setText(item.at)
        self.at.setVisible(bool(item.at))
        self.tag.setVisible(item.tag is not None)
        if item.tag is not None:
            self.tag.set_spec(TagSpec(item.tag.icon, item.tag.words, tone_named(item.tag.tone)))
        plain = item.kind == "action"
        beside = item.words if plain else item.number
        weight = 400 if plain else 600
        muted = theme_of(self).color("muted").name()
        self.title.setText(
            f'<span style="font-weight:{weight}">{escape(item.title)}</span> <span style="color:{muted}">{escape(beside)}</span>'
        )
        self.title.setAccessibleName(" ".join(filter(None, (item.title, beside))))
        self.words.setText("" if plain else item.words)
        self.words.setVisible(not plain and bool(item.words))
        loud = item.loud >= Loudness.TOLD_AGAIN
        self.wait.set_look(
            "clock", f"{item.waiting}. {item.steps}" if item.waiting else "", "amber" if loud else "muted"
        )
        self.wait.setVisible(bool(item.waiting))
        for button in self.buttons:
            button.setAccessibleName(f"{button.text()}: {item.spoken}")
        self.pressed.setVisible(may_press)
        self.accepted.setText(item.accepted)
        self.accepted.setVisible(bool(item.accepted))
        who = item.who if item.accepted or not item.waiting else ""
        self.who.setText(for_words(who) if who and not item.accepted else who)
        self.who.setVisible(bool(who))
        self.state.set_look("clock" if item.late else "check", item.state, "amber" if item.late else "muted")
        self.state.setVisible(bool(item.state))
        sent = None if item.sent is None else SYNC_WORDS["sent" if item.sent else "waiting"]
        if sent is not None:
            self.sent.set_look(sent.row_icon, sent.record, "muted")
        self.sent.setVisible(sent is not None)
        self.side.setVisible(may_press or bool(item.accepted or who or item.state))
        self.update()

    def be_stop(self, *, stop: bool) -> None:
        """Set whether Tab stops at this row and its buttons. Arrow keys reach the row anyway."""
        policy = Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus
        for widget in (self, *self.buttons):
            widget.setFocusPolicy(policy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Home: -9999, Qt.Key.Key_End: 9999}
        step = steps.get(Qt.Key(event.key()))
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if step is not None and plain:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and self.hasFocus():
            if not event.isAutoRepeat():
                self.opened.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.opened.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        theme = theme_of(self)
        turn(self.across, beside=self.width() >= theme.px(NARROW))
        self.lead.setFixedWidth(theme.px(LEAD))
        self.side.setMinimumWidth(theme.px(SIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, box = theme_of(self), QRectF(self.rect())
        loud = self.item.loud >= Loudness.TOLD_AGAIN
        painter = QPainter(self)
        if loud and self.item.part == READ_FIRST:
            painter.fillRect(box, theme.color("amber_tint"))
        if loud:
            painter.fillRect(QRectF(0, 0, BAR, box.height()), theme.color("amber_line"))
        painter.fillRect(QRectF(0, box.height() - 1, box.width(), 1), theme.color("line"))
        painter.end()
