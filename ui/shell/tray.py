"""How much is due, in the system's tray where there is one: numbers alone, so that it may be seen from across a room.

It goes with the window: while the laptop is locked nothing of it is left. Must not name anybody or anything.
"""

from PySide6.QtCore import QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from hipss_desktop.views.due_now import DueNow
from ui import theme
from ui.theme import icons

SIDE = 64
"""Pixels of the drawn icon, which the system makes smaller."""
MOST = 99


class Tray(QObject):
    """The icon of an open window, and its words; nothing where the system has no tray.

    Signals:
        asked(): somebody pressed it and wants the window.
    """

    asked = Signal()

    def __init__(self, window: QWidget, *, available: bool | None = None) -> None:
        """``available`` says whether there is a tray; the system is asked where it is None."""
        super().__init__(window)
        there_is_one = QSystemTrayIcon.isSystemTrayAvailable() if available is None else available
        self.icon = QSystemTrayIcon(self) if there_is_one else None
        self._due = DueNow()
        if self.icon is not None:
            self.icon.activated.connect(self._pressed)
            self.show_due(self._due)
            self.icon.show()
            theme.signals.theme_changed.connect(self._draw)

    def show_due(self, due: DueNow) -> None:
        """Show these numbers."""
        self._due = due
        self._draw()

    @Slot()
    def _draw(self) -> None:
        if self.icon is not None:
            self.icon.setIcon(_icon(self._due))
            self.icon.setToolTip(f"HIPSS Desktop: {self._due.words}")

    def hide(self) -> None:
        """Take the icon away."""
        if self.icon is not None:
            self.icon.hide()

    @Slot(QSystemTrayIcon.ActivationReason)
    def _pressed(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.asked.emit()


def _icon(due: DueNow) -> QIcon:
    """The mark of the program, or how many there are: red while one is overdue, else amber.

    Supervision that is overdue shows, in amber, while nothing else is due.
    """
    look, count = theme.current(), due.due + due.overdue or due.supervision_overdue
    pixmap = QPixmap(SIDE, SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(0, 0, SIDE, SIDE)
    if not count:
        icons.paint_brand(painter, box, look)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.risk_fill if due.overdue else look.amber_tint)
        painter.drawRoundedRect(box, SIDE / 5, SIDE / 5)
        font = look.font("title")
        font.setPixelSize(SIDE * 2 // 3 if count < 10 else SIDE // 2)
        painter.setFont(font)
        painter.setPen(look.on_risk if due.overdue else look.amber_ink)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(count) if count <= MOST else f"{MOST}+")
    painter.end()
    return QIcon(pixmap)
