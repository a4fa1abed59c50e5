"""Asks for the worker's passphrase while the screen is turned to the household, and shows none of the worker's records.

Must not check a passphrase, nor keep one after it was used.
"""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.base.announce import announce
from ui.parts import Button, Card, Field, Heading, PrimaryButton, column, label, row
from ui.supervision.inside import TARGET, InsidePassphrase
from ui.theme import theme_of

WIDE = 460


class LeaveView(QWidget):
    """'Waiting for D. Marsh': a box for the passphrase, and a button to continue the reading if that is allowed.

    Signals:
        asked(str): the worker asks to be let in with this passphrase.
        went_on(): the household reads on instead.
    """

    asked = Signal(str)
    went_on = Signal()

    def __init__(self, worker: str) -> None:
        super().__init__()
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        self.busy = False
        self.title = Heading(f"Waiting for {worker}", 1)
        self.words = label("", "body", "muted", wrap=True)
        self.edit = InsidePassphrase()
        self.field = Field("Passphrase", self.edit)
        self.button = PrimaryButton("Unlock", icon="unlock", size=TARGET)
        self.back = Button("Read on", size=TARGET)
        card = Card(pad=24)
        inside = QWidget()
        inside.setLayout(column(self.title, self.words, self.field, row(self.button, self.back, None, gap=12), gap=12))
        card.add(inside)
        box = QVBoxLayout(self)
        box.addStretch(1)
        box.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(2)
        self._card = card
        self.fit()
        self.edit.returnPressed.connect(self.submit)
        self.button.clicked.connect(self.submit)
        self.back.clicked.connect(self.went_on)

    def fit(self) -> None:
        """Set the width that fits the text size."""
        self._card.setFixedWidth(theme_of(self).px(WIDE))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_card"):
            self.fit()

    def open_for(self, words: str, *, may_go_on: bool) -> None:
        """Ask for the passphrase; ``words`` say why, and ``may_go_on`` offers to read on."""
        self._set_busy(busy=False)
        self.edit.clear()
        self.edit.hide_words()
        self.field.set_error("")
        self.words.setText(words)
        self.back.setVisible(may_go_on)
        announce(self.edit, f"{self.title.text()}. {words}")

    def submit(self) -> None:
        """Ask to be let in, unless an earlier request is not answered yet."""
        if self.busy:
            return
        typed = self.edit.text()
        if not typed:
            self.refuse("Enter your passphrase")
            return
        self._set_busy(busy=True)
        self.field.set_error("")
        self.edit.clear()
        self.asked.emit(typed)

    def refuse(self, words: str) -> None:
        """Show beside the box why the passphrase was refused."""
        self._set_busy(busy=False)
        self.field.set_error(words)
        announce(self.edit, words, assertive=True)
        self.edit.setFocus()

    def _set_busy(self, *, busy: bool) -> None:
        self.busy = busy
        self.button.setText("Unlocking" if busy else "Unlock")
        self.button.updateGeometry()
