"""Setting up a laptop for somebody: the council's code, a passphrase, and a recovery key written down.

Three steps open in order, and a finished step stays readable. No error clears what was typed. Must not keep the recovery key
or a passphrase after the step that needed it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QCloseEvent, QShowEvent

from hipss_desktop import times
from hipss_desktop.errors import HipssError, Tampered, UserError
from ui.base.announce import announce
from ui.base.focus import tab_in_reading_order
from ui.base.session import FirstRun, Invitation, Unlocker
from ui.entry.doorway import Folding, Frame
from ui.entry.steps import KeyStep, PassphraseStep, Step, edit_of, freeze
from ui.parts import (
    Banner,
    Field,
    Heading,
    IconLabel,
    LineEdit,
    LinkButton,
    label,
    row,
)

if TYPE_CHECKING:
    from hipss_desktop.views.services import Services

SCHEME = "https://"
LOOK_EVERY = 5
"""Seconds between two checks whether the laptop is online."""


class EnrolStep(Step):
    """The step for the address of the council's server, the one-time code and the name of this laptop."""

    def __init__(self) -> None:
        super().__init__(1, "Enrol this laptop", "Continue", "Then choose your passphrase")
        self.server = Field("Server address", LineEdit(placeholder=SCHEME), note="Your manager sent you this.")
        self.code = Field("One-time code", LineEdit(ids=True), note="It works once, for 24 hours.")
        self.laptop = Field("Name of this laptop", LineEdit(ids=True), note="It is on a label, such as HIPSS-LT-04.")
        self.notice = Banner("", tone="accent", icon="checkc")
        self.notice.hide()
        self.add(self.server, self.code, self.laptop, self.notice)

    def read(self) -> tuple[str, str, str] | None:
        """The typed address, code and name; None, with errors shown, if one is missing."""
        server, code, name = (edit_of(field).text().strip() for field in (self.server, self.code, self.laptop))
        empty = [
            (self.laptop, name, "Enter the name of this laptop"),
            (self.code, code, "Enter the one-time code"),
            (self.server, server, "Enter the server address"),
        ]
        for field, _, _ in empty:
            field.set_error("")
        missing = [(field, words) for field, typed, words in empty if not typed]
        for field, words in missing:
            self.refuse(words, field)
        return None if missing else (server, code, name)

    def accept(self, invited: Invitation) -> None:
        """Show for whom the code is."""
        self.set_busy()
        freeze(self.server, self.code, self.laptop)
        self.notice.set_words("Code accepted.", f"{invited.laptop}, for {invited.name}, {invited.role_words}")
        self.notice.show()

    def explain(self, error: HipssError) -> None:
        """Show why the code was not accepted: beside the field that the error is about, else over the button."""
        about = error.field if isinstance(error, UserError) else "server" if isinstance(error, Tampered) else ""
        self.refuse(str(error), {"server": self.server, "code": self.code}.get(about))

    def show_set_up(self, invited: Invitation, now: str) -> None:
        """Show that the laptop is set up; the council may learn of it only with the first sync."""
        self.notice.set_words("Laptop set up.", f"{invited.laptop}, for {invited.name}. {now}")


class FirstRunWindow(Frame):
    """The three steps. ``on_open`` gets the services of the new store; ``on_back`` leaves before step 2 is done."""

    def __init__(
        self,
        first_run: FirstRun,
        on_open: "Callable[[Services], None]",
        *,
        unlocker: Unlocker,
        on_back: Callable[[], None] | None = None,
        clock: times.Clock = times.system_clock,
    ) -> None:
        super().__init__(unlocker.keep_look, unlocker.lock_screen_info().version, widest=1200)
        self._first_run, self._on_open, self._clock, self._on_back = first_run, on_open, clock, on_back
        self._invited: Invitation | None = None
        self.enrol, self.key = EnrolStep(), KeyStep(3, self.runner)
        self.passphrase = PassphraseStep(2, "Choose your passphrase", "Continue", "Then write down your recovery key")
        self.passphrase.bars.follow(self.passphrase.edit, self.runner, first_run.strength)
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
        for step, act in ((self.enrol, self._look), (self.passphrase, self._make), (self.key, self._check)):
            step.button.clicked.connect(act)
            for field in step.findChildren(Field):
                edit_of(field).returnPressed.connect(act)
        tab_in_reading_order(self)
        self._go_to(0)

    def _go_to(self, place: int) -> None:
        for number, step in enumerate(self.steps):
            step.set_state("done" if number < place else "current" if number == place else "later")
        for field in (self.passphrase.field, self.passphrase.again):
            field.setEnabled(place == 1)
        step = self.steps[place]
        announce(step.head, step.spoken())
        if place == 1:
            self.passphrase.field.go()

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

    # Step 1

    def _look(self) -> None:
        if self.enrol.busy or self._invited is not None:
            return
        typed = self.enrol.read()
        if typed is None:
            return
        server, code, laptop = typed
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
        self.runner.read(self._first_run.keyring_words, self.passphrase.keyring.warn, context=self)

    # Step 2

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

        self.runner.write(work, self._show_key, context=self, failed=self._refuse_passphrase)

    def _refuse_passphrase(self, error: HipssError) -> None:
        self.passphrase.refuse(str(error), self.passphrase.field if isinstance(error, UserError) else None)

    def _show_key(self, recovery_key: str) -> None:
        assert self._invited is not None
        now = self._clock()
        self.enrol.show_set_up(self._invited, f"{times.with_zone(now)}, {times.full_day(times.local_day(now))}")
        self.passphrase.accept()
        if self._on_back is not None:
            self.back.hide()
        self._go_to(2)
        self.key.show_key(recovery_key, self._invited.laptop)

    # Step 3

    def _check(self) -> None:
        self.key.check(self._first_run.wrong_recovery_groups, self._first_run.finish, self._on_open)

    def problem(self, words: str) -> None:
        """Show over the button of the working step that the program failed."""
        self._looking_at_network = False
        step = next((step for step in self.steps if step.busy), None)
        if step is not None:
            step.refuse(words)
