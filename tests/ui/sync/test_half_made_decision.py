"""A decision that is half made outlives another page, a lock and another laptop's decision."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, exchange
from tests.helpers.store_fixtures import RecordingSession
from tests.helpers.walk import focused
from tests.ui.records.test_typing_after_unlock import lock_and_unlock, press, type_words
from tests.ui.shell.windows import Opens, rest, shown, windows
from ui.shell.window import MainWindow
from ui.sync.conflict import AGAIN, BOTH, ConflictView

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
Decides = Callable[..., tuple[MainWindow, ConflictView]]


@pytest.fixture
def opens(app: QApplication, session: RecordingSession, qtbot: QtBot) -> Iterator[Opens]:
    with windows(lambda: MainWindow(session), qtbot) as opened:
        yield opened


def view_of(window: MainWindow) -> ConflictView:
    """The record that is shown to be decided."""
    view = window.page.conflict  # type: ignore[union-attr]  # the sync centre is open
    assert isinstance(view, ConflictView)
    return view


@pytest.fixture
def begun(opens: Opens, conflict: str, qtbot: QtBot) -> tuple[MainWindow, ConflictView]:
    """A decision with a choice, a part that is written again, and half a reason."""
    window = opens()
    window.go("sync", record=conflict)
    rest(qtbot, window)
    view = view_of(window)
    view.parts[0].choose(BOTH)
    view.parts[1].choose(AGAIN)
    view.parts[1].controls["school_phone"].go()
    press(Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    type_words("01632 960277")
    view.why.setFocus()
    type_words("Rang the scool")
    press(Key.Key_Left, times=3)
    return window, view


def decided_so_far(view: ConflictView) -> tuple[Any, ...]:
    """What is chosen and written."""
    school_phone = view.parts[1].controls["school_phone"].value()
    return view.parts[0].chosen(), view.parts[1].chosen(), school_phone, view.why.toPlainText()


def test_it_is_gone_on_with_after_a_lock_and_goes_with_the_decision(
    begun: tuple[MainWindow, ConflictView], opens: Opens, services: Services, qtbot: QtBot
) -> None:
    unlocked_window = lock_and_unlock(begun[0], opens, qtbot)
    assert shown(unlocked_window) == "SyncCentrePage"
    type_words("h")
    assert decided_so_far(view_of(unlocked_window)) == (BOTH, AGAIN, "01632 960277", "Rang the school")
    press(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(qtbot, unlocked_window)
    assert services.store.undecided() == []
    assert services.store.drafts() == []


def test_it_is_gone_on_with_after_another_page(
    begun: tuple[MainWindow, ConflictView],
    conflict: str,
    qtbot: QtBot,
) -> None:
    window, view = begun
    before = decided_so_far(view)
    press(Key.Key_Left, ALT)
    rest(qtbot, window)
    assert shown(window) != "SyncCentrePage"
    window.go("sync", record=conflict)
    rest(qtbot, window)
    assert view_of(window) is not view
    assert decided_so_far(view_of(window)) == before


def test_locked_on_a_choice_no_letter_that_is_typed_after_unlock_chooses(
    begun: tuple[MainWindow, ConflictView], opens: Opens, qtbot: QtBot
) -> None:
    window, view = begun
    before = decided_so_far(view)
    view.parts[0].focus_target().setFocus()
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    type_words("m l back, 1 no 2 yes ")
    press(Key.Key_Down)
    assert decided_so_far(view_of(unlocked_window)) == before


@pytest.mark.parametrize("unsaved", [True, False])
def test_a_decision_on_another_laptop_changes_nothing_that_was_typed(
    begun: tuple[MainWindow, ConflictView],
    opens: Opens,
    mine: Services,
    theirs: Services,
    conflict: str,
    qtbot: QtBot,
    unsaved: bool,
) -> None:
    window, view = begun
    before = decided_so_far(view)
    if not unsaved:
        qtbot.waitUntil(lambda: not view.keeper.has_unsaved())
    their_record = theirs.store.get(conflict)
    assert their_record is not None
    chosen = {unit: sides[0].value for unit, sides in their_record.conflicts.items()}
    theirs.records.decide(conflict, chosen, "The first is right")
    exchange(mine, theirs)
    rest(qtbot, window)
    for opened in (window, lock_and_unlock(window, opens, qtbot)):
        decided = view_of(opened)
        assert decided_so_far(decided) == before
        words = decided.notice.accessibleName()
        assert "Decided on another laptop while you were writing." in words
        assert "K. Adeyemi" in words
        assert not decided.save_button.isVisible()
    type_words("lost in space ")
    press(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(qtbot, opened)
    assert decided_so_far(view_of(opened)) == before
    assert [draft.why for draft in mine.store.drafts()] == ["Rang the scool"]
    view_of(opened).discard_button.click()
    rest(qtbot, opened)
    assert opened.page.conflict is None  # type: ignore[union-attr]  # the sync centre is open
    assert mine.store.drafts() == []


def test_a_third_version_keeps_what_was_written_and_says_where_to_look_again(
    third: Services,  # before the others change the record
    begun: tuple[MainWindow, ConflictView],
    mine: Services,
    theirs: Services,
    conflict: str,
    qtbot: QtBot,
) -> None:
    window, view = begun
    before = decided_so_far(view)
    amend(third, conflict, {"school_phone": "01632 960278"})
    exchange(mine, theirs, third)
    rest(qtbot, window)
    assert decided_so_far(view_of(window)) == before
    assert "Look again at" in view_of(window).notice.accessibleName()
    assert focused() is view_of(window).why
