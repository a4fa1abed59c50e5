"""A missing child on the form, by real keys over a real store: only what was said is written, and all of it can be reached."""

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.log_contact_page import ALT, CTRL, Opened
from tests.helpers.store_fixtures import SetClock

SUNITA, ELLIE = "sunita", "Ellie"


@pytest.fixture
def opened(qtbot: QtBot, context: Any, clock: SetClock) -> Opened:
    """Sunita Rao rings at 02:39 about Ellie, who was not known to be missing."""
    clock.now = datetime(2017, 3, 14, 2, 39, tzinfo=UTC)
    page = Opened(qtbot, context)
    caller(page, SUNITA)
    return page


def caller(page: Opened, letters: str) -> None:
    page.type(letters)
    page.press(Qt.Key.Key_Return)
    page.settle()


def tick_missing(page: Opened) -> None:
    page.press(Qt.Key.Key_2, ALT)
    page.press(Qt.Key.Key_Space)


def answer_the_rest(page: Opened) -> None:
    page.press(Qt.Key.Key_3, ALT)
    page.type("Not in her bed at 00:30. Window open.")
    page.press(Qt.Key.Key_4, ALT)
    page.type("Ring the police.")
    page.press(Qt.Key.Key_5, ALT)
    page.press(Qt.Key.Key_Space)
    page.press(Qt.Key.Key_6, ALT)
    page.press(Qt.Key.Key_Space)


def finish(page: Opened) -> None:
    page.press(Qt.Key.Key_Return, CTRL)
    page.settle()


def newest(services: Services) -> Any:
    return services.store.records_of("contact", limit=1)[0].fields


def status(services: Services, name: str) -> str:
    placed = next(child for child in services.on_call.children(services.clock()) if child.name.startswith(name))
    return placed.status.words


def still_missing(page: Opened) -> None:
    page.press(Qt.Key.Key_2, ALT)  # from the concerns on to the row
    while page.focused() is not page.page.form.missing.radios[0]:
        page.press(Qt.Key.Key_Tab)
    page.press(Qt.Key.Key_Space)


def test_a_missing_child_needs_when_last_seen_and_never_gets_the_time_of_the_call(
    opened: Opened, services: Services
) -> None:
    tick_missing(opened)
    still_missing(opened)
    answer_the_rest(opened)
    finish(opened)
    assert opened.errors() == ["Enter when Ellie was last seen, or choose ‘Not known’"]
    row = opened.page.form.missing
    assert row.since.box.property("problem")
    assert not row.back_at.box.property("problem")
    opened.press(Qt.Key.Key_F8)
    assert row.since.box.hasFocus()
    opened.press(Qt.Key.Key_Tab)
    assert row.not_known.hasFocus()
    opened.press(Qt.Key.Key_Space)
    finish(opened)
    contact_fields = newest(services)
    assert contact_fields["missing"] == "still"
    assert contact_fields["last_seen_not_known"] is True
    assert "missing_since" not in contact_fields
    assert status(services, ELLIE) == "Reported missing 02:39"


def test_the_next_form_says_when_a_child_was_reported_missing_and_asks_again_when_last_seen(
    opened: Opened, services: Services, qtbot: QtBot, context: Any, clock: SetClock
) -> None:
    tick_missing(opened)
    still_missing(opened)
    opened.page.form.missing.not_known.click()
    answer_the_rest(opened)
    finish(opened)
    opened.close()
    clock.pass_time(minutes=50)
    second = Opened(qtbot, context)
    caller(second, SUNITA)
    tick_missing(second)
    row = second.page.form.missing
    assert row._words.text() == "Reported missing 02:39. Last seen"
    card = second.page.card()
    assert card is not None
    assert "Reported missing 02:39" in card.accessibleDescription()
    second.press(Qt.Key.Key_2, ALT)
    assert row.since.box.hasFocus()
    second.type("2310")
    assert row.since.zone.text() == "yesterday"
    second.press(Qt.Key.Key_Tab)
    second.press(Qt.Key.Key_Tab)
    second.press(Qt.Key.Key_Space)
    answer_the_rest(second)
    finish(second)
    assert newest(services)["missing_since"] == "2017-03-13T23:10:00+00:00"
    assert status(services, ELLIE) == "Missing since 23:10"


def test_missing_or_back_needs_its_answer_for_a_child_known_to_be_missing(
    qtbot: QtBot, context: Any, services: Services
) -> None:
    page = Opened(qtbot, context)
    caller(page, "jo")
    tick_missing(page)
    answer_the_rest(page)
    finish(page)
    assert page.errors() == ["Choose Still missing or Back at"]
    page.press(Qt.Key.Key_Return)
    assert page.focused() is page.page.form.missing.radios[0]


