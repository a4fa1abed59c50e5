"""Carries out presses on the actions of a list or page: confirms each by name, and undoes it on request.

It remembers the presses until the focus leaves the list. Must not lay out widgets, nor decide what may be pressed.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.action import ACTION, OPEN
from hipss_desktop.records.revision import Revision
from hipss_desktop.views.actions import words_of_press
from ui.base.page import Context


class HasRecord(Protocol):
    """A row of a list."""

    @property
    def record(self) -> str:
        """The record that it shows."""
        ...


Row = TypeVar("Row", bound=HasRecord)


class Presses(QObject):
    """The presses of one list or page.

    Signals:
        changed(): a button was pressed, or a press was undone.
    """

    changed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._press_revisions: dict[str, Revision | None] = {}
        self._closed: dict[str, str] = {}
        self._taken_back: set[str] = set()
        self._undone: set[str] = set()

    def stays(self, record: str) -> bool:
        """Whether the row of an action stays in its place, because a press on it was done or undone here."""
        return record in self._press_revisions or record in self._undone

    def is_pressed(self, record: str) -> bool:
        """Whether an action was pressed here and the press was not undone."""
        return record in self._press_revisions

    def closed_as(self, record: str) -> str:
        """The label of the stage with which an action was closed here, '' if it was not closed here."""
        return ACTION.stage_label(self._closed[record]) if record in self._closed else ""

    def forget(self) -> bool:
        """Let rows move to their own places, except those still being written; return whether any row had stayed."""
        undone = bool(self._undone)
        self._undone.clear()
        done = [record for record, revision in self._press_revisions.items() if revision is not None]
        for record in done:
            del self._press_revisions[record]
            self._closed.pop(record, None)
        return undone or bool(done)

    def press(
        self,
        record: str,
        title: str,
        code: str,
        work: Callable[[], Revision],
        *,
        then: Callable[[], None] | None = None,
        failed: Callable[[HipssError], None] | None = None,
    ) -> None:
        """Carry out a press, confirm it by the action's title, and offer to undo it.

        Args:
            record: the action.
            title: the title of the action.
            code: the stage to which the press moves the action, or the list to which it adds a row.
            work: writes the press; it runs on the writer's thread.
            then: called when the press is saved to the disk.
            failed: called with the error if it fails; without it the words of the error are shown.
        """
        self._press_revisions[record] = None
        self._undone.discard(record)
        if code == OPEN:
            self._closed.pop(record, None)
        elif ACTION.stage_named(code) is not None:
            self._closed[record] = code
        self.changed.emit()

        def pressed(revision: Revision) -> None:
            self._press_revisions[record] = revision
            self._context.done(words_of_press(title, revision), partial(self._undo, title, revision))
            self.changed.emit()
            if then is not None:
                then()
            if record in self._taken_back:
                self.take_back(record, title)

        def refused(error: HipssError) -> None:
            self._drop(record)
            if failed is not None:
                failed(error)
            else:
                self._context.say(str(error))

        self._context.runner.write(work, pressed, context=self, failed=refused)

    def take_back(self, record: str, title: str) -> None:
        """Undo a press on an action; if it is still being written, undo it afterwards."""
        revision = self._press_revisions.get(record)
        if revision is None:
            self._taken_back.add(record)
        else:
            self._undo(title, revision)

    def _undo(self, title: str, revision: Revision) -> None:
        context, record = self._context, revision.envelope.record

        def undone(_: object) -> None:
            if shiboken6.isValid(self):
                self._undone.add(record)  # its row stays in its place until the list is left
                self._drop(record)
            context.done(f"{title}: undone")

        # The list may be deleted by now, but Undo must still work.
        context.runner.write(
            partial(context.services.actions.undo, revision),
            undone,
            context=context.bus,
            failed=lambda error: context.say(str(error)),
        )

    def _drop(self, record: str) -> None:
        self._press_revisions.pop(record, None)
        self._closed.pop(record, None)
        self._taken_back.discard(record)
        self.changed.emit()


def in_place(before: Sequence[Row], now: Sequence[Row], presses: Presses) -> list[Row]:
    """Return the present rows, with pressed rows in their earlier places.

    Args:
        before: the earlier rows.
        now: the rows as they were just read.
        presses: the presses of the list.
    """
    fresh = {row.record: row for row in now}
    staying = {row.record for row in before if presses.stays(row.record)}
    rows = [row for row in now if row.record not in staying]
    for place, row in enumerate(before):
        if row.record in staying:
            rows.insert(min(place, len(rows)), fresh.get(row.record, row))
    return rows


def struck(rows: Iterable[Row], presses: Presses, closed: Callable[[Row, str], Row]) -> list[Row]:
    """Return the rows; ``closed`` changes those that were closed here, with the label of their stage."""
    return [closed(row, words) if (words := presses.closed_as(row.record)) else row for row in rows]
