"""The page of the night pack check: first what is to be put right, the worst on top, then what is ready.

The page measures when it opens, each minute and on request, so that a line clears by itself. If lines are left, Finish asks for
each in turn what was agreed. If nothing is typed for a line, the next press finishes the check without an answer, because the
check never stops a shift. Must not judge the measurements: ``rules.night_check`` does.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from hipss_desktop import times
from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.child import CHILD, PLAN
from hipss_desktop.kinds.missing_pack import MISSING_PACK
from hipss_desktop.kinds.night_check import NIGHT_CHECK, RED
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules.night_check import Line
from hipss_desktop.services.night_check import row_of
from hipss_desktop.services.ports import ChangeSet, Draft
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.night_check import CheckedLine, NightCheckView
from ui.base.access import Role, spoken_as
from ui.base.announce import announce
from ui.base.focus import focus
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.parts import (
    Button,
    Card,
    EmptyState,
    Field,
    Heading,
    IconLabel,
    PrimaryButton,
    Rule,
    SideBySide,
    Tag,
    TagSpec,
    TextArea,
    TitleLine,
    column,
    emptied,
    label,
    reveal,
    row,
    tone_named,
    turn,
)
from ui.records.autosave import Autosave
from ui.records.caret import TextField, caret_in, put_caret
from ui.theme import theme_of

PAGE_DOWN, PAGE_UP = QAbstractSlider.SliderAction.SliderPageStepAdd, QAbstractSlider.SliderAction.SliderPageStepSub
SIDE_BY_SIDE = 1000
"""Pixels at 100 % text size: the least width for the lines and who can help side by side."""
ROW_BESIDE = 560
"""Pixels at 100 % text size: the least width for the tag, words and button of a line side by side."""
AGREED = "What was agreed?"
STOPS_NOTHING = "Anything left asks what was agreed. It never stops a shift."
STATE_ICONS = {"red": "octagon", "amber": "clock", "not_checked": "help"}
HELPS = {"backup": "Backup manager", "manager": "Rota", "office": "Laptop and network"}
"""The words above the person who can help, by ``Line.help_from``."""
Key = tuple[str, str]


def key_of(line: Line) -> Key:
    """The key that identifies a line: what was checked, and for which child."""
    return line.item, line.child


class LeftRow(QWidget):
    """A line to put right, with its button, and a box for what was agreed once the page asks for that."""

    def __init__(self, checked: CheckedLine, button: Button | None, agreed: str = "") -> None:
        super().__init__()
        self.line, self.button = checked.line, button
        self.rule = Rule()
        self._tag = Tag("", "")
        self._title = label("", "body_strong", wrap=True)
        self._why = label("", "small", "muted", wrap=True)
        self._todo = label("", "small", "ink", wrap=True)
        self._help_label = label("", "small_strong", "ink", wrap=True, ids=True)
        self._tag_column = QWidget()
        self._tag_column.setLayout(column(self._tag, None))
        words = column(self._title, self._why, self._todo, self._help_label, gap=2)
        self._across = row(self._tag_column, words, *([row(button, None)] if button is not None else []), gap=8)
        self._across.setStretch(1, 1)
        self.typed = TextArea(name=AGREED, lines=1, most=4)
        self.typed.setPlainText(agreed)
        self.agreed = Field(AGREED, self.typed)
        self.agreed.hide()
        self.setLayout(column(self.rule, column(self._across, self.agreed, gap=8, margins=(16, 10, 16, 10)), gap=0))
        self.show_line(checked)

    def show_line(self, checked: CheckedLine) -> None:
        """Show the present state of the line. Typed words stay."""
        line = self.line = checked.line
        state = code_list("night_check_state").get(line.state)
        assert state is not None, "a rule gives no other state"
        help_from = checked.help_from if line.help_from == "household" else None
        why = line.why if line.figure in line.title else f"{line.figure.rstrip('.')}. {line.why}"
        self._tag.set_spec(TagSpec(STATE_ICONS[line.state], state.label, tone_named(state.more.get("tone", ""))))
        self._title.setText(line.title)
        self._why.setText(why)
        self._todo.setText(line.todo)
        self._help_label.setText(f"{help_from.label}, {help_from.number}" if help_from else "")
        self._help_label.setVisible(help_from is not None)
        if self.button is not None:
            self.button.setAccessibleName(f"{self.button.text()}, {line.title}")
        spoken_as(self, Role.ListItem, ". ".join([state.label, line.title, why.rstrip("."), line.todo]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= theme_of(self).px(ROW_BESIDE)
        turn(self._across, beside=beside)
        self._tag_column.setMinimumWidth(theme_of(self).px(132) if beside else 0)

    @property
    def answer(self) -> str:
        """The typed words about what was agreed."""
        return self.typed.toPlainText().strip()

    def ask(self) -> None:
        """Ask what was agreed."""
        self.agreed.show()


class AgreedDraft(Autosave):
    """Saves the typed words about what was agreed, as the draft of the check."""

    def work_of(self, draft: Draft) -> Callable[[], Draft]:
        """The function that saves the draft, for the writer's thread."""
        return partial(self._context.services.night_checks.save, draft)


