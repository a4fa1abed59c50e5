"""The morning after the night of 13 to 14 March 2017, on two laptops: the person on call, and K. Adeyemi of the day."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import exchange
from tests.helpers.store_fixtures import RecordingSession, SetClock, sign_in_as
from tests.ui.shell.windows import Opens, windows
from ui.shell.window import MainWindow

PUBLISHED = datetime(2017, 3, 14, 8, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> SetClock:
    """08:12."""
    return SetClock(PUBLISHED)


@pytest.fixture
def mine(mine: Services) -> Services:
    """The laptop of A. Bevan, whom the rota names as on call in that night."""
    sign_in_as(mine.store, person=mine.actions.person_named("A. Bevan"))
    return mine


@pytest.fixture
def night(app: QApplication, mine: Services, qtbot: QtBot) -> Iterator[Opens]:
    """Opens windows of the one who was on call."""
    with windows(lambda: MainWindow(RecordingSession(mine)), qtbot) as opened:
        yield opened


@pytest.fixture
def day(app: QApplication, theirs: Services, qtbot: QtBot) -> Iterator[Opens]:
    """Opens windows of somebody of the day."""
    with windows(lambda: MainWindow(RecordingSession(theirs)), qtbot) as opened:
        yield opened


@pytest.fixture
def handed_over(mine: Services, theirs: Services) -> str:
    """The record of the handover that was published at 08:12, on both laptops."""
    record = mine.handovers.publish(mine.handovers.draft(mine.handovers.night())).envelope.record
    exchange(mine, theirs)
    return record
