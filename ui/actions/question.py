"""The question after a press on an action: the answers of a stage, the reason, or who takes the action over.

It opens below the buttons, Enter answers it, Esc closes it without a change. Typed answers are saved as a draft and appear
when the same question opens again. The kind describes what is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.action import ACTION, HANDED_OVER
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.records.fields import Problem
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.questions import add_to, move_to
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.actions import ActionView, Verb
from ui.base.announce import announce
from ui.base.page import Context
from ui.parts import (
    Button,
    Field,
    Heading,
    IconLabel,
    LineEdit,
    PrimaryButton,
    Suggestion,
    reveal_inside,
    row,
)
from ui.records.caret import TextField
from ui.records.find import finder
from ui.records.form import RecordForm
from ui.records.question_card import QuestionCard
from ui.records.question_draft import QuestionDraft

CHANGED = "This action was changed while you were writing. What you typed is kept in Drafts until you discard it there."


class ActionQuestion(QuestionCard):
    """The question of one press, with what was typed into it earlier.

    Signals:
        given(object): the function that writes the answer; the widget that opened the question runs it.
    """

    given = Signal(object)

    def __init__(self, context: Context, view: ActionView, verb: Verb) -> None:
        super().__init__()
        self.context, self.view, self.verb = context, view, verb
        self.question_name = question_named(verb.code)
        self.before = context.services.questions.draft(view.record, ACTION.name, self.question_name)
        self.keeper = QuestionDraft(self, context, self.before, self.typed, self.text_fields)
        self.setAccessibleName(f"{verb.label}: {view.named}")
        self.title = Heading(f"{verb.label}: {view.named}", 3, style="body_strong")
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
        """Lay out the questions above the buttons, and make Enter in any of them give the answer."""
        self.add(self.title, self.problem, *questions)
        self.body.addLayout(row(self.confirm, self.cancel, None))
        self.answered_by_enter(*(inside for question in questions for inside in question.findChildren(QWidget)))

    def go(self) -> None:
        """Move the focus to the first question."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def typed(self, draft: Draft) -> Draft:
        """The draft with the present text."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def text_fields(self) -> Mapping[str, TextField]:
        """The text fields, by name."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def show_offered(self, *, offered: bool) -> None:
        """Show a problem if the press is not offered any more, for example because another laptop closed the action."""
        if not offered and self.isEnabled() and self.keeper.is_begun():
            self._show_problem(CHANGED)

    def show_failure(self, error: HipssError) -> None:
        """Show why the answer was not saved; the typed text stays."""
        self._take_again()
        self._show_problem(str(error))
        announce(self, str(error), assertive=True)
        self.go()

    def _show_problem(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.show()

    def _take_again(self) -> None:
        self.setEnabled(True)
        self.keeper.start()

    def give(self, work: Callable[[], Revision]) -> None:
        """Send the function that writes the answer, and disable the question meanwhile."""
        self.problem.hide()
        self.keeper.hand_in()
        self.setEnabled(False)
        self.given.emit(work)


class MoveQuestion(ActionQuestion):
    """The question for moving an action to a stage: its answers, or only the reason."""

    def __init__(self, context: Context, view: ActionView, verb: Verb) -> None:
        super().__init__(context, view, verb)
        self.reason = Field(verb.question, LineEdit(name=verb.question)) if verb.question else None
        self.form = RecordForm(ACTION, context, only=verb.asks) if verb.asks else None
        self._asked_with = {**view.fields, "closed_at": times.stamp(context.services.clock())}
        if self.form is not None:
            self.form.set_fields({**self._asked_with, **self.before.fields})
            self.form.changed.connect(self.keeper.note)
        if self._line is not None:
            self._line.setText(self.before.why)
            self._line.textEdited.connect(self.keeper.note)
        self.finish_layout(*filter(None, (self.reason, self.form)))

    def go(self) -> None:
        """Focus the reason, or the first question."""
        first = self.reason.focus_target() if self.reason is not None else None
        if first is None and self.form is not None:
            first = self.form.first_focus()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        reveal_inside(self)

    def typed(self, draft: Draft) -> Draft:
        """The draft with the reason, and the answers that differ from those the question opened with."""
        answers = self.form.fields() if self.form is not None else {}
        changed = {
            name: answers.get(name) for name in self.verb.asks if answers.get(name) != self._asked_with.get(name)
        }
        return replace(draft, fields=changed, why=self._line.text() if self._line is not None else "")

    def text_fields(self) -> Mapping[str, TextField]:
        """The text fields of the reason and the questions, by name."""
        fields: dict[str, TextField] = {"why": self._line} if self._line is not None else {}
        return {**fields, **self.form.text_fields()} if self.form is not None else fields

    @property
    def _line(self) -> LineEdit | None:
        control = self.reason.control if self.reason is not None else None
        return control if isinstance(control, LineEdit) else None

    def answer(self) -> None:
        """Send the answers, or show beside the questions what is unreadable or missing."""
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
        actions, record, stage = self.context.services.actions, self.view.record, self.verb.code
        reason = why or str(answers.get("closing_note") or "")
        question = self.question_name
        self.give(lambda: actions.move(record, stage, answers, reason, question=question))

    def show_failure(self, error: HipssError) -> None:
        """Show each problem beside its question, or above all questions if it belongs to none."""
        self._take_again()
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
    """The question who takes an action over: a colleague found by name, or a typed name, for example of a team."""

    def __init__(self, context: Context, view: ActionView, verb: Verb) -> None:
        super().__init__(context, view, verb)
        described = next(field for field in ACTION.by_name[HANDED_OVER].rows if field.name == "name")
        self.person = finder(PRACTITIONER.name, context, f"{verb.label} to")
        self.person.setAccessibleName(f"{verb.label} to")
        self.field = Field(f"{verb.label} to", self.person, note=described.hint)
        for row_before in self.before.fields.get(HANDED_OVER) or ():
            name, to = str(row_before.get("name") or ""), str(row_before.get("to") or "")
            self.person.set_value(Suggestion(to, name) if to else None)
            self.person.setText(name)
        self.person.textChanged.connect(self.keeper.note)
        self.finish_layout(self.field)
        self.answered_by_enter(self.person)

    def go(self) -> None:
        """Focus the name."""
        self.person.setFocus(Qt.FocusReason.OtherFocusReason)
        reveal_inside(self)

    def typed(self, draft: Draft) -> Draft:
        """The draft with the present name and the picked colleague."""
        picked, name = self.person.value(), self.person.text()
        row_before: Mapping[str, Any] = next(
            iter(draft.fields.get(HANDED_OVER) or ()), {}
        )  # the record's own page asks for more fields of this row
        step = {**row_before, "name": name, "to": str(picked.key) if picked else ""}
        return replace(draft, fields={HANDED_OVER: [step]} if name.strip() else {})

    def text_fields(self) -> Mapping[str, TextField]:
        """The field of the name."""
        return {"name": self.person}

    def answer(self) -> None:
        """Hand the action over to the picked colleague, or to the typed name."""
        picked, typed = self.person.value(), self.person.text().strip()
        if not typed:
            self.field.set_error("Enter who takes it over")
            announce(self, "Error: Enter who takes it over.", assertive=True)
            self.go()
            return
        actions, record = self.context.services.actions, self.view.record
        known, question = str(picked.key) if picked else "", self.question_name

        def hand_over() -> Revision:
            return actions.hand_over(record, typed, to=known or actions.person_named(typed), question=question)

        self.give(hand_over)


def question_named(code: str) -> str:
    """The name of a press's question; ``code`` is the stage or list of the press."""
    return add_to(code) if code == HANDED_OVER else move_to(code)


def question_of(context: Context, view: ActionView, verb: Verb) -> ActionQuestion:
    """Return the question of a press."""
    question = HandOverQuestion if verb.code == HANDED_OVER else MoveQuestion
    return question(context, view, verb)
