"""The row that opens below the concerns when a child is missing or came back.

Arranges four described fields (missing, missing_since, last_seen_not_known, back_at) in one line. Must not decide whether
a child is missing.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QButtonGroup, QFrame, QWidget

from hipss_desktop import times
from hipss_desktop.rules.missing import Episode
from hipss_desktop.views.tags import missing_words
from ui.contacts.answers import DESCRIBED, NOT_KNOWN, Answers
from ui.contacts.clock import ClockTime
from ui.parts import CheckBox, IconLabel, Radio, TextButton, column, label, paint, row
from ui.theme import set_state, theme_of

LAST_SEEN = "Last seen"
KEYPAD = Qt.KeyboardModifier.KeypadModifier
FIELDS = ("missing_since", "missing", "back_at")
"""The fields of the row that a problem may name, in reading order."""


class MissingRow(QFrame):
    """The row: when the child was last seen, then still missing or back at a time, then the guide.

    It asks when the child was last seen unless an earlier contact says so. That answer is filled in and shown as a sentence
    ("Kai has been missing since 21:40") while earlier contacts support it; "Change" asks again. An amendment fills nothing in
    and removes nothing, because its answers were given at the time of the call.
    """

    guide_asked = Signal()

    def __init__(
        self, answers: Answers, clock: times.Clock, child_name: Callable[[], str], *, amending: bool = False
    ) -> None:
        super().__init__()
        self._answers, self._clock, self._child_name = answers, clock, child_name
        self._errors: Mapping[str, str] = {}
        self._asks, self._amending = False, amending
        self._episode: Episode | None = None
        self._brought = ""
        self.setAccessibleName(DESCRIBED["missing"].label)
        self._words = label("", "body_strong")
        self.since = ClockTime(clock, name=f"{LAST_SEEN}, time")
        self.since.changed.connect(self._since_typed)
        self.change = TextButton("Change", size=28)
        self.change.setAccessibleName(f"Change when {LAST_SEEN.lower()}")
        self.change.clicked.connect(self._change)
        self.not_known = CheckBox(NOT_KNOWN)
        self.not_known.setAccessibleName(f"{NOT_KNOWN}, {LAST_SEEN.lower()}")
        self.not_known.toggled.connect(self._not_known_ticked)
        self.radios = [Radio(code.label, key=code.code) for code in DESCRIBED["missing"].choices.codes]
        self._group = QButtonGroup(self)
        for radio in self.radios:
            self._group.addButton(radio)
            radio.toggled.connect(lambda on, key=radio.key: self._chosen(key) if on else None)
        self.back_at = ClockTime(clock, name=f"{DESCRIBED['back_at'].label}, time")
        self.back_at.changed.connect(self._back_typed)
        self.guide = TextButton("Open the guide", icon="octagon", size=28)
        self.guide.clicked.connect(self.guide_asked)
        self._problem = IconLabel("alert", "", "body_strong", "risk")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._note = label("", "small", "muted", wrap=True)
        self._lay_out()
        self.hide()  # ``show_answers`` shows it later: without a parent it would open as a window

    def _lay_out(self) -> None:
        self._last_seen = QWidget()
        last_seen = row(self._words, self.since, self.change, gap=8)
        last_seen.addWidget(self.not_known, 0, Qt.AlignmentFlag.AlignVCenter)
        self._last_seen.setLayout(last_seen)
        choice = row(gap=8)
        for radio in self.radios:
            choice.addWidget(radio, 0, Qt.AlignmentFlag.AlignVCenter)
        choice.addWidget(self.back_at)
        choice.addWidget(self.guide)
        choice.addStretch(1)
        last_seen.addStretch(1)
        # Always two lines, so that a day shown beside the time does not move the rows below.
        self.setLayout(column(self._problem, self._last_seen, choice, self._note, gap=4, margins=(14, 7, 8, 7)))

    def go(self) -> None:
        """Focus when the child was last seen if that is not answered, else whether the child is back."""
        chosen = next((radio for radio in self.radios if radio.isChecked()), self.radios[0])
        is_said = self.not_known.isChecked() or (self.since.value() and not self.since.problem())
        asks_since = not self.since.isHidden() and not is_said
        (self.since.box if asks_since else chosen).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> list[QWidget]:
        """The widgets that Tab stops at, in reading order, including hidden ones."""
        return [*self.since.stops(), self.change, self.not_known, *self.radios, *self.back_at.stops(), self.guide]

    def ask(self) -> None:
        """Ask when the child was last seen, even if an earlier contact says so."""
        self._asks = True
        self.show_answers()

    def show_episode(self, episode: Episode | None) -> None:
        """Show what earlier contacts say about the call's missing child; None if they say nothing."""
        self._episode = episode
        self.show_answers()

    def _known(self) -> str:
        """The stored time at which, by earlier contacts, the child was last seen; '' if unknown or not asked."""
        known = self._episode.last_seen if self._episode is not None and self._answers.shown("missing") else None
        return times.stamp(known) if known is not None else ""

    def _follow_episode(self) -> None:
        """Fill in the time that earlier contacts give, and clear it if they no longer give it; keep what the user typed."""
        if self._amending:
            return
        known, since = self._known(), self._answers.text("missing_since")
        is_asked = self._asks or self._answers.get("last_seen_not_known") is True
        follows = since == self._brought if since else not is_asked
        if follows or not self._asks:
            self._brought = known if follows or since == known else ""
        if follows:
            self._answers.put(missing_since=known)

    def show_answers(self) -> None:
        """Show the present answers; hide the row if its question is not asked."""
        self._follow_episode()
        answers = self._answers
        self.setVisible(answers.shown("missing"))
        since = answers.text("missing_since")
        self.since.set_value(since)
        self.back_at.set_value(answers.text("back_at"))
        with QSignalBlocker(self.not_known):
            self.not_known.setChecked(answers.get("last_seen_not_known") is True)
        self._show_choice(answers.text("missing"))
        self._offer_guide(back=answers.text("missing") == "back")
        stated = times.instant_or_none(since)
        is_known = stated is not None and since == self._known()
        asks = self._asks or not is_known or "missing_since" in self._errors
        for part in (self.since, self.not_known):
            part.setVisible(asks)
        self.change.setVisible(not asks)
        self._last_seen.setMinimumHeight(theme_of(self).size("control"))
        now, name = self._clock(), self._child_name() or "The child"
        if not asks and stated is not None:
            self._words.setText(f"{name} has been missing since {times.since(stated, now)}")
        elif self._episode is not None and self._episode.last_seen is None and self._episode.reported is not None:
            self._words.setText(f"{missing_words(self._episode, now)}. {LAST_SEEN}")
        else:
            self._words.setText(LAST_SEEN)
        note = next((words for words in (self.since.problem(), self.back_at.problem()) if "clocks" in words), "")
        self._note.setText(note)
        self._note.setVisible(bool(note) and not self._errors)

    def _offer_guide(self, *, back: bool) -> None:
        """Offer the running guide of the call's only child, or a new guide if the child is not back."""
        goes_on = self._episode is not None and bool(self._episode.record)
        words = "Open the guide" if goes_on else "Begin the guide"
        self.guide.setText("Enter the return in the guide" if goes_on and back else words)
        one_child = len(self._answers.read().children) == 1
        self.guide.setVisible(one_child and not self._amending and (goes_on or not back))

    def _show_choice(self, key: str) -> None:
        chosen = next((radio for radio in self.radios if radio.key == key), None)
        for radio in self.radios:  # Tab reaches the chosen one only
            stop = chosen is None or radio is chosen
            radio.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus)
        if chosen is not None:
            with QSignalBlocker(chosen):  # a signal would count as a choice and clear "Back at"
                chosen.setChecked(True)
            return
        self._group.setExclusive(False)
        for radio in self.radios:
            radio.setChecked(False)
        self._group.setExclusive(True)

    def set_errors(self, errors: Mapping[str, str]) -> list[tuple[str, QWidget]]:
        """Show the errors of the row and mark the wrong fields; return each error with its widget, in reading order."""
        self._errors = {name: errors[name] for name in FIELDS if name in errors}
        words = "\n".join(self._errors.values())
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        self.since.set_error(self._errors.get("missing_since", ""))
        self.back_at.set_error(self._errors.get("back_at", ""))
        choice = self._errors.get("missing", "")
        for radio in self.radios:
            set_state(radio, "problem", "true" if choice else None)
            radio.setAccessibleDescription(f"Error: {choice.rstrip('.')}." if choice else "")
        self.show_answers()
        self.update()
        parts = {"missing_since": self.since.box, "missing": self.radios[0], "back_at": self.back_at.box}
        return [(error, parts[name]) for name, error in self._errors.items()]

    def error(self) -> str:
        """The shown errors, one on each line, '' if there are none."""
        return self._problem.text()

    def problems(self) -> dict[str, str]:
        """The problems of times that cannot be read, by field name."""
        parts = {"missing_since": self.since, "back_at": self.back_at}
        return {name: part.problem() for name, part in parts.items() if part.problem()}

    def _change(self) -> None:
        self.ask()
        self.since.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.since.box.selectAll()

    def _chosen(self, key: str) -> None:
        self._answers.put(missing=key, **({} if key == "back" else {"back_at": ""}))

    def _since_typed(self) -> None:
        self._asks, self._brought = True, ""
        self._answers.put(missing_since=self.since.value(), last_seen_not_known=False)

    def _not_known_ticked(self, on: bool) -> None:
        self._answers.put(last_seen_not_known=on, **({"missing_since": ""} if on else {}))

    def _back_typed(self) -> None:
        self._answers.put(back_at=self.back_at.value(), missing="back")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move digits that are typed on the "Back at" button into its time field."""
        if self.radios[-1].hasFocus() and event.text().isdecimal() and not event.modifiers() & ~KEYPAD:
            self.back_at.box.setFocus(Qt.FocusReason.OtherFocusReason)
            QApplication.sendEvent(self.back_at.box, event)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        bar = theme.risk if self._errors else None
        paint.frame(painter, QRectF(self.rect()), fill=theme.sunken, edge=theme.line, bar=bar)
        painter.end()
