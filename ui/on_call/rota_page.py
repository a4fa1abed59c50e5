"""The rota of a fortnight: who is on call by day and by night, who is the backup, and what must be sorted out.

A shift opens its record, and a gap opens the form of a new shift. A person asks for, takes, agrees or refuses a swap only in
their own name. Must not work out what follows from a rota: ``rules.rota`` does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.shift import AGREED, ASKED, REFUSED, SHIFT, TAKEN
from hipss_desktop.rules.rota import NIGHT_STARTS, NIGHT_STOPS, Part
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.rota import DAYS, NOBODY, GapLine, OnNowLine, RotaView, ShiftLine
from ui.base.focus import focus, holds_focus
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.parts import (
    Button,
    Card,
    ChipGroup,
    FlowLayout,
    Heading,
    IconLabel,
    PressCard,
    PrimaryButton,
    Rule,
    SideBySide,
    Tag,
    TagSpec,
    TitleLine,
    column,
    emptied,
    grows,
    label,
    row,
)
from ui.records.record_page import flow
from ui.theme import theme_of

WEEK = 7
DAY_WIDE = 96
"""The smallest width of a day (pixels at 100% text size), so that a name fits. Days that do not fit are reached by scrolling."""
SIDE_BY_SIDE = 1100
"""From this width on (pixels at 100% text size) what must be sorted out is beside the weeks."""
STEP_WORDS = {ASKED: "Ask for a swap", TAKEN: "Take it", AGREED: "Agree", REFUSED: "Say no"}
STEP_DONE = {ASKED: "Swap asked for", TAKEN: "Swap taken", AGREED: "Swap agreed", REFUSED: "Swap refused"}
EVERYBODY, MINE = "everybody", "mine"
ROWS: tuple[tuple[Part, str, time, time], ...] = (
    ("day", "Day", NIGHT_STOPS, NIGHT_STARTS),
    ("night", "Night on call", NIGHT_STARTS, NIGHT_STOPS),
)
"""The rows of a week: part, name, start and end in local time."""
ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
Place = tuple[int, int]


@dataclass(frozen=True)
class CellWords:
    """What one day or night of the rota shows, and what a screen reader says."""

    name: str
    note: str
    icon: str
    tone: str
    spoken: str


def words_of(shift: ShiftLine, on: OnNowLine | None) -> CellWords:
    """The words of a shift: who is on call, and below the name "On now", "Swap asked" or the shift's note."""
    day = times.full_day(times.local_day(shift.start))
    waits = shift.swap is not None and shift.swap.state in ("asked", "taken")
    is_now = on is not None and on.record == shift.record
    note = "On now" if is_now else "Swap asked" if waits else shift.note
    icon = "moon" if is_now else "sync" if waits else "check" if shift.worked else "clock" if note else ""
    spoken = ", ".join(part for part in (day, shift.part, shift.on_call, note) if part)
    return CellWords(shift.on_call, note, icon, "accent" if is_now else "neutral", spoken)


def words_of_gap(gap: GapLine) -> CellWords:
    """The words of a day or night for which nobody is on call."""
    day = times.full_day(gap.day)
    tone = "risk" if gap.level == "red" else "amber"
    return CellWords("Nobody", "Gap", "alert" if tone == "risk" else "clock", tone, f"{day}, {gap.part}, nobody. Gap.")


class RotaCell(PressCard):
    """One day or night of the rota; Enter opens it. Signal: ``focused()`` when it gets the focus."""

    focused = Signal()

    def __init__(self, words: CellWords) -> None:
        super().__init__(words.spoken, pad=8, tone=words.tone)  # type: ignore[arg-type]  # the tones above are those of a card
        self.add(label(words.name, "body_strong", wrap=True))
        if words.note:
            tone = words.tone if words.tone in ("amber", "risk", "accent") else "muted"
            self.add(IconLabel(words.icon, words.note, "small", tone))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS:
            event.ignore()  # ``Weeks`` finds the neighbour; a Qt button would move in Tab order
        else:
            super().keyPressEvent(event)


