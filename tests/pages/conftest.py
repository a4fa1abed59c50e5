"""The program as pages stand in it: the night theme, the focus ring, and a person's screen reader listening."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from ui import ring, theme


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The program with the night theme at 100 % and the focus ring; put back afterwards."""
    QAccessible.setActive(True)
    theme.apply(qapp, theme.Theme("night"))
    ring.install(qapp)
    yield qapp
    theme.apply(qapp, theme.Theme("day"))
