"""Shows who else is in the house while a child is not home, and whether they are safe."""

from PySide6.QtWidgets import QVBoxLayout

from ui.parts import Bullets, Button, Card, row


class InTheHouse(Card):
    """Lists the people in the house, with a button to add a person. The button's question goes into ``place``."""

    def __init__(self) -> None:
        super().__init__("Also in the house")
        self._lines = Bullets("Also in the house", ())
        self.add_button = Button("Add who is in the house", icon="plus", size=28)
        self.place = QVBoxLayout()
        self.add(self._lines)
        self.body.addLayout(row(self.add_button, None))
        self.body.addLayout(self.place)

    def show_lines(self, lines: tuple[str, ...]) -> None:
        """Show a line for each person, or that nobody was written down."""
        fresh = Bullets("Also in the house", lines or ("Nobody was written down",))
        self.body.replaceWidget(self._lines, fresh)
        self._lines.hide()
        self._lines.deleteLater()
        self._lines = fresh
