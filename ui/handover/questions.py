"""The questions on a handover's page: to whom an item is handed, and a message to the person who was on call.

Typed words are saved as a draft until the question is answered. Must not decide who may hand on or write.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.handover import HANDOVER
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.questions import add_to
from hipss_desktop.views.handovers import ItemView
from ui.base.announce import announce
from ui.base.page import Context
from ui.parts import (
    Button,
    Field,
    Heading,
    LineEdit,
    PrimaryButton,
    Suggestion,
    column,
    reveal_inside,
    row,
)
from ui.records.caret import TextField
from ui.records.find import finder
from ui.records.question_card import QuestionCard
from ui.records.question_draft import QuestionDraft

HANDED_TO, MESSAGES = add_to("handed_to"), add_to("messages")
NOBODY = "Enter who is to have it"


class WhoQuestion(QuestionCard):
    """The question who gets an item: a colleague found by name, or a typed name, for example of a team.

    Signals:
        given(str, str): a name, and the record of a picked colleague, '' if none was picked.
    """

    given = Signal(str, str)

    def __init__(self, context: Context, title: str, verb: str) -> None:
        super().__init__()
        self.context = context
        self.setAccessibleName(title)
        heading = Heading(title, 3, style="body_strong")
        heading.setWordWrap(True)
        self.person = finder(PRACTITIONER.name, context, verb)
        self.field = Field(verb, self.person, note="A colleague, or a team by its name")
        self.confirm = PrimaryButton(verb, keycap="Enter")
        self.cancel = Button("Close", keycap="Esc")
        self.cancel.setAccessibleName("Close, nothing is changed")
        self.confirm.clicked.connect(self.answer)
        self.cancel.clicked.connect(self.closed)
        self.add(heading, self.field)
        self.body.addLayout(row(self.confirm, self.cancel, None))
        self.answered_by_enter(self.person)

    def go(self) -> None:
        """Focus the name."""
        self.person.setFocus(Qt.FocusReason.OtherFocusReason)
        reveal_inside(self)

    def answer(self) -> None:
        """Send the name, or show that it is missing."""
        picked, typed = self.person.value(), " ".join(self.person.text().split())
        if not typed:
            self.fail(NOBODY)
            return
        self.given.emit(typed, str(picked.key) if picked is not None else "")

    def fail(self, words: str) -> None:
        """Show why nothing was changed; the typed text stays."""
        self.setEnabled(True)
        self.field.set_error(words)
        announce(self, f"Error: {words}", assertive=True)
        self.go()


class HandToQuestion(WhoQuestion):
    """The question to whom an item of a published handover is handed, saved as a draft while it is typed."""

    def __init__(self, context: Context, record: str, item: ItemView) -> None:
        super().__init__(context, f"Hand to: {item.title}", "Hand to")
        self.item = item
        before = context.services.questions.draft(record, HANDOVER.name, HANDED_TO)
        for typed_row in before.fields.get("handed_to") or ():
            if typed_row.get("item") == item.id:
                name, colleague = str(typed_row.get("name") or ""), str(typed_row.get("colleague") or "")
                self.person.set_value(Suggestion(colleague, name) if colleague else None)
                self.person.setText(name)
        self.keeper = QuestionDraft(self, context, before, self.typed, self.text_fields)
        self.person.textChanged.connect(self.keeper.note)

    def typed(self, draft: Draft) -> Draft:
        """The draft with the present name, the picked colleague and the item."""
        picked, name = self.person.value(), self.person.text()
        step: dict[str, Any] = {"item": self.item.id, "name": name, "colleague": str(picked.key) if picked else ""}
        return replace(draft, fields={"handed_to": [step]} if name.strip() else {})

    def text_fields(self) -> Mapping[str, TextField]:
        """The field of the name."""
        return {"name": self.person}


def asked_item(context: Context, record: str) -> str:
    """The item of an unfinished ‘Hand to’ question of a handover, '' if there is none."""
    before = context.services.questions.draft(record, HANDOVER.name, HANDED_TO)
    return next((str(typed_row.get("item") or "") for typed_row in before.fields.get("handed_to") or ()), "")


class TellCard(QWidget):
    """A message to the person who was on call, saved as a draft while it is typed.

    Signals:
        given(str): the words to write.
    """

    given = Signal(str)

    def __init__(self, context: Context, record: str, worker: str) -> None:
        super().__init__()
        self.context = context
        self.before = context.services.questions.draft(record, HANDOVER.name, MESSAGES)
        self.line = LineEdit(
            next((str(message.get("words") or "") for message in self.before.fields.get("messages") or ()), "")
        )
        self.field = Field(f"Tell {worker}", self.line, note="One line. It is sent with the handover.")
        self.send = Button("Send")
        self.send.setAccessibleName(f"Send to {worker}")
        self.send.clicked.connect(self._answer)
        self.line.returnPressed.connect(self._answer)
        self.keeper = QuestionDraft(self, context, self.before, self.typed, self.text_fields)
        self.line.textEdited.connect(self.keeper.note)
        self.setLayout(column(self.field, row(self.send, None), gap=8))

    def typed(self, draft: Draft) -> Draft:
        """The draft with the words."""
        words = self.line.text()
        return replace(draft, fields={"messages": [{"words": words}]} if words.strip() else {})

    def text_fields(self) -> Mapping[str, TextField]:
        """The field of the message."""
        return {"words": self.line}

    def written(self) -> None:
        """Clear the line for the next message, after the message was saved to the disk."""
        self.line.clear()
        self.field.set_error("")
        self.setEnabled(True)
        self.keeper.start()

    def fail(self, error: HipssError) -> None:
        """Show why the message was not saved."""
        self.setEnabled(True)
        self.keeper.start()
        self.field.set_error(str(error))
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self) -> None:
        words = self.line.text().strip()
        if not words:
            self.field.set_error("Enter the message")
            announce(self, "Error: Enter the message.", assertive=True)
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.keeper.hand_in()
        self.setEnabled(False)
        self.given.emit(words)
