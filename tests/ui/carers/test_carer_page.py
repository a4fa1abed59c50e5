"""A household's page: who is there tonight, its numbers, calls and actions, and a contact begun from it, by keys."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.views.services import Services
from tests.helpers.open_page import SIZE, open_page, read
from tests.helpers.screens_of_training import trained
from tests.helpers.store_fixtures import RecordingSession, SetClock, sign_in_as
from tests.helpers.walk import clipped_labels, focused, settle, small_targets, unnamed_focusables
from tests.ui.shell.windows import rest, windows
from ui import theme
from ui.carers.carer_page import CarerPage
from ui.contacts.log_contact import LogContactPage
from ui.parts import LinkButton, Tag
from ui.records.listings_by_hand import carer_rows
from ui.shell.window import MainWindow

Open = Callable[..., CarerPage]


def household(services: Services, name: str) -> str:
    """The record of a household by one of its people."""
    return services.people.find(name, kinds=("carer",))[0].record


@pytest.fixture
def open_carer(app: QApplication, qtbot: QtBot, context: Any) -> Open:
    """Opens a household's page as the window does."""

    def opened(name: str, size: tuple[int, int] = SIZE) -> CarerPage:
        page = CarerPage(context, record=household(context.services, name))
        open_page(qtbot, context, page, size)
        return page

    return opened


@pytest.fixture
def window(app: QApplication, qtbot: QtBot, services: Services) -> Iterator[MainWindow]:
    """The window of the practitioner on call."""
    with windows(lambda: MainWindow(RecordingSession(services)), qtbot) as make:
        yield make()


def texts(page: CarerPage) -> list[str]:
    """Everything that the labels and links of the page say."""
    labels = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    return [*labels, *(link.text() for link in page.findChildren(LinkButton) if link.isVisible())]


def test_the_list_and_the_page_say_where_a_child_on_respite_sleeps(open_carer: Open, services: Services) -> None:
    rows = {row.cells[0].words: row.cells[2].words for row in carer_rows(services, "", "", None)}
    assert rows["Beth Nash"] == "Josh W. (respite with Ann Colley)"
    assert rows["Ann Colley"] == "Josh W."
    words = texts(open_carer("beth nash"))
    assert "No child sleeps here tonight." in words
    assert "Josh W." in words
    assert "Respite with Ann Colley until Wed 15 March" in words


def test_numbers_are_large_and_say_who_answers(open_carer: Open) -> None:
    page = open_carer("jo preece")
    labels_by_name = {label.accessibleName(): label for label in page.overview.findChildren(QLabel)}
    for name in ("Home, 01632 960174", "Jo Preece, 07700 900560", "Martin Preece, 07700 900561"):
        assert labels_by_name[name].fontInfo().pixelSize() >= 15
        assert labels_by_name[name].font().weight() >= QFont.Weight.DemiBold


def test_calls_of_the_last_weeks_and_open_actions_are_links_to_their_records(
    open_carer: Open, qtbot: QtBot, context: Any, services: Services, clock: SetClock
) -> None:
    record = household(services, "jo preece")
    draft = services.records.new_draft("action")
    fields = {"what": "Take the spare key round", "carer": record, "due": "2017-03-14T01:00:00+00:00", "state": "open"}
    action = services.records.finish(replace(draft, fields=fields)).envelope.record
    page = open_carer("jo preece")
    words = texts(page)
    assert "23:32, Jo Preece rang" in words
    assert "6 contacts in 7 days, usual 0 to 2" in words
    assert "Due 01:00" in words
    link = next(link for link in page.findChildren(LinkButton) if link.text() == "Take the spare key round")
    while focused() is not link:
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    QTest.keyClick(link, Qt.Key.Key_Return)
    assert context.went[-1] == ("action", {"record": action})
    clock.pass_time(days=30)
    page.refresh()
    read(qtbot, context)
    assert "No calls in this time." in texts(page)


def test_a_missing_child_is_said_to_be_missing_where_they_are_placed(open_carer: Open) -> None:
    page = open_carer("jo preece")
    words = texts(page)
    assert "Night of 13 to 14 March" in words
    assert "Missing since 21:40" in [tag.spec.words for tag in page.overview.findChildren(Tag)]


def test_open_actions_about_a_child_are_on_the_page_of_the_childs_household(
    open_carer: Open, services: Services
) -> None:
    """The demonstration's follow-ups name only Kai. An action that names another household is on that household's page."""
    kai = services.people.find("kai", kinds=("child",))[0].record
    fields = {
        "what": "Ask Carol about the bike",
        "due": "2017-03-14T12:00:00+00:00",
        "child": kai,
        "carer": household(services, "carol"),
    }
    services.records.finish(replace(services.records.new_draft("action"), fields=fields))
    preece = services.households.household(household(services, "jo preece"))
    assert preece is not None
    titles = [line.title for line in preece.actions]
    assert titles == ["Ring Jo Preece back", "Ask police for news, log 0612", "Tell placing social worker, R. Pugh"]
    carol = services.households.household(household(services, "carol"))
    assert carol is not None
    assert "Ask Carol about the bike" in [line.title for line in carol.actions]
    assert preece.actions[0].words == "Kai M. · Due 02:00"
    assert "Ring Jo Preece back" in texts(open_carer("jo preece"))


def test_enter_on_the_page_logs_a_contact_with_the_caller_filled_in(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    window.go("carer", record=household(services, "jo preece"))
    rest(qtbot, window)
    assert isinstance(window.page, CarerPage)
    assert window.page.new.hasFocus()
    assert [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()] == [window]
    QTest.keyClick(focused(window), Qt.Key.Key_Return)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, LogContactPage)
    assert page.draft.fields["caller"] == household(services, "jo preece")
    assert page.draft.fields["caller_name"] == "Jo Preece"


def test_who_may_not_write_contacts_is_not_offered_one(open_carer: Open, store: LaptopStore) -> None:
    sign_in_as(store, role="supervising")
    assert not open_carer("jo preece").new.isVisible()


@pytest.mark.parametrize("night", [True, False])
@pytest.mark.parametrize(("size", "scale"), [((1182, 712), 1.0), ((840, 584), 1.5), ((1736, 1024), 1.0)])
def test_nothing_is_cut_or_nameless_at_any_size_on_any_tab(
    open_carer: Open, app: QApplication, size: tuple[int, int], scale: float, night: bool
) -> None:
    theme.apply(app, theme.Theme("night" if night else "day", scale))
    page = open_carer("beth nash", size)
    for tab in range(3):
        page.tabs.tabs.setCurrentIndex(tab)
        settle()
        assert clipped_labels(page) == []
        assert unnamed_focusables(page) == []
        assert small_targets(page) == []


def test_training_has_a_part_of_its_own_with_sessions_hours_and_what_is_due(
    open_carer: Open, services: Services, clock: SetClock
) -> None:
    trained(services, clock)
    page = open_carer("Jo Preece", (1366, 1600))
    shown = texts(page)
    assert "Jo Preece: 2.5 hours in 2017" in shown
    assert "15 March 2017 · Jo Preece, 2.5 hours" in shown
    assert "First aid training, Jo Preece" in shown
    assert shown.count("First aid training, Jo Preece") == 1, "it does not stand in the card of what is due as well"
    link = next(link for link in page.findChildren(LinkButton) if link.text() == "Why children run")
    assert link.isVisible()
    assert not clipped_labels(page)
