"""The night pack check in the real window: what is to be put right first, by keyboard alone, and never stopping anybody."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.kinds.night_check import NIGHT_CHECK
from hipss_desktop.services.night_check import note_exchange, note_unlock_offline
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import RecordingSession, SetClock
from tests.ui.shell.windows import press, rest, shown, windows
from ui.base import announce
from ui.base.page import Page
from ui.documents.preview_page import PreviewPage
from ui.on_call.night_check_page import NightCheckPage
from ui.parts import PrimaryButton
from ui.records.draft_page import DraftPage
from ui.shell.window import MainWindow

AFTERNOON = datetime(2017, 3, 13, 16, 30, tzinfo=UTC)
P = TypeVar("P", bound=Page)
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture
def clock() -> SetClock:
    """16:30 on Monday 13 March 2017."""
    return SetClock(AFTERNOON)


@pytest.fixture
def window(app: QApplication, session: RecordingSession, store: LaptopStore, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window two minutes after an exchange, and one after an unlock offline."""
    with store.write() as unit:
        note_exchange(unit, AFTERNOON - timedelta(minutes=2))
        unit.set(StoreSetting.CLOCK_AHEAD, "1.0")
        note_unlock_offline(unit, AFTERNOON - timedelta(minutes=1))
    with windows(lambda: MainWindow(session), qtbot) as make:
        yield make()


def check(window: MainWindow, qtbot: QtBot) -> NightCheckPage:
    """Open the check from the palette, as from any screen."""
    press(window, Key.Key_K, CTRL)
    rest(qtbot, window)
    QTest.keyClicks(walk.focused(), "go to night pack check")
    qtbot.wait(250)
    rest(qtbot, window)
    press(window, Key.Key_Return)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, NightCheckPage)
    return page


def shown_page(window: MainWindow, kind: type[P]) -> P:
    """The page that shows, of a class."""
    page = window.page
    assert isinstance(page, kind)
    return page


def titles(page: NightCheckPage) -> list[str]:
    return [row.line.title for row in page.rows]


def test_the_worst_is_first_with_the_focus_on_its_button(window: MainWindow, services: Services, qtbot: QtBot) -> None:
    heard: list[str] = []
    announce.signals.announced.connect(lambda widget, words, assertive: heard.append(words))
    page = check(window, qtbot)
    assert titles(page)[0] == "Amara O. has no safety plan"
    focused = walk.focused()
    assert focused is page.rows[0].button
    assert focused.accessibleName() == "Write a short plan, Amara O. has no safety plan"
    assert [isinstance(row.button, PrimaryButton) for row in page.rows].count(True) == 1
    line_count, ready = len(page.rows), page.view.ready if page.view else ()
    assert f"{line_count} to put right, {len(ready)} ready. Risk tonight. Amara O. has no safety plan." in heard
    press(window, Key.Key_Return)
    rest(qtbot, window)
    form = window.page
    assert isinstance(form, DraftPage)
    assert form.draft.record == child_named(services, "Amara")


def test_what_is_ready_is_read_by_page_down(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1024, 640)
    page = check(window, qtbot)
    bar = page.area.verticalScrollBar()
    bar.setValue(0)
    while bar.value() < bar.maximum():
        before = bar.value()
        press(window, Key.Key_PageDown)
        assert bar.value() > before
    assert not page.ready.visibleRegion().isEmpty()
    press(window, Key.Key_PageUp)
    assert bar.value() < bar.maximum()


def test_a_line_clears_by_itself_once_it_is_put_right(
    window: MainWindow, session: RecordingSession, qtbot: QtBot
) -> None:
    page = check(window, qtbot)
    assert "Battery 62%, not charging" in titles(page)
    session.measured = replace(session.measured, plugged_in=True)
    page.again.setFocus()
    press(window, Key.Key_Space)
    rest(qtbot, window)
    assert not any("Battery" in title for title in titles(page))
    assert page.view is not None
    assert "62%, plugged in" in [checked.line.figure for checked in page.view.ready]


def test_sync_is_asked_for_from_the_line_that_needs_it(
    window: MainWindow, session: RecordingSession, qtbot: QtBot
) -> None:
    page = check(window, qtbot)
    waiting = next(row for row in page.rows if row.line.item == "waiting")
    assert waiting.button is not None
    waiting.button.setFocus()
    press(window, Key.Key_Return)
    assert session.asked == ["sync"]


