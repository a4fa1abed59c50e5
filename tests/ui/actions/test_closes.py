"""A finished contact asks what it closed: in the real window over a real store, by real keys."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.action import ACTION, Action
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import RecordingSession, SetClock
from tests.helpers.walk import focused
from tests.ui.shell.windows import rest, windows
from ui import theme
from ui.actions.closes import DoesThisClose
from ui.on_call.on_call_page import OnCallPage
from ui.shell.window import MainWindow

Key = Qt.Key
NONE, CTRL, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Typist:
    """The window and the keys that were pressed in it."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot, self.presses = window, qtbot, 0

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        self.presses += 1
        QTest.keyClick(focused(self.window), key, held)
        rest(self.qtbot, self.window)

    def type(self, words: str) -> None:
        self.presses += len(words)
        QTest.keyClicks(focused(self.window), words)
        rest(self.qtbot, self.window)

    def finish_the_call(self) -> None:
        """Answer the questions after who is calling, and finish."""
        self.press(Key.Key_2, ALT)
        self.press(Key.Key_D)
        self.press(Key.Key_Space)
        self.press(Key.Key_3, ALT)
        self.type("Nothing new yet.")
        self.press(Key.Key_4, ALT)
        self.type("Leave the porch light on.")
        self.press(Key.Key_5, ALT)
        self.press(Key.Key_Space)
        self.press(Key.Key_6, ALT)
        self.press(Key.Key_N)
        self.press(Key.Key_Space)
        self.press(Key.Key_Return, CTRL)
        rest(self.qtbot, self.window)

    @property
    def question(self) -> DoesThisClose:
        page = self.window.page
        assert isinstance(page, OnCallPage)
        return page.closes


@pytest.fixture
def typist(app: QApplication, session: RecordingSession, qtbot: QtBot) -> Iterator[Typist]:
    with windows(lambda: MainWindow(session), qtbot) as open_one:
        yield Typist(open_one(), qtbot)


@pytest.fixture
def the(services: Services) -> Callable[[str], Action]:
    """The newest action of these words as it stands."""

    def action_for(task: str) -> Action:
        return next(
            action for record in services.store.records_of("action") if (action := ACTION.of(record)).what == task
        )

    return action_for


def log_a_call_from_jo(typist: Typist) -> None:
    typist.press(Key.Key_N, CTRL)
    typist.type("jo")
    typist.press(Key.Key_Return)
    typist.finish_the_call()


def test_a_finished_contact_asks_once_about_the_open_actions_of_its_child_and_yes_closes_them(
    typist: Typist, services: Services, the: Callable[[str], Action]
) -> None:
    log_a_call_from_jo(typist)
    question = typist.question
    assert question.isVisible()
    assert question.title.text() == "Does this close any of these?"
    assert [box.text() for box in question.boxes] == [
        "Ring Jo Preece back · Overdue 14 min",
        "Ask police for news, log 0612 · Due 02:30",
        "Tell placing social worker, R. Pugh · Due 09:00",
    ]
    assert [box.isChecked() for box in question.boxes] == [False, False, False]
    before = typist.presses
    typist.press(Key.Key_Tab)
    typist.press(Key.Key_Space)
    typist.press(Key.Key_Return)
    assert typist.presses - before == 3
    closed = the("Ring Jo Preece back")
    assert (closed.state, closed.spoke_to) == ("done", "Jo Preece")
    record = next(record.record for record in services.store.records_of("action") if ACTION.of(record) == closed)
    history = services.record_views.view(record)
    contact = services.store.records_of("contact", limit=1)[0]
    reference = services.record_views.view(contact.record)
    assert history is not None
    assert reference is not None
    assert history.versions[0].why == f"Closed by contact {reference.reference}"
    assert the("Ask police for news, log 0612").state == "open"
    assert not question.isVisible()
    typist.press(Key.Key_2, CTRL)
    typist.press(Key.Key_1, CTRL)
    assert not question.isVisible()


