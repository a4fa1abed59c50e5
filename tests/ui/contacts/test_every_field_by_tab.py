"""From every state of the form Tab reaches each field that is shown, in reading order, and typing changes no choice."""

import functools
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.log_contact_page import ALT, CTRL, Opened
from tests.helpers.walk import described, tab_round
from ui.contacts.missing import MissingRow
from ui.parts import ChipGroup, Field, Radio, RadioCards

INPUTS = (QLineEdit, QPlainTextEdit, QComboBox, QAbstractButton)
GROUPS = (ChipGroup, RadioCards)

CALLERS = {"nobody": "", "child not known to be missing": "sunita", "child known to be missing": "jo"}
ANSWERS = ("no concern", "missing", "still", "not known", "back")


def ring(opened: Opened, letters: str) -> None:
    """Pick who is calling; '' for nobody yet."""
    if letters:
        opened.type(letters)
        opened.press(Qt.Key.Key_Return)
        opened.settle()


def answer(opened: Opened, state: str) -> None:
    """Bring the questions about a missing child into a state, from any other."""
    row, chip = opened.page.form.missing, opened.page.form.chips.chips()[0]
    if chip.isChecked() == (state == "no concern"):
        chip.click()
    for radio in row.radios:
        if radio.key == state or (radio.key == "still" and state == "not known"):
            radio.click()
    if state == "not known" and row.change.isVisible():
        row.change.click()
    if row.not_known.isVisible() and row.not_known.isChecked() != (state == "not known"):
        row.not_known.click()
    opened.settle()


def key_of(widget: QWidget) -> QWidget:
    """The field of an input: its group where several make one answer, else itself."""
    step: QWidget | None = widget
    while step is not None:
        if isinstance(step, GROUPS) or (isinstance(step, MissingRow) and isinstance(widget, Radio)):
            return step
        step = step.parentWidget()
    return widget


def shown(form: QWidget) -> list[QWidget]:
    """The fields that are shown, in reading order: question by question, inside one by line and from left to right."""
    seen: list[QWidget] = []
    for widget in form.findChildren(QWidget):
        usable = isinstance(widget, INPUTS) and widget.isVisibleTo(form) and widget.isEnabled()
        if usable and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is form.window():
            seen.append(widget)
    seen.sort(key=functools.cmp_to_key(lambda a, b: before(form, a, b)))
    return list(dict.fromkeys(key_of(widget) for widget in seen))


def questions(form: QWidget, widget: QWidget) -> list[QWidget]:
    """The questions that a widget stands in, from the outside, and itself."""
    widgets, step = [widget], widget.parentWidget()
    while step is not None and step is not form:
        if isinstance(step, Field):
            widgets.insert(0, step)
        step = step.parentWidget()
    return widgets


def before(form: QWidget, first_widget: QWidget, second_widget: QWidget) -> int:
    """Negative where one widget is read before the other."""
    pair = next(
        (
            (a, b)
            for a, b in zip(questions(form, first_widget), questions(form, second_widget), strict=False)
            if a is not b
        ),
        (first_widget, second_widget),
    )
    first, second = (QRect(widget.mapTo(form, QPoint(0, 0)), widget.size()) for widget in pair)
    if first.bottom() < second.center().y() and second.top() > first.center().y():
        return -1
    if second.bottom() < first.center().y() and first.top() > second.center().y():
        return 1
    return first.x() - second.x()


def reached(opened: Opened) -> list[QWidget]:
    """The fields of the form that Tab, really pressed, comes past once round from the first that is shown."""
    form = opened.page.form
    shown(form)[0].setFocus()
    round_once = tab_round(opened)
    inside = [widget for widget in round_once if form.isAncestorOf(widget) and isinstance(widget, INPUTS)]
    assert inside == round_once[: len(inside)], "the form is passed whole before the card and the actions"
    return [key for key, _ in itertools.groupby(key_of(widget) for widget in inside)]


def assert_all_reached(opened: Opened, *state: object) -> None:
    fields = [described(key) for key in shown(opened.page.form)]
    assert [described(key) for key in reached(opened)] == fields, state


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("below", ["more shut", "more open"])
def test_tab_reaches_every_field_that_is_shown_in_reading_order(
    qtbot: QtBot, context: Any, caller: str, below: str
) -> None:
    opened = Opened(qtbot, context)
    ring(opened, CALLERS[caller])
    if below == "more open":
        opened.press(Qt.Key.Key_8, ALT)
    for state in ANSWERS:
        answer(opened, state)
        assert_all_reached(opened, state)
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    assert opened.errors()
    for state in ("back", "still", "not known", "no concern"):
        answer(opened, state)
        assert_all_reached(opened, state, "errors shown")


@pytest.mark.parametrize("below", ["more shut", "more open"])
def test_tab_reaches_who_was_told_already_behind_who_needs_to_know(qtbot: QtBot, context: Any, below: str) -> None:
    opened = Opened(qtbot, context)
    ring(opened, "sunita")
    if below == "more open":
        opened.press(Qt.Key.Key_8, ALT)
    for place in (1, 0):
        opened.page.form.know[place].click()
        opened.settle()
        assert_all_reached(opened, place)


def test_tab_reaches_every_field_of_an_amendment(qtbot: QtBot, context: Any, services: Services) -> None:
    record = next(
        record for record in services.store.records_of("contact", limit=9) if record.fields.get("missing")
    ).record
    opened = Opened(qtbot, context, draft=services.records.amendment(record))
    for state in ("still", "not known", "back", "no concern"):
        answer(opened, state)
        assert_all_reached(opened, state)


# A tick that is off says nothing, so off and never ticked are the same.
CHOICES = ("concerns", "missing", "last_seen_not_known", "no_advice", "risk", "needs_to_know", "type", "channel",
           "caller_not_known", "outcome", "handover", "risk_after")  # fmt: skip
LETTERS = "m low 1 back nobody 2 "


def finish(opened: Opened) -> None:
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()


def end_the_call(opened: Opened) -> None:
    opened.press(Qt.Key.Key_3, ALT)
    QTest.mouseClick(opened.page.header.end, Qt.MouseButton.LeftButton)


def open_and_shut_the_plan(opened: Opened) -> None:
    opened.press(Qt.Key.Key_4, ALT)
    opened.press(Qt.Key.Key_P, ALT)
    if opened.page.form.plan.isVisible():
        opened.press(Qt.Key.Key_Escape)


def add_a_follow_up(opened: Opened) -> None:
    opened.page.form.follow_ups.add.click()
    QTest.qWait(5)


LEAVE_THE_FOCUS = (finish, end_the_call, open_and_shut_the_plan, add_a_follow_up)


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("leave", LEAVE_THE_FOCUS, ids=lambda does: does.__name__)
def test_where_the_program_puts_the_focus_no_letter_or_space_changes_a_choice(
    qtbot: QtBot, context: Any, caller: str, leave: Callable[[Opened], None]
) -> None:
    opened = Opened(qtbot, context)
    ring(opened, CALLERS[caller])
    for state in ("no concern", "missing", "still", "back"):
        answer(opened, state)
        leave(opened)
        before = opened.page.answers.fields()
        opened.type(LETTERS)
        after = opened.page.answers.fields()
        changed = [name for name in CHOICES if (before.get(name) or None) != (after.get(name) or None)]
        assert changed == [], (state, opened.focused())
        assert before.get("caller") == after.get("caller")
