"""The morning of a visit: D. Marsh at the Preeces', 16 March 2017, 10:30, with what February's visit agreed."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.screens_of_the_visit import MARCH, agreed_in_february
from tests.helpers.store_fixtures import RecordingSession, SetClock, sign_in_as
from tests.ui.shell.windows import Opens, windows
from ui.shell.window import MainWindow


@pytest.fixture
def clock() -> SetClock:
    """10:30."""
    return SetClock(MARCH)


@pytest.fixture
def worker(services: Services, clock: SetClock) -> Services:
    """The laptop of D. Marsh."""
    sign_in_as(services.store, role="supervising", name="D. Marsh", person=services.actions.person_named("D. Marsh"))
    agreed_in_february(services, clock)
    return services


@pytest.fixture
def opens(app: QApplication, worker: Services, qtbot: QtBot) -> Iterator[Opens]:
    """Opens windows of D. Marsh."""
    with windows(lambda: MainWindow(RecordingSession(worker)), qtbot) as opened:
        yield opened
