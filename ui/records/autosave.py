"""Saves a draft to the store while it is typed. Every page that writes a record uses this one class.

A page makes ``Autosave(page, context, current)``, where ``current()`` returns the draft as it is typed now, and calls

    note()            after every key or choice: saves 700 ms after the first unsaved key, not after the last
    flush(then=None)  on Save and close: saves the unsaved changes at once, then calls ``then``
    may_leave()       on leaving and locking: saves the unsaved changes; returns False, once, if the save before failed
    stop()            before finish or discard: nothing is saved afterwards, so a finished draft does not return
    start()           after a finish that found something missing

and listens to ``saved(Draft)`` (the draft is on the disk since ``draft.saved``) and ``failed(str)``. ``words()`` are the
words for the action bar. The first save is announced politely, later ones are silent, and a failed save is announced
assertively. Must not decide what a draft contains.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.errors import HipssError
from hipss_desktop.services.ports import Draft
from ui.base.announce import announce
from ui.base.page import Context, Keeper

DELAY = 700
"""Milliseconds from the first unsaved key to its save; the write is then done within a second of the key."""
AGAIN = 1000
"""Milliseconds from a failed save to the next try."""


class Autosave(Keeper):
    """Saves one page's draft on the writer thread; a later save never runs before an earlier one.

    Signals:
        saved(Draft): the draft as it was saved to the disk.
        failed(str): the sentence that says why the save failed.
    """

    saved = Signal(object)
    failed = Signal(str)

    def __init__(self, page: QWidget, context: Context, current: Callable[[], Draft]) -> None:
        super().__init__(page)
        self._page, self._context, self._current = page, context, current
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._save)
        self._unsaved = False
        self._stopped = False
        self._words = ""
        self._announced = False
        self._failing = self._warned = False

    def note(self) -> None:
        """Note that something was typed or chosen, and save it after ``DELAY``."""
        self._unsaved = True
        if not self._stopped and not self._timer.isActive():
            self._timer.start(DELAY)

    def flush(self, then: Callable[[], None] | None = None) -> None:
        """Save the unsaved changes now; call ``then`` once everything typed so far is on the disk."""
        self._timer.stop()
        if self._unsaved and not self._stopped:
            self._save(then)
        elif then is not None:
            # An earlier save may still run and fail: then its changes are unsaved again.
            self._context.runner.write(lambda: None, lambda _: self._after_earlier(then), context=self._page)

    def _after_earlier(self, then: Callable[[], None]) -> None:
        if self._unsaved and not self._stopped:
            self.flush(then)
        else:
            then()

    def may_leave(self) -> bool:
        """Save the unsaved changes when the page is left; return False, once, if the save before failed, so that the page stays."""
        self.flush()
        if not self._failing or self._warned:
            return True
        self._warned = True
        announce(self._page, f"{self._words} Leave again to leave without it.", assertive=True)
        self.failed.emit(f"{self._words} Leave again to leave without it.")
        return False

    def stop(self) -> None:
        """Save nothing until ``start`` is called."""
        self._timer.stop()
        self._stopped = True

    def start(self) -> None:
        """Begin to save again, including what was typed since ``stop``."""
        self._stopped = False
        if self._unsaved:
            self._timer.start(DELAY)

    def words(self) -> str:
        """The words for the action bar ("Saved on this laptop 02:16:41", or why not), '' before the first save."""
        return self._words

    def typed(self) -> Draft:
        """The draft as it is typed now."""
        return self._current()

    def has_unsaved(self) -> bool:
        """Whether something typed was not yet given to the store."""
        return self._unsaved

    def _save(self, then: Callable[[], None] | None = None) -> None:
        self._unsaved = False
        draft = self._current()
        self.will_save(draft)

        def done(saved_draft: Draft) -> None:
            self._failing = self._warned = False
            at = times.instant(saved_draft.saved)
            self._words = f"Saved on this laptop {times.clock_time(at, seconds=True)}"
            if not self._announced:
                self._announced = True
                announce(self._page, f"Saved on this laptop {times.clock_time(at)}")
            self.saved.emit(saved_draft)
            if then is not None:
                then()

        def broke(error: HipssError) -> None:
            self._unsaved = self._failing = True
            words = f"Not saved: {error}"
            if words != self._words:  # announced once, however often the save is tried again
                announce(self._page, words, assertive=True)
            self._words = words
            self.failed.emit(words)
            if not self._stopped and not self._timer.isActive():
                self._timer.start(AGAIN)

        self._context.runner.write(self.work_of(draft), done, context=self._page, failed=broke)

    def will_save(self, draft: Draft) -> None:
        """Called before a draft goes to the writer; subclasses may act on it."""

    def work_of(self, draft: Draft) -> Callable[[], Draft]:
        """The call with which the writer saves a draft."""
        return partial(self._context.services.records.save, draft)
