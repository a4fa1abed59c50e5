"""The children placed tonight, one card each: name, status, carers, number, last contact.

Arrows move between cards, Enter opens one, Ctrl+C copies its number. Must not know where the words come from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from hipss_desktop.views.alerts import FOR_TONIGHT
from hipss_desktop.views.board import PlacedChild
from hipss_desktop.views.numbers import Number
from hipss_desktop.views.strain import UNDER_STRAIN
from ui.base.clipboard import copy_number
from ui.base.focus import holds_focus
from ui.base.page import Context
from ui.parts import (
    CardTone,
    ElidedLabel,
    EmptyState,
    Heading,
    IconLabel,
    PressCard,
    Tag,
    TagSpec,
    arranged_once_at_a_time,
    label,
    row,
    tone_named,
)
from ui.records.undecided import two_versions
from ui.theme import theme_of

MOST_IN_A_ROW = 5
NARROWEST = 200
GAP = 12


def tone_of(tag_tone: str) -> CardTone:
    """The tone of a card for its tag's tone: red and amber cards get a bar at the edge, others are plain."""
    return "risk" if tag_tone == "risk" else "amber" if tag_tone == "amber" else "neutral"


def phrase(child: PlacedChild) -> str:
    """A child's card as a screen reader says it."""
    who = ", ".join(part for part in (child.name, child.age, child.local_id) if part)
    carers = ", ".join(part for part in (child.carers.replace("&", "and"), numbers_phrase(child.numbers)) if part)
    late = f"{child.overdue} follow-up{'s' if child.overdue > 1 else ''} overdue" if child.overdue else ""
    alerts = [f"{FOR_TONIGHT} {alert.words}".rstrip(".") for alert in child.alerts]
    strain = f"{UNDER_STRAIN.words}: {child.strain}" if child.strain else ""
    parts = (who, child.status.words, *alerts, strain, carers, child.next_call, late, child.last_contact)
    return ". ".join(part for part in parts if part) + "."


def numbers_phrase(numbers: Sequence[Number]) -> str:
    """The number as a screen reader says it; if there are two versions, both with their authors."""
    words = " or ".join(", ".join(filter(None, (phone.number, phone.author))) for phone in numbers)
    return f"two versions of the number, {words}" if len(numbers) > 1 else words


def late_line(child: PlacedChild) -> str:
    """The next agreed call, then how much is overdue; '' if nothing is due. The call comes first, so that it is never cut off."""
    late = f"{child.overdue} overdue" if child.overdue else ""
    return " · ".join(part for part in (child.next_call, late) if part)


def copy_number_of(context: Context, child: PlacedChild) -> None:
    """Copy the number on a child's card (the first of two versions) and say which number was copied."""
    if not child.numbers:
        context.say("There is no number to copy")
        return
    copy_number(child.numbers[0].number)
    context.done(f"{child.numbers[0].number} copied")


class ChildCard(PressCard):
    """The card of one child.

    Signals: ``moved(dx, dy)`` when an arrow asks for another card, ``copied()`` when Ctrl+C asks for the number,
    ``not_home()`` when Ctrl+G asks for the guide.
    """

    moved = Signal(int, int)
    copied = Signal()
    not_home = Signal()
    focused = Signal()

    def __init__(self, child: PlacedChild) -> None:
        super().__init__(phrase(child), tone=tone_of(child.tone))
        self.child = child
        self._name = ElidedLabel("", "body_strong")
        self._id = label("", "caption", "muted", ids=True)
        self._status = Tag("", "")
        self._alert = ElidedLabel("", "small", "amber")
        self._tonight = _line(IconLabel("alert", "", "small", "amber"), self._alert, gap=7)
        self._strain = IconLabel(UNDER_STRAIN.icon, "", "small", "amber")
        self._strain.setWordWrap(True)
        self._carers = ElidedLabel("", "small", "ink")
        self._number = label("", "phone")
        self._versions = _line(two_versions(), None)
        self._late = ElidedLabel("", "small", "amber")
        self._overdue = _line(IconLabel("clock", "", "small", "amber"), self._late, gap=7)
        self._last = ElidedLabel("", "small", "muted")
        self.add(
            _line(self._name, self._id),
            _line(self._status, None),
            self._tonight,
            self._strain,
            _line(IconLabel("home", "", "small", "ink"), self._carers, gap=7),
            _line(IconLabel("phone", "", "small", "ink"), self._number, None, gap=7),
            self._versions,
            self._overdue,
            _line(self._last),
        )
        self.body.setSpacing(5)
        self.body.insertSpacing(6, 6)
        self.show_child(child)

    def show_child(self, child: PlacedChild) -> None:
        """Show a child's present details."""
        self.child = child
        self.setAccessibleName(phrase(child))
        long_status = [child.status.words] if len(child.status.words) > 24 else []
        tonight = [f"{FOR_TONIGHT} {alert.words}" for alert in child.alerts]
        strain = [f"{UNDER_STRAIN.words}: {child.strain}"] if child.strain else []
        self.setToolTip("\n".join([*long_status, *tonight, *strain]))
        self._strain.setText(child.strain)
        self._strain.setVisible(bool(child.strain))
        self._alert.set_whole(" ".join(tonight))
        self._tonight.setVisible(bool(tonight))
        self.tone = tone_of(child.tone)
        self._name.set_whole(f"{child.name} · {child.age}" if child.age else child.name)
        self._id.setText(child.local_id)
        self._status.set_spec(TagSpec(child.status.icon, child.status.words, tone_named(child.status.tone)))
        self._carers.set_whole(child.carers)
        self._number.setText("\n".join(phone.number for phone in child.numbers) or "No number")
        self._number.setToolTip("\n".join(f"{phone.number}, {phone.author}" for phone in child.numbers if phone.author))
        self._versions.setVisible(len(child.numbers) > 1)
        self._late.set_whole(late_line(child))
        self._overdue.setVisible(bool(late_line(child)))
        self._last.set_whole(child.last_contact)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        step = steps.get(Qt.Key(event.key()))
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.key() == Qt.Key.Key_G and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.not_home.emit()
        elif step is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.moved.emit(*step)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()


