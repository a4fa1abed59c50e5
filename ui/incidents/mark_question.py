"""Asks for another mark on a child's body: where it is, from a list and on a drawing, and what it looks like.

A choice in the list places the dot on the drawing. Arrow keys then move the dot. The list alone gives a complete answer.
"""

from typing import Any

from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.restraint import PER_CENT
from hipss_desktop.services.ports import Draft
from hipss_desktop.views.restraints import mark_words
from ui.base.page import Context
from ui.incidents.body_map import BACK, BEHIND, FRONT, BodyMap, BodyMark, middle_of
from ui.records.card_questions import RowAsked, RowQuestion

MARKS = "marks"
"""The list of a restraint that holds its marks."""


class MarkQuestion(RowQuestion):
    """The question, with the drawing above it."""

    def __init__(self, context: Context, before: Draft, row_form: RowAsked | None = None) -> None:
        self._at: tuple[int, int] | None = None
        self._placed = ("", "")
        super().__init__(context, before, row_form)
        self.map = BodyMap(movable=True)
        self.body.insertWidget(2, self.map)
        self.row.edited.connect(self._look)
        self.map.moved.connect(self._move)
        answers = self.row.value()
        if isinstance(answers.get("across"), int) and isinstance(answers.get("down"), int):
            self._at = answers["across"], answers["down"]
            self._placed = str(answers.get("place") or ""), str(answers.get("side") or "")
        self._look()

    def row_now(self) -> dict[str, Any]:
        """The answers of the row, with the position of its dot."""
        answers = super().row_now()
        return {**answers, "across": self._at[0], "down": self._at[1]} if self._at is not None else answers

    def _look(self) -> None:
        """Move the dot to the place chosen in the list, if that place has changed."""
        answers = self.row.value()
        place, side = str(answers.get("place") or ""), str(answers.get("side") or "")
        if place and not side:
            side = BACK if place in BEHIND else FRONT
            self.row.controls["side"].answer(side)
            return  # that answer calls this method again
        if place and (place, side) != self._placed:
            self._placed, self._at = (place, side), middle_of(place, side)
        self._show()

    def _move(self, number: int, across: int, down: int) -> None:
        if self._at is not None:
            x, y = self._at
            self._at = min(max(x + across, 0), PER_CENT), min(max(y + down, 0), PER_CENT)
            self._show()
            self.keeper.note()

    def _show(self) -> None:
        if self._at is None:
            self.map.show_marks([])
            return
        answers = self.row_now()
        mark = BodyMark(1, self._placed[1], *self._at, mark_words(1, answers))
        self.map.show_marks([mark])
        if self.map.dots:
            QWidget.setTabOrder(self.title, self.map.dots[0])
