"""While the screen is turned nothing but what is read back exists: no other window, page, icon or shortcut."""

import shiboken6
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QSystemTrayIcon,
    QWidget,
)

from tests.helpers.demo_laptop import settle
from tests.helpers.read_back_visit import KEPT, NIGHTS, NOT_READ, RESPITE, SEEN_ALONE
from tests.helpers.words_in_reach import OWN, in_reach, others_found, words_of_others
from tests.ui.supervision.conftest import AtTheTable
from ui.shell.window import MainWindow

OWN_SHORTCUTS = {"Ctrl+Return", "Ctrl+Enter", "Alt+F4", "Ctrl++", "Ctrl+=", "Ctrl+-", "Ctrl+0"}


def test_the_words_of_others_are_in_reach_before_so_that_they_would_be_found(table: AtTheTable) -> None:
    table.main.go("children")
    table.main.go("carers")
    settle(table.main)
    assert len(others_found(words_of_others(table.services, ""))) > 10


def test_turning_leaves_one_window_and_destroys_everything_else(table: AtTheTable) -> None:
    before = table.main
    parts = [before.rail, before.top, before.stack, before.bar, before.page, before.feedback.toast, before.tray]
    turned = table.turn()
    assert not shiboken6.isValid(before)
    assert [type(part).__name__ for part in parts if shiboken6.isValid(part)] == []
    assert QApplication.topLevelWidgets() == [turned]
    assert [widget for widget in QApplication.allWidgets() if widget.window() is not turned] == []
    assert [widget for widget in QApplication.allWidgets() if isinstance(widget, MainWindow)] == []
    assert turned.isVisible()
    assert turned.windowTitle() == "HIPSS Desktop"


def test_the_window_of_before_is_gone_at_once_and_not_when_there_is_time(table: AtTheTable) -> None:
    before, back = table.main, table.services.reading_back.read(table.visit)
    table.program._turn(back)  # what comes after it in the event loop is not waited for
    assert not shiboken6.isValid(before)
    assert [widget for widget in QApplication.allWidgets() if widget.window() is not table.turned] == []


def test_no_shortcut_and_no_tray_icon_of_before_is_left(table: AtTheTable) -> None:
    turned = table.turn()
    keys = {shortcut.key().toString() for shortcut in turned.findChildren(QShortcut)}
    assert keys <= OWN_SHORTCUTS
    app = QApplication.instance()
    assert app is not None
    assert app.findChildren(QSystemTrayIcon) == []
    assert app.findChildren(QShortcut) == []


def test_what_was_chosen_is_shown_and_nothing_else_of_the_visit_or_of_anybody(table: AtTheTable) -> None:
    table.turn()
    reachable_words = in_reach()
    for chosen_words in (SEEN_ALONE, NIGHTS, RESPITE, "Jo and Martin", "D. Marsh"):
        assert chosen_words in reachable_words
    for hidden_words in (NOT_READ, KEPT, "Zerubbabel", "Quillfeather"):
        assert hidden_words not in reachable_words
    others = words_of_others(table.services, " ".join((SEEN_ALONE, NIGHTS, RESPITE, OWN)))
    assert len(others) > 40
    assert others_found(others) == []


def test_a_control_that_a_finger_hits_is_at_least_44_pixels(table: AtTheTable) -> None:
    turned = table.turn()

    def too_small(of: QWidget) -> list[str]:
        controls = [
            control
            for control in of.findChildren(QWidget)
            if isinstance(control, QAbstractButton | QLineEdit | QPlainTextEdit) and control.isVisible()
        ]
        return [
            f"{control.accessibleName()} {control.size()}"
            for control in controls
            if min(control.width(), control.height()) < 44
        ]

    assert too_small(turned) == []
    turned.reading.leaving.emit()
    assert too_small(turned) == []
