"""The form of a consultation that a team asks for, that is planned, or that was held; and the form of a case.

The head of the form says who could read the record one day. A new consultation starts with the open rows of the last one's
plan; a press answers them on the earlier record. The base class saves, finishes and leaves, as for every draft.
"""

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.kinds.case import CASE, Case
from hipss_desktop.kinds.consultation import (
    ASKED,
    CONSULTATION,
    HELD,
    NOBODY_CAME,
    PLAN_ANSWERS,
    PLANNED,
    THEME,
    Consultation,
    was_held,
)
from hipss_desktop.services.ports import ChangeSet, Draft, Record
from hipss_desktop.services.questions import add_to
from hipss_desktop.views.consultations import PlanLine
from ui.base.announce import announce
from ui.base.focus import focus, holds_focus, stops
from ui.base.page import Context
from ui.consultations.card import row_question, write_answer
from ui.consultations.form_parts import AttendeesPart, PlanPart, SectionsPart, WarnedTextPart
from ui.consultations.plan_table import PRESSES, PlanTable
from ui.parts import Button, Card, IconLabel, emptied, reveal_inside
from ui.records.card_questions import RowQuestion
from ui.records.controls import chain
from ui.records.form_page import RecordFormPage

PAUSE = 400
"""Milliseconds after a change until the previous consultation is searched for."""
BEGINS = (
    (HELD, "It was held"),
    (NOBODY_CAME, "Nobody came"),
    (PLANNED, "It is planned"),
    (ASKED, "A team asked for it"),
)
"""The stages at which a consultation may begin, with their words."""


class PlanBefore(Card):
    """The open rows of the last consultation's plan; hidden if there are none.

    Signals:
        rebuilt(): the rows changed, or a question opened at one.
        answered(): the last row was answered while it had the focus.
    """

    rebuilt = Signal()
    answered = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__("Still open from the plan before")
        self.context = context
        self.record = ""
        self.question: RowQuestion | None = None
        self._opener: Button | None = None
        self._lines: tuple[PlanLine, ...] = ()
        self.table: PlanTable | None = None
        self._box = QVBoxLayout()
        self.body.addLayout(self._box)
        holder = QWidget()
        holder.hide()
        self.add(holder)  # so that the card has a body from the start
        self.hide()

    def follow(self, record: str) -> None:
        """Show the open rows of a consultation's plan; '' shows none."""
        self.record = record
        views = self.context.services.consultation_views

        def shown(day_and_lines: tuple[str, tuple[PlanLine, ...]]) -> None:
            if self.record == record:
                self._show(*day_and_lines)

        self.context.runner.read(lambda: views.open_plan(record), shown, context=self)

    def _show(self, day: str, lines: tuple[PlanLine, ...]) -> None:
        if lines == self._lines:
            return
        self._lines = lines
        self.close_question()
        held = next((at for at, button in enumerate(self.stops()) if holds_focus(button)), None)
        emptied(self._box)
        self.table = PlanTable(lines, may_answer=True, offer=self._offer)
        self.table.pressed.connect(self._answer)
        self._box.addWidget(self.table)
        if self.heading is not None:
            self.heading.setText(f"Still open from {day}" if day else "Still open from the plan before")
        if lines and held is None:
            announce(self, f"{len(lines)} still open from {day or 'the plan before'}")
        self.setVisible(bool(lines))
        self.table.show()  # now: the layout shows it later, and a hidden widget takes no focus
        self.rebuilt.emit()
        if held is not None:
            self._go_on(held)

    def _go_on(self, held: int) -> None:
        """Focus the row at the place of the answered one; send ``answered`` if no row is left."""
        buttons = self.stops()
        if buttons:
            focus(buttons[min(held - held % len(PRESSES), len(buttons) - 1)])
        else:
            self.answered.emit()

    def stops(self) -> list[QWidget]:
        """The widgets at which Tab stops, in reading order."""
        question_stops = stops(self.question) if self.question is not None else []
        return [*self.table.stops(), *question_stops] if self.table is not None and not self.isHidden() else []

    def _answer(self, row_id: str, answer: str) -> None:
        write_answer(self.context, self, self.record, row_id, answer, lambda: self.follow(self.record))

    def _offer(self, line: PlanLine, button: Button, place: QVBoxLayout) -> None:
        button.clicked.connect(partial(self._ask, line, button, place))

    def _ask(self, line: PlanLine, button: Button, place: QVBoxLayout) -> None:
        """Open the question below a row why it was not done."""
        self.close_question()
        self._opener = button
        services = self.context.services
        before = services.questions.draft(self.record, CONSULTATION.name, add_to(PLAN_ANSWERS, line.row))
        question = self.question = row_question(self.context, before)
        assert question is not None, "an answer to a plan has a question of its own"
        question.answered.connect(lambda: self.follow(self.record))
        question.closed.connect(self.close_question)
        place.addWidget(question)
        question.show()
        self.rebuilt.emit()
        question.go()
        reveal_inside(question)

    def close_question(self) -> None:
        """Remove the open question, and save what was typed into it."""
        question, self.question = self.question, None
        if question is not None:
            question.keeper.may_leave()
            now = self.window().focusWidget()
            if now is not None and question.isAncestorOf(now):
                focus(self._opener)
            question.hide()
            question.deleteLater()


