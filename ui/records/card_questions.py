"""The questions inside a record's card: why it is withdrawn, and one more row for a list that grows.

A question stays open until it is answered or closed with Esc. The typed answer is saved as a draft until then, and appears
when the same question opens again. Must not decide who may answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from hipss_desktop import identity, times
from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.catalogue import kind_named
from hipss_desktop.records.fields import Field as FieldOfRow
from hipss_desktop.records.fields import Fields, is_nothing
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.questions import ADD, WITHDRAW, parted
from hipss_desktop.services.records import Unfinished
from ui.base.announce import announce
from ui.base.page import Context
from ui.parts import (
    Button,
    Card,
    CardTone,
    DangerButton,
    Field,
    Heading,
    IconLabel,
    LineEdit,
    PrimaryButton,
    TextArea,
    row,
)
from ui.records.caret import TextField
from ui.records.controls import RowQuestions, texts_in
from ui.records.question_draft import QuestionDraft


class CardQuestion(Card):
    """A question inside a card, about the record of its draft ``before``, which has what was typed earlier.

    Signals:
        answered(): the answer is saved to the disk.
        closed(): the user closed the question without an answer.
        gone_to(QWidget): the focus moved to this widget inside, so the page must scroll to it.
    """

    answered = Signal()
    closed = Signal()
    gone_to = Signal(QWidget)

    def __init__(self, context: Context, before: Draft, tone: CardTone) -> None:
        super().__init__(tone=tone)
        self.context, self.before, self.record = context, before, before.record
        self.keeper = QuestionDraft(self, context, before, self.typed, self.text_fields)

    def go(self) -> None:
        """Move the focus to the question."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def typed(self, draft: Draft) -> Draft:
        """The draft with the present text."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def text_fields(self) -> Mapping[str, TextField]:
        """The text fields, by name."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class


class WithdrawQuestion(CardQuestion):
    """The question why a record is withdrawn; "Withdraw" withdraws it."""

    def __init__(self, context: Context, before: Draft) -> None:
        super().__init__(context, before, "risk")
        self.why = TextArea(name="Why are you withdrawing this?")
        self.question = Field(
            "Why are you withdrawing this?", self.why, note="It stays readable, with your reason and its history."
        )
        self.why.setPlainText(before.why)
        self.why.textChanged.connect(self.keeper.note)
        confirm = DangerButton("Withdraw", size=36)
        keep = Button("Keep it", size=36)
        confirm.clicked.connect(self._withdraw)
        keep.clicked.connect(self.closed)
        self.add(self.question)
        self.body.addLayout(row(confirm, keep, None))

    def go(self) -> None:
        """Move the focus to the reason."""
        self.why.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def typed(self, draft: Draft) -> Draft:
        """The draft with the reason."""
        return replace(draft, why=self.why.toPlainText())

    def text_fields(self) -> Mapping[str, TextField]:
        """The field of the reason."""
        return {"why": self.why}

    def _withdraw(self) -> None:
        record, why, records = self.record, self.why.toPlainText(), self.context.services.records
        if not why.strip():
            self.question.set_error("Enter why this is withdrawn")
            self.question.go()
            return
        self.keeper.hand_in()
        self.setEnabled(False)

        def done(_: object) -> None:
            self.context.done("Withdrawn. It stays readable with its reason.")
            self.answered.emit()

        def failed(error: HipssError) -> None:
            self.setEnabled(True)
            self.keeper.start()
            self.question.set_error(str(error))
            self.go()

        work = partial(records.withdraw, record, why, question=WITHDRAW)
        self.context.runner.write(work, done, context=self, failed=failed)


@dataclass(frozen=True)
class RowAsked:
    """What a question asks about a row.

    Attributes:
        title: the words above it, '' for none.
        row: the row's name for a screen reader.
        confirm: the words on the button that adds the row.
        done: the confirmation after the row is added.
        fields: the row's fields that are asked.
        begins_with: the answers shown before the user types.
        filled: whether its button is the page's filled (main) button.
        keycap: the key that adds it, as shown on its button.
    """

    title: str
    row: str
    confirm: str
    done: str
    fields: Sequence[FieldOfRow]
    begins_with: Fields = field(default_factory=dict)
    filled: bool = True
    keycap: str = "Ctrl+Enter"


AT = "at"
"""The field of a row that says when it was done."""


def any_row(described: FieldOfRow, now: datetime) -> RowAsked:
    """The default question for a row of a list that grows; its time field starts with the present time."""
    timed = any(inner.name == AT and inner.type == "instant" for inner in described.rows)
    begins = {AT: times.stamp(now)} if timed else {}
    return RowAsked(described.adds, described.new_row, "Add", described.added, described.rows, begins)


