"""At a wide screen a list has its record beside it: arrows move it along, Enter moves to it, Esc back; in the real window."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import RecordingSession
from tests.helpers.walk import clipped_labels, cut_cells, focused
from tests.ui.shell.windows import rest, windows
from ui.carers.carer_page import CarerPage
from ui.records.list_page import ListPage
from ui.records.record_page import RecordPage
from ui.shell.window import MainWindow


@pytest.fixture
def window(app: QApplication, qtbot: QtBot, services: Services) -> Iterator[MainWindow]:
    """The window on a screen of 1920 pixels."""
    with windows(lambda: MainWindow(RecordingSession(services)), qtbot) as make:
        opened = make()
        opened.resize(1920, 1080)
        yield opened


def press(qtbot: QtBot, window: MainWindow, *keys: Qt.Key) -> None:
    """Press keys where the focus is and wait for what they bring about."""
    for key in keys:
        QTest.keyClick(focused(window), key)
        rest(qtbot, window)


def listed(window: MainWindow, qtbot: QtBot, route: str) -> ListPage:
    """The page of a list, opened."""
    window.go(route)
    rest(qtbot, window)
    assert isinstance(window.page, ListPage)
    return window.page


def test_arrows_show_each_record_beside_the_list_and_enter_moves_to_it(window: MainWindow, qtbot: QtBot) -> None:
    page = listed(window, qtbot, "contacts")
    press(qtbot, window, Qt.Key.Key_Down)
    shown = []
    for _ in range(3):
        assert page.pane.view is not None
        shown.append(page.pane.view.record)
        assert shown[-1] == page.model.rows[page.table.currentIndex().row()].record
        press(qtbot, window, Qt.Key.Key_Down)
    assert len(set(shown)) == 3
    press(qtbot, window, Qt.Key.Key_Return)
    assert window.page is page
    assert page.pane.area.hasFocus()
    press(qtbot, window, Qt.Key.Key_Escape)
    assert page.table.hasFocus()
    assert clipped_labels(page) == []
    assert cut_cells(page.pane) == []


def test_a_kind_with_a_page_of_its_own_is_opened_there(window: MainWindow, qtbot: QtBot) -> None:
    page = listed(window, qtbot, "carers")
    press(qtbot, window, Qt.Key.Key_Down)
    assert page.pane.view is not None
    press(qtbot, window, Qt.Key.Key_Return)
    assert isinstance(window.page, CarerPage)


def test_a_narrower_window_opens_the_record_on_a_page_of_its_own(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1366, 768)
    page = listed(window, qtbot, "contacts")
    assert not page.pane.isVisible()
    press(qtbot, window, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert isinstance(window.page, RecordPage)


def test_a_record_alone_is_in_the_middle(window: MainWindow, qtbot: QtBot, services: Services) -> None:
    contact = services.store.records_about(child_named(services, "Kai"), kind="contact")[0]
    window.go("record", record=contact.record)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, RecordPage)
    left = page.view_card.mapTo(page, QPoint(0, 0)).x()
    right = page.width() - left - page.view_card.width()
    assert left > 200
    assert abs(left - right) <= 1
