"""One described field as something to fill in: each shape of a kind's description has its part of the window.

A control gives back what it was given, byte for byte, until a person changes it: an unknown code, a row's unknown key or
a value that cannot be read is kept and shown. What is typed and cannot be read yet is given back as it was typed, so that
a draft loses nothing; the finish says how to mend it. Must not know what kind of record it is in.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from hipss_desktop import identity, times
from hipss_desktop.errors import UserError
from hipss_desktop.records import kind as describe
from hipss_desktop.records.kind import empty
from hipss_desktop.views.timeline import KIND_ICONS
from ui.base.page import Context
from ui.parts import (
    Button,
    CheckBox,
    ChipGroup,
    ComboBox,
    DateField,
    DateTimeField,
    Field,
    FlowLayout,
    LineEdit,
    Suggestion,
    TextArea,
    column,
    label,
    row,
)
from ui.records.find import finder
from ui.theme import set_state

NOTHING = "Not answered"
SHORT = ("day", "phone", "number", "code", "instant", "ref")


def is_short(field: describe.Field) -> bool:
    """Whether two such fields stand well side by side."""
    return field.type in SHORT or (field.type == "text" and field.options.lines == 1)


class Part(QWidget):
    """What every shape's part does. ``edited`` when a person changed it; ``typed`` is the value then; ``rebuilt`` when
    what Tab stops at inside is new."""

    edited = Signal()
    rebuilt = Signal()

    def __init__(self, field: describe.Field, context: Context, name: str) -> None:
        super().__init__()
        self.field, self.context, self.name = field, context, name
        self.lead: QWidget = self  # who takes the focus; a focus proxy would be a stop of Tab wherever it stands itself

    def show_value(self, value: Any) -> None:
        """Show a value, whatever it is."""
        raise NotImplementedError

    def typed(self) -> Any:
        """What stands there now; '' or [] for nothing."""
        raise NotImplementedError

    def problem(self) -> str:
        """Why what is typed cannot be read, where the part knows better than the description; else ''."""
        return ""

    def errors(self, path: str, found: Mapping[str, str]) -> list[tuple[str, QWidget]]:
        """Show the errors of the fields inside; gives back where each is, in reading order."""
        return []

    def stops(self) -> list[QWidget]:
        """What Tab stops at inside, in reading order."""
        return [
            each
            for each in self.findChildren(QWidget)
            if each.focusPolicy() & Qt.FocusPolicy.TabFocus
            and each.focusProxy() is None
            and each.window() is self.window()
        ]

    def hold(self, *items: QWidget) -> None:
        """Lay the part's widgets out one below the other; the first takes the focus."""
        self.setLayout(column(*items, gap=8))
        self.lead = items[0]


