"""The action bar under a form: finish, save and close, discard, and whether the typed words are saved.

Discard asks its question inside the bar, so that Esc leads back and no dialog covers the form. Must not save or finish.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from ui.base.announce import announce
from ui.parts import Button, DangerButton, IconLabel, PrimaryButton, TextButton, label, row
from ui.theme import theme_of

WIDE = 720
"""Pixels at 100 % text size: the least width for a button of the page itself."""
SURE = "Discard this contact? What was typed is lost."


class ActionBar(QWidget):
    """Buttons and one sentence. ``sure`` is the question before discarding.

    Signals:
        finish(), close_asked(), discard(): what the person wants; ``discard`` only after they answered the question.
    """

    finish = Signal()
    close_asked = Signal()
    discard = Signal()

    def __init__(self, sure: str = SURE) -> None:
        super().__init__()
        self._sure = sure
        self._offered: Button | None = None
        self.setAccessibleName("Actions")
        self.finish_button = PrimaryButton("Finish", keycap="Ctrl+Enter")
        self.close_button = Button("Save and close", icon="save")
        self.saved = IconLabel("laptop", "", "small", "muted")
        self.saved.setWordWrap(True)
        self.saved.hide()
        self.saved.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.discard_button = TextButton("Discard", tone="risk")
        self.keep_button = Button("Keep it")
        self.sure_button = DangerButton("Discard it")
        self.question = label(sure, "body_strong", wrap=True)
        usual, asking = QWidget(), QWidget()
        self._buttons = row(self.finish_button, self.close_button, gap=12)
        line = row(self._buttons, gap=12)
        line.addStretch(1)
        line.addWidget(self.saved, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.discard_button)
        usual.setLayout(line)
        ask = row(gap=12)
        ask.addWidget(self.question, 1)
        ask.addWidget(self.keep_button)
        ask.addWidget(self.sure_button)
        asking.setLayout(ask)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(usual)
        self._stack.addWidget(asking)
        self.finish_button.clicked.connect(self.finish)
        self.close_button.clicked.connect(self.close_asked)
        self.discard_button.clicked.connect(self.ask)
        self.keep_button.clicked.connect(self.keep)
        self.sure_button.clicked.connect(self.discard)

    def offer(self, button: Button) -> None:
        """Add a button of the page after the usual buttons. A narrow bar hides it, but its shortcut still works."""
        self._offered = button
        self._buttons.addWidget(button)
        QWidget.setTabOrder(self.close_button, button)

    def saved_text(self) -> str:
        """The sentence in the bar that says whether the typed words are saved."""
        return self.saved.text()

    def say_saved(self, words: str) -> None:
        """Say that what was typed is on the disk."""
        self.saved.set_look("laptop", words, "muted")
        self.saved.show()

    def say_failed(self, words: str) -> None:
        """Say that what was typed is not on the disk."""
        self.saved.set_look("alert", words, "risk")
        self.saved.show()

    def is_asking(self) -> bool:
        """Whether the bar shows the question before discarding."""
        return self._stack.currentIndex() == 1

    def ask(self) -> None:
        """Ask before discarding, with the focus on "Keep it"."""
        self._stack.setCurrentIndex(1)
        self.keep_button.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self._sure, assertive=True)

    def keep(self) -> None:
        """Close the question and show the usual buttons."""
        self._stack.setCurrentIndex(0)
        self.discard_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._offered is not None:
            self._offered.setVisible(self.width() >= theme_of(self).px(WIDE))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme_of(self).size("control"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_asking():
            self.keep()
            return
        super().keyPressEvent(event)
