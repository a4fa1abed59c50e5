"""A form made from a kind's description: a question for each field by its type, in the order of sections and fields.

A page arranges fields by name and never declares one. In ``RecordForm(kind, context, ...)``, ``only=names`` asks some fields
only (those that a hand-made screen leaves out). ``body=fields`` asks the questions for a record with these answers,
``cards=True`` shows short lists as cards, and ``titles=False`` omits the section titles. ``parts`` gives some fields special
widgets. ``FieldControl`` is the control of one field. Unknown fields stay unchanged and are shown read only. Must not save
anything.
"""

import types
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hipss_desktop.kinds.catalogue import may_read
from hipss_desktop.records.changes import unit_label
from hipss_desktop.records.fields import Field as Described
from hipss_desktop.records.fields import Fields, Problem, as_text, is_nothing, parts_of
from hipss_desktop.records.kind import Kind
from hipss_desktop.services.records import two_versions
from hipss_desktop.views.undecided import Undecided
from ui.base.page import Context
from ui.parts import Button, Field, Heading, ReadOnlyField, arranged_once_at_a_time, column, grows
from ui.records.answer_parts import InstantPart, Part
from ui.records.caret import TextField
from ui.records.controls import FieldControl, QuestionGrid, chain, texts_in, wrapped
from ui.records.undecided import DecideTag, UndecidedAnswers
from ui.theme import theme_of

__all__ = ["FieldControl", "RecordForm"]

NARROW = 640
"""Pixels at 100 % text size: a narrower form has one column, unless a page gives another width."""
NEW: Fields = {}
"""The answers of a new record."""
OTHER = "Other answers"
"""The title over fields without a section, if there are sections."""


class _Section(QWidget):
    """A part of the form: its title, if it has one, and its questions."""

    def __init__(self, title: str, names: Sequence[str]) -> None:
        super().__init__()
        self.names = tuple(names)
        self.grid = QuestionGrid(24, 16)
        box = column(gap=12)
        if title:
            box.addWidget(Heading(title, 2))
        box.addLayout(self.grid)
        self.setLayout(box)
        grows(self)


