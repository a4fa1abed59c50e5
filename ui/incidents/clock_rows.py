"""Who must be told, one row for each clock: who, by which rule, by when, whom to ring or who told them, and the buttons.

Arrows move between the rows, Enter presses a button, F1 shows how a time is worked out, and F1 again opens the help. A
question opens below its row. Must not read the store, nor write.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hipss_desktop.views.clock_verbs import NOT_APPLYING, ClockVerb
from hipss_desktop.views.incidents import ClockRow
from ui.base.access import spoken_as
from ui.base.focus import focus, holds_focus
from ui.parts import (
    Button,
    IconLabel,
    Item,
    LinkButton,
    PrimaryButton,
    Rule,
    Tag,
    arranged_once_at_a_time,
    column,
    grows,
    label,
    tone_named,
    turn,
)
from ui.records.record_page import flow
from ui.theme import theme_of

SHARES = (5, 4, 4, 4, 5)
"""The shares of the columns in the width of a wide row: who, rule, due, ring or told, buttons."""
HEADINGS = ("Who", "Rule", "Due", "Ring, or told", "Next")
BELOW_EACH_OTHER = (0, 2, 3, 4, 1)
"""The order of columns below each other: the buttons come before the rule, so that they are visible with who is to be told."""
WIDE = 720
"""The width in pixels (at 100 % text size) from which the columns of a row are side by side."""
WHY = "Why this time"
ICONS = {"told": "phonecall", "acknowledged": "check", "written": "pen", "sign_off": "shieldcheck", "returned": "home"}


def _high_as_its_words(widget: QWidget) -> None:
    """Make ``widget`` as high as it needs at its width. Its size hint does not help, because its cells ignore their width."""
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    widget.setSizePolicy(policy)


def _cell(*items: Item) -> QWidget:
    """Return a column of a row, which gets its share of the width regardless of its content."""
    holder = QWidget()
    holder.setLayout(column(*items, None, gap=2))
    grows(holder, QSizePolicy.Policy.Ignored)
    return holder


class ClockLine(QWidget):
    """One row. ``show_row`` shows another reading of the same clock.

    Signals:
        pressed(ClockVerb): the user pressed this action on the clock.
        moved(int): an arrow key moves to the next row (1) or the previous one (-1).
        gone_to(Reference): the user wants to read the call that reported a return.
    """

    pressed = Signal(object)
    moved = Signal(int)
    gone_to = Signal(object)

    def __init__(self, clock_row: ClockRow, *, tile: bool = False) -> None:
        super().__init__()
        self.row = clock_row
        self._tile = tile
        self.buttons: list[QAbstractButton] = []
        self.why = LinkButton(WHY, style="small")
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
        _high_as_its_words(self)
        self._fill()

    def show_row(self, clock_row: ClockRow, *, filled: bool) -> None:
        """Show the present state of the clock; ``filled`` gives it the page's filled button. The focus stays in the row."""
        if clock_row == self.row and filled == self._filled:
            return
        place = next((at for at, button in enumerate(self.buttons) if holds_focus(button)), None)
        on_why = holds_focus(self.why)
        on_call = self.said_by is not None and holds_focus(self.said_by)
        self.row, self._filled = clock_row, filled
        self._fill()
        if on_why:
            focus(self.why)
        elif on_call:
            focus(self.said_by or self.first())
        elif place is not None:
            focus(self.buttons[min(place, len(self.buttons) - 1)] if self.buttons else self.why)

    def enter(self) -> None:
        """Focus the first button of the row."""
        self.first().setFocus(Qt.FocusReason.TabFocusReason)

    def first(self) -> QAbstractButton:
        """The first button of the row."""
        return self.buttons[0] if self.buttons else self.why

    def explain(self) -> None:
        """Show or hide how the time is worked out."""
        self.explanation.setVisible(self.explanation.isHidden())

    def _fill(self) -> None:
        shown = self.row
        for cell in self._cells:
            self._line.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self.setAccessibleName(self._name())
        self.explanation.setText(shown.worked_out)
        self.said_by = None
        self._cells = self._tile_cells() if self._tile else self._row_cells()
        for cell, share in zip(self._cells, SHARES, strict=False):  # a tile has one cell
            self._line.addWidget(cell, share)
            cell.show()
        self._arrange()

    def _row_cells(self) -> list[QWidget]:
        shown = self.row
        due: list[Item] = []
        if shown.tone and shown.group == "to_do":
            due.append(self._soon("body_strong"))
        elif shown.tone:
            due.append(flow([Tag("clock", shown.due, tone_named(shown.tone))]))
        elif shown.group == "to_decide":
            due.append(flow([Tag("help", shown.due, "neutral")]))
        elif shown.due:
            due.append(label(shown.due, "body_strong" if shown.clock.is_open else "body", wrap=True))
        if shown.time_left:
            due.append(label(shown.time_left, "small", "muted", wrap=True))
        return [
            _cell(
                label(shown.who, "body_strong", wrap=True),
                *([label(shown.about, "small", "muted", wrap=True)] if shown.about else []),
            ),
            _cell(label(shown.basis, "small", "muted", wrap=True), flow([self._new_why()])),
            _cell(*due),
            _cell(*self._ring(), *self._told_items(shown.told_lines)),
            _cell(flow(self._make_buttons())),
        ]

    def _tile_cells(self) -> list[QWidget]:
        """Return a single cell with what to do, by when or when it was done, and the buttons."""
        shown = self.row
        stands: list[Item] = [label(shown.who, "small_strong", "muted", wrap=True)]
        if not shown.clock.is_open and shown.told_lines:
            done = IconLabel("checkc", shown.told_lines[0], "heading", "ink")
            done.setWordWrap(True)
            stands += [
                done,
                label(f"Due {shown.due}", "small", "muted", wrap=True),
                *self._told_items(shown.told_lines[1:]),
            ]
        else:
            if shown.due:
                stands.append(self._soon("heading") if shown.tone else label(shown.due, "heading", wrap=True))
            if shown.time_left:
                stands.append(label(shown.time_left, "small", "muted", wrap=True))
            stands += [*self._ring(), *self._told_items(shown.told_lines)]
        return [_cell(*stands, flow([*self._make_buttons(), self._new_why()]))]

    def _soon(self, style: str) -> IconLabel:
        soon = IconLabel("clock", self.row.due, style, self.row.tone)
        soon.setWordWrap(True)
        return soon

    def _ring(self) -> list[Item]:
        ring = self.row.ring
        if ring is None:
            return []
        number = label(ring.number, "phone")
        number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        number.setAccessibleName(f"{ring.label}, {ring.number}")
        return [number, label(ring.label, "small", "muted", wrap=True)]

    def _told_items(self, told_lines: Sequence[str]) -> list[Item]:
        lines: list[Item] = [label(line, "small", wrap=True) for line in (*told_lines, self.row.state) if line]
        said_by = self.row.said_by
        if said_by is not None:
            self.said_by = LinkButton(said_by.name, style="small")
            self.said_by.clicked.connect(partial(self.gone_to.emit, said_by))
            lines.append(self.said_by)
        return lines

    def _make_buttons(self) -> list[QAbstractButton]:
        self.buttons = []
        for place, verb in enumerate(self.row.verbs):
            button = self._button(verb, first=place == 0)
            button.setAccessibleName(f"{verb.label}: {self.row.spoken if place == 0 else self._name()}")
            button.clicked.connect(partial(self.pressed.emit, verb))
            button.installEventFilter(self)
            self.buttons.append(button)
        return self.buttons

    def _name(self) -> str:
        """The name that distinguishes the row for a screen reader."""
        return ", ".join(filter(None, (self.row.who, self.row.about, self.row.due)))

    def _new_why(self) -> LinkButton:
        self.why = LinkButton(WHY, style="small")
        self.why.setAccessibleName(f"{WHY}: {self._name() if self.row.verbs else self.row.spoken}")
        self.why.setToolTip("F1")
        self.why.clicked.connect(self.explain)
        self.why.installEventFilter(self)
        return self.why

    def _button(self, verb: ClockVerb, *, first: bool) -> QAbstractButton:
        if verb.code == NOT_APPLYING:
            return LinkButton(verb.label, style="small")  # rarely pressed, and never the next thing to do
        if first and self._filled:
            return PrimaryButton(verb.label, icon=ICONS.get(verb.code, ""), size=28)
        return Button(verb.label, icon=ICONS.get(verb.code, ""), size=28)

    def _arrange(self) -> None:
        wide = self._is_wide()
        order = self._cells if wide or self._tile else [self._cells[place] for place in BELOW_EACH_OTHER]
        for place, cell in enumerate(order):
            if self._line.indexOf(cell) != place:
                self._line.removeWidget(cell)
                self._line.insertWidget(place, cell, SHARES[self._cells.index(cell)])
        turn(self._line, beside=wide)
        self._line.setSpacing(12 if wide else 4)
        for cell in self._cells:
            grows(cell, QSizePolicy.Policy.Ignored if wide or self._tile else QSizePolicy.Policy.Preferred)

    def _is_wide(self) -> bool:
        return self.width() >= theme_of(self).px(WIDE) and not self._tile

    def stops(self) -> list[QAbstractButton]:
        """The buttons and links at which Tab stops, in reading order."""
        links = [self.said_by] if self.said_by is not None else []
        return [self.why, *links, *self.buttons] if self._is_wide() else [*links, *self.buttons, self.why]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Accept F1 as a key of the row while the explanation is hidden; otherwise F1 opens the window's help."""
        overrides = event.type() == QEvent.Type.ShortcutOverride and self.explanation.isHidden()
        if overrides and isinstance(event, QKeyEvent) and _is_f1(event):
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle Up, Down and F1 on a button of the row, before Qt moves the focus or the window answers."""
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


def _next_to_do(rows: Sequence[ClockRow]) -> str:
    """The key of the next clock to act on, '' if there is none."""
    return next((shown.key for shown in rows if shown.verbs and shown.clock.is_open), "")


class ClockLines(QWidget):
    """All rows under their headings; as ``tiles`` they are side by side if there is room.

    Signals:
        pressed(ClockLine, ClockVerb): the user pressed this action on the clock of a row.
        gone_to(Reference): the user wants to read the record of a link.
    """

    pressed = Signal(object, object)
    gone_to = Signal(object)

    def __init__(self, *, tiles: bool = False) -> None:
        super().__init__()
        self._tiles = tiles
        self._beside = False
        self._rules: list[Rule] = []
        self.lines: list[ClockLine] = []
        self._headings = QWidget()
        line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._headings)
        line.setContentsMargins(16, 6, 16, 6)
        line.setSpacing(12)
        for words, share in zip(HEADINGS, SHARES, strict=True):
            line.addWidget(_cell(label(words, "small_strong", "muted")), share)
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._rows.setSpacing(0)
        self.nobody = label("Nobody is to be told of this, on what is known now.", "body", wrap=True)
        self.nobody.setContentsMargins(16, 8, 16, 8)
        self.setLayout(column(self._headings, self.nobody, self._rows, gap=0))
        _high_as_its_words(self)

    def show_rows(self, rows: Sequence[ClockRow]) -> None:
        """Show clocks in their order; an earlier row keeps its widget, its question and the focus."""
        known = {line.row.key: line for line in self.lines}
        before = list(self.lines)
        self.lines = [known[shown.key] if shown.key in known else self._new_line(shown) for shown in rows]
        for line in before:
            if line in self.lines:
                continue
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        filled = _next_to_do(rows)
        for line, shown in zip(self.lines, rows, strict=True):
            line.show_row(shown, filled=shown.key == filled)
        if self.lines != before:
            self._place()
        self.nobody.setVisible(not rows)
        self._arrange()

    def next_to_do(self) -> ClockLine | None:
        """The row of whom to tell next, None if nobody must be told any more."""
        return self.line_of(_next_to_do([line.row for line in self.lines]))

    def line_of(self, key: str) -> ClockLine | None:
        """The row of a clock by its key, None if there is none."""
        return next((line for line in self.lines if line.row.key == key), None)

    def _new_line(self, shown: ClockRow) -> ClockLine:
        line = ClockLine(shown, tile=self._tiles)
        line.pressed.connect(lambda verb: self.pressed.emit(line, verb))
        line.moved.connect(lambda by: self._move(line, by))
        line.gone_to.connect(self.gone_to)
        return line

    def _move(self, line: ClockLine, by: int) -> None:
        place = self.lines.index(line) + by
        if 0 <= place < len(self.lines):
            self.lines[place].enter()

    def sizeHint(self) -> QSize:
        return self._high(super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        return self._high(super().minimumSizeHint())

    def _high(self, hint: QSize) -> QSize:
        """Return ``hint`` with the height that the tiles need at their width, because the tiles must not shrink."""
        return QSize(hint.width(), self.heightForWidth(self.width())) if self._tiles else hint

    def _place(self) -> None:
        """Put the rows below each other, or the tiles side by side, with a line between them."""
        for rule in self._rules:
            self._rows.removeWidget(rule)
            rule.hide()
            rule.deleteLater()
        for line in self.lines:
            self._rows.removeWidget(line)  # never ``takeAt``: while Python has an item, Qt does not ask for new heights
        self._rules = []
        turn(self._rows, beside=self._beside)
        for line in self.lines:
            if line is not self.lines[0] or not self._tiles:
                rule = Rule(upright=self._beside)
                self._rules.append(rule)
                self._rows.addWidget(rule)
                rule.show()
            self._rows.addWidget(line, 1)
            line.show()

    @arranged_once_at_a_time
    def _arrange(self) -> None:
        wide = self.width() >= theme_of(self).px(WIDE)
        self._headings.setVisible(wide and bool(self.lines) and not self._tiles)
        if self._tiles and wide != self._beside:
            self._beside = wide
            self._place()
        if self._tiles:
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
