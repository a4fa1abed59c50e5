"""The program as pages stand in it: the night theme, the focus ring, and a person's screen reader listening."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui import theme
from ui.theme import ring


class DressingBot(QtBot):
    """A page that a test has as a window of its own looks as it does in one of the program's."""

    def addWidget(self, widget: QWidget, **more: Any) -> None:
        if widget.isWindow() and not widget.styleSheet():
            theme.dress(widget)
        super().addWidget(widget, **more)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """What takes a test's widgets in and closes them."""
    return DressingBot(request)


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The program with the night theme at 100 % and the focus ring; put back afterwards."""
    QAccessible.setActive(True)
    theme.apply(qapp, theme.Theme("night"))
    ring.install(qapp)
    yield qapp
    bury(qapp)
    theme.apply(qapp, theme.Theme("day"))


def bury(app: QApplication) -> None:
    """Has every page of the test really gone, so that none is collected while Qt walks over all widgets."""
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
