"""Cards: panels with a heading row, cards to press, and cards of which the user chooses one."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.parts import paint
from ui.parts.buttons import Pressable
from ui.parts.group import Group
from ui.parts.headings import Heading
from ui.parts.layout import FlowLayout, grows
from ui.parts.words import PlainWords, Rule, label
from ui.theme import Theme, theme_of

CardTone = Literal["neutral", "accent", "amber", "risk"]
_EDGES = {"neutral": "line", "accent": "fill_line", "amber": "amber_line", "risk": "risk_line"}

HEAD = 16
"""Pixels to the left and right of a card's heading."""


class Card(QFrame):
    """A panel. With ``title``: a heading row with an optional ``count``, things at its right, and a line below.

    Add content with ``add`` (padded) or ``add_flush`` (from edge to edge, for tables). ``tone`` amber or risk colours the
    edge and adds a 4 px bar; accent gives the 2 px edge of the present step. ``surface`` is its background.
    """

    def __init__(
        self,
        title: str = "",
        *,
        count: int | None = None,
        aside: Sequence[QWidget] = (),
        tone: CardTone = "neutral",
        surface: str = "surface",
        pad: int = 12,
        level: int = 2,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.tone, self.paper, self.pad = tone, surface, pad
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(1, 1, 1, 1)
        self.box.setSpacing(0)
        self.heading: Heading | None = None
        self._count = label("" if count is None else str(count), "body", "muted")
        self._count.setParent(self)  # without a parent it would open as a window
        self._count.setVisible(bool(title) and count is not None)
        if title:
            head = QHBoxLayout()
            head.setContentsMargins(HEAD, 8, HEAD, 8)
            head.setSpacing(8)
            self.heading = Heading(title, level)
            head.addWidget(self.heading)
            head.addWidget(self._count)
            head.addStretch(1)
            for widget in aside:
                head.addWidget(widget)
            self.box.addLayout(head)
            self.box.addWidget(Rule())
        self.body = QVBoxLayout()
        side = HEAD if title and pad else pad  # level with the heading above
        self.body.setContentsMargins(side, pad, side, pad)
        self.body.setSpacing(8)
        self._has_body = False
        self.gives_way = False
        """Whether the contents scroll, so that the card may be lower than they are."""

    def set_count(self, count: int | None) -> None:
        """Set the number beside the title; None hides it."""
        self._count.setText("" if count is None else str(count))
        self._count.setVisible(self.heading is not None and count is not None)

    def add(self, *widgets: QWidget) -> None:
        """Add widgets to the padded body, from top to bottom."""
        if not self._has_body:
            self._has_body = True
            self.box.addLayout(self.body)
        for widget in widgets:
            self.body.addWidget(widget)

    def add_flush(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a widget as wide as the card."""
        self.box.addWidget(widget, stretch)

    def hasHeightForWidth(self) -> bool:
        """Whether the card must be as high as its words; Qt then makes its neighbours lower."""
        return super().hasHeightForWidth() and not self.gives_way

    def add_rule(self) -> None:
        """Add a line from edge to edge."""
        self.box.addWidget(Rule())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_card(painter, QRectF(self.rect()), theme_of(self), self.tone, self.paper)
        painter.end()


def paint_card(painter: QPainter, box: QRectF, theme: Theme, tone: CardTone, paper: str = "surface") -> None:
    """Draw a card's background and edge."""
    edge = theme.color(_EDGES[tone])
    bar = edge if tone in ("amber", "risk") else None
    width = 2 if tone == "accent" else 1
    paint.frame(painter, box, fill=theme.color(paper), edge=edge, width=width, radius=6, bar=bar)


class PressCard(Pressable):
    """A card that is one button: click, Enter or Space opens it. Fill ``body`` with labels.

    ``name`` is the phrase that a screen reader says for the whole card; ``pad`` is the space at its sides in pixels.
    """

    def __init__(self, name: str, *, tone: CardTone = "neutral", pad: int = 12, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.tone: CardTone = tone
        self.setAccessibleName(name)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(pad, 8, pad, 10)
        self.body.setSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def add(self, *widgets: QWidget) -> None:
        """Add labels from top to bottom; a click on them presses the card."""
        for widget in widgets:
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self.body.addWidget(widget)

    def sizeHint(self) -> QSize:
        return self.body.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.body.minimumSize()

    def ring_shape(self) -> tuple[QRectF, float]:
        """The shape of the focus ring, with the card's corners."""
        return QRectF(self.rect()), 6.0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paper = "sunken" if self.underMouse() or self.isDown() else "surface"
        paint_card(painter, QRectF(self.rect()), theme_of(self), self.tone, paper)
        painter.end()


class RadioCard(PlainWords, QRadioButton):
    """One choice of a few, as a card: a title and a hint that says what follows from it.

    A chosen card has its ``tone`` (the accent for neutral) and a 2 px edge. A click anywhere in it chooses it.
    """

    def __init__(
        self,
        title: str,
        hint: str = "",
        *,
        key: str = "",
        tone: CardTone = "neutral",
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """``large`` cards are for fingers and for reading across a table; they have no hint."""
        super().__init__(title, parent)
        self.key, self.hint, self.tone, self.large = key or title, hint, tone, large
        self.setAccessibleDescription(hint)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        grows(self)

    def _title_style(self) -> str:
        return "heading" if self.large else "body_strong" if self.hint else "body"

    def _height(self) -> int:
        return theme_of(self).px(52) if self.large else theme_of(self).size("control")

    def _indent(self) -> int:
        theme = theme_of(self)
        return 11 + theme.size("icon") + (8 if self.hint else 7)

    def hitButton(self, pos: object, /) -> bool:
        return True

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        theme = theme_of(self)
        if not self.hint:
            return self._height()
        room = width - self._indent() - 8
        title = paint.wrapped_height(self.text(), theme.font("body_strong"), room)
        lines = paint.wrapped_height(self.hint, theme.font("caption", weight=400), room)
        return max(title, theme.line_height("body")) + lines + theme.px(18)

    def sizeHint(self) -> QSize:
        theme = theme_of(self)
        wide = paint.advance(self.text(), theme.font(self._title_style()))
        if self.hint:
            wide = max(wide, paint.advance(self.hint, theme.font("caption", weight=400)))
        width = wide + self._indent() + 10
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        theme = theme_of(self)
        longest = max(self.hint.split() or [""], key=len)
        wide = max(
            paint.advance(self.text(), theme.font(self._title_style())),
            paint.advance(longest, theme.font("caption", weight=400)),
        )
        return QSize(wide + self._indent() + 8, self._height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        on, enabled = self.isChecked(), self.isEnabled()
        family = "accent" if self.tone in ("neutral", "accent") else self.tone
        dot = theme.color(family)
        fill, edge, width = theme.surface, theme.control, 1
        if on and enabled:
            fill, width = theme.color(f"{family}_tint"), 2
            edge = theme.color({"amber": "amber_line", "risk": "risk"}.get(family, "accent"))
        elif not enabled:
            fill, edge = theme.canvas, theme.line
        elif self.property("problem"):
            edge, width = theme.risk, 2
        elif self.underMouse():
            fill = theme.sunken
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint.frame(painter, box, fill=fill, edge=edge, width=width)
        side = theme.size("icon")
        top = theme.px(9) + (theme.line_height("body") - side) / 2 if self.hint else (box.height() - side) / 2
        circle = QRectF(11, top, side, side)
        ink = theme.ink if enabled else theme.faint
        paint.radio_dot(painter, circle, theme, on=on, colour=dot, edge=dot if on else theme.control)
        room = box.width() - self._indent() - 8
        font = theme.font(self._title_style())
        if not self.hint:
            paint.words(painter, QRectF(self._indent(), 0, room + 8, box.height()), self.text(), font, ink)
        else:
            title = max(paint.wrapped_height(self.text(), font, room), theme.line_height("body"))
            place = QRectF(self._indent(), theme.px(9), room, title)
            paint.words(painter, place, self.text(), font, ink, wrap=True)
            quiet = theme.faint if not enabled else theme.ink if on else theme.muted
            below = QRectF(self._indent(), place.bottom(), room, box.height() - place.bottom())
            paint.words(painter, below, self.hint, theme.font("caption", weight=400), quiet, align=paint.TOP, wrap=True)
        painter.end()


class RadioCards(Group):
    """A group of radio cards side by side; arrows move and choose, Tab enters and leaves the group once.

    ``options`` are (key, title, hint, tone); ``changed(str)`` gives the key. Nothing is chosen at first. With ``flow`` the
    cards are as wide as their words, on as many lines as needed.
    """

    changed = Signal(str)

    def __init__(
        self,
        name: str,
        options: Sequence[tuple[str, str, str, CardTone]],
        *,
        chosen: str = "",
        direction: QBoxLayout.Direction = QBoxLayout.Direction.LeftToRight,
        flow: bool = False,
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, single=True, parent=parent)
        box = FlowLayout(self) if flow else QBoxLayout(direction, self)
        if isinstance(box, QBoxLayout):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(8)
        else:
            grows(self)
        self._group = QButtonGroup(self)
        self._cards: list[RadioCard] = []
        for key, title, hint, tone in options:
            card = RadioCard(title, hint, key=key, tone=tone, large=large)
            card.setChecked(key == chosen)
            self._group.addButton(card)
            self._cards.append(card)
            if isinstance(box, QBoxLayout):
                box.addWidget(card, 1)
            else:
                box.addWidget(card)
        self._group.buttonToggled.connect(self._toggled)
        self.set_members(self._cards)

    def cards(self) -> list[RadioCard]:
        """The cards in order."""
        return list(self._cards)

    def chosen(self) -> str:
        """The key of the chosen card, '' if none is chosen."""
        return next((card.key for card in self._cards if card.isChecked()), "")

    def choose(self, key: str) -> None:
        """Choose the card with ``key``; '' or an unknown key chooses none."""
        chosen = next((card for card in self._cards if card.key == key), None)
        if chosen is not None:
            chosen.setChecked(True)
            return
        self._group.setExclusive(False)
        for card in self._cards:
            card.setChecked(False)
        self._group.setExclusive(True)

    def arrived(self, button: QAbstractButton) -> None:
        """Choose the card that an arrow moved to, even if none was chosen before."""
        button.setChecked(True)

    def _toggled(self, button: object, on: bool) -> None:
        if on and isinstance(button, RadioCard):
            self.changed.emit(button.key)
