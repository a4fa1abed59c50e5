"""Log a contact: the page for typing while somebody is on the telephone, often at night.

Every key is saved to the disk within a second. Finishing never depends on the network. Esc, closing and locking lose nothing.
Must not know how a contact is stored: ``services.calls`` and ``services.records`` know.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.contact import CONTACT, is_back
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.records.fields import Problem
from hipss_desktop.services.calls import brings, brought_child
from hipss_desktop.services.people import Person, cares_about_people
from hipss_desktop.services.ports import ChangeSet, Draft, Record
from ui.base.announce import announce
from ui.base.focus import focus
from ui.base.kind_style import style_of
from ui.base.page import Context
from ui.contacts.answers import Answers
from ui.contacts.body import CallAndCard
from ui.contacts.form import ContactForm
from ui.contacts.header import CallHeader
from ui.missing.opening import open_guide
from ui.parts import Button, reveal
from ui.records.action_bar import ActionBar
from ui.records.caret import TextField
from ui.records.draft_page import DraftPage
from ui.records.undecided import read_undecided

KEPT_ANYWAY = 60_000
"""Milliseconds after which a running call is saved even if nothing was answered yet."""


def draft_digest(draft: Draft) -> str:
    """The SHA-256 (hexadecimal) of a draft's content, as the store saves it: fields, parents, why, began, call."""
    content = {
        "fields": dict(draft.fields),
        "parents": list(draft.parents),
        "why": draft.why,
        "began": draft.began,
        "call": dict(draft.call),
    }
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


