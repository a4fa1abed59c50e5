"""The base class of every page that writes one draft: it saves, finishes, closes and discards the draft.

Typed words are saved to the disk within a second. Nothing is checked before Finish, and a finish that finds something missing
loses nothing. Must not know a kind, nor the layout of its questions: each page defines that (``ui.records.draft_questions``).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fields import is_nothing
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Caret, Draft
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.drafts import finished_words
from ui.base.page import Context
from ui.base.shortcuts import bind
from ui.parts import ErrorSummary
from ui.records.action_bar import ActionBar
from ui.records.autosave import Autosave
from ui.records.caret import TextField, caret_in, put_caret
from ui.records.draft_questions import DraftQuestions


class DraftPage(DraftQuestions):
    """A page that writes one draft. A page calls ``autosave.note`` when an answer changes."""

    summary: ErrorSummary
    """The problems of the last finish; F8 and Shift+F8 step through them."""
    did = ""
    """The word for what a finish does, for the confirmation; '' for finishing or amending."""
    back: Mapping[str, Any] | None = None
    """The arguments for ``go`` once the page is finished or left, None for the page's own ``go_on`` and ``go_back``."""

    def __init__(self, context: Context, draft: Draft, bar: ActionBar) -> None:
        super().__init__(context)
        self._draft, self.bar = draft, bar
        self._finishing, self._opens = False, True
        self._saved_caret = draft.caret if draft.saved else None
        self.autosave = Autosave(self, context, lambda: replace(self.draft, caret=self._caret()))
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

    def show_saved(self, saved_draft: Draft) -> None:
        """Show that the typed words are saved to the disk."""
        self._saved_caret = saved_draft.caret
        self.bar.say_saved(self.autosave.words())

    def step(self, by: int) -> None:
        """Focus the next problem (1) or the previous one (-1)."""
        self.summary.step(by)

    @property
    def is_amendment(self) -> bool:
        """Whether the draft amends an existing record."""
        return bool(self._draft.parents)

    def saved_text(self) -> str:
        """The words that say when the draft was saved, or why not; '' before the first save."""
        return self.bar.saved_text()

    def bind_keys(self, keys: Mapping[str, Callable[[], None]]) -> None:
        """Bind keys to functions while this page has the focus in the window."""
        for key, does in keys.items():
            bind(self, key, does)

    def finish(self) -> None:
        """Finish the record, or show what is missing without losing anything."""
        if not self._finishing:
            self._finishing = True
            self.when_answered(self._finish)

    def _finish(self) -> None:
        self.autosave.flush()
        draft, records = self.draft, self.services.records
        if self.has_unreadable():
            self._finishing = False
            self.show_problems(records.problems(draft))
            return
        self.autosave.stop()

        def finished(revision: Revision) -> None:
            at = times.instant(revision.envelope.clock)
            self._keep_late(draft)
            self._leave(self.go_on, revision)
            self.context.done(finished_words(draft, at, self.did))

        def failed(error: HipssError) -> None:
            self._finishing = False
            self.autosave.start()
            if isinstance(error, Unfinished):
                self.show_problems(error.problems)
            else:
                self.show_failure(error)

        self.context.runner.write(lambda: self.finish_draft(draft), finished, context=self, failed=failed)

    def finish_draft(self, draft: Draft) -> Revision:
        """Write the finished record, off the window's thread."""
        return self.services.records.finish(draft)

    def _leave(self, otherwise: Callable[[], None], revision: Revision | None = None) -> None:
        """Go to ``back``, at the first field that the revision changed if it shows this record; else call ``otherwise``."""
        self.ended = True
        if self.back is None:
            otherwise()
            return
        content = revision.content() if revision is not None else None
        back, kind = dict(self.back), KINDS.get(self._draft.kind)
        if content is not None and kind is not None and back.get("record") == self._draft.record:
            changed = {unit.partition("/")[0] for unit in content.changed}
            back["at"] = next((name for name in kind.by_name if name in changed), back.get("at") or "")
        self.context.go(**back)

    def _keep_late(self, finished: Draft) -> None:
        """Save as an amendment what was typed during the finish, because typed words must never be lost."""
        late = {
            name: value
            for name, value in self.draft.fields.items()
            if value != finished.fields.get(name) and not is_nothing(value)
        }
        if late:
            records, say = self.services.records, self.context.say
            self.context.runner.write(
                lambda: records.keep_late(finished.record, late),
                lambda _: say("What you typed after Finish is kept in Drafts, as an amendment"),
                context=self.context.bus,
            )

    def save_and_close(self) -> None:
        """Save what was typed, then go back."""

        def leave() -> None:
            self._leave(self.go_back)
            self.context.say(self.autosave.words() or "Nothing was typed, so nothing was kept")

        self.autosave.flush(leave)

    def _discard(self) -> None:
        self.autosave.stop()
        record, records = self._draft.record, self.services.records

        def failed(error: HipssError) -> None:
            self.autosave.start()
            self.bar.keep()
            self.bar.say_failed(str(error))

        self.context.runner.write(
            lambda: records.discard(record), lambda _: self._leave(self.go_back), context=self, failed=failed
        )

    def footer(self) -> QWidget | None:
        """The action bar."""
        return self.bar

    def esc_leaves(self) -> bool:
        """Return False: only a key that says so leaves a page with a draft."""
        return False

    def may_leave(self) -> bool:
        """Save what was typed and the place of the caret; see ``Page.may_leave``."""
        if self._saved_caret is not None and self._saved_caret != self._caret():
            self.autosave.note()
        return super().may_leave()

    def _caret(self) -> Caret:
        return caret_in(self.text_fields(), self.focusWidget())

    def first_focus(self) -> QWidget | None:
        """The field in which the user was typing; else the first field of a new draft.

        In a reopened draft this is never a widget that a letter or a space would change, because the user may type on at once.
        """
        opens, self._opens = self._opens, self._opens and not self.isVisible()
        caret_field = None if opens else self.text_field(self._caret().field)
        if caret_field is not None:
            return caret_field
        field = self.text_field(self._draft.caret.field)
        if field is not None and field.isVisibleTo(self):
            put_caret(field, self._draft.caret.at)
            return field
        begins = self.begins_at()
        if not self._draft.saved or isinstance(begins, TextField):
            return begins
        return self.rests_at()
