"""Places the window on the screen: inside the free area, and at its earlier place.

Must not know where a place is saved.
"""

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

LEAST = (1024, 640)
DESIGN = (1366, 768)
FRAME, EDGE = 40, 8
"""The greatest height of a title bar and the greatest width of the frame, in pixels."""

Place = tuple[int, int, int, int]
"""Left, top, width and height of a window that is not maximised, without its frame."""


def show_at(window: QWidget, place: Place | None, *, maximised: bool) -> None:
    """Show a window at its earlier place, as far as the screen has room."""
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
    """The place of a window when it is not maximised."""
    rect = window.normalGeometry() if window.isMaximized() else window.geometry()
    return rect.x(), rect.y(), rect.width(), rect.height()
