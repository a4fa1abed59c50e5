"""The page that writes a supervision visit, new or amended.

Saving, finishing and leaving are those of every draft (``ui.records.draft_page``). Everything that is pressed is high enough for
a finger. What arrives while the visit is written is added to it, never taken out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.records.fields import Problem
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import ChangeSet, Draft
from hipss_desktop.views.supervision import SIGN, VisitView
from ui.base.announce import announce
from ui.base.fingers import ForFingers
from ui.base.kind_style import style_of
from ui.base.page import Context
from ui.parts import ErrorSummary, Field, Heading, LineEdit, Tag, TitleLine, label, reveal
from ui.records.action_bar import ActionBar
from ui.records.caret import TextField
from ui.records.draft_page import DraftPage
from ui.records.record_page import flow
from ui.visits.body import VisitBody

PAUSE = 250
"""Milliseconds after a key until it is said how far the parts are."""
SURE = "Discard this visit? What was typed is lost. Actions that you closed or carried forward stay as they are."
SURE_OF_AMENDMENT = "Discard this amendment? The visit stays as it was."


class VisitPage(DraftPage):
    """The page of one draft. It opens at the field ``at``, '' for its beginning."""

    rail = style_of(VISIT.name).list

    def __init__(self, context: Context, draft: Draft, at: str = "") -> None:
        super().__init__(context, draft, ActionBar(SURE_OF_AMENDMENT if draft.parents else SURE))
        self._view: VisitView | None = None
        self._turns, self._typed, self._at = False, False, at
        visit = VISIT.read(draft.fields)
        self._began = visit.began
        self.title = Heading("Amend a supervision visit" if draft.parents else "Supervision visit", 1)
        self.household = label(self.services.people.name(visit.carer), "body", "muted", wrap=True)
        self.summary = ErrorSummary()
        self.why = LineEdit(draft.why)
        self.why_field = Field("Why are you changing this?", self.why)
        self.body = VisitBody(context, draft, [self.summary, self.why_field])
        self.why_field.setVisible(self.is_amendment)  # where it stands: alone it would show as a window of its own
        named = flow([self.title, self.household, *([] if self.is_amendment else [Tag("pen", "Draft")])])
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 8)
        box.setSpacing(8)
        box.addWidget(TitleLine(named))
        box.addWidget(self.body, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._tell)
        self._connect()
        self._tell()
        self._fingers = ForFingers(self), ForFingers(self.bar)

    def _connect(self) -> None:
        self.body.edited.connect(self._edited)
        self.body.moved.connect(self.refresh)
        self.body.asked.connect(self.read_back)
        self.why.textEdited.connect(lambda _: self._edited())
        self.summary.gone_to.connect(lambda goal: reveal(self.body.area, goal))
        self.bind_keys(
            {
                "Ctrl+PgDown": lambda: self.body.step_part(1),
                "Ctrl+PgUp": lambda: self.body.step_part(-1),
                "Alt+G": lambda: self.body.go_to(SIGN),
            }
        )

    def cares(self, changes: ChangeSet) -> bool:
        """Whatever is written may belong to the visit."""
        return bool(changes.records) or changes.sync

    def refresh(self) -> None:
        """Read what stands beside the answers, and add what has come since: children placed there, records."""
        draft, services = self.draft, self.services
        visit = VISIT.read(draft.fields)

        def read() -> tuple[dict[str, list[dict[str, Any]]], VisitView]:
            more: dict[str, list[dict[str, Any]]] = {}
            if not draft.parents:  # what was finished names what it named
                more = services.supervision.more(visit, later=True)
            fields = {**draft.fields, **{name: [*_rows(draft, name), *rows] for name, rows in more.items() if rows}}
            return more, services.visit_views.view(VISIT.read(fields), draft.record)

        self.context.runner.read(read, lambda both: self._show(*both), context=self)

    def _show(self, more: Mapping[str, Sequence[Mapping[str, Any]]], view: VisitView) -> None:
        self.body.add_rows(more, self._draft.fields)
        if self._view is not None and view.late and view.late != self._view.late:
            announce(self, view.late)
        self._view = view
        self.body.show_view(view)
        if any(more.values()) and (self._draft.saved or self._typed):
            self.autosave.note()
        self._tell()

    @property
    def draft(self) -> Draft:
        """The draft as it is typed now."""
        return replace(self._draft, fields=self.body.answers(self._draft.fields), why=self.why.text())

    def _edited(self) -> None:
        self._typed = True
        self.autosave.note()
        self._pause.start()

    def _tell(self) -> None:
        """Say how far the parts are and what is missing; read again whom another day's visit is about."""
        fields = self.draft.fields
        missing = VISIT.problems(VISIT.asked(fields), self.services.clock())
        self.body.tell(fields, missing, amends=self.is_amendment)
        began = VISIT.read(fields).began
        if began != self._began:
            self._began = began
            self.refresh()

    # --- finishing ---

    def finish(self) -> None:
        """Finish the visit with what is typed, also in an answer that was not left."""
        self.body.settle()
        super().finish()

    def finish_draft(self, draft: Draft) -> Revision:
        """Write the finish, off the window's thread; it names members and colleagues by their records where it can."""
        return super().finish_draft(self.services.supervision.with_names(draft))

    def read_back(self) -> None:
        """Finish the visit, then turn the screen to the carers."""
        self._turns = True
        self.finish()

    def has_unreadable(self) -> bool:
        """Whether something is typed that cannot be read."""
        return self.body.has_unreadable()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what keeps the visit from being finished."""
        self._turns = False
        why = next((problem.message for problem in problems if problem.field == "why"), "")
        self.why_field.set_error(why)
        placed = self.body.show_problems(problems)
        self.summary.show_errors([*([(why, self.why_field)] if why else []), *placed])
        self.body.area.verticalScrollBar().setValue(0)

    def show_failure(self, error: HipssError) -> None:
        """Say why it was not finished."""
        self._turns = False
        self.summary.show_errors([(str(error), self.body.rests_at())])
        self.body.area.verticalScrollBar().setValue(0)

    def show_saved(self, kept: Draft) -> None:
        """Say that what was typed is on the disk."""
        self._draft = replace(self._draft, saved=kept.saved)
        super().show_saved(kept)

    def go_on(self) -> None:
        """Show the finished visit, which is then turned to the carers where that was asked for: it is what comes after that."""
        self.context.open(self._draft.record, VISIT.name)
        if self._turns:
            self.context.go("turn", record=self._draft.record)

    def _leave(self, otherwise: Callable[[], None], revision: Revision | None = None) -> None:
        """Go where the page leads; reading back goes before the page that it was opened from."""
        if self._turns and revision is not None:
            self.ended = True
            self.go_on()
        else:
            super()._leave(otherwise, revision)

    def go_back(self) -> None:
        """Go to the visit as it was; from a new one to its household."""
        carer = VISIT.read(self._draft.fields).carer
        if self.is_amendment:
            self.go_on()
        elif carer:
            self.context.open(carer, CARER.name)
        else:
            self.context.go(self.rail)

    def text_fields(self) -> Mapping[str, TextField]:
        """The fields that words are typed into."""
        return {"why": self.why, **self.body.text_fields()}

    def begins_at(self) -> QWidget | None:
        """Where an answer is to be changed; why it is changed; in a new visit its kind."""
        if self._at:
            QTimer.singleShot(0, self, lambda: self.body.go_to_field(self._at))
        return self.why if self.is_amendment else self.body.cards["visit"].first_focus()

    def rests_at(self) -> QWidget:
        """The list of the parts."""
        return self.body.rests_at()

    def card(self) -> QWidget | None:
        """What is needed, and reading back."""
        return self.body.side()


def _rows(draft: Draft, name: str) -> list[Any]:
    held = draft.fields.get(name)
    return list(held) if isinstance(held, list) else []
