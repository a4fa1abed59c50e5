"""The page of an incident: at the left what happened, at the right who must be told and by when, with buttons.

The times are read again each minute and never announced. In a narrow window the two parts are behind tabs. Must write only
when the user presses something.
"""

from dataclasses import replace
from functools import partial

from PySide6.QtGui import QKeyEvent, QResizeEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.clock_verbs import SIGNED, ClockVerb
from hipss_desktop.views.incidents import SOURCES, ClockRow, IncidentView, due_now_words
from hipss_desktop.views.record import Line, RecordView
from ui.base.focus import focus, holds_focus, stops
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.incidents.clock_questions import ClockQuestions, pressed_in
from ui.incidents.clock_rows import ClockLine, ClockLines
from ui.parts import (
    Banner,
    Button,
    Card,
    EmptyState,
    FlowLayout,
    Heading,
    LinkButton,
    Tabs,
    Tag,
    TitleLine,
    column,
    emptied,
    grows,
    label,
    reveal_inside,
    row,
    tone_named,
)
from ui.records.controls import chain
from ui.records.record_page import RecordCard, Scroller, flow
from ui.theme import theme_of

WHO, FACTS_TITLE = "Who must be told", "What happened"
SHOWN_ELSEWHERE = frozenset({"types", "children", "carers", "notified", "not_applying", *SOURCES})
"""The fields that the head of the page shows, and the lists that are rows of clocks at the right."""
ADDED_BESIDE = ("steps",)
"""The lists to which the left part adds rows; a press on a clock adds rows to all others."""
WIDE = 1080
"""The width in pixels (at 100 % text size) from which both parts are side by side."""


