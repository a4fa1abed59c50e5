"""Hiding a whole window at once, before anything else is done.

Must not know what the window shows.
"""

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
