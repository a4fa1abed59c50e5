"""The call and the child's card: side by side, or behind two tabs in a narrow window.

The card is read off the window's thread whenever the children of the call, or what is known of them, change.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.views.child_card import ChildCard
from ui.base.page import Context
from ui.children.child_card import ChildCardView
from ui.contacts.answers import Answers
from ui.parts import Tabs
from ui.theme import theme_of

WIDE = 1000
"""The width in pixels (at 100 % text size) from which the card is beside the form."""
FORM, CARD, MOST = 690, 458, 572
"""Shares of the width for form and card in a wide window, and the greatest width of the card beside the form."""
ANY = 16_777_215


class CallAndCard(QWidget):
    """The page below its head: form and card.

    Signals:
        card_read(ChildCard): the card of a child of the call was read and is shown.
    """

    card_read = Signal(object)

    def __init__(self, form: QWidget, answers: Answers, context: Context) -> None:
        super().__init__()
        self._form, self._answers, self._context = form, answers, context
        self.tabs = Tabs("Call or card", ("The call", "Child’s card"))
        self.child_card = ChildCardView()
        beside = QVBoxLayout()
        beside.setContentsMargins(0, 5, 0, 16)
        beside.addWidget(self.child_card)
        self._line = QHBoxLayout()
        self._line.setSpacing(12)
        self._line.addWidget(form, FORM)
        self._line.addLayout(beside, CARD)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.tabs)
        box.addLayout(self._line, 1)
        self.tabs.currentChanged.connect(lambda _: self._arrange())
        self.child_card.timeline.connect(lambda child: context.open(child, CHILD.name))
        self.child_card.child_chosen.connect(self._read)
        answers.changed.connect(self._answered)

    def go_to_call(self) -> None:
        """Show the form, if the card's tab hides it."""
        self.tabs.setCurrentIndex(0)

    def go_to_card(self) -> None:
        """Show the card and give it the focus."""
        self.tabs.setCurrentIndex(1)
        self.child_card.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_children(self) -> None:
        """Show the card of the child of the call, or of the chosen child if there are several."""
        contacts = self._context.services.calls
        children = self._answers.read().children
        self.child_card.show_children([(child, contacts.child_words(child)[0]) for child in children])
        shown = self.child_card.record
        self._read(shown if shown in children else next(iter(children), ""))

    def _answered(self, changed: frozenset[str]) -> None:
        if "children" in changed:
            self.show_children()

    def _read(self, child: str) -> None:
        if not child:
            self.child_card.show_nobody()
            self.tabs.setTabText(1, "Child’s card")
            return
        cards = self._context.services.child_cards

        def read(card: ChildCard | None) -> None:
            if card is not None and child in self._answers.read().children:
                self.child_card.show_card(card)
                self.card_read.emit(card)
                self.tabs.setTabText(1, card.name)
            self._answers.arrived()

        def failed(error: HipssError) -> None:
            self._answers.arrived()
            self._context.say(str(error))

        self._answers.expect()  # the card also tells since when a child is missing
        self._context.runner.read(lambda: cards.card(child), read, context=self, failed=failed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.width() >= theme_of(self).px(WIDE)
        now = self.tabs.currentIndex()
        self.tabs.setVisible(not wide)
        self._form.setVisible(wide or now == 0)
        self.child_card.setVisible(wide or now == 1)
        self.child_card.setMaximumWidth(MOST if wide else ANY)
        self._line.setStretch(0, FORM if wide else int(now == 0))
        self._line.setStretch(1, CARD if wide else int(now == 1))
