"""A window over the demonstration's store, for the guide's tests."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.store_fixtures import RecordingSession, SetClock
from tests.ui.shell.windows import Opens, windows
from ui.shell.window import MainWindow


@pytest.fixture
def seconds() -> list[float]:
    """How long the laptop has lain idle, in seconds."""
    return [0.0]


@pytest.fixture
def opens(
    app: QApplication, session: RecordingSession, clock: SetClock, seconds: list[float], qtbot: QtBot
) -> Iterator[Opens]:
    """Opens windows over the same store, as after a lock."""
    make = lambda: MainWindow(session, idle_clock=lambda: seconds[0], wall=lambda: 0.0)  # noqa: E731  one line
    with windows(make, qtbot) as opened:
        yield opened


@pytest.fixture
def window(opens: Opens) -> MainWindow:
    """One open window."""
    return opens()
