"""The on-call screen: what it says, how one moves in it with the keys, and what each role is offered."""

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.views.services import Services
from hipss_desktop.views.tags import Tag
from tests.helpers import walk
from tests.helpers.several_laptops import amend, exchange
from tests.helpers.store_fixtures import MACHINE, RecordingSession, SetClock, sign_in_as
from tests.ui.on_call.on_call_screen import Key, Modifier, finished, opened, press, rest, words
from ui.base import clipboard
from ui.base.page import ChangeBus, Context
from ui.base.runner import TaskRunner
from ui.on_call.on_call_page import OnCallPage
from ui.parts import CELL_ROLE, Banner, Button, Cell, Heading, LinkButton


def test_the_head_says_the_time_the_shift_and_who_answers_which_number(page: OnCallPage) -> None:
    head = page.header
    assert (head.clock.text(), head.zone.text()) == ("02:14", "GMT")
    assert head.date.text() == "Tuesday 14 March 2017"
    assert head.shift.text() == "Shift 17:30 Mon to 08:30 Tue · 6 h 16 min left"
    head_words = words(head)
    for sentence in ("A. Bevan", "07700 900184", "S. Lloyd", "07700 900312", "EDT", "01632 960145", "999", "101"):
        assert sentence in head_words


def test_a_card_is_one_phrase_to_a_screen_reader(page: OnCallPage) -> None:
    assert page.children_board.cards()[0].accessibleName() == (
        "Kai M., 14, HIPSS-017. Missing since 21:40. For tonight: Mum missed Friday's call and may miss today's. Kai may go "
        "out after it. Agreed: Text him that the back door is open, ring 101 if not in by 21:30. Placement under strain: 6 "
        "contacts in 7 days, usual 0 to 2. Jo and Martin Preece, 01632 960174. 1 follow-up overdue. Last contact 23:32."
    )


def test_a_placement_under_strain_says_so_on_its_card_and_moves_no_card(page: OnCallPage, qtbot: QtBot) -> None:
    services, order = page.services, [card.child.name for card in page.children_board.cards()]
    sentences = {card.child.name: card.child.strain for card in page.children_board.cards()}
    assert sentences == {**dict.fromkeys(order, ""), "Kai M.": "6 contacts in 7 days, usual 0 to 2"}
    assert "6 contacts in 7 days, usual 0 to 2" in words(page.children_board.cards()[0])
    sign_in_as(services.store, role="manager")
    newest = services.store.records_about(page.children_board.cards()[0].child.record, kind="contact", limit=8)
    for contact in newest[2:]:
        services.records.withdraw(contact.record, "Logged twice")
    page.refresh()
    rest(qtbot, page)
    assert [card.child.strain for card in page.children_board.cards()] == [""] * len(order)
    assert [card.child.name for card in page.children_board.cards()] == order


def test_the_highest_concern_is_first_with_a_bar_an_icon_and_a_word(page: OnCallPage) -> None:
    first, second = page.children_board.cards()[:2]
    assert (first.child.name, first.tone, first.child.status.words) == ("Kai M.", "risk", "Missing since 21:40")
    assert (second.child.name, second.tone, second.child.status.words) == ("Tyler B.", "amber", "Medium risk 18:05")
    assert "Highest concern first" in words(page.children_board)


def test_one_title_and_the_sections_below_it_are_headings(page: OnCallPage) -> None:
    levels = [(heading.level, heading.text()) for heading in page.findChildren(Heading) if heading.isVisible()]
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


def test_tab_goes_button_children_contacts_follow_ups(page: OnCallPage) -> None:
    came = walk.tab_round(page)
    (check,) = (link for link in page.findChildren(LinkButton) if link.text() == "Check now")
    order: list[QWidget] = [page.header.button, check, page.children_board.cards()[0]]
    order += [page.contacts.link, page.contacts.table]
    order += [page.follow_ups.link, page.follow_ups.table, page.follow_ups.show_done]
    assert came == order


