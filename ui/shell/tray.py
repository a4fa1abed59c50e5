"""Shows how much is due in the system tray, if there is one: numbers only, because others in the room can see them.

The icon disappears with the window, so nothing shows while the laptop is locked. Must not name any person or record.
"""

from PySide6.QtCore import QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from hipss_desktop.views.due_now import DueNow
from ui import theme
from ui.theme import icons

SIDE = 64
"""Width and height in pixels of the drawn icon, which the system makes smaller."""
MOST = 99


class Tray(QObject):
    """The tray icon of an open window and its tooltip; does nothing if the system has no tray.

    Signals:
        asked(): somebody pressed the icon to bring the window forward.
    """

    asked = Signal()

    def __init__(self, window: QWidget, *, available: bool | None = None) -> None:
        """``available`` says whether there is a tray; None asks the system."""
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
        """Show the numbers of what is due."""
        self._due = due
        self._draw()

    @Slot()
    def _draw(self) -> None:
        if self.icon is not None:
            self.icon.setIcon(_icon(self._due))
            self.icon.setToolTip(f"HIPSS Desktop: {self._due.words}")

    def hide(self) -> None:
        """Hide the icon."""
        if self.icon is not None:
            self.icon.hide()

    @Slot(QSystemTrayIcon.ActivationReason)
    def _pressed(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.asked.emit()


def _icon(due: DueNow) -> QIcon:
    """Draw the number of due things, red if any is overdue, else amber; the program's mark if nothing is due.

    Overdue supervision is counted, in amber, only while nothing else is due.
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
