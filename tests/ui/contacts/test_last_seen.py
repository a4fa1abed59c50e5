"""When a child was last seen is said of that child alone, and only as long as earlier contacts say it."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.views.services import Services
from tests.helpers.log_contact_page import ALT, CTRL, Opened, reopened
from tests.helpers.several_laptops import child_named, exchange

KNOWN = "2017-03-13T21:40:00+00:00"
ONE_EACH = "Log one contact for each child who is missing or back"


@pytest.fixture
def opened(qtbot: QtBot, context: Any) -> Opened:
    """Jo Preece rings about Kai, who is known to be missing since 21:40."""
    page = Opened(qtbot, context)
    pick(page, "jo")
    return page


def pick(page: Opened, letters: str) -> None:
    page.type(letters)
    page.press(Qt.Key.Key_Return)
    page.settle()


def tick_missing(page: Opened) -> None:
    page.press(Qt.Key.Key_2, ALT)
    page.press(Qt.Key.Key_Space)


def add_child(page: Opened, letters: str) -> None:
    button = page.page.form.caller.add_child
    button.setFocus()
    page.press(Qt.Key.Key_Space)
    pick(page, letters)


def still_missing(page: Opened) -> None:
    page.press(Qt.Key.Key_2, ALT)
    page.press(Qt.Key.Key_2, ALT)
    while page.focused() is not page.page.form.missing.radios[0]:
        page.press(Qt.Key.Key_Tab)
    page.press(Qt.Key.Key_Space)


def answer_the_rest(page: Opened) -> None:
    page.press(Qt.Key.Key_3, ALT)
    page.type("Not in her bed.")
    page.press(Qt.Key.Key_4, ALT)
    page.type("Ring the police.")
    for key in (Qt.Key.Key_5, Qt.Key.Key_6):
        page.press(key, ALT)
        page.press(Qt.Key.Key_Space)


def finish(page: Opened) -> None:
    page.press(Qt.Key.Key_Return, CTRL)
    page.settle()


def status(services: Services, name: str) -> str:
    placed = next(child for child in services.on_call.children(services.clock()) if child.name.startswith(name))
    return placed.status.words


def said_of_last_seen(page: Opened) -> tuple[str, str]:
    """The words of the row, and what is kept."""
    return page.page.form.missing._words.text(), page.page.answers.text("missing_since")


def test_two_children_of_one_contact_are_never_both_missing(opened: Opened, services: Services) -> None:
    before = status(services, "Tyler")
    add_child(opened, "ty")
    tick_missing(opened)
    assert said_of_last_seen(opened) == ("Last seen", "")
    still_missing(opened)
    opened.page.form.missing.not_known.setFocus()
    opened.press(Qt.Key.Key_Space)
    answer_the_rest(opened)
    finish(opened)
    assert opened.errors() == [ONE_EACH]
    assert opened.page.form.caller.children_field.error() == ONE_EACH
    opened.press(Qt.Key.Key_F8)
    assert opened.page.form.caller.children_field.isAncestorOf(opened.focused())
    assert status(services, "Tyler") == before


def test_a_child_who_stays_alone_is_not_said_to_be_missing_since_another_was(opened: Opened) -> None:
    tick_missing(opened)
    assert said_of_last_seen(opened) == ("Kai has been missing since 21:40", KNOWN)
    add_child(opened, "ty")
    control = opened.page.form.caller.children_control
    remove = next(
        stop for stop in control.stops() if "Remove Kai" in (stop.accessibleName() or getattr(stop, "text", str)())
    )
    remove.setFocus()
    opened.press(Qt.Key.Key_Space)
    opened.settle()
    assert len(opened.page.answers.listed("children")) == 1
    assert said_of_last_seen(opened) == ("Last seen", "")


def test_another_caller_after_a_lock_brings_another_child_without_since_when_the_first_is_missing(
    opened: Opened, services: Services
) -> None:
    tick_missing(opened)
    opened_again = reopened(opened, services)
    assert said_of_last_seen(opened_again) == ("Kai has been missing since 21:40", KNOWN)
    opened_again.press(Qt.Key.Key_1, ALT)
    pick(opened_again, "sunita")
    assert opened_again.page.form.caller.child.text() == "Ellie R. · 12"
    assert said_of_last_seen(opened_again) == ("Last seen", "")


def test_what_is_known_comes_and_goes_with_the_concern(opened: Opened) -> None:
    assert not opened.page.answers.text("missing_since")
    tick_missing(opened)
    assert opened.page.answers.text("missing_since") == KNOWN
    opened.press(Qt.Key.Key_Space)
    assert not opened.page.answers.text("missing_since")


def test_a_time_that_the_caller_gave_stays_where_an_earlier_contact_says_another(opened: Opened) -> None:
    tick_missing(opened)
    opened.page.form.missing.change.setFocus()
    opened.press(Qt.Key.Key_Space)
    opened.type("2215")
    for _ in range(2):
        opened.page.refresh()
        opened.settle()
    assert opened.page.answers.text("missing_since") == "2017-03-13T22:15:00+00:00"
    opened.page.form.missing.since.box.selectAll()
    opened.press(Qt.Key.Key_Delete)
    assert not opened.page.answers.text("missing_since"), "it is asked for now"
    assert opened.page.form.missing.since.box.hasFocus()


def test_a_child_whom_another_laptop_says_to_be_back_is_no_longer_missing_since(
    opened: Opened, mine: Services, theirs: Services
) -> None:
    tick_missing(opened)
    assert said_of_last_seen(opened)[1] == KNOWN
    draft = theirs.records.new_draft(CONTACT.name, CONTACT.initial())
    kai = child_named(theirs, "Kai")
    back = {"children": [kai], "concerns": ["missing"], "missing": "back", "back_at": "2017-03-14T02:05:00+00:00"}
    with theirs.store.write() as unit:
        fields = {**draft.fields, **back, "told": "2017-03-14T02:06:00+00:00"}
        unit.append(
            record=draft.record, kind=CONTACT.name, action="finish", fields=fields, changed=sorted(fields), parents=()
        )
    exchange(mine, theirs)
    opened.page.refresh()
    opened.settle()
    assert said_of_last_seen(opened) == ("Last seen", "")


@pytest.mark.parametrize("typed", ["2x", "99:99"])
def test_a_last_seen_that_cannot_be_read_is_gone_back_to(qtbot: QtBot, context: Any, typed: str) -> None:
    page = Opened(qtbot, context)
    pick(page, "sunita")
    tick_missing(page)
    page.press(Qt.Key.Key_2, ALT)
    page.type(typed)
    page.press(Qt.Key.Key_3, ALT)
    page.press(Qt.Key.Key_2, ALT)
    page.press(Qt.Key.Key_2, ALT)
    assert page.focused() is page.page.form.missing.since.box
