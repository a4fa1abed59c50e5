"""A call that two laptops changed differently: amending it decides nothing, and says so."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.records.fields import Problem
from hipss_desktop.views.services import Services
from tests.helpers.open_page import open_page, read
from tests.helpers.several_laptops import amend, exchange
from tests.helpers.stations import contact
from tests.helpers.walk import clipped_labels, focused
from ui.contacts.log_contact import LogContactPage
from ui.records.undecided import DecideTag
from ui.records.versions import VersionWords

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def test_an_amendment_of_a_call_is_refused_beside_the_advice(
    app: QApplication, qtbot: QtBot, context: Any, mine: Services, theirs: Services
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
    assert [link.text() for link in page.summary.links()] == [sentence]
    assert page.form.fields["advice"].error() == sentence
    record = mine.store.get(draft.record)
    assert record is not None
    assert [side.value for side in record.conflicts["advice"]] != []
    assert mine.store.draft(draft.record) is not None


def undecided_call(mine: Services, theirs: Services, **changes: tuple[str, str]) -> str:
    """A call whose answers have two versions, this laptop's and another's."""
    draft = mine.records.new_draft("contact", contact("Rang about supper.", outcome="advice"))
    mine.records.finish(draft)
    exchange(mine, theirs)
    for place, services in enumerate((mine, theirs)):
        amend(services, draft.record, {name: both[place] for name, both in changes.items()})
    exchange(mine, theirs)
    return draft.record


def test_an_amendment_of_a_call_shows_both_versions_and_opens_the_decision(
    app: QApplication, qtbot: QtBot, context: Any, mine: Services, theirs: Services
) -> None:
    call = undecided_call(mine, theirs, advice=("Take her in.", "Ring the duty team."))
    page = LogContactPage(context, draft=mine.records.amendment(call))
    open_page(qtbot, context, page)
    assert focused() is page.form.why
    versions = [version.accessibleName() for version in page.findChildren(VersionWords) if version.isVisible()]
    assert [words.partition(": ")[0] for words in versions] == [
        "What did you advise?, your version",
        "What did you advise?, other version",
    ]
    seen = [version.text() for version in page.findChildren(VersionWords)]
    plain = [QTextDocumentFragment.fromHtml(words).toPlainText() for words in seen]
    assert plain == ["Take her in.", "Ring the duty team."]
    assert clipped_labels(page) == []
    QTest.keyClick(focused(), Qt.Key.Key_4, ALT)
    for _ in range(4):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        if isinstance(focused(), DecideTag):
            break
    assert focused().accessibleName() == "You need to decide: What did you advise?"
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    assert context.went == [("sync", {"record": call})]


def test_what_is_asked_below_the_questions_is_shown_with_both_versions_too(
    app: QApplication, qtbot: QtBot, context: Any, mine: Services, theirs: Services
) -> None:
    call = undecided_call(mine, theirs, injuries=("A cut lip.", "None seen."), caller_name=("Jo Prees", "Jo Price"))
    page = LogContactPage(context, draft=mine.records.amendment(call))
    open_page(qtbot, context, page)
    assert focused() is page.form.why
    decides = [tag.accessibleName() for tag in page.findChildren(DecideTag) if tag.isVisible()]
    assert decides == ["You need to decide: Caller’s name", "You need to decide: Injuries"]


def test_a_new_call_has_nothing_to_decide(app: QApplication, qtbot: QtBot, context: Any) -> None:
    page = LogContactPage(context)
    open_page(qtbot, context, page)
    page.finish()
    read(qtbot, context)
    assert page.findChildren(DecideTag) == []


def test_a_call_that_is_not_finished_says_why_whatever_the_answer(
    app: QApplication, qtbot: QtBot, context: Any
) -> None:
    page = LogContactPage(context)
    open_page(qtbot, context, page)
    for field in CONTACT.fields:
        page.show_problems([Problem(field.name, "This has two versions.")])
        assert [link.text() for link in page.summary.links()] == ["This has two versions."], field.name
