"""A group of choices: one Tab stop, arrows inside it, and the question as its name.

A screen reader says each choice by its own words, and the question's name and hint once when the focus enters.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Self

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.base.access import describe, spoken_as
from ui.base.focus import holds_focus
from ui.parts.layout import FlowLayout, grows

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
_SHOWN = (QEvent.Type.EnabledChange, QEvent.Type.ShowToParent, QEvent.Type.HideToParent)


class Group(QWidget):
    """Buttons that answer one question. Tab reaches the chosen one, the last focused one, or the first.

    Arrows move, and a letter moves to the next button that starts with it; neither chooses. ``single`` groups have one
    answer: Tab reaches the chosen button.
    """

    def __init__(self, name: str, *, single: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        spoken_as(self, QAccessible.Role.Grouping, name)
        self._single = single
        self._members: list[QAbstractButton] = []
        self._stop: QAbstractButton | None = None
        self._entry: QAbstractButton | None = None
        self._inside = False
        self._hint = ""

    @classmethod
    def of(cls, widget: QWidget) -> Self | None:
        """The group that a button belongs to, None if it has no group."""
        above = widget.parentWidget()
        while above is not None and not isinstance(above, cls):
            above = above.parentWidget()
        return above if above is not None and widget in above._members else None

    def set_members(self, members: Sequence[QAbstractButton]) -> None:
        """Set the buttons, in reading order, as the choices."""
        for button in members:
            if button not in self._members:
                button.installEventFilter(self)
                button.toggled.connect(self.rest)
        self._members = list(members)
        for before, button in pairwise(self._members):
            QWidget.setTabOrder(before, button)
        self.rest()

    def members(self) -> list[QAbstractButton]:
        """The choices in reading order."""
        return list(self._members)

    def describe(self, hint: str) -> None:
        """Set the hint that a screen reader says when the focus enters the group."""
        self._hint = hint
        if self._entry is not None:
            describe(self._entry, hint)

    def arrived(self, button: QAbstractButton) -> None:
        """Called after an arrow moved the focus to a button; subclasses may act on it."""

    def _reachable(self) -> list[QAbstractButton]:
        return [button for button in self._members if button.isEnabled() and not button.isHidden()]

    def rest(self) -> None:
        """Set the button that Tab reaches, unless the focus is inside."""
        reachable = self._reachable()
        if not reachable or any(holds_focus(button) for button in reachable):
            return
        chosen = next((button for button in reachable if button.isChecked()), None) if self._single else None
        stop = chosen or (self._stop if self._stop in reachable else reachable[0])
        self._stop_at(stop)
        self._inside = False
        if self._entry not in reachable:
            self._enter(stop)

    def _enter(self, button: QAbstractButton) -> None:
        """Give this choice the hint before it gets the focus, because a later change would be announced."""
        if self._entry in self._members and self._entry is not None:
            describe(self._entry, "")
        self._entry = button
        describe(button, self._hint)

    def _stop_at(self, stop: QAbstractButton) -> None:
        self._stop = stop
        for button in self._members:
            policy = Qt.FocusPolicy.StrongFocus if button is stop else Qt.FocusPolicy.ClickFocus
            if button.focusPolicy() != policy:
                button.setFocusPolicy(policy)
        self.setFocusProxy(stop)

    @contextmanager
    def in_the_order(self) -> Iterator[None]:
        """Give the group itself a place in the Tab order, which Qt gives only to widgets that take the focus.

        At the group's place Tab moves to the button that represents the group, wherever the button itself is in the order.
        """
        self.setFocusProxy(None)  # type: ignore[arg-type]  # None removes the proxy
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        try:
            yield
        finally:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            if self._stop is not None:
                self.setFocusProxy(self._stop)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return isinstance(watched, QAbstractButton) and self._key(watched, event)
        if isinstance(event, QFocusEvent) and isinstance(watched, QAbstractButton):
            if event.gotFocus():
                if not self._inside and watched is not self._entry:
                    self._enter(watched)
                self._inside = True
                self._stop_at(watched)
            else:
                self.rest()
        elif event.type() in _SHOWN:
            self.rest()
        return False

    def _key(self, button: QAbstractButton, event: QKeyEvent) -> bool:
        """Move the focus by an arrow or a letter; return whether the key was one of these."""
        place = self._members.index(button)
        order = self._members[place + 1 :] + self._members[: place + 1]
        step, letter = _STEPS.get(Qt.Key(event.key())), event.text().casefold()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if step is None and letter.isalpha():
            order = [choice for choice in order if choice.text().casefold().startswith(letter)]
        elif step is None:
            return False
        elif step < 0:
            order = [*reversed(order[:-1]), button]
        reachable = [choice for choice in order if choice in self._reachable()]
        if reachable:
            reachable[0].setFocus(Qt.FocusReason.TabFocusReason)
            if step is not None:
                self.arrived(reachable[0])
        return True


class Ticks(Group):
    """Check boxes that answer one question, on as many lines as they need."""

    def __init__(self, name: str, boxes: Sequence[QAbstractButton], *, parent: QWidget | None = None) -> None:
        super().__init__(name, parent=parent)
        flow = FlowLayout(self, gap=14, line_gap=4)
        for box in boxes:
            flow.addWidget(box)
        grows(self)
        self.set_members(boxes)
