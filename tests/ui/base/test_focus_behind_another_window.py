"""What has the focus has it still when its page was read anew while another window was in front.

Qt says then that nothing has the focus, and what asks it loses the place where a person was.
"""

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.records.paragraphs import one_paragraph
from hipss_desktop.views.services import Services
from tests.helpers.open_page import behind_another, open_page, read
from tests.helpers.several_laptops import amend, child_named
from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import focused
from ui.children.child_page import ChildPage
from ui.incidents.incident_page import IncidentPage
from ui.on_call.rota_page import RotaPage
from ui.records.record_page import RecordPage


@pytest.fixture
def incident(services: Services) -> str:
    """Kai is missing, as was known at two o'clock."""
    fields = {
        "types": ["missing"],
        "children": [child_named(services, "Kai")],
        "aware": "2017-03-14T02:00:00+00:00",
        "happening": one_paragraph("Gone at two"),
    }
    draft = services.records.new_draft("incident", fields)
    services.records.finish(draft)
    return draft.record


def test_on_the_press_of_a_clock_whose_time_has_run_out(
    app: QApplication, context: Any, qtbot: QtBot, clock: SetClock, incident: str
) -> None:
    page = IncidentPage(context, incident)
    open_page(qtbot, context, page)
    pressed = page.lines.lines[0].buttons[0]
    pressed.setFocus()
    name, who = pressed.text(), page.lines.lines[0].row.who
    with behind_another(qtbot, context, page):
        clock.now = datetime(2017, 3, 14, 3, 5, tzinfo=UTC)
        page.refresh()
    line = next(line for line in page.lines.lines if line.row.who == who)
    assert line.isAncestorOf(focused())
    assert getattr(focused(), "text", str)() == name


@pytest.mark.parametrize("behind", [False, True], ids=["in front", "behind"])
def test_on_what_is_due_about_a_child(
    app: QApplication, context: Any, qtbot: QtBot, clock: SetClock, incident: str, services: Services, behind: bool
) -> None:
    page = ChildPage(context, record=child_named(services, "Kai"))
    open_page(qtbot, context, page)
    assert page.head.due.isVisible()
    page.head.due.setFocus()
    before = page.head.due.text(), page.head.due.tone
    with behind_another(qtbot, context, page) if behind else nullcontext():
        clock.pass_time(minutes=4 * 24 * 60)
        page.clocks.refresh()
    read(qtbot, context)
    assert (page.head.due.text(), page.head.due.tone) != before
    assert focused() is page.head.due


def test_on_a_day_of_the_rota(app: QApplication, context: Any, qtbot: QtBot) -> None:
    page = RotaPage(context)
    open_page(qtbot, context, page)
    place = list(page.weeks.cells)[3]
    page.weeks.cells[place].setFocus()
    with behind_another(qtbot, context, page):
        page.refresh()
    assert focused() is page.weeks.cells[place]


def test_on_the_answers_of_a_record_that_was_amended_meanwhile(
    app: QApplication, context: Any, qtbot: QtBot, services: Services
) -> None:
    record = next(action.record for action in services.store.records_of("action") if action.fields.get("child"))
    page = RecordPage(context, record=record)
    open_page(qtbot, context, page)
    area = page.view_card.area
    QTest.keyClick(area, Qt.Key.Key_Tab)
    inside = focused()
    assert area.isAncestorOf(inside)
    with behind_another(qtbot, context, page):
        amend(services, record, {"what": "Ring the school nurse"})
        page.refresh()
    assert focused() is area
