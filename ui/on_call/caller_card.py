"""The caller card: a layer over any page with what is needed about a household while one of its members is on the telephone.

It covers the window at once and shows the card when it is read, so that Enter, Enter is never typed into the page below. Must
not write: its one button begins a contact.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QAccessible, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.services.people import Person
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.caller_card import Call, CallerCard
from hipss_desktop.views.carer import Line
from hipss_desktop.views.child_card import ChildCard
from hipss_desktop.views.numbers import Number
from hipss_desktop.views.strain import UNDER_STRAIN
from ui.base.access import spoken_as
from ui.base.clipboard import copy_number
from ui.base.kind_style import style_of
from ui.base.layers import Layer
from ui.base.page import Context
from ui.children.alerts import alert_banner
from ui.children.child_card import PhoneLabel, lines_of
from ui.parts import (
    Bullets,
    ChipGroup,
    EmptyState,
    Heading,
    IconLabel,
    Keycap,
    PrimaryButton,
    Rule,
    Tag,
    column,
    grows,
    label,
    paint,
    row,
)
from ui.records.record_page import flow, tag_of
from ui.theme import theme_of

WIDTH = 1032
"""Pixels at 100 % text size: the width of the card if there is room."""
BESIDE = 760
"""From this width on (pixels at 100 % text size) the card's parts are side by side."""
NOTHING = "Nothing is written down. Ring first."
PLAN = (("helps", "heart", "What calms"), ("triggers", "bolt", "What inflames"), ("do_not", "minusc", "Do not"))
"""The parts of a safety plan that are needed on the telephone: field, icon, heading."""
MOST_BESIDE = 2
"""Up to this many children's plans are side by side. For more children a chip chooses one plan at a time."""
NUMBERS_IN_A_ROW = 4


class _Panel(QFrame):
    """The raised sheet with its edge."""

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        paint.frame(painter, QRectF(self.rect()), fill=theme.raised, edge=theme.control, radius=6)
        painter.end()


