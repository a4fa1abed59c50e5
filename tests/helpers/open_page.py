"""A page in a window of its own, opened as the program's window does: shown, read, and with the focus where it begins."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.walk import settle
from ui.base.page import Context, Page

SIZE = (1182, 712)
"""What the window leaves a page on a laptop's screen, in pixels."""


def read(qtbot: QtBot, context: Context) -> None:
    """Wait until everything asked for has come back, and what that asked for in turn."""
    for _ in range(2):
        qtbot.waitUntil(lambda: context.runner.idle)
        settle()


def show(qtbot: QtBot, widget: QWidget, size: tuple[int, int] = SIZE) -> None:
    """Show a widget as the active window, for as long as the test lasts."""
    qtbot.addWidget(widget)
    widget.resize(*size)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()


def open_page(qtbot: QtBot, context: Context, page: Page, size: tuple[int, int] = SIZE) -> None:
    """Open a page."""
    show(qtbot, page, size)
    read(qtbot, context)
    first = page.first_focus()
    assert first is not None
    first.setFocus()


@contextmanager
def behind_another(qtbot: QtBot, context: Context, widget: QWidget) -> Iterator[None]:
    """Have another program's window, so to speak, in front of a widget's; what was read meanwhile has come when it is back."""
    other = QLabel("In front")
    show(qtbot, other)
    yield
    read(qtbot, context)
    other.hide()
    with qtbot.waitActive(widget.window()):
        widget.window().activateWindow()
    settle()