class NightCheckPage(Page):
    """The page of this laptop's check for the night. Typed words are a draft until the check is finished."""

    rail = "on_call"
    changes_by_itself = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.view: NightCheckView | None = None
        self.rows: list[LeftRow] = []
        self._asked_line: Key | None = None
        """The line that the last press of Finish went to."""
        self._begun = self.services.night_checks.draft()
        self._agreed = {(row.item, row.child): row.agreed for row in NIGHT_CHECK.read(self._begun.fields).lines}
        self.keeper = AgreedDraft(self, context, self._typed)
        self.keeper.failed.connect(context.say)
        self.title = Heading("Night pack check", 1)
        self.count = Tag("", "")
        self.words = label("", "body", "muted", wrap=True)
        self.again = Button("Check again", icon="sync")
        self.again.clicked.connect(self.refresh)
        self.until = label("", "small", "muted")
        self.left = Card("Put right", count=0, aside=(self.until,))
        self.ready = Card("Ready", count=0)
        self._left_box, self._ready_grid = QVBoxLayout(), QGridLayout()
        self._all_ready = EmptyState("", icon="checkc")
        self.help = Card("Who can help")
        self._help_box = QVBoxLayout()
        self.finish_button = PrimaryButton("Finish check", keycap="Ctrl+Enter")
        self.finish_button.clicked.connect(self.finish)
        self._bar = self._foot()
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self.finish)
        self._lay_out()

    def _foot(self) -> QWidget:
        bar = QWidget()
        bar.setAccessibleName("Actions")
        self.stops_nothing = label(STOPS_NOTHING, "small", "muted", wrap=True)
        across = row(self.finish_button, self.stops_nothing, gap=12)
        across.setStretch(1, 1)
        bar.setLayout(across)
        may = may_write(self.services.store.seat.role, NIGHT_CHECK.name)
        self.finish_button.setVisible(may)
        return bar

    def _lay_out(self) -> None:
        for card, box in ((self.left, self._left_box), (self.ready, self._ready_grid), (self.help, self._help_box)):
            inside = QWidget()
            box.setContentsMargins(0, 0, 0, 0)
            inside.setLayout(box)
            card.add_flush(inside)
        self._left_box.setSpacing(0)
        self._ready_grid.setHorizontalSpacing(0)
        self._ready_grid.setVerticalSpacing(0)
        self._help_box.setContentsMargins(16, 12, 16, 12)
        self._help_box.setSpacing(10)
        lines, help_column = QWidget(), QWidget()
        lines.setLayout(column(self._all_ready, self.left, self.ready, None, gap=16))
        help_column.setLayout(column(self.help, None))
        self.area = SideBySide(lines, help_column, shares=(826, 300), room=SIDE_BY_SIDE)
        below = row(self.count, self.words, gap=12)
        below.setStretch(1, 1)
        head = column(row(TitleLine(self.title), None, self.again), below, gap=4, margins=(20, 0, 20, 0))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 16, 0, 0)
        box.setSpacing(16)
        box.addLayout(head)
        box.addWidget(self.area, 1)

    def footer(self) -> QWidget | None:
        """The action bar."""
        return self._bar

    def first_focus(self) -> QWidget | None:
        """The field in which somebody was typing, else the first button that puts a line right, else "Check again"."""
        field = self._text_fields().get(self._begun.caret.field)
        if field is not None:
            put_caret(field, self._begun.caret.at)
            return field
        return next((line.button for line in self.rows if line.button is not None), self.again)

    def cares(self, changes: ChangeSet) -> bool:
        return bool(changes.records) or changes.sync

    @Slot()
    def refresh(self) -> None:
        """Measure again."""
        machine, views = self.context.session.machine, self.services.night_check_views
        self.context.runner.read(lambda: views.check(machine()), self._show, context=self)

    def _show(self, view: NightCheckView) -> None:
        before, self.view = self.view, view
        left_count = len(view.lines_left)
        tone = (
            "risk"
            if any(checked.line.state == RED for checked in view.lines_left)
            else "amber"
            if left_count
            else "neutral"
        )
        by = f" by {times.clock_time(view.helps_until)}" if view.help_words else ""
        words = f"{left_count} to put right{by}" if left_count else "All ready"
        self.until.setText(view.help_words)
        self.count.set_spec(TagSpec("octagon" if left_count else "check", words, tone_named(tone)))
        day = times.full_day(times.local_day(view.now))
        self.words.setText(f"{times.with_zone(view.now)}, {day}, for the night of {times.short_day(view.night)}")
        self._all_ready.setVisible(not left_count)
        self._all_ready.set_fact(view.words)
        if before is None or before.lines_left != view.lines_left:
            self._show_left(view.lines_left)
        if before is None or before.ready != view.ready:
            self._show_ready([checked.line for checked in view.ready])
        self.ready.setVisible(bool(left_count and view.ready))
        if before is None or _who_can_help(before.lines_left) != _who_can_help(view.lines_left):
            self._show_help(view.lines_left)
        if before is None:
            first = view.lines_left[0].line if view.lines_left else None
            state = code_list("night_check_state").label(first.state) if first else ""
            announce(self, f"{view.words} {state}. {first.title}." if first else view.words)

    def _show_left(self, lines: Sequence[CheckedLine]) -> None:
        before = {key_of(old.line): old for old in self.rows}
        now = {key_of(checked.line): checked for checked in lines}
        for key, old in before.items():
            if key not in now:
                self._left_box.removeWidget(old)
                old.hide()
                old.deleteLater()
        self.rows = [
            before.get(key) or self._new_row(checked, first=checked is lines[0]) for key, checked in now.items()
        ]
        for place, (line, checked) in enumerate(zip(self.rows, lines, strict=True)):
            line.show_line(checked)
            line.rule.setVisible(place > 0)
            if self._left_box.indexOf(line) != place:
                self._left_box.insertWidget(place, line)
        self.left.set_count(len(lines))
        self.left.setVisible(bool(lines))
        inside = [widget for line in self.rows for widget in (line.button, line.typed) if widget is not None]
        for widget, after in pairwise([self.again, *inside, self.finish_button]):
            QWidget.setTabOrder(widget, after)
        if self.window().focusWidget() in (None, self.again) and not before:
            # a new widget can take the focus only after the layout has run
            QTimer.singleShot(0, self, lambda: focus(self.first_focus()))

    def _new_row(self, checked: CheckedLine, *, first: bool) -> LeftRow:
        new = LeftRow(checked, self._button(checked.line, first=first), self._agreed.get(key_of(checked.line), ""))
        new.typed.textChanged.connect(self.keeper.note)
        if any(self._agreed.values()) or any(not old.agreed.isHidden() for old in self.rows):
            new.ask()
        return new

    def _typed(self) -> Draft:
        """The draft of the check with the present words: the lines for which something was agreed."""
        self._agreed |= {key_of(line.line): line.answer for line in self.rows}
        rows = [row_of(line.line, self._agreed) for line in self.rows if self._agreed[key_of(line.line)]]
        caret = caret_in(self._text_fields(), self.focusWidget())
        return replace(self._begun, fields={**self._begun.fields, "lines": rows}, caret=caret)

    def _text_fields(self) -> dict[str, TextField]:
        """The text fields that are shown, by what was checked and for which child."""
        return {" ".join(key_of(line.line)): line.typed for line in self.rows if not line.agreed.isHidden()}

    def may_leave(self) -> bool:
        """Save the typed words and the caret before the page is left."""
        if any(line.answer for line in self.rows):
            self.keeper.note()
        return super().may_leave()

    def _show_ready(self, lines: Sequence[Line]) -> None:
        emptied(self._ready_grid)
        for place, line in enumerate(lines):
            cell = QWidget()
            icon = IconLabel("check", line.title, "body_strong", "ink", icon_tone="accent")
            cell.setLayout(column(icon, label(line.figure, "small", "muted", wrap=True), gap=2, margins=(16, 8, 16, 8)))
            spoken_as(cell, Role.ListItem, f"Ready. {line.title}. {line.figure}", whole=True)
            self._ready_grid.addWidget(cell, place // 2, place % 2)
        self.ready.set_count(len(lines))

    def _show_help(self, lines: Sequence[CheckedLine]) -> None:
        emptied(self._help_box)
        can_help = _who_can_help(lines)
        self.help.setVisible(bool(can_help))
        for words, name, number in can_help:
            who = column(
                label(words, "small", "muted", wrap=True),
                label(name, "body", "ink", wrap=True),
                label(number, "phone", ids=True),
                gap=2,
            )
            self._help_box.addLayout(who)

    def _button(self, line: Line, *, first: bool) -> Button | None:
        """The button that puts a line right, or None if this program cannot do it."""
        make = PrimaryButton if first else Button
        if line.item == "plan" and may_write(self.services.store.seat.role, CHILD.name):
            button = make("Open the plan" if line.state != RED else "Write a short plan", icon="plus")
            button.clicked.connect(partial(self.context.go, "amend", record=line.child, at=PLAN[0]))
            return button
        if line.item == "pack" and may_write(self.services.store.seat.role, MISSING_PACK.name):
            button = make("Open the pack" if line.record else "Write the pack", icon="pen" if line.record else "plus")
            action = (
                partial(self.context.go, "amend", record=line.record)
                if line.record
                else partial(self.context.new, MISSING_PACK.name, child=line.child)
            )
            button.clicked.connect(action)
            return button
        if line.item == "paper":
            button = make("Print paper sheet", icon="printer")
            button.clicked.connect(partial(self.context.go, "paper_sheet"))
            return button
        if line.item in ("caseload", "clock", "waiting"):
            button = make("Sync now", icon="sync")
            button.clicked.connect(self.context.session.sync_now)
            return button
        return None

    @Slot()
    def finish(self) -> None:
        """Save the check. If lines are left, ask first for each of them what was agreed."""
        if self.view is None or self.finish_button.isHidden() or self._asks_more():
            return
        self.keeper.flush()
        self.keeper.stop()
        lines = [checked.line for checked in self.view.lines]
        agreed = {key_of(line.line): line.answer for line in self.rows}
        checks = self.services.night_checks
        self.context.runner.write(
            lambda: checks.finish(lines, agreed), self._show_saved_check, context=self, failed=self._failed
        )

    def _asks_more(self) -> bool:
        """Move to the next line without an answer, and return whether there is one.

        Return False too if nothing was typed for the line that the last press went to.
        """
        newly = [line for line in self.rows if line.agreed.isHidden()]
        for line in newly:
            line.ask()
        lacking = [line for line in self.rows if not line.answer]
        if not lacking or (not newly and self._asked_line in [key_of(line.line) for line in lacking]):
            return False
        self._asked_line = key_of(lacking[0].line)
        self.stops_nothing.setText(f"{len(lacking)} without an answer. Press again to finish without.")
        focus(lacking[0].typed)
        reveal(self.area, lacking[0])
        announce(self, f"{AGREED} {self.stops_nothing.text()}")
        return True

    def _show_saved_check(self, revision: Revision) -> None:
        self.ended = True
        self.context.open(revision.envelope.record, NIGHT_CHECK.name)
        self.context.done("Night pack check kept")

    def _failed(self, error: HipssError) -> None:
        self.keeper.start()
        problems = [problem.message for problem in error.problems] if isinstance(error, Unfinished) else []
        self.context.say(problems[0] if problems else str(error))

    def esc_leaves(self) -> bool:
        """Whether Esc leaves the page: not while it has typed words."""
        return not any(line.answer for line in self.rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        actions = {Qt.Key.Key_PageDown: PAGE_DOWN, Qt.Key.Key_PageUp: PAGE_UP}
        if event.key() in actions:  # the part with what is ready has no widget that takes the focus
            self.area.verticalScrollBar().triggerAction(actions[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


def _who_can_help(lines: Sequence[CheckedLine]) -> list[tuple[str, str, str]]:
    """Who can help with these lines, each person once: with what, name, number. A household's number is in its own line."""
    named = (
        (HELPS[checked.line.help_from], checked.help_from)
        for checked in lines
        if checked.help_from and checked.line.help_from in HELPS
    )
    return list(dict.fromkeys((words, help_from.label, help_from.number) for words, help_from in named))
