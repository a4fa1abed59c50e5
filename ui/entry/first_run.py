"""Setting up a laptop for somebody: the council's code, a passphrase, and a recovery key written down.

Three steps open in order; a done step stays readable. What was typed outlives every error. Must not keep the recovery
key or a passphrase after the step that needed it, and shows the key only while asked to.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.errors import HipssError, Tampered, UserError
from ui import theme
from ui.base.announce import announce
from ui.base.focus import tab_in_reading_order
from ui.base.session import Door, FirstRun, Invitation, Strength
from ui.entry.doorway import Folding, Frame, Panel
from ui.entry.key_paper import GROUPS, KeyPaper
from ui.parts import (
    Banner,
    Button,
    CheckBox,
    Field,
    Heading,
    IconLabel,
    LineEdit,
    LinkButton,
    PassphraseEdit,
    PrimaryButton,
    label,
    paint,
    row,
)
from ui.theme import icons

if TYPE_CHECKING:
    from hipss_desktop.views.desk import Desk
    from ui.documents.printing import Printing

SCHEME = "https://"
SEAL = "Seal it in an envelope and give it to your manager. Do not keep it with the laptop."
QUEUE = "If you print it, no file is written, but the computer’s print queue may keep a copy: writing it down is safer."
WAY_BACK = (
    "It lets you back in if you forget your passphrase, offline too. "
    "The council keeps another key for this laptop: your manager can read it to you."
)
LOOK_EVERY = 5
"""Seconds between two looks at whether the laptop is online."""


class Disc(QWidget):
    """A step's number in a circle, a tick when it is done; its words are in the heading beside it."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.state = "later"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = theme.theme_of(self).px(28)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.theme_of(self)
        done, now = self.state == "done", self.state == "current"
        edge = look.fill_line if done else look.accent if now else look.control
        box = QRectF(self.rect())
        painter = QPainter(self)
        fill = look.fill if done else look.surface
        paint.frame(painter, box, fill=fill, edge=edge, width=2 if now else 1, radius=box.width() / 2)
        if done:
            side = look.size("icon")
            inset = (box.width() - side) / 2
            corner = QRectF(inset, inset, side, side).topLeft()
            icons.paint(painter, corner, "check", look.on_fill, side)
        else:
            ink = look.accent if now else look.ink
            paint.words(painter, box, str(self._number), look.font("body_strong"), ink, align=paint.CENTRE)
        painter.end()


class Step(Panel):
    """One of the three: its heading, its fields in ``body``, what stands in the way, and its button at the foot."""

    def __init__(self, number: int, title: str, button: str, aside: str = "") -> None:
        super().__init__(margins=(24, 20, 24, 20), gap=12)
        self.number, self.title, self._words = number, title, button
        self.busy = False
        self.disc, self.head = Disc(number), Heading(title, 2)
        self.head.setWordWrap(True)
        line = row(self.disc, gap=12)
        line.addWidget(self.head, 1)
        self.body.addLayout(line)
        self.content = QVBoxLayout()
        self.content.setSpacing(12)
        self.trouble = IconLabel("alert", "", "body_strong", "risk")
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self.button = PrimaryButton(button, size=44)
        self.aside = label(aside, "small", "muted", wrap=True)
        if not aside:
            self.aside.hide()
        self.body.addLayout(self.content)
        self.body.addStretch(1)
        self.body.addWidget(self.trouble)
        foot = row(self.button, gap=12)
        foot.addWidget(self.aside, 1)
        foot.addStretch(0 if aside else 1)
        self.body.addLayout(foot)

    def add(self, *widgets: QWidget) -> None:
        """Put widgets into the step, top to bottom."""
        for widget in widgets:
            self.content.addWidget(widget)

    def set_state(self, state: str) -> None:
        """'later', 'current' or 'done'."""
        self.disc.state = state
        self.tone = "accent" if state == "current" else ""
        self.button.setVisible(state == "current")
        self.aside.setVisible(state == "current" and bool(self.aside.text()))
        words = {"later": "not yet", "current": "current", "done": "done"}[state]
        self.head.setAccessibleName(f"Step {self.number} of 3, {self.title}, {words}")
        self.update()

    def set_busy(self, words: str = "") -> None:
        """Say what is under way; '' when it is over."""
        self.busy = bool(words)
        self.button.setText(words or self._words)
        self.button.updateGeometry()
        if words:
            self.trouble.hide()
            announce(self.button, words)

    def refuse(self, words: str, field: Field | None = None) -> None:
        """Show an error beside its field, or over the button when no field can mend it; and say it at once."""
        self.set_busy()
        if field is None:
            self.trouble.setText(words)
            self.trouble.show()
        else:
            field.set_error(words)
            field.go()
            # not selected: one wrong letter is mended, and the rest not typed over
            _edit(field).setCursorPosition(len(_edit(field).text()))
        announce(self.button, words, assertive=True)


