"""What is asked once before a contact is finished: whether really nobody needs to know, and who is told of a return."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.missing_episode import TOLD_OF_THE_RETURN
from hipss_desktop.views.services import Services
from tests.helpers.log_contact_page import CTRL, Opened
from tests.helpers.open_page import read
from tests.helpers.several_laptops import child_named

Key = Qt.Key
POLICE = TOLD_OF_THE_RETURN["police"]


def answers(services: Services, **more: Any) -> dict[str, Any]:
    """A contact of low risk about Ellie, of which nobody needs to know."""
    return {
        "type": "call",
        "caller_name": "Sunita Rao",
        "caller_role": "carer",
        "children": [child_named(services, "Ellie")],
        "concerns": ["school"],
        "happening": "She was late",
        "no_advice": True,
        "risk": "low",
        "needs_to_know": ["nobody"],
        "told": "2017-03-14T02:10:00+00:00",
        **more,
    }


STILL = {"concerns": ["missing"], "missing": "still", "missing_since": "2017-03-14T01:00:00+00:00"}
BACK = {"concerns": ["missing"], "missing": "back", "back_at": "2017-03-14T02:05:00+00:00"}


def finished(services: Services) -> int:
    return services.store.count_about(child_named(services, "Ellie"))


def finish(opened: Opened, qtbot: QtBot, context: Any) -> None:
    opened.press(Key.Key_Return, CTRL)
    read(qtbot, context)


@pytest.fixture
def opened(qtbot: QtBot, context: Any) -> Opened:
    return Opened(qtbot, context)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"risk": "high"}, "High risk. Does nobody need to know?"),
        (STILL, "Ellie is missing. Does nobody need to know?"),
    ],
)
def test_that_nobody_needs_to_know_is_asked_once_in_place_and_the_answer_finishes(
    opened: Opened, qtbot: QtBot, context: Any, services: Services, more: dict[str, Any], words: str
) -> None:
    opened.page.answers.put(**answers(services, **more))
    read(qtbot, context)
    before = finished(services)
    finish(opened, qtbot, context)
    finish(opened, qtbot, context)
    assert finished(services) == before
    (button,) = opened.page.form.before_finish.buttons
    assert opened.focused() is button
    assert button.accessibleName() == f"Nobody needs to know: {words}"
    opened.press(Key.Key_Return)
    read(qtbot, context)
    assert finished(services) == before + 1


def test_somebody_who_needs_to_know_and_a_low_risk_are_not_asked_about(
    opened: Opened, qtbot: QtBot, context: Any, services: Services
) -> None:
    opened.page.answers.put(**answers(services))
    before = finished(services)
    finish(opened, qtbot, context)
    assert finished(services) == before + 1


def test_another_answer_takes_the_question_away(opened: Opened, qtbot: QtBot, context: Any, services: Services) -> None:
    opened.page.answers.put(**answers(services, risk="high"))
    finish(opened, qtbot, context)
    assert opened.page.form.before_finish.isVisible()
    opened.page.answers.put(needs_to_know=["manager"])
    assert not opened.page.form.before_finish.isVisible()
    before = finished(services)
    finish(opened, qtbot, context)
    assert finished(services) > before


def call_with_police(services: Services) -> None:
    """A call at 01:30: Ellie is missing, and the police were told."""
    told_rows = [{"id": "t", "who": "police", "reference": "0612", "at": "2017-03-14T01:20:00+00:00"}]
    fields = answers(services, **STILL, told_others=told_rows, needs_to_know=["police"]) | {
        "told": "2017-03-14T01:30:00+00:00"
    }
    services.records.finish(replace(services.records.new_draft("contact"), fields=fields))


@pytest.mark.parametrize("is_added", [True, False])
def test_police_who_were_told_that_she_is_missing_are_offered_to_be_told_that_she_is_back(
    opened: Opened, qtbot: QtBot, context: Any, services: Services, *, is_added: bool
) -> None:
    call_with_police(services)
    opened.page.answers.put(**answers(services, **BACK))
    read(qtbot, context)
    before = finished(services)
    finish(opened, qtbot, context)
    assert finished(services) == before
    add, not_needed = opened.page.form.before_finish.buttons
    assert add.accessibleName() == f"Add the follow-up: Police were told that Ellie is missing. {POLICE}?"
    (add if is_added else not_needed).setFocus()
    opened.press(Key.Key_Return)
    read(qtbot, context)
    actions = [
        record.fields["what"] for record in services.store.records_about(child_named(services, "Ellie"), kind="action")
    ]
    assert (POLICE in actions) == is_added
    assert finished(services) == before + 1 + is_added


def test_nobody_is_offered_to_be_told_of_a_return_where_nobody_was_told_or_a_guide_asks_itself(
    opened: Opened, qtbot: QtBot, context: Any, services: Services
) -> None:
    call_with_police(services)
    services.missing.begin(services.missing.draft(child_named(services, "Ellie")))
    opened.page.answers.put(**answers(services, **BACK))
    read(qtbot, context)
    before = finished(services)
    finish(opened, qtbot, context)
    assert finished(services) == before + 1
