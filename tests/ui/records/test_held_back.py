"""What the council holds back is read on the page of its record by the person who wrote it, and by nobody as part of it."""

from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.documents.record import record_page
from hipss_desktop.errors import UserError
from hipss_desktop.services.ports import Record
from hipss_desktop.views.services import Services
from tests.db.store.seats import OtherSeat, absorb, amended, finished, know
from tests.helpers.walk import settle
from ui.records.record_page import RecordPage

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def council(store: LaptopStore) -> OtherSeat:
    other_seat = OtherSeat()
    know(store, other_seat)
    return other_seat


def hold(store: LaptopStore, council: OtherSeat, digest: str, why: str) -> None:
    absorb(store, council.sign({"revisions": [{"id": digest, "reason": "may_not_write"}]}, kind="hold"))
    with store.write() as unit:
        unit.council_holds_back({digest: why})


def page_of(qtbot: QtBot, context: Any, record: str) -> RecordPage:
    page = RecordPage(context, record)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.refresh()
    qtbot.waitUntil(lambda: context.runner.idle)
    settle()
    return page


def words_of(page: RecordPage) -> str:
    shown = page.findChildren(QLabel)
    names = [widget.accessibleName() for widget in page.findChildren(QWidget)]
    return "\n".join([*(text.text() for text in shown if text.isVisible()), *names])


@pytest.mark.usefixtures("services")
def test_a_record_of_which_a_part_is_held_back_shows_it_apart_with_the_reason(
    qtbot: QtBot, context: Any, store: LaptopStore, council: OtherSeat
) -> None:
    contact: Record = store.records_of("contact", limit=1)[0]
    own = amended(store, contact.record, {"advice": "Lock the door."}, why="Rang again")
    hold(store, council, own.digest, "A reason in the council's words.")
    page = page_of(qtbot, context, contact.record)
    words = words_of(page)
    assert "The council holds this back" in words
    assert "A reason in the council's words." in words
    assert "What follows counts nowhere until it is released; the rest of the record does." in words
    assert "now Lock the door." in words
    view = page.view_card.view
    assert view is not None
    advice = next(line.words for line in view.lines if line.unit == "advice")
    assert advice == contact.fields["advice"]
    assert page.view_card.amend.isVisible()
    assert page.view_card.printing.isVisible()


def test_a_record_of_which_all_is_held_back_shows_what_was_written_and_is_not_printed(
    qtbot: QtBot, context: Any, store: LaptopStore, council: OtherSeat, services: Services
) -> None:
    own = finished(store, {"address": "2 Mill Lane"}, kind="carer")
    hold(store, council, own.digest, "A reason in the council's words.")
    record = own.envelope.record
    page = page_of(qtbot, context, record)
    words = words_of(page)
    assert "2 Mill Lane" in words
    assert "A reason in the council's words." in words
    assert "It counts nowhere until it is released. This is what you wrote." in words
    assert not page.view_card.amend.isVisible()
    assert not page.view_card.printing.isVisible()
    page.view_card.go_print()
    assert context.went == []
    with pytest.raises(UserError, match="not on this laptop"):
        record_page(services, record)
    [problem] = services.sync_centre.centre(context.session.status()).problems
    assert problem.record == record
    assert problem.title.startswith("The council holds this back: Carer household")
    assert "It counts nowhere until it is released." in problem.words
