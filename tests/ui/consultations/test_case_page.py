"""The page of a case leads to all that was written about the child, and begins the next consultation."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers import tiss
from tests.helpers.open_page import open_page, read
from tests.helpers.screens_of_consultations import case_of, record_about_s
from tests.helpers.store_fixtures import sign_in_as
from tests.helpers.walk import clipped_labels, focused, unnamed_focusables
from ui.consultations.case_page import CaseRecordPage


def names(page: CaseRecordPage) -> list[str]:
    return [button.text() for button in page.findChildren(QAbstractButton) if button.isVisibleTo(page)]


def press(page: CaseRecordPage, words: str) -> None:
    """Press a button by Space."""
    next(
        button for button in page.findChildren(QAbstractButton) if button.text() == words and button.isVisibleTo(page)
    ).setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Space)


def test_all_that_is_about_a_case_is_reached_from_it_and_comes_at_once(
    lead: Services, context: Any, qtbot: QtBot
) -> None:
    case = case_of(lead, "S.", "EOC-2231")
    page = CaseRecordPage(context, case)
    open_page(qtbot, context, page)
    first = "Wednesday 8 March 2017, consultation: Edge of Care"
    assert [name for name in names(page) if "2017" in name] == [first]
    tiss.direct_work(lead, case=case)
    read(qtbot, context)
    assert [name for name in names(page) if "2017" in name] == [
        "Friday 10 March 2017, direct work: " + title(lead),
        first,
    ]
    press(page, first)
    assert context.went[-1] == ("consultation", {"record": record_about_s(lead)})
    assert clipped_labels(page) == []
    assert unnamed_focusables(page) == []


def title(lead: Services) -> str:
    [entry] = lead.timelines.of_kind("direct_work")
    return entry.title


def test_the_next_consultation_is_begun_from_the_case_with_its_team(lead: Services, context: Any, qtbot: QtBot) -> None:
    case = case_of(lead, "S.", "EOC-2231")
    page = CaseRecordPage(context, case)
    open_page(qtbot, context, page)
    press(page, "New consultation")
    fields = {"about": "case", "case": case, "team": "edge_of_care"}
    assert context.went[-1] == ("new_record", {"kind": "consultation", "fields": fields})


def test_who_may_not_write_consultations_begins_none(lead: Services, context: Any, qtbot: QtBot) -> None:
    case = case_of(lead, "S.", "EOC-2231")
    sign_in_as(lead.store, role="on_call")
    page = CaseRecordPage(context, case)
    open_page(qtbot, context, page)
    assert "New consultation" not in names(page)
