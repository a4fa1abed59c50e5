"""The controls for one described field of a kind, and for lists of rows.

A control returns its given value unchanged until the user changes it. It shows and keeps an unknown code, a row's unknown key
or an unreadable value. It returns unreadable typed text as it was typed, so that a draft loses nothing; finishing says how to
correct it. Must not know the kind of its record.
"""

import itertools
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from hipss_desktop import identity
from hipss_desktop.records import fields
from hipss_desktop.records.fields import as_text, is_nothing
from ui.base.access import spoken_as
from ui.base.announce import announce
from ui.base.page import Context
from ui.parts import (
    Button,
    Field,
    Group,
    arranged_once_at_a_time,
    column,
    grows,
    label,
    rename,
    reveal_inside,
    row,
    taken_apart,
)
from ui.records.answer_parts import (
    AnswerPart,
    CardsPart,
    CodePart,
    CodesPart,
    DayPart,
    InstantPart,
    ParagraphsPart,
    Part,
    ReferencePart,
    ReferencesPart,
    TextPart,
    TickPart,
)
from ui.records.caret import TextField
from ui.theme import set_state, theme_of

SHORT = ("yes_no", "day", "phone", "number", "code", "instant", "reference")


TWO_COLUMNS = 400
"""The width in pixels (at 100 % text size) from which two short questions of a row are side by side."""
BESIDE = 300
"""Pixels at 100 % text size: a question with a longer label gets a line of its own."""
FEW = 5
"""The most choices that are shown as cards side by side."""
ROWS_SHOWN = 20
"""The rows that a form shows at first: each takes tens of milliseconds to make, and a record may have some 7,000."""


def is_short(field: fields.Field) -> bool:
    """Whether a field is short enough to be beside another one."""
    return field.type in SHORT or (field.type == "text" and field.options.lines == 1)


