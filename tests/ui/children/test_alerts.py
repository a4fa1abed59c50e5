"""Alerts on a child's page, begun, shown and ended with the keys."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import RecordingSession, sign_in_as
from tests.ui.shell.windows import press, rest, windows
from tests.views.test_alerts import alert, words_about
from ui.children.child_card import ChildCardView
from ui.children.child_page import ChildPage
from ui.parts import Banner, LinkButton, PrimaryButton
from ui.records.form_page import RecordFormPage
from ui.records.record_page import RecordPage
from ui.shell.window import MainWindow

Key = Qt.Key


@pytest.fixture
def window(app: QApplication, mine: Services, session: RecordingSession, qtbot: QtBot) -> Iterator[MainWindow]:
    """A manager's window."""
    sign_in_as(mine.store, role="manager")
    with windows(lambda: MainWindow(session), qtbot) as opened:
        yield opened()


def child_page(window: MainWindow, qtbot: QtBot, given_name: str = "Ellie") -> ChildPage:
    """The page of a child, opened."""
    window.go("child", record=child_named(window.session.services, given_name))
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, ChildPage)
    return page


def tab_to(window: MainWindow, name: str) -> QWidget:
    """Press Tab until what has this name has the focus."""
    for _ in range(80):
        now = window.focusWidget()
        assert now is not None
        if (now.accessibleName() or getattr(now, "text", str)()).startswith(name):
            return now
        press(window, Key.Key_Tab)
    raise AssertionError(name)


def test_a_new_alert_is_begun_from_the_childs_page_about_that_child(window: MainWindow, qtbot: QtBot) -> None:
    child_page(window, qtbot)
    tab_to(window, "New alert")
    press(window, Key.Key_Space)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, RecordFormPage)
    assert (page.draft.kind, page.draft.fields["child"]) == ("alert", child_named(window.session.services, "Ellie"))


def test_an_alert_is_at_the_head_of_the_childs_page_in_amber_with_who_wrote_it(
    window: MainWindow, qtbot: QtBot
) -> None:
    alert(window.session.services)
    page = child_page(window, qtbot)
    (banner,) = page.alerts.findChildren(Banner)
    assert (banner.tone, banner.icon_name) == ("amber", "alert")
    assert banner.accessibleName() == "For tonight: May run. Agreed: Ring 101."
    assert child_page(window, qtbot, "Tyler").alerts.isHidden()


def test_it_is_over_asks_why_and_takes_the_alert_from_the_page(window: MainWindow, qtbot: QtBot) -> None:
    services = window.session.services
    record = alert(services)
    child_page(window, qtbot)
    link = tab_to(window, "It is over")
    assert isinstance(link, LinkButton)
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert isinstance(window.page, RecordPage)
    assert window.page.view_card.asks()
    assert window.page.view_card.area.isAncestorOf(window.focusWidget() or window)
    for name, words in (("Time, new", "14/03/2017"), ("Time, time", "02:10"), ("Why it is over", "She is asleep")):
        QTest.keyClicks(tab_to(window, name), words)
    while not isinstance(now := window.focusWidget(), PrimaryButton):
        assert now is not None
        press(window, Key.Key_Tab)
    press(window, Key.Key_Space)
    rest(qtbot, window)
    assert [row["why"] for row in services.store.get(record).fields["ended"]] == ["She is asleep"]  # type: ignore[union-attr]  # it is there
    assert words_about(services) == []
    assert child_page(window, qtbot).alerts.isHidden()


def test_the_card_beside_a_call_shows_the_alert(window: MainWindow, qtbot: QtBot) -> None:
    services = window.session.services
    alert(services)
    window.go("log_contact", child=child_named(services, "Ellie"))
    rest(qtbot, window)
    (card,) = window.findChildren(ChildCardView)
    (banner,) = card.findChildren(Banner)
    assert banner.accessibleName() == "For tonight: May run. Agreed: Ring 101. A. Bevan, 02:14."
    assert "For tonight: May run. Agreed: Ring 101." in card.accessibleDescription()
