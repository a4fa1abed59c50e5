"""Buttons that add a record of a kind to a list: each opens a field below the buttons, in which people find a record.

Must not know the list.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.codes import within
from ui.base.page import Context
from ui.parts import Button, Field, column, reveal_inside, row
from ui.records.find import finder


class AddRecord(QWidget):
    """The buttons, one for each kind, and the field. Esc closes the field.

    Signals:
        chosen(str, str): the kind and the chosen record.
    """

    chosen = Signal(str, str)

    def __init__(self, context: Context, kinds: Sequence[str]) -> None:
        super().__init__()
        self._context = context
        self._field: Field | None = None
        self._opener: Button | None = None
        self.buttons: list[Button] = []
        for kind in kinds:
            button = Button(f"Add {article(kind)}", icon="plus")
            button.clicked.connect(partial(self._ask, kind, button))
            self.buttons.append(button)
        self._place = column(gap=8)
        self.setLayout(column(row(*self.buttons, None), self._place, gap=8))

    def _ask(self, kind: str, opener: Button) -> None:
        """Open the field that asks which record to add."""
        self._close()
        words = f"Add {article(kind)}"
        box = finder(kind, self._context, words)
        box.picked.connect(lambda picked: self._choose(kind, str(picked.key)))
        self._opener, self._field = opener, Field(words, box, note="Type a word of it")
        self._place.addWidget(self._field)
        self._field.show()
        box.setFocus(Qt.FocusReason.OtherFocusReason)
        reveal_inside(self._field)

    def _choose(self, kind: str, record: str) -> None:
        self._close()
        self.chosen.emit(kind, record)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._field is not None:
            self._close()
            return
        super().keyPressEvent(event)

    def _close(self) -> None:
        field, self._field = self._field, None
        if field is not None:
            if self._opener is not None:
                self._opener.setFocus(Qt.FocusReason.OtherFocusReason)
            self._place.removeWidget(field)
            field.hide()
            field.deleteLater()


def article(kind: str) -> str:
    """The name of a kind with its article: "an action"."""
    words = within(KINDS[kind].short_label or KINDS[kind].label)
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"
