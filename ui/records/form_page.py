"""The page that writes a record of any kind: a new one, or an amendment with its reason.

``ui.records.draft_page`` saves, finishes and leaves, as for every draft. Must not know a kind's fields: its description makes
the form.
"""

import types
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.catalogue import kind_named
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.records.fields import Problem
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import ChangeSet, Draft
from hipss_desktop.services.records import answer_in_draft
from ui.base.kind_style import style_of
from ui.base.page import Context
from ui.parts import ErrorSummary, Field, Heading, LineEdit, RadioCards, TitleLine, column, reveal
from ui.records.action_bar import ActionBar
from ui.records.answer_parts import Part, ReferencePart
from ui.records.caret import TextField
from ui.records.controls import chain
from ui.records.draft_page import DraftPage
from ui.records.form import RecordForm
from ui.records.undecided import read_undecided
from ui.theme import theme_of

WIDEST = 920
"""Pixels at 100 % text size: longer lines are hard to read."""


class RecordFormPage(DraftPage):
    """The form of one draft. It opens at the field ``at``, or at its beginning if ``at`` is ''.

    Attributes:
        parts: the fields for which the page has special widgets.
        below_title: a widget below the title; both stay visible while the form scrolls.
        above: a widget between the problems and the questions.
        begins: the stages that a new record may begin at, with their words; empty if the stage is not asked.
        answers: the draft and the field that the finished record fills, if another form asked for a new record.
    """

    begins: Sequence[tuple[str, str]] = ()
    answers: tuple[str, str] | None = None
    parts: Mapping[str, type[Part]] = types.MappingProxyType({})

    def __init__(self, context: Context, draft: Draft, at: str = "") -> None:
        kind = kind_named(draft.kind)
        if not draft.parents and not draft.saved:
            draft = replace(draft, fields={**kind.initial(), **draft.fields})
        sure = "this amendment? The record stays as it was." if draft.parents else "this draft? What was typed is lost."
        super().__init__(context, draft, ActionBar(f"Discard {sure}"))
        self._kind = kind
        self.rail = style_of(draft.kind).list
        self.title = Heading(self._title(), 1)
        self.title.setWordWrap(True)
        self.summary = ErrorSummary()
        self.why = LineEdit(draft.why)
        self.why_field = Field("Why are you changing this?", self.why)
        if not self.is_amendment:
            self.why_field.hide()
        self.form = RecordForm(self._kind, context, body=draft.fields, parts=self.parts)
        self._at = at if at in self.form.questions else ""
        self.form.set_fields(draft.fields)
        self.stages = RadioCards(
            "What is written down", [(code, words, "", "neutral") for code, words in self.begins], flow=True
        )
        self.stages.choose(kind.stage_of(kind.read(draft.fields)) if self.begins else "")
        self.stages.changed.connect(self.stage_chosen)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setAccessibleName(self.title.text())
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.inside = QWidget()
        self.inside.setMaximumWidth(theme_of(self).px(WIDEST))
        self.above = column(gap=16)
        if self.asks_stage():
            self.above.addWidget(self.stages)
        self.inside.setLayout(column(self.summary, self.above, self.form, None, gap=16, margins=(6, 6, 14, 24)))
        self.area.setWidget(self.inside)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 16, 6, 0)
        box.setSpacing(8)
        head = QWidget()
        head.setMaximumWidth(theme_of(self).px(WIDEST))
        self.below_title = column(gap=8)
        head.setLayout(column(TitleLine(self.title), self.below_title, self.why_field, gap=8, margins=(6, 0, 14, 0)))
        box.addWidget(head)
        box.addWidget(self.area, 1)
        self._connect()
        first = self.form.first_focus()
        if self.asks_stage() and first is not None:
            chain([self.stages.members()[0], first])
            self.form.carry_over({})  # arranges the questions that depend on the stage
        read_undecided(self, context, draft.record, self.form.show_undecided)

    @property
    def draft(self) -> Draft:
        """The draft as it is typed now."""
        return replace(self._draft, fields=self.form.fields(), why=self.why.text())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._at:  # after the focus, which scrolls only its own field into view
            QTimer.singleShot(0, self, lambda: reveal(self.area, self.form.section_of(self._at)))

    def _title(self) -> str:
        if not self.is_amendment:
            return f"New {self._kind.label.lower()}"
        return f"Amend {self._kind.label.lower()}: {self._kind.title(self._draft.fields)}"

    def _connect(self) -> None:
        self.form.changed.connect(self.autosave.note)
        self.form.decide.connect(lambda: self.context.go("sync", record=self._draft.record))
        self.why.textEdited.connect(lambda _: self.autosave.note())
        self.summary.gone_to.connect(self._reveal)
        for name, control in self.form.controls.items():
            if isinstance(control.part, ReferencePart):
                control.part.offer_new()
                control.part.wanted.connect(partial(self._begin_on_the_way, name))

    def asks_stage(self) -> bool:
        """Whether the form asks at which stage the record begins."""
        return bool(self.begins) and not self.is_amendment

    def stage_chosen(self, stage: str) -> None:
        """Set the stage and show its questions."""
        self.form.carry_over({self._kind.stage: stage})
        self.autosave.note()

    def _begin_on_the_way(self, name: str, typed: str) -> None:
        """Begin a record that a field refers to; once it is finished, return here with the field filled in."""
        kind = kind_named(self._kind.by_name[name].options.refers_to)
        called = "number" if "number" in kind.by_name and any(map(str.isdigit, typed)) else "name"
        team = self.draft.fields.get("team")
        known = {called: typed, **({"team": team} if team and "team" in kind.by_name else {})}
        draft = self.services.records.new_draft(kind.name, {name: value for name, value in known.items() if value})
        answers = (self._draft.record, name)
        self.autosave.note()
        self.autosave.flush(lambda: self.context.go("draft", draft=draft, back={"route": "back"}, answers=answers))

    def finish_draft(self, draft: Draft) -> Revision:
        """Write the finished record, and fill it into the draft that asked for it."""
        revision = super().finish_draft(draft)
        if self.answers is not None:
            answer_in_draft(self.services.records, *self.answers, revision.envelope.record)
        return revision

    def finish(self) -> None:
        """Finish the record, including the text of the field that still has the focus."""
        self.form.settle()
        super().finish()

    def has_unreadable(self) -> bool:
        """Whether a typed text cannot be read, although the record would be valid without it."""
        return bool(self.form.own_problems())

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show why the draft cannot be finished: a summary, and the same words beside each answer."""
        why = next((problem.message for problem in problems if problem.field == "why"), "")
        self.why_field.set_error(why)
        if why:
            self.why_field.show()
        placed = self.form.show_problems(problems)
        read_undecided(self, self.context, self._draft.record, self.form.show_undecided)
        self.summary.show_errors([*([(why, self.why_field)] if why else []), *placed])
        self.area.ensureVisible(0, 0)

    def show_failure(self, error: HipssError) -> None:
        """Show in the summary why finishing failed."""
        self.summary.show_errors([(str(error), self.form.first_focus() or self.form)])
        self.area.ensureVisible(0, 0)

    def _reveal(self, goal: QWidget) -> None:
        reveal(self.area, goal)

    def go_on(self) -> None:
        """Show the finished record."""
        self.context.open(self._draft.record, self._draft.kind)

    def go_back(self) -> None:
        """Open the unchanged record; for a new record, open the child it is about, or the list of its kind."""
        if self.is_amendment:
            self.go_on()
        elif child := getattr(self._kind.read(self._draft.fields), "child", ""):
            self.context.open(child, CHILD.name)
        else:
            self.context.go(style_of(self._draft.kind).list or "on_call")

    def show_saved(self, saved_draft: Draft) -> None:
        """Show that the typed words are saved to the disk."""
        self._draft = replace(self._draft, saved=saved_draft.saved)
        super().show_saved(saved_draft)

    def cares(self, changes: ChangeSet) -> bool:
        """Return False: no commit changes what is typed here."""
        return False

    def text_fields(self) -> Mapping[str, TextField]:
        """The field of the reason and the text fields of the form, by name."""
        return {"why": self.why, **self.form.text_fields()}

    def begins_at(self) -> QWidget | None:
        """The question that the page opens at; else the stage if asked, an amendment's reason, or the first question."""
        if self._at:
            return self.form.questions[self._at].focus_target()
        if self.asks_stage():
            return next(stage for stage in self.stages.members() if stage.isChecked())
        return self.why if self.is_amendment else self.form.first_focus()

    def rests_at(self) -> QWidget:
        """The whole form, which the arrow keys scroll."""
        return self.area