def test_a_time_that_is_not_yet_is_said_to_lie_in_the_future(
    qtbot: QtBot, context: Any, services: Services, clock: SetClock
) -> None:
    clock.now = datetime(2017, 3, 14, 2, 18, tzinfo=UTC)
    page = Opened(qtbot, context)
    caller(page, "jo")
    tick_missing(page)
    page.press(Qt.Key.Key_2, ALT)
    page.press(Qt.Key.Key_Right)
    page.type("0459")
    assert page.focused() is page.page.form.missing.back_at.box
    answer_the_rest(page)
    finish(page)
    assert page.errors() == ["04:59 is in the future. Enter a time that is not in the future"]


def test_a_day_before_the_time_says_which_day_is_meant(opened: Opened) -> None:
    tick_missing(opened)
    opened.press(Qt.Key.Key_2, ALT)
    opened.type("yesterday 0700")
    assert opened.page.answers.get("missing_since") == "2017-03-13T07:00:00+00:00"
    opened.press(Qt.Key.Key_Tab)
    assert opened.page.answers.get("missing_since") == "2017-03-13T07:00:00+00:00"
    assert opened.page.form.missing.since.zone.text() == "yesterday"


def test_what_is_known_of_an_episode_can_be_changed_where_the_caller_knows_better(
    qtbot: QtBot, context: Any, services: Services
) -> None:
    page = Opened(qtbot, context)
    caller(page, "jo")
    tick_missing(page)
    row = page.page.form.missing
    assert not row.since.isVisible()
    page.press(Qt.Key.Key_2, ALT)
    page.press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert page.focused() is row.change
    page.press(Qt.Key.Key_Space)
    page.type("2215")
    assert page.page.answers.get("missing_since") == "2017-03-13T22:15:00+00:00"
    page.press(Qt.Key.Key_3, ALT)
    assert row.since.isVisible()


def test_a_follow_up_says_beside_the_field_which_day_it_is_due(opened: Opened) -> None:
    opened.press(Qt.Key.Key_7, ALT)
    opened.press(Qt.Key.Key_Tab)
    opened.type("0100")
    row = opened.page.form.follow_ups.rows[0]
    assert opened.page.answers.listed("follow_ups")[0]["due"] == "2017-03-15T01:00:00+00:00"
    assert row._note.text() == "Due tomorrow 01:00"
    assert row._note.isVisible()
    assert "tomorrow 01:00" in row.due.box.accessibleDescription()


def test_a_child_reported_missing_with_the_police_told_takes_at_most_220_presses(
    qtbot: QtBot, context: Any, services: Services, clock: SetClock
) -> None:
    happening = "Ellie is not in her bed, window open. Last seen going up at 23:10. Coat and shoes gone."
    advised = "Stay in, phone beside you, porch lit. Check the sheds and lanes"
    assert len(happening) + len(advised) == 150
    clock.now = datetime(2017, 3, 14, 2, 39, tzinfo=UTC)
    page = Opened(qtbot, context)
    page.presses = 1  # Ctrl+N opened the page
    caller(page, "su")
    page.press(Qt.Key.Key_2, ALT)
    page.press(Qt.Key.Key_Space)
    page.press(Qt.Key.Key_2, ALT)
    page.type("2310")
    page.press(Qt.Key.Key_Tab)
    page.press(Qt.Key.Key_Tab)
    page.press(Qt.Key.Key_Space)
    page.press(Qt.Key.Key_3, ALT)
    page.type(happening)
    page.press(Qt.Key.Key_4, ALT)
    page.type(advised)
    page.press(Qt.Key.Key_5, ALT)
    page.press(Qt.Key.Key_Right)
    page.press(Qt.Key.Key_Right)
    page.press(Qt.Key.Key_6, ALT)
    page.press(Qt.Key.Key_Space)
    before = page.presses
    page.press(Qt.Key.Key_Tab)
    page.type("0235")
    page.press(Qt.Key.Key_Tab)
    page.press(Qt.Key.Key_Tab)
    page.type("0612")
    assert page.presses - before == 11, "the log number is two presses of Tab behind the time, not twenty"
    page.press(Qt.Key.Key_7, ALT)
    page.press(Qt.Key.Key_Tab)
    page.type("0300")
    finish(page)
    assert page.errors() == []
    assert page.presses <= 220
    contact = newest(services)
    assert (contact["missing"], contact["missing_since"]) == ("still", "2017-03-13T23:10:00+00:00")
    told_rows = [(row["who"], row["at"], row["reference"]) for row in contact["told_others"]]
    assert told_rows == [("police", "2017-03-14T02:35:00+00:00", "0612")]
    due = [action.fields for action in services.store.records_due("action") if action.fields["from_contact"]]
    assert "2017-03-14T03:00:00+00:00" in [fields["due"] for fields in due if fields["what"] == "Ring Sunita back"]
    assert "Tell the police" not in [fields["what"] for fields in due]
    assert status(services, ELLIE) == "Missing since 23:10"
