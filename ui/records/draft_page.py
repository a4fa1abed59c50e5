"""What every page that writes one draft does: it saves what is typed, finishes, closes and discards, in one order.

What is typed is on the disk within a second, nothing is checked until Finish, and a finish that finds something missing
loses nothing. Must not know a kind, nor how its questions are laid out: a page says that in the methods below.
"""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.errors import HipssError
from hipss_desktop.records.fields import Problem, is_nothing
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.drafts import finished_words
from ui.base.page import Context, Page
from ui.parts import ErrorSummary
from ui.records.action_bar import ActionBar
from ui.records.autosave import Autosave


class DraftPage(Page):
    """A page that writes one draft.

    A page lays out its questions, calls ``autosave.note`` when an answer changes, and says in the methods that raise
    NotImplementedError what is typed, how problems are shown and where to go.
    """

    summary: ErrorSummary
    """The problems of the last finish; F8 and Shift+F8 step through them."""

    def __init__(self, context: Context, draft: Draft, bar: ActionBar) -> None:
        super().__init__(context)
        self._draft, self.bar = draft, bar
        self._finishing = False
        self.autosave = Autosave(self, context, lambda: self.draft)
        self.autosave.saved.connect(self.show_saved)
        self.autosave.failed.connect(bar.say_failed)
        if draft.saved:
            at = times.clock_time(times.instant(draft.saved), seconds=True)
            bar.say_saved(f"Saved on this laptop {at}")
        bar.finish.connect(self.finish)
        bar.close_asked.connect(self.save_and_close)
        bar.discard.connect(self._discard)
        self.bind_keys(
            {
                "Ctrl+Return": self.finish,
                "Ctrl+Enter": self.finish,
                "Ctrl+S": self.save_and_close,
                "F8": lambda: self.step(1),
                "Shift+F8": lambda: self.step(-1),
            }
        )

    # What a page says of itself

    @property
    def draft(self) -> Draft:
        """The draft as it is typed now."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what keeps the draft from being finished: the summary, and the same words beside each answer."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def show_failure(self, error: HipssError) -> None:
        """Say why the finish failed, where the answers are not the reason."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def go_on(self) -> None:
        """Go where a finished record leads."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def go_back(self) -> None:
        """Go where the page came from, with the draft kept or discarded."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def when_answered(self, then: Callable[[], None]) -> None:
        """Call ``then`` once no answer is being read any more that another one brings along."""
        then()

    def has_unreadable(self) -> bool:
        """Whether something is typed that cannot be read, though the record would pass without it."""
        return False

    def show_saved(self, kept: Draft) -> None:
        """Say that what was typed is on the disk."""
        self.bar.say_saved(self.autosave.words())

    def step(self, by: int) -> None:
        """Move to the next problem (1) or the one before it (-1)."""
        self.summary.step(by)

    # What all of them do

    @property
    def is_amendment(self) -> bool:
        """Whether there is a record already."""
        return bool(self._draft.parents)

    def saved_text(self) -> str:
        """How safe what was typed is, in words; '' before the first save."""
        return self.bar.saved_text()

    def bind_keys(self, keys: Mapping[str, Callable[[], None]]) -> None:
        """Have keys of the whole window do something here."""
        for key, does in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(does)

    def finish(self) -> None:
        """Finish the record; what is missing is shown, and nothing is lost."""
        if not self._finishing:
            self._finishing = True
            self.when_answered(self._finish)

    def _finish(self) -> None:
        self.autosave.flush()
        draft, records = self.draft, self.desk.records
        if self.has_unreadable():
            self._finishing = False
            self.show_problems(records.problems(draft))
            return
        self.autosave.stop()

        def finished(revision: Revision) -> None:
            at = times.instant(revision.envelope.clock)
            self._keep_late(draft)
            self.ended = True
            self.go_on()
            self.context.done(finished_words(draft, at))

        def failed(error: HipssError) -> None:
            self._finishing = False
            self.autosave.start()
            if isinstance(error, Unfinished):
                self.show_problems(error.problems)
            else:
                self.show_failure(error)

        self.context.runner.write(lambda: records.finish(draft), finished, context=self, failed=failed)

    def _keep_late(self, finished: Draft) -> None:
        """Keep as an amendment what was typed while the finish was under way: shown words are never dropped."""
        late = {
            name: value
            for name, value in self.draft.fields.items()
            if value != finished.fields.get(name) and not is_nothing(value)
        }
        if late:
            records, say = self.desk.records, self.context.say
            self.context.runner.write(
                lambda: records.keep_late(finished.record, late),
                lambda _: say("What you typed after Finish is kept in Drafts, as an amendment"),
                context=self.context.hub,
            )

    def save_and_close(self) -> None:
        """Keep what was typed and go back, once it is on the disk."""

        def kept() -> None:
            self.ended = True
            self.go_back()
            self.context.say(self.autosave.words() or "Nothing was typed, so nothing was kept")

        self.autosave.flush(kept)

    def _discard(self) -> None:
        self.autosave.stop()
        record, records = self._draft.record, self.desk.records

        def failed(error: HipssError) -> None:
            self.autosave.start()
            self.bar.keep()
            self.bar.say_failed(str(error))

        def discarded(_: object) -> None:
            self.ended = True
            self.go_back()

        self.context.runner.write(lambda: records.discard(record), discarded, context=self, failed=failed)

    def footer(self) -> QWidget | None:
        """The action bar."""
        return self.bar

    def esc_leaves(self) -> bool:
        """Never: what is typed is left by a key that says so."""
        return False

    def may_leave(self) -> bool:
        """Keep what was typed."""
        return self.autosave.may_leave()
