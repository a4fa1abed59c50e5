"""A page is refreshed when it shows again after something changed; one that changes by itself also after time passed."""

from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.base.page import Page


class CountingPage(Page):
    """Counts how often it is refreshed."""

    refreshed = 0

    def refresh(self) -> None:
        """Count."""
        self.refreshed += 1


class Ticking(CountingPage):
    """Says what changes with the time."""

    changes_by_itself = True


@pytest.mark.parametrize(("page_type", "refreshes"), [(CountingPage, 1), (Ticking, 2)])
def test_a_page_that_changes_by_itself_is_refreshed_when_it_shows_again(
    app: QApplication, context: Any, qtbot: QtBot, page_type: type[CountingPage], refreshes: int
) -> None:
    page = page_type(context)
    qtbot.addWidget(page)
    page.show()
    page.hide()
    assert page.refreshed == 1
    page.show()
    assert page.refreshed == refreshes


@pytest.mark.parametrize(("page_type", "runs"), [(CountingPage, False), (Ticking, True)])
def test_minutes_run_only_while_a_page_that_changes_by_itself_shows(
    app: QApplication, context: Any, qtbot: QtBot, page_type: type[CountingPage], runs: bool
) -> None:
    page = page_type(context)
    qtbot.addWidget(page)
    [minute] = page.findChildren(QTimer)
    assert not minute.isActive()
    page.show()
    assert minute.isActive() is runs
    minute.timeout.emit()
    assert page.refreshed == 2
    page.hide()
    assert not minute.isActive()
