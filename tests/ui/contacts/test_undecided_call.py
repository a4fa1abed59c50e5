"""A call that two laptops changed differently: amending it decides nothing, and says so."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.records.fields import Problem
from hipss_desktop.views.desk import Desk
from tests.helpers.open_page import open_page, read
from tests.helpers.several_laptops import amend, exchange
from tests.helpers.stations import contact
from tests.helpers.walk import focused
from ui.contacts.log_contact import LogContactPage

CTRL = Qt.KeyboardModifier.ControlModifier


def test_an_amendment_of_a_call_is_refused_beside_the_advice(
    app: QApplication, qtbot: QtBot, context: Any, mine: Desk, theirs: Desk
) -> None:
    draft = mine.records.new_draft("contact", contact("Rang about supper.", outcome="advice"))
    mine.records.finish(draft)
    exchange(mine, theirs)
    amend(mine, draft.record, {"advice": "Take her in."})
    amend(theirs, draft.record, {"advice": "Ring the duty team."})
    exchange(mine, theirs)
    page = LogContactPage(context, draft=mine.records.amendment(draft.record))
    open_page(qtbot, context, page)
    QTest.keyClicks(focused(), "Jo told me")
    page.form.advice.setFocus()
    QTest.keyClicks(focused(), "Now. ")
    QTest.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    read(qtbot, context)
    sentence = "What did you advise has two versions. Decide between them first, then amend."
    assert [each.text() for each in page.summary.links()] == [sentence]
    assert page.form.fields["advice"].error() == sentence
    record = mine.store.get(draft.record)
    assert record is not None
    assert [side.value for side in record.conflicts["advice"]] != []
    assert mine.store.draft(draft.record) is not None


def test_a_call_that_is_not_finished_says_why_whatever_the_answer(
    app: QApplication, qtbot: QtBot, context: Any
) -> None:
    page = LogContactPage(context)
    open_page(qtbot, context, page)
    for field in CONTACT.fields:
        page.show_problems([Problem(field.name, "This has two versions.")])
        assert [link.text() for link in page.summary.links()] == ["This has two versions."], field.name
