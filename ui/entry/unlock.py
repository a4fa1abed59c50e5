"""The first window: who the person is, their passphrase, what to do without it, and the numbers that are always shown.

Imports only Qt and light modules. The modules that unlocking needs are imported in the background after the first paint. Must not
show anything about a child, nor keep a passphrase after it was used.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.errors import HipssError, UserError
from hipss_desktop.rules import passphrases
from ui.base.announce import announce
from ui.base.focus import tab_in_reading_order
from ui.base.session import DutyNumber, LaptopUser, Unlocker
from ui.entry.doorway import (
    Folding,
    Frame,
    Numbers,
    Panel,
    PassphraseForm,
    Points,
    heading,
    manager_route,
    sentence,
    sync_label,
)
from ui.entry.lock_screen import LockView
from ui.parts import (
    Banner,
    EmptyState,
    Field,
    Heading,
    IconLabel,
    LineEdit,
    LinkButton,
    PassphraseEdit,
    PrimaryButton,
    Rule,
    TagSpec,
    grows,
    label,
    paint,
    row,
)
from ui.parts.tags import paint_tag, tag_size
from ui.theme import theme_of

if TYPE_CHECKING:
    from hipss_desktop.views.services import Services

PROTECTED = (
    "Every record on this laptop is encrypted.",
    "Each person opens only with their own passphrase.",
    "It locks itself after 5 minutes, or 15 during a call.",
    "Records waiting to be sent stay safe while it is locked.",
)


class PassphraseRefused(UserError):
    """The new passphrase is refused."""


class PersonRow(QRadioButton):
    """One person: name, role, and a tag. What does not fit on one line goes below. A click anywhere in the row chooses it."""

    chosen = Signal()

    def __init__(self, person: LaptopUser, now: datetime) -> None:
        super().__init__(person.name)
        self.person = person
        self._tag: TagSpec | None = None
        spoken = [person.name, person.role[:1].lower() + person.role[1:]]
        if person.on_call_until is not None and person.on_call_until > now:
            self._tag = TagSpec("moon", f"On call until {times.clock_time(person.on_call_until)}", "accent")
        elif person.backup:
            self._tag = TagSpec("user", "Backup manager")
        if self._tag:
            spoken.append(self._tag.words[:1].lower() + self._tag.words[1:])
        self.setAccessibleName(", ".join(filter(None, spoken)))
        grows(self, QSizePolicy.Policy.Expanding)

    def _widths(self) -> tuple[int, int, int, int]:
        """Where the words begin, and how wide name, role and tag are."""
        look = theme_of(self)
        name = paint.advance(self.person.name, look.font("body_strong"))
        role = paint.advance(self.person.role, look.font("body"))
        return 24 + look.size("icon"), name, role, tag_size(look, self._tag).width() if self._tag else 0

    def _lines(self, width: int) -> int:
        """How many lines the row needs: 1 for all side by side, 2 with the tag below, 3 with the role below too."""
        start, name, role, tag = self._widths()
        if start + name + 12 + role + (12 + tag if tag else 0) + 12 <= width:
            return 1
        return 2 if start + name + 12 + role + 12 <= width else 3

    def heightForWidth(self, width: int) -> int:
        line = theme_of(self).px(44)
        more = self._lines(width) - (1 if self._tag else 2)
        return line + max(0, more) * theme_of(self).px(28)

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        start, name, role, tag = self._widths()
        return QSize(start + name + role + tag + 48, theme_of(self).px(44))

    def minimumSizeHint(self) -> QSize:
        start, name, role, tag = self._widths()
        return QSize(start + max(name, role, tag) + 12, theme_of(self).px(44))

    def hitButton(self, pos: object, /) -> bool:
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter unlocks from here as well."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme_of(self)
        on = self.isChecked()
        painter = QPainter(self)
        if on or self.underMouse():
            painter.fillRect(self.rect(), look.select if on else look.sunken)
        start, name, role, tag = self._widths()
        lines, step, first = self._lines(self.width()), look.px(28), look.px(44)
        side = look.size("icon")
        circle = QRectF(12, (first - side) / 2, side, side)
        paint.radio_dot(painter, circle, look, on=on, colour=look.accent, edge=look.accent if on else look.control)
        paint.words(painter, QRectF(start, 0, name + 1, first), self.person.name, look.font("body_strong"), look.ink)
        beside = lines < 3
        corner = QPointF(start + name + 12, 0) if beside else QPointF(start, step)
        place = QRectF(corner.x(), corner.y(), min(role + 1, self.width() - corner.x() - 8), first)
        paint.words(painter, place, self.person.role, look.font("body"), look.ink if on else look.muted)
        if self._tag:
            size = tag_size(look, self._tag)
            left = self.width() - tag - 12 if lines == 1 else start
            top = (lines - 1) * step + (first - size.height()) / 2
            paint_tag(painter, QRectF(left, top, tag, size.height()), self._tag, look)
        painter.end()


class PeopleList(QWidget):
    """Everybody with a store on this laptop, as one radio group with one Tab stop. Arrow keys move and choose.

    Signals:
        changed(): somebody else was chosen.
        entered(): Enter was pressed on a person.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, people: Sequence[LaptopUser], now: datetime) -> None:
        super().__init__()
        self.setAccessibleName("Who are you?")
        self._group = QButtonGroup(self)
        self.rows: list[PersonRow] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        for person in people:
            if self.rows:
                box.addWidget(Rule())
            person_row = PersonRow(person, now)
            person_row.chosen.connect(self.entered)
            self._group.addButton(person_row)
            self.rows.append(person_row)
            box.addWidget(person_row)
        if self.rows:
            self.rows[0].setChecked(True)
        self._keep_one_stop()
        self._group.buttonToggled.connect(self._toggled)

    def _toggled(self, _: object, on: bool) -> None:
        self._keep_one_stop()
        if on:
            self.changed.emit()

    def _keep_one_stop(self) -> None:
        """Make the chosen row the only Tab stop from the start. Qt does this only after a row has had the focus."""
        for person_row in self.rows:
            strong, click = Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.ClickFocus
            person_row.setFocusPolicy(strong if person_row.isChecked() else click)

    def person(self) -> LaptopUser:
        """The person who is chosen."""
        return next(person_row.person for person_row in self.rows if person_row.isChecked())

    def choose(self, vault: str) -> None:
        """Choose the person with this vault. An unknown vault changes nothing."""
        for person_row in self.rows:
            if person_row.person.vault == vault:
                person_row.setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = theme_of(self)
        paint.frame(painter, QRectF(self.rect()), fill=look.surface, edge=look.control)
        painter.end()


