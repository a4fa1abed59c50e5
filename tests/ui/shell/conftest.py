"""A window over the demonstration's store, for the tests of what stands round the pages."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.store_fixtures import RecordingSession
from tests.ui.shell.windows import Opens, windows
from ui.shell.window import MainWindow


@pytest.fixture
def opens(app: QApplication, session: RecordingSession, qtbot: QtBot) -> Iterator[Opens]:
    """Opens windows over the same store, as after a lock."""
    with windows(lambda: MainWindow(session), qtbot) as opened:
        yield opened


@pytest.fixture
def window(opens: Opens) -> MainWindow:
    """One open window."""
    return opens()
