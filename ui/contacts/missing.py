"""The row that opens below the concerns when a child is missing or came back.

Arranges three described fields (missing, missing_since, back_at) in one line. Must not decide whether a child is missing.
"""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSignalBlocker, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QWidget

from hipss_desktop import times
from ui.contacts.answers import DESCRIBED, Answers
from ui.contacts.clock import ClockTime
from ui.parts import FlowLayout, IconLabel, Radio, column, grows, label, paint, row
from ui.theme import set_state, theme_of


class MissingRow(QFrame):
    """ "Kai has been missing since 21:40", still missing or back at a time."""

    def __init__(self, answers: Answers, clock: times.Clock, child_name: Callable[[], str]) -> None:
        super().__init__()
        self._answers, self._clock, self._child_name = answers, clock, child_name
        self._error = ""
        self.setAccessibleName(DESCRIBED["missing"].label)
        self._words = label("", "body_strong")
        self.since = ClockTime(clock, name=f"{DESCRIBED['missing_since'].label}, time")
        self.since.changed.connect(self._since_typed)
        self.radios = [Radio(each.label, key=each.code) for each in DESCRIBED["missing"].choices.codes]
        self._group = QButtonGroup(self)
        for radio in self.radios:
            self._group.addButton(radio)
            radio.toggled.connect(lambda on, key=radio.key: self._chosen(key) if on else None)
        self.back_at = ClockTime(clock, name=f"{DESCRIBED['back_at'].label}, time")
        self.back_at.changed.connect(self._back_typed)
        self._problem = IconLabel("alert", "", "body_strong", "risk")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._note = label("", "small", "muted", wrap=True)
        self._known, answer = QWidget(), QWidget()
        self._known.setLayout(row(self._words, self.since, gap=12))
        choice = row(gap=16)
        for radio in self.radios:
            choice.addWidget(radio, 0, Qt.AlignmentFlag.AlignVCenter)
        choice.addWidget(self.back_at)
        answer.setLayout(choice)
        line = QWidget()
        flow = FlowLayout(line, gap=24, line_gap=4)
        flow.addWidget(self._known)
        flow.addWidget(answer)
        grows(line)
        self.setLayout(column(self._problem, line, self._note, gap=4, margins=(16, 7, 12, 7)))
        self.setFocusProxy(self.radios[0])
        self.show_answers()

    def show_answers(self) -> None:
        """Show what the fields hold; the row is there only while it is asked for."""
        answers = self._answers
        self.setVisible(answers.shown("missing"))
        since = answers.text("missing_since")
        self.since.set_value(since)
        self.back_at.set_value(answers.text("back_at"))
        self._show_choice(answers.text("missing"))
        typing = self.since.isAncestorOf(self.focusWidget() or self) and self.since.isVisible()
        known = _words_of(since, self._clock) if not typing else ""
        name = self._child_name()
        self.since.setVisible(not known)
        self._known.setMinimumHeight(theme_of(self).size("control"))
        if known:
            self._words.setText(f"{name or 'The child'} has been missing since {known}")
        else:
            self._words.setText(DESCRIBED["missing_since"].label)
        note = next((each for each in (self.since.problem(), self.back_at.problem()) if "clocks" in each), "")
        self._note.setText(note)
        self._note.setVisible(bool(note) and not self._error)

    def _show_choice(self, key: str) -> None:
        chosen = next((radio for radio in self.radios if radio.key == key), None)
        for radio in self.radios:  # Tab comes to the one that is chosen
            stop = chosen is None or radio is chosen
            radio.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus)
        if chosen is not None:
            with QSignalBlocker(chosen):  # showing is not choosing, which would take "Back at" away
                chosen.setChecked(True)
            return
        self._group.setExclusive(False)
        for radio in self.radios:
            radio.setChecked(False)
        self._group.setExclusive(True)

    def set_error(self, words: str) -> None:
        """Show an error of one of the three fields; '' takes it away."""
        self._error = words
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        box = self.back_at.box
        set_state(box, "problem", "true" if words else None)
        box.setAccessibleDescription(f"Error: {words}." if words else "")
        self.show_answers()
        self.update()

    def error(self) -> str:
        """The error shown, or ''."""
        return self._error

    def problems(self) -> dict[str, str]:
        """Fields of the row whose text names no moment, and why."""
        parts = {"missing_since": self.since, "back_at": self.back_at}
        return {name: part.problem() for name, part in parts.items() if part.problem()}

    def _chosen(self, key: str) -> None:
        self._answers.put(missing=key, **({} if key == "back" else {"back_at": ""}))

    def _since_typed(self) -> None:
        self._answers.put(missing_since=self.since.value())

    def _back_typed(self) -> None:
        self._answers.put(back_at=self.back_at.value(), missing="back")

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        bar = theme.risk if self._error else None
        paint.frame(painter, QRectF(self.rect()), fill=theme.sunken, edge=theme.line, bar=bar)
        painter.end()


def _words_of(since: str, clock: times.Clock) -> str:
    try:
        return times.since(times.instant(since), clock())
    except ValueError:
        return ""
