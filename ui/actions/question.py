"""What a press on an action asks before it is done: the answers of a stage, its reason, or who takes the action over.

It opens where the press was, Enter finishes it, Esc closes it with nothing changed. What is asked is described with the kind.
"""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.action import ACTION, HANDED_OVER
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.records.fields import Problem, as_text
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.actions import ActionView, Verb
from ui.base.announce import announce
from ui.base.page import Context
from ui.parts import (
    Button,
    Card,
    ComboBox,
    Field,
    Heading,
    IconLabel,
    LineEdit,
    PersonField,
    PrimaryButton,
    reveal_inside,
    row,
)
from ui.records.find import finder
from ui.records.form import RecordForm

REASON = ""
"""Stands for the one line that is no field: the reason, or who takes the action over."""
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ActionQuestion(Card):
    """The question of one press.

    Signals:
        given(object): the use case that writes the answer, to be run by what opened the question.
        closed(): the person wants no answer given.
    """

    given = Signal(object)
    closed = Signal()

    def __init__(self, context: Context, view: ActionView, verb: Verb) -> None:
        super().__init__(tone="accent")
        self.context, self.view, self.verb = context, view, verb
        self.setAccessibleName(f"{verb.label}: {view.title}")
        self.title = Heading(f"{verb.label}: {view.title}", 3, style="body_strong")
        self.title.setWordWrap(True)
        self.problem = IconLabel("alert", "", "body_strong", "risk")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.confirm = PrimaryButton(verb.label, keycap="Enter")
        self.cancel = Button("Close", keycap="Esc", size=36)
        self.cancel.setAccessibleName("Close, nothing is changed")
        self.confirm.clicked.connect(self.answer)
        self.cancel.clicked.connect(self.closed)

    def finish_layout(self, *questions: QWidget) -> None:
        """Lay out the questions above the buttons, and have Enter in any of them give the answer."""
        self.add(self.title, self.problem, *questions)
        self.body.addLayout(row(self.confirm, self.cancel, None))
        for question in questions:
            for inside in question.findChildren(QWidget):
                inside.installEventFilter(self)

    def go(self) -> None:
        """Move the focus to the first question."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def answer(self) -> None:
        """Give the answer, or show what is missing."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def words(self) -> dict[str, str]:
        """The words that were typed, by the field that they stand in."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def put_words(self, words: Mapping[str, str]) -> None:
        """Show words that were typed before."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def show_failure(self, error: HipssError) -> None:
        """Say why the answer was not taken; what was typed stays."""
        self.setEnabled(True)
        self.problem.setText(str(error))
        self.problem.show()
        announce(self, str(error), assertive=True)
        self.go()

    def give(self, work: Callable[[], Revision]) -> None:
        """Have the answer written; nothing is typed into it meanwhile."""
        self.problem.hide()
        self.setEnabled(False)
        self.given.emit(work)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in ENTER:
            choosing = isinstance(watched, Button | ComboBox) or (
                isinstance(watched, PersonField) and watched.list_is_open()
            )
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if not choosing and modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
                if not event.isAutoRepeat():  # the press that opened the question does not answer it
                    self.answer()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)


