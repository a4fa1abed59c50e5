"""A part of a page that is folded until the user opens it. It says how much it contains, and stays open or folded."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.parts import TextButton, column, grows, label, row


class Fold(QWidget):
    """A heading to press, how much is below it, and the part that unfolds. Signal: ``turned(bool)`` after a press."""

    turned = Signal(bool)

    def __init__(self, title: str, holds: str, inside: QWidget, *, unfolded: bool) -> None:
        super().__init__()
        self._inside = inside
        self.button = TextButton(title, icon="right", size=28)
        self.button.setAccessibleName(f"{title}, {holds}")
        self.button.clicked.connect(self._turn)
        self.setLayout(column(row(self.button, label(holds, "small", "muted"), None, gap=8), inside, gap=8))
        grows(self)
        self._show(unfolded=unfolded)

    def _turn(self) -> None:
        self._show(unfolded=self._inside.isHidden())
        self.turned.emit(not self._inside.isHidden())

    def _show(self, *, unfolded: bool) -> None:
        self._inside.setVisible(unfolded)
        self.button.icon_name = "down" if unfolded else "right"
        self.button.setAccessibleDescription("Open" if unfolded else "Closed")
        self.button.update()
