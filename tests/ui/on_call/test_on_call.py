"""The on-call screen: what it says, how one moves in it with the keys, and what a tick and a copy do."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.views.desk import Desk
from tests.helpers import walk
from tests.helpers.store_fixtures import RecordingSession, SetClock
from ui import theme
from ui.base import clipboard
from ui.base.focus import stops
from ui.base.page import Context, Hub
from ui.base.runner import TaskRunner
from ui.on_call.on_call_page import OnCallPage
from ui.parts import CELL_ROLE, Button, Cell, Heading, LinkButton

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def rest(qtbot: QtBot, page: OnCallPage) -> None:
    for _ in range(3):
        walk.settle()
        qtbot.waitUntil(lambda: page.context.runner.idle, timeout=5000)
    walk.settle()


def opened(qtbot: QtBot, context: Context, wide: int = 1182, high: int = 712) -> OnCallPage:
    page = OnCallPage(context)
    page.resize(wide, high)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    rest(qtbot, page)
    focus = page.first_focus()
    if focus is not None:
        focus.setFocus()
    return page


@pytest.fixture
def page(app: QApplication, context: Context, qtbot: QtBot) -> OnCallPage:
    return opened(qtbot, context)


@pytest.fixture
def bare(app: QApplication, store: LaptopStore, clock: SetClock, qtbot: QtBot) -> Iterator[OnCallPage]:
    """The screen over a store with nothing in it."""
    runner, hub = TaskRunner(), Hub()
    went: list[Any] = []
    context = Context(
        RecordingSession(Desk(store, clock)),
        runner,
        hub,
        lambda *a, **b: went.append((a, b)),
        went.append,
        lambda words, undo=None: went.append(words),
    )
    yield opened(qtbot, context)
    runner.close()


def press(page: OnCallPage, key: Qt.Key, modifiers: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
    QTest.keyClick(page.focusWidget() or page, key, modifiers)


def words(widget: QWidget) -> str:
    return " | ".join(
        each.text() for each in widget.findChildren(QWidget) if hasattr(each, "text") and callable(each.text)
    )


def test_the_head_says_the_time_the_shift_and_who_answers_which_number(page: OnCallPage) -> None:
    head = page.header
    assert (head.clock.text(), head.zone.text()) == ("02:14", "GMT")
    assert head.date.text() == "Tuesday 14 March 2017"
    assert head.shift.text() == "Shift 17:30 Mon to 08:30 Tue · 6 h 16 min left"
    said = words(head)
    for each in ("A. Bevan", "07700 900184", "S. Lloyd", "07700 900312", "EDT", "01632 960145", "999", "101"):
        assert each in said


def test_a_card_is_one_phrase_to_a_screen_reader(page: OnCallPage) -> None:
    assert page.children_board.cards()[0].accessibleName() == (
        "Kai M., 14, HIPSS-017. Missing since 21:40. Jo and Martin Preece, 01632 960174. Last contact 23:32."
    )


def test_the_highest_concern_stands_first_with_a_bar_an_icon_and_a_word(page: OnCallPage) -> None:
    first, second = page.children_board.cards()[:2]
    assert (first.child.name, first.tone, first.child.status.words) == ("Kai M.", "risk", "Missing since 21:40")
    assert second.tone == "neutral"
    assert "Night pack checked 16:30 · highest concern first" in words(page.children_board)


def test_one_title_and_the_sections_below_it_are_headings(page: OnCallPage) -> None:
    levels = [(each.level, each.text()) for each in page.findChildren(Heading) if each.isVisible()]
    assert [text for level, text in levels if level == 1] == ["Tuesday 14 March 2017"]
    assert {text for level, text in levels if level == 2} == {
        "Children placed with HIPSS carers",
        "This shift’s contacts",
        "Open follow-ups",
    }


def test_the_contacts_say_time_caller_child_outcome_and_state(page: OnCallPage) -> None:
    model = page.contacts.table.model()
    assert model is not None
    role = Qt.ItemDataRole.AccessibleTextRole
    assert [model.index(2, column).data(role) for column in range(6)] == [
        "21:52",
        "Jo Preece",
        "Kai M.",
        "Went to the shop at 20:15. Reported missing at 21:40.",
        "Escalated",
        "Waiting",
    ]


def test_a_follow_up_says_what_about_whom_and_how_late_it_is(page: OnCallPage) -> None:
    model = page.follow_ups.table.model()
    assert model is not None
    said = [model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(3)]
    assert said == ["Not done", "Ring Jo Preece back, Kai M. · 01632 960174", "Overdue 14 min, due 02:00"]
    assert page.follow_ups.overdue(0) is not None
    assert page.follow_ups.overdue(1) is None
    assert page.follow_ups.foot.text() == "3 done this shift"


def test_tab_goes_button_children_contacts_follow_ups(page: OnCallPage) -> None:
    came = walk.tab_round(page)
    order: list[QWidget] = [page.header.button, page.children_board.cards()[0]]
    order += [page.contacts.link, page.contacts.table, page.follow_ups.link, page.follow_ups.table]
    assert came == order


def test_arrows_move_between_cards_and_enter_opens_the_child(page: OnCallPage, context: Any) -> None:
    cards = page.children_board.cards()
    press(page, Key.Key_Tab)
    press(page, Key.Key_Right)
    press(page, Key.Key_Right)
    press(page, Key.Key_Left)
    assert page.focusWidget() is cards[1]
    press(page, Key.Key_Return)
    assert context.went == [("child", {"record": cards[1].child.record})]


def test_up_and_down_move_between_rows_of_cards_when_the_window_is_narrow(
    app: QApplication, context: Context, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, wide=839, high=580)
    cards = page.children_board.cards()
    cards[0].setFocus()
    press(page, Key.Key_Down)
    assert page.focusWidget() is cards[3]
    assert cards[3].visibleRegion().boundingRect() == QRect(0, 0, cards[3].width(), cards[3].height())
    press(page, Key.Key_Up)
    assert page.focusWidget() is cards[0]


def test_tab_comes_back_to_the_card_one_was_at(page: OnCallPage) -> None:
    card = page.children_board.cards()[3]
    card.setFocus()
    press(page, Key.Key_Tab)
    press(page, Key.Key_Tab, Modifier.ShiftModifier)
    assert page.focusWidget() is card


def test_enter_on_a_contact_and_on_a_follow_up_opens_the_record(page: OnCallPage, context: Any) -> None:
    page.contacts.table.setFocus()
    press(page, Key.Key_Down)
    press(page, Key.Key_Return)
    page.follow_ups.table.setFocus()
    press(page, Key.Key_Return)
    assert context.went == [
        ("record", {"record": page.contacts.records[1]}),
        ("action", {"record": page.follow_ups.records[0]}),
    ]


def test_the_button_and_the_links_go_where_they_say(page: OnCallPage, context: Any) -> None:
    press(page, Key.Key_Return)
    for link in (page.contacts.link, page.follow_ups.link):
        link.setFocus()
        press(page, Key.Key_Return)
    assert [place for place, _ in context.went] == ["log_contact", "contacts", "actions"]


def test_ctrl_c_on_a_card_copies_its_number_and_says_so(page: OnCallPage, context: Any) -> None:
    page.children_board.cards()[0].setFocus()
    press(page, Key.Key_C, Modifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "01632 960174"
    assert context.said == ["Number copied"]


def test_a_copied_number_leaves_the_clipboard_and_nothing_else_does(page: OnCallPage) -> None:
    board = QGuiApplication.clipboard()
    clipboard.copy_number("01632 960174")
    clipboard.forget()
    assert board.text() == ""
    clipboard.copy_number("01632 960174")
    board.setText("something of theirs")
    clipboard.forget()
    assert board.text() == "something of theirs"


def state(desk: Desk, record: str) -> str:
    found = desk.store.get(record)
    assert found is not None
    return str(found.fields.get("state") or "open")


def test_space_ticks_a_follow_up_which_stays_struck_in_its_place_until_the_list_is_left(
    page: OnCallPage, desk: Desk, context: Any, qtbot: QtBot
) -> None:
    rows = list(page.follow_ups.records)
    page.follow_ups.table.setFocus()
    rest(qtbot, page)
    press(page, Key.Key_Space)
    rest(qtbot, page)
    assert state(desk, rows[0]) == "done"
    assert page.follow_ups.records == rows
    model = page.follow_ups.table.model()
    assert model.index(0, 1).data(CELL_ROLE).struck
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("Done. Ring Jo Preece back")
    assert page.follow_ups.foot.text() == "4 done this shift"
    assert context.said == ["Ring Jo Preece back: done 02:14"]
    page.follow_ups.link.setFocus()
    rest(qtbot, page)
    assert page.follow_ups.records == rows[1:]


def test_a_second_space_takes_the_first_back_and_never_ticks_the_next_row(
    page: OnCallPage, desk: Desk, context: Any, qtbot: QtBot
) -> None:
    rows = list(page.follow_ups.records)
    page.follow_ups.table.setFocus()
    for revisions in (1, 3):  # before the row was read, and while the first press is being written
        press(page, Key.Key_Space)
        press(page, Key.Key_Space)
        rest(qtbot, page)
        rest(qtbot, page)
        assert [state(desk, each) for each in rows] == ["open"] * len(rows)
        assert [len(desk.store.revisions(each)) for each in rows] == [revisions] + [1] * (len(rows) - 1)
        assert not page.follow_ups.is_ticked(0)
    press(page, Key.Key_Space)
    rest(qtbot, page)
    press(page, Key.Key_Space)
    rest(qtbot, page)
    assert state(desk, rows[0]) == "open"
    assert context.said[-1] == "Ring Jo Preece back: undone"
    assert page.follow_ups.records == rows


def test_the_confirmation_takes_a_tick_back(page: OnCallPage, desk: Desk, context: Any, qtbot: QtBot) -> None:
    record = page.follow_ups.records[0]
    page.follow_ups.table.setFocus()
    press(page, Key.Key_Space)
    rest(qtbot, page)
    page.follow_ups.link.setFocus()
    rest(qtbot, page)
    context.undo[-1]()
    rest(qtbot, page)
    assert state(desk, record) == "open"
    assert page.follow_ups.records[0] == record


def test_a_follow_up_that_is_to_tell_somebody_asks_whom_one_spoke_to_before_it_is_done(
    page: OnCallPage, desk: Desk, qtbot: QtBot
) -> None:
    record, panel = page.follow_ups.records[1], page.follow_ups
    panel.table.setFocus()
    press(page, Key.Key_Down)
    press(page, Key.Key_Space)
    rest(qtbot, page)
    assert state(desk, record) == "open"
    assert page.focusWidget().accessibleName() == "Spoke to"
    QTest.keyClicks(page.focusWidget(), "PC 2214")
    press(page, Key.Key_Escape)
    rest(qtbot, page)
    assert (state(desk, record), len(desk.store.revisions(record))) == ("open", 1)
    assert page.focusWidget() is panel.table
    press(page, Key.Key_Space)
    rest(qtbot, page)
    QTest.keyClicks(page.focusWidget(), "PC 2214")
    while page.focusWidget().accessibleName() != "Log number":
        press(page, Key.Key_Tab)
    QTest.keyClicks(page.focusWidget(), "0612")
    press(page, Key.Key_Return)
    rest(qtbot, page)
    closed = desk.store.get(record)
    assert closed is not None
    kept = {name: closed.fields.get(name) for name in ("state", "spoke_to", "log_number", "closed_at")}
    assert kept == {
        "state": "done",
        "spoke_to": "PC 2214",
        "log_number": "0612",
        "closed_at": "2017-03-14T02:14:00+00:00",
    }
    assert page.focusWidget() is panel.table
    assert panel.table.currentIndex().row() == 1


def test_a_click_on_the_box_ticks_and_a_click_on_the_words_does_not(page: OnCallPage, desk: Desk, qtbot: QtBot) -> None:
    table, record = page.follow_ups.table, page.follow_ups.records[0]
    model = table.model()
    assert model is not None
    for column, kept in ((1, "open"), (0, "done")):
        place = table.visualRect(model.index(0, column)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Modifier.NoModifier, place)
        rest(qtbot, page)
        assert state(desk, record) == kept


def test_the_current_follow_up_says_whom_to_ring_and_offers_what_may_be_done(
    page: OnCallPage, context: Any, desk: Desk, qtbot: QtBot
) -> None:
    panel = page.follow_ups
    assert not panel.strip.isVisible()
    panel.table.setFocus()
    rest(qtbot, page)
    assert [each.text() for each in walk.stops(panel.strip) if isinstance(each, Button)] == [
        "Done",
        "Hand over",
        "Not needed",
        "Log this call",
    ]
    assert (panel.strip.verbs.who.text(), panel.strip.verbs.number.text()) == ("Jo & Martin Preece", "01632 960174")
    press(page, Key.Key_Down)
    rest(qtbot, page)
    assert (panel.strip.verbs.who.text(), panel.strip.verbs.number.text()) == ("Police", "101")
    came = walk.tab_round(page)
    assert came[came.index(panel.table) + 1 :][:4] == walk.stops(panel.strip)


def test_who_may_not_write_actions_is_offered_nothing_and_told_why_a_tick_is_refused(
    page: OnCallPage, desk: Desk, context: Any, qtbot: QtBot
) -> None:
    with desk.store.write() as unit:
        unit.set("role", "administrator")
    desk.store._load_seat()  # type: ignore[attr-defined]  # the role comes with a certificate otherwise
    page.follow_ups.table.setFocus()
    rest(qtbot, page)
    assert walk.stops(page.follow_ups.strip) == []
    press(page, Key.Key_Space)
    rest(qtbot, page)
    assert not page.follow_ups.is_ticked(0)
    assert "Your role may not write this" in context.said[-1]


def test_the_focus_stays_on_a_childs_card_when_the_board_is_read_again(page: OnCallPage, qtbot: QtBot) -> None:
    card = page.children_board.cards()[2]
    card.setFocus()
    page.refresh()
    rest(qtbot, page)
    assert page.focusWidget() is card
    assert card in page.children_board.cards()


def test_the_minute_changes_without_a_word_to_the_screen_reader(
    page: OnCallPage, clock: SetClock, qtbot: QtBot
) -> None:
    heard, _kept = walk.said()
    clock.pass_time(minutes=16)
    page._look_at_the_clock()
    rest(qtbot, page)
    assert page.header.clock.text() == "02:30"
    assert "6 h left" in page.header.shift.text()
    assert heard == []


def test_drafts_are_named_with_what_they_still_need(page: OnCallPage, desk: Desk, context: Any, qtbot: QtBot) -> None:
    draft = desk.calls.begin()
    desk.records.save(draft)
    page.context.hub.changed.emit(_drafts_changed())
    rest(qtbot, page)
    link = next(each for each in page.findChildren(LinkButton) if each.text() == "Carry on")
    banner = link.parentWidget()
    assert banner is not None
    assert "things missing. Saved 02:14." in banner.accessibleName()
    assert walk.stops(page).index(link) == 1
    link.setFocus()
    press(page, Key.Key_Return)
    assert context.went[-1][0] == "draft"
    assert context.went[-1][1]["draft"].record == draft.record
    desk.records.save(desk.calls.begin())
    rest(qtbot, page)
    assert any(each.text() == "Show drafts" for each in page.findChildren(LinkButton) if each.isVisible())


def _drafts_changed() -> object:
    from hipss_desktop.services.ports import ChangeSet

    return ChangeSet(drafts=True)


def test_with_nothing_entered_it_says_so_and_calls_can_be_logged(bare: OnCallPage) -> None:
    assert bare.header.shift.text() == "No shift is entered for now. Calls can be logged all the same."
    said = words(bare)
    for each in (
        "No child is placed tonight",
        "No contacts yet this shift",
        "When a carer rings, press Ctrl+N to log it as you talk.",
        "Nothing is due",
    ):
        assert each in said
    assert bare.header.button.isVisible()
    assert walk.clipped_labels(bare) == []
    assert walk.unnamed_focusables(bare) == []


def test_a_long_weekday_is_cut_short_before_the_head_takes_a_second_line(
    app: QApplication, context: Context, clock: SetClock, qtbot: QtBot
) -> None:
    clock.now = datetime(2017, 9, 27, 2, 14, tzinfo=UTC)
    page = opened(qtbot, context)
    assert page.header.date.accessibleName() == "On call, Wednesday 27 September 2017"
    assert walk.clipped_labels(page) == []


def test_what_has_no_room_beside_stands_below_and_every_row_is_seen_by_scrolling(
    app: QApplication, context: Context, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, wide=839, high=580)
    assert page.contacts.y() + page.contacts.height() <= page.follow_ups.y()
    table = page.contacts.table
    assert table.height() >= table.height_for_rows(5)
    table.setFocus()
    for _ in range(4):
        press(page, Key.Key_Down)
    row = table.visualRect(table.currentIndex())
    top = table.viewport().mapTo(page, row.topLeft()).y()
    assert 0 <= top <= page.height() - row.height()


def test_two_rows_of_five_children_fit_and_the_third_scrolls(page: OnCallPage, qtbot: QtBot) -> None:
    children = [card.child for card in page.children_board.cards()]
    from dataclasses import replace

    many = [replace(each, record=f"{each.record}-{turn}") for turn in range(2) for each in children]
    page.children_board.show_children(many, "16:30")
    walk.settle()
    cards = page.children_board.cards()
    assert len({card.y() for card in cards}) == 2
    assert len({card.x() for card in cards}) == 5
    assert walk.clipped_labels(page) == []


def test_the_table_tells_its_headings_and_cells_to_a_screen_reader(page: OnCallPage) -> None:
    found = list(walk.accessible_tree(QAccessible.queryAccessibleInterface(page.contacts.table)))
    headings = [one.text(QAccessible.Text.Name) for one in found if one.role() == QAccessible.Role.ColumnHeader]
    assert headings == ["Time", "From", "Child", "What it was about", "Outcome", "Sent"]


def test_the_outcome_is_never_colour_alone(page: OnCallPage) -> None:
    model = page.contacts.table.model()
    assert model is not None
    for row in range(model.rowCount()):
        cell = model.index(row, 4).data(CELL_ROLE)
        assert isinstance(cell, Cell)
        assert all(tag.icon and tag.words for tag in cell.tags)


def test_the_screen_follows_theme_and_text_size_as_it_stands(app: QApplication, page: OnCallPage, qtbot: QtBot) -> None:
    for scale in (1.5, 1.0):
        theme.apply(app, theme.Theme("day", scale))
        rest(qtbot, page)
        assert walk.clipped_labels(page) == [], scale
        assert page.header.button.height() == round(44 * scale)
    assert stops(page)
