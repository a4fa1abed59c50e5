"""The follow-ups on the on-call screen: what they say, in which order they stand, and what a tick does."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.store_fixtures import SetClock, sign_in_as
from tests.ui.on_call.on_call_screen import Key, Modifier, finished, opened, press, rest
from ui import theme
from ui.on_call.on_call_page import OnCallPage
from ui.on_call.one_scroll import OneScroll
from ui.parts import CELL_ROLE, Button, LineEdit
from ui.parts.tables import broken_words


def test_a_follow_up_says_what_about_whom_and_how_late_it_is(page: OnCallPage) -> None:
    model = page.follow_ups.table.model()
    assert model is not None
    spoken_cells = [model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(3)]
    assert spoken_cells == [
        "Not done",
        "Ring Jo Preece back, Kai M. · 01632 960174, Jo Preece",
        "Overdue 14 min, due 02:00",
    ]
    tags = [model.index(row, 2).data(CELL_ROLE).tags for row in range(2)]
    assert [[tag.words for tag in row] for row in tags] == [["Overdue 14 min"], []]
    assert page.follow_ups.foot.text() == "3 done this shift"


def state(services: Services, record: str) -> str:
    action_record = services.store.get(record)
    assert action_record is not None
    return str(action_record.fields.get("state") or "open")


def test_space_ticks_a_follow_up_which_stays_struck_in_its_place_until_the_list_is_left(
    page: OnCallPage, services: Services, context: Any, qtbot: QtBot
) -> None:
    rows = list(page.follow_ups.records)
    page.follow_ups.table.setFocus()
    rest(qtbot, page)
    press(page, Key.Key_Space)
    rest(qtbot, page)
    assert state(services, rows[0]) == "done"
    assert page.follow_ups.records == rows
    model = page.follow_ups.table.model()
    assert model.index(0, 1).data(CELL_ROLE).struck
    spoken_cells = [model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(2)]
    assert spoken_cells == ["Done", "Ring Jo Preece back, Kai M. · 01632 960174, Jo Preece"]
    assert page.follow_ups.foot.text() == "4 done this shift"
    assert context.said == ["Ring Jo Preece back: done 02:14"]
    page.follow_ups.link.setFocus()
    rest(qtbot, page)
    assert page.follow_ups.records == rows[1:]


def test_a_second_space_takes_the_first_back_and_never_ticks_the_next_row(
    page: OnCallPage, services: Services, context: Any, qtbot: QtBot
) -> None:
    rows = list(page.follow_ups.records)
    page.follow_ups.table.setFocus()
    for revisions in (1, 3):  # before the row was read, and while the first press is being written
        press(page, Key.Key_Space)
        press(page, Key.Key_Space)
        rest(qtbot, page)
        rest(qtbot, page)
        assert [state(services, record) for record in rows] == ["open"] * len(rows)
        assert [len(services.store.revisions(record)) for record in rows] == [revisions] + [1] * (len(rows) - 1)
        assert not page.follow_ups.is_ticked(0)
    press(page, Key.Key_Space)
    rest(qtbot, page)
    press(page, Key.Key_Space)
    rest(qtbot, page)
    assert state(services, rows[0]) == "open"
    assert context.said[-1] == "Ring Jo Preece back: undone"
    assert page.follow_ups.records == rows
    for standing in ("done", "open", "done"):
        press(page, Key.Key_Space)
        rest(qtbot, page)
        assert page.follow_ups.table.currentIndex().row() == 0
        assert [state(services, record) for record in rows] == [standing] + ["open"] * (len(rows) - 1)


def test_the_confirmation_takes_a_tick_back(page: OnCallPage, services: Services, context: Any, qtbot: QtBot) -> None:
    record = page.follow_ups.records[0]
    page.follow_ups.table.setFocus()
    press(page, Key.Key_Space)
    rest(qtbot, page)
    page.follow_ups.link.setFocus()
    rest(qtbot, page)
    context.undo[-1]()
    rest(qtbot, page)
    assert state(services, record) == "open"
    assert page.follow_ups.records[0] == record


def test_a_follow_up_that_is_to_tell_somebody_asks_whom_one_spoke_to_before_it_is_done(
    page: OnCallPage, services: Services, qtbot: QtBot
) -> None:
    record, panel = page.follow_ups.records[1], page.follow_ups
    panel.table.setFocus()
    press(page, Key.Key_Down)
    press(page, Key.Key_Space)
    rest(qtbot, page)
    assert state(services, record) == "open"
    assert page.focusWidget().accessibleName() == "Spoke to"
    QTest.keyClicks(page.focusWidget(), "PC 2214")
    press(page, Key.Key_Escape)
    rest(qtbot, page)
    assert (state(services, record), len(services.store.revisions(record))) == ("open", 1)
    assert page.focusWidget() is panel.table
    press(page, Key.Key_Space)
    rest(qtbot, page)
    spoke_to = page.focusWidget()
    assert isinstance(spoke_to, LineEdit)
    assert spoke_to.text() == "PC 2214", "what was typed before Esc"
    while page.focusWidget().accessibleName() != "Log number":
        press(page, Key.Key_Tab)
    QTest.keyClicks(page.focusWidget(), "0612")
    press(page, Key.Key_Return)
    rest(qtbot, page)
    closed = services.store.get(record)
    assert closed is not None
    closed_fields = {name: closed.fields.get(name) for name in ("state", "spoke_to", "log_number", "closed_at")}
    assert closed_fields == {
        "state": "done",
        "spoke_to": "PC 2214",
        "log_number": "0612",
        "closed_at": "2017-03-14T02:14:00+00:00",
    }
    assert page.focusWidget() is panel.table
    assert panel.table.currentIndex().row() == 1


def test_a_click_on_the_box_ticks_and_a_click_on_the_words_does_not(
    page: OnCallPage, services: Services, qtbot: QtBot
) -> None:
    table, record = page.follow_ups.table, page.follow_ups.records[0]
    model = table.model()
    assert model is not None
    for column, expected_state in ((1, "open"), (0, "done")):
        place = table.visualRect(model.index(0, column)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Modifier.NoModifier, place)
        rest(qtbot, page)
        assert state(services, record) == expected_state


def test_the_current_follow_up_says_whom_to_ring_and_offers_what_may_be_done(
    page: OnCallPage, context: Any, services: Services, qtbot: QtBot
) -> None:
    panel = page.follow_ups
    assert not panel.strip.isVisible()
    panel.table.setFocus()
    rest(qtbot, page)
    assert [stop.text() for stop in walk.stops(panel.strip) if isinstance(stop, Button)] == [
        "Done",
        "Hand over",
        "Take on",
        "Not needed",
        "Log this call",
    ]
    assert (panel.strip.verbs.who.text(), panel.strip.verbs.number.text()) == ("Jo & Martin Preece", "01632 960174")
    press(page, Key.Key_Down)
    rest(qtbot, page)
    assert (panel.strip.verbs.who.text(), panel.strip.verbs.number.text()) == ("Police", "101")
    came = walk.tab_round(page)
    assert came[came.index(panel.table) + 1 :][:5] == walk.stops(panel.strip)


def test_who_may_not_write_actions_is_offered_nothing_and_told_why_a_tick_is_refused(
    page: OnCallPage, services: Services, context: Any, qtbot: QtBot
) -> None:
    sign_in_as(services.store, role="administrator")
    page.follow_ups.table.setFocus()
    rest(qtbot, page)
    assert walk.stops(page.follow_ups.strip) == []
    press(page, Key.Key_Space)
    rest(qtbot, page)
    assert not page.follow_ups.is_ticked(0)
    assert "can write actions. Ask your manager" in context.said[-1]


@pytest.fixture
def emergency(page: OnCallPage, services: Services, clock: SetClock, qtbot: QtBot) -> OnCallPage:
    """The screen just after an emergency that police, EDT and the backup manager need to know of."""
    told_at = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)
    finished(services, told_at, risk="emergency", needs_to_know=["edt", "manager", "police"])
    rest(qtbot, page)
    return page


def due_cells(page: OnCallPage, rows: int) -> list[tuple[str, list[tuple[str, str]], str]]:
    """What the first follow-ups are, their tags with the tone, and the line below."""
    model = page.follow_ups.table.model()
    cells = [[model.index(row, column).data(CELL_ROLE) for column in (1, 2)] for row in range(rows)]
    return [
        (action_cell.words, [(tag.words, tag.tone) for tag in due_cell.tags], due_cell.second)
        for action_cell, due_cell in cells
    ]


def test_who_is_to_be_told_now_is_first_with_the_number_and_red_in_an_emergency(emergency: OnCallPage) -> None:
    assert due_cells(emergency, 4) == [
        ("Tell the police", [("Due now · 101", "risk")], "Due 02:14"),
        ("Tell EDT", [("Due now · 01632 960145", "risk")], "Due 02:14"),
        ("Ring the backup manager", [("Due now · 07700 900312", "risk")], "Due 02:14"),
        ("Ring Jo Preece back", [("Overdue 14 min", "amber")], "Due 02:00"),
    ]


def test_the_number_to_ring_is_whole_in_every_row_beside_the_widest_tag(emergency: OnCallPage) -> None:
    """ "Due now · 01632 960145" makes the column of times wide: the others' numbers go on a second line, never cut."""
    table, theme_now = emergency.follow_ups.table, theme.current()
    room = table.columnWidth(1) - 16
    shown = []
    for row in range(table.model().rowCount()):
        cell = table.model().index(row, 1).data(CELL_ROLE)
        font, small = theme_now.font("body_strong"), theme_now.font("small")
        broken, second = broken_words(cell, font, small, room)
        drawn = [QFontMetricsF(small).elidedText(words, Qt.TextElideMode.ElideRight, room) for words in second]
        shown += [words.replace("\N{NO-BREAK SPACE}", " ") for words in drawn]
        lines = len(broken) * theme_now.line_height("body") + len(second) * theme_now.line_height("small")
        assert table.rowHeight(row) >= lines
    numbers = [number for words in shown for number in re.findall(r"\b0\d{4} \d{6}\b", words)]
    assert numbers == ["01632 960174", "07700 900427", "01632 960118", "01632 960231"]


