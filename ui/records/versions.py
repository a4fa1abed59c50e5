"""Versions of answers side by side: the words of each, with added words underlined, and a choice among them.

If there is no room, they are one below the other. Arrows choose inside a part, Tab moves to the next part. Must not know what
a choice does.
"""

import difflib
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.parts import IconLabel, Radio, Rule, arranged_once_at_a_time, column, grows, label, taken_apart
from ui.theme import set_state, styled, theme_of

LABEL, LEAST = 112, 176
"""Pixels at 100 % text size: the width of a part's name, and the least width of a version beside another."""

Piece = tuple[str, Literal["", "added", "taken"]]


@dataclass(frozen=True)
class Option:
    """One choice of a part: a version (``words``, compared with ``before``) or an action (``title``)."""

    key: str
    title: str = ""
    who: str = ""
    author: str = ""
    words: str = ""
    before: str = ""
    other: str = ""


def pieces(before: str, other: str, words: str) -> list[Piece]:
    """Split a version into marked pieces: unchanged words, added words and removed words.

    If ``before`` is '', the differences from the other version count as added.
    """
    base = before or other
    old, new = re.findall(r"\s*\S+", base), re.findall(r"\s*\S+", words)
    match = difflib.SequenceMatcher(
        None, [paragraph.strip() for paragraph in old], [paragraph.strip() for paragraph in new], autojunk=False
    )
    marked_pieces: list[Piece] = []
    for operation, old_from, old_to, new_from, new_to in match.get_opcodes():
        if operation in ("delete", "replace") and before:
            marked_pieces.append(("".join(old[old_from:old_to]), "taken"))
        if operation == "equal":
            marked_pieces.append(("".join(new[new_from:new_to]), ""))
        elif new_to > new_from:
            marked_pieces.append(("".join(new[new_from:new_to]), "added"))
    return marked_pieces


def spoken(cut: Sequence[Piece]) -> str:
    """A version in the words of a screen reader: "Toast works at night, added."."""
    after = {"": "", "added": ", added", "taken": ", taken out"}
    lines = [(" ".join(words.split()), kind) for words, kind in cut]
    phrases = [(words.rstrip(".") if kind else words, after[kind]) for words, kind in lines]
    return " ".join(f"{words}{tail}." if tail else words for words, tail in phrases if words)


class VersionWords(QLabel):
    """A version's words: added words underlined on a tint, removed words struck through on another tint."""

    def __init__(self, cut: Sequence[Piece]) -> None:
        super().__init__()
        self._cut = tuple(cut)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        styled(self, "body")
        self.setAccessibleName(spoken(self._cut))
        self._show()

    def _show(self) -> None:
        theme = theme_of(self)
        looks = {
            "added": f"text-decoration: underline; background-color: {theme.colours['ins_tint']}",
            "taken": f"text-decoration: line-through; background-color: {theme.colours['del_tint']}",
        }
        shown = []
        for words, kind in self._cut:
            lead, text, tail = (
                html.escape(piece).replace("\n", "<br>") for piece in re.split(r"(?s)^(\s*)(.*?)(\s*)$", words)[1:4]
            )
            shown += [lead, f'<span style="{looks[kind]}">{text}</span>' if kind else text, tail]
        self.setText("".join(shown))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_cut"):
            self._show()


class _Dot(Radio):
    """The radio button of an option. Qt unchecks others in the same frame only, so the part ensures that only one is chosen."""

    moved = Signal(int)

    def __init__(self, key: str) -> None:
        super().__init__("", key=key)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def nextCheckState(self) -> None:
        self.setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self.moved.emit(step)


