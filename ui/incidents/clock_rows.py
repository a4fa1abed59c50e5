"""Who must be told, a row for each clock: who, by which rule, until when, whom to ring or who told them, and what may be pressed.

Arrows move between the rows, Enter presses, F1 says how a time is worked out, and F1 again opens the help. A question opens
below its row. Must not read the store, nor write.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hipss_desktop.views.incidents import ClockRow, ClockVerb
from ui.base.access import spoken_as
from ui.base.focus import focus
from ui.parts import (
    Button,
    IconLabel,
    Item,
    LinkButton,
    PrimaryButton,
    Rule,
    Tag,
    TextButton,
    column,
    grows,
    label,
    tone_named,
)
from ui.records.record_page import flow
from ui.theme import theme_of

SHARES = (4, 4, 4, 4, 5)
"""How the columns share a wide row: who, rule, due, ring or told, next."""
HEADINGS = ("Who", "Rule", "Due", "Ring, or told", "Next")
WIDE = 720
"""Pixels at 100 % text size from which the columns of a row stand side by side."""
WHY = "Why this time"
ICONS = {"told": "phonecall", "acknowledged": "check", "written": "pen", "sign_off": "shieldcheck", "returned": "home"}


def _cell(*items: Item) -> QWidget:
    """A column of a row, which takes its share of the width whatever stands in it."""
    holder = QWidget()
    holder.setLayout(column(*items, None, gap=2))
    grows(holder, QSizePolicy.Policy.Ignored)
    return holder


class ClockLine(QWidget):
    """One row. ``show_row`` shows another reading of the same clock.

    Signals:
        pressed(ClockVerb): what is to be done about the clock.
        moved(int): an arrow leads to the next row (1) or to the one before (-1).
        gone_to(Reference): the call that says a return is to be read.
    """

    pressed = Signal(object)
    moved = Signal(int)
    gone_to = Signal(object)

    def __init__(self, clock_row: ClockRow) -> None:
        super().__init__()
        self.row = clock_row
        self.buttons: list[Button] = []
        self.why = TextButton(WHY, size=28)
        self.said_by: LinkButton | None = None
        self._filled = False
        self._cells: list[QWidget] = []
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(12)
        self.explanation = label("", "small", wrap=True)
        self.explanation.hide()
        self.place = QVBoxLayout()
        self.setLayout(column(self._line, self.explanation, self.place, gap=6, margins=(16, 10, 16, 10)))
        spoken_as(self, QAccessible.Role.Grouping)
        grows(self)
        self._fill()

    def show_row(self, clock_row: ClockRow, *, filled: bool) -> None:
        """Show the clock as it stands now; ``filled`` gives it the page's filled button. The focus stays in the row."""
        if clock_row == self.row and filled == self._filled:
            return
        place = next((at for at, button in enumerate(self.buttons) if button.hasFocus()), None)
        on_why = self.why.hasFocus()
        on_call = self.said_by is not None and self.said_by.hasFocus()
        self.row, self._filled = clock_row, filled
        self._fill()
        if on_why:
            focus(self.why)
        elif on_call:
            focus(self.said_by or self.first())
        elif place is not None:
            focus(self.buttons[min(place, len(self.buttons) - 1)] if self.buttons else self.why)

    def enter(self) -> None:
        """Move the focus to the first press of the row."""
        self.first().setFocus(Qt.FocusReason.TabFocusReason)

    def first(self) -> Button:
        """The first press of the row."""
        return self.buttons[0] if self.buttons else self.why

    def explain(self) -> None:
        """Show how the time is worked out, or take it away again."""
        self.explanation.setVisible(self.explanation.isHidden())

    def _fill(self) -> None:
        shown = self.row
        for cell in self._cells:
            self._line.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self.setAccessibleName(self._name())
        self.explanation.setText(shown.worked_out)
        due: list[Item] = []
        if shown.tone and shown.group == "to_do":
            soon = IconLabel("clock", shown.due, "body_strong", shown.tone)
            soon.setWordWrap(True)
            due.append(soon)
        elif shown.tone:
            due.append(flow([Tag("clock", shown.due, tone_named(shown.tone))]))
        elif shown.group == "to_decide":
            due.append(flow([Tag("help", shown.due, "neutral")]))
        elif shown.due:
            due.append(label(shown.due, "body_strong" if shown.clock.is_open else "body", wrap=True))
        if shown.left:
            due.append(label(shown.left, "small", "muted", wrap=True))
        ring: list[Item] = []
        if shown.ring is not None:
            number = label(shown.ring.number, "phone")
            number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            number.setAccessibleName(f"{shown.ring.label}, {shown.ring.number}")
            ring += [number, label(shown.ring.label, "small", "muted", wrap=True)]
        ring += [label(line, "small", wrap=True) for line in (*shown.told, shown.state) if line]
        self.said_by = None
        if shown.said_by is not None:
            self.said_by = LinkButton(shown.said_by.name, style="small")
            self.said_by.clicked.connect(partial(self.gone_to.emit, shown.said_by))
            ring.append(self.said_by)
        self._cells = [
            _cell(
                label(shown.who, "body_strong", wrap=True),
                *([label(shown.about, "small", "muted", wrap=True)] if shown.about else []),
            ),
            _cell(label(shown.basis, "small", "muted", wrap=True), flow([self._new_why()])),
            _cell(*due),
            _cell(*ring),
            _cell(flow(self._make_buttons())),
        ]
        for cell, share in zip(self._cells, SHARES, strict=True):
            self._line.addWidget(cell, share)
            cell.show()
        self._arrange()

    def _make_buttons(self) -> list[Button]:
        self.buttons = []
        for place, verb in enumerate(self.row.verbs):
            button = self._button(verb, first=place == 0)
            button.setAccessibleName(f"{verb.label}: {self.row.spoken if place == 0 else self._name()}")
            button.clicked.connect(partial(self.pressed.emit, verb))
            button.installEventFilter(self)
            self.buttons.append(button)
        return self.buttons

    def _name(self) -> str:
        """What tells the row from the others to the ear."""
        return ", ".join(filter(None, (self.row.who, self.row.about, self.row.due)))

    def _new_why(self) -> Button:
        self.why = TextButton(WHY, size=28)
        self.why.setAccessibleName(f"{WHY}: {self._name() if self.row.verbs else self.row.spoken}")
        self.why.setToolTip("F1")
        self.why.clicked.connect(self.explain)
        self.why.installEventFilter(self)
        return self.why

    def _button(self, verb: ClockVerb, *, first: bool) -> Button:
        if first and self._filled:
            return PrimaryButton(verb.label, icon=ICONS.get(verb.code, ""), size=28)
        return Button(verb.label, icon=ICONS.get(verb.code, ""), size=28)

    def _arrange(self) -> None:
        wide = self.width() >= theme_of(self).px(WIDE)
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._line.setSpacing(12 if wide else 4)
        for cell in self._cells:
            grows(cell, QSizePolicy.Policy.Ignored if wide else QSizePolicy.Policy.Preferred)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Have F1 come here as a key; once the row is explained it opens the window's help, as everywhere."""
        overrides = event.type() == QEvent.Type.ShortcutOverride and self.explanation.isHidden()
        if overrides and isinstance(event, QKeyEvent) and _is_f1(event):
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys of a button of the row that Qt would move the focus by, or the window answer."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if _is_f1(event) and self.explanation.isHidden():
                self.explain()
                return True
        return super().eventFilter(watched, event)


