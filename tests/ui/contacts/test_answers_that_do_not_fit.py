"""A contact with answers that do not fit their fields: it can be amended, and what nobody touched stays as it was."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.contact import CONTACT
from tests.helpers.log_contact_page import ALT, CTRL, Opened

ODD_ROWS = [{"id": "r", "what": 5, "due": 7, "who": {}, "unknown": [1]}, "a", {"id": "s", "what": "Ring school"}]
WRONG = {
    "a fraction": 1.5,
    "minus one": -1,
    "true": True,
    "false": False,
    "words": "no such thing",
    "characters that a text field changes": "a\x00b\u2028c\r\n",
    "text and number": ["a", 1],
    "objects": [{"a": 1}],
    "an object": {"id": "r"},
    "odd rows": ODD_ROWS,
    "deep": [[["deep"]]],
    "no such day": "2017-13-45",
}


def amended(qtbot: QtBot, context: Any, fields: Mapping[str, Any]) -> Opened:
    """The page of an amendment of a contact that a newer or faulty program signed with these answers."""
    services = context.services
    record = services.records.new_draft("contact").record
    with services.store.write() as unit:
        unit.append(record=record, kind="contact", action="finish", fields=fields, changed=sorted(fields), parents=())
    return Opened(qtbot, context, draft=services.records.amendment(record))


@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_opening_an_amendment_changes_no_answer_whatever_it_is(qtbot: QtBot, context: Any, value: Any) -> None:
    answers = {field.name: value for field in CONTACT.fields}
    opened = amended(qtbot, context, answers)
    opened.page.form.more.set_open(True)
    opened.settle()
    opened.page.refresh()
    opened.settle()
    assert json.dumps(opened.page.draft.fields, sort_keys=True) == json.dumps(answers, sort_keys=True)


def test_a_contact_that_was_still_missing_with_a_time_of_coming_back_keeps_both(qtbot: QtBot, context: Any) -> None:
    answers = {
        "concerns": ["missing"], "missing": "still", "missing_since": "2017-03-13T21:40:00+00:00",
        "back_at": "2017-03-14T02:02:00+00:00",
    }  # fmt: skip
    opened = amended(qtbot, context, answers)
    opened.page.refresh()
    opened.settle()
    assert opened.page.draft.fields == answers


def test_an_answer_that_is_given_leaves_what_does_not_fit_beside_it(qtbot: QtBot, context: Any) -> None:
    answers = {
        "concerns": ["school", {"a": 1}, "new_concern"],
        "follow_ups": ODD_ROWS,
        "happening": 1.5,
        "risk": ["low"],
    }
    opened = amended(qtbot, context, answers)
    opened.press(Qt.Key.Key_2, ALT)
    opened.press(Qt.Key.Key_M)
    opened.press(Qt.Key.Key_Space)
    opened.press(Qt.Key.Key_7, ALT)
    opened.press(Qt.Key.Key_Tab)
    opened.press(Qt.Key.Key_Tab)
    assert opened.focused().accessibleName() == "Follow-up 2, what"
    opened.press(Qt.Key.Key_A, CTRL)
    opened.type("Ring GP")
    fields = opened.page.draft.fields
    assert fields["concerns"] == ["school", {"a": 1}, "new_concern", "missing"]
    assert fields["follow_ups"] == [
        "a",
        {"id": "r", "what": 5, "due": 7, "who": {}, "unknown": [1]},
        {"id": "s", "what": "Ring GP"},
    ]
    assert (fields["happening"], fields["risk"]) == (1.5, ["low"])
