"""A call that is opened again: no window of its own flashes up, and the next letters write over nothing."""

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.log_contact_page import ALT, Opened, reopened


@pytest.fixture
def opened(qtbot: QtBot, context: Any) -> Opened:
    """Jo Preece rings about Kai, who is missing."""
    page = Opened(qtbot, context)
    page.type("jo")
    page.press(Qt.Key.Key_Return)
    page.settle()
    page.press(Qt.Key.Key_2, ALT)
    page.press(Qt.Key.Key_Space)
    return page


def test_a_missing_call_opened_again_is_typed_on_without_writing_over_the_caller(
    opened: Opened, services: Services
) -> None:
    opened_again = reopened(opened, services)
    first = opened_again.page.first_focus()
    assert first is not opened_again.page.form.caller.caller
    opened_again.type("sunita")
    assert opened_again.page.answers.text("caller_name") == "Jo Preece"


class Windows(QObject):
    """Notes which windows of their own are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched)
        return False


@pytest.mark.parametrize("opened_from", ["draft", "amendment"])
def test_no_other_window_flashes_up_when_a_call_is_opened(
    opened: Opened, qtbot: QtBot, context: Any, services: Services, qapp: QApplication, opened_from: str
) -> None:
    assert opened.page.may_leave()
    opened.settle()
    held = services.store.records_of("contact", limit=1)[0]
    draft = services.store.drafts()[0] if opened_from == "draft" else services.records.amendment(held.record)
    opened.close()
    watch = Windows()
    qapp.installEventFilter(watch)
    try:
        opened_again = Opened(qtbot, context, draft=draft)
        QTest.qWait(20)
    finally:
        qapp.removeEventFilter(watch)
    assert [type(widget).__name__ for widget in watch.shown if widget is not opened_again] == []
