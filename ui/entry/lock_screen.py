"""The lock screen: who is signed in, that the call and the notes are safe, the passphrase, the numbers to ring.

Must not show anything about a child. The seconds of a call change as text and are never announced.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from hipss_desktop import times
from ui.base.session import DutyNumber, LaptopUser, LockScreenInfo
from ui.entry.doorway import Numbers, Panel, PassphraseForm, heading
from ui.parts import LinkButton, label, paint, rich_label, row
from ui.parts.timer import in_words
from ui.theme import icons, theme_of

WIDTH = 400


class CallNotice(QFrame):
    """'Call in progress, 05:02' over 'Your notes are saved on this laptop, 02:19:02.', or only the one that is true."""

    def __init__(self, started: datetime | None, saved: datetime | None) -> None:
        super().__init__()
        self._started = started
        self._icon = "timer" if started else "save"
        self.words = label("", "body_strong")
        saved_words = f"Your notes are saved on this laptop, {times.clock_time(saved, seconds=True)}." if saved else ""
        rest = label(saved_words, "small", wrap=True)
        box = QVBoxLayout(self)
        box.setSpacing(0)
        for words, shown in ((self.words, started), (rest, saved)):
            box.addWidget(words)
            words.setVisible(shown is not None)
        if started:
            # a fixed name, so that a screen reader does not say every second
            self.words.setAccessibleName(f"Call in progress since {times.clock_time(started)}")

    def fit(self) -> None:
        """Leave room for the icon at the present text size."""
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(26 + theme_of(self).size("icon"), 8, 12, 8)

    def tick(self, now: datetime) -> None:
        """Show how long the call has lasted."""
        if self._started:
            self.words.setText(f"Call in progress, {in_words((now - self._started) // timedelta(seconds=1))}")

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme_of(self)
        painter = QPainter(self)
        paint.frame(painter, QRectF(self.rect()), fill=look.accent_tint, edge=look.accent, bar=look.accent)
        side = look.size("icon")
        icons.paint(painter, QPointF(17, 8 + (look.line_height("body") - side) / 2), self._icon, look.accent, side)
        painter.end()


class LockView(QWidget):
    """One narrow column: the signed-in person's panel and the numbers. ``form`` is the passphrase form; see its signals.

    Signals:
        not_me(): the user pressed 'I am not A. Bevan'.
    """

    not_me = Signal()

    def __init__(
        self, lock_screen_info: LockScreenInfo, person: LaptopUser, numbers: Sequence[DutyNumber], now: datetime
    ) -> None:
        super().__init__()
        self._call = bool(lock_screen_info.call_started)
        self._saved = bool(lock_screen_info.notes_saved)
        self._person = person
        self.form = PassphraseForm(forgotten="Forgotten it?")
        self.clock = label("", "body", "muted")
        self.notice = CallNotice(lock_screen_info.call_started, lock_screen_info.notes_saved)
        if not (self._call or self._saved):
            self.notice.hide()
        panel = Panel(margins=(24, 24, 24, 24), gap=12)
        panel.body.addLayout(row(heading("lock", "Locked", 1), None, self.clock))
        until = person.on_call_until
        shift = f"· on call until {times.clock_time(until)}" if until and until > now else f"· {person.role}"
        panel.body.addWidget(rich_label([(person.name, "strong"), (shift, "")]))
        panel.body.addWidget(self.notice)
        panel.body.addWidget(self.form)
        other = LinkButton(f"I am not {person.name}", style="small")
        other.clicked.connect(self.not_me)
        panel.body.addWidget(other)
        help_panel = Panel(margins=(24, 12, 24, 12))
        help_panel.body.addWidget(Numbers(numbers))
        self._middle = QWidget()
        inner = QVBoxLayout(self._middle)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(16)
        inner.addWidget(panel)
        inner.addWidget(help_panel)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._middle, 0, Qt.AlignmentFlag.AlignHCenter)
        self.fit()
        self.tick(now)

    def fit(self) -> None:
        """Set the width for the present text size."""
        self._middle.setFixedWidth(theme_of(self).px(WIDTH))
        self.notice.fit()

    def tick(self, now: datetime) -> None:
        """Show the time, and how long the call has lasted."""
        self.clock.setText(times.with_zone(now))
        self.notice.tick(now)

    def spoken(self) -> str:
        """The words of a screen reader when the lock screen appears: "Locked. A. Bevan. Call in progress, ..."."""
        parts = ["Call in progress"] * self._call + ["your notes are saved"] * self._saved
        safe = ", ".join(parts)
        return f"Locked. {self._person.name}." + (f" {safe[:1].upper()}{safe[1:]}." if safe else "")
