"""The timeline of a household, and the words that are looked for in the records of one person."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop import times
from hipss_desktop.views.services import Services
from hipss_desktop.views.timeline import Entry
from tests.helpers.open_page import open_page, read
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import RecordingSession
from tests.ui.carers.test_carer_page import household
from tests.ui.shell.windows import press, rest, windows
from ui.carers.carer_page import CarerPage
from ui.children.child_page import ChildPage
from ui.records.timeline_pane import Place, TimelinePane
from ui.shell.window import MainWindow

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(app: QApplication, services: Services, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window of the practitioner on call."""
    with windows(lambda: MainWindow(RecordingSession(services)), qtbot) as make:
        yield make()


@pytest.fixture
def page(app: QApplication, qtbot: QtBot, context: Any) -> CarerPage:
    """The page of the Preeces at its timeline."""
    opened = CarerPage(context, record=household(context.services, "jo preece"), place=Place("Timeline"))
    open_page(qtbot, context, opened)
    return opened


def entries(pane: TimelinePane) -> list[Entry]:
    """The rows of the timeline that are records."""
    return [entry for entry in pane.panel.list.entries.items if isinstance(entry, Entry)]


def typed(pane: TimelinePane, words: str, qtbot: QtBot, context: Any) -> list[Entry]:
    """The rows once these words stand in the search."""
    pane.panel.search.setText("")
    QTest.keyClicks(pane.panel.search, words)
    read(qtbot, context)
    return entries(pane)


def test_every_record_that_names_the_household_is_listed_newest_first_and_no_other(
    page: CarerPage, context: Any, qtbot: QtBot
) -> None:
    preece = household(context.services, "jo preece")
    page.pane.panel.period.choose("all")
    page.refresh()
    read(qtbot, context)
    shown = entries(page.pane)
    named = context.services.store.records_about(preece, limit=60)
    assert [entry.record for entry in shown] == [record.record for record in named]
    assert {"contact", "placement"} <= {entry.kind for entry in shown}
    ats = [entry.at for entry in shown]
    assert ats == sorted(ats, reverse=True)


def test_a_kind_is_chosen_by_its_chip_and_the_open_record_is_beside_the_list(
    page: CarerPage, qtbot: QtBot, context: Any
) -> None:
    chips = page.pane.panel.chips.chips()
    assert chips[0].text() == f"All {len(entries(page.pane))}"
    next(chip for chip in chips if chip.text() == "Placements").click()
    read(qtbot, context)
    page.pane.panel.period.choose("all")
    page.refresh()
    read(qtbot, context)
    assert {entry.kind for entry in entries(page.pane)} == {"placement"}
    assert page.pane.card.view is not None
    assert page.pane.card.view.record == entries(page.pane)[0].record


def test_words_find_records_of_this_household_alone(page: CarerPage, qtbot: QtBot, context: Any) -> None:
    pane = page.pane
    every = {entry.record for entry in entries(pane)}
    matches = typed(pane, "garage", qtbot, context)
    assert matches
    assert {entry.record for entry in matches} < every
    assert all("garage" in str(context.services.store.get(entry.record).fields).casefold() for entry in matches)
    at_home = {entry.record for entry in typed(pane, "school", qtbot, context)}
    anywhere = {entry.record for entry in context.services.timelines.search("school")}
    assert at_home < anywhere
    assert at_home <= every
    assert typed(pane, "zeppelin", qtbot, context) == []
    assert pane.panel.no_match.isVisible()
    assert not pane.panel.empty.isVisible()
    QTest.keyClick(pane.panel.search, Key.Key_Escape)
    read(qtbot, context)
    assert {entry.record for entry in entries(pane)} == every


def test_a_reference_is_found_where_it_belongs_and_nowhere_else(page: CarerPage, qtbot: QtBot, context: Any) -> None:
    assert page.pane.card.view is not None
    record, reference = page.pane.card.view.record, page.pane.card.view.reference
    assert [entry.record for entry in typed(page.pane, reference, qtbot, context)] == [record]
    ellie = ChildPage(context, record=child_named(context.services, "Ellie"))
    open_page(qtbot, context, ellie)
    assert typed(ellie.pane, reference, qtbot, context) == []


def test_words_keep_to_the_kind_and_the_period_that_are_chosen(page: CarerPage, qtbot: QtBot, context: Any) -> None:
    services, preece = context.services, household(context.services, "jo preece")
    everything = services.timelines.search("kai", about=preece)
    recent = typed(page.pane, "kai", qtbot, context)
    page.pane.panel.period.choose("all")
    page.refresh()
    read(qtbot, context)
    assert [entry.record for entry in entries(page.pane)] == [entry.record for entry in everything]
    assert len(recent) <= len(everything)
    contacts = services.timelines.search("kai", about=preece, kind="contact")
    next(chip for chip in page.pane.panel.chips.chips() if chip.text() == "Contacts").click()
    read(qtbot, context)
    assert [entry.record for entry in entries(page.pane)] == [entry.record for entry in contacts]


