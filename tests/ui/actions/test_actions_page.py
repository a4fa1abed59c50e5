"""The list of actions: its order and filters, and what is pressed on a row, by keys in the real page over a real store."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.action import ACTION, Action, offered, owned_by
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.open_page import open_page, read
from tests.helpers.walk import focused
from ui.actions.actions_page import ActionsPage

Key = Qt.Key


@pytest.fixture
def many(services: Services) -> int:
    """Open actions beside those of the demonstration, every second one mine."""
    for number in range(140):
        fields = {
            "what": f"Number {number}",
            "due": f"2017-03-15T0{number // 60}:{number % 60:02}:00+00:00",
            "owner": "A. Bevan" if number % 2 else "D. Marsh",
        }
        services.records.finish(replace(services.records.new_draft("action"), fields=fields))
    return 140


@pytest.fixture
def page(app: QApplication, context: Any, qtbot: QtBot) -> ActionsPage:
    actions_page = ActionsPage(context)
    open_page(qtbot, context, actions_page)
    return actions_page


def press(qtbot: QtBot, context: Any, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(focused(), key)
        read(qtbot, context)


def choose(page: ActionsPage, qtbot: QtBot, context: Any, choice: str) -> None:
    """Choose a chip by keys."""
    page.choices.chips()[0].setFocus()
    place = [key for key, _ in page.listing.choices].index(choice)
    press(qtbot, context, *[Key.Key_Right] * place, Key.Key_Space)


def shown(page: ActionsPage, heading: str = "What") -> list[str]:
    column = page.model.headings.index(heading)
    return [page.model.cell(row, column).words for row in range(page.model.rowCount())]


def action(services: Services, record: str) -> Action:
    action_record = services.store.get(record)
    assert action_record is not None
    return ACTION.of(action_record)


def test_open_and_all_have_one_order_the_overdue_first_and_the_closed_last(
    page: ActionsPage, context: Any, qtbot: QtBot
) -> None:
    still_open = shown(page)
    assert still_open[0] == "Ring Jo Preece back"
    choose(page, qtbot, context, "all")
    assert shown(page)[: len(still_open)] == still_open
    state = page.model.headings.index("State")
    states = [page.model.cell(row, state).phrase() for row in range(page.model.rowCount())]
    assert states == ["Open, Overdue 14 min", *["Open"] * 4, *["Done"] * 8]


def test_mine_are_the_open_ones_whose_owner_is_this_person_now(
    page: ActionsPage, services: Services, context: Any, qtbot: QtBot
) -> None:
    choose(page, qtbot, context, "mine")
    assert shown(page) == []
    record = services.store.records_due("action")[1].record
    services.actions.hand_over(record, "a.  bevan")  # to oneself: taken on
    read(qtbot, context)
    assert shown(page) == ["Ask police for news, log 0612"]
    page.filter.setFocus()
    QTest.keyClicks(focused(), "ring")
    read(qtbot, context)
    assert shown(page) == []


def test_pages_of_mine_are_full_however_many_are_somebody_elses(
    many: int, page: ActionsPage, context: Any, qtbot: QtBot
) -> None:
    choose(page, qtbot, context, "mine")
    page.table.setFocus()
    assert page.model.rowCount() == 60
    QTest.keyClick(focused(), Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    read(qtbot, context)
    assert page.model.rowCount() == many // 2
    assert set(shown(page, "Owner")) == {"A. Bevan"}


def test_space_closes_the_row_which_stays_struck_until_left_and_space_again_takes_it_back(
    page: ActionsPage, services: Services, context: Any, qtbot: QtBot
) -> None:
    before, record = shown(page), page.model.rows[0].record
    page.table.setFocus()
    read(qtbot, context)
    press(qtbot, context, Key.Key_Space)
    assert (action(services, record).state, shown(page)) == ("done", before)
    assert page.model.cell(0, 0).struck
    assert not page.model.cell(1, 0).struck
    assert shown(page, "Sent")[:2] == ["", "Waiting"]  # how the row stood before it was closed is no answer
    assert context.said == ["Ring Jo Preece back: done 02:14"]
    press(qtbot, context, Key.Key_Space)
    assert (action(services, record).state, shown(page)) == ("open", before)
    assert not page.model.cell(0, 0).struck
    press(qtbot, context, Key.Key_Space)
    page.filter.setFocus()
    read(qtbot, context)
    assert shown(page) == before[1:]


def test_tab_reaches_what_may_be_pressed_on_the_row_and_the_focus_comes_back(
    page: ActionsPage, services: Services, context: Any, qtbot: QtBot
) -> None:
    record = page.model.rows[0].record
    page.table.setFocus()
    read(qtbot, context)
    press(qtbot, context, Key.Key_Tab, Key.Key_Tab)
    assert focused().accessibleName() == "Hand over: Ring Jo Preece back"
    press(qtbot, context, Key.Key_Return)
    assert focused().accessibleName() == "Hand over to"
    QTest.keyClicks(focused(), "mar")
    press(qtbot, context, Key.Key_Return, Key.Key_Return)
    handed = action(services, record)
    waiting = offered(handed)
    assert waiting is not None
    assert (owned_by(handed).name, waiting.name, services.people.name(waiting.to)) == ("", "D. Marsh", "D. Marsh")
    assert context.said == ["Ring Jo Preece back: handed to D. Marsh, not accepted yet"]
    assert shown(page, "Owner")[0] == "→ D. Marsh?"
    assert focused().accessibleName() == "Hand over: Ring Jo Preece back"


def test_a_team_is_typed_by_hand_and_esc_hands_nothing_over(
    page: ActionsPage, services: Services, context: Any, qtbot: QtBot
) -> None:
    record = page.model.rows[0].record
    page.table.setFocus()
    read(qtbot, context)
    press(qtbot, context, Key.Key_Tab, Key.Key_Tab, Key.Key_Return)
    QTest.keyClicks(focused(), "Day team 2")
    press(qtbot, context, Key.Key_Escape)
    assert (owned_by(action(services, record)).name, page.strip.verbs.question) == ("", None)
    press(qtbot, context, Key.Key_Return)
    QTest.keyClicks(focused(), "Day team 2")
    press(qtbot, context, Key.Key_Return)
    waiting = offered(action(services, record))
    assert waiting is not None
    assert waiting.name == "Day team 2"


def test_not_needed_and_reopen_ask_one_question_whose_answer_is_the_reason(
    page: ActionsPage, services: Services, context: Any, qtbot: QtBot
) -> None:
    record = page.model.rows[0].record
    page.table.setFocus()
    read(qtbot, context)
    for name, reason in (("Not needed", "She rang first"), ("Reopen", "It was her sister")):
        while not focused().accessibleName().startswith(f"{name}: "):
            press(qtbot, context, Key.Key_Tab)
        press(qtbot, context, Key.Key_Return, Key.Key_Return)
        assert page.strip.verbs.question is not None
        assert page.strip.verbs.question.reason.error() == "Enter the reason"  # type: ignore[attr-defined]  # a move asks for it
        QTest.keyClicks(focused(), reason)
        press(qtbot, context, Key.Key_Return)
        history = services.record_views.view(record)
        assert history is not None
        assert history.versions[0].why == reason
        assert focused() is page.table  # the button that was pressed has gone
        assert page.model.cell(0, 0).struck == (name == "Not needed")
    assert action(services, record).state == "open"


def test_a_time_in_the_future_is_said_beside_it_and_nothing_is_changed(
    page: ActionsPage, services: Services, context: Any, qtbot: QtBot
) -> None:
    record = page.model.rows[0].record
    page.table.setFocus()
    read(qtbot, context)
    press(qtbot, context, Key.Key_Tab, Key.Key_Return)
    while focused().accessibleName() != "Closed, time":
        press(qtbot, context, Key.Key_Tab)
    QTest.keyClick(focused(), Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(focused(), "04:59")
    press(qtbot, context, Key.Key_Return)
    assert page.strip.verbs.question is not None
    assert page.strip.verbs.question.form.questions["closed_at"].error() == "Enter a time that is not in the future"  # type: ignore[attr-defined]  # a move's
    assert action(services, record).state == "open"
    assert not page.model.cell(0, 0).struck


def test_the_page_with_an_open_question_is_whole_and_named(page: ActionsPage, context: Any, qtbot: QtBot) -> None:
    page.table.setFocus()
    read(qtbot, context)
    press(qtbot, context, Key.Key_Tab, Key.Key_Return)
    assert walk.clipped_labels(page) == []
    assert walk.unnamed_focusables(page) == []
    assert walk.small_targets(page) == []
