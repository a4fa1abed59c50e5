"""The on-call screen: what it says, how one moves in it with the keys, and what a tick and a copy do."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAccessible, QFontMetricsF, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.views.desk import Desk
from hipss_desktop.views.tags import Tag
from tests.helpers import walk
from tests.helpers.several_laptops import amend, exchange
from tests.helpers.store_fixtures import RecordingSession, SetClock
from ui import theme
from ui.base import clipboard
from ui.base.focus import stops
from ui.base.page import Context, Hub
from ui.base.runner import TaskRunner
from ui.on_call.on_call_page import OnCallPage
from ui.parts import CELL_ROLE, Button, Cell, Heading, LineEdit, LinkButton, Table
from ui.parts.tables import broken_words

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
        "Kai M., 14, HIPSS-017. Missing since 21:40. Jo and Martin Preece, 01632 960174. "
        "1 follow-up overdue. Last contact 23:32."
    )


def test_the_highest_concern_stands_first_with_a_bar_an_icon_and_a_word(page: OnCallPage) -> None:
    first, second = page.children_board.cards()[:2]
    assert (first.child.name, first.tone, first.child.status.words) == ("Kai M.", "risk", "Missing since 21:40")
    assert (second.child.name, second.tone, second.child.status.words) == ("Tyler B.", "amber", "Medium risk 18:05")
    assert "Highest concern first" in words(page.children_board)


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
    assert said == ["Not done", "Ring Jo Preece back, Kai M. · 01632 960174, Jo Preece", "Overdue 14 min, due 02:00"]
    tags = [model.index(row, 2).data(CELL_ROLE).tags for row in range(2)]
    assert [[tag.words for tag in each] for each in tags] == [["Overdue 14 min"], []]
    assert page.follow_ups.foot.text() == "3 done this shift"


def test_tab_goes_button_children_contacts_follow_ups(page: OnCallPage) -> None:
    came = walk.tab_round(page)
    order: list[QWidget] = [page.header.button, page.children_board.cards()[0]]
    order += [page.contacts.link, page.contacts.table]
    order += [page.follow_ups.link, page.follow_ups.table, page.follow_ups.show_done]
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
    assert context.said == ["01632 960174 copied"]


def test_a_card_shows_both_versions_of_an_undecided_number_marked_and_whole(
    mine: Desk, theirs: Desk, app: QApplication, context: Context, qtbot: QtBot
) -> None:
    jo = next(each.record for each in mine.people.of_kind("carer") if "Preece" in mine.people.name(each.record))
    for desk, number in ((mine, "01632960175"), (theirs, "+44 1632 960176")):
        first, *others = desk.people.record(jo).fields["phones"]  # type: ignore[union-attr]  # it is there
        amend(desk, jo, {"phones": [{**first, "number": number}, *others]})
    exchange(mine, theirs)
    page = opened(qtbot, context, 1000, 640)
    card = page.children_board.cards()[0]
    assert "01632 960175\n01632 960176" in words(card)
    assert "Two versions" in words(card)
    assert "two versions of the number, 01632 960175, A. Bevan" in card.accessibleName()
    assert walk.clipped_labels(card) == []
    card.setFocus()
    press(page, Key.Key_C, Modifier.ControlModifier)
    assert context.said == ["01632 960175 copied"]  # type: ignore[attr-defined]  # the fixture's list


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
    said = [model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(2)]
    assert said == ["Done", "Ring Jo Preece back, Kai M. · 01632 960174, Jo Preece"]
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
    for standing in ("done", "open", "done"):
        press(page, Key.Key_Space)
        rest(qtbot, page)
        assert page.follow_ups.table.currentIndex().row() == 0
        assert [state(desk, each) for each in rows] == [standing] + ["open"] * (len(rows) - 1)


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
    spoke_to = page.focusWidget()
    assert isinstance(spoke_to, LineEdit)
    assert spoke_to.text() == "PC 2214", "what was typed before Esc"
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
    assert "can write actions. Ask your manager" in context.said[-1]


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
        "No contacts in the last 15 hours",
        "None done in the last 15 hours",
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
    many = [replace(each, record=f"{each.record}-{turn}") for turn in range(2) for each in children]
    page.children_board.show_children(many)
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


def finished(desk: Desk, told: datetime, **answers: Any) -> str:
    """A contact about Kai that was told and finished at a moment; its record."""
    kai = next(each.record for each in desk.people.of_kind("child") if each.fields["given_name"] == "Kai")
    fields = {
        "type": "call",
        "caller_name": "Jo Preece",
        "children": [kai],
        "concerns": ["injury_health"],
        "happening": "Cut on the left palm.",
        "advice": "Toast, low voice, no questions.",
        "risk": "medium",
        "needs_to_know": ["nobody"],
        "told": told.isoformat(),
        **answers,
    }
    return desk.records.finish(replace(desk.records.new_draft("contact"), fields=fields)).envelope.record


BACK = {"concerns": ["missing", "injury_health"], "missing": "back", "back_at": "2017-03-14T02:05:00+00:00"}


def test_a_child_who_came_back_hurt_is_amber_with_its_time_until_a_day_has_passed(
    page: OnCallPage, desk: Desk, clock: SetClock, qtbot: QtBot
) -> None:
    clock.now = datetime(2017, 3, 14, 2, 18, tzinfo=UTC)
    finished(desk, datetime(2017, 3, 14, 2, 15, tzinfo=UTC), **BACK)
    for day, hour, words in (
        (14, 2, "Back 02:05, medium risk"),
        (14, 9, "Back 02:05, medium risk"),
        (15, 1, "Back Tue 02:05, medium risk"),
    ):
        clock.now = datetime(2017, 3, day, hour, 20, tzinfo=UTC)
        page.refresh()
        rest(qtbot, page)
        card = page.children_board.cards()[0]
        assert (card.child.name, card.tone, card.child.status.words) == ("Kai M.", "amber", words)
    clock.now = datetime(2017, 3, 15, 2, 15, tzinfo=UTC)
    page.refresh()
    rest(qtbot, page)
    kai = next(card for card in page.children_board.cards() if card.child.name == "Kai M.")
    assert kai.child.status == Tag("No concern logged", "neutral", "")


def test_the_next_children_are_those_with_a_risk_and_nobody_is_called_settled(page: OnCallPage) -> None:
    said = [(card.child.name, card.child.status.words, card.child.status.icon) for card in page.children_board.cards()]
    assert said == [
        ("Kai M.", "Missing since 21:40", "octagon"),
        ("Tyler B.", "Medium risk 18:05", "alert"),
        ("Josh W.", "Respite until Wed 15", "calendar"),
        ("Amara O.", "New placement, day 9", "info"),
        ("Ellie R.", "Low risk 20:10", "phone"),
    ]


def test_no_tick_stands_for_what_nobody_did(page: OnCallPage, clock: SetClock, qtbot: QtBot) -> None:
    assert "checked" not in words(page)
    clock.now = datetime(2017, 3, 20, 2, 14, tzinfo=UTC)
    page.refresh()
    rest(qtbot, page)
    assert page.follow_ups.foot.text() == "None done yet this shift"
    assert page.follow_ups.foot.icon_name != "check"
    assert [card.child.name for card in page.children_board.cards() if card.child.status.icon == "check"] == []


@pytest.fixture
def emergency(page: OnCallPage, desk: Desk, clock: SetClock, qtbot: QtBot) -> OnCallPage:
    """The screen just after an emergency that police, EDT and the backup manager need to know of."""
    told = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)
    finished(desk, told, risk="emergency", needs_to_know=["edt", "manager", "police"])
    rest(qtbot, page)
    return page


def due_cells(page: OnCallPage, rows: int) -> list[tuple[str, list[tuple[str, str]], str]]:
    """What the first follow-ups are, their tags with the tone, and the line below."""
    model = page.follow_ups.table.model()
    cells = [[model.index(row, column).data(CELL_ROLE) for column in (1, 2)] for row in range(rows)]
    return [(what.words, [(tag.words, tag.tone) for tag in due.tags], due.second) for what, due in cells]


def test_who_is_to_be_told_now_stands_first_with_the_number_and_red_in_an_emergency(emergency: OnCallPage) -> None:
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
    assert numbers == ["01632 960174", "07700 900427", "01632 960174", "01632 960231"]


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
    page: OnCallPage, desk: Desk, clock: SetClock, qtbot: QtBot
) -> None:
    for due in ("2017-03-14T02:13:30+00:00", "2017-03-15T16:00:00+00:00", "2017-03-17T16:00:00+00:00"):
        fields = {"what": f"Due {due[8:16]}", "due": due, "owner": "A. Bevan"}
        desk.records.finish(replace(desk.records.new_draft("action"), fields=fields))
    rest(qtbot, page)
    model = page.follow_ups.table.model()
    said = [
        ", ".join(model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in (1, 2))
        for row in range(model.rowCount())
    ]
    for wanted in (
        "Due 14T02:13, 02:13, Due now",
        "Due 15T16:00, 16:00, tomorrow",
        "Due 17T16:00, 16:00, Fri 17 March",
    ):
        assert wanted in said
    assert not any("Overdue 0" in each for each in said)


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
    said = [model.index(len(before), column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(3)]
    assert said == ["Done", "Ring Jo Preece back, Kai M.", "Done 23:32"]
    assert page.follow_ups.show_done.text() == "Hide"
    press(page, Key.Key_Return)
    assert page.follow_ups.records == before


def test_space_on_what_was_done_does_nothing(page: OnCallPage, desk: Desk, qtbot: QtBot) -> None:
    page.follow_ups.show_done.click()
    page.follow_ups.table.setFocus()
    press(page, Key.Key_End, Modifier.ControlModifier)
    record = page.follow_ups.records[page.follow_ups.table.currentIndex().row()]
    press(page, Key.Key_Space)
    rest(qtbot, page)
    closed = desk.store.get(record)
    assert closed is not None
    assert closed.versions == 1


def bars(page: OnCallPage) -> list[QAbstractScrollArea]:
    """What can be scrolled on the page."""
    areas = page.findChildren(QAbstractScrollArea)
    return [each for each in areas if each.isVisible() and each.verticalScrollBar().maximum() > 0]


@pytest.mark.parametrize(("wide", "high", "scale"), [(1182, 640, 1.0), (747, 555, 1.5)])
def test_with_a_draft_the_page_scrolls_as_one_and_every_row_is_whole(
    app: QApplication, context: Context, desk: Desk, qtbot: QtBot, wide: int, high: int, scale: float
) -> None:
    theme.apply(app, theme.Theme("day", scale))
    desk.records.save(desk.calls.begin())
    page = opened(qtbot, context, wide=wide, high=high)
    assert len(bars(page)) == 1
    assert not isinstance(bars(page)[0], Table)
    for panel in (page.contacts, page.follow_ups):
        table = panel.table
        last = table.model().rowCount() - 1
        assert table.rowViewportPosition(last) + table.rowHeight(last) <= table.viewport().height()
        table.setFocus()
        press(page, Key.Key_End, Modifier.ControlModifier)
        row = table.visualRect(table.currentIndex())
        top = table.viewport().mapTo(page, row.topLeft()).y()
        assert 0 <= top <= page.height() - row.height()


def turned(widget: QWidget) -> bool:
    """Turn the wheel by one step over a widget; whether the widget had a use for it."""
    middle, no_step = QPointF(widget.rect().center()), QPoint()
    where = widget.mapToGlobal(middle)
    none, phase, inverted = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase, False
    event = QWheelEvent(middle, where, no_step, QPoint(0, -120), none, Modifier.NoModifier, phase, inverted)
    return QApplication.sendEvent(widget, event) and event.isAccepted()


def test_the_wheel_over_a_table_scrolls_the_page(app: QApplication, context: Context, qtbot: QtBot) -> None:
    page = opened(qtbot, context, wide=1182, high=560)
    area = bars(page)[0]
    under: QWidget | None = page.contacts.table.viewport()
    while under is not None and not turned(under):  # Qt hands the turn on to what holds a widget that has no use for it
        under = under.parentWidget()
    assert area.verticalScrollBar().value() > 0


@pytest.mark.parametrize("wide", [1182, 1000, 839])
def test_names_and_follow_ups_take_two_lines_before_they_are_cut(
    app: QApplication, context: Context, desk: Desk, qtbot: QtBot, wide: int
) -> None:
    finished(desk, datetime(2017, 3, 14, 2, 14, tzinfo=UTC), caller_name="Sgt Hollowbrook")
    page = opened(qtbot, context, wide=wide)
    for panel, columns in ((page.contacts, (1, 2)), (page.follow_ups, (1,))):
        table = panel.table
        for row in range(table.model().rowCount()):
            for column in columns:
                cell = table.model().index(row, column).data(CELL_ROLE)
                font = theme.current().font("body_strong" if cell.strong else "body")
                broken, _ = broken_words(cell, font, font, table.columnWidth(column) - 16)
                assert not any(line.endswith("…") for line in broken), broken


@pytest.fixture
def supervising(desk: Desk, clock: SetClock) -> Desk:
    """In the morning, when no shift runs, for somebody whose role may not log contacts."""
    with desk.store.write() as unit:
        unit.set("role", "supervising")
    desk.store._load_seat()  # type: ignore[attr-defined]  # the role comes with a certificate otherwise
    clock.now = datetime(2017, 3, 14, 9, 5, tzinfo=UTC)
    return desk


def test_without_a_shift_the_numbers_stay_and_nothing_is_offered_that_the_role_may_not_do(
    app: QApplication, supervising: Desk, context: Context, qtbot: QtBot
) -> None:
    page = opened(qtbot, context)
    assert page.header.shift.text() == "No shift is entered for now."
    seen = [each.text() for each in page.header.findChildren(QLabel) if each.isVisible()]
    for number in ("07700 900312", "01632 960145", "999", "101"):
        assert number in seen
    assert not page.header.button.isVisible()
    assert walk.clipped_labels(page) == []


@pytest.mark.parametrize(("role", "may"), [("on_call", True), ("supervising", False), ("administrator", False)])
def test_an_empty_screen_offers_only_what_the_role_may_do(
    app: QApplication, store: LaptopStore, clock: SetClock, qtbot: QtBot, role: str, may: bool
) -> None:
    with store.write() as unit:
        unit.set("role", role)
    store._load_seat()
    runner, hub = TaskRunner(), Hub()
    session = RecordingSession(Desk(store, clock))
    page = opened(
        qtbot, Context(session, runner, hub, lambda *a, **b: None, lambda words: None, lambda words, undo=None: None)
    )
    offered = [
        each.text() for each in page.findChildren(Button) if each.isVisible() and not isinstance(each, LinkButton)
    ]
    assert ("Log a contact" in offered) == may
    assert ("Ctrl+N" in words(page)) == may
    assert ("Add an action" in offered) == (role != "administrator")
    runner.close()