class _OptionFrame(QFrame):
    """One option: its dot and its words; a click anywhere in it chooses it."""

    def __init__(self, option: Option, name: str, description: str) -> None:
        super().__init__()
        self.option = option
        self.lined = False
        self.dot = _Dot(option.key)
        self.dot.setAccessibleName(name)
        self.dot.setAccessibleDescription(description)
        self.dot.toggled.connect(self._tint)
        self.author = label(", ".join(part for part in (option.who, option.author) if part), "small", "ink", wrap=True)
        if not option.author:
            self.author.hide()
        lines: list[QWidget] = []
        if option.title:
            lines.append(label(option.title, "body_strong", wrap=True))
        lines.append(self.author)
        if option.words:
            lines.append(VersionWords(pieces(option.before, option.other, option.words)))
        lines[0].setMinimumHeight(24)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(14, 8, 12, 8)
        self.line.setSpacing(0)
        self.line.addWidget(self.dot, 0, Qt.AlignmentFlag.AlignTop)
        self.line.addLayout(column(*lines, None, gap=2), 1)
        grows(self)
        set_state(self, "surface", "surface")

    def _tint(self, on: bool) -> None:
        set_state(self, "surface", "select" if on else "surface")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.dot.setChecked(True)
        self.dot.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.lined:
            painter = QPainter(self)
            painter.fillRect(0, 0, 1, self.height(), theme_of(self).color("line"))
            painter.end()


class PartBox(QWidget):
    """One part: its name, ``options`` side by side, ``below`` under them. Signal: ``changed()`` when the choice changed."""

    changed = Signal()

    def __init__(self, name: str, options: Sequence[Option], below: Sequence[Option], *, place: str) -> None:
        super().__init__()
        self.name, self.options = name, tuple(options)
        self.setAccessibleName(f"{name}, {place}")
        every = [*options, *below]
        self._frames = [
            _OptionFrame(option, _name(name, place if at == 0 else "", option), f"{at + 1} of {len(every)}")
            for at, option in enumerate(every)
        ]
        self._beside, self._below = self._frames[: len(options)], self._frames[len(options) :]
        for frame in self._frames:
            frame.dot.toggled.connect(lambda on, frame=frame: self._toggled(frame, on=on))
            frame.dot.moved.connect(lambda step, frame=frame: self._move(frame, step))
        self._title = label(name, "small_strong", wrap=True)
        self._error = IconLabel("octagon", "", "small_strong", "risk")
        self._error.setWordWrap(True)
        self._error.hide()
        self._head = QWidget()
        self._head.setLayout(column(self._title, self._error, None, gap=4, margins=(14, 10, 10, 8)))
        self._under = QWidget()
        self._under_line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._under)
        self._under_line.setContentsMargins(0, 0, 0, 0)
        self._under_line.setSpacing(0)
        self._editor: QWidget | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._wide: bool | None = None
        self.arrange(wide=True)
        self._tab_stops()

    def arrange(self, *, wide: bool) -> None:
        """Put the versions side by side, or one below the other."""
        if wide is self._wide:
            return
        self._wide = wide
        taken_apart(self._grid)
        count = max(len(self._beside), 1)
        for at in range(self._grid.columnCount()):
            self._grid.setColumnStretch(at, 0)
            self._grid.setColumnMinimumWidth(at, 0)
        if wide:
            self._grid.addWidget(self._head, 0, 0, len(self._below) + 1, 1)
            self._grid.setColumnMinimumWidth(0, theme_of(self).px(LABEL))
            self._head.setFixedWidth(theme_of(self).px(LABEL))
        else:
            self._grid.addWidget(self._head, 0, 0)
            self._head.setMinimumWidth(0)
            self._head.setMaximumWidth(16_777_215)
        for at, frame in enumerate(self._frames):
            frame.lined = wide
            if not wide:
                self._grid.addWidget(frame, at + 1, 0)
            elif frame in self._beside:
                self._grid.addWidget(frame, 0, at + 1)
                self._grid.setColumnStretch(at + 1, 1)
            else:
                self._grid.addWidget(frame, at - count + 1, 1, 1, count)
        if not wide:
            self._grid.setColumnStretch(0, 1)
        self._place_editor()

    def _place_editor(self) -> None:
        if self._editor is not None and self._below:
            line = self._below[-1].line
            if self._wide:
                line.addWidget(self._editor, 3)
            else:
                self._grid.addWidget(self._editor, len(self._frames) + 1, 0)
                self._editor.setContentsMargins(14, 0, 12, 8)

    def show_authors(self, *, shown: bool) -> None:
        """Show or hide the author in each version; needed if no heading names the authors."""
        for frame in self._beside:
            frame.author.setVisible(shown and bool(frame.option.author))

    def set_editor(self, editor: QWidget) -> None:
        """Put a widget, hidden at first, beside the last option or below it."""
        editor.hide()
        self._editor = editor
        self._place_editor()

    def chosen(self) -> str:
        """The key of the chosen option, '' if none is chosen."""
        return next((frame.option.key for frame in self._frames if frame.dot.isChecked()), "")

    def choose(self, key: str) -> None:
        """Choose an option by its key; '' or an unknown key chooses none."""
        for option_frame in self._frames:
            option_frame.dot.setChecked(option_frame.option.key == key)

    def dots(self) -> list[Radio]:
        """The radio buttons in their order."""
        return [frame.dot for frame in self._frames]

    def focus_target(self) -> QWidget:
        """The radio button that Tab reaches: the chosen one, else the first."""
        return next((frame.dot for frame in self._frames if frame.dot.isChecked()), self._frames[0].dot)

    def set_error(self, words: str) -> None:
        """Show an error on this part; '' removes it."""
        self._error.setText(words)
        self._error.setVisible(bool(words))
        for option_frame in self._frames:
            set_state(option_frame.dot, "problem", "true" if words else None)
        first = self._frames[0].dot
        first.setAccessibleDescription(f"Error: {words}. " * bool(words) + f"1 of {len(self._frames)}")

    def _toggled(self, frame: _OptionFrame, *, on: bool) -> None:
        if on:
            for option_frame in self._frames:
                if option_frame is not frame:
                    option_frame.dot.setChecked(False)
            self.set_error("")
        self._tab_stops()
        self.changed.emit()

    def _move(self, frame: _OptionFrame, step: int) -> None:
        place = self._frames.index(frame)
        target = self._frames[(place + step) % len(self._frames)].dot
        target.setChecked(True)
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def _tab_stops(self) -> None:
        """Make the chosen radio button, or else the first, the part's only Tab stop."""
        stop = self.focus_target()
        for option_frame in self._frames:
            only = Qt.FocusPolicy.StrongFocus if option_frame.dot is stop else Qt.FocusPolicy.ClickFocus
            option_frame.dot.setFocusPolicy(only)


