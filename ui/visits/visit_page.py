"""The page that writes a supervision visit, new or amended.

``ui.records.draft_page`` saves, finishes and leaves, as for every draft. All controls are high enough for a finger. Records
that arrive while the visit is written are added to it; none are removed.
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
"""Milliseconds after a key until the progress of the parts is updated."""
SURE = "Discard this visit? What was typed is lost. Actions that you closed or carried forward stay as they are."
SURE_OF_AMENDMENT = "Discard this amendment? The visit stays as it was."


class VisitPage(DraftPage):
    """The page of one draft. It opens at the field ``at``, or at its beginning if ``at`` is ''."""

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
        self.why_field.setVisible(self.is_amendment)  # only now: without a parent it would open as a window
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
        """Whether any record or sync state changed, because any may belong to the visit."""
        return bool(changes.records) or changes.sync

    def refresh(self) -> None:
        """Read what is shown besides the answers, and add children and records that arrived since."""
        draft, services = self.draft, self.services
        visit = VISIT.read(draft.fields)

        def read() -> tuple[dict[str, list[dict[str, Any]]], VisitView]:
            more: dict[str, list[dict[str, Any]]] = {}
            if not draft.parents:  # a finished visit gets no new rows
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
        """The draft with everything typed so far."""
        return replace(self._draft, fields=self.body.answers(self._draft.fields), why=self.why.text())

    def _edited(self) -> None:
        self._typed = True
        self.autosave.note()
        self._pause.start()

    def _tell(self) -> None:
        """Show the progress of the parts and what is missing; if the visit's day changed, read again whom it is about."""
        fields = self.draft.fields
        missing = VISIT.problems(VISIT.without_hidden(fields), self.services.latest())
        self.body.tell(fields, missing, amends=self.is_amendment)
        began = VISIT.read(fields).began
        if began != self._began:
            self._began = began
            self.refresh()

    # --- Finishing ---

    def finish(self) -> None:
        """Finish the visit, including the text of the field that still has the focus."""
        self.body.settle()
        super().finish()

    def finish_draft(self, draft: Draft) -> Revision:
        """Write the finished visit off the window's thread, with the records of named members and colleagues where known."""
        return super().finish_draft(self.services.supervision.with_names(draft))

    def read_back(self) -> None:
        """Finish the visit, then open the turned screen for the carers."""
        self._turns = True
        self.finish()

    def has_unreadable(self) -> bool:
        """Whether a typed text cannot be read."""
        return self.body.has_unreadable()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show why the visit cannot be finished."""
        self._turns = False
        why = next((problem.message for problem in problems if problem.field == "why"), "")
        self.why_field.set_error(why)
        placed = self.body.show_problems(problems)
        self.summary.show_errors([*([(why, self.why_field)] if why else []), *placed])
        self.body.area.verticalScrollBar().setValue(0)

    def show_failure(self, error: HipssError) -> None:
        """Show why finishing failed."""
        self._turns = False
        self.summary.show_errors([(str(error), self.body.rests_at())])
        self.body.area.verticalScrollBar().setValue(0)

    def show_saved(self, saved_draft: Draft) -> None:
        """Show that the typed words are saved to the disk."""
        self._draft = replace(self._draft, saved=saved_draft.saved)
        super().show_saved(saved_draft)

    def go_on(self) -> None:
        """Open the finished visit; if asked, then open the turned screen, after which the visit is shown again."""
        self.context.open(self._draft.record, VISIT.name)
        if self._turns:
            self.context.go("turn", record=self._draft.record)

    def _leave(self, otherwise: Callable[[], None], revision: Revision | None = None) -> None:
        """Leave the page; if the visit is to be read back, do that before returning to the earlier page."""
        if self._turns and revision is not None:
            self.ended = True
            self.go_on()
        else:
            super()._leave(otherwise, revision)

    def go_back(self) -> None:
        """Open the unchanged visit; for a new visit open its household."""
        carer = VISIT.read(self._draft.fields).carer
        if self.is_amendment:
            self.go_on()
        elif carer:
            self.context.open(carer, CARER.name)
        else:
            self.context.go(self.rail)

    def text_fields(self) -> Mapping[str, TextField]:
        """The text fields, by name."""
        return {"why": self.why, **self.body.text_fields()}

    def begins_at(self) -> QWidget | None:
        """The first widget: the reason of an amendment, else the first part; then move to the field ``at`` if it is set."""
        if self._at:
            QTimer.singleShot(0, self, lambda: self.body.go_to_field(self._at))
        return self.why if self.is_amendment else self.body.cards["visit"].first_focus()

    def rests_at(self) -> QWidget:
        """The list of the parts."""
        return self.body.rests_at()

    def card(self) -> QWidget | None:
        """The panel with what is needed and reading back."""
        return self.body.side()


def _rows(draft: Draft, name: str) -> list[Any]:
    held = draft.fields.get(name)
    return list(held) if isinstance(held, list) else []
