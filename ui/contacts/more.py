"""'More about this call': every field of a contact that the seven questions do not ask, generated from the description.

Alt+8 opens the group. The fields are made when it is first opened. Must not name a field that it shows.
"""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.records.fields import is_nothing
from ui.base.page import Context
from ui.contacts.answers import Answers
from ui.parts import Button, Field, column, row
from ui.records.caret import TextField
from ui.records.controls import FieldControl, QuestionGrid, chain, texts_in, wrapped
from ui.theme import theme_of

ASKED_ABOVE = frozenset(
    {
        *("type", "caller", "caller_name", "caller_not_known", "call_back", "children", "channel", "concerns"),
        *(
            "missing",
            "missing_since",
            "last_seen_not_known",
            "back_at",
            "happening",
            "information",
            "advice",
            "no_advice",
            "risk",
        ),
        *("needs_to_know", "follow_ups"),
    }
)
"""Fields that the seven questions ask by hand."""


class More(QWidget):
    """The group.

    Signals:
        opened(): a person unfolded the group.
    """

    opened = Signal()

    def __init__(self, answers: Answers, context: Context) -> None:
        super().__init__()
        self._answers, self._context = answers, context
        self._controls: dict[str, FieldControl] = {}
        self._questions: dict[str, Field] = {}
        self.button = Button("More about this call", icon="right", keycap="Alt+8", size=28)
        self.button.clicked.connect(self.toggle)
        self._inside = QWidget()
        self._grid = QuestionGrid(16, 12)
        self._inside.setLayout(self._grid)
        self._inside.setContentsMargins(0, 8, 0, 0)
        self._inside.hide()
        self.setLayout(column(row(self.button, None), self._inside, gap=0, margins=(16, 4, 0, 0)))
        self.setFocusProxy(self.button)
        self._words()

    def is_open(self) -> bool:
        """Whether the group is unfolded."""
        return not self._inside.isHidden()

    def toggle(self) -> None:
        """Unfold the group, or fold it."""
        self.set_open(not self.is_open())
        if self.is_open():
            self.opened.emit()

    def set_open(self, unfolded: bool) -> None:
        """Unfold or fold the group."""
        if unfolded and not self._controls:
            self._make()
        self._inside.setVisible(unfolded)
        self._words()
        if unfolded:
            self._show()

    def go(self, name: str) -> None:
        """Unfold the group and move the focus to one of its fields."""
        self.set_open(True)
        self._controls[name].go()

    def question(self, name: str) -> Field:
        """Unfold the group and return one of its questions."""
        self.set_open(True)
        return self._questions[name]

    def show_answers(self, changed: frozenset[str]) -> None:
        """Show answers that were changed outside this group."""
        self._words()
        if self._controls:
            self._show()

    def asks(self, name: str) -> bool:
        """Whether the group asks for a field."""
        return name in self._names()

    def text_fields(self) -> dict[str, TextField]:
        """The text fields, by name and place. There are none until the group is first opened."""
        fields: dict[str, TextField] = {}
        for name, control in self._controls.items():
            fields |= texts_in(control.stops(), name)
        return fields

    def errors(self, messages: Mapping[str, str]) -> list[tuple[str, QWidget]]:
        """Show errors by path, and unfold the group if it has any. Return the widget of each error."""
        if any(path.split("/")[0] in self._names() for path in messages):
            self.set_open(True)
        placed: list[tuple[str, QWidget]] = []
        for name, question in self._questions.items():
            control = self._controls[name]
            words = messages.get(name, "")
            question.set_error(words)
            placed += [(words, question)] if words else control.part.errors(name, messages)
        return placed

    def problems(self) -> dict[str, str]:
        """The fields whose text cannot be read, with the reason that their controls give."""
        return {name: control.problem() for name, control in self._controls.items() if control.problem()}

    def _names(self) -> list[str]:
        return [
            field.name
            for field in CONTACT.fields
            if field.name not in ASKED_ABOVE
            and (
                (field.options.searchable and not field.options.grows) or not is_nothing(self._answers.get(field.name))
            )
        ]

    def _make(self) -> None:
        described = CONTACT.by_name
        for name in self._names():
            control = FieldControl(described[name], self._context)
            control.changed.connect(lambda name=name: self._edited(name))
            control.part.rebuilt.connect(self._chain)
            self._controls[name] = control
            self._questions[name] = wrapped(control)
            self._questions[name].setParent(self._inside)
        self._chain()

    def _chain(self) -> None:
        """Make Tab go from the button through the group in reading order, and then to what follows."""
        stops = [stop for control in self._controls.values() for stop in control.stops()]
        chain([self.button, *stops])

    def _edited(self, name: str) -> None:
        self._answers.put(**{name: self._controls[name].value()})

    def _show(self) -> None:
        for name, control in self._controls.items():
            answer = self._answers.get(name)
            if not control.isAncestorOf(self.focusWidget() or self) and control.value() != answer:
                control.set_value(answer)
        self._arrange()

    def _arrange(self) -> None:
        columns = 2 if self.width() >= theme_of(self).px(520) else 1
        shown_names = [
            name for name in self._controls if self._answers.shown(name) and not self._is_answered_above(name)
        ]
        self._grid.show_asked(self._questions, shown_names, columns)

    def _is_answered_above(self, name: str) -> bool:
        """Whether the first question answers this field: a carer who is chosen there also gives the caller's role."""
        return name == "caller_role" and bool(self._answers.text("caller"))

    def _words(self) -> None:
        filled = [name for name in self._names() if not is_nothing(self._answers.get(name)) and name not in _ALWAYS]
        count = f" · {len(filled)} answered" if filled and not self.is_open() else ""
        self.button.setText(f"More about this call{count}")
        self.button.icon_name = "down" if self.is_open() else "right"
        self.button.setAccessibleDescription(f"Shortcut Alt+8. {'Open' if self.is_open() else 'Closed'}")
        self.button.updateGeometry()
        self.button.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.is_open():
            self._arrange()


_ALWAYS = frozenset({"told", "caller_role", "ended"})
"""Filled in by the call itself or with the caller, so not worth counting."""
