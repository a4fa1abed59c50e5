"""The way back: to the same row of the same list, timeline or board, and never out of a form by Esc."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.ui.shell.windows import Opens, press, rest, shown
from ui.children.child_page import ChildPage
from ui.on_call.on_call_page import OnCallPage
from ui.parts import TextArea
from ui.records.draft_page import DraftPage
from ui.records.list_page import ListPage
from ui.shell.window import MainWindow

Key, Modifier = Qt.Key, Qt.KeyboardModifier
ESC, ALT_LEFT = (Key.Key_Escape, Modifier.NoModifier), (Key.Key_Left, Modifier.AltModifier)


@pytest.mark.parametrize("back", [ESC, ALT_LEFT], ids=["Esc", "Alt+Left"])
def test_from_a_record_one_comes_back_to_its_row_with_filter_and_scroll(
    window: MainWindow, qtbot: QtBot, back: tuple[Qt.Key, Qt.KeyboardModifier]
) -> None:
    window.resize(1024, 640)
    window.go("contacts")
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, ListPage)
    for _ in range(6):
        press(window, Key.Key_Down)
    press(window, Key.Key_End, Modifier.ControlModifier)
    press(window, Key.Key_Up)
    rest(qtbot, window)
    row, scroll = page.table.currentIndex().row(), page.table.verticalScrollBar().value()
    assert row > 1
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert shown(window) == "RecordPage"
    assert window.top.back.accessibleName() == "Back to Contacts"
    press(window, *back)
    rest(qtbot, window)
    assert page.isVisible()
    assert window.focusWidget() is page.table
    assert (page.table.currentIndex().row(), page.table.verticalScrollBar().value()) == (row, scroll)


def test_the_row_and_the_scroll_stay_when_something_was_saved_meanwhile(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    window.resize(1024, 640)
    window.go("contacts")
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, ListPage)
    press(window, Key.Key_Down)
    press(window, Key.Key_End, Modifier.ControlModifier)
    rest(qtbot, window)
    record = page.model.rows[page.table.currentIndex().row()].record
    press(window, Key.Key_Return)
    rest(qtbot, window)
    draft = services.calls.begin()
    services.records.finish(type(draft)(**{**vars(draft), "fields": {**draft.fields, "type": "wrong_number"}}))
    rest(qtbot, window)
    press(window, Key.Key_Escape)
    rest(qtbot, window)
    current_index = page.table.currentIndex()
    assert page.model.rows[current_index.row()].record == record
    assert page.table.viewport().rect().intersects(page.table.visualRect(current_index))


def test_from_the_board_and_a_timeline_each_esc_goes_one_stop_back(window: MainWindow, qtbot: QtBot) -> None:
    board = window.page
    assert isinstance(board, OnCallPage)
    card = board.children_board.cards()[1]
    card.setFocus()
    press(window, Key.Key_Return)
    rest(qtbot, window)
    child = window.page
    assert isinstance(child, ChildPage)
    press(window, Key.Key_Down)
    press(window, Key.Key_Down)
    rest(qtbot, window)
    entry = child.timeline.list.entry()
    assert entry is not None
    window.context.open(entry.record, entry.kind)
    rest(qtbot, window)
    assert shown(window) == "RecordPage"
    press(window, Key.Key_Escape)
    rest(qtbot, window)
    assert child.isVisible()
    assert window.focusWidget() is child.timeline.list
    assert child.timeline.list.entry() == entry
    press(window, Key.Key_Escape)
    rest(qtbot, window)
    assert board.isVisible()
    assert walk.focused().accessibleName() == card.accessibleName()
    press(window, Key.Key_Escape)
    assert board.isVisible()


def test_esc_and_backspace_never_leave_a_form_and_alt_left_keeps_its_draft(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    press(window, Key.Key_N, Modifier.ControlModifier)
    rest(qtbot, window)
    form = window.page
    assert isinstance(form, DraftPage)
    area = next(area for area in form.findChildren(TextArea) if area.isVisible())
    area.setFocus()
    QTest.keyClicks(area, "no news")
    press(window, Key.Key_Escape)
    press(window, Key.Key_Backspace)
    assert form.isVisible()
    press(window, Key.Key_Left, Modifier.AltModifier)
    rest(qtbot, window)
    assert shown(window) == "OnCallPage"
    assert [draft.fields["happening"] for draft in services.store.drafts()] == ["no new"]


def test_one_comes_back_to_a_form_with_what_was_typed_and_past_one_that_is_finished(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    window.go("children")
    window.go("new_record", kind="action")
    rest(qtbot, window)
    QTest.keyClicks(walk.focused(), "Ring school")
    window.go("drafts")
    press(window, Key.Key_Left, Modifier.AltModifier)
    rest(qtbot, window)
    form = window.page
    assert isinstance(form, DraftPage)
    draft = form.draft
    assert draft.fields["what"] == "Ring school"
    window.go("drafts")
    rest(qtbot, window)
    services.records.discard(draft.record)
    press(window, Key.Key_Escape)
    rest(qtbot, window)
    assert window.location.route == "children"


def test_an_amendment_comes_back_to_where_the_record_was_read(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    child = services.store.records_of("child")[0].record
    window.go("child", record=child)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, ChildPage)
    press(window, Key.Key_Tab, Modifier.ControlModifier)
    window.go("amend", record=child)
    rest(qtbot, window)
    assert shown(window) == "RecordFormPage"
    press(window, Key.Key_S, Modifier.ControlModifier)
    rest(qtbot, window)
    assert page.isVisible()
    assert page.tabs.tabs.currentIndex() == 1


def test_a_page_that_is_open_again_after_a_lock_leads_back_to_the_first_screen(
    opens: Opens, services: Services, qtbot: QtBot
) -> None:
    first = opens()
    first.go("record", record=services.store.records_of("contact")[0].record)
    rest(qtbot, first)
    first.lock()
    first.hide()
    window = opens()
    assert shown(window) == "RecordPage"
    press(window, Key.Key_Escape)
    rest(qtbot, window)
    assert shown(window) == "OnCallPage"


def test_the_button_in_the_top_bar_goes_back_and_cannot_be_pressed_where_nothing_was_before(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert not window.top.back.isEnabled()
    press(window, Key.Key_2, Modifier.ControlModifier)
    window.top.back.setFocus()
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert shown(window) == "OnCallPage"
    assert not window.top.back.isEnabled()


def test_pages_that_nothing_leads_back_to_are_deleted(window: MainWindow, services: Services, qtbot: QtBot) -> None:
    records = [record.record for record in services.store.records_of("contact")]
    for number in range(45):
        window.go("record", record=records[number % 2])
        rest(qtbot, window)
    assert window.stack.count() <= 22
