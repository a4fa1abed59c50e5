"""Where the window stands: inside what the screen leaves free, and where it stood before."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.home import Home
from hipss_desktop.app import Program
from hipss_desktop.unlock import LeftOpen
from tests.helpers import walk
from ui.base.window_place import EDGE, FRAME, place_of, show_at


def room() -> QRect:
    """What the screen of the tests leaves a window inside its frame."""
    return QGuiApplication.primaryScreen().availableGeometry().adjusted(EDGE, FRAME, -EDGE, -EDGE)


@pytest.mark.parametrize("place", [None, (0, 0, 4000, 3000), (-300, -200, 900, 700), (5000, 5000, 500, 400)])
def test_a_window_opens_whole_on_the_screen_wherever_it_stood_before(
    app: QApplication, qtbot: QtBot, place: tuple[int, int, int, int] | None
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    show_at(window, place, maximised=False)
    walk.settle()
    assert room().contains(window.geometry())


def test_the_least_size_is_never_more_than_the_screen(app: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setMinimumSize(1024, 640)
    show_at(window, None, maximised=False)
    assert room().width() < 1024
    assert window.minimumSize().toTuple() == (room().width(), 640)


def test_a_place_inside_the_screen_is_kept_to_the_pixel(app: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    show_at(window, (8, 60, 784, 700), maximised=False)
    walk.settle()
    assert place_of(window) == (8, 60, 784, 700)


@pytest.mark.parametrize("maximised", [True, False])
def test_a_restart_opens_the_window_as_it_was_closed(app: QApplication, tmp_path: Path, maximised: bool) -> None:
    first = Program(app, Home(tmp_path), LeftOpen())
    first.start()
    assert first.window is not None
    assert first.window.isMaximized()
    if not maximised:
        first.window.showNormal()
        first.window.setGeometry(8, 70, 784, 680)
    walk.settle()
    first.close()
    second_program = Program(app, Home(tmp_path), LeftOpen())
    second_program.start()
    assert second_program.window is not None
    assert second_program.window.isMaximized() == maximised
    if not maximised:
        assert place_of(second_program.window) == (8, 70, 784, 680)
    second_program.close()
    app.aboutToQuit.disconnect(first.close)
    app.aboutToQuit.disconnect(second_program.close)


def test_what_is_kept_of_the_window_is_four_numbers_and_whether_it_fills_the_screen(
    app: QApplication, tmp_path: Path
) -> None:
    program = Program(app, Home(tmp_path), LeftOpen())
    program.start()
    program.close()
    app.aboutToQuit.disconnect(program.close)
    laptop = Home(tmp_path).laptop()
    assert laptop.window is not None
    assert len(laptop.window) == 4
    assert laptop.maximised


@pytest.mark.parametrize("saved_place", ['"x"', "[1, 2]", "[1, 2, 3, true]", '{"left": 1}', "[1, 2, 3, 1e9]", "null"])
def test_a_place_that_cannot_be_read_keeps_nobody_out(tmp_path: Path, saved_place: str) -> None:
    (tmp_path / "laptop.json").write_text(f'{{"name": "HIPSS-LT-04", "window": {saved_place}}}', encoding="utf-8")
    laptop = Home(tmp_path).laptop()
    assert laptop.name == "HIPSS-LT-04"
    assert laptop.window is None
