"""What every page of the window is: it declares what it cares about, and is refreshed when that changes.

A visible page refreshes at once; a hidden one marks itself and refreshes when shown. Must not reach storage or network.
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
    """Carries every commit's change set onto the window's thread.

    Signals:
        changed(ChangeSet): something was committed, by this window or by sync.
        status_changed(): the connection stands differently.
    """

    changed = Signal(object)
    status_changed = Signal()


@dataclass(frozen=True)
class Context:
    """What a page is handed. ``go(route, **what)`` opens another page; the routes are those of ``ui.shell.screens``."""

    session: Session
    runner: TaskRunner
    bus: ChangeBus
    go: Callable[..., None]
    say: Callable[[str], None]
    """Show words that need no answer, with an information icon: a refusal, or what could not be done."""
    done: Callable[..., None]
    """``done(words, undo=None)``: confirm what was done, naming it; ``undo`` is what its Undo link does for ten seconds."""

    @property
    def services(self) -> Services:
        """The use cases."""
        return self.session.services

    def open(self, record: str, kind: str, **more: Any) -> None:
        """Open the page of a record; ``more`` is what its page takes beside it (``ui.shell.screens``)."""
        self.go(style_of(kind).record, record=record, **more)

    def new(self, kind: str, **fields: Any) -> None:
        """Begin a new record of a kind, with what of its fields is known already; says so where this role may not."""
        self.go("new_record", kind=kind, **({"fields": fields} if fields else {}))


class Keeper(QObject):
    """Keeps what is typed somewhere on a page; a child of what it is typed into, so that the page finds it."""

    def may_leave(self) -> bool:
        """Save what is unsaved; False, once, where it could not be saved."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def typed(self) -> Draft:
        """The draft as it is typed now."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class


class Page(QWidget):
    """A page. Subclasses lay themselves out in ``__init__`` and fill themselves in ``refresh``."""

    rail: str | None = ""
    """The route whose rail item is lit while the page shows; None while the page does not know it yet."""
    rail_known = Signal()
    """The page has learned its ``rail``."""
    idle_as_in_a_call = False
    """Whether the laptop may lie idle as long as while a call runs, as words are read from the page and no key is pressed."""
    ended = False
    """Whether the page has done its work, such as a form that was finished; the way back passes it over."""
    changes_by_itself = False
    """Whether what the page says changes with the time: it is refreshed each minute, and when it shows again."""

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
        """Read what the page shows, off this thread, and show it."""

    def footer(self) -> QWidget | None:
        """The action bar under the page, None when it has none."""
        return None

    def call_about(self) -> dict[str, Any]:
        """What is known of a call that is logged from here: its ``caller`` and its ``child``."""
        return {}

    def first_focus(self) -> QWidget | None:
        """Where the focus goes when the page opens."""
        return None

    def card(self) -> QWidget | None:
        """The card at the right (Alt+0), None when the page has none."""
        return None

    def may_leave(self) -> bool:
        """Called before another page takes its place; a page keeps what was typed here. True lets it go."""
        refused = [keeper for keeper in self.findChildren(Keeper) if not keeper.may_leave()]  # all of them save
        return not refused

    def esc_leaves(self) -> bool:
        """Whether Esc goes back to the page before; False where something typed here would be left behind."""
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
        """Refresh what changes by itself no more until the page shows again."""
        super().hideEvent(event)
        if self.changes_by_itself:
            self._minute.stop()
            self._stale = True
