"""The panel beside the visit: what is still needed to finish it, and what finishing and reading back will do.

Only a finished note is signed, never a draft, so "Read back and sign" finishes the visit first. Must not finish it itself.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.visit import Visit, is_read_back, was_held
from hipss_desktop.records.fields import Problem
from hipss_desktop.views.supervision import COUNTS_FOR_NOTHING, SIGN_WORDS
from ui.parts import Button, Card, IconLabel, LinkButton, column, emptied, label

MOST = 5
"""The most missing answers that are shown; the summary after a press shows all."""
NOTHING_MISSING = "Nothing is missing. You can finish."
FIRST = "Finishing comes first: a signature is for the finished note. Then the carers read it and sign."
STAYS = "Once finished, you can still amend the note. What was signed is kept with it."


class FinishPanel(Card):
    """The panel.

    Signals:
        asked(): the user wants to finish the visit and then read it back.
        gone_to(str): the user wants to answer this field.
    """

    asked = Signal()
    gone_to = Signal(str)

    def __init__(self) -> None:
        super().__init__(SIGN_WORDS)
        self.links: list[LinkButton] = []
        self._missing: tuple[Problem, ...] | None = None
        self.stands = IconLabel("check", NOTHING_MISSING, "body", "ink")
        self.stands.setWordWrap(True)
        self.needs = column(gap=0)
        self.more = label("", "small", "muted", wrap=True)
        self.count = IconLabel("turn", "", "small", "muted")
        self.count.setWordWrap(True)
        self.button = Button(SIGN_WORDS, icon="turn")
        self.button.setToolTip("Alt+G")
        self.button.clicked.connect(self.asked)
        self.stays = IconLabel("history", STAYS, "small", "muted")
        self.stays.setWordWrap(True)
        needs = QWidget()
        needs.setLayout(self.needs)
        self.first = label(FIRST, "small", "muted", wrap=True)
        self.add(self.stands, needs, self.more, self.first, self.count, self.button, self.stays)
        self.body.addStretch(1)

    def show_state(self, visit: Visit, missing: Sequence[Problem], *, amends: bool) -> None:
        """Show what is missing, and how many paragraphs would be read back."""
        self._show_missing(tuple(missing), visit)
        chosen = sum(is_read_back(row) for row in visit.note)
        words = f"{chosen} {'paragraph' if chosen == 1 else 'paragraphs'} to read back. Third party ones never are."
        self.count.setText(words)
        held = was_held(visit)
        for part in (self.count, self.button, self.first):
            part.setVisible(held)
        self.stays.setVisible(not amends)

    def _show_missing(self, missing: tuple[Problem, ...], visit: Visit) -> None:
        nothing = NOTHING_MISSING if was_held(visit) else f"{NOTHING_MISSING} {COUNTS_FOR_NOTHING}"
        self.stands.set_look("alert" if missing else "check", "Still needed to finish:" if missing else nothing, "ink")
        if missing == self._missing:
            return
        self._missing = missing
        emptied(self.needs)
        self.links = []
        for problem in missing[:MOST]:
            link = LinkButton(problem.message, style="small")
            link.clicked.connect(lambda _=False, field=problem.field: self.gone_to.emit(field))
            self.needs.addWidget(link)
            self.links.append(link)
        rest = len(missing) - MOST
        self.more.setText(f"And {rest} more." if rest > 0 else "")
        self.more.setVisible(rest > 0)

    def stops(self) -> list[QWidget]:
        """The widgets at which Tab stops, in reading order."""
        return [*self.links, self.button]
