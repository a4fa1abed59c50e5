"""The alerts of a child as every screen shows them, in amber: what may happen, what was agreed, and who wrote it when.

Must not write: a signal reports that "It is over" was pressed.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.views.alerts import FOR_TONIGHT, AlertNow
from ui.parts import Banner, LinkButton, label

SHORT = 24
"""The number of letters of an alert that are shown if there is little room."""


def alert_banner(alert: AlertNow, *actions: QWidget, narrow: bool = False) -> Banner:
    """Return an alert's banner; if it is ``narrow``, the author is at the end of the words."""
    words = f"{alert.words} {alert.wrote}." if narrow else alert.words
    beside = [] if narrow else [label(alert.wrote, "small", "amber")]
    return Banner(FOR_TONIGHT, words, tone="amber", icon="alert", actions=(*beside, *actions))


class StandingAlerts(QWidget):
    """The current alerts, one below the other; hidden if there are no alerts.

    Signals:
        over(str): the user says that this alert is over.
        opened(str): the user wants to read this whole alert.
    """

    over = Signal(str)
    opened = Signal(str)

    def __init__(self, *, may_end: bool) -> None:
        super().__init__()
        self._may_end = may_end
        self._alerts: tuple[AlertNow, ...] = ()
        self._is_short = self._gives_way = False
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 4)
        self._box.setSpacing(8)
        self.hide()

    def show_alerts(self, alerts: Sequence[AlertNow]) -> None:
        """Show the alerts; do nothing if they are unchanged, so that the focus stays."""
        if tuple(alerts) == self._alerts:
            return
        self._alerts = tuple(alerts)
        self._fill()

    def shorten(self, *, short: bool) -> None:
        """Show only the first words of each alert, with a link to the rest, or show all words."""
        if short != self._is_short:
            self._is_short = short
            self._fill()

    def give_way(self, *, yes: bool) -> None:
        """Hide the alerts while a question needs the room."""
        self._gives_way = yes
        self.setVisible(bool(self._alerts) and not yes)

    def _fill(self) -> None:
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for alert in self._alerts:
            self._box.addWidget(self._short(alert) if self._is_short else alert_banner(alert, *self._ends(alert)))
        self.give_way(yes=self._gives_way)

    def _short(self, alert: AlertNow) -> Banner:
        read = LinkButton("Read it")
        read.setAccessibleName(f"Read it: {alert.words}")
        read.clicked.connect(lambda: self.opened.emit(alert.record))
        words = f"{alert.words[:SHORT].rstrip()}…"
        return Banner(FOR_TONIGHT, words, tone="amber", icon="alert", actions=(read, *self._ends(alert)))

    def links(self) -> list[LinkButton]:
        """The links of the alerts, in reading order."""
        banners = [self._box.itemAt(place) for place in range(self._box.count())]
        widgets = [item.widget() for item in banners if item is not None]
        return [link for widget in widgets if widget is not None for link in widget.findChildren(LinkButton)]

    def _ends(self, alert: AlertNow) -> list[QWidget]:
        if not self._may_end:
            return []
        link = LinkButton("It is over")
        link.setAccessibleName(f"It is over: {alert.words}")
        link.clicked.connect(lambda: self.over.emit(alert.record))
        return [link]
