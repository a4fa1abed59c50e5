"""The pack read out to the police: two keys from On call, line by line, and what a screen reader finds of it."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAccessible, QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.missing_episode import step_done
from hipss_desktop.views.services import Services
from tests.helpers.guide_for_kai import ORDER
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import RecordingSession
from tests.helpers.walk import accessible_tree
from tests.ui.missing.guide_screen import (
    CTRL,
    Key,
    begun,
    episode,
    guide,
    keys,
    name_of_focus,
    open_guide,
    reading,
    to_card,
)
from tests.ui.shell.windows import rest, shown
from ui.base.idle import IN_A_CALL, QUIET
from ui.shell.window import MainWindow


class KeyPresses(QObject):
    """The keys that are pressed and let go, but for modifiers alone; a shortcut takes the press, never the release."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.pressed: list[int] = []
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent) and isinstance(watched, QWindow):
            self.pressed += [event.key()] if event.key() != Key.Key_Control else []
        return False


def test_the_pack_is_two_key_presses_from_the_childs_card_on_call(
    app: QApplication, window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    begun(services, "Kai")
    to_card(window, qtbot, "Kai M.")
    counted = KeyPresses(app)
    for key in (Key.Key_G, Key.Key_R):
        QTest.keyClick(window.windowHandle(), key, CTRL)
        rest(qtbot, window)
    app.removeEventFilter(counted)
    assert counted.pressed == [Key.Key_G, Key.Key_R]
    page = reading(window, qtbot)
    assert name_of_focus().startswith("Name: Kai Merrick, known as Kaiser")
    assert page.lines[0].is_current


def test_a_screen_reader_finds_the_lines_as_a_list_in_the_order_police_ask(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    window.go("read_it_out", record=begun(services, "Kai"))
    page = reading(window, qtbot)
    listed = [
        node
        for node in accessible_tree(QAccessible.queryAccessibleInterface(page))
        if node.role() == QAccessible.Role.List
    ]
    (lines,) = [node for node in listed if "order police ask" in node.text(QAccessible.Text.Name)]
    items = [lines.child(number) for number in range(lines.childCount())]
    names = [
        item.text(QAccessible.Text.Name)
        for item in items
        if item is not None and item.role() == QAccessible.Role.ListItem
    ]
    assert [name.partition(":")[0] for name in names] == ORDER
    assert "Spelled K A I   M E R R I C K." in names[0]


def test_down_reads_on_and_ticks_and_up_goes_back(window: MainWindow, services: Services, qtbot: QtBot) -> None:
    window.go("read_it_out", record=begun(services, "Kai"))
    page = reading(window, qtbot)
    keys(window, qtbot, Key.Key_Down, Key.Key_Down, Key.Key_Down)
    assert [line.tick.is_read for line in page.lines[:5]] == [True, True, True, False, False]
    assert name_of_focus().startswith("Looks like")
    assert page.lines[0].accessibleName().endswith("Read.")
    keys(window, qtbot, Key.Key_Up)
    assert [line.tick.is_read for line in page.lines[:4]] == [True, True, False, False]
    assert name_of_focus().startswith("Lives at")


def test_numbers_are_read_in_groups_of_three(window: MainWindow, services: Services, qtbot: QtBot) -> None:
    pack = {"child": child_named(services, "Kai"), "phone": "07700 900633, text first"}
    services.records.finish(services.records.new_draft("missing_pack", pack))
    window.go("read_it_out", record=begun(services, "Kai"))
    page = reading(window, qtbot)
    phone = next(line for line in page.lines if line.line.label == "Phone")
    assert phone.words.text() == "07700 900 633, text first."


def test_all_read_writes_down_who_took_it_and_what_else_they_asked_and_goes_back_to_the_guide(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    record = begun(services, "Kai")
    to_card(window, qtbot, "Kai M.")
    keys(window, qtbot, (Key.Key_G, CTRL), (Key.Key_R, CTRL), Key.Key_Down, Key.Key_Tab, "His school")
    keys(window, qtbot, Key.Key_Tab, "Control room, 4417", (Key.Key_Return, CTRL))
    row = step_done(episode(services, record), "pack")
    assert row is not None
    assert (row.words, row.spoke_to, row.by, row.at) == (
        "His school",
        "Control room, 4417",
        "A. Bevan",
        services.clock(),
    )
    assert guide(window, qtbot).record == record


@pytest.mark.parametrize("in_the_guide", ["", "PC Ahmed"])
def test_after_all_read_the_step_of_the_pack_is_closed_in_the_guide_that_was_on_it(
    window: MainWindow, services: Services, qtbot: QtBot, in_the_guide: str
) -> None:
    record = begun(services, "Kai")
    page = open_guide(window, qtbot, record)
    page.open_step("pack")
    assert page.questions.question is not None
    page.questions.question.row.go()
    keys(window, qtbot, in_the_guide, (Key.Key_R, CTRL), Key.Key_Down, Key.Key_Tab, "His school", Key.Key_Tab)
    assert reading(window, qtbot).question is not None
    keys(window, qtbot, "Control room", (Key.Key_Return, CTRL))
    page = guide(window, qtbot)
    assert page.questions.step == "danger", "the step to do next"
    assert len([row for row in episode(services, record).steps if row.step == "pack"]) == 1
    assert list(services.store.drafts()) == []


def test_esc_leads_back_to_the_guide_and_what_was_typed_is_there_again(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    record = begun(services, "Kai")
    open_guide(window, qtbot, record).open_step("pack")
    keys(window, qtbot, (Key.Key_R, CTRL), Key.Key_Tab, "His school", Key.Key_Escape)
    assert guide(window, qtbot).questions.step == "pack"
    assert step_done(episode(services, record), "pack") is None
    keys(window, qtbot, (Key.Key_R, CTRL))
    page = reading(window, qtbot)
    assert page.question is not None
    assert page.question.row.value()["words"] == "His school"


def test_while_it_is_read_out_the_laptop_waits_fifteen_minutes_as_in_a_call(
    window: MainWindow, services: Services, session: RecordingSession, seconds: list[float], qtbot: QtBot
) -> None:
    window.go("read_it_out", record=begun(services, "Kai"))
    reading(window, qtbot)
    seconds[0] += QUIET + 60
    window.idle.tick()
    assert "lock" not in session.asked
    seconds[0] += IN_A_CALL
    window.idle.tick()
    assert session.asked[-1] == "lock"


def test_ctrl_p_shows_the_page_for_the_police_from_the_guide_and_from_the_lines(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    window.go("missing_guide", record=begun(services, "Kai"))
    guide(window, qtbot)
    keys(window, qtbot, (Key.Key_P, CTRL))
    assert shown(window) == "PreviewPage"
    keys(window, qtbot, Key.Key_Escape, (Key.Key_R, CTRL), (Key.Key_P, CTRL))
    assert shown(window) == "PreviewPage"
    keys(window, qtbot, Key.Key_Escape)
    reading(window, qtbot)
    assert QApplication.focusWidget() is not None
