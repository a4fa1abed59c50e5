"""What is typed in the form moves nothing below it, is said once, and is not cut."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.helpers.log_contact_page import ALT, Opened
from ui.parts import paint
from ui.theme import theme_of

Key = Qt.Key


@pytest.fixture
def opened(qtbot: QtBot, context: Any) -> Opened:
    return Opened(qtbot, context)


def test_only_the_day_is_shown_beside_last_seen_and_it_moves_nothing(opened: Opened) -> None:
    form = opened.page.form
    opened.type("sunita")
    opened.press(Key.Key_Return)
    opened.settle()
    opened.press(Key.Key_2, ALT)
    opened.press(Key.Key_Space)
    opened.press(Key.Key_2, ALT)
    opened.settle()
    before = [part.mapTo(form, QPoint(0, 0)) for part in (form.missing.radios[0], form.happening)]
    opened.type("2310")
    opened.settle()
    assert form.missing.since.zone.text() == "yesterday"
    assert form.missing.since.box.accessibleDescription() == "yesterday 23:10"
    assert [part.mapTo(form, QPoint(0, 0)) for part in (form.missing.radios[0], form.happening)] == before
    assert before[0].y() > form.missing.since.box.mapTo(form, QPoint(0, 0)).y()


def test_a_follow_up_waits_for_the_callers_whole_name_and_shows_its_own_words_whole(opened: Opened) -> None:
    follow_up = opened.page.form.follow_ups.rows[0]
    opened.type("sun")
    assert follow_up.what.placeholderText() == "Ring back"
    opened.press(Key.Key_Return)
    opened.settle()
    opened.press(Key.Key_7, ALT)
    assert follow_up.what.placeholderText() == "Ring Sunita back"
    opened.settle()
    words = paint.advance("Ring Sunita back", theme_of(follow_up).font())
    assert follow_up.what.width() - follow_up.what.textMargins().left() - 12 >= words


def test_a_name_that_is_typed_by_hand_is_offered_once_it_is_left(opened: Opened) -> None:
    opened.type("Sgt Holloway")
    opened.press(Key.Key_Escape)
    follow_up = opened.page.form.follow_ups.rows[0]
    assert follow_up.what.placeholderText() == "Ring back"
    opened.press(Key.Key_7, ALT)
    assert follow_up.what.placeholderText() == "Ring Sgt Holloway back"