class MoveQuestion(ActionQuestion):
    """What moving an action to a stage asks: its answers, or the one reason."""

    def __init__(self, context: Context, view: ActionView, verb: Verb) -> None:
        super().__init__(context, view, verb)
        self.reason = Field(verb.question, LineEdit(name=verb.question)) if verb.question else None
        self.form = RecordForm(ACTION, context, only=verb.asks) if verb.asks else None
        if self.form is not None:
            self.form.set_fields({**view.fields, "closed_at": times.stamp(context.desk.clock())})
        self.finish_layout(*filter(None, (self.reason, self.form)))

    def go(self) -> None:
        """Move the focus to the reason, or the first question."""
        first = self.reason.focus_target() if self.reason is not None else None
        if first is None and self.form is not None:
            first = self.form.first_focus()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        reveal_inside(self)

    def words(self) -> dict[str, str]:
        """The reason and the answers in words."""
        fields = self.form.fields() if self.form is not None else {}
        answers = {name: as_text(fields.get(name)) for name in self.verb.asks if ACTION.by_name[name].type == "text"}
        return {**answers, REASON: self._line.text() if self._line is not None else ""}

    def put_words(self, words: Mapping[str, str]) -> None:
        """Show the reason and the answers in words that were typed before."""
        if self._line is not None:
            self._line.setText(words.get(REASON, ""))
        if self.form is not None:
            answers = {name: text for name, text in words.items() if name != REASON}
            self.form.set_fields({**self.form.fields(), **answers})

    @property
    def _line(self) -> LineEdit | None:
        control = self.reason.control if self.reason is not None else None
        return control if isinstance(control, LineEdit) else None

    def answer(self) -> None:
        """Give the answers; what cannot be read or is missing is shown beside its question."""
        why = self._line.text().strip() if self._line is not None else ""
        if self.reason is not None and not why:
            self.reason.set_error("Enter the reason")
            announce(self, "Error: Enter the reason.", assertive=True)
            self.go()
            return
        if self._show_problems([]):
            return
        typed = self.form.fields() if self.form is not None else {}
        answers = {name: typed[name] for name in self.verb.asks if typed.get(name)}
        actions, record, stage = self.context.desk.actions, self.view.record, self.verb.code
        reason = why or str(answers.get("closing_note") or "")
        self.give(lambda: actions.move(record, stage, answers, reason))

    def show_failure(self, error: HipssError) -> None:
        """Show what keeps it from being done beside its question, else above all."""
        self.setEnabled(True)
        problems = error.problems if isinstance(error, Unfinished) else ()
        if not self._show_problems(problems):
            super().show_failure(error)

    def _show_problems(self, problems: Sequence[Problem]) -> bool:
        placed = self.form.show_problems(problems) if self.form is not None else []
        if placed:
            words, question = placed[0]
            announce(self, f"Error: {words}.", assertive=True)
            if isinstance(question, Field):
                question.go()
        return bool(placed)


class HandOverQuestion(ActionQuestion):
    """Who takes an action over: a colleague found by name, or a name typed by hand, as of a team."""

    def __init__(self, context: Context, view: ActionView, verb: Verb) -> None:
        super().__init__(context, view, verb)
        described = next(field for field in ACTION.by_name[HANDED_OVER].rows if field.name == "name")
        self.person = finder(PRACTITIONER.name, context, f"{verb.label} to")
        self.person.setAccessibleName(f"{verb.label} to")
        self.field = Field(f"{verb.label} to", self.person, note=described.hint)
        self.finish_layout(self.field)
        self.person.installEventFilter(self)

    def go(self) -> None:
        """Move the focus to the name."""
        self.person.setFocus(Qt.FocusReason.OtherFocusReason)
        reveal_inside(self)

    def words(self) -> dict[str, str]:
        """The name as it stands."""
        return {REASON: self.person.text()}

    def put_words(self, words: Mapping[str, str]) -> None:
        """Show a name that was typed before; the colleague is picked again."""
        self.person.setText(words.get(REASON, ""))

    def answer(self) -> None:
        """Hand it over to the colleague picked, or to the name as it is typed."""
        picked, typed = self.person.value(), self.person.text().strip()
        if not typed:
            self.field.set_error("Enter who takes it over")
            announce(self, "Error: Enter who takes it over.", assertive=True)
            self.go()
            return
        actions, record = self.context.desk.actions, self.view.record
        known = str(picked.key) if picked else ""

        def hand_over() -> Revision:
            return actions.hand_over(record, typed, to=known or actions.person_named(typed))

        self.give(hand_over)


def question_of(context: Context, view: ActionView, verb: Verb) -> ActionQuestion:
    """The question that a press asks."""
    question = HandOverQuestion if verb.code == HANDED_OVER else MoveQuestion
    return question(context, view, verb)
