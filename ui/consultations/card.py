"""The card of a consultation: what is due, who came, the formulation in boxes, the plan with its buttons, who has the page.

The rest of the record and its history are below, as on every record's card. A press writes a row at once, or opens a question
in the card if it needs words. Must not decide what a press does.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.documents.consultation import case_file_text, consultation_page
from hipss_desktop.kinds.catalogue import kind_named, may_write
from hipss_desktop.kinds.consultation import (
    AGREED_RECORD,
    ASKED,
    CANCELLED,
    CONSULTATION,
    HELD,
    NOBODY_CAME,
    NOT_DONE,
    PLAN_ANSWERS,
    PLANNED,
    SENT,
    TOLD,
)
from hipss_desktop.records.fields import Fields
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.questions import ADD, MOVE, add_to, move_to, parted, row_asked
from hipss_desktop.views.consultations import OLD, ConsultationView, GivenLine, PlanLine, Twin
from hipss_desktop.views.record import Growing, Line, RecordView
from ui.base.clipboard import copy_for_a_minute
from ui.base.focus import tab_in_reading_order
from ui.base.page import Context
from ui.consultations.formulation import WrittenText
from ui.consultations.plan_table import PlanTable
from ui.consultations.stage_question import StageQuestion
from ui.parts import Button, Heading, IconLabel, LinkButton, Tag, column, grows, label, row, tone_named
from ui.records.card_questions import CardQuestion, RowAsked, RowQuestion, any_row
from ui.records.record_lines import RecordLines
from ui.records.record_page import RecordCard, flow

OWN = ("attendees", "text", "plan", PLAN_ANSWERS, SENT, AGREED_RECORD)
"""The answers that this card shows in its own parts instead of the lines below."""
NEXT = {
    ASKED: (PLANNED, HELD, CANCELLED),
    PLANNED: (HELD, PLANNED, NOBODY_CAME, CANCELLED),
    CANCELLED: (PLANNED, HELD),
    NOBODY_CAME: (PLANNED, HELD),
}
"""The stages that a press leads to from each stage; a planned one may get another day. Writing it up corrects a wrong press."""
ICONS = {PLANNED: "calendar", HELD: "pen", CANCELLED: "x", NOBODY_CAME: "users"}
PAGE = "Page for those who came"
COPIED = "Copied for the case file. It stays in the clipboard for a minute."
SAID_SAME = "They count as one: the record that was begun first. Both stay to be read."
MOST_CHIPS = 8
"""The most people that are shown as chips; the others are listed in one line of words."""


class ConsultationCard(RecordCard):
    """The card. ``show_both`` shows a consultation; any other record is shown as on the common card."""

    consultation: ConsultationView | None = None
    """The view of the present consultation, or of the next one to show."""
    _last: ConsultationView | None = None

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.asking.connect(self._order)

    def _order(self) -> None:
        """Set the Tab order to the reading order, so that an open question is reached at its place."""
        inside = self.area.widget()
        if inside is not None:
            tab_in_reading_order(inside)

    def show_both(self, view: RecordView | None, consultation: ConsultationView | None) -> None:
        """Show a record together with its view as a consultation."""
        self.consultation = consultation
        self.show_view(view)

    def show_view(self, view: RecordView | None, *, anew: bool = False) -> None:
        """Show a record with the view of the consultation, whose head says more than its day."""
        known = self.consultation
        if view is not None and known is not None and known.record == view.record:
            view = replace(view, when=" · ".join(part for part in (known.head, known.waited) if part))
        anew, self._last = anew or known != self._last, known
        super().show_view(view, anew=anew)

    def go_print(self) -> None:
        """Preview the page for those who came, or the page with the history if the consultation was not held."""
        view, shown = self.view, self.consultation
        held = view is not None and shown is not None and shown.record == view.record and shown.held
        if view is not None and held and view.counts and not view.withdrawn and not view.needs_decision:
            self.context.go("consultation_page", record=view.record)
        else:
            super().go_print()

    def lines(self, view: RecordView) -> QWidget:
        """The parts of a consultation, then its other answers."""
        shown = self.consultation
        if shown is None or shown.record != view.record:
            return super().lines(view)
        own = [unit for unit in OWN if not _stands_apart(view.lines, unit)]
        rest = replace(
            view,
            groups=tuple(
                replace(group, lines=tuple(line for line in group.lines if line.unit not in own))
                for group in view.groups
            ),
            growing=tuple(growing for growing in view.growing if growing.unit == TOLD),
        )
        holder = QWidget()
        self._parts = column(gap=12)
        holder.setLayout(self._parts)
        grows(holder)
        self._add_parts(view, shown)
        self._parts.addWidget(RecordLines(rest, self._link, self._offer_told))
        return holder

    def _add_parts(self, view: RecordView, shown: ConsultationView) -> None:
        for due_tag in shown.due:
            icon, tone = (due_tag.icon, due_tag.tone) if due_tag.tone in ("amber", "risk") else (due_tag.icon, "ink")
            due = IconLabel(icon, due_tag.words, "body_strong", tone)
            due.setWordWrap(True)
            self._parts.addWidget(due)
        may = view.counts and not view.withdrawn and may_write(self.context.services.store.seat.role, CONSULTATION.name)
        self._add_twins(shown, may=may)
        if not shown.held and may:
            self._offer_moves(shown)
        if shown.attendees or shown.missed:
            self._parts.addWidget(_people(shown))
        if shown.held:
            written = [part for line in view.lines for part in line.paragraphs]
            changed = {part.id for part in written if part.changed}
            # If all of the text is new, it is not underlined, because that would be hard to read.
            self._parts.addWidget(WrittenText(shown.boxes, changed if len(changed) < len(written) else ()))
            self._add_plan(shown, may=may)
            self._add_page(shown, may=may)

    def _add_twins(self, shown: ConsultationView, *, may: bool) -> None:
        """Add links to another record of the same consultation, and the button "They are one"."""
        if shown.counts_as is not None:
            self._parts.addWidget(label("This is counted once, in another record:", wrap=True))
            self._parts.addWidget(flow([self._link_to(shown.counts_as)]))
        for twin in shown.may_be:
            self._parts.addWidget(IconLabel("merge", "This may be written twice", "body_strong", "amber"))
            beside: list[QWidget] = [self._link_to(twin)]
            if may:
                same = Button("They are one", icon="merge", size=28)
                same.setAccessibleName(f"They are one, with the one by {twin.words}")
                same.clicked.connect(partial(self._say_same, shown.record, twin.record))
                beside.append(same)
            self._parts.addWidget(flow(beside))

    def _link_to(self, twin: Twin) -> QWidget:
        link = LinkButton(f"Written by {twin.words}")
        link.clicked.connect(partial(self.context.open, twin.record, CONSULTATION.name))
        return link

    def _say_same(self, record: str, other: str) -> None:
        context = self.context
        context.runner.write(
            lambda: context.services.twice_written.same(record, other),
            lambda _: context.done(SAID_SAME),
            context=self,
            failed=lambda error: context.say(str(error)),
        )

    def _offer_moves(self, shown: ConsultationView) -> None:
        """Add the buttons to the next stages; questions open below them."""
        below = column(gap=8)
        buttons: list[QWidget] = []
        for code in NEXT.get(shown.stage, ()):
            stage = CONSULTATION.stage_named(code)
            assert stage is not None, "each of them is described"
            button = Button(stage.press(shown.stage), icon=ICONS[code], size=36)
            if code == HELD:
                button.clicked.connect(partial(self._write_up, shown.record))
            elif stage.asks:
                self._open_with(move_to(code), button, below)
            else:
                button.clicked.connect(partial(self._move, shown.record, code))
            buttons.append(button)
        self._parts.addWidget(flow(buttons))
        self._parts.addLayout(below)

    def _move(self, record: str, code: str) -> None:
        context = self.context
        context.runner.write(
            lambda: context.services.consultations.move(record, code, {}),
            lambda _: context.done(CONSULTATION.stage_label(code)),
            context=self,
            failed=lambda error: context.say(str(error)),
        )

    def _write_up(self, record: str) -> None:
        context = self.context
        context.runner.read(
            lambda: context.services.consultations.write_up(record),
            lambda draft: context.go("draft", draft=draft),
            context=self,
            failed=lambda error: context.say(str(error)),
        )

    def _add_plan(self, shown: ConsultationView, *, may: bool) -> None:
        if not shown.plan:
            return
        self._parts.addWidget(Heading("Agreed plan", 3, style="body_strong"))

        def offer(line: PlanLine, button: Button, place: QVBoxLayout) -> None:
            self._open_with(add_to(PLAN_ANSWERS, line.row), button, place)

        table = PlanTable(shown.plan, may_answer=may, offer=offer)
        table.pressed.connect(partial(self._answer, shown))
        self._parts.addWidget(table)

    def _add_page(self, shown: ConsultationView, *, may: bool) -> None:
        self._parts.addWidget(Heading("The page", 3, style="body_strong"))
        if shown.page_holders:
            self._parts.addWidget(_given_lines("Given to", shown.page_holders))
        if shown.agreed:
            self._parts.addWidget(_given_lines("Agreed as a true record by", shown.agreed))
        paper = Button(PAGE, icon="file", size=28)
        paper.clicked.connect(self.go_print)
        copy = Button("Copy for the case file", icon="copy", size=28)
        copy.clicked.connect(partial(self._copy, shown.record))
        if not may:
            self._parts.addWidget(flow([paper, copy]))
            return
        give = Button("Write down who has it", icon="plus", size=28)
        agree = Button("Write down who agreed", icon="plus", size=28)
        below, after = column(gap=8), column(gap=8)
        self._parts.addWidget(flow([paper, copy, give, agree]))
        self._parts.addLayout(below)
        self._parts.addLayout(after)
        self._open_with(add_to(SENT), give, below)
        self._open_with(add_to(AGREED_RECORD), agree, after)

    def _open_with(self, question_name: str, button: Button, place: QVBoxLayout) -> None:
        """Make a button open a question at a place."""
        button.clicked.connect(lambda: self.ask(question_name))
        self._openers[question_name], self._places[question_name] = button, place

    def _offer_told(self, growing: Growing, place: QVBoxLayout) -> None:
        self.offer(add_to(growing.unit), Button(growing.adds, icon="plus", size=28), place)

    def _answer(self, shown: ConsultationView, row_id: str, answer: str) -> None:
        write_answer(self.context, self, shown.record, row_id, answer)

    def _copy(self, record: str) -> None:
        context = self.context

        def text() -> str:
            page = consultation_page(context.services, record)
            context.services.consultations.page_made(record, page.digests)
            return case_file_text(page)

        def copied(words: str) -> None:
            copy_for_a_minute(words)
            context.done(COPIED)

        context.runner.write(text, copied, context=self, failed=lambda error: context.say(str(error)))

    def question_of(self, before: Draft) -> CardQuestion:
        """Return the question of a stage, a row of the plan, or who has or agreed to the page; else that of every card."""
        if parted(before.question)[0] == MOVE and before.kind == CONSULTATION.name:
            return StageQuestion(self.context, before)
        return row_question(self.context, before) or super().question_of(before)


def write_answer(
    context: Context, page: QWidget, record: str, row_id: str, answer: str, then: Callable[[], None] = lambda: None
) -> None:
    """Write the answer to a row of a plan after a press, then call ``then``."""
    consultations = context.services.consultations
    words = CONSULTATION.by_name[PLAN_ANSWERS].rows
    answer_label = next(inner for inner in words if inner.name == "answer").choices.label(answer)

    def done(_: object) -> None:
        context.done(f"Written down: {answer_label.lower()}")
        then()

    context.runner.write(
        lambda: consultations.answer(record, row_id, answer),
        done,
        context=page,
        failed=lambda error: context.say(str(error)),
    )


def row_question(context: Context, before: Draft) -> RowQuestion | None:
    """The question of a row to which a consultation adds more than is typed; None for any other question."""
    does, unit = parted(before.question)
    if does != ADD or before.kind != CONSULTATION.name:
        return None
    if unit == PLAN_ANSWERS:
        return NotDoneQuestion(context, before)
    return GivenQuestion(context, before) if unit in (SENT, AGREED_RECORD) else None


class NotDoneQuestion(RowQuestion):
    """The question why a row of the plan was not done, and when somebody asked."""

    def __init__(self, context: Context, before: Draft) -> None:
        described = kind_named(before.kind).by_name[PLAN_ANSWERS]
        fields = [inner for inner in described.rows if inner.name in ("asked_on", "because")]
        begins = {
            "plan": row_asked(before.question),
            "answer": NOT_DONE,
            "asked_on": context.services.consultations.today().isoformat(),
        }
        super().__init__(
            context,
            before,
            RowAsked("Not done", "Not done", "Write it down", "Written down: not done", fields, begins, keycap="Enter"),
        )

    def work(self, answers: Fields) -> Callable[[], object]:
        """The call that writes the answer; it is refused if the row was answered and closed meanwhile."""
        consultations, record, question = self.context.services.consultations, self.record, self.before.question
        because, asked_on = str(answers.get("because") or ""), times.day(str(answers["asked_on"]))
        row_id = row_asked(question)
        return lambda: consultations.answer(
            record, row_id, NOT_DONE, because=because, asked_on=asked_on, question=question
        )


class GivenQuestion(RowQuestion):
    """The question who was given the page, or agreed to it; the row names the versions that the page was made from."""

    def __init__(self, context: Context, before: Draft) -> None:
        _, unit = parted(before.question)
        described = kind_named(before.kind).by_name[unit]
        usual = any_row(described, context.services.clock())
        begins = dict(usual.begins_with)
        if unit == AGREED_RECORD:
            begins["on"] = context.services.consultations.today().isoformat()
        shown = [inner for inner in described.rows if inner.name != "of"]
        super().__init__(context, before, replace(usual, fields=shown, begins_with=begins))

    def work(self, answers: Fields) -> Callable[[], object]:
        """The call that writes the row with the versions of the page; an empty row is refused."""
        consultations, record, add = self.context.services.consultations, self.record, super().work
        _, unit = parted(self.before.question)
        if not self._is_answered(answers):
            return add(answers)

        def write_row() -> object:
            return add({**answers, "of": list(consultations.version_given(record, unit))})()

        return write_row


def _stands_apart(lines: Sequence[Line], unit: str) -> bool:
    """Whether an answer must be among the lines, because it has two versions or is partly unreadable."""
    for line in lines:
        if line.unit == unit:
            cells = line.table.rows if line.table is not None else ()
            unread = any(cell.unreadable for cells_of in cells for cell in cells_of)
            return bool(
                line.undecided
                or line.unreadable
                or unread
                or any(paragraph.unreadable for paragraph in line.paragraphs)
            )
    return False


def _people(shown: ConsultationView) -> QWidget:
    """The people who came, as chips, and those who did not."""
    icon = IconLabel("users", "Came", "small_strong", "muted")
    chips: list[QWidget] = [Tag("", words) for words in shown.attendees[:MOST_CHIPS]]
    more = shown.attendees[MOST_CHIPS:]
    holder = QWidget()
    parts: list[QWidget] = [flow([icon, *chips])] if chips else []
    if more:
        parts.append(label(", ".join(more), "small", "muted", wrap=True))
    parts += [label(words, "small", "muted", wrap=True) for words in shown.missed]
    holder.setLayout(column(*parts, gap=4))
    grows(holder)
    return holder


def _given_lines(title: str, lines: Sequence[GivenLine]) -> QWidget:
    """The people who have the page or agreed to it, each with a tag if the consultation was amended since."""
    holder = QWidget()
    box = column(label(title, "small_strong", "muted"), gap=4)
    for line in lines:
        words = label(", ".join(part for part in (line.who, line.how) if part), wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.addWidget(words)
        if line.old:
            box.addLayout(row(Tag("history", OLD, tone_named("amber")), None))
    holder.setLayout(box)
    grows(holder)
    return holder
