"""Windows over one store, opened by a test and closed after it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.helpers import walk
from ui.shell.window import MainWindow

Opens = Callable[[], MainWindow]


@contextmanager
def windows(make: Opens, qtbot: QtBot) -> Iterator[Opens]:
    """Opens windows over the same store, as after a lock, and closes them afterwards."""
    made: list[MainWindow] = []

    def open_one() -> MainWindow:
        window = make()
        made.append(window)
        window.resize(1366, 768)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        rest(qtbot, window)
        return window

    yield open_one
    for window in made:
        window.close()
        window.deleteLater()


def rest(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing is under way and everything that came back was shown."""
    for _ in range(3):
        walk.settle()
        qtbot.waitUntil(lambda: window.runner.idle, timeout=5000)
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
