"""The base class of every page: a page says which changes matter to it, and is refreshed when they happen.

A visible page refreshes at once, a hidden one when it is shown again. Must not reach storage or network.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from hipss_desktop.services.ports import ChangeSet, Draft
from hipss_desktop.views.services import Services
from ui.base.kind_style import style_of
from ui.base.runner import TaskRunner
from ui.base.session import Session

MINUTE = 60_000


class ChangeBus(QObject):
    """Sends every commit's change set on the window's thread.

    Signals:
        changed(ChangeSet): something was committed, by this window or by sync.
        status_changed(): the state of the connection changed.
    """

    changed = Signal(object)
    status_changed = Signal()


@dataclass(frozen=True)
class Context:
    """What every page gets. ``go(route, **what)`` opens another page; the routes are in ``ui.shell.screens``."""

    session: Session
    runner: TaskRunner
    bus: ChangeBus
    go: Callable[..., None]
    say: Callable[[str], None]
    """Show words that need no answer, with an information icon, for example a refusal."""
    done: Callable[..., None]
    """``done(words, undo=None)``: confirm what was done, naming it; ``undo`` is called by an Undo link, which is shown for
    ten seconds."""

    @property
    def services(self) -> Services:
        """The use cases."""
        return self.session.services

    def open(self, record: str, kind: str, **more: Any) -> None:
        """Open the page of a record; ``more`` are further values for the page (``ui.shell.screens``)."""
        self.go(style_of(kind).record, record=record, **more)

    def new(self, kind: str, **fields: Any) -> None:
        """Begin a new record of a kind with the known ``fields``; show a refusal if the role may not write the kind."""
        self.go("new_record", kind=kind, **({"fields": fields} if fields else {}))


class Keeper(QObject):
    """Saves what is typed in a part of a page. It is a child of that part, so that the page finds it."""

    def may_leave(self) -> bool:
        """Save the unsaved changes; return False, once, if they could not be saved."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def typed(self) -> Draft:
        """The draft with everything typed so far."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class


class Page(QWidget):
    """A page. Subclasses make their layout in ``__init__`` and read their contents in ``refresh``."""

    rail: str | None = ""
    """The route whose rail item is lit while the page is open, '' for the page's own route, None while it is unknown."""
    rail_known = Signal()
    """Sent when the page has found out its ``rail``."""
    idle_as_in_a_call = False
    """Whether the lock waits as long as during a call, because the user reads from the page without pressing keys."""
    ended = False
    """Whether the page's work is finished, as for a finished form; the way back then skips the page."""
    changes_by_itself = False
    """Whether the contents change with time, so that the page is refreshed each minute and when it is shown again."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._stale = True
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE)
        self._minute.timeout.connect(self.refresh)
        context.bus.changed.connect(self._note)

    @property
    def services(self) -> Services:
        """The use cases."""
        return self.context.services

    def cares(self, changes: ChangeSet) -> bool:
        """Whether a commit may change what the page shows."""
        return True

    def refresh(self) -> None:
        """Read the page's contents off this thread, and show them."""

    def footer(self) -> QWidget | None:
        """The action bar under the page, None if it has none."""
        return None

    def call_about(self) -> dict[str, Any]:
        """The known answers of a call that is logged from this page: its ``caller`` and ``child``."""
        return {}

    def first_focus(self) -> QWidget | None:
        """The widget to focus when the page opens, None for the first Tab stop."""
        return None

    def card(self) -> QWidget | None:
        """The card at the right (Alt+0), None if the page has none."""
        return None

    def may_leave(self) -> bool:
        """Save what was typed before another page replaces this one; return False if the page must stay open."""
        refused = [keeper for keeper in self.findChildren(Keeper) if not keeper.may_leave()]  # ask all, so all save
        return not refused

    def esc_leaves(self) -> bool:
        """Whether Esc goes back to the previous page; False if typed words would be lost from view."""
        return True

    def _note(self, changes: object) -> None:
        if isinstance(changes, ChangeSet) and self.cares(changes):
            if self.isVisible():
                self.refresh()
            else:
                self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        """Refresh a page that changed while it was hidden."""
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.refresh()
        if self.changes_by_itself:
            self._minute.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the refresh of each minute until the page is shown again."""
        super().hideEvent(event)
        if self.changes_by_itself:
            self._minute.stop()
            self._stale = True
