"""Question 1: who is calling, about which children, and how. A chosen caller fills in the child placed there tonight.

Must not read the store on the window's thread: what follows from a choice is read off it and merged into the answers.
"""

from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.contact import CALL, INFORMATION
from hipss_desktop.records import telephone
from hipss_desktop.records.codes import within
from hipss_desktop.records.fields import as_text
from hipss_desktop.services.calls import Chosen
from hipss_desktop.services.people import Person
from ui.base.announce import announce
from ui.base.kind_style import style_of
from ui.base.page import Context
from ui.contacts.answers import DESCRIBED, NOT_KNOWN, Answers
from ui.parts import (
    CheckBox,
    ComboBox,
    ElidedLabel,
    Field,
    FlowLayout,
    PersonField,
    Suggestion,
    TextButton,
    column,
    grows,
    label,
    row,
    spoken_label,
)
from ui.records.controls import FieldControl, wrapped
from ui.theme import theme_of

NO_CALLER = "No caller yet"
CALLER_NAMES = ("caller", "caller_name", "caller_role", "call_back")


class SmallComboBox(ComboBox):
    """A drop-down 28 px high, for a choice that is rarely needed."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme_of(self).px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), theme_of(self).px(28))


class CallerQuestion(QWidget):
    """The row of caller, child and channel, and a line for rarely needed answers.

    Signals:
        number_asked(): the user wants to enter a call-back number.
    """

    number_asked = Signal()

    def __init__(self, answers: Answers, context: Context) -> None:
        super().__init__()
        self._answers, self._context = answers, context
        self._typing_number = False
        contacts = context.services.calls
        self.caller = PersonField(
            lambda typed: [_suggestion(caller) for caller in contacts.callers(typed)], name=DESCRIBED["caller"].label
        )
        self.caller.textEdited.connect(self._caller_typed)
        self.caller.picked.connect(self._caller_picked)
        self.caller.editingFinished.connect(self._caller_left)
        self.child = PersonField(self._children, name="Child", icon=style_of(CHILD.name).icon, placeholder="Child")
        self.child.picked.connect(self._child_picked)
        self.child.cleared.connect(self._child_cleared)
        self.channel = _codes("channel", icon="phone")
        self.channel.picked.connect(lambda code: answers.put(channel=code))
        self.not_known = CheckBox(NOT_KNOWN)
        self.not_known.setAccessibleName(f"{NOT_KNOWN}, who is calling")
        self.not_known.toggled.connect(lambda on: answers.put(caller_not_known=on))
        self.number_label = label("Call back", "small", "muted")
        self.number = label("", "phone")
        self.add_number = TextButton("Add call-back number", size=28)
        self.add_number.clicked.connect(self.number_asked)
        self.add_child = TextButton("Add another child", size=28)
        self.add_child.clicked.connect(self._another)
        self.kind = SmallComboBox(
            [(code.code, code.label) for code in DESCRIBED["type"].choices.codes], name=DESCRIBED["type"].label
        )
        self.kind.picked.connect(self._kind_picked)
        self.children_control = FieldControl(DESCRIBED["children"], context)
        self.children_control.changed.connect(self._children_changed)
        self.children_field = wrapped(self.children_control)
        self.children_field.hide()
        self.note = ElidedLabel("", "small", "muted")
        for part in (self.child, self.channel, self.kind):
            spoken_label(part.accessibleName(), part)
        self._lay_out()

    def _lay_out(self) -> None:
        first = row(gap=8)
        shares: tuple[tuple[QWidget, int], ...] = ((self.caller, 270), (self.child, 240), (self.channel, 118))
        for part, share in shares:
            part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            first.addWidget(part, share)
        number = QWidget()
        number.setLayout(row(self.number_label, self.number, gap=4))
        self._number_holder = number
        line = QWidget()
        flow = FlowLayout(line, gap=6, line_gap=4)
        for small in (number, self.not_known, self.add_number, self.add_child, self.kind):
            flow.addWidget(small)
        grows(line)
        self.setLayout(column(first, line, self.children_field, gap=8))
        self.setFocusProxy(self.caller)

    def field(self) -> Field:
        """Return the question as a numbered field with its note."""
        numbered_field = Field(DESCRIBED["caller"].label, self, number=1, actions=[self.note])
        self.caller.setAccessibleName(DESCRIBED["caller"].label)
        return numbered_field

    def show_answers(self) -> None:
        """Show the present answers."""
        answers = self._answers
        name, shown = answers.text("caller_name"), self.caller.text()
        if name != shown and not (self._typing_number and not name):
            role = within(DESCRIBED["caller_role"].words(answers.get("caller_role")))
            self.caller.set_value(Suggestion(answers.text("caller"), name, role) if name else None)
        self._show_child()
        self.channel.choose(answers.text("channel"))
        self.kind.choose(answers.text("type") or "call")
        _tick(self.not_known, on=answers.get("caller_not_known") is True)
        self.not_known.setVisible(not name)
        self.not_known.setMinimumHeight(theme_of(self).px(28))
        number = answers.text("call_back")
        self.number.setText(telephone.grouped(number))
        self._number_holder.setVisible(bool(number))
        self.add_number.setText("Change" if number else "Add call-back number")
        self.add_number.setAccessibleName("Change call-back number" if number else "")
        children = answers.read().children
        self.add_child.setVisible(bool(children) and not self.children_field.isVisibleTo(self))
        if len(children) > 1:
            self.children_field.show()
        if self.children_control.value() != answers.get("children"):
            self.children_control.set_value(answers.get("children"))

    def _show_child(self) -> None:
        first = next(iter(self._answers.read().children), "")
        held = self.child.value()
        if first and (held is None or held.key != first):
            self.child.set_value(self._suggested(first))
        elif not first and held is not None:
            self.child.set_value(None)

    def _suggested(self, child: str, formerly: str = "") -> Suggestion:
        words, local = self._context.services.calls.child_words(child)
        return Suggestion(child, words, ", ".join(filter(None, (formerly, local))), style_of(CHILD.name).icon)

    def _children(self, typed: str) -> list[Suggestion]:
        children = self._context.services.calls.children(typed, carer=self._answers.text("caller"))
        return [self._suggested(child, formerly) for child, formerly in children.items()]

    def _caller_typed(self, text: str) -> None:
        """Save a typed name as the caller's, or a typed number as the call-back number; remove what a picked caller filled in."""
        is_number = bool(telephone.dialled(text))
        new: dict[str, Any] = {"caller_name": "" if is_number else text}
        if not is_number:
            new["caller_not_known"] = False
        if self._answers.text("caller_role"):
            new |= {"caller": "", "caller_role": "", "call_back": "", **self._without_brought_child()}
        if is_number or self._typing_number:
            new["call_back"] = text.strip() if is_number else ""
        self._typing_number = is_number
        self._answers.put(**new)
        self.note.set_whole(NO_CALLER if is_number and not self.caller.list_is_open() else "")

    def is_typing(self) -> bool:
        """Whether the user is typing a caller's name and has picked no caller."""
        return self.caller.hasFocus() and self.caller.value() is None

    def _caller_left(self) -> None:
        """Move a typed number to the call-back line below, so that the field is free for the caller's name."""
        if self._typing_number:
            self._typing_number = False
            self.caller.set_value(None)
            self.note.set_whole(NO_CALLER)
            announce(self.caller, f"{DESCRIBED['call_back'].label} {self.number.text()}. {NO_CALLER}")

    def _caller_picked(self, picked: object) -> None:
        if isinstance(picked, Suggestion) and isinstance(picked.key, Person):
            self.take_caller(picked.key)

    def take_caller(self, person: Person) -> None:
        """Fill in a caller with their number and the child placed there tonight."""
        self._typing_number = False
        before = self._answers.fields()
        answers_before = before | self._without_brought_child()
        contacts = self._context.services.calls

        def filled(chosen: Chosen) -> None:
            self.note.set_whole(chosen.note)
            self._answers.brought_child = chosen.child
            self._answers.merge(before, chosen.fields)
            self._answers.arrived()
            announce(self.caller, self._spoken(person, chosen))

        self._answers.expect()
        self._context.runner.read(lambda: contacts.caller_chosen(answers_before, person), filled, context=self)

    def _kind_picked(self, kind: str) -> None:
        """Save the kind of contact; move the description to the question that this kind asks."""
        asks, other = ("information", "happening") if kind == INFORMATION else ("happening", "information")
        words = self._answers.text(other)
        moved = {asks: words, other: ""} if words and not self._answers.text(asks) else {}
        self._answers.put(type=kind, **(moved if kind in (CALL, INFORMATION) else {}))

    def _child_picked(self, picked: object) -> None:
        if isinstance(picked, Suggestion):
            self.take_child(str(picked.key))

    def take_child(self, child: str) -> None:
        """Replace the first child with another child."""
        self._answers.brought_child = ""
        before = self._answers.fields()
        self._answers.merge(before, self._context.services.calls.child_chosen(before, child))
        self.note.set_whole("")

    def _without_brought_child(self) -> dict[str, Any]:
        """The ``children`` answer without the child that came with the caller; {} if no child did."""
        brought = self._answers.brought_child
        return (
            {"children": [child for child in self._answers.listed("children") if child != brought]} if brought else {}
        )

    def _spoken(self, person: Person, chosen: Chosen) -> str:
        """One announcement of who was picked and what was filled in with them."""
        child = self._context.services.people.name(chosen.child) if chosen.child else ""
        number = telephone.grouped(as_text(chosen.fields.get("call_back")))
        came_along = f"{child} picked from the placement" if child and chosen.note else chosen.note
        parts = [_suggestion(person).phrase(), came_along, number]
        return ". ".join(part.rstrip(".") for part in parts if part)

    def _child_cleared(self) -> None:
        self._answers.brought_child = ""
        first = self._answers.read().children[:1]
        self._answers.put(children=[child for child in self._answers.listed("children") if child not in first])
        self.note.set_whole("")

    def _another(self) -> None:
        self.children_field.show()
        self.add_child.hide()
        self.children_control.go()

    def _children_changed(self) -> None:
        children = self.children_control.value()
        if self._answers.brought_child not in children:  # removed by hand; if added again, the child counts as chosen
            self._answers.brought_child = ""
        self._answers.put(children=children)


def _suggestion(person: Person) -> Suggestion:
    return Suggestion(person, person.name, person.beside, style_of(person.kind).icon)


def _codes(name: str, *, icon: str = "") -> ComboBox:
    options = [(code.code, code.label) for code in DESCRIBED[name].choices.codes]
    return ComboBox(options, name=DESCRIBED[name].label, icon=icon)


def _tick(box: CheckBox, *, on: bool) -> None:
    with QSignalBlocker(box):
        box.setChecked(on)
