"""Nothing jumps from page to page: every title stands on one line, and the action bar at one height."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.ui.shell.windows import Opens, press, rest
from ui import theme
from ui.parts import Heading
from ui.records.draft_page import DraftPage
from ui.shell import screens
from ui.shell.window import MainWindow


def title_line(window: MainWindow) -> int:
    """How far below the top of the window the first line of the page's title has its middle."""
    assert window.page is not None
    title = next(heading for heading in window.page.findChildren(Heading) if heading.level == 1 and heading.isVisible())
    first = min(title.height(), theme.current().line_height("title"))
    return title.mapTo(window, QPoint(0, 0)).y() + (title.height() if title.height() < 1.5 * first else first) // 2


@pytest.mark.parametrize("size", [(1366, 768, 1.0), (1024, 640, 1.5), (1920, 1080, 1.0)])
def test_every_title_is_at_the_same_height(
    app: QApplication, window: MainWindow, services: Services, qtbot: QtBot, size: tuple[int, int, float]
) -> None:
    child, carer, action = (services.store.records_of(kind)[0].record for kind in ("child", "carer", "action"))
    theme.apply(app, theme.Theme("day", size[2]))
    window.resize(*size[:2])
    places: list[tuple[str, dict[str, object]]] = [
        (route, {})
        for route, screen in screens.screens().items()
        if not screen.opens and route != screens.home(services.store.seat.role)
    ]
    places += [("log_contact", {}), ("new_record", {"kind": "action"}), ("amend", {"record": child})]
    places += [("child", {"record": child}), ("carer", {"record": carer}), ("record", {"record": action})]
    title_lines = {}
    for place, arguments in places:
        window.go(place, **arguments)
        rest(qtbot, window)
        title_lines[f"{place} {arguments}"] = title_line(window)
    assert {place: line for place, line in title_lines.items() if line != title_lines["children {}"]} == {}


@pytest.mark.parametrize("size", [(1366, 768, 1.0), (1024, 640, 1.5)])
def test_the_action_bar_stands_still_when_a_call_is_saved_and_says_so_at_once_when_it_is_opened_again(
    app: QApplication, opens: Opens, qtbot: QtBot, size: tuple[int, int, float]
) -> None:
    window = opens()
    theme.apply(app, theme.Theme("night", size[2]))
    window.resize(*size[:2])
    press(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    rest(qtbot, window)
    page, before = window.page, window.bar.geometry()
    assert isinstance(page, DraftPage)
    assert page.saved_text() == ""
    press(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(walk.focused(), "no news")
    qtbot.waitUntil(lambda: page.saved_text() != "")
    rest(qtbot, window)
    assert window.bar.geometry() == before
    window.lock()
    window.hide()
    reopened_window = opens()
    assert isinstance(reopened_window.page, DraftPage)
    assert reopened_window.page.saved_text() == "Saved on this laptop 02:14:00"
