"""The page of an action that a consultation made: the lead goes from it to the consultation, others read who may."""

from typing import Any

from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.action import ACTION
from hipss_desktop.views.services import Services
from tests.helpers import tiss, walk
from tests.helpers.open_page import open_page
from tests.helpers.store_fixtures import sign_in_as
from tests.helpers.wrong_values import NOT_HERE
from ui.actions.action_page import ActionPage
from ui.parts import LinkButton
from ui.records.form_page import RecordFormPage

FOR_ALL = "Send the countdown card"
READS = "Only lead practitioners and service managers can read consultations."


def opened(qtbot: QtBot, context: Any, record: str) -> ActionPage:
    """The action's page in a narrow window."""
    page = ActionPage(context, record=record)
    open_page(qtbot, context, page, (760, 712))
    return page


def shown(page: ActionPage) -> tuple[set[str], set[str]]:
    """What stands on the page as words, and as links."""
    words = {shown.text() for shown in page.findChildren(QLabel) if shown.isVisible()}
    return words, {link.text() for link in page.findChildren(LinkButton) if link.isVisible()}


def test_the_lead_goes_from_the_action_to_the_consultation_that_made_it(
    app: QApplication, context: Any, services: Services, qtbot: QtBot
) -> None:
    sign_in_as(services.store, role="lead")
    plan = [tiss.row(what="Card", owner="L. W.", by="2017-03-17", colleague=services.store.seat.person, action=FOR_ALL)]
    consultation = tiss.consultation(services, theme="Endings", plan=plan)
    record = next(
        record.record
        for record in services.store.records_of("action")
        if ACTION.of(record).from_consultation == consultation
    )
    page = opened(qtbot, context, record)
    words, links = shown(page)
    assert ("From consultation" in words, "Edge of Care: Endings" in links) == (True, True)
    next(button for button in page.findChildren(LinkButton) if button.text() == "Edge of Care: Endings").click()
    assert context.went[-1][1]["record"] == consultation


def test_others_read_who_may_and_are_not_asked_for_one(
    app: QApplication, context: Any, services: Services, qtbot: QtBot
) -> None:
    fields = {"what": FOR_ALL, "due": "2017-03-17T17:00:00+00:00", "from_consultation": NOT_HERE}
    record = tiss.written(services, "action", fields)
    page = opened(qtbot, context, record)
    words, links = shown(page)
    assert (READS in words, links) == (True, set())
    assert walk.clipped_labels(page) == []
    form = RecordFormPage(context, services.records.amendment(record))
    open_page(qtbot, context, form)
    assert "from_consultation" not in form.form.controls
    assert form.form.fields()["from_consultation"] == NOT_HERE
