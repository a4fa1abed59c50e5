"""The part about actions agreed at earlier visits: one press marks each as done, carried forward or no longer needed.

"Done" and "no longer needed" move the action itself, and "carry forward" adds a row to it. Discarding the visit undoes none
of these. Each press offers to be undone. A closed action is opened again on its own page; a carrying forward is undone here.
Must not decide what a press does.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.action import ACTION, DONE, NOT_NEEDED
from hipss_desktop.kinds.visit import Visit
from hipss_desktop.views.actions import ActionView
from hipss_desktop.views.supervision import CARRIED, ActionLine, VisitView
from ui.actions.question import ActionQuestion, question_of
from ui.base.focus import focus, stops
from ui.base.page import Context
from ui.parts import (
    Button,
    IconLabel,
    LinkButton,
    Rule,
    Tag,
    column,
    emptied,
    grows,
    label,
    reveal_inside,
    tone_named,
)
from ui.records.controls import chain
from ui.records.record_page import flow
from ui.visits.part_card import PartCard

Written = TypeVar("Written")
NOTHING = "Earlier visits agreed nothing that is still open."
HOW = ((DONE, "Done", "check"), (CARRIED, "Carry forward", "arrow"), (NOT_NEEDED, "No longer needed", "x"))
"""The buttons in order: code, words and icon."""
TAKE_BACK = "Take back"


class ActionRow(QWidget):
    """One action: what, who, by when, and the buttons; or its state after a press.

    Signals:
        pressed(str): the code of a press.
        taken_back(): the user wants to undo the carrying forward.
        opened(): the user wants to open the action's page.
    """

    pressed = Signal(str)
    taken_back = Signal()
    opened = Signal()

    def __init__(self, line: ActionLine) -> None:
        super().__init__()
        self.line = line
        self.link = LinkButton(line.task)
        self.link.clicked.connect(self.opened)
        who = label(line.who or "Nobody", "small", "muted")
        due = (
            Tag("clock", line.overdue.words, tone_named("amber")) if line.overdue else label(line.due, "small", "muted")
        )
        self.buttons: list[Button] = []
        self.take_back: Button | None = None
        self.below = column()
        parts: list[QWidget] = [flow([self.link, who, due])]
        if line.stands:
            stands = IconLabel("check" if line.stands == DONE else "arrow", line.words, "body_strong", "ink")
            if line.stands == CARRIED:
                self.take_back = self._button(TAKE_BACK, "undo")
                self.take_back.clicked.connect(self.taken_back)
            parts.append(flow([stands, *([self.take_back] if self.take_back is not None else [])]))
        else:
            for code, words, icon in HOW:
                button = self._button(words, icon)
                button.clicked.connect(partial(self.pressed.emit, code))
                self.buttons.append(button)
            parts.append(flow(self.buttons))
        self.setLayout(column(*parts, self.below, gap=4))
        self.setAccessibleName(", ".join(filter(None, (line.task, line.who, line.due, line.words))))
        grows(self)

    def _button(self, words: str, icon: str) -> Button:
        button = Button(words, icon=icon)
        button.setAccessibleName(f"{words}: {self.line.task}")
        return button

    def stops(self) -> list[QWidget]:
        """The widgets at which Tab stops, in reading order."""
        return [self.link, *self.buttons, *([self.take_back] if self.take_back is not None else [])]


class LastActionsPart(PartCard):
    """The actions of earlier visits. ``moved()`` when one was pressed, so that the page reads them again."""

    moved = Signal()

    def __init__(self, context: Context, code: str, label: str, record: str) -> None:
        self.record = record
        self.rows: dict[str, ActionRow] = {}
        self.asking: ActionQuestion | None = None
        super().__init__(context, code, label, may_wait=False)

    def lay_out(self) -> None:
        """Make the place of the rows, and the words for no rows."""
        self.none = label(NOTHING, "small", "muted", wrap=True)
        self._box = column(gap=10)
        holder = QWidget()
        holder.setLayout(self._box)
        grows(holder)
        self.add(self.none, holder)

    def show_view(self, view: VisitView) -> None:
        """Show the present actions; do nothing if they are unchanged, so that an open question stays."""
        shown = {line.record: line for line in view.actions}
        if shown == {name: row.line for name, row in self.rows.items()}:
            return
        focused = next((name for name, row in self.rows.items() if row.isAncestorOf(self.focus_now())), "")
        self._close()
        emptied(self._box)
        self.rows = {}
        for line in view.actions:
            if self.rows:
                self._box.addWidget(Rule())
            action_row = ActionRow(line)
            action_row.pressed.connect(partial(self._press, line))
            action_row.taken_back.connect(partial(self._take_back, line))
            action_row.opened.connect(partial(self.context.open, line.record, ACTION.name))
            self._box.addWidget(action_row)
            action_row.show()
            self.rows[line.record] = action_row
        self.none.setVisible(not self.rows)
        self.set_count(len(self.rows))
        chain(self.stops())
        if focused:
            self._go_on(focused)

    def focus_now(self) -> QWidget:
        """The focused widget of the window, or this card if there is none."""
        return self.window().focusWidget() or self

    def _go_on(self, pressed: str) -> None:
        """Focus the pressed action if it still has buttons, else the next one with buttons, else the pressed one."""
        names = list(self.rows)
        later = names[names.index(pressed) :] if pressed in names else names
        waiting = next((self.rows[name] for name in later if self.rows[name].buttons), None)
        row = waiting or self.rows.get(pressed)
        if row is not None:
            focus((row.buttons or [row.link])[0])

    def _press(self, line: ActionLine, code: str) -> None:
        services, record, visit = self.context.services, line.record, self.record
        if code == CARRIED:
            self._write(
                lambda: services.supervision.carry(record, visit),
                f"{line.task}: carried forward",
                undo=lambda _: services.supervision.take_back(record, visit),
            )
            return

        def show(view: ActionView | None) -> None:
            if view is None:
                self.context.say("This action is not on this laptop.")
            elif code == DONE and not view.asks_first:
                self._write(lambda: services.actions.done(record), f"{line.task}: done", undo=services.actions.undo)
            else:
                self._ask(line, view, code)

        self.context.runner.read(lambda: services.action_views.view(record), show, context=self)

    def _take_back(self, line: ActionLine) -> None:
        services, visit = self.context.services, self.record
        self._write(lambda: services.supervision.take_back(line.record, visit), f"{line.task}: taken back")

    def _ask(self, line: ActionLine, view: ActionView, code: str) -> None:
        """Open the question of a press below its row."""
        verb = next((verb for verb in view.verbs if verb.code == code), None)
        place = self.rows.get(line.record)
        if verb is None or place is None:
            self.context.say("This is not offered for this action now. Open it to see why.")
            return
        self._close()
        question = self.asking = question_of(self.context, view, verb)
        words, undo = f"{line.task}: {verb.label.lower()}", self.context.services.actions.undo
        question.given.connect(lambda work: self._write(work, words, undo=undo, failed=question.show_failure))
        question.closed.connect(self._closed)
        place.below.addWidget(question)
        question.show()
        chain([*place.stops(), *stops(question)])
        question.go()
        reveal_inside(question)

    def _closed(self) -> None:
        place = next((row for row in self.rows.values() if self.asking and row.isAncestorOf(self.asking)), None)
        self._close()
        if place is not None:
            focus((place.buttons or [place.link])[0])

    def _close(self) -> None:
        question, self.asking = self.asking, None
        if question is not None:
            question.hide()
            question.setParent(None)
            question.deleteLater()

    def _write(
        self,
        work: Callable[[], Written],
        words: str,
        *,
        undo: Callable[[Written], object] | None = None,
        failed: Callable[[HipssError], None] | None = None,
    ) -> None:
        context = self.context

        def done(written: Written) -> None:
            context.done(words, partial(self._undo, words, partial(undo, written)) if undo is not None else None)
            self.moved.emit()

        refused = failed or (lambda error: context.say(str(error)))
        context.runner.write(work, done, context=self, failed=refused)

    def _undo(self, words: str, undo: Callable[[], object]) -> None:
        context = self.context
        context.runner.write(
            undo,
            lambda _: context.done(f"{words}, undone"),
            context=context.bus,
            failed=lambda error: context.say(str(error)),
        )

    def answers(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return nothing, because presses are saved on the actions themselves."""
        return {}

    def show_asked(self, visit: Visit, fields: Mapping[str, Any]) -> None:
        """Do nothing, because every action is shown for any answers."""

    def stops(self) -> list[QWidget]:
        """The widgets at which Tab stops, in reading order."""
        return [stop for row in self.rows.values() for stop in row.stops()]