@pytest.mark.parametrize(
    ("route", "who"),
    [
        ("child", lambda services: child_named(services, "Kai")),
        ("carer", lambda services: household(services, "jo preece")),
    ],
)
def test_ctrl_f_goes_to_the_words_from_any_tab_and_down_to_what_they_found(
    window: MainWindow, qtbot: QtBot, services: Services, route: str, who: Callable[[Services], str]
) -> None:
    window.go(route, record=who(services))
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, ChildPage | CarerPage)
    page.tabs.tabs.setCurrentIndex(2)
    press(window, Key.Key_F, CTRL)
    rest(qtbot, window)
    assert page.pane.panel.search.hasFocus()
    QTest.keyClicks(page.pane.panel.search, "garage")
    rest(qtbot, window)
    press(window, Key.Key_Down)
    assert page.pane.panel.list.hasFocus()
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert page.pane.card.isAncestorOf(window.focusWidget() or window)
    press(window, Key.Key_Escape)
    assert page.pane.panel.list.hasFocus()


def test_who_comes_back_from_a_record_finds_the_words_and_the_place_again(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    window.go("carer", record=household(services, "jo preece"))
    rest(qtbot, window)
    press(window, Key.Key_F, CTRL)
    page = window.page
    assert isinstance(page, CarerPage)
    QTest.keyClicks(page.pane.panel.search, "garage")
    rest(qtbot, window)
    records = [entry.record for entry in entries(page.pane)]
    back = page._back_here()
    assert (back["place"].tab, back["place"].filters.words, back["at"]) == ("Timeline", "garage", records[0])
    window.go("record", record=records[0])
    rest(qtbot, window)
    window.go(back.pop("route"), **back)
    rest(qtbot, window)
    reopened_page = window.page
    assert isinstance(reopened_page, CarerPage)
    assert reopened_page is not page
    assert [entry.record for entry in entries(reopened_page.pane)] == records
    assert reopened_page.pane.panel.search.text() == "garage"


def test_a_first_and_a_last_day_limit_what_is_listed_counted_and_found(
    page: CarerPage, qtbot: QtBot, context: Any
) -> None:
    panel = page.pane.panel
    assert not panel.dates.isVisible()
    panel.period.choose("all")
    page.refresh()
    read(qtbot, context)
    everything = entries(page.pane)
    days = sorted({times.local_day(times.of_ms(entry.at)) for entry in everything})
    first, last = days[1], days[-2]
    panel.period.setFocus()
    panel.period.picked.emit("between")
    panel.period.choose("between")
    read(qtbot, context)
    assert panel.dates.isVisible()
    assert panel.dates.first.hasFocus(), "the first day comes next"
    assert [entry.record for entry in entries(page.pane)] == [entry.record for entry in everything]
    QTest.keyClicks(panel.dates.first, times.long_day(first))
    QTest.keyClicks(panel.dates.last, times.long_day(last))
    read(qtbot, context)
    inside = [entry for entry in everything if first <= times.local_day(times.of_ms(entry.at)) <= last]
    assert 0 < len(inside) < len(everything)
    assert [entry.record for entry in entries(page.pane)] == [entry.record for entry in inside]
    assert panel.chips.chips()[0].text() == f"All {len(inside)}"
    matches = typed(page.pane, "kai", qtbot, context)
    assert {entry.record for entry in matches} <= {entry.record for entry in inside}
    came_back = CarerPage(context, record=page.record, place=Place("Timeline", panel.filters()))
    open_page(qtbot, context, came_back)
    assert came_back.pane.panel.filters() == panel.filters()
    assert came_back.pane.panel.dates.isVisible()


def test_an_invalid_date_gets_an_error_beside_its_field_and_limits_nothing(
    page: CarerPage, qtbot: QtBot, context: Any
) -> None:
    panel = page.pane.panel
    panel.period.choose("between")
    panel.period.picked.emit("between")
    read(qtbot, context)
    every = len(entries(page.pane))
    first, last = panel.dates.fields
    QTest.keyClicks(panel.dates.first, "31 February 2017")
    QTest.keyClick(panel.dates.first, Key.Key_Tab)
    assert first.error() == "Enter a date like 14 March 2017"
    assert panel.dates.first.accessibleDescription().startswith("Error:")
    read(qtbot, context)
    assert len(entries(page.pane)) == every
    panel.dates.first.setText("14 March 2017")
    assert first.error() == ""
    panel.dates.last.setFocus()
    QTest.keyClicks(panel.dates.last, "1 March 2017")
    QTest.keyClick(panel.dates.last, Key.Key_Tab)
    assert last.error() == "Enter a day that is not before the first"
    read(qtbot, context)
    assert entries(page.pane) == []
