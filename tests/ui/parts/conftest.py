"""Qt without a screen, every Qt warning a failure, and the specimen page on it."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.parts.specimen import Page, show
from ui import theme


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "parts" in item.path.parts:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints"))


@pytest.fixture
def app(app: QApplication) -> QApplication:
    """The program with the day theme and the focus ring; put back afterwards, with no page left."""
    theme.apply(app, theme.Theme("day"))
    return app


@pytest.fixture
def page(app: QApplication, qtbot: QtBot) -> Page:
    shown_page = Page()
    qtbot.addWidget(shown_page)
    shown_page.resize(1024, 900)
    show(qtbot, shown_page)
    return shown_page
