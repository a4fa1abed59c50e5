"""Who needs to know and was told during the call: asked where they are ticked, kept as who was told, refused in the future."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.contact import CONTACT
from tests.helpers.log_contact_page import ALT, CTRL, Opened

Key = Qt.Key


@pytest.fixture
def opened(qtbot: QtBot, context: Any) -> Opened:
    return Opened(qtbot, context)


def shown(opened: Opened) -> list[str]:
    return [row.code for row in opened.page.form.told.rows if row.isVisible()]


def told_rows(opened: Opened) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = opened.page.answers.fields().get("told_others", [])
    return rows


def test_only_who_is_ticked_is_asked_about_and_nobody_is_told_until_it_is_typed(opened: Opened) -> None:
    assert shown(opened) == []
    opened.press(Key.Key_6, ALT)
    opened.press(Key.Key_Space)
    assert shown(opened) == ["police"]
    assert told_rows(opened) == []
    opened.press(Key.Key_Tab)
    opened.press(Key.Key_Tab)
    assert opened.focused().accessibleName() == "Police, spoke to"
    opened.type("PC")
    assert [(row["who"], row["name"]) for row in told_rows(opened)] == [("police", "PC")]
    for _ in range(2):
        opened.press(Key.Key_Backspace)
    assert told_rows(opened) == []


def test_a_time_in_the_future_is_refused_beside_it(opened: Opened) -> None:
    opened.press(Key.Key_6, ALT)
    opened.press(Key.Key_Space)
    opened.press(Key.Key_Tab)
    opened.type("0430")
    opened.press(Key.Key_Return, CTRL)
    opened.settle()
    row = opened.page.form.told.rows[0]
    assert row._problem.isVisible()
    assert "is in the future" in row._problem.text()
    assert not opened.page.form.more.is_open()


def test_what_was_told_of_one_leaves_the_others_and_what_they_said_as_it_was(opened: Opened) -> None:
    rows = [
        {"id": "r1", "who": "nhs_111", "name": "Nurse", "outcome": "Sips of water"},
        {"id": "r2", "who": "police", "reference": "0612", "outcome": "Will look at the canal"},
    ]
    opened.page.answers.put(needs_to_know=["police"], told_others=rows)
    opened.press(Key.Key_6, ALT)
    opened.press(Key.Key_Tab)
    opened.press(Key.Key_Tab)
    opened.type("Sgt Holloway")
    assert told_rows(opened) == [rows[0], {**rows[1], "name": "Sgt Holloway"}]


def test_who_was_told_at_no_time_is_asked_when_beside_it_and_not_known_is_an_answer(opened: Opened) -> None:
    opened.press(Key.Key_6, ALT)
    opened.press(Key.Key_Space)
    opened.press(Key.Key_Tab)
    opened.press(Key.Key_Tab)
    opened.settle()
    before = opened.page.form.told.rows[0].log.geometry()
    opened.type("PC Hill")
    opened.press(Key.Key_Tab)
    opened.type("0612")
    opened.press(Key.Key_Return, CTRL)
    opened.settle()
    row = opened.page.form.told.rows[0]
    assert row._problem.text() == "Enter when they were told, or choose ‘Not known’"
    assert not opened.page.form.more.is_open()
    assert (told_rows(opened)[0]["name"], told_rows(opened)[0]["reference"]) == ("PC Hill", "0612")
    row.log.setFocus()
    opened.press(Key.Key_Tab)
    assert opened.focused() is row.not_known
    opened.press(Key.Key_Space)
    assert told_rows(opened)[0]["at_not_known"] is True
    fields, now = opened.page.answers.fields(), opened.page.services.clock()
    assert not [problem for problem in CONTACT.problems(fields, now) if problem.field.startswith("told_others")]
    assert row.not_known.width() >= row.not_known.sizeHint().width(), "its words stand on one line"
    after = row.log.geometry()
    assert (after.x(), after.width()) == (before.x(), before.width()), "nothing moved when it came"
    row.at.box.setFocus()
    opened.type("0212")
    assert "at_not_known" not in told_rows(opened)[0]
    assert not row.not_known.isVisible()
