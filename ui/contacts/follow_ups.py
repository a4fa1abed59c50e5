"""Question 7: what must be done after the call and by when; one row each, as many as are needed.

Empty rows are ignored. The author owns a follow-up until somebody else takes over its action. Must not create the actions
itself: finishing the contact does.
"""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop import identity, times
from hipss_desktop.records.fields import as_text, is_nothing
from ui.contacts.answers import DESCRIBED, Answers
from ui.contacts.clock import ClockTime
from ui.parts import IconButton, IconLabel, LineEdit, label, paint, row
from ui.theme import set_state, theme_of

WHAT, DUE = (next(field for field in DESCRIBED["follow_ups"].rows if field.name == name) for name in ("what", "due"))

FRAME = 26
"""Pixels of a text field that its frame and padding use."""
WIDEST_HINT = 220
"""The most pixels (at 100 % text size) that are reserved for the words of a hint."""
BY_FIRST_NAME = ("carer", "child")
"""Callers (``caller_role``) who are called by their first names; for others the first word may be a rank ("Sgt Holloway")."""


class FollowUpRow(QWidget):
    """One follow-up: what to do, and by what time."""

    edited = Signal()

    def __init__(self, clock: times.Clock, number: int, held: Mapping[str, Any], hint: Callable[[], str]) -> None:
        super().__init__()
        self._held, self._hint = dict(held), hint
        self._typed: set[str] = set()
        self.row_id = str(held.get("id") or identity.row_id())
        self.what = LineEdit(name=f"Follow-up {number}, {WHAT.label.lower()}", placeholder=hint())
        self.due = ClockTime(clock, name=f"Follow-up {number}, {DUE.label.lower()}", ahead=True, zoned=False)
        self._problem = IconLabel("alert", "", "body_strong", "risk")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._note = label("", "small", "muted", wrap=True)
        self._note.hide()
        self.line = row(self.what, self.due, gap=8)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self._problem)
        box.addLayout(self.line)
        box.addWidget(self._note)
        self.setFocusProxy(self.what)
        self._fit()
        self.show_row(held)
        self.what.textEdited.connect(lambda _: self._edited("what"))
        self.due.changed.connect(self._due_typed)

    def show_row(self, held: Mapping[str, Any]) -> None:
        """Show a saved row."""
        self._held = dict(held)
        self._typed.clear()
        if self.what.text() != as_text(held.get("what")):
            self.what.setText(as_text(held.get("what")))
        self.due.set_value(as_text(held.get("due")))
        self._say_day()

    def offer(self) -> None:
        """Show the hint: the follow-up that a time alone would mean."""
        self.what.setPlaceholderText(self._hint())
        self._fit()

    def _fit(self) -> None:
        """Leave room for the words of the hint, up to ``WIDEST_HINT``."""
        theme = theme_of(self)
        words = paint.advance(self._hint(), theme.font()) + FRAME
        self.what.setMinimumWidth(min(words, theme.px(WIDEST_HINT)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "due"):
            self._fit()

    def value(self) -> dict[str, Any]:
        """The row to save: the earlier row with the typed changes; {} if it is empty."""
        new = {name: value for name, value in self._held.items() if name != "id"}
        typed = {"what": self.what.text(), "due": self.due.value()}
        new.update({name: typed[name] for name in self._typed})
        answers = {name: value for name, value in new.items() if not is_nothing(value)}
        return {"id": self.row_id, **answers} if answers else {}

    def set_errors(self, what_error: str, due_error: str) -> None:
        """Show the errors of the two fields; '' for a field without an error."""
        words = what_error or due_error
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        set_state(self.what, "problem", "true" if what_error else None)
        self.what.setAccessibleDescription(f"Error: {what_error}." if what_error else "")
        self.due.set_error(due_error)

    def _due_typed(self) -> None:
        if self.due.value() and not self.what.text().strip():
            self.what.setText(self._hint())
            self.what.setCursorPosition(0)
            self._typed.add("what")
        self._say_day()
        self._edited("due")

    def _say_day(self) -> None:
        """Show which day the time means if it is not today, or the problem if the clocks change then."""
        day, problem = self.due.day_meant(), self.due.problem()
        note = f"{DUE.label} {day}" if day else problem if "clocks" in problem else ""
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def _edited(self, name: str) -> None:
        self._typed.add(name)
        self.edited.emit()


class FollowUps(QWidget):
    """The rows, and the button that adds one."""

    def __init__(self, answers: Answers, clock: times.Clock, *, is_typing: Callable[[], bool]) -> None:
        """``is_typing`` says whether a caller's name is still being typed, so that it may be incomplete."""
        super().__init__()
        self._answers, self._clock, self._is_typing = answers, clock, is_typing
        self.rows: list[FollowUpRow] = []
        self.setAccessibleName(DESCRIBED["follow_ups"].label)
        self.add = IconButton("plus", "Add follow-up")
        self.add.clicked.connect(self._add)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self.show_answers()

    def show_answers(self) -> None:
        """Show the follow-ups among the answers, and an empty row if there are none."""
        held = [answer for answer in self._answers.listed("follow_ups") if isinstance(answer, Mapping)]
        typed_answers = [follow_up.value() for follow_up in self.rows if follow_up.value()]
        for follow_up in self.rows:
            follow_up.offer()
        if self.rows and [_bare(answer) for answer in held] == [_bare(answer) for answer in typed_answers]:
            for shown, row_held in zip([row for row in self.rows if row.value()], held, strict=True):
                shown.show_row(row_held)
            return
        for old in self.rows:
            self._box.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = []
        for row_held in held or [{}]:
            self._take(row_held)

    def _take(self, held: Mapping[str, Any]) -> FollowUpRow:
        follow_up = FollowUpRow(self._clock, len(self.rows) + 1, held, self._offered)
        follow_up.edited.connect(self._edited)
        self.rows.append(follow_up)
        self._box.addWidget(follow_up)
        follow_up.line.addWidget(self.add)
        self.setFocusProxy(self.rows[0])
        before: QWidget = self.rows[-2].due.which if len(self.rows) > 1 else self
        for after in (follow_up.what, follow_up.due.box, follow_up.due.which, self.add):
            if before is not self:
                QWidget.setTabOrder(before, after)
            before = after
        return follow_up

    def _add(self) -> None:
        follow_up = self._take({})
        QTimer.singleShot(0, follow_up, follow_up.what.setFocus)

    def _offered(self) -> str:
        name = "" if self._is_typing() else " ".join(self._answers.text("caller_name").split())
        if self._answers.text("caller_role") in BY_FIRST_NAME:
            name = name.partition(" ")[0]
        return f"Ring {name} back" if name else "Ring back"

    def _edited(self) -> None:
        other_values = [answer for answer in self._answers.listed("follow_ups") if not isinstance(answer, Mapping)]
        self._answers.put(
            follow_ups=[*other_values, *(value for follow_up in self.rows if (value := follow_up.value()))]
        )

    def problems(self) -> dict[str, str]:
        """The problems of times that cannot be read, by field path."""
        return {
            f"follow_ups/{follow_up.row_id}/due": follow_up.due.problem()
            for follow_up in self.rows
            if follow_up.due.problem() and follow_up.value()
        }

    def errors(self, messages: Mapping[str, str]) -> list[tuple[str, QWidget]]:
        """Show the errors of the rows (by field path); return each error with its widget."""
        placed: list[tuple[str, QWidget]] = []
        for follow_up in self.rows:
            what_error, due_error = (
                messages.get(f"follow_ups/{follow_up.row_id}/{name}", "") for name in ("what", "due")
            )
            follow_up.set_errors(what_error, due_error)
            placed += [
                (words, part) for words, part in ((what_error, follow_up.what), (due_error, follow_up.due.box)) if words
            ]
        return placed


def _bare(held: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in held.items() if not is_nothing(value)}
