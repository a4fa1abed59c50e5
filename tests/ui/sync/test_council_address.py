"""The place in the sync centre where a council's new address is entered, by keys; and the warning that the clock is wrong."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.errors import UserError
from hipss_desktop.services.store_settings import StoreSetting
from tests.helpers.walk import clipped_labels, settle, small_targets, unnamed_focusables
from ui import theme
from ui.sync.council_address import MOVED
from ui.sync.sync_centre import SyncCentrePage

Opened = Callable[[], SyncCentrePage]


@pytest.fixture
def opened(app: QApplication, qtbot: QtBot, context: Any, store: LaptopStore) -> Iterator[Opened]:
    """Opens the sync centre of a laptop that has joined a council."""
    windows: list[QWidget] = []

    def open_page() -> SyncCentrePage:
        with store.write() as unit:
            unit.set(StoreSetting.SERVER, "https://hipss.council.example")
        window = QWidget()
        windows.append(window)
        theme.set_state(window, "surface", "canvas")
        window.resize(1182, 712)
        page = SyncCentrePage(context)
        box = QVBoxLayout(window)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(page)
        window.show()
        window.activateWindow()
        wait(qtbot, context)
        return page

    yield open_page
    for window in windows:
        shiboken6.delete(window)


def wait(qtbot: QtBot, context: Any) -> None:
    settle()
    qtbot.waitUntil(lambda: context.runner.idle)
    settle()


def enter(qtbot: QtBot, context: Any, words: str) -> None:
    """Type into the field that has the focus, and press Enter."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, words)
    QTest.keyClick(focused, Qt.Key.Key_Return)
    wait(qtbot, context)


def test_a_new_address_is_entered_by_keys(qtbot: QtBot, context: Any, opened: Opened) -> None:
    page = opened()
    assert page.address.address.text() == "https://hipss.council.example"
    page.address.moved.setFocus()
    QTest.keyClick(page.address.moved, Qt.Key.Key_Space)
    assert QApplication.focusWidget() is page.address.box_of_address
    enter(qtbot, context, "https://hipss.new.example")
    assert context.session.asked == ["address https://hipss.new.example"]
    assert context.said == ["The council answers at https://hipss.new.example. What waits is sent there."]
    assert page.address.field.isHidden()
    assert QApplication.focusWidget() is page.address.moved


def test_an_address_that_is_not_kept_is_said_beside_the_field_and_stays_typed(
    qtbot: QtBot, context: Any, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(typed: str) -> str:
        raise UserError("Something else answered in the council’s place.", "server")

    page = opened()
    monkeypatch.setattr(context.session, "use_address", refuse)
    QTest.mouseClick(page.address.moved, Qt.MouseButton.LeftButton)
    enter(qtbot, context, "")
    assert page.address.field.error() == "Enter the council’s new address"
    enter(qtbot, context, "https://other.example")
    assert page.address.field.error() == "Something else answered in the council’s place."
    assert page.address.box_of_address.text() == "https://other.example"
    assert QApplication.focusWidget() is page.address.box_of_address
    assert page.address.address.text() == "https://hipss.council.example"
    QTest.mouseClick(page.address.leave, Qt.MouseButton.LeftButton)
    assert page.address.field.isHidden()
    assert context.said == []


def test_a_laptop_that_has_not_joined_has_no_address(qtbot: QtBot, context: Any, opened: Opened) -> None:
    page = opened()
    with context.services.store.write() as unit:
        unit.set(StoreSetting.SERVER, "")
    page.refresh()
    wait(qtbot, context)
    assert page.address.isHidden()


@pytest.mark.parametrize("look", ["day", "night"])
def test_address_and_clock_fit_at_the_largest_text(
    app: QApplication, qtbot: QtBot, context: Any, opened: Opened, look: theme.Name
) -> None:
    theme.apply(app, theme.Theme(look, 1.5))
    with context.services.store.write() as unit:
        context.services.records.council_time.note(unit, timedelta(hours=1))
    page = opened()
    page.address.moved.click()
    wait(qtbot, context)
    page.address.field.set_error("No answer from hipss.council.example. The council’s address was not changed.")
    settle()
    assert clipped_labels(page) == []
    assert small_targets(page) == []
    assert unnamed_focusables(page) == []
    assert MOVED in page.address.moved.accessibleName()
