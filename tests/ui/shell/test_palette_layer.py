"""The command palette over a window: real keys, a real store, the focus given back."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.views.palette import Command, PaletteFindings
from tests.helpers.store_fixtures import RecordingSession
from tests.helpers.walk import announcements, clipped_labels, settle, small_targets, unnamed_focusables
from ui import theme
from ui.shell import screens
from ui.shell.palette import PaletteLayer, matches

Opened = Callable[..., PaletteLayer]


@pytest.fixture
def opened(app: QApplication, qtbot: QtBot, context: Any) -> Iterator[Opened]:
    """Opens the palette over a window in which a button had the focus."""
    windows: list[QWidget] = []

    def open_palette(width: int = 1366, height: int = 768) -> PaletteLayer:
        window = QWidget()
        windows.append(window)
        window.resize(width, height)
        before = QPushButton("Before", window)
        window.show()
        window.activateWindow()
        before.setFocus()
        settle()
        layer = PaletteLayer(context, window, screens.commands(context.services.store.seat.role))
        _wait(qtbot, context)
        return layer

    yield open_palette
    for window in windows:
        shiboken6.delete(window)


def _wait(qtbot: QtBot, context: Any) -> None:
    settle()
    qtbot.waitUntil(lambda: context.runner.idle)
    settle()


def _type(layer: PaletteLayer, words: str, qtbot: QtBot, context: Any) -> None:
    QTest.keyClicks(layer.edit, words)
    _wait(qtbot, context)


def _rows(layer: PaletteLayer) -> list[str]:
    return [str(layer.model.index(at).data()) for at in range(layer.model.rowCount())]


def test_it_opens_with_the_focus_and_what_can_be_done(opened: Opened) -> None:
    layer = opened()
    assert QApplication.focusWidget() is layer.edit
    assert _rows(layer)[:2] == ["Do", "Log a contact, Ctrl+N"]
    assert layer.chosen() is layer.model.result(1)
    assert layer.where.text() == "Searching this laptop only. You are offline."


def test_typing_finds_and_enter_does_the_first(opened: Opened, qtbot: QtBot, context: Any) -> None:
    layer = opened()
    _type(layer, "pree", qtbot, context)
    assert layer.count.text() == "8 results"
    rows = _rows(layer)
    assert rows[1:3] == ["Card for Jo Preece, Jo & Martin Preece", "Log a contact from Jo Preece, about Kai M."]
    assert "Kai M. · 14, HIPSS-017, placed with Jo & Martin Preece, Missing since 21:40" in rows
    QTest.keyClick(layer.edit, Qt.Key.Key_Return)
    place, arguments = context.went[-1]
    assert (place, arguments["caller"].name) == ("caller_card", "Jo Preece")
    assert not layer.isVisible()


@pytest.mark.parametrize(
    ("typed", "group", "place"),
    [("kai", "Children", "child"), ("preece", "Carers", "carer"), ("preece", "Records", "action")],
)
def test_each_kind_of_result_opens_its_page(
    opened: Opened, qtbot: QtBot, context: Any, typed: str, group: str, place: str
) -> None:
    layer = opened()
    _type(layer, typed, qtbot, context)
    for _ in range(8):
        chosen = layer.chosen()
        assert chosen is not None
        if chosen.group == group:
            break
        QTest.keyClick(layer.edit, Qt.Key.Key_Down)
    assert chosen is not None
    QTest.keyClick(layer.edit, Qt.Key.Key_Return)
    assert context.went == [(place, {"record": chosen.target})]


@pytest.mark.parametrize(("typed", "place"), [("lock", "lock"), ("child", "children"), ("larger", "larger")])
def test_a_command_is_handed_to_the_window(opened: Opened, qtbot: QtBot, context: Any, typed: str, place: str) -> None:
    layer = opened()
    _type(layer, typed, qtbot, context)
    QTest.keyClick(layer.edit, Qt.Key.Key_Return)
    assert context.went == [(place, {})]


def test_a_call_about_a_child_brings_the_child(opened: Opened, qtbot: QtBot, context: Any) -> None:
    layer = opened()
    _type(layer, "kai", qtbot, context)
    QTest.keyClick(layer.edit, Qt.Key.Key_Return)
    child = next(
        person.record for person in context.services.people.of_kind("child") if person.fields["given_name"] == "Kai"
    )
    assert context.went == [("log_contact", {"child": child})]


def test_a_new_alert_is_about_the_child_that_was_typed(opened: Opened, qtbot: QtBot, context: Any) -> None:
    layer = opened()
    _type(layer, "kai", qtbot, context)
    while (chosen := layer.chosen()) is not None and not chosen.title.startswith("New alert"):
        QTest.keyClick(layer.edit, Qt.Key.Key_Down)
    QTest.keyClick(layer.edit, Qt.Key.Key_Return)
    child = next(
        child.record for child in context.services.people.of_kind("child") if child.fields["given_name"] == "Kai"
    )
    assert context.went == [("new_record", {"kind": "alert", "fields": {"child": child}})]


def test_ctrl_c_copies_the_number_and_stays(opened: Opened, qtbot: QtBot, context: Any) -> None:
    layer = opened()
    _type(layer, "preece", qtbot, context)
    QTest.keyClick(layer.edit, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "01632 960174"
    assert layer.isVisible()
    assert context.said == ["01632 960174 copied"]


def test_ctrl_c_copies_words_that_are_selected_as_anywhere(opened: Opened, qtbot: QtBot, context: Any) -> None:
    layer = opened()
    _type(layer, "preece", qtbot, context)
    layer.edit.selectAll()
    QTest.keyClick(layer.edit, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "preece"


def test_copy_number_as_a_result_copies_and_closes(opened: Opened, qtbot: QtBot, context: Any) -> None:
    layer = opened()
    _type(layer, "sunita", qtbot, context)
    QTest.keyClick(layer.edit, Qt.Key.Key_Down)
    QTest.keyClick(layer.edit, Qt.Key.Key_Down)
    QTest.keyClick(layer.edit, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == "01632 960052"
    assert (layer.isVisible(), context.went) == (False, [])


def test_arrows_pass_over_the_group_names_and_come_round(opened: Opened, qtbot: QtBot, context: Any) -> None:
    layer = opened()
    _type(layer, "preece", qtbot, context)
    heard, keep = announcements()
    results = [at for at in range(layer.model.rowCount()) if layer.model.result(at)]
    seen = []
    for _ in results:
        seen.append(layer.list.currentIndex().row())
        QTest.keyClick(layer.edit, Qt.Key.Key_Down)
    assert seen == results
    assert layer.list.currentIndex().row() == results[0]
    QTest.keyClick(layer.edit, Qt.Key.Key_Up)
    assert layer.list.currentIndex().row() == results[-1]
    assert heard[:2] == [f"Log a contact from {name} Preece, about Kai M." for name in ("Jo", "Martin")]
    del keep


def test_esc_gives_the_focus_back_to_where_it_was(opened: Opened) -> None:
    layer = opened()
    QTest.keyClick(layer.edit, Qt.Key.Key_Escape)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Before"
    assert not layer.isVisible()


def test_a_click_beside_the_panel_closes_and_one_on_a_row_does_it(opened: Opened, qtbot: QtBot, context: Any) -> None:
    layer = opened()
    QTest.mouseClick(layer, Qt.MouseButton.LeftButton, pos=layer.rect().bottomLeft())
    assert not layer.isVisible()
    reopened_palette = opened()
    place = reopened_palette.list.visualRect(reopened_palette.model.index(3)).center()
    QTest.mouseClick(reopened_palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert context.went == [("children", {})]


def test_tab_stays_inside(opened: Opened) -> None:
    layer = opened()
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Tab):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
        assert QApplication.focusWidget() is layer.edit


def test_no_match_says_so_and_the_nearest_name_is_one_key_away(opened: Opened, qtbot: QtBot, context: Any) -> None:
    layer = opened()
    _type(layer, "griffin houze", qtbot, context)
    assert layer.empty.isVisible()
    assert layer.suggestion is not None
    assert layer.suggestion.text() == "Did you mean Griffin?"
    QTest.keyClick(layer.edit, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is layer.suggestion
    QTest.keyClick(layer.suggestion, Qt.Key.Key_Return)
    _wait(qtbot, context)
    assert QApplication.focusWidget() is layer.edit
    assert layer.edit.text() == "Griffin"
    assert "Log a contact from Pauline Griffin, about Amara O." in _rows(layer)


def test_the_number_of_results_is_announced_once_typing_rests(opened: Opened, qtbot: QtBot, context: Any) -> None:
    layer = opened()
    heard, keep = announcements()
    _type(layer, "pree", qtbot, context)
    assert heard == []
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["8 results"]
    _type(layer, "qqqq", qtbot, context)
    qtbot.waitUntil(lambda: len(heard) > 1)
    assert heard[1].startswith("No match for preeqqqq.")
    del keep


def test_only_the_answer_to_what_was_typed_last_is_shown(
    opened: Opened, qtbot: QtBot, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = opened()
    find, gate, searches = context.services.palette.find, threading.Event(), []

    def slow(typed: str, commands: tuple[Command, ...]) -> PaletteFindings:
        searches.append(typed)
        if typed == "p":
            gate.wait(5)
        findings: PaletteFindings = find(typed, commands)
        return findings

    monkeypatch.setattr(context.services.palette, "find", slow)
    QTest.keyClicks(layer.edit, "pree")
    settle()
    gate.set()
    _wait(qtbot, context)
    assert searches == ["p", "pree"]
    assert layer.model.typed == "pree"


def test_enter_means_what_is_typed_now_though_its_answer_is_still_on_the_way(
    opened: Opened, qtbot: QtBot, context: Any
) -> None:
    layer = opened()
    QTest.keyClicks(layer.edit, "sunita")
    QTest.keyClick(layer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(context.went))
    assert context.went[0][1]["caller"].name == "Sunita Rao"


def test_what_was_typed_is_marked_where_it_begins_a_word() -> None:
    assert matches("pree", "Jo Preece") == [("Jo ", False), ("Pree", True), ("ce", False)]
    assert matches("jo pre", "Jo Preece") == [("Jo", True), (" ", False), ("Pre", True), ("ece", False)]
    assert matches("re", "Jo Preece") == [("Jo Preece", False)]
    assert matches("", "Jo") == [("Jo", False)]
    assert "".join(words for words, _ in matches("ss", "Straße İzmir")) == "Straße İzmir"


@pytest.mark.parametrize(("width", "height", "scale"), [(1366, 768, 1.0), (1024, 640, 1.0), (1024, 640, 1.5)])
@pytest.mark.parametrize("look", ["day", "night"])
@pytest.mark.parametrize("typed", ["preece", "griffin houze"])
def test_nothing_is_cut_or_unnamed_or_too_small(
    app: QApplication, opened: Opened, qtbot: QtBot, context: Any, width: int, height: int, scale: float,
    look: theme.Name, typed: str,
) -> None:  # fmt: skip
    theme.apply(app, theme.Theme(look, scale))
    layer = opened(width, height)
    _type(layer, typed, qtbot, context)
    assert clipped_labels(layer) == []
    assert unnamed_focusables(layer) == []
    assert small_targets(layer) == []
    assert layer.rect().contains(layer._panel.geometry())


def test_online_it_still_says_that_only_this_laptop_is_searched(
    app: QApplication, opened: Opened, session: RecordingSession
) -> None:
    from hipss_desktop.services.sync_status import Status

    session.now = Status("online")
    assert opened().where.text() == "Searching this laptop only."


def test_it_follows_the_window_when_that_is_resized(opened: Opened) -> None:
    layer = opened()
    layer.window().resize(1024, 640)
    settle()
    assert layer.size() == layer.window().size()


def test_an_accent_or_an_apostrophe_typed_otherwise_is_marked_all_the_same() -> None:
    assert matches("zoe", "Zo\u00eb B.") == [("Zo\u00eb", True), (" B.", False)]
    assert matches("zoe", "Zoe\u0308 B.") == [("Zoe\u0308", True), (" B.", False)]
    assert matches("o'ha", "Pat O\u2019Hara") == [("Pat ", False), ("O\u2019Ha", True), ("ra", False)]


def test_a_number_as_a_telephone_shows_it_offers_the_card_first(opened: Opened, qtbot: QtBot, context: Any) -> None:
    layer = opened()
    _type(layer, "+44 1632 960174", qtbot, context)
    assert _rows(layer)[:2] == ["Do", "Card for Jo Preece, Jo & Martin Preece"]


def test_a_command_shows_and_says_the_keys_that_do_the_same(opened: Opened, qtbot: QtBot, context: Any) -> None:
    layer = opened()
    _wait(qtbot, context)
    by_title = {result.title: result for at in range(layer.model.rowCount()) if (result := layer.model.result(at))}
    assert by_title["Log a contact"].keys == "Ctrl+N"
    assert "Go to Incidents, Ctrl+6" in _rows(layer)