class Weeks(QWidget):
    """The grid of two weeks; arrows move between cells and skip days that have nothing to open.

    Signals:
        focused(QWidget): this cell got the focus.
    """

    focused = Signal(QWidget)

    def __init__(self) -> None:
        super().__init__()
        self.cells: dict[Place, RotaCell] = {}
        self._grids = [QGridLayout(), QGridLayout()]
        cards = []
        for number, grid in enumerate(self._grids, start=1):
            inside = QWidget()
            grid.setContentsMargins(16, 8, 8, 8)
            grid.setHorizontalSpacing(4)
            grid.setVerticalSpacing(8)
            grid.setColumnStretch(0, 0)
            for place in range(WEEK):
                grid.setColumnStretch(place + 1, 1)
                grid.setColumnMinimumWidth(place + 1, theme_of(self).px(DAY_WIDE))
            inside.setLayout(grid)
            card = Card()
            card.add_flush(inside)
            card.setAccessibleName(f"Week {number}")
            cards.append(card)
        self.setLayout(column(*cards, gap=16))

    def show_rota(self, rota: RotaView, cells: Mapping[Place, RotaCell]) -> None:
        """Show the days and the shifts, gaps and backups of each row; ``cells`` are by row and day."""
        focused_place = next((place for place, cell in self.cells.items() if holds_focus(cell)), None)
        for grid in self._grids:
            emptied(grid)
        self.cells = dict(cells)
        for cell in self.cells.values():
            cell.focused.connect(partial(self.focused.emit, cell))
        for week, grid in enumerate(self._grids):
            grid.addWidget(label(f"Week {week + 1}", "small_strong", "muted"), 0, 0)
            for at, (_, words, start, stop) in enumerate(ROWS, start=1):
                hours = f"{start:%H:%M} to {stop:%H:%M}"
                named = column(label(words, "small_strong"), label(hours, "small", "muted"), gap=2)
                grid.addLayout(named, at, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(label("Backup", "small_strong", "ink", wrap=True), len(ROWS) + 1, 0)
            for place in range(WEEK):
                self._show_day(grid, rota, week * WEEK + place, place + 1)
        if focused_place in self.cells:
            QTimer.singleShot(0, self, lambda: focus(self.cells.get(focused_place)))

    def _show_day(self, grid: QGridLayout, rota: RotaView, number: int, at: int) -> None:
        day = rota.first + timedelta(days=number)
        today = day == times.local_day(rota.now)
        named = f"{times.WEEKDAYS[day.weekday()][:3]} {day.day}"
        words = f"{named} {times.MONTHS[day.month - 1][:3]}" if at == 1 or day.day == 1 else named
        grid.addWidget(label(words, "small_strong", "accent" if today else "muted"), 0, at)
        for line, (part, *_) in enumerate(ROWS, start=1):
            cell = self.cells.get((line, number))
            quiet = label("Office" if part == "day" and day in rota.office_days else "", "small", "muted")
            grid.addWidget(cell if cell is not None else quiet, line, at)
        backups = dict.fromkeys(
            shift.backup for shift in rota.shifts if times.local_day(shift.start) == day and shift.backup
        )
        grid.addWidget(label(", ".join(backups), "small", "ink", wrap=True), len(ROWS) + 1, at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        now = next((place for place, cell in self.cells.items() if cell.hasFocus()), None)
        step = ARROWS.get(Qt.Key(event.key()))
        if now is None or step is None or event.modifiers():
            super().keyPressEvent(event)
            return
        goal = self._towards(now, step)
        if goal is not None:
            focus(self.cells[goal])

    def _towards(self, now: Place, step: Place) -> Place | None:
        """The next cell in a direction, None if there is none; up and down continue in the other week."""
        if step[0]:
            order = sorted(self.cells, key=lambda place: (place[1] // WEEK, place[0]))
            same_day = [place for place in order if place[1] % WEEK == now[1] % WEEK]
            at = same_day.index(now) + step[0]
            return same_day[at] if 0 <= at < len(same_day) else None
        beside = sorted(place for place in self.cells if place[0] == now[0])
        at = beside.index(now) + step[1]
        return beside[at] if 0 <= at < len(beside) else None


class RotaPage(Page):
    """The rota, two weeks at a time."""

    rail = "on_call"
    changes_by_itself = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._first: date | None = None
        self.view: RotaView | None = None
        self.title = Heading("Rota", 1)
        self.words = label("", "body", "muted")
        self.gaps, self.swaps = Tag("", ""), Tag("", "")
        self.before = Button("Fortnight before", icon="left")
        self.after = Button("Fortnight after", icon="right")
        self.before.clicked.connect(partial(self._turn, -DAYS))
        self.after.clicked.connect(partial(self._turn, DAYS))
        self.weeks = Weeks()
        self.on_now, self.to_sort_out, self.hours = Card("On now"), Card("To sort out", count=0), Card("Hours")
        self._now_box, self._sort_box, self._hours_box = QVBoxLayout(), QVBoxLayout(), FlowLayout(gap=32, line_gap=12)
        self.buttons: list[Button] = []
        self.whose = ChipGroup("Whose shifts", ((EVERYBODY, "Everybody"), (MINE, "Mine")), exclusive=True)
        self.whose.choose([EVERYBODY])
        self.whose.changed.connect(self._show_again)
        self.own, self._own_box = Card("My shifts ahead", count=0), QVBoxLayout()
        self.own.hide()
        self.asks: list[Button] = []
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, self._sort_out_first)
        self._lay_out()

    def _lay_out(self) -> None:
        for card, box in (
            (self.on_now, self._now_box),
            (self.to_sort_out, self._sort_box),
            (self.hours, self._hours_box),
            (self.own, self._own_box),
        ):
            inside = QWidget()
            box.setContentsMargins(16, 12, 16, 12)
            inside.setLayout(box)
            card.add_flush(inside)
        left, right = QWidget(), QWidget()
        left.setLayout(column(self.weeks, self.hours, None, gap=16))
        right.setLayout(column(self.on_now, self.to_sort_out, self.own, None, gap=16))
        self.area = SideBySide(left, right, shares=(850, 276), room=SIDE_BY_SIDE)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.weeks.focused.connect(lambda cell: self.area.ensureWidgetVisible(cell, 8, 8))
        turn = QWidget()
        turns = FlowLayout(turn, gap=12, line_gap=8)
        for button in (self.before, self.after):
            turns.addWidget(button)
        grows(turn)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 16, 0, 0)
        box.setSpacing(12)
        above = row(flow([TitleLine(self.title), self.words, self.gaps, self.swaps]), turn, gap=12)
        above.setStretch(0, 1)
        head = column(above, self.whose, gap=8, margins=(20, 0, 20, 0))
        box.addLayout(head)
        box.addWidget(self.area, 1)

    def first_focus(self) -> QWidget | None:
        """The first gap, else the running shift, else the first cell, else the button for earlier weeks."""
        cells = self.weeks.cells
        waits = [place for place, cell in cells.items() if cell.tone in ("risk", "amber")]
        now = [place for place, cell in cells.items() if cell.tone == "accent"]
        first = next(iter([*sorted(waits, key=lambda place: (place[1], place[0])), *now, *sorted(cells)]), None)
        return cells[first] if first is not None else self.before

    def cares(self, changes: ChangeSet) -> bool:
        return bool(changes.records)

    @Slot()
    def refresh(self) -> None:
        """Read the fortnight and show it."""
        first, views = self._first, self.services.rota_views
        self.context.runner.read(lambda: views.fortnight(first), self._show, context=self)

    def _turn(self, days: int) -> None:
        if self.view is not None:
            self._first = self.view.first + timedelta(days=days)
            self.refresh()

    def _show(self, view: RotaView) -> None:
        begins, self.view = self.view is None, view
        focused = next((place for place, button in enumerate([*self.buttons, *self.asks]) if holds_focus(button)), None)
        self.words.setText(f"{_day_words(view.first)} to {times.full_day(view.last)}")
        waiting = [shift for shift in view.shifts if shift.swap and shift.swap.state in ("asked", "taken")]
        self.gaps.set_spec(TagSpec("clock", _count(len(view.gaps), "gap"), "amber"))
        self.swaps.set_spec(TagSpec("sync", f"{_count(len(waiting), 'swap')} to agree", "neutral"))
        self.gaps.setVisible(bool(view.gaps))
        self.swaps.setVisible(bool(waiting))
        self.weeks.show_rota(view, self._cells(view))
        self._show_now(view)
        self._show_own(view)
        self._show_to_sort_out(view, waiting)
        self._show_hours(view)
        if begins:
            # new widgets can get the focus only after the layout has run
            QTimer.singleShot(0, self, lambda: focus(self.first_focus()))
        elif focused is not None:
            QTimer.singleShot(0, self, partial(self._focus_button, focused))

    def _focus_button(self, place: int) -> None:
        """Give the focus to the button at a place, or to the last button if there are fewer now."""
        buttons = [button for button in (*self.buttons, *self.asks) if button.isVisible()]
        focus(buttons[min(place, len(buttons) - 1)] if buttons else self.first_focus())

    def _cells(self, view: RotaView) -> dict[Place, RotaCell]:
        cells: dict[Place, RotaCell] = {}
        rows = {part: at for at, (part, *_) in enumerate(ROWS, start=1)}
        for gap in () if self._only_mine else view.gaps:
            cell = RotaCell(words_of_gap(gap))
            cell.clicked.connect(partial(self._put_in, gap))
            cells[rows[gap.part], (gap.day - view.first).days] = cell
        for shift in view.shifts:
            if self._only_mine and not shift.is_own:
                continue
            cell = RotaCell(words_of(shift, view.on_now))
            cell.clicked.connect(partial(self.context.open, shift.record, SHIFT.name))
            cells[rows[shift.part], (times.local_day(shift.start) - view.first).days] = cell
        return cells

    def _put_in(self, gap: GapLine) -> None:
        """Begin a new shift with the times of a gap."""
        self.context.new(SHIFT.name, planned_start=times.stamp(gap.start), planned_end=times.stamp(gap.end))

    def _show_now(self, view: RotaView) -> None:
        emptied(self._now_box)
        on = view.on_now
        if on is None:
            self._now_box.addWidget(label("Nobody is on call now", "body_strong", wrap=True))
            return
        for words, who in (
            (f"On call until {times.clock_time(on.until)}", on.on_call),
            ("Backup manager", on.backup),
        ):
            if who.name:
                named = row(label(who.name, "body_strong", wrap=True), label(who.number, "phone", ids=True), gap=12)
                named.setStretch(0, 1)
                self._now_box.addLayout(column(label(words, "small", "muted"), named, gap=2))

    @property
    def _only_mine(self) -> bool:
        return self.whose.chosen() == [MINE]

    @Slot()
    def _show_again(self) -> None:
        """Show the last read rota again, for everybody or for this person only."""
        if self.view is not None:
            self._show(self.view)

    def _show_own(self, view: RotaView) -> None:
        """Show this person's future shifts, each with its button to ask for a swap."""
        emptied(self._own_box)
        self.asks = []
        ahead = [shift for shift in view.shifts if shift.is_own and shift.start > view.now]
        writes = may_write(self.services.store.seat.role, SHIFT.name)
        for shift in ahead:
            words, detail = _shift_words(shift), shift.swap.words if shift.swap else f"Backup {shift.backup or NOBODY}"
            offered = [self._ask_button(shift, words)] if writes and shift.may_ask else []
            self.asks += offered
            self._add(self._own_box, "muted", "moon", words, f"{detail}.", offered)
        self.own.set_count(len(ahead))
        self.own.setVisible(self._only_mine and bool(ahead))

    def _ask_button(self, shift: ShiftLine, about: str) -> Button:
        ask = Button(STEP_WORDS[ASKED], size=28)
        ask.setAccessibleName(f"{ask.text()}, {about}")
        ask.clicked.connect(partial(self._answer, shift.record, ASKED))
        return ask

    def _show_to_sort_out(self, view: RotaView, waiting: Sequence[ShiftLine]) -> None:
        emptied(self._sort_box)
        self.buttons = []
        if self._only_mine:
            view = replace(view, gaps=(), too_long=())
            waiting = [shift for shift in waiting if shift.is_own or (shift.swap and shift.swap.answers)]
        writes = may_write(self.services.store.seat.role, SHIFT.name)
        for gap in view.gaps:
            put_in = self._button("Put in a name", gap.words, partial(self._put_in, gap)) if writes else None
            tone = "risk" if gap.level == "red" else "amber"
            self._add(self._sort_box, tone, "clock", gap.words, gap.detail, [put_in] if put_in else [])
        for shift in waiting:
            assert shift.swap is not None, "only shifts with a swap wait"
            words = f"Swap, {_shift_words(shift)}"
            answers = [
                self._button(STEP_WORDS[code], words, partial(self._answer, shift.record, code))
                for code in shift.swap.answers
            ]
            self._add(self._sort_box, "accent", "sync", words, f"{shift.swap.words}.", answers)
        for run in view.too_long:
            self._add(self._sort_box, "amber", "clock", run.words, run.detail, [])
        self.to_sort_out.set_count(len(view.gaps) + len(waiting) + len(view.too_long))
        self.to_sort_out.setVisible(bool(view.gaps or waiting or view.too_long))
        self._order()

    def _order(self) -> None:
        """Set the Tab order: the weeks from day to day, then what must be sorted out."""
        cells = self.weeks.cells
        places = sorted(cells, key=lambda place: (place[1] // WEEK, place[0], place[1]))
        stops: list[QWidget] = [self.before, self.after, *self.whose.chips(), *(cells[place] for place in places)]
        stops += [*self.buttons, *self.asks]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _button(self, words: str, about: str, does: Callable[[], object]) -> Button:
        """Add a button to what must be sorted out; the first one is the filled (main) button."""
        button = Button(words, size=28) if self.buttons else PrimaryButton(words, size=28)
        button.setAccessibleName(f"{words}, {about}")
        button.clicked.connect(does)
        self.buttons.append(button)
        return button

    def _add(self, box: QVBoxLayout, tone: str, icon: str, words: str, detail: str, buttons: Sequence[Button]) -> None:
        if box.count():
            box.addWidget(Rule())
        title = IconLabel(icon, words, "body_strong", "ink", icon_tone=tone)
        title.setWordWrap(True)
        box.addWidget(title)
        box.addWidget(label(detail, "small", "muted", wrap=True))
        if buttons:
            box.addLayout(row(*buttons, None))

    def _answer(self, record: str, code: str) -> None:
        """Take a step of a swap in the signed-in person's name; ``code`` names the step."""
        rota, done = self.services.rota, self.context.done
        self.context.runner.write(
            lambda: rota.step(record, code),
            lambda _: done(STEP_DONE[code]),
            context=self,
            failed=lambda error: self.context.say(str(error)),
        )

    def _show_hours(self, view: RotaView) -> None:
        emptied(self._hours_box)
        for entry in view.hours:
            who = QWidget()
            who.setLayout(column(label(entry.who, "body_strong"), label(entry.words, "small", "muted"), gap=2))
            self._hours_box.addWidget(who)
        self.hours.setVisible(bool(view.hours))

    @Slot()
    def _sort_out_first(self) -> None:
        if self.buttons:
            self.buttons[0].click()


def _shift_words(shift: ShiftLine) -> str:
    """A shift named by its day: "night of Thu 16"."""
    day = times.local_day(shift.start)
    return f"{shift.part} of {times.WEEKDAYS[day.weekday()][:3]} {day.day}"


def _day_words(day: date) -> str:
    return f"{times.WEEKDAYS[day.weekday()]} {times.short_day(day)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
