"""If a later call says that a child came back, the incident offers this return, with the time and a link to the call."""

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.records.paragraphs import one_paragraph
from hipss_desktop.views.services import Services
from tests.helpers.open_page import open_page, read
from tests.helpers.several_laptops import amend, child_named
from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import focused
from tests.views.test_caller_card import finish
from ui.base.page import Context
from ui.incidents.clock_rows import ClockLine
from ui.incidents.incident_page import IncidentPage
from ui.parts import TimeField

AT_0246, BACK = "2017-03-14T02:46:00+00:00", "2017-03-14T02:41:00+00:00"


def call(services: Services, child: str, told_at: str, **answers: Any) -> str:
    """A call about a child who is missing or back."""
    return finish(
        services,
        "contact",
        type="call",
        caller_name="Jo Preece",
        concerns=["missing"],
        children=[child_named(services, child)],
        happening="He stood at the back door",
        no_advice=True,
        risk="low",
        needs_to_know=["manager"],
        told=told_at,
        **answers,
    )


@pytest.fixture
def missing(services: Services, clock: SetClock) -> str:
    """The incident of a call at 02:20 about Tyler, read in the morning."""
    clock.now = datetime(2017, 3, 14, 8, 46, tzinfo=UTC)
    contact = call(
        services, "Tyler", "2017-03-14T02:20:00+00:00", missing="still", missing_since="2017-03-14T01:00:00+00:00"
    )
    record = services.store.get(contact)
    assert record is not None
    draft = services.records.new_draft("incident", {**services.incidents.from_contact(record), "types": ["missing"]})
    services.records.finish(draft)
    return draft.record


def open_interview_row(
    app: QApplication, context: Context, qtbot: QtBot, record: str
) -> tuple[IncidentPage, ClockLine]:
    page = IncidentPage(context, record)
    open_page(qtbot, context, page)
    return page, next(line for line in page.lines.lines if line.row.who == "Return home interview")


def test_the_return_that_a_later_call_reports_is_offered_with_its_time_and_a_link_to_the_call(
    app: QApplication, context: Any, services: Services, qtbot: QtBot, missing: str
) -> None:
    later = call(services, "Tyler", AT_0246, missing="back", back_at=BACK)
    page, line = open_interview_row(app, context, qtbot, missing)
    link = line.said_by
    assert link is not None
    assert link.text() == "A call says that Tyler B. came back at 02:41"
    assert "back door" not in line.row.spoken
    link.setFocus()
    QTest.keyClick(link, Qt.Key.Key_Return)
    assert context.went[-1] == ("record", {"record": later})
    line.first().setFocus()
    QTest.keyClick(line.first(), Qt.Key.Key_Return)
    read(qtbot, context)
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    read(qtbot, context)
    current = services.store.get(missing)
    assert current is not None
    assert [row.at for row in INCIDENT.of(current).returned] == [datetime(2017, 3, 14, 2, 41, tzinfo=UTC)]
    waiting_line = next(line for line in page.lines.lines if line.row.who == "Return home interview")
    assert (waiting_line.said_by, waiting_line.row.due) == (None, "02:41 Fri 17 March")


@pytest.mark.parametrize("child", ["Kai", "Tyler"])
def test_neither_another_childs_return_nor_one_of_an_earlier_night_is_offered(
    app: QApplication, context: Context, services: Services, qtbot: QtBot, missing: str, child: str
) -> None:
    earlier = {"Kai": (AT_0246, BACK), "Tyler": ("2017-03-12T02:46:00+00:00", "2017-03-12T02:41:00+00:00")}
    told_at, back = earlier[child]
    call(services, child, told_at, missing="back", back_at=back)
    _, line = open_interview_row(app, context, qtbot, missing)
    assert line.said_by is None


def test_a_row_for_each_of_several_children_has_the_time_that_was_typed(
    app: QApplication, context: Context, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    clock.now = datetime(2017, 3, 14, 2, 24, tzinfo=UTC)
    children = [child_named(services, name) for name in ("Kai", "Tyler", "Ellie")]
    for child in children[1:]:
        amend(services, child, {"placing_authority": "Powys"})
    fields = {
        "types": ["missing"],
        "children": children,
        "aware": "2017-03-14T02:00:00+00:00",
        "happening": one_paragraph("Gone"),
    }
    draft = services.records.new_draft("incident", fields)
    services.records.finish(draft)
    page = IncidentPage(context, draft.record)
    open_page(qtbot, context, page)
    line = next(line for line in page.lines.lines if "Powys" in line.row.who)
    QTest.keyClick(line.first(), Qt.Key.Key_Return)
    read(qtbot, context)
    question = page.questions.question
    assert question is not None
    question.row.questions["at"].findChildren(TimeField)[0].setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(focused(), "02:10")
    question.row.questions["spoke_to"].focus_target().setFocus()
    QTest.keyClicks(focused(), "R. Pugh")
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    read(qtbot, context)
    current = services.store.get(draft.record)
    assert current is not None
    at_ten_past = datetime(2017, 3, 14, 2, 10, tzinfo=UTC)
    assert {row.child: row.at for row in INCIDENT.of(current).notified} == dict.fromkeys(children[1:], at_ten_past)
