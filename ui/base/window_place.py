"""Where the window stands on the desk: inside what the screen leaves free, and where it stood before.

Must not know where a place is kept.
"""

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

LEAST = (1024, 640)
DESIGN = (1366, 768)
FRAME, EDGE = 40, 8
"""Pixels that a title bar takes above a window, and the frame on its other sides, at most."""

Place = tuple[int, int, int, int]
"""Left, top, width and height of a window that is not maximised, without its frame."""


def show_at(window: QWidget, place: Place | None, *, maximised: bool) -> None:
    """Show a window where it stood before, as far as the screen has room there."""
    rect = QRect(*place) if place is not None else QRect(0, 0, *DESIGN)
    screen = QGuiApplication.screenAt(rect.center()) or QGuiApplication.primaryScreen()
    room = screen.availableGeometry().adjusted(EDGE, FRAME, -EDGE, -EDGE)
    least = min(LEAST[0], room.width()), min(LEAST[1], room.height())
    window.setMinimumSize(*least)
    width = min(max(rect.width(), least[0]), room.width())
    height = min(max(rect.height(), least[1]), room.height())
    left = min(max(rect.x(), room.x()), room.x() + room.width() - width)
    top = min(max(rect.y(), room.y()), room.y() + room.height() - height)
    window.setGeometry(left, top, width, height)
    if maximised:
        window.showMaximized()
    else:
        window.show()


def place_of(window: QWidget) -> Place:
    """Where a window stands when it is not maximised."""
    rect = window.normalGeometry() if window.isMaximized() else window.geometry()
    return rect.x(), rect.y(), rect.width(), rect.height()
