"""The guide for a child who is not home: running times, nine steps in any order, the visible pack, and the return.

``views.missing_guide`` makes the words. Each answer is a row that ``services.missing_guide`` adds at once. Running times are
never announced.
"""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, PACK
from hipss_desktop.kinds.missing_pack import MISSING_PACK
from hipss_desktop.services.people import Person, cares_about_people
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.missing_guide import RETURN, GuideView
from ui.base.focus import focus
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.missing.in_the_house import InTheHouse
from ui.missing.notices import GuideNotices
from ui.missing.pack_card import PackCard
from ui.missing.question import HOUSE, question_name, step_of
from ui.missing.running_times import RunningTimes
from ui.missing.step_questions import StepQuestions
from ui.missing.steps import StepList
from ui.parts import (
    Button,
    EmptyState,
    Heading,
    Tag,
    TitleLine,
    column,
    label,
    row,
    tone_named,
    turn,
)
from ui.records.controls import chain
from ui.records.record_page import Scroller, flow
from ui.theme import theme_of

SIDE_BY_SIDE = 900
"""From this width on (pixels at 100 % text size) the steps and the pack are side by side."""
READ_OUT = "read_it_out"
"""The route of the page for reading the pack out."""
POLICE_PAGE = "police_page"
"""The route of the preview of the printed page for the police."""


