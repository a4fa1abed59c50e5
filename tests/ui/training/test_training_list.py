"""The list of training sessions by keys: what this quarter was, and narrowed to a topic and a quarter."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.screens_of_training import trained
from tests.helpers.store_fixtures import RecordingSession, SetClock
from tests.helpers.walk import clipped_labels, focused, unnamed_focusables
from tests.ui.shell.windows import rest, windows
from ui import theme
from ui.parts import ComboBox
from ui.records.list_page import ListPage
from ui.records.row_table import AnswerTable
from ui.records.versions import VersionWords
from ui.shell.window import MainWindow


@pytest.fixture
def window(app: QApplication, qtbot: QtBot, services: Services, clock: SetClock) -> Iterator[MainWindow]:
    """L. Whitcombe's window on 16 March 2017, at the list."""
    trained(services, clock)
    with windows(lambda: MainWindow(RecordingSession(services)), qtbot) as make:
        opened = make()
        opened.go("training_list")
        rest(qtbot, opened)
        yield opened


def page(window: MainWindow) -> ListPage:
    assert isinstance(window.page, ListPage)
    return window.page


def titles(window: MainWindow) -> list[str]:
    return [row.cells[1].words for row in page(window).model.rows]


def choose(window: MainWindow, qtbot: QtBot, name: str, words: str) -> None:
    """Go to a drop-down list by Tab and press Down until it shows these words."""
    for _ in range(30):
        if focused(window).accessibleName() == name:
            break
        QTest.keyClick(focused(window), Qt.Key.Key_Tab)
    box = focused(window)
    assert isinstance(box, ComboBox)
    for _ in range(box.count()):
        if box.currentText() == words:
            break
        QTest.keyClick(box, Qt.Key.Key_Down)
    rest(qtbot, window)
    assert box.currentText() == words


def test_it_says_what_this_quarter_was_and_is_narrowed_to_a_topic_and_a_quarter(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert page(window).count.text() == "4 this quarter, 61 people, 8.5 hours"
    assert len(titles(window)) == 5
    choose(window, qtbot, "Topic", "Going missing")
    assert titles(window) == ["Why children run"]
    assert page(window).count.text() == "1 of 5"
    choose(window, qtbot, "Quarter", "October to December 2016")
    assert titles(window) == []
    assert page(window).none_chosen.isVisibleTo(page(window))
    assert not clipped_labels(page(window))
    assert not unnamed_focusables(page(window))


def test_the_row_of_all_is_strong_and_what_is_counted_is_at_the_right(
    window: MainWindow, qtbot: QtBot, services: Services, clock: SetClock
) -> None:
    window.go("training_session", record=trained(services, clock))
    rest(qtbot, window)
    table = next(answer_table for answer_table in window.findChildren(AnswerTable) if answer_table.isVisible())
    cells = {label.accessibleName(): label for label in table.findChildren(VersionWords)}
    assert cells["Hours: 35"].font().bold() or cells["Hours: 35"].font().weight() > cells["Hours: 12.5"].font().weight()
    for name in ("Hours: 35", "Hours: 12.5", "Invited: 6", "Came: 5"):
        assert cells[name].alignment() & Qt.AlignmentFlag.AlignRight, name
    assert not cells["Role: Foster carer"].alignment() & Qt.AlignmentFlag.AlignRight


@pytest.mark.parametrize(("size", "scale", "counted"), [((1366, 768), 1.0, True), ((1024, 640), 1.5, False)])
def test_nothing_is_cut_where_there_is_little_room(
    app: QApplication, window: MainWindow, qtbot: QtBot, size: tuple[int, int], scale: float, counted: bool
) -> None:
    theme.apply(app, theme.Theme("day", scale))
    window.resize(*size)
    rest(qtbot, window)
    assert not clipped_labels(page(window))
    assert page(window).count.isVisible() is counted
    theme.apply(app, theme.Theme("day", 1.0))
