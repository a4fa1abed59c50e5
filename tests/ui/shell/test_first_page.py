"""Where each role begins, what the first page by day says, and that it is moved in by keyboard alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.several_laptops import amend, child_named, close, exchange, joined
from tests.helpers.store_fixtures import RecordingSession, SetClock, sign_in_as
from tests.ui.shell.windows import Opens, rest, windows
from ui.on_call.on_call_page import OnCallPage
from ui.on_call.since_page import SincePage
from ui.parts import CELL_ROLE
from ui.shell.help import HelpLayer
from ui.shell.window import MainWindow

Key, Modifier = Qt.Key, Qt.KeyboardModifier
NIGHT, MORNING = datetime(2017, 3, 14, 2, 14, tzinfo=UTC), datetime(2017, 3, 14, 9, 5, tzinfo=UTC)


@pytest.fixture
def opens(app: QApplication, session: RecordingSession, qtbot: QtBot) -> Iterator[Opens]:
    with windows(lambda: MainWindow(session), qtbot) as opened:
        yield opened


def become(services: Services, role: str, name: str = "D. Marsh") -> None:
    """Sign in as somebody of another role."""
    sign_in_as(services.store, role=role, name=name)


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
    """Press a key wherever the focus is."""
    QTest.keyClick(window.focusWidget() or window, key, modifiers)


def since(window: MainWindow) -> SincePage:
    """The first page by day, which shows."""
    assert isinstance(window.page, SincePage)
    return window.page


def locked(window: MainWindow, qtbot: QtBot) -> None:
    """Lock, as the key does."""
    press(window, Key.Key_L, Modifier.ControlModifier)
    window.hide()
    walk.settle()


def came_back(services: Services, **answers: Any) -> str:
    """The contact of 02:14 in which Kai came back hurt; its record."""
    fields = {
        "type": "call",
        "caller_name": "Jo Preece",
        "children": [child_named(services, "Kai")],
        "concerns": ["missing", "injury_health"],
        "missing": "back",
        "back_at": "2017-03-14T02:05:00+00:00",
        "happening": "Kai came in by the back door.",
        "advice": "Toast, low voice.",
        "risk": "medium",
        "needs_to_know": ["nobody"],
        **answers,
    }
    return services.records.finish(replace(services.records.new_draft("contact"), fields=fields)).envelope.record


@pytest.mark.parametrize(
    ("role", "name", "now", "page"),
    [
        ("on_call", "A. Bevan", NIGHT, OnCallPage),
        ("on_call", "K. Adeyemi", NIGHT, OnCallPage),  # not her shift, but calls come at night
        ("manager", "S. Lloyd", NIGHT, OnCallPage),
        ("on_call", "A. Bevan", MORNING, SincePage),
        ("manager", "S. Lloyd", MORNING, SincePage),
        ("on_call", "K. Adeyemi", datetime(2017, 3, 12, 12, 0, tzinfo=UTC), OnCallPage),  # a day shift at the weekend
        ("on_call", "A. Bevan", datetime(2017, 3, 12, 12, 0, tzinfo=UTC), SincePage),
        ("supervising", "D. Marsh", NIGHT, SincePage),
        ("supervising", "D. Marsh", MORNING, SincePage),
        ("administrator", "J. Tanner", MORNING, SincePage),
        ("commissioner", "P. Gray", MORNING, OnCallPage),  # reads no contacts: the numbers are all there is
    ],
)
def test_each_role_begins_on_a_page_that_is_of_use_to_it(
    opens: Opens, services: Services, clock: SetClock, role: str, name: str, now: datetime, page: type
) -> None:
    become(services, role, name)
    clock.now = now
    assert isinstance(opens().page, page)


def test_the_first_time_it_says_what_happened_since_the_last_night_began(
    opens: Opens, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    handed_over = came_back(services, handover=True)
    become(services, "supervising")
    clock.now = MORNING
    page = since(opens())
    assert page.words.text() == "Since 17:30 Monday, when the last night began."
    assert [(card.child.name, card.child.status.words) for card in page.children_board.cards()] == [
        ("Kai M.", "Back 02:05, medium risk"),
        ("Tyler B.", "Medium risk 18:05"),
        ("Josh W.", "Respite until Wed 15"),
    ]
    assert page.morning.records[0] == handed_over
    assert page.morning.isVisible()
    stored_records = [services.store.get(record) for record in (*page.morning.records, *page.contacts.records)]
    assert len(stored_records) == 6
    assert all(record is not None and record.at >= 1489426200000 for record in stored_records)  # 17:30 on Monday
    assert not set(page.morning.records) & set(page.contacts.records)


def test_what_is_due_is_in_order_of_time_and_ones_own_is_marked(
    opens: Opens, services: Services, clock: SetClock
) -> None:
    become(services, "supervising")
    clock.now = MORNING
    page = since(opens())
    model = page.due.table.model()
    rows = [model.index(row, 0).data(CELL_ROLE) for row in range(model.rowCount())]
    shown = [(cell.words, cell.second.replace("\N{NO-BREAK SPACE}", " ")) for cell in rows]
    assert shown[:2] == [
        ("Ring Jo Preece back", "Kai M. · 01632 960174, Jo Preece"),
        ("Ask police for news, log 0612", "Kai M. · 101"),
    ]
    assert ("Ask for the door to be mended", "Tyler B. · 01632 960231, Carol Yeo · yours") in shown[2:]
    due = [
        record.fields["due"] for record_id in page.due.records if (record := services.store.get(record_id)) is not None
    ]
    assert due == sorted(due)
    assert page.due.foot.text() == "The earliest due stands first."


def test_what_waits_for_a_decision_is_named_and_opens_the_decision(
    opens: Opens, services: Services, clock: SetClock, qtbot: QtBot, tmp_path: Any
) -> None:
    become(services, "supervising")
    kai = child_named(services, "Kai")
    other = joined(tmp_path / "other", clock, services, name="K. Adeyemi", laptop="HIPSS-LT-02", role="manager")
    for told_desk, words in ((services, "Toast works at night"), (other, "Text his brother first")):
        amend(told_desk, kai, {"helps": [words]})
    exchange(services, other)
    clock.now = MORNING
    window = opens()
    page = since(window)
    cell = page.decisions.table.model().index(0, 0).data(CELL_ROLE)
    assert (cell.words, cell.second) == ("Child: Kai M.", "Two versions to choose from")
    page.decisions.table.setFocus()
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert window.location.route == "sync"
    assert window.location.more == {"record": kai}
    close([other])


def test_it_is_moved_in_and_opened_by_keyboard_alone(
    opens: Opens, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    came_back(services, handover=True)
    become(services, "supervising")
    clock.now = MORNING
    window = opens()
    page = since(window)
    cards = page.children_board.cards()
    assert window.focusWidget() is cards[0]
    press(window, Key.Key_Right)
    assert window.focusWidget() is cards[1]
    press(window, Key.Key_C, Modifier.ControlModifier)
    assert QApplication.clipboard().text() == "01632 960231"
    stops = [cards[1], page.morning.table, page.contacts.link, page.contacts.table, page.due.link, page.due.table]
    for before, after in pairwise(stops):
        assert window.focusWidget() is before
        press(window, Key.Key_Tab)
        assert window.focusWidget() is after
    press(window, Key.Key_Down)
    record = page.due.records[1]
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert window.location.more == {"record": record}


def test_after_a_lock_in_the_same_shift_it_opens_where_it_was(
    opens: Opens, clock: SetClock, services: Services, qtbot: QtBot
) -> None:
    window = opens()
    press(window, Key.Key_J, Modifier.ControlModifier)
    rest(qtbot, window)
    locked(window, qtbot)
    clock.pass_time(hours=6, minutes=10)  # asleep in one's own shift until 08:24
    assert opens().location.route == "sync"


def test_after_a_night_away_it_begins_with_what_is_new_since_then(
    opens: Opens, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    become(services, "supervising")
    clock.now = datetime(2017, 3, 13, 17, 35, tzinfo=UTC)
    window = opens()
    press(window, Key.Key_J, Modifier.ControlModifier)
    rest(qtbot, window)
    clock.now = datetime(2017, 3, 13, 17, 40, tzinfo=UTC)
    locked(window, qtbot)
    clock.now = NIGHT
    become(services, "on_call", "A. Bevan")
    handed_over = came_back(services, handover=True)
    become(services, "supervising")
    clock.now = MORNING
    window = opens()
    page = since(window)
    assert page.words.text() == "Since 17:40 Monday, when you were last here."
    assert handed_over in page.morning.records
    clock.now = datetime(2017, 3, 14, 9, 12, tzinfo=UTC)
    locked(window, qtbot)
    clock.now = datetime(2017, 3, 14, 9, 30, tzinfo=UTC)
    later_page = since(opens())
    assert later_page.words.text() == "Since 17:40 Monday, when you were last here."
    assert later_page.morning.records == page.morning.records


def test_with_nothing_new_it_says_so(opens: Opens, services: Services, clock: SetClock) -> None:
    become(services, "supervising")
    clock.now = datetime(2017, 6, 14, 9, 5, tzinfo=UTC)
    for action in services.store.records_due("action"):
        services.actions.done(action.record, {"spoke_to": "PC Rees"})
    page = since(opens())
    assert page.contacts.empty.isVisible()
    assert page.due.empty.isVisible()
    assert not page.morning.isVisible()
    assert not page.decisions.isVisible()
    assert walk.clipped_labels(page) == []


@pytest.mark.parametrize(("role", "printed"), [("on_call", True), ("supervising", False), ("administrator", False)])
def test_help_prints_the_key_for_a_call_only_for_who_may_log_one(
    opens: Opens, services: Services, role: str, *, printed: bool
) -> None:
    become(services, role)
    window = opens()
    press(window, Key.Key_F1)
    layer = window.layers.top
    assert isinstance(layer, HelpLayer)
    texts = [label.text() for label in layer.findChildren(QLabel)]
    assert ("Log a contact" in texts) == printed