class GuidePage(Page):
    """The guide of one episode; ``question`` names the question that is being answered, '' for none."""

    rail = "on_call"
    changes_by_itself = True

    def __init__(self, context: Context, record: str, question: str = "") -> None:
        super().__init__(context)
        self.record, self._asks = record, question
        self.view: GuideView | None = None
        self.caller: Person | None = None
        self._begun = False
        role = self.services.store.seat.role
        self._may_write = may_write(role, MISSING_EPISODE.name)
        self.title = Heading("Child not home", 1)
        self.clock = label("", "body", "muted")
        self._head = flow([self.title])
        self._head_line = row(gap=16)
        self._head_line.addWidget(self._head, 1)
        self._head_line.addWidget(self.clock, 0, Qt.AlignmentFlag.AlignVCenter)
        self.notices = GuideNotices(context, may_write=self._may_write)
        self.times = RunningTimes()
        self.steps = StepList()
        self.house = InTheHouse()
        self.pack = PackCard(may_write=may_write(role, MISSING_PACK.name))
        self.gone = EmptyState(
            "This record is not on this laptop", "It may come with the next sync.", icon="inbox", framed=True
        )
        for part in (self.gone, self.times, self.steps, self.house, self.pack):
            part.hide()  # until they are read, so that they do not take the focus
        self._lay_out()
        self.questions = StepQuestions(context, self.area, self.steps, self.house, may_write=self._may_write)
        self._bar = self._actions()
        self._connect()

    def _lay_out(self) -> None:
        left, head = QWidget(), QWidget()
        left.setLayout(column(self.steps, self.house, None, gap=16))
        head.setLayout(self._head_line)
        self._columns = row(gap=16)
        self._columns.addWidget(left, 668)
        self._columns.addWidget(self.pack, 458)
        self.inside = QWidget()
        inner = column(gap=16, margins=(20, 0, 20, 16))
        inner.addWidget(self.notices)
        inner.addWidget(self.times)
        inner.addLayout(self._columns)
        inner.addWidget(self.gone)
        inner.addStretch(1)
        self.inside.setLayout(inner)
        self.area = Scroller(self.title.text())
        self.area.setWidget(self.inside)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 16, 0, 0)
        box.setSpacing(12)
        box.addLayout(column(TitleLine(head), margins=(20, 0, 20, 0)))
        box.addWidget(self.area, 1)

    def _actions(self) -> QWidget:
        self.back_button = Button("Is back", icon="home", keycap="Ctrl+B")
        self.log_button = Button("Log a contact", icon="phonecall", keycap="Ctrl+N")
        self.whole_button = Button("Whole record", icon="history")
        bar = flow([self.back_button, self.log_button, self.whole_button])
        bar.setAccessibleName("Actions")
        self.log_button.setVisible(may_write(self.services.store.seat.role, CONTACT.name))
        return bar

    def _connect(self) -> None:
        go = self.context.go
        self.steps.chosen.connect(self.open_step)
        self.house.add_button.clicked.connect(partial(self.open_step, HOUSE))
        self.notices.back.connect(partial(self.open_step, RETURN))
        self.questions.changed.connect(self._show_steps)
        self.questions.answered.connect(self._answered)
        self.questions.read_out.connect(self.read_out)
        self.questions.print_pack.connect(self.print_pack)
        self.pack.wanted.connect(self._write_pack)
        self.back_button.clicked.connect(self._is_back)
        self.log_button.clicked.connect(lambda: go("log_contact", **self.call_about()))
        self.whole_button.clicked.connect(lambda: go("record", record=self.record))
        bind(self, "Ctrl+B", self._is_back)
        bind(self, "Ctrl+R", self.read_out)
        bind(self, "Ctrl+P", self.print_pack)
        bind(self, "Ctrl+E", lambda: go("amend", record=self.record))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self.questions.give)

    # Showing

    def footer(self) -> QWidget | None:
        """The action bar: the child is back, log a contact, the record with its history."""
        return self._bar

    def cares(self, changes: ChangeSet) -> bool:
        """Whether a change may alter the guide: any episode, pack or contact, or people."""
        kinds = {MISSING_EPISODE.name, MISSING_PACK.name, CONTACT.name}
        return bool(changes.kinds & kinds) or cares_about_people(changes)

    def refresh(self) -> None:
        """Read the guide again."""
        services, record = self.services, self.record

        def read() -> tuple[GuideView | None, Person | None]:
            view = services.missing_guides.view(record)
            household = services.households.household(view.carer) if view is not None and view.carer else None
            return view, household.caller if household is not None else None

        self.context.runner.read(read, self._show, context=self)

    def _show(self, shown: tuple[GuideView | None, Person | None]) -> None:
        view, self.caller = shown
        now = self.services.clock()
        self.gone.setVisible(view is None)
        for part in (self.times, self.steps, self.house, self.pack):
            part.setVisible(view is not None)
        self.clock.setText(f"{times.with_zone(now)}, {times.full_day(times.local_day(now))}")
        if view is None:
            return
        before, self.view = self.view, view
        if before is not None and self._was_done_elsewhere(before, view):
            self.questions.close()  # as after ‘All read’, so that the next step opens
            self._asks, self._begun = "", False
        if before is None or (before.said_back, before.same) != (view.said_back, view.same):
            self.notices.show_view(view)  # only then, or a focused button would lose the focus each minute
        if view != before:
            self._show_head(view)
            self.times.show_times(view.clocks)
            self.pack.show_pack(view.pack)
            self.house.show_lines(view.in_the_house)
        self._show_steps()
        self.house.add_button.setVisible(self._may_write and view.open)
        self.back_button.setText(f"{view.name} is back")
        self.back_button.setVisible(self._may_write and view.open)
        if self.questions.question is not None:
            self.questions.question.pass_time(now)
        self._fit()
        if not self._begun:
            self._begun = True
            self._begin()

    def _was_done_elsewhere(self, before: GuideView, view: GuideView) -> bool:
        """Whether the open step was done on another screen or laptop, and nothing is typed into it here."""
        question = self.questions.question
        if question is not None and question.keeper.is_begun():
            return False
        newly = {step.code for step in view.steps if step.done} - {step.code for step in before.steps if step.done}
        return (self.questions.step or step_of(self._asks)) in newly

    def _show_head(self, view: GuideView) -> None:
        name = f"{view.name} · {view.age}" if view.age else view.name
        status = view.status
        stands = Tag(status.icon, status.words, tone_named(status.tone)) if status is not None else Tag("check", "Back")
        self.title = Heading("Child not home", 1)
        fresh = flow([self.title, label(name, "body_strong"), label(view.local_id, "body", "muted", ids=True), stands])
        self._head_line.replaceWidget(self._head, fresh)
        self._head_line.setStretch(0, 1)
        self._head.hide()
        self._head.deleteLater()
        self._head = fresh

    def _show_steps(self) -> None:
        if self.view is not None:
            view, questions = self.view, self.questions
            self.steps.show_steps(view.steps, view.done, open_step=questions.step, current=view.current)
            self._order()

    def _order(self) -> None:
        """Set the Tab order to the reading order, including widgets made later."""
        order: list[QWidget] = [*self.notices.buttons()]
        for step, step_row in self.steps.rows.items():
            order += [step_row, *self.questions.tab_stops(step)]
        order += [self.house.add_button, *self.questions.tab_stops(HOUSE)]
        chain([*order, self.pack.write, *self._bar.findChildren(Button)])

    def _begin(self) -> None:
        """Open the step that was being answered, else the next one to do, and focus its first question."""
        assert self.view is not None, "the guide is shown"
        asks, self._asks = self._asks, ""
        step = step_of(asks)
        if asks and step not in (*self.steps.rows, HOUSE):
            self.context.go("record", record=self.record, question=asks)
            return
        now = self.window().focusWidget()
        moves = now is None or self.isAncestorOf(now)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # from now on the widgets inside take the focus
        self.questions.open(step or self.view.current, self.view)
        if moves and not (step and self.questions.type_on()):
            focus(self.first_focus())

    def first_focus(self) -> QWidget | None:
        """The first widget of the open step, else the first step; the whole page until it is read."""
        return self.questions.begins_at() or next(iter(self.steps.rows.values()), self.area)

    # Steps

    def open_step(self, step: str) -> None:
        """Open and focus the question of a step; close the question that was open."""
        if self.view is not None:
            self.questions.open(step, self.view)
        self.questions.go()

    def _answered(self) -> None:
        """Close the question and read the guide again, which then opens the next step to do."""
        self.questions.close()
        self._begun = False
        self.refresh()

    def _is_back(self) -> None:
        if self.view is not None and self.view.open:
            self.open_step(RETURN)

    # Opening other pages

    def read_out(self) -> None:
        """Open the page for reading the pack out to the police. It shows what was typed into the step of the pack."""
        if self.questions.step == PACK:
            self._asks, self._begun = question_name(PACK), False
            self.questions.close()
        self.context.go(READ_OUT, record=self.record)

    def print_pack(self) -> None:
        """Open the preview of the page for the police."""
        self.context.go(POLICE_PAGE, record=self.record)

    def _write_pack(self) -> None:
        view = self.view
        if view is None:
            return
        back = {"route": "missing_guide", "record": self.record}
        if view.pack.record:
            self.context.go("amend", record=view.pack.record, back=back)
        else:
            draft = self.services.records.new_draft(MISSING_PACK.name, {"child": view.child})
            self.context.go("record_form", draft=draft, back=back)

    def call_about(self) -> dict[str, Any]:
        """The caller and child of a call that begins here: the household and its child."""
        child = self.view.child if self.view is not None else ""
        return {name: value for name, value in (("caller", self.caller), ("child", child)) if value}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.questions.typing_in(self.focusWidget()):
            self.questions.leave()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        turn(self._columns, beside=self.width() >= theme_of(self).px(SIDE_BY_SIDE))
