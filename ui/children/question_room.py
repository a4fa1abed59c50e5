"""Makes room on a child's page for the question of the record that is open there.

The buttons of an action are hidden while its card asks something. In a low window an open question also hides the alerts, the
tabs and the tags beside the child's name. A question of a pressed button also hides the record, so that the question's
buttons are visible. The answer shows everything again. Must not open or close a question.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.actions.beside import ActionBeside
from ui.records.record_page import RecordCard


class QuestionRoom(QObject):
    """Hides widgets around a question and shows them again; it hides ``around`` in a low window only."""

    def __init__(self, page: QWidget, card: RecordCard, action: ActionBeside, around: Callable[[bool], None]) -> None:
        super().__init__(page)
        self._card, self._action, self._around = card, action, around
        self._is_low = self._gives_way = False
        card.asking.connect(self._fit)
        action.verbs.asked.connect(lambda _: self._fit())

    def fit(self, *, low: bool) -> None:
        """Set whether the window is low, and hide or show widgets accordingly."""
        self._is_low = low
        self._fit()

    def _fit(self) -> None:
        of_press = self._action.verbs.question is not None
        of_card = self._card.asks()
        self._action.give_way(yes=of_card and not of_press)
        gives_way = self._is_low and (of_card or of_press)
        self._card.area.setVisible(not (self._is_low and of_press and not of_card))
        if gives_way != self._gives_way:
            self._gives_way = gives_way
            self._around(gives_way)
