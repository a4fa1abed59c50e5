"""The guide for a child who is not home: running times, nine steps in any order, the pack in view, and the way back home.

Everything it says is worded by ``views.missing_guide``. Each answer is a row that ``services.missing_guide`` adds at once.
Running times are never announced.
"""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QBoxLayout, QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, PACK
from hipss_desktop.kinds.missing_pack import MISSING_PACK
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.people import Person, cares_about_people
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.missing_guide import RETURN, GuideView
from ui.base.focus import focus
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.missing.pack_card import PackCard
from ui.missing.question import HOUSE, GuideQuestion, asked_of, step_of
from ui.missing.running_times import RunningTimes
from ui.missing.steps import StepList
from ui.parts import (
    Banner,
    Bullets,
    Button,
    Card,
    EmptyState,
    Heading,
    LinkButton,
    PrimaryButton,
    Tag,
    TitleLine,
    column,
    grows,
    label,
    reveal,
    row,
    tone_named,
)
from ui.records.controls import chain
from ui.records.record_page import Scroller, flow
from ui.theme import theme_of

MINUTE = 60_000
SIDE_BY_SIDE = 900
"""From this width on (pixels at 100 % text size) the steps and the pack stand beside each other."""
READ_OUT = "read_it_out"
"""The route of the page on which the pack is read out."""
POLICE_PAGE = "police_page"
"""The route of the page for the police as it is printed."""


class InTheHouse(Card):
    """Who is in the house too and whether they are safe."""

    def __init__(self) -> None:
        super().__init__("Also in the house")
        self._lines = Bullets("Also in the house", ())
        self.add_button = Button("Add who is in the house", icon="plus", size=28)
        self.place = QVBoxLayout()
        self.add(self._lines)
        self.body.addLayout(row(self.add_button, None))
        self.body.addLayout(self.place)

    def show_lines(self, lines: tuple[str, ...]) -> None:
        """Show who is there."""
        fresh = Bullets("Also in the house", lines or ("Nobody was written down",))
        self.body.replaceWidget(self._lines, fresh)
        self._lines.hide()
        self._lines.deleteLater()
        self._lines = fresh


