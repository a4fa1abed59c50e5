"""A wrong clock is said over each form, where times are written, and on the pill of every page."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.clock_apart import WHAT_TO_DO
from hipss_desktop.views.services import Services
from tests.helpers.walk import clipped_labels
from tests.ui.shell.windows import rest
from ui import theme
from ui.shell.window import MainWindow

BEHIND = "By the council’s time, this laptop’s clock is 1 h behind."


def answered(window: MainWindow, services: Services, qtbot: QtBot, ahead: timedelta) -> None:
    """Let the council have answered just now, with a clock that is ahead of this laptop's."""
    with services.store.write() as unit:
        services.records.council_time.note(unit, ahead)
    window.bus.changed.emit(ChangeSet(sync=True))
    rest(qtbot, window)


def test_a_wrong_clock_is_said_over_forms_until_it_is_right(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    answered(window, services, qtbot, timedelta(hours=1))
    assert not window.clock_notice.isVisible()
    assert "Clock 1 h behind" in window.top.pill.text()
    window.go("log_contact")
    rest(qtbot, window)
    assert window.clock_notice.isVisible()
    assert window.clock_notice.accessibleName() == f"{BEHIND} {WHAT_TO_DO}"
    answered(window, services, qtbot, timedelta(seconds=1))
    assert not window.clock_notice.isVisible()
    assert "Clock" not in window.top.pill.text()


@pytest.mark.parametrize("look", ["day", "night"])
def test_the_warning_fits_the_smallest_window_with_the_largest_text(
    app: QApplication, window: MainWindow, services: Services, qtbot: QtBot, look: theme.Name
) -> None:
    theme.apply(app, theme.Theme(look, 1.5))
    window.resize(1024, 640)
    window.go("log_contact")
    answered(window, services, qtbot, -timedelta(days=3650))
    assert window.clock_notice.isVisible()
    assert clipped_labels(window.clock_notice) == []
    assert clipped_labels(window.top) == []