class RecoveryForm(QWidget):
    """Asks for a recovery key and twice for a new passphrase, and says how the council can help.

    Signals:
        asked(str, str): the key and the new passphrase, typed alike twice.
        left(): back to the passphrase.
    """

    asked = Signal(str, str)
    left = Signal()

    def __init__(self, numbers: Sequence[DutyNumber]) -> None:
        super().__init__()
        self.busy = False
        self.person = label("", "body_strong")
        self.key = Field(
            "Recovery key",
            LineEdit(ids=True),
            note="8 groups of 5 characters. Spaces, dashes and small letters do not matter.",
        )
        self.new = Field(
            "New passphrase", PassphraseEdit(name="New passphrase"), note="12 characters or more. Four words work well."
        )
        self.again = Field("Type it again", PassphraseEdit(name="Type it again"))
        self.keyring = Banner("", tone="amber", icon="info")
        self.keyring.hide()
        self.trouble = IconLabel("alert", "", "body_strong", "risk")
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self.button = PrimaryButton("Unlock with the recovery key", icon="key", size=44)
        back = LinkButton("Back")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        head = Heading("Use a recovery key", 1)
        for widget in (head, self.person, self.key, self.new, self.again, self.keyring, self.trouble):
            box.addWidget(widget)
        box.addLayout(row(self.button, back, None, gap=16))
        box.addWidget(label("No recovery key?", "body_strong"))
        box.addWidget(manager_route(numbers))
        for field in self._fields():
            self._edit(field).returnPressed.connect(self.submit)
        self.button.clicked.connect(self.submit)
        back.clicked.connect(self.left)

    def _fields(self) -> tuple[Field, Field, Field]:
        return self.key, self.new, self.again

    @staticmethod
    def _edit(field: Field) -> LineEdit:
        assert isinstance(field.control, LineEdit)
        return field.control

    def open_for(self, person: LaptopUser) -> None:
        """Clear the form and show it for this person."""
        self.person.setText(person.name)
        for field in self._fields():
            self._edit(field).clear()
            field.set_error("")
        for field in (self.new, self.again):
            assert isinstance(field.control, PassphraseEdit)
            field.control.hide_words()
        self.trouble.hide()
        self.set_busy(False)
        self.key.go()

    def warn(self, words: str) -> None:
        """Show this warning about the new passphrase; '' hides it."""
        self.keyring.set_words("", words)
        self.keyring.setVisible(bool(words))

    def submit(self) -> None:
        """Check what can be checked here, then ask for the unlocking."""
        if self.busy:
            return
        key, new, repetition = (self._edit(field).text() for field in self._fields())
        wrong = [
            (self.key, "" if key.strip() else "Enter your recovery key"),
            (self.new, "" if new else "Enter a new passphrase"),
            (self.again, "" if new == repetition else "This is not the same as the passphrase above"),
        ]
        self.trouble.hide()
        for field, words in wrong:
            field.set_error(words)
        first = next(((field, words) for field, words in wrong if words), None)
        if first is not None:
            self._stop(*first)
            return
        self.set_busy(True)
        announce(self.button, "Unlocking")
        self.asked.emit(key, new)

    def set_busy(self, busy: bool) -> None:
        """Show whether an answer is under way."""
        self.busy = busy
        self.button.setText("Unlocking" if busy else "Unlock with the recovery key")
        self.button.updateGeometry()

    def refuse(self, error: HipssError) -> None:
        """Show an error beside the field that it is about."""
        self.set_busy(False)
        if isinstance(error, UserError):
            field = self.new if isinstance(error, PassphraseRefused) else self.key
            field.set_error(str(error))
            self._stop(field, str(error))
        else:
            self.problem(str(error))

    def problem(self, words: str) -> None:
        """Show an error that belongs to no field."""
        self.set_busy(False)
        self.trouble.setText(words)
        self.trouble.show()
        announce(self.button, words, assertive=True)

    def _stop(self, field: Field, words: str) -> None:
        announce(field.focus_target(), words, assertive=True)
        field.go()
        self._edit(field).selectAll()