class GuidePage(Page):
    """The guide of one episode; ``question`` names the question in it that is being answered, '' for none."""

    rail = "on_call"

    def __init__(self, context: Context, record: str, question: str = "") -> None:
        super().__init__(context)
        self.record, self._asks = record, question
        self.view: GuideView | None = None
        self.caller: Person | None = None
        self.question: GuideQuestion | None = None
        self._begun = False
        role = self.desk.store.seat.role
        self._may_write = may_write(role, MISSING_EPISODE.name)
        self.title = Heading("Child not home", 1)
        self.clock = label("", "body", "muted")
        self._head = flow([self.title])
        self._head_line = row(gap=16)
        self._head_line.addWidget(self._head, 1)
        self._head_line.addWidget(self.clock, 0, Qt.AlignmentFlag.AlignVCenter)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(8)
        self.times = RunningTimes()
        self.steps = StepList()
        self.house = InTheHouse()
        self.pack = PackCard(may_write=may_write(role, MISSING_PACK.name))
        self.gone = EmptyState(
            "This record is not on this laptop", "It may come with the next sync.", icon="inbox", framed=True
        )
        for part in (self.gone, self.times, self.steps, self.house, self.pack):
            part.hide()  # until it is read what they show, so that nothing in them takes the focus
        self._lay_out()
        self._bar = self._actions()
        self._connect()
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE)
        self._minute.timeout.connect(self.refresh)

    def _lay_out(self) -> None:
        left, head = QWidget(), QWidget()
        left.setLayout(column(self.steps, self.house, None, gap=16))
        head.setLayout(self._head_line)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._columns.addWidget(left, 668)
        self._columns.addWidget(self.pack, 458)
        self.inside = QWidget()
        inner = column(gap=16, margins=(20, 0, 20, 16))
        inner.addLayout(self._notices)
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
        self.log_button.setVisible(may_write(self.desk.store.seat.role, CONTACT.name))
        return bar

    def _connect(self) -> None:
        go = self.context.go
        self.steps.chosen.connect(self.open_step)
        self.house.add_button.clicked.connect(partial(self.open_step, HOUSE))
        self.pack.wanted.connect(self._write_pack)
        self.back_button.clicked.connect(self._is_back)
        self.log_button.clicked.connect(lambda: go("log_contact", **self.call_about()))
        self.whole_button.clicked.connect(lambda: go("record", record=self.record))
        bind(self, "Ctrl+B", self._is_back)
        bind(self, "Ctrl+R", self.read_out)
        bind(self, "Ctrl+P", self.print_pack)
        bind(self, "Ctrl+E", lambda: go("amend", record=self.record))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self._give)

    # What it shows

    def footer(self) -> QWidget | None:
        """The child is back, log a contact, the record with its history."""
        return self._bar

    def cares(self, changes: ChangeSet) -> bool:
        """Any episode, pack or contact, and the people whom they name."""
        kinds = {MISSING_EPISODE.name, MISSING_PACK.name, CONTACT.name}
        return bool(changes.kinds & kinds) or cares_about_people(changes)

    def refresh(self) -> None:
        """Read the guide again."""
        desk, record = self.desk, self.record

        def read() -> tuple[GuideView | None, Person | None]:
            view = desk.missing_guides.view(record)
            household = desk.households.household(view.carer) if view is not None and view.carer else None
            return view, household.caller if household is not None else None

        self.context.runner.read(read, self._show, context=self)

    def _show(self, shown: tuple[GuideView | None, Person | None]) -> None:
        view, self.caller = shown
        now = self.desk.clock()
        self.gone.setVisible(view is None)
        for part in (self.times, self.steps, self.house, self.pack):
            part.setVisible(view is not None)
        self.clock.setText(f"{times.with_zone(now)}, {times.full_day(times.local_day(now))}")
        if view is None:
            return
        before, self.view = self.view, view
        if before is None or (before.said_back, before.same) != (view.said_back, view.same):
            self._show_notices(view)  # else a button in one of them would lose the focus each minute
        if view != before:
            self._show_head(view)
            self.times.show_times(view.clocks)
            self.pack.show_pack(view.pack)
            self.house.show_lines(view.in_the_house)
        self._show_steps()
        self.house.add_button.setVisible(self._may_write and view.open)
        self.back_button.setText(f"{view.name} is back")
        self.back_button.setVisible(self._may_write and view.open)
        if self.question is not None:
            self.question.pass_time(now)
        self._fit()
        if not self._begun:
            self._begun = True
            self._begin()

    def _show_head(self, view: GuideView) -> None:
        name = f"{view.name} · {view.age}" if view.age is not None else view.name
        status = view.status
        stands = Tag(status.icon, status.words, tone_named(status.tone)) if status is not None else Tag("check", "Back")
        self.title = Heading("Child not home", 1)
        fresh = flow([self.title, label(name, "body_strong"), label(view.local_id, "body", "muted", ids=True), stands])
        self._head_line.replaceWidget(self._head, fresh)
        self._head_line.setStretch(0, 1)
        self._head.hide()
        self._head.deleteLater()
        self._head = fresh

    def _show_notices(self, view: GuideView) -> None:
        while (item := self._notices.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if view.said_back and self._may_write:
            enter = Button("Enter the return", size=28)
            enter.clicked.connect(partial(self.open_step, RETURN))
            self._notices.addWidget(
                Banner(f"Is {view.name} back?", f"{view.said_back}.", tone="amber", icon="home", actions=(enter,))
            )
        for other, words in view.same:
            one, shows = Button("They are one", size=28), LinkButton("Open the other")
            one.clicked.connect(partial(self._same, other))
            shows.clicked.connect(partial(self.context.open, other, MISSING_EPISODE.name))
            actions = (shows, one) if self._may_write else (shows,)
            title = f"Another guide for {view.name} goes on."
            self._notices.addWidget(Banner(title, f"{words}.", tone="amber", icon="merge", actions=actions))

    def _show_steps(self) -> None:
        if self.view is not None:
            open_step = self.question.step if self.question is not None else ""
            self.steps.show_steps(self.view.steps, self.view.done, open_step=open_step, current=self.view.current)
            self._order()

    def _order(self) -> None:
        """Tab goes in reading order, also through what was made later."""
        question = self.question
        order: list[QWidget] = [
            button for notice in self.findChildren(Banner) for button in notice.findChildren(QAbstractButton)
        ]
        for step, step_row in self.steps.rows.items():
            order += [step_row, *(question.tab_stops() if question is not None and question.step == step else ())]
        order += [self.house.add_button]
        order += question.tab_stops() if question is not None and question.step == HOUSE else ()
        chain([*order, self.pack.write, *self._bar.findChildren(Button)])

    def _begin(self) -> None:
        """Open the step that was being answered, else the one to do now, with the focus on its main button."""
        assert self.view is not None, "it is shown"
        asks, self._asks = self._asks, ""
        step = step_of(asks)
        if asks and step not in (*self.steps.rows, HOUSE):
            self.context.go("record", record=self.record, question=asks)
            return
        now = QApplication.focusWidget()
        moves = now is None or self.isAncestorOf(now)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # from here on the focus moves through what is inside
        self._open(step or self.view.current)
        if moves and not (step and self.question is not None and self.question.keeper.type_on()):
            focus(self.first_focus())

    def first_focus(self) -> QWidget | None:
        """The main button of the open step, else the steps; the page as a whole until it is read."""
        if self.question is not None:
            return self.main_button(self.question)
        return next(iter(self.steps.rows.values()), self.area)

    @staticmethod
    def main_button(question: GuideQuestion) -> Button:
        """What a person presses first in the question of a step."""
        return next(iter(question.findChildren(PrimaryButton)), question.confirm)

    # Steps

    def open_step(self, step: str) -> None:
        """Open the question of a step, in any order, and move to it; an open one is closed."""
        self._open(step)
        if self.question is not None:
            if step in (RETURN, HOUSE):
                self.question.go()
            else:
                focus(self.main_button(self.question))
            reveal(self.area, self.question)

    def _open(self, step: str) -> None:
        view = self.view
        if view is None or (self.question is not None and self.question.step == step):
            return
        self._close()
        if not step or not self._may_write or (step == RETURN and not view.open):
            return
        seat = self.desk.store.seat.name
        asked = asked_of(step, view, seat=seat, now=self.desk.clock())
        question = GuideQuestion(self.context, view, step, asked, self._beside(step))
        question.answered.connect(self._answered)
        question.closed.connect(self._leave_question)
        question.gone_to.connect(lambda goal: reveal(self.area, goal))
        self.question = question
        if step == HOUSE:
            self.house.place.addWidget(question)
            question.show()
        else:
            self.steps.put(step, question)
        self._show_steps()

    def _beside(self, step: str) -> tuple[QWidget, ...]:
        """What stands in a question above its buttons."""
        if step != PACK or self.view is None:
            return ()
        log = f", say log {self.view.log_number}," if self.view.log_number else ""
        read = PrimaryButton("Read it out", keycap="Ctrl+R")
        read.clicked.connect(self.read_out)
        prints = Button("Print", icon="printer", keycap="Ctrl+P")
        prints.clicked.connect(self.print_pack)
        holder = QWidget()
        words = label(f"Ring 101{log} and read it out. The lines are in the order they ask.", "body", wrap=True)
        holder.setLayout(column(words, row(read, prints, None), gap=8))
        grows(holder)
        return (holder,)

    def _close(self) -> None:
        question, self.question = self.question, None
        if question is None:
            return
        question.keeper.may_leave()  # what was typed is shown again when the step is opened again
        if question.step == HOUSE:
            self.house.place.removeWidget(question)
        else:
            self.steps.take(question.step, question)
        question.hide()
        question.deleteLater()
        self._show_steps()

    def _leave_question(self) -> None:
        step = self.question.step if self.question is not None else ""
        self._close()
        focus(self.steps.rows.get(step) or self.house.add_button)

    def _answered(self) -> None:
        """Go on with the step to do next, once it is known which that is."""
        self._close()
        self._begun = False
        self.refresh()

    def _give(self) -> None:
        if self.question is not None:
            self.question.give()

    def _is_back(self) -> None:
        if self.view is not None and self.view.open:
            self.open_step(RETURN)

    def _same(self, other: str) -> None:
        missing, record, context = self.desk.missing, self.record, self.context

        def are_one(passed_over: Revision) -> None:
            goes_on = "This one" if passed_over.envelope.record == other else "The one begun first"
            context.done(f"The two guides are one now. {goes_on} goes on.")
            if passed_over.envelope.record == record:
                context.open(other, MISSING_EPISODE.name)

        self.context.runner.write(
            lambda: missing.same(other, record),
            are_one,
            context=self,
            failed=lambda error: self.context.say(str(error)),
        )

    # Where it leads

    def read_out(self) -> None:
        """Read the pack out to the police."""
        self.context.go(READ_OUT, record=self.record)

    def print_pack(self) -> None:
        """Show the page for the police as it is printed."""
        self.context.go(POLICE_PAGE, record=self.record)

    def _write_pack(self) -> None:
        view = self.view
        if view is None:
            return
        back = {"route": "missing_guide", "record": self.record}
        if view.pack.record:
            self.context.go("amend", record=view.pack.record, back=back)
        else:
            draft = self.desk.records.new_draft(MISSING_PACK.name, {"child": view.child})
            self.context.go("record_form", draft=draft, back=back)

    def call_about(self) -> dict[str, Any]:
        """The household rings about the child."""
        child = self.view.child if self.view is not None else ""
        return {name: value for name, value in (("caller", self.caller), ("child", child)) if value}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        inside = self.focusWidget()
        question = self.question
        typing = question is not None and inside is not None and question.isAncestorOf(inside)
        if event.key() == Qt.Key.Key_Escape and typing and question is not None and question.keeper.is_begun():
            self._leave_question()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._minute.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._minute.stop()
        self._stale = True  # the running times change by themselves

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        beside = self.width() >= theme_of(self).px(SIDE_BY_SIDE)
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
