"""Writing a record of any kind: a new one, or an amendment that says why.

What is typed is a draft on this laptop at once; nothing is checked until Finish, and a finish that finds something missing
loses nothing. Must not know a kind's fields: the form comes from its description.
"""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.catalogue import kind_named
from hipss_desktop.records.fields import Problem
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import ChangeSet, Draft
from hipss_desktop.services.records import Unfinished
from ui.base.page import Context, Page
from ui.parts import ErrorSummary, Field, Heading, LineEdit, column
from ui.records.action_bar import ActionBar
from ui.records.autosave import Autosave
from ui.records.form import RecordForm
from ui.records.record_page import PAGES, open_record
from ui.shell.screens import RAILS
from ui.theme import theme_of

WIDEST = 920
"""Pixels at 100 % text size: longer lines are hard to read."""


class RecordFormPage(Page):
    """The form of one draft."""

    def __init__(self, context: Context, draft: Draft) -> None:
        super().__init__(context)
        self._kind = kind_named(draft.kind)
        if not draft.parents and not draft.saved:
            draft = replace(draft, fields={**self._kind.initial(), **draft.fields})
        self._draft = draft
        self._finishing = False
        self.rail = RAILS.get(draft.kind, "")
        self.title = Heading(self._title(), 1)
        self.title.setWordWrap(True)
        self.summary = ErrorSummary()
        self.why = LineEdit(draft.why)
        self.why_field = Field("Why are you changing this?", self.why)
        if not self.is_amendment():
            self.why_field.hide()
        self.form = RecordForm(self._kind, context)
        self.form.set_fields(draft.fields)
        self.bar = ActionBar(
            "Discard this amendment? The record stays as it was."
            if self.is_amendment()
            else "Discard this draft? What was typed is lost."
        )
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.inside = QWidget()
        self.inside.setMaximumWidth(theme_of(self).px(WIDEST))
        self.inside.setLayout(column(self.summary, self.form, None, gap=16, margins=(6, 6, 14, 24)))
        self.area.setWidget(self.inside)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 12, 6, 0)
        box.setSpacing(8)
        head = QWidget()
        head.setMaximumWidth(theme_of(self).px(WIDEST))
        head.setLayout(column(self.title, self.why_field, gap=8, margins=(6, 0, 14, 0)))
        box.addWidget(head)
        box.addWidget(self.area, 1)
        self.autosave = Autosave(self, context, lambda: self.draft)
        self._connect()

    def is_amendment(self) -> bool:
        """Whether there is a record already."""
        return bool(self._draft.parents)

    @property
    def draft(self) -> Draft:
        """The draft as it is typed now."""
        return replace(self._draft, fields=self.form.fields(), why=self.why.text())

    def _title(self) -> str:
        if not self.is_amendment():
            return f"New {self._kind.label.lower()}"
        return f"Amend {self._kind.label.lower()}: {self._kind.title(self._draft.fields)}"

    def _connect(self) -> None:
        self.form.changed.connect(self.autosave.note)
        self.why.textEdited.connect(lambda _: self.autosave.note())
        self.summary.gone_to.connect(self._reveal)
        self.autosave.saved.connect(self._saved)
        self.autosave.failed.connect(self.bar.say_failed)
        self.bar.finish.connect(self.finish)
        self.bar.close_asked.connect(self.save_and_close)
        self.bar.discard.connect(self._discard)
        if self._draft.saved:
            at = times.clock_time(times.instant(self._draft.saved), seconds=True)
            self.bar.say_saved(f"Saved on this laptop {at}")
        for keys, does in (
            ("Ctrl+Return", self.finish),
            ("Ctrl+Enter", self.finish),
            ("Ctrl+S", self.save_and_close),
            ("F8", lambda: self.summary.step(1)),
            ("Shift+F8", lambda: self.summary.step(-1)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(does)

    def finish(self) -> None:
        """Finish the record; what is missing is shown, and nothing is lost."""
        if self._finishing:
            return
        own, draft, records = self.form.own_problems(), self.draft, self.desk.records
        if own:
            self.autosave.flush()
            self._show_problems([*own, *records.problems(draft)])
            return
        self._finishing = True
        self.autosave.flush()
        self.autosave.stop()

        def finished(revision: Revision) -> None:
            at = times.clock_time(times.instant(revision.envelope.clock))
            self.keep_late(draft, self.draft)
            open_record(self.context, draft.record, draft.kind)
            self.context.say(f"Saved on this laptop {at}")

        def missing(error: HipssError) -> None:
            self._finishing = False
            self.autosave.start()
            if isinstance(error, Unfinished):
                self._show_problems(error.problems)
            else:
                self.summary.show_errors([(str(error), self.form.first_focus() or self.form)])
                self.area.ensureVisible(0, 0)

        self.context.runner.write(lambda: records.finish(draft), finished, context=self, failed=missing)

    def _show_problems(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        why = next((each.message for each in problems if each.field == "why"), "")
        self.why_field.set_error(why)
        placed = self.form.show_problems(problems)
        self.summary.show_errors([*([(why, self.why_field)] if why else []), *placed])
        self.area.ensureVisible(0, 0)

    def _reveal(self, goal: QWidget) -> None:
        self.area.ensureWidgetVisible(goal, 0, theme_of(self).px(64))

    def save_and_close(self) -> None:
        """Keep what was typed and go back, once it is on the disk."""

        def kept() -> None:
            self._go_back()
            self.context.say(self.autosave.words() or "Nothing was typed, so nothing was kept")

        self.autosave.flush(kept)

    def _go_back(self) -> None:
        if self.is_amendment():
            open_record(self.context, self._draft.record, self._draft.kind)
        elif child := str(self._draft.fields.get("child") or ""):
            self.context.go(PAGES["child"], record=child)
        else:
            self.context.go(RAILS.get(self._draft.kind, "on_call"))

    def _discard(self) -> None:
        self.autosave.stop()
        record, records = self._draft.record, self.desk.records

        def kept_after_all(error: HipssError) -> None:
            self.autosave.start()
            self.bar.keep()
            self.bar.say_failed(str(error))

        self.context.runner.write(
            lambda: records.discard(record), lambda _: self._go_back(), context=self, failed=kept_after_all
        )

    def _saved(self, kept: Draft) -> None:
        self._draft = replace(self._draft, saved=kept.saved)
        self.bar.say_saved(self.autosave.words())

    def cares(self, changes: ChangeSet) -> bool:
        """What is typed is nobody else's: no commit changes it."""
        return False

    def footer(self) -> QWidget | None:
        """The action bar."""
        return self.bar

    def first_focus(self) -> QWidget | None:
        """Why it is changed, or the first question."""
        return self.why if self.is_amendment() else self.form.first_focus()

    def may_leave(self) -> bool:
        """Keep what was typed."""
        return self.autosave.may_leave()
