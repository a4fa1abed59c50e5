"""The question after a press on a clock, which starts with the present time, in the clock's row or below all rows.

Each clock and kind of press has its own draft. Must not decide what may be pressed.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop import identity, times
from hipss_desktop.kinds.catalogue import kind_named
from hipss_desktop.records.fields import Fields
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.questions import add_to, row_asked
from hipss_desktop.views.clock_verbs import ClockVerb
from ui.base.page import Context
from ui.incidents.mark_question import MARKS, MarkQuestion
from ui.parts import reveal_inside
from ui.records.card_questions import RowAsked, RowQuestion

SAYS_WHO = ("spoke_to", "reference", "note")
"""The fields of which at least one must be answered to say that somebody was told."""
TOLD_NOBODY = "Enter who you spoke to, or the reference"
BETWEEN = " "
"""Separates the press from the clock in the name of a question; a clock's key contains no space."""


def question_name(verb: ClockVerb, key: str) -> str:
    """The name of the question of a press on a clock; ``key`` is '' for a press without a clock."""
    return add_to(verb.unit, f"{verb.code}{BETWEEN}{key}")


def pressed_in(question: str) -> tuple[str, str]:
    """The press and the clock's key in the name of a question."""
    code, _, key = row_asked(question).partition(BETWEEN)
    return code, key


class ClockRowQuestion(RowQuestion):
    """The question of a press on a clock. If it is about several recipients, each gets a row of its own."""

    def __init__(self, context: Context, before: Draft, row_form: RowAsked, others: Sequence[Fields]) -> None:
        super().__init__(context, before, row_form)
        self._others = others

    def give(self) -> None:
        """Save the answer, or show what is missing, because a press alone does not say that somebody was told."""
        answers = self.row.value()
        if "spoke_to" in answers.keys() | self.row.questions.keys() and not any(map(answers.get, SAYS_WHO)):
            self._show_errors({f"{self._unit}/{self.row.row_id}/spoke_to": TOLD_NOBODY})
            return
        super().give()

    def work(self, answers: Fields) -> Callable[[], object]:
        """The call with which the writer saves a row for each recipient, with the same answers."""
        records, actions, question = self.context.services.records, self.context.services.actions, self.before.question
        rows = [answers, *({**answers, **other, "id": identity.row_id()} for other in self._others)]

        def add() -> None:
            for row in rows:
                records.add_row(self.record, self._unit, row, question=question)
            actions.closed_by_telling(self.record)

        return add


class ClockQuestions(QObject):
    """The one open question of an incident's page.

    Signals:
        closed(): it was answered or closed, and the focus goes back to where ``then`` of ``ask`` puts it.
        answered(): the answer is saved to the disk.
        opened(): a question was opened.
    """

    closed = Signal()
    answered = Signal()
    opened = Signal()

    def __init__(self, context: Context, page: QWidget, kind: str) -> None:
        super().__init__(page)
        self._context, self._kind = context, kind
        self.question: RowQuestion | None = None
        self.name = ""
        self._then: Callable[[], None] | None = None
        self._place: QVBoxLayout | None = None

    def ask(
        self, record: str, verb: ClockVerb, key: str, who: str, place: QVBoxLayout, then: Callable[[], None]
    ) -> None:
        """Open the question of a press in ``place``, or focus it if it is open; ``then`` returns the focus afterwards."""
        name = question_name(verb, key)
        if self.question is None or self.name != name:
            self.close()
            services = self._context.services
            now = times.stamp(services.clock())
            timed = {"at": now} if "at" in verb.asks else {}
            words = f"{verb.label}: {who}" if who else verb.label
            described = kind_named(self._kind).by_name[verb.unit]
            row_form = RowAsked(
                title=words,
                row=words,
                confirm=verb.label,
                done=f"{verb.done}: {who}" if who else verb.done,
                fields=[field for field in described.rows if not verb.asks or field.name in verb.asks],
                begins_with={**timed, **verb.rows[0]},
            )
            before = services.questions.draft(record, self._kind, name)
            question = (
                MarkQuestion(self._context, before, row_form)
                if verb.unit == MARKS
                else ClockRowQuestion(self._context, before, row_form, verb.rows[1:])
            )
            question.closed.connect(self._leave)
            question.answered.connect(self._answered)
            question.gone_to.connect(reveal_inside)
            self.question, self.name = question, name
            place.addWidget(question)
            question.show()
            self._place = place
            self.opened.emit()
        self._then = then
        self.question.go()
        reveal_inside(self.question)

    def close(self) -> None:
        """Close the question; what was typed is shown again when the same question opens again."""
        if self.question is not None:
            self.question.keeper.may_leave()
            self.question.hide()
            self.question.deleteLater()
            self.question, self.name = None, ""

    def question_is_in(self, place: QVBoxLayout) -> bool:
        """Whether the open question is in a place."""
        return self.question is not None and self._place is place

    def leave(self) -> bool:
        """Close the open question and return the focus; return whether a question was open."""
        if self.question is None:
            return False
        self._leave()
        return True

    def _leave(self) -> None:
        then, self._then = self._then, None
        self.close()
        if then is not None:
            then()
        self.closed.emit()

    def _answered(self) -> None:
        if self.question is not None:
            self.question.hide()
            self.question.deleteLater()
            self.question, self.name = None, ""
        then, self._then = self._then, None
        if then is not None:
            then()
        self.answered.emit()
