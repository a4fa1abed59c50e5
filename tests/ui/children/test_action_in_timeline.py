"""An open action in a child's timeline has what its own page has: how late it is, whom to ring, and its buttons."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.action import ACTION
from tests.helpers import walk
from tests.helpers.open_page import open_page, read
from tests.helpers.several_laptops import child_named
from tests.helpers.walk import focused
from ui.children.child_page import ChildPage
from ui.parts import Tag

RING_BACK = "Ring Jo Preece back"


def opened_at(qtbot: QtBot, context: Any, task: str, size: tuple[int, int] = (1182, 712)) -> tuple[ChildPage, str]:
    """Kai's page with the timeline standing on one of the actions."""
    record = next(
        action.record for action in context.services.store.records_of("action") if action.fields.get("what") == task
    )
    page = ChildPage(context, record=child_named(context.services, "Kai"), at=record)
    open_page(qtbot, context, page, size)
    read(qtbot, context)
    return page, record


def offered(page: ChildPage) -> list[str]:
    return [stop.text() for stop in walk.stops(page.view_card) if isinstance(stop, QAbstractButton)]


def go_to(qtbot: QtBot, context: Any, words: str) -> None:
    """Press Tab until the button with these words has the focus."""
    for _ in range(30):
        now = focused()
        if isinstance(now, QAbstractButton) and now.text() == words:
            return
        QTest.keyClick(now, Qt.Key.Key_Tab)
        read(qtbot, context)
    raise AssertionError(words)


def test_an_action_in_the_timeline_has_the_buttons_of_its_page(app: QApplication, context: Any, qtbot: QtBot) -> None:
    page, _ = opened_at(qtbot, context, RING_BACK)
    assert [words for words in offered(page) if words != "About this record"][:7] == [
        *("Print", "Amend"),
        *("Done", "Hand over", "Take on", "Not needed", "Log this call"),
    ]
    assert "Add a hand-over" not in offered(page)
    assert page.action.verbs.number.text() == "01632 960174"
    assert page.action.verbs.number.isVisible()
    assert [tag.spec.words for tag in page.action.findChildren(Tag) if tag.isVisible()] == ["Overdue 14 min"]


def test_an_action_is_done_from_the_timeline_and_can_be_opened_again(
    app: QApplication, context: Any, qtbot: QtBot
) -> None:
    page, record = opened_at(qtbot, context, RING_BACK)
    page.timeline.list.setFocus()
    go_to(qtbot, context, "Done")
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    read(qtbot, context)
    assert page.action.verbs.question is not None
    assert page.action.verbs.question.isVisible()
    assert focused().accessibleName() == "Spoke to"
    QTest.keyClicks(focused(), "Jo")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    for _ in range(3):
        read(qtbot, context)
    current = context.services.store.get(record)
    assert (ACTION.of(current).state, ACTION.of(current).spoke_to) == ("done", "Jo")
    assert context.said == ["Ring Jo Preece back: done 02:14"]
    assert "Reopen" in offered(page)
    assert page.view_card.isAncestorOf(focused())


def test_a_record_of_another_kind_has_no_buttons_of_an_action(app: QApplication, context: Any, qtbot: QtBot) -> None:
    page, _ = opened_at(qtbot, context, RING_BACK)
    contact = next(
        entry.record
        for entry in page.timeline.list.entries.items
        if not isinstance(entry, str) and entry.kind == "contact"
    )
    page.timeline.list.show_entries(
        [entry for entry in page.timeline.list.entries.items if not isinstance(entry, str)], chosen=contact
    )
    read(qtbot, context)
    assert page.view_card.view is not None
    assert page.view_card.view.kind == "contact"
    assert not page.action.isVisible()