def test_finishing_asks_for_each_line_what_was_agreed_and_keeps_it(
    window: MainWindow, store: LaptopStore, qtbot: QtBot
) -> None:
    page = check(window, qtbot)
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    assert [row.agreed.isVisible() for row in page.rows] == [True] * len(page.rows)
    assert walk.focused() is page.rows[0].typed
    rows = [row.line for row in page.rows]
    for row in page.rows:
        assert walk.focused() is row.typed, "a press goes on to the next line without an answer"
        QTest.keyClicks(row.typed, f"S. Lloyd knows of {row.line.item}")
        press(window, Key.Key_Escape)  # what is typed is not thrown away
        assert window.page is page
        assert not store.records_of("night_check")
        press(window, Key.Key_Return, CTRL)
        rest(qtbot, window)
    assert shown(window) == "RecordPage"
    [record] = store.records_of("night_check")
    written = {line.item: line.agreed for line in NIGHT_CHECK.of(record).lines if line.state != "ready"}
    assert written == {line.item: f"S. Lloyd knows of {line.item}" for line in rows}


def test_a_check_without_an_answer_is_finished_by_a_second_press_for_it_never_stops_a_shift(
    window: MainWindow, store: LaptopStore, qtbot: QtBot
) -> None:
    page = check(window, qtbot)
    line_count = len(page.rows)
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    QTest.keyClicks(walk.focused(), "Pauline agreed three lines")
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    assert window.page is page
    assert page.stops_nothing.text() == f"{line_count - 1} without an answer. Press again to finish without."
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    assert shown(window) == "RecordPage"
    [record] = store.records_of("night_check")
    lines = [line for line in NIGHT_CHECK.of(record).lines if line.state != "ready"]
    assert [line.agreed for line in lines] == ["Pauline agreed three lines", *[""] * (line_count - 1)]


def test_a_key_that_finishes_is_not_pressed_again_by_being_held_down(window: MainWindow, qtbot: QtBot) -> None:
    page = check(window, qtbot)
    repeats = {shortcut.key().toString(): shortcut.autoRepeat() for shortcut in page.findChildren(QShortcut)}
    assert {keys: on for keys, on in repeats.items() if "Return" in keys or "Enter" in keys} == {
        "Ctrl+Return": False,
        "Ctrl+Enter": False,
    }


def test_how_long_somebody_in_the_office_can_still_help_is_said_until_it_closes(
    window: MainWindow, clock: SetClock, qtbot: QtBot
) -> None:
    page = check(window, qtbot)
    line_count = len(page.rows)
    assert (page.until.text(), page.count.spec.words) == (
        "Someone can still help for 1 h",
        f"{line_count} to put right by 17:30",
    )
    clock.pass_time(hours=1)
    page.refresh()
    rest(qtbot, window)
    line_count = len(page.rows)
    assert (page.until.text(), page.count.spec.words) == ("", f"{line_count} to put right")


def test_what_was_agreed_so_far_survives_a_lock_with_the_caret(
    window: MainWindow, session: RecordingSession, store: LaptopStore, qtbot: QtBot
) -> None:
    page = check(window, qtbot)
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    QTest.keyClicks(walk.focused(), "Pauline agreed three lines")
    press(window, Key.Key_Home)
    window.close()  # as a lock does
    assert [draft.kind for draft in store.drafts()] == ["night_check"]
    with windows(lambda: MainWindow(session), qtbot) as make:
        unlocked_window = make()
        rest(qtbot, unlocked_window)
        assert isinstance(unlocked_window.page, NightCheckPage)
        page = unlocked_window.page
        assert page.rows[0].typed.toPlainText() == "Pauline agreed three lines"
        assert walk.focused() is page.rows[0].typed
        assert page.rows[0].typed.textCursor().position() == 0
        assert all(row.agreed.isVisible() for row in page.rows)
        for row in page.rows[1:]:
            row.typed.setFocus()
            QTest.keyClicks(row.typed, "S. Lloyd knows")
        press(unlocked_window, Key.Key_Return, CTRL)
        rest(qtbot, unlocked_window)
        assert shown(unlocked_window) == "RecordPage"
    assert not store.drafts()
    assert len(store.records_of("night_check")) == 1