class UnlockWindow(Frame):
    """The window before anybody has unlocked. ``on_open`` is called once, with the use cases of the person who unlocked."""

    def __init__(
        self,
        unlocker: Unlocker,
        on_open: "Callable[[Services], None]",
        on_new_person: Callable[[], None],
        *,
        clock: times.Clock = times.system_clock,
    ) -> None:
        self._info = unlocker.lock_screen_info()
        super().__init__(unlocker.keep_look, self._info.version)
        self._unlocker, self._on_open, self._on_new_person, self._clock = unlocker, on_open, on_new_person, clock
        self._warmed = False
        numbers = self._info.numbers
        now = clock()
        self.people = PeopleList(sorted(self._info.users, key=lambda user: not _on_call(user, now)), now)
        self.form = PassphraseForm(
            note="You can paste it. After 10 wrong tries you must wait 15 minutes.",
            forgotten="I have forgotten my passphrase",
        )
        self.recovery = RecoveryForm(numbers)
        self._time, self._date = label("", "heading"), label("", "body", "muted")
        # the panel of a locked person has the clock, so the sync words are above it; otherwise they change places
        self._sync_above, self._sync_below = (sync_label(self._info.sync_words) for _ in range(2))
        for part in (self._time, self._date, self._sync_above):
            self.aside.addWidget(part)
        self.below.addWidget(self._sync_below)
        if self._info.laptop:
            self.below.addWidget(IconLabel("laptop", f"Laptop {self._info.laptop}"))
        self._entry = self._make_entry()
        self._panel = self._make_panel()
        self.middle.addWidget(self._panel)
        locked = next((user for user in self._info.users if user.vault == self._info.locked_user), None)
        self.lock: LockView | None = None
        if locked is not None:
            self.people.choose(locked.vault)
            self.lock = LockView(self._info, locked, numbers, now)
            self.lock.not_me.connect(self._show_people)
            self._wire(self.lock.form)
            self.middle.addWidget(self.lock)
        self._wire(self.form)
        self.people.entered.connect(self.form.submit)
        self.people.changed.connect(self.form.clear)
        self.recovery.asked.connect(self._recover)
        self.recovery.left.connect(self._show_people)
        self.ticked.connect(self._show_time)
        self._show_time()
        self.recovery.hide()
        self._show_locked(locked=self.lock is not None)
        tab_in_reading_order(self)

    # the parts of the window

    def _make_entry(self) -> QWidget:
        entry = QWidget()
        box = QVBoxLayout(entry)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(Heading("Unlock this laptop", 1, style="display"))
        another = LinkButton("Set up another person", style="small")
        another.clicked.connect(self._new_person)
        if not self.people.rows:
            start = PrimaryButton("Set up this laptop")
            start.clicked.connect(self._new_person)
            box.addWidget(EmptyState("Nobody is set up on this laptop yet", icon="laptop", button=start), 1)
            return entry
        box.addSpacing(16)
        box.addWidget(label("Who are you?", "body_strong"))
        box.addSpacing(6)
        box.addWidget(self.people)
        box.addSpacing(16)
        box.addWidget(self.form)
        box.addSpacing(8)
        box.addLayout(row(another, None))
        box.addStretch(1)
        return entry

    def _make_panel(self) -> Panel:
        left = QWidget()
        box = QVBoxLayout(left)
        box.setContentsMargins(32, 24, 32, 16)
        box.addWidget(self._entry)
        box.addWidget(self.recovery)
        box.addStretch(1)
        right = Panel("sunken", margins=(28, 24, 28, 24), gap=12)
        right.body.addWidget(heading("shieldcheck", "What is protected"))
        right.body.addWidget(Points([label(words, wrap=True) for words in PROTECTED]))
        right.body.addWidget(Rule())
        right.body.addWidget(heading("key", "If you forget it"))
        own = label("Use the recovery key you wrote down. It works offline.", wrap=True)
        right.body.addWidget(Points([own, manager_route(self._info.numbers)], numbered=True))
        right.body.addWidget(Rule())
        right.body.addWidget(Numbers(self._info.numbers))
        right.body.addStretch(1)
        panel = Panel(margins=(0, 0, 0, 0))
        panel.body.addWidget(self.folding(Folding((left, right), (56, 44), needs=860)))
        return panel

    def _new_person(self) -> None:
        self._on_new_person()

    def _wire(self, form: PassphraseForm) -> None:
        form.asked.connect(self._unlock)
        form.forgotten.connect(self._show_recovery)

    # which view is shown

    def _active(self) -> PassphraseForm:
        return self.lock.form if self.lock is not None and self.lock.isVisible() else self.form

    def _show_locked(self, *, locked: bool) -> None:
        if self.lock is not None:
            self.lock.form.clear()
            self.lock.setVisible(locked)
        words = bool(self._info.sync_words)
        self._panel.setVisible(not locked)
        self._time.setVisible(not locked)
        self._date.setVisible(not locked)
        self._sync_above.setVisible(locked and words)
        self._sync_below.setVisible(not locked and words)

    def _show_people(self) -> None:
        self._show_locked(locked=False)
        self.recovery.hide()
        self._entry.show()
        self._focus_first()

    def _show_recovery(self) -> None:
        self._show_locked(locked=False)
        self._entry.hide()
        self.recovery.show()
        self.recovery.open_for(self.people.person())
        self.runner.read(self._unlocker.keyring_words, self.recovery.warn, context=self)

    def _focus_first(self) -> None:
        (self._active().edit if self.people.rows else self).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_first()
        if self.lock is not None and self.lock.isVisible():
            announce(self.lock, self.lock.spoken())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._warmed:
            self._warmed = True
            QTimer.singleShot(0, self, self._warm)

    def _warm(self) -> None:
        self.runner.read(self._unlocker.warm, lambda _: None, context=self, failed=lambda _: None)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.runner.close()
        super().closeEvent(event)

    def _show_time(self) -> None:
        now = self._clock()
        self._time.setText(times.clock_time(now))
        self._date.setText(f"{times.full_day(times.local_day(now))}, {times.zone(now)}")
        if self.lock is not None:
            self.lock.tick(now)

    def _look_changed(self, changed: object) -> None:
        super()._look_changed(changed)
        if self.lock is not None:
            self.lock.fit()

    # getting in

    def _unlock(self, passphrase: str) -> None:
        form, vault = self._active(), self.people.person().vault
        self.people.setEnabled(False)

        def refused(error: HipssError) -> None:
            self.people.setEnabled(True)
            form.refuse(sentence(error, self._info.numbers))
            self.reveal(form)

        self.runner.write(lambda: self._unlocker.unlock(vault, passphrase), self._opened, context=self, failed=refused)

    def _recover(self, key: str, new: str) -> None:
        person = self.people.person()

        def work() -> "Services":
            # checked here first, so that an error in the new passphrase is shown beside it
            problem = passphrases.problem(new, (person.name,))
            if problem:
                raise PassphraseRefused(problem)
            return self._unlocker.unlock_with_recovery(person.vault, key, new)

        self.runner.write(work, self._opened, context=self, failed=self.recovery.refuse)

    def _opened(self, services: "Services") -> None:
        self.form.clear()
        if self.lock is not None:
            self.lock.form.clear()
        self.people.setEnabled(True)
        self._on_open(services)

    def problem(self, words: str) -> None:
        """Show a fault of the program in the form that is open."""
        self.people.setEnabled(True)
        if self.recovery.isVisible():
            self.recovery.problem(words)
        else:
            self._active().refuse(words)


def _on_call(person: LaptopUser, now: datetime) -> bool:
    return person.on_call_until is not None and person.on_call_until > now
