"""The head of the page: what it is, when the call began, how long it has lasted, and the end of the call.

The time is painted and never announced. Must not end a call by itself.
"""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.services.ports import Draft
from ui.parts import Button, CallTimer, Heading, Tag, label, row


class CallHeader(QWidget):
    """Title, start, timer.

    Signals:
        ended(): the person ended the call.
    """

    ended = Signal()

    def __init__(self, clock: times.Clock) -> None:
        super().__init__()
        self._clock = clock
        self.title = Heading("Log a contact", 1)
        self.started = label("", "body", "muted", wrap=True)
        self.timer = CallTimer()
        self.end = Button("End call", size=28)
        self.end.clicked.connect(self.ended)
        self.tag = Tag("check", "Call ended")
        line = row(self.title, gap=12)
        line.addWidget(self.started, 1)
        for widget in (self.timer, self.end, self.tag):
            line.addWidget(widget)
        self.setLayout(line)

    def show_call(self, draft: Draft) -> None:
        """Show where the call of a draft stands; an amendment has none."""
        if draft.parents:
            self.title.setText("Amend a contact")
        start, end = _instant(draft.call.get("started", "")), _instant(draft.call.get("ended", ""))
        began = start or _instant(draft.began)
        words = f"{times.with_zone(began)}, {times.full_day(times.local_day(began))}" if began else ""
        self.started.setText(f"Started {words}" if words else "")
        timed = start is not None and not draft.parents
        self.timer.setVisible(timed)
        self.end.setVisible(timed and end is None)
        self.tag.setVisible(timed and end is not None)
        if start is None or draft.parents:
            return
        if end is None:
            self.timer.start(int((self._clock() - start).total_seconds()))
        else:
            self.timer.set_seconds(int((end - start).total_seconds()))
            self.tag.set_spec(type(self.tag.spec)("check", f"Call ended {times.clock_time(end)}"))


def _instant(text: str) -> datetime | None:
    try:
        return times.instant(text)
    except ValueError:
        return None