def _is_f1(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_F1 and not event.modifiers()


class ClockLines(QWidget):
    """All rows under their headings.

    Signals:
        pressed(ClockLine, ClockVerb): what is to be done about the clock of a row.
        gone_to(Reference): the record of a link is to be read.
    """

    pressed = Signal(object, object)
    gone_to = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[ClockLine] = []
        self._headings = QWidget()
        line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._headings)
        line.setContentsMargins(16, 6, 16, 6)
        line.setSpacing(12)
        for words, share in zip(HEADINGS, SHARES, strict=True):
            line.addWidget(_cell(label(words, "small_strong", "muted")), share)
        self._rows = column(gap=0)
        self.nobody = label("Nobody is to be told of this, on what is known now.", "body", wrap=True)
        self.nobody.setContentsMargins(16, 8, 16, 8)
        self.setLayout(column(self._headings, self.nobody, self._rows, gap=0))
        grows(self)

    def show_rows(self, rows: Sequence[ClockRow]) -> None:
        """Show clocks in their order; a row that was shown before keeps its widget, its question and the focus."""
        known = {line.row.key: line for line in self.lines}
        before = list(self.lines)
        self.lines = [known[shown.key] if shown.key in known else self._new_line(shown) for shown in rows]
        for line in before:
            if line in self.lines:
                continue
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        filled = next((shown.key for shown in rows if shown.verbs and shown.clock.is_open), "")
        for line, shown in zip(self.lines, rows, strict=True):
            line.show_row(shown, filled=shown.key == filled)
        if self.lines != before:
            while self._rows.count():
                item = self._rows.takeAt(0)
                rule = item.widget() if item is not None else None
                if isinstance(rule, Rule):
                    rule.hide()
                    rule.deleteLater()
            for line in self.lines:
                rule = Rule()
                self._rows.addWidget(rule)
                self._rows.addWidget(line)
                rule.show()
                line.show()
        self.nobody.setVisible(not rows)
        self._arrange()

    def line_of(self, key: str) -> ClockLine | None:
        """The row of a clock."""
        return next((line for line in self.lines if line.row.key == key), None)

    def _new_line(self, shown: ClockRow) -> ClockLine:
        line = ClockLine(shown)
        line.pressed.connect(lambda verb: self.pressed.emit(line, verb))
        line.moved.connect(lambda by: self._move(line, by))
        line.gone_to.connect(self.gone_to)
        return line

    def _move(self, line: ClockLine, by: int) -> None:
        place = self.lines.index(line) + by
        if 0 <= place < len(self.lines):
            self.lines[place].enter()

    def _arrange(self) -> None:
        wide = self.width() >= theme_of(self).px(WIDE)
        self._headings.setVisible(wide and bool(self.lines))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
