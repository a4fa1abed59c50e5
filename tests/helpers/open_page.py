"""Open a page in its own window as the program does: shown, with its data read, and the focus on its first stop."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.walk import settle
from ui.base.page import Context, Page

SIZE = (1182, 712)
"""The size of a page in the window on a laptop's screen, in pixels."""


def read(qtbot: QtBot, context: Context) -> None:
    """Wait until all requested data is read, and also the data that this data requests."""
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
    """Open a page, and give the focus to its first stop."""
    show(qtbot, page, size)
    read(qtbot, context)
    first = page.first_focus()
    assert first is not None
    first.setFocus()


@contextmanager
def behind_another(qtbot: QtBot, context: Context, widget: QWidget) -> Iterator[None]:
    """Show another window in front of a widget's during the block, as another program might.

    Data requested in the block has been read when the widget's window is in front again.
    """
    other = QLabel("In front")
    show(qtbot, other)
    yield
    read(qtbot, context)
    other.hide()
    with qtbot.waitActive(widget.window()):
        widget.window().activateWindow()
    settle()
