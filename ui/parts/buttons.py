"""Buttons: one filled main button for a screen, plain ones, words only, links, and red ones for what is hard to undo.

They are painted from the theme, so they change with it. A keycap in a button only shows a shortcut; the page binds it.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.parts import paint
from ui.parts.layout import grows
from ui.parts.words import PlainWords
from ui.theme import Theme, icons, theme_of, tokens

_TARGET = int(tokens()["size"]["min_target"])
_PADDING = {28: 11, 36: 15, 44: 20}


@dataclass(frozen=True)
class Look:
    """The colours of a button in one state; None draws nothing."""

    fill: QColor | None
    edge: QColor | None
    words: QColor
    icon: QColor
    width: float = 1


class Pressable(PlainWords, QPushButton):
    """A push button that Enter presses like Space, but only while it has the focus."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAutoDefault(False)  # Enter is for the screen's main action, not for a button without the focus
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if not event.isAutoRepeat():  # holding the key presses once
                self.click()
            return
        super().keyPressEvent(event)


class Button(Pressable):
    """A plain button: ``text``, optional ``icon`` name, ``keycap`` to show a shortcut, ``size`` 28, 36 or 44.

    ``tone='risk'`` outlines it in red (Discard). Words beside a disabled button should say why it is disabled.
    """

    weight = 500

    def __init__(
        self,
        text: str,
        *,
        icon: str = "",
        keycap: str = "",
        size: int = 36,
        tone: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.icon_name, self.keycap, self.size_px, self.tone = icon, keycap, size, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if keycap:
            self.setAccessibleDescription(f"Shortcut {keycap}")

    def label(self) -> str:
        """The words as they are drawn."""
        return self.text()

    def words_font(self, theme: Theme) -> QFont:
        style = {28: "small", 36: "body", 44: "heading"}[self.size_px]
        return theme.font(style, weight=600 if self.size_px == 44 else self.weight)

    def look(self, theme: Theme, state: str) -> Look:
        """The colours for ``state``: '', 'hover', 'pressed' or 'disabled'."""
        if state == "disabled":
            return Look(None, theme.line, theme.faint, theme.faint)
        risk = self.tone == "risk"
        words = theme.risk if risk else theme.ink
        edge = theme.risk_line if risk else theme.control
        fill = theme.sunken if state else theme.surface
        return Look(fill, edge, words, theme.risk if risk else theme.accent, 2 if state == "pressed" else 1)

    def state(self) -> str:
        """The present state, as ``look`` takes it; the property ``shown_as`` sets one in the gallery."""
        pictured = self.property("shown_as")
        if isinstance(pictured, str):
            return pictured
        if not self.isEnabled():
            return "disabled"
        if self.isDown() or self.isChecked():
            return "pressed"
        return "hover" if self.underMouse() else ""

    def icon_size(self) -> int:
        theme = theme_of(self)
        return theme.size("icon_large" if self.size_px == 44 else "icon")

    def sizeHint(self) -> QSize:
        theme = theme_of(self)
        width = paint.advance(self.label(), self.words_font(theme))
        width += 2 * _PADDING[self.size_px]
        if self.icon_name:
            width += self.icon_size() + 8
        if self.keycap:
            width += paint.keycap_size(self.keycap, theme).width() + 8
        return QSize(width, theme.px(self.size_px))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        look = self.look(theme, self.state())
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint.frame(painter, box, fill=look.fill, edge=look.edge, width=look.width)
        font = self.words_font(theme)
        wide = paint.advance(self.label(), font)
        cap = paint.keycap_size(self.keycap, theme) if self.keycap else QSize()
        total = wide + (self.icon_size() + 8 if self.icon_name else 0) + (cap.width() + 8 if self.keycap else 0)
        x = max((box.width() - total) / 2, 4.0)
        if self.icon_name:
            side = self.icon_size()
            icons.paint(painter, QPointF(x, (box.height() - side) / 2), self.icon_name, look.icon, side)
            x += side + 8
        paint.words(painter, QRectF(x, 0, min(wide, box.width() - x), box.height()), self.label(), font, look.words)
        if self.keycap:
            place = QRectF(x + wide + 8, (box.height() - cap.height()) / 2, cap.width(), cap.height())
            on = look.words if look.fill is not None and self.filled() else None
            paint.keycap(painter, place, self.keycap, theme, on=on)
        painter.end()

    def filled(self) -> bool:
        """Whether the button is a block of colour with light words on it."""
        return False


class PrimaryButton(Button):
    """The button of a screen's main action; a screen has only one."""

    weight = 600

    def filled(self) -> bool:
        return True

    def look(self, theme: Theme, state: str) -> Look:
        if state == "disabled":
            return Look(None, theme.line, theme.faint, theme.faint)
        if state:
            width = 2 if state == "pressed" else 1
            return Look(theme.fill_hover, theme.ink, theme.on_fill, theme.on_fill, width)
        return Look(theme.fill, theme.fill_line, theme.on_fill, theme.on_fill)


class DangerButton(Button):
    """A red filled button for an action that is hard to undo. Its words say what it does, never the colour alone."""

    weight = 600

    def filled(self) -> bool:
        return True

    def look(self, theme: Theme, state: str) -> Look:
        if state == "disabled":
            return Look(None, theme.line, theme.faint, theme.faint)
        edge = theme.ink if state else theme.risk_line
        return Look(theme.risk_fill, edge, theme.on_risk, theme.on_risk, 2 if state == "pressed" else 1)


class TagButton(Button):
    """A tag to press; ``tone`` is amber or risk."""

    weight = 600

    def look(self, theme: Theme, state: str) -> Look:
        risk = self.tone == "risk"
        line, ink, icon = (
            (theme.risk_line, theme.risk_ink, theme.risk) if risk else (theme.amber_line, theme.amber_ink, theme.amber)
        )
        tint = theme.risk_tint if risk else theme.amber_tint
        return Look(theme.surface if state else tint, line, icon if state else ink, icon, 2 if state else 1)


class TextButton(Button):
    """A button of words only, in the accent colour ('Add from safety plan') or with ``tone='risk'`` in red ('Discard')."""

    def look(self, theme: Theme, state: str) -> Look:
        if state == "disabled":
            return Look(None, None, theme.faint, theme.faint)
        words = {"risk": theme.risk, "ink": theme.ink, "muted": theme.muted}.get(self.tone, theme.accent)
        return Look(theme.sunken if state else None, None, words, words)


class IconButton(Button):
    """A button without words. ``name`` is its accessible name and its tooltip; only for + and × (see ux rules)."""

    def __init__(
        self, icon: str, name: str, *, size: int = 36, framed: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__("", icon=icon, size=size, parent=parent)
        self._framed = framed
        self.setAccessibleName(name)
        self.setToolTip(name)

    def look(self, theme: Theme, state: str) -> Look:
        look = super().look(theme, state)
        if self._framed:
            return look
        return Look(theme.sunken if state and state != "disabled" else None, None, look.words, theme.ink)

    def sizeHint(self) -> QSize:
        side = theme_of(self).px(self.size_px)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        look = self.look(theme, self.state())
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint.frame(painter, box, fill=look.fill, edge=look.edge, width=look.width)
        side = self.icon_size()
        corner = QPointF((box.width() - side) / 2, (box.height() - side) / 2)
        icons.paint(painter, corner, self.icon_name, look.icon, side)
        painter.end()


class LinkButton(Pressable):
    """A link: underlined words that wrap if necessary; on focus a yellow fill with a 3 px underline.

    ``tone`` 'accent', 'risk' (error summary) or 'ink'; ``style`` is a type style.
    """

    def __init__(
        self,
        text: str,
        *,
        tone: str = "accent",
        style: str = "body",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.tone, self.words_style, self.icon_name = tone, style, icon
        self.setProperty("ring", "own")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        grows(self, QSizePolicy.Policy.Maximum)

    def _font(self) -> QFont:
        font = theme_of(self).font(self.words_style)
        font.setUnderline(True)
        return font

    def _indent(self) -> int:
        return theme_of(self).size("icon") + 8 if self.icon_name else 0

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        theme = theme_of(self)
        least = max(theme.line_height(self.words_style), _TARGET)
        return max(paint.wrapped_height(self.text(), self._font(), width - self._indent()) + 4, least)

    def sizeHint(self) -> QSize:
        width = max(paint.advance(self.text(), self._font()) + 1, _TARGET) + self._indent()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        longest = max(self.text().split() or [""], key=len)
        width = max(paint.advance(longest, self._font()) + 1, _TARGET) + self._indent()
        return QSize(width, self.heightForWidth(self.sizeHint().width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        box = QRectF(self.rect())
        font = self._font()
        colour = theme.color(self.tone) if self.isEnabled() else theme.faint
        if self.hasFocus() or self.property("shown_as") == "focus":
            font.setUnderline(False)
            colour = theme.focus_ink
            painter.fillRect(box, theme.focus)
            painter.fillRect(QRectF(0, box.height() - 3, box.width(), 3), theme.focus_ink)
        if self.icon_name:
            side = theme.size("icon")
            icons.paint(painter, QPointF(0, (box.height() - side) / 2), self.icon_name, colour, side)
        place = box.adjusted(self._indent(), 0, 0, 0)
        paint.words(painter, place, self.text(), font, colour, align=paint.LEFT, wrap=True)
        painter.end()
