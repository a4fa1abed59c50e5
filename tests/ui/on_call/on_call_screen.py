"""The on-call screen as its tests open it, wait for it and press its keys."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers import walk
from ui.base.page import Context
from ui.on_call.on_call_page import OnCallPage

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def rest(qtbot: QtBot, page: OnCallPage) -> None:
    """Wait until nothing is under way and everything that came back was shown."""
    for _ in range(3):
        walk.settle()
        qtbot.waitUntil(lambda: page.context.runner.idle)
    walk.settle()


def opened(qtbot: QtBot, context: Context, wide: int = 1182, high: int = 712) -> OnCallPage:
    """The screen at a size, read, with the focus where it begins."""
    page = OnCallPage(context)
    page.resize(wide, high)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    rest(qtbot, page)
    focus = page.first_focus()
    if focus is not None:
        focus.setFocus()
    return page


def press(page: OnCallPage, key: Qt.Key, modifiers: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
    """Press a key wherever the focus is."""
    QTest.keyClick(page.focusWidget() or page, key, modifiers)


def words(widget: QWidget) -> str:
    """All words on the screen."""
    return " | ".join(
        part.text() for part in widget.findChildren(QWidget) if hasattr(part, "text") and callable(part.text)
    )


def finished(services: Services, told_at: datetime, **answers: Any) -> str:
    """A contact about Kai that was told and finished at a moment; its record."""
    kai = next(child.record for child in services.people.of_kind("child") if child.fields["given_name"] == "Kai")
    fields = {
        "type": "call",
        "caller_name": "Jo Preece",
        "children": [kai],
        "concerns": ["injury_health"],
        "happening": "Cut on the left palm.",
        "advice": "Toast, low voice, no questions.",
        "risk": "medium",
        "needs_to_know": ["nobody"],
        "told": told_at.isoformat(),
        **answers,
    }
    return services.records.finish(replace(services.records.new_draft("contact"), fields=fields)).envelope.record
