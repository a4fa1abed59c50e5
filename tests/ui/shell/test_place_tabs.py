"""The lists of one place in the rail are tabs of each other: by a press, by arrows and by Ctrl+Tab."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.records.kind import Role
from tests.helpers.store_fixtures import sign_in_as
from tests.ui.shell.windows import Opens, press, rest
from ui.records.place_tabs import PlaceTabs
from ui.shell.window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
OF_A_LEAD = ["Consultations", "Training sessions", "Series of sessions", "Cases", "Direct work"]
OF_ON_CALL = ["Training sessions", "Series of sessions"]


def tabs_of(window: MainWindow) -> PlaceTabs:
    [bar] = [bar for bar in window.findChildren(PlaceTabs) if bar.isVisible()]
    return bar


def tabs(window: MainWindow) -> list[str]:
    bar = tabs_of(window)
    return [bar.tabText(at) for at in range(bar.count())]


def current(window: MainWindow) -> str:
    bar = tabs_of(window)
    return bar.tabText(bar.currentIndex())


@pytest.mark.parametrize(
    ("role", "first", "shown"), [("lead", "consultation_list", OF_A_LEAD), ("on_call", "training_list", OF_ON_CALL)]
)
def test_a_role_goes_through_the_lists_that_it_may_read_and_comes_round(
    opens: Opens, store: LaptopStore, qtbot: QtBot, role: Role, first: str, shown: list[str]
) -> None:
    sign_in_as(store, role=role)
    window = opens()
    window.go(first)
    rest(qtbot, window)
    assert tabs(window) == shown
    walked = []
    for _ in shown:
        walked.append(current(window))
        press(window, Qt.Key.Key_Tab, CTRL)
        rest(qtbot, window)
    assert walked == shown
    assert current(window) == shown[0]


def test_a_press_on_a_tab_goes_there_and_a_list_that_is_kept_shows_its_own_tab_again(
    opens: Opens, store: LaptopStore, qtbot: QtBot
) -> None:
    sign_in_as(store, role="lead")
    window = opens()
    window.go("consultation_list")
    rest(qtbot, window)
    bar = tabs_of(window)
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
    rest(qtbot, window)
    assert current(window) == "Training sessions"
    window.go("consultation_list")
    rest(qtbot, window)
    assert current(window) == "Consultations"


def test_lists_elsewhere_have_no_tabs(opens: Opens, qtbot: QtBot) -> None:
    window = opens()
    window.go("contacts")
    rest(qtbot, window)
    assert [bar for bar in window.findChildren(PlaceTabs) if bar.isVisible()] == []
