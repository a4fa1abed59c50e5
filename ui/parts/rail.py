"""The items of the navigation rail: an icon, a word, a count where someone must act, and a bar at the chosen one."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.parts import paint
from ui.parts.buttons import Pressable
from ui.parts.tags import TagSpec, paint_tag, tag_size
from ui.theme import icons, theme_of

CLOSE = 28
"""The height of an item in pixels at 100 % text size, if there is no room for the usual height."""


class RailItem(Pressable):
    """An item that opens a place. Items in one parent exclude each other; Up and Down move between them, Enter opens one.

    ``set_badge`` shows how many things there need attention; None removes the count. A screen reader says the count with the
    name.
    """

    def __init__(self, icon: str, text: str, *, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.icon_name = icon
        self._badge: TagSpec | None = None
        self._close = False
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_badge(self, badge: TagSpec | None, spoken: str = "") -> None:
        """Show ``badge`` at the right; ``spoken`` is what it means ('1 due now')."""
        self._badge = badge
        self.setAccessibleName(f"{self.text()}, {spoken or badge.words}" if badge else self.text())
        self.updateGeometry()
        self.update()

    def set_close(self, *, close: bool) -> None:
        """Set the smaller height, for a low window in which the items have no room otherwise."""
        if close != self._close:
            self._close = close
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        theme = theme_of(self)
        wide = paint.advance(self.text(), theme.font("body_strong")) + theme.size("icon") + 42
        if self._badge:
            wide += tag_size(theme, self._badge).width() + 2  # 6 pixels between word and badge
        return QSize(wide, theme.px(CLOSE) if self._close else theme.size("rail_item"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        around = self.parentWidget()
        if step is None or around is None:
            super().keyPressEvent(event)
            return
        items = [item for item in around.findChildren(RailItem) if item.isVisible() and item.isEnabled()]
        items[(items.index(self) + step) % len(items)].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        on = self.isChecked()
        painter = QPainter(self)
        box = QRectF(self.rect())
        if on or self.underMouse():
            paint.frame(painter, box, fill=theme.accent_tint if on else theme.surface)
        if on:
            painter.fillRect(QRectF(0, 0, 3, box.height()), theme.accent)
        side = theme.size("icon") + 2
        corner = QPointF(13, (box.height() - side) / 2)
        icons.paint(painter, corner, self.icon_name, theme.accent if on else theme.muted, side)
        place = box.adjusted(13 + side + 13, 0, -8, 0)
        font = theme.font("body_strong" if on else "body")
        paint.words(painter, place, self.text(), font, theme.accent_ink if on else theme.ink)
        if self._badge:
            size = tag_size(theme, self._badge)
            corner = QPointF(box.width() - size.width() - 10, (box.height() - size.height()) / 2)
            paint_tag(painter, QRectF(corner, QSizeF(size)), self._badge, theme)
        painter.end()
