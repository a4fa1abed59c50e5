"""The child's card beside a call: warnings, safety plan, who to call, last contacts. It is empty until a child is known.

It shows a ``ChildCard`` that others read, and says if there is no child or no plan. Must not read anything itself.
"""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget

from hipss_desktop.kinds.child import CHILD
from hipss_desktop.views import tags
from hipss_desktop.views.alerts import FOR_TONIGHT
from hipss_desktop.views.child_card import ChildCard, LastContact
from hipss_desktop.views.numbers import Number
from ui.base.access import spoken_as
from ui.children.alerts import alert_banner
from ui.parts import (
    Bullets,
    ElidedLabel,
    EmptyState,
    FlowLayout,
    IconLabel,
    LinkButton,
    Rule,
    Tabs,
    Tag,
    column,
    grows,
    label,
    paint,
    row,
    tone_named,
)
from ui.parts.headings import Heading
from ui.records.undecided import BothVersions, two_versions
from ui.theme import Theme, current, signals, theme_of

GUTTER = 12
"""Pixels to the right of the frame for the scroll bar."""
PLAN = (("risks", "alert"), ("triggers", "bolt"), ("helps", "heart"), ("do_not", "minusc"))
WHO_TO_CALL, LAST_CONTACTS = "Who to call", "Last contacts"
_LABELS = CHILD.by_name


