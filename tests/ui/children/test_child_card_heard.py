"""The child's card as a screen reader goes through it: lists whose lines carry their heading, in the order of reading."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from pytestqt.qtbot import QtBot

from tests.helpers.log_contact_page import ALT, Opened
from tests.helpers.spoken import Reader
from tests.helpers.walk import accessible_tree
from ui.children.child_card import ChildCardView

Role, Name = QAccessible.Role, QAccessible.Text.Name


@pytest.fixture
def opened(qtbot: QtBot, context: Any) -> Opened:
    """The contact's page, with Jo Preece on the line about Kai."""
    page = Opened(qtbot, context)
    page.type("jo")
    page.press(Qt.Key.Key_Return)
    page.settle()
    return page


def lists(card: ChildCardView) -> Iterator[tuple[str, list[str]]]:
    """Each list of the card with what its lines say."""
    for node in accessible_tree(QAccessible.queryAccessibleInterface(card)):
        if node.role() == Role.List:
            yield node.text(Name), [line.text(Name) for line in accessible_tree(node) if line is not node]


def test_each_line_of_the_plan_is_said_with_its_heading_in_the_order_of_reading(opened: Opened) -> None:
    card_lists = dict(lists(opened.page.body.child_card))
    assert list(card_lists) == [
        *("Warnings", "Known risks", "Triggers", "What helps", "Do not"),
        *("Who to call", "Last contacts", "Delegated authority"),
    ]
    assert card_lists["Do not"] == [
        "Do not: Block a doorway or hold him",
        "Do not: Take his phone tonight",
        "Do not: Let Martin go in first",
    ]
    assert card_lists["What helps"][0] == "What helps: One adult, low voice, food"


def test_each_number_is_said_with_who_answers_it_and_each_contact_with_its_time(opened: Opened) -> None:
    card_lists = dict(lists(opened.page.body.child_card))
    assert card_lists["Who to call"][0] == "Preece home, 01632 960174"
    assert all(" 960" in line or " 900" in line or line[-3:].isdigit() for line in card_lists["Who to call"])
    assert card_lists["Last contacts"][0] == "23:32, No news. Phone off. Martin out looking in the car."


def test_each_line_is_found_once_and_as_a_line_of_its_list(opened: Opened) -> None:
    card = QAccessible.queryAccessibleInterface(opened.page.body.child_card)
    words = [node.text(Name) for node in accessible_tree(card) if node.role() in (Role.ListItem, Role.StaticText)]
    assert [line for line in words if "doorway" in line] == ["Do not: Block a doorway or hold him"]
    assert [line for line in words if "01632 960174" in line] == ["Preece home, 01632 960174"]
    for node in accessible_tree(card):
        if node.role() == Role.ListItem:
            above = node.parent()
            assert above is not None
            assert above.role() == Role.List


def below(region: QAccessibleInterface) -> list[QAccessibleInterface]:
    return [node for node in accessible_tree(region) if node is not region]


def test_the_card_is_a_region_that_names_its_child_and_not_everything_in_it(opened: Opened) -> None:
    opened.press(Qt.Key.Key_0, ALT)
    spoken_words = Reader().says()
    assert spoken_words.startswith("Child’s card section. Kai M., 14, HIPSS-017, Missing since 21:40")
    assert "doorway" not in spoken_words
    region = QAccessible.queryAccessibleInterface(opened.focused())
    # Orca reads every loose label of a region at once; what matters is in lists, so that it is gone through
    loose = [node.text(Name) for node in below(region) if node.role() == Role.StaticText and node.text(Name)]
    assert all("doorway" not in words and "960" not in words for words in loose)


def test_the_heard_order_is_the_same_in_a_narrow_window(opened: Opened) -> None:
    wide = list(lists(opened.page.body.child_card))
    opened.resize(800, 640)
    opened.press(Qt.Key.Key_0, ALT)
    assert list(lists(opened.page.body.child_card)) == wide
