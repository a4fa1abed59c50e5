"""Log a contact: the page that is typed into while somebody is on the line at 02:14.

Every key is on the disk within a second, finishing never depends on the network, and Esc, closing and locking lose
nothing. Must not know how a contact is kept: ``desk.calls`` and ``desk.records`` do.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.people import Person, cares_about_people
from hipss_desktop.services.ports import ChangeSet, Draft
from hipss_desktop.services.records import Unfinished
from ui.base.announce import announce
from ui.base.page import Context, Page
from ui.contacts.answers import Answers
from ui.contacts.body import CallAndCard
from ui.contacts.form import ContactForm
from ui.contacts.header import CallHeader
from ui.records.action_bar import ActionBar
from ui.records.autosave import Autosave

KEPT_ANYWAY = 60_000
"""Milliseconds after which a running call is kept even if nothing was answered yet."""


def draft_digest(draft: Draft) -> str:
    """The SHA-256 (hexadecimal) of a draft's content, as the store keeps it: fields, parents, why, began, call."""
    content = {
        "fields": dict(draft.fields),
        "parents": list(draft.parents),
        "why": draft.why,
        "began": draft.began,
        "call": dict(draft.call),
    }
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


class LogContactPage(Page):
    """The page. Without a draft it begins a call at once; ``caller`` or ``child`` fill in what is already known.

    The property ``saved_digest`` is the ``draft_digest`` of what the words in ``saved_text()`` promise.
    """

    rail = "on_call"

    def __init__(
        self, context: Context, *, draft: Draft | None = None, caller: Person | None = None, child: str = ""
    ) -> None:
        super().__init__(context)
        self._opened_again = draft is not None
        self._draft = draft if draft is not None else context.desk.calls.begin()
        self.answers = Answers(self._draft.fields, self)
        self.header = CallHeader(context.desk.clock)
        self.form = ContactForm(self.answers, context, amending=self.is_amendment, why=self._draft.why)
        self.body = CallAndCard(self.form, self.answers, context)
        self.bar = ActionBar()
        self.autosave = Autosave(self, context, lambda: self.draft)
        self._finishing = False
        self._lay_out()
        self._connect()
        self._bind_keys()
        self.header.show_call(self._draft)
        self._warm_up(caller, child)
        if self._draft.call and not self.is_amendment:
            QTimer.singleShot(KEPT_ANYWAY, self, self.autosave.note)

    @property
    def is_amendment(self) -> bool:
        """Whether a finished contact is being changed."""
        return bool(self._draft.parents)

    @property
    def draft(self) -> Draft:
        """The contact as it is typed now."""
        return replace(self._draft, fields=self.answers.fields(), why=self.form.why.toPlainText())

    def saved_text(self) -> str:
        """How safe what was typed is, in words; '' before the first save."""
        return self.bar.saved_text()

    def _lay_out(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(14, 16, 8, 0)
        page.setSpacing(7)
        head = QVBoxLayout()
        head.setContentsMargins(6, 0, 12, 0)
        head.addWidget(self.header)
        page.addLayout(head)
        page.addWidget(self.body, 1)

    def _connect(self) -> None:
        self.answers.changed.connect(self.autosave.note)
        self.form.why.textChanged.connect(self.autosave.note)
        self.form.left.connect(self._left_a_field)
        self.header.ended.connect(self._end_call)
        self.bar.finish.connect(self.finish)
        self.bar.close_asked.connect(self.save_and_close)
        self.bar.discard.connect(self._discard)
        self.autosave.saved.connect(self._saved)
        self.autosave.failed.connect(self.bar.say_failed)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def _bind_keys(self) -> None:
        keys: dict[str, Callable[[], None]] = {
            **{f"Alt+{number}": partial(self._go, number) for number in range(1, 9)},
            "Alt+0": self.body.go_to_card,
            "Alt+P": self.form.add_from_plan,
            "Ctrl+Return": self.finish,
            "Ctrl+Enter": self.finish,
            "Ctrl+S": self.save_and_close,
            "F8": partial(self._step, 1),
            "Shift+F8": partial(self._step, -1),
        }
        for key, does in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(does)

    def _warm_up(self, caller: Person | None, child: str) -> None:
        """Read who there is before the first letter is typed, then show what the draft already says."""
        contacts = self.desk.calls

        def warm(_: object) -> None:
            if caller is not None:
                self.form.caller.take_caller(caller)
            if child:
                self.form.caller.take_child(child)
            self.form.show_answers(frozenset(self.answers.fields()))
            self.body.show_children()

        self.context.runner.read(lambda: contacts.callers("zzzz"), warm, context=self)

    def _go(self, number: int) -> None:
        self.body.go_to_call()
        self.form.go(number)

    def _step(self, by: int) -> None:
        self.body.go_to_call()
        self.form.summary.step(by)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and self.isAncestorOf(old) and new is not old:
            self._left_a_field()

    def _left_a_field(self) -> None:
        if self.autosave.has_unsaved():
            self.autosave.flush()

    def _saved(self, kept: Draft) -> None:
        self.bar.say_saved(self.autosave.words())
        self.setProperty("saved_digest", draft_digest(kept))

    def _end_call(self) -> None:
        self._draft = self.desk.calls.end_call(self.draft)
        self.answers.put(ended=self._draft.fields.get("ended"))
        self.header.show_call(self._draft)
        self.autosave.note()
        announce(self, self.header.tag.text())

    def finish(self) -> None:
        """Finish the contact; what is missing is shown, and nothing is lost."""
        if not self._finishing:
            self._finishing = True
            self.answers.when_all_here(self._finish)

    def _finish(self) -> None:
        self.autosave.flush()
        self.autosave.stop()
        draft, records = self.draft, self.desk.records

        def finished(revision: Revision) -> None:
            at = times.clock_time(times.instant(revision.envelope.clock))
            self.keep_late(draft, self.draft)
            self.context.go("on_call")
            self.context.say(f"Saved on this laptop {at}")

        def missing(error: HipssError) -> None:
            self._finishing = False
            self.autosave.start()
            self.body.go_to_call()
            if isinstance(error, Unfinished):
                self.form.show_problems(error.problems)
            else:
                self.bar.say_failed(str(error))
                announce(self.bar, str(error), assertive=True)

        self.context.runner.write(lambda: records.finish(draft), finished, context=self, failed=missing)

    def save_and_close(self) -> None:
        """Keep what was typed and go back to the on-call screen, once it is on the disk."""

        def kept() -> None:
            self.context.go("on_call")
            self.context.say(self.autosave.words() or "Nothing was typed, so nothing was kept")

        self.autosave.flush(kept)

    def _discard(self) -> None:
        self.autosave.stop()
        record, records = self._draft.record, self.desk.records

        def kept(error: HipssError) -> None:
            self.autosave.start()
            self.bar.keep()
            self.bar.say_failed(str(error))

        self.context.runner.write(
            lambda: records.discard(record), lambda _: self.context.go("on_call"), context=self, failed=kept
        )

    def cares(self, changes: ChangeSet) -> bool:
        """The card may change when people or contacts do; this page's own drafts change nothing here."""
        return cares_about_people(changes) or CONTACT.name in changes.kinds

    def refresh(self) -> None:
        """Read the child's card again."""
        self.body.show_children()

    def footer(self) -> QWidget | None:
        """The action bar."""
        return self.bar

    def card(self) -> QWidget | None:
        """The child's card; it lies inside the page already."""
        return self.body.child_card

    def first_focus(self) -> QWidget | None:
        """Who is calling; in a draft opened again, the first question that needs an answer."""
        if not self._opened_again:
            return self.form.caller.caller
        return self.form.first_unanswered(self.desk.records.problems(self.draft))

    def may_leave(self) -> bool:
        """Keep what was typed."""
        return self.autosave.may_leave()
