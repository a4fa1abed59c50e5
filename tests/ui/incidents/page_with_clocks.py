"""Keys on the page of an incident or a restraint, and what can be read there."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from tests.helpers.open_page import read
from tests.helpers.walk import focused
from ui.incidents.incident_page import IncidentPage


def press(
    qtbot: QtBot, page: IncidentPage, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press keys where the focus is, and wait for what they bring about."""
    for key in keys:
        QTest.keyClick(focused(), key, held)
        read(qtbot, page.context)


def go_to(qtbot: QtBot, page: IncidentPage, name: str) -> None:
    """Press Tab until something whose name begins so has the focus."""
    for _ in range(60):
        now = focused()
        shown = now.text() if isinstance(now, QAbstractButton) else ""
        if name in (shown, now.accessibleName()[: len(name)]):
            return
        press(qtbot, page, Qt.Key.Key_Tab)
    raise AssertionError(name)


def words(page: IncidentPage) -> set[str]:
    """All labels that show."""
    return {shown.text() for shown in page.findChildren(QLabel) if shown.isVisible()}
