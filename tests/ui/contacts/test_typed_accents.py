"""An accent typed by its code, a dead key or an input method stays in the question in which it is typed."""

from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.log_contact_page import ALT, Opened

KEYPAD = Qt.KeyboardModifier.KeypadModifier
FIGURES = [getattr(Qt.Key, f"Key_{figure}") for figure in range(10)]
WITHOUT_NUM_LOCK = [
    getattr(Qt.Key, f"Key_{name}")
    for name in ("Insert", "End", "Down", "PageDown", "Left", "Clear", "Right", "Home", "Up", "PageUp", "Delete")
]


def commit(opened: Opened, words: str) -> None:
    """Have an input method put words in, as at the end of an accent's code or after a dead key."""
    event = QInputMethodEvent("", [])
    event.setCommitString(words)
    QCoreApplication.sendEvent(opened.focused(), event)


def test_an_accent_typed_by_its_code_stays_in_its_question(qtbot: QtBot, context: Any, services: Services) -> None:
    opened = Opened(qtbot, context)
    opened.press(Qt.Key.Key_3, ALT)
    happening = opened.focused()
    opened.type("Mam o'r m")
    for key in (Qt.Key.Key_0, Qt.Key.Key_2, Qt.Key.Key_4, Qt.Key.Key_4):
        QTest.keyClick(opened.focused(), key, ALT | KEYPAD)
    commit(opened, "\N{LATIN SMALL LETTER O WITH CIRCUMFLEX}r")
    opened.press(Qt.Key.Key_Tab)
    opened.settle()
    fields = services.store.drafts()[0].fields
    assert happening is opened.page.form.happening
    assert fields.get("happening") == "Mam o'r m\N{LATIN SMALL LETTER O WITH CIRCUMFLEX}r"
    assert not fields.get("advice")


@pytest.mark.parametrize("key", [*FIGURES, *WITHOUT_NUM_LOCK, Qt.Key.Key_Plus, Qt.Key.Key_Minus], ids=str)
def test_no_key_of_the_number_pad_with_alt_moves_the_focus(qtbot: QtBot, context: Any, key: Qt.Key) -> None:
    opened = Opened(qtbot, context)
    opened.press(Qt.Key.Key_4, ALT)
    QTest.keyClick(opened.focused(), key, ALT | KEYPAD)
    assert opened.focused() is opened.page.form.advice
    assert not opened.page.form.more.is_open()
    opened.press(Qt.Key.Key_3, ALT)
    assert opened.focused() is opened.page.form.happening


@pytest.mark.parametrize("dead", [Qt.Key.Key_Dead_Circumflex, Qt.Key.Key_Dead_Acute, Qt.Key.Key_AltGr])
def test_a_dead_key_and_what_it_gives_move_nothing(qtbot: QtBot, context: Any, dead: Qt.Key) -> None:
    opened = Opened(qtbot, context)
    opened.press(Qt.Key.Key_3, ALT)
    for modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.GroupSwitchModifier):
        QTest.keyClick(opened.focused(), dead, modifiers)
    commit(opened, "\N{LATIN SMALL LETTER O WITH CIRCUMFLEX}")
    assert opened.focused() is opened.page.form.happening
    assert opened.page.answers.text("happening") == "\N{LATIN SMALL LETTER O WITH CIRCUMFLEX}"
