"""The parts of every screen before unlock: the frame with its look, panels, the numbers to ring, the passphrase.

It imports only Qt and light modules, so that the window appears at once. Must not show or know a child.
"""

import logging
from collections.abc import Sequence
from typing import Protocol, cast

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QGridLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from hipss_desktop.errors import HipssError
from ui import theme
from ui.base.announce import announce
from ui.base.runner import TaskRunner
from ui.base.session import DutyNumber
from ui.base.shortcuts import bind
from ui.parts import (
    Brand,
    Field,
    Heading,
    IconLabel,
    LinkButton,
    PassphraseEdit,
    PrimaryButton,
    label,
    paint,
    rich_label,
    row,
)
from ui.theme import icons

ALWAYS = (DutyNumber("Someone is in danger", "999"), DutyNumber("Police, not urgent", "101"))
BROKEN = "Something went wrong inside the program. Nothing on this laptop was changed. Close it and start it again."
LARGE = 1.3

_log = logging.getLogger(__name__)


class KeepLook(Protocol):
    """The type of ``Unlocker.keep_look``."""

    def __call__(self, *, theme: str, scale: float) -> None: ...


def backup(numbers: Sequence[DutyNumber]) -> tuple[str, str] | None:
    """The last person to ring for help and their number: the manager's line, else the first; None without numbers."""
    if not numbers:
        return None
    line = next((number for number in numbers if "manager" in number.label.casefold()), numbers[0])
    role, comma, name = line.label.partition(", ")
    return (name if comma else f"the {role[:1].lower()}{role[1:]}"), line.number


def sentence(error: HipssError, numbers: Sequence[DutyNumber]) -> str:
    """The words of an error; if it requires waiting, they add whom to ring meanwhile."""
    ring = backup(numbers)
    if ring is None or getattr(error, "until", None) is None:
        return str(error)
    return f"{error} For help now, ring {ring[0]}, {ring[1]}."


class Panel(QWidget):
    """A sheet of paper with an edge; content goes into ``body``, top to bottom. ``tone`` "accent" marks the present step."""

    def __init__(self, paper: str = "surface", *, margins: Sequence[int] = (32, 24, 32, 24), gap: int = 8) -> None:
        super().__init__()
        self._paper, self.tone = paper, ""
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*margins)
        self.body.setSpacing(gap)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.theme_of(self)
        edge, width = (look.accent, 2) if self.tone == "accent" else (look.line, 1)
        painter = QPainter(self)
        paint.frame(painter, QRectF(self.rect()), fill=look.color(self._paper), edge=edge, width=width, radius=6)
        painter.end()


class Folding(QWidget):
    """Widgets side by side if there are ``needs`` pixels (at 100 % text size), else one below the other.

    Side by side they are at least ``least`` pixels high, so that a growing step does not move the others.
    """

    def __init__(
        self, widgets: Sequence[QWidget], shares: Sequence[int], *, needs: int, gap: int = 0, least: int = 0
    ) -> None:
        super().__init__()
        self._needs, self._least = needs, least
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(gap)
        for widget, share in zip(widgets, shares, strict=True):
            self._box.addWidget(widget, share)

    def fold(self, width: int) -> None:
        """Arrange the widgets for a width in pixels."""
        lies = width >= theme.theme_of(self).px(self._needs)
        direction = QBoxLayout.Direction.LeftToRight if lies else QBoxLayout.Direction.TopToBottom
        self.setMinimumHeight(self._least if lies else 0)
        if self._box.direction() != direction:
            self._box.setDirection(direction)

    def minimumSizeHint(self) -> QSize:
        """No minimum width, because a narrow row puts its widgets one below the other."""
        return QSize(0, super().minimumSizeHint().height())


