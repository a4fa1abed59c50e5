"""The question whether a finished contact has closed an open action of its child or carer. It is asked once, on the next page.

Only the user's answer closes an action. The question must not delay the contact.
"""

from collections.abc import Sequence
from functools import partial

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from hipss_desktop.errors import HipssError
from hipss_desktop.records.revision import Revision
from hipss_desktop.views.actions import OpenAction
from ui.base.announce import announce
from ui.base.focus import holds_focus
from ui.base.page import Context
from ui.parts import Button, Card, CheckBox, FlowLayout, Heading, IconLabel, PrimaryButton, column, row

ASKED = "Does this close any of these?"
TICK_FIRST = "Tick what it closes, or choose No"


class DoesThisClose(Card):
    """The card with the question. ``show_actions`` asks about open actions, or hides the card if there are none.

    Signals:
        answered(): the question was answered, and the card is hidden.
    """

    answered = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(tone="accent")
        self._context = context
        self._contact = ""
        self._actions: tuple[OpenAction, ...] = ()
        self.boxes: list[CheckBox] = []
        self.title = Heading("", 2, style="body_strong")
        self.title.setWordWrap(True)
        self.problem = IconLabel("alert", "", "body_strong", "risk")
        self.problem.setWordWrap(True)
        self.yes = PrimaryButton("Yes", size=28)
        self.no = Button("No", size=28)
        self.yes.clicked.connect(self._close)
        self.no.clicked.connect(self._leave)
        self._flow = FlowLayout(gap=16)
        across = row(self.title, self.yes, self.no)
        across.setStretch(0, 1)
        self.box.addLayout(column(across, self.problem, self._flow, gap=6, margins=(16, 8, 12, 8)))
        self.hide()

    def show_actions(self, contact: str, actions: Sequence[OpenAction], first: str) -> bool:
        """Ask whether a contact closed these actions; ``first`` is the action that the contact was begun from, which is ticked.

        Returns whether the question about this contact is new.
        """
        if contact == self._contact and [action.record for action in actions] == [
            action.record for action in self._actions
        ]:
            self._actions = tuple(actions)
            for action, box in zip(self._actions, self.boxes, strict=False):
                box.setText(_words(action))
            return False
        had_focus = any(holds_focus(box) for box in self.boxes)
        ticked = {action.record for action, box in zip(self._actions, self.boxes, strict=False) if box.isChecked()}
        is_same_contact = contact == self._contact
        self._contact, self._actions = contact, tuple(actions)
        for box in self.boxes:
            self._flow.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = []
        is_single = len(actions) == 1
        for action in () if is_single else self._actions:
            box = CheckBox(_words(action))
            box.setChecked(action.record in ticked if is_same_contact else action.record == first)
            self._flow.addWidget(box)
            self.boxes.append(box)
        words = f"Does this close: {actions[0].title}?" if is_single else ASKED
        self.title.setText(words)
        self.setAccessibleName(words)
        self.problem.hide()
        self.setVisible(bool(actions))
        if had_focus:  # never on Yes: the next key that is typed might press it
            (self.boxes[0] if self.boxes else self.no).setFocus(Qt.FocusReason.OtherFocusReason)
        newly_asked = bool(actions) and not is_same_contact
        if newly_asked:
            announce(self, words)
        return newly_asked

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if not event.isAutoRepeat():
                self._close()
            return
        super().keyPressEvent(event)

    def _close(self) -> None:
        """Close the ticked actions, or the only one that is asked about."""
        chosen = [
            action for place, action in enumerate(self._actions) if not self.boxes or self.boxes[place].isChecked()
        ]
        if not chosen:
            self._say(TICK_FIRST)
            return
        contact, actions, context = self._contact, self._context.services.actions, self._context
        first = actions.to_ask()[1]

        def close() -> list[Revision]:
            return actions.closed_by([action.record for action in chosen], contact)

        def closed(revisions: list[Revision]) -> None:
            words = f"{chosen[0].title}: done" if len(chosen) == 1 else f"{len(chosen)} actions: done"
            context.done(f"{words} by this contact", partial(_undo, context, revisions))

        def failed(error: HipssError) -> None:
            if not shiboken6.isValid(self):
                context.say(str(error))
                return
            actions.ask_about(contact, first)  # the question is still open
            self.show()
            self._say(str(error))
            (self.boxes[0] if self.boxes else self.no).setFocus(Qt.FocusReason.OtherFocusReason)

        context.runner.write(close, closed, context=context.bus, failed=failed)
        self._leave()

    def _say(self, words: str) -> None:
        """Show why nothing was closed."""
        self.problem.setText(words)
        self.problem.show()
        announce(self, words, assertive=True)

    def _leave(self) -> None:
        self._context.services.actions.forget_question()
        self.hide()
        self.answered.emit()


def _words(action: OpenAction) -> str:
    return f"{action.title} · {action.due}"


def _undo(context: Context, revisions: Sequence[Revision]) -> None:
    """Reopen the actions that one answer closed."""
    actions = context.services.actions

    def open_again() -> None:
        for revision in revisions:
            actions.undo(revision)

    context.runner.write(
        open_again,
        lambda _: context.done("Open again, as before this contact"),
        context=context.bus,
        failed=lambda error: context.say(str(error)),
    )
