"""What is half typed into a question of a record outlives Esc, another page, a lock and a crash, and no stray key answers it."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.action import ACTION
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import exchange
from tests.helpers.store_fixtures import RecordingSession
from tests.helpers.walk import focused
from tests.ui.records.test_typing_after_unlock import lock_and_unlock, press, type_words
from tests.ui.shell.windows import Opens, rest, shown, windows
from ui.parts import Banner, Button
from ui.shell.window import MainWindow

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
STRAY = "m l back, 1 no 2 yes "
DOOR = "Ask for the door to be mended"


@pytest.fixture
def opens(app: QApplication, session: RecordingSession, qtbot: QtBot) -> Iterator[Opens]:
    with windows(lambda: MainWindow(session), qtbot) as opened:
        yield opened


@pytest.fixture
def door(services: Services) -> str:
    """The record of an open action."""
    return next(action.record for action in services.store.records_of(ACTION.name) if action.fields.get("what") == DOOR)


def press_button(window: MainWindow, qtbot: QtBot, words: str) -> None:
    """Press a button that shows, by the beginning of its words."""
    assert window.page is not None
    buttons = [
        button for button in window.page.findChildren(Button) if button.isVisible() and button.text().startswith(words)
    ]
    buttons[0].setFocus()
    press(Key.Key_Return)
    rest(qtbot, window)


def go(window: MainWindow, qtbot: QtBot, route: str, **arguments: Any) -> None:
    window.go(route, **arguments)
    rest(qtbot, window)


def open_question(opens: Opens, qtbot: QtBot, door: str, button: str) -> MainWindow:
    """A window on the page of the action, with the question of a button open."""
    window = opens()
    go(window, qtbot, "action", record=door)
    press_button(window, qtbot, button)
    return window


def saved(window: MainWindow, services: Services, qtbot: QtBot) -> None:
    """Wait until what was typed is on the disk, as it is a second later."""
    qtbot.waitUntil(lambda: len(services.store.drafts()) == 1)
    rest(qtbot, window)


def revisions(services: Services, record: str) -> int:
    return len(services.store.revisions(record))


@pytest.mark.parametrize("button", ["Done", "Not needed", "Hand over"])
def test_a_question_of_an_action_is_typed_on_in_after_a_lock(
    opens: Opens, services: Services, qtbot: QtBot, door: str, button: str
) -> None:
    window = open_question(opens, qtbot, door, button)
    type_words("Repairs dsk")
    press(Key.Key_Left, times=2)
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    assert shown(unlocked_window) == "ActionPage"
    type_words("e")
    assert focused().text() == "Repairs desk"  # type: ignore[attr-defined]  # a line is typed into
    assert revisions(services, door) == 1
    press(Key.Key_Return)
    rest(qtbot, unlocked_window)
    assert revisions(services, door) == 2
    assert services.store.drafts() == []


def test_all_answers_of_a_question_come_back_also_those_that_cannot_be_read(
    opens: Opens, services: Services, qtbot: QtBot, door: str
) -> None:
    window = open_question(opens, qtbot, door, "Done")
    type_words("Repairs desk")
    form = window.page.verbs.question.form  # type: ignore[union-attr]  # the question is open
    form.go("log_number")
    type_words("Log 44")
    form.go("closed_at")
    press(Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    type_words("half past")
    before = form.fields()
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    assert unlocked_window.page.verbs.question.form.fields() == before  # type: ignore[union-attr]  # the question is open
    assert before["log_number"] == "Log 44"


@pytest.mark.parametrize("button", ["Done", "Not needed", "Hand over"])
def test_locked_on_a_button_no_key_that_is_typed_after_unlock_answers(
    opens: Opens, services: Services, qtbot: QtBot, door: str, button: str
) -> None:
    window = open_question(opens, qtbot, door, button)
    type_words("Repairs")
    question = window.page.verbs.question  # type: ignore[union-attr]  # the question is open
    question.confirm.setFocus()
    before = question.keeper.typed()
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    type_words(STRAY)
    rest(qtbot, unlocked_window)
    draft_after = unlocked_window.page.verbs.question.keeper.typed()  # type: ignore[union-attr]  # the question is open
    assert (draft_after.fields, draft_after.why) == (before.fields, before.why)
    assert revisions(services, door) == 1


def test_a_question_below_a_list_opens_on_the_page_of_its_action(
    opens: Opens, services: Services, qtbot: QtBot, door: str
) -> None:
    window = opens()
    go(window, qtbot, "actions")
    table = window.page.table  # type: ignore[union-attr]  # the list is open
    place = next(place for place, row in enumerate(window.page.model.rows) if row.record == door)  # type: ignore[union-attr]  # the list is open
    table.selectRow(place)
    rest(qtbot, window)
    press_button(window, qtbot, "Not needed")
    type_words("The landl")
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    assert shown(unlocked_window) == "ActionPage"
    type_words("ord came")
    press(Key.Key_Return)
    rest(qtbot, unlocked_window)
    assert services.store.revisions(door)[-1].content().why == "The landlord came"  # type: ignore[union-attr]  # its author holds it


def test_after_a_crash_the_question_is_open_again(opens: Opens, services: Services, qtbot: QtBot, door: str) -> None:
    window = open_question(opens, qtbot, door, "Not needed")
    type_words("The landlord")
    saved(window, services, qtbot)
    restarted_window = opens()  # nothing was left or locked before it
    rest(qtbot, restarted_window)
    assert focused().text() == "The landlord"  # type: ignore[attr-defined]  # a line is typed into


@pytest.mark.parametrize(
    ("kind", "button", "field", "words"),
    [("action", "Withdraw this", "why", "Entered twice"), ("alert", "Add that it is over", "ended/1", "Out of hours")],
)
@pytest.mark.parametrize("left_by", ["esc", "back", "row"])
def test_a_reason_and_a_new_row_are_there_when_the_same_is_asked_again(
    opens: Opens, services: Services, qtbot: QtBot, kind: str, button: str, field: str, words: str, left_by: str
) -> None:
    record = services.store.records_of(kind)[0].record
    window = opens()
    go(window, qtbot, "record", record=record)
    press_button(window, qtbot, button)
    fields = window.page.view_card._question.text_fields()  # type: ignore[union-attr]  # the record is open
    next(control for name, control in fields.items() if name.startswith(field)).setFocus()
    type_words(words)
    if left_by == "esc":
        press(Key.Key_Escape)
    elif left_by == "back":
        press(Key.Key_Left, ALT)
        rest(qtbot, window)
        assert shown(window) != "RecordPage"
        go(window, qtbot, "record", record=record)
    else:
        contact = services.store.records_of("contact", limit=1)[0].record
        window.page.view_card.show_view(services.record_views.view(contact))  # type: ignore[union-attr]  # the record is open
        window.page.view_card.show_view(services.record_views.view(record))  # type: ignore[union-attr]  # the record is open
    press_button(window, qtbot, button)
    typed = window.page.view_card._question.keeper.typed()  # type: ignore[union-attr]  # the record is open
    assert words in (typed.why or str(typed.fields))
    assert revisions(services, record) == 1


def test_a_reason_to_withdraw_is_typed_on_in_after_a_lock(opens: Opens, services: Services, qtbot: QtBot) -> None:
    contact = services.store.records_of("contact", limit=1)[0].record
    window = opens()
    go(window, qtbot, "record", record=contact)
    press_button(window, qtbot, "Withdraw this")
    type_words("Entered twi")
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    assert shown(unlocked_window) == "RecordPage"
    type_words("ce")
    assert focused().toPlainText() == "Entered twice"  # type: ignore[attr-defined]  # a text is typed into
    assert revisions(services, contact) == 1
    press(Key.Key_Tab)
    press(Key.Key_Space)
    rest(qtbot, unlocked_window)
    assert services.store.get(contact).withdrawn  # type: ignore[union-attr]  # it is there
    assert services.store.drafts() == []


def test_what_is_typed_is_listed_until_it_is_answered_or_discarded(
    opens: Opens, services: Services, qtbot: QtBot, door: str
) -> None:
    window = open_question(opens, qtbot, door, "Not needed")
    type_words("The landlord came")
    press(Key.Key_Escape)
    go(window, qtbot, "on_call")
    notices = [banner.accessibleName() for banner in window.page.findChildren(Banner) if banner.isVisible()]  # type: ignore[union-attr]  # the page is open
    assert sum(notice.startswith(f"Not needed: {DOOR}") for notice in notices) == 1
    go(window, qtbot, "drafts")
    assert window.page._rows.cell(0, 0).words.startswith(f"Not needed: {DOOR}")  # type: ignore[union-attr]  # the list is open
    press(Key.Key_Return)
    rest(qtbot, window)
    assert (shown(window), focused().text()) == ("ActionPage", "The landlord came")  # type: ignore[attr-defined]  # a line is typed into
    go(window, qtbot, "drafts")
    window.page.discard.click()  # type: ignore[union-attr]  # the list is open
    window.page._really.click()  # type: ignore[union-attr]  # the list is open
    rest(qtbot, window)
    assert services.store.drafts() == []
    go(window, qtbot, "action", record=door)
    press_button(window, qtbot, "Not needed")
    assert focused().text() == ""  # type: ignore[attr-defined]  # a line is typed into


def test_words_that_are_taken_out_again_leave_no_draft(
    opens: Opens, services: Services, qtbot: QtBot, door: str
) -> None:
    window = open_question(opens, qtbot, door, "Not needed")
    type_words("x")
    saved(window, services, qtbot)
    press(Key.Key_Backspace)
    press(Key.Key_Escape)
    rest(qtbot, window)
    assert services.store.drafts() == []


def test_another_laptop_that_closes_the_action_takes_nothing_typed_away(
    opens: Opens, mine: Services, theirs: Services, qtbot: QtBot, door: str
) -> None:
    window = open_question(opens, qtbot, door, "Not needed")
    type_words("The landlord came")
    theirs.actions.done(door)
    exchange(mine, theirs)
    rest(qtbot, window)
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    question: QWidget = unlocked_window.page.verbs.question  # type: ignore[union-attr]  # the question is open
    assert "changed while you were writing" in question.problem.text()  # type: ignore[attr-defined]  # a question has one
    assert question.problem.isVisible()  # type: ignore[attr-defined]  # a question has one
    assert question.keeper.typed().why == "The landlord came"  # type: ignore[attr-defined]  # a question has one
