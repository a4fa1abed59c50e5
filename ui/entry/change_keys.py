"""The window that changes the passphrase or the recovery key of the open store; it replaces the main window.

Nothing of the store is shown while it is copied under new keys. Must not keep the recovery key or a passphrase after the step
that needed it.
"""

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from hipss_desktop.errors import HipssError, UserError
from ui.base.announce import announce
from ui.base.cover import lock_behind_cover
from ui.base.focus import tab_in_reading_order
from ui.base.idle import IdleLock
from ui.base.session import KeyAct, KeyChanges
from ui.base.shortcuts import bind
from ui.entry.doorway import Folding, Frame, Numbers, Panel, Points, heading, sentence
from ui.entry.steps import KeyringBanner, KeyStep, PassphraseStep, Step, edit_of
from ui.parts import Field, Heading, LinkButton, PassphraseEdit, Rule, label, row
from ui.shell.frame import LockWarning

NEW = "new"
"""The field of an error about the new passphrase."""
TITLES: dict[KeyAct, str] = {"passphrase": "Change your passphrase", "recovery_key": "Make a new recovery key"}
KEPT = "What you typed is kept as drafts, and the page that you left opens again."
COPIED = (
    "The store on this laptop is copied under a new key. The more is on it, the longer that takes, and the disk needs room "
    "for the copy."
)
NO_CALL = "While the keys are changed no call can be logged here. If the phone may ring for you now, go back and do this later."
POWER: dict[KeyAct, str] = {
    "passphrase": "If the power goes meanwhile, nothing is lost: the new passphrase opens this laptop, or the old one does.",
    "recovery_key": "If the power goes meanwhile, nothing is lost. Your passphrase stays the same.",
}
ENDS: dict[KeyAct, str] = {
    "passphrase": "From then on the old passphrase does not open this laptop.",
    "recovery_key": "From then on a recovery key from before does not open this laptop.",
}
GOES_ON = "The new passphrase opens this laptop from now on. The recovery key that you have on paper goes on working."
CHANGED = "The new passphrase opens this laptop from now on."


class OwnField(Field):
    """The field of the present passphrase."""

    def __init__(self) -> None:
        name = "Your passphrase now"
        super().__init__(name, PassphraseEdit(name=name), note="After 10 wrong tries you must wait 15 minutes.")


class ChangeStep(PassphraseStep):
    """The step that asks for the present passphrase, and twice for a new one."""

    def __init__(self) -> None:
        super().__init__(0, "Old and new passphrase", "Change the passphrase", name="New passphrase")
        self.own = OwnField()
        self.content.insertWidget(0, self.own)

    def passphrases(self) -> tuple[str, str] | None:
        """The present and the new passphrase; None, with errors shown, if one is missing or the two new ones differ."""
        new, own = self.read(), edit_of(self.own).text()
        self.own.set_error("")
        if not own:
            self.refuse("Enter your passphrase", self.own)
        return (own, new) if own and new else None

    def refuse_error(self, error: HipssError, words: str) -> None:
        """Show why nothing was changed, beside the field that the error is about."""
        about = self.field if isinstance(error, UserError) and error.field == NEW else self.own
        self.refuse(words, about if isinstance(error, UserError) else None)


class RenewStep(Step):
    """The step that asks for the present passphrase, which does not change."""

    def __init__(self) -> None:
        super().__init__(0, "Your passphrase", "Make the key", "Then write it down")
        self.own, self.keyring = OwnField(), KeyringBanner()
        self.add(self.own, self.keyring)

    def passphrases(self) -> tuple[str, str] | None:
        """The present passphrase and '' for the new one; None, with an error shown, if it is missing."""
        own = edit_of(self.own).text()
        self.own.set_error("")
        if not own:
            self.refuse("Enter your passphrase", self.own)
        return (own, "") if own else None

    def refuse_error(self, error: HipssError, words: str) -> None:
        """Show why nothing was changed, beside the field that the error is about."""
        self.refuse(words, self.own if isinstance(error, UserError) else None)


class EndStep(Step):
    """The step that shows the result, with a button to continue."""

    def __init__(self, title: str, words: str, button: str) -> None:
        super().__init__(0, title, button)
        self._result = words
        self.add(label(words, wrap=True))

    def spoken(self) -> str:
        return f"{super().spoken()}. {self._result}"