class RowQuestion(CardQuestion):
    """The question for one more row of a list that grows; its button, or Enter in a field, adds it without a reason.

    ``above`` is shown over the questions, ``beside`` between the questions and the buttons.
    """

    def __init__(
        self,
        context: Context,
        before: Draft,
        row_form: RowAsked | None = None,
        beside: Sequence[QWidget] = (),
        above: Sequence[QWidget] = (),
    ) -> None:
        super().__init__(context, before, "accent")
        _, self._unit = parted(before.question)
        described = kind_named(before.kind).by_name[self._unit]
        self.row_form = row_form or any_row(described, context.services.clock())
        self.title = Heading(self.row_form.title, 3, style="body_strong")
        self.title.setWordWrap(True)
        if not self.row_form.title:
            self.title.hide()
        self.problem = IconLabel("alert", "", "body_strong", "risk")
        self.problem.setWordWrap(True)
        self.problem.hide()
        rows_before = before.fields.get(self._unit) or ()
        begins = {"id": identity.row_id(), **self.row_form.begins_with}
        self.row = RowQuestions(described, context, next(iter(rows_before), begins), self.row_form.fields)
        self.row.edited.connect(self.keeper.note)
        self.row.set_name(self.row_form.row)
        button = PrimaryButton if self.row_form.filled else Button
        self.confirm = button(self.row_form.confirm, keycap=self.row_form.keycap)
        self.close_button = Button("Close", size=36)
        self.close_button.setAccessibleName("Close without adding")
        self.confirm.clicked.connect(self.give)
        self.close_button.clicked.connect(self.closed)
        self.add(self.title, self.problem, *above, self.row, *beside)
        self.body.addLayout(row(self.confirm, self.close_button, None))

    def go(self) -> None:
        """Move the focus to the first question of the row."""
        self.row.go()

    def row_now(self) -> dict[str, Any]:
        """The row as typed so far."""
        return self.row.value()

    def typed(self, draft: Draft) -> Draft:
        """The draft with the row; without it while the row has no answer."""
        row_now = self.row_now()
        return replace(draft, fields={self._unit: [row_now]} if self._is_answered(row_now) else {})

    def text_fields(self) -> Mapping[str, TextField]:
        """The text fields of the row, by name."""
        return texts_in(self.row.stops(), self._unit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        finishes = held == Qt.KeyboardModifier.ControlModifier or (
            held == Qt.KeyboardModifier.NoModifier and isinstance(self.focusWidget(), LineEdit)
        )
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and finishes and not event.isAutoRepeat():
            self.give()
            return
        super().keyPressEvent(event)

    def work(self, answers: Fields) -> Callable[[], object]:
        """The call with which the writer adds the row."""
        records, question = self.context.services.records, self.before.question
        row_now = answers if self._is_answered(answers) or len(self.row_form.fields) == 1 else {}
        return partial(records.add_row, self.record, self._unit, row_now, question=question)

    def _is_answered(self, row_now: Fields) -> bool:
        """Whether the user answered something; the answers that the row begins with do not count."""
        begins = {"id": self.row.row_id, **self.row_form.begins_with}
        return any(not is_nothing(value) and value != begins.get(name) for name, value in row_now.items())

    def give(self) -> None:
        """Add the row, or show what is missing."""
        if not self.row.isEnabled():
            return
        self.row.settle()
        if self._show_errors({}):
            return
        work = self.work(self.row_now())
        self.keeper.hand_in()
        self.confirm.setFocus(Qt.FocusReason.OtherFocusReason)
        self.row.setEnabled(False)  # no typing while the row is being signed

        def done(_: object) -> None:
            self.context.done(self.row_form.done)
            self.answered.emit()

        def failed(error: HipssError) -> None:
            self.row.setEnabled(True)
            self.keeper.start()
            messages = (
                {problem.field: problem.message for problem in error.problems} if isinstance(error, Unfinished) else {}
            )
            if not self._show_errors(messages):
                self.problem.setText(next(iter(messages.values()), str(error)))
                self.problem.show()
                self.gone_to.emit(self.confirm)
                announce(self, self.problem.text(), assertive=True)

        self.context.runner.write(work, done, context=self, failed=failed)

    def _show_errors(self, messages: Mapping[str, str]) -> bool:
        """Show the errors beside their questions and focus the first; return whether there are errors."""
        self.problem.hide()
        placed: list[tuple[str, QWidget]] = self.row.errors(self._unit, messages)
        if placed:
            words, question = placed[0]
            if isinstance(question, Field):
                question.go()
            self.gone_to.emit(question)
            count = len(placed)
            announce(self, f"There is a problem. {count} error{'' if count == 1 else 's'}. {words}", assertive=True)
        return bool(placed)


def question_of(context: Context, before: Draft) -> CardQuestion:
    """Return the question that a draft belongs to."""
    return RowQuestion(context, before) if parted(before.question)[0] == ADD else WithdrawQuestion(context, before)