def _line(*items: QWidget | None, gap: int = 8) -> QWidget:
    holder = QWidget()
    holder.setLayout(row(*items, gap=gap))
    return holder


class ChildrenBoard(QWidget):
    """All cards, as many in a row as there is room for. Tab reaches one card, arrows move to the others.

    ``empty`` is shown while there are no children.

    Signals: ``opened(record)``, ``not_home(record)``, ``copied(PlacedChild)``, ``focused(card)`` when a card gets the focus.
    """

    opened = Signal(str)
    not_home = Signal(str)
    copied = Signal(object)
    focused = Signal(QWidget)

    def __init__(self, title: str, empty: EmptyState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Heading(title, 2)
        self._count = label("", "body", "muted")
        self._sorted_by = IconLabel("filter", "Highest concern first", "small", "muted", icon_tone="accent")
        self._cards: list[ChildCard] = []
        self._strains: Mapping[str, str] = {}
        self._in_a_row = MOST_IN_A_ROW
        self._place = QWidget()
        self._grid = QGridLayout(self._place)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self._empty = empty
        self._empty.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        head = row(self.title, self._count, None, gap=8)
        head.addWidget(self._sorted_by, 0, Qt.AlignmentFlag.AlignVCenter)
        box.addLayout(head)
        box.addWidget(self._place)
        box.addWidget(self._empty)

    def cards(self) -> list[ChildCard]:
        """The cards in reading order."""
        return list(self._cards)

    def show_children(self, children: Sequence[PlacedChild]) -> None:
        """Show the children in the order given; the focused card keeps the focus."""
        held = {card.child.record: card for card in self._cards}
        fresh = []
        for read in children:
            child = self._with_strain(read)
            card = held.pop(child.record, None)
            if card is None:
                card = self._make_card(child)
            else:
                card.show_child(child)
            fresh.append(card)
        for gone in held.values():
            gone.setParent(None)
            gone.deleteLater()
        self._cards = fresh
        self._count.setText(str(len(fresh)))
        self._sorted_by.setVisible(bool(fresh))
        self._empty.setVisible(not fresh)
        self._place.setVisible(bool(fresh))
        self._arrange(force=True)
        self._rove(next((card for card in fresh if holds_focus(card)), fresh[0] if fresh else None))

    def show_strains(self, strains: Mapping[str, str]) -> None:
        """Show which placements are under strain; ``strains`` has a sentence by the child's record."""
        if strains != self._strains:
            self._strains = strains
            for card in self._cards:
                card.show_child(self._with_strain(card.child))

    def _with_strain(self, child: PlacedChild) -> PlacedChild:
        return replace(child, strain=self._strains.get(child.record, ""))

    def _make_card(self, child: PlacedChild) -> ChildCard:
        card = ChildCard(child)
        card.clicked.connect(lambda: self.opened.emit(card.child.record))
        card.copied.connect(lambda: self.copied.emit(card.child))
        card.not_home.connect(lambda: self.not_home.emit(card.child.record))
        card.moved.connect(lambda dx, dy: self._move(card, dx, dy))
        card.focused.connect(lambda: self._arrived(card))
        return card

    def _move(self, card: ChildCard, dx: int, dy: int) -> None:
        place = self._cards.index(card) + dx + dy * self._in_a_row
        if 0 <= place < len(self._cards):
            self._cards[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _arrived(self, card: ChildCard) -> None:
        self._rove(card)
        self.focused.emit(card)

    def _rove(self, chosen: ChildCard | None) -> None:
        for card in self._cards:
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if card is chosen else Qt.FocusPolicy.ClickFocus)

    def minimumSizeHint(self) -> QSize:
        """No minimum width, because a narrow board puts fewer cards in a row."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange) and hasattr(self, "_grid"):
            self._arrange()

    @arranged_once_at_a_time
    def _arrange(self, *, force: bool = False) -> None:
        least = theme_of(self).px(NARROWEST) + GAP
        in_a_row = min(max((self.width() + GAP) // least, 1), MOST_IN_A_ROW)
        if in_a_row == self._in_a_row and not force:
            return
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        for card in self._cards:
            self._grid.removeWidget(card)
        self._in_a_row = in_a_row
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // in_a_row, place % in_a_row)
            card.show()  # now, because it may get the focus before the layout shows it
        for column in range(in_a_row):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, 1)
