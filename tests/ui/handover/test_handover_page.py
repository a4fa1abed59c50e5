"""A published handover in the window: items are accepted and handed on by keyboard alone, and get louder while they wait."""

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.shift import SHIFT
from hipss_desktop.views.handovers import ItemView
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.several_laptops import exchange
from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import focused
from tests.ui.handover.conftest import PUBLISHED
from tests.ui.records.test_typing_after_unlock import lock_and_unlock
from tests.ui.shell.windows import Opens, rest, shown
from ui import theme
from ui.documents.preview_page import PreviewPage
from ui.handover.handover_page import HandoverPage
from ui.handover.item_row import ItemRow, MainButton
from ui.on_call.since_page import SincePage
from ui.parts.tables import Rows
from ui.shell.window import MainWindow

Key = Qt.Key
CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def press(window: MainWindow, qtbot: QtBot, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(focused(window), key, held)
    rest(qtbot, window)


def page_of(window: MainWindow, qtbot: QtBot, record: str, **more: Any) -> HandoverPage:
    window.go("handover", record=record, **more)
    rest(qtbot, window)
    assert isinstance(window.page, HandoverPage)
    return window.page


def row_of(page: HandoverPage, item: ItemView) -> ItemRow:
    return page.items.rows[item.id]


def current(page: HandoverPage) -> ItemView:
    item = page.items.current()
    assert item is not None
    return item


def go_to(window: MainWindow, qtbot: QtBot, page: HandoverPage, start: str, part: str) -> ItemView:
    """Press arrows until the item of a part whose title begins so has the focus."""
    press(window, qtbot, Key.Key_Home)
    for _ in range(40):
        item = current(page)
        if item.title.startswith(start) and item.part == part:
            assert focused() is row_of(page, item)
            return item
        press(window, qtbot, Key.Key_Down)
    raise AssertionError(start)


def filled(page: HandoverPage) -> list[str]:
    buttons = [button for button in page.findChildren(MainButton) if button.isVisible() and button.filled()]
    return [button.accessibleName() for button in buttons]


def test_the_keys_that_accept_and_open_are_said(day: Opens, theirs: Services, handed_over: str, qtbot: QtBot) -> None:
    page = page_of(day(), qtbot, handed_over)
    assert page.means.isVisible()
    assert page.means.text().startswith("Accept (Ctrl+Enter) means")
    accept, hand = row_of(page, current(page)).buttons
    assert (accept.accessibleDescription(), hand.accessibleDescription()) == ("Shortcut Ctrl+Enter", "Shortcut Ctrl+H")


def test_an_item_is_accepted_by_one_key_and_the_person_on_call_sees_it(
    day: Opens, night: Opens, mine: Services, theirs: Services, handed_over: str, clock: SetClock, qtbot: QtBot
) -> None:
    clock.now = PUBLISHED + timedelta(minutes=39)
    window = day()
    page = page_of(window, qtbot, handed_over)
    item = go_to(window, qtbot, page, "Tyler B.", "read_first")
    press(window, qtbot, Key.Key_Return, CTRL)
    row = row_of(page, item)
    assert (row.accepted.text(), row.who.text()) == ("Accepted 08:51", "K. Adeyemi")
    assert row.sent.text() == "Waiting on this laptop"
    assert not any(button.isVisible() for button in row.buttons)
    exchange(mine, theirs)
    own = page_of(night(), qtbot, handed_over)
    assert own.title.text() == "Your handover"
    assert row_of(own, item).accepted.text() == "Accepted 08:51"
    assert not any(button.isVisible() for button in own.findChildren(MainButton))  # nothing to chase


def test_an_item_says_itself_as_one_phrase_and_begins_where_it_waits_longest(
    day: Opens, handed_over: str, clock: SetClock, qtbot: QtBot
) -> None:
    clock.now = PUBLISHED + timedelta(minutes=52)
    window = day()
    page = page_of(window, qtbot, handed_over)
    assert isinstance(focused(), ItemRow)
    item = go_to(window, qtbot, page, "Tyler B.", "read_first")
    assert focused().accessibleName() == "18:05, Tyler B., read first, for D. Marsh, waiting 52 min"
    assert filled(page) == [f"Accept: {item.spoken}"]


def test_tab_stops_at_one_item_and_its_buttons_and_enter_opens_its_record(
    day: Opens, handed_over: str, qtbot: QtBot
) -> None:
    window = day()
    page = page_of(window, qtbot, handed_over)
    item = go_to(window, qtbot, page, "Kai M.", "contacts")
    inside = [stop for stop in walk.stops(page) if page.items.isAncestorOf(stop)]
    assert inside == [row_of(page, item), *row_of(page, item).buttons]
    press(window, qtbot, Key.Key_Return)
    assert window.location.more["record"] == item.record
    assert shown(window) == "RecordPage"


def test_one_key_shows_the_paper_of_the_handover_and_esc_leads_back_to_the_item(
    day: Opens, handed_over: str, qtbot: QtBot
) -> None:
    window = day()
    page = page_of(window, qtbot, handed_over)
    item = go_to(window, qtbot, page, "Tyler B.", "read_first")
    press(window, qtbot, Key.Key_P, CTRL)
    preview = window.page
    assert isinstance(preview, PreviewPage)
    assert preview.title.text() == "Morning handover"
    press(window, qtbot, Key.Key_Escape)
    assert shown(window) == "HandoverPage"
    assert focused() is row_of(page, item)


def test_what_is_shown_is_still_chosen_when_one_comes_back(day: Opens, handed_over: str, qtbot: QtBot) -> None:
    window = day()
    page = page_of(window, qtbot, handed_over)
    everything = len(page.items.rows)
    page.chips.chips()[1].setFocus()
    press(window, qtbot, Key.Key_Space)
    assert page.chips.chosen() == ["mine"]
    assert len(page.items.rows) < everything
    window.go("children")
    rest(qtbot, window)
    press(window, qtbot, Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.page is page
    assert page.chips.chosen() == ["mine"]


def test_the_next_item_that_waits_has_the_focus_when_one_is_accepted_out_of_sight(
    day: Opens, handed_over: str, qtbot: QtBot
) -> None:
    window = day()
    page = page_of(window, qtbot, handed_over)
    page.chips.choose(["waiting"])
    rest(qtbot, window)
    first = go_to(window, qtbot, page, "Tyler B.", "read_first")
    press(window, qtbot, Key.Key_Return, CTRL)
    assert first.id not in page.items.rows
    assert isinstance(focused(), ItemRow)
    assert current(page).waiting


def test_whom_an_item_is_handed_to_is_typed_on_in_after_a_lock_and_it_waits_anew(
    day: Opens, theirs: Services, handed_over: str, clock: SetClock, qtbot: QtBot
) -> None:
    clock.now = PUBLISHED + timedelta(minutes=40)
    window = day()
    page = page_of(window, qtbot, handed_over)
    item = go_to(window, qtbot, page, "Tyler B.", "read_first")
    press(window, qtbot, Key.Key_H, CTRL)
    QTest.keyClicks(focused(), "Placement tam")
    press(window, qtbot, Key.Key_Left)
    unlocked_window = lock_and_unlock(window, day, qtbot)
    assert isinstance(unlocked_window.page, HandoverPage)
    QTest.keyClicks(focused(), "e")
    line = focused()
    assert isinstance(line, QLineEdit)
    assert line.text() == "Placement taem"
    line.setText("Placement team")
    revisions = len(theirs.store.revisions(handed_over))
    press(unlocked_window, qtbot, Key.Key_Return)
    assert len(theirs.store.revisions(handed_over)) == revisions + 1
    assert theirs.store.drafts() == []
    row = row_of(unlocked_window.page, item)
    assert row.wait.text() == "Waiting 0 min. For Placement team."
    assert focused() is row


def test_a_hand_to_without_a_name_says_so_and_esc_changes_nothing(
    day: Opens, theirs: Services, handed_over: str, qtbot: QtBot
) -> None:
    window = day()
    page = page_of(window, qtbot, handed_over)
    item = go_to(window, qtbot, page, "Tyler B.", "read_first")
    press(window, qtbot, Key.Key_H, CTRL)
    press(window, qtbot, Key.Key_Return)
    question = page.question
    assert question is not None
    assert question.field.error() == "Enter who is to have it"
    press(window, qtbot, Key.Key_Escape)
    assert (page.question, focused()) == (None, row_of(page, item))
    assert len(theirs.store.revisions(handed_over)) == 1


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "Waiting 0 min. For D. Marsh."),
        (29, "Waiting 29 min. For D. Marsh."),
        (30, "Waiting 30 min. D. Marsh told twice. S. Lloyd is told at 09:12."),
        (60, "Waiting 1 h. D. Marsh. S. Lloyd was told at 09:12 and rings at 10:12."),
        (120, "Waiting 2 h. D. Marsh. S. Lloyd rings: it was to be accepted by 10:12."),
    ],
)
def test_what_waits_gets_louder(
    day: Opens, handed_over: str, clock: SetClock, qtbot: QtBot, minutes: int, words: str
) -> None:
    clock.now = PUBLISHED + timedelta(minutes=minutes)
    window = day()
    page = page_of(window, qtbot, handed_over)
    row = row_of(page, go_to(window, qtbot, page, "Tyler B.", "read_first"))
    assert row.wait.text() == words
    assert row.wait.tone == ("amber" if minutes >= 30 else "muted")
    edge_point = row.mapTo(window, row.rect().topLeft()) + QPoint(1, row.height() // 2)
    amber = theme.current().color("amber_line").rgb()
    assert (window.grab().toImage().pixelColor(edge_point).rgb() == amber) is (minutes >= 30)


def test_the_person_on_call_ends_the_shift_by_one_key_and_is_asked_nothing(
    night: Opens, mine: Services, theirs: Services, handed_over: str, clock: SetClock, qtbot: QtBot
) -> None:
    clock.now = PUBLISHED + timedelta(minutes=52)
    theirs.handovers.message(handed_over, "Jo says thank you. Kai went to school.")
    exchange(mine, theirs)
    window = night()
    page = page_of(window, qtbot, handed_over)
    assert focused() is page.notices.end
    heads = [heading.text() for heading in page.items.findChildren(type(page.title)) if heading.isVisible()]
    assert heads == ["Not accepted"]
    press(window, qtbot, Key.Key_Return)
    shift = mine.store.get(mine.handovers.night().shift)
    assert shift is not None
    worked = [(row.colleague, row.start, row.end) for row in SHIFT.of(shift).worked]
    assert worked == [(mine.store.seat.person, mine.handovers.night().since, clock.now)]
    assert not page.notices.end.isVisible()
    words = [label.text() for label in labels(page)]
    assert any("Your shift ended 09:04" in text for text in words)
    assert "‘Jo says thank you. Kai went to school.’" in words
    assert "K. Adeyemi, 09:04" in words


def labels(page: HandoverPage) -> list[QLabel]:
    return [label for label in page.findChildren(QLabel) if label.isVisible()]


def test_a_line_to_the_person_on_call_is_a_draft_until_it_is_sent(
    day: Opens, theirs: Services, handed_over: str, qtbot: QtBot
) -> None:
    window = day()
    page = page_of(window, qtbot, handed_over)
    assert page.tell is not None
    page.tell.line.setFocus()
    QTest.keyClicks(focused(), "Jo says thank you")
    unlocked_window = lock_and_unlock(window, day, qtbot)
    assert isinstance(unlocked_window.page, HandoverPage)
    assert unlocked_window.page.tell is not None
    assert focused() is unlocked_window.page.tell.line
    press(unlocked_window, qtbot, Key.Key_Return)
    view = theirs.handover_views.view(handed_over)
    assert view is not None
    assert [words for words, _ in view.messages] == ["Jo says thank you"]
    assert unlocked_window.page.tell.line.text() == ""
    assert theirs.store.drafts() == []


def test_a_call_after_publishing_is_listed_under_added_since(
    day: Opens, theirs: Services, handed_over: str, clock: SetClock, qtbot: QtBot
) -> None:
    clock.now = PUBLISHED + timedelta(minutes=19)
    window = day()
    page = page_of(window, qtbot, handed_over)
    call = {
        "type": "information",
        "caller_name": "Carol Yeo",
        "information": "All quiet",
        "told": "2017-03-14T08:31:00+00:00",
    }
    theirs.records.finish(theirs.records.new_draft("contact", call))
    rest(qtbot, window)
    assert "Added since, 08:31" in [label.text() for label in labels(page)]


def test_the_first_page_by_day_has_the_handovers_of_both_workers_on_top_with_what_waits(
    day: Opens, mine: Services, theirs: Services, third: Services, handed_over: str, clock: SetClock, qtbot: QtBot
) -> None:
    exchange(mine, theirs, third)
    clock.now = PUBLISHED + timedelta(minutes=1)
    second = third.handovers.publish(third.handovers.draft(third.handovers.night())).envelope.record
    exchange(mine, theirs, third)
    clock.now = PUBLISHED + timedelta(minutes=53)
    window = day()
    window.go("since")
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, SincePage)
    assert page.handovers.isVisible()
    heads = [record for record, item in zip(page.handovers.records, page.handovers.items, strict=True) if not item]
    assert heads == [handed_over, second]
    assert not page.morning.isVisible()  # all that was marked for the morning stands in a handover
    page.handovers.table.setFocus()
    page.handovers.table.selectRow(1)
    item = page.handovers.items[1]
    press(window, qtbot, Key.Key_Return)
    assert isinstance(window.page, HandoverPage)
    assert (window.page.record, current(window.page).id) == (handed_over, item)
    beside = [label.text() for label in labels(window.page) if "handed over too" in label.text()]
    assert len(beside) == 1
    assert "S. Lloyd handed over too" in beside[0]


def test_what_waits_has_no_tick_on_the_first_page_by_day(
    day: Opens, mine: Services, theirs: Services, handed_over: str, clock: SetClock, qtbot: QtBot
) -> None:
    exchange(mine, theirs)
    clock.now = PUBLISHED + timedelta(minutes=5)
    window = day()
    window.go("since")
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, SincePage)
    cells = page.handovers.table.model()
    assert isinstance(cells, Rows)
    assert {cells.cell(row, 1).icon for row, item in enumerate(page.handovers.items) if item} == {"clock"}
