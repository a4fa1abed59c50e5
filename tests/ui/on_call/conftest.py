"""The on-call screen over a store, for the tests in this folder."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.views.services import Services
from tests.helpers.store_fixtures import RecordingSession, SetClock
from tests.ui.on_call.on_call_screen import opened
from ui.base.page import ChangeBus, Context
from ui.base.runner import TaskRunner
from ui.on_call.on_call_page import OnCallPage


@pytest.fixture
def page(app: QApplication, context: Context, qtbot: QtBot) -> OnCallPage:
    """The screen over the demo caseload."""
    return opened(qtbot, context)


@pytest.fixture
def bare(app: QApplication, store: LaptopStore, clock: SetClock, qtbot: QtBot) -> Iterator[OnCallPage]:
    """The screen over a store with nothing in it."""
    runner, bus = TaskRunner(), ChangeBus()
    went: list[Any] = []
    context = Context(
        RecordingSession(Services(store, clock)),
        runner,
        bus,
        lambda *a, **b: went.append((a, b)),
        went.append,
        lambda words, undo=None: went.append(words),
    )
    yield opened(qtbot, context)
    runner.close()
