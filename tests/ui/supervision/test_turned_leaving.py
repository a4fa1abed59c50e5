"""The only way back is the worker's passphrase; whatever else ends the turned screen leads to the lock screen."""

from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from db.unlock_throttle import ALLOWED
from db.vault import TooManyTries, WrongPassphrase, unlock
from hipss_desktop.kinds.reading import READING
from tests.helpers.demo_laptop import settle
from tests.ui.supervision.conftest import PASSPHRASE, AtTheTable
from ui.base.idle import JUMP
from ui.shell.window import MainWindow
from ui.supervision.turned_window import LOCKS, WAITS

ALT = Qt.KeyboardModifier.AltModifier


def try_passphrase(table: AtTheTable, words: str) -> None:
    """Ask to leave and type a passphrase."""
    turned = table.turned
    if turned._stack.currentWidget() is not turned.leave:
        QTest.mouseClick(turned.reading.unlock, Qt.MouseButton.LeftButton)
    turned.leave.edit.setFocus()
    QTest.keyClicks(turned.leave.edit, words)
    QTest.keyClick(turned.leave.edit, Qt.Key.Key_Return)
    settle(turned)
    settle()


def test_the_passphrase_leads_back_to_the_page_of_the_visit(table: AtTheTable) -> None:
    turned = table.turn()
    try_passphrase(table, PASSPHRASE)
    settle(table.main)
    assert isinstance(table.program.window, MainWindow)
    assert table.main.location.more == {"record": table.visit}
    assert table.lock_commands == []
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(turned)


def test_wrong_tries_are_counted_with_those_at_unlocking(table: AtTheTable) -> None:
    table.turn()
    for wrong in range(3):
        try_passphrase(table, "something else entirely")
        assert f"{ALLOWED - wrong - 1} tries left" in table.turned.leave.field._problem.text()
    with pytest.raises(WrongPassphrase) as refused:
        unlock(table.opened.home, table.opened.vault_id, "not this either", clock=table.clock)
    assert refused.value.tries_left == ALLOWED - 4
    for _ in range(ALLOWED - 4):
        try_passphrase(table, "something else entirely")
    try_passphrase(table, PASSPHRASE)
    assert "You can try again at" in table.turned.leave.field._problem.text()
    with pytest.raises(TooManyTries):
        unlock(table.opened.home, table.opened.vault_id, PASSPHRASE, clock=table.clock)
    table.clock.pass_time(minutes=16)
    try_passphrase(table, PASSPHRASE)
    assert isinstance(table.program.window, MainWindow)


def test_while_the_worker_is_asked_nothing_that_is_read_shows_and_one_may_read_on(table: AtTheTable) -> None:
    turned = table.turn()
    turned.reading.leaving.emit()
    assert not turned.reading.isVisible()
    QTest.mouseClick(turned.leave.back, Qt.MouseButton.LeftButton)
    assert turned.reading.isVisible()
    assert turned.reading.part.words.text() != ""


@pytest.mark.parametrize("asks_again", [False, True])
def test_reading_on_while_the_passphrase_is_compared_keeps_the_window_away(
    table: AtTheTable, *, asks_again: bool
) -> None:
    turned = table.turn()
    QTest.mouseClick(turned.reading.unlock, Qt.MouseButton.LeftButton)
    QTest.keyClicks(turned.leave.edit, PASSPHRASE)
    QTest.keyClick(turned.leave.edit, Qt.Key.Key_Return)
    QTest.mouseClick(turned.leave.back, Qt.MouseButton.LeftButton)
    if asks_again:
        QTest.mouseClick(turned.reading.unlock, Qt.MouseButton.LeftButton)
    settle(turned)
    settle()
    assert table.program.window is turned
    assert turned.reading.isVisible() is not asks_again
    try_passphrase(table, PASSPHRASE)
    assert isinstance(table.program.window, MainWindow)


WAYS: dict[str, Callable[[AtTheTable, QWidget], object]] = {
    "closing the window": lambda table, turned: turned.close(),
    "Alt+F4": lambda table, turned: QTest.keyClick(turned, Qt.Key.Key_F4, ALT),
    "the system sleeps": lambda table, turned: table.turned.idle.prepareForSleep(True),  # noqa: FBT003  as logind calls it
    "the system locks": lambda table, turned: table.turned.idle.sessionLocked(),
    "another user": lambda table, turned: table.turned.idle.sessionChanged("", {"Active": False}, []),
}


@pytest.mark.parametrize("ending", WAYS)
def test_whatever_else_ends_it_leads_to_the_lock_screen(table: AtTheTable, ending: str) -> None:
    turned = table.turn()
    turned.reading.part.choice.choose("own_words")
    QTest.keyClicks(turned.reading.part.text, "But he wants to be told why.")
    WAYS[ending](table, turned)
    settle()
    assert [command[command.index("--locked") + 1] for command in table.lock_commands] == [table.opened.vault_id]
    assert not isinstance(table.program.window, MainWindow)


def test_what_was_typed_when_it_locked_is_there_again(table: AtTheTable) -> None:
    turned = table.turn()
    turned.reading.part.choice.choose("own_words")
    QTest.keyClicks(turned.reading.part.text, "But he wants to be told why.")
    QTest.qWait(900)
    settle(turned)
    drafts = [draft.fields for draft in table.opened.store.drafts() if draft.question]
    assert drafts == [{"answer": "own_words", "words": "But he wants to be told why."}]
    try_passphrase(table, PASSPHRASE)
    second_turn = table.turn()
    assert second_turn.reading.part.answer == "own_words"
    assert second_turn.reading.part.text.toPlainText() == "But he wants to be told why."


class Seconds:
    """A clock of seconds that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_ten_idle_minutes_hide_what_is_read_and_fifteen_more_lock(table: AtTheTable) -> None:
    turned = table.turn()
    idle, wall = Seconds(), Seconds()
    turned.idle._clock, turned.idle._wall = idle, wall
    turned.idle._last_activity = turned.idle._last_wall = idle.now

    def pass_seconds(seconds: int) -> None:
        for _ in range(0, seconds, JUMP // 2):
            idle.now += JUMP // 2
            wall.now += JUMP // 2
            turned.idle.tick()

    pass_seconds(WAITS - JUMP)
    assert turned.reading.isVisible()
    pass_seconds(JUMP)
    assert not turned.reading.isVisible()
    assert turned.leave.title.text() == "Waiting for D. Marsh"
    assert not turned.leave.back.isVisible()
    assert table.lock_commands == []
    pass_seconds(LOCKS - WAITS)
    assert len(table.lock_commands) == 1


def test_stop_reading_keeps_what_was_answered(table: AtTheTable) -> None:
    turned = table.turn()
    turned.reading.part.choice.choose("disagree")
    QTest.mouseClick(turned.reading.stop, Qt.MouseButton.LeftButton)
    settle(turned)
    assert not turned.reading.isVisible()
    assert "What was answered is kept." in turned.leave.words.text()
    (reading,) = table.opened.store.records_of(READING.name)
    assert [row.answer for row in READING.of(reading).answers] == ["disagree"]


def test_a_visit_that_may_not_be_read_back_leaves_the_window_and_says_why(table: AtTheTable) -> None:
    table.services.records.withdraw(table.visit, "Another household")
    main = table.main
    main.go("turn", record=table.visit)
    settle(main)
    assert table.program.window is main
    assert "withdrawn" in main.feedback.toast.words.text()
