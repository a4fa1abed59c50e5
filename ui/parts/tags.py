"""Tags and the sync pill: words, and an icon with each colour that means something, so that colour is never the only sign."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.parts import paint
from ui.parts.buttons import Pressable
from ui.theme import Theme, icons, styled, theme_of

Tone = Literal["neutral", "accent", "amber", "risk", "open"]
TONES: Mapping[str, Tone] = {argument: argument for argument in get_args(Tone)}
SyncState = Literal["sent", "sending", "offline", "decide", "problem"]


@dataclass(frozen=True)
class TagSpec:
    """The contents of a tag, also in table cells. ``tone`` 'open' is an outline for 'not yet'.

    ``icon`` is '' for a neutral tag without an icon.
    """

    icon: str
    words: str
    tone: Tone = "neutral"


def tone_named(name: str) -> Tone:
    """Return a tone by its name; neutral for an unknown name."""
    return TONES.get(name, "neutral")


def tag_colours(theme: Theme, tone: Tone) -> tuple[QColor, QColor | None, QColor]:
    """Fill, edge (None for none) and ink of a tag in ``tone``."""
    if tone == "open":
        return theme.surface, theme.line, theme.muted
    edge = {"accent": "fill_line", "amber": "amber_line", "risk": "risk_line"}.get(tone)
    return theme.color(f"{tone}_tint"), theme.color(edge) if edge else None, theme.color(f"{tone}_ink")


def tag_size(theme: Theme, spec: TagSpec) -> QSize:
    """The size of a tag in pixels."""
    wide = paint.advance(spec.words, theme.font("caption", weight=600))
    return QSize(wide + _icon_room(theme, spec) + 15, theme.size("tag"))


def _icon_room(theme: Theme, spec: TagSpec) -> int:
    """The width of a tag's icon with the gap after it, in pixels."""
    return theme.px(14) + 7 if spec.icon else 0


def paint_tag(painter: QPainter, place: QRectF, spec: TagSpec, theme: Theme) -> None:
    """Draw a tag into ``place`` (see ``tag_size``); words that do not fit are cut."""
    fill, edge, ink = tag_colours(theme, spec.tone)
    paint.frame(painter, place, fill=fill, edge=edge)
    if spec.icon:
        side = theme.px(14)
        icons.paint(painter, QPointF(place.x() + 8, place.y() + (place.height() - side) / 2), spec.icon, ink, side)
    text = place.adjusted(7 + _icon_room(theme, spec), 0, -7, 0)
    paint.words(painter, text, spec.words, theme.font("caption", weight=600), ink)


class Tag(QLabel):
    """A tag in a page; a screen reader says its words."""

    def __init__(self, icon: str, words: str, tone: Tone = "neutral", *, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.spec = TagSpec(icon, words, tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        styled(self, "caption", weight=600)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_spec(self, spec: TagSpec) -> None:
        """Show another icon, words and tone."""
        self.spec = spec
        self.setText(spec.words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return tag_size(theme_of(self), self.spec)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_tag(painter, QRectF(self.rect()), self.spec, theme_of(self))
        painter.end()


_PILL_ICONS: dict[SyncState, str] = {
    "sent": "cloud",
    "sending": "sync",
    "offline": "cloudoff",
    "decide": "alert",
    "problem": "alert",
}


class SyncPill(Pressable):
    """The state of the sync with the council, in the top bar; pressing it opens the sync centre."""

    def __init__(self, state: SyncState, words: str, *, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._state: SyncState = state
        self._short, self._is_short = words, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_state(self, state: SyncState, words: str, short: str = "") -> None:
        """Show another state in words ('Offline since 22:10 · 3 waiting'); ``short`` are the words for little room."""
        self._state, self._short = state, short or words
        self.setText(words)
        self.updateGeometry()
        self.update()

    def shorten(self, short: bool) -> None:
        """Draw the short words or the full ones; a screen reader and the tooltip always give the full words."""
        self._is_short = short
        self.setToolTip(self.text() if short and self._short != self.text() else "")
        self.updateGeometry()
        self.update()

    def drawn(self) -> str:
        """The words as they are drawn."""
        return self._short if self._is_short else self.text()

    def sizeHint(self) -> QSize:
        theme = theme_of(self)
        wide = paint.advance(self.drawn(), theme.font("small"))
        return QSize(wide + theme.size("icon") + 30, theme.size("chip"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def ring_shape(self) -> tuple[QRectF, float]:
        """The shape of the focus ring, with round ends."""
        return QRectF(self.rect()), self.height() / 2

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        box = QRectF(self.rect())
        urgent = self._state in ("decide", "problem")
        edge = theme.amber_line if urgent else theme.line
        fill = theme.sunken if self.underMouse() else theme.surface
        paint.frame(painter, box, fill=fill, edge=edge, radius=box.height() / 2)
        side = theme.size("icon")
        corner = QPointF(12, (box.height() - side) / 2)
        icons.paint(painter, corner, _PILL_ICONS[self._state], theme.amber if urgent else theme.ink, side)
        place = box.adjusted(12 + side + 7, 0, -4, 0)
        paint.words(painter, place, self.drawn(), theme.font("small"), theme.ink)
        painter.end()
