"""The steps in which somebody chooses a passphrase and writes down a recovery key, and the base of every step.

Must not keep the recovery key or a passphrase after the step that needed it. Must show the key only on request.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hipss_desktop.errors import HipssError
from ui import theme
from ui.base.announce import announce
from ui.base.runner import TaskRunner
from ui.base.session import Strength
from ui.entry.doorway import Panel
from ui.entry.key_paper import GROUPS, KeyPaper
from ui.parts import (
    Banner,
    Button,
    CheckBox,
    Field,
    Heading,
    IconLabel,
    LineEdit,
    PassphraseEdit,
    PrimaryButton,
    label,
    paint,
    row,
)
from ui.theme import icons

if TYPE_CHECKING:
    from ui.documents.printing import Printing

Answer = TypeVar("Answer")

SEAL = "Seal it in an envelope and give it to your manager. Do not keep it with the laptop."
QUEUE = "If you print it, no file is written, but the computer’s print queue may keep a copy: writing it down is safer."
WAY_BACK = (
    "It lets you back in if you forget your passphrase, offline too. "
    "The council keeps another key for this laptop: your manager can read it to you."
)


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
    """A step: its heading, its fields in ``content``, a line for an error, and its button at the foot.

    ``number`` is its place among the three steps of the first run, or 0 for a single step.
    """

    def __init__(self, number: int, title: str, button: str, aside: str = "") -> None:
        super().__init__(margins=(24, 20, 24, 20), gap=12)
        self.number, self.title, self._words = number, title, button
        self.busy = False
        self.disc, self.head = Disc(number), Heading(title, 2)
        self.head.setWordWrap(True)
        line = row(self.disc, gap=12) if number else row(gap=12)
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

    def spoken(self) -> str:
        """What a screen reader says when the step begins."""
        return self.head.accessibleName() or self.title

    def set_state(self, state: str) -> None:
        """Show the step as 'later', 'current' or 'done'."""
        self.disc.state = state
        self.tone = "accent" if state == "current" else ""
        self.button.setVisible(state == "current")
        self.aside.setVisible(state == "current" and bool(self.aside.text()))
        words = {"later": "not yet", "current": "current", "done": "done"}[state]
        self.head.setAccessibleName(f"Step {self.number} of 3, {self.title}, {words}" if self.number else self.title)
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
        """Show an error beside its field, or above the button if it belongs to no field, and announce it at once."""
        self.set_busy()
        if field is None:
            self.trouble.setText(words)
            self.trouble.show()
        else:
            field.set_error(words)
            field.go()
            # the text is not selected: people correct one letter without typing over the rest
            edit_of(field).setCursorPosition(len(edit_of(field).text()))
        announce(self.button, words, assertive=True)


def edit_of(field: Field) -> LineEdit:
    """The line edit of a field of these steps."""
    assert isinstance(field.control, LineEdit)
    return field.control


def freeze(*fields: Field) -> None:
    """Make fields read-only, so that people can still read what they entered."""
    for field in fields:
        theme.set_state(field.control, "readOnly", value=True)
        edit_of(field).setCursorPosition(0)


class StrengthBars(QWidget):
    """Four bars and a word for the strength, and a count of words and characters. A screen reader reads the word."""

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

    def follow(self, edit: LineEdit, runner: TaskRunner, strength: Callable[[str], Strength]) -> None:
        """Show the strength of what is typed. One text is measured at a time, and the newest text after it."""
        asking = False

        def ask() -> None:
            nonlocal asking
            if asking:
                return
            passphrase, asking = edit.text(), True
            runner.read(
                lambda: strength(passphrase),
                lambda measured: answered(passphrase, measured),
                context=self,
                failed=ended,
            )

        def answered(passphrase: str, measured: Strength) -> None:
            nonlocal asking
            asking = False
            if edit.text() == passphrase:
                self.show_strength(passphrase, measured)
            else:
                ask()

        def ended(_: HipssError) -> None:
            nonlocal asking
            asking = False

        edit.textChanged.connect(ask)

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


class KeyringBanner(Banner):
    """Warns that a passphrase protects less if this account has no open keyring; hidden otherwise."""

    def __init__(self) -> None:
        super().__init__("", tone="amber", icon="info")
        self.hide()

    def warn(self, words: str) -> None:
        """Show this warning; '' hides the banner."""
        self.set_words("", words)
        self.setVisible(bool(words))


class PassphraseStep(Step):
    """Asks for a passphrase twice and shows how strong it is."""

    def __init__(self, number: int, title: str, button: str, aside: str = "", *, name: str = "Passphrase") -> None:
        super().__init__(number, title, button, aside)
        advice = "Use four or more words that mean nothing to anyone else. Nobody at the council can see it."
        self.edit = PassphraseEdit(name=name)
        self.field = Field(name, self.edit)
        self.bars = StrengthBars()
        self.again = Field("Type it again", PassphraseEdit(name="Type it again", placeholder="The same words"))
        self.keyring = KeyringBanner()
        note = "Spaces and capital letters matter. You can paste it from a password manager."
        self.note = Banner("", note, tone="neutral")
        self.add(label(advice, wrap=True), self.field, self.bars, self.again, self.note, self.keyring)

    def read(self) -> str | None:
        """The passphrase if both boxes are alike. Otherwise show the error and return None."""
        passphrase, repetition = self.edit.text(), edit_of(self.again).text()
        self.field.set_error("")
        self.again.set_error("")
        if not passphrase:
            self.refuse("Enter a passphrase", self.field)
        elif passphrase != repetition:
            self.refuse("This is not the same as the passphrase above", self.again)
        else:
            return passphrase
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
    """Asks somebody to write the recovery key down and to type two of its groups back.

    Args:
        number: see ``Step``.
        runner: the runner of the window.
    """

    def __init__(self, number: int, runner: TaskRunner) -> None:
        super().__init__(number, "Write down your recovery key", "Open HIPSS Desktop")
        self._runner = runner
        self._printing: Printing | None = None
        self.paper = KeyPaper()
        self.show_button = Button("Show the key", icon="eye")
        self.print_button = Button("Print it", icon="printer")
        self.queue = label(QUEUE, "small", "muted", wrap=True)
        self.written = CheckBox("I have my recovery key on paper")
        self.hint = label(f"Shown after step 2. {SEAL}", "small", "muted", wrap=True)
        self.ask = label("You will type two groups of it, to check you have it.", "small", "muted", wrap=True)
        # two groups are chosen at random, so that nobody writes down only those
        numbers = sorted(secrets.SystemRandom().sample(range(1, GROUPS + 1), 2))
        self.group_fields = {number: Field(f"Group {number}", LineEdit(ids=True)) for number in numbers}
        self.typed = QWidget()
        side_by_side = QHBoxLayout(self.typed)
        side_by_side.setContentsMargins(0, 0, 0, 0)
        side_by_side.setSpacing(12)
        for field in self.group_fields.values():
            # an error above one field does not change the width of the other, and both inputs stay on one line
            side_by_side.addWidget(field, 1, Qt.AlignmentFlag.AlignBottom)
        line = QWidget()
        line.setLayout(row(self.show_button, self.print_button, None, gap=8))
        self.add(
            label(WAY_BACK, wrap=True), self.paper, self.hint, line, self.queue, self.written, self.typed, self.ask
        )
        self.show_button.clicked.connect(self._switch)
        self.print_button.clicked.connect(self._print)
        self.written.toggled.connect(self._ticked)
        self.set_open(is_open=False)

    def set_open(self, *, is_open: bool) -> None:
        """Enable or disable what is pressed in this step."""
        self.show_button.setEnabled(is_open)
        self.print_button.setEnabled(is_open)
        self.queue.setVisible(is_open)
        if is_open:
            self.hint.setText(SEAL)
        self.written.setEnabled(False)
        self._ticked(on=False)

    def show_key(self, recovery_key: str, laptop: str) -> None:
        """Begin the step with a key to write down. It shows as dots until somebody asks to see it."""
        self.paper.set_key(recovery_key, laptop)
        self.set_open(is_open=True)
        self.show_button.setFocus()

    def forget(self) -> None:
        """Hide the key and clear it."""
        self.set_busy()
        self.paper.show_groups(showing=False)
        self.paper.set_key("", "")

    def _switch(self) -> None:
        self.paper.show_groups(showing=not self.paper.showing)
        self.show_button.setText("Hide the key" if self.paper.showing else "Show the key")
        self.show_button.updateGeometry()
        self.written.setEnabled(True)

    def _print(self) -> None:
        """Print the key. Its page is in memory only and is not shown on the screen."""
        from hipss_desktop.documents.recovery_key import recovery_page
        from ui.documents.printing import Printing

        if self._printing is None:
            self._printing = Printing(self._runner, self, say=self.refuse, done=lambda words, _: self.printed(words))
        self._printing.start(recovery_page(self.paper.groups, self.paper.laptop))

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
            next(iter(self.group_fields.values())).go()

    def read(self) -> Mapping[int, str] | None:
        """The two groups as typed, by their numbers. If one is missing, show the error and return None."""
        typed = {number: edit_of(field).text().strip() for number, field in self.group_fields.items()}
        for field in self.group_fields.values():
            field.set_error("")
        missing = [number for number, words in typed.items() if not words]
        for number in reversed(missing):
            self.refuse(f"Enter group {number}", self.group_fields[number])
        return None if missing else typed

    def check(
        self,
        wrong_groups: Callable[[Mapping[int, str]], Sequence[int]],
        finish: Callable[[], Answer],
        done: Callable[[Answer], None],
    ) -> None:
        """Compare the two typed groups with the key, and end the step if they match.

        Args:
            wrong_groups: returns the numbers of the groups that differ from the key.
            finish: confirms that the person has the key. It runs on the writer's thread, as does ``wrong_groups``.
            done: gets the result of ``finish``, after the key was cleared.
        """
        if self.busy or not self.written.isChecked():
            return
        typed = self.read()
        if typed is None:
            return

        def work() -> tuple[Sequence[int], Answer | None]:
            wrong = wrong_groups(typed)
            return wrong, None if wrong else finish()

        def checked(answer: tuple[Sequence[int], Answer | None]) -> None:
            wrong, finished = answer
            for number in reversed(wrong):
                self.refuse(f"Group {number} is mistyped", self.group_fields[number])
            if not wrong:
                self.forget()
                done(cast("Answer", finished))

        self.set_busy("Opening")
        self._runner.write(work, checked, context=self, failed=lambda error: self.refuse(str(error)))
