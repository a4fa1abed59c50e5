"""The panel in which one person signs by hand or with a typed name, or the reason is given why not.

Must not save a signature: it sends a request, and shows what was saved.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.kinds.signature import ABSENT, DRAWN, REFUSED, TYPED, Signature
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.records.strokes import read
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.reading_back import Signed
from ui.base.announce import announce
from ui.parts import Button, Field, FlowLayout, LinkButton, RadioCards, Tag, TagSpec, TextButton, column, label, row
from ui.supervision.inside import TARGET, Copied, InsideText
from ui.supervision.sign_box import SignBox


def signature_words(first: str, signed: Signed) -> str:
    """The words under a signature: "Name typed by Martin. Captured by D. Marsh, 11:41."."""
    signature = signed.signature
    captured = f"Captured by {signed.captured_by}, {times.clock_time(signature.at)}." if signature.at else ""
    sentence = {
        DRAWN: f"Drawn by {first}.",
        TYPED: f"Name typed by {first}.",
        REFUSED: f"{first} does not want to sign: {signature.reason}",
        ABSENT: f"{first} was not here. The copy: {within(code_list('copy_by').label(signature.copy_by))}.",
    }.get(signature.how, "")
    return f"{sentence.rstrip('.')}. {captured}".strip()


class SignPanel(QWidget):
    """One person's signature.

    Signals:
        edited(): something was drawn, typed or chosen.
        asked(how, what): save the signature of this kind with these values.
    """

    edited = Signal()
    asked = Signal(str, dict)

    def __init__(self, who: str, name: str, first: str, copied: Copied, *, is_worker: bool = False) -> None:
        super().__init__()
        self.who, self.name, self.first, self.is_worker = who, name, first, is_worker
        self._tag = Tag("circle", "")
        self.box = SignBox(f"{first}’s signature, with finger, pen or mouse")
        self.typed = InsideText(copied, one_line=True)
        self.typed_field = Field(f"Type {first}’s name in full", self.typed)
        self.reason = InsideText(copied)
        self.reason_field = Field(f"Why does {first} not want to sign?", self.reason)
        copies = [(code.code, code.label, "", "neutral") for code in code_list("copy_by").codes]
        self.copy_by = RadioCards(f"How does {first} get the copy?", copies, large=True)  # type: ignore[arg-type]  # tones
        self.copy_field = Field(f"How does {first} get the copy?", self.copy_by)
        self.sign = Button("Sign", icon="pen", size=TARGET)
        self.clear = TextButton("Clear", size=TARGET)
        self.turn = LinkButton("Type a name instead")
        self.not_here = LinkButton(f"{first} was not here", style="small")
        self.refuses = LinkButton(f"{first} does not want to sign", style="small")
        for link in (self.turn, self.not_here, self.refuses):
            link.setMinimumHeight(TARGET)
        self.note = label("", "small", "muted", wrap=True)
        self.how = DRAWN
        self._lay_out()
        self.box.drawn.connect(self._edited)
        for text in (self.typed, self.reason):
            text.textChanged.connect(self._edited)
        self.copy_by.changed.connect(self._edited)
        self.sign.clicked.connect(self._ask)
        self.clear.clicked.connect(self._clear)
        self.turn.clicked.connect(self._turn)
        self.not_here.clicked.connect(lambda: self.choose(ABSENT))
        self.refuses.clicked.connect(lambda: self.choose(REFUSED))
        self._is_recorded = self._allowed = False
        self.fit()

    def _lay_out(self) -> None:
        head = row(label(self.name, "heading", wrap=True), None, self._tag, gap=8)
        presses = FlowLayout(gap=16, line_gap=0)
        for press in (self.sign, self.clear, self.turn, self.not_here, self.refuses):
            presses.addWidget(press)
        self._presses = QWidget()
        self._presses.setLayout(presses)
        fields = (self.typed_field, self.reason_field, self.copy_field)
        self.setLayout(column(head, self.box, *fields, self.note, self._presses, gap=6))

    def choose(self, how: str) -> None:
        """Choose the kind of signature to ask for, or to ask why there is none."""
        self.how = how
        self.fit()
        self._edited()
        focus = {TYPED: self.typed, REFUSED: self.reason, ABSENT: self.copy_by.cards()[0]}.get(how)
        if focus is not None and self.isVisible():
            focus.setFocus()

    def _turn(self) -> None:
        self.choose(TYPED if self.how == DRAWN else DRAWN)

    def _clear(self) -> None:
        self.box.clear()
        self.typed.clear()

    def fit(self) -> None:
        """Show the fields for the chosen kind of signature."""
        open_now = not self._is_recorded
        self.box.setVisible(self.how == DRAWN or (self._is_recorded and self.how == TYPED))
        self.box.setEnabled(self._is_recorded or self._allowed)
        self.typed_field.setVisible(open_now and self.how == TYPED)
        self.typed.setEnabled(self._allowed)
        self.reason_field.setVisible(open_now and self.how == REFUSED)
        self.copy_field.setVisible(open_now and self.how == ABSENT)
        self._presses.setVisible(open_now)
        self.note.setVisible(bool(self.note.text()))
        self.sign.setText("Sign" if self.how in (DRAWN, TYPED) else "Keep this")
        self.sign.setEnabled(self.how in (REFUSED, ABSENT) or self._allowed)
        self.sign.updateGeometry()
        self.clear.setVisible(self.how in (DRAWN, TYPED) and self._is_begun())
        self.turn.setText("Type a name instead" if self.how == DRAWN else "Sign by hand instead")
        self.turn.updateGeometry()
        for press in (self.sign, self.clear, self.turn):
            press.setAccessibleName(f"{press.text()}: {self.name}")
        self.not_here.setVisible(not self.is_worker and self.how != ABSENT)
        self.refuses.setVisible(not self.is_worker and self.how != REFUSED)

    def _is_begun(self) -> bool:
        return bool(self.box.strokes or self.typed.toPlainText())

    def show_stand(self, answered: int, of: int, signed: Signed | None) -> None:
        """Show the number of answered parts, or the saved signature."""
        self._allowed = answered == of
        if signed is not None:
            self._show_signed(signed)
        elif self.is_worker:
            self._tag.set_spec(TagSpec("circle", "Not signed", "open"))
        else:
            self._tag.set_spec(TagSpec("circle", f"{answered} of {of} answered", "open"))
        self.fit()

    def _show_signed(self, signed: Signed) -> None:
        signature: Signature = signed.signature
        self._is_recorded, self.how = True, signature.how
        at = times.clock_time(signature.at) if signature.at else ""
        words = {REFUSED: "Not signed", ABSENT: "Not here"}.get(signature.how, f"Signed {at}")
        self._tag.set_spec(TagSpec("check" if signature.how in (DRAWN, TYPED) else "minusc", words))
        self.box.shows_only, self.box.typed = True, signature.typed
        self.box.show_strokes(read(signature.strokes) or ())
        self.note.setText(signature_words(self.first, signed))

    # Drafts

    def draft(self, draft: Draft) -> Draft:
        """The draft with everything drawn, typed and chosen so far; its fields are empty if there is nothing."""
        fields = {name: value for name, value in self._answers().items() if value}
        if fields or self.how in (REFUSED, ABSENT):
            fields["how"] = self.how
        return replace(draft, fields=fields)

    def show_draft(self, fields: Mapping[str, Any]) -> None:
        """Show the contents of a draft, if there are any."""
        if not fields:
            return
        self.how = str(fields.get("how") or DRAWN)
        self.box.show_strokes(read(str(fields.get("strokes") or "")) or ())
        self.typed.setPlainText(str(fields.get("typed") or ""))
        self.reason.setPlainText(str(fields.get("reason") or ""))
        self.copy_by.choose(str(fields.get("copy_by") or ""))
        self.fit()

    def _answers(self) -> dict[str, str]:
        return {
            "strokes": self.box.text() if self.how == DRAWN else "",
            "typed": self.typed.toPlainText().strip() if self.how == TYPED else "",
            "reason": self.reason.toPlainText().strip() if self.how == REFUSED else "",
            "copy_by": self.copy_by.chosen() if self.how == ABSENT else "",
        }

    def _edited(self) -> None:
        for field in (self.typed_field, self.reason_field, self.copy_field):
            field.set_error("")
        self.clear.setVisible(self.how in (DRAWN, TYPED) and self._is_begun())
        self.edited.emit()

    def _ask(self) -> None:
        answers = {name: value for name, value in self._answers().items() if value}
        missing = {
            DRAWN: (None, "Sign in the box, or type the name instead"),
            TYPED: (self.typed_field, "Type the name in full"),
            REFUSED: (self.reason_field, f"Enter why {self.first} does not want to sign"),
            ABSENT: (self.copy_field, f"Choose how {self.first} gets the copy"),
        }[self.how]
        if answers:
            self.asked.emit(self.how, answers)
            return
        field, words = missing
        if field is not None:
            field.set_error(words)
        else:
            self.note.setText(words)
            self.note.show()
        announce(self, words, assertive=True)
