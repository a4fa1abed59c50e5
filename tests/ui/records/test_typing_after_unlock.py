"""After a lock one types on where one was: the words continue in their sentence, and no choice changes."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.log_contact_page import ALT, CTRL, NONE
from tests.helpers.store_fixtures import RecordingSession
from tests.helpers.walk import focused
from tests.ui.shell.windows import Opens, rest, windows
from ui.shell.window import MainWindow

Key = Qt.Key
CHANGING = "m l back, 1 no 2 yes "
"""Letters, figures and spaces that change chips, cards, ticks and drop-downs where these have the focus."""


@pytest.fixture
def opens(app: QApplication, session: RecordingSession, qtbot: QtBot) -> Iterator[Opens]:
    with windows(lambda: MainWindow(session), qtbot) as opened:
        yield opened


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(focused(), key, modifiers)


def type_words(words: str) -> None:
    for letter in words:
        QTest.keyClicks(focused(), letter)


def lock_and_unlock(window: MainWindow, opens: Opens, qtbot: QtBot) -> MainWindow:
    """Lock by Ctrl+L, and open the window over the same store as unlocking does."""
    rest(qtbot, window)
    press(Key.Key_L, CTRL)
    window.hide()
    unlocked_window = opens()
    rest(qtbot, unlocked_window)
    return unlocked_window


def typed(window: MainWindow) -> dict[str, Any]:
    assert window.page is not None
    return dict(window.page.draft.fields)  # type: ignore[attr-defined]  # the page of a draft is open


def begin_a_call(opens: Opens, qtbot: QtBot) -> MainWindow:
    window = opens()
    press(Key.Key_N, CTRL)
    rest(qtbot, window)
    type_words("jo")
    press(Key.Key_Return)
    rest(qtbot, window)
    return window


def test_the_words_of_a_call_continue_in_mid_sentence(opens: Opens, qtbot: QtBot) -> None:
    window = begin_a_call(opens, qtbot)
    press(Key.Key_4, ALT)
    type_words("Martin leave the room.")
    press(Key.Key_Left, times=len(" leave the room."))
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    before = typed(unlocked_window)
    type_words(" to")
    assert typed(unlocked_window) == {**before, "advice": "Martin to leave the room."}
    last = lock_and_unlock(unlocked_window, opens, qtbot)
    type_words(" quietly")
    assert typed(last)["advice"] == "Martin to quietly leave the room."


def test_a_caret_that_only_moved_is_found_where_it_was(opens: Opens, qtbot: QtBot) -> None:
    window = begin_a_call(opens, qtbot)
    press(Key.Key_3, ALT)
    type_words("Kai is back")
    rest(qtbot, window)
    qtbot.waitUntil(lambda: not window.page.autosave.has_unsaved())  # type: ignore[union-attr]  # the page of a draft is open
    press(Key.Key_Home)
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    type_words("Now ")
    assert typed(unlocked_window)["happening"] == "Now Kai is back"


@pytest.mark.parametrize("question", [Key.Key_2, Key.Key_5, Key.Key_6, Key.Key_8])
@pytest.mark.parametrize("filled", [(), (Key.Key_3,), (Key.Key_3, Key.Key_4)])
def test_locked_on_a_choice_what_is_typed_after_unlock_changes_none(
    opens: Opens, qtbot: QtBot, question: Qt.Key, filled: tuple[Qt.Key, ...]
) -> None:
    window = begin_a_call(opens, qtbot)
    for text in filled:
        press(text, ALT)
        type_words("Half a sentence")
    press(question, ALT)
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    before = typed(unlocked_window)
    type_words(CHANGING)
    choices = ("concerns", "missing", "risk", "needs_to_know", "type", "channel", "no_advice", "outcome", "risk_after")
    assert [typed(unlocked_window).get(name) for name in choices] == [before.get(name) for name in choices]


def test_a_field_of_the_group_below_is_unfolded_and_typed_on_in(opens: Opens, qtbot: QtBot) -> None:
    window = begin_a_call(opens, qtbot)
    press(Key.Key_8, ALT)
    window.page.form.more.go("childs_words")  # type: ignore[union-attr]  # the page of a draft is open
    type_words("I was co")
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    type_words("ld")
    assert typed(unlocked_window)["childs_words"] == "I was cold"


@pytest.mark.parametrize("kind", ["action", "child", "placement"])
def test_a_form_of_any_kind_is_typed_on_in_its_field(opens: Opens, services: Services, qtbot: QtBot, kind: str) -> None:
    record = services.store.records_of(kind, limit=1)[0].record
    window = opens()
    window.go("amend", record=record)
    rest(qtbot, window)
    type_words("It was wong")
    press(Key.Key_Left, times=len("ong"))
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    type_words("r")
    assert unlocked_window.page.draft.why == "It was wrong"  # type: ignore[union-attr]  # the page of a draft is open


def test_a_form_that_was_locked_on_a_choice_changes_none(opens: Opens, services: Services, qtbot: QtBot) -> None:
    record = services.store.records_of("action", limit=1)[0].record
    window = opens()
    window.go("amend", record=record)
    rest(qtbot, window)
    type_words("Late")
    form = window.page.form  # type: ignore[union-attr]  # the page of a draft is open
    form.controls["tells"].go()
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    before = typed(unlocked_window)
    type_words(CHANGING)
    assert typed(unlocked_window) == before


def test_where_one_was_typing_is_nowhere_in_the_clear(
    opens: Opens, qtbot: QtBot, services: Services, tmp_path: Any
) -> None:
    window = begin_a_call(opens, qtbot)
    press(Key.Key_3, ALT)
    type_words("Quiet words")
    lock_and_unlock(window, opens, qtbot)
    (draft,) = services.store.drafts()
    assert (draft.caret.field, draft.caret.at) == ("happening", len("Quiet words"))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if b"happening" in path.read_bytes()] == []
