"""The page that writes a consultation: one that a team asks for, that is planned, or that was held; and the page of a case.

The head of the form says who could read it one day. A new consultation opens with the rows of the last one's plan that are
still open, which are answered on the earlier record by a press. Saving, finishing and leaving are those of every draft.
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
"""Milliseconds after a change until the consultation before it is looked for."""
BEGINS = (
    (HELD, "It was held"),
    (NOBODY_CAME, "Nobody came"),
    (PLANNED, "It is planned"),
    (ASKED, "A team asked for it"),
)
"""At which stage a consultation is begun."""


class PlanBefore(Card):
    """The rows of the last consultation's plan that are still open; hidden while there are none.

    Signals:
        rebuilt(): other rows stand there, or a question is open at one.
        answered(): the last row that the focus was at is answered.
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
        self.add(holder)  # the card has a body from the beginning
        self.hide()

    def follow(self, record: str) -> None:
        """Show what is open of a consultation, '' for none."""
        self.record = record
        views = self.context.services.consultation_views

        def shown(found: tuple[str, tuple[PlanLine, ...]]) -> None:
            if self.record == record:
                self._show(*found)

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
        self.table.show()  # a layout shows what is put into it later, and what does not show takes no focus
        self.rebuilt.emit()
        if held is not None:
            self._go_on(held)

    def _go_on(self, held: int) -> None:
        """Have the focus at the row that stands in the place of the one that was answered."""
        buttons = self.stops()
        if buttons:
            focus(buttons[min(held - held % len(PRESSES), len(buttons) - 1)])
        else:
            self.answered.emit()

    def stops(self) -> list[QWidget]:
        """What Tab stops at, in reading order."""
        asked = stops(self.question) if self.question is not None else []
        return [*self.table.stops(), *asked] if self.table is not None and not self.isHidden() else []

    def _answer(self, row_id: str, answer: str) -> None:
        write_answer(self.context, self, self.record, row_id, answer, lambda: self.follow(self.record))

    def _offer(self, line: PlanLine, button: Button, place: QVBoxLayout) -> None:
        button.clicked.connect(partial(self._ask, line, button, place))

    def _ask(self, line: PlanLine, button: Button, place: QVBoxLayout) -> None:
        """Ask below the row why it was not done."""
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
        """Take the open question away; what was typed into it is kept."""
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
        if self._moves:  # its answers are reason enough until an earlier one is changed
            self.why_field.setVisible(bool(draft.why))
            if not draft.fields.get("previous"):  # else the plan before is read first, which stands at the top
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
        """What is written up begins at its day, or at the plan before it; every other as a form does."""
        if self._moves and not self._at:
            return self.form.first_focus()
        return super().begins_at()

    def _order(self) -> None:
        """Have Tab come from the stage to the plan before and on to the questions."""
        above = self.stages.members()[:1] if self.asks_stage() else []
        first = self.form.first_focus()
        chain([*above, *self.before.stops(), *([first] if first is not None else [])])
        self.form.carry_over({})  # what follows the first question goes with it

    def _is_as_it_stands(self, draft: Draft) -> bool:
        """Whether the record is at the stage of the draft already."""
        found = self.services.store.get(draft.record)
        stage = CONSULTATION.stage_of(CONSULTATION.of(found)) if found is not None else ""
        return stage == CONSULTATION.stage_of(CONSULTATION.read(draft.fields))

    def _title(self) -> str:
        if self.is_amendment and not self._is_as_it_stands(self._draft):
            current = self.services.store.get(self._draft.record)
            return f"Write up: {CONSULTATION.title(current.fields if current is not None else self._draft.fields)}"
        return super()._title()

    def _read(self) -> Consultation:
        return CONSULTATION.read(self.form.fields())

    def stage_chosen(self, stage: str) -> None:
        """Ask what a consultation at this stage answers."""
        super().stage_chosen(stage)
        self._follow()

    def _warn(self, theme: str) -> tuple[str, str]:
        services = self.services
        named = services.consultations.doubts.named_in_theme(Consultation(about=THEME, theme=theme))
        return services.consultation_views.theme_warning(named), ""

    def _follow(self) -> None:
        """Say who could read it, and find the consultation before it once it is known what it is about."""
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

        def found(last: Record | None) -> None:
            if self._about != about:
                return
            before, self._named = self._named, last.record if last is not None else ""
            now = self._read()
            if now.previous not in ("", before, self._named):  # a person chose it
                self.before.follow(now.previous)
                return
            names = self._named if was_held(now) else ""  # another may be held before this one is
            if now.previous != names:
                self.form.carry_over({"previous": names})
                self.autosave.note()
            self.before.follow(self._named)

        self.context.runner.read(lambda: consultations.previous(read, record), found, context=self)

    def cares(self, changes: ChangeSet) -> bool:
        """The consultation before it, whose plan is answered here."""
        return bool(self.before.record) and self.before.record in changes.records

    def refresh(self) -> None:
        """Read again what is still open."""
        if self.before.record:
            self.before.follow(self.before.record)


class CaseFormPage(RecordFormPage):
    """The form of one case, which says where another case has the same number."""

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
