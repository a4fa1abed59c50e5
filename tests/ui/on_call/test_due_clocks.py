"""The on-call screen shows at its top what is due now for an incident, with the number to ring; one key opens the incident."""

from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hipss_desktop.records.paragraphs import one_paragraph
from hipss_desktop.views.services import Services
from tests.helpers.open_page import read
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock
from tests.ui.on_call.on_call_screen import finished
from ui.on_call.on_call_page import OnCallPage


def missing_child(services: Services, aware: str = "2017-03-14T02:00:00+00:00") -> str:
    fields = {
        "types": ["missing"],
        "children": [child_named(services, "Kai")],
        "aware": aware,
        "happening": one_paragraph("Gone at two"),
    }
    draft = services.records.new_draft("incident", fields)
    services.records.finish(draft)
    return draft.record


def test_an_incident_due_now_is_shown_at_the_top_with_its_number_and_opens(
    page: OnCallPage, context: Any, services: Services, qtbot: QtBot
) -> None:
    assert page.due_banners == []
    record = missing_child(services)
    read(qtbot, context)
    (banner,) = page.due_banners
    assert banner.accessibleName() == "Missing from care, Kai M. To be told now: Police, 101, due now."
    assert banner.y() < page.children_board.y()
    link = banner.findChildren(type(page.contacts.link))[0]
    link.setFocus()
    QTest.keyClick(link, Qt.Key.Key_Return)
    assert context.went[-1] == ("incident", {"record": record})


def test_the_banner_says_overdue_after_an_hour_and_is_removed_once_the_police_were_told(
    page: OnCallPage, context: Any, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    record = missing_child(services)
    clock.pass_time(minutes=90)
    page.refresh()
    read(qtbot, context)
    assert "Police, 101, overdue 1 h 44 min." in page.due_banners[0].accessibleName()
    services.records.add_row(record, "notified", {"recipient": "police", "at": "2017-03-14T03:40:00+00:00"})
    read(qtbot, context)
    assert page.due_banners == []


def test_the_board_is_shown_while_the_clocks_are_still_being_read(
    page: OnCallPage, context: Any, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, reads, before = Event(), services.incident_views.due, page.contacts.table.model().rowCount()

    def slowly(most: int) -> Any:
        may_go_on.wait(60)
        return reads(most)

    monkeypatch.setattr(services.incident_views, "due", slowly)
    missing_child(services)
    finished(services, services.clock(), caller_name="Ann Tew")
    qtbot.waitUntil(lambda: page.contacts.table.model().rowCount() > before)
    assert page.due_banners == []
    may_go_on.set()
    read(qtbot, context)
    assert len(page.due_banners) == 1
