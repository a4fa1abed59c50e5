"""Messages of a screen: banners, the toast after a save, and the words in an empty place."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.base.announce import announce
from ui.parts import paint
from ui.parts.buttons import Button, IconButton, LinkButton
from ui.parts.headings import Heading
from ui.parts.layout import grows
from ui.parts.tags import Tone
from ui.parts.words import label, rich_label
from ui.theme import icons, theme_of

_ICONS = {"risk": "octagon", "amber": "clock", "accent": "info", "neutral": "info"}


class _Notice(QFrame):
    """A framed line with a bar at the left, an icon, words, and room for buttons at the right."""

    def __init__(self, icon: str, tone: Tone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icon_name, self.tone = icon, tone
        self.line = QHBoxLayout(self)
        self.line.setSpacing(12)
        self._up, self._right = 7, 12
        self.fit()
        grows(self)

    def fit(self) -> None:
        """Leave room for the icon at the present text size."""
        self.line.setContentsMargins(26 + theme_of(self).size("icon"), self._up, self._right, self._up)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "line"):
            self.fit()

    def colours(self) -> tuple[str, str, str, str]:
        """The colour tokens of background, edge, bar and icon."""
        if self.tone == "neutral":
            return "surface", "line", "line", "ink"
        line = "accent" if self.tone == "accent" else f"{self.tone}_line"
        return f"{self.tone}_tint", line, line, self.tone

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        paper, edge, bar, icon = (theme.color(token) for token in self.colours())
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint.frame(painter, box, fill=paper, edge=edge, bar=bar)
        side = theme.size("icon")
        top = min((box.height() - side) / 2, 7 + (theme.line_height("body") - side) / 2 + 3)
        icons.paint(painter, QPointF(16, top), self.icon_name, icon, side)
        painter.end()


class Banner(_Notice):
    """A notice that stays: ``strong`` words first, then the rest. Tones risk, amber, accent, neutral."""

    def __init__(
        self,
        strong: str,
        rest: str = "",
        *,
        tone: Tone = "accent",
        icon: str = "",
        actions: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(icon or _ICONS.get(tone, "info"), tone, parent)
        self.words: QLabel = label("")
        self.line.addWidget(self.words, 1)
        for action in actions:
            self.line.addWidget(action)
        self.set_words(strong, rest)

    def set_words(self, strong: str, rest: str = "") -> None:
        """Replace the banner's words."""
        parts = [(strong, "strong")] if strong else []
        fresh = rich_label([*parts, *([(rest, "")] if rest else [])])
        self.line.replaceWidget(self.words, fresh)
        self.words.setParent(None)
        self.words.deleteLater()
        self.words = fresh
        self.setAccessibleName(fresh.accessibleName())

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), theme_of(self).size("control"))


class Toast(_Notice):
    """A message that something was done, on as many lines as the words need. It stays until it is closed or replaced.

    ``say`` shows and politely announces it. ``can_undo`` shows the link to undo.
    """

    undone = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("check", "accent", parent)
        self.setAccessibleName("What was done")
        self.words = label("", wrap=True)
        self.undo_link = LinkButton("Undo")
        self.close_button = IconButton("x", "Close", size=28, framed=False)
        self._up, self._right = 3, 8
        self.fit()
        self.line.addWidget(self.words, 1)
        for widget in (self.undo_link, self.close_button):
            self.line.addWidget(widget)
        self.undo_link.clicked.connect(self.undone)
        self.close_button.clicked.connect(self._close)
        self.hide()

    def colours(self) -> tuple[str, str, str, str]:
        return "raised", "control", "accent", "ink"

    def say(self, words: str, *, icon: str = "check", can_undo: bool = False) -> None:
        """Show and announce ``words``, with the link to undo if ``can_undo`` is set."""
        self.icon_name = icon
        self.update()
        self.words.setText(words)
        self.undo_link.setVisible(can_undo)
        self.show()
        announce(self, words)

    def _close(self) -> None:
        self.closed.emit()
        self.hide()

    def sizeHint(self) -> QSize:
        """The words on one line, with the links beside them."""
        shown = [button for button in (self.undo_link, self.close_button) if not button.isHidden()]
        wide = paint.advance(self.words.text(), self.words.font()) + 2
        wide += sum(button.sizeHint().width() + self.line.spacing() for button in shown)
        around = self.line.contentsMargins()
        return QSize(wide + around.left() + around.right(), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), theme_of(self).size("control"))


class EmptyState(QFrame):
    """The words in an empty place: one sentence of fact, one of what to do, at most one button, an icon on a disc."""

    def __init__(
        self,
        fact: str,
        advice: str = "",
        *,
        icon: str = "",
        button: Button | None = None,
        framed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._framed, self.button = framed, button
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(4)
        box.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        if icon:
            box.addWidget(_Disc(icon), 0, middle)
            box.addSpacing(8)
        self._fact = Heading(fact, 3, style="body_strong")
        self._fact.setAlignment(middle)
        self._fact.setWordWrap(True)
        box.addWidget(self._fact)
        if advice:
            words = label(advice, "small", "muted", wrap=True)
            words.setAlignment(middle)
            box.addWidget(words)
        if button is not None:
            box.addSpacing(4)
            box.addWidget(button, 0, middle)
        box.addStretch(1)

    def set_fact(self, fact: str) -> None:
        """Replace the sentence of fact."""
        self._fact.setText(fact)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._framed:
            theme = theme_of(self)
            painter = QPainter(self)
            paint.frame(painter, QRectF(self.rect()), fill=theme.surface, edge=theme.line, radius=6)
            painter.end()


class _Disc(QWidget):
    """The icon of an empty state on a tinted disc, for decoration only."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = theme_of(self).px(48)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint.frame(painter, box, fill=theme.accent_tint, radius=box.width() / 2)
        side = theme.px(24)
        corner = box.center() - QPointF(side / 2, side / 2)
        icons.paint(painter, corner, self._icon, theme.accent, side)
        painter.end()
