"""Who is calling, by real keys over a real store: a wrong choice is typed over, a number is a number, Enter is spoken."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop import identity
from hipss_desktop.views.services import Services
from tests.helpers.log_contact_page import ALT, NONE, SHIFT, Opened, reopened
from tests.helpers.several_laptops import amend, child_named
from ui.base.announce import signals

JO_S_CHILD = "Kai M. · 14"


@pytest.fixture
def opened(qtbot: QtBot, context: Any) -> Opened:
    return Opened(qtbot, context)


@pytest.fixture
def heard(qapp: QApplication) -> Any:
    """What a screen reader was told."""
    sentences: list[str] = []

    def note(widget: QWidget, words: str, assertive: bool) -> None:
        sentences.append(words)

    signals.announced.connect(note)
    yield sentences
    signals.announced.disconnect(note)


def pick(opened: Opened, typed: str) -> None:
    opened.type(typed)
    opened.press(Qt.Key.Key_Return)
    opened.settle()


def answers(opened: Opened, *names: str) -> dict[str, Any]:
    return {name: opened.page.answers.get(name) for name in names}


def household(services: Services, family: str, phone: str) -> str:
    record = identity.record_id()
    fields = {"members": [{"id": "01", "given_name": "Pat", "family_name": family, "phone": phone}]}
    with services.store.write() as unit:
        unit.append(record=record, kind="carer", action="finish", fields=fields, changed=sorted(fields), parents=())
    return record


def test_typing_after_a_choice_replaces_the_name_and_takes_back_what_it_brought(opened: Opened) -> None:
    pick(opened, "jo")
    assert opened.page.form.caller.child.text() == JO_S_CHILD
    opened.type("sunita")
    assert opened.page.form.caller.caller.text() == "sunita"
    brought = ("caller", "caller_role", "call_back", "children", "missing_since")
    assert answers(opened, *brought) == dict.fromkeys(brought)
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    assert opened.page.answers.text("caller_name") == "Sunita Rao"
    assert opened.page.form.caller.child.text() == "Ellie R. · 12"


def test_a_child_whom_the_person_chose_stays_when_the_caller_is_typed_over(opened: Opened) -> None:
    pick(opened, "jo")
    opened.page.form.caller.child.setFocus()
    pick(opened, "ty")
    opened.page.form.caller.caller.setFocus()
    opened.type("x")
    assert opened.page.form.caller.child.text() == "Tyler B. · 15"


def test_a_child_whom_the_caller_brought_goes_with_that_caller_after_a_lock_too(
    opened: Opened, services: Services
) -> None:
    household(services, "Empty", "07700 900301")
    pick(opened, "jo")
    opened_again = reopened(opened, services)
    assert answers(opened_again, "children") == {"children": [child_named(services, "Kai")]}
    opened_again.page.form.caller.caller.setFocus()
    pick(opened_again, "pat em")
    assert answers(opened_again, "caller_name", "children") == {"caller_name": "Pat Empty", "children": None}
    assert opened_again.page.form.caller.child.text() == ""


def test_a_child_whom_the_person_chose_stays_after_a_lock_when_the_caller_is_typed_over(
    opened: Opened, services: Services
) -> None:
    opened.page.form.caller.child.setFocus()
    pick(opened, "kai")
    opened.page.form.caller.caller.setFocus()
    pick(opened, "jo")
    opened_again = reopened(opened, services)
    opened_again.page.form.caller.caller.setFocus()
    opened_again.type("x")
    assert answers(opened_again, "children") == {"children": [child_named(services, "Kai")]}


def test_a_child_who_rang_goes_when_another_caller_is_picked(opened: Opened, services: Services) -> None:
    household(services, "Empty", "07700 900301")
    pick(opened, "kai")
    assert opened.page.form.caller.child.text() == JO_S_CHILD
    opened.page.form.caller.caller.setFocus()
    pick(opened, "pat em")
    assert answers(opened, "caller_name", "children") == {"caller_name": "Pat Empty", "children": None}


def test_a_call_for_an_action_is_about_the_child_of_the_action(qtbot: QtBot, context: Any, services: Services) -> None:
    jo = services.people.find("jo preece")[0]
    tyler = child_named(services, "Tyler")
    opened = Opened(qtbot, context, caller=jo, child=tyler)
    opened.settle()
    assert answers(opened, "caller_name", "children") == {"caller_name": "Jo Preece", "children": [tyler]}


@pytest.mark.parametrize("focused_by", ["tab", "key of the question", "mouse"])
def test_a_choice_is_selected_whole_on_focus_and_the_next_letter_replaces_it(opened: Opened, focused_by: str) -> None:
    pick(opened, "jo")
    field = opened.page.form.caller.caller
    opened.press(Qt.Key.Key_3, ALT)
    assert not field.hasFocus()
    if focused_by == "tab":
        opened.page.form.caller.child.setFocus()
        opened.press(Qt.Key.Key_Tab, SHIFT)
    elif focused_by == "mouse":
        QTest.mouseClick(field, Qt.MouseButton.LeftButton, NONE, QPoint(60, field.height() // 2))
    else:
        opened.press(Qt.Key.Key_1, ALT)
    assert field.hasFocus()
    assert field.selectedText() == "Jo Preece"
    opened.type("s")
    assert field.text() == "s"


def test_a_second_click_puts_the_caret_where_it_was_clicked(opened: Opened) -> None:
    pick(opened, "jo")
    field = opened.page.form.caller.caller
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, NONE, QPoint(60, field.height() // 2))
    assert field.selectedText() == ""


def test_the_child_that_was_chosen_is_typed_over_too(opened: Opened) -> None:
    opened.page.form.caller.child.setFocus()
    pick(opened, "kai")
    pick(opened, "ty")
    assert opened.page.form.caller.child.text() == "Tyler B. · 15"


def test_what_a_choice_brought_along_is_spoken(opened: Opened, heard: list[str]) -> None:
    pick(opened, "jo")
    assert heard[-1] == "Jo Preece, carer. Kai M. picked from the placement. 01632 960174"


def test_where_no_child_or_several_are_placed_that_is_spoken(
    opened: Opened, services: Services, heard: list[str]
) -> None:
    household(services, "Empty", "07700 900301")
    pick(opened, "pat em")
    assert heard[-1] == "Pat Empty, carer. No child is placed here tonight. 07700 900301"


@pytest.mark.parametrize("shown", ["+44 7700 900301", "07700900301", "tel:07700900301", "0301"])
def test_a_number_as_the_telephone_shows_it_finds_the_household(opened: Opened, services: Services, shown: str) -> None:
    record = household(services, "Other", "07700 900301")
    pick(opened, shown)
    caller_answers = answers(opened, "caller", "caller_name")
    assert caller_answers == {"caller": record, "caller_name": "Pat Other"}
    assert opened.page.form.caller.number.text() == "07700 900301"


@pytest.mark.parametrize("leaves_by", [Qt.Key.Key_Tab, Qt.Key.Key_Return])
def test_a_number_that_nobody_has_is_kept_to_call_back_and_never_as_a_name(
    opened: Opened, services: Services, leaves_by: Qt.Key
) -> None:
    shown = "+44 7700 900399"
    for place in range(len(shown)):
        opened.type(shown[place])
        assert opened.page.answers.text("caller_name") in ("", "+")
        assert opened.page.form.caller.caller.text() == shown[: place + 1]
    opened.press(leaves_by)
    assert opened.page.form.caller.caller.text() == ""
    assert answers(opened, "caller_name", "call_back") == {"caller_name": None, "call_back": shown}
    assert opened.page.form.caller.number.text() == "07700 900399"
    assert opened.page.form.caller.note.whole() == "No caller yet"
    opened.page.form.caller.caller.setFocus()
    opened.type("Pat Smith")
    assert answers(opened, "caller_name", "call_back") == {"caller_name": "Pat Smith", "call_back": shown}
    assert opened.page.form.caller.note.whole() == ""
    for _ in "Pat Smith":
        opened.press(Qt.Key.Key_Backspace)
    assert answers(opened, "caller_name", "call_back") == {"caller_name": None, "call_back": shown}


def test_the_number_that_was_typed_stays_when_a_caller_is_picked_after_it(opened: Opened) -> None:
    opened.type("07700900399")
    opened.press(Qt.Key.Key_Return)
    pick(opened, "jo")
    assert opened.page.answers.text("call_back") == "07700900399"
    opened.type("sunita")
    assert not opened.page.answers.text("call_back"), "it was Jo who rang from there"


def test_a_number_that_is_taken_back_leaves_nothing(opened: Opened) -> None:
    opened.type("0770")
    for _ in range(4):
        opened.press(Qt.Key.Key_Backspace)
    assert answers(opened, "caller_name", "call_back") == {"caller_name": None, "call_back": None}


def test_two_households_with_one_number_are_both_offered(opened: Opened, services: Services) -> None:
    household(services, "First", "07700 900301")
    second = household(services, "Second", "+44 7700 900301")
    opened.type("07700 900301")
    opened.press(Qt.Key.Key_Down)
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    assert opened.page.answers.text("caller") == second


def test_a_child_who_was_renamed_is_offered_by_the_name_that_the_caller_uses(opened: Opened, mine: Services) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, {"family_name": "Hartley"})
    child = opened.page.form.caller.child
    child.setFocus()
    opened.type("merrick")
    pick(opened, "")
    picked = child.value()
    assert picked is not None
    assert (picked.key, picked.secondary) == (kai, "formerly Merrick, HIPSS-017")


def test_a_carer_who_was_renamed_is_offered_by_the_name_before_and_kept_by_the_present_one(
    opened: Opened, mine: Services, heard: list[str]
) -> None:
    jo = mine.people.find("jo preece")[0].record
    held = mine.store.get(jo)
    assert held is not None
    members = [{**member, "family_name": "Moss"} for member in held.fields["members"]]
    amend(mine, jo, {"members": members})
    pick(opened, "jo preece")
    assert answers(opened, "caller", "caller_name") == {"caller": jo, "caller_name": "Jo Moss"}
    assert heard[-1].startswith("Jo Moss, carer, formerly Preece. Kai M. picked from the placement.")


def test_a_number_that_turns_out_to_be_none_is_not_kept_in_part(opened: Opened) -> None:
    pick(opened, "jo")
    opened.type("01632 960O74")
    assert answers(opened, "caller_name", "call_back") == {"caller_name": "01632 960O74", "call_back": None}
