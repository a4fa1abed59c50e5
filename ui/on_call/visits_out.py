"""Shows who is out on a visit, one line each above the board, until somebody presses that the person is safe home.

The words change every minute and are never announced. Must not write: a signal reports the press.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.views.lone_worker import OutNow
from ui.parts import Banner, Button, tone_named


class VisitsOut(QWidget):
    """The running visits; hidden while nobody is out.

    Signals:
        home(object): the person of this visit (``OutNow``) is safe home.
    """

    home = Signal(object)

    def __init__(self, *, may_write: bool) -> None:
        super().__init__()
        self._may_write = may_write
        self._banners: dict[str, Banner] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self.hide()

    def buttons(self) -> list[Button]:
        """The buttons in reading order."""
        return [button for banner in self._banners.values() for button in banner.findChildren(Button)]

    def show_visits(self, visits: Sequence[OutNow]) -> None:
        """Show visits in this order; a visit that was already shown keeps its line and the focus."""
        before, self._banners = self._banners, {}
        for place, visit in enumerate(visits):
            banner = before.pop(visit.record, None) or self._banner(visit)
            banner.tone = tone_named(visit.tone)
            banner.icon_name = "alert" if visit.is_late else "timer"
            banner.set_words(f"{visit.name} is out on a visit.", visit.words)
            banner.update()
            self._box.insertWidget(place, banner)
            self._banners[visit.record] = banner
        for banner in before.values():
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(visits))

    def _banner(self, visit: OutNow) -> Banner:
        button = Button("Safe home", icon="check", size=28)
        button.setAccessibleName(f"Safe home: {visit.name}")
        button.clicked.connect(lambda: self.home.emit(visit))
        return Banner("", actions=(button,) if self._may_write else ())
