"""Shows a visit to one household part by part, so that each adult answers each part, with the signatures beside it.

Typed words are saved as a draft within a second. The press that goes on saves them as a row of the reading. Must not know more of
the visit than ``services.reading_back`` gives, nor what is around this view.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.errors import HipssError
from hipss_desktop.services.reading_back import ReadBack, answer_question
from hipss_desktop.services.records import Unfinished
from ui.base.announce import announce
from ui.base.focus import focus, tab_in_reading_order
from ui.base.page import Context
from ui.parts import (
    Brand,
    Button,
    Heading,
    LinkButton,
    PrimaryButton,
    Rule,
    SideBySide,
    TextButton,
    column,
    emptied,
    label,
    reveal_inside,
    row,
)
from ui.records.question_draft import QuestionDraft
from ui.supervision.inside import TARGET, Copied
from ui.supervision.read_part import PartCard, PartLine
from ui.supervision.signing_card import SigningCard
from ui.supervision.text_sizes import TextSizes
from ui.theme import set_state

ROOM = 900
"""Pixels at 100 % text size: the least width for the signatures beside the part that is read."""


class ReadingView(QWidget):
    """The parts and the signatures.

    Signals:
        stopped(): the household stops; its answers stay saved.
        leaving(): the worker wants to go on.
    """

    stopped = Signal()
    leaving = Signal()

    def __init__(self, context: Context, back: ReadBack, sizes: TextSizes) -> None:
        """Show ``back``. ``context`` shows its messages by ``say`` of this view, see ``TurnedWindow``."""
        super().__init__()
        self._context, self.back, self.sizes = context, back, sizes
        self._copied = Copied()
        self._busy = False
        self._adult = next((adult for adult in back.adults if not back.is_answered(adult.member)), back.adults[0])
        self._at = back.first_open(self._adult.member) or 0
        self._part: PartCard | None = None
        self._draft: QuestionDraft | None = None
        self.signing = SigningCard(context, back, self._copied, lambda: self.back)
        self.next = PrimaryButton("Next part", size=TARGET)
        self.before = Button("Back", size=TARGET)
        self.stop = TextButton("Stop reading", size=TARGET)
        self.unlock = LinkButton("Worker: unlock to go on", tone="ink", style="small", icon="lock")
        self.notice = label("", "body_strong", "risk", wrap=True)
        self._lay_out()
        self.next.clicked.connect(self.next_part)
        self.before.clicked.connect(self.part_before)
        self.stop.clicked.connect(lambda: self._press(self.stopped.emit))
        self.unlock.clicked.connect(self.leaving)
        self.signing.signed.connect(self._take)
        self._show_parts()

    # How it is laid out

    def _lay_out(self) -> None:
        self._parts = QVBoxLayout()
        self._parts.setSpacing(16)
        left, foot = QWidget(), QWidget()
        left.setLayout(column(self._parts, None, margins=(28, 20, 0, 8)))
        right = QWidget()
        right.setLayout(column(self.signing, None, margins=(14, 20, 18, 8)))
        area = SideBySide(left, right, shares=(7, 3), room=ROOM)
        self.unlock.setMinimumSize(TARGET, TARGET)
        self.notice.setContentsMargins(48, 8, 48, 8)
        self.notice.hide()
        foot.setLayout(row(self.next, self.before, self.stop, None, self.unlock, gap=16, margins=(48, 12, 48, 12)))
        whole = column(self._header(), Rule(), gap=0)
        whole.addWidget(area, 1)
        for below in (self.notice, Rule(), foot):
            whole.addWidget(below)
        self.setLayout(whole)

    def _header(self) -> QWidget:
        firsts = [adult.first for adult in self.back.adults]
        names = f"{', '.join(firsts[:-1])} and {firsts[-1]}" if len(firsts) > 1 else firsts[0]
        held, today = self.back.held_at, times.local_day(self._context.services.clock())
        day = times.local_day(held) if held is not None else today
        note = "today’s note" if day == today else f"the note of {times.long_day(day)}"
        title = Heading(f"{names}, this is {note}", 1)
        title.setWordWrap(True)
        says = f"Visit of {times.full_day(day)}, written by {self.back.written_by}. Read it, or ask for it to be read."
        head = QWidget()
        set_state(head, "surface", "surface")
        across = row(Brand(28), gap=16, margins=(48, 10, 48, 10))
        across.addLayout(column(title, label(says, "body", "muted", wrap=True), gap=2), 1)
        across.addWidget(self.sizes)
        head.setLayout(across)
        return head

    # What is read

    def _show_parts(self) -> None:
        """Show the parts again, with the part that is answered now open."""
        emptied(self._parts)
        adult = self._adult
        for place, part in enumerate(self.back.parts):
            answer = self.back.answers.get((part.paragraph, adult.member))
            if place == self._at:
                others = [other for other in self.back.adults if other is not adult]
                self._part = PartCard(part, adult, others, of=len(self.back.parts), copied=self._copied, answer=answer)
                self._part.other.connect(lambda member: self._press(partial(self._answer_as, member)))
                self._parts.addWidget(self._part)
            else:
                line = PartLine(part, adult, answer)
                line.asked.connect(partial(self._press, partial(self._go, place)))
                self._parts.addWidget(line)
        self._hear_part()
        self.before.setEnabled(self._at > 0)
        tab_in_reading_order(self)

    @property
    def part(self) -> PartCard:
        """The part that is answered now."""
        assert self._part is not None, "the part is made in the constructor"
        return self._part

    def _hear_part(self) -> None:
        """Save what is chosen and typed in the open part as a draft."""
        card = self.part
        question = answer_question(card.adult.member, card.part.paragraph)
        draft = self._context.services.reading_back.typed(self.back, question)
        card.show_typed(draft.fields)
        self._draft = QuestionDraft(card, self._context, draft, card.typed, lambda: {"words": card.text})
        card.edited.connect(self._draft.note)

    def _go(self, place: int) -> None:
        """Open a part."""
        self._at = min(max(place, 0), len(self.back.parts) - 1)
        self._show_parts()
        card = self.part
        card.show()
        focus(card.first_focus())
        reveal_inside(card)
        announce(card, f"{card.spoken(len(self.back.parts))}.")

    def _answer_as(self, member: str) -> None:
        """Let another adult answer, from the first part that they have not answered."""
        self._adult = next(adult for adult in self.back.adults if adult.member == member)
        open_part = self.back.first_open(member)
        self._go(self._at if open_part is None else open_part)

    # What is said

    def next_part(self) -> None:
        """Save the answer and open the next unanswered part of this adult, else of another adult, else the signatures."""
        self._press(self._go_on)

    def _go_on(self) -> None:
        open_part = self.back.first_open(self._adult.member, self._at)
        if open_part is not None and open_part != self._at:
            self._go(open_part)
            return
        other = next((adult for adult in self.back.adults if not self.back.is_answered(adult.member)), None)
        if other is not None and other is not self._adult:
            self._answer_as(other.member)
        elif other is None:
            self._go(self._at)
            self.signing.go(self.back)
        else:
            self.say(f"{other.first} has not answered this part yet. Choose an answer.")

    def part_before(self) -> None:
        """Save the answer and open the part before."""
        self._press(lambda: self._go(self._at - 1))

    def _press(self, then: Callable[[], None]) -> None:
        """Save the answer of the open part, if one is chosen, and go on. Ask first for what the answer lacks."""
        card = self.part
        if self._busy:
            return
        self.say("")
        if not card.answer:
            then()
            return
        assert self._draft is not None, "each part has one"
        self._draft.hand_in()
        self._busy = True

        def go_on(now: ReadBack) -> None:
            self._busy = False
            self._take(now)
            then()

        def refused(error: HipssError) -> None:
            self._busy = False
            if self._draft is not None:
                self._draft.start()
            if isinstance(error, Unfinished):
                card.complain(error.problems[0].message)
            else:
                self.say(str(error))

        service, member, paragraph = self._context.services.reading_back, card.adult.member, card.part.paragraph
        answer = partial(service.answer, self.back, member, paragraph, card.answer, card.own_words)
        self._context.runner.write(answer, go_on, context=self, failed=refused)

    def _take(self, now: ReadBack) -> None:
        """Show the answers and signatures that are saved now."""
        self.back = now
        self.signing.show_stand(now)

    def say(self, words: str) -> None:
        """Show what went wrong in this view, and have a screen reader say it; '' hides it."""
        self.notice.setText(words)
        self.notice.setVisible(bool(words))
        if words:
            announce(self, words, assertive=True)

    def flush(self) -> None:
        """Save what is typed and drawn."""
        if self._draft is not None:
            self._draft.flush()
        self.signing.flush()
