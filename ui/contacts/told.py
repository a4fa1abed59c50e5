"""Asks who of those who need to know was told already: a row for each that is ticked, with time, name and log number.

The answers are rows of "Who was told", which the group below the questions shows too. Must not say that somebody was told who was
not: an empty row is not saved.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop import identity, times
from hipss_desktop.records.fields import as_text, is_nothing
from ui.contacts.answers import DESCRIBED, NOT_KNOWN, Answers
from ui.contacts.clock import ClockTime
from ui.parts import CheckBox, IconLabel, LineEdit, column, grows, label, row, spoken_label
from ui.records.caret import TextField
from ui.records.controls import chain
from ui.theme import theme_of

TOLD = DESCRIBED["told_others"]
WHO, NAME, AT, NO_TIME, LOG = (
    next(part for part in TOLD.rows if part.name == name) for name in ("who", "name", "at", "at_not_known", "reference")
)
ASKED = "told already?"
NAME_WIDE, LOG_WIDE = 96, 102
"""Pixels at 100 % text size: the least widths of the two text fields, so that their placeholders are not cut."""


class ToldRow(QWidget):
    """Asks whether one service was told. It emits ``edited`` when a person types into it."""

    edited = Signal()

    def __init__(self, code: str, words: str, clock: times.Clock) -> None:
        super().__init__()
        self.code = code
        self.row_id = ""
        self._held: dict[str, Any] = {}
        self.setAccessibleName(f"{words} {ASKED}")
        self.at = ClockTime(clock, name=f"{words}, told at", zoned=False)
        self.not_known = CheckBox(NOT_KNOWN)
        self.not_known.setAccessibleName(f"{NOT_KNOWN}, {self.at.box.accessibleName()}")
        keeps_room = self.not_known.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(True)  # so that nothing moves when it appears
        self.not_known.setSizePolicy(keeps_room)
        self.not_known.hide()
        self.who = LineEdit(name=f"{words}, {NAME.label.lower()}", placeholder=NAME.label)
        self.log = LineEdit(name=f"{words}, {LOG.label.lower()}", placeholder=LOG.label)
        for control in (self.who, self.log):
            spoken_label(control.accessibleName(), control)
        self._problem = IconLabel("alert", "", "body_strong", "risk")
        self._problem.setWordWrap(True)
        self._problem.hide()
        for words_typed, least in ((self.who, NAME_WIDE), (self.log, LOG_WIDE)):
            words_typed.setMinimumWidth(theme_of(self).px(least))
            words_typed.textEdited.connect(lambda _: self._edited())
        self.at.changed.connect(self._edited)
        self.not_known.toggled.connect(lambda _: self._edited())
        line = row(self.at, self.who, self.log, gap=8)
        line.setStretch(1, 1)
        line.setStretch(2, 1)
        line.addWidget(self.not_known, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(column(label(f"{words}, {ASKED}", "small", "muted"), self._problem, line, gap=2))
        self.hide()  # its answers show it once it is in a window; without a parent it would open as a window

    def stops(self) -> list[QWidget]:
        """What Tab stops at, in reading order, shown or not."""
        return [*self.at.stops(), self.who, self.log, self.not_known]

    def _edited(self) -> None:
        self._offer_not_known()
        self.edited.emit()

    def _offer_not_known(self) -> None:
        """Offer "Time not known" once the row says that somebody was told but not when."""
        has_answers = bool(self.who.text().strip() or self.log.text().strip())
        self.not_known.setMinimumWidth(self.not_known.sizeHint().width())  # its two words stay on one line
        self.not_known.setVisible(not self.at.value() and (has_answers or self.not_known.isChecked()))

    def show_row(self, held: Mapping[str, Any]) -> None:
        """Show a saved row; {} for a service that nobody told."""
        self._held, self.row_id = dict(held), as_text(held.get("id"))
        self.at.set_value(as_text(held.get(AT.name)))
        with QSignalBlocker(self.not_known):
            self.not_known.setChecked(held.get(NO_TIME.name) is True)
        for field, part in ((NAME, self.who), (LOG, self.log)):
            if part.text() != as_text(held.get(field.name)):
                part.setText(as_text(held.get(field.name)))
        self._offer_not_known()

    def value(self) -> dict[str, Any]:
        """The row to save, or {} if nothing says that somebody was told."""
        typed = {AT.name: self.at.value(), NAME.name: self.who.text(), LOG.name: self.log.text()}
        answers: dict[str, Any] = {**self._held, **typed}
        answers.pop(NO_TIME.name, None)
        if self.not_known.isChecked() and not self.at.value():
            answers[NO_TIME.name] = True
        answered = {name: value for name, value in answers.items() if not is_nothing(value)}
        if not answered.keys() - {"id", WHO.name, NO_TIME.name}:
            return {}
        return {"id": self.row_id or identity.row_id(), WHO.name: self.code, **answered}

    def set_error(self, words: str) -> None:
        """Show what is wrong with the time; '' hides the error."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        self.at.set_error(words)


