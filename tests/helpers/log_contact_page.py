"""Open the page that logs a contact, with a real store as in the window, and press its keys."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers import walk
from ui import theme
from ui.base import composed_keys
from ui.contacts.log_contact import LogContactPage
from ui.theme import ring

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
RAIL, TOP = 185, 57
"""Pixels of the window's rail and top bar at 100 % text size."""


class Opened(QWidget):
    """A window with the page and its action bar; it counts the pressed keys."""

    def __init__(self, qtbot: QtBot, context: Any, **arguments: Any) -> None:
        super().__init__()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        QAccessible.setActive(True)
        theme.apply(app, theme.current())
        ring.install(app)
        composed_keys.install(app)
        self.qtbot, self.context, self.presses = qtbot, context, 0
        self.page = LogContactPage(context, **arguments)
        bar = self.page.footer()
        assert bar is not None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.page, 1)
        holder = QVBoxLayout()
        holder.setContentsMargins(20, 9, 20, 8)
        holder.addWidget(bar)
        box.addLayout(holder)
        qtbot.addWidget(self)
        self.resize(1366 - RAIL, 768 - TOP)
        with qtbot.waitActive(self):
            self.show()
            self.activateWindow()
        self.settle()
        target = self.page.first_focus()
        assert target is not None
        target.setFocus()

    def settle(self) -> None:
        """Wait until every request to the store is answered."""
        QTest.qWait(1)
        self.qtbot.waitUntil(lambda: bool(self.context.runner.idle))
        QTest.qWait(1)

    def focused(self) -> QWidget:
        widget = self.focusWidget()
        assert widget is not None
        return widget

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.presses += 1
        QTest.keyClick(self.focused(), key, modifiers)

    def type(self, words: str) -> None:
        for word in words:
            self.presses += 1
            QTest.keyClicks(self.focused(), word)

    def answer_all(self) -> None:
        """Answer the shortest complete contact: Jo rings about Kai and needs advice."""
        self.type("jo")
        self.press(Qt.Key.Key_Return)
        self.settle()
        self.press(Qt.Key.Key_2, ALT)
        self.press(Qt.Key.Key_S)
        self.press(Qt.Key.Key_Space)
        self.press(Qt.Key.Key_3, ALT)
        self.type("Awake and upset.")
        self.press(Qt.Key.Key_4, ALT)
        self.type("Sit with him.")
        self.press(Qt.Key.Key_5, ALT)
        self.press(Qt.Key.Key_Space)
        self.press(Qt.Key.Key_6, ALT)
        self.press(Qt.Key.Key_Space)

    def errors(self) -> list[str]:
        return [link.text() for link in self.page.form.summary.links()]

    def pictured_at(self, width: int, height: int, scale: float, name: theme.Name) -> None:
        """Resize the window to a screen's size and text size, with a theme."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, theme.Theme(name, scale))
        self.resize(width - round(RAIL * scale), height - round(TOP * scale))
        walk.settle()
        self.settle()


def reopened(page: Opened, services: Services) -> Opened:
    """Close a page, which saves its draft, and open that draft on a new page, as after a lock."""
    assert page.page.may_leave()
    page.settle()
    page.close()
    opened = Opened(page.qtbot, page.context, draft=services.store.drafts()[0])
    opened.settle()
    return opened
