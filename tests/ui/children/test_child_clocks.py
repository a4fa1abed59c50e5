"""The clocks about a child on the child's own page: how many are due now, each with its time, and the way to its row."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.records.paragraphs import one_paragraph
from hipss_desktop.views.services import Services
from tests.helpers.open_page import open_page, read
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import clipped_labels, cut_cells, focused
from ui import theme
from ui.base.page import Context
from ui.children.child_page import ChildPage
from ui.children.clocks_tab import WHO
from ui.incidents.incident_page import IncidentPage
from ui.parts.tables import CELL_ROLE, cell_is_cut


def incident(services: Services, *children: str, of: str = "missing") -> str:
    """An incident of a type about children at 02:00, known at once."""
    fields = {
        "types": [of],
        "abuse_suspected": "no" if of == "death" else "",
        "children": [child_named(services, child) for child in children],
        "aware": "2017-03-14T02:00:00+00:00",
        "happening": one_paragraph("Gone at two"),
    }
    draft = services.records.new_draft("incident", fields)
    services.records.finish(draft)
    return draft.record


@pytest.fixture
def page(app: QApplication, context: Context, qtbot: QtBot) -> ChildPage:
    """Kai's page, on which nothing is due yet."""
    child_page = ChildPage(context, record=child_named(context.services, "Kai"))
    open_page(qtbot, context, child_page)
    return child_page


def row_of(page: ChildPage, who: str) -> list[str]:
    """What is read aloud of the clock of a recipient, cell by cell."""
    model = page.clocks.table.model()
    place = [clock.row.who for clock in page.clocks.shown].index(who)
    return [model.index(place, at).data(CELL_ROLE).phrase() for at in range(model.columnCount())]


def test_a_child_without_clocks_says_so(page: ChildPage) -> None:
    assert not page.head.due.isVisible()
    assert page.tabs.tabs.tabText(5) == WHO
    page.tabs.tabs.setCurrentIndex(5)
    assert page.clocks.empty.isVisible()


def test_what_is_due_now_is_in_the_head_and_leads_to_the_row_of_the_incident(
    page: ChildPage, context: Any, services: Services, qtbot: QtBot
) -> None:
    record = incident(services, "Kai")
    read(qtbot, context)
    due = page.head.due
    assert due.isVisible()
    assert due.text() == "1 thing due now"
    assert due.tone == "amber"
    assert page.tabs.tabs.tabText(5) == f"{WHO} {len(page.clocks.shown)}"
    assert row_of(page, "Police") == [
        "Police, Child is missing",
        "Due now, 14 min since 02:00",
        "101, Police, not urgent",
    ]
    due.setFocus()
    QTest.keyClick(due, Qt.Key.Key_Return)
    assert focused() is page.clocks.table
    QTest.keyClick(page.clocks.table, Qt.Key.Key_Down)
    QTest.keyClick(page.clocks.table, Qt.Key.Key_Return)
    chosen = page.clocks.shown[1]
    assert context.went[-1] == ("incident", {"record": record, "at": chosen.row.key})


def test_what_is_late_says_so_and_goes_once_they_were_told(
    page: ChildPage, context: Any, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    record = incident(services, "Kai")
    clock.pass_time(minutes=90)
    page.clocks.refresh()
    read(qtbot, context)
    assert row_of(page, "Police")[1] == "Overdue 1 h 44 min, since 02:00 Tue 14 March"
    services.records.add_row(record, "notified", {"recipient": "police", "at": "2017-03-14T03:40:00+00:00"})
    read(qtbot, context)
    assert "Police" not in [clock.row.who for clock in page.clocks.shown]


def test_the_head_turns_red_once_a_statutory_clock_has_run_out(
    page: ChildPage, context: Any, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    incident(services, "Kai", of="death")
    read(qtbot, context)
    assert not page.head.due.isVisible() or page.head.due.tone == "amber"
    clock.pass_time(minutes=4 * 24 * 60)
    page.clocks.refresh()
    read(qtbot, context)
    assert page.head.due.isVisible()
    assert page.head.due.tone == "risk"


def test_a_clock_about_the_other_child_of_an_incident_is_not_shown(
    page: ChildPage, context: Any, services: Services, qtbot: QtBot
) -> None:
    both = incident(services, "Kai", "Tyler")
    read(qtbot, context)
    interviews = [clock for clock in page.clocks.shown if "interview" in clock.row.who.casefold()]
    assert [clock.record for clock in interviews] == [both]
    assert all(child_named(services, "Kai") in clock.row.clock.children for clock in interviews)


def test_the_page_of_an_incident_opens_at_the_row_that_was_asked_for(
    app: QApplication, context: Context, services: Services, qtbot: QtBot
) -> None:
    record = incident(services, "Kai")
    last = services.incident_views.about(child_named(services, "Kai"))[-1]
    incident_page = IncidentPage(context, record, at=last.row.key)
    open_page(qtbot, context, incident_page)
    line = incident_page.lines.line_of(last.row.key)
    assert line is not None
    assert line.isAncestorOf(focused())
    assert line is not incident_page.lines.lines[0]


@pytest.mark.parametrize(("size", "scale"), [((1182, 712), 1.0), ((840, 584), 1.0), ((840, 584), 1.5)])
@pytest.mark.parametrize("night", [True, False])
def test_nothing_of_the_clocks_is_cut_at_any_size(
    page: ChildPage,
    context: Context,
    services: Services,
    qtbot: QtBot,
    *,
    size: tuple[int, int],
    scale: float,
    night: bool,
) -> None:
    incident(services, "Kai")
    read(qtbot, context)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, theme.Theme("night" if night else "day", scale))
    page.resize(*size)
    page.tabs.tabs.setCurrentIndex(5)
    read(qtbot, context)
    assert clipped_labels(page) == []
    assert cut_cells(page) == []
    model = page.clocks.table.model()
    assert not any(cell_is_cut(page.clocks.table, model.index(place, 0)) for place in range(model.rowCount()))