def _edit(field: Field) -> LineEdit:
    assert isinstance(field.control, LineEdit)
    return field.control


def _freeze(*fields: Field) -> None:
    """Leave what was entered to be read."""
    for field in fields:
        theme.set_state(field.control, "readOnly", value=True)
        _edit(field).setCursorPosition(0)


class EnrolStep(Step):
    """Where the council's server is, the one-time code, and what this laptop is called."""

    def __init__(self) -> None:
        super().__init__(1, "Enrol this laptop", "Continue", "Then choose your passphrase")
        self.server = Field("Server address", LineEdit(placeholder=SCHEME), note="Your manager sent you this.")
        self.code = Field("One-time code", LineEdit(ids=True), note="It works once, for 24 hours.")
        self.laptop = Field("Name of this laptop", LineEdit(ids=True), note="It is on a label, such as HIPSS-LT-04.")
        self.notice = Banner("", tone="accent", icon="checkc")
        self.notice.hide()
        self.add(self.server, self.code, self.laptop, self.notice)

    def read(self) -> tuple[str, str, str] | None:
        """Address, code and name as they were typed; None, with the errors shown, while one is missing."""
        server, code, name = (_edit(field).text().strip() for field in (self.server, self.code, self.laptop))
        empty = [
            (self.laptop, name, "Enter the name of this laptop"),
            (self.code, code, "Enter the one-time code"),
            (self.server, server, "Enter the server address"),
        ]
        for field, _, _ in empty:
            field.set_error("")
        missing = [(field, words) for field, given, words in empty if not given]
        for field, words in missing:
            self.refuse(words, field)
        return None if missing else (server, code, name)

    def accept(self, invited: Invitation) -> None:
        """Say whom the code is for."""
        self.set_busy()
        _freeze(self.server, self.code, self.laptop)
        self.notice.set_words("Code accepted.", f"{invited.laptop}, for {invited.name}, {invited.role_words}")
        self.notice.show()

    def explain(self, error: HipssError) -> None:
        """Show why the code was not accepted: beside the answer that it is about, else over the button."""
        about = error.field if isinstance(error, UserError) else "server" if isinstance(error, Tampered) else ""
        self.refuse(str(error), {"server": self.server, "code": self.code}.get(about))

    def made(self, invited: Invitation, now: str) -> None:
        """Say that the store is there; the council may hear of it only with the first sync."""
        self.notice.set_words("Laptop set up.", f"{invited.laptop}, for {invited.name}. {now}")


class StrengthBars(QWidget):
    """Four bars, a word, and how many words and characters; read as its words."""

    def __init__(self) -> None:
        super().__init__()
        self._score = 0
        self.word = IconLabel("circle", "", "body_strong", "ink")
        self.count = label("", "small", "muted")
        self._box = QVBoxLayout(self)
        self._box.setSpacing(4)
        self._box.setContentsMargins(0, 10, 0, 0)
        self._box.addLayout(row(self.word, None, self.count))
        self.show_strength("", Strength(0, "", ""))

    def show_strength(self, passphrase: str, strength: Strength) -> None:
        """Show how strong ``passphrase`` is."""
        self._score = strength.score if passphrase else 0
        taken = bool(passphrase) and not strength.problem
        self.word.set_look("check" if taken else "circle", strength.word if passphrase else "", "ink")
        words, characters = len(passphrase.split()), len(passphrase)
        counted = f"{words} {'word' if words == 1 else 'words'}, "
        self.count.setText(
            counted + f"{characters} {'character' if characters == 1 else 'characters'}" if passphrase else ""
        )
        self.word.setVisible(bool(passphrase))
        self.setAccessibleName(f"Strength: {strength.word}" if passphrase else "Strength")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.theme_of(self)
        painter = QPainter(self)
        wide = (self.width() - 3 * 4) / 4
        for place in range(4):
            on = place < self._score
            paint.frame(
                painter, QRectF(place * (wide + 4), 0, wide, 6), fill=look.accent if on else look.line, radius=2
            )
        painter.end()


