"""Keys by which a character is composed, pressed in the whole window: none of them sets off a shortcut or moves anything."""

import ast
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit
from pytestqt.qtbot import QtBot

from tests.helpers.council_fixtures import ROOT
from tests.ui.shell.windows import press, rest
from ui.contacts.log_contact import LogContactPage
from ui.shell.window import MainWindow

ALT, KEYPAD = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.KeypadModifier
CTRL, SWITCH = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.GroupSwitchModifier
WITHOUT_NUM_LOCK = [
    getattr(Qt.Key, f"Key_{name}")
    for name in ("Insert", "End", "Down", "PageDown", "Left", "Clear", "Right", "Home", "Up", "PageUp", "Delete")
]
WITH_NUM_LOCK = [getattr(Qt.Key, f"Key_{name}") for name in (*range(10), "Plus", "Minus", "Period")]


@pytest.mark.parametrize("key", WITHOUT_NUM_LOCK, ids=str)
def test_no_arrow_of_the_number_pad_with_alt_leaves_the_page_or_chooses(
    window: MainWindow, qtbot: QtBot, key: Qt.Key
) -> None:
    window.go("log_contact")
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, LogContactPage)
    caller = window.focusWidget()
    assert isinstance(caller, QLineEdit)
    QTest.keyClicks(caller, "jo")
    rest(qtbot, window)
    at = caller.cursorPosition()
    press(window, key, ALT | KEYPAD)
    rest(qtbot, window)
    assert window.page is page
    assert (caller.text(), caller.cursorPosition()) == ("jo", at)
    press(window, Qt.Key.Key_Left, ALT)
    rest(qtbot, window)
    assert window.page is not page


@pytest.mark.parametrize(("key", "character"), [(Qt.Key.Key_E, "é"), (Qt.Key.Key_4, "€"), (Qt.Key.Key_P, "þ")])
@pytest.mark.parametrize("held", [CTRL | ALT, SWITCH], ids=["Windows", "Linux"])
def test_a_character_by_the_right_alt_key_is_typed_and_sets_off_nothing(
    window: MainWindow, qtbot: QtBot, key: Qt.Key, character: str, held: Qt.KeyboardModifier
) -> None:
    window.go("log_contact")
    rest(qtbot, window)
    press(window, Qt.Key.Key_3, ALT)
    page, happening = window.page, window.focusWidget()
    assert isinstance(page, LogContactPage)
    QTest.sendKeyEvent(QTest.KeyAction.Click, happening, key, character, held)
    rest(qtbot, window)
    assert (window.page, window.focusWidget()) == (page, happening)
    assert page.answers.text("happening") == character


@pytest.mark.parametrize(
    "route", ["on_call", "log_contact", "children", "drafts", "sync", "visit_form", "child_not_home"]
)
def test_no_key_with_alt_on_the_number_pad_sets_off_a_shortcut_of_any_page(
    window: MainWindow, qtbot: QtBot, route: str
) -> None:
    window.go(route)
    rest(qtbot, window)
    set_off: list[str] = []
    for shortcut in window.findChildren(QShortcut):
        note = partial(set_off.append, shortcut.key().toString())
        shortcut.activated.connect(note)
        shortcut.activatedAmbiguously.connect(note)
    page, location = window.page, window.location
    typed_into = [widget for kind in (QLineEdit, QPlainTextEdit, QTextEdit) for widget in window.findChildren(kind)]
    starts = [widget for widget in typed_into if widget.isVisible() and widget.isEnabled()] or [window.focusWidget()]
    for widget in starts:
        assert widget is not None
        widget.setFocus()
        for key in (*WITH_NUM_LOCK, *WITHOUT_NUM_LOCK):
            QTest.keyClick(widget, key, ALT | KEYPAD)
        assert window.focusWidget() is widget
    assert set_off == []
    assert (window.page, window.location) == (page, location)


def test_every_shortcut_is_bound_in_one_place() -> None:
    """A new widget cannot bypass what is tested here."""
    makers = [
        path.name
        for path in (ROOT / "ui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("QShortcut", "QAction")
    ]
    assert makers == ["shortcuts.py"]