class LogContactPage(DraftPage):
    """The page. Without a draft it begins a call at once; ``caller`` and ``child`` are filled in if given.

    ``closes`` is the action for which the call is made, '' if there is none. Once the contact is finished, the on-call screen
    asks about this action first. The property ``saved_digest`` is the ``draft_digest`` of the draft that ``saved_text()``
    calls saved.
    """

    rail = "on_call"

    def __init__(
        self,
        context: Context,
        *,
        draft: Draft | None = None,
        caller: Person | None = None,
        child: str = "",
        closes: str = "",
    ) -> None:
        super().__init__(context, draft if draft is not None else context.services.calls.begin(), ActionBar())
        self._closes = closes
        self._left_for_end: QWidget | None = None
        self.answers = Answers(self._draft.fields, self, brought_child=brought_child(self._draft))
        self.header = CallHeader(context.services.clock)
        self.form = ContactForm(self.answers, context, amending=self.is_amendment, why=self._draft.why)
        self.body = CallAndCard(self.form, self.answers, context)
        self.summary = self.form.summary
        self._lay_out()
        self._connect()
        if may_write(context.services.store.seat.role, INCIDENT.name):
            incident = Button(style_of(INCIDENT.name).begun_from, icon=style_of(INCIDENT.name).icon)
            incident.setToolTip("Ctrl+I")
            incident.clicked.connect(self.make_incident)
            self.bar.offer(incident)
        self.bind_keys(
            {
                **{f"Alt+{number}": partial(self._go, number) for number in range(1, 9)},
                "Alt+0": self.body.go_to_card,
                "Alt+P": self.form.advising.add_from_plan,
                "Ctrl+I": self.make_incident,
            }
        )
        self.header.show_call(self._draft)
        if self.is_amendment:
            _show_version(self, context)
            read_undecided(self, context, self._draft.record, self.form.show_undecided)
        self._warm_up(caller, child)
        if self._draft.call and not self.is_amendment:
            QTimer.singleShot(KEPT_ANYWAY, self, self.autosave.note)

    @property
    def draft(self) -> Draft:
        """The contact's draft with everything typed so far."""
        typed = replace(self._draft, fields=self.answers.fields(), why=self.form.why.toPlainText())
        return brings(typed, self.answers.brought_child)

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
        self.form.decide.connect(lambda: self.context.go("sync", record=self._draft.record))
        self.form.missing.guide_asked.connect(self._open_guide)
        self.form.before_finish.answered.connect(self.finish)
        self.header.ended.connect(self._end_call)
        self.body.card_read.connect(self.form.show_card)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def _warm_up(self, caller: Person | None, child: str) -> None:
        """Read all callers before the first letter or digit is typed, then show the draft's answers."""
        contacts = self.services.calls

        def warm(_: object) -> None:
            if caller is not None:
                self.form.caller.take_caller(caller)
            if child:  # last, because it replaces the child that came with the caller
                self.answers.when_all_here(lambda: self.form.caller.take_child(child))
            self.form.show_answers(frozenset(self.answers.fields()))
            self.body.show_children()

        self.context.runner.read(lambda: contacts.callers("+44"), warm, context=self)

    def _go(self, number: int) -> None:
        self.body.go_to_call()
        self.form.go(number)

    def step(self, by: int) -> None:
        """Focus the next problem (1) or the previous one (-1); show the form first, because the card's tab may hide it."""
        self.body.go_to_call()
        super().step(by)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if isinstance(old, TextField) and new is self.header.end:
            self._left_for_end = old
        if old is not None and self.isAncestorOf(old) and new is not old:
            self._left_a_field()

    def _left_a_field(self) -> None:
        if self.autosave.has_unsaved():
            self.autosave.flush()

    def show_saved(self, saved_draft: Draft) -> None:
        """Show that the typed words are saved to the disk."""
        super().show_saved(saved_draft)
        self.setProperty("saved_digest", draft_digest(saved_draft))

    def _open_guide(self) -> None:
        """Open or begin the missing guide of the call's child; save the draft first."""
        self.autosave.note()
        open_guide(self, self.answers.read().children[0], contact=self._draft.record)

    def _end_call(self) -> None:
        typed = self.draft
        self._draft = self.services.calls.end_call(typed)
        self.answers.merge(typed.fields, self._draft.fields)
        self.header.show_call(self._draft)
        if not focus(self._left_for_end):  # the button is hidden, and Qt would focus the next field
            focus(self.form)
        self.autosave.note()
        announce(self, self.header.tag.text())

    def when_answered(self, then: Callable[[], None]) -> None:
        """Call ``then`` once the answers that follow from a chosen caller or child are filled in."""
        self.answers.when_all_here(then)

    def finish(self) -> None:
        """Finish the contact, after the questions of ``BeforeFinish`` are answered."""
        contact, guide = self.answers.read(), self.services.missing
        finish = super().finish

        def ask(told_services: Sequence[str]) -> None:
            if self.services.records.problems(self.draft) or not self.form.before_finish.asks(told_services):
                finish()
            else:
                self.body.go_to_call()
                reveal(self.form, self.form.before_finish)

        if self.is_amendment:
            finish()
        elif is_back(contact) and len(contact.children) == 1:
            self.context.runner.read(lambda: guide.told_of_missing(contact.children[0]), ask, context=self)
        else:
            ask(())

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show why the contact cannot be finished; switch to the form if the card hides it."""
        read_undecided(self, self.context, self._draft.record, self.form.show_undecided)
        self.body.go_to_call()
        self.form.show_problems(problems)

    def show_failure(self, error: HipssError) -> None:
        """Show in the action bar why finishing failed; switch to the form if the card hides it."""
        self.body.go_to_call()
        self.bar.say_failed(str(error))
        announce(self.bar, str(error), assertive=True)

    def make_incident(self) -> None:
        """Begin an incident from this contact, with its people and times. The contact stays a draft."""
        contact = self.draft
        self.autosave.note()  # the incident names the call, so save the call even if nothing was typed
        self.autosave.flush(lambda: self.context.new(INCIDENT.name, **self.services.incidents.from_contact(contact)))

    def go_on(self) -> None:
        """Open the on-call screen, which asks which actions a new contact closes."""
        if not self.is_amendment:
            self.services.actions.ask_about(self._draft.record, self._closes)
        self.context.go("on_call")

    go_back = go_on

    def cares(self, changes: ChangeSet) -> bool:
        """Whether a change may alter the child's card: a change to people or contacts, but not to drafts."""
        return cares_about_people(changes) or CONTACT.name in changes.kinds

    def refresh(self) -> None:
        """Read the child's card again."""
        self.body.show_children()

    def card(self) -> QWidget | None:
        """The child's card, which is part of the page."""
        return self.body.child_card

    def text_fields(self) -> Mapping[str, TextField]:
        """The text fields of the form, by name."""
        return self.form.text_fields()

    def text_field(self, name: str) -> TextField | None:
        """A text field by its name; opens the group below the questions if the field is in it."""
        return self.form.text_field(name)

    def begins_at(self) -> QWidget | None:
        """The caller field; for an amendment the reason; in a reopened draft the first question that needs an answer."""
        if self.is_amendment:
            return self.form.why
        if not self._draft.saved:
            return self.form.caller.caller
        return self.form.first_unanswered(self.services.records.problems(self.draft))

    def rests_at(self) -> QWidget:
        """The whole form, which the arrow keys scroll."""
        return self.form


def _show_version(page: LogContactPage, context: Context) -> None:
    """Show in the head the number of the version that is being amended."""
    store, amended = context.services.store, page.draft.record

    def show(record: Record | None) -> None:
        if record is not None:
            page.header.show_version(record.versions)

    context.runner.read(lambda: store.get(amended), show, context=page)
