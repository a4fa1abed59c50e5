"""The top bar: what is known of the connection, the call that runs, and room for its words."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.services.sync_status import Status
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.store_fixtures import RecordingSession, SetClock
from tests.ui.shell.windows import Opens, press, rest, shown
from ui import theme
from ui.parts import TextArea
from ui.records.draft_page import DraftPage
from ui.shell.window import MainWindow

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def type_into_a_call(window: MainWindow, qtbot: QtBot) -> DraftPage:
    press(window, Key.Key_N, CTRL)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, DraftPage)
    area = next(area for area in page.findChildren(TextArea) if area.isVisible())
    area.setFocus()
    QTest.keyClicks(area, "no news")
    return page


def test_a_call_that_runs_is_shown_wherever_one_is_and_leads_back(
    window: MainWindow, clock: SetClock, qtbot: QtBot
) -> None:
    page = type_into_a_call(window, qtbot)
    assert not window.top.call.isVisible()
    record = page.draft.record
    press(window, Key.Key_2, CTRL)
    rest(qtbot, window)
    assert shown(window) == "ListPage"
    clock.now += timedelta(minutes=2, seconds=41)
    assert window.top.call.isVisible()
    assert window.top.call.label() == "02:41  Back to the call"
    window.top.call.setFocus()
    press(window, Key.Key_Return)
    rest(qtbot, window)
    draft_page = window.page
    assert isinstance(draft_page, DraftPage)
    assert (draft_page.draft.record, draft_page.draft.fields["happening"]) == (record, "no news")
    assert not window.top.call.isVisible()


def test_the_time_of_the_call_is_never_announced(window: MainWindow, clock: SetClock, qtbot: QtBot) -> None:
    type_into_a_call(window, qtbot)
    press(window, Key.Key_2, CTRL)
    rest(qtbot, window)
    heard, _kept = walk.announcements()
    clock.now += timedelta(seconds=30)
    before = window.top.call.grab().toImage()
    clock.now += timedelta(seconds=30)
    window.top.call.update()
    assert window.top.call.grab().toImage() != before
    interface = QAccessible.queryAccessibleInterface(window.top.call)
    assert interface.text(QAccessible.Text.Name) == "Back to the call"
    assert heard == []


def test_a_call_that_runs_is_shown_after_an_unlock_too_once_one_leaves_it(opens: Opens, qtbot: QtBot) -> None:
    first = opens()
    type_into_a_call(first, qtbot)
    first.lock()
    first.hide()
    window = opens()
    assert shown(window) == "LogContactPage"
    press(window, Key.Key_1, CTRL)
    rest(qtbot, window)
    assert window.top.call.isVisible()


def test_a_call_that_was_ended_is_not_shown(window: MainWindow, services: Services, qtbot: QtBot) -> None:
    services.records.save(services.calls.end_call(services.calls.begin()))
    rest(qtbot, window)
    assert not window.top.call.isVisible()


def test_the_pill_says_what_is_known_while_the_council_is_asked(opens: Opens, session: RecordingSession) -> None:
    session.now = Status("checking")
    window = opens()
    assert window.top.pill.text().startswith("Checking · ")
    assert window.top.pill.text().endswith(" waiting")


@pytest.mark.parametrize("size", [(1366, 768, 1.0), (1024, 640, 1.0), (1024, 640, 1.5), (1920, 1080, 1.5)])
def test_nothing_in_the_bar_is_cut_while_a_call_runs(
    app: QApplication, window: MainWindow, qtbot: QtBot, size: tuple[int, int, float]
) -> None:
    type_into_a_call(window, qtbot)
    press(window, Key.Key_2, CTRL)
    theme.apply(app, theme.Theme("day", size[2]))
    window.resize(size[0], size[1])
    rest(qtbot, window)
    assert window.top.call.isVisible()
    assert window.size().toTuple() == size[:2]
    assert walk.clipped_labels(window.top) == []
    assert walk.small_targets(window.top) == []