class PassphraseStep(Step):
    """A passphrase with how strong it is, typed again."""

    def __init__(self) -> None:
        super().__init__(2, "Choose your passphrase", "Continue", "Then write down your recovery key")
        advice = "Use four or more words that mean nothing to anyone else. Nobody at the council can see it."
        self.edit = PassphraseEdit()
        self.field = Field("Passphrase", self.edit)
        self.bars = StrengthBars()
        self.again = Field("Type it again", PassphraseEdit(name="Type it again", placeholder="The same words"))
        self.keyring = Banner("", tone="amber", icon="info")
        self.keyring.hide()
        note = "Spaces and capital letters matter. You can paste it from a password manager."
        self.note = Banner("", note, tone="neutral")
        self.add(label(advice, wrap=True), self.field, self.bars, self.again, self.note, self.keyring)

    def read(self) -> str | None:
        """The passphrase typed alike twice; None, with the error shown, when not."""
        given, again = self.edit.text(), _edit(self.again).text()
        self.field.set_error("")
        self.again.set_error("")
        if not given:
            self.refuse("Enter a passphrase", self.field)
        elif given != again:
            self.refuse("This is not the same as the passphrase above", self.again)
        else:
            return given
        return None

    def accept(self) -> None:
        """Forget what was typed; the step is done."""
        self.set_busy()
        for field in (self.field, self.again):
            assert isinstance(field.control, PassphraseEdit)
            field.control.hide_words()
            field.control.clear()
            field.hide()
        self.bars.hide()
        self.note.hide()
        self.keyring.hide()
        self.add(IconLabel("checkc", "Passphrase set", "body_strong", "ink", icon_tone="accent"))


class KeyStep(Step):
    """The recovery key, written down, and two of its groups typed back."""

    def __init__(self) -> None:
        super().__init__(3, "Write down your recovery key", "Open HIPSS Desktop")
        self.paper = KeyPaper()
        self.show_button = Button("Show the key", icon="eye")
        self.print_button = Button("Print it", icon="printer")
        self.queue = label(QUEUE, "small", "muted", wrap=True)
        self.written = CheckBox("I have my recovery key on paper")
        self.hint = label(f"Shown after step 2. {SEAL}", "small", "muted", wrap=True)
        self.ask = label("You will type two groups of it, to check you have it.", "small", "muted", wrap=True)
        # which two is left to chance, so that nobody writes down only those
        numbers = sorted(secrets.SystemRandom().sample(range(1, GROUPS + 1), 2))
        self.asked = {number: Field(f"Group {number}", LineEdit(ids=True)) for number in numbers}
        self.typed = QWidget()
        side_by_side = QHBoxLayout(self.typed)
        side_by_side.setContentsMargins(0, 0, 0, 0)
        side_by_side.setSpacing(12)
        for field in self.asked.values():
            # an error over one of them leaves the other as wide, and both inputs on one line
            side_by_side.addWidget(field, 1, Qt.AlignmentFlag.AlignBottom)
        line = QWidget()
        line.setLayout(row(self.show_button, self.print_button, None, gap=8))
        self.add(
            label(WAY_BACK, wrap=True), self.paper, self.hint, line, self.queue, self.written, self.typed, self.ask
        )
        self.show_button.clicked.connect(self._switch)
        self.written.toggled.connect(self._ticked)
        self.set_open(is_open=False)

    def set_open(self, *, is_open: bool) -> None:
        """Whether this step is being done."""
        self.show_button.setEnabled(is_open)
        self.print_button.setEnabled(is_open)
        self.queue.setVisible(is_open)
        if is_open:
            self.hint.setText(SEAL)
        self.written.setEnabled(False)
        self._ticked(on=False)

    def _switch(self) -> None:
        self.paper.show_groups(showing=not self.paper.showing)
        self.show_button.setText("Hide the key" if self.paper.showing else "Show the key")
        self.show_button.updateGeometry()
        self.written.setEnabled(True)

    def printed(self, words: str) -> None:
        """Say that the key was sent to a printer, and let the person go on."""
        self.trouble.hide()
        self.queue.setText(words)
        self.written.setEnabled(True)
        announce(self.print_button, words)

    def _ticked(self, on: bool) -> None:
        self.typed.setVisible(on)
        self.ask.setVisible(not on)
        self.button.setEnabled(on)
        if on and self.paper.showing:
            self._switch()
        if on:
            next(iter(self.asked.values())).go()

    def read(self) -> Mapping[int, str] | None:
        """The two groups as typed, by their numbers; None, with the errors shown, while one is missing."""
        typed = {number: _edit(field).text().strip() for number, field in self.asked.items()}
        for field in self.asked.values():
            field.set_error("")
        missing = [number for number, words in typed.items() if not words]
        for number in reversed(missing):
            self.refuse(f"Enter group {number}", self.asked[number])
        return None if missing else typed

    def refuse_groups(self, wrong: Sequence[int]) -> None:
        """Mark the groups that are not those of the key."""
        for number in reversed(wrong):
            self.refuse(f"Group {number} is not as shown", self.asked[number])