def test_who_was_not_told_for_an_hour_is_overdue_still_first_and_keeps_the_number(
    emergency: OnCallPage, clock: SetClock, qtbot: QtBot
) -> None:
    clock.pass_time(hours=1)
    emergency.refresh()
    rest(qtbot, emergency)
    assert due_cells(emergency, 1) == [("Tell the police", [("Overdue 1 h", "risk")], "Due 02:14")]
    first = emergency.follow_ups.table.model().index(0, 1).data(CELL_ROLE)
    assert first.second == "Kai M. · 101"


def test_a_follow_up_is_never_overdue_for_no_time_and_says_which_day_it_is_due(
    page: OnCallPage, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    for due in ("2017-03-14T02:13:30+00:00", "2017-03-15T16:00:00+00:00", "2017-03-17T16:00:00+00:00"):
        fields = {"what": f"Due {due[8:16]}", "due": due, "owner": "A. Bevan"}
        services.records.finish(replace(services.records.new_draft("action"), fields=fields))
    rest(qtbot, page)
    model = page.follow_ups.table.model()
    spoken_rows = [
        ", ".join(model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in (1, 2))
        for row in range(model.rowCount())
    ]
    for row_words in (
        "Due 14T02:13, 02:13, Due now",
        "Due 15T16:00, 16:00, tomorrow",
        "Due 17T16:00, 16:00, Fri 17 March",
    ):
        assert row_words in spoken_rows
    assert not any("Overdue 0" in row for row in spoken_rows)


def test_show_lists_what_was_done_struck_through_in_its_place(page: OnCallPage) -> None:
    table = page.follow_ups.table
    before = list(page.follow_ups.records)
    page.follow_ups.table.setFocus()
    press(page, Key.Key_Tab)
    assert page.focusWidget() is page.follow_ups.show_done
    press(page, Key.Key_Return)
    model = table.model()
    shown = [model.index(row, 1).data(CELL_ROLE) for row in range(model.rowCount())]
    assert [cell.words for cell in shown if cell.struck] == [
        "Ring Jo Preece back",
        "Tell EDT that Kai is missing",
        "Ring Carol Yeo at nine to see how the evening went",
    ]
    assert page.follow_ups.records[: len(before)] == before
    spoken_cells = [model.index(len(before), column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(3)]
    assert spoken_cells == ["Done", "Ring Jo Preece back, Kai M.", "Done 23:32"]
    assert page.follow_ups.show_done.text() == "Hide"
    press(page, Key.Key_Return)
    assert page.follow_ups.records == before


def test_space_on_what_was_done_does_nothing(page: OnCallPage, services: Services, qtbot: QtBot) -> None:
    page.follow_ups.show_done.click()
    page.follow_ups.table.setFocus()
    press(page, Key.Key_End, Modifier.ControlModifier)
    record = page.follow_ups.records[page.follow_ups.table.currentIndex().row()]
    press(page, Key.Key_Space)
    rest(qtbot, page)
    closed = services.store.get(record)
    assert closed is not None
    assert closed.versions == 1


def in_sight(page: OnCallPage, widget: QWidget, place: QRect) -> bool:
    """Whether a place in a widget lies inside what the page shows of all that scrolls."""
    area = page.findChild(OneScroll)
    assert area is not None
    shown = QRect(widget.mapTo(area.viewport(), place.topLeft()), place.size())
    return area.viewport().rect().contains(shown)


def test_a_question_is_asked_with_the_row_that_it_is_about_in_sight_and_names_the_child(
    app: QApplication, context: Any, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, wide=1182, high=712)
    panel = page.follow_ups
    panel.table.setFocus()
    press(page, Key.Key_Down)
    press(page, Key.Key_Space)
    rest(qtbot, page)
    question = panel.strip.verbs.question
    assert question is not None
    assert question.title.text() == "Done: Ask police for news, log 0612, Kai M."
    assert question.isAncestorOf(page.focusWidget())
    assert in_sight(page, panel.table.viewport(), panel.table.visualRect(panel.table.currentIndex()))


@pytest.mark.parametrize(("code", "words"), [("done", "Done"), ("not_needed", "No longer needed")])
def test_a_row_that_was_closed_here_says_its_state_in_the_words_of_the_page(
    page: OnCallPage, services: Services, qtbot: QtBot, code: str, words: str
) -> None:
    panel = page.follow_ups
    record = panel.records[0]
    panel.table.setFocus()
    rest(qtbot, page)
    panel.strip.presses.press(record, "Ring", code, lambda: services.actions.move(record, code, {}, "She rang"))
    rest(qtbot, page)
    assert panel.table.model().index(0, 2).data(CELL_ROLE).words == words
    view = services.action_views.view(record)
    assert view is not None
    assert view.state is not None
    assert view.state.words == words


def test_tab_to_a_list_whose_row_is_in_sight_scrolls_nothing(app: QApplication, context: Any, qtbot: QtBot) -> None:
    for minutes in range(0, 40, 10):
        finished(context.services, datetime(2017, 3, 14, 0, tzinfo=UTC) + timedelta(minutes=minutes))
    page = opened(qtbot, context, wide=1182, high=712)
    area = page.findChild(OneScroll)
    assert area is not None
    table = page.contacts.table
    assert in_sight(page, table.viewport(), table.visualRect(table.model().index(0, 0)))
    page.contacts.link.setFocus()
    rest(qtbot, page)
    before = area.verticalScrollBar().value()
    press(page, Key.Key_Tab)
    rest(qtbot, page)
    assert page.focusWidget() is table
    assert area.verticalScrollBar().value() == before
