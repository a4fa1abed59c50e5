"""The contact's page at every size: nothing cut, Finish in sight, names for all, the order of a call."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.log_contact_page import ALT, CTRL, SHIFT, Opened
from ui import theme
from ui.parts import ElidedLabel, LinkButton, RadioCard, TextArea
from ui.parts.choices import ComboBox

SIZES = [(1366, 768, 1.0), (1366, 696, 1.0), (1024, 640, 1.0), (1920, 1080, 1.0), (1366, 768, 1.5), (1024, 640, 1.5)]


@pytest.fixture
def opened(qtbot: QtBot, context: Any, qapp: QApplication) -> Iterator[Opened]:
    yield Opened(qtbot, context)
    theme.apply(qapp, theme.Theme("day"))


def clipped(root: QWidget) -> list[str]:
    """The words of every label, button and field that has less room than they need."""
    clipped_words = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, ElidedLabel | LinkButton | QLineEdit | TextArea | ComboBox):
            continue
        if isinstance(widget, QLabel) and widget.text():
            high = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
            wide = widget.minimumSizeHint().width() if widget.wordWrap() else widget.sizeHint().width()
            if widget.width() < wide or widget.height() < high - 1:
                clipped_words.append(f"{widget.text()} {widget.size().toTuple()} needs {wide}x{high}")
        elif isinstance(widget, RadioCard):
            if (
                widget.height() < widget.heightForWidth(widget.width())
                or widget.width() < widget.minimumSizeHint().width()
            ):
                clipped_words.append(widget.text())
        elif (
            isinstance(widget, QAbstractButton) and widget.text() and widget.width() < widget.minimumSizeHint().width()
        ):
            clipped_words.append(widget.text())
    return clipped_words


@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
@pytest.mark.parametrize("name", ["day", "night"])
def test_nothing_is_cut_and_finish_is_in_sight(
    opened: Opened, width: int, height: int, scale: float, name: theme.Name
) -> None:
    opened.answer_all()
    opened.page.answers.put(concerns=["missing", "school"], missing="back", back_at="2017-03-14T02:05:00+00:00")
    opened.pictured_at(width, height, scale, name)
    form = opened.page.form
    assert clipped(opened) == []
    inside = form.widget()
    assert inside is not None
    assert inside.width() <= form.viewport().width()
    finish = opened.page.bar.finish_button
    place = QRect(finish.mapTo(opened, QPoint(0, 0)), finish.size())
    assert opened.rect().contains(place)
    assert finish.visibleRegion().boundingRect() == finish.rect()
    opened.press(Qt.Key.Key_8, ALT)
    opened.pictured_at(width, height, scale, name)
    assert clipped(opened) == []
    opened.press(Qt.Key.Key_0, ALT)
    QTest.qWait(5)
    assert opened.page.body.child_card.isVisible()
    assert clipped(opened) == []


@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_errors_are_not_cut_and_the_focus_is_in_sight(opened: Opened, width: int, height: int, scale: float) -> None:
    opened.pictured_at(width, height, scale, "night")
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    QTest.qWait(5)
    assert clipped(opened) == []
    for _ in opened.errors():
        opened.press(Qt.Key.Key_F8)
        QTest.qWait(1)
        focused_widget = opened.focused()
        place = QRect(focused_widget.mapTo(opened.page.form.viewport(), QPoint(0, 0)), focused_widget.size())
        assert opened.page.form.viewport().rect().contains(place), (focused_widget.accessibleName(), place)


def test_in_a_narrow_window_the_card_is_a_tab_and_a_question_key_comes_back(opened: Opened) -> None:
    opened.type("jo")
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    opened.pictured_at(1024, 640, 1.0, "night")
    body = opened.page.body
    assert body.tabs.isVisible()
    assert not body.child_card.isVisible()
    assert body.tabs.tabText(1) == "Kai M."
    opened.press(Qt.Key.Key_0, ALT)
    assert body.child_card.isVisible()
    assert not opened.page.form.isVisible()
    opened.press(Qt.Key.Key_3, ALT)
    assert opened.page.form.happening.hasFocus()


def name_of(widget: QWidget) -> str:
    if isinstance(widget, ComboBox):  # on Linux Qt gives a drop-down's value as its name, elsewhere this
        return widget.accessibleName()
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def stops(opened: Opened) -> list[QWidget]:
    """Where Tab goes, once round from who is calling."""
    start = opened.page.form.caller.caller
    start.setFocus()
    widgets: list[QWidget] = [start]
    for _ in range(100):
        QTest.keyClick(opened.focused(), Qt.Key.Key_Tab)
        if opened.focused() is start:
            return widgets
        widgets.append(opened.focused())
    raise AssertionError([name_of(widget) for widget in widgets[-5:]])


def test_tab_goes_in_the_order_of_a_call_then_to_the_card_and_the_actions(opened: Opened) -> None:
    opened.type("jo")
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    opened.page.answers.put(concerns=["missing"], missing="back", risk="medium")
    names = [name_of(stop) for stop in stops(opened)]
    assert names == [
        *("Who is calling", "Child", "How", "Change call-back number", "Add another child", "Kind of contact"),
        *("Missing or back", "Change when last seen", "Back at", "Back at, time"),
        *("What is happening?", "Add from safety plan", "No advice given", "What did you advise?", "Medium"),
        *("Police", "Follow-up 1, what", "Follow-up 1, due", "Add follow-up"),
        *("More about this call", "Child’s card", "Timeline of Kai M."),
        *("Finish", "Save and close", "Make an incident", "Discard", "End call"),
    ]


def test_shift_tab_goes_the_same_way_back(opened: Opened) -> None:
    forward = stops(opened)
    back: list[QWidget] = []
    for _ in forward:
        QTest.keyClick(opened.focused(), Qt.Key.Key_Tab, SHIFT)
        back.append(opened.focused())
    assert back == forward[::-1]


def test_everything_that_takes_the_focus_has_a_name_and_is_large_enough(opened: Opened) -> None:
    opened.answer_all()
    opened.press(Qt.Key.Key_8, ALT)
    opened.pictured_at(1366, 768, 1.0, "night")
    for stop in stops(opened):
        assert name_of(stop), stop
        assert min(stop.width(), stop.height()) >= 24, (name_of(stop), stop.size())


def test_roles_and_headings_are_what_they_look_like(opened: Opened) -> None:
    form = opened.page.form
    expected = {
        form.chips.chips()[0]: QAccessible.Role.CheckBox,
        form.risk.cards()[0]: QAccessible.Role.RadioButton,
        form.know[0]: QAccessible.Role.CheckBox,
        form.happening: QAccessible.Role.EditableText,
        opened.page.header.title: QAccessible.Role.Heading,
    }
    for widget, role in expected.items():
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface is not None
        assert interface.role() == role, name_of(widget)


def test_no_letter_alone_is_a_shortcut(opened: Opened) -> None:
    from PySide6.QtGui import QShortcut

    keys = [shortcut.key().toString() for shortcut in opened.page.findChildren(QShortcut)]
    assert len([key for key in keys if "Num" not in key]) == 16
    assert all("+" in key or key.startswith("F") for key in keys)


def test_without_a_child_and_without_a_plan_the_card_says_so(opened: Opened) -> None:
    card = opened.page.body.child_card
    texts = {label.text() for label in card.findChildren(QLabel)}
    assert "No child chosen yet" in texts
    opened.page.form.caller.child.setFocus()
    opened.type("amara")
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    texts = {label.text() for label in card.findChildren(QLabel) if label.isVisible()}
    assert "No safety plan for Amara O." in texts
    assert "999" in texts


def test_every_field_has_a_label_that_a_screen_reader_finds(opened: Opened) -> None:
    opened.answer_all()
    opened.page.answers.put(concerns=["missing"])
    for kind in (QLineEdit, ComboBox, TextArea):
        for widget in opened.page.findChildren(kind):
            if widget.isVisible():
                interface = QAccessible.queryAccessibleInterface(widget)
                assert interface is not None
                assert interface.relations(QAccessible.RelationFlag.Label), widget.accessibleName()