def test_arrows_move_between_cards_and_enter_opens_the_child(page: OnCallPage, context: Any) -> None:
    cards = page.children_board.cards()
    press(page, Key.Key_Tab)
    press(page, Key.Key_Tab)
    press(page, Key.Key_Right)
    press(page, Key.Key_Right)
    press(page, Key.Key_Left)
    assert page.focusWidget() is cards[1]
    press(page, Key.Key_Return)
    assert context.went == [("child", {"record": cards[1].child.record})]


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
    mine: Services, theirs: Services, app: QApplication, context: Context, qtbot: QtBot
) -> None:
    jo = next(carer.record for carer in mine.people.of_kind("carer") if "Preece" in mine.people.name(carer.record))
    for services, number in ((mine, "01632960175"), (theirs, "+44 1632 960176")):
        first, *others = services.people.record(jo).fields["phones"]  # type: ignore[union-attr]  # it is there
        amend(services, jo, {"phones": [{**first, "number": number}, *others]})
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
    heard, _kept = walk.announcements()
    clock.pass_time(minutes=16)
    page._look_at_the_clock()
    rest(qtbot, page)
    assert page.header.clock.text() == "02:30"
    assert "6 h left" in page.header.shift.text()
    assert heard == []


def test_drafts_are_named_with_what_they_still_need(
    page: OnCallPage, services: Services, context: Any, qtbot: QtBot
) -> None:
    draft = services.calls.begin()
    services.records.save(draft)
    page.context.bus.changed.emit(_drafts_changed())
    rest(qtbot, page)
    link = next(link for link in page.findChildren(LinkButton) if link.text() == "Carry on")
    banner = link.parentWidget()
    assert banner is not None
    assert "things missing. Saved 02:14." in banner.accessibleName()
    assert walk.stops(page).index(link) == 2, "the check that nobody made stands above"
    link.setFocus()
    press(page, Key.Key_Return)
    assert context.went[-1][0] == "draft"
    assert context.went[-1][1]["draft"].record == draft.record
    services.records.save(services.calls.begin())
    rest(qtbot, page)
    assert any(button.text() == "Show drafts" for button in page.findChildren(LinkButton) if button.isVisible())


def _drafts_changed() -> object:
    from hipss_desktop.services.ports import ChangeSet

    return ChangeSet(drafts=True)


def test_with_nothing_entered_it_says_so_and_calls_can_be_logged(bare: OnCallPage) -> None:
    assert bare.header.shift.text() == "No shift is entered for now. Calls can be logged all the same."
    shown_words = words(bare)
    for sentence in (
        "No child is placed tonight",
        "No contacts in the last 15 hours",
        "None done in the last 15 hours",
        "When a carer rings, press Ctrl+N to log it as you talk.",
        "Nothing is due",
    ):
        assert sentence in shown_words
    assert bare.header.button.isVisible()
    assert walk.clipped_labels(bare) == []
    assert walk.unnamed_focusables(bare) == []


def test_the_table_tells_its_headings_and_cells_to_a_screen_reader(page: OnCallPage) -> None:
    nodes = list(walk.accessible_tree(QAccessible.queryAccessibleInterface(page.contacts.table)))
    headings = [node.text(QAccessible.Text.Name) for node in nodes if node.role() == QAccessible.Role.ColumnHeader]
    assert headings == ["Time", "From", "Child", "What it was about", "Outcome", "Sent"]


def test_the_outcome_is_never_colour_alone(page: OnCallPage) -> None:
    model = page.contacts.table.model()
    assert model is not None
    for row in range(model.rowCount()):
        cell = model.index(row, 4).data(CELL_ROLE)
        assert isinstance(cell, Cell)
        assert all(tag.icon and tag.words for tag in cell.tags)


BACK = {"concerns": ["missing", "injury_health"], "missing": "back", "back_at": "2017-03-14T02:05:00+00:00"}