def test_a_call_that_does_not_say_who_was_told_closes_nothing_that_tells_somebody(
    typist: Typist, the: Callable[[str], Action]
) -> None:
    log_a_call_from_jo(typist)
    typist.press(Key.Key_Tab)
    typist.press(Key.Key_Space)
    typist.press(Key.Key_Tab)
    typist.press(Key.Key_Space)
    typist.press(Key.Key_Return)
    rest(typist.qtbot, typist.window)
    question = typist.question
    assert question.isVisible()
    assert question.problem.text() == (
        "Ask police for news, log 0612: this contact does not say who was told. Close it on its own page."
    )
    assert focused() is question.boxes[0]
    assert [the(task).state for task in ("Ring Jo Preece back", "Ask police for news, log 0612")] == ["open", "open"]
    typist.press(Key.Key_Tab)
    typist.press(Key.Key_Space)
    typist.press(Key.Key_Return)
    rest(typist.qtbot, typist.window)
    assert not question.isVisible()
    assert the("Ring Jo Preece back").state == "done"


def test_keys_typed_on_after_the_finish_close_nothing(typist: Typist, the: Callable[[str], Action]) -> None:
    log_a_call_from_jo(typist)
    typist.type("yes ring jo")
    rest(typist.qtbot, typist.window)
    assert the("Ring Jo Preece back").state == "open"


def test_no_leaves_them_open_and_does_not_ask_again(typist: Typist, the: Callable[[str], Action]) -> None:
    log_a_call_from_jo(typist)
    while focused() is not typist.question.no:
        typist.press(Key.Key_Tab)
    typist.press(Key.Key_Return)
    assert not typist.question.isVisible()
    assert the("Ring Jo Preece back").state == "open"


def test_yes_with_nothing_ticked_says_what_to_do(typist: Typist, the: Callable[[str], Action]) -> None:
    log_a_call_from_jo(typist)
    while focused() is not typist.question.yes:
        typist.press(Key.Key_Tab)
    typist.press(Key.Key_Return)
    assert typist.question.problem.text() == "Tick what it closes, or choose No"
    assert the("Ring Jo Preece back").state == "open"


def test_of_a_single_action_the_question_names_it(
    typist: Typist, services: Services, the: Callable[[str], Action]
) -> None:
    for record in services.store.records_due("action"):
        if ACTION.of(record).what != "Ring Jo Preece back":
            services.actions.not_needed(record.record, "Said so")
    log_a_call_from_jo(typist)
    assert typist.question.title.text() == "Does this close: Ring Jo Preece back?"
    assert typist.question.boxes == []
    typist.press(Key.Key_Tab)
    typist.press(Key.Key_Return)
    rest(typist.qtbot, typist.window)
    assert the("Ring Jo Preece back").state == "done"


def test_a_call_begun_from_an_action_has_it_ticked_and_closes_nothing_by_itself(
    typist: Typist, services: Services, the: Callable[[str], Action]
) -> None:
    record = services.store.records_due("action")[1].record
    typist.window.go("action", record=record)
    rest(typist.qtbot, typist.window)
    while focused().accessibleName() != "Log this call: Ask police for news, log 0612":
        typist.press(Key.Key_Tab)
    typist.press(Key.Key_Return)
    rest(typist.qtbot, typist.window)
    typist.finish_the_call()
    contact = services.store.records_of("contact", limit=1)[0].fields
    assert (contact["caller_name"], contact["call_back"]) == ("Police, not urgent", "101")
    assert [services.people.name(child) for child in contact["children"]] == ["Kai M."]
    question = typist.question
    assert [(box.text().partition(" · ")[0], box.isChecked()) for box in question.boxes][:2] == [
        ("Ask police for news, log 0612", True),
        ("Ring Jo Preece back", False),
    ]
    assert the("Ask police for news, log 0612").state == "open"
    typist.press(Key.Key_Tab)
    typist.press(Key.Key_Return)
    rest(typist.qtbot, typist.window)
    assert the("Ask police for news, log 0612").state == "done"
    assert the("Ring Jo Preece back").state == "open"