class ChildCardView(QFrame):
    """The view of the card.

    Signals:
        timeline(str): the user wants the timeline of this child's record.
        child_chosen(str): the user chose this one of several children.
    """

    timeline = Signal(str)
    child_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.record = ""
        self._children: list[str] = []
        self.link: LinkButton | None = None
        self.tabs = Tabs("Children")
        self.tabs.currentChanged.connect(self._tab)
        self.tabs.hide()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName("Child’s card")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLayout(column(self.tabs, self._scroll, gap=0, margins=(1, 1, 0, 1)))
        self.setFocusProxy(self._scroll)
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda *_: self._make_room())
        self._box = QVBoxLayout()
        self.show_nobody()

    def show_children(self, children: Sequence[tuple[str, str]]) -> None:
        """Set the children of the call, as (record, name) pairs; tabs choose among several."""
        self._children = [record for record, _ in children]
        with QSignalBlocker(self.tabs):
            while self.tabs.count():
                self.tabs.removeTab(0)
            for _, name in children:
                self.tabs.addTab(name)
            if self.record in self._children:
                self.tabs.setCurrentIndex(self._children.index(self.record))
        self.tabs.setVisible(len(children) > 1)

    def show_nobody(self) -> None:
        """Show that no child is known yet."""
        self.record = ""
        self.link = None
        self._describe("No child chosen yet")
        fact = "No child chosen yet"
        advice = "Choose who is calling, or the child. The safety plan and numbers show here."
        self._fill([EmptyState(fact, advice, icon="child")], stretch=True)

    def show_card(self, card: ChildCard) -> None:
        """Show the card of one child."""
        self.record = card.record
        self._describe(_phrase(card))
        parts: list[QWidget] = [_top(card), *_alerts(card), Rule(), *self._plan(card), Rule()]
        parts += [_section(WHO_TO_CALL, _numbers(card.numbers)), Rule()]
        self.link = LinkButton("Timeline")
        self.link.setAccessibleName(f"Timeline of {card.name}")
        self.link.clicked.connect(lambda: self.timeline.emit(card.record))
        parts += [_section(LAST_CONTACTS, _last(card.last_contacts), self.link)]
        delegated = lines_of(card, "delegated")
        if delegated is not None:
            parts += [Rule(), _section(_LABELS["delegated"].label, delegated)]
        self._fill(parts)
        QWidget.setTabOrder(self._scroll, self.link)  # otherwise new widgets would be last in the window's Tab order

    def _describe(self, words: str) -> None:
        """Have a screen reader say ``words`` with the card's name; it reads the contents one by one."""
        for widget in (self, self._scroll):
            widget.setAccessibleDescription(words)

    def _plan(self, card: ChildCard) -> list[QWidget]:
        head = QWidget()
        reviewed = label(card.plan_reviewed, "small", "muted", wrap=True)
        reviewed.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = row(Heading("Safety plan", 2, style="body_strong"), gap=12, margins=(14, 4, 14, 4))
        line.addWidget(reviewed, 1)
        head.setLayout(line)
        if not card.has_plan:
            advice = "Ask the carer what helps and what to leave alone. Ring the backup manager if you are not sure."
            return [head, Rule(), EmptyState(f"No safety plan for {card.name}", advice, icon="shield")]
        grid = QWidget()
        box = QGridLayout(grid)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        columns = 2
        for place, (name, icon) in enumerate(PLAN):
            across, down = place % columns, place // columns
            quarter = QWidget()
            title = Heading(_LABELS[name].label, 3, style="body_strong")
            mark = IconLabel(icon, "", "body", "ink")
            inside = lines_of(card, name) or label("Nothing written", "small", "muted")
            quarter.setLayout(column(row(mark, title, None, gap=6), inside, None, gap=2, margins=(14, 6, 8, 6)))
            box.addWidget(quarter, down * 2, across * 2)
        box.addWidget(Rule(), 1, 0, 1, 3)
        box.addWidget(Rule(upright=True), 0, 1, 3, 1)
        box.setColumnStretch(0, 1)
        box.setColumnStretch(2, 1)
        return [head, Rule(), grid]

    def _fill(self, parts: Iterable[QWidget], *, stretch: bool = False) -> None:
        content = QWidget()
        self._box = box = QVBoxLayout(content)
        box.setSpacing(0)
        self._make_room()
        for part in parts:
            box.addWidget(part, 1 if stretch else 0)
        box.addStretch(0 if stretch else 1)
        place = self._scroll.verticalScrollBar().value()
        self._scroll.setWidget(content)
        self._scroll.verticalScrollBar().setValue(place)

    def _make_room(self) -> None:
        """Keep the scroll bar outside the frame, so that it takes no room from the plan."""
        bar = self._scroll.verticalScrollBar()
        self._box.setContentsMargins(0, 0, GUTTER - bar.sizeHint().width() * bool(bar.maximum()), 0)

    def _tab(self, index: int) -> None:
        if 0 <= index < len(self._children):
            self.child_chosen.emit(self._children[index])

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        paint.frame(
            painter, QRectF(self.rect()).adjusted(0, 0, -GUTTER, 0), fill=theme.surface, edge=theme.line, radius=6
        )
        painter.end()


