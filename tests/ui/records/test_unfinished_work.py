"""What others left unfinished is said over a timeline, and in the list of drafts to whom it concerns."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop import times
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from sync.wire.messages import UnfinishedAnswer, UnfinishedReport, UnfinishedWork
from tests.helpers.open_page import open_page
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock, sign_in_as
from ui.carers.carer_page import CarerPage
from ui.children.child_page import ChildPage
from ui.parts import IconLabel
from ui.records.drafts import DraftsPage
from ui.records.unfinished_lines import UnfinishedLines


def report_drafts(services: Services, clock: SetClock, people: list[str], hours: int, count: int = 1) -> None:
    """What the council said: so many drafts of B. Osei about these people, begun so many hours ago."""
    began = times.stamp(clock.now - timedelta(hours=hours))
    drafts = [UnfinishedWork("contact", began, began, people)] * count
    report = UnfinishedReport("seat", "person", "B. Osei", "HIPSS-LT-07", began, drafts)
    with services.store.write() as unit:
        unit.set(StoreSetting.UNFINISHED, msgspec.json.encode(UnfinishedAnswer([report])).decode())


def lines(page: ChildPage | CarerPage) -> list[str]:
    [shown] = page.findChildren(UnfinishedLines)
    return [line.text() for line in shown.findChildren(IconLabel) if not line.isHidden()]


def test_the_page_of_a_child_says_what_others_have_begun(
    app: QApplication, services: Services, clock: SetClock, context: Any, qtbot: QtBot
) -> None:
    kai = child_named(services, "Kai")
    report_drafts(services, clock, [kai], 2, count=5)
    page = ChildPage(context, record=kai)
    open_page(qtbot, context, page)
    began = times.since(clock.now - timedelta(hours=2), clock.now)
    assert lines(page) == [*[f"Contact, B. Osei, begun {began}, not finished"] * 3, "2 more not finished"]


def test_the_page_of_a_household_says_so_too_and_since_when_the_laptop_was_not_seen(
    app: QApplication, services: Services, clock: SetClock, context: Any, qtbot: QtBot
) -> None:
    preece = next(person.record for person in services.people.find("jo preece") if person.kind == "carer")
    report_drafts(services, clock, [preece], 30)
    page = CarerPage(context, record=preece)
    open_page(qtbot, context, page)
    [line] = lines(page)
    assert "HIPSS-LT-07 not seen since" in line


@pytest.mark.parametrize(("role", "hours", "count"), [("manager", 25, 1), ("manager", 23, 0), ("on_call", 25, 0)])
def test_the_list_of_drafts_names_to_managers_what_is_unfinished_too_long_elsewhere(
    app: QApplication,
    services: Services,
    clock: SetClock,
    context: Any,
    qtbot: QtBot,
    role: str,
    hours: int,
    count: int,
) -> None:
    sign_in_as(services.store, role=role)
    report_drafts(services, clock, [child_named(services, "Kai")], hours)
    page = DraftsPage(context)
    open_page(qtbot, context, page)
    assert page.elsewhere_panel.isVisible() is bool(count)
    assert page.elsewhere.model().rowCount() == count