class KeysWindow(Frame):
    """Asks for the passphrases, changes the keys, and shows the new recovery key if there is one.

    Args:
        keys: makes the change.
        act: what the change is for.
        on_left: called when the main window must open again.
        idle_clock, wall: seconds, see ``ui.base.idle``.
    """

    def __init__(
        self,
        keys: KeyChanges,
        act: KeyAct,
        on_left: Callable[[], None],
        *,
        idle_clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(keys.keep_look, keys.version)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._keys, self._act, self._on_left = keys, act, on_left
        self.has_left = False
        self.first: ChangeStep | RenewStep = ChangeStep() if act == "passphrase" else RenewStep()
        self.step: Step = self.first
        self._place = QVBoxLayout()
        self._place.setContentsMargins(0, 0, 0, 0)
        self.middle.addLayout(row(Heading(TITLES[act], 1, style="display"), None))
        facts = label(NO_CALL, "body", "muted", wrap=True)
        self.middle.addWidget(facts)
        self.middle.addSpacing(16)
        left = QWidget()
        left.setLayout(self._place)
        self.middle.addWidget(self.folding(Folding((left, self._make_aside(facts)), (56, 44), needs=860, gap=16)))
        self.back = LinkButton("Back", style="small", icon="left")
        self.back.clicked.connect(self.leave)
        lock = LinkButton("Lock now", style="small", icon="lock")
        lock.clicked.connect(self.lock)
        self.below.addWidget(self.back)
        self.below.addWidget(lock)
        bind(self, "Ctrl+L", self.lock)
        self._show_step(self.first, self._change)
        if isinstance(self.first, ChangeStep):
            self.first.bars.follow(self.first.edit, self.runner, keys.strength)
        self.runner.read(keys.keyring_words, self.first.keyring.warn, context=self)
        self.warning = LockWarning(self._area)
        self.idle = IdleLock(app, lambda: self.first.busy, clock=idle_clock, wall=wall, parent=self)
        self.idle.warned.connect(self.warning.warn)
        self.idle.went_on.connect(self.warning.hide)
        self.idle.due.connect(self.lock)

    def _make_aside(self, facts: QWidget) -> Panel:
        aside = Panel("sunken", margins=(28, 24, 28, 24), gap=12)
        happens = (COPIED, KEPT, POWER[self._act], ENDS[self._act])
        points = Points([label(words, wrap=True) for words in happens])
        self._before = (facts, heading("info", "What happens"), points, Rule())
        for widget in self._before[1:]:
            aside.body.addWidget(widget)
        aside.body.addWidget(Numbers(self._keys.numbers))
        aside.body.addStretch(1)
        return aside

    def _show_step(self, step: Step, act: Callable[[], None]) -> None:
        """Replace the present step by another, and clear what was typed into the old step."""
        if step is not self.step:
            for field in self.step.findChildren(Field):
                edit_of(field).clear()
            for widget in (self.step, *self._before):
                widget.hide()
            announce(step.head, step.spoken())
        self.step = step
        self._place.addWidget(step)
        step.set_state("current")
        step.button.clicked.connect(act)
        for field in step.findChildren(Field):
            edit_of(field).returnPressed.connect(act)
        tab_in_reading_order(self)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.first.own.go()

    # The change

    def _change(self) -> None:
        typed = None if self.first.busy else self.first.passphrases()
        if typed is None:
            return
        self.first.set_busy("Copying the store")
        self.back.hide()
        self.runner.write(partial(self._work, *typed), self._changed, context=self, failed=self._refused)

    def _work(self, passphrase: str, new: str) -> str:
        if self._act == "recovery_key":
            return self._keys.new_recovery_key(passphrase)
        problem = self._keys.strength(new).problem
        if problem:
            raise UserError(problem, NEW)
        return self._keys.change_passphrase(passphrase, new)

    def _refused(self, error: HipssError) -> None:
        if self._keys.is_open:
            self.back.show()
            self.first.refuse_error(error, sentence(error, self._keys.numbers))
        else:
            self._end(EndStep("Lock this laptop", str(error), "Lock now"), self.lock)

    def _changed(self, recovery_key: str) -> None:
        self.first.set_busy()
        if recovery_key:
            step = KeyStep(0, self.runner)
            self._show_step(step, partial(self._check, step))
            self.back.setText("Not now")
            self.back.show()
            step.show_key(recovery_key, self._keys.laptop)
        else:
            words = CHANGED if self._keys.recovery_key_waits else GOES_ON
            self._end(EndStep("Your passphrase was changed", words, "Open HIPSS Desktop"), self.leave)

    def _check(self, step: KeyStep) -> None:
        step.check(self._keys.wrong_recovery_groups, self._keys.recovery_key_seen, lambda _: self.leave())

    def _end(self, step: EndStep, act: Callable[[], None]) -> None:
        self._show_step(step, act)
        step.button.setFocus()

    def problem(self, words: str) -> None:
        """If the step is at work, show above its button that the program failed."""
        if self.step.busy:
            self.step.refuse(words)

    # Leaving

    def leave(self) -> None:
        """Open the main window again."""
        if not self.has_left:
            self._finish_up()
            self._on_left()

    def lock(self) -> None:
        """Hide everything at once, then show the lock screen, after a running copy has finished."""
        if not self.has_left:
            lock_behind_cover(self, self._finish_up, self._keys.lock)

    def _finish_up(self) -> None:
        self.has_left = True
        self.idle.stop()
        if isinstance(self.step, KeyStep):
            self.step.forget()
        self.runner.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.has_left:
            self._finish_up()
        super().closeEvent(event)