class RowQuestions(QWidget):
    """The questions of one row. A question that other answers make unnecessary is hidden and keeps its answer.

    ``shown_fields`` are the fields to ask, None for all; ``cards`` is that of ``FieldControl``. ``value()`` is the row with its
    unknown keys, and with an id made for a new row. Signal: ``edited`` when the user changed an answer.
    """

    edited = Signal()

    def __init__(
        self,
        field: fields.Field,
        context: Context,
        held: Mapping[str, Any],
        shown_fields: Sequence[fields.Field] | None = None,
        *,
        cards: bool = False,
    ) -> None:
        super().__init__()
        self.field = field
        self._held = dict(held)
        self.row_id = str(held.get("id") or "")
        inside = field.rows if shown_fields is None else shown_fields
        self.controls = {inner.name: FieldControl(inner, context, cards=cards) for inner in inside}
        self.questions = {name: wrapped(control) for name, control in self.controls.items()}
        self._shown_names: list[str] = []
        spoken_as(self, QAccessible.Role.Grouping)
        self._grid = QuestionGrid(16, 8)
        self.setLayout(self._grid)
        grows(self)
        for name, control in self.controls.items():
            self.questions[name].setParent(self)
            control.set_value(held.get(name))
            control.changed.connect(self._edited)
        self._arrange()

    def set_name(self, name: str) -> None:
        """Set the row's name for a screen reader, which says it with every question."""
        self.setAccessibleName(name)
        for control in self.controls.values():
            control.set_name(f"{control.field.label}, {name}")

    def value(self) -> dict[str, Any]:
        """The present row."""
        new = dict(self._held)
        for name, control in self.controls.items():
            value = control.value()
            if control.is_changed():
                new[name] = value
                if is_nothing(value) and name not in self._held:
                    del new[name]
        if new != self._held and not new.get("id"):
            self.row_id = self.row_id or identity.row_id()
            new["id"] = self.row_id
        return new

    def stops(self) -> list[QWidget]:
        """The widgets at which Tab stops, in reading order."""
        return [stop for control in self.controls.values() for stop in control.stops()]

    def begin_with(self, name: str, value: Any) -> None:
        """Show a first answer, unless the user has changed that field; it does not count as a change."""
        control = self.controls.get(name)
        if control is None or not control.is_changed():
            self._held[name] = value
        if control is not None and not control.is_changed():
            control.set_value(value)

    def go(self) -> None:
        """Move the focus to the first question."""
        self.controls[self._shown_names[0]].go()

    def settle(self) -> None:
        """Complete the typed texts as if each field lost the focus."""
        for control in self.controls.values():
            control.part.settle()

    def first_open(self) -> QWidget | None:
        """The widget of the first question without an answer; None if all are answered."""
        controls = (self.controls[name] for name in self._shown_names)
        return next((control.focus_target() for control in controls if is_nothing(control.value())), None)

    def errors(self, path: str, messages: Mapping[str, str]) -> list[tuple[str, QWidget]]:
        """Show the errors (by path) and those of unreadable texts; return each with its question, in reading order."""
        placed: list[tuple[str, QWidget]] = []
        for name, question in self.questions.items():
            typed = self.controls[name].problem() if name in self._shown_names else ""
            words = typed or messages.get(f"{path}/{self.row_id}/{name}", "")
            question.set_error(words)
            if words:
                placed.append((words, question))
        return placed

    def _edited(self) -> None:
        self._arrange()
        self.edited.emit()

    @arranged_once_at_a_time
    def _arrange(self) -> None:
        """Lay out the questions that the present answers require, in two columns if there is room, else in one."""
        row = next(iter(self.field.read([{**self.value(), "id": self.row_id or "new"}])))
        self._shown_names = [name for name, control in self.controls.items() if control.field.shown(row)]
        columns = 2 if self.width() >= theme_of(self).px(TWO_COLUMNS) else 1
        self._grid.show_asked(self.questions, self._shown_names, columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


class RowFrame(QFrame):
    """One row of a list field in a form: its questions, and the button to remove it."""

    edited = Signal()
    removed = Signal()

    def __init__(self, field: fields.Field, context: Context, held: Mapping[str, Any]) -> None:
        super().__init__()
        self.field = field
        self.title = label("", "small_strong", "muted")
        self.remove = Button("Remove", icon="x", size=28)
        self.remove.clicked.connect(self.removed.emit)
        self.row = RowQuestions(field, context, held)
        self.row.edited.connect(self.edited)
        set_state(self, "surface", "sunken")
        self.setLayout(column(row(self.title, None, self.remove), self.row, gap=4, margins=(12, 8, 12, 12)))

    def set_number(self, number: int) -> None:
        """Show the row's number in its title and in the names for a screen reader."""
        name = self.field.row_named(number)
        self.title.setText(name)
        self.setAccessibleName(name)
        self.remove.setAccessibleName(f"Remove {name}")
        self.row.set_name(name)


class RowsPart(Part):
    """The rows of a list field, each with an id, a button to remove each row and a button to add one.

    Of many rows only the last are shown, and a button shows earlier ones. Hidden rows stay in the value unchanged.
    """

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self._rows: list[RowFrame] = []
        self._other_values: list[Any] = []
        self._not_shown: list[Mapping[str, Any]] = []
        self._box = QVBoxLayout()
        self._box.setSpacing(8)
        self._other_words = label("", "small", "muted", wrap=True)
        self.earlier = Button("", icon="up", size=28)
        self.earlier.clicked.connect(self._show_earlier)
        self.add = Button(field.adds, icon="plus", size=28)
        if field.label not in field.adds:  # a screen reader needs the label of the list too
            self.add.setAccessibleName(f"{field.label}: {field.adds}")
        self.add.clicked.connect(self._add)
        self._offered: list[QWidget] = []
        self._adding = row(self.add)
        below = column(self._other_words, row(self.earlier, None), self._box, self._adding, gap=8)
        self._adding.addStretch(1)
        self.setLayout(below)
        self.lead = self.add

    def offer(self, finder: QWidget) -> None:
        """Put a widget beside the add button that finds known rows to add."""
        self._offered.append(finder)
        self._adding.insertWidget(0, finder, 2)
        self.rebuilt.emit()

    def put(self, held: Mapping[str, Any]) -> None:
        """Add a row with answers, as the user would; the focus stays, so that the next row can be added."""
        frame = self._take(held)
        self._number()
        frame.show()
        self.rebuilt.emit()
        self.edited.emit()

    def show_value(self, value: Any) -> None:
        for frame in self._rows:
            self._box.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
        self._rows = []
        listed = value if isinstance(value, list) else [] if is_nothing(value) else [value]
        self._other_values = [answer for answer in listed if not isinstance(answer, Mapping)]
        self._other_words.setText("\n".join(as_text(answer) for answer in self._other_values))
        self._other_words.setVisible(bool(self._other_values))
        rows = [answer for answer in listed if isinstance(answer, Mapping)]
        self._not_shown = rows[:-ROWS_SHOWN]
        for answer in rows[-ROWS_SHOWN:]:
            self._take(answer)
        self._number()

    def typed(self) -> Any:
        held = (answer for answer in self._not_shown if answer)
        return [*self._other_values, *held, *(value for frame in self._rows if (value := frame.row.value()))]

    def rows(self) -> list[RowFrame]:
        """The shown rows."""
        return list(self._rows)

    def stops(self) -> list[QWidget]:
        """The Tab stops: the button for earlier rows, each row's remove button and fields, then what adds a row."""
        earlier = [self.earlier] if self._not_shown else []
        return [
            *earlier,
            *(stop for frame in self._rows for stop in (frame.remove, *frame.row.stops())),
            *self._offered,
            self.add,
        ]

    def errors(self, path: str, messages: Mapping[str, str]) -> list[tuple[str, QWidget]]:
        wrong = {path_of_row.split("/")[1] for path_of_row in messages if path_of_row.startswith(f"{path}/")}
        first = next((at for at, answer in enumerate(self._not_shown) if answer.get("id") in wrong), None)
        if first is not None:
            self._show_from(first)
        return [placed for frame in self._rows for placed in frame.row.errors(path, messages)]

    def question(self, row: str, name: str) -> Field | None:
        """The question of a row's field; shows the row if it is hidden."""
        first = next((at for at, hidden in enumerate(self._not_shown) if hidden.get("id") == row), None)
        if first is not None:
            self._show_from(first)
        return next((frame.row.questions.get(name) for frame in self._rows if frame.row.row_id == row), None)

    def _take(self, held: Mapping[str, Any], at: int | None = None) -> RowFrame:
        frame = RowFrame(self.field, self.context, held)
        frame.edited.connect(self.edited)
        frame.removed.connect(lambda: self._remove(frame))
        place = len(self._rows) if at is None else at
        self._rows.insert(place, frame)
        self._box.insertWidget(place, frame)
        return frame

    def _show_earlier(self) -> None:
        self._show_from(max(len(self._not_shown) - ROWS_SHOWN, 0))
        self._rows[0].remove.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_from(self, first: int) -> None:
        """Show the hidden rows from this place on."""
        for at, answer in enumerate(self._not_shown[first:]):
            self._take(answer, at).show()
        self._not_shown = self._not_shown[:first]
        self._number()
        self._rechain()

    def _add(self) -> None:
        frame = self._take({})
        self._number()
        frame.show()
        self._rechain()
        frame.row.go()
        reveal_inside(frame)

    def _rechain(self) -> None:
        """Put new rows before the add button in the Tab order, because Qt puts new widgets last."""
        chain([self.add, *(stop for stop in self.stops() if stop is not self.add)])
        self.rebuilt.emit()

    def _remove(self, frame: RowFrame) -> None:
        place = self._rows.index(frame)
        self._rows.remove(frame)
        self._box.removeWidget(frame)
        frame.hide()
        frame.deleteLater()
        self._number()
        target = self._rows[min(place, len(self._rows) - 1)].remove if self._rows else self.add
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _number(self) -> None:
        earlier_count = len(self._not_shown)
        self.earlier.setText(f"Show {min(earlier_count, ROWS_SHOWN)} earlier of {earlier_count + len(self._rows)}")
        self.earlier.setVisible(earlier_count > 0)
        for number, frame in enumerate(self._rows, start=earlier_count + 1):
            frame.set_number(number)


PARTS: Mapping[fields.FieldType, type[Part]] = {
    "text": TextPart,
    "phone": TextPart,
    "strokes": TextPart,
    "number": TextPart,
    "lines": TextPart,
    "code": CodePart,
    "codes": CodesPart,
    "tick": TickPart,
    "yes_no": AnswerPart,
    "day": DayPart,
    "instant": InstantPart,
    "reference": ReferencePart,
    "references": ReferencesPart,
    "rows": RowsPart,
}


class FieldControl(QWidget):
    """The control of one described field.

    ``value()`` is exactly what ``set_value`` was given until the user changes it; None means that the field is absent. The
    signal ``changed`` reports a change by the user, never by ``set_value``. With ``cards`` a short list shows all answers as
    cards to press. ``own`` replaces the usual part of the field.
    """

    changed = Signal()

    def __init__(
        self,
        field: fields.Field,
        context: Context,
        *,
        name: str = "",
        cards: bool = False,
        own: type[Part] | None = None,
    ) -> None:
        super().__init__()
        self.field = field
        self._held: Any = None
        self._touched = False
        self._filling = False
        part = ParagraphsPart if field.by_paragraph else PARTS[field.type]
        if cards and (field.type == "yes_no" or (field.type == "code" and len(field.choices.codes) <= FEW)):
            part = CardsPart
        if own is not None:
            part = own
        self.part: Part = part(field, context, name or field.label)
        self.part.edited.connect(self._edited)
        self.setAccessibleName(name or field.label)
        self.setLayout(column(self.part))
        self.set_value(None)

    def value(self) -> Any:
        """The value as given, or as the user changed it."""
        return self.part.typed() if self._touched else self._held

    def set_value(self, value: Any) -> None:
        """Show a value without a signal."""
        self._held, self._touched = value, False
        self._filling = True
        self.part.show_value(value)
        self._filling = False

    def answer(self, value: Any) -> None:
        """Set an answer that counts as the user's own; the user may change it."""
        self.part.show_value(value)
        self._edited()

    def is_changed(self) -> bool:
        """Whether the user changed the value since ``set_value``."""
        return self._touched

    def problem(self) -> str:
        """Why the typed text cannot be read; '' if it can be, or if finishing reports it anyway."""
        return self.part.problem() if self._touched else ""

    def set_name(self, name: str) -> None:
        """Change the name that a screen reader says."""
        self.setAccessibleName(name)
        self.part.name = name
        target = self.focus_target()
        if target is not self:
            rename(Group.of(target) or target, name)
        self.part.renamed()

    def is_wide(self) -> bool:
        """Whether all answers of a list are shown as cards side by side, which needs the whole width."""
        return isinstance(self.part, CardsPart) and self.field.type == "code"

    def focus_target(self) -> QWidget:
        """The widget that takes the focus."""
        target = self.part.lead
        while (proxy := target.focusProxy()) is not None:
            target = proxy
        return target

    def stops(self) -> list[QWidget]:
        """What Tab stops at inside, in reading order."""
        return self.part.stops()

    def go(self) -> None:
        """Focus this control."""
        self.focus_target().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _edited(self) -> None:
        if not self._filling:
            self._touched = True
            self.changed.emit()


def wrapped(control: FieldControl) -> Field:
    """Return a control with its question, hint and place for an error; the words of a check box are its question.

    If a day is incomplete, the error appears when the field loses the focus, and disappears once the day is corrected.
    """
    required = bool(control.field.options.required)
    question = Field(control.field.label, control, note=control.field.hint, required=required)
    question.label.setVisible(control.field.type != "tick")
    problem = ""

    def look(*, left: bool) -> None:
        nonlocal problem
        now = control.problem()
        if problem and question.error() == problem and now != problem:
            question.set_error("")
        if left and now and not question.error():
            question.set_error(now)
            announce(question, f"Error: {now}.")
        problem = now if question.error() == now else ""

    control.part.left.connect(lambda: look(left=True))
    control.changed.connect(lambda: look(left=False))
    return question


def texts_in(stops: Sequence[QWidget], name: str) -> dict[str, TextField]:
    """The text fields among a control's Tab stops, by the field's name and their place."""
    return {
        f"{name}/{place}": stop
        for place, stop in enumerate(stops)
        if isinstance(stop, TextField) and not stop.isReadOnly()
    }


def chain(stops: Sequence[QWidget]) -> None:
    """Set the Tab order to these stops, including widgets made later; a group includes its buttons.

    All buttons of a group are included, because Tab continues from whichever has the focus.
    """
    with ExitStack() as ordered:
        order: list[QWidget] = []
        for stop in stops:
            group = Group.of(stop)
            if group is not None and group not in order:
                ordered.enter_context(group.in_the_order())
                order += [group, *group.members()]
            elif group is None:
                order.append(stop)
        for first, second in itertools.pairwise(order):
            QWidget.setTabOrder(first, second)


class QuestionGrid(QGridLayout):
    """Questions in reading order; with two columns short ones are side by side and long ones use the whole width.

    A question with a long label counts as long. Two of them side by side would need more width than the form has. The form
    would then measure all texts at that width and cut off their last lines.
    """

    def __init__(self, across: int, down: int) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(across)
        self.setVerticalSpacing(down)
        self._shown: tuple[tuple[str, ...], int] | None = None

    def show_asked(self, questions: Mapping[str, Field], shown_names: Collection[str], columns: int) -> None:
        """Show the asked questions and hide the others; all keep their answers."""
        names = tuple(name for name in questions if name in shown_names)
        if (names, columns) == self._shown:
            return
        self._shown = (names, columns)
        taken_apart(self)
        for name, question in questions.items():
            question.setVisible(name in names)
        place = 0
        for name in names:
            control = questions[name].control
            short = columns > 1 and isinstance(control, FieldControl) and is_short(control.field)
            short = short and not (isinstance(control, FieldControl) and control.is_wide())
            short = short and questions[name].label.sizeHint().width() <= theme_of(control).px(BESIDE)
            if not short and place % columns:
                place += 1
            across = 1 if short else columns
            self.addWidget(questions[name], place // columns, place % columns, 1, across, Qt.AlignmentFlag.AlignTop)
            place += across
        for number in range(2):
            self.setColumnStretch(number, int(number < columns))
