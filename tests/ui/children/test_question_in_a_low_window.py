"""A question about the record open on a child's page, at 1024x640 with 150 % text and an alert: its buttons are in sight."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.open_page import open_page, read
from tests.helpers.several_laptops import child_named
from tests.helpers.walk import focused
from ui import theme
from ui.children.child_page import ChildPage

LOW = (747, 555)
"""What the window of 1024x640 leaves a page at 150 % text size."""
Key = Qt.Key


def low(qtbot: QtBot, app: QApplication, context: Any, kind: str, size: tuple[int, int] = LOW) -> ChildPage:
    """Kai's page with the day's alert, and a record of a kind open, in a low window with large letters."""
    services: Services = context.services
    kai = child_named(services, "Kai")
    theme.apply(app, theme.Theme("night", 1.5))
    record = next(record.record for record in services.store.records_about(kai, kind=kind) if not record.withdrawn)
    page = ChildPage(context, record=kai, at=record)
    open_page(qtbot, context, page, size)
    read(qtbot, context)
    page.resize(*size)  # alone in its window it grew until the alert was cut short
    read(qtbot, context)
    page.timeline.list.setFocus()
    QTest.keyClick(focused(), Key.Key_Return)
    read(qtbot, context)
    return page


def press(qtbot: QtBot, context: Any, words: str) -> None:
    """Press Tab until the button with these words has the focus, then press it."""
    for _ in range(40):
        now = focused()
        if isinstance(now, QAbstractButton) and now.text() == words:
            QTest.keyClick(now, Key.Key_Space)
            read(qtbot, context)
            return
        QTest.keyClick(now, Key.Key_Tab)
        read(qtbot, context)
    raise AssertionError(words)


def in_sight(widget: QWidget) -> bool:
    """Whether the whole of a widget is seen."""
    return widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()


def comes_into_sight(qtbot: QtBot, widget: QWidget) -> None:
    """Wait until what gives way has gone, and what was hidden by it is scrolled to."""
    qtbot.waitUntil(lambda: in_sight(widget))


@pytest.mark.parametrize("verb", ["Hand over", "Not needed"])
def test_the_buttons_of_a_press_are_in_sight_with_its_question_and_all_comes_back_with_esc(
    app: QApplication, context: Any, qtbot: QtBot, verb: str
) -> None:
    page = low(qtbot, app, context, "action")
    press(qtbot, context, verb)
    question = page.action.verbs.question
    assert question is not None
    for part in (question.confirm, question.cancel, focused()):
        comes_into_sight(qtbot, part)
    assert question.isAncestorOf(focused())
    assert (page.alerts.isHidden(), page.tabs.tabs.isHidden()) == (True, True)
    assert not [top_window for top_window in app.topLevelWidgets() if top_window.isVisible() and top_window is not page]
    QTest.keyClick(focused(), Key.Key_Escape)
    read(qtbot, context)
    assert (page.alerts.isHidden(), page.tabs.tabs.isHidden(), page.view_card.area.isHidden()) == (False,) * 3
    assert page.view_card.isAncestorOf(focused())
    assert walk.clipped_labels(page) == []


@pytest.mark.parametrize("kind", ["contact", "placement"])
def test_the_question_of_withdrawing_is_wholly_in_sight(
    app: QApplication, context: Any, qtbot: QtBot, kind: str
) -> None:
    with context.services.store.write() as unit:
        unit.set(StoreSetting.ROLE, "manager")  # who may withdraw a placement
    page = low(qtbot, app, context, kind)
    press(qtbot, context, "Withdraw this record")
    buttons = {stop.text(): stop for stop in walk.stops(page.view_card) if isinstance(stop, QAbstractButton)}
    for part in (buttons["Withdraw"], buttons["Keep it"], focused()):
        comes_into_sight(qtbot, part)
    QTest.keyClick(focused(), Key.Key_Escape)
    read(qtbot, context)
    assert not page.alerts.isHidden()


def test_the_buttons_of_an_action_go_while_its_card_asks_something_at_any_height(
    app: QApplication, context: Any, qtbot: QtBot
) -> None:
    with context.services.store.write() as unit:
        unit.set(StoreSetting.ROLE, "manager")
    page = low(qtbot, app, context, "action", (1182, 1000))
    assert page.action.isVisible()
    press(qtbot, context, "Withdraw this record")
    assert page.view_card.asks()
    assert not page.action.isVisible()
    assert not page.alerts.isHidden(), "there is room for them"
    QTest.keyClick(focused(), Key.Key_Escape)
    read(qtbot, context)
    assert page.action.isVisible()