def test_a_check_that_was_begun_is_carried_on_from_drafts_on_its_own_page(
    window: MainWindow, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    check(window, qtbot)
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    QTest.keyClicks(walk.focused(), "Pauline agreed three lines")
    qtbot.waitUntil(lambda: bool(services.store.drafts()))
    [draft] = services.store.drafts()
    window.context.go("on_call")
    rest(qtbot, window)
    window.context.go("draft", draft=draft)
    rest(qtbot, window)
    assert isinstance(window.page, NightCheckPage)
    assert window.page.rows[0].typed.toPlainText() == "Pauline agreed three lines"
    clock.pass_time(days=1)
    window.context.go("on_call")
    rest(qtbot, window)
    window.context.go("draft", draft=draft)  # the night has gone; it measures nothing any more
    rest(qtbot, window)
    assert shown(window) == "RecordFormPage"


def test_the_pack_and_the_paper_sheet_are_opened_from_their_lines(
    window: MainWindow, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    page = check(window, qtbot)
    buttons = {row.line.title: row.button for row in page.rows if row.line.item in ("pack", "paper") and row.button}
    assert {title: button.text() for title, button in buttons.items()} == {
        "Amara O. has no missing-person pack": "Write the pack",
        "Tyler B.’s missing-person pack is not complete": "Open the pack",
        "The paper sheet is not printed": "Print paper sheet",
    }
    buttons["Amara O. has no missing-person pack"].setFocus()
    press(window, Key.Key_Return)
    rest(qtbot, window)
    form = shown_page(window, DraftPage)
    assert (form.draft.kind, form.draft.fields["child"]) == ("missing_pack", child_named(services, "Amara"))
    window.context.go("back")
    rest(qtbot, window)
    assert window.page is page
    buttons["The paper sheet is not printed"].setFocus()
    press(window, Key.Key_Return)
    rest(qtbot, window)
    sheet = shown_page(window, PreviewPage)
    qtbot.waitUntil(sheet.save_button.isEnabled)
    sheet.save_page()
    assert sheet.dialog is not None
    sheet.dialog.fileSelected.emit(str(tmp_path / "sheet.pdf"))
    rest(qtbot, window)
    press(window, Key.Key_Escape)
    if shown(window) == "PreviewPage":  # the first closed the dialog
        press(window, Key.Key_Escape)
    rest(qtbot, window)
    assert window.page is page
    assert not any(row.line.item == "paper" for row in page.rows)
    assert page.view is not None
    assert "16:30, shred by 09:00" in [checked.line.figure for checked in page.view.ready]


def test_where_all_is_ready_one_line_says_so(
    window: MainWindow, session: RecordingSession, services: Services, store: LaptopStore, qtbot: QtBot
) -> None:
    amara = child_named(services, "Amara")
    session.measured = replace(session.measured, plugged_in=True, encrypted=True)
    draft = services.records.amendment(amara)
    plan = {"helps": ["Sit by the door"], "plan_reviewed": "2017-03-13", "plan_reviewed_by": "K. Adeyemi"}
    services.records.finish(replace(draft, fields={**draft.fields, **plan}, why="Pauline agreed three lines"))
    answers = {
        "looks": "4 ft 8",
        "phone": "None",
        "health": "Eczema",
        "risk": "None",
        "places": ["Library"],
        "friends": [{"id": "a", "name": "Aunt"}],
        "online": "None",
        "travel": "Bus pass",
        "checked": "2017-03-13",
    }
    services.records.finish(services.records.new_draft("missing_pack", {"child": amara, **answers}))
    tyler = next(line.record for line in services.night_checks.check(session.measured) if "Tyler" in line.title)
    draft = services.records.amendment(tyler)
    services.records.finish(replace(draft, fields={**draft.fields, "online": "None"}, why="Carol rang"))
    services.night_checks.paper_sheet_made()
    last = store.chain(store.seat.seat, after=0, limit=100_000)[-1]
    with store.write() as unit:
        unit.keep_receipt(store.seat.seat, last.envelope.number, last.digest, "receipt", AFTERNOON.isoformat())
        unit.council_has(store.seat.seat, last.envelope.number, last.digest)
    page = check(window, qtbot)
    assert titles(page) == []
    assert page.view is not None
    assert page.view.words == "All 11 ready. Good night."
    lines = [label.text() for label in page.area.findChildren(QLabel) if label.isVisible() and label.text()]
    assert lines == ["All 11 ready. Good night."]
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    assert shown(window) == "RecordPage"


def test_what_is_typed_stays_where_a_line_clears_beside_it(
    window: MainWindow, session: RecordingSession, qtbot: QtBot
) -> None:
    page = check(window, qtbot)
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    QTest.keyClicks(walk.focused(), "Pauline agreed three lines")
    session.measured = replace(session.measured, plugged_in=True)
    page.refresh()
    rest(qtbot, window)
    assert not any("Battery" in title for title in titles(page))
    assert page.rows[0].typed.toPlainText() == "Pauline agreed three lines"
    assert walk.focused() is page.rows[0].typed
    assert all(row.agreed.isVisible() for row in page.rows)
