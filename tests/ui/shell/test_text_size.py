"""The text size changes while the program runs: every page that is kept looks as if it had been opened at that size."""

from collections import Counter

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.shell.windows import Opens, press, rest
from ui import theme
from ui.shell import screens
from ui.shell.window import MainWindow

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
Measures = dict[str, tuple[int, tuple[int, int]]]


def measures(widget: QWidget, path: str = "") -> Measures:
    """The font of a widget and of all that shows inside it, by where it stands, and the wanted size of what holds no other."""
    fonts_and_sizes: Measures = {}
    holds = widget.layout() is not None or isinstance(widget, QAbstractScrollArea)
    hint = QSize() if holds else widget.sizeHint()
    fonts_and_sizes[path] = (widget.font().pixelSize(), (hint.width(), hint.height()))
    numbers = Counter[str]()
    for child in widget.children():
        if isinstance(child, QWidget) and child.isVisibleTo(widget) and not isinstance(child, QScrollBar):
            name = type(child).__name__
            numbers[name] += 1
            fonts_and_sizes |= measures(child, f"{path}/{name}{numbers[name]}")
    return fonts_and_sizes


def kept_pages(window: MainWindow) -> list[str]:
    role = window.session.services.store.seat.role
    return [route for route, screen in screens.open_to(role).items() if screen.keep]


def every_page(window: MainWindow, qtbot: QtBot) -> Measures:
    fonts_and_sizes: Measures = {}
    for route in kept_pages(window):
        window.go(route)
        rest(qtbot, window)
        assert window.page is not None
        for part in (window.page, window.rail, window.top):
            fonts_and_sizes |= measures(part, f"{route}: {type(part).__name__}")
    return fonts_and_sizes


def differences(now: Measures, expected: Measures) -> list[str]:
    places = [*expected, *(place for place in now if place not in expected)]
    return [
        f"{place} {now.get(place)} not {expected.get(place)}"
        for place in places
        if now.get(place) != expected.get(place)
    ]


@pytest.mark.parametrize("high", [696, 1000], ids=["the head of the board scrolls", "it stays put"])
def test_every_kept_page_changes_its_text_size_while_it_lives(
    app: QApplication, opens: Opens, qtbot: QtBot, high: int
) -> None:
    lived = opens()
    lived.resize(1366, high)
    usual = every_page(lived, qtbot)
    lived.go("on_call")
    for _ in range(3):
        press(lived, Key.Key_Plus, CTRL)
    assert theme.current().scale == 1.5
    rest(qtbot, lived)
    large = every_page(lived, qtbot)
    lived.hide()
    started = opens()
    started.resize(1366, high)
    rest(qtbot, started)
    assert differences(large, every_page(started, qtbot)) == []
    started.hide()
    lived.show()
    lived.activateWindow()
    rest(qtbot, lived)
    lived.go("on_call")
    press(lived, Key.Key_0, CTRL)
    rest(qtbot, lived)
    assert theme.current().scale == 1.0
    assert differences(every_page(lived, qtbot), usual) == []
