"""What somebody answers on the page of a visit: the day of a time, the way to what is missing, what is read back, who does what."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import focused
from tests.ui.shell.windows import Opens
from tests.ui.visits.test_visit_page import opened, press, write

Key = Qt.Key


def test_a_start_that_is_four_minutes_away_is_today(opens: Opens, clock: SetClock, qtbot: QtBot) -> None:
    clock.now = datetime(2017, 3, 16, 10, 26, tzinfo=UTC)
    window = opens()
    page = opened(window, qtbot)
    for name in ("Start, date", "Start, time"):
        press(window, qtbot, Key.Key_Tab)
        assert focused().accessibleName() == name
    write("1030")
    press(window, qtbot, Key.Key_Tab)
    assert page.draft.fields["began"] == "2017-03-16T10:30:00+00:00"
