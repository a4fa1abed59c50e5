"""The question of a press on a clock: what is asked, with the time of now, in the row of the clock or below all of them.

Each clock and press has its own draft. Must not decide what may be pressed.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.services.questions import about_of, add_to
from hipss_desktop.views.incidents import ClockVerb
from ui.base.page import Context
from ui.incidents.mark_question import MARKS, MarkQuestion
from ui.parts import reveal_inside
from ui.records.card_questions import RowAsked, RowQuestion

BETWEEN = " "
"""Parts the press from the clock in the name of a question; a key of a clock has no space in it."""


def question_name(verb: ClockVerb, key: str) -> str:
    """The name of the question that a press on a clock asks; '' as key for what is about no clock."""
    return add_to(verb.unit, f"{verb.code}{BETWEEN}{key}")


def pressed_in(question: str) -> tuple[str, str]:
    """The press and the clock that a question is about."""
    code, _, key = about_of(question).partition(BETWEEN)
    return code, key


class ClockQuestions(QObject):
    """The one open question of an incident's page.

    Signals:
        closed(): it was answered or closed, and the focus goes back to ``opener``.
        answered(): the answer is on the disk.
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
        """Open the question of a press below ``place``, or move to it; ``then`` gives the focus back afterwards."""
        name = question_name(verb, key)
        if self.question is None or self.name != name:
            self.close()
            desk = self._context.desk
            now = times.stamp(desk.clock())
            timed = {"at": now} if "at" in verb.asks else {}
            asked = RowAsked(
                title=f"{verb.label}: {who}" if who else verb.label,
                confirm=verb.label,
                only=verb.asks,
                rows=tuple({**row, **timed} for row in verb.rows),
                done=f"{verb.label}: {who}" if who else verb.label,
            )
            before = desk.questions.draft(record, self._kind, name)
            question_type = MarkQuestion if verb.unit == MARKS else RowQuestion
            question = question_type(self._context, before, asked)
            question.closed.connect(self._leave)
            question.answered.connect(self._answered)
            question.gone_to.connect(reveal_inside)
            self.question, self.name = question, name
            place.addWidget(question)
            question.row.set_name(asked.title)
            question.show()
            self._place = place
            self.opened.emit()
        self._then = then
        self.question.go()
        reveal_inside(self.question)

    def close(self) -> None:
        """Close the question; what was typed into it is shown again when the same is asked again."""
        if self.question is not None:
            self.question.keeper.may_leave()
            self.question.hide()
            self.question.deleteLater()
            self.question, self.name = None, ""

    def question_stands_in(self, place: QVBoxLayout) -> bool:
        """Whether the open question stands in a place."""
        return self.question is not None and self._place is place

    def leave(self) -> bool:
        """Close the open question and give the focus back; says whether one was open."""
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