class CallerCardLayer(Layer):
    """The card of a household. Enter logs the contact, Ctrl+C copies the home number, Esc closes the card."""

    def __init__(self, context: Context, window: QWidget, record: str, caller: Person | None = None) -> None:
        """``caller`` is the member of the household who rings, None if only the household is known."""
        panel = _Panel()
        super().__init__(window, panel, "Caller card")
        self.context, self.record, self._caller = context, record, caller
        self.card: CallerCard | None = None
        self._shown = ""
        self._strains: Mapping[str, str] = {}
        self._may_log = may_write(context.services.store.seat.role, CONTACT.name)
        head = QWidget()
        self._head = QVBoxLayout(head)
        self._head.setContentsMargins(20, 14, 20, 10)
        self.area = QScrollArea()
        self.area.setAccessibleName("Caller card")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button = PrimaryButton(
            self._button_words(""), icon="phonecall" if self._may_log else "home", keycap="Enter"
        )
        self.button.clicked.connect(self._go_on)
        box = QVBoxLayout(panel)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addWidget(head)
        box.addWidget(Rule())
        box.addWidget(self.area, 1)
        below = QWidget()
        self._below = QVBoxLayout(below)
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.setSpacing(0)
        box.addWidget(below)
        box.addWidget(Rule())
        box.addWidget(self._foot())
        self._fill_head(None)
        context.bus.changed.connect(self._changed)
        self.show()
        self.raise_()
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._read()

    def _button_words(self, name: str) -> str:
        if not self._may_log:
            return "Open the household’s page"
        return f"Log a contact from {name}" if name else "Log a contact"

    def _foot(self) -> QWidget:
        keys = QWidget()
        keys.setLayout(row(Keycap("Ctrl+C"), label("Copy home number", "small", "muted"), gap=8))
        fills = [label("Fills in caller, child and number.", "small", "muted")] if self._may_log else []
        line = row(gap=12, margins=(20, 10, 20, 10))
        line.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(
            flow([*fills, keys, IconLabel("laptop", "From this laptop", "small", "muted")]),
            1,
            Qt.AlignmentFlag.AlignVCenter,
        )
        return _holding(line)

    # Reading

    @Slot(object)
    def _changed(self, changes: object) -> None:
        if isinstance(changes, ChangeSet) and (changes.records or changes.sync):
            self._read()

    def _read(self) -> None:
        cards, record = self.context.services.caller_cards, self.record
        self.context.runner.read(lambda: cards.card(record), self.show_card, context=self)

    def _read_strains(self, card: CallerCard) -> None:
        """Read which placements in the household are under strain; the card does not wait for the answer."""
        children = [line.record for line in (*card.household.children, *card.household.away)]
        views = self.context.services.strain_views
        self.context.runner.read(lambda: views.sentences(children), self._show_strains, context=self)

    def _show_strains(self, strains: Mapping[str, str]) -> None:
        if strains != self._strains:
            self._strains = strains
            self._fill_body()

    def show_card(self, card: CallerCard | None) -> None:
        """Show a card; if it is unchanged, leave the layout and scroll position alone."""
        if card is not None:
            self._read_strains(card)
        if card is not None and card == self.card:
            return
        self.card = card
        if card is not None and self._caller is None:
            self._caller = card.household.caller
        self.button.setText(self._button_words(self._caller.name if self._caller is not None else ""))
        self.button.updateGeometry()
        self._fill_head(card)
        self._fill_body()

    # Laying out

    def _fill_head(self, card: CallerCard | None) -> None:
        _clear(self._head)
        esc = Keycap("Esc")
        if card is None:
            self._head.addWidget(_holding(row(Heading("Caller card", 1), None, esc)))
            return
        self.setAccessibleName(f"Caller card, {card.household.name}")
        as_at: QWidget = Tag("clock", card.as_at, "amber") if card.is_old else label(card.as_at, "body_strong")
        title = flow([Heading(card.household.name, 1), label(card.household.address, "body", "muted")])
        line = row(gap=16)
        line.addWidget(title, 1)
        line.addWidget(as_at, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(esc, 0, Qt.AlignmentFlag.AlignTop)
        self._head.addWidget(_holding(line))
        tags: list[QWidget] = [tag_of(warning.words, warning.tone, warning.icon) for warning in card.warnings]
        self._head.addWidget(flow([*tags, label("Calls written on this laptop since are added", "small", "muted")]))

    def _fill_body(self) -> None:
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(20, 12, 20, 12)
        box.setSpacing(12)
        card = self.card
        if card is None:
            advice = "The record may come with the next sync."
            box.addWidget(EmptyState("This household is not on this laptop", advice, icon="inbox"))
        else:
            for alert in card.alerts:
                box.addWidget(alert_banner(alert))
            box.addLayout(self._columns(card))
            self._put_numbers(card, box)
        box.addStretch(1)
        place = self.area.verticalScrollBar().value()
        self.area.setWidget(inside)
        self.area.verticalScrollBar().setValue(place)

    def _put_numbers(self, card: CallerCard, scrolled: QVBoxLayout) -> None:
        """Put the numbers below the scroll area if there is room, else into what scrolls (``scrolled``)."""
        _clear(self._below)
        numbers = _numbers(card.numbers, NUMBERS_IN_A_ROW if self._is_wide() else NUMBERS_IN_A_ROW // 2)
        if self._is_wide():
            self._below.addWidget(Rule())
            self._below.addWidget(_holding(row(numbers, margins=(20, 10, 20, 10))))
        else:
            scrolled.addWidget(Rule())
            scrolled.addWidget(numbers)

    def _columns(self, card: CallerCard) -> QLayout:
        """The layout of the parts in reading order, side by side if there is room, else one below the other."""
        plans = self._plans(card)
        parts = [
            _holding(column(*_sleepers(card, self._strains), *_deciders(card), gap=6)),
            *plans,
            _holding(_calls(card)),
        ]
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(12)
        for place, part in enumerate(parts):
            where = (0, place) if self._is_wide() else (place, 0)
            grid.addWidget(part, *where, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(where[1], 1)
        return grid

    def _plans(self, card: CallerCard) -> list[QWidget]:
        """The children's safety plans: one plan, two plans with names, or one plan that a chip chooses out of more."""
        if len(card.children) <= MOST_BESIDE:
            named = len(card.children) > 1
            return [_plan(child, named=named) for child in card.children] or [_plan(None, named=False)]
        names = [(child.record, child.name) for child in card.children]
        if self._shown not in dict(names):
            self._shown = names[0][0]
        chips = ChipGroup("Whose plan", names, chosen=[self._shown], exclusive=True)
        place = column(chips, gap=6)
        plan = _plan(next(child for child in card.children if child.record == self._shown), named=True)
        place.addWidget(plan)

        def choose() -> None:
            nonlocal plan
            self._shown = next(iter(chips.chosen()), self._shown)
            chosen = _plan(next(child for child in card.children if child.record == self._shown), named=True)
            place.replaceWidget(plan, chosen)
            plan.hide()
            plan.deleteLater()
            plan = chosen

        chips.changed.connect(choose)
        return [_holding(place)]

    def _is_wide(self) -> bool:
        return self._width() >= theme_of(self).px(BESIDE)

    def _width(self) -> int:
        return min(theme_of(self).px(WIDTH), self.width() - 48)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        was_wide = self.panel.width() >= theme_of(self).px(BESIDE)
        self.panel.setFixedWidth(self._width())
        if self.card is not None and was_wide != self._is_wide():
            self._fill_body()

    # Actions

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def _copy(self) -> None:
        number = self.card.home_number if self.card is not None else ""
        if not number:
            self.context.say("There is no number to copy")
            return
        copy_number(number)
        self.context.done(f"{number} copied")

    def _go_on(self) -> None:
        """Begin the contact; if the role may not log contacts, open the household."""
        record, caller = self.record, self._caller
        if not self._may_log:
            self.context.open(record, CARER.name)
            return
        known: dict[str, Any] = {"caller": caller} if caller is not None else {}
        self.context.go(style_of(CONTACT.name).form, **known)


def _clear(box: QVBoxLayout) -> None:
    """Delete the widgets of a column."""
    while (item := box.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _holding(layout: QLayout) -> QWidget:
    """Return a widget with a layout, as high as the layout needs."""
    holder = QWidget()
    holder.setLayout(layout)
    grows(holder)
    return holder


def _title(icon: str, words: str, level: int = 2) -> QWidget:
    return _holding(row(IconLabel(icon, "", "body", "accent"), Heading(words, level, style="body_strong"), None, gap=6))


def _sleepers(card: CallerCard, strains: Mapping[str, str]) -> list[QWidget]:
    """Who sleeps there tonight: the children, then the adults. Placed children who are away have a list of their own.

    ``strains`` has the sentence for each child whose placement is under strain.
    """
    household, child_of = card.household, partial(_child, strains=strains)
    parts = [_title("bed", "Who sleeps here tonight"), *map(child_of, household.children)]
    if not household.children:
        parts.append(label("No child sleeps here tonight.", wrap=True))
    parts.append(Bullets("Household", card.adults))
    if household.away:
        parts += [label("Away tonight", "small_strong", "muted"), *map(child_of, household.away)]
    if household.places:
        parts.append(label(f"{household.places}.", "small", "muted", wrap=True))
    return parts


def _child(line: Line, strains: Mapping[str, str]) -> QWidget:
    tags = [tag_of(line.tag.words, line.tag.tone, line.tag.icon)] if line.tag is not None else []
    head = flow([label(line.title, "body_strong"), *tags])
    parts: list[QWidget] = [head, label(line.words, "small", "muted", wrap=True)]
    if line.record in strains:
        strained = IconLabel(UNDER_STRAIN.icon, f"{UNDER_STRAIN.words}: {strains[line.record]}", "small", "amber")
        strained.setWordWrap(True)
        parts.append(strained)
    return _holding(column(*parts, gap=0))


def _deciders(card: CallerCard) -> list[QWidget]:
    parts = [_title("key", f"{card.deciders} may decide")]
    for child in card.children:
        if len(card.children) > 1:
            parts.append(label(child.name, "small_strong"))
        parts.append(lines_of(child, "delegated", "body") or label(NOTHING, wrap=True))
    if not card.children:
        parts.append(label(NOTHING, wrap=True))
    parts.append(label("Anything else tonight: ring EDT.", "small", "muted", wrap=True))
    return parts


def _plan(child: ChildCard | None, *, named: bool) -> QWidget:
    """One child's safety plan as it is used on the telephone; ``named`` puts the child's name over it."""
    parts: list[QWidget] = [Heading(child.name, 2, style="body_strong")] if child is not None and named else []
    for field, icon, heading in PLAN:
        lines = lines_of(child, field, "body") if child is not None else None
        parts += [_title(icon, heading, 3 if named else 2), lines or label(NOTHING, wrap=True)]
    if child is not None and child.plan_reviewed:
        reviewed = f"{child.plan_reviewed[:1].lower()}{child.plan_reviewed[1:]}"
        parts.append(label(f"Safety plan {reviewed}.", "small", "muted", wrap=True))
    return _holding(column(*parts, gap=6))


def _calls(card: CallerCard) -> QLayout:
    box = column(_title("history", "Last three calls"), gap=6)
    if card.calls_tonight:
        box.addWidget(label(card.calls_tonight, "body_strong", wrap=True))
    if not card.calls:
        box.addWidget(label("No calls yet.", wrap=True))
    calls = QWidget()
    spoken_as(calls, QAccessible.Role.List, "Last three calls")
    calls.setLayout(column(*map(_call, card.calls), gap=8))
    grows(calls)
    box.addWidget(calls)
    return box


def _call(call: Call) -> QWidget:
    tags = [tag_of(call.outcome.words, call.outcome.tone, call.outcome.icon)] if call.outcome is not None else []
    entry = _holding(column(flow([label(call.when, "body_strong"), *tags]), label(call.words, wrap=True), gap=0))
    outcome = call.outcome.words if call.outcome is not None else ""
    spoken_as(entry, QAccessible.Role.ListItem, ", ".join(filter(None, (call.when, outcome, call.words))), whole=True)
    return entry


def _numbers(numbers: Sequence[Number], across: int) -> QWidget:
    """The grid of numbers with the name of who answers each, in reading order, ``across`` columns wide."""
    holder = QWidget()
    spoken_as(holder, QAccessible.Role.List, "Numbers")
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    for place, number in enumerate(numbers):
        words = ", ".join(filter(None, (number.label, number.number, number.author)))
        who = f"{number.label} ({number.author})" if number.author else number.label
        line = row(gap=8)
        line.addWidget(label(who, "body", wrap=True), 1)
        line.addWidget(PhoneLabel(number.number))
        entry = _holding(line)
        spoken_as(entry, QAccessible.Role.ListItem, words, whole=True)
        grid.addWidget(entry, place // across, place % across)
        grid.setColumnStretch(place % across, 1)
    return holder