class PhoneLabel(QLabel):
    """A telephone number, 15 px and semibold, the largest size for dense cards; the mouse can select it for copying."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._size(current())
        signals.theme_changed.connect(self._size)

    def _size(self, theme: Theme) -> None:
        font = theme.font("phone")
        font.setPixelSize(theme.px(15))
        self.setFont(font)


def _top(card: ChildCard) -> QWidget:
    head = QWidget()
    age = f" · {card.age}" if card.age else ""
    name = QWidget()
    name.setLayout(row(Heading(f"{card.name}{age}", 2), label(card.local_id, "body", "muted", ids=True), gap=8))
    first, second = QWidget(), QWidget()
    flow = FlowLayout(first, gap=8, line_gap=4)
    flow.addWidget(name)
    line = row(first, gap=8)
    if card.status:
        line.addWidget(_tag(card.status), 0, Qt.AlignmentFlag.AlignTop)
    spoken_as(second, QAccessible.Role.List, "Warnings")
    warnings = FlowLayout(second, gap=4, line_gap=6)
    for tag in card.tags:
        warning = _tag(tag)
        spoken_as(warning, QAccessible.Role.ListItem, tag.words)
        warnings.addWidget(warning)
    for holder in (first, second):
        grows(holder)
    lines: list[QWidget | QLayout] = [line, second] if card.tags else [line]
    head.setLayout(column(*lines, gap=6, margins=(14, 9, 8, 8)))
    return head


def _alerts(card: ChildCard) -> list[QWidget]:
    holders = []
    for alert in card.alerts:
        holder = QWidget()
        holder.setLayout(column(alert_banner(alert, narrow=True), margins=(14, 0, 8, 8)))
        grows(holder)
        holders.append(holder)
    return holders


def _tag(tag: tags.Tag) -> Tag:
    return Tag(tag.icon, tag.words, tone_named(tag.tone))


def lines_of(card: ChildCard, field: str, style: str = "small") -> QWidget | None:
    """The lines of one field, or both versions of an undecided answer; None if the field is empty."""
    undecided = [answer for answer in card.undecided if answer.field == field]
    if undecided:
        both = QWidget()
        both.setLayout(column(row(two_versions(), None), *map(BothVersions, undecided), gap=4))
        return both
    lines = getattr(card, field)
    return Bullets(_LABELS[field].label, lines, style) if lines else None


def _section(title: str, inside: QWidget, aside: QWidget | None = None) -> QWidget:
    section = QWidget()
    head = row(Heading(title, 2, style="body_strong"), None, gap=8)
    if aside is not None:
        head.addWidget(aside)
    section.setLayout(column(head, inside, gap=2, margins=(14, 5, 14, 7)))
    return section


def _numbers(numbers: Sequence[Number]) -> QWidget:
    """The list of who answers and their numbers, in reading order, two side by side if there is room."""
    number_list = QWidget()
    if not numbers:
        number_list.setLayout(column(label("No numbers are held. Ring 999 in danger.", "small", wrap=True)))
        return number_list
    spoken_as(number_list, QAccessible.Role.List, WHO_TO_CALL)
    box = QGridLayout(number_list)
    box.setContentsMargins(0, 0, 0, 0)
    box.setHorizontalSpacing(12)
    box.setVerticalSpacing(4)
    for place, listed in enumerate(numbers):
        number = PhoneLabel(listed.number)
        number.setAccessibleName(", ".join(filter(None, (listed.label, listed.number, listed.author))))
        entry = QWidget()
        spoken_as(entry, QAccessible.Role.ListItem, number.accessibleName(), whole=True)
        line = row(gap=4)
        line.addWidget(ElidedLabel(listed.label, "small"), 1)
        line.addWidget(number)
        whose = [ElidedLabel(listed.author, "caption", "muted")] if listed.author else []
        entry.setLayout(column(line, *whose, gap=0))
        box.addWidget(entry, place // 2, place % 2)
    box.setColumnStretch(0, 1)
    box.setColumnStretch(1, 1)
    return number_list


def _last(last_contacts: Sequence[LastContact]) -> QWidget:
    contact_list = QWidget()
    spoken_as(contact_list, QAccessible.Role.List, LAST_CONTACTS)
    box = column(gap=4)
    if not last_contacts:
        box.addWidget(label("No contacts yet", "small", "muted"))
    for last_contact in last_contacts:
        when = label(last_contact.when, "small_strong")
        when.setMinimumWidth(theme_of(contact_list).px(72))
        entry = QWidget()
        spoken_as(entry, QAccessible.Role.ListItem, f"{last_contact.when}, {last_contact.words}", whole=True)
        line = row(when, gap=8)
        line.addWidget(ElidedLabel(last_contact.words, "small"), 1)
        entry.setLayout(line)
        box.addWidget(entry)
    contact_list.setLayout(box)
    return contact_list


def _phrase(card: ChildCard) -> str:
    """The card as one phrase, which a screen reader says when the card gets the focus."""
    parts = [card.name, card.age, card.local_id]
    parts += [card.status.words if card.status else "", *(tag.words for tag in card.tags)]
    parts += [f"{FOR_TONIGHT} {alert.words}" for alert in card.alerts]
    return ", ".join(part for part in parts if part)
