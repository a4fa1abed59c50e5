"""Windows of the program, before and after unlock, opened by a test and closed after it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.helpers import walk
from ui.entry.doorway import Frame
from ui.entry.first_run import FirstRunWindow
from ui.entry.unlock import UnlockWindow
from ui.shell.window import MainWindow

Opens = Callable[[], MainWindow]
Window = TypeVar("Window", MainWindow, UnlockWindow, FirstRunWindow)


@contextmanager
def windows(make: Callable[[], Window], qtbot: QtBot) -> Iterator[Callable[[], Window]]:
    """Opens windows, as after a lock, and closes them afterwards."""
    opened: list[Window] = []

    def open_one() -> Window:
        window = make()
        opened.append(window)
        window.resize(1366, 768)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        rest(qtbot, window)
        return window

    yield open_one
    for window in opened:
        window.close()
        window.deleteLater()


def rest(qtbot: QtBot, window: MainWindow | Frame) -> None:
    """Wait until nothing is under way and everything that came back was shown; a passphrase takes its time."""
    for _ in range(3):
        walk.settle()
        qtbot.waitUntil(lambda: window.runner.idle)
    if window.isVisible() and not window.isActiveWindow():
        with qtbot.waitActive(window):
            window.activateWindow()
    walk.settle()


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key wherever the focus is."""
    QTest.keyClick(window.focusWidget() or window, key, modifiers)


def shown(window: MainWindow) -> str:
    """The class of the page that shows."""
    return type(window.page).__name__
