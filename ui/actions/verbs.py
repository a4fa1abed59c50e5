"""The buttons of one action, whom to ring about it, and the question of a press in the same place.

``ActionVerbs`` is on an action's page, and below a list for its current row. Must not decide who may press what.
"""

import itertools
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.action import ACCEPTED, ACTION, DONE, GIVEN_BACK, HANDED_OVER, OPEN
from hipss_desktop.records.revision import Revision
from hipss_desktop.views.actions import STEPS, ActionView, Verb, verb_of
from ui.actions.presses import Presses
from ui.actions.question import ActionQuestion, question_named, question_of
from ui.base.focus import holds_focus, stops
from ui.base.page import Context
from ui.parts import Button, FlowLayout, IconLabel, PrimaryButton, column, grows, label

LOG_CALL = "Log this call"
ICONS = {DONE: "check", OPEN: "history", HANDED_OVER: "users", ACCEPTED: "check", GIVEN_BACK: "undo"}


def in_order(widgets: Sequence[QWidget]) -> None:
    """Set the Tab order to these widgets."""
    for first, second in itertools.pairwise(widgets):
        QWidget.setTabOrder(first, second)


class ActionVerbs(QWidget):
    """The number and the buttons of one action; ``show_action`` sets the action, None empties it.

    Signals:
        asked(object): this question is open and has the focus; None if no question is open any more.
        left(): a question was closed or answered, or its button is about to disappear, so the focus must go elsewhere.
    """

    left = Signal()
    asked = Signal(object)

    def __init__(self, context: Context, presses: Presses, *, size: int = 28, filled: bool = False) -> None:
        super().__init__()
        self.context, self.presses = context, presses
        self.view: ActionView | None = None
        self.question: ActionQuestion | None = None
        self._opener: QWidget | None = None
        self.who = IconLabel("phone", "", "body", "ink")
        self.number = label("", "phone")
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._ring = QWidget()
        ring = FlowLayout(self._ring, gap=8, line_gap=2)  # puts the number below a long name instead of cutting it
        ring.addWidget(self.who)
        ring.addWidget(self.number)
        grows(self._ring)
        self.buttons: dict[str, Button] = {}
        holder = QWidget()
        flow = FlowLayout(holder)
        grows(holder)
        order = [stage.code for stage in ACTION.stages if stage.code in (OPEN, DONE)]
        later = (stage.code for stage in ACTION.stages if stage.code not in order)
        for code in (*order, HANDED_OVER, ACCEPTED, GIVEN_BACK, *later):
            described = ACTION.stage_named(code)
            words = described.verb if described is not None else STEPS[code]
            main = filled and code in (OPEN, DONE)
            button = PrimaryButton(words) if main else Button(words, icon=ICONS.get(code, ""), size=size)
            button.clicked.connect(partial(self._press, code))
            self.buttons[code] = button
            flow.addWidget(button)
        self.log = Button(LOG_CALL, icon="phonecall", size=size)
        self.log.clicked.connect(self._log)
        flow.addWidget(self.log)
        self._holder, self._flow, self._last = holder, flow, self.log
        self._place = QVBoxLayout()
        self.setLayout(column(self._ring, holder, self._place, gap=8))
        grows(self)
        self.show_action(None)

    def add(self, button: Button) -> None:
        """Add a button of the page after the action's buttons."""
        self._flow.addWidget(button)
        self._last = button

    def show_action(self, view: ActionView | None) -> None:
        """Show what may be done with an action, and close a question about another action."""
        if self.question is not None and (view is None or view.record != self.question.view.record):
            self._close_question()
        self.view = view
        if self.question is not None:
            self.question.show_offered(offered=self._verb(self.question.verb.code) is not None)
        words = {verb.code: verb.label for verb in view.verbs} if view is not None else {}
        verbs = set(words)
        if any(holds_focus(button) for code, button in self.buttons.items() if code not in verbs):
            self.left.emit()  # before hiding it, because Qt would move the focus to the next Tab stop
        for code, button in self.buttons.items():
            button.setVisible(code in verbs)
            button.setText(words.get(code, button.text()))
            button.setAccessibleName(f"{button.text()}: {view.title}" if view is not None else button.text())
        ring = view.ring if view is not None else None
        self._ring.setVisible(ring is not None)
        self.log.setVisible(view is not None and view.may_log and (ring is not None or bool(view.child)))
        self.log.setAccessibleName(f"{LOG_CALL}: {view.title}" if view is not None else LOG_CALL)
        if ring is not None:
            self.who.setText(ring.who)
            self.number.setText(ring.number)
            self.number.setAccessibleName(f"{ring.who}, {ring.number}")

    def press(self, code: str) -> None:
        """Open the question of a press, or carry it out if it asks nothing; do nothing if the action does not offer it."""
        verb = self._verb(code)
        if verb is not None and verb.at_once:
            self._take_step(verb)
            return
        if verb is not None:
            self._open(verb)
        if self.question is not None:
            self.question.go()
            self.asked.emit(self.question)

    def _take_step(self, verb: Verb) -> None:
        """Accept the action or give it back, without a question."""
        view, actions = self.view, self.context.services.actions
        if view is not None:
            step = actions.accept if verb.code == ACCEPTED else actions.give_back
            self.presses.press(view.record, view.title, verb.code, partial(step, view.record))

    def ask_again(self, code: str) -> bool:
        """Open a question that was being answered, with the caret where the user was typing; False if there is no such place.

        Shows what was typed even if the press is not offered any more.
        """
        stage = ACTION.stage_named(code)
        verb = self._verb(code) or (
            Verb(code, STEPS[code]) if code == HANDED_OVER else verb_of(stage) if stage else None
        )
        if verb is None:
            return False
        self._open(verb)
        return self.question is not None and self.question.keeper.type_on()

    def _open(self, verb: Verb) -> None:
        if self.view is None:
            return
        if self.question is not None and self.question.verb != verb:
            self._close_question()
        if self.question is None:
            question = question_of(self.context, self.view, verb)
            question.closed.connect(self._leave)
            question.given.connect(self._write)
            self.question = question
            question.show_offered(offered=self._verb(verb.code) is not None)
            self._place.addWidget(question)
            question.show()
            self._holder.hide()  # hide the buttons, so that the question has room
            in_order([self._last, *stops(question)])

    def tick(self) -> None:
        """Close an action at once; ask first if somebody must be told, and ask why if a closed action is reopened."""
        view = self.view
        if view is None:
            return
        if not view.open:
            self.press(OPEN)
        elif (view.asks_first or self._begun(DONE)) and self._verb(DONE) is not None:
            self.press(DONE)
        else:
            work = partial(self.context.services.actions.done, view.record)
            self.presses.press(view.record, view.title, DONE, work)

    def _begun(self, code: str) -> bool:
        """Whether something was typed into the question of a press and not yet sent as its answer."""
        if self.view is None:
            return False
        draft = self.context.services.questions.draft(self.view.record, ACTION.name, question_named(code))
        return bool(draft.fields or draft.why)

    def asked_about(self) -> str:
        """The action of the open question, '' if none is open."""
        return self.question.view.record if self.question is not None else ""

    def asking(self) -> tuple[str, str]:
        """The record and the name of the open question, both '' if none is open."""
        return (self.question.view.record, self.question.question_name) if self.question is not None else ("", "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.question is not None:
            self._leave()
            return
        super().keyPressEvent(event)

    def _press(self, code: str) -> None:
        self._opener = self.buttons[code]
        self.press(code)

    def _verb(self, code: str) -> Verb | None:
        verbs = self.view.verbs if self.view is not None else ()
        return next((verb for verb in verbs if verb.code == code), None)

    def _write(self, work: object) -> None:
        question = self.question
        if question is None or not callable(work):
            return

        def write() -> Revision:
            revision: Revision = work()
            return revision

        def failed(error: HipssError) -> None:
            if self.question is question:
                question.show_failure(error)
            else:
                self.context.say(str(error))

        def written() -> None:
            if self.question is question:
                self._leave()

        view, code = question.view, question.verb.code
        self.presses.press(view.record, view.title, code, write, then=written, failed=failed)

    def _leave(self) -> None:
        """Close the question and return the focus."""
        now = self.window().focusWidget()
        inside = self.question is not None and now is not None and self.question.isAncestorOf(now)
        lost = now is None or inside or not now.isEnabled()
        self._close_question()
        if not lost:
            return
        if self._opener is not None and self._opener.isVisible() and self._opener.isEnabled():
            self._opener.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()
        self._opener = None

    def _close_question(self) -> None:
        if self.question is not None:
            self.question.keeper.may_leave()  # saves what was typed, for when the question opens again
            self._place.removeWidget(self.question)
            self.question.hide()
            self.question.deleteLater()
            self.question = None
            self._holder.show()
            self.asked.emit(None)

    def _log(self) -> None:
        view = self.view
        if view is not None:
            caller = view.ring.person if view.ring is not None else None
            self.context.go("log_contact", caller=caller, child=view.child, closes=view.record)
