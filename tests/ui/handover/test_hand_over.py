"""The draft of a handover in the window: it builds itself, is put into order by keys, and is published by one."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.handover import HANDOVER, in_order
from hipss_desktop.records.fold import body_of
from hipss_desktop.records.paragraphs import one_paragraph
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import clipped_labels, focused
from tests.services.test_missing_guide import child
from tests.ui.handover.conftest import PUBLISHED
from tests.ui.handover.test_handover_page import CTRL, press
from tests.ui.records.test_typing_after_unlock import lock_and_unlock
from tests.ui.shell.windows import Opens, rest
from ui.handover.draft_page import HandOverPage
from ui.handover.handover_page import HandoverPage
from ui.handover.item_row import ItemRow
from ui.on_call.on_call_page import OnCallPage
from ui.shell.window import MainWindow

Key, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier
WORDS = "Zebrawood"


def opened(window: MainWindow, qtbot: QtBot) -> HandOverPage:
    """The draft, as the button of the on-call screen opens it."""
    window.go("on_call")
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, OnCallPage)
    assert page.handing_over.isVisible()
    page.hand_over.setFocus()
    press(window, qtbot, Key.Key_Return)
    assert isinstance(window.page, HandOverPage)
    return window.page


def order(page: HandOverPage) -> list[str]:
    return [row.item.id for row in sorted(page.items.rows.values(), key=lambda row: row.y())]


def published(services: Services) -> str:
    return services.handovers.published(services.handovers.night().since)


def test_handing_over_is_offered_near_the_end_of_ones_own_shift_alone(
    night: Opens, day: Opens, clock: SetClock, qtbot: QtBot
) -> None:
    window, other = night(), day()
    for now, offered in ((PUBLISHED - timedelta(hours=3), False), (PUBLISHED, True)):
        clock.now = now
        for main_window in (window, other):
            main_window.go("since")
            rest(qtbot, main_window)
            main_window.go("on_call")
            rest(qtbot, main_window)
        pages = [main_window.page for main_window in (window, other)]
        assert [page.handing_over.isVisible() for page in pages if isinstance(page, OnCallPage)] == [offered, False]


def test_the_palette_opens_it(night: Opens, qtbot: QtBot) -> None:
    window = night()
    press(window, qtbot, Key.Key_K, CTRL)
    QTest.keyClicks(focused(), "hand over")
    QTest.qWait(400)
    press(window, qtbot, Key.Key_Return)
    assert isinstance(window.page, HandOverPage)


def test_an_item_is_moved_by_keys_and_the_published_handover_keeps_that_order(
    night: Opens, mine: Services, qtbot: QtBot
) -> None:
    window = night()
    page = opened(window, qtbot)
    before = order(page)
    assert focused() is page.items.rows[before[0]]
    press(window, qtbot, Key.Key_Up, ALT)  # the first of its part stays
    assert order(page) == before
    first = [name for name in before if name.startswith("read_first-")]
    moved = [*first[1:], first[0], *before[len(first) :]]
    for _ in range(len(first) + 1):  # once more than it can go: no item goes into another part
        press(window, qtbot, Key.Key_Down, ALT)
    assert order(page) == moved
    assert focused() is page.items.rows[before[0]]
    press(window, qtbot, Key.Key_Return, CTRL)
    assert isinstance(window.page, HandoverPage)
    current = mine.store.get(published(mine))
    assert current is not None
    assert [item.id for item in in_order(HANDOVER.of(current))] == moved


def test_order_and_whom_an_item_is_for_outlive_a_lock_and_nothing_can_be_taken_out(
    night: Opens, mine: Services, qtbot: QtBot
) -> None:
    window = night()
    page = opened(window, qtbot)
    before = order(page)
    press(window, qtbot, Key.Key_Down, ALT)
    press(window, qtbot, Key.Key_H, CTRL)
    line = focused()
    line.selectAll()  # type: ignore[attr-defined]  # a line is typed into
    QTest.keyClicks(line, "K. Adeyemi")
    unlocked_window = lock_and_unlock(window, night, qtbot)
    assert isinstance(unlocked_window.page, HandOverPage)
    assert order(unlocked_window.page)[:2] == [before[1], before[0]]
    named = unlocked_window.page.items.rows[before[0]].item
    assert named.who == "K. Adeyemi"
    words = {button.text() for row in unlocked_window.page.items.rows.values() for button in row.buttons}
    assert words == {"For", "Up", "Down"}
    press(unlocked_window, qtbot, Key.Key_Delete)
    assert order(unlocked_window.page)[:2] == [before[1], before[0]]


def test_an_action_or_a_contact_is_added_and_what_the_night_brings_comes_by_itself(
    night: Opens, mine: Services, qtbot: QtBot
) -> None:
    later = mine.records.finish(
        mine.records.new_draft("action", {"what": "Order a new door", "due": "2017-03-20T12:00:00+00:00"})
    ).envelope.record
    window = night()
    page = opened(window, qtbot)
    assert f"do_today-{later}" not in page.items.rows
    page.adding.buttons[0].setFocus()
    press(window, qtbot, Key.Key_Return)
    QTest.keyClicks(focused(), "Order")
    QTest.qWait(300)
    press(window, qtbot, Key.Key_Down)
    press(window, qtbot, Key.Key_Return)
    assert f"do_today-{later}" in page.items.rows
    call = {
        "told": "2017-03-14T08:05:00+00:00",
        "type": "information",
        "caller_name": "Carol Yeo",
        "information": "Quiet",
    }
    contact = mine.records.finish(mine.records.new_draft("contact", call)).envelope.record
    rest(qtbot, window)
    assert f"contacts-{contact}" in page.items.rows
    press(window, qtbot, Key.Key_Return, CTRL)
    current = mine.store.get(published(mine))
    assert current is not None
    assert {f"do_today-{later}", f"contacts-{contact}"} <= {item.id for item in HANDOVER.of(current).items}


def test_the_body_that_the_page_signs_holds_no_word_of_the_records_that_it_names(
    night: Opens, mine: Services, qtbot: QtBot
) -> None:
    follow_up = {"id": "f", "what": f"{WORDS} is to be asked about", "due": "2017-03-14T10:00:00+00:00"}
    call = {
        "told": "2017-03-14T03:00:00+00:00",
        "caller_name": f"{WORDS} Hill",
        "concerns": ["injury_health"],
        "happening": WORDS,
        "children": [child(mine, "HIPSS-019")],
        "advice": WORDS,
        "risk": "high",
        "risk_why": WORDS,
        "needs_to_know": ["edt"],
        "follow_ups": [follow_up],
    }
    mine.records.finish(mine.records.new_draft("contact", call))
    incident = {
        "types": ["missing"],
        "children": [child(mine, "HIPSS-019")],
        "aware": "2017-03-14T03:10:00+00:00",
        "happening": one_paragraph(WORDS),
    }
    named = mine.records.finish(mine.records.new_draft("incident", incident)).envelope.record
    window = night()
    page = opened(window, qtbot)
    rows = page.items.rows.values()
    assert any(WORDS in row.words.text() for row in rows)
    assert WORDS in page.items.rows[f"read_first-{named}"].words.text()
    press(window, qtbot, Key.Key_Down, ALT)
    press(window, qtbot, Key.Key_Return, CTRL)
    record = published(mine)
    for revision in mine.store.revisions(record):
        body = body_of(revision, HANDOVER)
        assert body is not None
        assert WORDS not in json.dumps(dict(body.fields), ensure_ascii=False)


def test_a_quiet_night_asks_one_question_and_is_published_and_accepted(
    night: Opens, mine: Services, theirs: Services, clock: SetClock, qtbot: QtBot
) -> None:
    clock.now = datetime.fromisoformat("2017-05-10T08:00:00+00:00")
    missing = mine.store.records_about(child_named(mine, "Kai"), role="missing")
    for record in (*mine.store.records_due("action"), *missing):
        mine.records.withdraw(record.record, "Not of this night")
    window = night()
    window.go("new_record", kind="handover")
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, HandOverPage)
    assert page.items.rows == {}
    assert focused() is page.quiet
    press(window, qtbot, Key.Key_Return, CTRL)
    assert page.quiet_field.error() != ""
    page.quiet.setFocus()
    QTest.keyClicks(page.quiet, "No contacts. Pack read through")
    press(window, qtbot, Key.Key_Return, CTRL)
    assert isinstance(window.page, HandoverPage)
    assert isinstance(window.page.items.current_row(), ItemRow)
    view = mine.handover_views.view(published(mine))
    assert view is not None
    assert (view.items, view.quiet) == (1, "No contacts. Pack read through")


def test_who_has_handed_over_comes_to_that_handover_and_not_to_a_second_one(
    night: Opens, mine: Services, handed_over: str, qtbot: QtBot
) -> None:
    window = night()
    window.go("new_record", kind="handover")
    rest(qtbot, window)
    assert isinstance(window.page, HandoverPage)
    assert window.page.record == handed_over
    assert mine.store.drafts() == []


def test_a_child_who_came_back_in_the_night_is_said_so_in_whole_words(
    night: Opens, mine: Services, qtbot: QtBot
) -> None:
    seen = {"last_seen": "2017-03-13T23:10:00+00:00"}
    draft = mine.missing.draft(child(mine, "HIPSS-019"))
    record = mine.missing.begin(replace(draft, fields={**draft.fields, **seen})).envelope.record
    mine.missing.returned(record, {"at": "2017-03-14T02:05:00+00:00", "seen_by": "Sunita Rao", "injuries": "None seen"})
    page = opened(night(), qtbot)
    row = page.items.rows[f"read_first-{record}"]
    assert row.tag.text() == "Back"
    assert "23:10 to 02:05" in row.words.text()
    assert clipped_labels(row) == []
    assert row.tag.width() >= row.tag.sizeHint().width()
