"""The card on which everybody signs what was read: each carer, then the worker.

Drawn and typed signatures are drafts until the user saves them. Must not decide whose signature it is.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.services.reading_back import ReadBack, sign_question
from hipss_desktop.services.records import Unfinished
from ui.base.announce import announce
from ui.base.focus import focus
from ui.base.page import Context
from ui.parts import Card, Heading, IconLabel, column, label, reveal_inside
from ui.records.question_draft import QuestionDraft
from ui.supervision.inside import Copied
from ui.supervision.sign_panel import SignPanel


class SigningCard(Card):
    """The signatures of one reading. Signal: ``signed(ReadBack)`` after one was saved."""

    signed = Signal(object)

    def __init__(self, context: Context, back: ReadBack, copied: Copied, latest: Callable[[], ReadBack]) -> None:
        """``latest`` returns the reading as it is saved now."""
        super().__init__(pad=20)
        self._context, self._latest, self._busy = context, latest, False
        parts = "the part is" if len(back.parts) == 1 else f"all {len(back.parts)} parts are"
        says = f"When {parts} answered. Signing says you have read it, not that you agree with all of it."
        self.panels = [
            *(SignPanel(adult.member, adult.name, adult.first, copied) for adult in back.adults),
            SignPanel(*back.worker, back.worker[1], copied, is_worker=True),
        ]
        self._drafts = [self._draft_of(panel, back) for panel in self.panels]
        paper = IconLabel("file", "You get a paper copy, or one by post.", "body", "muted")
        paper.setWordWrap(True)
        inside = QWidget()
        inside.setLayout(column(Heading("Sign"), label(says, "body", wrap=True), *self.panels, paper, None, gap=14))
        self.add(inside)
        self.show_stand(back)

    def _draft_of(self, panel: SignPanel, back: ReadBack) -> QuestionDraft:
        draft = self._context.services.reading_back.typed(back, sign_question(panel.who))
        if panel.who not in back.signed:
            panel.show_draft(draft.fields)
        fields = {"typed": panel.typed, "why": panel.reason}
        question_draft = QuestionDraft(panel, self._context, draft, panel.draft, lambda: fields)
        panel.edited.connect(question_draft.note)
        panel.asked.connect(partial(self._sign, panel, question_draft))
        return question_draft

    def _sign(self, panel: SignPanel, draft: QuestionDraft, how: str, answers: dict[str, Any]) -> None:
        if self._busy:
            return
        self._busy = True
        draft.hand_in()

        def show_signed(now: ReadBack) -> None:
            self._busy = False
            self.signed.emit(now)
            announce(panel, panel.note.text())

        def refused(error: HipssError) -> None:
            self._busy = False
            draft.start()
            self._context.say(error.problems[0].message if isinstance(error, Unfinished) else str(error))

        sign = partial(self._context.services.reading_back.sign, self._latest(), panel.who, how, **answers)
        self._context.runner.write(sign, show_signed, context=self, failed=refused)

    def show_stand(self, back: ReadBack) -> None:
        """Show each person's number of answered parts or signature."""
        count = len(back.parts)
        for panel in self.panels:
            answered = count if panel.is_worker else back.answered(panel.who)
            panel.show_stand(answered, count, back.signed.get(panel.who))

    def go(self, back: ReadBack) -> None:
        """Focus the panel of the first person who has not signed."""
        panel = next((panel for panel in self.panels if panel.who not in back.signed), None)
        if panel is not None:
            reveal_inside(panel)
            focus(panel.turn)
            announce(panel, f"Every part is answered. {panel.name} may sign.")

    def flush(self) -> None:
        """Save the drafts of all signatures."""
        for draft in self._drafts:
            draft.flush()
