"""The parts of what is read back: the part that is being answered, large, and the others as one line each.

Must not save an answer: it only reports what is chosen and typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from hipss_desktop.kinds.reading import AGREE, DISAGREE, OWN_WORDS, Answer
from hipss_desktop.records.codes import code_list
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.reading_back import Adult, Part
from ui.base.access import spoken_as
from ui.base.announce import announce
from ui.parts import Button, Field, IconLabel, LinkButton, RadioCards, column, grows, label, paint, rename, row
from ui.parts.cards import CardTone
from ui.supervision.inside import TARGET, Copied, InsideText
from ui.theme import styled, theme_of

ASKS = {OWN_WORDS: "Say it your way. The note keeps both.", DISAGREE: "What is not right, if you want to say it."}
TONES: Mapping[str, CardTone] = {DISAGREE: "amber"}


def said_words(adult: Adult, answer: Answer) -> str:
    """An adult's answer in a few words: "Jo agrees"."""
    return {
        AGREE: f"{adult.first} agrees",
        DISAGREE: f"{adult.first} does not agree",
        OWN_WORDS: f"{adult.first}, in own words",
    }.get(answer.answer, code_list("reading_answer").label(answer.answer))


class Sheet(QFrame):
    """A panel with an edge; ``now`` gives it the edge of the present step."""

    def __init__(self, *, now: bool = False) -> None:
        super().__init__()
        self.now = now
        self.box = QVBoxLayout(self)
        grows(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = theme_of(self), QPainter(self)
        edge, width = (theme.accent, 2) if self.now else (theme.line, 1)
        paint.frame(painter, QRectF(self.rect()), fill=theme.surface, edge=edge, width=width)
        painter.end()


class PartLine(Sheet):
    """A part that is not being answered. Signal: ``asked()`` when the user wants to answer it, or change its answer."""

    asked = Signal()

    def __init__(self, part: Part, adult: Adult, answer: Answer | None) -> None:
        super().__init__()
        self.part = part
        spoken_as(self, QAccessible.Role.ListItem, f"Part {part.number}")
        words = label(f"{part.number}. {part.text}", "heading", "ink" if answer else "muted", wrap=True)
        styled(words, "heading", "ink" if answer else "muted", weight=400)
        self.change = LinkButton("Change" if answer else "Read this part")
        self.change.setAccessibleName(f"{self.change.text()}, part {part.number}")
        self.change.setMinimumSize(TARGET, TARGET)
        self.change.clicked.connect(self.asked)
        across = row(gap=12)
        if answer is not None:
            across.addWidget(IconLabel("check", "", "body", "accent"))
        across.addWidget(words, 1)
        if answer is not None:
            across.addWidget(label(said_words(adult, answer), "body_strong"))
        across.addWidget(self.change)
        self.box.setContentsMargins(24, 3, 20, 3)
        self.box.addLayout(across)


class PartCard(Sheet):
    """The part that an adult is answering.

    Signals:
        edited(): something was chosen or typed.
        other(str): the adult of this row wants to answer instead.
    """

    edited = Signal()
    other = Signal(str)

    def __init__(
        self, part: Part, adult: Adult, others: Sequence[Adult], *, of: int, copied: Copied, answer: Answer | None
    ) -> None:
        super().__init__(now=True)
        self.part, self.adult = part, adult
        spoken_as(self, QAccessible.Role.ListItem, self.spoken(of))
        place = label(f"Part {part.number} of {of}. {part.title}".rstrip(". "), "body_strong", "muted", wrap=True)
        styled(place, "small_strong", "muted")
        head = row(gap=8)
        head.addWidget(place, 1)
        head.addWidget(label(f"{adult.first} is answering", "body", "muted"))
        self.others = [Button(f"Let {other.first} answer", size=TARGET) for other in others]
        for button, other in zip(self.others, others, strict=True):
            button.clicked.connect(lambda _=False, member=other.member: self.other.emit(member))
            head.addWidget(button)
        self.words = styled(label(part.text, "display", wrap=True), "display", "ink", weight=400)
        options: list[tuple[str, str, str, CardTone]] = [
            (code.code, code.label, "", TONES.get(code.code, "neutral")) for code in code_list("reading_answer").codes
        ]
        self.choice = RadioCards(f"What {adult.first} says", options, large=True)
        self.text = InsideText(copied)
        self.own = Field(ASKS[OWN_WORDS], self.text)
        self.box.setContentsMargins(24, 12, 24, 16)
        self.box.addLayout(column(head, self.words, self.choice, self.own, gap=12))
        if answer is not None:
            self.show_answer(answer.answer, answer.words)
        self._fit()
        self.choice.changed.connect(self._chosen)
        self.text.textChanged.connect(self.edited)

    def spoken(self, of: int) -> str:
        """The announcement when the part opens: "Part 3 of 6, the nights, Jo is answering"."""
        title = f"{self.part.title[:1].lower()}{self.part.title[1:]}".rstrip("?.")
        return ", ".join(filter(None, (f"Part {self.part.number} of {of}", title, f"{self.adult.first} is answering")))

    def show_answer(self, answer: str, words: str) -> None:
        """Show an earlier answer and its words."""
        self.choice.choose(answer)
        self.text.setPlainText(words)
        self._fit()

    @property
    def answer(self) -> str:
        """The code of the chosen answer, '' if none is chosen."""
        return self.choice.chosen()

    @property
    def own_words(self) -> str:
        """The typed words, if the chosen answer asks for words, else ''."""
        return self.text.toPlainText() if self.answer in ASKS else ""

    def typed(self, draft: Draft) -> Draft:
        """The draft with the present answer and words."""
        typed = {"answer": self.answer, "words": self.text.toPlainText()}
        return replace(draft, fields={name: value for name, value in typed.items() if value})

    def show_typed(self, fields: Mapping[str, Any]) -> None:
        """Show the answer and words of a draft, if there are any."""
        if fields:
            self.show_answer(str(fields.get("answer") or ""), str(fields.get("words") or ""))

    def complain(self, words: str) -> None:
        """Show an error beside the words, and focus them."""
        self.own.set_error(words)
        announce(self.text, words, assertive=True)
        self.text.setFocus()

    def first_focus(self) -> QWidget:
        """The choice that Tab reaches: the chosen one, else the first."""
        cards = self.choice.cards()
        return next((card for card in cards if card.isChecked()), cards[0])

    def _chosen(self, answer: str) -> None:
        self._fit()
        self.own.set_error("")
        self.edited.emit()

    def _fit(self) -> None:
        self.own.setVisible(self.answer in ASKS)
        prompt = ASKS.get(self.answer, ASKS[OWN_WORDS])
        self.own.label.setText(prompt)
        rename(self.text, prompt)
