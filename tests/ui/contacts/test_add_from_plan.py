"""Advice from the safety plan: only the lines that were picked, each with where it is from."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.log_contact_page import ALT, SHIFT, Opened
from tests.helpers.several_laptops import amend, child_named, exchange


@pytest.fixture
def opened(qtbot: QtBot, context: Any) -> Opened:
    """Jo rings about Kai; "Martin to wait." was advised so far."""
    page = Opened(qtbot, context)
    page.type("jo")
    page.press(Qt.Key.Key_Return)
    page.settle()
    page.press(Qt.Key.Key_4, ALT)
    page.type("Martin to wait.")
    return page


def words(opened: Opened) -> list[str]:
    return [box.text() for box in opened.page.form.plan.boxes]


def test_opening_the_plan_adds_nothing_and_escape_closes_it(opened: Opened) -> None:
    opened.press(Qt.Key.Key_P, ALT)
    assert opened.page.form.plan.isVisible()
    assert words(opened)[0] == "One adult, low voice, food"
    assert "Do not: block a doorway or hold him" in words(opened)
    assert not any(box.isChecked() for box in opened.page.form.plan.boxes)
    opened.press(Qt.Key.Key_Escape)
    assert not opened.page.form.plan.isVisible()
    assert opened.page.answers.text("advice") == "Martin to wait."
    opened.type(" Toast")
    assert opened.page.answers.text("advice") == "Martin to wait. Toast"


def test_enter_adds_the_line_with_the_focus(opened: Opened) -> None:
    opened.press(Qt.Key.Key_P, ALT)
    opened.press(Qt.Key.Key_Down)
    line = words(opened)[1]
    opened.press(Qt.Key.Key_Return)
    assert opened.page.answers.text("advice") == f"Martin to wait. {line} (from the plan)."
    assert opened.focused() is opened.page.form.advice
    opened.type(" At")
    assert opened.page.answers.text("advice").endswith("(from the plan). At")


def test_space_picks_several_and_they_read_as_the_plan_means_them(opened: Opened) -> None:
    opened.press(Qt.Key.Key_P, ALT)
    opened.press(Qt.Key.Key_Space)
    place = words(opened).index("Do not: block a doorway or hold him")
    for _ in range(place):
        opened.press(Qt.Key.Key_Down)
    opened.press(Qt.Key.Key_Space)
    opened.press(Qt.Key.Key_Return)
    assert opened.page.answers.text("advice") == (
        "Martin to wait. One adult, low voice, food (from the plan). "
        "Do not: block a doorway or hold him (from the plan)."
    )


def test_the_list_is_one_stop_of_tab_between_advice_and_risk(opened: Opened) -> None:
    opened.press(Qt.Key.Key_P, ALT)
    form = opened.page.form
    opened.press(Qt.Key.Key_Down)
    opened.press(Qt.Key.Key_Tab)
    assert opened.focused() is form.plan.add
    opened.press(Qt.Key.Key_Tab)
    opened.press(Qt.Key.Key_Tab)
    assert form.risk.isAncestorOf(opened.focused())
    for _ in range(3):
        opened.press(Qt.Key.Key_Tab, SHIFT)
    assert opened.focused() is form.plan.boxes[1]
    opened.press(Qt.Key.Key_Tab, SHIFT)
    assert opened.focused() is form.advice


def test_a_line_that_is_added_takes_no_advice_given_away(opened: Opened) -> None:
    opened.page.form.advice.clear()
    opened.page.form.no_advice.click()
    opened.press(Qt.Key.Key_P, ALT)
    opened.press(Qt.Key.Key_Return)
    assert not opened.page.answers.get("no_advice")


def test_with_several_children_a_line_says_whose_plan_it_is_from(opened: Opened, services: Services) -> None:
    ellie = services.people.find("ellie", kinds=("child",))[0].record
    lines = services.calls.plan_lines([*opened.page.answers.listed("children"), ellie])
    assert {line.source for line in lines} >= {"Kai’s plan"}
    headings = [line.heading for line in lines]
    assert headings == sorted(headings, key=["What helps", "Do not"].index)


def test_while_a_plan_has_two_versions_the_lines_of_both_are_offered_and_say_so(
    qtbot: QtBot, context: Any, mine: Services, theirs: Services
) -> None:
    kai = child_named(mine, "Kai")
    child = mine.people.record(kai)
    assert child is not None
    helps = child.fields["helps"]
    amend(mine, kai, {"helps": [*helps, "Toast works at night"]})
    amend(theirs, kai, {"helps": [*helps, "Text his brother first."]})
    exchange(mine, theirs)
    page = Opened(qtbot, context, child=kai)
    page.press(Qt.Key.Key_4, ALT)
    page.press(Qt.Key.Key_P, ALT)
    one_of_two = {"Toast works at night · in one of two versions", "Text his brother first · in one of two versions"}
    assert {line for line in words(page) if "versions" in line} == one_of_two
    assert words(page)[0] == "One adult, low voice, food"
    for _ in range(words(page).index("Text his brother first · in one of two versions")):
        page.press(Qt.Key.Key_Down)
    page.press(Qt.Key.Key_Return)
    assert page.page.answers.text("advice") == "Text his brother first (from one version of the plan)."


def test_without_a_plan_that_is_said(opened: Opened) -> None:
    opened.page.answers.put(children=[])
    opened.press(Qt.Key.Key_P, ALT)
    assert opened.context.said == ["There is no safety plan to add from."]
    assert not opened.page.form.plan.isVisible()
