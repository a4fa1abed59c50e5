"""The head of the page: title, start of the call, how long it has lasted, and the button that ends it.

The time is painted and never announced. Must not end a call by itself.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from hipss_desktop import times
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.services.ports import Draft
from ui.parts import Button, CallTimer, Heading, Tag, label
from ui.theme import theme_of


class CallHeader(QWidget):
    """The title, the start of the call, and the timer.

    Signals:
        ended(): the user ended the call.
    """

    ended = Signal()

    def __init__(self, clock: times.Clock) -> None:
        super().__init__()
        self._clock = clock
        self._amended = ""
        self.title = Heading("Log a contact", 1)
        self.started = label("", "body", "muted", wrap=True)
        self.timer = CallTimer()
        self.end = Button("End call", size=28)
        self.end.clicked.connect(self.ended)
        self.tag = Tag("check", "Call ended")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self.title, 0, 0)
        for column, widget in enumerate((self.timer, self.end, self.tag), start=2):
            self._grid.addWidget(widget, 0, column)
        self._place_start()

    def _place_start(self) -> None:
        """Place the start of the call beside the title, or below it in a narrow window."""
        narrow = self.width() < theme_of(self).px(760)
        if narrow:
            self._grid.addWidget(self.started, 1, 0, 1, 5)
        else:
            self._grid.addWidget(self.started, 0, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_start()

    def show_call(self, draft: Draft) -> None:
        """Show the start and the timer of a draft's call; for an amendment, when the call was."""
        if draft.parents:
            self._show_amended(draft)
            return
        start, end = (
            times.instant_or_none(draft.call.get("started", "")),
            times.instant_or_none(draft.call.get("ended", "")),
        )
        began = start or times.instant_or_none(draft.began)
        words = f"{times.with_zone(began)}, {times.full_day(times.local_day(began))}" if began else ""
        self.started.setText(f"Started {words}" if words else "")
        timed = start is not None
        self.timer.setVisible(timed)
        self.end.setVisible(timed and end is None)
        self.tag.setVisible(timed and end is not None)
        if start is None:
            return
        if end is None:
            self.timer.start(int((self._clock() - start).total_seconds()))
        else:
            self.timer.set_seconds(int((end - start).total_seconds()))
            self.tag.set_spec(type(self.tag.spec)("check", f"Call ended {times.clock_time(end)}"))

    def _show_amended(self, draft: Draft) -> None:
        self.title.setText("Amend a contact")
        for part in (self.timer, self.end, self.tag):
            part.hide()
        contact = CONTACT.read(draft.fields)
        if contact.told is not None:
            until = f" to {times.clock_time(contact.ended)}" if contact.ended is not None else ""
            day = times.long_day(times.local_day(contact.told))
            self._amended = f"Call {times.clock_time(contact.told)}{until}, {day}"
        self.started.setText(self._amended)

    def show_version(self, number: int) -> None:
        """Show the number of the version that is being amended."""
        self.started.setText(" · ".join(filter(None, (self._amended, f"version {number}"))))