class RecordForm(QWidget):
    """The questions of a kind.

    ``set_fields`` shows a record, and ``fields`` returns it with only the user's changes. A question that other answers make
    unnecessary is hidden and keeps its answer. Signals: ``changed`` when the user changed an answer, ``decide`` when the user
    wants to decide between two versions of one.
    """

    changed = Signal()
    decide = Signal()

    def __init__(
        self,
        kind: Kind,
        context: Context,
        *,
        only: Sequence[str] | None = None,
        body: Fields = NEW,
        cards: bool = False,
        titles: bool = True,
        narrow: int = NARROW,
        parts: Mapping[str, type[Part]] = types.MappingProxyType({}),
    ) -> None:
        super().__init__()
        self.kind = kind
        self._base: dict[str, Any] = {}
        included = kind.written(body) if only is None else only
        role = context.services.store.seat.role
        described = [field.name for field in kind.fields if field.name in included and _may_name(role, field)]
        sections = _sections(kind, described) if titles else [("", described)]
        self._sections = [_Section(title, names) for title, names in sections]
        order = [name for section in self._sections for name in section.names]
        self.controls = {
            name: FieldControl(kind.by_name[name], context, cards=cards, own=parts.get(name)) for name in order
        }
        self.questions: dict[str, Field] = {name: wrapped(control) for name, control in self.controls.items()}
        self._all = only is None
        self._shown: list[str] = []
        self._decides: dict[str, DecideTag] = {}
        self._columns, self._narrow = 0, narrow
        self._unknown_answers = QWidget()
        self._unknown_box = column(gap=12)
        self._unknown_answers.setLayout(self._unknown_box)
        self._unknown_answers.hide()
        self.setLayout(column(*self._sections, self._unknown_answers, gap=24 if kind.sections else 16))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        for section in self._sections:
            for name in section.names:
                self.questions[name].setParent(section)
        if {kind.ends_at, kind.dated_by} <= self.controls.keys():
            self.begins_with(kind.ends_at, kind.dated_by)
        for control in self.controls.values():
            control.changed.connect(self._edited)
            control.part.rebuilt.connect(self._chain)
        self._arrange()

    def set_fields(self, fields: Mapping[str, Any]) -> None:
        """Show a record without a signal, and remove all errors."""
        self._base = dict(fields)
        for name, control in self.controls.items():
            control.set_value(fields.get(name))
            self.questions[name].set_error("")
        if self._all:
            self._show_unknown({name: value for name, value in fields.items() if name not in self.kind.by_name})
        self._arrange()
        self._chain()

    def carry_over(self, fields: Mapping[str, Any]) -> None:
        """Replace the answers to these fields, including fields that are not asked, without a signal."""
        for name, value in fields.items():
            if is_nothing(value):
                self._base.pop(name, None)
            else:
                self._base[name] = value
            if name in self.controls:
                self.controls[name].set_value(self._base.get(name))
        self._arrange()
        self._chain()

    def fields(self) -> dict[str, Any]:
        """The present record; fields that were not asked or are unknown are as they were given."""
        answers = dict(self._base)
        for name, control in self.controls.items():
            if control.is_changed():
                value = control.value()
                if is_nothing(value) and value is not False and name not in self._base:
                    answers.pop(name, None)
                else:
                    answers[name] = value
        return answers

    def changed_fields(self) -> dict[str, Any]:
        """The answers that the user changed, by field."""
        return {name: control.value() for name, control in self.controls.items() if control.is_changed()}

    def begins_with(self, name: str, *beginnings: str) -> None:
        """Give a time typed without a day the day of another answer: the first of ``beginnings`` that is answered."""
        part, others = self.controls[name].part, [self.controls[beginning] for beginning in beginnings]
        if isinstance(part, InstantPart):
            part.begins = lambda: next((value for control in others if not is_nothing(value := control.value())), "")

    def know(self, others: Mapping[str, Any]) -> None:
        """Add answers that are given elsewhere, because they also determine which questions are asked."""
        self._base |= {name: value for name, value in others.items() if name not in self.controls}
        self._arrange()

    def settle(self) -> None:
        """Complete the typed texts as if each field lost the focus."""
        for control in self.controls.values():
            control.part.settle()

    def go(self, name: str) -> None:
        """Focus a question."""
        self.questions[name].go()

    def question(self, path: str) -> Field | None:
        """The question of a field, or of a row's field ("rows/ROW/name"); None if this form does not ask it."""
        name, row, row_field = parts_of(path)
        control = self.controls.get(name)
        if control is None:
            return None
        inside = control.part.question(row, row_field) if row else None
        return inside or self.questions[name]

    def section_of(self, name: str) -> QWidget:
        """The section of the form that contains a question."""
        return next(section for section in self._sections if name in section.names)

    def text_fields(self) -> dict[str, TextField]:
        """The text fields, by name and place."""
        fields: dict[str, TextField] = {}
        for name in self._shown:
            fields |= texts_in(self.controls[name].stops(), name)
        return fields

    def own_problems(self) -> list[Problem]:
        """The problems of typed texts that cannot be read, although the record would be valid without them."""
        return [
            Problem(name, control.problem())
            for name, control in self.controls.items()
            if name in self._shown and control.problem()
        ]

    def show_problems(self, problems: Sequence[Problem]) -> list[tuple[str, QWidget]]:
        """Show each problem beside its question and remove all others; return (words, widget) pairs in the form's order.

        Problems of questions outside this form are ignored.
        """
        messages: dict[str, str] = {}
        for own_problem in [*self.own_problems(), *problems]:
            messages.setdefault(own_problem.field, own_problem.message)
        placed: list[tuple[str, QWidget]] = []
        for name, question in self.questions.items():
            words = messages.get(name, "")
            question.set_error(words)
            inside = self.controls[name].part.errors(name, messages)
            within = next((words for path, words in messages.items() if path.startswith(f"{name}/")), "")
            if within and not inside and not words:
                words = within
                question.set_error(words)
            placed += ([(words, question)] if words else []) + inside
        return placed

    def show_undecided(self, answers: Sequence[Undecided]) -> None:
        """Show below each question its undecided versions, and why it cannot be amended now."""
        for name, question in self.questions.items():
            of_question = [answer for answer in answers if answer.field == name]
            self._decides.pop(name, None)
            shown = UndecidedAnswers(two_versions(self.kind, name), of_question) if of_question else None
            if shown is not None:
                shown.asked.connect(self.decide)
                self._decides[name] = shown.decide
            question.show_below(shown)
        self._chain()

    def first_focus(self) -> QWidget | None:
        """The widget that answers the first question."""
        stops = self.controls[self._shown[0]].stops() if self._shown else []
        return next((stop for stop in stops if not isinstance(stop, Button)), stops[0] if stops else None)

    def _edited(self) -> None:
        self._arrange()
        self.changed.emit()

    def _show_unknown(self, unknown: Mapping[str, Any]) -> None:
        while self._unknown_box.count():
            item = self._unknown_box.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if unknown:
            self._unknown_box.addWidget(Heading("Kept from a newer version of the program", 3, style="body_strong"))
        for name, value in unknown.items():
            label = unit_label(None, name)
            self._unknown_box.addWidget(Field(label, ReadOnlyField(as_text(value), name=f"{label}, read only")))
        self._unknown_answers.setVisible(bool(unknown))

    @arranged_once_at_a_time
    def _arrange(self) -> None:
        """Lay out the questions that the present answers require, in two columns if there is room, else in one."""
        record = self.kind.read(self.fields())
        shown = [name for name, control in self.controls.items() if control.field.shown(record)]
        columns = 2 if self.width() >= theme_of(self).px(self._narrow) else 1
        if (shown, columns) == (self._shown, self._columns):
            return
        self._shown, self._columns = shown, columns
        for section in self._sections:
            section.setVisible(any(name in shown for name in section.names))
            section.grid.show_asked({name: self.questions[name] for name in section.names}, shown, columns)
        self._chain()

    def _chain(self) -> None:
        """Set the Tab order to the reading order, including widgets made later."""
        decides = {name: [self._decides[name]] if name in self._decides else [] for name in self._shown}
        chain([stop for name in self._shown for stop in (*self.controls[name].stops(), *decides[name])])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


def _may_name(role: str, field: Described) -> bool:
    """Whether a role may choose an answer: a field may not refer to a kind that the role may not read."""
    return not field.options.refers_to or may_read(role, field.options.refers_to)


def _sections(kind: Kind, described: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The titles and fields of a kind's sections, in their order, then the fields without a section."""
    sections = [(section.title, [name for name in section.fields if name in described]) for section in kind.sections]
    placed = {name for _, names in sections for name in names}
    rest = [name for name in described if name not in placed]
    return [(title, names) for title, names in [*sections, (OTHER if placed else "", rest)] if names]
