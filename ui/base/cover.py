"""Hiding a whole window at once, before anything else is done, and locking from behind that cover.

Must not know what the window shows.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from ui import theme


def cover(window: QWidget) -> None:
    """Hide what a window shows, and the lists and tips that are windows of their own."""
    while (popup := QApplication.activePopupWidget()) is not None and popup.close():
        pass  # no cover of this window hides it
    QToolTip.hideText()
    sheet = QWidget(window)
    theme.set_state(sheet, "surface", "canvas")
    sheet.setGeometry(window.rect())
    sheet.show()
    sheet.raise_()
    sheet.repaint()


def lock_behind_cover(window: QWidget, finish_up: Callable[[], None], lock: Callable[[], None]) -> None:
    """Hide a window at once, have it finish, then hand over to the lock screen.

    Whatever goes wrong while it finishes, the process that holds the keys ends.
    """
    cover(window)
    try:
        finish_up()
    finally:
        lock()
