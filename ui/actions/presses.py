"""What was pressed on the actions of a list or page: confirmed by name, taken back on request, and remembered until left.

Must not lay anything out, nor decide what may be pressed.
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
        changed(): something was pressed or taken back.
    """

    changed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._kept: dict[str, Revision | None] = {}
        self._closed: dict[str, str] = {}
        self._taken_back: set[str] = set()
        self._undone: set[str] = set()

    def stays(self, record: str) -> bool:
        """Whether an action was pressed here, or that was taken back, so that its row stays where it is."""
        return record in self._kept or record in self._undone

    def is_pressed(self, record: str) -> bool:
        """Whether an action was pressed here and that was not taken back."""
        return record in self._kept

    def closed_as(self, record: str) -> str:
        """The words of the stage that an action was moved to here which closed it, '' where it was not closed here."""
        return ACTION.stage_label(self._closed[record]) if record in self._closed else ""

    def forget(self) -> bool:
        """Let rows go where they belong, once nothing is under way; whether there was any that stayed."""
        undone = bool(self._undone)
        self._undone.clear()
        done = [record for record, revision in self._kept.items() if revision is not None]
        for record in done:
            del self._kept[record]
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
        """Do one press, confirm it by the action's words, and offer to take it back.

        Args:
            record: the action.
            title: its words.
            code: the stage or list that the press leads to.
            work: the use case; it runs on the writer's thread.
            then: called when it is on the disk.
            failed: called with why it was not done; without it the words are shown.
        """
        self._kept[record] = None
        self._undone.discard(record)
        if code == OPEN:
            self._closed.pop(record, None)
        elif ACTION.stage_named(code) is not None:
            self._closed[record] = code
        self.changed.emit()

        def pressed(revision: Revision) -> None:
            self._kept[record] = revision
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
        """Take back what was pressed on an action here; what is still being written is taken back when it is."""
        revision = self._kept.get(record)
        if revision is None:
            self._taken_back.add(record)
        else:
            self._undo(title, revision)

    def _undo(self, title: str, revision: Revision) -> None:
        context, record = self._context, revision.envelope.record

        def undone(_: object) -> None:
            if shiboken6.isValid(self):
                self._undone.add(record)  # its row stays where it is until the list is left
                self._drop(record)
            context.done(f"{title}: undone")

        # The list may be gone by now; its Undo holds all the same.
        context.runner.write(
            partial(context.services.actions.undo, revision),
            undone,
            context=context.bus,
            failed=lambda error: context.say(str(error)),
        )

    def _drop(self, record: str) -> None:
        self._kept.pop(record, None)
        self._closed.pop(record, None)
        self._taken_back.discard(record)
        self.changed.emit()


def in_place(before: Sequence[Row], now: Sequence[Row], presses: Presses) -> list[Row]:
    """The rows as they are now, those that were pressed at the place where they stood.

    Args:
        before: the rows as they stood.
        now: the rows as they were read.
        presses: what was pressed here.
    """
    fresh = {row.record: row for row in now}
    staying = {row.record for row in before if presses.stays(row.record)}
    rows = [row for row in now if row.record not in staying]
    for place, row in enumerate(before):
        if row.record in staying:
            rows.insert(min(place, len(rows)), fresh.get(row.record, row))
    return rows


def struck(rows: Iterable[Row], presses: Presses, closed: Callable[[Row, str], Row]) -> list[Row]:
    """The rows, those that were closed here as ``closed`` shows them with the words of their stage."""
    return [closed(row, words) if (words := presses.closed_as(row.record)) else row for row in rows]
