"""The council's address in the sync centre, and the place to enter another one after the council has moved.

A new address is kept only if the council proves there that it is the same one. Must not ask the council itself: the session
does.
"""

from PySide6.QtCore import Qt, Signal

from hipss_desktop.errors import HipssError, UserError
from ui.base.page import Context
from ui.parts import Button, Card, Field, LineEdit, LinkButton, label, row

MOVED = "The council has moved"
ASK_MANAGER = "Your manager tells you the address. What waits here is sent there."


class CouncilAddress(Card):
    """The card with the address. ``show_address`` shows the present one.

    Signals: ``grown`` when the form or an error appears, so that the card may be scrolled into view.
    """

    grown = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__("The council’s address")
        self._context, self._busy = context, False
        self.address = label("", "body", wrap=True)
        self.address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.moved = LinkButton(MOVED, style="small")
        self.moved.setAccessibleName(f"{MOVED}: enter its new address")
        self.moved.clicked.connect(self._open)
        self.box_of_address = LineEdit(placeholder="https://")
        self.field = Field("New address", self.box_of_address, note=ASK_MANAGER)
        self.use = Button("Check and use", size=28)
        self.use.clicked.connect(self._use)
        self.leave = LinkButton("Leave it as it is", style="small")
        self.leave.clicked.connect(self._close)
        self.box_of_address.returnPressed.connect(self._use)
        self.add(self.address, self.moved, self.field)
        self.body.addLayout(row(self.use, self.leave, None, gap=12))
        self._show_form(is_open=False)

    def show_address(self, address: str) -> None:
        """Show the present address; hide the card if the laptop has not joined a council."""
        self.address.setText(address)
        self.setVisible(bool(address))

    def _show_form(self, *, is_open: bool) -> None:
        self.moved.setVisible(not is_open)
        for widget in (self.field, self.use, self.leave):
            widget.setVisible(is_open)

    def _open(self) -> None:
        self._show_form(is_open=True)
        self.field.go()
        self.grown.emit()

    def _close(self) -> None:
        self.box_of_address.clear()
        self.field.set_error("")
        self._show_form(is_open=False)
        self.moved.setFocus(Qt.FocusReason.OtherFocusReason)

    def _use(self) -> None:
        typed = self.box_of_address.text()
        if self._busy:
            return
        if not typed.strip():
            self._refused(UserError("Enter the council’s new address", "server"))
            return
        self._set_busy(busy=True)
        session = self._context.session
        # a reader asks, because the writer must not wait for an answer while somebody types
        self._context.runner.read(lambda: session.use_address(typed), self._used, context=self, failed=self._refused)

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self.use.setText("Asking the council" if busy else "Check and use")
        self.use.updateGeometry()

    def _used(self, address: str) -> None:
        self._set_busy(busy=False)
        self.show_address(address)
        self._close()
        self._context.done(f"The council answers at {address}. What waits is sent there.")

    def _refused(self, error: HipssError) -> None:
        self._set_busy(busy=False)
        self.field.set_error(str(error))
        self.field.go()
        self.grown.emit()
