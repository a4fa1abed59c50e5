"""One described field as something to fill in: each shape of a kind's description has its part of the window.

A control gives back what it was given, byte for byte, until a person changes it: an unknown code, a row's unknown key or
a value that cannot be read is kept and shown. What is typed and cannot be read yet is given back as it was typed, so that
a draft loses nothing; the finish says how to mend it. Must not know what kind of record it is in.
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
"""Pixels at 100 % text size from which two short questions of a row stand side by side."""
BESIDE = 300
"""Pixels at 100 % text size: a question with a longer label stands beside none."""
FEW = 5
"""Choices that are shown side by side where cards are asked for."""
ROWS_SHOWN = 20
"""Rows that a form shows at once: each takes tens of milliseconds to make, and a record may hold some 7,000."""


def is_short(field: fields.Field) -> bool:
    """Whether two such fields stand well side by side."""
    return field.type in SHORT or (field.type == "text" and field.options.lines == 1)


class RowQuestions(QWidget):
    """The questions of one row. A question that the other answers make needless is hidden and keeps its answer.

    ``asked`` are the fields that it asks for, None for all; ``cards`` as of a ``FieldControl``. ``value()`` is the row: unknown
    keys kept, its id made when it is new. ``edited`` when a person changed an answer.
    """

    edited = Signal()

    def __init__(
        self,
        field: fields.Field,
        context: Context,
        held: Mapping[str, Any],
        asked: Sequence[fields.Field] | None = None,
        *,
        cards: bool = False,
    ) -> None:
        super().__init__()
        self.field = field
        self._held = dict(held)
        self.row_id = str(held.get("id") or "")
        inside = field.rows if asked is None else asked
        self.controls = {inner.name: FieldControl(inner, context, cards=cards) for inner in inside}
        self.questions = {name: wrapped(control) for name, control in self.controls.items()}
        self._asked: list[str] = []
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
        """Say which row this is to a screen reader, with every question."""
        self.setAccessibleName(name)
        for control in self.controls.values():
            control.set_name(f"{control.field.label}, {name}")

    def value(self) -> dict[str, Any]:
        """The row as it stands."""
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
        """What Tab stops at, in reading order."""
        return [stop for control in self.controls.values() for stop in control.stops()]

    def begin_with(self, name: str, value: Any) -> None:
        """Have an answer stand there that nobody has changed."""
        control = self.controls.get(name)
        if control is None or not control.is_changed():
            self._held[name] = value
        if control is not None and not control.is_changed():
            control.set_value(value)

    def go(self) -> None:
        """Move the focus to the first question."""
        self.controls[self._asked[0]].go()

    def settle(self) -> None:
        """Complete what is typed, as it is when each answer is left."""
        for control in self.controls.values():
            control.part.settle()

    def first_open(self) -> QWidget | None:
        """Where the first question is answered that has no answer yet; None where all are answered."""
        asked = (self.controls[name] for name in self._asked)
        return next((control.focus_target() for control in asked if is_nothing(control.value())), None)

    def errors(self, path: str, found: Mapping[str, str]) -> list[tuple[str, QWidget]]:
        """Show the errors by path, and what is typed and cannot be read; gives back where each is, in reading order."""
        placed: list[tuple[str, QWidget]] = []
        for name, question in self.questions.items():
            typed = self.controls[name].problem() if name in self._asked else ""
            words = typed or found.get(f"{path}/{self.row_id}/{name}", "")
            question.set_error(words)
            if words:
                placed.append((words, question))
        return placed

    def _edited(self) -> None:
        self._arrange()
        self.edited.emit()

    @arranged_once_at_a_time
    def _arrange(self) -> None:
        """Lay out the questions that the answers ask for, in one or two columns by the room there is."""
        row = next(iter(self.field.read([{**self.value(), "id": self.row_id or "new"}])))
        self._asked = [name for name, control in self.controls.items() if control.field.shown(row)]
        columns = 2 if self.width() >= theme_of(self).px(TWO_COLUMNS) else 1
        self._grid.show_asked(self.questions, self._asked, columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


class RowFrame(QFrame):
    """One row of a list field in a form: its questions, and the way to take it out."""

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
        """Say which row this is, to eye and ear."""
        name = self.field.row_named(number)
        self.title.setText(name)
        self.setAccessibleName(name)
        self.remove.setAccessibleName(f"Remove {name}")
        self.row.set_name(name)


class RowsPart(Part):
    """Rows that each have an id: repeating groups with a button to add one and one to take each out.

    Of many rows the last are shown, and a button shows earlier ones; what is not shown stands in the value as it was.
    """

    def __init__(self, field: fields.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self._rows: list[RowFrame] = []
        self._odd: list[Any] = []
        self._not_shown: list[Mapping[str, Any]] = []
        self._box = QVBoxLayout()
        self._box.setSpacing(8)
        self._odd_words = label("", "small", "muted", wrap=True)
        self.earlier = Button("", icon="up", size=28)
        self.earlier.clicked.connect(self._show_earlier)
        self.add = Button(field.adds, icon="plus", size=28)
        if field.label not in field.adds:  # the label of the list is said of it too
            self.add.setAccessibleName(f"{field.label}: {field.adds}")
        self.add.clicked.connect(self._add)
        self._offered: list[QWidget] = []
        self._adding = row(self.add)
        below = column(self._odd_words, row(self.earlier, None), self._box, self._adding, gap=8)
        self._adding.addStretch(1)
        self.setLayout(below)
        self.lead = self.add

    def offer(self, finder: QWidget) -> None:
        """Put a line beside the button, by which rows that are known already are put in."""
        self._offered.append(finder)
        self._adding.insertWidget(0, finder, 2)
        self.rebuilt.emit()

    def put(self, held: Mapping[str, Any]) -> None:
        """Add a row with answers, as a person would; what adds rows keeps the focus, for the next one."""
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
        self._odd = [answer for answer in listed if not isinstance(answer, Mapping)]
        self._odd_words.setText("\n".join(as_text(answer) for answer in self._odd))
        self._odd_words.setVisible(bool(self._odd))
        rows = [answer for answer in listed if isinstance(answer, Mapping)]
        self._not_shown = rows[:-ROWS_SHOWN]
        for answer in rows[-ROWS_SHOWN:]:
            self._take(answer)
        self._number()

    def typed(self) -> Any:
        held = (answer for answer in self._not_shown if answer)
        return [*self._odd, *held, *(value for frame in self._rows if (value := frame.row.value()))]

    def rows(self) -> list[RowFrame]:
        """The rows shown."""
        return list(self._rows)

    def stops(self) -> list[QWidget]:
        """What shows earlier rows, each row's way out and fields, then the button that adds one."""
        earlier = [self.earlier] if self._not_shown else []
        return [
            *earlier,
            *(stop for frame in self._rows for stop in (frame.remove, *frame.row.stops())),
            *self._offered,
            self.add,
        ]

    def errors(self, path: str, found: Mapping[str, str]) -> list[tuple[str, QWidget]]:
        wrong = {path_of_row.split("/")[1] for path_of_row in found if path_of_row.startswith(f"{path}/")}
        first = next((at for at, answer in enumerate(self._not_shown) if answer.get("id") in wrong), None)
        if first is not None:
            self._show_from(first)
        return [placed for frame in self._rows for placed in frame.row.errors(path, found)]

    def question(self, row: str, name: str) -> Field | None:
        """Where a row's field is asked; a row that is not shown is shown."""
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
        """Show the rows from this one on."""
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
        """Have new rows stand in Tab's order where the button that adds one stood, as they were made after all the rest."""
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
        left = len(self._not_shown)
        self.earlier.setText(f"Show {min(left, ROWS_SHOWN)} earlier of {left + len(self._rows)}")
        self.earlier.setVisible(left > 0)
        for number, frame in enumerate(self._rows, start=left + 1):
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
    """One described field, to be filled in.

    ``value()`` is exactly what ``set_value`` was given until a person changes it; None stands for a field that is not
    there. ``changed`` comes when a person changed it, never from ``set_value``. With ``cards`` the answers of a short list are
    all shown, to be pressed. ``own`` is the part of a field that a page asks in a way of its own.
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
        """What the field holds: as it was given, or as a person changed it."""
        return self.part.typed() if self._touched else self._held

    def set_value(self, value: Any) -> None:
        """Show a value; no signal."""
        self._held, self._touched = value, False
        self._filling = True
        self.part.show_value(value)
        self._filling = False

    def answer(self, value: Any) -> None:
        """Give an answer in place of the person, which they may change; it counts as theirs."""
        self.part.show_value(value)
        self._edited()

    def is_changed(self) -> bool:
        """Whether a person changed it since ``set_value``."""
        return self._touched

    def problem(self) -> str:
        """Why what is typed cannot be read, '' when it can or when the finish says it as well."""
        return self.part.problem() if self._touched else ""

    def set_name(self, name: str) -> None:
        """Change what a screen reader calls it."""
        self.setAccessibleName(name)
        self.part.name = name
        target = self.focus_target()
        if target is not self:
            rename(Group.of(target) or target, name)
        self.part.renamed()

    def is_wide(self) -> bool:
        """Whether all answers of a list are shown beside each other, which takes the whole width."""
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
        """Move the focus here."""
        self.focus_target().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _edited(self) -> None:
        if not self._filling:
            self._touched = True
            self.changed.emit()


def wrapped(control: FieldControl) -> Field:
    """A control with its question, hint and place for an error; the words of a check box are its question.

    What is missing of a day is said beside it when it is left, and goes when it is mended.
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
    """Those of a control's stops of Tab that words are typed into, by the field's name and their place."""
    return {
        f"{name}/{place}": stop
        for place, stop in enumerate(stops)
        if isinstance(stop, TextField) and not stop.isReadOnly()
    }


def chain(stops: Sequence[QWidget]) -> None:
    """Have Tab go from stop to stop in this order, also past what was made after the rest; a group comes with its buttons.

    All of them: whichever has the focus stands for the group, and Tab goes on from there.
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
    """Questions in reading order: short ones side by side where there are two columns, long ones across.

    A question with a long label is a long one: two of them would need more width than the form has, which would then
    count the lines of everything else at that width and cut the last of them.
    """

    def __init__(self, across: int, down: int) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(across)
        self.setVerticalSpacing(down)
        self._shown: tuple[tuple[str, ...], int] | None = None

    def show_asked(self, questions: Mapping[str, Field], asked: Collection[str], columns: int) -> None:
        """Show those of the questions that are asked, and hide the others; each keeps its answer."""
        names = tuple(name for name in questions if name in asked)
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
