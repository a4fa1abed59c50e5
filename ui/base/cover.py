"""Hides a whole window at once behind a cover, and locks it behind the cover.

Must not know what the window shows.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from ui import theme


def cover(window: QWidget) -> None:
    """Hide the contents of a window, and lists and tooltips that are separate windows."""
    while (popup := QApplication.activePopupWidget()) is not None and popup.close():
        pass  # the cover would not hide it
    QToolTip.hideText()
    sheet = QWidget(window)
    theme.set_state(sheet, "surface", "canvas")
    sheet.setGeometry(window.rect())
    sheet.show()
    sheet.raise_()
    sheet.repaint()


def lock_behind_cover(window: QWidget, finish_up: Callable[[], None], lock: Callable[[], None]) -> None:
    """Hide a window at once, finish its work, then show the lock screen.

    If ``finish_up`` fails, ``lock`` is called all the same, so that the process with the keys ends.
    """
    cover(window)
    try:
        finish_up()
    finally:
        lock()