class ConsultationFormPage(RecordFormPage):
    """The form of one consultation."""

    parts = {"text": SectionsPart, "attendees": AttendeesPart, "theme": WarnedTextPart, "plan": PlanPart}
    begins = BEGINS

    def __init__(self, context: Context, draft: Draft, at: str = "") -> None:
        super().__init__(context, draft, at)
        self._moves = self.is_amendment and not self._is_as_it_stands(draft)
        if self._moves:  # no reason is needed until an earlier answer is changed
            self.why_field.setVisible(bool(draft.why))
            if not draft.fields.get("previous"):  # else the earlier plan at the top comes first
                self._at = self._at or "held_on"
            self.did = "written up"
        self.reader = IconLabel("child", "", "body_strong", "ink")
        self.reader.setWordWrap(True)
        self.before = PlanBefore(context)
        self.below_title.addWidget(self.reader)
        self.above.addWidget(self.before)
        self.form.begins_with("began", "held_on")
        self.form.begins_with("ended", "began", "held_on")
        text = self.form.questions["text"]
        text.label.hide()
        self._named = ""
        self._about: tuple[str, ...] = ()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._follow)
        self.form.changed.connect(self._pause.start)
        theme = self.form.controls["theme"].part
        if isinstance(theme, WarnedTextPart):
            theme.warn = self._warn
            theme.look()
        self.before.rebuilt.connect(self._order)
        self.before.answered.connect(lambda: focus(self.rests_at()))
        self._order()
        self._follow()

    def begins_at(self) -> QWidget | None:
        """The first widget: for a consultation that is written up its day or the earlier plan, else as in every form."""
        if self._moves and not self._at:
            return self.form.first_focus()
        return super().begins_at()

    def _order(self) -> None:
        """Set the Tab order: the stage, the earlier plan, then the questions."""
        above = self.stages.members()[:1] if self.asks_stage() else []
        first = self.form.first_focus()
        chain([*above, *self.before.stops(), *([first] if first is not None else [])])
        self.form.carry_over({})  # puts the later questions after the first one

    def _is_as_it_stands(self, draft: Draft) -> bool:
        """Whether the record is already at the stage of the draft."""
        saved_record = self.services.store.get(draft.record)
        stage = CONSULTATION.stage_of(CONSULTATION.of(saved_record)) if saved_record is not None else ""
        return stage == CONSULTATION.stage_of(CONSULTATION.read(draft.fields))

    def _title(self) -> str:
        if self.is_amendment and not self._is_as_it_stands(self._draft):
            current = self.services.store.get(self._draft.record)
            return f"Write up: {CONSULTATION.title(current.fields if current is not None else self._draft.fields)}"
        return super()._title()

    def _read(self) -> Consultation:
        return CONSULTATION.read(self.form.fields())

    def stage_chosen(self, stage: str) -> None:
        """Set the stage and show its questions."""
        super().stage_chosen(stage)
        self._follow()

    def _warn(self, theme: str) -> tuple[str, str]:
        services = self.services
        named = services.consultations.doubts.named_in_theme(Consultation(about=THEME, theme=theme))
        return services.consultation_views.theme_warning(named), ""

    def _follow(self) -> None:
        """Show who could read the record, and find the previous consultation once its subject is known."""
        read = self._read()
        self.reader.set_look("child", self.services.consultation_views.reader(read), "ink")
        about = (read.stage, read.about, read.child, read.case, read.theme, read.team, str(read.held_on))
        if self.is_amendment and not self._moves:
            return
        if about == self._about:
            if read.previous not in ("", self._named):  # a person chose it
                self.before.follow(read.previous)
            return
        self._about = about
        consultations, record = self.services.consultations, self._draft.record

        def follow(last: Record | None) -> None:
            if self._about != about:
                return
            before, self._named = self._named, last.record if last is not None else ""
            now = self._read()
            if now.previous not in ("", before, self._named):  # a person chose it
                self.before.follow(now.previous)
                return
            names = self._named if was_held(now) else ""  # another one may be held before this one
            if now.previous != names:
                self.form.carry_over({"previous": names})
                self.autosave.note()
            self.before.follow(self._named)

        self.context.runner.read(lambda: consultations.previous(read, record), follow, context=self)

    def cares(self, changes: ChangeSet) -> bool:
        """Whether the previous consultation changed, whose plan is answered here."""
        return bool(self.before.record) and self.before.record in changes.records

    def refresh(self) -> None:
        """Read the open rows of the earlier plan again."""
        if self.before.record:
            self.before.follow(self.before.record)


class CaseFormPage(RecordFormPage):
    """The form of one case, which warns if another case has the same number."""

    parts = {"number": WarnedTextPart}

    def __init__(self, context: Context, draft: Draft, at: str = "") -> None:
        super().__init__(context, draft, at)
        number = self.form.controls["number"].part
        if isinstance(number, WarnedTextPart):
            number.warn = self._warn
            number.opened.connect(lambda record: self.context.open(record, CASE.name))
            number.look()

    def _warn(self, number: str) -> tuple[str, str]:
        return self.services.consultation_views.case_warning(Case(number=number), self._draft.record)