class IncidentPage(Page):
    """The page of one incident.

    ``question`` names the question that is being answered, '' for none; ``at`` is the clock at which the page opens.
    """

    rail = style_of(INCIDENT.name).list
    changes_by_itself = True
    kind = INCIDENT.name
    shown_elsewhere = SHOWN_ELSEWHERE
    hint = (
        "Ofsted is told of the events of Schedule 7, regulation 36. Going missing is not one of them by itself. "
        "If more becomes known later, add it: its clocks count from the time when it became known."
    )
    """The words above the buttons that belong to no clock."""
    clocks_words = WHO
    """The title of the part with the clocks."""
    has_tiles = False
    """Whether the clocks are tiles side by side."""
    shares = (1, 3)
    """The shares of what happened and of the clocks in a wide window."""

    def __init__(self, context: Context, record: str, question: str = "", at: str = "") -> None:
        super().__init__(context)
        self.record, self._asks, self._at = record, question, at
        self._asked_row: ClockRow | None = None
        self._answered_row: ClockRow | None = None
        """The clock whose question was answered and which has not been read again yet, None if there is none."""
        self.view: IncidentView | None = None
        self.title = Heading(KINDS[self.kind].label, 1)
        self.title.setWordWrap(True)
        self.printing = Button("Print", icon="printer", keycap="Ctrl+P")
        self.now = label("", "small", "muted")
        self._head = QVBoxLayout()
        self._head.setSpacing(4)
        self._about: QWidget | None = None
        back = {"route": style_of(self.kind).record, "record": record}
        self.facts = RecordCard(context, titled=False, back=lambda: back)
        self.facts.amend.setText("Change")
        self.printing.clicked.connect(self.facts.go_print)
        self.questions = ClockQuestions(context, self, self.kind)
        self.lines = ClockLines(tiles=self.has_tiles)
        self.lines.pressed.connect(self._press)
        self.lines.gone_to.connect(lambda call: self._open(call.record, call.kind))
        self.clocks = self._clocks_card()
        self.gone = EmptyState(
            "This record is not on this laptop", "It may come with the next sync.", icon="inbox", framed=True
        )
        self.gone.hide()
        self.tabs = Tabs("Parts of the page", (self.clocks_words, FACTS_TITLE))
        self.tabs.currentChanged.connect(lambda _: self._arrange())
        self._line = QHBoxLayout()
        self._line.setSpacing(16)
        self._line.addWidget(self.facts)
        self._line.addWidget(self.clocks)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(8)
        box.addLayout(row(TitleLine(self.title), self.printing))
        box.addLayout(self._head)
        box.addWidget(self.gone)
        box.addWidget(self.tabs)
        self.above = QVBoxLayout()
        box.addLayout(self.above)
        box.addLayout(self._line, 1)
        bind(self, "Ctrl+E", self.facts.go_amend)
        bind(self, "Ctrl+P", self.facts.go_print)
        self.questions.answered.connect(self._is_answered)
        self.questions.opened.connect(self._order)

    def _clocks_card(self) -> Card:
        card = Card()
        card.gives_way = True
        self.clocks_title = Heading(self.clocks_words, 2, style="heading")
        self.counts = label("", "body", "muted", wrap=True)
        self.checked = label("", "small", "muted")
        head = flow([self.clocks_title, self.counts, self.checked])
        card.box.addLayout(row(head, margins=(16, 10, 16, 10)))
        card.add_rule()
        self.area = Scroller(self.clocks_words)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the rows take the focus, and the area follows
        self.problems = QVBoxLayout()
        self.more: list[Button] = []
        self._more = QWidget()
        self._more.setLayout(FlowLayout())
        grows(self._more)
        self._more_place = QVBoxLayout()
        parts = [*self.parts(), *([label(self.hint, "small", "muted", wrap=True)] if self.hint else [])]
        below = column(*parts, self._more, self._more_place, gap=8, margins=(16, 12, 16, 16))
        inside = QWidget()
        self.scrolled = column(self.problems, self.lines, below, None, gap=0)
        inside.setLayout(self.scrolled)
        self.area.setWidget(inside)
        card.add_flush(self.area, 1)
        return card

    def parts(self) -> list[QWidget]:
        """Widgets between the clocks and the buttons that belong to no clock; subclasses add them."""
        return []

    def read_parts(self) -> object:
        """Read what ``parts`` show, off the window's thread."""
        return None

    def show_parts(self, parts: object) -> None:
        """Show in ``parts`` what ``read_parts`` returned."""

    def fit(self, *, wide: bool, shown: bool) -> None:
        """Arrange ``lines`` for a ``wide`` or narrow window; ``shown`` says whether an incident is shown. Subclasses use it."""

    def stops_of_parts(self) -> list[QWidget]:
        """The widgets in ``parts`` at which Tab stops."""
        return []

    def cares(self, changes: ChangeSet) -> bool:
        """Whether any record or sync state changed, because sign-offs, settings, episodes and people affect the clocks."""
        return bool(changes.records) or changes.sync

    def refresh(self) -> None:
        """Read the incident and its clocks again."""
        services, record = self.services, self.record
        self.context.runner.read(
            lambda: (services.incident_views.view(record), services.record_views.view(record), self.read_parts()),
            self._show,
            context=self,
        )

    def first_focus(self) -> QWidget | None:
        """The clock at which the page opens, else the first clock with a button; without clocks the facts."""
        if self.lines.lines and self.lines.isVisible():
            opened_at = self.lines.line_of(self._at)
            first = next((line for line in self.lines.lines if line.buttons), self.lines.lines[0])
            return (opened_at or first).first()
        return self.facts.area if self.facts.isVisible() else self.tabs

    def esc_leaves(self) -> bool:
        """Whether Esc leaves the page: not while a question is open, which Esc closes."""
        return self.questions.question is None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.questions.leave():
            return
        super().keyPressEvent(event)

    def _show(self, views: tuple[IncidentView | None, RecordView | None, object]) -> None:
        view, record_view, parts = views
        first = self.view is None
        self.view = view
        self.gone.setVisible(view is None)
        if view is None or record_view is None:
            self.questions.close()
            self._arrange()
            return
        self._show_head(view, record_view)
        self.facts.show_view(_facts_of(record_view, self.shown_elsewhere))
        self.facts.printing.hide()  # the head of the page has this button
        self.show_parts(parts)
        self.counts.setText(view.counts)
        self.checked.setText(f"Rules last checked {view.checked}" if view.checked else "")
        emptied(self.problems)
        for words in view.problems:
            self.problems.addWidget(Banner(words, "", tone="amber", icon="alert"))
        self.lines.show_rows(view.rows)
        self._go_on()
        self._show_more(view.more)
        self._arrange()
        if first and self.focusWidget() in (None, self.facts.area, self.tabs):
            focus(self.first_focus())  # there was nothing to focus when the page opened
        self._order()
        asks, self._asks = self._asks, ""
        if asks:
            self._ask_again(asks)

    def _is_answered(self) -> None:
        self._answered_row, self._asked_row = self._asked_row, None
        self.refresh()

    def _go_on(self) -> None:
        """Focus the next clock to answer, once the row of the answered clock has changed."""
        pressed = self._answered_row
        line = self.lines.line_of(pressed.key) if pressed is not None else None
        if pressed is None or (line is not None and line.row == pressed):
            return
        self._answered_row = None
        goal, focused_widget = self.lines.next_to_do(), self.focusWidget()
        if goal is not None and (focused_widget is None or self.lines.isAncestorOf(focused_widget)):
            goal.enter()
            reveal_inside(goal)

    def _show_head(self, view: IncidentView, record_view: RecordView) -> None:
        self.title.setText(view.title)
        self.now.setText(f"Now {times.with_zone(view.now)}, {times.full_day(times.local_day(view.now))}")
        links: list[QWidget] = [label(record_view.reference, "body", "muted", ids=True)]
        if view.due_now:
            tone = "risk" if any(shown.tone == "risk" for shown in view.rows) else "amber"
            links.append(Tag("clock", due_now_words(view.due_now), tone_named(tone)))
        for reference in (*view.about, *([view.source] if view.source else [])):
            link = LinkButton(reference.name)
            if reference is view.source:
                link.setText(f"From {reference.name}")
            link.clicked.connect(partial(self._open, reference.record, reference.kind))
            links.append(link)
        about = flow([*links, label(self.now.text(), "small", "muted")])
        focused_link = self._about.focusWidget() if self._about is not None else None
        words = focused_link.text() if isinstance(focused_link, LinkButton) and holds_focus(focused_link) else ""
        if self._about is not None:
            self._head.removeWidget(self._about)
            self._about.hide()
            self._about.deleteLater()
        self._about = about
        self._head.addWidget(about)
        for link in about.findChildren(LinkButton):
            if words and link.text() == words:
                focus(link)

    def _show_more(self, verbs: tuple[ClockVerb, ...]) -> None:
        """Show the buttons that belong to no clock."""
        if [button.text() for button in self.more] == [verb.label for verb in verbs]:
            return
        layout = self._more.layout()
        assert layout is not None, "the layout was set when the widget was made"
        emptied(layout)
        self.more = []
        for verb in verbs:
            button = Button(verb.label, icon="plus", size=28)
            button.clicked.connect(partial(self._add_more, verb, button))
            layout.addWidget(button)
            button.show()
            self.more.append(button)

    def _open(self, record: str, kind: str) -> None:
        draft = self.services.store.draft(record)
        if draft is not None and self.services.store.get(record) is None:
            self.context.go("draft", draft=draft)
        else:
            self.context.open(record, kind)

    # Actions

    def _press(self, line: ClockLine, verb: ClockVerb) -> None:
        if verb.code == SIGNED:
            self._sign_off(line, verb)
            return
        key = line.row.key
        self._asked_row = line.row

        def back() -> None:
            line = self.lines.line_of(key)
            if line is not None:
                line.enter()

        self.questions.ask(self.record, verb, key, line.row.who, line.place, back)

    def _add_more(self, verb: ClockVerb, button: Button) -> None:
        self._asked_row = None

        def back() -> None:
            focus(button)

        self.questions.ask(self.record, verb, "", "", self._more_place, back)

    def _sign_off(self, line: ClockLine, verb: ClockVerb) -> None:
        incidents, record, who = self.services.incidents, self.record, line.row.who

        def done(_: object) -> None:
            self.context.done(f"{verb.done}: {who}")
            self.refresh()

        self.context.runner.write(
            lambda: incidents.sign_off(record, self.kind, verb.rows),
            done,
            context=self,
            failed=lambda error: self.context.say(str(error)),
        )

    def _ask_again(self, asks: str) -> None:
        """Open the question that was being answered, with the caret where the user was typing."""
        code, key = pressed_in(asks)
        line = self.lines.line_of(key)
        verb = next((verb for verb in line.row.verbs if verb.code == code), None) if line is not None else None
        if line is not None and verb is not None:
            self._press(line, verb)
        elif self.view is not None and any(more.code == code for more in self.view.more):
            place = [more.code for more in self.view.more].index(code)
            self._add_more(self.view.more[place], self.more[place])
        else:
            self.tabs.setCurrentIndex(1)
            self.facts.ask_again(asks)
            return
        if self.questions.question is not None:
            self.questions.question.keeper.type_on()

    def _order(self) -> None:
        """Set the Tab order to the reading order, including widgets made later."""
        question_stops = stops(self.questions.question) if self.questions.question is not None else []
        below = question_stops if self.questions.question_is_in(self._more_place) else []
        head: list[QWidget] = [*(self._about.findChildren(LinkButton) if self._about is not None else []), self.tabs]
        lines: list[QWidget] = []
        for line in self.lines.lines:
            lines += [*line.stops(), *(question_stops if self.questions.question_is_in(line.place) else [])]
        facts = stops(self.facts)
        order = [*head, *lines, *facts] if self.has_tiles else [*head, *facts, *lines]
        chain([*order, *self.stops_of_parts(), *self.more, *below])

    # Layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        shown = self.view is not None or self.gone.isHidden()
        wide = self.width() >= theme_of(self).px(WIDE)
        now = self.tabs.currentIndex()
        self.tabs.setVisible(shown and not wide)
        self.clocks.setVisible(shown and (wide or now == 0))
        self.facts.setVisible(shown and (wide or now == 1))
        self.clocks_title.setVisible(wide)  # otherwise the tab has this title
        facts, clocks = self.shares if wide else (int(now == 1), int(now == 0))
        self._line.setStretch(0, facts)
        self._line.setStretch(1, clocks)
        self.fit(wide=wide, shown=shown)
        self._order()  # a clock's rule is before its buttons in a wide window, else after them


def _facts_of(record_view: RecordView, elsewhere: frozenset[str]) -> RecordView:
    """Return a record without the fields of the page's head and the lists at the right."""

    def is_fact(line: Line) -> bool:
        return line.unit not in elsewhere or bool(line.undecided) or line.unreadable

    def plain(line: Line) -> Line:
        """Return a line without the marks of its newest rows, because an incident's rows say when they were written."""
        rows = line.table.rows if line.table is not None else ()
        unmarked = tuple(tuple(replace(cell, changed=False) for cell in cells) for cells in rows)
        return replace(line, table=replace(line.table, rows=unmarked)) if line.table is not None else line

    groups = tuple(
        replace(
            group,
            title="" if group.title == FACTS_TITLE else group.title,
            lines=tuple(map(plain, filter(is_fact, group.lines))),
        )
        for group in record_view.groups
    )
    growing = tuple(growing for growing in record_view.growing if growing.unit in ADDED_BESIDE)
    return replace(record_view, label=FACTS_TITLE, reference="", tags=(), groups=groups, growing=growing)