def as_text(value: Any) -> str:
    """Any value as text: text as it stands, other shapes as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


class TextPart(Part):
    """Words: one line or several; also numbers and telephone numbers."""

    def __init__(self, field: describe.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self.box: LineEdit | TextArea
        if field.options.lines > 1 or field.type == "lines":
            self.box = TextArea(name=name, lines=max(field.options.lines, 2))
        else:
            self.box = LineEdit(name=name)
        self.box.textChanged.connect(lambda *_: self.edited.emit())
        self.hold(self.box)

    def show_value(self, value: Any) -> None:
        if self.field.type == "lines" and isinstance(value, list):
            value = "\n".join(as_text(each) for each in value)
        if isinstance(self.box, TextArea):
            self.box.setPlainText(as_text(value))
        else:
            self.box.setText(as_text(value))
            self.box.setCursorPosition(0)

    def typed(self) -> Any:
        text = self.box.toPlainText() if isinstance(self.box, TextArea) else self.box.text()
        if self.field.type == "lines":
            return [line.strip() for line in text.splitlines() if line.strip()]
        if self.field.type == "number":
            plain = text.strip()
            return int(plain) if plain.removeprefix("-").isdecimal() and len(plain) < 10 else plain
        return text


class CodePart(Part):
    """One choice from a code list; a code the list does not know is added to it as it stands."""

    def __init__(self, field: describe.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self._known = [(each.code, each.label) for each in field.choices.codes]
        self.box = ComboBox(name=name)
        self.box.picked.connect(lambda _: self.edited.emit())
        self.hold(self.box)

    def show_value(self, value: Any) -> None:
        code = as_text(value)
        options = list(self._known)
        if not self.field.options.required:
            options.insert(0, ("", NOTHING))
        if code and code not in dict(self._known):
            options.append((code, code))
        self.box.set_options(options)
        self.box.choose(code)

    def typed(self) -> Any:
        return self.box.chosen()


class CodesPart(Part):
    """Several choices from a code list, in the order they were first chosen."""

    def __init__(self, field: describe.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self._held: list[str] = []
        self._chips = ChipGroup(name, ())
        self.setLayout(column(self._chips))
        self.show_value([])

    def show_value(self, value: Any) -> None:
        self._held = [as_text(each) for each in (value if isinstance(value, list) else [value]) if not empty(each)]
        known = [(each.code, each.label) for each in self.field.choices.codes]
        known += [(code, code) for code in self._held if code not in dict(known)]
        fresh = ChipGroup(self.name, known, chosen=self._held)
        fresh.changed.connect(self.edited)
        box = self.layout()
        if box is not None:
            box.replaceWidget(self._chips, fresh)
        self._chips.hide()
        self._chips.deleteLater()
        self._chips = fresh
        self.lead = fresh

    def typed(self) -> Any:
        chosen = self._chips.chosen()
        return [code for code in self._held if code in chosen] + [code for code in chosen if code not in self._held]


class FlagPart(Part):
    """Yes or no; the words beside the box are the field's label."""

    def __init__(self, field: describe.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self.box = CheckBox(field.label)
        self.box.setAccessibleName(name)
        self.box.toggled.connect(lambda _: self.edited.emit())
        self.hold(self.box)

    def show_value(self, value: Any) -> None:
        self.box.setChecked(value is True)

    def typed(self) -> Any:
        return self.box.isChecked()


class DayPart(Part):
    """A day; what cannot be read as one stays as it was typed."""

    def __init__(self, field: describe.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self.box = DateField(today=_today(context), name=name)
        self.box.textChanged.connect(lambda *_: self.edited.emit())
        self.hold(self.box)

    def show_value(self, value: Any) -> None:
        try:
            self.box.set_value(times.day(as_text(value)))
        except ValueError:
            self.box.setText(as_text(value))

    def typed(self) -> Any:
        day = self.box.value()
        return day.isoformat() if day else self.box.text().strip()


class InstantPart(Part):
    """A day and a time, with BST or GMT in the hour that came twice.

    A day alone or a time that cannot be read is given back as "what is in the day, what is in the time".
    """

    def __init__(self, field: describe.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self.box = DateTimeField(times.came_twice, today=_today(context), name=name)
        self.box.changed.connect(self.edited)
        self.box.day.textChanged.connect(lambda *_: self.edited.emit())
        self.box.clock.textChanged.connect(lambda *_: self.edited.emit())
        self.box.clock.editingFinished.connect(self._assume_today)
        self.hold(self.box)

    def _assume_today(self) -> None:
        if self.box.clock.value() is not None and not self.box.day.text().strip():
            self.box.day.set_value(_today(self.context)())

    def show_value(self, value: Any) -> None:
        text = as_text(value)
        try:
            moment = times.local(times.instant(text))
        except ValueError:
            day, _, clock = text.rpartition(", ") if ", " in text else (text, "", "")
            self.box.set_value(None, None)
            self.box.day.setText(day)
            self.box.clock.setText(clock)
        else:
            self.box.set_value(moment.date(), moment.time().replace(second=0, microsecond=0), moment.fold)

    def typed(self) -> Any:
        moment = self._moment()
        if isinstance(moment, datetime):
            return times.stamp(moment)
        day, clock = self.box.day.text().strip(), self.box.clock.text().strip()
        return f"{day}, {clock}" if day or clock else ""

    def _moment(self) -> datetime | str:
        """The moment typed, or why there is none."""
        day, clock, fold = self.box.value()
        if day is None or clock is None:
            return ""
        try:
            return times.at_local(day, clock, {0: "BST", 1: "GMT", None: None}[fold])
        except UserError as wrong:
            return str(wrong)

    def problem(self) -> str:
        moment = self._moment()
        return "" if isinstance(moment, datetime) else moment


class RefPart(Part):
    """A record of another kind, found by name; only one that was picked counts as an answer."""

    def __init__(self, field: describe.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self.box = finder(field.options.refers_to, context, name)
        self.box.picked.connect(lambda _: self.edited.emit())
        self.box.textEdited.connect(lambda _: self.edited.emit())
        self.hold(self.box)

    def show_value(self, value: Any) -> None:
        record = as_text(value)
        icon = KIND_ICONS.get(self.field.options.refers_to, "file")
        name = self.context.desk.timelines.name(record) if record else ""
        self.box.set_value(Suggestion(record, name, icon=icon) if record else None)

    def typed(self) -> Any:
        picked = self.box.value()
        return str(picked.key) if picked else ""

    def problem(self) -> str:
        if self.box.value() is None and self.box.text().strip():
            return f"Choose {self.field.label.lower()} from the list that opens as you type"
        return ""


class RefsPart(Part):
    """Several records of another kind: those chosen, each with its way out, and a field that finds one more."""

    def __init__(self, field: describe.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self._chosen: list[str] = []
        self._buttons: list[Button] = []
        self._flow_holder = QWidget()
        self._flow = FlowLayout(self._flow_holder)
        self.box = finder(field.options.refers_to, context, name)
        self.box.picked.connect(self._picked)
        self.setLayout(column(self._flow_holder, self.box, gap=8))
        self.lead = self.box

    def show_value(self, value: Any) -> None:
        self._chosen = [as_text(each) for each in value] if isinstance(value, list) else []
        if not isinstance(value, list) and not empty(value):
            self._chosen = [as_text(value)]
        for button in self._buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for record in self._chosen:
            name = self.context.desk.timelines.name(record)
            button = Button(name, icon="x", size=28)
            button.setAccessibleName(f"Remove {name}")
            button.clicked.connect(lambda _=False, record=record: self._remove(record))
            self._flow.addWidget(button)
            self._buttons.append(button)
        self._flow_holder.setVisible(bool(self._buttons))
        self.box.set_value(None)

    def typed(self) -> Any:
        return list(self._chosen)

    def problem(self) -> str:
        if self.box.text().strip():
            return f"Choose {self.field.label.lower()} from the list that opens as you type"
        return ""

    def _picked(self, picked: object) -> None:
        if isinstance(picked, Suggestion):
            record = str(picked.key)
            self.show_value(self._chosen if record in self._chosen else [*self._chosen, record])
            self.edited.emit()

    def _remove(self, record: str) -> None:
        self.show_value([each for each in self._chosen if each != record])
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()


class RowFrame(QFrame):
    """One row of a list field: its fields, and the way to take it out."""

    edited = Signal()
    removed = Signal()

    def __init__(self, field: describe.Field, context: Context, held: Mapping[str, Any]) -> None:
        super().__init__()
        self.field = field
        self._held = dict(held)
        self.row_id = str(held.get("id") or "")
        self.title = label("", "small_strong", "muted")
        self.remove = Button("Remove", icon="x", size=28)
        self.remove.clicked.connect(self.removed.emit)
        self.controls = {each.name: FieldControl(each, context) for each in field.rows}
        self.wrapped = {name: wrapped(control) for name, control in self.controls.items()}
        for name, control in self.controls.items():
            control.set_value(held.get(name))
            control.changed.connect(self.edited)
        set_state(self, "surface", "sunken")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self.setLayout(column(row(self.title, None, self.remove), self._grid, gap=4, margins=(12, 8, 12, 12)))
        arrange(self._grid, list(self.wrapped.values()))

    def set_number(self, number: int) -> None:
        """Say which row this is, to eye and ear."""
        name = f"{self.field.label} {number}"
        self.title.setText(name)
        self.setAccessibleName(name)
        self.remove.setAccessibleName(f"Remove {name}")
        for control in self.controls.values():
            control.set_name(f"{control.field.label}, {name}")

    def value(self) -> dict[str, Any]:
        """The row: unknown keys kept, its id made when it is new."""
        new = dict(self._held)
        for name, control in self.controls.items():
            value = control.value()
            if control.is_changed():
                new[name] = value
                if empty(value) and name not in self._held:
                    del new[name]
        if new != self._held and not new.get("id"):
            self.row_id = self.row_id or identity.row_id()
            new["id"] = self.row_id
        return new


class RowsPart(Part):
    """Rows that each have an id: repeating groups with a button to add one and one to take each out."""

    def __init__(self, field: describe.Field, context: Context, name: str) -> None:
        super().__init__(field, context, name)
        self._rows: list[RowFrame] = []
        self._odd: list[Any] = []
        self._box = QVBoxLayout()
        self._box.setSpacing(8)
        self._odd_words = label("", "small", "muted", wrap=True)
        self.add = Button(f"Add to '{field.label}'", icon="plus", size=28)
        self.add.clicked.connect(self._add)
        self.setLayout(column(self._odd_words, self._box, row(self.add, None), gap=8))
        self.lead = self.add

    def show_value(self, value: Any) -> None:
        for frame in self._rows:
            self._box.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
        self._rows = []
        listed = value if isinstance(value, list) else [] if empty(value) else [value]
        self._odd = [each for each in listed if not isinstance(each, Mapping)]
        self._odd_words.setText("\n".join(as_text(each) for each in self._odd))
        self._odd_words.setVisible(bool(self._odd))
        for each in listed:
            if isinstance(each, Mapping):
                self._take(each)
        self._number()

    def typed(self) -> Any:
        return [*self._odd, *(value for frame in self._rows if (value := frame.value()))]

    def rows(self) -> list[RowFrame]:
        """The rows shown."""
        return list(self._rows)

    def stops(self) -> list[QWidget]:
        """Each row's way out and fields, then the button that adds one."""
        inside = [[frame.remove, *(s for c in frame.controls.values() for s in c.stops())] for frame in self._rows]
        return [*(stop for stops in inside for stop in stops), self.add]

    def errors(self, path: str, found: Mapping[str, str]) -> list[tuple[str, QWidget]]:
        placed: list[tuple[str, QWidget]] = []
        for frame in self._rows:
            for name, question in frame.wrapped.items():
                words = frame.controls[name].problem() or found.get(f"{path}/{frame.row_id}/{name}", "")
                question.set_error(words)
                if words:
                    placed.append((words, question))
        return placed

    def _take(self, held: Mapping[str, Any]) -> RowFrame:
        frame = RowFrame(self.field, self.context, held)
        frame.edited.connect(self.edited)
        frame.removed.connect(lambda: self._remove(frame))
        self._rows.append(frame)
        self._box.addWidget(frame)
        return frame

    def _add(self) -> None:
        frame = self._take({})
        self._number()
        frame.show()
        self.rebuilt.emit()
        next(iter(frame.controls.values())).go()

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
        for number, frame in enumerate(self._rows, start=1):
            frame.set_number(number)


PARTS: Mapping[str, type[Part]] = {
    "text": TextPart, "phone": TextPart, "number": TextPart, "lines": TextPart, "code": CodePart, "codes": CodesPart,
    "flag": FlagPart, "day": DayPart, "instant": InstantPart, "ref": RefPart, "refs": RefsPart, "rows": RowsPart,
}  # fmt: skip


class FieldControl(QWidget):
    """One described field, to be filled in.

    ``value()`` is exactly what ``set_value`` was given until a person changes it; None stands for a field that is not
    there. ``changed`` comes when a person changed it, never from ``set_value``.
    """

    changed = Signal()

    def __init__(self, field: describe.Field, context: Context, *, name: str = "") -> None:
        super().__init__()
        self.field = field
        self._held: Any = None
        self._touched = False
        self._filling = False
        self.part = PARTS[field.type](field, context, name or field.label)
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
            target.setAccessibleName(name)

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
    """A control with its question, hint and place for an error; the words of a check box are its question."""
    question = Field(control.field.label, control, note=control.field.hint)
    question.label.setVisible(control.field.type != "flag")
    return question


def arrange(grid: QGridLayout, questions: Sequence[Field], *, columns: int = 2) -> None:
    """Put questions in reading order into a grid: short ones side by side, long ones across."""
    while grid.count():
        grid.takeAt(0)
    place = 0
    for question in questions:
        control = question.control
        short = columns > 1 and isinstance(control, FieldControl) and is_short(control.field)
        if not short and place % columns:
            place += 1
        across = 1 if short else columns
        grid.addWidget(question, place // columns, place % columns, 1, across, Qt.AlignmentFlag.AlignTop)
        place += across
    for number in range(columns):
        grid.setColumnStretch(number, 1)


def _today(context: Context) -> Callable[[], date]:
    return lambda: times.local_day(context.desk.clock())
