"""Fixtures for pages as the program shows them: with the night theme, the focus ring and active accessibility."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui import theme
from ui.base import composed_keys
from ui.theme import ring


class DressingBot(QtBot):
    """A ``QtBot`` that gives a test's own window the same style as the program's windows."""

    def addWidget(self, widget: QWidget, **more: Any) -> None:
        if widget.isWindow() and not widget.styleSheet():
            theme.dress(widget)
        super().addWidget(widget, **more)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """The object that registers a test's widgets and closes them."""
    return DressingBot(request)


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The application with the night theme at 100 % and the focus ring; the day theme is restored afterwards."""
    QAccessible.setActive(True)
    theme.apply(qapp, theme.Theme("night"))
    ring.install(qapp)
    composed_keys.install(qapp)
    yield qapp
    bury(qapp)
    theme.apply(qapp, theme.Theme("day"))


def bury(app: QApplication) -> None:
    """Delete every page of the test completely, so that no page is collected while Qt iterates over all widgets."""
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
