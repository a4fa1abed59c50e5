"""Amending from a child's page, in the real window by keys alone: it opens where the reader was and comes back there."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import RecordingSession, sign_in_as
from tests.helpers.walk import focused
from tests.ui.shell.windows import rest, windows
from ui.carers.carer_page import CarerPage
from ui.children.child_page import ChildPage
from ui.children.child_tabs import PlanPart
from ui.parts import Heading
from ui.records.form_page import RecordFormPage
from ui.records.record_page import RecordPage
from ui.shell.window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(app: QApplication, qtbot: QtBot, store: LaptopStore, services: Services) -> Iterator[MainWindow]:
    """The window of a manager, who may write every kind, at Kai's page."""
    sign_in_as(store, role="manager")
    with windows(lambda: MainWindow(RecordingSession(services)), qtbot) as make:
        window = make()
        window.go("child", record=child_named(services, "Kai"))
        rest(qtbot, window)
        yield window


def press(
    qtbot: QtBot, window: MainWindow, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press keys where the focus is and wait for what they bring about."""
    for key in keys:
        QTest.keyClick(focused(window), key, held)
        rest(qtbot, window)


def child_page(window: MainWindow) -> ChildPage:
    """The child's page, which is open."""
    assert isinstance(window.page, ChildPage)
    return window.page


def wholly_seen(widget: QWidget) -> bool:
    """Whether all of a widget is in sight."""
    return widget.visibleRegion().boundingRect() == widget.rect()


@pytest.mark.parametrize("size", [(1366, 768), (1024, 640)])
def test_the_form_opens_at_the_plan_and_finish_comes_back_to_what_was_amended(
    window: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window.resize(*size)
    press(qtbot, window, Qt.Key.Key_Tab, held=CTRL)
    press(qtbot, window, Qt.Key.Key_E, held=CTRL)
    form = window.page
    assert isinstance(form, RecordFormPage)
    assert focused() is form.form.questions["risks"].focus_target()
    assert wholly_seen(form.form.questions["risks"])
    title = next(heading for heading in form.findChildren(Heading) if heading.text() == "Safety plan")
    assert wholly_seen(title)
    form.form.go("helps")
    QTest.keyClick(focused(), Qt.Key.Key_End, CTRL)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    QTest.keyClicks(focused(), "Toast works at night")
    form.why.setFocus()
    QTest.keyClicks(focused(), "Jo told me")
    press(qtbot, window, Qt.Key.Key_Return, held=CTRL)
    page = child_page(window)
    assert page.tabs.tabs.tabText(page.tabs.tabs.currentIndex()) == "Safety plan"
    now = focused()
    assert isinstance(now, PlanPart)
    assert now.accessibleName().startswith("What helps: ")
    assert "Toast works at night" in now.accessibleName()
    assert wholly_seen(now)


def test_what_is_left_without_finishing_comes_back_to_the_same_tab(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, *[Qt.Key.Key_Tab] * 4, held=CTRL)
    press(qtbot, window, Qt.Key.Key_E, held=CTRL)
    assert isinstance(window.page, RecordFormPage)
    press(qtbot, window, Qt.Key.Key_S, held=CTRL)
    page = child_page(window)
    assert page.tabs.tabs.tabText(page.tabs.tabs.currentIndex()) == "Details"
    assert page.details.isAncestorOf(focused())


def test_a_record_amended_from_the_timeline_comes_back_to_its_row_under_the_same_filter(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    page = child_page(window)
    page.timeline.period.setFocus()
    press(qtbot, window, Qt.Key.Key_Down, Qt.Key.Key_Down)
    page.timeline.chips.chips()[0].setFocus()
    press(qtbot, window, Qt.Key.Key_Right, Qt.Key.Key_Space)
    page.timeline.list.setFocus()
    press(qtbot, window, Qt.Key.Key_Down, Qt.Key.Key_Down)
    current_entry, filter_before = page.timeline.list.entry(), page.timeline.filters()
    assert current_entry is not None
    assert current_entry.kind == "contact"
    assert filter_before.days is None
    press(qtbot, window, Qt.Key.Key_E, held=CTRL)
    assert window.page is not page
    press(qtbot, window, Qt.Key.Key_S, held=CTRL)
    reopened_page = child_page(window)
    assert reopened_page is not page
    row = reopened_page.timeline.list.entry()
    assert row is not None
    assert row.record == current_entry.record
    assert reopened_page.timeline.filters() == filter_before
    assert reopened_page.timeline.list.hasFocus()


def test_what_is_amended_on_a_page_of_its_own_comes_back_to_that_page(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    contact = services.store.records_about(child_named(services, "Kai"), kind="contact")[0].record
    household = services.people.find("jo preece", kinds=("carer",))[0].record
    for route, record in (("record", contact), ("carer", household)):
        window.go(route, record=record)
        rest(qtbot, window)
        press(qtbot, window, Qt.Key.Key_E, held=CTRL)
        assert window.location.route not in ("record", "carer")
        press(qtbot, window, Qt.Key.Key_S, held=CTRL)
        page = window.page
        assert isinstance(page, RecordPage | CarerPage)
        assert page.record == record
        assert page.isAncestorOf(focused())
