"""Questions asked once before a contact is finished, inside the form. They ask whether really nobody needs to know, and
whether the services that were told that a child is missing are told of the return.

It writes only a follow-up that the user asks for. Finishing a contact must still be possible with two keys.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop import identity, times
from hipss_desktop.kinds.contact import NOBODY, Contact, about_missing, about_someone, is_back
from hipss_desktop.kinds.missing_episode import TOLD_OF_THE_RETURN
from hipss_desktop.records.codes import code_list
from ui.base.focus import focus
from ui.contacts.answers import Answers
from ui.parts import Banner, Button, grows

DECIDES = frozenset({"needs_to_know", "risk", "concerns", "missing", "children", "told_others"})
"""The answers on which the questions depend: if one of them changes, the questions are asked again."""
SERIOUS = ("high", "emergency")


def doubt_that_nobody(contact: Contact, child: str) -> str:
    """The question why nobody needs to know of a serious contact, '' if there is no doubt."""
    if not about_someone(contact) or contact.needs_to_know != [NOBODY]:
        return ""
    if about_missing(contact) and contact.missing == "still":
        return f"{child or 'The child'} is missing. Does nobody need to know?"
    if contact.risk in SERIOUS:
        return f"{code_list('risk').label(contact.risk)} risk. Does nobody need to know?"
    return ""


class BeforeFinish(QWidget):
    """The questions, one at a time.

    Signals:
        answered(): the open question was answered, so finishing can continue.
    """

    answered = Signal()

    def __init__(self, answers: Answers, clock: times.Clock, child_name: Callable[[], str]) -> None:
        super().__init__()
        self._answers, self._clock, self._child_name = answers, clock, child_name
        self._settled: set[str] = set()
        self.buttons: list[Button] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        grows(self)
        self.hide()
        answers.changed.connect(self._answers_changed)

    def asks(self, told_services: Sequence[str]) -> bool:
        """Show and focus the next unanswered question; return False if there is none.

        Args:
            told_services: the codes of the services that, according to the episode's calls, were told that the child is missing.
        """
        contact, child = self._answers.read(), self._child_name()
        for code in told_services if is_back(contact) else ():
            if code in self._settled or self._is_told(contact, code):
                continue
            service = code_list("told").label(code)
            self._show(
                code,
                f"{service} {'were' if code == 'police' else 'was'} told that {child or 'the child'} is missing.",
                f"{TOLD_OF_THE_RETURN[code]}?",
                {"Add the follow-up": partial(self._add, code), "Not needed": None},
            )
            return True
        doubt = doubt_that_nobody(contact, child)
        if doubt and NOBODY not in self._settled:
            self._show(NOBODY, doubt, "", {"Nobody needs to know": None})
            return True
        self._clear()
        return False

    def _is_told(self, contact: Contact, code: str) -> bool:
        """Whether a service was already told of the return, or a follow-up or "needs to know" covers it."""
        words = TOLD_OF_THE_RETURN[code]
        told_services = {row.who for row in contact.told_others} | set(contact.needs_to_know)
        return code in told_services or any(row.what == words for row in contact.follow_ups)

    def _show(self, question: str, strong: str, rest: str, presses: dict[str, Callable[[], None] | None]) -> None:
        self._clear()
        for words, does in presses.items():
            button = Button(words, size=28)
            button.setAccessibleName(f"{words}: {strong} {rest}".strip())
            button.clicked.connect(partial(self._answer, question, does))
            self.buttons.append(button)
        self._box.addWidget(Banner(strong, rest, tone="amber", icon="help", actions=self.buttons))
        self.show()
        focus(self.buttons[0])

    def _answer(self, question: str, does: Callable[[], None] | None) -> None:
        self._settled.add(question)
        self._clear()
        if does is not None:
            does()
        self.answered.emit()

    def _add(self, code: str) -> None:
        follow_up = {"id": identity.row_id(), "what": TOLD_OF_THE_RETURN[code], "due": times.stamp(self._clock())}
        self._answers.put(follow_ups=[*self._answers.listed("follow_ups"), follow_up])

    def _clear(self) -> None:
        self.buttons = []
        while (item := self._box.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.hide()

    def _answers_changed(self, changed: frozenset[str]) -> None:
        if changed & DECIDES:
            self._settled.clear()
            self._clear()
