"""The strip of a strained placement on a child's page, the page that explains it, and the offer of support begun from both."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.views.services import Services
from hipss_desktop.views.strain import StrainView
from tests.helpers.open_page import open_page, read
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import RecordingSession, SetClock, sign_in_as
from tests.ui.children.test_alerts import child_page, tab_to
from tests.ui.shell.windows import press, rest, windows
from ui.carers.weeks_page import WeeksPage
from ui.children.child_page import ChildPage
from ui.parts import LinkButton, TagButton
from ui.parts.tables import CELL_ROLE
from ui.records.form_page import RecordFormPage
from ui.records.timeline_pane import Place
from ui.shell.window import MainWindow

Key = Qt.Key


@pytest.fixture
def window(app: QApplication, mine: Services, session: RecordingSession, qtbot: QtBot) -> Iterator[MainWindow]:
    """A manager's window."""
    sign_in_as(mine.store, role="manager")
    with windows(lambda: MainWindow(session), qtbot) as opened:
        yield opened()


def table_of(page: WeeksPage) -> list[list[str]]:
    """The words of the weeks, row by row."""
    model = page.table.model()
    return [
        [model.index(row, column).data(CELL_ROLE).phrase() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def shown_view(page: WeeksPage) -> StrainView:
    """What the page says now."""
    assert page._view is not None
    return page._view


def tags(page: ChildPage) -> list[TagButton]:
    """The tags beside the name that say of strain."""
    return [tag for tag in page.head.findChildren(TagButton) if tag.isVisible() and "strain" in tag.text()]


def test_the_strip_is_there_for_a_strained_placement_and_for_no_other(window: MainWindow, qtbot: QtBot) -> None:
    page = child_page(window, qtbot, "Kai")
    assert page.strain.isVisible()
    assert not child_page(window, qtbot, "Ellie").strain.isVisible()
    assert not child_page(window, qtbot, "Amara").strain.isVisible(), "too early is no strain"


def test_the_chart_is_heard_as_one_picture_that_says_every_number(window: MainWindow, qtbot: QtBot) -> None:
    page = child_page(window, qtbot, "Kai")
    heard = QAccessible.queryAccessibleInterface(page.strain.chart)
    assert heard.role() == QAccessible.Role.Chart
    assert heard.text(QAccessible.Text.Name) == (
        "Contacts and incidents each week, 12 weeks, usual 0 to 2: 2, 2, 1, 1, 3, 1, 3, 1, 1, 2, 6, then 2. "
        "Above usual for 4 weeks."
    )
    assert page.strain.chart.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_a_support_visit_is_planned_from_the_strip_with_child_household_and_day_and_is_then_said_there(
    window: MainWindow, qtbot: QtBot
) -> None:
    services = window.session.services
    kai = child_named(services, "Kai")
    child_page(window, qtbot, "Kai")
    tab_to(window, "Plan a support visit")
    press(window, Key.Key_Space)
    rest(qtbot, window)
    form = window.page
    assert isinstance(form, RecordFormPage)
    preece = services.people.find("jo preece", kinds=("carer",))[0].record
    assert form.draft.kind == "support_offer"
    known = {name: form.draft.fields[name] for name in ("child", "carer", "what", "seen_on")}
    assert known == {"child": kai, "carer": preece, "what": "visit", "seen_on": "2017-03-14"}
    press(window, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(qtbot, window)
    (offer,) = services.store.records_about(kai, kind="support_offer")
    assert offer.fields["offered_on"] == "2017-03-14"
    assert [record.record for record in services.store.records_about(preece, kind="support_offer")] == [offer.record]
    page = child_page(window, qtbot, "Kai")
    links = [link.text() for link in page.strain.findChildren(LinkButton) if link.isVisible()]
    assert "Support visit offered, 14 March 2017" in links


def test_how_it_is_worked_out_shows_the_weeks_as_a_table_and_leads_back(window: MainWindow, qtbot: QtBot) -> None:
    child_page(window, qtbot, "Kai")
    tab_to(window, "How this is worked out")
    press(window, Key.Key_Return)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, WeeksPage)
    assert page.plan.hasFocus()
    rows = table_of(page)
    assert len(rows) == 12
    assert rows[0] == ["13 Mar 2017", "2", "0", "4", "Above usual"]
    assert rows[-1] == ["26 Dec 2016", "2", "0", "2", ""]
    press(window, Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    rest(qtbot, window)
    assert isinstance(window.page, ChildPage)


def test_the_weeks_of_a_placement_without_strain_are_found_among_the_placements(
    app: QApplication, qtbot: QtBot, context: Any, clock: SetClock
) -> None:
    ellie = child_named(context.services, "Ellie")
    page = ChildPage(context, record=ellie, place=Place("Placement"))
    open_page(qtbot, context, page)
    link = page.placements.weeks_link
    assert (page.strain.isVisible(), link.isVisible()) == (False, True)
    link.click()
    assert context.went[-1] == ("weeks", {"record": ellie})
    clock.pass_time(days=-3000)
    page.refresh()
    read(qtbot, context)
    assert not link.isVisible(), "nowhere placed, so there are no weeks"


def test_who_may_write_no_offer_is_shown_the_strip_without_the_press(
    app: QApplication, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    sign_in_as(store, role="administrator")
    page = ChildPage(context, record=child_named(context.services, "Kai"))
    open_page(qtbot, context, page)
    assert page.strain.isVisible()
    assert not page.strain.plan.isVisible()
    assert page.strain.how.isVisible()


def test_where_there_is_no_room_a_tag_beside_the_name_replaces_the_strip(
    app: QApplication, qtbot: QtBot, context: Any
) -> None:
    kai = child_named(context.services, "Kai")
    page = ChildPage(context, record=kai)
    open_page(qtbot, context, page, (840, 500))
    assert not page.strain.isVisible()
    (tag,) = tags(page)
    assert (tag.text(), tag.toolTip()) == ("Placement under strain", "Placed with Jo & Martin Preece, 120 days")
    tag.click()
    assert context.went[-1] == ("weeks", {"record": kai})
    page.resize(1182, 712)
    read(qtbot, context)
    assert page.strain.isVisible()
    assert tags(page) == []


def test_the_page_follows_what_is_recorded_and_the_passing_of_days(
    app: QApplication, qtbot: QtBot, context: Any, clock: SetClock
) -> None:
    services: Services = context.services
    sign_in_as(services.store, role="manager")
    kai = child_named(services, "Kai")
    page = WeeksPage(context, record=kai)
    open_page(qtbot, context, page)
    assert shown_view(page).tag is not None
    newest = [contact.record for contact in services.store.records_about(kai, kind="contact", limit=8)]
    for record in newest:
        services.records.withdraw(record, "Logged twice")
    read(qtbot, context)
    assert shown_view(page).tag is None
    assert shown_view(page).why == "No strain shown."
    clock.pass_time(days=40)
    page.refresh()
    read(qtbot, context)
    assert shown_view(page).offer["seen_on"] == "2017-04-23"


def test_a_child_who_is_not_placed_and_one_who_is_not_here_are_said(
    app: QApplication, qtbot: QtBot, context: Any, clock: SetClock
) -> None:
    clock.pass_time(days=-3000)
    page = WeeksPage(context, record=child_named(context.services, "Kai"))
    open_page(qtbot, context, page)
    assert page._sentence.text() == "No placement with a carer of the service."
    assert not page.table.isVisible()
    assert not page.plan.isVisible()
    gone = WeeksPage(context, record="0199c0de-0000-7000-8000-00000000ffff")
    qtbot.addWidget(gone)
    gone.show()
    read(qtbot, context)
    assert gone.gone.isVisible()