def test_a_child_who_came_back_hurt_is_amber_with_its_time_until_a_day_has_passed(
    page: OnCallPage, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    clock.now = datetime(2017, 3, 14, 2, 18, tzinfo=UTC)
    finished(services, datetime(2017, 3, 14, 2, 15, tzinfo=UTC), **BACK)
    for day, hour, status in (
        (14, 2, "Back 02:05, medium risk"),
        (14, 9, "Back 02:05, medium risk"),
        (15, 1, "Back Tue 02:05, medium risk"),
    ):
        clock.now = datetime(2017, 3, day, hour, 20, tzinfo=UTC)
        page.refresh()
        rest(qtbot, page)
        card = page.children_board.cards()[0]
        assert (card.child.name, card.tone, card.child.status.words) == ("Kai M.", "amber", status)
    clock.now = datetime(2017, 3, 15, 2, 15, tzinfo=UTC)
    page.refresh()
    rest(qtbot, page)
    kai = next(card for card in page.children_board.cards() if card.child.name == "Kai M.")
    assert kai.child.status == Tag("No concern logged", "neutral", "")


def test_the_next_children_are_those_with_a_risk_and_nobody_is_called_settled(page: OnCallPage) -> None:
    cards = [(card.child.name, card.child.status.words, card.child.status.icon) for card in page.children_board.cards()]
    assert cards == [
        ("Kai M.", "Missing since 21:40", "octagon"),
        ("Tyler B.", "Medium risk 18:05", "alert"),
        ("Josh W.", "Respite until Wed 15", "calendar"),
        ("Amara O.", "New placement, day 9", "info"),
        ("Ellie R.", "Low risk 20:10", "phone"),
    ]


def test_nothing_is_ticked_that_nobody_did(page: OnCallPage, clock: SetClock, qtbot: QtBot) -> None:
    assert "Night pack checked" not in words(page)
    clock.now = datetime(2017, 3, 20, 2, 14, tzinfo=UTC)
    page.refresh()
    rest(qtbot, page)
    assert page.follow_ups.foot.text() == "None done yet this shift"
    assert page.follow_ups.foot.icon_name != "check"
    assert [card.child.name for card in page.children_board.cards() if card.child.status.icon == "check"] == []


@pytest.fixture
def supervising(services: Services, clock: SetClock) -> Services:
    """In the morning, when no shift runs, for somebody whose role may not log contacts."""
    sign_in_as(services.store, role="supervising")
    clock.now = datetime(2017, 3, 14, 9, 5, tzinfo=UTC)
    return services


def test_without_a_shift_the_numbers_stay_and_nothing_is_offered_that_the_role_may_not_do(
    app: QApplication, supervising: Services, context: Context, qtbot: QtBot
) -> None:
    page = opened(qtbot, context)
    assert page.header.shift.text() == "The last shift ended at 08:30."
    seen = [label.text() for label in page.header.findChildren(QLabel) if label.isVisible()]
    for number in ("07700 900312", "01632 960145", "999", "101"):
        assert number in seen
    assert not page.header.button.isVisible()
    assert walk.clipped_labels(page) == []


@pytest.mark.parametrize(("role", "may"), [("on_call", True), ("supervising", False), ("administrator", False)])
def test_an_empty_screen_offers_only_what_the_role_may_do(
    app: QApplication, store: LaptopStore, clock: SetClock, qtbot: QtBot, role: str, may: bool
) -> None:
    sign_in_as(store, role=role)
    runner, bus = TaskRunner(), ChangeBus()
    session = RecordingSession(Services(store, clock))
    page = opened(
        qtbot, Context(session, runner, bus, lambda *a, **b: None, lambda words: None, lambda words, undo=None: None)
    )
    offered = [
        button.text()
        for button in page.findChildren(Button)
        if button.isVisible() and not isinstance(button, LinkButton)
    ]
    assert ("Log a contact" in offered) == may
    assert ("Ctrl+N" in words(page)) == may
    assert ("Add an action" in offered) == (role != "administrator")
    runner.close()


def test_the_night_pack_check_is_begun_and_opened_from_the_board(
    context: Any, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    clock.now = datetime(2017, 3, 13, 16, 34, tzinfo=UTC)
    page = opened(qtbot, context)
    link = next(link for link in page.findChildren(LinkButton) if link.text() == "Check now")
    assert "Check the night pack" in words(page)
    link.setFocus()
    press(page, Key.Key_Return)
    assert context.went == [("night_check", {})]
    lines = services.night_checks.check(MACHINE)
    agreed = {(line.item, line.child): "S. Lloyd knows" for line in lines if line.state != "ready"}
    record = services.night_checks.finish(lines, agreed).envelope.record
    rest(qtbot, page)
    link = next(link for link in page.findChildren(LinkButton) if link.text() == "Open the check")
    red = sum(line.state == "red" for line in lines)
    assert f"Night pack checked 16:34, {len(agreed)} left, {red} red" in words(page)
    assert (
        next(banner for banner in page.findChildren(Banner) if link in banner.findChildren(LinkButton)).tone == "risk"
    )
    link.setFocus()
    press(page, Key.Key_Return)
    assert context.went[1:] == [("record", {"record": record})]


def test_ctrl_g_away_from_a_card_begins_a_guide_that_asks_for_the_child(page: OnCallPage, context: Any) -> None:
    page.header.button.setFocus()
    press(page, Key.Key_G, Modifier.ControlModifier)
    assert context.went == [("new_record", {"kind": "missing_episode"})]
