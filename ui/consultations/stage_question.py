"""The question for moving a consultation to a stage: the planned day, or who cancelled it and why. The answers are the reason.

Must not decide who may move it.
"""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.questions import parted
from hipss_desktop.services.records import Unfinished
from ui.base.announce import announce
from ui.base.page import Context
from ui.parts import Button, Field, Heading, IconLabel, PrimaryButton, row
from ui.records.card_questions import CardQuestion
from ui.records.caret import TextField
from ui.records.form import RecordForm


class StageQuestion(CardQuestion):
    """The question of one stage; its button, or Ctrl+Enter, moves the consultation."""

    def __init__(self, context: Context, before: Draft) -> None:
        super().__init__(context, before, "accent")
        _, code = parted(before.question)
        stage = CONSULTATION.stage_named(code)
        assert stage is not None, "a press leads to a stage that is described"
        self.stage = stage
        saved_record = context.services.store.get(before.record)
        held = dict(saved_record.fields) if saved_record is not None else {}
        press = stage.press(CONSULTATION.stage_of(CONSULTATION.read(held)))
        self._asked_with = {**held, CONSULTATION.stage: code}
        self.form = RecordForm(CONSULTATION, context, only=stage.asks, titles=False)
        self.form.set_fields({**self._asked_with, **before.fields})
        self.form.changed.connect(self.keeper.note)
        self.problem = IconLabel("alert", "", "body_strong", "risk")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.confirm = PrimaryButton(press, keycap="Ctrl+Enter")
        self.close_button = Button("Close", size=36)
        self.close_button.setAccessibleName("Close, nothing is changed")
        self.confirm.clicked.connect(self.give)
        self.close_button.clicked.connect(self.closed)
        self.add(Heading(press, 3, style="body_strong"), self.problem, self.form)
        self.body.addLayout(row(self.confirm, self.close_button, None))

    def go(self) -> None:
        """Focus the first question."""
        first = self.form.first_focus()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def typed(self, draft: Draft) -> Draft:
        """The draft with the answers that differ from those the question opened with."""
        answers = self.form.fields()
        changed = {name: answers.get(name) for name in self.stage.asks}
        return replace(
            draft, fields={name: value for name, value in changed.items() if value != self._asked_with.get(name)}
        )

    def text_fields(self) -> Mapping[str, TextField]:
        """The text fields of the questions, by name."""
        return self.form.text_fields()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held == Qt.KeyboardModifier.ControlModifier:
            if not event.isAutoRepeat():
                self.give()
            return
        super().keyPressEvent(event)

    def give(self) -> None:
        """Move the consultation, or show what is missing."""
        if not self.form.isEnabled():
            return
        self.form.settle()
        if self._show_problems(None):
            return
        typed = self.form.fields()
        answers = {name: typed.get(name) for name in self.stage.asks}
        consultations, record, question = self.context.services.consultations, self.record, self.before.question
        self.keeper.hand_in()
        self.confirm.setFocus(Qt.FocusReason.OtherFocusReason)
        self.form.setEnabled(False)

        def done(_: object) -> None:
            self.context.done(CONSULTATION.stage_label(self.stage.code))
            self.answered.emit()

        def failed(error: HipssError) -> None:
            self.form.setEnabled(True)
            self.keeper.start()
            if not self._show_problems(error):
                self.problem.setText(str(error))
                self.problem.show()
                self.gone_to.emit(self.problem)
                announce(self, str(error), assertive=True)

        self.context.runner.write(
            lambda: consultations.move(record, self.stage.code, answers, question=question),
            done,
            context=self,
            failed=failed,
        )

    def _show_problems(self, error: HipssError | None) -> bool:
        """Show the problems beside their questions and focus the first; return whether any question here has a problem."""
        self.problem.hide()
        placed = self.form.show_problems(error.problems if isinstance(error, Unfinished) else ())
        if placed:
            words, question = placed[0]
            if isinstance(question, Field):
                question.go()
            self.gone_to.emit(question)
            announce(self, f"There is a problem. {words}", assertive=True)
        return bool(placed)
