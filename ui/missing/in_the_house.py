"""Who is in the house too while a child is not home, and whether they are safe."""

from PySide6.QtWidgets import QVBoxLayout

from ui.parts import Bullets, Button, Card, row


class InTheHouse(Card):
    """Those who were written down, a button that asks for one more, and the ``place`` of its question."""

    def __init__(self) -> None:
        super().__init__("Also in the house")
        self._lines = Bullets("Also in the house", ())
        self.add_button = Button("Add who is in the house", icon="plus", size=28)
        self.place = QVBoxLayout()
        self.add(self._lines)
        self.body.addLayout(row(self.add_button, None))
        self.body.addLayout(self.place)

    def show_lines(self, lines: tuple[str, ...]) -> None:
        """Show who is there."""
        fresh = Bullets("Also in the house", lines or ("Nobody was written down",))
        self.body.replaceWidget(self._lines, fresh)
        self._lines.hide()
        self._lines.deleteLater()
        self._lines = fresh
