"""Question 4: what was advised, with lines of the safety plan to pick, or "No advice given".

Must write only typed or picked words into the advice.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QTextCursor

from hipss_desktop.services.calls import PlanLine
from ui.base.page import Context
from ui.contacts.answers import DESCRIBED, Answers
from ui.contacts.plan_lines import PlanLines
from ui.parts import TextArea, TextButton


class Advice(QObject):
    """The widgets of the question, which the form lays out.

    Signals:
        offered(): lines of the plan are shown for picking.
    """

    offered = Signal()

    def __init__(self, answers: Answers, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._answers, self._context = answers, context
        self.area = TextArea(lines=DESCRIBED["advice"].options.lines)
        self.from_plan = TextButton("Add from safety plan", size=28)
        self.from_plan.setAccessibleDescription("Shortcut Alt+P")
        self.from_plan.setToolTip("Alt+P")
        self.no_advice = TextButton(DESCRIBED["no_advice"].label, size=28)
        self.no_advice.setCheckable(True)
        self.plan = PlanLines(self.area)
        self.from_plan.clicked.connect(self.add_from_plan)
        self.plan.picked.connect(self._add)
        self.plan.closed.connect(self._close_plan)
        self.no_advice.toggled.connect(lambda on: answers.put(no_advice=on))

    def typed(self, words: str) -> None:
        """Save the typed advice in the answers; any words clear "No advice given"."""
        self._answers.put(advice=words, **({"no_advice": False} if words.strip() else {}))

    def show_no_advice(self) -> None:
        """Show on the button whether "No advice given" is set."""
        on = self._answers.get("no_advice") is True
        with QSignalBlocker(self.no_advice):
            self.no_advice.setChecked(on)
        self.no_advice.icon_name = "check" if on else ""
        self.no_advice.updateGeometry()
        self.no_advice.update()

    def add_from_plan(self) -> None:
        """Show the lines of the children's safety plans for picking, once the children are known; a second call closes them."""
        self._answers.when_all_here(self._offer_plan)

    def _offer_plan(self) -> None:
        lines = self._context.services.calls.plan_lines(self._answers.read().children)
        if not self.plan.isHidden():
            self._close_plan()
        elif lines:
            self.plan.open(lines)
            self.offered.emit()
        else:
            self._context.say("There is no safety plan to add from.")

    def _add(self, lines: Sequence[PlanLine]) -> None:
        """Append the picked lines to the advice, move the caret to the end and close the plan."""
        words = [self._answers.text("advice").rstrip(), *(line.advised for line in lines)]
        self._answers.put(advice=" ".join(filter(None, words)), no_advice=False)
        self._close_plan()

    def _close_plan(self) -> None:
        self.plan.hide()
        self.area.moveCursor(QTextCursor.MoveOperation.End)
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)
