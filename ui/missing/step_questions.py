"""The open question of the guide, below its step or below the list of who is in the house.

Must not decide what follows from an answer.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from hipss_desktop.kinds.missing_episode import PACK
from hipss_desktop.views.missing_guide import RETURN, GuideView
from ui.base.focus import focus
from ui.base.page import Context
from ui.missing.in_the_house import InTheHouse
from ui.missing.question import HOUSE, GuideQuestion, asked_of
from ui.missing.steps import StepList
from ui.parts import Button, PrimaryButton, column, grows, label, reveal, row


class PackToRead(QWidget):
    """The part above the question of the pack's step: whom to ring, and buttons to read the pack out and print it."""

    def __init__(self, log_number: str) -> None:
        super().__init__()
        log = f", say log {log_number}," if log_number else ""
        words = label(
            f"Ring 101{log} and read the pack out. Its lines are in the order in which police ask.", "body", wrap=True
        )
        self.read_button = PrimaryButton("Read it out", keycap="Ctrl+R")
        self.print_button = Button("Print", icon="printer", keycap="Ctrl+P")
        self.setLayout(column(words, row(self.read_button, self.print_button, None), gap=8))
        grows(self)


class StepQuestions(QObject):
    """The one open question of a guide's page.

    Signals:
        changed(): a question was opened or closed.
        answered(): the answer is saved to the disk.
        read_out(), print_pack(): the user wants to read the pack to the police, or print it for them.
    """

    changed = Signal()
    answered = Signal()
    read_out = Signal()
    print_pack = Signal()

    def __init__(
        self, context: Context, area: QScrollArea, steps: StepList, house: InTheHouse, *, may_write: bool
    ) -> None:
        super().__init__(area)
        self._context, self._area, self._steps, self._house = context, area, steps, house
        self._may_write = may_write
        self.question: GuideQuestion | None = None

    @property
    def step(self) -> str:
        """The step of the open question, '' if none is open."""
        return self.question.step if self.question is not None else ""

    def open(self, step: str, view: GuideView) -> None:
        """Open the question of a step if it has one, and close the one that was open."""
        if self.question is not None and self.step == step:
            return
        self.close()
        if not step or not self._may_write or (step == RETURN and not view.open):
            return
        services = self._context.services
        row_form = asked_of(step, view, seat=services.store.seat.name, now=services.clock())
        question = GuideQuestion(self._context, view, step, row_form, self._above(step, view))
        question.answered.connect(self.answered)
        question.closed.connect(self.leave)
        question.gone_to.connect(lambda goal: reveal(self._area, goal))
        self.question = question
        if step == HOUSE:
            self._house.place.addWidget(question)
            question.show()
        else:
            self._steps.put(step, question)
        self.changed.emit()

    def _above(self, step: str, view: GuideView) -> tuple[QWidget, ...]:
        if step != PACK:
            return ()
        pack = PackToRead(view.log_number)
        pack.read_button.clicked.connect(self.read_out)
        pack.print_button.clicked.connect(self.print_pack)
        return (pack,)

    def go(self) -> None:
        """Focus the first widget of the open question."""
        if self.question is None:
            return
        focus(self.begins_at())
        reveal(self._area, self.question)

    def begins_at(self) -> QWidget | None:
        """The first widget to focus in the open question: the button to read the pack out, else the first unanswered widget.

        The focus is not on the button that saves: the step needs an answer, and words typed on a button would be lost.
        """
        if self.question is None:
            return None
        if self.step == PACK:
            return next(iter(self.question.findChildren(PrimaryButton)), None)
        return self.question.begins_at()

    def tab_stops(self, step: str) -> list[QWidget]:
        """The widgets at which Tab stops in the question of a step; [] if it is not open."""
        return self.question.tab_stops() if self.question is not None and self.step == step else []

    def typing_in(self, widget: QWidget | None) -> bool:
        """Whether a widget is in the open question, and something is typed there."""
        question = self.question
        return (
            question is not None and widget is not None and question.isAncestorOf(widget) and question.keeper.is_begun()
        )

    def type_on(self) -> bool:
        """Put the caret where the user was typing in the open question; return whether there was such a place."""
        return self.question is not None and self.question.keeper.type_on()

    def give(self) -> None:
        """Save the answer of the open question."""
        if self.question is not None:
            self.question.give()

    def close(self) -> None:
        """Close the question; opening the step again shows what was typed."""
        question = self.question
        if question is None:
            return
        self.question = None
        question.keeper.may_leave()
        if question.step == HOUSE:
            self._house.place.removeWidget(question)
        else:
            self._steps.take(question.step, question)
        question.hide()
        question.deleteLater()
        self.changed.emit()

    def leave(self) -> None:
        """Close the question and focus its step."""
        step = self.step
        self.close()
        focus(self._steps.rows.get(step) or self._house.add_button)