def test_a_call_begun_far_down_the_page_comes_back_to_the_question(typist: Typist) -> None:
    """The follow-up stands below the fold: the question at the top is in sight, and the next Tab reaches it."""
    page = typist.window.page
    assert isinstance(page, OnCallPage)
    typist.window.resize(1366, 640)
    page.follow_ups.table.setFocus(Qt.FocusReason.TabFocusReason)
    while focused() is not page.follow_ups.strip.verbs.log:
        typist.press(
            Key.Key_Down
            if focused() is page.follow_ups.table and page.follow_ups.table.currentIndex().row() < 4
            else Key.Key_Tab
        )
    typist.press(Key.Key_Return)
    typist.finish_the_call()
    assert typist.question.isVisible()
    assert not walk.half_hidden(typist.question)
    assert focused() is page.header.button
    typist.press(Key.Key_Tab)
    assert typist.question.isAncestorOf(focused())


def test_the_page_begins_at_its_top_however_far_it_was_scrolled(typist: Typist) -> None:
    page = typist.window.page
    assert isinstance(page, OnCallPage)
    typist.window.resize(1366, 640)
    page.follow_ups.table.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(4):
        typist.press(Key.Key_Down)
    card = page.children_board.cards()[0]
    assert walk.half_hidden(card)
    typist.press(Key.Key_2, CTRL)
    typist.press(Key.Key_1, CTRL)
    assert focused() is page.header.button
    assert not walk.half_hidden(card)


@pytest.mark.parametrize(("look", "size", "scale"), [("night", (1366, 768), 1.0), ("day", (1024, 640), 1.5)])
def test_the_question_is_whole_and_reached_first(
    typist: Typist, app: QApplication, look: theme.Name, size: tuple[int, int], scale: float
) -> None:
    theme.apply(app, theme.Theme(look, scale))
    typist.window.resize(*size)
    log_a_call_from_jo(typist)
    assert walk.clipped_labels(typist.question) == []
    assert walk.unnamed_focusables(typist.question) == []
    assert walk.small_targets(typist.question) == []
    typist.press(Key.Key_Tab)
    assert focused() is typist.question.boxes[0]
    assert not walk.half_hidden(focused())


def test_the_focus_stays_on_what_was_ticked_while_the_minutes_pass(
    typist: Typist, clock: SetClock, the: Callable[[str], Action]
) -> None:
    typist.press(Key.Key_N, CTRL)
    typist.type("jo")
    typist.press(Key.Key_Return)
    typist.finish_the_call()
    typist.press(Key.Key_Tab)
    typist.press(Key.Key_Space)
    assert typist.question.boxes[0].isChecked()
    for _ in range(3):
        clock.pass_time(minutes=1)
        typist.window.page.refresh()  # type: ignore[union-attr]  # it is open
        rest(typist.qtbot, typist.window)
    assert "Overdue 17 min" in typist.question.boxes[0].text()
    typist.press(Key.Key_Space)
    assert not any(box.isChecked() for box in typist.question.boxes)
    assert the("Ring Jo Preece back").state == "open"


def test_what_came_after_a_contact_is_not_asked_about(services: Services, clock: SetClock) -> None:
    kai = child_named(services, "Kai")
    contact = next(
        record for record in services.store.records_of("contact") if kai in record.fields.get("children", ())
    )
    clock.pass_time(hours=3)
    fields = {"what": "Tell the police that the child is back", "child": kai, "due": "2017-03-01T02:05:00+00:00"}
    services.records.finish(services.records.new_draft("action", fields))
    titles = [action.title for action in services.action_views.open_about(contact.record)]
    assert titles
    assert "Tell the police that the child is back" not in titles
