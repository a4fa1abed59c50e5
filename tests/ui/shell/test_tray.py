"""The tray: numbers and no names, gone with the window, nothing where the system has none."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.views.due_now import DueNow
from tests.helpers.store_fixtures import SetClock
from tests.ui.shell.windows import rest
from ui.shell.tray import Tray
from ui.shell.window import MainWindow


@pytest.fixture
def with_a_tray(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that says that it has a tray; the icon is a real one, which nothing here draws."""
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)


def test_where_there_is_no_tray_there_is_no_icon_and_the_window_works(window: MainWindow) -> None:
    assert not QSystemTrayIcon.isSystemTrayAvailable()
    assert window.tray.icon is None


@pytest.mark.usefixtures("with_a_tray")
def test_it_says_numbers_and_names_nobody(window: MainWindow, clock: SetClock, qtbot: QtBot) -> None:
    icon = window.tray.icon
    assert icon is not None
    assert icon.toolTip() == "HIPSS Desktop: 1 overdue"
    clock.pass_time(minutes=12)
    window.bus.status_changed.emit()
    rest(qtbot, window)
    assert icon.toolTip() == "HIPSS Desktop: 1 due now, 1 overdue"


@pytest.mark.usefixtures("with_a_tray")
def test_a_press_brings_the_window_forward_as_it_was(window: MainWindow, qtbot: QtBot) -> None:
    icon = window.tray.icon
    assert icon is not None
    page = window.page
    window.showMinimized()
    icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    rest(qtbot, window)
    assert not window.isMinimized()
    assert window.page is page


@pytest.mark.usefixtures("with_a_tray")
@pytest.mark.parametrize("leave", [MainWindow.lock, MainWindow.close], ids=["lock", "close"])
def test_locked_or_closed_nothing_is_left_of_it(window: MainWindow, leave: Callable[[MainWindow], object]) -> None:
    icon = window.tray.icon
    assert icon is not None
    assert icon.isVisible()
    leave(window)
    assert not icon.isVisible()


@pytest.mark.parametrize("due", [DueNow(), DueNow(2), DueNow(2, 1), DueNow(0, 120)])
def test_what_is_due_changes_what_is_drawn(app: QApplication, qtbot: QtBot, due: DueNow) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    tray = Tray(holder, available=True)
    assert tray.icon is not None
    nothing = tray.icon.icon().pixmap(32).toImage()
    tray.show_due(due)
    assert (tray.icon.icon().pixmap(32).toImage() == nothing) == (due == DueNow())