class FirstRunWindow(Frame):
    """The three steps. ``on_open`` gets the use cases of the new store; ``on_back`` leaves before step 2 is done."""

    def __init__(
        self,
        first_run: FirstRun,
        on_open: "Callable[[Desk], None]",
        *,
        door: Door,
        on_back: Callable[[], None] | None = None,
        clock: times.Clock = times.system_clock,
    ) -> None:
        super().__init__(door.keep_look, door.outside().version, widest=1200)
        self._first_run, self._on_open, self._clock, self._on_back = first_run, on_open, clock, on_back
        self._invited: Invitation | None = None
        self._asking = False
        self.enrol, self.passphrase, self.key = EnrolStep(), PassphraseStep(), KeyStep()
        self.steps: tuple[Step, ...] = (self.enrol, self.passphrase, self.key)
        facts = label("3 steps, about 4 minutes. You need to be online for step 1 only.", "body", "muted", wrap=True)
        head = row(Heading("Set up this laptop", 1, style="display"), gap=16)
        head.addWidget(facts, 1)
        self.middle.addLayout(head)
        self.middle.addSpacing(16)
        self.middle.addWidget(self.folding(Folding(self.steps, (36, 43, 38), needs=930, gap=16, least=480)))
        self.network = IconLabel("cloud", "", "small")
        self.network.hide()
        self.below.addWidget(self.network)
        self._seconds, self._looking_at_network = 0, False
        self.ticked.connect(self._second_passed)
        if on_back is not None:
            self.back = LinkButton("Back to unlock", style="small")
            self.back.clicked.connect(self._go_back)
            self.below.addWidget(self.back)
        self.key.print_button.clicked.connect(self._print_key)
        self._printing: Printing | None = None
        for step, act in ((self.enrol, self._look), (self.passphrase, self._make), (self.key, self._check)):
            step.button.clicked.connect(act)
            for field in step.findChildren(Field):
                _edit(field).returnPressed.connect(act)
        self.passphrase.edit.textChanged.connect(self._measure)
        tab_in_reading_order(self)
        self._go_to(0)

    def _go_to(self, place: int) -> None:
        for number, step in enumerate(self.steps):
            step.set_state("done" if number < place else "current" if number == place else "later")
        for field in (self.passphrase.field, self.passphrase.again):
            field.setEnabled(place == 1)
        step = self.steps[place]
        announce(step.head, step.head.accessibleName())
        if place == 1:
            self.passphrase.field.go()
        elif place == 2:
            self.key.set_open(is_open=True)
            self.key.show_button.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.enrol.server.go()
        self._look_at_network()

    def _second_passed(self) -> None:
        self._seconds += 1
        if self._seconds % LOOK_EVERY == 0:
            self._look_at_network()

    def _look_at_network(self) -> None:
        if not self._looking_at_network:
            self._looking_at_network = True
            self.runner.read(self._first_run.online, self._show_network, context=self)

    def _show_network(self, online: bool) -> None:
        self._looking_at_network = False
        words = "Online" if online else "Offline"
        if self.network.isVisible() and self.network.text() != words:
            announce(self.network, words)
        self.network.set_look("cloud" if online else "cloudoff", words, "muted")
        self.network.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.runner.close()
        super().closeEvent(event)

    def _go_back(self) -> None:
        if self._on_back is not None:
            self._on_back()

    # step 1

    def _look(self) -> None:
        if self.enrol.busy or self._invited is not None:
            return
        given = self.enrol.read()
        if given is None:
            return
        server, code, laptop = given
        self.enrol.set_busy("Asking the council")
        self.runner.write(
            lambda: self._first_run.look(server, code, laptop),
            self._invite,
            context=self,
            failed=self._not_invited,
        )

    def _not_invited(self, error: HipssError) -> None:
        self.enrol.explain(error)
        self._look_at_network()

    def _invite(self, invited: Invitation) -> None:
        self._invited = invited
        self.enrol.accept(invited)
        self._go_to(1)
        self.runner.read(self._first_run.keyring_words, self._warn, context=self)

    def _warn(self, words: str) -> None:
        self.passphrase.keyring.set_words("", words)
        self.passphrase.keyring.setVisible(bool(words))

    # step 2

    def _measure(self) -> None:
        """Ask how strong it is; while an answer is under way the newest text waits for the next question."""
        if self._asking:
            return
        asked = self.passphrase.edit.text()
        self._asking = True

        def answered(strength: Strength) -> None:
            self._asking = False
            now = self.passphrase.edit.text()
            if now == asked:
                self.passphrase.bars.show_strength(asked, strength)
            else:
                self._measure()

        self.runner.read(lambda: self._first_run.strength(asked), answered, context=self)

    def _make(self) -> None:
        if self.passphrase.busy or self._invited is None:
            return
        passphrase = self.passphrase.read()
        if passphrase is None:
            return
        self.passphrase.set_busy("Setting up")

        def work() -> str:
            problem = self._first_run.strength(passphrase).problem
            if problem:
                raise UserError(problem)
            return self._first_run.make_vault(passphrase)

        self.runner.write(work, self._made, context=self, failed=self._not_made)

    def _not_made(self, error: HipssError) -> None:
        self.passphrase.refuse(str(error), self.passphrase.field if isinstance(error, UserError) else None)

    def _made(self, recovery_key: str) -> None:
        assert self._invited is not None
        now = self._clock()
        self.enrol.made(self._invited, f"{times.with_zone(now)}, {times.full_day(times.local_day(now))}")
        self.passphrase.accept()
        self.key.paper.set_key(recovery_key, self._invited.laptop)
        if self._on_back is not None:
            self.back.hide()
        self._go_to(2)

    # step 3

    def _print_key(self) -> None:
        """Print the key; the page lives in memory alone and is drawn nowhere else."""
        from hipss_desktop.documents.recovery_key import recovery_page
        from ui.documents.printing import Printing

        if self._printing is None:
            self._printing = Printing(
                self.runner, self, say=self.key.refuse, done=lambda words, _: self.key.printed(words)
            )
        assert self._invited is not None
        self._printing.start(recovery_page(self.key.paper.groups, self._invited.laptop))

    def _check(self) -> None:
        if self.key.busy or not self.key.written.isChecked():
            return
        typed = self.key.read()
        if typed is None:
            return
        step, wrong = self.key, list[int]()

        def work() -> "Desk | None":
            wrong.extend(self._first_run.wrong_recovery_groups(typed))
            return None if wrong else self._first_run.finish()

        def checked(desk: "Desk | None") -> None:
            if desk is None:
                step.refuse_groups(wrong)
            else:
                self._done(desk)

        step.set_busy("Opening")
        self.runner.write(work, checked, context=self, failed=lambda error: step.refuse(str(error)))

    def _done(self, desk: "Desk") -> None:
        self.key.set_busy()
        self.key.paper.show_groups(showing=False)
        self.key.paper.set_key("", "")
        self._on_open(desk)

    def problem(self, words: str) -> None:
        """Show a bug of ours over the button of the step under way."""
        self._asking = self._looking_at_network = False
        step = next((each for each in self.steps if each.busy), None)
        if step is not None:
            step.refuse(words)
