"""A contact that brings information has a place for it, by real keys over a real store."""

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.views.services import Services
from tests.helpers.log_contact_page import ALT, CTRL, Opened

Key = Qt.Key


def choose_information(opened: Opened) -> None:
    """Choose the kind of contact by its first letter."""
    opened.page.form.caller.kind.setFocus()
    opened.press(Key.Key_I)
    assert opened.page.answers.text("type") == "information"


def test_information_is_asked_for_typed_and_read_again(qtbot: QtBot, context: Any, services: Services) -> None:
    opened = Opened(qtbot, context)
    choose_information(opened)
    labels = [field.label.text() for field in opened.page.form.fields.values() if field.isVisible()]
    assert labels == ["Who is calling", "What is the information?", "Follow-ups"]
    opened.press(Key.Key_Return, CTRL)
    opened.settle()
    assert opened.errors() == ["Enter the information"]
    opened.press(Key.Key_2, ALT)
    opened.type("The respite bed is free from Friday.")
    opened.press(Key.Key_Return, CTRL)
    opened.settle()
    record = services.store.records_of("contact", limit=1)[0]
    assert CONTACT.of(record).information == "The respite bed is free from Friday."
    board = services.on_call.board()
    assert board.contacts[0].about == "The respite bed is free from Friday."
    assert services.timelines.of_kind("contact", limit=1)[0].summary == "The respite bed is free from Friday."
    assert [contact.record for contact in services.timelines.search("respite bed is free")] == [record.record]


def test_what_was_written_goes_to_the_question_that_the_kind_of_contact_asks(qtbot: QtBot, context: Any) -> None:
    opened = Opened(qtbot, context)
    opened.press(Key.Key_3, ALT)
    opened.type("Inhaler is ready")
    choose_information(opened)
    form = opened.page.form
    assert (form.information.toPlainText(), opened.page.answers.get("happening")) == ("Inhaler is ready", None)
    opened.press(Key.Key_Up)
    assert (form.happening.toPlainText(), opened.page.answers.get("information")) == ("Inhaler is ready", None)


def test_a_line_of_the_old_log_was_not_asked_for_the_information() -> None:
    body = {"type": "information", "happening": "Inhaler is ready.", "log_line": "2017/012"}
    contact = CONTACT.read(body)
    assert not [problem for check in CONTACT.checks for problem in check(contact, None)]  # type: ignore[arg-type]  # no clock
