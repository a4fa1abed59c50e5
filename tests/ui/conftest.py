"""The program as pages stand in it: the night theme, the focus ring, and a person's screen reader listening."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from ui import theme
from ui.theme import ring


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
