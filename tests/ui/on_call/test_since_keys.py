"""Keys of the page of what happened since one was last here."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.open_page import open_page
from ui.on_call.since_page import SincePage


def test_ctrl_g_away_from_a_card_begins_a_guide_that_asks_for_the_child(
    app: QApplication, context: Any, qtbot: QtBot
) -> None:
    page = SincePage(context)
    open_page(qtbot, context, page)
    page.contacts.table.setFocus()
    QTest.keyClick(page.contacts.table, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert context.went == [("new_record", {"kind": "missing_episode"})]
