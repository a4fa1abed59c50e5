"""Room for the question of the record that is open on a child's page.

The buttons of an action go while its card asks something. In a low window the alerts, the tabs and the tags beside the child's
name go as well while a question is open, and the record while a press asks: its buttons are in sight. All come back with the
answer. Must not open or close a question.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.actions.beside import ActionBeside
from ui.records.record_page import RecordCard


class QuestionRoom(QObject):
    """Hides what stands around a question, and shows it again; ``around`` gives way in a low window."""

    def __init__(self, page: QWidget, card: RecordCard, action: ActionBeside, around: Callable[[bool], None]) -> None:
        super().__init__(page)
        self._card, self._action, self._around = card, action, around
        self._is_low = self._gives_way = False
        card.asking.connect(self._fit)
        action.verbs.asked.connect(lambda _: self._fit())

    def fit(self, *, low: bool) -> None:
        """Say whether the window is low."""
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