def _name(part: str, place: str, option: Option) -> str:
    first = f"{part}, {place}." if place else f"{part}."
    who = ", ".join(part for part in (option.who or option.title, option.author) if part)
    cut = pieces(option.before, option.other, option.words)
    return " ".join(part for part in (first, f"{who}." if who else "", spoken(cut)) if part)


class Versions(QWidget):
    """All parts of a record under one heading row that names the author of each column."""

    def __init__(self, boxes: Sequence[PartBox]) -> None:
        super().__init__()
        self._boxes = list(boxes)
        self._most = max((len(part_box.options) for part_box in boxes), default=0)
        columns = self._columns()
        self._head = QWidget()
        set_state(self._head, "surface", "sunken")
        line = QHBoxLayout(self._head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        self._first = label("Part", "small", "muted")
        self._first.setContentsMargins(14, 8, 8, 8)
        line.addWidget(self._first)
        for who, author in columns:
            cell = QWidget()
            words = [
                label(who, "body_strong", wrap=True),
                *([label(author, "small", "muted", wrap=True)] if author else []),
            ]
            cell.setLayout(column(*words, gap=0, margins=(14, 8, 12, 8)))
            line.addWidget(cell, 1)
        self._named = bool(columns)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        self._rule = Rule()
        box.addWidget(self._head)
        box.addWidget(self._rule)
        for part_box in self._boxes:
            box.addWidget(part_box)
            box.addWidget(Rule())

    def _columns(self) -> list[tuple[str, str]]:
        """The ``who`` and ``author`` of each column's option; [] if they differ from part to part."""
        columns = {tuple((option.who, option.author) for option in box.options) for box in self._boxes}
        return list(columns.pop()) if len(columns) == 1 else []

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_rule"):
            self._arrange()

    @arranged_once_at_a_time
    def _arrange(self) -> None:
        theme = theme_of(self)
        wide = self.width() >= theme.px(LABEL) + self._most * theme.px(LEAST)
        self._first.setFixedWidth(theme.px(LABEL))
        headed = wide and self._named
        self._head.setVisible(headed)
        self._rule.setVisible(headed)
        for box in self._boxes:
            box.arrange(wide=wide)
            box.show_authors(shown=not headed)
