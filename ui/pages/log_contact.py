"""Log a contact: the page that is typed into while somebody is on the line at 02:14.

Every key is on the disk within a second, finishing never depends on the network, and Esc, closing and locking lose
nothing. Must not know how a contact is kept: ``desk.contacts`` and ``desk.records`` do.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.errors import HipssError
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.contacts import ChildCard
from hipss_desktop.services.people import KINDS_OF_PEOPLE, Person
from hipss_desktop.services.ports import ChangeSet, Draft
from hipss_desktop.services.records import Unfinished
from ui.announce import announce
from ui.autosave import Autosave
from ui.page import Context, Page
from ui.pages.child_card import ChildCardView
from ui.pages.contact.answers import Answers
from ui.pages.contact.bar import ActionBar
from ui.pages.contact.form import ContactForm
from ui.pages.contact.header import CallHeader
from ui.parts import Tabs
from ui.theme import theme_of

WIDE = 1000
"""Pixels of page, at 100% text size, from which the child's card stands beside the form; below it is a tab."""
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
        self._draft = draft if draft is not None else context.desk.contacts.begin()
        self.answers = Answers(self._draft.fields, self)
        self.header = CallHeader(context.desk.clock)
        self.form = ContactForm(self.answers, context, amending=self.is_amendment, why=self._draft.why)
        self.child_card = ChildCardView()
        self.tabs = Tabs("Call or card", ("The call", "Child's card"))
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
        self._body = QHBoxLayout()
        self._body.setSpacing(12)
        self._body.addWidget(self.form, 690)
        beside = QVBoxLayout()
        beside.setContentsMargins(0, 5, 0, 16)
        beside.addWidget(self.child_card)
        self._body.addLayout(beside, 458)
        page = QVBoxLayout(self)
        page.setContentsMargins(14, 16, 8, 0)
        page.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(6, 0, 12, 7)
        head.addWidget(self.header)
        head.addWidget(self.tabs)
        page.addLayout(head)
        page.addLayout(self._body, 1)

    def _connect(self) -> None:
        self.answers.changed.connect(self._answered)
        self.form.why.textChanged.connect(self.autosave.note)
        self.form.plan_asked.connect(self._add_plan)
        self.form.left.connect(self._left_a_field)
        self.header.ended.connect(self._end_call)
        self.child_card.timeline.connect(lambda child: self.context.go("child", record=child))
        self.child_card.child_chosen.connect(self._read_card)
        self.tabs.currentChanged.connect(lambda _: self._arrange())
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
            "Alt+0": self._go_to_card,
            "Alt+P": self._add_plan,
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
        contacts = self.desk.contacts

        def warm(_: object) -> None:
            if caller is not None:
                self.form.caller.take_caller(caller)
            if child:
                self.form.caller.take_child(child)
            self.form.show_answers(frozenset(self.answers.fields()))
            self._show_children()

        self.context.runner.read(lambda: contacts.callers("zzzz"), warm, context=self)

    def _go(self, number: int) -> None:
        self.tabs.setCurrentIndex(0)
        self.form.go(number)

    def _go_to_card(self) -> None:
        self.tabs.setCurrentIndex(1)
        self.child_card.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _step(self, by: int) -> None:
        self.tabs.setCurrentIndex(0)
        self.form.summary.step(by)

    def _answered(self, changed: frozenset[str]) -> None:
        self.autosave.note()
        if "children" in changed:
            self._show_children()

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and self.isAncestorOf(old) and new is not old:
            self._left_a_field()

    def _left_a_field(self) -> None:
        if self.autosave.has_unsaved():
            self.autosave.flush()

    def _saved(self, kept: Draft) -> None:
        self.bar.say_saved(self.autosave.words())
        self.setProperty("saved_digest", draft_digest(kept))

    def _show_children(self) -> None:
        children = [str(each) for each in self.answers.listed("children")]
        self.child_card.show_children([(each, self.desk.contacts.child_words(each)[0]) for each in children])
        shown = self.child_card.record
        self._read_card(shown if shown in children else next(iter(children), ""))

    def _read_card(self, child: str) -> None:
        if not child:
            self.child_card.show_nobody()
            self.tabs.setTabText(1, "Child's card")
            return
        contacts = self.desk.contacts

        def read(card: ChildCard | None) -> None:
            if card is not None and child in self.answers.listed("children"):
                self.child_card.show_card(card)
                self.tabs.setTabText(1, card.name)

        self.context.runner.read(lambda: contacts.card(child), read, context=self)

    def _add_plan(self) -> None:
        fields = {**self.answers.fields(), "advice": ""}
        contacts = self.desk.contacts

        def found(words: str) -> None:
            if words:
                self.form.add_advice(words)
            else:
                self.context.say("There is no safety plan to add from yet. Choose the child first.")

        self.context.runner.read(lambda: contacts.advice_from_plan(fields), found, context=self)

    def _end_call(self) -> None:
        self._draft = self.desk.contacts.end_call(self.draft)
        self.answers.put(ended=self._draft.fields.get("ended"))
        self.header.show_call(self._draft)
        self.autosave.note()
        announce(self, self.header.tag.text())

    def finish(self) -> None:
        """Finish the contact; what is missing is shown, and nothing is lost."""
        if self._finishing:
            return
        self._finishing = True
        self.autosave.flush()
        self.autosave.stop()
        draft, contacts = self.draft, self.desk.contacts

        def finished(revision: Revision) -> None:
            at = times.clock_time(times.instant(revision.envelope.clock))
            self.context.go("on_call")
            self.context.say(f"Saved on this laptop {at}")

        def missing(error: HipssError) -> None:
            self._finishing = False
            self.autosave.start()
            self.tabs.setCurrentIndex(0)
            if isinstance(error, Unfinished):
                self.form.show_problems(error.problems)
            else:
                self.bar.say_failed(str(error))
                announce(self.bar, str(error), assertive=True)

        self.context.runner.write(lambda: contacts.finish(draft), finished, context=self, failed=missing)

    def save_and_close(self) -> None:
        """Keep what was typed and go back to the on-call screen, once it is on the disk."""

        def kept() -> None:
            self.context.go("on_call")
            self.context.say(self.autosave.words() or "Nothing was typed, so nothing was kept")

        self.autosave.flush(kept)

    def _discard(self) -> None:
        self.autosave.stop()
        record, records = self._draft.record, self.desk.records
        self.context.runner.write(
            lambda: records.discard(record),
            lambda _: self.context.go("on_call"),
            context=self,
            failed=self._kept_after_all,
        )

    def _kept_after_all(self, error: HipssError) -> None:
        self.autosave.start()
        self.bar.keep()
        self.bar.say_failed(str(error))

    def cares(self, changes: ChangeSet) -> bool:
        """The card may change when people or contacts do; this page's own drafts change nothing here."""
        return bool(changes.kinds & {*KINDS_OF_PEOPLE, "contact"})

    def refresh(self) -> None:
        """Read the child's card again."""
        self._show_children()

    def footer(self) -> QWidget | None:
        """The action bar."""
        return self.bar

    def card(self) -> QWidget | None:
        """The child's card; it lies inside the page already."""
        return self.child_card

    def first_focus(self) -> QWidget | None:
        """Who is calling; in a draft opened again, the first question that needs an answer."""
        if not self._opened_again:
            return self.form.caller.caller
        return self.form.first_unanswered(self.desk.records.problems(self.draft))

    def may_leave(self) -> bool:
        """Keep what was typed."""
        self.autosave.flush()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """The card beside the form, or, in a narrow window, behind a tab."""
        wide = self.width() >= theme_of(self).px(WIDE)
        self.tabs.setVisible(not wide)
        self.form.setVisible(wide or self.tabs.currentIndex() == 0)
        self.child_card.setVisible(wide or self.tabs.currentIndex() == 1)
        self.child_card.setMaximumWidth(572 if wide else 16_777_215)