class Points(QWidget):
    """A short list, each line with its mark: a dot, or a number."""

    def __init__(self, lines: Sequence[QLabel], *, numbered: bool = False) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8 if numbered else 6)
        grid.setVerticalSpacing(6 if numbered else 0)
        grid.setColumnStretch(1, 1)
        for number, line in enumerate(lines):
            mark = label(f"{number + 1}", "body_strong") if numbered else label("•")
            grid.addWidget(mark, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(line, number, 1)


class Numbers(QWidget):
    """'Need help now?' with who answers and the numbers: always 999 and 101, then the service's own lines."""

    def __init__(self, numbers: Sequence[DutyNumber]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.addWidget(heading("phone", "Need help now?"), 0, 0, 1, 2)
        grid.setRowMinimumHeight(1, 2)
        for place, duty_number in enumerate((*ALWAYS, *numbers), 2):
            who, dial = label(duty_number.label, wrap=True), label(duty_number.number, "phone")
            dial.setAccessibleName(f"{duty_number.label}, {duty_number.number}")
            grid.addWidget(who, place, 0)
            grid.addWidget(dial, place, 1)


def sync_label(words: str) -> IconLabel:
    """Return the state of the sync with the council as words with an icon."""
    return IconLabel("laptop" if words.endswith("waiting") else "cloud", words)


class Mark(QWidget):
    """A heading's icon, for decoration only."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = theme.theme_of(self).px(18)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = theme.theme_of(self)
        icons.paint(painter, QPointF(0, 0), self._icon, look.ink, self.width())
        painter.end()


def heading(icon: str, text: str, level: int = 2) -> QWidget:
    """Return a heading with its icon."""
    holder = QWidget()
    holder.setLayout(row(Mark(icon), Heading(text, level), None, gap=10))
    return holder


class Frame(QWidget):
    """A whole window before unlock: brand and ``aside`` above, ``content`` in the middle, the look's links below.

    Everything scrolls together if the window is low. Theme and text size change at once, and ``keep_look`` saves them.

    Signals:
        ticked(): a second has passed while the window is visible.
    """

    ticked = Signal()

    def __init__(self, keep_look: KeepLook, version: str, *, widest: int = 1000) -> None:
        super().__init__()
        self.runner = TaskRunner(self)
        self._keep_look, self._widest = keep_look, widest
        self._folding: list[Folding] = []
        self.setWindowTitle("HIPSS Desktop")
        self.setMinimumSize(1024, 640)
        theme.set_state(theme.dress(self), "surface", "canvas")
        self.aside, self.middle, self.below = row(gap=12), QVBoxLayout(), row(gap=16)
        self._look_link = LinkButton("", style="small", icon="moon")
        self._text_link = LinkButton("", style="small")
        self._look_link.clicked.connect(self._other_look)
        self._text_link.clicked.connect(lambda: self.set_scale(1.0 if theme.current().scale >= LARGE else LARGE))
        self._lay_out(version)
        for keys, act in (
            ("Ctrl+Shift+T", self._other_look),
            ("Ctrl++", lambda: self._step(1)),
            ("Ctrl+=", lambda: self._step(1)),
            ("Ctrl+-", lambda: self._step(-1)),
            ("Ctrl+0", lambda: self.set_scale(1.0)),
        ):
            bind(self, keys, act)
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self.ticked)
        self.runner.broke.connect(self._note_break)
        cast(QApplication, QApplication.instance()).focusChanged.connect(self._focus_moved)
        theme.signals.theme_changed.connect(self._look_changed)
        self._name_links()

    def _lay_out(self, version: str) -> None:
        above = row(Brand(28), label("HIPSS Desktop", "heading"), None, self.aside, gap=12)
        left, right = QWidget(), QWidget()
        left.setLayout(row(self.below, None))
        right.setLayout(row(self._look_link, self._text_link, label(f"Version {version}", "small", "muted"), gap=16))
        self._content = QWidget()
        self._box = QVBoxLayout(self._content)
        self._box.setSpacing(0)
        self._box.addStretch(2)
        self._box.addLayout(above)
        self._box.addSpacing(16)
        self._box.addLayout(self.middle)
        self._box.addSpacing(12)
        self._box.addWidget(self.folding(Folding((left, right), (1, 0), needs=760, gap=8)))
        self._box.addStretch(3)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._area)

    def folding(self, widget: Folding) -> Folding:
        """Arrange ``widget`` again whenever the window's width changes; return it."""
        self._folding.append(widget)
        return widget

    def reveal(self, widget: QWidget) -> None:
        """Scroll ``widget`` into view, after the layout has run."""
        QTimer.singleShot(0, widget, lambda: self._area.ensureWidgetVisible(widget, 20, 24))

    def _focus_moved(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._content.isAncestorOf(now):
            self.reveal(now)

    def problem(self, words: str) -> None:
        """Show that the program failed; each screen shows it in its own place."""

    def _note_break(self, error: object) -> None:
        # an error in the program: log its type and place, show the user a sentence, and continue
        _log.error("work before unlock broke", exc_info=cast(BaseException, error))
        self.problem(BROKEN)

    def _fit(self) -> None:
        side = max(20, (self.width() - theme.current().px(self._widest)) // 2)
        self._box.setContentsMargins(side, 10, side, 10)
        bar = self._area.verticalScrollBar().sizeHint().width()
        for folding in self._folding:
            folding.fold(self.width() - 2 * side - bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def _other_look(self) -> None:
        self._apply("day" if theme.current().name == "night" else "night", theme.current().scale)

    def set_scale(self, scale: float) -> None:
        """Change the text size, one of ``theme.SCALES``."""
        self._apply(theme.current().name, scale)

    def _step(self, by: int) -> None:
        place = theme.SCALES.index(theme.current().scale) + by
        self.set_scale(theme.SCALES[max(0, min(place, len(theme.SCALES) - 1))])

    def _apply(self, name: theme.Name, scale: float) -> None:
        app = cast(QApplication, QApplication.instance())
        theme.apply(app, theme.theme_for(app, name, scale))
        # if the look cannot be saved, it applies until the program ends
        self.runner.write(
            lambda: self._keep_look(theme=name, scale=scale), lambda _: None, context=self, failed=lambda _: None
        )

    def _look_changed(self, _: object) -> None:
        self._name_links()
        self._fit()

    def _name_links(self) -> None:
        now = theme.current()
        night = now.name == "night"
        self._look_link.icon_name = "sun" if night else "moon"
        self._look_link.setText("Day theme" if night else "Night theme")
        self._text_link.setText("Usual text" if now.scale >= LARGE else "Large text")
        for link in (self._look_link, self._text_link):
            link.updateGeometry()


class PassphraseForm(QWidget):
    """The passphrase field, Unlock, and a link for a forgotten passphrase. The error is beside the field.

    Signals:
        asked(str): the user wants to unlock with this passphrase.
        forgotten(): the link for a forgotten passphrase was pressed.
    """

    asked = Signal(str)
    forgotten = Signal()

    def __init__(self, *, note: str = "", forgotten: str) -> None:
        super().__init__()
        self.busy = False
        self.edit = PassphraseEdit()
        self.field = Field("Passphrase", self.edit, note=note)
        self.button = PrimaryButton("Unlock", icon="unlock", size=44)
        link = LinkButton(forgotten)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        box.addWidget(self.field)
        box.addLayout(row(self.button, link, None, gap=16))
        self.edit.returnPressed.connect(self.submit)
        self.button.clicked.connect(self.submit)
        link.clicked.connect(self.forgotten)
        bind(self, "Ctrl+Shift+S", self.edit.switch)

    def submit(self) -> None:
        """Ask to unlock with the typed passphrase; do nothing while an earlier request runs."""
        if self.busy:
            return
        self.edit.setFocus()
        if not self.edit.text():
            self.refuse("Enter your passphrase")
            return
        self.set_busy(True)
        self.field.set_error("")
        announce(self.edit, "Unlocking")
        self.asked.emit(self.edit.text())

    def set_busy(self, busy: bool) -> None:
        """Show whether a request to unlock is running."""
        self.busy = busy
        self.button.setText("Unlocking" if busy else "Unlock")
        self.button.updateGeometry()

    def refuse(self, words: str) -> None:
        """Show and announce why the store was not unlocked, and select the typed text, so that typing replaces it."""
        self.set_busy(False)
        self.field.set_error(words)
        announce(self.edit, words, assertive=True)
        self.edit.setFocus()
        self.edit.selectAll()

    def clear(self) -> None:
        """Clear the typed text and any error."""
        self.set_busy(False)
        self.edit.clear()
        self.edit.hide_words()
        self.field.set_error("")


def manager_route(numbers: Sequence[DutyNumber]) -> QLabel:
    """Return words on how to get in with the key that the council keeps, with the number to ring if there is one."""
    ring = backup(numbers)
    rest = "They can read you the key that the council keeps for this laptop."
    if ring is None:
        return label(f"Ring your manager. {rest}", wrap=True)
    return rich_label([(f"Ring {ring[0]},", ""), (ring[1] + ".", "strong"), (rest, "")])