class ToldAlready(QWidget):
    """The rows of those who are ticked and can be told, below the ticks."""

    def __init__(self, answers: Answers, clock: times.Clock) -> None:
        super().__init__()
        self._answers = answers
        known = {code.code for code in WHO.choices.codes}
        ticks = DESCRIBED["needs_to_know"].choices.codes
        self.rows = [ToldRow(tick.code, tick.label, clock) for tick in ticks if tick.code in known]
        for told_row in self.rows:
            told_row.edited.connect(lambda told_row=told_row: self._edited(told_row))
        self.setLayout(column(*self.rows, gap=6, margins=(0, 6, 0, 0)))
        grows(self)
        chain(self.stops())

    def stops(self) -> list[QWidget]:
        """What Tab stops at, in reading order, shown or not."""
        return [stop for told_row in self.rows for stop in told_row.stops()]

    def show_answers(self) -> None:
        """Show a row for each service that is ticked, with its saved answers."""
        ticked, held = self._answers.read().needs_to_know, self._held()
        for told_row in self.rows:
            told_row.show_row(next((answers for answers in held if answers.get(WHO.name) == told_row.code), {}))
            told_row.setVisible(told_row.code in ticked)
        self.setVisible(any(not told_row.isHidden() for told_row in self.rows))

    def _held(self) -> list[Mapping[str, Any]]:
        return [entry for entry in self._answers.listed(TOLD.name) if isinstance(entry, Mapping)]

    def _edited(self, told_row: ToldRow) -> None:
        value, before = told_row.value(), self._answers.listed(TOLD.name)
        now = [
            value if isinstance(entry, Mapping) and entry.get("id") == told_row.row_id else entry for entry in before
        ]
        if value and now == before and value not in before:
            now.append(value)
        self._answers.put(**{TOLD.name: [entry for entry in now if entry != {}]})

    def problems(self) -> dict[str, str]:
        """The paths of times that cannot be read, with the reason."""
        return {
            self._path(told_row): told_row.at.problem()
            for told_row in self.rows
            if told_row.at.problem() and told_row.row_id
        }

    def errors(self, problems: Mapping[str, str]) -> list[tuple[str, QWidget]]:
        """Show the errors of the visible rows' times, given by path. Return the widget of each."""
        placed: list[tuple[str, QWidget]] = []
        for told_row in self.rows:
            words = problems.get(self._path(told_row), "") if told_row.row_id and not told_row.isHidden() else ""
            told_row.set_error(words)
            placed += [(words, told_row.at.box)] if words else []
        return placed

    def text_fields(self) -> dict[str, TextField]:
        """The fields that words are typed into, by names that stay the same when the draft is opened again."""
        fields: dict[str, TextField] = {}
        for told_row in self.rows:
            name = f"told_already/{told_row.code}"
            fields |= {f"{name}/at": told_row.at.box, f"{name}/name": told_row.who, f"{name}/reference": told_row.log}
        return fields

    @staticmethod
    def _path(told_row: ToldRow) -> str:
        return f"{TOLD.name}/{told_row.row_id}/{AT.name}"
